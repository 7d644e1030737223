"""The benchmark's readings are invented, always the same, and such as a reader makes."""

from itertools import chain

from benchmarks.ledger import PER_ITEM, reading, readings


def test_the_same_each_time() -> None:
    assert list(readings(3, 5)) == [reading(5), reading(6), reading(7)]
    assert len({one.document.text for one in readings(20)}) == 20


def test_records_have_evidence_and_ids_of_their_own() -> None:
    for one in readings(20):
        records = list(chain(one.statements, one.events, one.commitments, one.figures))
        assert len({record.id for record in records}) == PER_ITEM
        assert one.document.text.endswith("(FICTION: invented item)")
        for record in records:
            ((start, end),) = record.evidence
            assert one.document.text[start:end].endswith(".")
