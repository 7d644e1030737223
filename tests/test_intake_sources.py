"""Each kind of source yields its items with their fields; what is damaged is a failure among them. All is invented."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from intake_cases import article, write_items

from communique.document import Loaded, Overrides
from communique.intake import exports, feeds, office
from communique.intake.items import Raw, loaded
from communique.intake.sources import Part, Settings, count, items, kind_of, parts
from communique.intake.xml import XmlError

NEXIS = """
                               2 of 2 DOCUMENTS


                               1 of 2 DOCUMENTS

                              Nordpost (FICTION)

                             May 7, 2031 Wednesday
                                 Late Edition

Ministers meet
in Tallinn

BYLINE: By Ada Example

SECTION: Section A; Pg. 1

LENGTH: 21 words

DATELINE: TALLINN

Ministers of Estonia and Chile
met in Tallinn.

They will meet again.

LOAD-DATE: May 8, 2031

LANGUAGE: ENGLISH

                    Copyright 2031 Nordpost
                              All Rights Reserved

                               2 of 2 DOCUMENTS

                              Westblatt (FIKTION)

                             8. Mai 2031 Donnerstag

Der zweite Text

AUTOR: Bo Beispiel

LÄNGE: 5 Wörter

Die Minister reisten ab.

SPRACHE: GERMAN; DEUTSCH
"""

NEXIS_UNI = """Talks go on

Nordpost (FICTION)

May 7, 2031 Wednesday

Copyright 2031 Nordpost All Rights Reserved

Section: NEWS; Pg. 3

Length: 8 words

Byline: Ada Example

Body

Talks go on in Tallinn.

More was not said.

Load-Date: May 8, 2031

End of Document

Talks end

Nordpost (FICTION)

May 9, 2031 Friday

Body

Talks ended.

End of Document
"""

FACTIVA = """HD
Ministers meet
BY
Ada Example
WC
12 words
PD
7 May 2031
SN
Nordpost (FICTION)
LA
English
CY
(c) 2031
LP
Ministers met in Tallinn.
TD
They talked
about trade.

They parted.
IN
Trade
AN
Document NORDPO0020310507e75700001

HD   Zweiter Text
PD   8 Mai 2031
SN   Westblatt (FIKTION)
LP   Die Minister reisten ab.
AN
Dokument WESTBL0020310508e75800002
"""

FACTIVA_PLAIN = """Ministers meet
By Ada Example
12 words
7 May 2031
09:30
Nordpost (FICTION)
NORDPO
English
(c) 2031

Ministers met in Tallinn.

They talked about trade.

Document NORDPO0020310507e75700001
"""

WISO = """Minister treffen sich

Die Minister trafen sich in Tallinn.

Sie sprachen über Handel.

Quelle: Westblatt (FIKTION) vom 07.05.2031, Nr. 105, S. 6
Ressort: Politik
Dokumentnummer: wb-105-6
Dauerhafte Adresse des Dokuments: https://wiso.example/document/wb-105-6
Alle Rechte vorbehalten: (c) Westblatt

© GBI-Genios Deutsche Wirtschaftsdatenbank GmbH

Zweiter Text

Sie reisten ab.

Quelle: Nordpost (FIKTION) Nr. 106 vom 08.05.2031 Seite 1
Dokumentnummer: np-106-1

