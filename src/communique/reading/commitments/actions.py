"""Actions: the words that say what is promised, found from the cue: an infinitive, a that-clause, an object.

In: Clauses, a cue, its subject. Out: Actions as token ranges. Must not know records.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from communique.reading.clauses import PUNCTUATION, QUOTES, Clauses, Grammar, Phrase, Segment
from communique.reading.clauses.triggers import Trigger

SHORTEST = 2


class Lists(Protocol):
    """Lists of words by name."""

    def has(self, key: str, word: str) -> bool:
        """Whether a list holds a word."""


@dataclass(frozen=True, slots=True)
class Action:
    """A token range and the rule that found it."""

    first: int
    last: int
    rule: str


@dataclass(frozen=True, slots=True)
class _Cue:
    """A cue in its sentence."""

    grammar: Grammar
    words: Lists
    clauses: Clauses
    trigger: Trigger
    subject: Phrase | None

    @property
    def number(self) -> int:
        return self.clauses.segment_at(self.trigger.particle[0] if self.trigger.particle else self.trigger.first)

    @property
    def segment(self) -> Segment:
        return self.clauses.segments[self.number]

    @property
    def verb_last(self) -> bool:
        return bool(self.grammar.flags.get("verb_last"))


def find_actions(
    grammar: Grammar, words: Lists, clauses: Clauses, trigger: Trigger, subject: Phrase | None
) -> Iterator[Action]:
    """The actions of a cue, by the first of its rules that finds any."""
    cue = _Cue(grammar, words, clauses, trigger, subject)
    for rule, find in (
        ("modal", _modal),
        ("infinitive", _infinitive),
        ("that", _that),
        ("on", _on),
        ("object", _object),
    ):
        if rule not in trigger.group.flags:
            continue
        found = [a for a in (_trimmed(cue, first, last, rule) for first, last in find(cue)) if a is not None]
        if found:
            yield from found
            return


def _trimmed(cue: _Cue, first: int, last: int, rule: str) -> Action | None:
    """Without small words, marks and cue at either end; None when too little is left."""
    word = cue.clauses.word
    if cue.grammar.has(
        "resuming", word(first)
    ):  # 'will Ada Muster, Gründerin und Chefin, nun …': behind the apposition
        first = next((i + 1 for i in range(first, last) if word(i) == ","), first)
    while first < last and (not word(first).isalnum() or cue.words.has("skip", word(first))):
        first += 1
    while last > first and (word(last - 1) in PUNCTUATION or word(last - 1) in QUOTES or word(last - 1) in ".!?"):
        last -= 1
    return Action(first, last, rule) if last - first >= SHORTEST else None


# ---------------------------------------------------------------- will, wird


def _modal(cue: _Cue) -> Iterator[tuple[int, int]]:
    yield from _modal_last(cue) if cue.verb_last else _modal_first(cue)


def _modal_first(cue: _Cue) -> Iterator[tuple[int, int]]:
    """'will open …': what follows the cue, up to the end of its clause; 'and to …' begins another."""
    first = cue.trigger.last
    while cue.words.has("skip", cue.clauses.word(first)):
        first += 1
    if cue.words.has("not_actions", cue.clauses.word(first)) or _negates(cue, first):
        return
    last = _clause_end(cue, first)
    yield from _coordinated(cue, first, last)


def _negates(cue: _Cue, first: int) -> bool:
    return cue.grammar.has("negation", cue.clauses.word(first)) and cue.words.has(
        "not_actions", cue.clauses.word(first + 1)
    )


def _clause_end(cue: _Cue, first: int) -> int:
    """Where the clause of a token ends: at a mark or a word that opens another clause."""
    return cue.clauses.segments[cue.clauses.segment_at(first)].last


def _coordinated(cue: _Cue, first: int, last: int) -> Iterator[tuple[int, int]]:
    start = first
    for i in range(first, last - 1):
        if cue.grammar.has("coordinators", cue.clauses.word(i)) and cue.grammar.has(
            "infinitive_mark", cue.clauses.word(i + 1)
        ):
            yield start, i
            start = i + 2
    yield start, last
    yield from _further(cue)


def _further(cue: _Cue) -> Iterator[tuple[int, int]]:
    """', to …, and to …' behind the clause of the cue."""
    for segment in cue.clauses.segments[cue.number + 1 :]:
        at = segment.first
        while cue.grammar.has("coordinators", cue.clauses.word(at)):
            at += 1
        if not cue.grammar.has("infinitive_mark", cue.clauses.word(at)):
            return
        start = at + 1
        for i in range(start, segment.last - 1):
            if cue.grammar.has("coordinators", cue.clauses.word(i)) and cue.grammar.has(
                "infinitive_mark", cue.clauses.word(i + 1)
            ):
                yield start, i
                start = i + 2
        yield start, segment.last


def _modal_last(cue: _Cue) -> Iterator[tuple[int, int]]:
    """'wird … eröffnen', 'dass … eröffnen wird': what stands between subject or cue and the infinitive at the end."""
    segment, trigger = cue.segment, cue.trigger
    at_end = trigger.last >= segment.last
    first = _modal_start(cue, at_end)
    if at_end:
        if _infinitive_at(cue, trigger.first - 1):
            yield first, trigger.first
        return
    own = _last_word(cue, segment)
    if own > trigger.first and cue.clauses.lower(own) and not _infinitive_at(cue, own):
        return  # a clause that ends otherwise is a passive or has another verb: 'wird beschuldigt, … zu planen'
    for following in (segment, *_plain_after(cue)):
        verb = _last_word(cue, following)
        if _infinitive_at(cue, verb):
            yield first, following.last
            first = following.last + 1
        elif cue.words.has("not_actions", cue.clauses.word(verb)):
            return


def _modal_start(cue: _Cue, at_end: bool) -> int:
    """Behind the cue or the subject, whichever comes later; in a subordinate clause behind its first word."""
    segment, subject = cue.segment, cue.subject
    first = segment.first if at_end else cue.trigger.last
    if subject is not None and segment.first <= subject.first < segment.last and subject.last > first:
        return subject.last
    return first + 1 if at_end and segment.opener not in ("plain", "start") else first


def _plain_after(cue: _Cue) -> Iterator[Segment]:
    """The segments behind the cue's that go on with its clause."""
    for segment in cue.clauses.segments[cue.number + 1 :]:
        words = [cue.clauses.word(i) for i in range(segment.first, segment.last)]
        if segment.opener not in ("plain", "relative") or any(cue.grammar.has("finite", w) for w in words):
            return
        yield segment


