"""Promises across items: which commitments are one, the history of a promise, its status. All items are FICTION."""

import random

import pytest
from promise_cases import event, figure, item, promise

from communique.follow.deadlines import due_day, due_of, due_on, moved, status, usual
from communique.follow.promises import entries, promise_link, promise_of, told_by
from communique.ledger.rows import Entry, Item, Stored
from communique.records import Deadline

PAIR = ("PRY", "ISL")
SAID = [
    ("en", "Paraguay and Iceland want to double trade by the end of 2030.", "double trade"),
    ("de", "Paraguay und Island wollen den Handel bis Ende 2030 verdoppeln.", "den Handel bis Ende 2030 verdoppeln"),
]


def told(key: int, day: str, which: int = 0, **more: object) -> Stored:
    language, text, action = SAID[which]
    given = {"due": "2030-12-31", "target": (2.0, "x"), "fields": ("trade",), **more}
    return promise(item(key, day, text, language), action, PAIR, **given)


def said(key: int, text: str, action: str, parties: tuple[str, ...], day: str = "2028-05-02", **more: object) -> Stored:
    return promise(item(key, day, text), action, parties, **more)


def kinds(found: tuple[Entry, ...]) -> list[tuple[int, str, str]]:
    return [(e.item, e.entry, e.rule) for e in found]


# ---------------------------------------------------------------- one promise


def test_one_promise_in_two_languages_months_apart() -> None:
    link = promise_link(told(2, "2029-11-20", 1), told(1, "2028-05-02"))
    assert link is not None
    assert (link.kind, link.a < link.b) == ("promise", True)
    assert link.reason == "parties ISL+PRY; both double, trade; due 2030-12-31; target 2 x"


def test_link_does_not_depend_on_the_order() -> None:
    one, other = told(1, "2028-05-02"), told(2, "2029-11-20", 1)
    assert promise_link(one, other) == promise_link(other, one)


NEAR = [
    ("another measure of another thing", "double tourism", PAIR, {"due": "2030-12-31", "target": (2.0, "x")}),
    ("the same by another pair", "double trade", ("PRY", "NOR"), {"due": "2030-12-31", "target": (2.0, "x")}),
    ("another party alone", "double trade", ("NOR",), {"due": "2030-12-31", "target": (2.0, "x")}),
    ("the opposite", "halve trade", PAIR, {"due": "2030-12-31", "target": (0.5, "x")}),
    ("unmeasured", "develop cooperation in trade", PAIR, {}),
]


@pytest.mark.parametrize(("why", "action", "parties", "more"), NEAR)
def test_near_misses_stay_apart(why: str, action: str, parties: tuple[str, ...], more: dict[str, object]) -> None:
    assert (
        promise_link(told(1, "2028-05-02"), said(2, f"They will {action}.", action, parties, "2028-07-01", **more))
        is None
    )


APART = [
    ("build a pipeline from Ghana to Togo", "build a pipeline from Ghana to Benin", ("GHA",)),
    ("open a consulate in Lisbon", "open a consulate in Tallinn", ("PRY",)),
    ("send doctors to Nepal", "send doctors to Laos", ("ISL",)),
    ("open a consulate in Lisbon", "open an embassy in Lisbon", ("PRY",)),
    ("build a power plant", "modernise the power plant", ("ISL",)),
    ("reduce duties on cars", "reduce duties on beef", ("ISL",)),
    ("send doctors to Nepal", "train doctors in Nepal", ("ISL",)),
    ("build a gas pipeline", "build an oil pipeline", ("GHA",)),
]


@pytest.mark.parametrize(("one", "other", "parties"), APART)
def test_another_partner_place_or_thing_is_another_promise(one: str, other: str, parties: tuple[str, ...]) -> None:
    first, second = said(1, f"It will {one}.", one, parties), said(2, f"It will {other}.", other, parties, "2028-09-02")
    assert promise_link(first, second) is None


