"""Figures: which quantities become one, with value, change, period, parties and rank; and sums that don't fit."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.lexicon import lexicon
from communique.reading.figures import find_figures
from communique.reading.figures.arithmetic import doubt, half_step
from communique.reading.figures.topics import topics_for
from communique.reading.layout import encode
from communique.reading.named import Named, Reference
from communique.reading.quantities import find_quantities
from communique.reading.quantities.amounts import NEUTRAL
from communique.records import Actor, Change, Document, Entity, Figure, Problem, Time, When

STATES = {
    "de": {"Ghana": "GHA", "Ghanas": "GHA", "Togo": "TGO", "Togos": "TGO", "ghanaische": "GHA", "Polen": "POL"},
    "en": {"Ghana": "GHA", "Togo": "TGO", "Ghanaian": "GHA", "Mexico": "MEX", "Poland": "POL", "African Union": "AU"},
}


def named_in(text: str, language: str) -> Named:
    """References to the states of the test's own little world."""
    references = []
    for word, code in STATES[language].items():
        for match in re.finditer(rf"\b{word}\b", text):
            actor = Actor(code, "GOV", code.lower(), word, match.span())
            references.append(
                Reference(match.span(), match.span(), (actor,), "adjective" if word.islower() else "name")
            )
    kinds = {"AU": "igo"}
    codes = sorted({a.code for r in references for a in r.actors if a.code})
    entities = [Entity(c.lower(), kinds.get(c, "state"), c, c, None, c, None, (), 1.0, "") for c in codes]
    return Named.of(entities, [], references)


def years_in(text: str) -> tuple[Time, ...]:
    """The bare years of a text, and terms for the year before, as the stage of times finds them."""
    found = [
        Time(m.span(), "DATE", m.group(), When(f"{m.group()}-01-01", f"{m.group()}-12-31", "year"))
        for m in re.finditer(r"\b(?:19|20)\d\d\b", text)
    ]
    before = When("2000-01-01", "2000-12-31", "year")
    found += [Time(m.span(), "DATE", "2000", before) for m in re.finditer(r"Vorjahr|the previous year", text)]
    return tuple(sorted(found, key=lambda t: t.span))


def read(text: str, language: str) -> tuple[tuple[Figure, ...], tuple[Problem, ...]]:
    encoded, _ = encode(Document(text=text, text_id="0" * 16, language=language))
    times = years_in(text)
    return find_figures(encoded, find_quantities(encoded, times), times, named_in(text, language))


def plain(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.10g}"


def notation(text: str, language: str) -> list[str]:
    """Each figure as 'indicator value[..max] unit [bound] [status] [±n %] [#rank] SUBJECTS→COUNTERPARTS [period]'."""
    return [_line(figure) for figure in read(text, language)[0]]


def _line(figure: Figure) -> str:
    value = "-" if figure.value is None else plain(figure.value)
    value += "" if figure.value_max is None else f"..{plain(figure.value_max)}"
    change = figure.change
    parts = [figure.indicator, value, figure.unit or ""]
    parts += [x for x in (figure.bound, figure.status) if x not in ("exact", "range", "reported")]
    parts += [f"{change.percent:+g}%"] if change and change.percent is not None else []
    parts += [f"{change.absolute:+.0f}"] if change and change.absolute is not None else []
    parts += [f"#{figure.rank}"] if figure.rank else []
    codes = "+".join(str(a.code) for a in figure.subjects)
    codes += "→" + "+".join(str(a.code) for a in figure.counterparts) if figure.counterparts else ""
    return " ".join([*parts, codes, figure.start or ""]).strip()


