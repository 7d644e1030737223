"""The examples and the gate's items are fiction: they are read without failure and name no real person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from evaluation.items import FOLDER, load_folder, read_text

from communique.compiling import surface_key
from communique.document import Loaded, load
from communique.knowledge import Knowledge
from communique.reading import Reader

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples" / "items"
MARK = "FICTION"
LONGEST_NAME = 5


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def examples() -> list[Loaded]:
    return list(load(EXAMPLES))


def known_persons(text: str, knowledge: Knowledge) -> Iterator[str]:
    """Runs of words in a text that are the full name of a person of the knowledge."""
    words = [word.strip(".,;:!?()\"'“”„«»‘’") for word in text.split()]
    for start in range(len(words)):
        for length in range(2, LONGEST_NAME + 1):
            name = " ".join(words[start : start + length])
            if any(sense.form == "person" for sense in knowledge.senses(surface_key(name))):
                yield name


def test_known_persons_are_found() -> None:
    """The check below can fail."""
    found = list(known_persons("Gestern sprach Angela Merkel, die Kanzlerin.", Knowledge.default()))
    assert found == ["Angela Merkel"]


def test_all_examples_are_read(reader: Reader) -> None:
    loaded = examples()
    assert len(loaded) == 9
    for item in loaded:
        assert item.document is not None, item.origin
        reading = reader.read(item.document, item.problems)
        assert not [p for p in reading.problems if p.code == "stage"], item.origin
        assert reading.entities, item.origin
        assert reading.document.language == ("de" if "de" in item.origin["path"] else reading.document.language)
        assert reading.document.published or "communique" in item.origin["path"] or "readout" in item.origin["path"]


def test_genres_and_pages_of_the_examples(reader: Reader) -> None:
    readings = {i.origin["path"].rsplit("/", 1)[1]: reader.read(i.document) for i in examples() if i.document}
    genres = {name: reading.document.genre for name, reading in readings.items()}
    assert genres["2-readout.de.txt"] == "readout"
    assert genres["5-communique.en.txt"] == "communique"
    assert genres["6-interview.en.txt"] == "interview"
    page = readings["7-page.de.html"].document
    assert (page.published, page.author, page.publisher) == ("2024-10-16T09:15:00+02:00", "Jule Vierthaler", "Nordpost")
    assert readings["1-staatsbesuch.de.txt"].document.place == "Bischkek"


def test_every_example_says_that_it_is_fiction() -> None:
    for path in EXAMPLES.iterdir():
        content = path.read_text("utf-8")
        lines = content.splitlines() if path.suffix == ".jsonl" else [content]
        assert all(MARK in line for line in lines), path.name
    assert all(read_text(path).fiction for path in FOLDER.glob("*.txt"))


def test_no_real_person_is_named_in_the_examples(reader: Reader) -> None:
    for item in examples():
        assert item.document is not None
        assert list(known_persons(item.document.text, reader.knowledge)) == [], item.origin
        persons = [e for e in reader.read(item.document).entities if e.kind == "person"]
        assert [e.name for e in persons if e.wikidata or e.knowledge] == [], item.origin


def test_no_real_person_is_named_in_the_items() -> None:
    knowledge = Knowledge.default()
    for case in load_folder():
        assert list(known_persons(case.text, knowledge)) == [], case.id
        for entity in case.gold["entities"]:
            if entity["kind"] == "person" and " " in entity["name"]:
                hits = [row.id for row, form, _ in knowledge.lookup(entity["name"]) if form == "person"]
                assert hits == [], (case.id, entity["name"])


def test_figures_that_do_not_fit_are_a_problem(reader: Reader) -> None:
    (item,) = load(EXAMPLES / "3-zahlen.de.txt")
    assert item.document is not None
    (problem,) = [p for p in reader.read(item.document).problems if p.code == "arithmetic"]
    assert problem.evidence
