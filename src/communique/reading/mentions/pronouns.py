"""Pronouns and pairs: 'er', 'she', 'beide Seiten', back to the persons and states they mean.

In: entities and references so far. Out: further references. A pronoun goes to the person of its sex that is nearest
and most likely the subject; a pair to the two states the item has spoken of most. Must not know statements.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from communique.reading.encode import Encoded, Sentence
from communique.reading.mentions.scan import Vocabulary, word_set
from communique.reading.named import Reference
from communique.records import Actor, Entity, Span

REACH = 4  # sentences a pronoun looks back
SUBJECT = 2.0
NEAREST = 60
"""So many references before a pronoun are weighed."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reference to a person: in which sentence, and whether it may be its subject."""

    sentence: int
    reference: Reference
    entity: Entity
    subject: bool


@dataclass(slots=True)
class Salience:
    """Where persons and states were referred to, in text order; states are counted as the text goes on."""

    persons: list[Candidate]
    starts: list[int]
    states: list[tuple[int, Actor]]
    by_code: dict[str | None, str]
    _first: dict[str | None, int]
    _counted: int = 0
    _counts: Counter[str | None] = field(default_factory=Counter)
    _all: Counter[str | None] | None = None

    @staticmethod
    def of(
        encoded: Encoded, vocab: Vocabulary, entities: Sequence[Entity], references: Sequence[Reference]
    ) -> Salience:
        """Gather what can be referred back to."""
        by_id = {e.id: e for e in entities}
        quotes = Quotations(encoded)
        persons: list[Candidate] = []
        states = []
        for reference in sorted(references, key=lambda r: r.span):
            for actor in reference.actors:
                entity = by_id.get(actor.entity or "")
                if entity is not None and entity.kind == "person":
                    index = encoded.sentence_index(reference.span[0])
                    persons.append(Candidate(index, reference, entity, _subject(encoded, vocab, quotes, reference)))
                if actor.code and len(actor.code) == 3 and actor.code.isupper():
                    states.append((reference.span[0], actor))
        by_code = {e.code: e.id for e in reversed(entities) if e.kind == "state"}
        first: dict[str | None, int] = {}
        for n, (_start, actor) in enumerate(states):
            first.setdefault(actor.code, n)
        return Salience(persons, [p.reference.span[0] for p in persons], states, by_code, first)

    def pair(self, offset: int) -> tuple[Actor, ...]:
        """The two states spoken of most before an offset (asked for in text order), else in the item, or none."""
        while self._counted < len(self.states) and self.states[self._counted][0] < offset:
            self._count(self.states[self._counted][1].code)
        counts = self._counts if len(self._counts) > 1 else self._whole()
        if len(counts) < 2:
            return ()
        first = {code: self._first[code] for code, _n in counts.most_common(2)}
        top = sorted(first, key=lambda code: first[code])
        entities = {code: self.by_code.get(code) or self.states[first[code]][1].entity for code in top}
        return tuple(Actor(code, "GOV", entities[code], "", None) for code in top)

    def _whole(self) -> Counter[str | None]:
        """The counts over the whole item, for a pair that stands before the states it means."""
        if self._all is None:
            self._all = Counter(a.code for _s, a in self.states)
        return self._all

    def _count(self, code: str | None) -> None:
        self._counts[code] += 1
        self._counted += 1


class Quotations:
    """Whether an offset lies inside an outermost quotation, by bisection."""

    def __init__(self, encoded: Encoded) -> None:
        self._inner = sorted(q.inner for q in encoded.quotes if q.level == 0)
        self._starts = [s for s, _e in self._inner]

    def __contains__(self, offset: int) -> bool:
        at = bisect_right(self._starts, offset) - 1
        return at >= 0 and offset < self._inner[at][1]


@dataclass(frozen=True, slots=True)
class Text:
    """The document and its words for the look-ups below."""

    encoded: Encoded
    vocab: Vocabulary
    quotes: Quotations

    def word(self, i: int, sentence: Sentence) -> str:
        """The word at an index, or nothing outside the sentence."""
        return self.encoded.tokens[i].text if sentence.first <= i < sentence.last else ""


