"""The page: pieces and their numbers, hostile texts, what is shown of each record, odd readings, size and time."""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.notation import as_json
from communique.records import (
    Actor,
    Change,
    Commitment,
    Deadline,
    Document,
    Entity,
    Event,
    Figure,
    Numbering,
    Problem,
    Reading,
    Span,
    Spans,
    Statement,
    Target,
)
from communique.view import in_script, link, mark, nested, page, visible

# --- an invented item: real states, invented people, every kind of record, a statement within a statement ------------

TITLE = "Norwegen und Chile planen Polarstation in Punta Arenas"
TEXT = f"""{TITLE}

PUNTA ARENAS 🧭 – Norwegen und Chile wollen bis 2030 gemeinsam eine Forschungsstation bauen. Das kündigte die \
norwegische Außenministerin Ragna Sollid am Dienstag nach einem Gespräch mit ihrem chilenischen Amtskollegen Tomás \
Ugarte an.

„Wir werden unsere Mittel für die Polarforschung bis 2028 verdoppeln, sofern beide Parlamente zustimmen“, sagte \
Sollid. „Präsident Echagüe hat mir versichert, Chile werde ‚keinen einzigen Hafen schließen‘.“

Ugarte dankte Norwegen für die Rettung 🛟 der Besatzung der „Estrella“. Ein Diplomat sagte, über den Standort werde \
noch gestritten.

Der Handel zwischen beiden Ländern stieg 2023 um 12 Prozent auf rund 1,4 Mrd. US-Dollar, nach 1,1 Mrd. im Jahr davor.
"""


def at(words: str, text: str = TEXT, after: int = 0) -> Span:
    start = text.index(words, after)
    return start, start + len(words)


def actor(code: str | None, words: str, entity: str | None, sector: str | None = "GOV", text: str = TEXT) -> Actor:
    return Actor(code, sector, entity, words, at(words, text))


def entities() -> tuple[Entity, ...]:
    rows = [
        ("t1", "state", "Norwegen", "NOR", "Q20", None, ["Norwegen", "norwegische"]),
        ("t2", "state", "Chile", "CHL", "Q298", None, ["Chile", "chilenischen"]),
        ("t3", "person", "Ragna Sollid", None, None, "foreign_minister", ["Ragna Sollid"]),
        ("t4", "person", "Tomás Ugarte", None, None, "foreign_minister", ["Tomás Ugarte"]),
        ("t5", "person", "Präsident Echagüe", None, None, "head_of_state", ["Präsident Echagüe"]),
        ("t6", "place", "Punta Arenas", None, "Q51599", None, ["Punta Arenas", "PUNTA ARENAS"]),
    ]
    return tuple(
        Entity(i, kind, name, code, wikidata, None, office, tuple(at(m) for m in mentions), 0.9, "list of names")
        for i, kind, name, code, wikidata, office, mentions in rows
    )


def statements(ids: Numbering) -> tuple[Statement, ...]:
    sollid = replace(actor("NOR", "Sollid", "t3"), span=at("Sollid", after=at("sagte Sollid")[0]))
    echague = actor("CHL", "Präsident Echagüe", "t5")
    announced = at("Norwegen und Chile wollen bis 2030 gemeinsam eine Forschungsstation bauen")
    first = at("Wir werden unsere Mittel für die Polarforschung bis 2028 verdoppeln, sofern beide Parlamente zustimmen")
    second = at("Präsident Echagüe hat mir versichert, Chile werde ‚keinen einzigen Hafen schließen‘.")
    inner = at("Chile werde ‚keinen einzigen Hafen schließen‘")
    site = at("über den Standort werde noch gestritten")
    long = ids.next("statement", [first, second])
    return (
        Statement(ids.next("statement", [announced]), (announced,), 0.81, None, "Das kündigte … an: sentence before",
                  (actor("NOR", "norwegische Außenministerin Ragna Sollid", "t3"),), False,
                  (at("Das kündigte"),), (announced,), "indirect"),
        Statement(long, (first, at("sagte Sollid"), second), 0.97, None, "quotation marks, cue sagen",
                  (sollid,), False, (at("sagte"),), (first, second), "direct"),
        Statement(ids.next("statement", [inner]), (at("Präsident Echagüe hat mir versichert"), inner), 0.74, long,
                  "cue versichern", (echague,), False, (at("versichert"),), (inner,), "mixed", (sollid,), long),
        Statement(ids.next("statement", [site]), (at("Ein Diplomat sagte"), site), 0.62, None, "cue sagen",
                  (), True, (at("sagte", after=at("Ein Diplomat")[0]),), (site,), "indirect"),
    )  # fmt: skip