SAME = [
    (
        "build a railway to the port of Lomé",
        "the new railway to the port of Lomé will be built",
        ("TGO", "GHA"),
        ("TGO",),
    ),
    ("deliver 400 tonnes of wheat to Laos", "send Laos 400 tonnes of wheat", ("ISL",), ("ISL",)),
    ("open a consulate in Lisbon", "establish a consulate in Lisbon", ("PRY",), ("PRY",)),
]


@pytest.mark.parametrize(("one", "other", "parties", "others"), SAME)
def test_other_words_and_fewer_parties_are_one_promise(
    one: str, other: str, parties: tuple[str, ...], others: tuple[str, ...]
) -> None:
    first, second = said(1, f"It will {one}.", one, parties), said(2, f"So {other}.", other, others, "2028-09-02")
    assert promise_link(first, second) is not None


def test_a_later_deadline_links_but_not_where_the_thing_recurs() -> None:
    port = [said(n, "x open the new port", "open the new port", ("TGO",), day, due=due)
            for n, day, due in ((1, "2028-05-02", "2029-06-30"), (2, "2029-05-02", "2031-06-30"))]  # fmt: skip
    talks = [said(n, "x hold talks on fisheries", "hold talks on fisheries", ("TGO", "GHA"), day, due=due)
             for n, day, due in ((1, "2028-05-02", "2029-06-30"), (2, "2029-05-02", "2031-06-30"))]  # fmt: skip
    assert promise_link(*port).reason == "parties TGO; both open, port; due 2029-06-30, then 2031-06-30"
    assert promise_link(*talks) is None


def test_a_new_target_after_the_deadline_is_a_new_promise() -> None:
    old = told(1, "2028-05-02", due="2029-12-31")
    assert promise_link(old, told(2, "2030-05-02", due="2033-12-31", target=(3.0, "x"))) is None
    assert promise_link(old, told(2, "2029-05-02", due="2033-12-31", target=(3.0, "x"))) is not None


# ---------------------------------------------------------------- its history


def test_first_days_announce_later_ones_reaffirm_delay_and_change() -> None:
    members = [
        told(1, "2028-05-02"),
        told(2, "2028-05-03", 1),
        told(3, "2029-01-10", 1),
        told(4, "2029-06-01", due="2032-12-31"),
        told(5, "2029-09-01", due="2032-12-31", target=(3.0, "x")),
    ]
    assert kinds(entries(members, [])) == [
        (1, "announced", "R-announced until 2030-12-31"),
        (2, "announced", "R-announced until 2030-12-31"),
        (3, "reaffirmed", "R-reaffirmed until 2030-12-31"),
        (4, "delayed", "R-delayed until 2032-12-31"),
        (5, "changed", "R-changed until 2032-12-31"),
    ]


def trade(key: int, day: str, value: float, year: int, **more: object) -> Stored:
    text = f"Trade between Paraguay and Iceland came to {value:g} dollars in {year}."
    return figure(item(key, day, text), text[:-1], value, "USD", PAIR, year, **more)


FIGURES = [
    (130e6, 2029, {}, ["progressed"]),
    (200e6, 2029, {}, ["fulfilled"]),
    (199.5e6, 2030, {}, ["fulfilled"]),
    (160e6, 2030, {}, ["partly_fulfilled"]),
    (120e6, 2030, {}, ["progressed"]),
    (90e6, 2029, {}, []),
    (210e6, 2029, {"status": "forecast"}, []),
    (210e6, 2029, {"indicator": "exports", "status": "target"}, []),
]


@pytest.mark.parametrize(("value", "year", "more", "expected"), FIGURES)
def test_figures_against_a_multiple(value: float, year: int, more: dict[str, object], expected: list[str]) -> None:
    base = trade(7, "2028-02-01", 100e6, 2027)
    found = entries([told(1, "2028-05-02")], [base, trade(8, f"{year + 1}-02-01", value, year, **more)])
    assert [e.entry for e in found if e.item == 8] == expected


