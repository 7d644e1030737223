"""Figures over time: which claims about one thing agree, which contradict each other, and why.

In: stored figures and the origins of their items. Out: conflicts as links with a sentence, series, disputes.
Nothing is averaged, no currency converted; the order of the figures changes nothing. Must not know the ledger.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import inf

from communique.follow.claims import (
    UNKNOWN,
    Claim,
    Span,
    claims_of,
    counted_apart,
    days_apart,
    distance,
    key_of,
    nature,
    same_purpose,
    series_key,
)
from communique.follow.corrected import standing
from communique.follow.differences import changes_differ, implied_differs, lone_change_differs, values_differ
from communique.ledger.rows import Link, Stored

__all__ = ["Dispute", "Point", "Series", "conflicts", "disputes", "key_of", "series_key", "series_of"]


@dataclass(frozen=True, slots=True)
class Point:
    """All claims of a series for one period; `agreed` are groups of records of several origins whose values fit.

    `origins` are names in the order of the claims; `conflicts` the links between claims of this point.
    """

    start: str | None
    end: str | None
    claims: tuple[Claim, ...]
    origins: tuple[str, ...]
    agreed: tuple[tuple[int, ...], ...]
    conflicts: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Series:
    """One indicator of one state or pair in one unit, over its periods; a lone change has no unit."""

    key: str
    indicator: str
    subjects: tuple[str, ...]
    counterparts: tuple[str, ...]
    unit: str | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Dispute:
    """Claims that contradict each other about one thing in one period, with a sentence for each contradiction."""

    indicator: str
    subjects: tuple[str, ...]
    counterparts: tuple[str, ...]
    start: str | None
    end: str | None
    claims: tuple[Claim, ...]
    reasons: tuple[str, ...]


def conflicts(
    figures: Iterable[Stored], origins: Mapping[int, str] | None = None, touching: frozenset[int] | None = None
) -> tuple[Link, ...]:
    """Links of kind `conflict` between figures of one or several series, each with a sentence that has the numbers.

    `origins` names the independent origin of each item by its key (else the agency, else the outlet). Only reports are
    compared, no forecasts and targets. With `touching` only links with one of these records are looked for.
    """
    reports = [c for c in _standing(figures, origins) if is_report(c)]
    found: dict[tuple[int, int], Link] = {}
    for _key, group in _grouped(reports):
        for link in _in_series(group, touching):
            found.setdefault((link.a, link.b), link)
    return tuple(found[pair] for pair in sorted(found))


def is_report(claim: Claim) -> bool:
    """Whether a claim is about what is over: no forecast, no target, no year that was still to end when it was made."""
    if claim.record.status not in ("reported", "estimated"):
        return False
    over = claim.period.end if nature(claim.record.indicator) == "flow" else claim.period.start
    return not (over and claim.item.day and over > claim.item.day)


def _standing(figures: Iterable[Stored], origins: Mapping[int, str] | None) -> tuple[Claim, ...]:
    return _dated(standing(claims_of((f for f in figures if f.item.superseded is None), origins)))


def _dated(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Claims without those that repeat, without a period, what their own item says with one (a headline)."""
    full = defaultdict(list)
    for claim in claims:
        if claim.period.known and claim.limits:
            full[(claim.item.key, claim.series, claim.unit)].append(claim.limits)
    return tuple(c for c in claims if c.period.known or c.limits is None or not _repeats(c, full))


def _repeats(claim: Claim, full: Mapping[tuple[int, str, str | None], Sequence[object]]) -> bool:
    limits = claim.limits
    same = full.get((claim.item.key, claim.series, claim.unit), ())
    return limits is not None and any(not limits.apart(other) for other in same)  # type: ignore[arg-type]


def _grouped(claims: Sequence[Claim]) -> Iterator[tuple[str, list[Claim]]]:
    groups: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        groups[claim.series].append(claim)
    yield from groups.items()


def _in_series(claims: Sequence[Claim], touching: frozenset[int] | None) -> Iterator[Link]:
    for one, other in _pairs(claims, touching):
        reason = _difference(one, other)
        if reason:
            yield _link(one, other, reason)
    for lone in (c for c in claims if c.limits is None and c.percent is not None):
        for later, earlier in _pairs_over(lone, claims):
            reason = lone_change_differs(lone, later, earlier)
            if reason and (touching is None or touching & {lone.key, later.key, earlier.key}):
                yield _link(lone, later, reason)


def _pairs(claims: Sequence[Claim], touching: frozenset[int] | None) -> Iterator[tuple[Claim, Claim]]:
    """All pairs, or those with one side among some records, each once and in the order of the claims."""
    if touching is None:
        yield from combinations(claims, 2)
        return
    for at, claim in enumerate(claims):
        if claim.key in touching:
            yield from ((other, claim) for other in claims[:at] if other.key not in touching)
            yield from ((claim, other) for other in claims[at + 1 :])


def _pairs_over(lone: Claim, claims: Sequence[Claim]) -> Iterator[tuple[Claim, Claim]]:
    """Values of one origin at both ends of a change that stands alone."""
    valued = [c for c in claims if c.limits is not None]
    for later in (c for c in valued if lone.period.known and c.period == lone.period):
        for earlier in (c for c in valued if lone.before.known and c.period == lone.before):
            if later.origin == earlier.origin and later.unit == earlier.unit and later.mirrored == earlier.mirrored:
                yield later, earlier


def _link(one: Claim, other: Claim, reason: str) -> Link:
    a, b = sorted((one.key, other.key))
    return Link("conflict", a, b, round(min(one.record.confidence, other.record.confidence), 2), reason)


