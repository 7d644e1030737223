"""What a promise is about, apart from who says so where: its matter, its parties, its actions, measure and deadline.

In: a stored commitment. Out: its Subject, and how alike two are. Must not know items' texts, events or figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from communique.concepts import NAME, Concepts
from communique.follow.deadlines import due_day
from communique.follow.passages import about, named_in
from communique.follow.promise_words import Words, concepts_of, line_of, words_of
from communique.ledger.rows import Stored
from communique.records import Actor, Commitment
from communique.text import tokenize

SHARED_NAME, OWN_NAME = 4.0, 0.7
"""What a name weighs that both sides have, and one that only one side has: unknown German nouns look like names."""
KEPT = 65_536


@dataclass(frozen=True, slots=True)
class Subject:
    """`terms`: all that the action is about; `matter`: the same without the action itself ('open' of 'open a port').

    `parties`: codes of who promises; `involved`: of all that take part; `actions`: ids of promises.yaml.
    """

    parties: frozenset[str]
    involved: frozenset[str]
    terms: frozenset[str]
    matter: frozenset[str]
    places: frozenset[str]
    actions: frozenset[str]
    recurs: bool
    fields: frozenset[str]
    target: tuple[float, str] | None
    due: str | None


@lru_cache(maxsize=KEPT)
def subject_of(record: Commitment, language: str | None) -> Subject:
    """The subject of one commitment."""
    action = _without_deadline(record)
    named = named_in(action)
    words = words_of(language)
    line = line_of([t.text for t in tokenize(action)])
    terms = about(action, language) - concepts_of("minor")
    parties = codes(record.parties)
    actions = words.actions_in(line) if words else frozenset()
    return Subject(
        parties=parties,
        involved=parties | codes(record.beneficiaries) | named.codes,
        terms=terms,
        matter=_matter(terms, _named_by_verbs(words, line, language)),
        places=named.places,
        actions=actions,
        recurs=bool(words and any(a.recurs for a in words.actions if a.id in actions)),
        fields=frozenset(record.fields),
        target=(record.target.value, record.target.unit) if record.target else None,
        due=due_day(record.deadline),
    )  # fmt: skip


def _matter(terms: frozenset[str], verbs: frozenset[str]) -> frozenset[str]:
    """What is left without words of action; of 'grant a loan', all of which are, what no verb of the promise says."""
    return (terms - concepts_of("deeds") - verbs) or (terms - verbs) or terms


def _named_by_verbs(words: Words | None, line: str, language: str | None) -> frozenset[str]:
    """Concepts of the words that say what is to be done: they are told by other words once it is."""
    found = words.promised_in(line) if words else ()
    return frozenset().union(*(about(word, language) for word in found))


def of(stored: Stored) -> Subject:
    """The subject of a stored commitment."""
    record = stored.record
    assert isinstance(record, Commitment)
    return subject_of(record, stored.item.document.language)


def codes(actors: tuple[Actor, ...]) -> frozenset[str]:
    """The codes of some actors, those without one left out."""
    return frozenset(a.code for a in actors if a.code)


def _without_deadline(record: Commitment) -> str:
    return record.action.replace(record.deadline.text, " ") if record.deadline else record.action


def weight(key: str, *, shared: bool) -> float:
    """What a concept or name counts, by its rarity."""
    if key.startswith(NAME):
        return SHARED_NAME if shared else OWN_NAME
    return Concepts.default().weights.get(key, 1.0)


def share(wanted: frozenset[str], found: frozenset[str]) -> float:
    """How much of what is wanted is found, 0 to 1, by weight.

    >>> share(frozenset({"consulate", "n:PRT"}), frozenset({"n:PRT", "trade"})) > 0.5
    True
    """
    both = sum(weight(k, shared=True) for k in wanted & found)
    return both / (both + sum(weight(k, shared=False) for k in wanted - found)) if both else 0.0