def test_a_multiple_without_a_base_is_never_reached() -> None:
    found = entries([told(1, "2028-05-02")], [trade(8, "2030-02-01", 900e6, 2029)])
    assert [e.entry for e in found if e.item == 8] == []


def test_a_sum_is_reached_without_a_base() -> None:
    sum_of = told(1, "2028-05-02", target=(150e6, "USD"))
    found = entries([sum_of], [trade(8, "2030-02-01", 151e6, 2029)])
    assert [(e.entry, e.rule) for e in found if e.item == 8] == [("fulfilled", "F-reached")]


def test_the_figure_of_the_promise_itself_is_its_target() -> None:
    text = "Paraguay and Iceland reaffirmed that they will raise trade to 150 million dollars."
    again = item(2, "2029-05-02", text)
    promised = promise(again, "raise trade to 150 million dollars", PAIR, target=(150e6, "USD"), fields=("trade",))
    own = figure(again, "150 million dollars", 150e6, "USD", PAIR, None)
    first = told(1, "2028-05-02", target=(150e6, "USD"))
    assert [e.entry for e in entries([first, promised], [own])] == ["announced", "reaffirmed"]


EVENTS = [
    ({}, ["fulfilled"]),
    ({"modality": "planned"}, []),
    ({"modality": "denied"}, []),
    ({"start": "2028-01-10"}, []),
]


@pytest.mark.parametrize(("more", "expected"), EVENTS)
def test_events_that_satisfy_the_action(more: dict[str, str], expected: list[str]) -> None:
    first = said(1, "Togo will sign a fisheries treaty with Ghana.", "sign a fisheries treaty with Ghana", ("TGO",))
    later = item(2, "2029-05-02", "Nach Monaten: Fischereivertrag zwischen Togo und Ghana besiegelt", "de")
    act = event(
        later, "Fischereivertrag zwischen Togo und Ghana besiegelt", "AGREE", ("TGO", "GHA"), ("TGO", "GHA"), **more
    )
    assert [e.entry for e in entries([first], [act]) if e.rule == "E-deed"] == expected


def test_a_visit_by_its_deadline_is_the_one_promised() -> None:
    first = said(1, "Iceland's king will visit Togo in May.", "visit Togo", ("ISL",), due="2028-05-31", to=("TGO",))
    for day, expected in (("2028-05-20", ["fulfilled"]), ("2029-03-01", [])):
        act = event(item(2, day, "Ein Gast in Lomé"), "Ein Gast in Lomé", "CONSULT", ("ISL",), ("TGO",), mode="visit")
        assert [e.entry for e in entries([first], [act]) if e.item == 2] == expected


BRIDGE = ("build a bridge over the Mono", ("TGO", "BEN"))


def bridge(**more: object) -> Stored:
    return said(1, "Togo and Benin will build a bridge over the Mono.", *BRIDGE, "2028-05-02", **more)


def report(key: int, day: str, text: str, publisher: str = "Harbour Gazette", language: str = "en") -> Item:
    return item(key, day, text, language, publisher=publisher)


KEPT = "Togo and Benin have completed the bridge over the Mono."
PARTLY = "Only part of the bridge over the Mono that Togo and Benin promised has been built."
BROKEN = "Togo and Benin have broken their promise of a bridge over the Mono."


def test_what_an_independent_voice_saw_kept_is_contradicted_by_a_denial() -> None:
    found = entries([bridge()], [], [report(2, "2029-05-02", KEPT), report(3, "2029-06-02", BROKEN)])
    assert kinds(found)[1:] == [(2, "fulfilled", "W-done"), (3, "contradicted", "H-contradicted")]
    assert status(found, None, "2029-12-31") == "fulfilled"


def test_what_only_the_promiser_says_gives_way() -> None:
    own = report(2, "2029-05-02", KEPT, "Ministry of Works of Togo")
    found = entries([bridge()], [], [own, report(3, "2029-06-02", PARTLY)])
    assert kinds(found)[1:] == [(2, "fulfilled", "W-done"), (3, "partly_fulfilled", "W-partly")]
    assert status(found, None, "2029-05-31") == "fulfilled"
    assert status(found, None, "2029-12-31") == "partly"
    assert told_by(own.document, PAIR) == ("Ministry of Works of Togo", False)
    assert told_by(own.document, BRIDGE[1]) == ("Ministry of Works of Togo", True)


