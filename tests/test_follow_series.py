"""Figures compared across items: which series they belong to, what rounding explains, which contradictions are told."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest

from communique.follow.corrected import is_correction
from communique.follow.rounding import Interval, half_step, interval
from communique.follow.series import conflicts, disputes, key_of, series_key, series_of
from communique.ledger.rows import Item, Stored
from communique.records import Actor, Change, Document, Figure

YEAR = {
    "2021": ("2021-01-01", "2021-12-31"),
    "2022": ("2022-01-01", "2022-12-31"),
    "2023": ("2023-01-01", "2023-12-31"),
}


def actors(codes: str, sector: str = "GOV") -> tuple[Actor, ...]:
    return tuple(Actor(code, sector, None, code, None) for code in codes.split())


def figure(
    value: float | None, who: str = "trade PRT+URY", period: str | None = "2023", unit: str = "USD", **more: Any
) -> Figure:
    """'exports URY>PRT': indicator, subjects, counterparts."""
    indicator, _, parties = who.partition(" ")
    subjects, _, counterparts = parties.partition(">")
    start, end = YEAR.get(period or "", (period, period))
    base = Figure(
        id=f"f-{value}-{who}-{period}", evidence=((0, 5),), confidence=0.93, asserted_by=None, why="",
        indicator=indicator, label="", subjects=actors(subjects.replace("+", " ")),
        counterparts=actors(counterparts.replace("+", " ")),
        value=value, value_max=None, unit=unit, bound="exact", status="reported", start=start, end=end,
        precision="year" if period in YEAR else "day" if period else None, change=None, rank=None,
    )  # fmt: skip
    return replace(base, **more)


def stored(
    key: int, figure: Figure, words: str, *, item: int | None = None, day: str = "2024-03-01", **document: Any
) -> Stored:
    """A figure of an item of its own, by an outlet of its own, unless said otherwise."""
    number = key if item is None else item
    made = Document(
        text=document.pop("text", words), id=f"d{number}", publisher=document.pop("publisher", f"Outlet {number}"),
        published=day, language=document.pop("language", "en"), **document,
    )  # fmt: skip
    return Stored(key, "figure", figure, Item(number, made, "2024-12-01"), words)


def reasons(*figures: Stored) -> list[str]:
    return [link.reason for link in conflicts(figures)]


# ---- rounding


@pytest.mark.parametrize(
    ("value", "words", "half"),
    [
        (41e9, "auf 41 Mrd. USD", 0.5e9),
        (41.3e9, "41,3 Milliarden", 0.05e9),
        (478.6e6, "478,6 Millionen", 0.05e6),
        (41250000.0, "41,250,000 dollars in 2023", 5000.0),
        (480e6, "480 million", 5e6),
        (40e9, "40 billion", 0.5e9),
        (300.0, "300 scholarships", 3.75),
        (12.0, "zwölf Abgeordnete", 0.5),
        (2e6, "two million animals", 0.2e6),
    ],
)
def test_half_of_the_last_digit_that_counts(value: float, words: str, half: float) -> None:
    assert half_step(value, words) == pytest.approx(half)


def test_percentages_count_to_the_last_digit() -> None:
    assert half_step(50.0, "50 Prozent", percent=True) == 0.5
    assert half_step(32.5, "32.5 percent", percent=True) == pytest.approx(0.05)


def test_bounds_open_an_interval() -> None:
    assert interval(41e9, None, "at_least", "mehr als 41 Mrd.") == Interval(40.5e9, float("inf"))
    assert interval(41e9, None, "at_most", "up to 41 bn") == Interval(float("-inf"), 41.5e9)
    assert interval(40e9, 45e9, "range", "40 to 45 billion") == Interval(39.5e9, 45.5e9)
    assert interval(41e9, None, "about", "rund 41 Mrd.") == Interval(38.95e9, 43.05e9)


# ---- keys


def test_key_has_indicator_and_parties() -> None:
    assert series_key(figure(1.0, "trade PRT+URY")) == "trade||PRT+URY|"
    assert series_key(figure(1.0, "trade URY>PRT")) == "trade||PRT+URY|"
    assert series_key(figure(1.0, "exports URY>PRT")) == "exports||URY|PRT"
    assert series_key(figure(1.0, "exports PRT>URY")) == "exports||PRT|URY"


def test_imports_are_the_partner_s_exports() -> None:
    assert series_key(figure(1.0, "imports PRT>URY")) == "exports||URY|PRT"
    assert series_key(figure(1.0, "imports PRT")) == "imports||PRT|"


def test_goods_are_no_whole() -> None:
    wheat = figure(1.0, "exports URY>PRT", label="Getreideausfuhren")
    assert series_key(wheat, "de") == "exports|agriculture|URY|PRT"
    assert series_key(replace(wheat, label="Warenausfuhren"), "de") == "exports||URY|PRT"


@pytest.mark.parametrize(
    "lost",
    [
        figure(1.0, "money URY"),
        figure(1.0, "trade "),
        figure(80.0, "exports URY>PRT", unit="%"),
        figure(1.0, "revenue URY", subjects=actors("URY", "BUS")),
        figure(None, "trade PRT+URY", unit="pp", change=Change(1.0, None, None)),
    ],
)
def test_no_series(lost: Figure) -> None:
    assert series_key(lost) is None


def test_partner_is_the_other_state_of_the_sentence() -> None:
    text = "Uruguays Ausfuhren stiegen auf 198 Mio. Dollar. Chile schwieg. Portugal gab Uruguay aber nur 5 Mio. Euro."
    one = stored(1, figure(198e6, "exports URY", evidence=((0, 46),)), text[:46], text=text, language="de")
    aid = stored(2, figure(5e6, "aid PRT", evidence=((63, 104),)), text[63:104], text=text, language="de")
    assert key_of(one) == "exports||URY|"
    assert key_of(aid) == "aid||PRT|URY"


# ---- conflicts


def test_two_origins_differ() -> None:
    one = stored(1, figure(610e6), "610 Millionen Dollar", publisher="Brückenbote", day="2024-02-28")
    other = stored(2, figure(540e6), "540 million dollars", publisher="Quayside Herald", day="2024-03-12")
    assert reasons(one, other) == [
        "Trade of PRT and URY in 2023: two origins differ, 610,000,000 USD (Brückenbote, 2024-02-28) and "
        "540,000,000 USD (Quayside Herald, 2024-03-12); that is 13 % apart, more than rounding explains."
    ]


@pytest.mark.parametrize(
    ("second", "words", "more"),
    [
        (478.6e6, "478.6 million", {}),
        (475e6, "475 million", {}),
        (470e6, "about 470 million", {"bound": "about"}),
        (450e6, "more than 450 million", {"bound": "at_least"}),
        (500e6, "less than 500 million", {"bound": "at_most"}),
        (450e6, "450 to 500 million", {"bound": "range", "value_max": 500e6}),
        (700e6, "700 million", {"status": "forecast"}),
        (820e6, "820 million", {"status": "target"}),
        (300e6, "300 million euros", {"unit": "EUR"}),
        (210e6, "210 million", {"start": "2022-01-01", "end": "2022-06-30", "precision": "half"}),
        (210e6, "210 million", {"subjects": actors("PRT PER")}),
        (1.2e6, "1.2 million", {}),
    ],
)
def test_no_conflict(second: float, words: str, more: dict[str, Any]) -> None:
    first = stored(1, figure(480e6, period="2022"), "480 million")
    assert reasons(first, stored(2, figure(second, period="2022", **more), words)) == []


@pytest.mark.parametrize(
    ("second", "words", "more"),
    [
        (490e6, "490 million", {}),
        (430e6, "about 430 million", {"bound": "about"}),
        (500e6, "more than 500 million", {"bound": "at_least"}),
        (450e6, "less than 450 million", {"bound": "at_most"}),
        (500e6, "500 to 550 million", {"bound": "range", "value_max": 550e6}),
    ],
)
def test_bounds_do_not_explain_everything(second: float, words: str, more: dict[str, Any]) -> None:
    first = stored(1, figure(480e6, period="2022"), "480 million")
    assert len(reasons(first, stored(2, figure(second, period="2022", **more), words))) == 1


def test_one_origin_does_not_contradict_itself() -> None:
    one, other = stored(1, figure(610e6), "610 million"), stored(2, figure(540e6), "540 million")
    assert conflicts([one, other], {1: "NPA", 2: "NPA"}) == ()
    assert len(conflicts([one, other], {1: "NPA", 2: "BNK"})) == 1


def test_a_year_that_is_not_over_is_no_report() -> None:
    one = stored(1, figure(610e6), "610 million", day="2023-06-01")
    assert reasons(one, stored(2, figure(540e6), "540 million")) == []


def test_change_contradicts_the_values_of_its_item() -> None:
    grown = figure(198e6, "exports URY>PRT", "2022", change=Change(50.0, None, None))
    words = "2022 auf 198 Millionen Dollar gestiegen, 50 Prozent mehr als die 140 Millionen Dollar des Jahres 2021"
    before = figure(140e6, "exports URY>PRT", "2021")
    one = stored(1, grown, words, item=7, publisher="Brückenbote", day="2023-01-19")
    assert reasons(one, stored(2, before, words, item=7, publisher="Brückenbote", day="2023-01-19")) == [
        "Exports of URY to PRT in 2022: 198,000,000 USD (Brückenbote, 2023-01-19) with a change of +50 % imply "
        "131,200,000 to 132,800,000 USD before, but the same item states 140,000,000 USD; "
        "the change contradicts the values."
    ]
    fits = stored(2, replace(before, value=132e6), words.replace("140", "132"), item=7, publisher="Brückenbote")
    assert reasons(one, fits) == []


def test_implied_earlier_value_contradicts_another_origin() -> None:
    grown = stored(1, figure(480e6, period="2022", change=Change(17.0, None, None)), "480 million, 17 percent above")
    assert reasons(grown, stored(2, figure(410e6, period="2021"), "410 million")) == []
    assert reasons(grown, stored(2, figure(350e6, period="2021"), "350 million")) == [
        "Trade of PRT and URY in 2022: 480,000,000 USD (Outlet 1, 2024-03-01) with a change of +17 % imply "
        "404,300,000 to 416,300,000 USD for 2021, but 350,000,000 USD (Outlet 2, 2024-03-01) is stated."
    ]


def test_value_stated_for_comparison_is_that_of_the_year_before() -> None:
    now = figure(79e6, period="2023", derived={"earlier": 63e6})
    words = "lag 2023 bei 79 Millionen Euro, nach 63 Millionen im Vorjahr"
    both = [stored(1, now, words, item=7), stored(2, figure(63e6, period="2023"), words, item=7)]
    assert reasons(*both, stored(3, figure(79e6, period="2023"), "79 million")) == []
    assert len(reasons(*both, stored(3, figure(52e6, period="2022"), "52 million"))) == 1


def test_since_says_which_period_a_change_counts_from() -> None:
    change = Change(50.0, None, "2021")
    grown = stored(1, figure(300e6, period="2023", change=change), "300 million, 50 percent more than in 2021")
    assert len(reasons(grown, stored(2, figure(250e6, period="2021"), "250 million"))) == 1
    assert reasons(grown, stored(2, figure(250e6, period="2022"), "250 million")) == []


def test_absolute_change() -> None:
    grown = stored(1, figure(480e6, period="2022", change=Change(None, 70e6, None)), "by 70 million to 480 million")
    assert reasons(grown, stored(2, figure(410e6, period="2021"), "410 million")) == []
    assert len(reasons(grown, stored(2, figure(390e6, period="2021"), "390 million"))) == 1


def test_changes_differ() -> None:
    one = stored(1, figure(None, unit="%", change=Change(32.0, None, None)), "32 Prozent")
    other = stored(2, figure(None, unit="%", change=Change(12.0, None, None)), "12 percent")
    assert reasons(one, other) == [
        "Trade of PRT and URY in 2023: two origins state different changes, a change of +32 % (Outlet 1, 2024-03-01) "
        "and a change of +12 % (Outlet 2, 2024-03-01)."
    ]
    assert reasons(one, stored(2, figure(None, unit="%", change=Change(32.4, None, None)), "32.4 percent")) == []


def test_lone_change_contradicts_two_values_of_one_origin() -> None:
    values = [stored(1, figure(540e6), "540 million"), stored(2, figure(480e6, period="2022"), "480 million")]
    origins = {1: "customs", 2: "customs", 3: "ministry"}
    lone = stored(3, figure(None, unit="%", change=Change(30.0, None, None)), "30 percent")
    assert [(k.a, k.b, k.reason) for k in conflicts([*values, lone], origins)] == [
        (
            1, 3, "Trade of PRT and URY in 2023: ministry, 2024-03-01 states a change of +30 %, but 540,000,000 USD "
            "(customs, 2024-03-01) after 480,000,000 USD (customs, 2024-03-01) is +12.5 %; "
            "the change contradicts the values.",
        )
    ]  # fmt: skip
    fits = stored(3, figure(None, unit="%", change=Change(13.0, None, None)), "13 percent")
    assert conflicts([*values, fits], origins) == ()


def test_mirror_statistics_differ_also_within_one_item() -> None:
    one = stored(1, figure(198e6, "exports URY>PRT"), "exports of 198 million", item=5, publisher="Nordpost")
    other = stored(2, figure(231e6, "imports PRT>URY"), "imports of 231 million", item=5, publisher="Nordpost")
    assert reasons(one, other) == [
        "Exports of URY to PRT in 2023: the two partners count differently, 198,000,000 USD (Nordpost, 2024-03-01) and "
        "231,000,000 USD (imports by Nordpost, 2024-03-01); that is 16.7 % apart, more than rounding explains."
    ]


def test_without_a_period_only_what_was_published_together() -> None:
    one = stored(1, figure(610e6, period=None), "610 million", day="2024-03-01")
    assert len(reasons(one, stored(2, figure(540e6, period=None), "540 million", day="2024-03-03"))) == 1
    assert reasons(one, stored(2, figure(540e6, period=None), "540 million", day="2024-03-09")) == []
    assert reasons(one, stored(2, figure(540e6, period="2023"), "540 million", day="2024-03-01")) == []


def test_headline_without_a_period_repeats_its_item() -> None:
    head = stored(1, figure(480e6, period=None), "trade climbs to 480 million", item=1)
    lead = stored(2, figure(478.6e6, period="2023"), "478.6 million in 2023", item=1)
    assert reasons(head, lead, stored(3, figure(610e6, period=None), "610 million")) == []


def test_sum_named_on_a_day_is_one_of_its_year_where_the_purpose_is_the_same() -> None:
    fuel = "Estonia gave Mongolia 2.4 million euros in aid on Friday. The money was spent on diesel."
    read = "Estland half der Mongolei mit Diesel; die Hilfe belief sich 2023 auf 4,2 Millionen Euro."
    other = "Estland half der Mongolei mit Wahlurnen; die Hilfe belief sich 2023 auf 4,2 Millionen Euro."
    aid = figure(2.4e6, "aid EST>MNG", "2023-02-10", "EUR")
    year = figure(4.2e6, "aid EST>MNG", "2023", "EUR", evidence=((38, 87),))
    one = stored(1, aid, "2.4 million euros in aid", text=fuel, day="2023-02-11")
    same = stored(2, year, read[38:87], text=read, language="de", day="2024-02-13")
    apart = stored(2, year, other[38:87], text=other, language="de", day="2024-02-13")
    assert len(reasons(one, same)) == 1
    assert reasons(one, apart) == []


def test_toll_rises_without_contradiction() -> None:
    killed = figure(12.0, "casualties_killed URY", "2024-03-01", "persons")
    one = stored(1, killed, "12 Menschen", day="2024-03-01")
    assert len(reasons(one, stored(2, replace(killed, value=15.0), "15 people", day="2024-03-02"))) == 1
    assert reasons(one, stored(2, replace(killed, value=15.0), "15 people", day="2024-03-05")) == []


# ---- corrections


def test_correction_supersedes_the_claim_of_its_outlet() -> None:
    wrong = stored(1, figure(97e6), "97 million", publisher="Harbour Gazette", day="2024-05-28")
    text = "Correction: Trade amounted to 79 million in 2023. An earlier version gave the trade of 2023 as 97 million."
    spans = {"evidence": ((12, 48),)}, {"evidence": ((50, 105),)}
    right = stored(
        2, figure(79e6, **spans[0]), text[12:48], item=2, text=text, publisher="Harbour Gazette", day="2024-05-30"
    )
    back = stored(
        3, figure(97e6, **spans[1]), text[50:105], item=2, text=text, publisher="Harbour Gazette", day="2024-05-30"
    )
    third = stored(4, figure(79e6), "79 Millionen", publisher="Nordpost", day="2024-09-18")
    assert len(reasons(wrong, third)) == 1
    assert reasons(wrong, right, back, third) == []
    assert len(reasons(wrong, right, back, stored(4, figure(97e6), "97 Millionen", publisher="Nordpost"))) == 1


def test_superseded_version_takes_no_part() -> None:
    old = stored(1, figure(97e6), "97 million")
    gone = replace(old, item=replace(old.item, superseded="2024-05-30"))
    new = stored(2, figure(79e6), "79 million")
    assert len(reasons(old, new)) == 1
    assert reasons(gone, new) == []


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Trade grew. (Correction: an earlier version gave 97 million.)", "en", True),
        ("Berichtigung: Der Handel betrug 79 Millionen Euro.", "de", True),
        ("Er forderte eine Korrektur der Politik: mehr Handel.", "de", False),
        ("Korrektur der Politik verlangt", "de", False),
        ("CORRECTED-Trade grows", "en", True),
        ("Korrektur-Forderung aus Lissabon", "de", False),
        ("In einer früheren Fassung stand eine andere Zahl.", "de", True),
    ],
)
def test_corrections_say_so_at_a_beginning(text: str, language: str, expected: bool) -> None:
    assert is_correction(Document(text, language=language)) is expected


# ---- series, disputes, order


def several() -> list[Stored]:
    return [
        stored(1, figure(410e6, period="2021"), "410 million"),
        stored(2, figure(480e6, period="2022"), "480 million"),
        stored(3, figure(478.6e6, period="2022"), "478,6 Millionen", language="de"),
        stored(4, figure(610e6), "610 Millionen", language="de"),
        stored(5, figure(540e6), "540 million"),
        stored(6, figure(540.4e6), "540.4 million"),
        stored(7, figure(820e6, status="target"), "820 million"),
    ]


def test_series_shows_all_claims_agreement_and_conflicts() -> None:
    (series,) = series_of(several())
    assert (series.key, series.subjects, series.unit) == ("trade||PRT+URY|", ("PRT", "URY"), "USD")
    shown = [
        ((p.start or "")[:4], [c.record.value for c in p.claims], p.agreed, [(k.a, k.b) for k in p.conflicts])
        for p in series.points
    ]
    assert shown == [
        ("2021", [410e6], (), []),
        ("2022", [480e6, 478.6e6], ((2, 3),), []),
        ("2023", [610e6, 540e6, 540.4e6, 820e6], ((5, 6),), [(4, 5), (4, 6)]),
    ]


def test_one_dispute_for_each_period() -> None:
    (dispute,) = disputes(several())
    assert (dispute.indicator, dispute.subjects, dispute.start, dispute.end) == (
        "trade", ("PRT", "URY"), "2023-01-01", "2023-12-31",
    )  # fmt: skip
    assert [(c.item.document.id, c.record.value) for c in dispute.claims] == [
        ("d4", 610e6),
        ("d5", 540e6),
        ("d6", 540.4e6),
    ]
    assert len(dispute.reasons) == 2


def test_order_changes_nothing() -> None:
    expected = conflicts(several()), series_of(several()), disputes(several())
    for seed in range(5):
        mixed = several()
        random.Random(seed).shuffle(mixed)
        assert (conflicts(mixed), series_of(mixed), disputes(mixed)) == expected


def test_touching_gives_the_links_of_one_record() -> None:
    everything = conflicts(several())
    assert conflicts(several(), touching=frozenset({5})) == tuple(k for k in everything if 5 in (k.a, k.b))
