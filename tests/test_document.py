"""How files become documents, and what becomes of bad input. All texts are invented; so are their office-holders."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique import document as module
from communique.document import Loaded, Overrides, compose, decode, load
from communique.errors import CommuniqueError
from communique.press import language_code, published
from communique.records import Document, text_hash

BODY = "Der Präsident von Nordland traf am Mittwoch seinen Amtskollegen aus Südland. Beide Seiten lobten die Gespräche."


def written(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return str(path)


def one(path: str, overrides: Overrides | None = None) -> Document:
    (loaded,) = load(path, overrides)
    assert not loaded.failed
    assert loaded.document is not None
    return loaded.document


def codes(loaded: Loaded) -> list[str]:
    return [problem.code for problem in loaded.problems]


def item(folder: Path, **fields: object) -> Loaded:
    (loaded,) = load(written(folder, "items.jsonl", json.dumps(fields)))
    return loaded


# Plain text


def test_plain_text_is_stored_as_read(tmp_path: Path) -> None:
    text = "Erste Zeile.\r\nZweite\u00a0Zeile mit a\u0308.\n\n\u200fEnde. "
    path = written(tmp_path, "a.txt", text)
    document = one(path)
    assert document.text == text
    assert document.text_id == text_hash(text)
    assert document.origin == {"path": path, "line": None}
    assert (document.title, document.title_span, document.published, document.language) == (None, None, None, None)


@pytest.mark.parametrize(
    ("data", "expected", "problems"),
    [
        ("Grüße aus Wien".encode(), "Grüße aus Wien", []),
        (b"\xef\xbb\xbf" + "Grüße aus Wien".encode(), "Grüße aus Wien", []),
        ("Grüße aus Wien".encode("utf-16"), "Grüße aus Wien", []),
        (b"\xfe\xff" + "Grüße aus Wien".encode("utf-16-be"), "Grüße aus Wien", []),
        ("Grüße aus Wien".encode("cp1252"), "Grüße aus Wien", ["encoding"]),
        ("„Grüße“ – 5 €".encode("cp1252"), "„Grüße“ – 5 €", ["encoding"]),
        ("Grüße und Küsse".encode() + b"\xff", "Grüße und Küsse\ufffd", ["encoding"]),
        (b"Nord\x00land ist sch\xc3\xb6n", "Nord\ufffdland ist schön", ["characters"]),
        (b"Nord\xed\xa0\x80land", "Nord\ufffdland", ["characters"]),
    ],
)
def test_encodings(tmp_path: Path, data: bytes, expected: str, problems: list[str]) -> None:
    (loaded,) = load(written(tmp_path, "a.txt", data))
    assert loaded.document is not None
    assert loaded.document.text == expected
    assert codes(loaded) == problems


@pytest.mark.parametrize(
    "data", [b"\x00\x01\x02\xff" * 50, b"%PDF-1.7 text", b"PK\x03\x04abc", bytes(range(256)), b"\x00" * 90]
)
def test_binary_files_are_an_error(tmp_path: Path, data: bytes) -> None:
    (loaded,) = load(written(tmp_path, "a.txt", data))
    assert (loaded.failed, loaded.document, codes(loaded)) == (True, None, ["unreadable"])
    assert loaded.problems[0].message.endswith("is binary, not text; give text, HTML, JSON or JSON Lines.")


@pytest.mark.parametrize("content", ["", "  \n\n", "12. 34 !?", "\ufeff"])
def test_empty_and_wordless_files_fail(tmp_path: Path, content: str) -> None:
    (loaded,) = load(written(tmp_path, "a.txt", content))
    assert (loaded.failed, codes(loaded)) == (True, ["empty"])


def test_missing_file_fails_with_a_sentence() -> None:
    (loaded,) = load("no/such/file.txt")
    assert (loaded.failed, codes(loaded)) == (True, ["unreadable"])
    assert loaded.problems[0].message == "There is no file 'no/such/file.txt'; check the path."


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_forbidden_file_fails(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", BODY)
    os.chmod(path, 0)
    (loaded,) = load(path)
    assert "permissions" in loaded.problems[0].message


def test_path_with_nul_fails() -> None:
    (loaded,) = load("a\0b.txt")
    assert codes(loaded) == ["unreadable"]


def test_too_large_a_file_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_FILE", 50)
    (loaded,) = load(written(tmp_path, "a.txt", BODY))
    assert codes(loaded) == ["too_long"]


def test_long_text_is_stored_whole(tmp_path: Path) -> None:
    text = "Ein Satz. " * 120_000
    assert one(written(tmp_path, "a.txt", text)).text == text


# Title and text


def test_title_blank_line_body(tmp_path: Path) -> None:
    loaded = item(tmp_path, text=BODY, title="  Treffen in\n Nordstadt ")
    assert loaded.document is not None
    assert loaded.document.title == "Treffen in Nordstadt"
    assert loaded.document.text == f"Treffen in Nordstadt\n\n{BODY}"
    assert loaded.document.title_span == (0, 20)


@pytest.mark.parametrize(
    "start", ["Treffen in Nordstadt\n\n", "\n Treffen in  Nordstadt \r\n", "Treffen in Nordstadt\n"]
)
def test_title_is_not_doubled(tmp_path: Path, start: str) -> None:
    loaded = item(tmp_path, text=start + BODY, title="Treffen in Nordstadt")
    assert loaded.document is not None
    assert loaded.document.text == start + BODY
    span = loaded.document.title_span
    assert span is not None
    assert loaded.document.text[slice(*span)].split() == ["Treffen", "in", "Nordstadt"]


def test_title_that_only_begins_the_first_sentence_is_put_before(tmp_path: Path) -> None:
    assert compose("Der Präsident", BODY) == (f"Der Präsident\n\n{BODY}", (0, 13))


# JSON and JSON Lines


def test_json_lines_in_order_with_line_numbers(tmp_path: Path) -> None:
    rows = [
        {"id": "a", "text": BODY},
        {"text": BODY, "url": "https://nordpost.example/1"},
        {"text": BODY},
        {"id": 7, "text": BODY},
    ]
    path = written(tmp_path, "items.jsonl", "\n\n".join(map(json.dumps, rows)))
    loaded = list(load(path))
    documents = [entry.document for entry in loaded if entry.document]
    assert [entry.origin["line"] for entry in loaded] == [1, 3, 5, 7]
    assert (documents[0].id, documents[3].id) == ("a", "7")
    assert len({document.id for document in documents}) == 4
    assert len({document.text_id for document in documents}) == 1


def test_id_from_url_does_not_depend_on_the_file(tmp_path: Path) -> None:
    row = json.dumps({"text": BODY, "url": "https://nordpost.example/1"})
    assert one(written(tmp_path, "a.jsonl", row)).id == one(written(tmp_path, "b.json", row)).id


def test_fields(tmp_path: Path) -> None:
    loaded = item(
        tmp_path, id="x1", name="n", text=BODY, title="T", url="u", publisher="Nordpost",
        author=["Max Muster", "Erika Muster"], published="4. Juli 2031", modified=20310705,
        language="de-AT", unknown={"a": [1]},
    )  # fmt: skip
    document = loaded.document
    assert document is not None
    assert loaded.problems == ()
    assert (document.id, document.name, document.url, document.publisher) == ("x1", "n", "u", "Nordpost")
    assert document.author == "Max Muster, Erika Muster"
    assert (document.published, document.modified, document.language) == ("2031-07-04", "2031-07-05", "de")


def test_broken_line_fails_alone(tmp_path: Path) -> None:
    good = json.dumps({"text": BODY})
    bad = ['{"text": "abc', "[1, 2]", '"text"', '{"title": "x"}', '{"text": 5}', '{"text": null}', "[" * 100_000,
           '{"text": "a"} x', '{"id": ' + "9" * 5000 + ', "text": "ab"}', "\x00\x01\x02"]  # fmt: skip
    lines = [good, *(line for entry in bad for line in (entry, good))]
    loaded = list(load(written(tmp_path, "items.jsonl", "\n".join(lines))))
    assert [entry.failed for entry in loaded] == [index % 2 == 1 for index in range(len(lines))]
    for number, entry in enumerate(loaded, 1):
        assert entry.origin["line"] == number
        if entry.failed:
            assert f"line {number} of" in entry.problems[-1].message.casefold()


@pytest.mark.parametrize(
    ("field", "value"), [("title", {}), ("published", []), ("url", 5), ("author", [1]), ("id", True)]
)
def test_other_fields_of_a_wrong_type_are_left_out(tmp_path: Path, field: str, value: object) -> None:
    loaded = item(tmp_path, text=BODY, **{field: value})
    assert not loaded.failed
    assert codes(loaded) == ["json"]
    assert f"'{field}' in line 1" in loaded.problems[0].message


def test_lone_surrogates_and_nul_are_replaced(tmp_path: Path) -> None:
    path = written(
        tmp_path, "items.jsonl", '{"text": "a\\ud800b\\u0000c Nordland", "title": "T\\udfff", "id": "\\ud800"}'
    )
    (loaded,) = load(path)
    assert loaded.document is not None
    assert loaded.document.text == "T\ufffd\n\na\ufffdb\ufffdc Nordland"
    assert codes(loaded) == ["characters", "characters"]
    json.dumps(loaded.document.id, ensure_ascii=False).encode("utf-8")


def test_json_list_and_object(tmp_path: Path) -> None:
    rows = [{"text": BODY}, {"text": 1}, {"text": BODY, "title": "B"}]
    loaded = list(load(written(tmp_path, "a.json", json.dumps(rows, indent=1))))
    assert [entry.failed for entry in loaded] == [False, True, False]
    assert [entry.origin["item"] for entry in loaded] == [1, 2, 3]
    assert one(written(tmp_path, "b.json", json.dumps(rows[2], indent=1))).title == "B"


def test_json_file_that_holds_json_lines(tmp_path: Path) -> None:
    rows = "\n".join([json.dumps({"text": BODY})] * 3)
    assert len(list(load(written(tmp_path, "a.json", rows)))) == 3
    pretty = "\n".join([json.dumps({"text": BODY}, indent=1)] * 2)
    assert all(entry.failed for entry in load(written(tmp_path, "b.json", pretty)))


def test_json_lines_in_utf16_and_cp1252(tmp_path: Path) -> None:
    row = '{"text": "Grüße aus Wien"}\n'
    assert len(list(load(written(tmp_path, "a.jsonl", (row * 2).encode("utf-16"))))) == 2
    (loaded,) = load(written(tmp_path, "b.jsonl", row.encode("cp1252")))
    assert codes(loaded) == ["encoding"]


def test_broken_json_file_says_where(tmp_path: Path) -> None:
    (loaded,) = load(written(tmp_path, "a.json", '{\n "text": "a",\n "title" "b"}'))
    assert loaded.failed
    assert "at line 3" in loaded.problems[0].message
    (loaded,) = load(written(tmp_path, "b.json", "[" * 200_000))
    assert codes(loaded) == ["json"]
    (loaded,) = load(written(tmp_path, "c.json", "[]"))
    assert codes(loaded) == ["empty"]


def test_too_long_a_line_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LONGEST_LINE", 400)
    rows = [json.dumps({"text": BODY}), json.dumps({"text": BODY * 30}), json.dumps({"text": BODY})]
    loaded = list(load(written(tmp_path, "a.jsonl", "\n".join(rows))))
    assert [codes(entry) for entry in loaded] == [[], ["too_long"], []]
    assert [entry.origin["line"] for entry in loaded] == [1, 2, 3]


def test_json_lines_are_streamed(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", "\n".join([json.dumps({"text": BODY})] * 3))
    items = load(path)
    assert not next(items).failed
    os.truncate(path, 0)


# Web pages

PAGE = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE html><html lang="de-AT"><head><title>Treffen in Nordstadt | Nordpost</title>
<meta property="og:title" content="Treffen in Nordstadt"><meta property="og:site_name" content="Nordpost">
<link rel="canonical" href="https://nordpost.example/1">{head}</head>
<body><nav><a href="/">Start</a> <a href="/p">Politik</a></nav><article><h1>Treffen in Nordstadt</h1>{top}
<p>NORDSTADT (dpa) - Der Präsident von Nordland traf am Mittwoch seinen Amtskollegen zu langen Gesprächen.</p>
<ul><li>Beide Seiten lobten die Gespräche sehr.</li></ul>
<p>Danach reiste er ab, wie sein Sprecher mitteilte, und kehrte in die Hauptstadt zurück.</p></article>
<footer>Impressum</footer></body></html>"""
LINKED = """<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "x"}, {"@type": ["NewsArticle"],
"headline": "Treffen in Nordstadt", "author": [{"name": "Max Muster"}, {"name": "Erika Muster"}],
"publisher": {"name": "Die Nordpost"},
"datePublished": "2031-07-04T09:30:00+02:00", "dateModified": "2031-07-04T11:00:00Z"}]}</script>"""