def test_items_before_the_promise_and_of_its_first_days_tell_nothing_of_its_end() -> None:
    early, same_day = report(2, "2027-05-02", KEPT), report(3, "2028-05-03", KEPT)
    assert [e.entry for e in entries([bridge()], [], [early, same_day]) if e.item == 2] == []
    assert "fulfilled" not in [e.entry for e in entries([bridge()], [], [early, same_day])]


def test_a_report_of_the_announcement_without_a_commitment() -> None:
    other = report(2, "2028-05-03", "Togo und Benin wollen eine Brücke über den Mono bauen.", language="de")
    assert kinds(entries([bridge()], [], [other])) == [(1, "announced", "R-announced"), (2, "announced", "W-announced")]


def test_a_denial_on_the_next_day() -> None:
    text = "Benin denied having promised a bridge over the Mono to Togo."
    found = entries([bridge()], [], [report(2, "2028-05-03", text)])
    assert kinds(found) == [(1, "announced", "R-announced"), (2, "contradicted", "W-contradicted")]


def test_one_entry_of_a_kind_for_each_item_the_stronger_one() -> None:
    text = "The bridge of Togo and Benin is delayed. Work on the bridge has begun. The bridge is delayed again."
    found = entries([bridge(due="2029-12-31")], [], [report(2, "2029-05-02", text)])
    assert [e.entry for e in found] == ["announced", "delayed"]
    assert [len(e.evidence) for e in found] == [1, 2]


def test_a_delay_moves_the_deadline() -> None:
    text = "The bridge of Togo and Benin over the Mono has been postponed to 2031."
    found = entries([bridge(due="2029-12-31")], [], [report(2, "2029-05-02", text)])
    assert [due_of(e) for e in found] == ["2029-12-31", "2031-12-31"]
    assert due_on(found, "2029-01-01") == "2029-12-31"
    assert due_on(found, "2029-06-01") == "2031-12-31"
    assert [status(found, None, day) for day in ("2029-11-30", "2031-11-30", "2032-01-01")] == ["open", "due", "lapsed"]


def test_a_deed_that_is_not_done_breaks_a_promise_only_after_its_deadline() -> None:
    text = "The bridge over the Mono, promised by Togo and Benin, has not been built."
    for due, expected in (("2028-12-31", ["broken"]), ("2030-12-31", [])):
        found = entries([bridge(due=due)], [], [report(2, "2029-05-02", text)])
        assert [e.entry for e in found if e.rule == "W-undone"] == expected


def test_entries_do_not_depend_on_any_order() -> None:
    members = [told(n, f"2028-0{n}-02", n % 2) for n in range(1, 6)]
    others = [
        trade(7, "2028-02-01", 100e6, 2027),
        trade(8, "2030-02-01", 150e6, 2029),
        trade(9, "2031-02-01", 201e6, 2030),
    ]
    items = [
        report(n, f"2029-0{n - 9}-02", f"Paraguay and Iceland reaffirmed the goal to double trade, day {n}.")
        for n in (10, 11)
    ]
    expected = entries(members, others, items)
    assert len(expected) == 9
    for seed in range(5):
        mixed = [random.Random(seed).sample(list(rows), len(rows)) for rows in (members, others, items)]
        assert entries(*mixed) == expected


def test_no_commitments_no_history() -> None:
    assert entries([], []) == ()


def test_what_a_promise_is_made_of() -> None:
    both = promise_of([told(1, "2028-05-02"), told(2, "2028-05-03", 1)])
    assert (both.parties, both.since, both.due) == (frozenset(PAIR), "2028-05-02", "2030-12-31")
    assert both.actions == {"raise"}


# ---------------------------------------------------------------- status