def _last_word(cue: _Cue, segment: Segment) -> int:
    i = segment.last - 1
    while i > segment.first and not cue.clauses.word(i).isalpha():
        i -= 1
    return i


def _infinitive_at(cue: _Cue, i: int) -> bool:
    word = cue.clauses.word(i)
    if not _verb_like(cue, i) or not cue.clauses.lower(i) or cue.words.has("not_actions", word):
        return False
    return cue.words.has("infinitives", word) or not cue.words.has("participles", word)


# ---------------------------------------------------------------- agreed to, vereinbarten, … zu


def _infinitive(cue: _Cue) -> Iterator[tuple[int, int]]:
    """The infinitive clauses behind the cue, each ending in its marked verb; 'A zu tun und B zu tun' are two."""
    first = cue.segment.last + 1
    end = first
    for segment in cue.clauses.segments[cue.number + 1 :]:
        if segment.opener in ("content", "condition", "sub"):
            break
        end = segment.last
    start = i = _resumed(cue, first)
    while i < end:
        length = _marked_verb(cue, i)
        if length and _closes(cue, i + length):
            yield start, i + length
            start = i = _resumed(cue, i + length)
        else:
            i += 1


def _resumed(cue: _Cue, i: int) -> int:
    """The next token that is neither a mark nor 'and'."""
    while cue.clauses.word(i) in (",", ";") or cue.grammar.has("resuming", cue.clauses.word(i)):
        i += 1
    return i


def _marked_verb(cue: _Cue, i: int) -> int:
    """How many tokens a marked infinitive at i has: 'zu öffnen' two, 'abzuschließen' one, else none."""
    if cue.grammar.has("infinitive_mark", cue.clauses.word(i)) and _verb_like(cue, i + 1) and cue.clauses.lower(i + 1):
        return 2
    return 1 if _joined_mark(cue, i) and cue.clauses.lower(i) else 0


def _verb_like(cue: _Cue, i: int) -> bool:
    word = cue.clauses.word(i)
    return word.endswith("n") and word.isalpha()


def _joined_mark(cue: _Cue, i: int) -> bool:
    """'abzuschließen': the mark inside the verb."""
    word = cue.clauses.word(i)
    marks = cue.grammar.words.get("infinitive_mark", frozenset())
    return word.endswith("n") and any(0 < word.find(m, 2) < len(word) - 4 for m in marks)


def _closes(cue: _Cue, i: int) -> bool:
    word = cue.clauses.word(i)
    return not word or cue.grammar.has("resuming", word) or not word.isalpha()


# ---------------------------------------------------------------- that-clauses and objects


def _that(cue: _Cue) -> Iterator[tuple[int, int]]:
    following = cue.clauses.segments[cue.number + 1 : cue.number + 2]
    for segment in following:
        if segment.opener == "content":
            yield segment.first + 1, segment.last


def _on(cue: _Cue) -> Iterator[tuple[int, int]]:
    """'einigten sich auf ein Abkommen': what stands behind the preposition."""
    segment, trigger = cue.segment, cue.trigger
    for i in range(segment.first, segment.last):
        if cue.words.has("on", cue.clauses.word(i)):
            yield i + 1, trigger.first if trigger.first > i else segment.last
            return


def _object(cue: _Cue) -> Iterator[tuple[int, int]]:
    """What stands between verb or subject and the end of the clause (or the particle there)."""
    trigger = cue.trigger
    start = cue.clauses.segments[cue.clauses.segment_at(trigger.first)]
    last = trigger.particle[0] if trigger.particle else start.last
    first = trigger.last
    if first >= last:
        first, last = start.first, trigger.first
    if cue.subject is not None and first <= cue.subject.first and cue.subject.last < last:
        first = cue.subject.last
    if last - first > SHORTEST and not cue.grammar.has("passive", cue.clauses.word(first)):
        yield first, last