def page(folder: Path, head: str = "", top: str = "") -> Document:
    return one(written(folder, "a.html", PAGE.replace("{head}", head).replace("{top}", top)))


def test_page_with_json_ld(tmp_path: Path) -> None:
    document = page(tmp_path, LINKED)
    assert document.title == "Treffen in Nordstadt"
    assert document.text.startswith("Treffen in Nordstadt\n\nNORDSTADT (dpa) - Der Präsident")
    assert document.text.count("Treffen in Nordstadt") == 1
    assert "Beide Seiten lobten" in document.text
    assert "Impressum" not in document.text
    assert (document.author, document.publisher) == ("Max Muster, Erika Muster", "Die Nordpost")
    assert (document.published, document.modified) == ("2031-07-04T09:30:00+02:00", "2031-07-04T11:00:00+00:00")
    assert (document.language, document.url) == ("de", "https://nordpost.example/1")


@pytest.mark.parametrize(
    ("head", "top", "expected"),
    [
        ('<meta property="article:published_time" content="2031-07-04T09:30+01:00">', "", "2031-07-04T09:30:00+01:00"),
        ('<meta name="date" content="2031-07-04">', "", "2031-07-04"),
        ("", '<time datetime="2031-07-04T09:30:00Z">heute</time>', "2031-07-04T09:30:00+00:00"),
        ("", '<span itemprop="datePublished" content="2031-07">Juli</span>', "2031-07"),
        (
            '<script type="application/ld+json">{broken</script><meta name="date" content="4. Juli 2031">',
            "",
            "2031-07-04",
        ),
        ('<script type="application/ld+json">' + "[" * 20_000 + "</script>", "", None),
        ('<meta name="date" content="0001-01-01">', "", None),
        ("", "", None),
    ],
)
def test_page_times(tmp_path: Path, head: str, top: str, expected: str | None) -> None:
    assert page(tmp_path, head, top).published == expected


