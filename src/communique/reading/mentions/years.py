"""Named years: 'das Jahr des chinesischen Tourismus', 'Year of Youth and Culture', 'China-Kasachstan-Jahr'.

In: tokens and the lexicon's themes. Out: initiatives and references to them. Must not know other initiatives.
"""

from __future__ import annotations

from communique.compiling import fold
from communique.reading.mentions.drafts import Findings, Thing, refer
from communique.reading.mentions.offices import Surroundings
from communique.reading.mentions.scan import word_set
from communique.reading.named import Reference

FARTHEST = 8


def named_years(found: Findings, around: Surroundings) -> list[Reference]:
    """References to years that carry a theme; 'das Jahr des Krieges' has none of the lexicon's and is no initiative."""
    rules = found.vocab.words.get("years")
    if not rules:
        return []
    heads, links, themes = frozenset(rules["heads"]), frozenset(rules["links"]), frozenset(rules["themes"])
    references = []
    for i, word in enumerate(found.words.plain):
        if word not in heads or around.word(i + 1) not in links:
            continue
        last = _theme_end(found, around, i + 2, themes)
        if last is None:
            continue
        span = (found.encoded.tokens[i].start, found.encoded.tokens[last].end)
        name = found.encoded.words(span)
        key = f"year:{fold(name.split(' ', 1)[1])}"
        thing = found.thing(key, Thing("initiative", name, why="a named year", confidence=0.85))
        thing.mentions.append(span)
        references.append(refer(thing, span, span))
    return references


def _theme_end(found: Findings, around: Surroundings, first: int, themes: frozenset[str]) -> int | None:
    """The last token of 'chinesischen Tourismus und der Kultur': attributes, a theme, further themes joined to it."""
    joins = word_set(found.vocab, "and") | {","}
    end: int | None = None
    for i in range(first, min(first + FARTHEST, len(found.words.plain))):
        word = around.word(i)
        if word in themes:
            end = i
        elif end is None:
            attribute = word.islower() or i in around.begins or not found.vocab.cased
            if word in joins or not attribute:
                return None
        elif word not in joins | word_set(found.vocab, "determiners"):
            break
    return end
