"""Datelines: 'ASTANA, July 3 (Xinhua) -- ', 'Wien/Brüssel (APA/Reuters) – ', 'MOSCOW, 5 May (TASS). '.

In: the beginning of a line. Out: where the dateline ends, its place, agencies and date.
Must not know documents, sentences or records; its words come from the `layout` lexicons.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from communique.press import press, read_date
from communique.reading.layout.furniture import agencies, alternatives, is_desk, signature

LONGEST = 160
"""Characters that a dateline may take, including what is needed of the text behind it."""

_WORD = r"(?:[^\W\d_]{1,30}(?:['’.\-][^\W\d_]{1,30}){0,4}\.?)"
_BRACKETS = re.compile(r"\(([^()]{1,70})\)|\[([^\[\]]{1,40})\]|/([^/\s()]{2,20}(?: [^/\s()]{2,20})?)/")
_GAP = re.compile(r"[\s,]*")
_STOP = re.compile(r"\.\s+")
_DASH = re.compile(r"\s*(?:\.?\s?[-–—―‒]{1,3}|_)(?:\s+|$)|(?<=[\w)])\s*—(?=\S)")
_COLON = re.compile(r"\s*:\s+")
_PERIOD = re.compile(r"\s*\.(?:\s+|$)")
_FULL_STOP = re.compile(r"(?<=\w{4})\.\s")
_LETTERS = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Dateline:
    """How many characters it takes, and what it says; `day` is year, month, day as far as they are given."""

    end: int
    place: str | None
    agencies: tuple[str, ...] = ()
    day: tuple[int | None, int, int | None] | None = None


@dataclass(slots=True)
class _Parts:
    """What was found behind the place so far."""

    position: int
    agencies: tuple[str, ...] = ()
    marked: bool = False
    region: bool = False
    day: tuple[int | None, int, int | None] | None = None
    seen: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def _places() -> re.Pattern[str]:
    """One to five words, then further places behind slashes."""
    joins = alternatives(press().words("place_joins"))
    name = rf"{_WORD}(?: (?:{joins} )?{_WORD}){{0,4}}"
    return re.compile(rf"{name}(?:\s?/\s?{name}){{0,3}}")


@lru_cache(maxsize=1)
def _region() -> re.Pattern[str]:
    return re.compile(rf",\s?({_WORD}(?: {_WORD}){{0,3}})(?=\s*(?:[-–—―(,:]|\.\s?[-–—]))")


def find_dateline(line: str, *, first: bool = True, labels: frozenset[str] = frozenset()) -> Dateline | None:
    """The dateline a line begins with; only the first line of prose may have one without capitals, date or agency.

    `labels` are words that stand before a colon again and again (an interview's speakers), which are no places.

    >>> find_dateline("ASTANA, July 3 (Xinhua) -- The two sides met.")
    Dateline(end=27, place='Astana', agencies=('Xinhua',), day=(None, 7, 3))
    >>> find_dateline("Angela Muster (CDU) – die Kanzlerin – sagte")
    """
    head = line[:LONGEST]
    opening = _opening(head)
    match = _places().match(head, opening.position)
    while match and not _is_place(match.group()):
        shorter = match.group().rfind(" ")
        match = _places().match(head, opening.position, opening.position + shorter) if shorter > 0 else None
    if not match:
        return Dateline(_after(head, opening.position), None, opening.agencies) if opening.agencies else None
    place = _trimmed(match.group())
    parts = _parts(head, match.start() + len(place))
    end = _accept(head, place, parts, first=first, labels=labels)
    if end is None:
        return Dateline(_after(head, opening.position), None, opening.agencies) if opening.agencies else None
    return Dateline(end, place_name(place), tuple(dict.fromkeys((*opening.agencies, *parts.agencies))), parts.day)


def _trimmed(place: str) -> str:
    """A place without what belongs to its date or ends a sentence: 'MOSCOW. July', 'BEIJING July'."""
    stop = _FULL_STOP.search(place)
    words = (place[: stop.start()] if stop else place).split(" ")
    while len(words) > 1 and words[-1].rstrip(".").casefold() in press().months:
        words.pop()
    place = " ".join(words)
    return place[:-1] if place.endswith(".") and place.count(".") == 1 else place


def _opening(head: str) -> _Parts:
    """An agency in brackets before everything else: '(dpa) Der Präsident', '(Reuters) - The president'."""
    parts = _Parts(0)
    match = _BRACKETS.match(head)
    named = signature(next(filter(None, match.groups()), "")) if match else None
    if match and named:
        parts.agencies, parts.position = named, _after(head, match.end())
    return parts


def _after(head: str, position: int) -> int:
    """Behind a dash, colon or white space."""
    match = _DASH.match(head, position) or _COLON.match(head, position) or _PERIOD.match(head, position)
    position = match.end() if match else position
    return position + len(head[position:]) - len(head[position:].lstrip())


def _is_place(text: str) -> bool:
    """Whether all words but joins are capitalised, as a place's are."""
    joins = press().words("place_joins")
    return all(word[0].isupper() or word in joins for word in re.split(r"[\s/]+", text) if word)


def _parts(head: str, position: int) -> _Parts:
    """Region, dates and brackets behind the place, in any order."""
    parts = _Parts(position)
    for _ in range(5):
        start = _GAP.match(head, parts.position)
        after = start.end() if start else parts.position
        stop = _STOP.match(head, parts.position)
        if not (_date(head, after, parts) or _bracket(head, after, parts) or _a_region(head, parts)) and not (
            stop and (_date(head, stop.end(), parts) or _bracket(head, stop.end(), parts, only_agency=True))
        ):
            break
    return parts


def _date(head: str, position: int, parts: _Parts) -> bool:
    match = press().date.match(head, position)
    day = read_date(match) if match else None
    if not match or not day or parts.day:
        return False
    parts.day, parts.position = day, match.end()
    return True


def _bracket(head: str, position: int, parts: _Parts, *, only_agency: bool = False) -> bool:
    match = _BRACKETS.match(head, position)
    inner = next(filter(None, match.groups()), "") if match else ""
    if not match:
        return False
    named = signature(inner)
    marked = bool(named) or is_desk(inner) or bool(agencies(inner) and len(inner) < 40)
    if only_agency and not marked:
        return False
    parts.agencies = (*parts.agencies, *(named or (agencies(inner) if marked else ())))
    parts.marked, parts.region = parts.marked or marked, parts.region or not marked
    inside = press().date.search(inner) if marked else None
    parts.day = parts.day or (read_date(inside) if inside else None)
    parts.position = match.end()
    return True


def _a_region(head: str, parts: _Parts) -> bool:
    match = None if parts.region else _region().match(head, parts.position)
    if not match or not _is_place(match[1]):
        return False
    parts.region, parts.position = True, match.end()
    return True


def _accept(head: str, place: str, parts: _Parts, *, first: bool, labels: frozenset[str]) -> int | None:
    """Where the dateline ends if there is enough to believe in it, else None."""
    dash = _DASH.match(head, parts.position)
    colon = _COLON.match(head, parts.position)
    period = _PERIOD.match(head, parts.position)
    if not _plausible(place, labels):
        return None
    if parts.agencies or parts.marked:
        mark = dash or colon or period
        return _second(head, mark.end() if mark else _after(head, parts.position), parts)
    whole = parts.position >= len(head.rstrip()) or (period and period.end() >= len(head))
    if parts.day and (dash or colon or (whole and parts.day[2])):
        mark = dash or colon
        return _second(head, mark.end() if mark else len(head), parts)
    return _bare(head, place, parts, dash, colon, first=first)


def _second(head: str, position: int, parts: _Parts) -> int:
    """Behind an agency that follows the dash: 'BERN – (sda) – Der Rat'."""
    match = _BRACKETS.match(head, position)
    named = signature(next(filter(None, match.groups()), "")) if match else None
    if match and named:
        parts.agencies = (*parts.agencies, *named)
        return _after(head, match.end())
    return position


def _plausible(place: str, labels: frozenset[str]) -> bool:
    folded = place.casefold()
    return folded not in labels and not any(
        word in press().words("not_places") for word in (folded, re.split(r"[\s\-]", folded)[0])
    )


def _bare(
    head: str, place: str, parts: _Parts, dash: re.Match[str] | None, colon: re.Match[str] | None, *, first: bool
) -> int | None:
    """A place with neither agency nor date: in capitals, or at the very beginning and short."""
    mark = dash or (colon if place.isupper() and len(place) > 3 and first else None)
    if not mark:
        return None
    following = head[mark.end() : mark.end() + 1]
    if not following or not (following.isupper() or following.isdigit() or following in "\"'„“»«‚‘(…"):
        return None
    if place.isupper() and len("".join(_LETTERS.findall(place))) > 2:
        return _second(head, mark.end(), parts)
    spaced = mark.group().startswith((" ", "\xa0"))
    alone = first and spaced and len(place.replace("/", " ").split()) <= 3 and len(head) - mark.end() >= 40
    return _second(head, mark.end(), parts) if alone and not _DASH.search(head, mark.end()) else None


def place_name(text: str) -> str:
    """A place in capitals in the usual spelling.

    >>> place_name("RIO DE JANEIRO"), place_name("N'DJAMENA"), place_name("Wien/Brüssel")
    ('Rio de Janeiro', "N'Djamena", 'Wien/Brüssel')
    """
    joins = press().words("place_joins")

    def spell(match: re.Match[str]) -> str:
        word = match.group()
        if not word.isupper() or len(word) == 1:
            return word
        return word.lower() if word.casefold() in joins and match.start() else word.capitalize()

    return _LETTERS.sub(spell, text)