def events(ids: Numbering) -> tuple[Event, ...]:
    norway, chile = actor("NOR", "norwegische Außenministerin Ragna Sollid", "t3"), actor("CHL", "Tomás Ugarte", "t4")
    talk = at("am Dienstag nach einem Gespräch mit ihrem chilenischen Amtskollegen Tomás Ugarte")
    thanks = at("Ugarte dankte Norwegen für die Rettung 🛟 der Besatzung der „Estrella“")
    building = at("Norwegen und Chile wollen bis 2030 gemeinsam eine Forschungsstation bauen")
    both = (actor("NOR", "Norwegen", "t1"), actor("CHL", "Chile", "t2"))
    return (
        Event(ids.next("event", [talk]), (talk,), 0.92, None, "Gespräch mit", "CONSULT", None, ("diplomatic",), "040",
              "verbal cooperation", 1.0, (norway, chile), (norway, chile), "t6", "2024-07-02", "2024-07-02", "day",
              "actual", (at("Gespräch"),)),
        Event(ids.next("event", [thanks]), (thanks,), 0.88, None, "danken", "SUPPORT", None, (), "050",
              "verbal cooperation", 3.5, (replace(chile, text="Ugarte", span=at("Ugarte", after=thanks[0])),),
              (replace(both[0], span=at("Norwegen", after=thanks[0])),), None, None, None, None, "actual",
              (at("dankte"),)),
        Event(ids.next("event", [building]), (building,), 0.58, None, "wollen bauen", "COOPERATE", None, ("culture",),
              None, "material cooperation", 6.0, both, both, "t6", None, "2030-12-31", "year", "planned",
              (at("bauen"),)),
    )  # fmt: skip


def commitments(ids: Numbering, said: str, event: str) -> tuple[Commitment, ...]:
    both = (actor("NOR", "Norwegen", "t1"), actor("CHL", "Chile", "t2"))
    doubling = at(
        "Wir werden unsere Mittel für die Polarforschung bis 2028 verdoppeln, sofern beide Parlamente zustimmen"
    )
    building = at("Norwegen und Chile wollen bis 2030 gemeinsam eine Forschungsstation bauen")
    return (
        Commitment(ids.next("commitment", [building]), (building,), 0.9, None, "wollen", "plan", both, (),
                   (at("wollen"),), "gemeinsam eine Forschungsstation bauen",
                   (at("gemeinsam eine Forschungsstation bauen"),),
                   ("science",), Deadline(None, "2030-12-31", "by", "bis 2030", at("bis 2030")), None, (), event),
        Commitment(ids.next("commitment", [doubling]), (doubling,), 0.83, said, "werden", "pledge",
                   (Actor("NOR", "GOV", "t1", "Wir", at("Wir")),), (), (at("werden"),),
                   "unsere Mittel für die Polarforschung verdoppeln", (at("unsere Mittel für die Polarforschung"),),
                   ("science", "finance"), Deadline(None, "2028-12-31", "by", "bis 2028", at("bis 2028")),
                   Target(2.0, "x", "Mittel", at("verdoppeln")), (at("sofern beide Parlamente zustimmen"),), None),
    )  # fmt: skip


def figures(ids: Numbering) -> tuple[Figure, ...]:
    trade = at("Der Handel zwischen beiden Ländern stieg 2023 um 12 Prozent auf rund 1,4 Mrd. US-Dollar")
    both = (Actor("NOR", "GOV", "t1", "beiden Ländern", None), Actor("CHL", "GOV", "t2", "beiden Ländern", None))
    return (
        Figure(ids.next("figure", [trade]), (trade,), 0.95, None, "Handel", "trade", "Handel zwischen beiden Ländern",
               both, (), 1.4e9, None, "USD", "about", "reported", "2023-01-01", "2023-12-31", "year",
               Change(12.0, None, "2022"), None, {"implied_earlier": 1.25e9}),
    )  # fmt: skip


