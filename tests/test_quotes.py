"""Quotation marks: pairs of every kind, nesting, apostrophes, odd numbers, paragraphs, and worst cases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from communique.reading.layout.quotes import find_quotes

MARKS = "„“”\"«»‚‘’'‹›`,"


def inner(text: str) -> list[str]:
    return [text[quote.inner[0] : quote.inner[1]] for quote in find_quotes(text)]


def shown(text: str) -> list[tuple[str, int, bool]]:
    return [(text[q.inner[0] : q.inner[1]], q.level, q.closed) for q in find_quotes(text)]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("„", "“"), ("„", "”"), ("„", '"'), ("“", "”"), ("“", '"'), ("“", "“"), ('"', '"'), ('"', "“"), ('"', "”"),
        ("”", "”"), ("”", "“"), ("»", "«"), ("«", "»"), ("»", "»"), ("‚", "‘"), ("‘", "’"), ("'", "'"), ("‹", "›"),
        ("›", "‹"), ("``", "''"), (",,", "''"), (",,", "“"),
    ],
)  # fmt: skip
def test_pairs(opening: str, closing: str) -> None:
    text = f"Er sagte {opening}ja{closing} und ging. {opening}Nein{closing}, sagte sie."
    assert shown(text) == [("ja", 0, True), ("Nein", 0, True)]


def test_outer_spans_hold_the_marks() -> None:
    text = "Sie rief: „Halt!“"
    (quote,) = find_quotes(text)
    assert text[quote.outer[0] : quote.outer[1]] == "„Halt!“"


def test_spaced_guillemets() -> None:
    assert inner("« Oui », dit-il. « Non. »") == ["Oui", "Non."]


def test_quotation_cut_in_two_is_two() -> None:
    assert inner('"Wir", sagte er, "kommen."') == ["Wir", "kommen."]


@pytest.mark.parametrize(
    "text",
    ["„Er sagte ‚nein‘ und ging“", "“He said ‘nein’ und ging”", "\"Er sagte 'nein' und ging\"", "»Er sagte ›nein‹ und«",
     "‘He said “nein” and left’", "„Er sagte \"nein\" und ging“", "„Er sagte »nein« und ging“"],
)  # fmt: skip
def test_nested(text: str) -> None:
    assert [(level, closed) for _, level, closed in shown(text)] == [(0, True), (1, True)]
    assert inner(text)[1] == "nein"


def test_nested_at_the_edges() -> None:
    assert shown("\"'Nein', sagte er\", sagte sie.") == [("'Nein', sagte er", 0, True), ("Nein", 1, True)]
    assert shown("»Wir« und „Er sagte ‚nie‘“ da") == [("Wir", 0, True), ("Er sagte ‚nie‘", 0, True), ("nie", 1, True)]


@pytest.mark.parametrize(
    "text",
    ["Xi’s and Xi's plan", "rock ’n’ roll and rock 'n' roll", "in the ’90s and '80s", "the leaders' meeting",
     "Das geht's nicht", "He is 6' 2\" tall", "He is 6’2” tall", "a 5\" disk", "52° 31' 12\" north",
     "D'Artagnan's", "Hans' Haus"],
)  # fmt: skip
def test_apostrophes_and_measures_are_none(text: str) -> None:
    assert inner(text) == []


def test_apostrophes_inside_quotations() -> None:
    assert inner("'We go to the leaders' summit,' he said, 'and stay.'") == [
        "We go to the leaders' summit,",
        "and stay.",
    ]
    assert inner("‘Nobody’s perfect’, she said.") == ["Nobody’s perfect"]
    assert inner('He is 6\' 2" tall and said "yes".') == ["yes"]
    assert inner('"It was in 2024" he said') == ["It was in 2024"]


def test_unclosed_ends_with_its_paragraph() -> None:
    assert shown('"Wir gehen, sagte er.\nEr ging dann.') == [("Wir gehen, sagte er.", 0, False)]
    assert shown("Er sagte: „Nein.\n\n„Ja“, sagte sie, „und nein.“")[-1] == ("und nein.", 0, True)


def test_unclosed_within_a_closed_one_ends_with_it() -> None:
    assert shown("»Er sagte „nein und ging«") == [("Er sagte „nein und ging", 0, True), ("nein und ging", 1, False)]


def test_stray_closing_mark_is_none() -> None:
    assert inner("Er ging.“ Dann „kam“ er.") == ["kam"]


@pytest.mark.parametrize("mark", ['"', "“", "„"])
def test_continuing_mark_at_the_start_of_a_paragraph(mark: str) -> None:
    closing = {'"': '"', "“": "”", "„": "“"}[mark]
    text = f"{mark}We go home.\n\n{mark}We stay there,{closing} he said. {mark}Both.{closing}"
    assert shown(text) == [(f"We go home.\n\n{mark}We stay there,", 0, True), ("Both.", 0, True)]


def test_quotation_over_paragraphs_without_continuing_mark() -> None:
    assert shown("„Wir gehen.\nUnd bleiben.\nUnd gehen“, sagte er.") == [
        ("Wir gehen.\nUnd bleiben.\nUnd gehen", 0, True)
    ]


def test_closed_with_a_thin_space_and_full_stop() -> None:
    assert shown("He said \"it felt like 'am I?'\u2009\". She nodded.")[0] == ("it felt like 'am I?'", 0, True)


def test_opening_with_dots() -> None:
    assert inner('"...und dann", sagte er, "… ging er."') == ["...und dann", "… ging er."]


def test_empty_quotations_are_none() -> None:
    assert find_quotes('""') == ()
    assert find_quotes("„ “") == ()


@given(st.text(alphabet=st.sampled_from(MARKS + "ab5 .\n-("), max_size=80))
def test_offsets_lie_in_the_text_and_nest(text: str) -> None:
    quotes = find_quotes(text)
    for quote in quotes:
        assert 0 <= quote.outer[0] < quote.inner[0] < quote.inner[1] <= quote.outer[1] <= len(text)
        assert text[quote.inner[0] : quote.inner[1]].strip() == text[quote.inner[0] : quote.inner[1]]
        around = [q for q in quotes if q.outer[0] < quote.outer[0] < q.outer[1]]
        assert quote.level == len(around)
        assert all(q.outer[1] >= quote.outer[1] for q in around)
    assert [q.outer[0] for q in quotes] == sorted(q.outer[0] for q in quotes)


@pytest.mark.parametrize("unit", ['"', "„", '" ', "(«„", '"\n', "„a\n", "a' ", "'a", "''", "``a", "s' a", "’n’"])
def test_worst_cases_are_linear(unit: str) -> None:
    text = unit * (300_000 // len(unit))
    assert all(quote.outer[1] <= len(text) for quote in find_quotes(text))
