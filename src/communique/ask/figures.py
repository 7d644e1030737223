"""Figures over time: the series that figures belong to, who claims what, what agrees and what contradicts.

In: a ledger, a filter, words for what is measured. Out: series with claims, origins, agreement and conflicts.
Must not know SQL, nor when two figures conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from communique.ask.columns import Column
from communique.ask.evidence import Evidence, Sources, of_record
from communique.concepts import Concepts
from communique.follow import series
from communique.follow.claims import Claim
from communique.follow.series import Dispute, Point, disputes, key_of, series_of
from communique.ledger import Ledger
from communique.ledger.rows import Filter, Link, Stored
from communique.lexicon import lexicon
from communique.records import Figure

CONFLICT, BILATERAL = "conflict", "bilateral"
NAMED_IN = "en"
"""The language of the indicators' names."""
AS_TEXT = 400
"""Figures of a series that are shown as a whole; of a longer one, those that were asked for."""
SCANNED = 2_000


@dataclass(frozen=True, slots=True)
class Value:
    """What one item says: the figure's record, its origin, status (reported, estimated, forecast, target) and words."""

    record: str
    value: float | None
    value_max: float | None
    unit: str | None
    bound: str
    percent: float | None
    status: str
    origin: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Period:
    """All claims for one period; `agreed` are groups of records of several origins, `conflicts` sentences."""

    start: str | None
    end: str | None
    claims: tuple[Value, ...]
    origins: tuple[str, ...]
    agreed: tuple[tuple[str, ...], ...]
    conflicts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One indicator of one state or pair in one unit, over its periods."""

    id: str
    indicator: str
    subjects: tuple[str, ...]
    counterparts: tuple[str, ...]
    unit: str | None
    periods: tuple[Period, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """Series, the figures that make none, and whether there was more to look through."""

    series: tuple[Series, ...]
    alone: tuple[Stored, ...]
    more: bool


def figures(
    ledger: Ledger, wanted: Filter, words: str | None = None, least_origins: int = 1, scanned: int = SCANNED
) -> Found:
    """The series of the figures that a filter asks for; `words` say what is measured, in either language.

    Series are shown whole, also with claims of other outlets or days than those asked for: these agree or conflict.
    So many figures are looked through.
    """
    found = ledger.records(replace(_narrowed(wanted, words), limit=scanned))
    chosen = [stored for stored in found if words is None or about(stored, words)]
    groups: dict[str | None, list[Stored]] = {}
    for stored in chosen:
        groups.setdefault(key_of(stored), []).append(stored)
    alone = groups.pop(None, []) if least_origins <= 1 else []
    limit = wanted.limit or scanned
    kept: list[Series] = []
    for name in sorted(name for name in groups if name is not None):
        own = groups[name]
        asked = {stored.record.id for stored in own}
        made = _whole(ledger, name, own, wanted.as_of)
        kept += [one for one in made if _asked(one, asked) and _origins(one) >= least_origins]
        if least_origins <= 1:
            shown = {claim.record for one in made for period in one.periods for claim in period.claims}
            alone += [stored for stored in own if stored.record.id not in shown]
        if len(kept) > limit:
            break
    alone = sorted(alone, key=_order)
    return Found(tuple(kept[:limit]), tuple(alone[:limit]), len(found) == scanned or len(kept) > limit)


def _order(stored: Stored) -> tuple[str, int]:
    return (stored.item.day or "", stored.key)


def _asked(one: Series, records: set[str]) -> bool:
    return any(claim.record in records for period in one.periods for claim in period.claims)


def _origins(one: Series) -> int:
    return max((len(period.origins) for period in one.periods), default=0)


def _narrowed(wanted: Filter, words: str | None) -> Filter:
    """The filter with the indicators that the words may mean, or with the words where they mean none."""
    if words is None or wanted.types:
        return wanted
    indicators = indicators_of(words)
    return replace(wanted, types=indicators) if indicators else replace(wanted, text=words)


def indicators_of(words: str) -> tuple[str, ...]:
    """Names of indicators that share what some words mean in one of the languages.

    >>> indicators_of("Handelsvolumen"), indicators_of("inflation"), indicators_of("qwertz")
    (('trade', 'trade_balance'), ('inflation',), ())
    """
    names = lexicon("any")["series"]["indicators"]
    meant = _meanings(words)
    return tuple(sorted(name for name in names if name == words or any(asked & _indicator(name) for asked in meant)))


def _meanings(words: str) -> list[frozenset[str]]:
    """What words mean, in each of the languages in which they mean something."""
    concepts = Concepts.default()
    found = (concepts.keys(words, language) for language in concepts.languages)
    return [meaning for meaning in found if meaning]


def _indicator(name: str) -> frozenset[str]:
    return Concepts.default().keys(name.replace("_", " "), NAMED_IN)


def about(stored: Stored, words: str) -> bool:
    """Whether a figure is about all that some words say; 'bilateral' is said by two parties."""
    record = stored.record
    if not isinstance(record, Figure):
        return False
    if record.indicator == words or words.casefold() in f"{record.label} {stored.words}".casefold():
        return True
    parties = {actor.code for actor in (*record.subjects, *record.counterparts)}
    held = stored.terms | _indicator(record.indicator) | ({BILATERAL} if len(parties) > 1 else set())
    return any(_says(asked, held) for asked in _meanings(words))


def _says(asked: frozenset[str], held: frozenset[str]) -> bool:
    """Whether all that is asked is held, but for what only says the same more closely ('trade volume' for 'trade')."""
    shared, missing = asked & held - {BILATERAL}, asked - held
    return bool(shared) and all(any(key in other.split("_") for key in shared) for other in missing)


def _whole(ledger: Ledger, name: str, chosen: Sequence[Stored], as_of: str | None) -> tuple[Series, ...]:
    """The series of a name with all its claims; of a very long one with those asked for."""
    held = ledger.series(name, as_of)
    if len(held) > AS_TEXT:
        keys = {stored.key for stored in chosen}
        held = [stored for stored in held if stored.key in keys]
    held = held or list(chosen)
    names = _names(ledger, held, as_of)
    links = ledger.links(CONFLICT, [stored.key for stored in held], as_of)
    return tuple(_series(one) for one in series_of(held, names, links))


def _names(ledger: Ledger, figures: Sequence[Stored], as_of: str | None = None) -> dict[int, str]:
    """The name of each item's origin."""
    return {key: origin.name for origin in Sources(ledger, figures, as_of).of(figures) for key in origin.items}