© GBI-Genios Deutsche Wirtschaftsdatenbank GmbH
"""


def read(text: str) -> list[exports.Fields | object]:
    form = exports.form_of(text)
    assert form is not None
    return list(exports.text_items(text.split("\n"), form))


def told(fields: object, *names: str) -> tuple[object, ...]:
    assert isinstance(fields, dict)
    return tuple(fields.get(name) for name in names)


def test_nexis_text() -> None:
    one, two = read(NEXIS)
    assert told(one, "title", "publisher", "published", "author") == (
        "Ministers meet in Tallinn", "Nordpost (FICTION)", "2031-05-07", "By Ada Example",
    )  # fmt: skip
    assert told(one, "text", "language") == (
        "Ministers of Estonia and Chile met in Tallinn.\n\nThey will meet again.", "ENGLISH",
    )  # fmt: skip
    assert told(two, "title", "published", "text") == ("Der zweite Text", "2031-05-08", "Die Minister reisten ab.")


def test_nexis_uni() -> None:
    one, two = read(NEXIS_UNI)
    assert told(one, "title", "publisher", "published", "author", "text") == (
        "Talks go on", "Nordpost (FICTION)", "2031-05-07", "Ada Example",
        "Talks go on in Tallinn.\n\nMore was not said.",
    )  # fmt: skip
    assert told(two, "title", "text") == ("Talks end", "Talks ended.")


def test_factiva_codes() -> None:
    one, two = read(FACTIVA)
    assert told(one, "id", "title", "author", "published", "publisher", "language") == (
        "NORDPO0020310507e75700001", "Ministers meet", "Ada Example", "2031-05-07", "Nordpost (FICTION)", "English",
    )  # fmt: skip
    assert told(one, "text") == ("Ministers met in Tallinn.\n\nThey talked about trade.\n\nThey parted.",)
    assert told(two, "id", "title", "published", "text") == (
        "WESTBL0020310508e75800002", "Zweiter Text", "2031-05-08", "Die Minister reisten ab.",
    )  # fmt: skip


def test_factiva_without_codes() -> None:
    (one,) = read(FACTIVA_PLAIN)
    assert told(one, "id", "title", "published", "publisher", "text") == (
        "NORDPO0020310507e75700001", "Ministers meet By Ada Example", "2031-05-07", "Nordpost (FICTION)",
        "Ministers met in Tallinn.\n\nThey talked about trade.",
    )  # fmt: skip


def test_wiso() -> None:
    one, two = read(WISO)
    assert told(one, "title", "publisher", "published", "id", "url", "text") == (
        "Minister treffen sich", "Westblatt (FIKTION)", "2031-05-07", "wb-105-6",
        "https://wiso.example/document/wb-105-6",
        "Die Minister trafen sich in Tallinn.\n\nSie sprachen über Handel.",
    )  # fmt: skip
    assert told(two, "title", "publisher", "published") == ("Zweiter Text", "Nordpost (FIKTION)", "2031-05-08")


def test_an_export_that_is_cut_off_says_so() -> None:
    whole, cut = read(FACTIVA + "HD\nThird\nLP\nIt ends")[1:]
    assert told(whole, "title") == ("Zweiter Text",)
    assert str(cut) == "The last item has no end; the file is cut off."


@pytest.mark.parametrize("text", ["Ministers met.\n\nThey talked.", "HD\nis high definition", "LENGTH: 3 words"])
def test_other_texts_are_no_exports(text: str) -> None:
    assert exports.form_of(text) is None


FACTIVA_XML = """<?xml version="1.0"?><r><article><reference>distdoc:archive/x</reference>
<accessionNo>NORDPO1</accessionNo><headline><paragraph>Ministers meet</paragraph></headline><byline>Ada Example</byline>
<publicationDate><date>2031-05-07</date></publicationDate><sourceName>Nordpost (FICTION)</sourceName>
<baseLanguage>EN</baseLanguage><leadParagraph><paragraph>They met.</paragraph></leadParagraph>
<tailParagraphs><paragraph>They talked.</paragraph><paragraph>They parted.</paragraph></tailParagraphs></article>
<article><headline>Two</headline><leadParagraph>Alone.</leadParagraph></article></r>"""

NITF = """<docs xmlns:n="urn:x"><n:nitf><n:head><n:docdata><n:doc-id id-string="np-1"/><n:date.issue norm="20310507"/>
</n:docdata><n:pubdata name="Nordpost (FICTION)"/></n:head><n:body><n:body.head><n:hedline><n:hl1>Ministers meet</n:hl1>
</n:hedline></n:body.head><n:body.content><n:p>They <n:em>met</n:em>.</n:p><n:p>They parted.</n:p></n:body.content>
</n:body></n:nitf></docs>"""


def of_file(path: Path, text: str | bytes) -> list[Loaded]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    part = Part(str(path), kind_of(str(path)) or "plain")
    return [loaded(item, Overrides()) for item in items(part, Settings())]


def test_xml_exports(tmp_path: Path) -> None:
    one, two = (item.document for item in of_file(tmp_path / "a.xml", FACTIVA_XML))
    assert one is not None
    assert two is not None
    assert (one.id, one.title, one.author, one.published, one.publisher, one.language) == (
        "NORDPO1", "Ministers meet", "Ada Example", "2031-05-07", "Nordpost (FICTION)", "en",
    )  # fmt: skip
    assert one.text == "Ministers meet\n\nThey met.\n\nThey talked.\n\nThey parted."
    assert two.text == "Two\n\nAlone."
    (news,) = (item.document for item in of_file(tmp_path / "b.xml", NITF))
    assert news is not None
    assert (news.id, news.published, news.publisher) == ("np-1", "2031-05-07", "Nordpost (FICTION)")
    assert news.text == "Ministers meet\n\nThey met.\n\nThey parted."


def test_xml_entities_are_not_resolved(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    body = "<r><article><headline>One</headline><leadParagraph>It says &x; here.</leadParagraph></article></r>"
    (one,) = of_file(tmp_path / "a.xml", f'<!DOCTYPE r [<!ENTITY x SYSTEM "{secret.as_uri()}">]>{body}')
    assert one.document is not None
    assert one.document.text == "One\n\nIt says &x; here."
    bomb = f'<!DOCTYPE r [<!ENTITY a "{"a" * 1000}"><!ENTITY x "{"&a;" * 1000}">]>{body}'
    assert [item.failed for item in of_file(tmp_path / "b.xml", bomb)] == [True]


def test_a_text_export_in_a_file_with_numbers(tmp_path: Path) -> None:
    found = of_file(tmp_path / "export.TXT", NEXIS.replace("\n", "\r\n").encode("cp1252"))
    assert [dict(item.origin)["item"] for item in found] == [1, 2]
    assert [item.document and item.document.language for item in found] == ["en", "de"]


def docx(paragraphs: list[str], title: str = "") -> bytes:
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    core = f'<c xmlns:d="http://purl.org/dc/elements/1.1/"><d:title>{title}</d:title><d:creator>Ada</d:creator></c>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
        archive.writestr("docProps/core.xml", core)
    return out.getvalue()


def test_docx(tmp_path: Path) -> None:
    (one,) = of_file(tmp_path / "a.docx", docx(["They met.", "", "They parted."], "Ministers meet"))
    assert one.document is not None
    assert one.document.text == "Ministers meet\n\nThey met.\n\nThey parted."
    assert one.document.author == "Ada"


def test_docx_with_many_items(tmp_path: Path) -> None:
    found = of_file(tmp_path / "a.docx", docx([line for line in NEXIS_UNI.split("\n") if line]))
    assert [item.document and item.document.title for item in found] == ["Talks go on", "Talks end"]


def test_docx_bombs_and_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "LONGEST_PART", 1000)
    assert [item.failed for item in of_file(tmp_path / "a.docx", docx(["x" * 5000]))] == [True]
    assert [item.failed for item in of_file(tmp_path / "b.docx", b"PK\x03\x04 no archive")] == [True]


def test_pdf(tmp_path: Path) -> None:
    pytest.importorskip("pypdf")
    (one,) = of_file(tmp_path / "a.pdf", pdf("Ministers of Estonia met."))
    assert one.document is not None
    assert one.document.text == "Ministers of Estonia met."
    (empty,) = of_file(tmp_path / "b.pdf", pdf(""))
    assert empty.problems[-1].code == "empty"
    (damaged,) = of_file(tmp_path / "c.pdf", b"%PDF-1.7 and no more")
    assert damaged.problems[-1].code == "unreadable"


def pdf(text: str) -> bytes:
    """The smallest file that shows a line of text."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        f"<</Length {len(stream)}>>stream\n{stream}\nendstream", "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    out, places = "%PDF-1.4\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{one}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer<</Size 6/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF"
    return f"{out}xref\n0 6\n0000000000 65535 f \n{table}{end}".encode()


