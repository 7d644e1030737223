"""Days, weeks and months: what a TIMEX3 value covers, and which day a feast falls on.

In: dates and values. Out: dates, values, `When`. Must not know any language or text.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from communique.records import NEVER_STATED, When

_SEASONS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 14)}
_VALUE = re.compile(
    r"(?P<year>\d{4})(?:-(?:(?P<month>\d\d)(?:-(?P<day>\d\d))?|W(?P<week>\d\d)(?P<weekend>-WE)?"
    r"|(?P<quarter>Q[1-4])|(?P<half>H[12])|(?P<season>SP|SU|FA|WI)))?(?:T.*)?"
)
_LONG = re.compile(r"\d{2,3}")


def valid_day(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none.

    >>> valid_day(2023, 2, 31) is None
    True
    """
    try:
        return date(year, month, day)
    except ValueError:
        return None


def shifted(day: date, days: int) -> date | None:
    """A day some days away, or None outside the calendar."""
    try:
        return day + timedelta(days=days)
    except (OverflowError, ValueError):
        return None


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(9999, 12, 31) if (year, month) >= (9999, 12) else _month(year, month + 1) - timedelta(days=1)


def _month(year: int, month: int) -> date:
    """The first day of a month counted from January of a year, also beyond December."""
    carried, rest = divmod(month - 1, 12)
    return date(year + carried, rest + 1, 1)


def months_away(day: date, months: int) -> date | None:
    """The same day some months away, or the last one of that month.

    >>> months_away(date(2024, 3, 31), -1)
    datetime.date(2024, 2, 29)
    """
    year, rest = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, rest + 1, min(day.day, month_end(year, rest + 1).day))


def away(day: date, count: float, unit: str) -> date | None:
    """A day some units (D W M Y) away; halves of a month or year are whole days or months.

    >>> away(date(2024, 1, 15), -0.5, "Y")
    datetime.date(2023, 7, 15)
    """
    if abs(count) > 20_000:
        return None
    if unit in ("D", "W"):
        return shifted(day, round(count * (7 if unit == "W" else 1)))
    if unit == "M" and count % 1:
        return shifted(day, round(count * 30.4))
    return months_away(day, round(count * (12 if unit == "Y" else 1)))


def week_value(day: date) -> str:
    """The ISO week of a day, as '2024-W27'."""
    year, week, _ = day.isocalendar()
    return f"{year:04d}-W{week:02d}"


def value_at(day: date, unit: str) -> str:
    """The value of the day, week, month, quarter, half or year that holds a day.

    >>> [value_at(date(2024, 7, 3), unit) for unit in ("D", "W", "M", "Q", "H", "Y", "DE", "CE")]
    ['2024-07-03', '2024-W27', '2024-07', '2024-Q3', '2024-H2', '2024', '202', '20']
    """
    year = f"{day.year:04d}"
    values = {
        "W": week_value(day),
        "WE": week_value(day) + "-WE",
        "M": f"{year}-{day.month:02d}",
        "Q": f"{year}-Q{(day.month + 2) // 3}",
        "H": f"{year}-H{(day.month + 5) // 6}",
        "Y": year,
        "DE": year[:3],
        "CE": year[:2],
    }
    return values.get(unit, day.isoformat())


def season_of(day: date) -> tuple[str, int]:
    """The season that holds a day, and the year it is counted to (a winter belongs to its December).

    >>> season_of(date(2024, 2, 1))
    ('WI', 2023)
    """
    if day.month < 3:
        return "WI", day.year - 1
    return ("SP", "SU", "FA", "WI")[day.month // 3 - 1], day.year


def easter(year: int) -> date:
    """Easter Sunday (the anonymous Gregorian computus, Meeus 1991).

    >>> easter(2024), easter(2025)
    (datetime.date(2024, 3, 31), datetime.date(2025, 4, 20))
    """
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    s = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * s) // 451
    month, day = divmod(h + s - 7 * m + 114, 31)
    return date(year, month, day + 1)


