"""Persons and offices: which phrase names which person, and who an office without a name is.

In: atoms, open names, knowledge, the item's day. Out: persons with all their mentions and phrases.
Must not know pronouns, statements or events.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from communique.compiling import fold
from communique.knowledge import Knowledge, Row
from communique.naming import name_key, similar
from communique.reading.encode import Encoded
from communique.reading.mentions.names import first_names
from communique.reading.mentions.scan import Atom, Office
from communique.records import Span

NAMED_OFFICES = ("head_of_state", "head_of_government", "foreign_minister")
ALIKE = 0.7
"""Likeness from which two spellings with one key are one name; set on the transliterations of tests/test_naming.py."""
LOOK_BACK = 200
"""Among so many bearers of a name or earlier mentions the right one is looked for, which keeps reading linear."""


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
        return _parts(self.name)

    def answers_to(self, words: list[str]) -> bool:
        """Whether a full or partial name, folded, may mean this person.

        >>> Person("Anna Maria Probst").answers_to(["Probst"]), Person("Probst").answers_to(["Anna", "Probst"])
        (True, True)
        >>> Person("Anna Probst").answers_to(["Karl", "Probst"])
        False
        """
        own = self.parts()
        bearer = set(own) | ({fold(s) for s in self.row.surnames} if self.row else set())
        return set(words) <= bearer or (words[-1] == own[-1] and set(own) <= set(words))


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
    definite: bool = True


def _parts(name: str) -> list[str]:
    return [fold(w) for w in name.replace("-", " ").split()]


def strip_genitive(name: str, known: Container[str]) -> str:
    """'Merkels' as 'Merkel' where that name is known in the document or knowledge.

    >>> strip_genitive("Probsts", {"Probst"}), strip_genitive("Mertens", {"Probst"})
    ('Probst', 'Mertens')
    """
    for ending in ("'s", "’s", "s", "’", "'"):
        if name.endswith(ending) and fold(name[: -len(ending)]) in known:
            return name[: -len(ending)]
    return name.removesuffix("'s").removesuffix("’s").rstrip("’'")


class People:
    """Gathers the persons of one document: first all names, then (after `settle`) offices without a name."""

    def __init__(
        self, encoded: Encoded, knowledge: Knowledge, common: Container[str] = (), spoken_of: Container[str] = ()
    ) -> None:
        self.encoded = encoded
        self.knowledge = knowledge
        self.common = common
        self.spoken_of = spoken_of
        self.day = encoded.day.isoformat() if encoded.day else None
        self.persons: list[Person] = []
        self._by_word: dict[str, list[Person]] = {}
        self._by_row: dict[str, Person] = {}
        self._by_state: dict[str | None, list[Person]] = {}
        self._named: list[tuple[int, int]] = []
        self._titled: list[tuple[int, Person]] = []

    # ------------------------------------------------------------ names

    def _enter(self, person: Person) -> Person:
        self.persons.append(person)
        self._index(person)
        if person.row:
            self._by_row[person.row.id] = person
        self._by_state.setdefault(person.state, []).append(person)
        return person

    def _index(self, person: Person) -> None:
        words = set(person.parts())
        if person.row:
            words |= {fold(s) for s in person.row.surnames}
        for word in words:
            known = self._by_word.setdefault(word, [])
            if not known or known[-1] is not person:
                known.append(person)

    def find(self, name: str, gender: str | None = None) -> Person | None:
        """The person of this document that a full or partial name means; the last entered among several."""
        words = _parts(name)
        if not words:
            return None
        bearers = self._by_word.get(words[-1]) or self._by_word.get(words[0]) or []
        for person in islice(reversed(bearers), LOOK_BACK):
            if not (gender and person.gender and gender != person.gender) and person.answers_to(words):
                return person
        return None

    def name(self, span: NameSpan, phrase: OfficePhrase | None = None) -> Person | None:
        """The person a name means, entered when new; None when a lone surname cannot be placed."""
        text = span.text if span.rows and span.full else strip_genitive(span.text, self._by_word)
        gender = "f" if phrase and phrase.office.feminine else None
        person = next((self._by_row[r.id] for r in span.rows if r.id in self._by_row), None) or self.find(text, gender)
        if person is None:
            person = self._placed(span, text, phrase)
            if person is None:
                return None
        if len(text.split()) > len(person.name.split()) and fold(person.name.split()[-1]) in fold(text):
            person.name = text
            self._index(person)
        person.named.append(span.span)
        return person

    def _placed(self, span: NameSpan, text: str, phrase: OfficePhrase | None) -> Person | None:
        """A person that the document has not named before: from the knowledge, else by the name alone."""
        if not (span.full or phrase) and text in self.common:
            return None  # 'Papier', 'Winter': words, until the full name or a title stands there
        row = self._choose(span, phrase)
        if row is None and not (span.full or phrase or span.certain):
            return None
        if row is None and (span.full or phrase):
            row = self._transliterated(text, phrase)
        known = self._by_row.get(row.id) if row else None
        return known or self._enter(self._new(text, row, span))

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
        if len(scored) > 1 and scored[0][0] == scored[1][0] and not span.full:
            return None
        row = scored[0][2]
        if not (span.full or phrase or row.state in self.spoken_of) and (
            fold(span.text) in first_names() or not span.certain
        ):
            return None  # 'Elizabeth' in an item that does not speak of her state
        return row

    def _score(self, row: Row, span: NameSpan, phrase: OfficePhrase | None) -> int:
        score = 2 * (row.term_on(self.day) is not None) if self.day else 0
        if phrase and phrase.office.office:
            held = [t for t in row.terms if t.office == phrase.office.office]
            score += 3 if any(t.holds(self.day) for t in held) else 1 if held else -1
            score += 1 if phrase.former and held else 0
        if phrase and phrase.of is not None:
            codes = {phrase.of.code, phrase.of.state, phrase.of.more.get("own_code")} - {None}
            score += 2 if any(t.of in codes for t in row.terms) or row.state in codes else -4
        if phrase and phrase.office.feminine and row.gender == "m":
            score -= 4
        return score

    def _transliterated(self, text: str, phrase: OfficePhrase | None) -> Row | None:
        """A row whose name reads alike in another transliteration: by key, then by likeness."""
        for sense in self.knowledge.by_key(name_key(text)):
            row = sense.row
            forms = [*row.names.values(), *row.surnames]
            if max(similar(text, f) for f in forms) < ALIKE or not (" " in text or phrase is not None):
                continue
            if phrase is None or self._score(row, NameSpan(0, 0, (0, 0), text, (row,), False, False), phrase) >= 2:
                return row
        return None

    # ------------------------------------------------------------ offices

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
        if office.feminine or office.masculine:
            person.gender = person.gender or ("f" if office.feminine else "m")

    def settle(self) -> None:
        """All names are placed and titled: order them, so that what follows can look back."""
        self._named = sorted((s[0], n) for n, p in enumerate(self.persons) for s in p.named)
        self._by_state = {}
        for person in self.persons:
            self._by_state.setdefault(person.state, []).append(person)

    def back(self, offset: int) -> Iterator[Person]:
        """Persons mentioned before an offset, the nearest first, the last mentions only."""
        named = bisect_left(self._named, (offset, -1)) - 1
        titled = len(self._titled) - 1
        while titled >= 0 and self._titled[titled][0] >= offset:
            titled -= 1
        for _ in range(LOOK_BACK):
            if titled >= 0 and (named < 0 or self._titled[titled][0] > self._named[named][0]):
                yield self._titled[titled][1]
                titled -= 1
            elif named >= 0:
                yield self.persons[self._named[named][1]]
                named -= 1
            else:
                return

    def titled(self, person: Person, span: Span) -> None:
        """Note that an office phrase without a name means a person; phrases come in text order."""
        person.titled.append(span)
        self._titled.append((span[0], person))

    def holder(self, phrase: OfficePhrase) -> Person | None:
        """Who an office phrase without a name is: named in the item, or the holder on its day."""
        office = phrase.office.office
        if phrase.of is None or office is None:
            return self._same_title(phrase)
        code = phrase.of.code or phrase.of.state
        for person in islice(reversed(self._by_state.get(code, [])), LOOK_BACK):
            if _fits(person.office, office) and _sex(person.gender, phrase):
                return person
        if phrase.former or office not in NAMED_OFFICES or phrase.of.kind not in ("state", "city"):
            return None
        return self._in_office(phrase, str(code), office)

    def _in_office(self, phrase: OfficePhrase, code: str, office: str) -> Person | None:
        holders = self.knowledge.holders(code, office, self.day) if self.day else ()
        if len(holders) != 1 or not _sex(holders[0].gender, phrase):
            return None
        row = holders[0]
        if phrase.office.monarch and any(t.title and "resident" in t.title for t in row.terms if t.of == code):
            return None  # a republic has no 'Kaiser'
        if row.id in self._by_row:
            return self._by_row[row.id]
        span = NameSpan(phrase.first, phrase.last, phrase.core, row.name(self.encoded.language), (row,), True, True)
        person = self._enter(self._new(span.text, row, span))
        person.why = f"{office.replace('_', ' ')} of {code} on {self.day}"
        person.confidence = 0.85
        return person

    def _same_title(self, phrase: OfficePhrase) -> Person | None:
        """'der Minister', 'the spokesman': the last person in the item with that office and sex."""
        asked = phrase.office.office
        if asked is None:
            return None
        return self._last(
            phrase.core[0],
            lambda p: (
                _fits(p.office, asked) and _sex(p.gender, phrase) and (asked != "other" or self._title_again(p, phrase))
            ),
        )

    def counterpart(self, phrase: OfficePhrase) -> Person | None:
        """'sein kasachischer Amtskollege': who holds for that state the office of the person last named before."""
        other = phrase.of.code if phrase.of else None
        colleague = self._last(phrase.core[0], lambda p: p.office is not None and p.state != other)
        if colleague is None:
            return None
        office = Office(colleague.office, "GOV", None, (), phrase.office.feminine)
        return self.holder(replace(phrase, office=office, name=None))

    def colleague(self, person: Person, phrase: OfficePhrase) -> None:
        """'her Peruvian counterpart Teófilo Quispe': the office of the one named before, whose colleague he is."""
        other = self._last(
            phrase.core[0], lambda p: p is not person and p.office is not None and p.state != person.state
        )
        if other is not None and person.office in (None, "other"):
            person.office = other.office
            person.sector = person.sector or other.sector

    def compatriot(self, offset: int, state: str | None, gender: str | None) -> Person | None:
        """The last person of a state, and of a sex where one is asked for, named before an offset."""
        return self._last(offset, lambda p: p.state == state and not (gender and p.gender and gender != p.gender))

    def _last(self, offset: int, fits: Callable[[Person], bool]) -> Person | None:
        return next((p for p in self.back(offset) if fits(p)), None)

    def _title_again(self, person: Person, phrase: OfficePhrase) -> bool:
        word = self.encoded.words(phrase.core)[:6].lower()
        return any(word in self.encoded.words(t).lower() for t in person.titled[-LOOK_BACK:])


def _sex(gender: str | None, phrase: OfficePhrase) -> bool:
    """Whether somebody of a sex may bear a title ('die Ministerin' is no man; English titles suit all)."""
    if gender is None:
        return True
    return not (phrase.office.feminine if gender == "m" else phrase.office.masculine)


def _fits(held: str | None, asked: str) -> bool:
    """Whether an office held answers to a title: a foreign minister is a minister too.

    >>> _fits("foreign_minister", "minister"), _fits("minister", "foreign_minister")
    (True, False)
    """
    return held == asked or (asked == "minister" and held == "foreign_minister")


def first_gender(name: str) -> str | None:
    """Sex by first name: m, f or None."""
    sex = first_names().get(fold(name.split()[0]))
    return sex if sex in ("m", "f") else None


def person_rows(atom: Atom) -> tuple[tuple[Row, ...], bool]:
    """The persons an atom may name, and whether by full name."""
    full = tuple(s.row for s in atom.senses if s.form == "person")
    return (full, True) if full else (tuple(s.row for s in atom.senses if s.form == "surname"), False)
