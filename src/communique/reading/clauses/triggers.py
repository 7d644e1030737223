"""Triggers: words that may be events, found in a sentence by the lexicon `events` of the language.

In: Clauses. Out: Triggers with the group of the lexicon and the form the word has. Must not know actors or records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from communique.lexicon import lexicon
from communique.reading.clauses import Clauses, Grammar, grammar
from communique.text import Token, tokenize

SLOTS = ("finite", "participle", "infinitive", "gerund")
UNMEASURED = 0.6  # precision of a group that no annotated item has


FARTHEST = 60
"""Words between a verb and its particle; a longer clause is no prose, and the search would be quadratic in it."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where source and target of a group stand, in order of preference; `both`: they are equals."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    both: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Words of one meaning: type and mode, frame, conditions on the clause, and how often they are right."""

    type: str
    mode: str | None
    frame: Frame
    precision: float
    required: tuple[str, ...]
    excluded: tuple[str, ...]
    domestic: str | None = None
    domestic_target: str | None = None
    flags: frozenset[str] = frozenset()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """A word or words, the particle that must follow apart, the form they are in, and their group."""

    words: tuple[str, ...]
    particle: tuple[str, ...]
    slots: frozenset[str]
    group: int


@dataclass(frozen=True, slots=True)
class Trigger:
    """A match: token indices, group and form."""

    first: int
    last: int
    particle: tuple[int, int] | None
    slots: frozenset[str]
    group: Group
    others: tuple[Trigger, ...] = ()

    @property
    def noun(self) -> bool:
        """Whether the trigger is a noun."""
        return "noun" in self.slots


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The events of one language, ready for look-up by first word."""

    patterns: Mapping[str, tuple[Pattern, ...]]
    groups: tuple[Group, ...]
    verbs: frozenset[str]
    grammar: Grammar
    factors: Mapping[str, float] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class _Builder:
    """Gathers the patterns of a lexicon."""

    raw: Mapping[str, Any]
    forms: dict[tuple[tuple[str, ...], tuple[str, ...], int], set[str]] = field(default_factory=dict)
    verbs: set[str] = field(default_factory=set)

    def add(self, text: str, particle: str, slot: str, group: int) -> None:
        words = tuple(t.text for t in tokenize(text))
        apart = tuple(particle.split())
        self.forms.setdefault((words, apart, group), set()).add(slot)
        if slot in SLOTS:
            self.verbs.add(words[0])

    def group(self, number: int, entry: Mapping[str, Any]) -> None:
        for name, stems in (entry.get("verbs") or {}).items():
            for stem in stems:
                self.verb(number, name, stem)
        for slot in SLOTS:
            for form in entry.get(slot) or ():
                self.add(form, "", slot, number)
        for form in entry.get("nouns") or ():
            self.add(form, "", "noun", number)
        for form in entry.get("phrases") or ():
            self.add(form, "", "phrase", number)

    def verb(self, number: int, paradigm: str, stem: str) -> None:
        particle, _, base = stem.rpartition("|")
        if self.raw.get("particle_first", True) is False and particle:
            particle, base = base, particle
        for slot, form in _inflected(self.raw, paradigm, base):
            if not particle:
                self.add(form, "", slot, number)
            else:
                self._separable(number, particle, slot, form)

    def _separable(self, number: int, particle: str, slot: str, form: str) -> None:
        if self.raw.get("particle_first", True) is False:
            self.add(f"{form} {particle}", "", slot, number)
            return
        joined = f"{particle} {form}" if " " in particle else particle + form
        self.add(joined, "", slot, number)
        if slot == "finite":
            self.add(form, particle, slot, number)
        if slot == "infinitive" and " " not in particle:
            self.add(f"{particle}{self.raw.get('infinitive_infix', '')}{form}", "", "marked", number)


def _inflected(raw: Mapping[str, Any], paradigm: str, stem: str) -> Iterator[tuple[str, str]]:
    """All forms of a stem with their slots.

    >>> list(_inflected({"paradigms": {"s": {"finite": ["{}s"]}}}, "s", "thank"))
    [('finite', 'thanks')]
    """
    if paradigm == "strong":
        forms = raw["strong"][stem]
    else:
        forms = {s: [f.format(stem, last=stem[-1]) for f in fs] for s, fs in raw["paradigms"][paradigm].items()}
    for slot, given in forms.items():
        for form in [given] if isinstance(given, str) else given:
            yield slot, form


def _frame(raw: Mapping[str, Any], given: str | Mapping[str, Any]) -> Frame:
    spec = raw["frames"][given] if isinstance(given, str) else given
    return Frame(tuple(spec["source"]), tuple(spec["target"]), bool(spec.get("both")))


FLAGS = ("source_needed", "official", "multilateral", "alone")


def _group(raw: Mapping[str, Any], entry: Mapping[str, Any], number: int) -> Group:
    needs = [entry["needs"]] if "needs" in entry else []
    return Group(
        type=entry["type"],
        mode=entry.get("mode"),
        frame=_frame(raw, entry["frame"]),
        precision=float(entry.get("precision", UNMEASURED)),
        required=tuple(entry.get("with") or ()),
        excluded=tuple(entry.get("without") or ()),
        domestic=entry.get("domestic"),
        domestic_target=entry.get("domestic_target"),
        flags=frozenset([*(f for f in FLAGS if entry.get(f)), *(entry.get("actions") or ()), *needs]),
        number=number,
    )