GERMAN = {
    "Der Handel zwischen Ghana und Togo stieg 2019 um 8 Prozent auf 620 Mio. Euro.": [
        "trade 620000000 EUR +8% GHA+TGO 2019-01-01"
    ],
    "Ghanas Exporte nach Togo sanken 2020 auf 41,5 Millionen Dollar.": ["exports 41500000 USD GHA→TGO 2020-01-01"],
    "Ghana führte 2021 Waren aus Togo für 3 Mrd. Yen ein; die Einfuhren wuchsen um ein Viertel.": [
        "imports 3000000000 JPY GHA→TGO 2021-01-01",
        "imports - % +25% GHA 2021-01-01",
    ],
    "Bei dem Anschlag in Togo wurden mindestens zwölf Soldaten getötet und 30 verletzt.": [
        "casualties_killed 12 persons at_least TGO",
        "casualties_injured 30 persons TGO",
    ],
    "Togo will die Zahl der Stipendien von 120 auf 300 erhöhen.": [
        "scholarships 120 scholarships target TGO",
        "scholarships 300 scholarships target +180 TGO",
    ],
    "Die Staatsschuld Ghanas wird auf 9 bis 11 Milliarden Euro geschätzt.": [
        "debt 9000000000..11000000000 EUR estimated GHA"
    ],
    "Die Partei gewann in Ghana 44 der 101 Sitze mit 41 Prozent der Stimmen.": [
        "seats 44 seats GHA",
        "seats 101 seats GHA",
        "vote_share 41 % GHA",
    ],
    "Die Inflation in Ghana sank auf 4,5 Prozent.": ["inflation 4.5 % GHA"],
    "Tausende demonstrierten in Togo.": ["protesters 1000 persons at_least TGO"],
    "Ein Drittel der Flüchtlinge kam aus Togo.": ["refugees 33.33 % TGO"],
    "Polen liefert Ghana 40 Kampfflugzeuge und zwei Patrouillenboote.": [
        "aircraft 40 aircraft POL",
        "ships 2 boats POL",
    ],
    "Ghana fördert 200.000 Barrel Öl am Tag.": ["oil_output 200000 barrels/day GHA"],
}

ENGLISH = {
    "Trade between Ghana and Togo rose 8 percent in 2019 to 620 million euros.": [
        "trade 620000000 EUR +8% GHA+TGO 2019-01-01"
    ],
    "Exports of Ghana to Togo grew from 3.1 to 4.4 billion dollars.": [
        "exports 3100000000 USD GHA→TGO",
        "exports 4400000000 USD +1300000000 GHA→TGO",
    ],
    "Ghana pledged $40 million in aid for Togo.": ["aid 40000000 USD GHA→TGO"],
    "The attack in Togo killed five and wounded 110.": [
        "casualties_killed 5 persons TGO",
        "casualties_injured 110 persons TGO",
    ],
    "Exports fell by a third in Ghana.": ["exports - % -33.33% GHA"],
    "Inflation in Ghana is expected to reach 7 percent in 2026.": ["inflation 7 % forecast GHA 2026-01-01"],
    "Poland has 3,400 soldiers in Ghana, up from 2,900.": ["troops 3400 persons POL", "troops 2900 persons POL"],
    "The African Union, with 14 of its 55 members voting against, adopted it.": [
        "votes 14 votes AU",
        "votes 55 votes AU",
    ],
    "The fee in Mexico rises to 250 pesos.": ["money 250 MXN MEX"],
    "Poland was the second-largest donor in 2022, with aid of 310 million zlotys.": [
        "aid 310000000 PLN #2 POL 2022-01-01"
    ],
    "A liter of petrol costs 80 cents in Poland.": ["costs 0.8 USD POL"],
}

NONE = {
    "de": [
        "Die beiden Länder wollen den Handel verdoppeln.",
        "Der 58-jährige Minister reist seit drei Tagen durch Togo.",
        "Am 3. Juli 2023 begann um 11:30 Uhr die 24. Sitzung.",
        "Die drei Länder verstehen sich, sagte eine Frau.",
        "Die Stadt liegt 40 Kilometer nördlich von Accra.",
        "Das Treffen ist das fünfte; sie sprachen zwei Stunden über vier Themen.",
    ],
    "en": [
        "The two countries want to double trade.",
        "The 58-year-old minister spent three days in Togo.",
        "One of the leaders left on July 3, 2023, at 11:30 a.m.",
        "It lies 40 miles north of Accra.",
        "They held four rounds of talks in two hours.",
    ],
}


@pytest.mark.parametrize(("text", "expected"), GERMAN.items())
def test_german(text: str, expected: list[str]) -> None:
    assert notation(text, "de") == expected


@pytest.mark.parametrize(("text", "expected"), ENGLISH.items())
def test_english(text: str, expected: list[str]) -> None:
    assert notation(text, "en") == expected


@pytest.mark.parametrize(("language", "text"), [(lang, text) for lang, texts in NONE.items() for text in texts])
def test_look_alikes_are_none(language: str, text: str) -> None:
    assert notation(text, language) == []


