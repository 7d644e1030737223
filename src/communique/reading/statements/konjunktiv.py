"""The mood of reported speech, for languages that have one: told by the word alone.

In: the lexicon `konjunktiv` of a language. Out: whether a word is a form of the first (reported) or second mood.
Must not know any sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from communique.lexicon import lexicon

_SHORT = 5
"""No form with a prefix has so few letters."""


@dataclass(frozen=True, slots=True)
class Mood:
    """Forms of the third person that no indicative has; empty for a language without such a mood."""

    first: frozenset[str]
    second: frozenset[str]
    prefixes: frozenset[str]
    lengths: tuple[int, ...]
    endings: tuple[str, ...]
    never: frozenset[str]

    def reports(self, word: str) -> bool:
        """Whether a lower-case word is a form of the first mood, with or without a prefix.

        >>> mood_of("de").reports("zurücktrete"), mood_of("de").reports("gute"), mood_of("en").reports("be")
        (True, False, False)
        """
        return self._among(self.first, word) or bool(self.endings and len(word) > 6 and word.endswith(self.endings))

    def distances(self, word: str) -> bool:
        """Whether a lower-case word is a form of the second mood."""
        return self._among(self.second, word)

    def _among(self, forms: frozenset[str], word: str) -> bool:
        if word in forms or word in self.never:
            return word in forms
        return (
            any(word[:n] in self.prefixes and word[n:] in forms for n in self.lengths) if len(word) > _SHORT else False
        )


@lru_cache(maxsize=8)
def mood_of(language: str) -> Mood:
    """The mood of reported speech in a language."""
    raw = lexicon(language).get("konjunktiv") or {}
    return Mood(
        frozenset(raw.get("first", ())), frozenset(raw.get("second", ())), frozenset(raw.get("prefixes", ())),
        tuple(sorted({len(p) for p in raw.get("prefixes", ())})), tuple(raw.get("endings", ())),
        frozenset(raw.get("never", ())),
    )  # fmt: skip
