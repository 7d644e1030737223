"""What a stored figure claims, made comparable: which series, which period, within which limits, by which origin.

In: stored figures and the origins of their items. Out: claims. Must not know the ledger, nor which claims differ.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from communique.compiling import fold
from communique.concepts import Concepts
from communique.follow.rounding import Interval, before_change, half_step, interval
from communique.knowledge import Knowledge
from communique.ledger.rows import Item, Stored
from communique.lexicon import lexicon
from communique.records import Actor, Figure
from communique.text import tokenize

LOOK_BACK = 400
"""Characters before and behind its evidence in which a sentence must begin and end."""
AROUND = 250
"""Characters to either side of its evidence that tell what a sum is for."""
SAYING_DAYS = 10
"""A single day so shortly before publication is the day on which a sum was named, not its period."""

_SENTENCE_START = re.compile(r"(?:(?:(?<=[^\W\d_]{4})|(?<=\d{4})|(?<=[\"”“»)%]))[.!?][\"”“»)]*\s+|[?!]\s+|\n)")
_CURRENCY = re.compile(r"^[A-Z]{3}$")


class Span(NamedTuple):
    """The days a claim is about; both null where the item doesn't say."""

    start: str | None
    end: str | None

    @property
    def known(self) -> bool:
        """Whether the claim says for which days it holds."""
        return self.start is not None or self.end is not None


UNKNOWN = Span(None, None)


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure of one origin; `limits` hold what rounding and bounds allow, `implied` the value before the change."""

    stored: Stored
    record: Figure
    origin: str
    series: str
    period: Span
    limits: Interval | None
    percent: Interval | None
    before: Span
    implied: Interval | None

    @property
    def key(self) -> int:
        """The ledger's key of the record."""
        return self.stored.key

    @property
    def item(self) -> Item:
        """The item it stands in."""
        return self.stored.item

    @property
    def unit(self) -> str | None:
        """The unit of the value; a lone change has none."""
        return self.record.unit if self.record.value is not None else None

    @property
    def mirrored(self) -> bool:
        """Whether the partner counts it: imports of B from A in the series of the exports of A to B."""
        return self.record.indicator != self.series.split("|")[0]


@lru_cache(maxsize=1)
def _rules() -> dict[str, Any]:
    return dict(lexicon("any")["series"])


def nature(indicator: str) -> str | None:
    """Whether the values of an indicator are a flow, a stock or a sum; None where they make no series."""
    rule = _rules()["indicators"].get(indicator)
    return rule["nature"] if rule else None


def days_apart(indicator: str) -> int:
    """How many days two items without a period may be apart that mean the same."""
    found = nature(indicator)
    return int(_rules()["natures"][found]["days"]) if found else 0


def counted_apart(indicator: str) -> float:
    """How many days two items may be apart that count the same; endless but for tolls, which rise."""
    found = nature(indicator)
    return float(_rules()["natures"][found].get("counted", float("inf"))) if found else 0.0


def most_times() -> float:
    """How many times another value a value can be before it is taken for something else."""
    return float(_rules()["most_times"])


def series_key(figure: Figure, language: str | None = None, named: Iterable[str] = ()) -> str | None:
    """The series a figure belongs to: its flow, parts of the whole, and who; None where it makes no series.

    The unit is no part of it, so that a change without a value meets the values; conflicts compare equal units only.
    `named`: codes of states in the figure's sentence, one of which is the partner that the reader did not find.
    """
    rule = _rules()["indicators"].get(figure.indicator)
    if rule is None or not _measured(figure, rule["measures"]):
        return None
    subjects, partners = _codes(figure.subjects), _codes(figure.counterparts)
    if not subjects or any(a.sector in _rules()["not_the_state"] for a in figure.subjects):
        return None
    direction = lexicon("any")["figures"]["indicators"][figure.indicator]["direction"]
    partners = partners - subjects or _partner(direction, subjects, frozenset(named))
    parts = "+".join(sorted(_parts(figure.label, language))) if "money" in rule["measures"] else ""
    flow = _rules()["mirrors"].get(figure.indicator) if partners else None
    if flow is not None:
        subjects, partners = partners, subjects
    if direction == "both":
        subjects, partners = subjects | partners, frozenset()
    return "|".join((flow or figure.indicator, parts, "+".join(sorted(subjects)), "+".join(sorted(partners))))


def key_of(stored: Stored) -> str | None:
    """`series_key` of a stored figure, with the states that its sentence names; None for other kinds of record."""
    if not isinstance(stored.record, Figure) or nature(stored.record.indicator) is None:
        return None
    named = states_in(sentence_of(stored))
    return series_key(stored.record, stored.item.document.language, named)


