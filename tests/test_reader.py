"""The reader as a whole: failing stages, ids, determinism, other languages, hostile and huge texts."""

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique import notation
from communique import reading as package
from communique.reading import STAGES, Reader
from communique.records import Document, Numbering, Reading, content_hash, record_id, text_hash

EXAMPLES = Path(__file__).resolve().parent.parent / "examples" / "items"
PIECES = [
    "Präsident ", "Xi ", "sagte ", '"', "„", "“", "(", "(ABC) ", "China ", "am Montag ", "41 Mrd. USD ",
    "1.1.", "dass ", "und ", ", ", "er ", "wird ", "nicht ", "the ", "of ", "said ", "will ", "U.S. ", "-",
    "\n", "\n\n", "\x00", "\u202e", "😀", "ß", "a\u0301", "Ł",
]  # fmt: skip


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def document(text: str, **about: str) -> Document:
    return Document(text=text, text_id=text_hash(text), **about)


def examples() -> list[str]:
    return [p.read_text("utf-8") for p in sorted(EXAMPLES.glob("*.txt"))]


def sound(reading: Reading) -> None:
    """Every span lies in the text, every reference is resolved, every id is there once."""
    length = len(reading.document.text)
    ids = {e.id for e in reading.entities}
    records = [r for kind in notation.RECORD_LISTS for r in getattr(reading, kind)]
    assert len({r.id for r in records}) == len(records)
    statements = {s.id for s in reading.statements}
    for record in records:
        assert record.evidence
        assert all(0 <= s < e <= length for s, e in record.evidence)
        assert record.why
        assert 0 <= record.confidence <= 1
        assert record.asserted_by is None or record.asserted_by in statements
    for entity in reading.entities:
        assert all(0 <= s < e <= length for s, e in entity.mentions)
    for statement in reading.statements:
        assert all(a.entity is None or a.entity in ids for a in statement.speakers)
    for event in reading.events:
        assert all(a.entity is None or a.entity in ids for a in (*event.source, *event.target))


def test_the_examples_are_read_soundly_and_come_back_from_json(reader: Reader) -> None:
    for text in examples():
        reading = reader.read(document(text, published="2031-05-07"))
        sound(reading)
        assert not [p for p in reading.problems if p.code in ("stage", "invariant")]
        printed = json.loads(json.dumps(notation.as_json(reading, layers=True)))
        assert notation.as_json(notation.from_json(printed), layers=True) == printed


def test_the_same_text_gives_the_same_records(reader: Reader) -> None:
    text = examples()[0]
    one, other = (notation.as_json(r.read(document(text))) for r in (reader, Reader()))
    assert one == other


def test_a_failing_stage_is_a_problem_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_found: object, _knowledge: object) -> None:
        raise ValueError("broken on purpose")

    stages = tuple((name, broken if name == "times" else stage) for name, stage in STAGES)
    monkeypatch.setattr(package, "STAGES", stages)
    reading = Reader().read(document("Malta kritisierte Tunesien. Der Minister sagte, das sei falsch."))
    assert [(p.code, p.stage) for p in reading.problems] == [("stage", "times")]
    assert reading.entities


def test_a_language_that_is_not_supported_is_said_and_names_are_still_read(reader: Reader) -> None:
    reading = reader.read(
        document("El presidente de China visitó Kazajistán y firmó un acuerdo con Vietnam el miércoles.")
    )
    assert [p.code for p in reading.problems] == ["language"]
    assert {"CHN", "VNM"} <= {e.code for e in reading.entities}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=40))
def test_any_mixture_of_pieces_is_read_soundly(reader: Reader, pieces: list[str]) -> None:
    reading = reader.read(document("".join(pieces), language="de", published="2031-05-07"))
    sound(reading)
    assert not [p for p in reading.problems if p.code == "stage"]


def test_mutated_texts_are_read_soundly(reader: Reader) -> None:
    rng = random.Random(2031)
    texts = examples()
    for _ in range(60):
        text = list(rng.choice(texts))
        for _ in range(rng.randrange(1, 30)):
            at = rng.randrange(len(text))
            change = rng.randrange(3)
            text[at : at + rng.randrange(0, 40)] = (
                [] if change == 0 else list(rng.choice(PIECES)) if change == 1 else text[: rng.randrange(60)]
            )
            text = text or ["a"]
        reading = reader.read(document("".join(text), published="2031-05-07"))
        sound(reading)
        assert not [p for p in reading.problems if p.code == "stage"]


@pytest.mark.parametrize(
    "piece", ["(", '"', "1.", "Xi ", "a.", "\n", "Präsident ", "und ", "1 1 ", "-", "U.S.", "sagte er, ", "in "]
)
def test_worst_cases_end(reader: Reader, piece: str) -> None:
    text = piece * (60_000 // len(piece))
    reading = reader.read(document(text, language="de"))
    assert reading.document.text == text
    assert not [p for p in reading.problems if p.code == "stage"]


def test_ids_hash_kind_text_evidence_and_ordinal() -> None:
    numbering = Numbering("0" * 16)
    first, second = numbering.next("event", [(0, 5)]), numbering.next("event", [(0, 5)])
    assert first == record_id("event", "0" * 16, [(0, 5)])
    assert first != second
    assert record_id("figure", "0" * 16, [(0, 5)]) != first


@given(st.lists(st.text(), min_size=1), st.lists(st.text(), min_size=1))
def test_hashes_of_different_fields_differ(one: list[str], other: list[str]) -> None:
    assert (content_hash(*one) == content_hash(*other)) == (one == other)
