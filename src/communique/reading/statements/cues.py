"""The words of attribution of one language, compiled: cue verbs, cue phrases and what bounds a clause.

In: the lexicon `statements` of a language. Out: look-ups from lower-cased words. Must not know any text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from communique.lexicon import lexicon
from communique.records import Actor


@dataclass(frozen=True, slots=True)
class Verb:
    """A cue verb and what it takes: quote, clause, that, infinitive, gerund, object, judgement, appraisal, topic …"""

    name: str
    group: str
    takes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Order:
    """How a language builds its clauses: declared in its lexicon, so that no code asks for the language."""

    clause_behind_comma: bool
    verb_second: bool
    cased_nouns: bool


@dataclass(frozen=True, slots=True)
class Words:
    """All look-ups; `sets` are the plain lists by name, `apart` gives the verbs whose particle stands later."""

    order: Order
    sets: Mapping[str, frozenset[str]]
    finite: Mapping[str, Verb]
    participles: Mapping[str, Verb]
    gerunds: Mapping[str, Verb]
    apart: Mapping[str, tuple[tuple[str, Verb], ...]]
    before: tuple[tuple[str, ...], ...]
    after: tuple[tuple[str, ...], ...]
    impersonal: tuple[tuple[str, ...], ...]
    openers: tuple[tuple[str, ...], ...]
    own: tuple[tuple[str, ...], ...]
    endings: Mapping[str, tuple[str, ...]]
    marker: str
    marker_inside: bool
    confidence: Mapping[str, float]

    def __getitem__(self, name: str) -> frozenset[str]:
        """One of the plain lists."""
        return self.sets[name]

    def ends(self, name: str, word: str) -> bool:
        """Whether a word has one of the endings of a kind: finite, gerund, adverb, adjective …"""
        return word.endswith(self.endings[name])

    def is_cue(self, word: str) -> bool:
        """Whether a lower-cased word is some form of a cue verb."""
        return word in self.finite or word in self.gerunds or word in self.participles or word in self.apart


_LISTS = (
    "complementizers", "questions", "subordinators", "relatives", "coordinators", "contrasts", "negations", "irrealis",
    "perfect", "passive", "finite", "prepositions", "joining", "adverbs", "determiners", "subject_pronouns",
    "not_subjects", "anaphors", "so", "as", "appeal", "anonymous", "venues", "topics", "charges", "that_nouns",
    "also_nouns", "sources", "agents", "possessives", "speechless", "persons", "time_nouns",
)  # fmt: skip
NEUTRAL = 0.6
"""Confidence of a rule that has not been measured."""


@lru_cache(maxsize=8)
def words_of(language: str) -> Words | None:
    """The compiled lexicon of a language, or None when there is none for it.

    >>> words_of("de").finite["sagte"].group, words_of("xx")
    ('say', None)
    """
    raw = lexicon(language).get("statements")
    return _compiled(raw) if raw else None


def _compiled(raw: Mapping[str, Any]) -> Words:
    finite, participles, gerunds, apart = _verbs(raw["verbs"])
    sets = {name: _set(raw[name]) for name in _LISTS}
    angles, hearers = raw["attributions"]["angles"], raw["addressees"]
    sets |= {f"angle_{name}": _set(angles[name]) for name in ("prepositions", "nouns", "links", "genitives")}
    sets |= {"hearers": _set(hearers["nouns"]), "to_hearers": _set(hearers["prepositions"])}
    return Words(
        order=Order(**raw["order"]), sets=sets, finite=finite, participles=participles, gerunds=gerunds, apart=apart,
        before=_phrases(raw["attributions"]["before"]), after=_phrases(raw["attributions"]["after"]),
        impersonal=_phrases(raw["impersonal"]), openers=_phrases(raw["openers"]),
        own=_phrases(raw["own"]),
        endings={name: tuple(found) for name, found in raw["endings"].items()},
        marker=raw["infinitive_marker"],
        marker_inside=raw["infinitive_split"], confidence=raw["confidence"],
    )  # fmt: skip


def _set(words: Iterable[str]) -> frozenset[str]:
    return frozenset(word.lower() for word in words)


def _phrases(phrases: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(phrase.lower().split()) for phrase in sorted(phrases, key=lambda p: -len(p)))


_Forms = dict[str, Verb]


def _verbs(groups: Mapping[str, Any]) -> tuple[_Forms, _Forms, _Forms, dict[str, tuple[tuple[str, Verb], ...]]]:
    finite: _Forms = {}
    participles: _Forms = {}
    gerunds: _Forms = {}
    apart: dict[str, tuple[tuple[str, Verb], ...]] = {}
    for group, about in groups.items():
        for name, entry in about["words"].items():
            verb = Verb(name, group, frozenset(about["takes"]))
            for form in entry["forms"]:
                _enter(finite, form, verb)
            for form in entry.get("gerund", ()):
                _enter(gerunds, form, verb)
            if "participle" in entry:
                _enter(participles, entry["participle"], verb)
            for form in entry.get("apart", ()):
                apart[form] = (*apart.get(form, ()), (entry["part"], verb))
    return finite, participles, gerunds, apart


def _enter(table: _Forms, form: str, verb: Verb) -> None:
    """A form of two verbs takes what either takes ('asked' questions and demands)."""
    known = table.get(form)
    table[form] = Verb(known.name, known.group, known.takes | verb.takes) if known else verb


def hides(words: Words, speakers: Sequence[Actor]) -> bool:
    """Whether the item speaks of somebody without a name: 'ein Diplomat', 'officials'."""
    anonymous = words["anonymous"]
    return bool(speakers) and all(
        a.entity is None and any(w.lower() in anonymous for w in a.text.split()) for a in speakers
    )
