"""What sort of text an item is, and whose: news, a read-out, a communiqué, a speech or an interview.

In: title, lines of the body and publisher. Out: genre and issuer.
Must not know sentences or records; its words come from the `layout` lexicons.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from communique.press import press
from communique.reading.layout.furniture import alternatives

FIRST_LINES = 4
DECLARING = 3
"""Paragraphs that begin 'We reaffirm …' from which on a text is a communiqué."""
TURNS = 4
"""Lines with a speaker's label from which on a text is an interview."""
HEAD = 500

_LABEL = re.compile(r"\(\((\w[\w .'’-]{0,30})\)\)|(?:'')?([^\W\d_][\w .'’\-]{0,30}?)(?:'')?\s?:(?:'')?(?=\s+\S)")
_NUMBER = re.compile(r"(?:\(?\d{1,3}[.)]|[IVX]{1,5}\.|[-–•*])\s+")


@dataclass(frozen=True, slots=True)
class _Signs:
    """The patterns of all languages that tell genres apart."""

    titles: Mapping[str, re.Pattern[str]]
    starts: Mapping[str, re.Pattern[str]]
    paragraphs: re.Pattern[str]
    questions: frozenset[str]
    answers: frozenset[str]
    speakers: re.Pattern[str]
    issuers: Mapping[str, str]
    issuer: re.Pattern[str]


def _of(genre: str, key: str) -> list[str]:
    return [word for layout in press().layouts for word in layout.get("genres", {}).get(genre, {}).get(key, ())]


def _pattern(words: Sequence[str]) -> re.Pattern[str]:
    return re.compile(alternatives(words or ["\0"]) + r"(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _signs() -> _Signs:
    genres = list(dict.fromkeys(name for layout in press().layouts for name in layout.get("genres", {})))
    issuers = {
        spelling.casefold(): name
        for layout in press().layouts
        for name, spellings in layout.get("issuers", {}).items()
        for spelling in spellings
    }
    return _Signs(
        titles={genre: _pattern(_of(genre, "titles")) for genre in genres},
        starts={genre: _pattern(_of(genre, "starts")) for genre in genres},
        paragraphs=_pattern(_of("communique", "paragraphs")),
        questions=frozenset(word.casefold() for word in _of("interview", "questions")),
        answers=frozenset(word.casefold() for word in _of("interview", "answers")),
        speakers=_pattern(sorted(press().words("speakers"))),
        issuers=issuers,
        issuer=re.compile(r"(?<!\w)" + alternatives(issuers) + r"(?!\w)", re.IGNORECASE),
    )


def turn_labels(lines: Sequence[str]) -> frozenset[str]:
    """Folded labels of speakers ('FRAGE', 'Q', '((WN))'), if the lines are those of an interview.

    >>> sorted(turn_labels(["Q: Why?", "A: Because.", "Q: When?", "A: Soon."])), turn_labels(["Wien: Der Rat tagt."])
    (['a', 'q'], frozenset())
    """
    found = [(match[1] or match[2]).casefold().strip() for match in map(_LABEL.match, lines) if match]
    counts = Counter(found)
    repeated = {label for label, count in counts.items() if count > 1}
    asked = repeated & _signs().questions
    turns = sum(counts[label] for label in repeated)
    if asked and turns >= 2 and (turns >= TURNS or (repeated | set(found)) & _signs().answers):
        return frozenset(repeated | (set(found) & (_signs().questions | _signs().answers)))
    if len(repeated) in (2, 3) and turns >= TURNS and turns >= len(lines) * 0.5:
        return frozenset(repeated)
    return frozenset()


def find_genre(title: str | None, lines: Sequence[str]) -> str:
    """The genre by title, first lines, and how paragraphs begin; 'news' where nothing speaks against it.

    >>> find_genre("Joint Statement of the Presidents of Northland and Southland", ["1. We welcome the talks."])
    'communique'
    >>> find_genre("Präsidenten unterzeichnen gemeinsame Erklärung", ["Sie trafen sich am Mittwoch."])
    'news'
    """
    if turn_labels(lines):
        return "interview"
    signs = _signs()
    if sum(1 for line in lines if signs.paragraphs.match(_NUMBER.sub("", line[:80], count=1))) >= DECLARING:
        return "communique"
    first = [line[:HEAD] for line in lines[:FIRST_LINES]]
    for genre in signs.titles:
        if title and signs.titles[genre].match(title) and genre != "interview":
            return genre
        if any(signs.starts[genre].match(line) for line in first):
            return genre
    return "news"


def find_issuer(genre: str, title: str | None, lines: Sequence[str], publisher: str | None) -> str | None:
    """Whose text it is: the ministry of a read-out, the speaker of a speech; None for news.

    >>> find_issuer("readout", None, ["Das Auswärtige Amt teilt mit:"], None)
    'Auswärtiges Amt'
    """
    if genre in ("news", "interview"):
        return None
    if genre == "speech":
        return next(filter(None, (_speaker(line) for line in [title or "", *lines[:FIRST_LINES]])), publisher)
    for text in (publisher or "", title or "", *lines[:FIRST_LINES], *lines[-1:]):
        match = _signs().issuer.search(text[:HEAD])
        if match:
            return _signs().issuers[match.group().casefold()]
    return publisher


def _speaker(line: str) -> str | None:
    """Who speaks, after 'Rede von' or 'Speech by', up to the occasion."""
    match = _signs().speakers.match(line)
    if not match:
        return None
    words: list[str] = []
    for word in line[match.end() :].split():
        if not word[0].isupper() and not (words and word in press().words("name_joins")):
            break
        words.append(word.rstrip(",:;"))
        if word[-1] in ",:;":
            break
    return " ".join(words) or None