def reading(**changes: Any) -> Reading:
    ids = Numbering("0" * 16)
    said, done = statements(ids), events(ids)
    span = at("1,1 Mrd. im Jahr davor")
    message = "Aus 1,4 Mrd. und 12 Prozent folgten 1,25 Mrd. für 2022; der Text nennt 1,1 Mrd."
    whole = Reading(
        Document(TEXT, id="d1", title=TITLE, title_span=(0, len(TITLE)), publisher="Der Sund", place="Punta Arenas",
                 published="2024-07-03T09:30:00-04:00", language="de", genre="news", agencies=("NPD",),
                 url="https://example.org/polar?a=1&b=2", origin={"path": "polar.txt"}),
        entities(), said, done, commitments(ids, said[1].id, done[2].id), figures(ids),
        (Problem("arithmetic", "figures", message, (span,)),), reader={"name": "communique", "version": "0.1"},
    )  # fmt: skip
    return replace(whole, **changes)


# --- reading a page back ----------------------------------------------------------------------------------------------


class Page(HTMLParser):
    """What a browser would see: pieces by number, text columns, cards, addresses, scripts."""

    def __init__(self, content: str) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: dict[int, str] = {}
        self.classes: dict[int, set[str]] = {}
        self.text: list[str] = []
        self.cards: dict[str, dict[str, str]] = {}
        self.links: list[str] = []
        self.tags: list[str] = []
        self.scripts: list[str] = []
        self.ids: list[str] = []
        self.handlers: list[str] = []
        self._piece: int | None = None
        self._depth = 0
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.handlers += [name for name in given if name.startswith("on") or name == "style"]
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given["href"])
        if tag == "script":
            self.scripts.append("")
        if "data-s" in given:
            self.cards[given.get("id", f"?{len(self.cards)}")] = given
        if tag == "mark":
            self._piece = int(given["data-i"])
            self.pieces[self._piece] = ""
            self.classes[self._piece] = set(given["class"].split())
        if tag == "div":
            self._depth = 1 if given.get("class") == "text" else self._depth + bool(self._depth)

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._piece = None
        if tag == "div" and self._depth:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.text.append(data)
        if self._piece is not None:
            self.pieces[self._piece] += data
        if self.tags and self.tags[-1] == "script" and self.scripts:
            self.scripts[-1] += data

    def words(self, ranges: str) -> list[str]:
        out = []
        for one in ranges.split():
            first, last = map(int, one.split("-"))
            out.append("".join(self.pieces[i] for i in range(first, last + 1)))
        return out


def parsed(*readings: Reading, least: float = 0.5) -> Page:
    return Page(page(readings, min_confidence=least))


def only(text: str, *spans: Span, **about: Any) -> Reading:
    """A reading of a text with one event per span."""
    ids = Numbering("1" * 16)
    return Reading(Document(text, **about), events=tuple(event(ids, span) for span in spans))


def event(ids: Numbering, span: Span, **changes: Any) -> Event:
    base = Event(ids.next("event", [span]), (span,), 0.9, None, "why", "AGREE", None, (), None, "", None, (), (), None,
                 None, None, None, "actual", ())  # fmt: skip
    return replace(base, **changes)


# --- the pieces -------------------------------------------------------------------------------------------------------


def test_the_text_stands_in_the_page_whole() -> None:
    assert "".join(parsed(reading()).text).rstrip() == TEXT.rstrip()


def test_every_card_points_at_exactly_its_evidence() -> None:
    one = reading()
    found = parsed(one)
    for record in (*one.events, *one.commitments, *one.figures):
        assert found.words(found.cards[record.id]["data-s"]) == [TEXT[s:e] for s, e in record.evidence]
    for statement in one.statements:
        shown = found.words(found.cards[statement.id]["data-s"])
        assert all(any(TEXT[s:e] in words for words in shown) for s, e in statement.evidence)


def test_keys_are_trigger_cue_deadline_and_actors() -> None:
    one = reading()
    found = parsed(one)
    keys = found.words(found.cards[one.commitments[1].id]["data-k"])
    assert keys == ["Wir", "werden", "bis 2028", "verdoppeln", "sofern beide Parlamente zustimmen"]


def test_nested_statements_deepen() -> None:
    found = parsed(reading())
    depths = {found.pieces[i]: {c for c in classes if re.fullmatch(r"d\d", c)} for i, classes in found.classes.items()}
    assert depths["Präsident Echagüe"] == {"d1"}
    assert depths["Chile werde ‚keinen einzigen Hafen schließen‘"] == {"d2"}


