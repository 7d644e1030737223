"""What a matched time expression means: one function per kind of rule.

In: the slots of a match and the scene (day of publication, day named last, leaning of the clause).
Out: a TIMEX3 value with its days. Must not know any word of a language, nor the text.

Values follow TimeML's TIMEX3 (Pustejovsky et al. 2005; German as in KRAUTS, Strötgen et al. 2018); what cannot be
resolved keeps X or is a *_REF, it is never filled with the day of publication.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from communique.reading.times import calendar
from communique.reading.times.grammar import Slots
from communique.records import NEVER_STATED, When

_UNIT = re.compile(r"(\d*)(T?)([A-Z]+)")
_MONTH = re.compile(r"\d{4}-\d\d")
_FAR = 300
_NEAR = 60
_SOON_MONTHS = 3


@dataclass(frozen=True, slots=True)
class Scene:
    """What an expression is read against.

    `last` is the day named last in the text, `here` the one in the same sentence, `year_named` the last year,
    `spoken` the day a quotation is said to be from, `recent` whether `last` stands near, `named` the last value;
    `lean` is -1 told, +1 announced, 0 neither; `by` marks a deadline; `general` a text that names no days of its week.
    """

    day: date | None
    last: date | None
    lean: int
    by: bool
    settings: Mapping[str, Any]
    here: date | None = None
    spoken: date | None = None
    recent: bool = False
    named: str | None = None
    year_named: int | None = None
    general: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A value; `when` where it differs from what the value covers, `part` narrows it (start, mid, end)."""

    value: str
    part: str | None = None
    when: When | None = None
    recurring: bool = False

    def days(self) -> When:
        """The days meant."""
        return self.when or calendar.when_of(self.value, self.part)


Meaning = Callable[[Slots, Scene], Found | None]


def _one(slots: Slots, name: str) -> Any:
    values = slots.get(name)
    return values[0] if values else None


def _stated_year(slots: Slots, scene: Scene) -> int | None:
    """The year that stands in the expression itself, also as 'of last year'."""
    year = _one(slots, "year")
    if year is not None:
        return int(year)
    if _one(slots, "sameyear"):
        return scene.year_named
    shift = _one(slots, "yearshift")
    if shift is None and _one(slots, "unit") == "Y":
        shift = _one(slots, "shift")
    return scene.day.year + int(shift) if shift is not None and scene.day else None


def _with_part(value: str, slots: Slots, scene: Scene) -> Found:
    """A day with its part of the day, where the language's data keep it."""
    part = _one(slots, "daypart")
    kept = f"T{part}" if part and scene.settings.get("daypart") == "part" else ""
    return Found(value + kept)


def _choose(candidates: Iterable[date | None], scene: Scene) -> date | None:
    """Of the days an expression can mean, the nearest on the side the clause leans to, else the nearest.

    A day far away on that side yields to one near on the other ('wurde für den 15. Mai angesetzt').
    """
    if scene.day is None:
        return None
    today = scene.day
    gaps = sorted((abs((d - today).days), (d - today).days, d) for d in candidates if d)
    if not gaps:
        return None
    leaning = [gap for gap in gaps if gap[1] == 0 or scene.lean == 0 or (gap[1] > 0) == (scene.lean > 0)]
    if not leaning or (leaning[0][0] > _FAR and gaps[0][0] < _NEAR and abs(scene.lean) < 2):
        return gaps[0][2]
    return leaning[0][2]


def _years(scene: Scene, make: Callable[[int], date | None]) -> list[date | None]:
    """Candidates for the year before, this and next."""
    if scene.day is None:
        return []
    return [make(year) for year in range(max(1, scene.day.year - 1), min(9999, scene.day.year + 1) + 1)]


def date_value(slots: Slots, scene: Scene) -> Found | None:
    """A day of a month: '3. Juli 2024', 'July 3'."""
    year, month, number = _date_parts(slots, scene)
    if not calendar.valid_day(year or 2000, month, number):
        return None
    if year is None:
        chosen = _choose(_years(scene, lambda y: calendar.valid_day(y, month, number)), scene)
        return _with_part(chosen.isoformat() if chosen else f"XXXX-{month:02d}-{number:02d}", slots, scene)
    day = calendar.valid_day(year, month, number)
    return _with_part(day.isoformat(), slots, scene) if day else None