def test_page_with_declared_charset(tmp_path: Path) -> None:
    content = PAGE.replace("{head}", '<meta charset="iso-8859-2">').replace(
        "{top}", "<p>Der Gast heißt Muštič und kommt aus Südland.</p>"
    )
    (loaded,) = load(written(tmp_path, "a.html", content.replace(' encoding="utf-8"', "").encode("iso-8859-2")))
    assert loaded.document is not None
    assert "Muštič" in loaded.document.text
    assert loaded.problems == ()
    (loaded,) = load(written(tmp_path, "b.html", PAGE.replace("{head}", "").replace("{top}", "").encode("cp1252")))
    assert codes(loaded) == ["encoding"]


@pytest.mark.parametrize(
    "content",
    [
        "<html><body></body></html>",
        "<html>",
        "<!doctype html>",
        "",
        "<html><nav>Start Politik</nav></html>",
        "\0<html>",
    ],
)
def test_page_without_article_fails(tmp_path: Path, content: str) -> None:
    (loaded,) = load(written(tmp_path, "a.html", content))
    assert loaded.failed
    assert codes(loaded)[-1] == "empty"


def test_deep_page_is_no_crash(tmp_path: Path) -> None:
    assert len(list(load(written(tmp_path, "a.html", "<div>" * 50_000 + BODY)))) == 1


