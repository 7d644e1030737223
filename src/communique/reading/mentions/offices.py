"""Office phrases: 'der chinesische Präsident Xi Jinping', "China's foreign minister", 'Präsident der Ukraine'.

In: tokens, atoms and person names in order. Out: phrases with office, whose it is, and the name in it.
Must not know who holds the office.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from communique.compiling import surface_key
from communique.knowledge import Knowledge, Row
from communique.reading.encode import Encoded
from communique.reading.mentions.names import first_names
from communique.reading.mentions.people import NameSpan, OfficePhrase
from communique.reading.mentions.scan import Atom, Office, Vocabulary, Words, word_set
from communique.reading.mentions.titles import name_like
from communique.text import Token


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands where: atoms and names by their first and last token, and how often each state is spoken of."""

    encoded: Encoded
    vocab: Vocabulary
    knowledge: Knowledge
    words: Words
    begins: Mapping[int, Atom]
    ends: Mapping[int, Atom]
    name_begins: Mapping[int, NameSpan]
    name_ends: Mapping[int, NameSpan]
    weight: Mapping[str, int]
    surnames: frozenset[str]

    @property
    def tokens(self) -> Sequence[Token]:
        """All tokens of the document."""
        return self.encoded.tokens

    def word(self, i: int) -> str:
        """The word at an index, or nothing outside the document."""
        return self.words.plain[i] if 0 <= i < len(self.words.plain) else ""

    def glued(self, i: int) -> bool:
        """Whether the token at an index follows the one before without a space."""
        return 0 < i < len(self.tokens) and self.tokens[i].start == self.tokens[i - 1].end

    def together(self, i: int, j: int) -> bool:
        """Whether two tokens stand in one sentence."""
        last = len(self.tokens) - 1
        first, second = (self.encoded.sentence_index(self.tokens[min(n, last)].start) for n in (i, j))
        return first == second

    def home(self, states: Sequence[str]) -> str | None:
        """Which of several states the item is about: the most named one, else that of its agency; None when undecided.

        'Bundespräsident' is Austria's in an item on Wien, Germany's in one on Berlin.
        """
        named = max(states, key=lambda code: self.weight.get(code, 0), default=None)
        if named and self.weight.get(named, 0):
            return named
        for agency in self.encoded.document.agencies:
            for sense in self.knowledge.senses(surface_key(agency)):
                if sense.row.state in states:
                    return sense.row.state
        return states[0] if len(states) == 1 else None


def owner_of(atom: Atom | None) -> Row | None:
    """The state or organisation an atom names, for an office to belong to."""
    if atom is None:
        return None
    return next((s.row for s in atom.senses if s.row.kind in ("state", "igo", "city")), None)


def _attributive(around: Surroundings, atom: Atom) -> bool:
    """Whether an atom before an office says whose it is: 'kasachischer', 'Kasachstans', "China's", 'EU-'.

    example: "Pekings Botschafter", "US Secretary"; counter: "in Srinagar Generalleutnant"
    """
    if any(s.form in ("adjective", "capital-adjective") for s in atom.senses):
        return True
    after = around.word(atom.last)
    if after in ("'s", "’s") or (after in "-–" and around.glued(atom.last)):
        return True
    word = around.word(atom.last - 1)
    return word.isupper() or not around.vocab.cased or (word.endswith(("s", "’", "'")) and len(word) > 3)


_FORMER = ("ehem", "früh", "form", "ex", "dama", "then", "alt")