def history(*rows: tuple[str, str]) -> list[Entry]:
    return [Entry(n, n, day, entry, "R-test") for n, (day, entry) in enumerate(rows)]


STATUSES = [
    ([("2028-05-02", "announced")], "2028-05-01", None),
    ([("2028-05-02", "announced")], "2028-05-02", "open"),
    ([("2028-05-02", "announced")], "2030-10-01", "open"),
    ([("2028-05-02", "announced")], "2030-10-02", "due"),
    ([("2028-05-02", "announced")], "2030-12-31", "due"),
    ([("2028-05-02", "announced")], "2031-01-01", "lapsed"),
    ([("2028-05-02", "announced"), ("2030-01-01", "fulfilled")], "2029-12-31", "open"),
    ([("2028-05-02", "announced"), ("2030-01-01", "fulfilled")], "2032-01-01", "fulfilled"),
    ([("2028-05-02", "announced"), ("2031-05-01", "fulfilled")], "2031-02-01", "lapsed"),
    ([("2028-05-02", "announced"), ("2031-05-01", "fulfilled")], "2031-05-01", "fulfilled"),
    ([("2028-05-02", "announced"), ("2029-01-01", "partly_fulfilled")], "2033-01-01", "partly"),
    ([("2028-05-02", "announced"), ("2029-01-01", "partly_fulfilled"), ("2030-01-01", "fulfilled")], "2033-01-01",
     "fulfilled"),
    ([("2028-05-02", "announced"), ("2029-01-01", "broken")], "2029-01-01", "broken"),
    ([("2028-05-02", "announced"), ("2029-01-01", "withdrawn")], "2033-01-01", "withdrawn"),
    ([("2028-05-02", "announced"), ("2029-01-01", "withdrawn"), ("2029-06-01", "reaffirmed")], "2029-07-01", "open"),
    ([("2028-05-02", "announced"), ("2029-01-01", "contradicted")], "2029-07-01", "open"),
    ([("2028-05-02", "announced"), ("2029-01-01", "fulfilled"), ("2029-06-01", "contradicted")], "2029-07-01",
     "fulfilled"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "on", "expected"), STATUSES)
def test_status_on_a_day(rows: list[tuple[str, str]], on: str, expected: str | None) -> None:
    assert status(history(*rows), "2030-12-31", on) == expected


def test_a_promise_without_a_date_never_lapses() -> None:
    assert status(history(("2028-05-02", "announced")), None, "2099-01-01") == "open"
    vague = Deadline(None, None, "in", "soon", (0, 4))
    assert status(history(("2028-05-02", "announced")), vague, "2099-01-01") == "open"


DEADLINES = [
    (Deadline(None, "2030-12-31", "by", "by 2030", (0, 7)), "2030-12-31"),
    (Deadline("2030-01-01", "2030-12-31", "in", "in 2030", (0, 7)), "2030-12-31"),
    (Deadline("2030-06-01", None, "from", "from 1 June 2030", (0, 7)), "2030-06-01"),
    (Deadline("2030-06-01", None, "from", "from June 2030", (0, 7)), "2030-06-30"),
    (Deadline("2030-02-01", None, "from", "ab Februar 2030", (0, 7)), "2030-02-28"),
    (Deadline("2030-06-15", None, "from", "from mid-June", (0, 7)), "2030-06-15"),
    (Deadline(None, None, "in", "bald", (0, 4)), None),
    (None, None),
]


@pytest.mark.parametrize(("deadline", "expected"), DEADLINES)
def test_the_day_by_which(deadline: Deadline | None, expected: str | None) -> None:
    assert due_day(deadline) == expected


def test_several_deadlines() -> None:
    assert usual(["2030-12-31", None, "2030-12-31", "2031-12-31"]) == "2030-12-31"
    assert usual(["2030-12-31", "2031-12-31"]) == "2031-12-31"
    assert usual([None]) is None
    assert (moved("2030-06-30", "2030-07-31"), moved("2030-06-30", "2030-08-01")) == (0, 1)