def test_html_field(tmp_path: Path) -> None:
    html = PAGE.replace("{head}", LINKED).replace("{top}", "")
    loaded = item(tmp_path, html=html, publisher="Südpost")
    assert loaded.document is not None
    assert (loaded.document.publisher, loaded.document.published) == ("Südpost", "2031-07-04T09:30:00+02:00")
    assert item(tmp_path, html="<p></p>").failed


# Standard input, folders, overrides


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> list[Loaded]:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    return list(load("-"))


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (BODY.encode(), 1),
        (json.dumps({"text": BODY}).encode(), 1),
        (b"\n".join([json.dumps({"text": BODY}).encode()] * 3), 3),
        (json.dumps([{"text": BODY}] * 2).encode(), 2),
        (json.dumps({"text": BODY, "title": "T"}, indent=2).encode(), 1),
        (PAGE.replace("{head}", "").replace("{top}", "").encode(), 1),
        (b"[Nordstadt] " + BODY.encode(), 1),
        (b"{Nordstadt} " + BODY.encode(), 1),
        (b"<Nordstadt> " + BODY.encode(), 1),
    ],
)
def test_standard_input_is_sniffed(monkeypatch: pytest.MonkeyPatch, data: bytes, count: int) -> None:
    loaded = stdin(monkeypatch, data)
    assert [entry.failed for entry in loaded] == [False] * count
    assert all(entry.document and BODY[:30] in entry.document.text for entry in loaded)
    assert loaded[0].origin["path"] == "-"