def feast(year: int, rule: str) -> date:
    """The day of a feast: '12-25', 'easter+1', or 'month/nth/weekday' as '11/4/4', the 4th Thursday of November.

    >>> feast(2024, "easter-2"), feast(2024, "11/4/4"), feast(2024, "12-25")
    (datetime.date(2024, 3, 29), datetime.date(2024, 11, 28), datetime.date(2024, 12, 25))
    """
    if rule.startswith("easter"):
        return easter(year) + timedelta(days=int(rule[6:] or 0))
    if "/" in rule:
        month, nth, weekday = map(int, rule.split("/"))
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.isoweekday()) % 7 + 7 * (nth - 1))
    month, day = map(int, rule.split("-"))
    return date(year, month, day)


def when_of(value: str, part: str | None = None) -> When:
    """The days a value covers; `part` (start, mid, end) narrows it to a third. References and X cover none.

    >>> when_of("2024-Q2")
    When(start='2024-04-01', end='2024-06-30', precision='quarter')
    >>> when_of("2025", "end").start, when_of("199").end, when_of("XXXX-05"), when_of("P2W").end
    ('2025-09-01', '1999-12-31', When(start=None, end=None, precision=None), None)
    """
    bounds = _bounds(value)
    if bounds is None:
        return NEVER_STATED
    start, end, precision = bounds
    if part and precision != "day":
        start, end = _third(start, end, part)
    return When(start.isoformat(), end.isoformat(), precision)


def _bounds(value: str) -> tuple[date, date, str] | None:
    if _LONG.fullmatch(value):
        years = 10 ** (4 - len(value))
        first = int(value) * years
        return (date(first, 1, 1), date(first + years - 1, 12, 31), "decade") if first else None
    match = _VALUE.fullmatch(value)
    year = int(match["year"]) if match else 0
    if match is None or not year:
        return None
    if match["day"]:
        day = valid_day(year, int(match["month"]), int(match["day"]))
        return (day, day, "day") if day else None
    if match["week"]:
        return _week_bounds(year, int(match["week"]), bool(match["weekend"]))
    return _month_bounds(year, match)


def _week_bounds(year: int, week: int, weekend: bool) -> tuple[date, date, str] | None:
    try:
        monday = date.fromisocalendar(year, week, 1)
    except ValueError:
        return None
    sunday = shifted(monday, 6) or monday
    return (sunday - timedelta(days=1), sunday, "day") if weekend else (monday, sunday, "week")


def _month_bounds(year: int, match: re.Match[str]) -> tuple[date, date, str] | None:
    if match["month"]:
        first, last, precision = int(match["month"]), int(match["month"]), "month"
    elif match["quarter"]:
        last = int(match["quarter"][1]) * 3
        first, precision = last - 2, "quarter"
    elif match["half"]:
        last = int(match["half"][1]) * 6
        first, precision = last - 5, "half"
    elif match["season"]:
        (first, last), precision = _SEASONS[match["season"]], "quarter"
    else:
        first, last, precision = 1, 12, "year"
    if not 1 <= first <= 12 or year + (last - 1) // 12 > 9999:
        return None
    final = _month(year, last)
    return _month(year, first), month_end(final.year, final.month), precision


def _third(start: date, end: date, part: str) -> tuple[date, date]:
    """The first, middle or last third: months of a year, ten days of a month, days of anything else."""
    if (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year:
        first = {"start": 1, "mid": 5}.get(part, 9)
        return date(start.year, first, 1), month_end(start.year, first + 3)
    third = ((end - start).days + 1) // 3
    cuts = {"start": (0, third - 1), "mid": (third, 2 * third - 1)}
    low, high = cuts.get(part, (2 * third, (end - start).days))
    return start + timedelta(days=low), start + timedelta(days=high)
