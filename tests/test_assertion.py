"""Who asserts a record, and the invariants that every record has to hold."""

from dataclasses import replace

from communique.reading.assertion import Contents, assert_by, cut_to_contents
from communique.reading.check import check
from communique.reading.layout import encode
from communique.records import Actor, Commitment, Document, Event, Statement, record_id

TEXT = "Die Agentur meldete, der Minister habe gesagt, das Land baue eine Brücke. Danach regnete es."


def statement(id: str, start: int, end: int) -> Statement:
    return Statement(
        id=id, evidence=((start, end),), confidence=0.9, asserted_by=None, why="test", speakers=(), anonymous=False,
        cue=(), content=((start, end),), form="indirect",
    )  # fmt: skip


def event(*evidence: tuple[int, int]) -> Event:
    return Event(
        id="e-1", evidence=evidence, confidence=0.9, asserted_by=None, why="test", type="COOPERATE", mode=None,
        contexts=(), cameo=None, quad="material cooperation", goldstein=None, source=(), target=(), place=None,
        start=None, end=None, precision=None, modality="actual", trigger=evidence,
    )  # fmt: skip


OUTER, INNER = statement("s-1", 21, 72), statement("s-2", 47, 72)


def test_the_innermost_statement_that_holds_all_evidence_asserts() -> None:
    contents = Contents((OUTER, INNER))
    assert contents.innermost(((50, 60),)) == "s-2"
    assert contents.innermost(((30, 60),)) == "s-1"
    assert contents.innermost(((50, 60), (75, 80))) is None
    assert contents.innermost(()) is None


def test_nested_statements_lie_within_the_outer_one() -> None:
    statements, events, _commitments, _figures = assert_by((OUTER, INNER), (event((50, 60)), event((74, 80))), (), ())
    assert [s.within for s in statements] == [None, "s-1"]
    assert [s.asserted_by for s in statements] == [None, "s-1"]
    assert [e.asserted_by for e in events] == ["s-2", None]


def test_statements_of_equal_content_do_not_hold_each_other() -> None:
    twin = replace(INNER, id="s-3")
    statements, *_ = assert_by((INNER, twin), (), (), ())
    assert [s.within for s in statements] == [None, None]


def actor(start: int, end: int) -> Actor:
    return Actor("PER", "GOV", None, "Peru", (start, end))


def commitment(event_id: str) -> Commitment:
    return Commitment(
        id="c-1", evidence=((50, 60),), confidence=0.9, asserted_by=None, why="test", kind="plan", parties=(),
        beneficiaries=(), cue=((50, 52),), action="bauen", action_text=((53, 60),), fields=(), deadline=None,
        target=None, condition=(), event=event_id,
    )  # fmt: skip


def test_evidence_that_reaches_into_the_cue_is_cut_to_the_content_and_the_ids_follow() -> None:
    wide = replace(event((21, 72)), trigger=((60, 65),), source=(actor(47, 55),))
    events, commitments, _figures = cut_to_contents((INNER,), (wide,), (commitment("e-1"),), (), "t")
    assert events[0].evidence == ((47, 72),)
    assert events[0].id == record_id("event", "t", ((47, 72),), 0)
    assert commitments[0].event == events[0].id
    assert assert_by((INNER,), events, commitments, ())[1][0].asserted_by == "s-2"


def test_an_actor_outside_the_content_keeps_the_evidence_whole() -> None:
    wide = replace(event((21, 72)), trigger=((60, 65),), source=(actor(25, 30),))
    events, _commitments, _figures = cut_to_contents((INNER,), (wide,), (), (), "t")
    assert events[0].evidence == ((21, 72),)
    assert assert_by((INNER,), (wide,), (), (), "t")[1][0].asserted_by is None


def test_a_content_in_two_pieces_leaves_two_pieces_of_evidence() -> None:
    split = replace(INNER, content=((0, 10), (20, 40)))
    wide = replace(event((0, 42)), trigger=((5, 10),), target=(actor(25, 30),))
    events, _commitments, _figures = cut_to_contents((split,), (wide,), (), (), "t")
    assert events[0].evidence == ((0, 10), (20, 40))


def test_records_outside_the_text_or_time_are_dropped_with_a_problem() -> None:
    encoded, _ = encode(Document(text=TEXT, language="de"))
    wrong = [
        event((0, 9999)),
        event(),
        event((72, 73), (20, 21)),
        replace(event((0, 5)), start="2031-02-02", end="2031-02-01"),
        replace(event((0, 5)), start="0031-02-02", end="0031-02-02"),
    ]
    kept, problems = check(encoded, (OUTER,), (*wrong, event((0, 5))), (), ())
    assert [e.evidence for e in kept[1]] == [((0, 5),)]
    assert kept[0] == (OUTER,)
    assert len(problems) == len(wrong)
    assert {p.code for p in problems} == {"invariant"}
