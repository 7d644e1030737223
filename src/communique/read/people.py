"""Persons and offices: which phrase names which person, and who an office without a name is.

In: atoms, open names, knowledge, the item's day. Out: persons with all their mentions and phrases.
Must not know pronouns, statements or events.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from communique.compiling import fold
from communique.knowledge import Knowledge, Row
from communique.naming import name_key, similar, word_key
from communique.read.encode import Encoded
from communique.read.flags import is_ordinary
from communique.read.scan import Atom, Office, Vocabulary, word_set
from communique.records import Span
from communique.text import Token

NAMED_OFFICES = ("head_of_state", "head_of_government", "foreign_minister")


@dataclass(slots=True)
class Person:
    """One person of a document while it is being read."""

    name: str
    row: Row | None = None
    office: str | None = None
    sector: str | None = None
    state: str | None = None
    gender: str | None = None
    named: list[Span] = field(default_factory=list)
    titled: list[Span] = field(default_factory=list)
    confidence: float = 0.9
    why: str = ""

    def parts(self) -> list[str]:
        """The words of the name, folded."""
        return [fold(w) for w in self.name.replace("-", " ").split()]


@dataclass(frozen=True, slots=True)
class NameSpan:
    """A stretch of tokens that names a person: from the knowledge, or open."""

    first: int
    last: int
    span: Span
    text: str
    rows: tuple[Row, ...]
    full: bool
    certain: bool


@dataclass(slots=True)
class OfficePhrase:
    """'der chinesische Präsident [Xi Jinping]': tokens, office, whose office, the person's name if it follows."""

    first: int
    last: int
    office: Office
    of: Row | None
    name: NameSpan | None
    counterpart: bool = False
    former: bool = False
    core: Span = (0, 0)


def strip_genitive(name: str, known: Sequence[str]) -> str:
    """'Merkels' as 'Merkel' where that name is known in the document or knowledge."""
    for ending in ("'s", "’s", "s", "’", "'"):
        if name.endswith(ending) and fold(name[: -len(ending)]) in known:
            return name[: -len(ending)]
    return name.removesuffix("'s").removesuffix("’s").rstrip("’'")


