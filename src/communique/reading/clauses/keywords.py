"""Closed lists by keywords: the contexts of an event, the fields of a commitment.

In: a stretch of text and the lexicon `contexts` or `fields`. Out: names of the closed list in the order of the words.
Must not know records.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from communique.lexicon import lexicon
from communique.reading.encode import Encoded
from communique.records import Span


@lru_cache(maxsize=32)
def _table(language: str, kind: str) -> tuple[re.Pattern[str] | None, Mapping[str, tuple[str, ...]]]:
    """One pattern for all stems, and the names each stem stands for."""
    raw = lexicon(language).get(kind) or {}
    names: dict[str, tuple[str, ...]] = {}
    for name, stems in (raw.get("words") or {}).items():
        for stem in stems:
            names[stem.lower()] = (*names.get(stem.lower(), ()), name)
    if not names:
        return None, names
    longest = sorted(names, key=len, reverse=True)
    boundary = "" if raw.get("within_words") else r"\b"
    return re.compile(boundary + "(" + "|".join(map(re.escape, longest)) + ")", re.IGNORECASE), names


def keywords_in(encoded: Encoded, span: Span, kind: str) -> tuple[str, ...]:
    """The names of a closed list whose words stand in a span, in the order of the words."""
    pattern, names = _table(encoded.language, kind)
    if pattern is None:
        return ()
    found: dict[str, None] = {}
    for match in pattern.finditer(encoded.text, *span):
        for name in names[match.group(1).lower()]:
            found.setdefault(name)
    return tuple(found)
