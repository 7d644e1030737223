"""Readings as one self-contained page: each text with its evidence marked, its records beside it.

In: Readings. Out: HTML that fetches nothing and runs nothing but its own script. The pieces of a text are cut here,
by code points, so that the browser (which counts UTF-16) never counts. Must not know how records are found.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from pathlib import PurePath
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date
from babel.numbers import format_decimal
from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from communique import notation
from communique.records import (
    Actor,
    Commitment,
    Deadline,
    Entity,
    Event,
    Figure,
    Problem,
    Reading,
    Record,
    Span,
    Spans,
    Statement,
)

FALLBACK = "en"
KINDS = notation.RECORD_LISTS
# A layer is a class of the marked words; the order is that of the classes in the page.
_LAYERS = {"statements": "s", "events": "e", "commitments": "c", "figures": "f"}
CONTENT, NAME, PROBLEM, KEY = "d", "n", "p", "k"
DEEPEST = 3

# --- text that nothing obeys ------------------------------------------------------------------------------------------

_BREAK = re.compile("\r\n|[\n\r\u2028\u2029]")
# C0 and C1 without tab and line feed, bidirectional embeddings, overrides and isolates, invisible operators and
# annotations, byte order marks, lone surrogates. Joiners and marks of direction stay: emoji and Persian need them.
_UNSEEN = "\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
_OBEYED = re.compile(f"[{_UNSEEN}]")


def _stand_in(found: re.Match[str]) -> str:
    code = ord(found[0])
    return chr(0x2400 + code) if code < 0x20 else "\u2421" if code == 0x7F else "\ufffd"


def visible(text: str) -> str:
    """Text in which each character that a browser would obey or hide has a visible stand-in, one for one.

    >>> visible("a\\x1bb\\u202ec")
    'a␛b\ufffdc'
    """
    return _OBEYED.sub(_stand_in, text)


def _shown(text: str) -> str:
    """A piece of an item's text as HTML; stand-ins say which character they stand for."""
    return _OBEYED.sub(lambda found: f'<i title="U+{ord(found[0]):04X}">{_stand_in(found)}</i>', html.escape(text))


