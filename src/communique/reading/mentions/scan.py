"""The first pass over a document's tokens: what each stretch may be, before anything is decided.

In: Encoded and Knowledge. Out: atoms in text order: knowledge names, offices, pronouns, actors' organs.
Must not know entities; `reading.mentions` turns atoms into them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from communique.compiling import fold
from communique.knowledge import Knowledge, Row, Sense
from communique.lexicon import lexicon
from communique.reading.encode import Encoded
from communique.reading.mentions.phrases import Phrases
from communique.records import Span
from communique.text import Token


@dataclass(frozen=True, slots=True)
class Office:
    """An office or title as the lexicon has it."""

    office: str | None
    sector: str | None
    of: str | None
    states: tuple[str, ...]
    feminine: bool
    masculine: bool = False
    monarch: bool = False


@dataclass(frozen=True, slots=True)
class Atom:
    """A stretch of tokens with what it may be: senses of the knowledge, or an office."""

    first: int
    last: int
    span: Span
    senses: tuple[Sense, ...] = ()
    office: Office | None = None
    shouted: bool = False

    def state(self) -> Row | None:
        """The state named by this atom, where it can name one."""
        return next((s.row for s in self.senses if s.row.kind == "state"), None)

    def form_of(self, row: Row) -> str:
        """In which form the atom names a row."""
        return next(s.form for s in self.senses if s.row.id == row.id)


@dataclass(frozen=True, slots=True)
class Body:
    """A party, body or group that the lexicon lists: whose it may be, and its sector (per state where needed)."""

    states: tuple[str, ...] = ()
    sector: str | None = None
    sectors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The lexicon of offices and mentions of one language, prepared for look-up."""

    language: str
    offices: Phrases[Office]
    suffixes: tuple[tuple[str, Office], ...]
    words: Mapping[str, Any]
    organs: Phrases[str]
    listed: Phrases[Body]
    counterpart: frozenset[str]
    plural_before: frozenset[str]
    roles: frozenset[str]
    indefinite: frozenset[str]
    modifiers: frozenset[str]
    traps: Mapping[str, Any]
    cased: bool

    def form(self, word: str) -> str:
        """A word as the lexicon writes it: German keeps capitals, English offices are listed in lower case."""
        return word if self.cased else word.lower()


def _office(entry: Mapping[str, Any], form: str, offices: Mapping[str, Any]) -> Office:
    feminine = form.endswith(("in", "innen", "woman", "queen", "princess", "lady", "frau", "rau"))
    masculine = (
        bool(offices.get("gendered"))
        and not feminine
        and not form.endswith(tuple(n.lower() for n in offices["neutral"]))
    )
    masculine = masculine and form not in offices["neutral"]
    states = tuple(entry.get("states") or ())
    monarch = bool(entry.get("monarch"))
    return Office(entry["office"], entry.get("sector"), entry.get("of"), states, feminine, masculine, monarch)


def _listed(mentions: Mapping[str, Any]) -> Iterable[tuple[str, Body]]:
    """Bodies, parties (a name that several states' parties bear has all of them) and groups, weightiest first."""
    for entry in mentions.get("bodies") or ():
        body = Body(tuple(entry.get("states") or ()), entry.get("sector"), entry.get("sectors") or {})
        yield from ((form, body) for form in entry["forms"])
    states: dict[str, tuple[str, ...]] = {}
    for state, parties in (mentions.get("parties") or {}).items():
        for party in parties:
            states[party] = (*states.get(party, ()), state)
    yield from ((party, Body(of, "PTY")) for party, of in states.items())
    yield from ((group, Body()) for group in mentions.get("groups") or ())
    yield from ((body, Body((), "GOV")) for body in mentions.get("own_bodies") or ())


