"""The first pass over a document's tokens: what each stretch may be, before anything is decided.

In: Encoded and Knowledge. Out: atoms in text order: knowledge names, offices, pronouns, actors' organs.
Must not know entities; `read.mentions` turns atoms into them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from communique.compiling import fold
from communique.knowledge import Knowledge, Row, Sense
from communique.lexicon import lexicon
from communique.read.encode import Encoded
from communique.records import Span
from communique.text import Token

STATE_FORMS = frozenset({"name", "adjective", "inhabitant", "metonym", "capital"})


@dataclass(frozen=True, slots=True)
class Office:
    """An office or title as the lexicon has it."""

    office: str | None
    sector: str | None
    of: str | None
    states: tuple[str, ...]
    feminine: bool


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
class Vocabulary:
    """The lexicon of offices and mentions of one language, prepared for look-up."""

    offices: Mapping[str, Office]
    longest_office: int
    suffixes: tuple[tuple[str, Office], ...]
    words: Mapping[str, Any]
    organs: Mapping[str, str]
    longest_organ: int
    counterpart: frozenset[str]
    modifiers: frozenset[str]
    traps: Mapping[str, Any]
    cased: bool


def _office(entry: Mapping[str, Any], form: str) -> Office:
    feminine = form.endswith(("in", "innen", "woman", "queen", "princess", "lady", "frau", "rau"))
    return Office(entry["office"], entry.get("sector"), entry.get("of"), tuple(entry.get("states") or ()), feminine)


@lru_cache(maxsize=8)
def vocabulary(language: str) -> Vocabulary:
    """The vocabulary of a language; an empty one where there is none."""
    words = lexicon(language)
    offices = words.get("offices") or {"nouns": [], "suffixes": [], "modifiers": [], "counterpart": []}
    table: dict[str, Office] = {}
    for entry in offices["nouns"]:
        for form in entry["forms"]:
            table.setdefault(" ".join(form.replace("-", " - ").split()), _office(entry, form))
    mentions = words.get("mentions") or {}
    organs = {noun: sector for sector, nouns in (mentions.get("organs") or {}).items() for noun in nouns}
    suffixes = [(e, _office(entry, e)) for entry in offices["suffixes"] for e in entry["endings"]]
    return Vocabulary(
        offices=table,
        longest_office=max((k.count(" ") + 1 for k in table), default=0),
        suffixes=tuple(sorted(suffixes, key=lambda s: -len(s[0]))),
        words=mentions,
        organs=organs,
        longest_organ=max((k.count(" ") + 1 for k in organs), default=0),
        counterpart=frozenset(offices["counterpart"]),
        modifiers=frozenset(offices["modifiers"]),
        traps=lexicon("any").get("traps") or {},
        cased=any(f[:1].isupper() for f in table),
    )


def word_set(vocab: Vocabulary, key: str) -> frozenset[str]:
    """The words of one list of the mentions lexicon."""
    return _frozen(tuple(vocab.words.get(key) or ()))


@lru_cache(maxsize=256)
def _frozen(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words)


def _joined(tokens: Sequence[Token], first: int, last: int) -> str:
    return " ".join(t.text for t in tokens[first:last])


def _match_knowledge(tokens: Sequence[Token], folded: Sequence[str], i: int, knowledge: Knowledge) -> Atom | None:
    longest = min(knowledge.longest_from(folded[i]), len(tokens) - i)
    for length in range(longest, 0, -1):
        senses = knowledge.senses(folded[i] if length == 1 else " ".join(folded[i : i + length]))
        if senses:
            return Atom(i, i + length, (tokens[i].start, tokens[i + length - 1].end), senses)
    return None


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


def _match_office(tokens: Sequence[Token], i: int, vocab: Vocabulary) -> Atom | None:
    longest = min(vocab.longest_office, len(tokens) - i)
    word = tokens[i].text
    for length in range(longest, 0, -1):
        form = _joined(tokens, i, i + length)
        office = vocab.offices.get(form if vocab.cased else form.lower())
        if office:
            return Atom(i, i + length, (tokens[i].start, tokens[i + length - 1].end), office=office)
    if word[:1].isupper() and len(word) > 6:
        low = word.lower()
        for ending, office in vocab.suffixes:
            if low.endswith(ending) and len(low) > len(ending):
                return Atom(i, i + 1, (tokens[i].start, tokens[i].end), office=office)
    return None


def organ_at(tokens: Sequence[Token], i: int, vocab: Vocabulary) -> tuple[int, str] | None:
    """How many tokens from `i` name an organ ('Außenministerium', 'coast guard'), and its sector."""
    for length in range(min(vocab.longest_organ, len(tokens) - i), 0, -1):
        form = _joined(tokens, i, i + length)
        sector = vocab.organs.get(form) or (None if vocab.cased else vocab.organs.get(form.lower()))
        if sector:
            return length, sector
    return None


def scan(encoded: Encoded, knowledge: Knowledge) -> tuple[Atom, ...]:
    """All atoms of a document, longest match first, none overlapping."""
    vocab = vocabulary(encoded.language)
    tokens = encoded.tokens
    folded = [t.text if t.text.isascii() else fold(t.text) for t in tokens]
    present = frozenset(folded)
    atoms: list[Atom] = []
    i = 0
    while i < len(tokens):
        atom = _match_knowledge(tokens, folded, i, knowledge)
        if atom is None and folded[i].isupper() and len(folded[i]) > 3:
            atom = _match_shouted(tokens, folded, i, knowledge)
        if atom and not _kept(atom, folded, present, vocab):
            atom = None
        office = _match_office(tokens, i, vocab)
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