@pytest.mark.parametrize("before", ["", "🧭", "𝔄𝔅 ", "👩🏽‍🚀 e\u0301 ", "🇳🇴\n"])
def test_offsets_count_code_points(before: str) -> None:
    text = f"{before}Peru 🤝𝔄 lobte Ghana."
    found = parsed(only(text, at("Peru 🤝𝔄 lobte", text), at("𝔄 lobte Ghana", text)))
    first, second = found.cards.values()
    assert found.words(first["data-s"]) == ["Peru 🤝𝔄 lobte"]
    assert found.words(second["data-s"]) == ["𝔄 lobte Ghana"]


@given(
    st.text(alphabet="ab 🧭𝔄\n\r\u2028<&\u202e", max_size=30),
    st.lists(st.tuples(st.integers(-2, 34), st.integers(-2, 34), st.sampled_from("secfnpkd")), max_size=8),
)
def test_any_spans_over_any_text(text: str, rows: list[tuple[int, int, str]]) -> None:
    marked = mark(text, [((s, e), layer) for s, e, layer in rows])
    found = Page(f'<div class="text">{marked.html}</div>')
    flat = re.sub("\r\n|[\r\n\u2028\u2029]", "\n", visible_in_text(text))
    assert "".join(found.text) == flat + "\n"
    for start, end, _ in rows:
        clipped = text[max(start, 0) : max(end, 0)] if start < end else ""
        lines = [line for line in re.split("\r\n|[\r\n\u2028\u2029]", clipped) if line]
        got = "".join(found.words(marked.spots([(start, end)])))
        whole_lines = re.split("\r\n|[\r\n\u2028\u2029]", text)
        if all(line.strip() for line in whole_lines):
            assert got == visible_in_text("".join(lines))


def visible_in_text(text: str) -> str:
    """As `visible`, but line breaks of all kinds stay breaks."""
    return "".join(c if c in "\r\u2028\u2029" else visible(c) for c in text)


def test_bad_spans_are_left_out() -> None:
    found = parsed(only("Peru lobte Ghana.", (-5, 4), (3, 3), (9, 2), (11, 999), (500, 600)))
    assert [found.words(card["data-s"]) for card in found.cards.values()] == [["Peru"], [], [], ["Ghana."], []]


def test_title_becomes_the_heading() -> None:
    assert re.search(r'<h1 dir="auto">.*Polarstation', page([reading()]))
    assert parsed(reading()).tags.count("h1") == 1


def test_many_records_on_the_same_words_cost_little() -> None:
    text = "Peru lobte Ghana. " * 50
    nest = only(text, *((i, len(text) - i) for i in range(400)))
    assert len(page([nest])) < 2_000_000


def test_a_megabyte_is_linear() -> None:
    text = ("Peru lobte Ghana, und „Togo“ dankte 🤝.\n" * 27_000)[:1_000_000]
    spans = [(i, i + 35) for i in range(0, 990_000, 500)]
    marked = mark(text, [(span, "e") for span in spans] + [((0, len(text)), "s")])
    assert len(marked.html) < 8 * len(text)
    assert len(marked.starts) < 2 * len(spans) + text.count("\n") + 2
    assert len(page([only(text, *spans[:50])])) < 8 * len(text)


@pytest.mark.parametrize("text", ["a\n" * 100_000, "\x1b" * 100_000, "<" * 100_000, "\u202e" * 100_000])
def test_worst_texts_stay_bounded(text: str) -> None:
    assert len(mark(text, [((0, len(text)), "s")]).html) < 70 * len(text)


# --- hostile texts ----------------------------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "]]><img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "&lt;b&gt; &amp;",
    "{{ 7*7 }} {% raw %}",
    "</style><style>*{display:none}",
    "</title><base href=//evil>",
]


