"""Bad input through the command line, and the limits of what a terminal is shown. All texts are invented."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console

from communique import document, notation, summary
from communique.document import Loaded, load
from communique.reading import read
from communique.records import Entity, Reading

ITEM = "NEUSTADT - Die Regierung von Malta kritisierte am Dienstag Tunesien scharf. Der Hafen bleibe zu, hieß es.\n"


def written(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return str(path)


def shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a line of bash in which `communique` is the command."""
    line = f'communique() {{ "{sys.executable}" -m communique.cli "$@"; }}; {command}'
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, cwd=folder, check=False)


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The one sentence on standard error."""
    (line,) = done.stderr.strip().splitlines()
    return line


# Encodings


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_read_and_reported(tmp_path: Path, encoding: str) -> None:
    (loaded,) = load(written(tmp_path, "a.txt", ITEM.encode(encoding)))
    assert loaded.document is not None
    assert loaded.document.text == ITEM
    assert [p.code for p in loaded.problems] == ["encoding"]
    assert encoding.upper() in loaded.problems[0].message


@pytest.mark.parametrize("data", [ITEM.encode("utf-32"), b"\x00\x00\xfe\xff" + ITEM.encode("utf-32-be")])
def test_utf32_with_its_mark_is_read(tmp_path: Path, data: bytes) -> None:
    (loaded,) = load(written(tmp_path, "a.txt", data))
    assert loaded.document is not None
    assert (loaded.document.text, loaded.problems) == (ITEM, ())


def test_json_lines_in_utf16_without_a_mark(tmp_path: Path) -> None:
    rows = "".join(json.dumps({"text": ITEM}) + "\n" for _ in range(2))
    loaded = list(load(written(tmp_path, "a.jsonl", rows.encode("utf-16-le"))))
    assert [entry.failed for entry in loaded] == [False, False]


def test_half_utf8_half_windows_keeps_the_sound_half(tmp_path: Path) -> None:
    (loaded,) = load(written(tmp_path, "a.txt", "Grüße aus Wien.\n".encode() + "Küsse aus Graz.\n".encode("cp1252")))
    assert loaded.document is not None
    assert loaded.document.text == "Grüße aus Wien.\nK\ufffdsse aus Graz.\n"
    assert [p.code for p in loaded.problems] == ["encoding"]


@pytest.mark.parametrize("data", [b"\x00" * 40, b"ab\x00\x00" * 20, b"\x89PNG\r\n\x1a\n" + b"\x00a" * 40])
def test_nuls_alone_make_no_utf16(tmp_path: Path, data: bytes) -> None:
    (loaded,) = load(written(tmp_path, "a.txt", data))
    assert loaded.failed


# JSON


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("null", "is null"),
        ("[1]", "is a list"),
        ("{}", "it is missing"),
        ('{"text": 5}', "it is a number"),
        ('{"text": NaN}', "it is a number"),
        ('{"text": "abc', "column 10"),
        ('{"text": ' + "[" * 50_000, "nested too deeply"),
        ('{"id": ' + "9" * 5000 + ', "text": "Malta schweigt."}', "too long numbers"),
    ],
)
def test_a_bad_line_is_named_and_the_next_one_read(tmp_path: Path, line: str, word: str) -> None:
    path = written(tmp_path, "a.jsonl", f"{line}\n" + json.dumps({"text": ITEM}) + "\n")
    bad, good = load(path)
    assert (bad.failed, good.failed) == (True, False)
    assert word in bad.problems[-1].message
    assert "ine 1 of" in bad.problems[-1].message


def test_items_with_one_id_are_all_read(tmp_path: Path) -> None:
    loaded = list(load(written(tmp_path, "a.jsonl", (json.dumps({"id": "a", "text": ITEM}) + "\n") * 2)))
    assert [entry.document.id for entry in loaded if entry.document] == ["a", "a"]


def test_surrogates_in_every_field_can_be_printed(tmp_path: Path) -> None:
    row = dict.fromkeys(("text", "title", "id", "name", "url", "publisher", "author"), "\ud800 Malta lobt.")
    path = written(tmp_path, "a.jsonl", json.dumps(row | {"published": "\udfff", "language": "\udfff"}))
    (loaded,) = load(path)
    assert loaded.document is not None
    reading = read(loaded.document.text)
    json.dumps([notation.as_json(reading), [p.message for p in loaded.problems]], ensure_ascii=False).encode("utf-8")


def test_json_ld_with_wrong_types_leaves_the_article(tmp_path: Path) -> None:
    linked = {"@type": ["NewsArticle", 3], "datePublished": [5], "author": [1, {"name": 3}], "headline": {}, "image": 0}
    html = f"<html><head><script type='application/ld+json'>{json.dumps(linked)}</script></head><body><article>"
    (loaded,) = load(written(tmp_path, "a.html", html + f"<h1>Hafen zu</h1><p>{ITEM * 4}</p></article></body></html>"))
    assert loaded.document is not None
    assert "Malta" in loaded.document.text
    assert loaded.document.published is None


# Files that are none, and streams that are closed


def first(path: str) -> Loaded:
    return next(iter(load(path)))


def test_devices_and_folders(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    (tmp_path / "dangling.txt").symlink_to("nowhere")
    assert "holds no file" in first(str(tmp_path / "a.txt")).problems[0].message
    assert "There is no file" in first(str(tmp_path / "dangling.txt")).problems[0].message
    assert first(os.devnull).failed
    assert first("").failed


def test_a_sparse_file_is_refused_before_it_fills_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "LONGEST_FILE", 1_000_000)
    path = tmp_path / "a.txt"
    with path.open("wb") as stream:
        stream.truncate(1 << 30)
    assert first(str(path)).problems[0].code == "too_long"


def test_closed_standard_input_is_one_sentence(tmp_path: Path) -> None:
    done = shell("communique read - <&-", tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert sentence(done) == "Standard input is closed; give a file, or open it."


def test_closed_output_is_one_sentence(tmp_path: Path) -> None:
    written(tmp_path, "a.txt", ITEM)
    done = shell("communique read a.txt >&-", tmp_path)
    assert done.returncode == 2
    assert "standard output is closed" in sentence(done)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["read a.txt", "read a.txt --json", "lookup Malta"])
def test_a_full_disk_is_one_sentence(tmp_path: Path, command: str) -> None:
    written(tmp_path, "a.txt", ITEM)
    done = shell(f"communique {command} >/dev/full", tmp_path)
    assert done.returncode == 2
    assert "cannot be written" in sentence(done)


@pytest.mark.parametrize("options", ["", "--json"])
def test_a_pipe_closed_early_is_no_failure(tmp_path: Path, options: str) -> None:
    written(tmp_path, "a.txt", ITEM)
    done = shell(f"communique read a.txt a.txt a.txt {options} | true; exit ${{PIPESTATUS[0]}}", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


# Wrong use


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ("read a.txt --layers", "--json"),
        ("read a.txt --json --html p.html", "--html"),
        ("read a.txt --html no/such/folder/p.html", "no/such/folder/p.html"),
        ("read a.txt --html .", "directory"),
        ("read a.txt --knowledge broken.yaml", "broken.yaml"),
        ("read a.txt --published ''", "2024-07-04"),
        ("lookup Malta --on 2024-02-30", "2024-02-30"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_two(tmp_path: Path, arguments: str, word: str) -> None:
    written(tmp_path, "a.txt", ITEM)
    written(tmp_path, "broken.yaml", "people: [\n  {a: b\n")
    done = shell(f"communique {arguments}", tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert word in sentence(done)


# What a terminal is shown


def entity(n: int) -> Entity:
    return Entity(f"e{n}", "person", f"Name {n}", None, None, None, None, ((0, 3),) * n, 0.9, "invented")


def names(count: int, least: float) -> list[str]:
    found = read("Malta kritisierte Tunesien scharf.", language="de")
    reading = Reading(document=found.document, entities=tuple(map(entity, range(1, count + 1))))
    return [line.plain for line in summary.summary(reading, least)][1:]


def test_long_lists_of_names_are_cut_to_the_important_ones() -> None:
    lines = names(summary.MOST_NAMES + 3, 0.5)
    assert len(lines) == summary.MOST_NAMES + 1
    assert lines[0].split()[:3] == ["WHO", "Name", "4"]
    assert lines[-1] == " " * summary.INDENT + "… and 3 more (all with --min-confidence 0)"
    assert len(names(summary.MOST_NAMES + 3, 0.0)) == summary.MOST_NAMES + 3
    assert len(names(summary.MOST_NAMES + 1, 0.5)) == summary.MOST_NAMES + 1


@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_fit_the_terminal_and_hang_below_their_label(width: int) -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=width)
    reading = read(
        "Die Regierung von Malta kritisierte am Dienstag Tunesien scharf, " + "weil " * 60 + "ja.", language="de"
    )
    for line in summary.summary(reading, 0.0):
        parts = list(summary.fitted(line, console))
        assert all(part.cell_len <= width for part in parts)
        assert all(part.plain.startswith(" " * summary.INDENT) for part in parts[1:] if line.plain.startswith("  "))


def test_lines_are_whole_where_there_is_no_terminal() -> None:
    console = Console(file=io.StringIO(), width=40)
    lines = list(summary.summary(read("Malta kritisierte Tunesien scharf und lange.", language="de"), 0.0))
    assert [list(summary.fitted(line, console)) for line in lines] == [[line] for line in lines]
    assert max(line.cell_len for line in lines) > 40
