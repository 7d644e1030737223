"""What a record is found by: its columns, who takes part and which way, what it is about.

In: a record and its document. Out: rows for the derived tables. Must not know where they are stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import combinations
from urllib.parse import urlsplit

from communique.ledger.packing import NUMBERS, actors_of, kind_of
from communique.records import Actor, Commitment, Document, Entity, Event, Figure, Record, Span, Statement

ACTS, ACTED_UPON = 1, 2
UNKNOWN_DAY = 0
CODED = ("state", "igo")
"""Kinds of entities that their code names; others are found by their own name as well."""


@dataclass(frozen=True, slots=True)
class Index:
    """Everything one record is found by; names are not yet keys. `pairs` are of codes, each with who acts on whom."""

    kind: int
    type: str
    day: int
    due: int | None = None
    modality: str | None = None
    quad: str | None = None
    weight: float | None = None
    codes: tuple[str, ...] = ()
    actors: Mapping[str, int] = field(default_factory=dict)
    pairs: Mapping[tuple[str, str], int] = field(default_factory=dict)


def index(record: Record, document: Document, entities: Mapping[str, Entity]) -> Index:
    """What a record is found by."""
    acting, acted = actors_of(record)
    left, right = codes(acting), codes(acted)
    return Index(
        kind=NUMBERS[kind_of(record)],
        type=type_of(record),
        day=day_of(record, document),
        due=day_number(record.deadline.end) if isinstance(record, Commitment) and record.deadline else None,
        modality=getattr(record, "modality", None),
        quad=getattr(record, "quad", None),
        weight=getattr(record, "goldstein", None),
        codes=tuple(dict.fromkeys((*left, *right))),
        actors=_ways(acting, acted, entities),
        pairs=_pairs(left, right),
    )


def type_of(record: Record) -> str:
    """What a filter calls its type: PLOVER type, kind of commitment, indicator, or form of a statement."""
    if isinstance(record, Event):
        return record.type
    if isinstance(record, Commitment):
        return record.kind
    return record.indicator if isinstance(record, Figure) else record.form


def day_of(record: Record, document: Document) -> int:
    """When it happened (its start, else its end), else when it was published, else unknown."""
    stated: str | None = getattr(record, "start", None) or getattr(record, "end", None)
    return day_number(stated or document.published) or UNKNOWN_DAY


def day_number(day: str | None) -> int | None:
    """An ISO day as a number that sorts; a month or year counts from its first day.

    >>> day_number("2024-07-04T09:30:00Z"), day_number("2024-07"), day_number("2024"), day_number("soon")
    (20240704, 20240701, 20240101, None)
    """
    digits = (day or "")[:10].split("-")
    if not all(part.isascii() and part.isdigit() for part in digits):
        return None
    year, month, number = [*digits, "1", "1"][:3]
    return int(year) * 10_000 + int(month) * 100 + int(number)


def iso_day(number: int) -> str | None:
    """The day of a number.

    >>> iso_day(20240704), iso_day(0)
    ('2024-07-04', None)
    """
    return f"{number // 10_000:04}-{number // 100 % 100:02}-{number % 100:02}" if number else None


def codes(actors: Iterable[Actor]) -> tuple[str, ...]:
    """The codes among actors, each once."""
    return tuple(dict.fromkeys(actor.code for actor in actors if actor.code))


def name_form(name: str) -> str:
    """The form under which a name is kept and looked up; codes keep theirs, so that the two cannot be mixed up.

    >>> name_form(" Tõnu  Raudkivi ")
    'tõnu raudkivi'
    """
    return " ".join(name.casefold().split())


def names(actor: Actor, entities: Mapping[str, Entity]) -> Iterable[str]:
    """All names an actor is found by: code, the entity's id in the knowledge, its name, or else the words."""
    if actor.code:
        yield actor.code
    entity = entities.get(actor.entity or "")
    if entity and entity.kind not in CODED:
        yield name_form(entity.name)
        if entity.knowledge:
            yield name_form(entity.knowledge)
    elif not actor.code and actor.text:
        yield name_form(entity.name if entity else actor.text)


def _ways(acting: Sequence[Actor], acted: Sequence[Actor], entities: Mapping[str, Entity]) -> dict[str, int]:
    ways: dict[str, int] = {}
    for actors, way in ((acting, ACTS), (acted, ACTED_UPON)):
        for actor in actors:
            for name in names(actor, entities):
                ways[name] = ways.get(name, 0) | way
    return ways


def _pairs(left: Sequence[str], right: Sequence[str]) -> dict[tuple[str, str], int]:
    """Pairs of codes in the order of the alphabet: who acts on whom, both, or (0) only side by side.

    Where nobody is acted upon, those who act do it with each other.
    """
    both_ways = ACTS | ACTED_UPON if not right else 0
    pairs = dict.fromkeys(combinations(sorted(left), 2), both_ways)
    pairs |= {pair: pairs.get(pair, 0) for pair in combinations(sorted({*left, *right}), 2)}
    for one in left:
        for other in right:
            if one != other:
                pair, way = ((one, other), ACTS) if one < other else ((other, one), ACTED_UPON)
                pairs[pair] |= way
    return pairs


def about(record: Record, document: Document) -> str:
    """The words that say what a record is about: action, label, content, or the whole clause of an event."""
    if isinstance(record, Commitment):
        return record.action
    if isinstance(record, Figure):
        return record.label
    spans = record.content if isinstance(record, Statement) else record.evidence
    return words(document.text, spans)


def words(text: str, spans: Iterable[Span]) -> str:
    """The words of some spans on one line.

    >>> words("We meet.\\nAgain we meet.", [(0, 2), (9, 17)])
    'We … Again we'
    """
    return " … ".join(" ".join(text[start:end].split()) for start, end in spans)


def house(document: Document) -> str | None:
    """Whose ids these are: the address's host, else the publisher.

    >>> house(Document("", url="https://www.nordpost.example/a")), house(Document("", publisher="Nordpost"))
    ('nordpost.example', 'Nordpost')
    """
    try:
        host = urlsplit(document.url or "").hostname
    except ValueError:
        host = None
    return host.removeprefix("www.") if host else document.publisher


def outlet_of(document: Document) -> str | None:
    """Which outlet an item counts for: its publisher, else the host of its address."""
    return document.publisher or house(document)


def now() -> str:
    """This moment, as the ledger writes moments."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str | None) -> str:
    """A day or moment so that it sorts: moments with a zone in UTC, others as they are.

    >>> moment("2024-07-04T09:30:00+02:00"), moment("2024-07-04")
    ('2024-07-04T07:30:00Z', '2024-07-04')
    """
    try:
        parsed = datetime.fromisoformat(text or "")
    except ValueError:
        return text or ""
    return parsed.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if parsed.tzinfo else text or ""