def poisoned(text: str) -> Reading:
    """A reading with the text in every field that holds words."""
    who = (Actor(text, text, "x", text, (0, 4)),)
    spans: Spans = ((0, len(text)),)
    day = Deadline(text, text, text, text, (0, 1))
    return Reading(
        Document(text, id=text, name=text, title=text, url=text, publisher=text, author=text, issuer=text, genre=text,
                 agencies=(text,), place=text, published=text, language=text, origin={"path": text}),
        (Entity("x", text, text, text, text, text, text, spans, 0.9, text),),
        (Statement("s" + text, spans, 0.9, None, text, who, False, spans, spans, text, who, text),),
        (Event("e" + text, spans, 0.9, "s" + text, text, text, text, (text,), text, text, 1.0, who, (), text, text,
               "2024-01-01", text, text, spans),),
        (Commitment("c" + text, spans, 0.9, "s" + text, text, text, who, who, spans, text, spans, (text,), day,
                    Target(2.0, text, text, (0, 1)), spans, "e" + text),),
        (Figure("f" + text, spans, 0.9, None, text, text, text, who, who, 1.5, 2.5, text, text, text, text, text, text,
                Change(1.0, None, text), 3, {text: text}),),
        (Problem(text, text, text, spans),), reader={"name": text, "version": text},
    )  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words(text: str) -> None:
    plain, hostile = parsed(poisoned("harmless words")), parsed(poisoned(text))
    assert sorted(set(hostile.tags)) == sorted(set(plain.tags))
    assert hostile.tags.count("script") == plain.tags.count("script") == 3
    assert hostile.handlers == []
    assert "".join(hostile.text).strip() == text
    json.loads(hostile.scripts[0])


def test_no_piece_of_the_page_comes_unescaped() -> None:
    content = page([poisoned('<b id="x">')])
    assert "<b id" not in content


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//evil.org",
     "https://", "http://[", "java\nscript:x", "https://ex.org/\u202egpj", "https://ex.org/ a", "", None, "ftp://ex.org"],
)  # fmt: skip
def test_only_web_addresses_are_linked(url: str | None) -> None:
    assert link(url) is None
    one = reading()
    found = parsed(replace(one, document=replace(one.document, url=url)))
    assert all(href.startswith(("#", "https://www.wikidata.org/wiki/Q")) for href in found.links)


def test_web_addresses_are_linked() -> None:
    assert "https://example.org/polar?a=1&b=2" in parsed(reading()).links


def test_wikidata_ids_are_checked() -> None:
    bad = replace(reading().entities[0], wikidata='Q1" onclick="x')
    assert not any("onclick" in href for href in parsed(reading(entities=(bad,))).links)


@pytest.mark.parametrize(
    "char", ["\x00", "\x1b", "\x07", "\x7f", "\x9b", "\u202e", "\u2066", "\u2069", "\ufeff", "\ud83d"]
)
def test_obeyed_characters_are_shown_and_keep_their_place(char: str) -> None:
    text = f"Peru{char} lobte {char}Ghana."
    span = at(f"lobte {char}Ghana", text)
    content = page([only(text, span, title=f"a{char}b", publisher=f"c{char}d", name=f"e{char}")])
    assert char not in content
    assert f"U+{ord(char):04X}" in content
    content.encode("utf-8")
    found = Page(content)
    (card,) = found.cards.values()
    (words,) = found.words(card["data-s"])
    assert len(words) == span[1] - span[0]
    assert words.startswith("lobte ")
    assert words.endswith("Ghana")


def test_joiners_and_directions_stay() -> None:
    text = "می‌خواهد 👩🏽‍🚀 שלום\u200f."
    assert visible(text) == text


def test_right_to_left_text_has_its_own_direction() -> None:
    text = "قال الوزير: «نعم»."
    found = parsed(only(text, at("الوزير", text), language="ar"))
    assert found.words(next(iter(found.cards.values()))["data-s"]) == ["الوزير"]
    assert '<p dir="auto">' in page([only(text)])


