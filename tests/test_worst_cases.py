"""Ten megabytes of what pattern matching likes least: all of it is read to the end, as items of half a megabyte.

Run by `.ci/run` (`pytest -m slow`), not by `make test`. No time is asserted: a super-linear pattern doesn't come back.
"""

import pytest

from communique.reading import Reader
from communique.records import Document

PIECES = [
    "(", '"', "„", "a.", "1 1 ", "-", "U.S. ", "sagte er, ", "wird der ", "in ", "A - ", "Xi ", "Präsident ",
    "China und ", "beide Seiten ", "am Montag ", "3 Prozent ", "nach Angaben ", "he said ", "(dpa) ",
]  # fmt: skip
SIZE = 500_000


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.slow
@pytest.mark.parametrize("piece", PIECES)
def test_half_a_megabyte_of_a_worst_case_is_read(reader: Reader, piece: str) -> None:
    text = piece * (SIZE // len(piece))
    reading = reader.read(Document(text=text, language="de", published="2031-05-07"))
    assert not [p for p in reading.problems if p.code == "stage"]
    for record in (*reading.statements, *reading.events, *reading.commitments, *reading.figures):
        assert all(0 <= start < end <= len(text) for start, end in record.evidence)