def _codes(actors: Sequence[Actor]) -> frozenset[str]:
    return frozenset(a.code for a in actors if a.code)


def _measured(figure: Figure, measures: Sequence[str]) -> bool:
    """Whether the unit is one that the indicator's series have; a lone change fits any."""
    if figure.value is None:
        return figure.change is not None and figure.unit not in ("pp",)
    unit = figure.unit or ""
    kind = {"%": "percent", "persons": "persons"}.get(unit, "money" if _CURRENCY.match(unit) else "count")
    return kind in measures


def _partner(direction: str, subjects: frozenset[str], named: frozenset[str]) -> frozenset[str]:
    """The other state of the sentence, where the indicator has a partner and there is just one."""
    others = named - subjects
    return others if direction != "none" and len(subjects) == 1 and len(others) == 1 else frozenset()


def _parts(label: str, language: str | None) -> frozenset[str]:
    """Goods and sectors that a label narrows its figure to."""
    pattern, names = _stems(language or "")
    if pattern is None:
        return frozenset()
    found = {name for m in pattern.finditer(label.lower()) for name in names[m.group()]}
    return frozenset(found & set(_rules()["parts"]))


@lru_cache(maxsize=16)
def _stems(language: str) -> tuple[re.Pattern[str] | None, Mapping[str, frozenset[str]]]:
    words = (lexicon(language).get("fields") or {}).get("words") or {}
    names: dict[str, frozenset[str]] = {}
    for name, stems in words.items():
        for stem in stems:
            names[stem.lower()] = names.get(stem.lower(), frozenset()) | {name}
    longest = sorted(names, key=len, reverse=True)
    return (re.compile("|".join(map(re.escape, longest))) if longest else None), names


# ---- the sentence


def sentence_of(stored: Stored) -> str:
    """The sentence that the first evidence of a record stands in."""
    text, evidence = stored.item.document.text, stored.record.evidence
    if not evidence:
        return stored.words
    start, end = evidence[0]
    before = [m.end() for m in _SENTENCE_START.finditer(text, max(start - LOOK_BACK, 0), start)]
    after = _SENTENCE_START.search(text, end, end + LOOK_BACK)
    first = before[-1] if before else max(start - LOOK_BACK, 0)
    return text[first : after.start() if after else min(end + LOOK_BACK, len(text))]


@lru_cache(maxsize=4096)
def states_in(text: str) -> frozenset[str]:
    """Codes of the states that a text names, by name or adjective.

    >>> sorted(states_in("die Hilfe Estlands für mongolische Hirten"))
    ['EST', 'MNG']
    """
    knowledge = Knowledge.default()
    tokens = [t.text for t in tokenize(fold(text))]
    found: set[str] = set()
    place = 0
    while place < len(tokens):
        length = min(knowledge.longest_from(tokens[place]), len(tokens) - place)
        while length and not knowledge.senses(" ".join(tokens[place : place + length])):
            length -= 1
        senses = knowledge.senses(" ".join(tokens[place : place + length])) if length else ()
        if senses and senses[0].row.kind == "state" and senses[0].form in ("name", "adjective") and senses[0].row.code:
            found.add(senses[0].row.code)
        place += max(length, 1)
    return frozenset(found)


def context_of(stored: Stored) -> str:
    """The words around a record's evidence, about a sentence to either side."""
    text, evidence = stored.item.document.text, stored.record.evidence
    start, end = (evidence[0][0], evidence[0][1]) if evidence else (0, 0)
    return text[max(start - AROUND, 0) : end + AROUND]


def same_purpose(one: Stored, other: Stored) -> bool:
    """Whether the surroundings of two sums tell of the same thing, by concepts that not both evidences name anyway."""
    found = [_concepts(s.item.document.language, context_of(s)) for s in (one, other)]
    named = [_concepts(s.item.document.language, s.words) for s in (one, other)]
    shared = (found[0] & found[1]) - (named[0] & named[1])
    weights = Concepts.default().weights
    return sum(weights.get(concept, 0.0) for concept in shared) >= float(_rules()["least_shared"])


@lru_cache(maxsize=4096)
def _concepts(language: str | None, text: str) -> frozenset[str]:
    return Concepts.default().concepts(text, language)


# ---- claims


def claims_of(figures: Iterable[Stored], origins: Mapping[int, str] | None = None) -> tuple[Claim, ...]:
    """The figures that make series, as claims in an order of their own; `origins` names the origin of each item."""
    made = [_claim(stored, origins or {}) for stored in figures]
    return tuple(sorted(_set_back([c for c in made if c is not None]), key=_order))