@lru_cache(maxsize=8)
def events_lexicon(language: str) -> Lexicon:
    """The events lexicon of a language; an empty one where there is none."""
    raw = lexicon(language).get("events") or {}
    return _compiled(language, raw, raw.get("groups") or ())


@lru_cache(maxsize=8)
def cues_lexicon(language: str) -> Lexicon:
    """The cues of commitments of a language, inflected as its events are; the kind stands as type."""
    own = lexicon(language).get("commitments") or {}
    return _compiled(language, lexicon(language).get("events") or {}, own.get("cues") or ())


def _compiled(language: str, raw: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]) -> Lexicon:
    builder = _Builder(raw)
    for number, entry in enumerate(entries):
        builder.group(number, entry)
    table: dict[str, list[Pattern]] = {}
    for (words, particle, number), slots in builder.forms.items():
        table.setdefault(words[0], []).append(Pattern(words, particle, frozenset(slots), number))
    ordered = {
        word: tuple(sorted(ps, key=lambda p: (-len(p.particle), -len(p.words), p.group))) for word, ps in table.items()
    }
    groups = tuple(_group(raw, entry, number) for number, entry in enumerate(entries))
    return Lexicon(
        ordered,
        groups,
        frozenset(builder.verbs),
        grammar(language),
        dict(raw.get("modality") or {}),
        dict(raw.get("actors") or {}),
    )


def find_triggers(lex: Lexicon, tokens: Sequence[Token], clauses: Clauses, closed: frozenset[int]) -> Iterator[Trigger]:
    """Triggers of one sentence in order, none overlapping; tokens in `closed` (names) begin none."""
    sentence = clauses.sentence
    used: set[int] = set()
    for i in range(sentence.first, sentence.last):
        if i in closed or i in used:
            continue
        found = _match(lex, tokens, clauses, i)
        if found is not None:
            used.update(range(found.first, found.last))
            used.update(range(*found.particle) if found.particle else ())
            yield found


def _match(lex: Lexicon, tokens: Sequence[Token], clauses: Clauses, i: int) -> Trigger | None:
    """The longest pattern that fits at a token; what else the same words may be stands in `others`."""
    found = list(_fitting(lex, tokens, clauses, i))
    return replace(found[0], others=tuple(found[1:])) if found else None


def _fitting(lex: Lexicon, tokens: Sequence[Token], clauses: Clauses, i: int) -> Iterator[Trigger]:
    for pattern in _candidates(lex, tokens, clauses, i):
        last = i + len(pattern.words)
        if not _words_fit(lex, tokens, pattern.words, i, clauses):
            continue
        particle = _particle(lex, tokens, clauses, pattern.particle, last) if pattern.particle else None
        if pattern.particle and particle is None:
            continue
        group = lex.groups[pattern.group]
        if _conditions(clauses, i, particle[0] if particle else i, group):
            yield Trigger(i, last, particle, pattern.slots, group)


def _candidates(lex: Lexicon, tokens: Sequence[Token], clauses: Clauses, i: int) -> Iterable[Pattern]:
    text = tokens[i].text
    found = lex.patterns.get(text, ())
    lower = text.lower()
    if lower != text and (not lex.grammar.flags.get("cased") or i == clauses.sentence.first):
        return (*found, *lex.patterns.get(lower, ()))
    return found


def _words_fit(lex: Lexicon, tokens: Sequence[Token], words: tuple[str, ...], i: int, clauses: Clauses) -> bool:
    if i + len(words) > clauses.sentence.last:
        return False
    cased = bool(lex.grammar.flags.get("cased"))
    for offset, word in enumerate(words[1:], 1):
        text = tokens[i + offset].text
        if (text if cased else text.lower()) != (word if cased else word.lower()):
            return False
    return True


def _particle(
    lex: Lexicon, tokens: Sequence[Token], clauses: Clauses, particle: tuple[str, ...], since: int
) -> tuple[int, int] | None:
    """Where the separated particle ends the clause of its verb."""
    size = len(particle)
    for i in range(since, min(clauses.sentence.last, since + FARTHEST) - size + 1):
        if all(tokens[i + k].text == particle[k] for k in range(size)):
            after = clauses.word(i + size)
            if (
                not after
                or not after[0].isalpha()
                or lex.grammar.has("coordinators", after)
                or after in lex.grammar.openers
            ):
                return i, i + size
    return None


def _conditions(clauses: Clauses, first: int, second: int, group: Group) -> bool:
    """Whether the clause has one of the words a group needs, and none of those that speak against it."""
    if not group.required and not group.excluded:
        return True
    low, high = clauses.segment_at(min(first, second)), clauses.segment_at(max(first, second))
    span = (clauses.segments[low].first, clauses.segments[high].last)
    words = [clauses.word(i) for i in range(*span)]
    joined = " ".join(words)
    if group.required and not any(_has(words, joined, w) for w in group.required):
        return False
    return not any(_has(words, joined, w) for w in group.excluded)


def _has(words: Sequence[str], joined: str, wanted: str) -> bool:
    """Whether a word is there; '*' at either end stands for anything, several words stand for themselves.

    >>> _has(["two", "diplomats"], "two diplomats", "diplomat*")
    True
    """
    if wanted.endswith("*"):
        return any(w.startswith(wanted[:-1]) for w in words)
    if wanted.startswith("*"):
        return any(w.endswith(wanted[1:]) and len(w) > len(wanted) - 1 for w in words)
    return wanted in words if " " not in wanted else f" {wanted} " in f" {joined} "