SENTENCE = {
    "de": "Togo war {year} der größte Handelspartner Ghanas, wobei der bilaterale Warenverkehr gegenüber dem Vorjahr "
    "um {change} auf {sum} zulegte.",
    "en": "In {year} Togo was the largest trading partner of Ghana, with bilateral trade up {change} on the previous "
    "year at {sum}.",
}
SUMS: dict[str, list[tuple[str, float, str]]] = {
    "de": [
        ("870 Mio. Euro", 870e6, "EUR"),
        ("3,2 Billionen Yen", 3.2e12, "JPY"),
        ("12 Mrd. Schweizer Franken", 12e9, "CHF"),
        ("6 Mrd. kanadische Dollar", 6e9, "CAD"),
        ("1.250.000 Pfund", 1.25e6, "GBP"),
        ("anderthalb Milliarden Yuan", 1.5e9, "CNY"),
    ],
    "en": [
        ("€870 million", 870e6, "EUR"),
        ("3.2 trillion yen", 3.2e12, "JPY"),
        ("12bn Swiss francs", 12e9, "CHF"),
        ("6 billion Canadian dollars", 6e9, "CAD"),
        ("£1,250,000", 1.25e6, "GBP"),
        ("US$250 thousand", 250e3, "USD"),
        ("one and a half billion yuan", 1.5e9, "CNY"),
    ],
}
CHANGES: dict[str, list[tuple[str, float]]] = {
    "de": [("7,5 Prozent", 7.5), ("140 %", 140.0), ("0,8 %", 0.8), ("ein Viertel", 25.0)],
    "en": [("7.5 percent", 7.5), ("140%", 140.0), ("0.8 per cent", 0.8)],
}


@settings(deadline=None)
@given(st.sampled_from(["de", "en"]), st.integers(1960, 2035), st.data())
def test_swapped_sums_changes_and_years_give_exactly_the_right_figure(
    language: str, year: int, data: st.DataObject
) -> None:
    words, value, unit = data.draw(st.sampled_from(SUMS[language]))
    moved, percent = data.draw(st.sampled_from(CHANGES[language]))
    text = SENTENCE[language].format(year=year, change=moved, sum=words)
    figures, problems = read(text, language)
    assert not problems
    (figure,) = figures
    assert (figure.indicator, figure.value, figure.unit, figure.rank) == ("trade", value, unit, 1)
    assert figure.change == Change(percent, None, str(year - 1))
    assert (figure.start, figure.end, figure.precision) == (f"{year}-01-01", f"{year}-12-31", "year")
    assert {a.code for a in figure.subjects} == {"GHA", "TGO"}
    assert figure.derived == {"implied_earlier": float(f"{value / (1 + percent / 100):.4g}")}
    assert any(words in text[start:end] for start, end in figure.evidence)


def test_evidence_lies_in_one_sentence_and_ids_differ() -> None:
    text = "Ghana zahlt 3 Mio. Euro. Togo zahlt 3 Mio. Euro."
    figures, _ = read(text, "de")
    assert [text[slice(*f.evidence[0])] for f in figures] == ["3 Mio. Euro", "3 Mio. Euro"]
    assert len({f.id for f in figures}) == 2
    assert all(f.id.startswith("f-") for f in figures)


def test_sums_that_do_not_fit_are_a_problem_and_the_figures_stand() -> None:
    text = "Der Handel Ghanas stieg 2022 um 12,5 % auf 8,4 Mrd. Euro, nach 7,0 Mrd. Euro im Jahr 2021."
    figures, problems = read(text, "de")
    assert [f.value for f in figures] == [8.4e9, 7e9]
    assert [p.code for p in problems] == ["arithmetic"]
    assert problems[0].message == "From 7,000,000,000 to 8,400,000,000 is a change of +20.0 %, not of +12.5 %."
    assert [text[a:b] for a, b in problems[0].evidence] == ["12,5 %", "8,4 Mrd. Euro", "7,0 Mrd. Euro"]


@pytest.mark.parametrize(
    "text",
    [
        "Der Handel stieg um 20 % auf 8,4 Mrd. Euro, nach 7,0 Mrd. Euro im Jahr 2021.",
        "Der Handel stieg um 19 % auf 8,4 Mrd. Euro, nach 7,1 Mrd. Euro im Jahr 2021.",
        "Der Handel stieg um rund ein Fünftel auf 8,4 Mrd. Euro.",
    ],
)
def test_rounding_is_no_problem(text: str) -> None:
    assert read(text, "de")[1] == ()


def test_half_of_the_last_digit() -> None:
    text = "1,2 Millionen"
    assert half_step(text, (0, len(text)), 1_200_000) == 50_000
    assert doubt("", 0.0, (0, 0), 0.0, None, Change(1.0, None, None), (0, 0)) is None