def resolve_pronouns(encoded: Encoded, vocab: Vocabulary, salience: Salience) -> list[Reference]:
    """References for all pronouns and pairs outside quotations that can be resolved."""
    text = Text(encoded, vocab, Quotations(encoded))
    found = []
    forms = {f: p for p in vocab.words.get("pronouns") or () if p["gender"] != "speaker" for f in p["forms"]}
    quantifiers = frozenset((vocab.words.get("pairs") or {}).get("quantifiers") or ())
    for index, sentence in enumerate(encoded.sentences):
        for i in range(sentence.first, sentence.last):
            low = encoded.tokens[i].text.lower()
            reference = None
            if low in forms:
                reference = _pronoun(text, salience, sentence, index, i, forms[low])
            elif low in quantifiers:
                reference = _pair(text, salience, i, sentence)
            if reference:
                found.append(reference)
    return found


def _pronoun(
    text: Text, salience: Salience, sentence: Sentence, index: int, i: int, entry: Mapping[str, Any]
) -> Reference | None:
    token = text.encoded.tokens[i]
    if token.start in text.quotes:
        return None
    plural = entry["plural"]
    if plural is None:
        plural = not _singular_verb(text, sentence, i)
    if plural:
        return None
    candidate = _antecedent(salience, text, index, token.start, str(entry["gender"]))
    if candidate is None:
        return None
    span = (token.start, token.end)
    actor = next(a for a in candidate.reference.actors if a.entity == candidate.entity.id)
    return Reference(span, span, (Actor(actor.code, actor.sector, candidate.entity.id, token.text, span),), "pronoun")


def _singular_verb(text: Text, sentence: Sentence, i: int) -> bool:
    """Whether a finite verb beside 'sie' is in the singular.

    example: "sagte sie", "sie habe"; counter: "sagten sie", "sie haben"
    """
    verbs = text.vocab.words.get("singular_verbs") or {}
    forms = set(verbs.get("forms") or ())
    endings = tuple(verbs.get("endings") or ())
    near = [text.word(i + 1, sentence), text.word(i - 1, sentence)]
    return any(w in forms or (w.islower() and len(w) > 3 and w.endswith(endings)) for w in near)


def _antecedent(salience: Salience, text: Text, index: int, start: int, gender: str) -> Candidate | None:
    """The likeliest person before a pronoun: near, a subject, of its sex; never one that only the title names."""
    best: tuple[float, int] | None = None
    found: Candidate | None = None
    last = bisect_left(salience.starts, start)
    for candidate in reversed(salience.persons[max(0, last - NEAREST) : last]):
        if candidate.sentence < index - REACH:
            break
        if candidate.reference.span[1] > start or candidate.entity.gender not in (None, gender):
            continue
        if 0 <= candidate.sentence < len(text.encoded.sentences) and text.encoded.sentences[candidate.sentence].title:
            continue
        score = -float(index - candidate.sentence) + (SUBJECT if candidate.subject else 0.0)
        score += 0.3 if candidate.entity.gender == gender else 0.0
        score -= 1.0 if candidate.sentence == index and not candidate.subject else 0.0
        if best is None or (score, candidate.reference.span[0]) > best:
            best, found = (score, candidate.reference.span[0]), candidate
    return found


def _subject(encoded: Encoded, vocab: Vocabulary, quotes: Quotations, reference: Reference) -> bool:
    """Whether a reference may be a subject: no preposition before it, no genitive, not inside a quotation."""
    if reference.span[0] in quotes:
        return False
    first, _last = encoded.token_range(reference.span)
    before = encoded.tokens[first - 1].text if first else ""
    oblique = word_set(vocab, "locative") | word_set(vocab, "directed") | word_set(vocab, "of")
    article = encoded.tokens[first].text.lower()
    return before.lower() not in oblique and article not in word_set(vocab, "oblique_articles")


def _pair(text: Text, salience: Salience, i: int, sentence: Sentence) -> Reference | None:
    """'beide Länder', 'the two sides': the two states of the item."""
    words = text.vocab.words["pairs"]
    encoded = text.encoded
    token = encoded.tokens[i]
    if i + 1 >= sentence.last:
        return None
    after = i + 1
    while after < min(sentence.last - 1, i + 3) and encoded.tokens[after].text not in words["nouns"]:
        after += 1
    if encoded.tokens[after].text not in words["nouns"]:
        return None
    before = encoded.tokens[i - 1] if i > sentence.first else None
    start = before.start if before and before.text.lower() in word_set(text.vocab, "determiners") else token.start
    span: Span = (start, encoded.tokens[after].end)
    actors = tuple(Actor(a.code, a.sector, a.entity, encoded.words(span), span) for a in salience.pair(token.start))
    return Reference(span, span, actors, "pair", plural=True) if actors else None
