"""Which claims no longer stand because their own origin has corrected them: a correction supersedes, it is no conflict.

In: claims. Out: those that stand. Must not know the ledger, nor how claims are compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from communique.follow.claims import Claim, sentence_of
from communique.lexicon import lexicon
from communique.records import Document


@lru_cache(maxsize=16)
def _words(language: str) -> tuple[re.Pattern[str] | None, re.Pattern[str] | None]:
    """What opens a correction, and what stands by a value taken back."""
    found = lexicon(language).get("corrections")
    if not found:
        return None, None
    opening, before = ("|".join(map(re.escape, found[key])) for key in ("opening", "before"))
    withdrawn = "|".join(map(re.escape, found["withdrawn"]))
    shouted = opening.upper()
    starts = rf"(?:^|[(\[])\s*(?:(?:{opening})\s*(?:[:–—)\]]|-\s)|(?-i:{shouted})-)|\b(?:{before})\b"
    return (
        re.compile(starts, re.IGNORECASE | re.MULTILINE),
        re.compile(rf"\b(?:{before}|{withdrawn})\b", re.IGNORECASE),
    )


def is_correction(document: Document) -> bool:
    """Whether an item says that it corrects an earlier one.

    >>> is_correction(Document("(Correction: trade was 79 million euros.)", language="en"))
    True
    >>> is_correction(Document("She called for a correction: more trade.", language="en"))
    False
    """
    opening, _ = _words(document.language or "")
    return bool(opening and opening.search("\n".join(filter(None, (document.title, document.text)))))


def standing(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Claims without those that a correction by their own origin replaces, and without those that it takes back."""
    corrections = [c for c in claims if is_correction(c.item.document)]
    if not corrections:
        return tuple(claims)
    replaced = {c.key for c in claims if any(_replaces(other, c) for other in corrections)}
    values = {(c.series, c.record.value) for c in claims if c.key in replaced}
    taken_back = {c.key for c in corrections if _taken_back(c, corrections, values)}
    return tuple(c for c in claims if c.key not in replaced | taken_back)


def _replaces(correction: Claim, claim: Claim) -> bool:
    """Whether a correction speaks of the same thing in an earlier item of the same origin or outlet."""
    one, other = correction.item, claim.item
    if one.key == other.key or is_correction(other.document) or (one.day or "") < (other.day or ""):
        return False
    same = (correction.series, correction.unit) == (claim.series, claim.unit)
    when = correction.period == claim.period or not claim.period.known or not correction.period.known
    return same and when and _same_source(correction, claim)


def _same_source(one: Claim, other: Claim) -> bool:
    outlet = one.item.document.publisher
    return one.origin == other.origin or (outlet is not None and outlet == other.item.document.publisher)


def _taken_back(claim: Claim, corrections: Sequence[Claim], values: set[tuple[str, float | None]]) -> bool:
    """Whether a correction names a value only to take it back: it has another value for the same thing besides."""
    besides = [c for c in corrections if _besides(claim, c)]
    if not besides:
        return False
    if (claim.series, claim.record.value) in values:
        return True
    _, withdrawn = _words(claim.item.document.language or "")
    sentence = sentence_of(claim.stored)
    return bool(withdrawn and withdrawn.search(sentence)) and any(sentence_of(c.stored) != sentence for c in besides)


def _besides(claim: Claim, other: Claim) -> bool:
    """Whether the same item has another value for the same thing."""
    same = (claim.item.key, claim.series, claim.unit) == (other.item.key, other.series, other.unit)
    return same and claim.record.value != other.record.value