def test_empty_standard_input_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [codes(entry) for entry in stdin(monkeypatch, b"")] == [["empty"]]


def test_folder(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("z.txt", "a.TXT", "b/c.txt", ".x.txt", ".hidden/d.txt", "e.bin", "f"):
        written(tmp_path, name, BODY)
    written(tmp_path, "m.jsonl", json.dumps({"text": BODY}) + "\n{")
    loaded = list(load(str(tmp_path)))
    names = [os.path.relpath(entry.origin["path"], tmp_path) for entry in loaded]
    assert names == ["a.TXT", "m.jsonl", "m.jsonl", "z.txt", os.path.join("b", "c.txt")]
    assert [entry.failed for entry in loaded] == [False, False, True, False, False]


def test_folder_without_files_fails(tmp_path: Path) -> None:
    (loaded,) = load(str(tmp_path))
    assert codes(loaded) == ["unreadable"]


def test_path_is_kept_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, "a.txt", BODY)
    monkeypatch.chdir(tmp_path)
    assert one("a.txt").origin["path"] == "a.txt"
    assert one(str(tmp_path / "a.txt")).id != one("a.txt").id


def test_overrides(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jsonl", json.dumps({"text": BODY, "published": "2030-01-01", "language": "fr"}))
    document = one(path, Overrides(published="July 4, 2031", language="de"))
    assert (document.published, document.language) == ("2031-07-04", "de")


@pytest.mark.parametrize(
    "overrides", [{"published": "yesterday"}, {"published": ""}, {"language": "Klingonisch!"}, {"language": ""}]
)
def test_wrong_overrides_are_usage_errors(overrides: dict[str, str]) -> None:
    with pytest.raises(CommuniqueError, match="is no "):
        Overrides(**overrides)


# Days of publication and languages


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-07-04", "2024-07-04"),
        (" 2024-07-04 ", "2024-07-04"),
        ("2024-07-04T09:30:00+02:00", "2024-07-04T09:30:00+02:00"),
        ("2024-07-04T09:30:00.123Z", "2024-07-04T09:30:00+00:00"),
        ("2024-07-04 09:30:00 +0200", "2024-07-04T09:30:00+02:00"),
        ("2024-07-04 09:30", "2024-07-04T09:30:00"),
        ("2024-07", "2024-07"),
        ("2024", "2024"),
        ("20240704", "2024-07-04"),
        ("July 4, 2024", "2024-07-04"),
        ("Jul. 4 2024", "2024-07-04"),
        ("4 July 2024", "2024-07-04"),
        ("4th of July 2024", "2024-07-04"),
        ("Thursday, July 4, 2024 at 3:15 PM EDT", "2024-07-04T15:15:00-04:00"),
        ("4. Juli 2024", "2024-07-04"),
        ("Donnerstag, den 4. Juli 2024, 9:30 Uhr MESZ", "2024-07-04T09:30:00+02:00"),
        ("4. Jänner 2024", "2024-01-04"),
        ("04.07.2024", "2024-07-04"),
        ("4.7.2024 09:30", "2024-07-04T09:30:00"),
        ("Juli 2024", "2024-07"),
        ("Thu, 04 Jul 2024 09:30:00 +0200", "2024-07-04T09:30:00+02:00"),
        ("Thu, 04 Jul 2024 09:30:00 GMT", "2024-07-04T09:30:00+00:00"),
        ("12:00 AM", None), ("2024-02-30", None), ("2024-13-01", None), ("31. Februar 2024", None), ("7/4/2024", None),
        ("yesterday", None), ("", None), ("4. Juli", None), ("1720000000", None), ("0001-01-01", None),
        ("9999-12-31", None),         ("2024-07-04T25:00", None), ("July 4, 2024 at 13:00 PM", None),
        ("July 4, 2024 and more", None), ("x" * 500, None),
    ],
)  # fmt: skip
def test_published(text: str, expected: str | None) -> None:
    assert published(text) == expected


