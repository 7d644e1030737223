"""Cues in a text: verbs of saying in a form and place where they attribute something.

In: a View. Out: hits per unit, and cue phrases. Negated, future, modal and passive verbs are none.
Must not know what was said or by whom.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from communique.reading.statements.cues import Verb, Words
from communique.reading.statements.segments import Segment, Unit, View

_NEAR = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue verb: its segment, first and last token of the verb, the finite token, and a particle that stands apart."""

    segment: int
    verb: int
    end: int
    finite: int
    particle: int | None
    entry: Verb
    gerund: bool = False


def find_hits(view: View, unit: Unit) -> list[Hit]:
    """All cue verbs of a unit, outside quotations, in order."""
    found: list[Hit] = []
    for k, segment in enumerate(unit.segments):
        if segment.quote is None:
            found.extend(_in_segment(view, unit, k, segment))
    return found


def _in_segment(view: View, unit: Unit, k: int, segment: Segment) -> Iterator[Hit]:
    i = segment.first
    while i < segment.last:
        skipped = i in view.masked or (i != segment.first and (view.capital(i) or view.lower[i - 1] == "-"))
        hit = None if skipped else _at(view, k, segment, i)
        if hit is not None and _holds(view, segment, hit):
            yield hit
            i = hit.end
        else:
            i += 1


def _at(view: View, k: int, segment: Segment, i: int) -> Hit | None:
    words, lower = view.words, view.lower
    word = lower[i]
    for particle, verb in words.apart.get(word, ()):
        place = _particle(view, segment, i, particle)
        if place is not None:
            return Hit(k, i, i + 1, i, place, verb)
    if i + 1 < segment.last:
        pair = f"{word} {lower[i + 1]}"
        for table, gerund in ((words.finite, False), (words.gerunds, True)):
            if pair in table:
                return Hit(k, i, i + 2, i, None, table[pair], gerund)
    if word in words.gerunds:
        return Hit(k, i, i + 1, i, None, words.gerunds[word], gerund=True)
    return _plain(view, k, segment, i)


def _plain(view: View, k: int, segment: Segment, i: int) -> Hit | None:
    """A finite form or participle in one word; a participle needs its auxiliary in the same segment."""
    words, word = view.words, view.lower[i]
    if word in words.participles:
        auxiliary = next(
            (j for j in range(segment.first, segment.last) if view.lower[j] in words["perfect"] and j != i), None
        )
        if auxiliary is not None:
            return Hit(k, i, i + 1, auxiliary, None, words.participles[word])
    if word in words.finite:
        return Hit(k, i, i + 1, i, None, words.finite[word])
    return None


def _particle(view: View, segment: Segment, i: int, particle: str) -> int | None:
    """Where the particle of a split verb stands: last in the segment, or in front of a conjunction or preposition."""
    words = view.words
    for j in range(i + 1, segment.last):
        if view.lower[j] == particle and j not in view.masked:
            after = view.lower[j + 1] if j + 1 < segment.last else ""
            if not after or after in words["coordinators"] or (j > i + 1 and after in words["as"]):
                return j
    return None


def _holds(view: View, segment: Segment, hit: Hit) -> bool:
    """Whether the verb says that something was said: neither negated, nor future or modal, nor passive."""
    words = view.words
    if words.order.verb_second:
        return _holds_framed(view, words, segment, hit)
    low = max(segment.first, hit.verb - _NEAR)
    before = [view.lower[j] for j in range(low, hit.verb) if j not in view.masked]
    after = view.lower[hit.end] if hit.end < segment.last else ""
    if any(w in words["negations"] for w in before) or after in words["negations"] or _is_noun(view, segment, hit):
        return False
    if hit.verb == segment.first and hit.segment == 0 and not hit.gerund:
        return False
    if after in words["agents"]:
        return False
    while (
        before
        and before[-1] in words["adverbs"]
        and before[-1] not in words["passive"]
        and before[-1] not in words["perfect"]
    ):
        before.pop()
    return not (before and (before[-1] in words["irrealis"] or (before[-1] in words["passive"] and not hit.gerund)))


def _holds_framed(view: View, words: Words, segment: Segment, hit: Hit) -> bool:
    """The same where the finite verb may stand far from the rest: anywhere in the segment counts."""
    frame = {view.lower[j] for j in range(segment.first, segment.last) if j not in view.masked and j != hit.verb}
    if frame & words["negations"]:
        return False
    word = view.lower[hit.verb]
    if word in words.participles and hit.finite == hit.verb and frame & words["passive"]:
        return False
    infinitive = word == hit.entry.name
    return not (infinitive and (frame & words["irrealis"] or view.lower[hit.verb - 1] == words.marker))


def _is_noun(view: View, segment: Segment, hit: Hit) -> bool:
    """Whether a form that is also a noun or adjective is one here: a determiner, adjective or nothing before it."""
    words = view.words
    if view.lower[hit.verb] not in words["also_nouns"] or hit.end - hit.verb > 1:
        return False
    i = hit.verb - 1
    while i >= segment.first and view.lower[i] in words["adverbs"] and view.lower[i] not in words["determiners"]:
        i -= 1
    if i < segment.first:
        return hit.segment == 0 or segment.before not in (",", '"')
    word = view.lower[i]
    if word in words["subject_pronouns"] - words["determiners"] or word in words["coordinators"]:
        return False
    follows = view.lower[hit.end] if hit.end < segment.last else ""
    if follows in words["complementizers"]:
        return word in words["determiners"] or word in words["prepositions"] or word in words["possessives"]
    noun = view.capital(i) or (words.ends("plural", word) and word not in words["determiners"])
    return not noun or word in words["prepositions"] or word in words["determiners"] or word in words["possessives"]
