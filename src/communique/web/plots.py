"""Plots laid out on the server: numbers of shapes that a template draws as SVG, so that pages need no script for them.

In: answers. Out: shapes in the units of a drawing. Must not know the ledger, nor colours.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files

from fastapi.responses import Response

from communique.ask.balance import PERIODS, QUADS, Row
from communique.ask.figures import Period, Series, Value
from communique.knowledge import Knowledge
from communique.web.speech import Speech, environment

WIDTH, HEIGHT = 960.0, 220.0
LEFT, RIGHT, TOP, BOTTOM = 56.0, 16.0, 14.0, 28.0
MOST_PERIODS = 240
TICKS = 8
COOPERATION, CONFLICT = (0, 1), (2, 3)


@dataclass(frozen=True, slots=True)
class Bar:
    """Stories of one kind in one period."""

    x: float
    y: float
    width: float
    height: float
    quad: str


@dataclass(frozen=True, slots=True)
class Slot:
    """One period with its bars; `stories` as in the row, zero where nothing was told."""

    period: str
    x: float
    width: float
    stories: int
    cooperation: int
    conflict: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A place on an axis, with what stands there."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class BalanceChart:
    """Cooperation above the line, conflict below it."""

    slots: tuple[Slot, ...]
    zero: float
    xs: tuple[Tick, ...]
    ys: tuple[Tick, ...]
    width: float = WIDTH
    height: float = HEIGHT


def balance_chart(rows: Sequence[Row], by: str) -> BalanceChart | None:
    """The bars of a balance, also for periods between in which nothing was told; null without rows."""
    if not rows:
        return None
    known = {row.period: row for row in rows}
    periods = list(_between(rows[0].period, rows[-1].period, by))
    if len(periods) > MOST_PERIODS:
        periods = [row.period for row in rows][-MOST_PERIODS:]
    up = max((_sum(row, COOPERATION) for row in rows), default=0)
    down = max((_sum(row, CONFLICT) for row in rows), default=0)
    unit = (HEIGHT - TOP - BOTTOM) / max(up + down, 1)
    zero = TOP + up * unit
    step = (WIDTH - LEFT - RIGHT) / len(periods)
    slots = tuple(
        _slot(name, known.get(name), LEFT + at * step, min(step, 60.0), zero, unit) for at, name in enumerate(periods)
    )
    every = math.ceil(len(slots) / TICKS)
    xs = tuple(Tick(slot.x + slot.width / 2, slot.period) for slot in slots[::every])
    ys = tuple(Tick(zero - value * unit, str(abs(value))) for value in sorted({up, 0, -down}))
    return BalanceChart(slots, zero, xs, ys)


def _sum(row: Row, quads: Iterable[int]) -> int:
    return sum(row.cells[at].stories for at in quads)


def _slot(period: str, row: Row | None, x: float, width: float, zero: float, unit: float) -> Slot:
    bars: list[Bar] = []
    inner = max(width * 0.82, 1.0)
    for quads, sign in ((COOPERATION, -1), (CONFLICT, 1)):
        at = zero
        for quad in quads:
            height = row.cells[quad].stories * unit if row else 0.0
            if height:
                bars.append(Bar(x + (width - inner) / 2, at - height if sign < 0 else at, inner, height, QUADS[quad]))
            at += sign * height
    told = row.stories if row else 0
    both = (_sum(row, COOPERATION), _sum(row, CONFLICT)) if row else (0, 0)
    return Slot(period, x, width, told, *both, tuple(bars))


def _between(first: str, last: str, by: str) -> Iterator[str]:
    """All periods from one to another.

    >>> list(_between("2023-11", "2024-01", "month"))
    ['2023-11', '2023-12', '2024-01']
    """
    length = PERIODS[by]
    at, end = date.fromisoformat((first + "-01-01")[:10]), last
    while at.isoformat()[:length] <= end:
        yield at.isoformat()[:length]
        if by == "year":
            at = at.replace(year=at.year + 1)
        elif by == "month":
            at = at.replace(year=at.year + at.month // 12, month=at.month % 12 + 1)
        else:
            at = date.fromordinal(at.toordinal() + 1)


# ---- figures


@dataclass(frozen=True, slots=True)
class Dot:
    """One claim in a plot."""

    x: float
    y: float
    top: float
    claim: Value
    period: Period
    disputed: bool


@dataclass(frozen=True, slots=True)
class SeriesChart:
    """Claims over time, each a dot."""

    dots: tuple[Dot, ...]
    xs: tuple[Tick, ...]
    ys: tuple[tuple[float, float], ...]
    width: float = WIDTH
    height: float = HEIGHT


def series_chart(one: Series) -> SeriesChart | None:
    """The claims of a series that have a value and a period; null where fewer than two of them do."""
    claims = [
        (_middle(period), claim, period) for period in one.periods for claim in period.claims
        if claim.value is not None and math.isfinite(claim.value) and (period.start or period.end)
    ]  # fmt: skip
    if len(claims) < 2:
        return None
    values = [value for _x, claim, _p in claims for value in (claim.value, claim.value_max) if value is not None]
    low, high = min(0.0, *values), max(0.0, *values)
    first, last = min(x for x, _c, _p in claims), max(x for x, _c, _p in claims)

    def across(day: float) -> float:
        return LEFT + 20 + (WIDTH - LEFT - RIGHT - 40) * ((day - first) / (last - first) if last > first else 0.5)

    def up(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (value - low) / ((high - low) or 1.0)

    dots = tuple(
        Dot(round(across(x), 1), round(up(c.value or 0.0), 1), round(up(c.value_max or c.value or 0.0), 1), c, p,
            bool(p.conflicts)) for x, c, p in claims
    )  # fmt: skip
    labels = {round(across(x), 1): _label(p) for x, _c, p in claims}
    xs = tuple(Tick(at, label) for at, label in sorted(labels.items()))
    return SeriesChart(dots, _spaced(xs), tuple((round(up(value), 1), value) for value in _round_values(low, high)))


def _label(period: Period) -> str:
    """The year of a whole year, else the month in which a period begins."""
    start, end = period.start or period.end or "", period.end or period.start or ""
    return start[:4] if (start[5:], end[5:]) == ("01-01", "12-31") else start[:7]


def _round_values(low: float, high: float) -> list[float]:
    """Two to five round numbers between two values.

    >>> _round_values(0.0, 831e6), _round_values(-3.0, 9.0)
    ([0.0, 200000000.0, 400000000.0, 600000000.0, 800000000.0], [0.0, 5.0])
    """
    width = (high - low) or 1.0
    size = 10 ** math.floor(math.log10(width))
    step = next(size * part for part in (0.2, 0.5, 1.0, 2.0) if width / (size * part) <= 5)
    first = math.ceil(low / step)
    return [at * step for at in range(first, math.floor(high / step) + 1)]


def _middle(period: Period) -> float:
    days = [date.fromisoformat(day).toordinal() for day in (period.start, period.end) if day]
    return sum(days) / len(days)


def _spaced(ticks: Sequence[Tick], least: float = 48.0) -> tuple[Tick, ...]:
    """Ticks of which none stands on another."""
    kept: list[Tick] = []
    for tick in ticks:
        if not kept or tick.at - kept[-1].at >= least:
            kept.append(tick)
    return tuple(kept)


# ---- relations


@dataclass(frozen=True, slots=True)
class Spoke:
    """One relation of an actor: with whom, how many records, how many of them of conflict, and where it is drawn."""

    code: str
    records: int
    conflict: int
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Star:
    """An actor in the middle and those it deals with around it."""

    spokes: tuple[Spoke, ...]
    width: float = 640.0
    height: float = 400.0


def star(counts: Mapping[str, tuple[int, int]], most: int = 12) -> Star | None:
    """The strongest relations around the middle, the strongest on top; code → records, and those of conflict."""
    ordered = sorted(counts.items(), key=lambda one: (-one[1][0], one[0]))[:most]
    if not ordered:
        return None
    largest = ordered[0][1][0]
    spokes = []
    for at, (code, (records, conflict)) in enumerate(ordered):
        angle = 2 * math.pi * at / len(ordered) - math.pi / 2
        x, y = 320 + 225 * math.cos(angle), 200 + 150 * math.sin(angle)
        spokes.append(Spoke(code, records, conflict, round(x, 1), round(y, 1), round(1 + 7 * records / largest, 1)))
    return Star(tuple(spokes))


# ---- shared


@lru_cache(maxsize=1)
def actors() -> tuple[tuple[str, Mapping[str, str]], ...]:
    """Codes and names of states and bodies, for fields in which one is chosen."""
    rows = [row for kind in ("state", "igo") for row in Knowledge.default().rows(kind) if row.code]
    return tuple((row.code or "", row.names) for row in sorted(rows, key=lambda row: row.name("en")))


def download(chart: object, template: str, speech: Speech) -> Response:
    """A plot as a file of its own, with its colours in it."""
    style = (files("communique") / "web" / "static" / "plot.css").read_text("utf-8")
    text = environment(speech.language).get_template(template).render(chart=chart, style=style)
    head = {"content-disposition": 'attachment; filename="plot.svg"'}
    return Response(text, media_type="image/svg+xml", headers=head)
