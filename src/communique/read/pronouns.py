"""Pronouns and pairs: 'er', 'she', 'beide Seiten', back to the persons and states they mean.

In: entities and references so far. Out: further references. A pronoun goes to the person of its sex that is nearest
and most likely the subject; a pair to the two states the item has spoken of most. Must not know statements.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from communique.read.encode import Encoded, Sentence
from communique.read.named import Reference
from communique.read.scan import Vocabulary, word_set
from communique.records import Actor, Entity, Span

REACH = 4  # sentences a pronoun looks back
SUBJECT = 2.0


@dataclass(frozen=True, slots=True)
class Salience:
    """Where persons and states were referred to, in text order."""

    persons: tuple[tuple[int, Reference, Entity], ...]
    states: tuple[tuple[int, Actor], ...]
    entities: tuple[Entity, ...]

    @staticmethod
    def of(encoded: Encoded, entities: Sequence[Entity], references: Sequence[Reference]) -> Salience:
        """Gather what can be referred back to."""
        by_id = {e.id: e for e in entities}
        persons, states = [], []
        for reference in sorted(references, key=lambda r: r.span):
            for actor in reference.actors:
                entity = by_id.get(actor.entity or "")
                if entity is not None and entity.kind == "person":
                    persons.append((encoded.sentence_index(reference.span[0]), reference, entity))
                if actor.code and len(actor.code) == 3 and actor.code.isupper():
                    states.append((reference.span[0], actor))
        return Salience(tuple(persons), tuple(states), tuple(entities))

    def pair(self, offset: int) -> tuple[Actor, ...]:
        """The two states spoken of most before an offset, or none."""
        seen = [a for start, a in self.states if start < offset] or [a for _s, a in self.states]
        counts = Counter(a.code for a in seen)
        if len(counts) < 2:
            return ()
        top = [code for code, _n in counts.most_common(2)]
        first = {a.code: a for a in reversed(seen)}
        state_ids = {e.code: e.id for e in self.entities if e.kind == "state"}
        ordered = sorted(top, key=lambda code: next(i for i, a in enumerate(seen) if a.code == code))
        return tuple(Actor(code, "GOV", state_ids.get(code) or first[code].entity, "", None) for code in ordered)


def resolve_pronouns(encoded: Encoded, vocab: Vocabulary, salience: Salience) -> list[Reference]:
    """References for all pronouns and pairs outside quotations that can be resolved."""
    found = []
    forms = {f: p for p in vocab.words.get("pronouns") or () for f in p["forms"]}
    for index, sentence in enumerate(encoded.sentences):
        for i in range(sentence.first, sentence.last):
            word = encoded.tokens[i].text
            entry = forms.get(word.lower()) if word.lower() != word or word in forms else forms.get(word)
            if entry is not None and entry["gender"] != "speaker":
                reference = _pronoun(encoded, vocab, salience, sentence, index, i, entry)
                if reference:
                    found.append(reference)
            pair = _pair(encoded, vocab, salience, i, sentence)
            if pair:
                found.append(pair)
    return found


def _pronoun(
    encoded: Encoded, vocab: Vocabulary, salience: Salience, sentence: Sentence, index: int, i: int, entry: dict[str, object]
) -> Reference | None:  # fmt: skip
    token = encoded.tokens[i]
    if encoded.in_quote(token.start):
        return None
    plural = entry["plural"]
    if plural is None:
        plural = not _singular_verb(encoded, vocab, sentence, i)
    span = (token.start, token.end)
    if plural:
        return None
    person = _antecedent(encoded, vocab, salience, sentence, index, i, str(entry["gender"]))
    if person is None:
        return None
    reference, entity = person
    actor = next(a for a in reference.actors if a.entity == entity.id)
    return Reference(span, span, (Actor(actor.code, actor.sector, entity.id, token.text, span),), "pronoun")


def _singular_verb(encoded: Encoded, vocab: Vocabulary, sentence: Sentence, i: int) -> bool:
    """Whether a finite verb beside 'sie' is in the singular."""
    verbs = vocab.words.get("singular_verbs") or {}
    forms = set(verbs.get("forms") or ())
    endings = tuple(verbs.get("endings") or ())
    near = [encoded.tokens[n].text for n in (i + 1, i - 1) if sentence.first <= n < sentence.last]
    return any(w in forms or (w.islower() and len(w) > 3 and w.endswith(endings)) for w in near)


def _antecedent(
    encoded: Encoded, vocab: Vocabulary, salience: Salience, sentence: Sentence, index: int, i: int, gender: str
) -> tuple[Reference, Entity] | None:  # fmt: skip
    start = encoded.tokens[i].start
    best: tuple[float, int, Reference, Entity] | None = None
    for at, reference, entity in salience.persons:
        if reference.span[1] > start or at < index - REACH or entity.gender not in (None, gender):
            continue
        if encoded.sentences[at].title if 0 <= at < len(encoded.sentences) else False:
            continue
        score = -float(index - at) + (SUBJECT if _subject(encoded, vocab, reference) else 0.0)
        score += 0.3 if entity.gender == gender else 0.0
        if at == index and not _subject(encoded, vocab, reference):
            score -= 1.0
        if best is None or (score, reference.span[0]) > (best[0], best[1]):
            best = (score, reference.span[0], reference, entity)
    return (best[2], best[3]) if best else None


def _subject(encoded: Encoded, vocab: Vocabulary, reference: Reference) -> bool:
    """Whether a reference may be a subject: no preposition before it, no genitive, not inside a quotation."""
    first, _last = encoded.token_range(reference.span)
    before = encoded.tokens[first - 1].text if first else ""
    if encoded.in_quote(reference.span[0]):
        return False
    oblique = word_set(vocab, "locative") | word_set(vocab, "directed") | word_set(vocab, "of")
    words = encoded.words(reference.span).split()
    return before.lower() not in oblique and words[0].lower() not in ("des", "dem", "den", "whose", "deren", "dessen")


def _pair(encoded: Encoded, vocab: Vocabulary, salience: Salience, i: int, sentence: Sentence) -> Reference | None:
    """'beide Länder', 'the two sides': the two states of the item."""
    words = vocab.words.get("pairs")
    if not words:
        return None
    token = encoded.tokens[i]
    if token.text.lower() not in words["quantifiers"] or i + 1 >= sentence.last:
        return None
    after = i + 1
    while after < min(sentence.last - 1, i + 3) and encoded.tokens[after].text not in words["nouns"]:
        after += 1
    if encoded.tokens[after].text not in words["nouns"]:
        return None
    before = encoded.tokens[i - 1] if i > sentence.first else None
    start = before.start if before and before.text.lower() in word_set(vocab, "determiners") else token.start
    span: Span = (start, encoded.tokens[after].end)
    actors = tuple(Actor(a.code, a.sector, a.entity, encoded.words(span), span) for a in salience.pair(token.start))
    return Reference(span, span, actors, "pair", plural=True) if actors else None