def test_policy_allows_only_the_own_style_and_script() -> None:
    content = page([reading()])
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', content)
    assert policy
    rules = policy[1].replace("&#39;", "'")
    assert "default-src 'none'" in rules
    assert "unsafe" not in rules
    for tag in ("style", "script"):
        body = re.search(rf"<{tag}>(.*?)</{tag}>", content, re.S)
        assert body
        digest = base64.b64encode(hashlib.sha256(body[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in rules


def test_nothing_is_fetched() -> None:
    content = page([reading(), poisoned("x")])
    assert not re.search(r"<(link|img|iframe|object|embed|base|audio|video)\b", content)
    assert not re.search(r"\bsrc=|@import|url\(", content)


def test_json_can_be_taken_along() -> None:
    one = reading()
    assert json.loads(parsed(one).scripts[0]) == json.loads(json.dumps(as_json(one, min_confidence=0.5)))


@given(st.text())
def test_json_in_a_script_reads_back(text: str) -> None:
    printed = in_script({"text": text})
    assert "<" not in printed
    assert json.loads(printed) == {"text": text}


# --- what is shown ----------------------------------------------------------------------------------------------------


def words_of(content: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", content).replace("\xa0", " ").split())


def card(content: str, anchor: str) -> str:
    found = re.search(rf'<article class="card[^>]*id="{re.escape(anchor)}".*?</article>', content, re.S)
    assert found
    return words_of(found[0]).replace("&nbsp;", " ")


def test_cards_say_who_what_and_when() -> None:
    one = reading()
    content = page([one])
    long, inner, site = (card(content, one.statements[i].id) for i in (1, 2, 3))
    assert "97 % Ragna Sollid NOR" in long
    assert "wörtlich" in long
    assert "an Ragna Sollid" in inner
    assert "sagt Ragna Sollid" in inner
    assert "ungenannte Quelle" in site
    assert "Ragna Sollid NOR ↔ Tomás Ugarte CHL Gespräch CONSULT" in card(content, one.events[0].id)
    assert "2. Juli 2024 Punta Arenas Gespräch Diplomatie" in card(content, one.events[0].id)
    assert "Tomás Ugarte CHL → Norwegen NOR" in card(content, one.events[1].id)
    assert "geplant bis 31. Dezember 2030" in card(content, one.events[2].id)
    pledge = card(content, one.commitments[1].id)
    assert "Norwegen NOR Zusage unsere Mittel für die Polarforschung verdoppeln" in pledge
    assert "Frist bis 31. Dezember 2028 bis 2028 Zielgröße 2× Mittel Bedingung sofern beide" in pledge
    assert "sagt Ragna Sollid" in pledge
    trade = card(content, one.figures[0].id)
    assert "etwa 1,4 Mrd. USD +12 % gegenüber 2022 Handel Norwegen NOR , Chile CHL 2023 berichtet" in trade
    assert "daraus folgt vorher 1,25 Mrd. USD" in trade
    assert "1,1 Mrd." in words_of(content)


def test_english_items_have_an_english_page() -> None:
    one = reading()
    content = page([replace(one, document=replace(one.document, language="en"))])
    assert '<html lang="en">' in content
    trade = card(content, one.figures[0].id)
    assert "about 1.4 billion USD +12% on 2022 trade" in trade
    assert "quoted" in card(content, one.statements[1].id)


@pytest.mark.parametrize("language", [None, "fr", "xx"])
def test_other_languages_leave_it_to_the_browser(language: str | None) -> None:
    one = reading()
    assert '<html lang="en" data-guess>' in page([replace(one, document=replace(one.document, language=language))])


def test_the_words_of_the_interface_are_complete() -> None:
    content = json.loads((files("communique") / "data" / "view" / "words.json").read_text("utf-8"))
    languages = set(content["languages"])
    assert all(set(row) == languages and all(row.values()) for row in content["words"].values())
    used = set(re.findall(r'data-t(?:-[a-z-]+)?="([^"]+)"', page([reading(), only("x")]) + page([])))
    assert used <= set(content["words"])


@pytest.mark.parametrize(
    ("start", "end", "precision", "shown"),
    [
        ("2024-07-02", "2024-07-02", "day", "2. Juli 2024"), ("2024-07-01", "2024-07-31", "month", "Juli 2024"),
        ("2024-04-01", "2024-06-30", "quarter", "2. Quartal 2024"), ("2023-01-01", "2023-12-31", "year", "2023"),
        ("2024-07-02", "2024-07-04", "day", "2. Juli 2024 – 4. Juli 2024"),
        ("2024-07-02", None, "day", "ab 2. Juli 2024"), ("2024-99-01", None, None, "ab 2024-99-01"),
        (None, "2030-12-31", "year", "bis 31. Dezember 2030"), ("soon", "soon", None, "soon"),
    ],
)  # fmt: skip
def test_periods(start: str | None, end: str | None, precision: str | None, shown: str) -> None:
    figure = replace(reading().figures[0], start=start, end=end, precision=precision)
    assert f"Chile CHL {shown} berichtet" in card(page([reading(figures=(figure,))]), figure.id)


@pytest.mark.parametrize(
    ("value", "upper", "unit", "shown"),
    [
        (41e9, None, "USD", "41 Mrd. USD"), (1.5e12, None, "EUR", "1,5 Bio. EUR"),
        (12_500, None, "persons", "12.500 Personen"), (-2.25, None, "%", "-2,25 %"),
        (3.0e6, 5.0e6, "EUR", "3–5 Mio. EUR"), (900_000, 1.2e6, "EUR", "900.000–1,2 Mio. EUR"),
        (2.0, None, "x", "2×"), (7, None, None, "7"), (0.00001, None, "t", "1e-05 Tonnen"),
        (float("inf"), None, "t", "inf Tonnen"),
    ],
)  # fmt: skip
def test_amounts(value: float, upper: float | None, unit: str | None, shown: str) -> None:
    figure = replace(reading().figures[0], value=value, value_max=upper, unit=unit, bound="exact", change=None)
    assert f"Handel zwischen beiden Ländern {shown} Handel" in card(page([reading(figures=(figure,))]), figure.id)


def test_records_below_the_confidence_are_left_out() -> None:
    one = reading()
    found = parsed(one, least=0.9)
    shown = {i for i in found.cards if not i.startswith("?")}
    everything = (*one.statements, *one.events, *one.commitments, *one.figures)
    assert shown == {r.id for r in everything if r.confidence >= 0.9}
    assert all(f"#{r.id}" not in found.links for r in everything if r.confidence < 0.9)


def test_a_statement_left_out_still_says_who_asserts() -> None:
    one = reading()
    low = replace(one.statements[1], confidence=0.2)
    content = page([replace(one, statements=(low,))])
    assert "sagt Ragna Sollid" in card(content, one.commitments[1].id)
    assert f"#{low.id}" not in Page(content).links


def test_nested_statements_follow_their_parent_and_rings_are_flat() -> None:
    a, b, c, _ = reading().statements
    tree = [replace(c, id="3", within="1"), replace(a, id="1", within=None), replace(b, id="2", within="3")]
    assert [(s.id, depth) for s, depth in nested(tree)] == [("1", 0), ("3", 1), ("2", 2)]
    ring = [replace(a, id="1", within="2"), replace(b, id="2", within="1"), replace(c, id="3", within="3")]
    assert sorted((s.id, depth) for s, depth in nested(ring)) == [("1", 0), ("2", 0), ("3", 0)]


# --- odd readings -----------------------------------------------------------------------------------------------------


def test_no_items() -> None:
    assert "No items." in page([])


def test_an_item_that_could_not_be_read() -> None:
    failed = Reading(
        Document("", origin={"path": "<gone>.txt"}), problems=(Problem("file", "document", "Not <there>."),)
    )
    content = page([failed])
    assert "Not &lt;there&gt;." in content
    assert "This item could not be read." in content
    assert "&lt;gone&gt;.txt" in content


def test_text_without_records() -> None:
    assert "In diesem Text wurde nichts gefunden." in page([Reading(Document("Nichts.", language="de"))])


def test_copies_of_one_item_have_anchors_of_their_own() -> None:
    found = parsed(reading(), reading(), only("x", (0, 1)), poisoned("page-save"))
    assert len(found.ids) == len(set(found.ids))
    assert {href[1:] for href in found.links if href.startswith("#")} <= set(found.ids)


def test_several_items_have_a_list() -> None:
    content = page([reading(), only("Peru lobte Ghana.", (0, 4), name="Zweite", published="2024-07")])
    assert "1</span> / 2" in content
    assert "Zweite" in content


def colours() -> Sequence[tuple[str, str, str]]:
    style = (files("communique") / "data" / "view" / "page.css").read_text("utf-8")
    return re.findall(r"--(\w+): light-dark\((#\w{6}), (#\w{6})\)", style)


def brightness(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1])
def test_colours_stand_out_from_paper_and_card(scheme: int) -> None:
    known = {name: pair[scheme] for name, *pair in colours()}
    for name in ("ink", "soft", "statements", "events", "commitments", "figures", "entities", "problems"):
        for ground in ("paper", "card"):
            bright, dark = sorted((brightness(known[name]), brightness(known[ground])), reverse=True)
            assert (bright + 0.05) / (dark + 0.05) >= 4.5, (name, ground)
