"""Times: every rule's examples, forms and conventions in both languages, relations, traps, bad dates, worst cases."""

import json
from bisect import bisect_left
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from communique.lexicon import lexicon
from communique.reading.encode import Encoded, Sentence
from communique.reading.layout.quotes import find_quotes
from communique.reading.times import find_times
from communique.reading.times.calendar import when_of
from communique.reading.times.grammar import compile_grammar
from communique.records import Document, Time
from communique.text import sentences, tokenize

DAY = date(2024, 7, 4)  # a Thursday
FOLDER = Path(__file__).resolve().parent.parent / "knowledge" / "lexicon"
LANGUAGES = ("de", "en")
MONTHS = {
    "de": [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}


def encoded(text: str, language: str, day: date | None = DAY) -> Encoded:
    tokens = tuple(tokenize(text))
    spans = sentences(text, language) if len(text) < 2_000 else [(0, len(text))]
    starts = tuple(token.start for token in tokens)
    made = tuple(Sentence(s, e, bisect_left(starts, s), bisect_left(starts, e), 0) for s, e in spans)
    quotes = find_quotes(text) if len(text) < 2_000 else ()
    starting = tuple(sentence.start for sentence in made)
    return Encoded(Document(text), language, lexicon(language), tokens, made, quotes, day, starts, starting)


def times(text: str, language: str, day: date | None = DAY) -> tuple[Time, ...]:
    return find_times(encoded(text, language, day))


def values(text: str, language: str, day: date | None = DAY) -> str:
    return " ".join(time.value for time in times(text, language, day))


def rules(language: str) -> list[dict[str, Any]]:
    content: dict[str, Any] = yaml.safe_load((FOLDER / language / "times.yaml").read_text("utf-8"))
    return list(content["rules"])


EXAMPLES = [
    (lang, text, want) for lang in LANGUAGES for rule in rules(lang) for text, want in rule.get("eg", {}).items()
]
COUNTER_EXAMPLES = [(lang, text) for lang in LANGUAGES for rule in rules(lang) for text in rule.get("not", [])]


@pytest.mark.parametrize(("language", "text", "want"), EXAMPLES)
def test_example_of_a_rule(language: str, text: str, want: str) -> None:
    assert values(text, language) == want


@pytest.mark.parametrize(("language", "text"), COUNTER_EXAMPLES)
def test_counter_example_of_a_rule(language: str, text: str) -> None:
    assert times(text, language) == ()


def test_every_rule_has_an_example() -> None:
    assert [r["if"] for lang in LANGUAGES for r in rules(lang) if not r.get("eg") and not r.get("not")] == []


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("Sie wollen den Handel bis 2030 verdoppeln.", "2030"),
        ("Am Mittwoch trafen sie sich in Astana, am Freitag soll es weitergehen.", "2024-07-03 2024-07-05"),
        ("Der Gipfel ist für Montag geplant.", "2024-07-08"),
        ("Das Abkommen tritt ab Oktober in Kraft.", "2024-10"),
        ("Er war seit Oktober im Amt.", "2023-10"),
        ("Im Feber kam er, im Jänner auch.", "2024-02 2024-01"),
        ("In der Nacht zum Dienstag fielen Schüsse.", "2024-07-02"),
        ("Der Rat tagt in der kommenden Woche.", "2024-W28"),
        ("Er lehnte jetzt ab, will aber bald kommen.", "PRESENT_REF FUTURE_REF"),
        ("Er sprach am Samstagabend.", "2024-06-29TEV"),
        ("Sie einigten sich auf anderthalb Jahre.", "P1.5Y"),
        ("Er bleibt ein halbes Jahr.", "P0.5Y"),
        ("Sie tagten zweieinhalb Stunden.", "PT2H30M"),
        ("Seit den 1990er Jahren und im 19. Jahrhundert war es so.", "199 18"),
        ("An Ostern 2025 kam er, an Heiligabend 2023 nicht.", "2025-04-20 2023-12-24"),
        ("Im zweiten Quartal 2024 stieg er, im ersten Halbjahr 2023 auch.", "2024-Q2 2023-H1"),
        ("Der Vertrag gilt vom 1. Januar 2025 bis zum 31. Dezember 2026.", "2025-01-01 2026-12-31"),
    ],
)
def test_german(text: str, want: str) -> None:
    assert values(text, "de") == want


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("They want to double trade by 2030.", "2030"),
        ("They met in Astana on Wednesday and will meet again on Friday.", "2024-07-03 2024-07-05"),
        ("The summit is scheduled for Monday.", "2024-07-08"),
        ("He said on Friday he can declare an emergency.", "2024-06-28"),
        ("The troops will leave by mid-September.", "2024-09"),
        ("They grew in the fourth quarter of 2023 and in early 2024.", "2023-Q4 2024"),
        ("He was hurt last month and died yesterday.", "2024-06 2024-07-03"),
        ("He came two weeks ago, she came in the 1970s.", "2024-W25 197"),
        ("He previously said it will come soon.", "PAST_REF FUTURE_REF"),
        ("He stayed for years, she stayed for half an hour.", "PXY PT0.5H"),
        ("It runs every ten years and takes a fortnight.", "P10Y P2W"),
        ("He left on New Year's Day and came on Thanksgiving 2023.", "2024-01-01 2023-11-23"),
    ],
)
def test_english(text: str, want: str) -> None:
    assert values(text, "en") == want


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Die Expo 2017, die COP29, Agenda 2030, Resolution 2231 und Artikel 5."),
        ("de", "Es kamen 2000 Soldaten für 1.950 Euro und 1998 Dollar."),
        ("de", "Der 44-jährige Minister ist 61 Jahre alt."),
        ("de", "Er siegte mit 24:31 und 3:2."),
        ("de", "Die Kaffeebohnen und der Mais wachsen."),
        ("en", "Expo 2017, COP29, Agenda 2030, Resolution 2231 and Article 5."),
        ("en", "They sent 2000 soldiers for 1,950 euros and 1998 dollars."),
        ("en", "He may march on. The 53-year-old minister is second."),
        ("en", "USA Today and the Thirty Years' War."),
    ],
)
def test_names_and_numbers_are_no_times(language: str, text: str) -> None:
    assert times(text, language) == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Am 31. Februar 2024 um 25:61 Uhr."),
        ("de", "Am 45.13.2024 und 2024-13-45, am 00.00.0000, am 31.04.2024."),
        ("en", "On February 30, 2024 at 25:61, on 2024-13-45, on 31 April."),
        ("de", "Am 3. " * 40),
        ("en", "the the 32nd of of May-"),
    ],
)
def test_bad_dates_yield_no_day(language: str, text: str) -> None:
    assert [time for time in times(text, language) if time.when.precision == "day"] == []


