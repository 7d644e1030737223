"""The words of a language as built from `knowledge/lexicon/`: one mapping per language, loaded once.

In: a language code. Out: a mapping from file name (times, figures, cues, …) to its content.
Must not know what any stage does with the words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any


@lru_cache(maxsize=8)
def lexicon(language: str) -> Mapping[str, Any]:
    """All lexicons of a language; empty when there are none for it.

    >>> sorted(lexicon("xx"))
    []
    """
    resource = files("communique") / "data" / f"lexicon.{language}.json"
    if not resource.is_file():
        return {}
    content: Mapping[str, Any] = json.loads(resource.read_text("utf-8"))
    return content


class SameWords:
    """A lexicon as the key of a cache: equal only to itself, so that no content is compared."""

    def __init__(self, words: Mapping[str, Any]) -> None:
        self.words = words

    def __hash__(self) -> int:
        return id(self.words)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameWords) and other.words is self.words