def _left(around: Surroundings, first: int) -> tuple[int, Row | None, bool]:
    """Walk left over adjectives, modifiers, hyphens and owners; where the phrase begins, whose, and whether former."""
    owner: Row | None = None
    former = False
    i = first
    while i > 0 and around.together(i - 1, first):
        atom = around.ends.get(i)
        word = around.word(i - 1)
        if atom is not None and owner is None and atom.office is None and owner_of(atom) and _attributive(around, atom):
            owner, i = owner_of(atom), atom.first
        elif word in around.vocab.modifiers or word.lower() in around.vocab.modifiers:
            former = former or word.lower()[:4] in _FORMER
            i -= 1
        elif word in "-–" and i >= 2 and around.glued(i - 1):
            before = around.ends.get(i - 1)
            joined = around.glued(i) and before is None and around.word(i - 2).isalpha()
            i -= 2 if joined and around.word(i - 2) not in around.vocab.modifiers else 1
        elif word in ("'s", "’s") and around.ends.get(i - 1) is not None:
            i -= 1
        else:
            break
    while i < first and around.word(i) in ("-", "–"):
        i += 1
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
    atom = around.begins.get(i) if around.together(last - 1, i) else None
    if atom is None or not any(s.form in ("name", "capital", "city", "metonym") for s in atom.senses):
        return last, None
    owner = owner_of(atom)
    return (atom.last, owner) if owner is not None else (last, None)


def _name_after(around: Surroundings, i: int) -> NameSpan | None:
    for skip in (0, 1):
        name = around.name_begins.get(i + skip)
        if name and (not around.together(i - 1, i + skip) or (skip == 0 and _genitive(around, name))):
            return None
        if name and (skip == 0 or around.word(i) in (",", "(", "-")):
            return name
    return None


def _genitive(around: Surroundings, name: NameSpan) -> bool:
    """'Sprecher Musterovas' is her speaker, where the item names her without the ending too."""
    last = around.words.folded[name.last - 1]
    return around.vocab.cased and last.endswith("s") and last[:-1] in around.surnames


def _name_before(around: Surroundings, first: int) -> NameSpan | None:
    """'Xi Jinping, der Präsident Chinas,': the name before an apposition."""
    i = first
    while i > 0 and around.word(i - 1) in word_set(around.vocab, "determiners") and first - i < 2:
        i -= 1
    if around.word(i - 1) in (",", "("):
        return around.name_ends.get(i - 1)
    return None


def phrase_at(around: Surroundings, atom: Atom, office: Office, counterpart: bool = False) -> OfficePhrase:
    """The whole phrase around an office noun."""
    first, owner, former = _left(around, atom.first)
    last, right_owner = _right(around, atom.last)
    owner = owner or right_owner or _own_state(around, office)
    name = _name_after(around, last) or _name_after(around, atom.last) or _name_before(around, first)
    core = (around.tokens[first].start, around.tokens[max(last, atom.last) - 1].end)
    outer = first
    while outer > 0 and first - outer < 2 and around.word(outer - 1).lower() in word_set(around.vocab, "determiners"):
        outer -= 1
    return OfficePhrase(outer, max(last, atom.last), office, owner, name, counterpart, former, core)


def _own_state(around: Surroundings, office: Office) -> Row | None:
    """Whose an office without an owner is: the EU's for its High Representative, else the item's country's."""
    if office.of:
        return around.knowledge.row(f"igo/{office.of}")
    return around.knowledge.state(around.home(office.states)) if office.states else None


def office_phrases(around: Surroundings, atoms: Sequence[Atom]) -> list[OfficePhrase]:
    """All office phrases of a document in text order; counterparts get no office of their own."""
    found = [phrase_at(around, a, a.office) for a in atoms if a.office is not None and not _nobody(around, a)]
    found = [p for p in found if p.name is not None or not (_plural(around, p) or _role(around, p))]
    for phrase in found:
        phrase.definite = phrase.name is not None or _definite(around, phrase)
    # 'Bundesrat' is a title only before a name; alone it is a chamber or a government
    found = [p for p in found if p.name is not None or around.word(_noun_of(around, p)) not in around.vocab.listed]
    for i, token in enumerate(around.tokens):
        word = around.words.forms[i]
        if word in around.vocab.counterpart and i not in around.begins:
            atom = Atom(i, i + 1, (token.start, token.end))
            phrase = phrase_at(around, atom, Office(None, "GOV", None, (), word.endswith("in")), counterpart=True)
            if phrase.of is not None:
                found.append(phrase)
    return sorted(found, key=lambda p: p.first)