def _date_parts(slots: Slots, scene: Scene) -> tuple[int | None, int, int]:
    if full := _one(slots, "ymd"):
        return int(full[0]), int(full[1]), int(full[2])
    if pair := _one(slots, "daymonth"):
        return _stated_year(slots, scene), int(pair[0]), int(pair[1])
    return _stated_year(slots, scene), int(_one(slots, "month")), int(_one(slots, "day"))


def month_value(slots: Slots, scene: Scene) -> Found | None:
    """A month, with or without year, 'last November', 'early May'."""
    month, part = int(_one(slots, "month")), _one(slots, "part")
    if not 1 <= month <= 12:
        return None
    year = _stated_year(slots, scene)
    shift = _one(slots, "shift")
    if year is None and shift is not None and scene.day and _one(slots, "unit") != "Y":
        year = scene.day.year + _wrap(month, scene.day.month, int(shift))
    year = year or _month_year(month, scene)
    return _deadline(f"{year:04d}-{month:02d}" if year else f"XXXX-{month:02d}", part, scene)


def _wrap(wanted: int, now: int, shift: int) -> int:
    """How many years away the next (+1) or last (-1) month or season is, counted within a year."""
    if shift > 0:
        return int(wanted <= now)
    return -int(wanted >= now) if shift < 0 else 0


def _month_year(month: int, scene: Scene) -> int | None:
    if scene.day is None:
        return None
    soon = (month - scene.day.month) % 12 <= _SOON_MONTHS
    if scene.lean > 0 or (scene.lean == 0 and soon):
        return scene.day.year + (month < scene.day.month)
    return scene.day.year - (month > scene.day.month)


def _deadline(value: str, part: str | None, scene: Scene) -> Found:
    """'bis Ende 2025': the last day, where the language's data have it so."""
    end = calendar.when_of(value).end
    if part == "end" and scene.by and end and scene.settings.get("deadline") == "last_day":
        return Found(end)
    return Found(value, part)


def year_value(slots: Slots, scene: Scene) -> Found | None:
    """A year."""
    year = _stated_year(slots, scene)
    if year is None or not 1 <= year <= 2199:
        return None
    return _deadline(f"{year:04d}", _one(slots, "part"), scene)


def decade_value(slots: Slots, scene: Scene) -> Found | None:
    """A decade as its first three digits; '90' is the one before the day of publication."""
    decade = _one(slots, "decade")
    if isinstance(decade, str):
        return Found(decade, _one(slots, "part"))
    if decade is None or decade % 10:
        return None
    if decade < 100:
        century = (scene.day.year if scene.day else 2000) // 100 * 100
        decade += century if scene.day and century + decade <= scene.day.year else century - 100
    return Found(f"{decade // 10:03d}", _one(slots, "part"))


def century_value(slots: Slots, scene: Scene) -> Found | None:
    """A century as its first two digits."""
    century = int(_one(slots, "century"))
    return Found(f"{century - 1:02d}", _one(slots, "part")) if 1 <= century <= 22 else None


def weekday_value(slots: Slots, scene: Scene) -> Found | None:
    """A weekday: the last or same one, the coming one where the clause announces, or as 'next' and 'last' say."""
    number, shift = int(_one(slots, "weekday")), _one(slots, "shift")
    if scene.day is None:
        return _with_part(f"XXXX-WXX-{number}", slots, scene)
    ahead = (number - scene.day.isoweekday()) % 7
    if shift is None or shift == 0:
        days = ahead if scene.lean > 0 else ahead - 7 if ahead else 0
    elif shift > 0:
        days = ahead or 7
    else:
        days = ahead - 7
    day = calendar.shifted(scene.day, days)
    return _with_part(day.isoformat(), slots, scene) if day else None