def _series(one: series.Series) -> Series:
    ids = {claim.key: claim.stored.record.id for point in one.points for claim in point.claims}
    periods = tuple(_period(point, ids) for point in one.points)
    return Series(one.key, one.indicator, one.subjects, one.counterparts, one.unit, periods)


def _period(point: Point, ids: dict[int, str]) -> Period:
    agreed = tuple(tuple(ids[key] for key in group if key in ids) for group in point.agreed)
    reasons = tuple(dict.fromkeys(link.reason for link in point.conflicts))
    return Period(point.start, point.end, tuple(map(value, point.claims)), point.origins, agreed, reasons)


def value(claim: Claim) -> Value:
    """A claim with its words."""
    record = claim.record
    percent = record.change.percent if record.change else None
    return Value(
        record.id, record.value, record.value_max, record.unit, record.bound, percent, record.status, claim.origin,
        of_record(claim.stored),
    )  # fmt: skip


def disputes_of(ledger: Ledger, links: Sequence[Link]) -> tuple[Dispute, ...]:
    """The conflicts that some links make, gathered by what they are about."""
    ends = ledger.stored(sorted({key for link in links for key in (link.a, link.b)}))
    names = sorted({name for stored in ends if (name := key_of(stored)) is not None})
    found: list[Dispute] = []
    for name in names:
        held = ledger.series(name)
        keys = {stored.key for stored in held}
        own = [link for link in links if link.a in keys and link.b in keys]
        found.extend(disputes(held, _names(ledger, held), own))
    return tuple(found)


# ---- as rows


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One claim with the series and period it belongs to."""

    series: Series
    period: Period
    claim: Value


def rows(found: Iterable[Series]) -> list[ClaimRow]:
    """All claims of some series."""
    return [ClaimRow(one, period, claim) for one in found for period in one.periods for claim in period.claims]


CLAIM_COLUMNS: tuple[Column[ClaimRow], ...] = (
    Column("series", lambda r: r.series.id),
    Column("indicator", lambda r: r.series.indicator),
    Column("subjects", lambda r: r.series.subjects, "list"),
    Column("counterparts", lambda r: r.series.counterparts, "list"),
    Column("start", lambda r: r.period.start),
    Column("end", lambda r: r.period.end),
    Column("value", lambda r: r.claim.value, "float"),
    Column("value_max", lambda r: r.claim.value_max, "float"),
    Column("unit", lambda r: r.claim.unit),
    Column("bound", lambda r: r.claim.bound),
    Column("percent", lambda r: r.claim.percent, "float"),
    Column("status", lambda r: r.claim.status),
    Column("origin", lambda r: r.claim.origin),
    Column("agreed", lambda r: any(r.claim.record in group for group in r.period.agreed), "bool"),
    Column("conflicts", lambda r: r.period.conflicts, "list"),
    Column("id", lambda r: r.claim.record),
    Column("document", lambda r: r.claim.evidence.document),
    Column("outlet", lambda r: r.claim.evidence.outlet),
    Column("published", lambda r: r.claim.evidence.day),
    Column("evidence", lambda r: r.claim.evidence.spans, "list"),
    Column("words", lambda r: r.claim.evidence.words),
)