@pytest.mark.parametrize(
    ("language", "text", "want"),
    [
        ("de", "Sie wollen den Handel bis 2030 verdoppeln.", ("by", "bis", "2030-01-01", "2030-12-31")),
        ("de", "Bis 2010 war er Minister.", ("until", "Bis", "2010-01-01", "2010-12-31")),
        ("de", "Ab 2025 gilt das.", ("from", "Ab", "2025-01-01", "2025-12-31")),
        ("de", "Seit dem 3. Mai gilt das.", ("since", "Seit dem", "2024-05-03", "2024-05-03")),
        ("de", "Binnen 90 Tagen müssen sie gehen.", ("by", "Binnen", None, "2024-10-02")),
        ("de", "Er kam vor drei Jahren.", ("in", "vor", "2021-01-01", "2021-12-31")),
        ("de", "Bis spätestens Ende 2025 soll es fertig sein.", ("by", "Bis spätestens", "2025-12-31", "2025-12-31")),
        ("en", "They must go within 90 days.", ("by", "within", None, "2024-10-02")),
        ("en", "It is done by the end of the year.", ("by", "by", "2024-09-01", "2024-12-31")),
        ("en", "It runs until June 30, 2026.", ("until", "until", "2026-06-30", "2026-06-30")),
        ("en", "It applies from 1 May 2025.", ("from", "from", "2025-05-01", "2025-05-01")),
        ("en", "He has been here since 2010.", ("since", "since", "2010-01-01", "2010-12-31")),
        ("en", "It rained for six months.", ("in", "for", None, None)),
        ("en", "Yesterday he came.", (None, None, "2024-07-03", "2024-07-03")),
    ],
)
def test_relation_and_days(language: str, text: str, want: tuple[str | None, ...]) -> None:
    (time,) = times(text, language)
    trigger = text[time.trigger[0] : time.trigger[1]] if time.trigger else None
    assert (time.relation, trigger, time.when.start, time.when.end) == want


def test_without_a_day_of_publication_nothing_is_made_up() -> None:
    text = "Am Mittwoch kam er, gestern auch, letzte Woche nicht, im Mai, am 3. Mai, im Sommer, am Vortag, um 20 Uhr."
    want = "XXXX-WXX-3 PAST_REF PAST_REF XXXX-05 XXXX-05-03 XXXX-SU XXXX-XX-XX T20:00"
    assert values(text, "de", None) == want
    assert {time.when.start for time in times(text, "de", None)} == {None}
    text = "On Wednesday, yesterday, last week, in May, on 3 May, last summer, next year."
    assert values(text, "en", None) == "XXXX-WXX-3 PAST_REF PAST_REF XXXX-05 XXXX-05-03 XXXX-SU FUTURE_REF"


def test_span_and_type() -> None:
    text = "Er kam am Mittwoch, dem 3. Juli 2024, um 14.30 Uhr für zwei Wochen und schreibt täglich."
    found = [(text[t.span[0] : t.span[1]], t.type, t.value) for t in times(text, "de")]
    assert found == [
        ("Mittwoch, dem 3. Juli 2024", "DATE", "2024-07-03"),
        ("14.30 Uhr", "TIME", "2024-07-03T14:30"),
        ("zwei Wochen", "DURATION", "P2W"),
        ("täglich", "SET", "P1D"),
    ]


