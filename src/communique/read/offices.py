"""Office phrases: 'der chinesische Präsident Xi Jinping', "China's foreign minister", 'Präsident der Ukraine'.

In: tokens, atoms and person names in order. Out: phrases with office, whose it is, and the name in it.
Must not know who holds the office.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from communique.knowledge import Knowledge, Row
from communique.read.encode import Encoded
from communique.read.people import NameSpan, OfficePhrase
from communique.read.scan import Atom, Office, Vocabulary, word_set
from communique.text import Token


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands where: atoms and names by their first and last token."""

    encoded: Encoded
    vocab: Vocabulary
    knowledge: Knowledge
    begins: Mapping[int, Atom]
    ends: Mapping[int, Atom]
    name_begins: Mapping[int, NameSpan]
    name_ends: Mapping[int, NameSpan]

    @property
    def tokens(self) -> Sequence[Token]:
        """All tokens of the document."""
        return self.encoded.tokens

    def word(self, i: int) -> str:
        """The word at an index, or nothing outside the document."""
        return self.tokens[i].text if 0 <= i < len(self.tokens) else ""


def _owner(atom: Atom | None) -> Row | None:
    """The state or organisation an atom names, for an office to belong to."""
    if atom is None:
        return None
    for sense in atom.senses:
        if sense.row.kind in ("state", "igo") or sense.row.kind == "city":
            return sense.row
    return None


def _left(around: Surroundings, first: int) -> tuple[int, Row | None, bool]:
    """Walk left over adjectives, modifiers, hyphens and owners; where the phrase begins, whose, and whether former."""
    owner: Row | None = None
    former = False
    i = first
    while i > 0:
        atom = around.ends.get(i)
        word = around.word(i - 1)
        if atom is not None and owner is None and _owner(atom) is not None and atom.office is None:
            owner, i = _owner(atom), atom.first
        elif word in around.vocab.modifiers or word.lower() in around.vocab.modifiers:
            former = former or word.lower()[:4] in ("ehem", "früh", "form", "ex", "dama", "then", "alt")
            i -= 1
        elif word in "-–" and i >= 2 and around.tokens[i - 1].start == around.tokens[i - 2].end:
            i -= 1
        elif word in ("'s", "’s") and around.ends.get(i - 1) is not None:
            i -= 1
        else:
            break
    return i, owner, former


def _right(around: Surroundings, last: int) -> tuple[int, Row | None]:
    """'of Kazakhstan', 'der Ukraine', 'Kasachstans' behind an office: where the phrase ends, and whose office."""
    words = around.vocab.words
    i = last
    if around.word(i) in (words.get("of") or ()) or around.word(i) in (words.get("genitive_article") or ()):
        i += 1
        if around.word(i) in word_set(around.vocab, "determiners"):
            i += 1
    elif not around.word(i).endswith("s"):
        return last, None
    atom = around.begins.get(i)
    if atom is None or not any(s.form in ("name", "capital", "city", "metonym") for s in atom.senses):
        return last, None
    owner = _owner(atom)
    return (atom.last, owner) if owner is not None else (last, None)


def _name_after(around: Surroundings, i: int) -> NameSpan | None:
    for skip in (0, 1):
        name = around.name_begins.get(i + skip)
        if name and (skip == 0 or around.word(i) in (",", "(", "-")):
            return name
    return None


def _name_before(around: Surroundings, first: int) -> NameSpan | None:
    """'Xi Jinping, der Präsident Chinas,': the name before an apposition."""
    i = first
    while i > 0 and around.word(i - 1) in word_set(around.vocab, "determiners"):
        i -= 1
    if around.word(i - 1) in (",", "("):
        return around.name_ends.get(i - 1)
    return None


def phrase_at(around: Surroundings, atom: Atom, office: Office, counterpart: bool = False) -> OfficePhrase:
    """The whole phrase around an office noun."""
    first, owner, former = _left(around, atom.first)
    last, right_owner = _right(around, atom.last)
    owner = owner or right_owner
    if owner is None and office.of:
        owner = around.knowledge.row(f"igo/{office.of}")
    name = _name_after(around, last) or _name_after(around, atom.last) or _name_before(around, first)
    core = (around.tokens[first].start, around.tokens[max(last, atom.last) - 1].end)
    outer = first
    while outer > 0 and first - outer < 2 and around.word(outer - 1).lower() in word_set(around.vocab, "determiners"):
        outer -= 1
    return OfficePhrase(outer, max(last, atom.last), office, owner, name, counterpart, former, core)


def office_phrases(around: Surroundings, atoms: Sequence[Atom]) -> list[OfficePhrase]:
    """All office phrases of a document in text order; counterparts get no office of their own."""
    found = [phrase_at(around, a, a.office) for a in atoms if a.office is not None and not _plural(around, a)]
    for i, token in enumerate(around.tokens):
        word = token.text if around.vocab.cased else token.text.lower()
        if word in around.vocab.counterpart and i not in around.begins:
            atom = Atom(i, i + 1, (token.start, token.end))
            phrase = phrase_at(around, atom, Office(None, "GOV", None, (), word.endswith("in")), counterpart=True)
            if phrase.of is not None:
                found.append(phrase)
    return sorted(found, key=lambda p: p.first)


def _plural(around: Surroundings, atom: Atom) -> bool:
    """'ministers', 'Ministern' before a plural verb are nobody in particular; the lexicon's own plurals stay out here."""
    return around.word(atom.last - 1).endswith(("innen", "leute"))