def test_a_missing_package_is_a_failure_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr(office, "import_module", absent)
    found = office.pdf(Raw("pdf", path="a.pdf"), Overrides())
    assert found.problems[-1].message == "'a.pdf' needs the optional package pypdf: pip install 'communique[pdf]'."


def test_parquet(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import datetime

    rows = [
        {"id": "1", "text": "They met.", "published": datetime.date(2031, 5, 7), "other": 5},
        {"id": None, "text": None, "published": None, "other": None},
        {"id": None, "text": "They parted.", "published": None, "other": None},
    ]
    pytest.importorskip("pyarrow.parquet").write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    part = Part(str(tmp_path / "a.parquet"), "parquet")
    one, two, three = (loaded(item, Overrides()) for item in items(part, Settings()))
    assert one.document is not None
    assert (one.document.id, one.document.published) == ("1", "2031-05-07")
    assert two.problems[-1].message == f"Item 2 of '{part.key}' has neither a 'text' nor an 'html'."
    assert three.document is not None
    assert len(three.document.id) == 16
    assert count(part) == 3


def test_lines_of_json_are_parsed_where_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "items.jsonl"
    path.write_text('{"id": "a", "text": "Peru lobte Ghana."}\n\n{"id": "b"\n{"id": "c", "html": "<p>x"}\n', "utf-8")
    raw = list(items(Part(str(path), "plain"), Settings()))
    assert [one.kind for one in raw if isinstance(one, Raw)] == ["line"] * 3
    found = [loaded(one, Overrides()) for one in raw if isinstance(one, Raw)]
    assert [one.document.id if one.document else one.problems[-1].code for one in found] == ["a", "json", "empty"]
    assert [one.origin["line"] for one in found] == [1, 3, 4]


def warc_of(records: list[tuple[str, bytes]]) -> bytes:
    """Responses, each packed by itself as crawls do."""
    out = b""
    for url, http in records:
        head = (
            f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2031-05-07T10:00:00Z\r\n"
            f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000000>\r\n"
            f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        )
        out += gzip.compress(head.encode() + http + b"\r\n\r\n")
    return out


def http(body: bytes, status: str = "200 OK", kind: str = "text/html; charset=utf-8", extra: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{extra}\r\n".encode() + body


def test_warc(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    page = article("Ministers meet").encode()
    data = warc_of([
        ("https://a.example/1", http(page)), ("https://a.example/2", http(b"gone", "404 Not Found")),
        ("https://a.example/3", http(b"\x89PNG", kind="image/png")),
        ("https://a.example/4", http(gzip.compress(page), extra="Content-Encoding: gzip\r\n")),
        ("https://a.example/5", http("<p>Zu kurz für Wörter.</p>".encode("cp1252"), kind="text/html")),
    ])  # fmt: skip
    one, four, five = of_file(tmp_path / "a.warc.gz", data)
    assert one.document is not None
    assert one.document.url == "https://a.example/1"
    assert one.document.origin == {
        "path": str(tmp_path / "a.warc.gz"), "item": 1, "url": "https://a.example/1",
        "retrieved": "2031-05-07T10:00:00Z",
    }  # fmt: skip
    assert four.document is not None
    assert four.document.text == one.document.text
    assert five.problems[-1].code == "empty"


def test_a_damaged_warc_keeps_its_whole_pages(tmp_path: Path) -> None:
    pytest.importorskip("fastwarc")
    page = http(article("Ministers meet").encode())
    data = warc_of([("https://a.example/1", page), ("https://a.example/2", page)])
    found = of_file(tmp_path / "a.warc.gz", data[:-80])
    assert found[0].document is not None
    assert found[0].document.url == "https://a.example/1"


RSS = """<?xml version="1.0"?><rss xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Nordpost (FICTION)</title>
<language>en</language>
<item><title>One &amp; only</title><link>https://a.example/1?utm_source=rss</link><dc:creator>Ada</dc:creator>
<pubDate>Wed, 07 May 2031 09:30:00 +0200</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>Ministers of Estonia and Chile met in Tallinn.</p>]]></content:encoded></item>
<item><title>Two</title><guid>https://a.example/2</guid></item>
<item><title>No address</title></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>Westblatt (FIKTION)</title>
<entry><title>Eins</title><link rel="self" href="/x"/><link href="/1"/><published>2031-05-07T09:00:00Z</published>
<updated>2031-05-08T09:00:00Z</updated><author><name>Bo</name></author>
<content type="html">&lt;p&gt;Ja.&lt;/p&gt;</content></entry>
</feed>"""


def test_rss() -> None:
    one, two = feeds.entries(RSS.encode())
    assert (one.url, one.title, one.author, one.published, one.publisher, one.language) == (
        "https://a.example/1", "One & only", "Ada", "2031-05-07T09:30:00+02:00", "Nordpost (FICTION)", "en",
    )  # fmt: skip
    assert one.content == "<p>Ministers of Estonia and Chile met in Tallinn.</p>"
    assert two.url == "https://a.example/2"


def test_atom() -> None:
    (one,) = feeds.entries(ATOM.encode(), "https://w.example/feed")
    assert (one.url, one.published, one.modified, one.author, one.language, one.content) == (
        "https://w.example/1", "2031-05-07T09:00:00+00:00", "2031-05-08T09:00:00+00:00", "Bo", "de", "<p>Ja.</p>",
    )  # fmt: skip


def test_a_feed_in_a_file_is_read_without_the_web(tmp_path: Path) -> None:
    one, two = of_file(tmp_path / "feed.rss", RSS)
    assert one.document is not None
    assert one.document.text == "One & only\n\nMinisters of Estonia and Chile met in Tallinn."
    assert two.problems[-1].message == "The feed holds nothing of 'https://a.example/2' but its title."


def test_sitemaps() -> None:
    text = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://n.example/sitemap-news">'
        "<url><loc> https://a.example/1 </loc><lastmod>2031-05-08</lastmod>"
        "<n:news><n:publication><n:name>Nordpost</n:name>"
        "<n:language>en</n:language></n:publication><n:publication_date>2031-05-07</n:publication_date>"
        "<n:title>One</n:title></n:news></url></urlset>"
    )
    (one,), maps = feeds.sitemap(gzip.compress(text.encode()))
    assert (one.url, one.title, one.published, one.modified, one.publisher, maps) == (
        "https://a.example/1", "One", "2031-05-07", "2031-05-08", "Nordpost", [],
    )  # fmt: skip
    index = "<sitemapindex><sitemap><loc>https://a.example/s.xml</loc></sitemap></sitemapindex>"
    assert feeds.sitemap(index.encode()) == ([], ["https://a.example/s.xml"])
    with pytest.raises(XmlError):
        feeds.sitemap(b"<html><body>404</body></html>")


def test_a_sitemap_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "LONGEST_MAP", 1000)
    with pytest.raises(XmlError, match="larger than"):
        feeds.plain(gzip.compress(b"a" * 100_000))


def test_folders_in_order_with_what_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("b/2.html", "a.txt", "c.warc.gz", "d.png", ".hidden.txt", "e.xml.gz"):
        (tmp_path / name).write_text("x")
    found = [(Path(part.key).name, part.kind) for part in parts([str(tmp_path)])]
    assert found == [("a.txt", "text"), ("c.warc.gz", "warc"), ("e.xml.gz", "sitemap"), ("2.html", "single")]
    (tmp_path / "empty").mkdir()
    assert [part.kind for part in parts([str(tmp_path / "empty")])] == ["nothing"]


def test_kinds_by_the_first_bytes(tmp_path: Path) -> None:
    for name, data, kind in (("a", b"%PDF-1.4", "pdf"), ("b", b"PAR1", "parquet"), ("c", b"text", None)):
        (tmp_path / name).write_bytes(data)
        assert kind_of(str(tmp_path / name)) == kind


def test_missing_and_unreadable_files_are_items_that_failed(tmp_path: Path) -> None:
    found = [loaded(i, Overrides()) for p in parts([str(tmp_path / "none.docx"), str(tmp_path / "none.txt")])
             for i in items(p, Settings())]  # fmt: skip
    assert [(item.failed, item.problems[-1].code) for item in found] == [(True, "unreadable")] * 2


def test_counts(tmp_path: Path) -> None:
    write_items(tmp_path / "a.jsonl", 5)
    assert count(Part(str(tmp_path / "a.jsonl"), "plain")) == 5
    assert count(Part("https://a.example", "address")) is None
    assert count(Part("x", "plain", frozenset((3, 4)))) == 2


def test_only_some_items_of_a_part(tmp_path: Path) -> None:
    write_items(tmp_path / "a.jsonl", 5)
    found = items(Part(str(tmp_path / "a.jsonl"), "plain", frozenset((2, 4))), Settings())
    assert [loaded(item, Overrides()).document.id for item in found] == ["item-1", "item-3"]  # type: ignore[union-attr]