def test_a_day_that_is_none_is_a_problem(tmp_path: Path) -> None:
    loaded = item(tmp_path, text=BODY, published="2031-02-30")
    assert loaded.document is not None
    assert loaded.document.published is None
    assert codes(loaded) == ["published"]


def test_a_language_that_is_none_is_a_problem(tmp_path: Path) -> None:
    loaded = item(tmp_path, text=BODY, language="??")
    assert loaded.document is not None
    assert (loaded.document.language, codes(loaded)) == (None, ["language"])


@pytest.mark.parametrize(
    ("name", "code"), [("EN_us", "en"), ("deutsch", "de"), ("ger", "de"), ("fr-CA", "fr"), ("?", None)]
)
def test_language_codes(name: str, code: str | None) -> None:
    assert language_code(name) == code


@given(st.text(max_size=60))
def test_published_never_raises(text: str) -> None:
    found = published(text)
    assert found is None or published(found) == found


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        text, _ = decode(data, page=True)
    except CommuniqueError:
        return
    assert isinstance(text, str)


NAMES = st.sampled_from(["text", "title", "id", "url", "published", "language", "author", "html"])
VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.lists(st.text(max_size=3), max_size=2)


@given(st.dictionaries(NAMES, VALUES))
def test_any_item_is_one_result(fields: dict[str, object]) -> None:
    value = {name: content for name, content in fields.items() if name != "html" or "text" in fields}
    loaded = module._item(value, "line 1 of 'x'", {"path": "x", "line": 1}, Overrides(), [])
    assert loaded.failed == (loaded.document is None)
    assert not loaded.failed or loaded.problems
    if loaded.document:
        json.dumps([loaded.document.text, loaded.document.title, loaded.document.id], ensure_ascii=False).encode(
            "utf-8"
        )


def test_importing_does_not_load_trafilatura() -> None:
    code = "import sys, communique.document; sys.exit('trafilatura' in sys.modules or 'lxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
