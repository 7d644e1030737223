"""Names that the noun before them explains: 'Zeitung „Morgenpost“', 'news agency Farda', 'Water Act'.

In: tokens and the lexicon's class nouns. Out: stretches that name an organisation or initiative, with the noun.
Must not know persons; what the noun explains is not for the tagger to guess.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from communique.compiling import fold
from communique.reading.mentions.drafts import Findings, Thing, refer
from communique.reading.mentions.names import QUOTES, first_names
from communique.reading.mentions.phrases import Phrases
from communique.reading.mentions.scan import Atom, vocabulary, word_set
from communique.reading.mentions.things import body_key
from communique.reading.named import Reference

LONGEST = 5
ORDINALS = frozenset(("st", "nd", "rd", "th"))


@dataclass(frozen=True, slots=True)
class Classed:
    """Tokens [first, last) name a thing of a kind; from `noun` to `end` with the noun and the quotation marks."""

    noun: int
    first: int
    last: int
    end: int
    kind: str
    sector: str | None


@lru_cache(maxsize=8)
def _nouns(language: str) -> Phrases[tuple[str, str | None, bool, bool]]:
    entries = vocabulary(language).words.get("classed") or ()
    return Phrases.of(
        (noun, (str(e["kind"]), e.get("sector"), bool(e.get("bare")), bool(e.get("inside"))))
        for e in entries
        for noun in e["nouns"]
    )


def classed_names(found: Findings, atoms: Sequence[Atom]) -> list[Classed]:
    """All names that stand behind a class noun, and laws by their last word, none overlapping.

    example: "die Zeitung „Morgenpost“", "exercise Pine Wind"; counter: "die Zeitung der Stadt", "the exercise"
    """
    known = {i for a in atoms if a.senses and a.senses[0].form != "surname" for i in range(a.first, a.last)}
    out: list[Classed] = []
    end = 0
    for name in _candidates(found, known):
        if name.noun >= end:
            out.append(name)
            end = name.end
    return out


def _candidates(found: Findings, known: set[int]) -> Iterator[Classed]:
    nouns = _nouns(found.encoded.language)
    for i in range(len(found.words.forms)):
        hit = nouns.at(found.words.forms, i)
        if hit is None:
            law = _law(found, i)
            if law is not None:
                yield law
            continue
        kind, sector, bare, inside = hit[1]
        first = i + hit[0]
        last = _quoted(found, first)
        if last is not None:
            yield Classed(i, first + 1, last, last + 1, kind, sector)
            continue
        last = _run(found, first, known) if bare and (not inside or found.words.plain[i][:1].isupper()) else first
        if last > first:
            yield Classed(i, i if inside else first, last, last, kind, sector)


def _quoted(found: Findings, i: int) -> int | None:
    """Where the name in quotation marks that opens at a token ends."""
    plain = found.words.plain
    if i + 2 >= len(plain) or plain[i] not in QUOTES or not plain[i + 1][:1].isupper():
        return None
    return next((n for n in range(i + 2, min(i + 2 + LONGEST, len(plain))) if plain[n] in QUOTES), None)


def _run(found: Findings, first: int, known: set[int]) -> int:
    """The end of the capitalised words from a token that nothing else explains."""
    plain, tokens = found.words.plain, found.encoded.tokens
    last = first
    while last < min(first + LONGEST, len(plain)) and last not in known:
        word, glued = plain[last], tokens[last].start == tokens[last - 1].end
        if word == "-" and glued and last > first:
            last += 1
            continue
        small = last > first and (word in word_set(found.vocab, "particles") or (glued and plain[last - 1] == "-"))
        if small and last + 1 < len(plain) and not glued and plain[last + 1][:1].isupper():
            last += 1
            continue
        if not (word[:1].isupper() or (small and glued)) or word in word_set(found.vocab, "not_names"):
            break
        if glued and plain[last - 1] != "-":
            break
        last += 1
    if last < len(plain) and last in known:
        return first
    return last - (plain[last - 1] == "-")


def _law(found: Findings, i: int) -> Classed | None:
    """'Steuergesetz', 'National Water Act', '25th Amendment': an initiative by its last word."""
    word, plain = found.words.plain[i], found.words.plain
    if i and plain[i - 1].lower() in found.vocab.indefinite:
        return None
    endings = tuple(word_set(found.vocab, "law_endings"))
    if endings and word[:1].isupper() and word.endswith(endings):
        first = i - 2 if i > 1 and plain[i - 1] == "-" and plain[i - 2].isupper() else i
        if first < i or word not in word_set(found.vocab, "law_nouns"):
            return Classed(first, first, i + 1, i + 1, "initiative", None)
    follows = plain[i + 1 : i + 2]
    if word in word_set(found.vocab, "law_heads") and i and not (follows and follows[0][:1].isupper()):
        first = i - 2 if i > 1 and plain[i - 1] in ORDINALS and plain[i - 2].isdigit() else i
        while first and i - first < LONGEST and plain[first - 1][:1].isupper() and plain[first - 1].isalpha():
            first -= 1
        while first < i and (plain[first] in word_set(found.vocab, "not_names") or fold(plain[first]) in first_names()):
            first += 1
        if first < i:
            return Classed(first, first, i + 1, i + 1, "initiative", None)
    return None


def classed_things(found: Findings, classed: Sequence[Classed]) -> list[Reference]:
    """A thing for each classed name, one per name, and references to it."""
    references = []
    tokens = found.encoded.tokens
    for name in classed:
        span = (tokens[name.first].start, tokens[name.last - 1].end)
        words = found.encoded.words(span)
        make = Thing(name.kind, words, sector=name.sector, confidence=0.8, why="by the noun before it")
        thing = found.thing(f"{name.kind}:{body_key(words, found.encoded.language)}", make)
        thing.mentions.append(span)
        wide = (tokens[name.noun].start, tokens[name.end - 1].end)
        if wide != span:
            thing.wide.append(wide)
        if name.kind != "place":
            references.append(refer(thing, wide, span))
    return references