def _set_back(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Claims, with what an item states for comparison ('nach 63 Millionen im Vorjahr') in the period before."""
    later: dict[tuple[int, str, str | None, float | None], Claim]
    later = {(c.item.key, c.series, c.unit, earlier): c for c in claims if (earlier := _earlier(c.record)) is not None}
    for claim in claims:
        now = later.get((claim.item.key, claim.series, claim.unit, claim.record.value))
        if now is not None and now.key != claim.key and claim.period in (now.period, UNKNOWN):
            yield replace(claim, period=now.before, before=UNKNOWN)
        else:
            yield claim


def _earlier(figure: Figure) -> float | None:
    """The value before, where the item states it."""
    found = (figure.derived or {}).get("earlier")
    return None if found is None else float(found)


def _order(claim: Claim) -> tuple[str, str, str, str, int]:
    """An order that doesn't depend on when an item came in, but for exact doubles."""
    document = claim.item.document
    return (claim.series, claim.item.day or "", document.id, claim.record.id, claim.key)


def _claim(stored: Stored, origins: Mapping[int, str]) -> Claim | None:
    series, figure = key_of(stored), stored.record
    if series is None or not isinstance(figure, Figure):
        return None
    percent, absolute = _changes(figure, stored.words)
    limits = _limits(figure, stored.words)
    period = _period(figure, stored.item.day)
    return Claim(
        stored=stored, record=figure, origin=origins.get(stored.item.key) or own_origin(stored.item), series=series,
        period=period, limits=limits, percent=percent, before=_before(figure, period),
        implied=before_change(limits, percent, absolute) if limits else None,
    )  # fmt: skip


def own_origin(item: Item) -> str:
    """The origin of an item of which nothing else is known: the agency credited, else the outlet, else the item."""
    document = item.document
    if document.agencies:
        return document.agencies[0]
    return document.publisher or document.issuer or document.id


def _limits(figure: Figure, words: str) -> Interval | None:
    if figure.value is None:
        return None
    return interval(figure.value, figure.value_max, figure.bound, words, percent=figure.unit in ("%", "pp"))


def _changes(figure: Figure, words: str) -> tuple[Interval | None, Interval | None]:
    """What the stated change allows, in percent and in the unit of the value."""
    change = figure.change
    if change is None:
        return None, None
    percent, absolute = change.percent, change.absolute
    return (
        None if percent is None else _around(percent, half_step(percent, words, percent=True)),
        None if absolute is None else _around(absolute, half_step(absolute, words)),
    )


def _around(value: float, half: float) -> Interval:
    return Interval(value - half, value + half)


def _period(figure: Figure, published: str | None) -> Span:
    """The days of a figure; that of a flow is no day, and that of a sum not the day of naming it."""
    kind = nature(figure.indicator)
    single = figure.precision == "day" and figure.start == figure.end
    if single and (kind == "flow" or (kind == "sum" and _just_before(figure.start, published))):
        return UNKNOWN
    return Span(figure.start, figure.end)


def _just_before(day: str | None, published: str | None) -> bool:
    return bool(day and published) and 0 <= distance(day, published) <= SAYING_DAYS and str(day) <= str(published)


def distance(one: str | None, other: str | None) -> float:
    """Days between two ISO days; endless where one is not known to the day.

    >>> distance("2024-02-28", "2024-03-01")
    2.0
    """
    try:
        return float(abs((date.fromisoformat(one or "") - date.fromisoformat(other or "")).days))
    except ValueError:
        return float("inf")


def _before(figure: Figure, period: Span) -> Span:
    """The period that a change, or an earlier value, counts from: as stated, else the year before for a whole year."""
    moved = figure.change is not None or _earlier(figure) is not None
    if not moved or not period.start or not period.end:
        return UNKNOWN
    own, since = int(period.start[:4]), figure.change.since if figure.change else None
    stated = int(since) if since and re.fullmatch(r"\d{4}", since) else None
    if stated is None and since is not None:
        return UNKNOWN
    if stated is None or stated >= own:
        if figure.precision != "year":
            return UNKNOWN
        stated = own - 1
    shift = own - stated
    return Span(_shifted(period.start, shift), _shifted(period.end, shift))


def _shifted(day: str, years: int) -> str:
    """The same day so many years before; the last of February stays the last."""
    year, rest = int(day[:4]) - years, day[4:]
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    last = {"-02-29": "-02-28" if not leap else "-02-29", "-02-28": "-02-28"}
    return f"{year:04d}{last.get(rest, rest)}"
