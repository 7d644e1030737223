"""The words by which items say what became of a promise, as built from `knowledge/promises.yaml`.

In: a language. Out: phrases as patterns over a line of small words: outcomes, actions with their deeds, guards.
Must not know records, nor what a phrase means for a promise.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

GAP = "…"
LONGEST_GAP = 12
"""Words that a gap in a phrase may hold: a German clause between its verb and the verb's particle."""
SHORT, SHORTEST_GAP = "..", 3
"""A gap for articles and adjectives only."""
_NUMBER, _END = "#", "$"
UNKNOWN = frozenset({"make", "sign", "join"})
"""Families of actions whose deeds satisfy a promise of which no word is known."""
_INFINITIVE = "(?<! zu )(?<! to )"
"""A deed behind it is none yet: 'zu überlassen' has the form of the participle."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One row of phrases: the entry they make, and what else must hold or must not."""

    id: str
    entry: str
    about: str
    pattern: re.Pattern[str]
    without: re.Pattern[str]
    guards: tuple[re.Pattern[str], ...]
    anywhere: tuple[re.Pattern[str], ...]
    unless: frozenset[str]
    actions: frozenset[str]
    later: bool
    deed: bool

    def allowed(self, clauses: str, sentence: str) -> bool:
        """Whether nothing in a phrase's clauses or sentence takes back what it says."""
        if self.without.search(clauses) or any(g.search(clauses) for g in self.guards):
            return False
        return not any(g.search(sentence) for g in self.anywhere)


@dataclass(frozen=True, slots=True)
class Action:
    """A class of actions: words of the promise, phrases of the deed, types of events that may satisfy it."""

    id: str
    promise: re.Pattern[str]
    done: re.Pattern[str]
    events: frozenset[str]
    family: str
    recurs: bool
    measured: bool


@dataclass(frozen=True, slots=True)
class Words:
    """All phrases of one language."""

    outcomes: tuple[Outcome, ...]
    actions: tuple[Action, ...]
    guards: Mapping[str, re.Pattern[str]]

    def actions_in(self, line: str) -> frozenset[str]:
        """Ids of the actions that a line of small words promises."""
        return frozenset(a.id for a in self.actions if a.promise.search(line))

    def satisfying(self, promised: frozenset[str]) -> tuple[Action, ...]:
        """The actions whose deeds satisfy those promised: of the same families; for none, those that make something."""
        families = {a.family for a in self.actions if a.id in promised} or UNKNOWN
        return tuple(a for a in self.actions if a.family in families)

    def promised_in(self, line: str) -> tuple[str, ...]:
        """The words of a line that say what is to be done."""
        return tuple(m.group().strip() for a in self.actions for m in a.promise.finditer(line))


def line_of(words: Sequence[str]) -> str:
    """Words as one line, small, each between spaces, as the patterns want it.

    >>> line_of(["Peru", "opened"])
    ' peru opened '
    """
    return " " + " ".join(word.lower() for word in words) + " "


def _word(word: str, numbers: str) -> str:
    if word == _NUMBER:
        return numbers
    body = re.escape(word.strip("*"))
    return (
        (r"[^ ]*" if word.startswith("*") else "") + body + (r"[^ ]*" if word.endswith("*") and len(word) > 1 else "")
    )


def _part(part: str, numbers: str) -> str:
    if part == _END:
        return r"(?=[^\w ]|(?:und|oder|sowie|and|or) |$)"
    if part in (GAP, SHORT):
        return f"(?:[^ ]+ ){{0,{LONGEST_GAP if part == GAP else SHORTEST_GAP}}}?"
    return "(?:" + "|".join(_word(w, numbers) for w in part.split("|")) + ") "


def compiled(phrases: Sequence[str], numbers: Sequence[str] = (), before: str = "") -> re.Pattern[str]:
    """Phrases as one pattern over a line, not behind what `before` matches; no phrase matches nothing.

    >>> bool(compiled(["put … off"]).search(" peru put the visit off ")), bool(compiled([]).search(" peru "))
    (True, False)
    """
    digits = "(?:" + "|".join([r"\d[\d.,]*(?:th|st|nd|rd)?", *map(re.escape, numbers)]) + ")"
    alternatives = ["".join(_part(p, digits) for p in phrase.split()) for phrase in phrases]
    return re.compile(f"(?<= ){before}(?:" + "|".join(alternatives) + ")" if alternatives else r"(?!)")


def matches(pattern: re.Pattern[str], line: str) -> Iterator[re.Match[str]]:
    """All matches of a pattern in a line, those that begin inside another too."""
    match = pattern.search(line)
    while match:
        yield match
        match = pattern.search(line, match.start() + 1)


@lru_cache(maxsize=1)
def _content() -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads((files("communique") / "data" / "promises.json").read_text("utf-8"))
    return content


@lru_cache(maxsize=2)
def concepts_of(kind: str) -> frozenset[str]:
    """Concepts listed as `deeds` (what is done) or `minor` (what tells no two promises apart)."""
    return frozenset(_content()[kind])


@lru_cache(maxsize=1)
def voices() -> re.Pattern[str]:
    """Words of all languages that make a publisher a state's own: 'ministry', 'state-owned', 'staatlich'."""
    return compiled([phrase for lists in _content()["guards"].values() for phrase in lists["voice"]])


@lru_cache(maxsize=8)
def words_of(language: str | None) -> Words | None:
    """The phrases of a language; None where there are none."""
    content = _content()
    guards = content["guards"].get(language)
    if guards is None:
        return None
    patterns = {name: compiled(phrases) for name, phrases in guards.items()}
    outcomes = tuple(_outcomes(content["outcomes"], str(language), guards["numbers"], patterns))
    actions = tuple(_action(row, row[language], guards["numbers"]) for row in content["actions"])
    return Words(outcomes, actions, patterns)


def _outcomes(
    rows: Sequence[Mapping[str, Any]], language: str, numbers: Sequence[str], guards: Mapping[str, re.Pattern[str]]
) -> Iterator[Outcome]:
    for row in rows:
        words = row[language]
        yield Outcome(
            id=row["id"], entry=row["entry"], about=row["about"],
            pattern=compiled(words["phrases"], numbers), without=compiled(words.get("without", ())),
            guards=tuple(guards[name] for name in row.get("guards", ())),
            anywhere=tuple(guards[name] for name in row.get("anywhere", ())),
            unless=frozenset(row.get("unless", ())), actions=frozenset(row.get("actions", ())),
            later=row.get("needs") == "later", deed=bool(row.get("deed")),
        )  # fmt: skip


def _action(row: Mapping[str, Any], words: Mapping[str, Any], numbers: Sequence[str]) -> Action:
    return Action(
        id=row["id"], promise=compiled(words["promise"], numbers), done=compiled(words["done"], numbers, _INFINITIVE),
        events=frozenset(row.get("events", ())), family=row.get("family", row["id"]),
        recurs=bool(row.get("recurs")), measured=bool(row.get("measured")),
    )  # fmt: skip
