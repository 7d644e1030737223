"""Document → Reading: the stages in order, over one document at a time or a stream of them.

In: Documents. Out: Readings with records that prove themselves. A stage is a plain function over what earlier
stages found; one that fails on a document leaves a Problem and the others go on. Must not know the ledger.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path

from communique import __version__, models
from communique.calibration import Calibration
from communique.document import Overrides, document_of
from communique.knowledge import Knowledge
from communique.reading import commitments, events
from communique.reading.assertion import assert_by
from communique.reading.check import check
from communique.reading.commitments import learned as learned_commitments
from communique.reading.encode import Encoded
from communique.reading.events import learned as learned_events
from communique.reading.figures import find_figures
from communique.reading.layout import encode
from communique.reading.mentions import find_mentions
from communique.reading.named import Named
from communique.reading.outputs import Outputs
from communique.reading.quantities import find_quantities
from communique.reading.statements import find_statements
from communique.reading.statements import learned as learned_statements
from communique.reading.statements.appositions import widened
from communique.reading.statements.cues import words_of
from communique.reading.statements.united import united
from communique.reading.times import find_times
from communique.records import (
    Commitment,
    Document,
    Event,
    Figure,
    Layers,
    Problem,
    Quantity,
    Reading,
    Statement,
    Time,
)


@dataclass(slots=True)
class Findings:
    """What the stages have found so far in one document."""

    encoded: Encoded
    model: models.Model | None = None
    calibration: Calibration = field(default_factory=Calibration)
    outputs: Outputs | None = None
    named: Named = field(default_factory=Named)
    times: tuple[Time, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    statements: tuple[Statement, ...] = ()
    figures: tuple[Figure, ...] = ()
    events: tuple[Event, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    problems: list[Problem] = field(default_factory=list)


class Reader:
    """Holds the knowledge (and, where there is one, the model) and reads documents with them.

    `extra` are a user's own knowledge files. Raises KnowledgeError where one of them breaks its schema.
    """

    def __init__(self, extra: Sequence[Path] = (), *, model: Path | None = None, rules_only: bool = False) -> None:
        self.knowledge = Knowledge.load(extra) if extra else Knowledge.default()
        self.model = None if rules_only else models.Model(model) if model else models.shipped()
        self.calibration = Calibration(self.model.calibration if self.model else {})
        self.about = {
            "name": "communique",
            "version": __version__,
            "model": self.model.name if self.model else "none",
            "knowledge": self.knowledge.version,
        }

    def read(self, document: Document, problems: Sequence[Problem] = ()) -> Reading:
        """Read one document; `problems` are those that loading it left."""
        encoded, found_problems = encode(document)
        found = Findings(encoded, self.model, self.calibration, problems=[*problems, *found_problems])
        for name, stage in STAGES:
            self._run(name, stage, found)
        return self._reading(found)

    def read_all(self, documents: Iterable[Document]) -> Iterator[Reading]:
        """Read a stream of documents, in order, with bounded memory."""
        for document in documents:
            yield self.read(document)

    def _run(self, name: str, stage: Callable[[Findings, Knowledge], None], found: Findings) -> None:
        try:
            stage(found, self.knowledge)
        except Exception as error:  # a stage never takes the document down
            message = f"The stage {name} failed on this document ({type(error).__name__}: {error}); the rest was read."
            found.problems.append(Problem("stage", name, message))

    def _reading(self, found: Findings) -> Reading:
        layers = Layers(found.times, found.quantities, found.named.mentions)
        return Reading(
            document=found.encoded.document, entities=found.named.entities, statements=found.statements,
            events=found.events, commitments=found.commitments, figures=found.figures,
            problems=tuple(found.problems), layers=layers, reader=self.about,
        )  # fmt: skip


def _model(found: Findings, _knowledge: Knowledge) -> None:
    if found.model is not None and found.encoded.lexicon and found.encoded.sentences:
        found.outputs = Outputs.of(found.model, found.encoded)


def _mentions(found: Findings, knowledge: Knowledge) -> None:
    found.named = find_mentions(found.encoded, knowledge, found.outputs)


def _times(found: Findings, _knowledge: Knowledge) -> None:
    found.times = find_times(found.encoded)


def _quantities(found: Findings, _knowledge: Knowledge) -> None:
    found.quantities = find_quantities(found.encoded, found.times)


def _statements(found: Findings, _knowledge: Knowledge) -> None:
    found.statements = find_statements(found.encoded, found.named)
    words = words_of(found.encoded.language)
    if found.outputs is not None and words is not None:
        learned = learned_statements.find_statements(found.outputs, found.named, words)
        support = partial(found.outputs.support, "content")
        found.statements = united(found.statements, learned, found.encoded.document.text_id, found.calibration, support)
    if words is not None:
        found.statements = tuple(widened(found.encoded, words, s) for s in found.statements)


def _figures(found: Findings, _knowledge: Knowledge) -> None:
    figures, problems = find_figures(found.encoded, found.quantities, found.times, found.named)
    found.figures = figures
    found.problems.extend(problems)


def _events(found: Findings, _knowledge: Knowledge) -> None:
    work = events.work_of(found.encoded, found.named, found.times, found.statements)
    if found.outputs is None:
        found.events = events.records_of(work, events.find_drafts(work))
    else:
        found.events = learned_events.find_events(found.outputs, work, found.calibration)


def _commitments(found: Findings, _knowledge: Knowledge) -> None:
    ruled = commitments.find_commitments(found.encoded, found.named, found.times, found.quantities, found.events)
    found.commitments = ruled
    if found.outputs is not None:
        work = commitments.work_of(found.encoded, found.times, found.quantities, found.events)
        given = learned_commitments.Given(found.outputs, found.named, work, found.statements)
        found.commitments = learned_commitments.find_commitments(given, ruled, found.calibration)


def _assertions(found: Findings, _knowledge: Knowledge) -> None:
    found.statements, found.events, found.commitments, found.figures = assert_by(
        found.statements, found.events, found.commitments, found.figures, found.encoded.document.text_id
    )


def _check(found: Findings, _knowledge: Knowledge) -> None:
    kept, problems = check(found.encoded, found.statements, found.events, found.commitments, found.figures)
    found.statements, found.events, found.commitments, found.figures = kept
    found.problems.extend(problems)


STAGES: tuple[tuple[str, Callable[[Findings, Knowledge], None]], ...] = (
    ("model", _model),
    ("mentions", _mentions),
    ("times", _times),
    ("quantities", _quantities),
    ("statements", _statements),
    ("figures", _figures),
    ("events", _events),
    ("commitments", _commitments),
    ("assertions", _assertions),
    ("check", _check),
)


def read(
    item: str | Document, *, published: str | None = None, language: str | None = None, **about: str | None
) -> Reading:
    """Read one text or Document with a default reader; `about` as in `document.document_of` (title, url, …).

    Raises InputError for a text without words, CommuniqueError for a day or language that is none.

    >>> reading = read("Frankreich kritisierte am Montag Belgien.", published="2024-07-04")
    >>> [e.code for e in reading.entities]
    ['FRA', 'BEL']
    """
    overrides = Overrides(published=published, language=language)
    if isinstance(item, str):
        document, problems = document_of(item, overrides, **about)
        return default_reader().read(document, problems)
    day, code = overrides.published or item.published, overrides.language or item.language
    return default_reader().read(replace(item, published=day, language=code))


@lru_cache(maxsize=1)
def default_reader() -> Reader:
    """One reader with the shipped knowledge, made at the first use."""
    return Reader()
