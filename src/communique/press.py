"""The words of the press in all languages at once: months, agencies, credits; and days of publication read by them.

In: the `layout` lexicons of every language there is. Out: merged look-ups, and a lenient date parser.
Must not know documents, sentences or records.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from importlib.resources import files
from typing import Any

from communique.lexicon import lexicon

EARLIEST, LATEST = 1400, 2200
"""Years outside of these are no years of publication but a content system's way of saying nothing (0001, 9999)."""

_FILE = re.compile(r"lexicon\.(\w+)\.json")
_YEAR = r"(?P<{}>[12]\d{{3}})(?!\d)"
_ORDINAL = r"(?:\.|st|nd|rd|th)?"
_TIME = re.compile(
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:\.\d{1,9})?)?\s*(?P<half>[ap]\.?m\b\.?)?\s*(?:uhr|h)?\s*"
    r"\(?(?P<zone>[+-]\d{2}:?\d{2}|[a-z]{1,4})?\)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Press:
    """Merged words: `languages` and `agencies` from any spelling to the code or canonical name, `layouts` as built."""

    layouts: tuple[Mapping[str, Any], ...]
    languages: Mapping[str, str]
    agencies: Mapping[str, str]
    months: Mapping[str, int]
    weekdays: frozenset[str]
    zones: Mapping[str, int]
    date: re.Pattern[str]

    def words(self, section: str, key: str = "words") -> frozenset[str]:
        """The words of a section in all languages, folded; a section may itself be a list."""
        return frozenset(word.casefold() for layout in self.layouts for word in _listed(layout.get(section, ()), key))


def _listed(section: Any, key: str) -> Iterator[str]:
    words = section.get(key, ()) if isinstance(section, Mapping) else section
    return iter(words)


