"""The command line as a person uses it: exit codes, order, sentences on standard error, no terminal escapes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ITEM = "NEUSTADT - Die Regierung von Malta kritisierte am Dienstag Tunesien scharf. Der Hafen bleibe zu, hieß es.\n"


def run(*arguments: str, given: bytes | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "communique.cli", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, cwd=cwd, check=False)
    return subprocess.CompletedProcess(
        command, done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(ITEM, "utf-8")
    lines = [{"id": "one", "text": ITEM, "published": "2031-05-07"}, {"id": "two", "text": 5}]
    rows = [json.dumps(lines[0]), "{broken", json.dumps(lines[1]), json.dumps({"id": "three", "text": ITEM})]
    (tmp_path / "b.jsonl").write_text("\n".join(rows), "utf-8")
    return tmp_path


def test_json_keeps_the_order_and_reads_on_behind_failures(folder: Path) -> None:
    done = run("read", "missing.txt", "a.txt", "b.jsonl", "--json", cwd=folder)
    readings = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 1
    assert [bool(r["entities"]) for r in readings] == [False, True, True, False, False, True]
    assert readings[3]["document"]["origin"]["line"] == 2
    assert [p["code"] for p in readings[0]["problems"]] == ["unreadable"]
    assert "missing.txt" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_clean_run_exits_with_zero(folder: Path) -> None:
    done = run("read", "a.txt", "--json", "--layers", "--published", "2031-05-07", cwd=folder)
    assert done.returncode == 0
    reading = json.loads(done.stdout)
    assert reading["layers"]["times"][0]["value"] == "2031-05-06"
    assert reading["document"]["published"] == "2031-05-07"
    assert reading["reader"]["name"] == "communique"


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("read", "a.txt", "--published", "the day before"), "2024-07-04"),
        (("read", "a.txt", "--language", "klingon"), "klingon"),
        (("read", "a.txt", "--knowledge", "none.yaml"), "none.yaml"),
        (("lookup", "China", "--on", "never"), "never"),
    ],
)
def test_wrong_arguments_are_one_sentence_and_exit_two(folder: Path, arguments: tuple[str, ...], word: str) -> None:
    done = run(*arguments, cwd=folder)
    assert done.returncode == 2
    assert word in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_unknown_options_exit_two(folder: Path) -> None:
    assert run("read", "--nonsense", cwd=folder).returncode == 2
    assert run("read", cwd=folder).returncode == 2


def test_terminal_escapes_of_a_text_are_neutralised(folder: Path) -> None:
    text = ITEM.replace("Malta", "Malta\x1b[31m\u202e")
    (folder / "e.txt").write_text(text, "utf-8")
    done = run("read", "e.txt", cwd=folder)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout


def test_standard_input(folder: Path) -> None:
    done = run("read", "-", "--json", given=ITEM.encode(), cwd=folder)
    assert done.returncode == 0
    assert json.loads(done.stdout)["entities"]


def test_min_confidence_leaves_records_out(folder: Path) -> None:
    everything = json.loads(run("read", "a.txt", "--json", "--min-confidence", "0", cwd=folder).stdout)
    nothing = json.loads(run("read", "a.txt", "--json", "--min-confidence", "1", cwd=folder).stdout)
    assert everything["events"]
    assert not nothing["events"]


def test_lookup_answers_for_a_day() -> None:
    done = run("lookup", "Tokajew", "--on", "2024-07-03")
    assert done.returncode == 0
    assert "KAZ" in done.stdout
    assert "President" in done.stdout
    assert run("lookup", "Qwertzuiop").returncode == 1
