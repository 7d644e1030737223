"""Days as people give them.

In: words. Out: ISO days, months or years. Must not know what they are for.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from communique.press import published

_AGO = re.compile(r"(\d{1,5})\s*([dwmy])")
_PART = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?")
_DAYS = {"d": 1.0, "w": 7.0, "m": 30.44, "y": 365.25}


def today() -> str:
    """Today's ISO day."""
    return date.today().isoformat()


def read_day(text: str, on: str | None = None) -> str | None:
    """A day, a month, a year, or how long before a day (today); None where it is none of them.

    >>> read_day("4 July 2024"), read_day("2024-07"), read_day("7d", "2024-07-08"), read_day("soon")
    ('2024-07-04', '2024-07', '2024-07-01', None)
    """
    ago = _AGO.fullmatch(text.strip().lower())
    if ago:
        return shifted(on or today(), -round(int(ago[1]) * _DAYS[ago[2]]))
    if _PART.fullmatch(text.strip()):
        return text.strip()
    found = published(text)
    return found[:10] if found else None


def shifted(day: str, days: int) -> str | None:
    """An ISO day so many days later; None where no calendar goes so far.

    >>> shifted("2024-02-28", 2)
    '2024-03-01'
    """
    try:
        return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
    except (OverflowError, ValueError):
        return None