def _layouts() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each folder of lexicons that has a `layout`, with its name, in a fixed order."""
    names = sorted(entry.name for entry in (files("communique") / "data").iterdir())
    for match in filter(None, map(_FILE.fullmatch, names)):
        layout = lexicon(match[1]).get("layout")
        if layout:
            yield match[1], layout


@lru_cache(maxsize=1)
def press() -> Press:
    """The press words of all languages; built once.

    >>> press().agencies["keystone-sda"], press().months["jänner"], press().languages["ger"]
    ('Keystone-SDA', 1, 'de')
    """
    named = dict(_layouts())
    layouts = tuple(named.values())
    months = {word: number for layout in layouts for word, number in layout.get("months", {}).items()}
    weekdays = frozenset(word for layout in layouts for word in layout.get("weekdays", ()))
    agencies = {
        spelling.casefold(): name
        for layout in layouts
        for name, spellings in layout.get("agencies", {}).items()
        for spelling in (name, *spellings)
    }
    return Press(
        layouts=layouts,
        languages={name: code for code, layout in named.items() for name in layout.get("names", ())},
        agencies=agencies,
        months=months,
        weekdays=weekdays,
        zones={name: minutes for layout in layouts for name, minutes in layout.get("zones", {}).items()},
        date=_date_pattern(months, weekdays),
    )


def _alternatives(words: Any) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _date_pattern(months: Mapping[str, int], weekdays: frozenset[str]) -> re.Pattern[str]:
    """One pattern for a calendar day (or month and year) as newspapers write it."""
    month, day = r"(?P<{}>" + _alternatives(months) + r")(?!\w)\.?", r"(?P<{}>\d{{1,2}})"
    forms = (
        _YEAR.format("y1") + r"-(?P<m1>\d{2})-(?P<d1>\d{2})(?!\d)",
        day.format("d2") + r"\.\s?(?P<m2>\d{1,2})\.(?:\s?" + _YEAR.format("y2") + r")?(?!\d)",
        day.format("d3") + _ORDINAL + r"\s+(?:of\s+)?" + month.format("m3") + r"(?:,?\s+" + _YEAR.format("y3") + ")?",
        month.format("m4") + r"\s+" + day.format("d4") + r"(?!\d)" + _ORDINAL + r"(?:,?\s+" + _YEAR.format("y4") + ")?",
        month.format("m5") + r",?\s+" + _YEAR.format("y5"),
    )
    before = r"(?<![\w])(?:(?:" + _alternatives(weekdays) + r")(?!\w)\.?,?\s+)?(?:(?:den|the)\s+)?"
    return re.compile(before + "(?:" + "|".join(forms) + ")", re.IGNORECASE)


def read_date(match: re.Match[str]) -> tuple[int | None, int, int | None] | None:
    """Year, month and day of a match of `Press.date`, as far as it has them; None when there is no such day."""
    got = {name[0]: text for name, text in match.groupdict().items() if text is not None}
    month = press().months.get(got["m"].casefold()) or (int(got["m"]) if got["m"].isdigit() else 0)
    year, day = (int(got[part]) if part in got else None for part in "yd")
    if not 1 <= month <= 12 or (year is not None and not EARLIEST <= year <= LATEST):
        return None
    try:
        date(year or 2000, month, day or 1)
    except ValueError:
        return None
    return year, month, day


def language_code(name: str) -> str | None:
    """The code of a language given as code, tag or name; None for what is none.

    >>> language_code("de-AT"), language_code("German"), language_code("fr"), language_code("gibberish")
    ('de', 'de', 'fr', None)
    """
    folded = name.strip().casefold()
    known = press().languages.get(folded)
    if known:
        return known
    base = re.match(r"([a-z]{2,3})(?:[-_][a-z0-9]{1,8})*$", folded)
    return press().languages.get(base[1], base[1]) if base else None


def published(text: str) -> str | None:
    """A day of publication in ISO 8601 with the precision the text has; None for what is no day.

    >>> published("4. Juli 2024"), published("July 2024"), published("Thu, 04 Jul 2024 09:30:00 +0200")
    ('2024-07-04', '2024-07', '2024-07-04T09:30:00+02:00')
    >>> published("2024-02-30"), published("yesterday")
    (None, None)
    """
    value = " ".join(text.split())
    if len(value) > 80:
        return None
    return _iso(value) or _written(value)


def _iso(value: str) -> str | None:
    bare = re.fullmatch(r"(\d{4})(?:-(\d{2}))?", value)
    if bare:
        sound = EARLIEST <= int(bare[1]) <= LATEST and 1 <= int(bare[2] or 1) <= 12
        return value if sound else None
    value = re.sub(r"(?<=\d) (?=(?:[+-]\d|Z$))", "", value)
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    if not EARLIEST <= moment.year <= LATEST:
        return None
    return moment.isoformat(timespec="seconds") if ":" in value or "T" in value else moment.date().isoformat()


def _written(value: str) -> str | None:
    """A day in words, with a time and zone behind it where there are any."""
    match = press().date.match(value)
    parts = read_date(match) if match else None
    if not match or not parts or parts[0] is None:
        return None
    year, month, day = parts
    rest = re.sub(r"^[,\s]*(?:(?:at|um|-|–|\||T)\s*)?", "", value[match.end() :], flags=re.IGNORECASE)
    if day is None:
        return None if rest else f"{year:04}-{month:02}"
    if not rest:
        return f"{year:04}-{month:02}-{day:02}"
    return _moment(date(year or 1, month, day), rest)


def _moment(day: date, rest: str) -> str | None:
    match = _TIME.fullmatch(rest)
    if not match:
        return None
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    half = (match["half"] or "")[:1].casefold()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    try:
        moment = datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=_zone(match["zone"]))
    except ValueError:
        return None
    return moment.isoformat(timespec="seconds")


def _zone(name: str | None) -> timezone | None:
    """The zone of an offset or of a known abbreviation; unknown ones are not guessed."""
    if not name:
        return None
    if name[0] in "+-":
        minutes = int(name[1:3]) * 60 + int(name[-2:])
        return timezone(timedelta(minutes=minutes if name[0] == "+" else -minutes)) if minutes < 1440 else None
    known = press().zones.get(name.casefold())
    return None if known is None else timezone(timedelta(minutes=known))