def test_a_quotation_is_of_the_day_named_before_it() -> None:
    text = 'On Monday, the minister told the house: "Today we have signed the treaty at last."'
    assert values(text, "en") == "2024-07-01 2024-07-01"


def test_particles_of_argument_are_no_times_in_essays() -> None:
    essay = "Der Wettbewerb allein genügt nun gewiss nicht. " * 80
    assert times(essay, "de") == ()
    assert values("Am Mittwoch war Ruhe. Nun wird wieder gestreikt.", "de") == "2024-07-03 PRESENT_REF"


def test_a_line_end_parts_expressions() -> None:
    assert values("Besuch am 3.\nJuli war heiß, sagte er.", "de") == "2024-07"


@given(st.dates(date(1583, 1, 1), date(2199, 12, 31)), st.sampled_from(LANGUAGES))
def test_printed_dates_are_read_back(day: date, language: str) -> None:
    month = MONTHS[language][day.month - 1]
    forms = {
        "de": [
            f"{day.day}. {month} {day.year}", f"{day.day:02d}.{day.month:02d}.{day.year}",
            f"{day.day}. {day.month}. {day.year}", f"{day.day}.{day.month}.{day.year}", day.isoformat(),
        ],
        "en": [
            f"{month} {day.day}, {day.year}", f"{day.day} {month} {day.year}", f"{month} {day.day} {day.year}",
            f"the {day.day}th of {month}, {day.year}", f"{day.month:02d}/{day.day:02d}/{day.year}", day.isoformat(),
        ],
    }  # fmt: skip
    frame = {"de": "Es geschah am {} in Bonn.", "en": "It happened on {} in Bonn."}[language]
    for form in forms[language]:
        (time,) = times(frame.format(form), language)
        assert (time.value, time.when.start, time.when.end) == (day.isoformat(), day.isoformat(), day.isoformat())


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)), st.integers(0, 6), st.booleans())
def test_weekdays_are_near_and_on_their_side(day: date, weekday: int, ahead: bool) -> None:
    name = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"][weekday]
    (time,) = times(f"Er {'wird kommen' if ahead else 'kam an'} am {name}.", "de", day)
    found = date.fromisoformat(time.value)
    assert found.weekday() == weekday
    assert timedelta(0) <= (found - day if ahead else day - found) < timedelta(7)


@given(st.text(alphabet="0123456789.-/:' ()\n%€dermaizlvobUhjtuk", max_size=120), st.sampled_from(LANGUAGES))
def test_any_text_is_read_without_error_and_in_order(text: str, language: str) -> None:
    found = times(text, language)
    spans = [time.span for time in found]
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    assert all(time.when.start is None or date.fromisoformat(time.when.start) for time in found)


@pytest.mark.parametrize("piece", ["1 1 1 1 ", "am am am ", "in in in ", "bis zum ", "Ende des ", "( ( ", "10:10:"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_long_repetition_is_read(piece: str, language: str) -> None:
    text = piece * (100_000 // len(piece)) + " 2024-07-03"
    assert times(text, language)[-1].value == "2024-07-03"


def test_a_third_language_is_data_alone() -> None:
    source = {
        "words": {"month": {"juillet": 7}, "relday": {"hier": -1}},
        "rules": [
            {"if": "d:day month year?", "as": "date"},
            {"if": "relday:offset", "as": "day"},
        ],
        "relations": [{"relation": "by", "words": ["jusqu'au", "avant le"]}],
    }
    text = "Il reste avant le 14 juillet 2025, hier encore."
    made = encoded(text, "en")
    grammar = compile_grammar(json.loads(json.dumps(source)))
    found = find_times(made, grammar)
    assert [(time.value, time.relation) for time in found] == [("2025-07-14", "by"), ("2024-07-03", None)]


def test_unknown_category_is_one_clear_error() -> None:
    with pytest.raises(ValueError, match="no word has the category 'lune'"):
        compile_grammar({"words": {}, "rules": [{"if": "lune", "as": "date"}]})


def test_no_lexicon_no_times() -> None:
    assert times("Il vient le 3 juillet 2024.", "fr") == ()


@pytest.mark.parametrize(
    ("value", "want"),
    [
        ("2024-07-03", ("2024-07-03", "2024-07-03", "day")),
        ("2024-W01", ("2024-01-01", "2024-01-07", "week")),
        ("2024-W26-WE", ("2024-06-29", "2024-06-30", "day")),
        ("2024-02", ("2024-02-01", "2024-02-29", "month")),
        ("2024-H1", ("2024-01-01", "2024-06-30", "half")),
        ("2023-WI", ("2023-12-01", "2024-02-29", "quarter")),
        ("2024-07-03TEV", ("2024-07-03", "2024-07-03", "day")),
        ("19", ("1900-01-01", "1999-12-31", "decade")),
        ("2024-02-31", (None, None, None)),
        ("9999-WI", (None, None, None)),
        ("0000", (None, None, None)),
        ("PRESENT_REF", (None, None, None)),
    ],
)
def test_days_of_a_value(value: str, want: tuple[str | None, ...]) -> None:
    when = when_of(value)
    assert (when.start, when.end, when.precision) == want