@lru_cache(maxsize=8)
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of a language; an empty one where there is none."""
    words = lexicon(language)
    offices = words.get("offices") or {"nouns": [], "suffixes": [], "modifiers": [], "counterpart": []}
    mentions = words.get("mentions") or {}
    entries = [(form, _office(entry, form, offices)) for entry in offices["nouns"] for form in entry["forms"]]
    organs = ((noun, sector) for sector, nouns in (mentions.get("organs") or {}).items() for noun in nouns)
    suffixes = [(e, _office(entry, e, offices)) for entry in offices["suffixes"] for e in entry["endings"]]
    return Vocabulary(
        language=language,
        offices=Phrases.of(entries),
        suffixes=tuple(sorted(suffixes, key=lambda s: -len(s[0]))),
        words=mentions,
        organs=Phrases.of(organs),
        listed=Phrases.of(_listed(mentions), folded=True),
        counterpart=frozenset(offices["counterpart"]),
        plural_before=frozenset(offices.get("plural_before") or ()),
        roles=frozenset(offices.get("roles") or ()),
        indefinite=frozenset(offices.get("indefinite") or ()),
        modifiers=frozenset(offices["modifiers"]),
        traps=lexicon("any").get("traps") or {},
        cased=any(form[:1].isupper() for form, _office in entries),
    )


def word_set(vocab: Vocabulary, key: str) -> frozenset[str]:
    """The words of one list of the mentions lexicon."""
    return _word_set(vocab.language, key)


@lru_cache(maxsize=256)
def _word_set(language: str, key: str) -> frozenset[str]:
    return frozenset(vocabulary(language).words.get(key) or ())


@lru_cache(maxsize=16_384)
def office_suffix(word: str, language: str) -> Office | None:
    """The office a compound ends in.

    >>> office_suffix("Verkehrsminister", "de").office, office_suffix("Minister", "de")
    ('minister', None)
    """
    if not word[:1].isupper() or len(word) <= 6:
        return None
    low = word.lower()
    for ending, office in vocabulary(language).suffixes:
        if low.endswith(ending) and len(low) > len(ending):
            return office
    return None


@lru_cache(maxsize=16_384)
def organ_suffix(word: str, language: str) -> str | None:
    """The sector of a compound that ends in an organ, in a language that writes them in one word.

    >>> organ_suffix("Zollbehörde", "de"), organ_suffix("Zollbehandlung", "de")
    ('GOV', None)
    """
    vocab = vocabulary(language)
    if not vocab.cased or not word[:1].isupper():
        return None
    endings = word_set(vocab, "institutions")
    for cut in range(2, len(word) - 3):
        ending = word[cut:]
        if ending in endings and ending.capitalize() in vocab.organs:
            return vocab.organs.at([ending.capitalize()], 0)[1]  # type: ignore[index]
    return None


@dataclass(frozen=True, slots=True)
class Words:
    """The tokens of a document as words: as written, as the lexicon writes them, and folded."""

    plain: tuple[str, ...]
    forms: tuple[str, ...]
    folded: tuple[str, ...]

    @staticmethod
    def of(tokens: Sequence[Token], vocab: Vocabulary) -> Words:
        """All three spellings of the tokens."""
        plain = tuple(t.text for t in tokens)
        forms = plain if vocab.cased else tuple(w.lower() for w in plain)
        return Words(plain, forms, tuple(w if w.isascii() else fold(w) for w in plain))


def known_at(folded: Sequence[str], i: int, knowledge: Knowledge) -> tuple[int, tuple[Sense, ...]]:
    """How many words from `i` the longest surface of the knowledge has, and what it can mean."""
    longest = min(knowledge.longest_from(folded[i]), len(folded) - i)
    for length in range(longest, 0, -1):
        senses = knowledge.senses(folded[i] if length == 1 else " ".join(folded[i : i + length]))
        if senses:
            return length, senses
    return 0, ()


def _match_knowledge(tokens: Sequence[Token], folded: Sequence[str], i: int, knowledge: Knowledge) -> Atom | None:
    length, senses = known_at(folded, i, knowledge)
    return Atom(i, i + length, (tokens[i].start, tokens[i + length - 1].end), senses) if senses else None


def _match_shouted(tokens: Sequence[Token], folded: Sequence[str], i: int, knowledge: Knowledge) -> Atom | None:
    """'UNITED STATES', 'ASTANA': capitals throughout stand for the ordinary spelling."""
    run = i
    while run < len(tokens) and run - i < 5 and folded[run].isupper() and len(folded[run]) > 2:
        run += 1
    for last in range(run, i, -1):
        name = " ".join(w.title() for w in folded[i:last])
        senses = knowledge.senses(name)
        if senses and len(name) > 3:
            return Atom(i, last, (tokens[i].start, tokens[last - 1].end), senses, shouted=True)
    return None


def _match_office(tokens: Sequence[Token], words: Words, i: int, vocab: Vocabulary) -> Atom | None:
    hit = vocab.offices.at(words.forms, i)
    if hit:
        return Atom(i, i + hit[0], (tokens[i].start, tokens[i + hit[0] - 1].end), office=hit[1])
    office = office_suffix(words.plain[i], vocab.language)
    return Atom(i, i + 1, (tokens[i].start, tokens[i].end), office=office) if office else None


def scan(encoded: Encoded, words: Words, knowledge: Knowledge) -> tuple[Atom, ...]:
    """All atoms of a document, longest match first, none overlapping."""
    vocab = vocabulary(encoded.language)
    tokens, folded = encoded.tokens, words.folded
    present = frozenset(folded)
    atoms: list[Atom] = []
    i = 0
    while i < len(tokens):
        atom = _match_knowledge(tokens, folded, i, knowledge)
        if atom is None and folded[i].isupper() and len(folded[i]) > 3:
            atom = _match_shouted(tokens, folded, i, knowledge)
        if atom and not _kept(atom, folded, present, vocab):
            atom = None
        office = _match_office(tokens, words, i, vocab)
        if office and (atom is None or office.last > atom.last or _only_surname(atom)):
            atom = office
        if atom is None:
            i += 1
            continue
        atoms.append(atom)
        i = atom.last
    return tuple(atoms)


def _only_surname(atom: Atom) -> bool:
    return all(s.form == "surname" for s in atom.senses)


def _kept(atom: Atom, folded: Sequence[str], present: frozenset[str], vocab: Vocabulary) -> bool:
    """Whether a guarded abbreviation or an ordinary word is meant as a name here."""
    if atom.last - atom.first > 1:
        return True
    word = folded[atom.first]
    guarded: Mapping[str, Iterable[str]] = vocab.traps.get("guarded") or {}
    if word in guarded:
        return any(fold(w) in present for w in guarded[word])
    return word not in word_set(vocab, "not_names") and word not in (vocab.traps.get("never") or ())


def sub_national(surface: str, folded: frozenset[str], vocab: Vocabulary) -> str | None:
    """The state of which a surface names a part here ('Georgia' among American words), or None."""
    for trap in vocab.traps.get("subnational") or ():
        if trap["surface"] == surface:
            near = sum(w in folded for w in trap["near"])
            against = sum(fold(w) in folded for w in trap["unless"])
            if near > against:
                return str(trap["state"])
    return None
