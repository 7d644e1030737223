"""What in a news item is no prose: credits, bylines, stamps of time, links; line by line.

In: a line. Out: its kind, or where its prose ends and which agencies are credited behind it.
Must not know documents, sentences or records; its words come from the `layout` lexicons.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from communique.press import press
from communique.records import Span

LONGEST_LINE = 200
"""A longer line is prose whatever it begins with (set by eye on Wikinews; captions run to about 150 characters)."""
LONGEST_LINK = 140
LONGEST_CREDIT = 80
INITIALS = 4
"""Letters of an editor's initials in a credit, as in 'dpa ab xy'."""

_OUTSIDE = " \t\xa0()[]{}/*|-–—·•.:"
_TIME = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?!\d)")
_WORD = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\.?")
_CLOSING = re.compile(
    r"(?<=[.!?…\"“”»«’')\]/])\s*"
    r"(?:\(([^()]{1,80})\)|\[([^\[\]]{1,80})\]|/([^/\s]{2,20})/|[-–—]\s?([^\s.]{2,20}))\s*$"
)
_CAPTION = re.compile(r"[.)\s]\s{0,3}(?=[A-ZÄÖÜ(\[])")
_BULLET = re.compile(r"(?:[-–—•·*▪►>]{1,3}|[oO](?=\t))\s+(?=\S)")
_PICTURE = r"{}(?:\s*\([^)]{{0,40}}\))?\s*(?:[:©|/]|(?:by|von)\s+(?-i:(?=[A-ZÄÖÜ])))"
_PIXELS = re.compile(r"\d{2,4}px\b")


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of all languages, compiled."""

    lines: frozenset[str]
    tails: frozenset[str]
    alone: frozenset[str]
    stamps: frozenset[str]
    desks: frozenset[str]
    starts: re.Pattern[str]
    pictures: re.Pattern[str]
    bylines: re.Pattern[str]
    byjoins: re.Pattern[str]
    credits: re.Pattern[str]
    agencies: re.Pattern[str]
    particles: frozenset[str]


def alternatives(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first."""
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) + ")"