def day_value(slots: Slots, scene: Scene) -> Found | None:
    """Today, yesterday, tomorrow and further."""
    offset = int(_one(slots, "offset"))
    now = scene.general and scene.lean >= 0 and not offset and not _one(slots, "daypart") and not _one(slots, "named")
    if scene.day is None or now:
        return Found(("PRESENT_REF", "FUTURE_REF", "PAST_REF")[(offset > 0) - (offset < 0)])
    day = calendar.shifted(scene.spoken or scene.day, offset)
    return _with_part(day.isoformat(), slots, scene) if day else None


def same_value(slots: Slots, scene: Scene) -> Found | None:
    """The day named last, or one after or before it."""
    base = scene.last or scene.day
    if base is None:
        return Found("XXXX-XX-XX")
    day = calendar.shifted(base, int(_one(slots, "shift")))
    return _with_part(day.isoformat(), slots, scene) if day else None


def daypart_value(slots: Slots, scene: Scene) -> Found | None:
    """'am Abend': of the day named last, else of the day of publication."""
    base = scene.last or scene.day
    return _with_part(base.isoformat() if base else "XXXX-XX-XX", slots, scene)


def unit_value(slots: Slots, scene: Scene) -> Found | None:
    """'last week', 'next year', 'im Vorjahr', 'the end of the month'."""
    unit, shift, part = _one(slots, "unit"), int(_one(slots, "shift") or 0), _one(slots, "part")
    base = _anchor(unit, scene) if _one(slots, "anchor") else scene.day
    if year := _one(slots, "year"):
        base = calendar.valid_day(year, 12 if part == "end" else 1, 1) or base
        shift = 0
    if base is None:
        return Found(("PRESENT_REF", "FUTURE_REF", "PAST_REF")[(shift > 0) - (shift < 0)])
    if unit == "T":
        return day_value({"offset": [shift]}, scene)
    steps = {"Q": (3, "M"), "H": (6, "M"), "DE": (10, "Y"), "CE": (100, "Y")}
    factor, step = steps.get(unit, (1, unit))
    day = calendar.away(base, shift * factor, step)
    if day is None:
        return None
    value = calendar.value_at(day, unit)
    return _deadline(value, part, scene) if _one(slots, "exact") else Found(value, part)


def _anchor(unit: str, scene: Scene) -> date | None:
    """Where 'the year before' and 'the week after' are counted from."""
    if unit == "Y" and scene.year_named:
        return date(scene.year_named, 7, 1)
    return scene.last or scene.day


def weekend_value(slots: Slots, scene: Scene) -> Found | None:
    """The weekend past, or the coming one where the clause announces; the one under way is both."""
    if scene.day is None:
        return Found("XXXX-WXX-WE")
    shift = _one(slots, "shift")
    weekday = scene.day.isoweekday()
    back = 0 if weekday >= 6 else 7
    if shift is None or shift == 0:
        days = 0 if scene.lean > 0 or (shift == 0 and scene.lean == 0) else -back
    else:
        days = -7 if shift < 0 else 7 if weekday >= 6 else 0
    day = calendar.shifted(scene.day, days)
    return Found(calendar.value_at(day, "WE")) if day else None


def season_value(slots: Slots, scene: Scene) -> Found | None:
    """A season, with or without year."""
    season, part, shift = _one(slots, "season"), _one(slots, "part"), _one(slots, "shift")
    year = _stated_year(slots, scene)
    if year is None and scene.day is None:
        return Found(f"XXXX-{season}")
    if year is None and scene.day:
        year = _season_year(season, scene.day, shift if _one(slots, "unit") != "Y" else None, scene.lean)
    return Found(f"{year:04d}-{season}", part)


def _season_year(season: str, day: date, shift: int | None, lean: int) -> int:
    order = ("SP", "SU", "FA", "WI")
    current, year = calendar.season_of(day)
    wanted, now = order.index(season), order.index(current)
    if shift is not None:
        return year + _wrap(wanted, now, shift) if shift else day.year
    if lean > 0:
        return year + (wanted < now)
    return year - (wanted > now) if lean < 0 else year


