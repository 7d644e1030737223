"""Which items are copies of one text, or translations of it, and which only report the same.

In: documents. Out: bands by which an index proposes candidates, and a verdict on a pair with score and reason.
Must not know the ledger, nor records. The headline says nothing: it is the part that each outlet writes itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from communique.concepts import Concepts
from communique.records import Document, Span

LONGEST = 60
"""Sentences of an item that are compared: a copy shows long before."""
STEM = 6
"""Letters of a word that count, so that an ending changed in editing changes nothing."""
SHINGLE = 3
"""Content words in a row that bands are made of."""
LEAST_ALIKE = 0.55
"""Dice's measure of content words from which two sentences are one, edited."""
LEAST_COPIED = 0.5
"""Share of the shorter item's prose that must stand in the longer one, in the same order."""
LEAST_WORDS = 12
"""Content words in common below which nothing is said."""
HEAD = 0.4
"""A copied sentence must stand in this first part of either item: what is common to their ends alone is boilerplate."""
LEAST_TRANSLATED = 0.75
"""Share of the shorter item's sentences that must have their counterpart, in order, in a translation."""
LEAST_COUNTERPART = 0.4
"""Similarity of names, numbers and concepts from which a sentence is the counterpart of another."""
LEAST_COUNTERPARTS = 4
FARTHEST = 7
"""Days between an item and its translation; a text may be copied years later."""

_WORD = re.compile(r"[^\W_]+")
_QUOTED = re.compile(r"[„“”\"»«][^„“”\"»«]{12,2000}[“”\"«»]")
_END = re.compile(
    r"(?:(?<=[^\W\d_A-ZÄÖÜ]{2})|(?<=[^\W\d_]{3})|(?<=\d{4})|(?<=[%\"“”»«)]))[.!?…]+[\"“”»«)]*\s+"
    r"|(?<=[.!?…][\"“”])\s+|\n+"
)
_DATELINE = re.compile(r"[^\n]{0,80}?(?:\)\s*[-–—]{1,2}|\s[-–—]{1,2}|\)\s*[.:]?)\s")
_CAPITALS = re.compile(r"[(\W]*[^\W\d_a-z]{3}|\(")


class Sentence(NamedTuple):
    """Content words of a sentence, its numbers, and where it stands."""

    words: frozenset[str]
    numbers: frozenset[str]
    span: Span


@dataclass(frozen=True, slots=True)
class Profile:
    """What of an item is compared: its sentences without headline, dateline and (mostly) quotations."""

    document: Document
    sentences: tuple[Sentence, ...]

    @property
    def size(self) -> int:
        """Content words in all sentences."""
        return sum(len(s.words) for s in self.sentences)


@dataclass(frozen=True, slots=True)
class Likeness:
    """How two items hang together: kind `copy` or `translation`, score 0 to 1, and why."""

    kind: str
    score: float
    reason: str


def body(document: Document) -> Span:
    """Where the text begins and ends without title and dateline.

    >>> text = "A headline\\n\\nLISBON, March 8 (NPA) -- Trade grew."
    >>> span = body(Document(text=text, title_span=(0, 10)))
    >>> text[span[0]:span[1]]
    'Trade grew.'
    """
    start = document.title_span[1] if document.title_span else 0
    while start < len(document.text) and document.text[start].isspace():
        start += 1
    if _CAPITALS.match(document.text, start):
        dateline = _DATELINE.match(document.text, start)
        start = dateline.end() if dateline else start
    return start, len(document.text)


def sentence_spans(document: Document) -> list[Span]:
    """Offsets of the sentences of an item's body, cut alike in all copies; cheap, and no better than it needs to be."""
    start, end = body(document)
    found: list[Span] = []
    for match in _END.finditer(document.text, start, end):
        if match.start() > start:
            found.append((start, match.end()))
        start = match.end()
        if len(found) >= LONGEST:
            return found
    return [*found, (start, end)] if start < end else found