def _pattern(form: str, words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(form.format(alternatives(words)), re.IGNORECASE)


@lru_cache(maxsize=1)
def _words() -> _Words:
    words = press().words
    clock = words("stamps") | press().weekdays | frozenset(press().months) | frozenset(press().zones)
    return _Words(
        lines=words("lines"),
        tails=words("tails"),
        alone=words("pictures", "alone"),
        stamps=clock,
        desks=words("desks"),
        starts=_pattern(r"{}(?!\w)", words("starts")),
        pictures=_pattern(_PICTURE, words("pictures")),
        bylines=_pattern(r"{}(?:\s*:)?\s+(?=\S)", words("bylines")),
        byjoins=_pattern(r"\s*(?:[,/&|(]|\s{}\s)\s*", words("bylines", "joins")),
        credits=_pattern(r"{}(?!\w)", words("credits")),
        agencies=_pattern(r"(?<![\w-]){}(?![\w-])", press().agencies),
        particles=words("name_joins"),
    )


def kind(line: str) -> str | None:
    """What a line is if it is no prose: picture, byline, stamp, credit, mark, link or tail; None for prose.

    >>> kind("Foto: Nordbild"), kind("Von Max Muster"), kind("Von Berlin nach Moskau")
    ('picture', 'byline', None)
    """
    if len(line) > LONGEST_LINE:
        return None
    bare = line.strip(_OUTSIDE)
    folded = bare.casefold()
    words = _words()
    if line.casefold() in words.lines or folded in words.lines or not any(map(str.isalnum, bare)):
        return "mark"
    if folded in words.tails:
        return "tail"
    if folded in words.alone or words.pictures.match(bare) or _PIXELS.match(bare):
        return "picture"
    if byline(line):
        return "byline"
    if _is_stamp(bare):
        return "stamp"
    if credit(line) is not None:
        return "credit"
    return "link" if words.starts.match(bare) and not _is_prose(line) else None


def _is_prose(line: str) -> bool:
    """Whether a line goes on as a sentence, whatever it begins with."""
    return len(line) > LONGEST_LINK or (line.endswith((".", "!", "?")) and len(line) > 70 and ":" not in line[:40])


def byline(line: str) -> str | None:
    """The name or names in a byline, as written; None when the line is none."""
    if line.endswith((".", "!", "?")):
        return None
    match = _words().bylines.match(line)
    if not match or len(line) > 120:
        return None
    names = [name.strip(" ()|") for name in _words().byjoins.split(line[match.end() :])]
    names = [name for name in names if name]
    if not names or not _is_name(names[0]) or not all(_is_capitalised(name) for name in names):
        return None
    return line[match.end() :].strip()


def _is_name(text: str) -> bool:
    """Two to five capitalised words, or an agency."""
    return text.casefold() in press().agencies or (2 <= len(text.split()) <= 5 and _is_capitalised(text))


def _is_capitalised(text: str) -> bool:
    parts = text.split()
    plain = [part for part in parts if part not in _words().particles]
    return bool(plain) and parts[-1] in plain and all(part[0].isupper() and not part[-1].isdigit() for part in plain)


def _is_stamp(line: str) -> bool:
    """Whether nothing but dates, times and the words around them is in a line."""
    rest, dates = press().date.subn(" ", line)
    rest, times = _TIME.subn(" ", rest)
    left = _WORD.findall(rest.casefold())
    if not all(word in _words().stamps or word.rstrip(".") in _words().stamps for word in left):
        return False
    return bool(dates or times or (left and re.match(r"\d{1,2}\D|\D+\d{1,2}\D*$", rest.strip())))


def credit(line: str) -> tuple[str, ...] | None:
    """The agencies that a credit names, in canonical spelling; () for another source, None for no credit.

    >>> credit("(per) Xinhua - CMG"), credit("dpa ab xy"), credit("Quelle: Nordpost"), credit("(CDU)")
    (('Xinhua', 'CMG'), ('dpa',), (), None)
    """
    bare = line.strip(_OUTSIDE)
    match = _words().credits.match(bare)
    if match:
        rest = bare[match.end() :]
        found = agencies(rest)
        return found if rest.lstrip().startswith(":") or (found and len(rest) <= LONGEST_CREDIT) else None
    return signature(bare)


def agencies(text: str) -> tuple[str, ...]:
    """The agencies named in a short text, in canonical spelling, in order.

    >>> agencies("APA/Reuters, KEYSTONE-SDA")
    ('APA', 'Reuters', 'Keystone-SDA')
    """
    names = press().agencies
    matches = _words().agencies.finditer(text[:LONGEST_LINE])
    return tuple(dict.fromkeys(names[match.group().casefold()] for match in matches))


def signature(text: str) -> tuple[str, ...] | None:
    """The agencies of a text that holds nothing but agencies, desks, initials, dates and copyright marks.

    >>> signature("SK/dpa"), signature("APA, 3.7.2031"), signature("Xinhua meldete drei Tote")
    (('dpa',), ('APA',), None)
    """
    if len(text) > LONGEST_CREDIT:
        return None
    rest = press().date.sub(" ", text)
    rest, count = _words().agencies.subn(" ", rest)
    left = [word for word in _WORD.findall(rest) if word.casefold() not in _words().desks]
    if not count or len(left) > INITIALS or any(len(word) > INITIALS for word in left):
        return None
    if any(character in rest for character in ':;!?"') or (len(left) > 1 and any(word[0].isupper() for word in left)):
        return None
    return agencies(text)


def is_desk(text: str) -> bool:
    """Whether brackets hold the name of a desk or an unknown news service instead of an agency's."""
    folded = text.casefold().strip()
    return folded in _words().desks or folded.rsplit(" ", 1)[-1] in _words().desks


def closing(line: str) -> tuple[int, tuple[str, ...]]:
    """Where the prose of a line ends, before credits behind its last sentence, and the agencies these name.

    >>> closing("Das sagte er. (dpa/AFP)"), closing("Das sagte die Partei (CDU)")
    ((13, ('dpa', 'AFP')), (26, ()))
    """
    end, found = len(line), tuple[str, ...]()
    for _ in range(3):
        tail = line[max(0, end - 120) : end]
        match = _CLOSING.search(tail)
        inner = next(filter(None, match.groups()), "") if match else ""
        named = credit(inner) if inner else None
        if match is None or (named is None and not _words().pictures.match(inner)):
            break
        end -= len(tail) - match.start()
        found = (*(named or ()), *found)
    return end, found


def bullet(line: str) -> int:
    """How many characters of a line are its bullet."""
    match = _BULLET.match(line)
    return match.end() if match else 0


def caption(line: str) -> Span | None:
    """The picture credit at the end of a caption ('The fire in Northtown. Image: Jane Doe.'), as offsets."""
    if len(line) > LONGEST_LINE:
        return None
    for match in _CAPTION.finditer(line):
        rest = line[match.end() :].lstrip("([")
        credit_of = _words().pictures.match(rest) if ":" in rest[:30] else None
        name = rest[credit_of.end() :].strip(_OUTSIDE) if credit_of else ""
        if name and not name[0].islower() and len(line[: match.start() + 1].split()) > 1:
            return match.end(), len(line)
    return None