def _before(around: Surroundings, phrase: OfficePhrase) -> tuple[str, str, str]:
    """The words before a phrase with and without its determiner, and the determiner itself ('' where there is none)."""
    start = around.encoded.token_range(phrase.core)[0]
    outer = min(phrase.first, start)
    return around.word(outer - 1), around.word(start - 1), around.word(outer) if outer < start else ""


def _role(around: Surroundings, phrase: OfficePhrase) -> bool:
    """'als Präsident', 'the office of president': the office as such."""
    farther, nearer, _article = _before(around, phrase)
    roles = around.vocab.roles
    start = around.encoded.token_range(phrase.core)[0]
    of = nearer in word_set(around.vocab, "of") and around.word(start - 2) in roles
    return farther in roles or nearer in roles or of


def _definite(around: Surroundings, phrase: OfficePhrase) -> bool:
    """Whether a title without a name means somebody known: not 'ein Sprecher', a predicate, or another body's office.

    example: "der Minister reiste ab"; counter: "ein Minister reiste ab", "der Major der Luftwaffe", "ist Minister"
    """
    farther, nearer, article = _before(around, phrase)
    if {w.lower() for w in (farther, nearer, article)} & around.vocab.indefinite:
        return False
    if around.together(phrase.last - 1, phrase.last) and (_anothers(around, phrase) or _stranger(around, phrase.last)):
        return False
    sentence = around.encoded.sentence_at(phrase.core[0])
    contracted = nearer.lower() in word_set(around.vocab, "contracted")
    return bool(article or phrase.of is not None or contracted or (sentence and sentence.title))


def _anothers(around: Surroundings, phrase: OfficePhrase) -> bool:
    """'der Major der Luftwaffe', 'President of the Chess Federation': whose office it is stands behind, unknown."""
    words, after = around.vocab.words, around.word(phrase.last)
    owned = after in (words.get("of") or ()) or after in (words.get("genitive_article") or ())
    named = phrase.last < len(around.tokens) and around.words.folded[phrase.last] in first_names()
    elect = after in ("-", "–") and around.word(phrase.last + 1) in around.vocab.modifiers
    return named or elect or (owned and phrase.of is None)


def _stranger(around: Surroundings, i: int) -> bool:
    """Whether somebody unknown seems to be named behind a title, who then is no known holder of the office.

    example: "the French president Hope Winter said"; counter: "the French president Monday said"
    """
    atom = around.begins.get(i)
    if i >= len(around.tokens) or around.glued(i) or (atom is not None and atom.senses):
        return False
    sentence = around.encoded.sentence_at(around.tokens[i].start)
    small = not around.vocab.cased and not (sentence and sentence.title)
    return around.words.forms[i] not in around.vocab.offices and name_like(around.word(i), around.vocab, ordinary=small)


def _plural(around: Surroundings, phrase: OfficePhrase) -> bool:
    """'die Präsidenten der Länder' are several; 'den Präsidenten', 'Chinas Präsidenten' and 'des Ministers' are one."""
    noun = around.word(_noun_of(around, phrase))
    start = around.encoded.token_range(phrase.core)[0]
    before = around.word(start - 1).lower()
    if phrase.office.masculine and before in around.vocab.plural_before:
        return True
    for rule in around.vocab.words.get("oblique_titles") or ():
        if not phrase.office.feminine and noun.endswith(rule["ending"]):
            owned = phrase.first == start and around.word(start).endswith("s") and start in around.begins
            return before not in rule["before"] and not (owned and rule["before"])
    return False


def _noun_of(around: Surroundings, phrase: OfficePhrase) -> int:
    """The token of the office noun itself."""
    first, last = around.encoded.token_range(phrase.core)
    return next((i for i in range(first, last) if (a := around.begins.get(i)) and a.office is not None), last - 1)


def _nobody(around: Surroundings, atom: Atom) -> bool:
    """'Ministerinnen', 'Fachleute' are nobody in particular; other plurals look like the singular and stay."""
    return around.word(atom.last - 1).endswith(("innen", "leute"))