def _words(text: str) -> list[str]:
    """Content words: long enough to mean something, cut to a stem; numbers whole."""
    words = (m.group().casefold() for m in _WORD.finditer(text))
    return [w[:STEM] for w in words if len(w) > 3 or w[0].isdigit()]


def _unquoted(document: Document, span: Span) -> str:
    return _QUOTED.sub(" ", document.text[span[0] : span[1]])


def profile(document: Document) -> Profile:
    """What of an item is compared; quotations are left out unless hardly anything else is there.

    Independent reports of one speech share its words.
    """
    spans = sentence_spans(document)
    prose = [_sentence(_unquoted(document, span), span) for span in spans]
    whole = [_sentence(document.text[span[0] : span[1]], span) for span in spans]
    enough = 3 * sum(len(s.words) for s in prose) >= sum(len(s.words) for s in whole)
    return Profile(document, tuple(s for s in (prose if enough else whole) if len(s.words) > 1))


def _sentence(text: str, span: Span) -> Sentence:
    words = _words(text)
    return Sentence(frozenset(words), frozenset(w for w in words if w[0].isdigit()), span)


def bands(document: Document) -> tuple[int, ...]:
    """Signed 64-bit integers that copies are likely to share: the least of two hashes over each sentence's shingles.

    One MinHash per sentence and not per item (Broder 1997), since a text cut to a fifth shares few of the other's
    shingles, but whole sentences.
    """
    found: dict[int, None] = {}
    for span in sentence_spans(document)[:LONGEST]:
        words = _words(document.text[span[0] : span[1]])
        hashes = [_hashes(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1)]
        if len(hashes) >= SHINGLE:
            found[min(h[0] for h in hashes)] = found[min(h[1] for h in hashes)] = None
    return tuple(found)


def _hashes(words: Sequence[str]) -> tuple[int, int]:
    digest = blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=16).digest()
    return int.from_bytes(digest[:8], "big", signed=True), int.from_bytes(digest[8:], "big", signed=True)


def compare(a: Document, b: Document) -> Likeness | None:
    """Whether one item is a copy (same language) or translation (other language) of the other; None for neither."""
    if not a.language or not b.language or a.language == b.language:
        return copied(profile(a), profile(b))
    return translated(a, b)


def copied(a: Profile, b: Profile) -> Likeness | None:
    """Whether two items in one language are one text: enough of the shorter one's sentences stand in the longer one."""
    if not a.sentences or not b.sentences:
        return None
    pairs = _alignment(a.sentences, b.sentences)
    common = sum(weight for _i, _j, weight in pairs)
    share = min(1.0, common / min(a.size, b.size))
    if common < LEAST_WORDS or share < LEAST_COPIED or not _at_the_head(pairs, len(a.sentences), len(b.sentences)):
        return None
    least = min(len(a.sentences), len(b.sentences))
    reason = f"{len(pairs)} of {least} sentences are the same, {round(100 * share)} % of the words"
    return Likeness("copy", round(share, 3), reason)


def _at_the_head(pairs: Sequence[tuple[int, int, float]], size_a: int, size_b: int) -> bool:
    return any(i < HEAD * size_a or j < HEAD * size_b for i, j, _ in pairs)


def _alignment(a: Sequence[Sentence], b: Sequence[Sentence]) -> list[tuple[int, int, float]]:
    """The weightiest pairs of matching sentences in the order of both items, weighted by words in common."""
    candidates = [
        (i, j, float(len(one.words & b[j].words)))
        for i, one in enumerate(a)
        for j in _sharing(one, b)
        if _one_sentence(one, b[j])
    ]
    return heaviest_chain(candidates)


