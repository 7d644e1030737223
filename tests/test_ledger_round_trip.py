"""Whatever a reading holds comes out of the ledger as it went in, and nothing depends on the order of adding."""

from __future__ import annotations

import string
import tempfile
from dataclasses import replace
from itertools import chain
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from communique.ledger import Ledger, packing
from communique.ledger.rows import Filter
from communique.records import (
    Actor,
    Change,
    Commitment,
    Deadline,
    Document,
    Entity,
    Event,
    Figure,
    Problem,
    Reading,
    Record,
    Statement,
    Target,
    text_hash,
)

WORDS = st.text(max_size=12)
SHORT = st.sampled_from(["CHN", "KAZ", "EU", "trade", "", "ß", "\x00", "'", '"'])
MAYBE = st.none() | WORDS
DAYS = st.none() | st.dates().map(str) | st.sampled_from(["2031", "2031-05"])
NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(2**53), 2**53).map(float)
SURE = st.floats(0, 1)
SPAN = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: (min(pair), max(pair)))
SPANS = st.lists(SPAN, max_size=3).map(tuple)
ACTOR = st.builds(Actor, st.none() | SHORT, MAYBE, st.sampled_from([None, "t1", "t2"]), WORDS, st.none() | SPAN)
ACTORS = st.lists(ACTOR, max_size=3).map(tuple)
ENTITY = st.builds(
    Entity, st.sampled_from(["t1", "t2", "t3"]), st.sampled_from(["state", "person"]), WORDS, MAYBE, MAYBE, MAYBE,
    MAYBE, SPANS, SURE, WORDS, MAYBE, MAYBE,
)  # fmt: skip
PROBLEM = st.builds(Problem, WORDS, WORDS, WORDS, SPANS)
COMMON = (st.just(""), SPANS, SURE, MAYBE, WORDS)
STATEMENT = st.builds(Statement, *COMMON, ACTORS, st.booleans(), SPANS, SPANS, WORDS, ACTORS, MAYBE)
EVENT = st.builds(
    Event, *COMMON, SHORT, MAYBE, st.lists(WORDS, max_size=2).map(tuple), MAYBE, WORDS, st.none() | NUMBERS, ACTORS,
    ACTORS, MAYBE, DAYS, DAYS, MAYBE, WORDS, SPANS,
)  # fmt: skip
DEADLINE = st.builds(Deadline, DAYS, DAYS, WORDS, WORDS, SPAN)
TARGET = st.builds(Target, NUMBERS, WORDS, MAYBE, SPAN)
COMMITMENT = st.builds(
    Commitment, *COMMON, WORDS, ACTORS, ACTORS, SPANS, WORDS, SPANS, st.lists(WORDS, max_size=2).map(tuple),
    st.none() | DEADLINE, st.none() | TARGET, SPANS, MAYBE,
)  # fmt: skip
CHANGE = st.builds(Change, st.none() | NUMBERS, st.none() | NUMBERS, MAYBE)
DERIVED = st.none() | st.dictionaries(WORDS, NUMBERS | WORDS | st.none(), max_size=2)
FIGURE = st.builds(
    Figure, *COMMON, WORDS, WORDS, ACTORS, ACTORS, st.none() | NUMBERS, st.none() | NUMBERS, MAYBE, WORDS, WORDS, DAYS,
    DAYS, MAYBE, st.none() | CHANGE, st.none() | st.integers(1, 200), DERIVED,
)  # fmt: skip
DOCUMENT = st.builds(
    Document,
    text=st.text(max_size=60),
    id=st.text(string.ascii_lowercase, min_size=1, max_size=3),
    name=MAYBE,
    title=MAYBE,
    title_span=st.none() | SPAN,
    url=MAYBE,
    publisher=MAYBE,
    author=MAYBE,
    issuer=MAYBE,
    genre=MAYBE,
    agencies=st.lists(WORDS, max_size=2).map(tuple),
    place=MAYBE,
    published=DAYS,
    modified=DAYS,
    language=st.sampled_from([None, "de", "en", "fr"]),
).map(lambda document: replace(document, text_id=text_hash(document.text)))