class People:
    """Gathers the persons of one document, in text order."""

    def __init__(self, encoded: Encoded, knowledge: Knowledge) -> None:
        self.encoded = encoded
        self.knowledge = knowledge
        self.day = encoded.day.isoformat() if encoded.day else None
        self.persons: list[Person] = []
        self._by_word: dict[str, list[Person]] = {}

    def _enter(self, person: Person) -> Person:
        self.persons.append(person)
        self._index(person)
        return person

    def _index(self, person: Person) -> None:
        words = set(person.parts())
        if person.row:
            words |= {fold(s) for s in person.row.surnames}
        for word in words:
            known = self._by_word.setdefault(word, [])
            if person not in known:
                known.append(person)

    def known_words(self) -> list[str]:
        """Folded words of all names so far."""
        return list(self._by_word)

    def find(self, name: str, gender: str | None = None) -> Person | None:
        """The person of this document that a full or partial name means; the last named one among several."""
        words = [fold(w) for w in name.replace("-", " ").split()]
        if not words:
            return None
        best: Person | None = None
        for person in self._by_word.get(words[-1], []) or self._by_word.get(words[0], []):
            parts = set(person.parts()) | ({fold(s) for s in person.row.surnames} if person.row else set())
            if gender and person.gender and gender != person.gender:
                continue
            if set(words) <= parts or set(person.parts()) <= set(words) and words[-1] == person.parts()[-1]:
                best = person
        return best

    def name(self, span: NameSpan, phrase: OfficePhrase | None = None) -> Person | None:
        """The person a name means, entered when new; None when a lone surname cannot be placed."""
        known = self.known_words()
        text = span.text if span.rows and span.full else strip_genitive(span.text, known)
        gender = "f" if phrase and phrase.office.feminine else None
        person = self._by_rows(span, phrase) or self.find(text, gender)
        if person is None:
            row = self._choose(span, phrase)
            if row is None and not (span.full or phrase or span.certain):
                return None
            if row is None and (span.full or phrase):
                row = self._transliterated(text, phrase)
            person = self._existing(row) or self._enter(self._new(text, row, span))
        if len(text.split()) > len(person.name.split()) and fold(person.name.split()[-1]) in fold(text):
            person.name = text
            self._index(person)
        person.named.append(span.span)
        return person

    def _by_rows(self, span: NameSpan, phrase: OfficePhrase | None) -> Person | None:
        ids = {r.id for r in span.rows}
        for person in reversed(self.persons):
            if person.row and person.row.id in ids:
                return person
        return None

    def _existing(self, row: Row | None) -> Person | None:
        return next((p for p in self.persons if row and p.row and p.row.id == row.id), None)

    def _new(self, text: str, row: Row | None, span: NameSpan) -> Person:
        person = Person(name=text, row=row)
        if row is None:
            person.why = f"named {text!r}"
            person.confidence = 0.8 if span.full else 0.6
            person.gender = first_gender(text)
            return person
        person.gender = row.gender
        person.confidence = 0.97 if span.full else 0.8
        term = row.term_on(self.day) or (row.terms[-1] if row.terms and self.day is None else None)
        person.why = f"{text!r} is {row.name(self.encoded.language)} in the knowledge"
        person.state = row.state
        if term:
            person.office = term.office
            person.state = term.of if self.knowledge.state(term.of) else row.state
        return person

    def _choose(self, span: NameSpan, phrase: OfficePhrase | None) -> Row | None:
        """Among the knowledge's bearers of a name the one whom title, state and day allow."""
        scored = sorted(((self._score(row, span, phrase), row.id, row) for row in span.rows), reverse=True)
        if not scored or scored[0][0] < (0 if span.full else 2):
            return None
        if not (span.full or span.certain or phrase) and is_ordinary(span.text, self.encoded.language):
            return None
        if len(scored) > 1 and scored[0][0] == scored[1][0] and not span.full:
            return None
        return scored[0][2]

    def _score(self, row: Row, span: NameSpan, phrase: OfficePhrase | None) -> int:
        score = 2 * (row.term_on(self.day) is not None) if self.day else 0
        if phrase and phrase.office.office:
            held = [t for t in row.terms if t.office == phrase.office.office]
            score += 3 if any(t.holds(self.day) for t in held) else 1 if held else -1
            score += 1 if phrase.former and held else 0
        if phrase and phrase.of is not None:
            codes = {phrase.of.code, phrase.of.more.get("own_code")}
            score += 2 if any(t.of in codes for t in row.terms) or row.state in codes else -4
        if phrase and phrase.office.feminine and row.gender == "m":
            score -= 4
        return score

    def _transliterated(self, text: str, phrase: OfficePhrase | None) -> Row | None:
        """A row whose name reads alike in another transliteration: by key, then by likeness."""
        for sense in self.knowledge.by_key(name_key(text)):
            row = sense.row
            forms = [*row.names.values(), *row.surnames]
            if max(similar(text, f) for f in forms) >= 0.7 and (" " in text or phrase is not None):
                if phrase is None or self._score(row, NameSpan(0, 0, (0, 0), text, (row,), False, False), phrase) >= 2:
                    return row
        return None

    def apply(self, person: Person, phrase: OfficePhrase) -> None:
        """Lay what a phrase says over a person: office, sector, whose."""
        whole = phrase.core
        if phrase.name is not None and 0 <= phrase.name.span[0] - whole[1] <= 1:
            whole = (whole[0], phrase.name.span[1])
        person.titled.append(whole)
        office = phrase.office
        if office.office and (person.office in (None, "other") or person.row is None):
            person.office = office.office if not phrase.former else person.office or "other"
        person.sector = person.sector or office.sector
        if phrase.of is not None and person.row is None:
            person.state = phrase.of.state if phrase.of.kind in ("state", "city") else person.state
            person.sector = "IGO" if phrase.of.kind == "igo" else person.sector
        if office.feminine:
            person.gender = person.gender or "f"

    def holder(self, phrase: OfficePhrase) -> Person | None:
        """Who an office phrase without a name is: named in the item, or the holder on its day."""
        office = phrase.office.office
        if phrase.of is None or office is None:
            return self._same_title(phrase)
        code = phrase.of.code
        for person in reversed(self.persons):
            if person.state == code and _fits(person.office, office) and _sex(person, phrase):
                return person
        if phrase.former or office not in NAMED_OFFICES or phrase.of.kind != "state":
            return None
        holders = self.knowledge.holders(str(code), office, self.day) if self.day else ()
        if len(holders) != 1 or (phrase.office.feminine and holders[0].gender == "m"):
            return None
        row = holders[0]
        existing = self._existing(row)
        if existing:
            return existing
        span = NameSpan(phrase.first, phrase.last, phrase.core, row.name(self.encoded.language), (row,), True, True)
        person = self._enter(self._new(span.text, row, span))
        person.why = f"{office.replace('_', ' ')} of {code} on {self.day}"
        person.confidence = 0.85
        return person

    def _same_title(self, phrase: OfficePhrase) -> Person | None:
        """'der Minister', 'the spokesman': the last person in the item with that office and sex."""
        if phrase.office.office is None:
            return None
        start = phrase.core[0]
        found: tuple[int, Person] | None = None
        for person in self.persons:
            before = [s[0] for s in (*person.named, *person.titled) if s[0] < start]
            if before and _fits(person.office, phrase.office.office) and _sex(person, phrase):
                if phrase.office.office == "other" and not self._title_again(person, phrase):
                    continue
                if found is None or max(before) > found[0]:
                    found = (max(before), person)
        return found[1] if found else None

    def _title_again(self, person: Person, phrase: OfficePhrase) -> bool:
        word = self.encoded.words(phrase.core)[:6].lower()
        return any(word in self.encoded.words(t).lower() for t in person.titled)


def _sex(person: Person, phrase: OfficePhrase) -> bool:
    return person.gender is None or person.gender == "f" or not phrase.office.feminine


def _fits(held: str | None, asked: str) -> bool:
    """Whether an office held answers to a title: a foreign minister is a minister too.

    >>> _fits("foreign_minister", "minister"), _fits("minister", "foreign_minister")
    (True, False)
    """
    return held == asked or asked == "minister" and held == "foreign_minister"


def first_gender(name: str) -> str | None:
    """Sex by first name: m, f or None."""
    from communique.read.names import first_names

    sex = first_names().get(fold(name.split()[0]))
    return sex if sex in ("m", "f") else None


def initials_match(surname: str, other: str) -> bool:
    """Whether two surnames share a key."""
    return word_key(surname) == word_key(other)


def is_particle(token: Token, vocab: Vocabulary) -> bool:
    """'von', 'bin', 'al': small words inside a name."""
    return token.text in word_set(vocab, "particles")


def person_rows(atom: Atom) -> tuple[tuple[Row, ...], bool]:
    """The persons an atom may name, and whether by full name."""
    full = tuple(s.row for s in atom.senses if s.form == "person")
    return (full, True) if full else (tuple(s.row for s in atom.senses if s.form == "surname"), False)