def quarter_value(slots: Slots, scene: Scene) -> Found | None:
    """A quarter or half of a year."""
    code = _one(slots, "quarter_code")
    size, nth = code or (_one(slots, "size"), int(_one(slots, "nth")))
    months = 3 if size == "Q" else 6
    if not 1 <= nth <= 12 // months:
        return None
    year = _stated_year(slots, scene)
    if year is None and scene.day:
        now = (scene.day.month - 1) // months + 1
        year = scene.day.year + (int(nth < now) if scene.lean > 0 else -int(nth > now) if scene.lean < 0 else 0)
    return Found(f"{year:04d}-{size}{nth}" if year else f"XXXX-{size}{nth}")


def _amount(slots: Slots) -> float | str | None:
    """The number of units; 'X' where it is vague."""
    counts = slots.get("count") or [1]
    if "X" in counts:
        return "X"
    total = sum(slots.get("tens", [])) + counts[0]
    return float(total) if 0 < total < 1e6 else None


def stretch_of(amount: float | str, unit: str) -> str:
    """A duration's value.

    >>> stretch_of(2, "W"), stretch_of("X", "TH"), stretch_of(2.5, "TH"), stretch_of(1.5, "Y"), stretch_of(2, "10Y")
    ('P2W', 'PTXH', 'PT2H30M', 'P1.5Y', 'P20Y')
    """
    match = _UNIT.fullmatch(unit)
    factor, clock, name = match.groups() if match else ("", "", unit)
    if isinstance(amount, str):
        return f"P{clock}{amount}{name}"
    total = amount * int(factor or 1)
    if clock and name == "H" and total > 1 and total % 1 == 0.5:
        return f"PT{int(total)}H30M"
    return f"P{clock}{total:g}{name}"


def _units_back(amount: float, unit: str, sign: int, base: date) -> tuple[date | None, str]:
    """The day some units away, and how finely it is known (a unit of `value_at`)."""
    match = _UNIT.fullmatch(unit)
    factor, clock, name = match.groups() if match else ("", "", unit)
    if clock or name not in ("D", "W", "M", "Y"):
        return None, name
    total = amount * int(factor or 1)
    fine = "M" if name == "Y" and total % 1 else "D" if name == "M" and total % 1 else name
    return calendar.away(base, sign * total, name), fine


def duration_value(slots: Slots, scene: Scene) -> Found | None:
    """A stretch of time; as a deadline ('within 90 days') its days end that long after publication."""
    amount, unit = _amount(slots), _one(slots, "unit") or _one(slots, "units")
    if amount is None:
        return None
    value = stretch_of(amount, unit)
    counts, units = slots.get("count", []), slots.get("units", [])
    if len(units) == 2 and len(counts) == 2 and "X" not in counts:
        value += stretch_of(counts[1], units[1]).lstrip("P")
    if scene.by and scene.day and isinstance(amount, float):
        end, _ = _units_back(amount, unit, 1, scene.day)
        return Found(value, when=When(None, end.isoformat(), "day") if end else None)
    return Found(value, when=NEVER_STATED)


def ago_value(slots: Slots, scene: Scene) -> Found | None:
    """'two years ago', 'in zwei Wochen': a day, week, month or year counted from publication or the day named last."""
    amount, unit, sign = _amount(slots), _one(slots, "unit") or _one(slots, "units"), int(_one(slots, "sign"))
    base = (scene.last or scene.day) if _one(slots, "anchor") else scene.day
    if amount is None:
        return None
    stretch = stretch_of(amount, unit)
    if isinstance(amount, str):
        kept = scene.settings.get("ago") == "stretch"
        return Found(stretch if kept else "FUTURE_REF" if sign > 0 else "PAST_REF", when=NEVER_STATED)
    if _one(slots, "anchor") and unit == "Y" and scene.named and _MONTH.fullmatch(scene.named):
        return Found(f"{int(scene.named[:4]) + sign * round(amount):04d}{scene.named[4:]}")
    day, fine = _units_back(amount, unit, sign, base) if base else (None, "")
    if day is None:
        return Found(stretch, when=NEVER_STATED)
    value = calendar.value_at(day, fine)
    return Found(stretch, when=calendar.when_of(value)) if scene.settings.get("ago") == "stretch" else Found(value)


