"""A reading as a compact summary for a person at a terminal: who, said, done, promised, figures, problems.

In: a Reading. Out: lines of styled text. Control characters of the item never reach the terminal. Must not read files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from communique import notation
from communique.records import Commitment, Document, Entity, Event, Figure, Reading, Spans, Statement

if TYPE_CHECKING:
    from rich.console import Console

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
INDENT = LABEL + 2
LONGEST_QUOTE = 150
MOST_NAMES = 10
"""Entities that are shown; the rest is counted, unless everything is asked for."""

_LONG_NUMBER = re.compile(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?")
_SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))


def plain(text: str) -> str:
    """Text without anything that a terminal would obey; each such character becomes U+FFFD.

    >>> plain("a\\x1b[31mb")
    'a\ufffd[31mb'
    """
    return _CONTROLS.sub("\ufffd", text)


def human(value: float) -> str:
    """A number as people say it: millions and more in words where three decimals hold it, else in full.

    >>> human(2.5e7), human(1_234_567), human(12_000), human(1.5e12)
    ('25 million', '1,234,567', '12,000', '1.5 trillion')
    """
    for scale, name in _SCALES:
        if abs(value) >= scale and round(value / scale, 3) * scale == value:
            return f"{notation.number(value / scale)} {name}"
    return notation.number(value)


def shortened(words: str, limit: int = LONGEST_QUOTE) -> str:
    """Words cut in the middle when long, between two of them.

    >>> shortened("one two three four five six", 18)
    'one two … six'
    """
    if len(words) <= limit:
        return words
    head, tail = words[: limit * 2 // 3].rsplit(" ", 1)[0], words[-(limit // 3) :].partition(" ")[2]
    return f"{head} … {tail}" if tail else f"{head} …"


def _quoted(document: Document, spans: Spans) -> str:
    return plain(shortened(notation.words(document, spans, len(document.text) + 10 * len(spans))))


def _offsets(spans: Spans) -> str:
    return ",".join(f"{s}:{e}" for s, e in spans)


def _row(label: str, lead: str, words: str, tail: str = "") -> Text:
    text = Text()
    text.append(f"  {label:<{LABEL}}", style=f"bold {_STYLES.get(label, '')}" if label else "")
    text.append(plain(lead), style="bold")
    if words:
        text.append("  «" + words + "»" if lead else "«" + words + "»")
    if tail:
        text.append(("  " if lead or words else "") + plain(tail), style="dim")
    return text


def fitted(line: Text, console: Console) -> Iterator[Text]:
    """A line of the summary broken at the width of a terminal, hanging below its label; elsewhere as it is."""
    if not console.is_terminal or line.cell_len <= console.width or console.width < 2 * INDENT:
        yield line
        return
    label, body = line.divide([INDENT])
    for n, part in enumerate(body.wrap(console, console.width - INDENT)):
        part.rstrip()
        yield (label if n == 0 else Text(" " * INDENT)) + part


def heading(reading: Reading) -> Text:
    """The item in one line: name, language, genre, place, day, agencies."""
    document = reading.document
    name = document.name or document.title or document.origin.get("path") or document.id
    about = [document.language, document.genre, document.place, document.published, ", ".join(document.agencies)]
    text = Text(plain(str(name)), style="bold underline")
    text.append("  " + plain(" · ".join(a for a in about if a)), style="dim")
    return text


def important(reading: Reading, most: int) -> tuple[Entity, ...]:
    """The entities that matter most, in their order: who acts or speaks, then the known, then the oftenest named."""
    acting = {actor.entity for s in reading.statements for actor in s.speakers}
    acting |= {actor.entity for e in reading.events for actor in (*e.source, *e.target)}
    acting |= {actor.entity for c in reading.commitments for actor in c.parties}
    shown = [e for e in reading.entities if e.kind in ("person", "state", "igo", "initiative", "organisation")]
    ranked = sorted(shown, key=lambda e: (e.id in acting, bool(e.code or e.state), len(e.mentions)), reverse=True)
    kept = {e.id for e in ranked[:most]}
    return tuple(e for e in shown if e.id in kept)


def _who(reading: Reading, everything: bool) -> Iterator[Text]:
    total = len(reading.entities)
    shown = important(reading, total)
    # One that would be left out is shown: saying so takes a line as well.
    cut = not everything and len(shown) > MOST_NAMES + 1
    kept = important(reading, MOST_NAMES) if cut else shown
    for n, entity in enumerate(kept):
        yield _row("WHO" if n == 0 else "", entity.name, "", _about(entity))
    if cut:
        yield _row("", "", "", f"… and {len(shown) - len(kept)} more (all with --min-confidence 0)")


def _about(entity: Entity) -> str:
    """What is known of an entity: its office or kind, its code, how often it is named."""
    office = entity.office.replace("_", " ") if entity.office and entity.office != "other" else ""
    parts = [office or entity.kind, entity.code or entity.state or ""]
    if len(entity.mentions) > 1:
        parts.append(f"{len(entity.mentions)}×")
    return " · ".join(filter(None, parts))


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
                lead = _spoken(lead.partition(": «")[0])
                spans = record.action_text
                lead += _due(record)
            elif isinstance(record, Event | Figure):
                lead = _spoken(lead.rsplit(" «", 1)[0])
            tail = f"{record.confidence:.0%} @{_offsets(spans)}"
            yield _row(label if n == 0 else "", lead, _quoted(document, spans), tail)


def _spoken(lead: str) -> str:
    """A record's line for people: no signs for the unknown, no underscores, long numbers in words.

    >>> _spoken("ACCUSE ? → DEU actual"), _spoken("REQUEST EU → ? actual"), _spoken("energy_capacity EGY 12,000,000 MW")
    ('ACCUSE unknown → DEU actual', 'REQUEST EU actual', 'energy capacity EGY 12 million MW')
    """
    lead = lead.replace(" ? → ", " unknown → ").replace(" → ?", "").replace("_", " ")
    return _LONG_NUMBER.sub(lambda match: human(float(match[0].replace(",", ""))), lead)


def _due(record: Commitment) -> str:
    due = ""
    if record.deadline:
        due += f", {record.deadline.relation} {record.deadline.end or record.deadline.start or record.deadline.text}"
    if record.target:
        value, unit = human(record.target.value), record.target.unit
        due += f", target {value}×" if unit == "x" else f", target {value} {unit or ''}".rstrip()
    return due


def summary(reading: Reading, min_confidence: float) -> Iterator[Text]:
    """The lines of a summary; records below the confidence are left out, and unimportant names unless it is 0."""
    yield heading(reading)
    yield from _who(reading, everything=min_confidence == 0)
    yield from _records(reading, min_confidence)
    for n, problem in enumerate(reading.problems):
        yield _row("PROBLEMS" if n == 0 else "", problem.code, "", problem.message)
