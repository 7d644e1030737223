"""A reading as a compact summary for a person at a terminal: who, said, done, promised, figures, problems.

In: a Reading. Out: lines of styled text. Control characters of the item never reach the terminal. Must not read files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.text import Text

from communique import notation
from communique.records import Commitment, Document, Entity, Event, Figure, Reading, Spans, Statement

# C0 and C1 controls (terminal escapes among them), bidirectional overrides and isolates, invisible separators.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_STYLES = {
    "WHO": "cyan",
    "SAID": "green",
    "DONE": "magenta",
    "PROMISED": "yellow",
    "FIGURES": "blue",
    "PROBLEMS": "red",
}
LABEL = 10


def plain(text: str) -> str:
    """Text without anything that a terminal would obey; each such character becomes U+FFFD.

    >>> plain("a\\x1b[31mb")
    'a\ufffd[31mb'
    """
    return _CONTROLS.sub("\ufffd", text)


def _quoted(document: Document, spans: Spans, limit: int = 150) -> str:
    return plain(notation.words(document, spans, limit))


def _offsets(spans: Spans) -> str:
    return ",".join(f"{s}:{e}" for s, e in spans)


def _row(label: str, lead: str, words: str, tail: str = "") -> Text:
    text = Text()
    text.append(f"  {label:<{LABEL}}", style=f"bold {_STYLES.get(label, '')}" if label else "")
    text.append(plain(lead), style="bold")
    if words:
        text.append("  «" + words + "»" if lead else "«" + words + "»")
    if tail:
        text.append("  " + plain(tail), style="dim")
    return text


def heading(reading: Reading) -> Text:
    """The item in one line: name, language, genre, place, day, agencies."""
    document = reading.document
    name = document.name or document.title or document.origin.get("path") or document.id
    about = [document.language, document.genre, document.place, document.published, ", ".join(document.agencies)]
    text = Text(plain(str(name)), style="bold underline")
    text.append("  " + plain(" · ".join(a for a in about if a)), style="dim")
    return text


def _who(entities: tuple[Entity, ...]) -> Iterator[Text]:
    shown = [e for e in entities if e.kind in ("person", "state", "igo", "initiative", "organisation")]
    for n, entity in enumerate(shown):
        codes = entity.code or entity.state or ""
        office = (entity.office or "").replace("_", " ") if entity.office != "other" else ""
        about = ", ".join(x for x in (codes, office) if x)
        names = f"{len(entity.mentions)}×" if len(entity.mentions) > 1 else ""
        yield _row(
            "WHO" if n == 0 else "", entity.name, "", f"{entity.kind}{', ' + about if about else ''}  {names}".rstrip()
        )


def speakers(statement: Statement, entities: dict[str, Entity]) -> str:
    """Who speaks, by name where it is known."""
    if not statement.speakers:
        return "anonymous" if statement.anonymous else "unknown speaker"
    out = []
    for one in statement.speakers:
        entity = entities.get(one.entity or "")
        code = notation.actor(one) if one.code else ""
        name = entity.name if entity else one.text
        out.append(f"{name} ({code})" if code and code != name else name)
    return " and ".join(dict.fromkeys(out))


def _records(reading: Reading, least: float) -> Iterator[Text]:
    document = reading.document
    entities = {e.id: e for e in reading.entities}
    groups: tuple[tuple[str, tuple[Statement | Event | Commitment | Figure, ...]], ...] = (
        ("SAID", reading.statements),
        ("DONE", reading.events),
        ("PROMISED", reading.commitments),
        ("FIGURES", reading.figures),
    )
    for label, records in groups:
        for n, record in enumerate(r for r in records if r.confidence >= least):
            lead = notation.line(document, record)
            spans = record.evidence
            if isinstance(record, Statement):
                lead, spans = f"{speakers(record, entities)}, {record.form}", record.content
            elif isinstance(record, Commitment):
                lead, _, _rest = lead.partition(": «")
                spans = record.action_text
                lead += _due(record)
            elif isinstance(record, Event | Figure):
                lead = lead.rsplit(" «", 1)[0]
            tail = f"{record.confidence:.0%} @{_offsets(spans)}"
            yield _row(label if n == 0 else "", lead, _quoted(document, spans), tail)


def _due(record: Commitment) -> str:
    due = ""
    if record.deadline:
        due += f", {record.deadline.relation} {record.deadline.end or record.deadline.start or record.deadline.text}"
    if record.target:
        due += f", target {record.target.value:g} {record.target.unit}"
    return due


def summary(reading: Reading, min_confidence: float) -> Iterator[Text]:
    """The lines of a summary; records below the confidence are left out."""
    yield heading(reading)
    yield from _who(reading.entities)
    yield from _records(reading, min_confidence)
    for n, problem in enumerate(reading.problems):
        yield _row("PROBLEMS" if n == 0 else "", problem.code, "", problem.message)