def _sharing(one: Sentence, others: Sequence[Sentence]) -> Iterator[int]:
    least = max(2, len(one.words) // 3)
    return (j for j, other in enumerate(others) if len(one.words & other.words) >= least)


def _one_sentence(a: Sentence, b: Sentence) -> bool:
    """Whether two sentences are one, edited or cut; other numbers make another sentence ('oil rose 3 percent')."""
    both = len(a.words & b.words)
    shorter = min(len(a.words), len(b.words))
    alike = 2 * both >= LEAST_ALIKE * (len(a.words) + len(b.words)) or (shorter >= 6 and both >= 0.8 * shorter)
    if not alike or not (a.numbers and b.numbers):
        return alike
    return len(a.numbers & b.numbers) * 2 >= min(len(a.numbers), len(b.numbers))


def heaviest_chain(pairs: Sequence[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
    """The heaviest choice of pairs (i, j, weight) in which both i and j only grow.

    >>> heaviest_chain([(0, 0, 2.0), (1, 2, 1.0), (2, 1, 3.0)])
    [(0, 0, 2.0), (2, 1, 3.0)]
    """
    ordered = sorted(pairs)
    best: list[tuple[float, int]] = []
    for at, (i, j, weight) in enumerate(ordered):
        before = [(best[k][0], -k) for k in range(at) if ordered[k][0] < i and ordered[k][1] < j]
        total, back = max(before, default=(0.0, 1))
        best.append((total + weight, -back if before else -1))
    chain: list[tuple[int, int, float]] = []
    at = max(range(len(best)), key=lambda k: (best[k][0], -k), default=-1)
    while at >= 0:
        chain.append(ordered[at])
        at = best[at][1]
    return chain[::-1]


def translated(a: Document, b: Document, concepts: Concepts | None = None) -> Likeness | None:
    """Whether two items in two languages are one text: in one order, sentences with the same names, numbers, concepts.

    Independent reports of one event share its facts, in an order of their own and beside facts that one alone has.
    """
    known = concepts or Concepts.default()
    if not _near(a, b) or {a.language, b.language} - set(known.languages):
        return None
    left, right = _facts(a, known), _facts(b, known)
    if min(len(left), len(right)) < LEAST_COUNTERPARTS or not _may_match(left, right):
        return None
    chain = heaviest_chain([
        (i, j, likeness)
        for i, one in enumerate(left)
        for j, other in enumerate(right)
        if one & other and (likeness := known.similarity(one, other)) >= LEAST_COUNTERPART
    ])  # fmt: skip
    share = len(chain) / min(len(left), len(right))
    if len(chain) < LEAST_COUNTERPARTS or share < LEAST_TRANSLATED:
        return None
    reason = f"{len(chain)} of {min(len(left), len(right))} sentences have their counterpart, in the same order"
    return Likeness("translation", round(min(1.0, share), 3), reason)


def _may_match(left: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> bool:
    """Whether it is worth comparing sentence by sentence: a third of what the poorer one names is in the other."""
    one, other = (frozenset().union(*side) for side in (left, right))
    return 3 * len(one & other) >= min(len(one), len(other))


def _facts(document: Document, known: Concepts) -> list[frozenset[str]]:
    """Names, numbers and concepts of each sentence that has some."""
    found = (known.keys(document.text[s:e], document.language) for s, e in sentence_spans(document)[:LONGEST])
    return [keys for keys in found if len(keys) > 1]


def _near(a: Document, b: Document) -> bool:
    from datetime import date

    if not a.published or not b.published or min(len(a.published), len(b.published)) < 10:
        return True
    days = date.fromisoformat(a.published[:10]) - date.fromisoformat(b.published[:10])
    return abs(days.days) <= FARTHEST


def copy_clusters(likenesses: Mapping[tuple[int, int], Likeness]) -> dict[int, int]:
    """Item key → least key of the items that are one text with it, through copies and translations alike."""
    from communique.follow.clusters import components

    keys = {key for pair in likenesses for key in pair}
    return {key: group[0] for group in components(keys, likenesses) for key in group}