def _difference(one: Claim, other: Claim) -> str | None:
    """The sentence on what two claims contradict each other in, or None."""
    if one.unit == other.unit and one.limits and other.limits:
        if _independent(one, other) and same_time(one, other):
            return values_differ(one, other) or changes_differ(one, other)
        return implied_differs(one, other) or implied_differs(other, one)
    return changes_differ(one, other) if _independent(one, other) else None


def _independent(one: Claim, other: Claim) -> bool:
    """Two origins, or the two partners of one flow."""
    return one.origin != other.origin or one.mirrored != other.mirrored


def same_time(one: Claim, other: Claim) -> bool:
    """Whether two claims are about the same days; without a period, whether they were published about the same day.

    A sum without a period is one of the year it was named in where the surroundings tell of the same purpose.
    """
    indicator, apart = one.record.indicator, distance(one.item.day, other.item.day)
    if one.period.known and other.period.known:
        return one.period == other.period and (apart <= counted_apart(indicator) or counted_apart(indicator) == inf)
    if one.period.known or other.period.known:
        dated, undated = (one, other) if one.period.known else (other, one)
        inside = (dated.period.start or "9") <= (undated.item.day or "") <= (dated.period.end or "")
        return inside and nature(indicator) == "sum" and same_purpose(one.stored, other.stored)
    return apart <= days_apart(indicator)


# ---- series and disputes


def series_of(
    figures: Iterable[Stored], origins: Mapping[int, str] | None = None, links: Iterable[Link] | None = None
) -> tuple[Series, ...]:
    """The series that figures make, forecasts and targets included; `links` are their conflicts where known already."""
    figures = list(figures)
    known = conflicts(figures, origins) if links is None else tuple(links)
    groups: dict[tuple[str, str | None], list[Claim]] = defaultdict(list)
    for claim in _standing(figures, origins):
        groups[(claim.series, claim.unit)].append(claim)
    ordered = sorted(groups.items(), key=lambda g: (g[0][0], g[0][1] or ""))
    return tuple(_series(key, unit, claims, known) for (key, unit), claims in ordered)


def _series(key: str, unit: str | None, claims: Sequence[Claim], links: Sequence[Link]) -> Series:
    indicator, _parts, subjects, counterparts = key.split("|")
    periods: dict[Span, list[Claim]] = defaultdict(list)
    for claim in claims:
        periods[claim.period].append(claim)
    ordered = sorted(periods.items(), key=lambda p: (p[0].start or "", p[0].end or ""))
    points = tuple(_point(period, held, links) for period, held in ordered)
    return Series(key, indicator, _split(subjects), _split(counterparts), unit, points)


def _split(codes: str) -> tuple[str, ...]:
    return tuple(codes.split("+")) if codes else ()


def _point(period: Span, claims: Sequence[Claim], links: Sequence[Link]) -> Point:
    keys = {c.key for c in claims}
    own = tuple(link for link in links if link.kind == "conflict" and {link.a, link.b} & keys)
    names = tuple(dict.fromkeys(c.origin for c in claims))
    return Point(period.start, period.end, tuple(claims), names, agreement(claims), own)


def agreement(claims: Sequence[Claim]) -> tuple[tuple[int, ...], ...]:
    """Groups of records of at least two origins about the same time whose values all fit together, largest first."""
    groups: list[list[Claim]] = []
    for claim in (c for c in claims if c.limits is not None and is_report(c)):
        home = next((g for g in groups if all(_fits(claim, c) for c in g)), None)
        if home is None:
            groups.append([claim])
        else:
            home.append(claim)
    shared = [tuple(sorted(c.key for c in g)) for g in groups if len({c.origin for c in g}) > 1]
    return tuple(sorted(shared, key=lambda g: (-len(g), g)))


def _fits(one: Claim, other: Claim) -> bool:
    same = one.unit == other.unit and same_time(one, other)
    return same and one.limits is not None and other.limits is not None and not one.limits.apart(other.limits)


def disputes(
    figures: Iterable[Stored], origins: Mapping[int, str] | None = None, links: Iterable[Link] | None = None
) -> tuple[Dispute, ...]:
    """Conflicts gathered by what they are about: one for each series, unit and period."""
    figures = list(figures)
    claims = {c.key: c for c in _standing(figures, origins)}
    known = conflicts(figures, origins) if links is None else tuple(links)
    groups: dict[tuple[str, str, Span], list[Link]] = defaultdict(list)
    for link in known:
        if link.kind == "conflict" and link.a in claims and link.b in claims:
            one, other = claims[link.a], claims[link.b]
            unit = one.unit or other.unit or "%"
            groups[(one.series, unit, _disputed(one, other))].append(link)
    ordered = sorted(groups.items(), key=lambda g: (g[0][0], g[0][1], g[0][2].start or "", g[0][2].end or ""))
    return tuple(_dispute(series, period, held, claims) for (series, _unit, period), held in ordered)


def _disputed(one: Claim, other: Claim) -> Span:
    """The period that a conflict is about: that of the change within one item, else the earlier one."""
    if one.period == other.period:
        return one.period
    if one.item.key == other.item.key:
        return one.period if one.implied else other.period
    return min((p for p in (one.period, other.period) if p.known), key=lambda p: p.end or "", default=UNKNOWN)


def _dispute(series: str, period: Span, links: Sequence[Link], claims: Mapping[int, Claim]) -> Dispute:
    indicator, _parts, subjects, counterparts = series.split("|")
    keys = dict.fromkeys(k for link in links for k in (link.a, link.b))
    held = sorted((claims[k] for k in keys), key=lambda c: (c.item.day or "", c.item.document.id, c.key))
    reasons = tuple(dict.fromkeys(link.reason for link in links))
    return Dispute(indicator, _split(subjects), _split(counterparts), period.start, period.end, tuple(held), reasons)