def lists(kind: st.SearchStrategy[Record]) -> st.SearchStrategy[tuple[Record, ...]]:
    return st.lists(kind, max_size=2).map(tuple)


@st.composite
def readings(draw: st.DrawFn) -> Reading:
    """A reading whose records have ids of their own."""
    made = [draw(lists(kind)) for kind in (STATEMENT, EVENT, COMMITMENT, FIGURE)]  # type: ignore[arg-type]
    numbered = [
        tuple(replace(one, id=f"{at}-{place}") for place, one in enumerate(some)) for at, some in enumerate(made)
    ]
    entities = draw(st.lists(ENTITY, max_size=2, unique_by=lambda entity: entity.id))
    problems = draw(st.lists(PROBLEM, max_size=2))
    return Reading(draw(DOCUMENT), tuple(entities), *numbered, problems=tuple(problems), reader={"version": "1"})  # type: ignore[arg-type]


def records(reading: Reading) -> list[Record]:
    return list(chain(reading.statements, reading.events, reading.commitments, reading.figures))


@given(readings())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_reading_comes_out_as_it_went_in(reading: Reading) -> None:
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "l.sqlite") as ledger:
        key = ledger.add(reading).key
        assert ledger.item(key).document == reading.document
        assert ledger.entities(key) == reading.entities
        assert ledger.problems(key) == reading.problems
        assert [one.record for one in ledger.of_item(key)] == records(reading)
        found = ledger.records(Filter(min_confidence=0, limit=None))
        assert sorted(one.key for one in found) == [one.key for one in ledger.of_item(key)]
        for one in found:
            assert ledger.find(one.record.id)[0] == one
        assert ledger.add(reading).outcome == "known"


@given(st.lists(readings(), min_size=2, max_size=4, unique_by=lambda one: one.document.id), st.randoms())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_order_of_adding_changes_no_answer(some: list[Reading], chance: object) -> None:
    shuffled = list(some)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    answers = []
    for order in (some, shuffled):
        with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "l.sqlite") as ledger:
            with ledger.batch():
                for reading in order:
                    ledger.add(reading)
            wanted = [
                Filter(min_confidence=0, limit=None),
                Filter(actors=["CHN"], limit=None),
                Filter(pair=("CHN", "KAZ")),
            ]
            found = [ledger.records(one) for one in wanted]
            answers.append([sorted(f"{one.item.document.id} {one.record}" for one in some) for some in found])
    assert answers[0] == answers[1]


@given(STATEMENT | EVENT | COMMITMENT | FIGURE)
@settings(deadline=None)
def test_a_packed_record_is_the_same_record(record: Record) -> None:
    blob = packing.pack(packing.plain(record))
    assert packing.build(type(record), packing.unpack(blob)) == record


def test_a_packed_record_is_small() -> None:
    actor = Actor("CHN", "GOV", "t1", "China", (0, 5))
    record = Event(
        "e-0123456789abcdef", ((0, 41), (43, 81)), 0.95, None, "'met' (verb, CONSULT)", "CONSULT", "meet",
        ("diplomatic",), "040", "verbal cooperation", 1.0, (actor,), (actor,), None, "2031-05-02", "2031-05-02", "day",
        "actual", ((8, 13),),
    )  # fmt: skip
    assert len(packing.pack(packing.plain(record))) < 200


def test_a_record_of_an_older_version_is_read() -> None:
    content = packing.plain(Actor("CHN", "GOV", "t1", "China", (0, 5)))
    assert packing.build(Actor, {**content, "a field of tomorrow": 1}) == Actor("CHN", "GOV", "t1", "China", (0, 5))
    entity = packing.plain(Entity("t1", "state", "China", "CHN", None, None, None, (), 0.9, "", None, None))
    del entity["knowledge"]
    assert packing.build(Entity, entity).knowledge is None