def vague_value(slots: Slots, scene: Scene) -> Found | None:
    """'in the last years', 'in den kommenden Tagen'."""
    if int(_one(slots, "shift") or 0) > 0:
        return Found("FUTURE_REF")
    kept = scene.settings.get("vague_past", "stretch") == "stretch" and not _one(slots, "back")
    unit = _one(slots, "plural") or _one(slots, "pluraln") or _one(slots, "units")
    return Found(stretch_of("X", unit) if kept else "PAST_REF", when=NEVER_STATED)


def bare_stretch_value(slots: Slots, scene: Scene) -> Found | None:
    """'seit Jahren', 'for years'."""
    return Found(stretch_of("X", _one(slots, "unit")), when=NEVER_STATED)


def fixed_value(slots: Slots, scene: Scene) -> Found | None:
    """A value that stands in the lexicon."""
    return Found(str(_one(slots, "value")), when=NEVER_STATED)


def recurring_value(slots: Slots, scene: Scene) -> Found | None:
    """'daily', 'every ten years', 'pro Stunde'."""
    value = _one(slots, "value")
    amount = _amount(slots)
    if value is None and amount is None:
        return None
    unit = _one(slots, "unit") or _one(slots, "units")
    return Found(value or stretch_of(amount or 1, unit), None, NEVER_STATED, True)


def weekly_value(slots: Slots, scene: Scene) -> Found | None:
    """'every Monday', 'montags', 'each July'."""
    if month := _one(slots, "month"):
        return Found(f"XXXX-{month:02d}", None, NEVER_STATED, True)
    return Found(f"XXXX-WXX-{_one(slots, 'weekday')}", None, NEVER_STATED, True)


def habit_value(slots: Slots, scene: Scene) -> Found | None:
    """'nachts', 'at night', of no day in particular."""
    return Found(f"PT1{_one(slots, 'daypart')}", None, NEVER_STATED, True)


def clock_value(slots: Slots, scene: Scene) -> Found | None:
    """A time of day, of the day named in the sentence or of publication."""
    hour, minute = _one(slots, "clock") or (_one(slots, "hour"), _one(slots, "minute") or 0)
    if _one(slots, "half"):
        hour, minute = (hour - 1, 30) if _one(slots, "half") < 0 else (hour, 30)
    part = _one(slots, "daypart")
    if part in ("AF", "EV", "PM") and hour < 12:
        hour += 12
    elif part == "AM" and hour == 12:
        hour = 0
    if not 0 <= hour <= 24 or minute > 59 or (hour == 24 and minute):
        return None
    if _one(slots, "weekday"):
        named = weekday_value({"weekday": slots["weekday"]}, scene)
        return Found(f"{named.value}T{hour:02d}:{minute:02d}") if named else None
    base = scene.here or (scene.last if scene.recent and scene.lean < 0 else None) or scene.day
    return Found(f"{base.isoformat() if base else ''}T{hour:02d}:{minute:02d}")


def feast_value(slots: Slots, scene: Scene) -> Found | None:
    """A feast day with a date: of the year named, else the nearest."""
    rule = str(_one(slots, "feast"))
    year = _stated_year(slots, scene)
    if year:
        return _with_part(calendar.feast(year, rule).isoformat(), slots, scene)
    chosen = _choose(_years(scene, lambda y: calendar.feast(y, rule)), scene)
    return _with_part(chosen.isoformat() if chosen else "XXXX-XX-XX", slots, scene)


MEANINGS: Mapping[str, Meaning] = {
    "ago": ago_value,
    "century": century_value,
    "clock": clock_value,
    "date": date_value,
    "day": day_value,
    "daypart": daypart_value,
    "decade": decade_value,
    "duration": duration_value,
    "feast": feast_value,
    "fixed": fixed_value,
    "habit": habit_value,
    "month": month_value,
    "quarter": quarter_value,
    "recurring": recurring_value,
    "same": same_value,
    "season": season_value,
    "stretch": bare_stretch_value,
    "unit": unit_value,
    "vague": vague_value,
    "weekday": weekday_value,
    "weekend": weekend_value,
    "weekly": weekly_value,
    "year": year_value,
}