def test_without_names_and_times_figures_stand_without_parties_and_period() -> None:
    encoded, _ = encode(Document(text="Exports reached $3 billion.", text_id="0" * 16, language="en"))
    (figure,), _ = find_figures(encoded, find_quantities(encoded, ()), (), Named())
    assert (figure.subjects, figure.start, figure.asserted_by) == ((), None, None)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from(["3", "%", "Mrd.", "Euro", "um", "auf", "von", "stieg", "Menschen", ",", "2020", "die"]),
        max_size=14,
    )
)
def test_any_order_of_words_gives_figures_whose_evidence_lies_in_the_text(words: list[str]) -> None:
    text = " ".join(words)
    for figure in read(text, "de")[0]:
        assert all(0 <= start < end <= len(text) for start, end in figure.evidence)
        assert figure.value is not None or figure.change is not None


def closed_lists() -> dict[str, Any]:
    content: dict[str, Any] = dict(lexicon(NEUTRAL)["figures"])
    return content


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_words_of_a_language_name_only_what_the_closed_lists_hold(language: str) -> None:
    words, neutral = lexicon(language)["figures"], closed_lists()
    assert set(words["indicators"]) <= set(neutral["indicators"])
    assert {*neutral["defaults"].values(), *neutral["by_unit"].values(), *neutral["strong"]} <= set(
        neutral["indicators"]
    )
    units = lexicon(NEUTRAL)["units"]
    assert set(lexicon(language)["units"]["measures"]) <= {*units["measures"], "ampere per square centimetre"}
    assert set(lexicon(language)["units"]["per"]["of"]) <= set(units["per"])


@pytest.mark.parametrize(
    ("language", "noun", "unit"),
    [
        ("de", "saudische Sicherheitskräfte", "persons"),
        ("de", "Flugabwehrbatterien", "batteries"),
        ("de", "Mitgliedsstaaten", "states"),
        ("de", "Sitzungen", None),
        ("en", "border guards", "persons"),
        ("en", "patrol boats", "boats"),
        ("en", "rounds", None),
        ("en", "dollars", None),
    ],
)
def test_what_counted_nouns_are_called(language: str, noun: str, unit: str | None) -> None:
    assert topics_for(lexicon(language)).count_unit(noun) == unit


@pytest.mark.parametrize(
    ("language", "text", "units"),
    [
        ("en", "Ghana built a wall of 75 km (47 miles).", ["km"]),
        ("en", "Ghana paid 5 million euros ($6 million).", ["EUR"]),
        ("de", "Ghana zahlte 5 Millionen Euro (6 Millionen Dollar).", ["EUR"]),
        ("en", "Ghana paid 5 million euros and 6 million dollars.", ["EUR", "USD"]),
    ],
)
def test_a_conversion_in_brackets_is_no_second_figure(language: str, text: str, units: list[str]) -> None:
    assert [f.unit for f in read(text, language)[0]] == units


def test_what_is_reported_is_of_no_later_time_than_the_item() -> None:
    text = "As of Tuesday, 40 people had died in Ghana."
    encoded, _ = encode(Document(text=text, published="2031-05-14", language="en"))
    at = text.index("Tuesday")
    for day, start in (("2031-05-20", None), ("2031-05-13", "2031-05-13")):
        times = (Time((at, at + 7), "DATE", day, When(day, day, "day"), None),)
        figures, _problems = find_figures(encoded, find_quantities(encoded, times), times, named_in(text, "en"))
        assert [f.start for f in figures] == [start]


@pytest.mark.parametrize("word", ["Konkurrenten", "Vermittler"])
def test_a_word_inside_another_is_no_topic(word: str) -> None:
    (figure, *_) = read(f"Ghana lag 7 Prozent vor den {word}.", "de")[0]
    assert figure.indicator not in ("wages", "budget")


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (
            "de",
            "Der Handel zwischen Ghana und Togo stieg nach Angaben des ghanaischen Zolls auf 3 Milliarden Dollar.",
            ("trade", ["GHA", "TGO"], []),
        ),
        ("de", "Ghanas Einfuhren aus Togo, auch Erz, stiegen auf 3 Millionen Euro.", ("imports", ["GHA"], ["TGO"])),
        ("en", "Imports from Togo to Ghana, mainly ore, rose to $3 million.", ("imports", ["GHA"], ["TGO"])),
        ("en", "Togo sold ore worth $3 million to Ghana.", ("money", ["TGO"], [])),
    ],
)
def test_sources_are_no_topic_and_parties_stand_with_their_noun(
    language: str, text: str, expected: tuple[str, list[str], list[str]]
) -> None:
    encoded, _ = encode(Document(text=text, language=language))
    (figure,), _problems = find_figures(encoded, find_quantities(encoded, ()), (), named_in(text, language))
    parties = [[a.code for a in actors] for actors in (figure.subjects, figure.counterparts)]
    assert (figure.indicator, *parties) == expected
