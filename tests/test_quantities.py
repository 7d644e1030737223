"""Quantities: what each stretch of text holds, in both languages, and what only looks like one."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.lexicon import lexicon
from communique.reading.encode import Encoded, Sentence
from communique.reading.layout import encode
from communique.reading.quantities import find_quantities
from communique.reading.quantities.amounts import tools_for
from communique.reading.quantities.numerals import Grammar, add_up, pieces, read_digits, read_number
from communique.records import Document, Quantity, Time, When

LANGUAGES = ("de", "en")


def quantities(text: str, language: str, times: tuple[Time, ...] = ()) -> tuple[Quantity, ...]:
    encoded, _ = encode(Document(text=text, language=language))
    return find_quantities(encoded, times)


def plain(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.10g}"


def shown(text: str, language: str) -> list[str]:
    """Each quantity as 'words = value[..max] unit [bound] [up|down] [role]'."""
    out = []
    for q in quantities(text, language):
        value = plain(q.value or 0.0) + (f"..{plain(q.value_max)}" if q.value_max is not None else "")
        rest = [q.unit, q.bound if q.bound not in ("exact", "range") else "", q.direction or "", q.role or ""]
        out.append(" ".join([text[slice(*q.span)], "=", value, *(part for part in rest if part)]))
    return out


GERMAN = {
    "Der Umsatz lag bei 17 Mrd. USD.": ["17 Mrd. USD = 17000000000 USD"],
    "Das kostet 1.200.000 Franken.": ["1.200.000 Franken = 1200000 CHF"],
    "Die Schulden betragen 1,2 Billionen Euro.": ["1,2 Billionen Euro = 1200000000000 EUR"],
    "Rund 300.000 Tonnen Weizen kamen an.": ["300.000 Tonnen = 300000 tonne about"],
    "Mehr als zwei Dutzend Dörfer brannten.": ["zwei Dutzend Dörfer = 24 Dörfer at_least"],
    "Zweihundertfünfzig Soldaten kamen.": ["Zweihundertfünfzig Soldaten = 250 Soldaten"],
    "Anderthalb Millionen Menschen leben dort.": ["Anderthalb Millionen Menschen = 1500000 persons"],
    "Zweieinhalb Milliarden Yuan fehlen.": ["Zweieinhalb Milliarden Yuan = 2500000000 CNY"],
    "Höchstens ein Drittel stimmte zu.": ["ein Drittel = 0.3333333333 at_most share"],
    "Dreiviertel der Stimmen sind gezählt.": ["Dreiviertel = 0.75 share"],
    "Zwischen 5 und 7 Millionen Barrel pro Tag.": [
        "5 und 7 Millionen Barrel pro Tag = 5000000..7000000 barrel per day"
    ],
    "Ein Streifen von 20-30 km Breite.": ["20-30 km = 20..30 kilometre"],
    "Bis zu 40 Beamte reisen an.": ["40 Beamte = 40 Beamte at_most"],
    "Die Preise stiegen um 3,5 Prozent.": ["3,5 Prozent = 3.5 % up change"],
    "Die Ausfuhr sank um 14 Prozentpunkte.": ["14 Prozentpunkte = 14 percentage point down change"],
    "Das waren 9 Prozent weniger als 2010.": ["9 Prozent = 9 % down change"],
    "Ein Minus von 7 Prozent wurde verbucht.": ["7 Prozent = 7 % down change"],
    "Hunderte flohen, Tausende Menschen blieben.": [
        "Hunderte = 100..1000 vague",
        "Tausende Menschen = 1000..10000 persons vague",
    ],
    "Der Handel hat sich verdoppelt.": ["verdoppelt = 2 multiple multiple"],
    "Die Quote stieg von 3,9 auf 5,1 Prozent.": ["3,9 auf 5,1 Prozent = 3.9..5.1 % up from_to"],
    "Die Kosten stiegen von 3,9 auf 5,1 Milliarden Euro.": [
        "3,9 auf 5,1 Milliarden Euro = 3900000000..5100000000 EUR up from_to"
    ],
    "Die Regierung gewann 44 der 101 Sitze.": ["44 = 44 Sitze", "101 Sitze = 101 Sitze"],
    "Fünf Menschen starben, 30 wurden verletzt.": ["Fünf Menschen = 5 persons", "30 = 30 persons"],
    "Er zahlte 12 Mio. kanadische Dollar.": ["12 Mio. kanadische Dollar = 12000000 CAD"],
    "Sie liefern 600 MW und 4,5 TWh.": ["600 MW = 600 megawatt", "4,5 TWh = 4.5 terawatt hour"],
    "Bei minus 12 Grad Celsius.": ["minus 12 Grad Celsius = -12 celsius"],
    "Das Gebiet misst 26.800 Quadratkilometer.": ["26.800 Quadratkilometer = 26800 square kilometre"],
    "Ein Mensch wurde getötet.": ["Ein Mensch = 1 persons"],
    "Sie zahlen 1 200 000 Euro.": ["1 200 000 Euro = 1200000 EUR"],
    "Der 58-jährige Minister trat ab.": ["58-jährige = 58 year of age age"],
    "Sie kamen vor drei Jahren.": ["drei Jahren = 3 year time"],
    "Jeder dritte Zuwanderer blieb.": ["Jeder dritte Zuwanderer = 0.3333333333 Zuwanderer share"],
}

ENGLISH = {
    "Revenue came to $1.2bn.": ["$1.2bn = 1200000000 USD"],
    "Debt reached 1.2 trillion euros.": ["1.2 trillion euros = 1200000000000 EUR"],
    "It raised US$50 billion in all.": ["US$50 billion = 50000000000 USD"],
    "A deal worth NZ$45 million.": ["NZ$45 million = 45000000 NZD"],
    "Some 4 lakh people and 5 crore rupees.": ["4 lakh people = 400000 persons about", "5 crore rupees = 50000000 INR"],
    "Two hundred and fifty villages burned.": ["Two hundred and fifty villages = 250 villages"],
    "Half a million barrels were sold.": ["Half a million barrels = 500000 barrel"],
    "Three quarters of its imports stopped.": ["Three quarters = 0.75 share"],
    "Almost half of the fuel is gone.": ["half = 0.5 about share"],
    "Thousands of villagers fled.": ["Thousands of villagers = 1000..10000 villagers vague"],
    "Trade has doubled.": ["doubled = 2 multiple multiple"],
    "They want to double trade.": ["double = 2 multiple multiple"],
    "A share of 3 to 5 percent is likely.": ["3 to 5 percent = 3..5 %"],
    "Spending rose from 3.1 to 4.4 billion dollars.": [
        "3.1 to 4.4 billion dollars = 3100000000..4400000000 USD up from_to"
    ],
    "Prices range from $200 to $4 million.": ["$200 to $4 million = 200..4000000 USD"],
    "Shares fell by 2.5%.": ["2.5% = 2.5 % down change"],
    "Shares rose 3%, up 0.5 percentage points.": [
        "3% = 3 % up change",
        "0.5 percentage points = 0.5 percentage point up change",
    ],
    "At least 19 officers were hurt.": ["19 officers = 19 officers at_least"],
    "No more than 300 cubic metres of gas.": ["300 cubic metres = 300 cubic metre at_most"],
    "A pipeline of 16-18 miles.": ["16-18 miles = 16..18 mile"],
    "Oil cost $62.70 a barrel.": ["$62.70 a barrel = 62.7 dollar per barrel"],
    "They pump 900,000 barrels a day.": ["900,000 barrels a day = 900000 barrel per day"],
    "The bomb killed five and wounded 110.": ["five = 5 persons", "110 = 110 persons"],
    "The vote was 5 to 4.": ["5 = 5 votes", "4 = 4 votes"],
    "One in seven wants to go back.": ["One in seven = 0.1428571429 share"],
    "She convinced 27 of the council's 30 members.": ["27 = 27 members", "30 members = 30 members"],
    "The 120-bed hospital opened.": ["120-bed = 120 bed"],
    "The 50 year-old man left.": ["50 year-old = 50 year of age age"],
    "It hit 28 °C and winds of 50mph.": ["28 °C = 28 celsius", "50mph = 50 mile per hour"],
    "Fifty-eight government soldiers were freed.": ["Fifty-eight government soldiers = 58 government soldiers"],
    "They sent 1.5m pounds and 250m euros.": ["1.5m pounds = 1.5 metre", "250m euros = 250 metre"],
}
ENGLISH["They sent £1.5m and €250m."] = ["£1.5m = 1500000 GBP", "€250m = 250000000 EUR"]
del ENGLISH["They sent 1.5m pounds and 250m euros."]

NONE = {
    "de": [
        "Am 3. Juli 2023 um 11:30 Uhr.",
        "Die 24. Sitzung im 16. Jahrhundert.",
        "Artikel 5 und Resolution 2231.",
        "Die Boeing 737 flog als MH17 zum G7-Gipfel.",
        "Die Agenda 2030 und die Zahlen von 2019/20.",
        "Sie gewannen 2:1.",
        "Telefon 030 1234567.",
        "Am 06.12.2004 begann es.",
        "Um neun Uhr kam ein Minister an einem Tag.",
        "Der A380 und die Su-27.",
        "Auf der Autobahn A 5.",
    ],
    "en": [
        "On July 3, 2023 at 11:30 a.m.",
        "The 24th session in the 1980s.",
        "Article 5 and Resolution 2231.",
        "Boeing 737, flight MH17 and the G7 summit.",
        "COVID-19 and the F-16.",
        "They won 2-0.",
        "In 2019 a third party stepped in.",
        "He left at 5pm.",
        "Since 2011 nothing has changed.",
        "A two-month contract.",
        "Marta Silva, 44, disagreed.",
    ],
}


@pytest.mark.parametrize(("text", "expected"), GERMAN.items())
def test_german(text: str, expected: list[str]) -> None:
    assert shown(text, "de") == expected


@pytest.mark.parametrize(("text", "expected"), ENGLISH.items())
def test_english(text: str, expected: list[str]) -> None:
    assert shown(text, "en") == expected


@pytest.mark.parametrize(("language", "text"), [(lang, text) for lang, texts in NONE.items() for text in texts])
def test_look_alikes_are_none(language: str, text: str) -> None:
    assert shown(text, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lexicon_s_own_examples(language: str) -> None:
    words = lexicon(language)["numbers"]
    for example in words["examples"]:
        found = quantities(example["text"], language)
        assert [q.value for q in found] == [example["value"]], example
        assert found[0].value_max == example.get("value_max")
        assert found[0].unit == example.get("unit", found[0].unit)
    for counter in words["counters"]:
        assert quantities(counter, language) == (), counter


def test_spans_cover_number_and_unit() -> None:
    text = "Es waren rund 41,5 Mrd. Yuan."
    (found,) = quantities(text, "de")
    assert text[slice(*found.span)] == "41,5 Mrd. Yuan"
    assert text[slice(*found.number)] == "41,5 Mrd."


def test_a_number_inside_a_date_is_none_but_a_duration_stays() -> None:
    text = "Seit vor zwei Jahren zahlen sie 5 Euro."
    day = When("2022-01-01", "2022-12-31", "year")
    times = (Time((5, 19), "DATE", "2022", day), Time((28, 34), "DATE", "2005", day))
    assert [q.unit for q in quantities(text, "de", times)] == ["year"]


def test_two_sentences_split_behind_an_abbreviation_are_one() -> None:
    assert shown("Sie kauften 3 Tsd. Tonnen Reis.", "de") == ["3 Tsd. Tonnen = 3000 tonne"]


FRENCH: dict[str, Any] = {
    "numbers": {
        "decimal": ",",
        "groups": ["\u202f", " "],
        "cardinals": {"deux": 2, "trois": 3, "vingt": 20},
        "scales": {"millions": 1e6, "milliards": 1e9},
        "bound": {"about": ["environ"], "at_least": ["plus de"]},
        "of": ["de", "des"],
        "up": ["augmenté"],
        "by": ["de"],
        "by_strict": ["de"],
        "head": {"shape": r"s$", "longest": 2, "breaks": ["de", "et", "dans"]},
    },
    "units": {
        "percent": {"words": ["pour cent"], "symbols": ["%"]},
        "currencies": {"EUR": ["euros"]},
        "measures": {"tonne": {"words": ["tonnes"]}},
    },
}


def test_a_third_language_is_data_alone() -> None:
    text = "Environ 1,5 milliards euros, plus de trois tonnes, et deux soldats; les prix ont augmenté de 3 pour cent."
    encoded = Encoded(Document(text=text), "fr", FRENCH, (), (Sentence(0, len(text), 0, 0, 0),), sentence_starts=(0,))
    found = [(q.value, q.unit, q.bound, q.role) for q in find_quantities(encoded, ())]
    assert found == [
        (1.5e9, "EUR", "about", None),
        (3.0, "tonne", "at_least", None),
        (2.0, "soldats", "exact", None),
        (3.0, "%", "exact", "change"),
    ]


# ---- properties

ONES = {
    "de": [
        "null",
        "ein",
        "zwei",
        "drei",
        "vier",
        "fünf",
        "sechs",
        "sieben",
        "acht",
        "neun",
        "zehn",
        "elf",
        "zwölf",
        "dreizehn",
        "vierzehn",
        "fünfzehn",
        "sechzehn",
        "siebzehn",
        "achtzehn",
        "neunzehn",
    ],
    "en": [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ],
}
TENS = {
    "de": ["-", "-", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"],
    "en": ["-", "-", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
}


def german_words(n: int) -> str:
    if n < 20:
        return ONES["de"][n]
    if n < 100:
        one = ONES["de"][n % 10] + "und" if n % 10 else ""
        return one + TENS["de"][n // 10]
    size, word = (100, "hundert") if n < 1000 else (1000, "tausend")
    return german_words(n // size) + word + (german_words(n % size) if n % size else "")


def english_words(n: int) -> str:
    if n < 20:
        return ONES["en"][n]
    if n < 100:
        return TENS["en"][n // 10] + (f"-{ONES['en'][n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{ONES['en'][n // 100]} hundred" + (f" and {english_words(n % 100)}" if n % 100 else "")
    return f"{english_words(n // 1000)} thousand" + (f" {english_words(n % 1000)}" if n % 1000 else "")


def read_back(text: str, language: str) -> float | None:
    row = pieces(text, 0, len(text))
    number = read_number(row, 0, tools_for(lexicon(language)).grammar)
    return number.value if number and number.last == len(row) else None


@given(st.integers(2, 999_999))
def test_number_words_are_read_back(n: int) -> None:
    assert read_back(german_words(n), "de") == n
    assert read_back(english_words(n), "en") == n


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_digits_are_read_back_in_each_language(whole: int, cents: int) -> None:
    for language, group, decimal in (("de", ".", ","), ("en", ",", "."), ("de", "\u202f", ","), ("en", "’", ".")):
        grammar = tools_for(lexicon(language)).grammar
        plain = f"{whole:,}".replace(",", group)
        if group != "\u202f":
            assert read_digits(plain, grammar) == whole
            assert read_digits(f"{plain}{decimal}{cents:02}", grammar) == pytest.approx(whole + cents / 100)
        elif whole < 10**15:
            assert read_back(plain, language) == whole


SCALES = {
    "de": {"Tsd.": 1e3, "Mio.": 1e6, "Millionen": 1e6, "Mrd.": 1e9, "Milliarden": 1e9, "Billionen": 1e12},
    "en": {"thousand": 1e3, "million": 1e6, "bn": 1e9, "billion": 1e9, "trillion": 1e12, "lakh": 1e5, "crore": 1e7},
}
MONEY = {
    "de": {"Euro": "EUR", "US-Dollar": "USD", "Yuan": "CNY", "Franken": "CHF", "CAD": "CAD", "Rubel": "RUB"},
    "en": {"euros": "EUR", "U.S. dollars": "USD", "yuan": "CNY", "Swiss francs": "CHF", "CAD": "CAD", "roubles": "RUB"},
}


@given(st.sampled_from(LANGUAGES), st.integers(1, 9999), st.data())
def test_sums_with_scale_and_currency_are_read_back(language: str, tenths: int, data: st.DataObject) -> None:
    scale = data.draw(st.sampled_from(sorted(SCALES[language])))
    money = data.draw(st.sampled_from(sorted(MONEY[language])))
    number = f"{tenths / 10:.1f}".replace(".", lexicon(language)["numbers"]["decimal"])
    (found,) = quantities(f"Es {number} {scale} {money}", language)
    assert found.value == pytest.approx(tenths / 10 * SCALES[language][scale])
    assert found.unit == MONEY[language][money]


NONSENSE = st.text(
    st.sampled_from([*string.digits, *" .,-–/%$€:()'’+×", *"aeinmkt", "\u202f", "²", "½", "\u0661", "ß"]), max_size=60
)


@settings(max_examples=200)
@given(NONSENSE)
def test_nonsense_never_raises_and_spans_lie_in_the_text(text: str) -> None:
    for language in LANGUAGES:
        for found in quantities(text, language):
            assert 0 <= found.span[0] < found.span[1] <= len(text)
            assert found.span[0] <= found.number[0] < found.number[1] <= found.span[1]


@given(
    st.lists(
        st.sampled_from(["two", "hundred", "and", "million", "-", "a", "half", "third", "of", "to", "%"]), max_size=12
    )
)
def test_number_words_in_any_order_never_raise(words: list[str]) -> None:
    text = " ".join(words)
    assert all(0 <= q.span[0] < q.span[1] <= len(text) for q in quantities(text, "en"))


@pytest.mark.parametrize(
    "unit",
    [
        "1.",
        "1 ",
        "1-",
        "million ",
        "hundert ",
        "two hundred and ",
        "$",
        "einund",
        "200 ",
        "from 1 to 2 million ",
        "5 per ",
    ],
)
def test_a_hundred_kilobytes_of_the_worst_are_read(unit: str) -> None:
    text = (unit * (100_000 // len(unit)))[:100_000]
    assert all(q.span[1] <= len(text) for q in quantities(text, "en"))


def test_numbers_that_are_none() -> None:
    grammar = tools_for(lexicon("de")).grammar
    assert [read_digits(text, grammar) for text in ("06.12.2004", "1.2.3", "007", "1.23.456", "9" * 40)] == [None] * 5
    assert add_up([2, 3]) is None
    assert add_up([1e6, 1e6]) is None


def test_an_empty_lexicon_reads_nothing() -> None:
    assert Grammar.of_lexicon({}).cardinals == {}
    encoded = Encoded(Document(text="drei Euro"), "xx", {}, (), (Sentence(0, 9, 0, 0, 0),), sentence_starts=(0,))
    assert find_quantities(encoded, ()) == ()


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Bis Ende 2026 hundert Stipendien.", ["hundert Stipendien = 100 Stipendien"]),
        ("de", "Rund eine Viertelmillion Dollar.", ["eine Viertelmillion Dollar = 250000 USD about"]),
        ("de", "Eine Dreiviertelmillion Euro.", ["Eine Dreiviertelmillion Euro = 750000 EUR"]),
        ("en", "A quarter million people fled.", ["A quarter million people = 250000 persons"]),
        ("en", "A million and a half people fled.", ["A million and a half people = 1500000 persons"]),
    ],
)
def test_years_before_number_words_and_parts_of_a_million(language: str, text: str, expected: list[str]) -> None:
    assert shown(text, language) == expected


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("Exports rose by 10 to 12 percent.", [(10.0, 12.0)]),
        ("Exports fell by 3 to 90 percent.", [(3.0, None), (90.0, None)]),
    ],
)
def test_a_range_behind_by_has_near_ends(text: str, ends: list[tuple[float, float | None]]) -> None:
    assert [(q.value, q.value_max) for q in quantities(text, "en")] == ends