def link(url: str | None) -> str | None:
    """The address if it is one that may be linked: http or https with a host, and nothing hidden in it.

    >>> link("https://example.org/a"), link("javascript:alert(1)")
    ('https://example.org/a', None)
    """
    if not url or _OBEYED.search(url) or re.search(r"\s", url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


# --- the words of the interface ---------------------------------------------------------------------------------------


def _asset(name: str) -> str:
    return (files("communique") / "data" / "view" / name).read_text("utf-8")


@lru_cache(maxsize=1)
def _words() -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(_asset("words.json"))
    return content


class Wording:
    """Says things in the page's language, and leaves in the HTML what the other languages would say."""

    def __init__(self, language: str | None) -> None:
        content = _words()
        self.languages: Mapping[str, Mapping[str, Any]] = content["languages"]
        self.known: Mapping[str, Mapping[str, str]] = content["words"]
        self.language: str = language if language and language in self.languages else FALLBACK

    def word(self, group: str, key: str | None) -> Markup:
        """A word of the interface, or the code itself where there is none for it."""
        name = f"{group}.{key}"
        if name not in self.known:
            return Markup("{}").format(visible((key or "").replace("_", " ")))
        return Markup('<span data-t="{}">{}</span>').format(name, self.known[name][self.language])

    def attribute(self, name: str, group: str, key: str) -> Markup:
        """An attribute whose value is a word of the interface."""
        full = f"{group}.{key}"
        return Markup('{}="{}" data-t-{}="{}"').format(name, self.known[full][self.language], name, full)

    def both(self, values: Mapping[str, str]) -> Markup:
        """What reads differently in each language, such as a number."""
        values = {language: visible(value) for language, value in values.items()}
        if len(set(values.values())) == 1:
            return Markup("{}").format(values[self.language])
        others = Markup("").join(Markup(' data-v-{}="{}"').format(*pair) for pair in values.items())
        return Markup("<span{}>{}</span>").format(others, values[self.language])

    def amount(self, value: float, unit: str | None, upper: float | None = None, signed: bool = False) -> Markup:
        """A value with its unit, in scales people read."""
        return self.both({name: self._amount(name, value, unit, upper, signed) for name in self.languages})

    def _amount(self, language: str, value: float, unit: str | None, upper: float | None, signed: bool) -> str:
        glued = self.languages[language]["glued"].get(unit or "")
        named = self.known.get(f"unit.{unit}", {}).get(language, unit)
        tail = glued or (f"\u00a0{named}" if named else "")
        number, scale = self._number(language, value)
        if upper is not None:
            last, last_scale = self._number(language, upper)
            number = f"{number}–{last}" if scale == last_scale else f"{number}{scale}–{last}"
            scale = last_scale
        return f"{'+' if signed and value > 0 else ''}{number}{scale}{tail}"

    def _number(self, language: str, value: float) -> tuple[str, str]:
        if not math.isfinite(value) or 0 < abs(value) < 0.001 or abs(value) >= 1e18:
            return f"{value:g}", ""
        settings = self.languages[language]
        size, name = next(((s, n) for s, n in settings["scales"] if abs(value) >= s), (1, ""))
        number = format_decimal(value / size, format="#,##0.###", locale=settings["locale"])
        return number, f"\u00a0{name}" if name else ""

    def moment(self, value: str | None) -> Markup:
        """A day, with the time where there is one; what is no day stands as it is."""
        found = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d).*)?", value or "")
        if not found:
            return Markup("{}").format(visible(value or ""))
        time = f", {found[2]}" if found[2] else ""
        return self.both({name: self._day(name, found[1]) + time for name in self.languages})

    def _day(self, language: str, value: str, form: str = "date") -> str:
        settings = self.languages[language]
        try:
            return str(format_date(date.fromisoformat(value), format=settings[form], locale=settings["locale"]))
        except ValueError:
            return value

    def period(self, record: Event | Figure | Deadline) -> Markup:
        """Whole days, a month, a quarter or a year, as the record has them; empty when not stated."""
        start, end, precision = record.start, record.end, getattr(record, "precision", None)
        return self.both({name: self._period(name, start, end, precision) for name in self.languages})

    def _period(self, language: str, start: str | None, end: str | None, precision: str | None) -> str:
        if start is None or end is None:
            known = start or end
            relation = self.known["relation.by" if start is None else "relation.from"][language]
            return f"{relation} {self._day(language, known)}" if known else ""
        if start == end:
            return self._day(language, start)
        if start[5:] == "01-01" and end == f"{start[:4]}-12-31":
            return start[:4]
        if precision == "month" and start[:7] == end[:7]:
            return self._day(language, start, "month")
        if precision == "quarter" and start[5:7].isdigit():
            form: str = self.languages[language]["quarter"]
            return form.format(quarter=(int(start[5:7]) + 2) // 3, year=start[:4])
        return f"{self._day(language, start)} – {self._day(language, end)}"


# --- cutting the text -------------------------------------------------------------------------------------------------

Layered = tuple[Span, str]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text as HTML in numbered pieces, and where each piece starts in the text."""

    html: Markup
    starts: tuple[int, ...]

    def spots(self, spans: Iterable[Span]) -> str:
        """The pieces that make up some spans, as ranges of their numbers: `0-2 5-5`."""
        ranges = []
        for start, end in merged(spans):
            first, last = bisect_left(self.starts, start), bisect_left(self.starts, end) - 1
            if first <= last:
                ranges.append(f"{first}-{last}")
        return " ".join(ranges)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch or overlap made one; empty and reversed ones are dropped.

    >>> merged([(4, 6), (0, 2), (5, 9), (3, 3)])
    [(0, 2), (4, 9)]
    """
    out: list[Span] = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for found in _BREAK.finditer(text):
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def _classes(counts: Counter[str]) -> str:
    depth = min(counts[CONTENT], DEEPEST)
    names = [layer for layer in (*_LAYERS.values(), NAME, PROBLEM, KEY) if counts[layer]]
    return " ".join([*names, f"{CONTENT}{depth}"] if depth else names)


def mark(text: str, layered: Iterable[Layered], title: Span | None = None) -> Marked:
    """Cut a text where any span begins or ends and at line ends, in one sweep: time and size grow with both sums.

    A line inside `title` becomes a heading, other lines with words become paragraphs.
    """
    changes: dict[int, list[tuple[str, int]]] = {}
    for (start, end), layer in layered:
        start, end = max(start, 0), min(end, len(text))
        if start < end:
            changes.setdefault(start, []).append((layer, 1))
            changes.setdefault(end, []).append((layer, -1))
    positions, at = [*sorted(changes), len(text) + 1], 0
    counts: Counter[str] = Counter()
    starts: list[int] = []
    out: list[str] = []
    for first, last in _lines(text):
        here, blank = first, not text[first:last].strip()
        heading = title is not None and not blank and title[0] <= first and last <= title[1]
        tag = "" if blank else "h1" if heading else "p"
        out.append(f'<{tag} dir="auto">' if tag else "")
        while here < last:
            while positions[at] <= here:
                for layer, step in changes[positions[at]]:
                    counts[layer] += step
                at += 1
            stop = min(last, positions[at])
            piece, classes = _shown(text[here:stop]), _classes(counts)
            if classes and not blank:
                out.append(f'<mark data-i="{len(starts)}" class="{classes}">{piece}</mark>')
                starts.append(here)
            else:
                out.append(piece)
            here = stop
        out.append(f"</{tag}>\n" if tag else "\n")
    return Marked(Markup("".join(out)), tuple(starts))  # every piece of the text in it is escaped


# --- cards ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Says:
    """Who asserts a record, and where that statement stands in the page."""

    name: str | None
    anonymous: bool
    anchor: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """A record as shown: its anchor, the pieces that prove it, the pieces that matter most, how deep it is nested."""

    kind: str
    record: Record
    anchor: str
    spots: str
    keys: str
    depth: int
    says: Says | None


@dataclass(frozen=True, slots=True)
class Name:
    """An entity as shown."""

    entity: Entity
    spots: str
    wikidata: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """A reading as shown."""

    number: int
    reading: Reading
    title: str
    heading: str | None
    url: str | None
    text: Markup
    groups: Mapping[str, Sequence[Card]]
    names: Sequence[Name]
    problems: Sequence[tuple[Problem, str]]
    anchors: Mapping[str, str]
    entities: Mapping[str, Entity]
    data: Markup

    @property
    def count(self) -> int:
        """How many records are shown."""
        return sum(map(len, self.groups.values()))


def _keys(record: Record) -> Spans:
    """The words that carry a record: who takes part, the cue or trigger, deadline, target and condition."""
    if isinstance(record, Statement):
        actors, spans = (*record.speakers, *record.addressees), record.cue
    elif isinstance(record, Event):
        actors, spans = (*record.source, *record.target), record.trigger
    elif isinstance(record, Commitment):
        actors, spans = (*record.parties, *record.beneficiaries), (*record.cue, *record.condition)
        spans += tuple(part.span for part in (record.deadline, record.target) if part is not None)
    else:
        actors, spans = (*record.subjects, *record.counterparts), ()
    return (*spans, *(actor.span for actor in actors if actor.span is not None))


def _proof(record: Record) -> Spans:
    return (*record.evidence, *record.content) if isinstance(record, Statement) else record.evidence


def _layered(reading: Reading, groups: Mapping[str, Sequence[Record]]) -> Iterator[Layered]:
    for kind, records in groups.items():
        for record in records:
            yield from ((span, _LAYERS[kind]) for span in merged(_proof(record)))
            yield from ((span, KEY) for span in _keys(record))
            if isinstance(record, Statement):
                yield from ((span, CONTENT) for span in merged(record.content))
    yield from ((span, NAME) for entity in reading.entities for span in entity.mentions)
    yield from ((span, PROBLEM) for problem in reading.problems for span in problem.evidence)


def nested(statements: Sequence[Statement]) -> list[tuple[Statement, int]]:
    """Statements with how deep they lie, each after the one it lies within; a ring of them is laid out flat."""
    known = {s.id for s in statements}
    children: dict[str | None, list[Statement]] = {}
    for one in statements:
        children.setdefault(one.within if one.within in known and one.within != one.id else None, []).append(one)
    out: list[tuple[Statement, int]] = []
    waiting = [(one, 0) for one in reversed(children.pop(None, []))]
    while waiting:
        one, depth = waiting.pop()
        out.append((one, depth))
        waiting.extend((child, depth + 1) for child in reversed(children.pop(one.id, [])))
    return out + [(one, 0) for rest in children.values() for one in rest]


def _first(record: Record) -> int:
    return min((start for start, _ in _proof(record)), default=0)


def speaker(statement: Statement, entities: Mapping[str, Entity]) -> str | None:
    """The speakers' names on one line; None when nobody is known."""
    return " · ".join(dict.fromkeys(named(one, entities) for one in statement.speakers)) or None


def named(actor: Actor, entities: Mapping[str, Entity]) -> str:
    """An actor's name where its entity is known, else the words."""
    entity = entities.get(actor.entity or "")
    return entity.name if entity else actor.text or actor.code or ""


class _Anchors:
    """Hands out anchors that are safe in an address and unique in the page, near the record's own id."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def next(self, wanted: str) -> str:
        safe = re.sub(r"[^\w.-]", "_", wanted, flags=re.ASCII) or "record"
        safe = f"r-{safe}" if safe.startswith("page-") else safe
        self._seen[safe] += 1
        return safe if self._seen[safe] == 1 else f"{safe}~{self._seen[safe]}"


def _sayings(reading: Reading, anchors: Mapping[str, str]) -> dict[str | None, Says]:
    """What to show for each statement that asserts something; one that is left out has a name and no anchor."""
    entities = {e.id: e for e in reading.entities}
    return {s.id: Says(speaker(s, entities), s.anonymous, anchors.get(s.id)) for s in reading.statements}


def _cards(
    reading: Reading, shown: Mapping[str, Sequence[Any]], marked: Marked, anchors: Mapping[str, str]
) -> dict[str, list[Card]]:
    sayings = _sayings(reading, anchors)
    out: dict[str, list[Card]] = {}
    for kind, records in shown.items():
        ordered = sorted(records, key=_first)
        deep = nested(ordered) if kind == "statements" else [(record, 0) for record in ordered]
        out[kind] = [
            Card(kind, record, anchors[record.id], marked.spots(_proof(record)), marked.spots(_keys(record)),
                 min(depth, DEEPEST), sayings.get(record.asserted_by))
            for record, depth in deep
        ]  # fmt: skip
    return out


def _title(reading: Reading) -> str:
    document = reading.document
    file = PurePath(str(document.origin.get("path") or "")).name
    named = document.title or document.name or file or document.url or document.id or "–"
    return " ".join(str(named).split())


def _item(number: int, reading: Reading, least: float, taken: _Anchors) -> Item:
    document = reading.document
    shown = {kind: [r for r in getattr(reading, kind) if r.confidence >= least] for kind in KINDS}
    marked = mark(document.text, _layered(reading, shown), document.title_span)
    anchors: dict[str, str] = {}
    for records in shown.values():
        for record in records:
            anchors[record.id] = taken.next(record.id)
    wikidata = "https://www.wikidata.org/wiki/"
    names = [
        Name(
            e, marked.spots(e.mentions), f"{wikidata}{e.wikidata}" if re.fullmatch(r"Q\d+", e.wikidata or "") else None
        )
        for e in reading.entities
    ]
    return Item(
        number=number, reading=reading, title=_title(reading), heading=None if document.title_span else document.title,
        url=link(document.url), text=marked.html, groups=_cards(reading, shown, marked, anchors), names=names,
        problems=[(problem, marked.spots(problem.evidence)) for problem in reading.problems],
        anchors=anchors, entities={e.id: e for e in reading.entities},
        data=in_script(notation.as_json(reading, min_confidence=least)),
    )  # fmt: skip


# --- the page ---------------------------------------------------------------------------------------------------------


def in_script(content: Any) -> Markup:
    """JSON that can stand inside a script element: nothing in it ends the element, opens a comment or hides.

    >>> in_script("</script>")
    Markup('"\\\\u003c/script\\\\u003e"')
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Markup(re.sub(f"[<>&\u2028\u2029{_UNSEEN}]", lambda found: f"\\u{ord(found[0]):04x}", text))


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def _policy(style: str, script: str) -> str:
    """What the page may do: use its own style and script, nothing else; no address is ever fetched."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _finalize(value: Any) -> Any:
    """Whatever a template prints passes here: plain strings lose what a browser would obey."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _environment(wording: Wording) -> Environment:
    environment = Environment(
        loader=FunctionLoader(_asset), autoescape=True, undefined=StrictUndefined, finalize=_finalize,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.globals.update(
        w=wording.word, attr=wording.attribute, amount=wording.amount, moment=wording.moment, period=wording.period,
        named=named, coded=notation.actor, words=notation.words,
    )  # fmt: skip
    environment.filters["offsets"] = lambda spans: " ".join(f"{start}–{end}" for start, end in spans)
    return environment


def page(readings: Sequence[Reading], *, min_confidence: float = 0.5) -> str:
    """One self-contained HTML page of some readings; records below the confidence are left out."""
    wording = Wording(readings[0].document.language if readings else None)
    taken = _Anchors()
    items = [_item(number, reading, min_confidence, taken) for number, reading in enumerate(readings, 1)]
    style, script = _asset("page.css"), _asset("page.js")
    return _environment(wording).get_template("page.html.jinja").render(
        items=items, kinds=KINDS, least=min_confidence, language=wording.language,
        guess=not (readings and readings[0].document.language in wording.languages),
        style=Markup(style), script=Markup(script), policy=_policy(style, script),
        interface=in_script(wording.known), languages=list(wording.languages),
    )  # fmt: skip
