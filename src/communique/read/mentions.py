"""Who is named: entities with all their mentions, and every phrase that refers to an actor.

In: Encoded and Knowledge. Out: Named. Links inflected names, adjectives, metonyms, transliterations, offices on the
item's day, counterparts, pairs and pronouns. Must not know statements, events or any other record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from communique.compiling import fold, surface_key
from communique.knowledge import Knowledge, Row
from communique.read.encode import Encoded
from communique.read.flags import is_ordinary, token_flags
from communique.read.named import Named, Reference
from communique.read.names import folded_first_name, open_names
from communique.read.offices import Surroundings, office_phrases
from communique.read.people import NameSpan, OfficePhrase, People, Person, is_particle, person_rows
from communique.read.pronouns import Salience, resolve_pronouns
from communique.read.scan import Atom, Vocabulary, organ_at, scan, sub_national, vocabulary, word_set
from communique.records import Actor, Entity, Mention, Span

LEAST_MARGIN = {"PER": 0.5, "LOC": 3.0, "ORG": 3.0}  # set on train/corpus.jsonl: `make evaluate`


@dataclass(slots=True)
class Thing:
    """A state, organisation, initiative or place of a document while it is being read."""

    kind: str
    name: str
    row: Row | None = None
    code: str | None = None
    state: str | None = None
    sector: str | None = None
    mentions: list[Span] = field(default_factory=list)
    weak: bool = True
    confidence: float = 0.9
    why: str = ""
    id: str = ""


@dataclass(slots=True)
class Findings:
    """What the passes over one document gather."""

    encoded: Encoded
    knowledge: Knowledge
    vocab: Vocabulary
    people: People
    things: dict[str, Thing] = field(default_factory=dict)
    owners: dict[Span, list[tuple[object, str]]] = field(default_factory=dict)
    persons_at: dict[Span, Person] = field(default_factory=dict)

    def thing(self, key: str, make: Thing) -> Thing:
        """The thing with a key, entered when new."""
        return self.things.setdefault(key, make)


def find_mentions(encoded: Encoded, knowledge: Knowledge) -> Named:
    """All entities, mentions and references of a document.

    Raises nothing on any text; a name that cannot be placed stays a mention without knowledge.
    """
    vocab = vocabulary(encoded.language)
    atoms = scan(encoded, knowledge)
    found = Findings(encoded, knowledge, vocab, People(encoded, knowledge))
    names, others = _names(found, atoms)
    atoms = tuple(a for a in atoms if not any(n.first < a.last and a.first < n.last for n in names))
    around = Surroundings(
        encoded, vocab, knowledge,
        {a.first: a for a in atoms}, {a.last: a for a in atoms},
        {n.first: n for n in names}, {n.last: n for n in names},
    )  # fmt: skip
    phrases = office_phrases(around, atoms)
    references = _persons(found, names, phrases)
    references += _things(found, around, atoms, phrases)
    references += _open_things(found, others, atoms)
    references += _aliases(found, around)
    _dateline(found)
    return _assemble(found, references)


# ---------------------------------------------------------------- person names


def _names(found: Findings, atoms: Sequence[Atom]) -> tuple[list[NameSpan], list[tuple[int, int, str, float]]]:
    """Person names (known and open) and other open names, none overlapping."""
    names = [n for a in atoms if (n := _known_name(found, a)) is not None]
    taken = {i for n in names for i in range(n.first, n.last)}
    others: list[tuple[int, int, str, float]] = []
    for first, last, kind, margin in _open(found):
        if kind == "PER" and margin >= LEAST_MARGIN["PER"]:
            name = _open_person(found, first, last, margin)
            overlapping = [n for n in names if n.first < last and first < n.last]
            if name and overlapping and (name.first, name.last) == (overlapping[0].first, overlapping[0].last):
                names = [replace(n, certain=True) if n in overlapping else n for n in names]
                continue
            if name and all(name.first <= n.first and n.last <= name.last and not n.full for n in overlapping):
                names = [n for n in names if n not in overlapping]
                rows = overlapping[-1].rows if overlapping and overlapping[-1].last == name.last else ()
                names.append(NameSpan(name.first, name.last, name.span, name.text, _given_fits(rows, name), name.full, True))
        elif kind != "PER" and margin >= LEAST_MARGIN[kind] and not taken & set(range(first, last)):
            others.append((first, last, kind, margin))
    return sorted(names, key=lambda n: n.first), others


def _given_fits(rows: tuple[Row, ...], name: NameSpan) -> tuple[Row, ...]:
    """Bearers of a surname whose first name is not another one than the text has ('Paul Merkel' is not Angela)."""
    if not name.full:
        return rows
    first = fold(name.text.split()[0])[:3].lower()
    return tuple(r for r in rows if any(fold(n.split()[0])[:3].lower() == first for n in r.names.values()))


def _known_name(found: Findings, atom: Atom) -> NameSpan | None:
    rows, full = person_rows(atom)
    if not rows or any(s.row.kind in ("state", "igo") for s in atom.senses):
        return None
    text = found.encoded.words(atom.span)
    if found.encoded.tokens[atom.last - 1].text.endswith("s") and not full:
        text = text.removesuffix("s") if fold(text.removesuffix("s")) in {fold(s) for r in rows for s in r.surnames} else text
    return NameSpan(atom.first, atom.last, _bare(found, atom), text, rows, full, False)


def _bare(found: Findings, atom: Atom) -> Span:
    return atom.span


def _open(found: Findings) -> Iterable[tuple[int, int, str, float]]:
    for sentence in found.encoded.sentences:
        words = [t.text for t in found.encoded.tokens[sentence.first : sentence.last]]
        flags = token_flags(words, found.encoded.language, found.knowledge)
        for name in open_names(words, flags, found.encoded.language):
            yield sentence.first + name.first, sentence.first + name.last, name.type, name.margin


def _open_person(found: Findings, first: int, last: int, margin: float) -> NameSpan | None:
    tokens, vocab = found.encoded.tokens, found.vocab
    for i in range(last - 1, first - 1, -1):
        if _is_office(found, i):
            first = i + 1
            break
    while first < last and tokens[first].text in word_set(vocab, "not_names"):
        first += 1
    first, last = _between_first_names(found, first, last)
    last = _extended(found, last)
    cut = next((i for i in range(first + 1, last) if tokens[i].text in word_set(vocab, "of") and i - first > 1), last)
    last = cut if tokens[cut - 1].text[:1].isupper() and not _noble(found, cut) else last
    if first >= last:
        return None
    span = (tokens[first].start, tokens[last - 1].end)
    words = [t.text for t in tokens[first:last] if t.text[:1].isalpha() and not is_particle(t, vocab)]
    if not words or not any(w[:1].isupper() for w in words):
        return None
    full = len(words) > 1
    if not full and margin < 1.5:
        return None
    return NameSpan(first, last, span, found.encoded.words(span), (), full, margin > 2)


def _between_first_names(found: Findings, first: int, last: int) -> tuple[int, int]:
    """Begin a name at its first name, and let a lone first name take the unknown capitalised word behind it."""
    tokens, language = found.encoded.tokens, found.encoded.language
    for i in range(first, last - 1):
        if folded_first_name(tokens[i].text):
            first = i
            break
        if not is_ordinary(tokens[i].text, language):
            break
    if last - first == 1 and folded_first_name(tokens[first].text) and last < len(tokens):
        after = tokens[last]
        if after.start == tokens[first].end + 1 and after.text[:1].isupper() and not is_ordinary(after.text, language):
            last += 1
    return first, last


def _extended(found: Findings, last: int) -> int:
    """The end of a name with its glued or linked parts: 'Jae' + '-hun', 'Fattah' + 'el-Sisi'."""
    tokens = found.encoded.tokens
    while last + 1 < len(tokens):
        mark, after = tokens[last], tokens[last + 1]
        glued = mark.text == "-" and mark.start == tokens[last - 1].end and after.start == mark.end and after.text.isalpha()
        linked = (
            is_particle(mark, found.vocab) and after.text == "-" and last + 2 < len(tokens) and tokens[last + 2].text[:1].isupper()
        )
        if not (glued or linked):
            break
        last += 2 if glued else 3
    return last


def _noble(found: Findings, i: int) -> bool:
    """Whether the small word at `i` is a particle of names in this language ('Ursula von der Leyen')."""
    return i < len(found.encoded.tokens) and is_particle(found.encoded.tokens[i], found.vocab)


def _is_office(found: Findings, i: int) -> bool:
    word = found.encoded.tokens[i].text
    if (word if found.vocab.cased else word.lower()) in found.vocab.offices:
        return folded_first_name(word) is None
    return word[:1].isupper() and len(word) > 6 and any(word.lower().endswith(e) for e, _o in found.vocab.suffixes)


def _persons(found: Findings, names: Sequence[NameSpan], phrases: Sequence[OfficePhrase]) -> list[Reference]:
    """Place all names and office phrases; full names first, so that surnames find them."""
    by_name = {p.name.span: p for p in phrases if p.name is not None}
    people = found.people
    for name in sorted(names, key=lambda n: (not n.full, n.first)):
        person = people.name(name, by_name.get(name.span))
        if person is not None:
            found.persons_at[name.span] = person
    references = []
    for phrase in phrases:
        person = found.persons_at.get(phrase.name.span) if phrase.name else None
        if person is not None:
            people.apply(person, phrase)
    for phrase in phrases:
        person = found.persons_at.get(phrase.name.span) if phrase.name else None
        if person is None and phrase.counterpart:
            person = _counterpart(found, phrase)
        elif person is None:
            person = people.holder(phrase)
        if person is not None and phrase.name is None:
            person.titled.append(phrase.core)
        references.append(_phrase_reference(found, phrase, person))
    covered = {p.name.span for p in phrases if p.name}
    for span, person in found.persons_at.items():
        if span not in covered:
            references.append(_reference(found, span, span, person, "name"))
    return references


def _counterpart(found: Findings, phrase: OfficePhrase) -> Person | None:
    """'sein kasachischer Amtskollege': who holds for that state the office of the person last named before."""
    before = [
        (span[0], person)
        for person in found.people.persons
        for span in (*person.named, *person.titled)
        if span[1] <= phrase.core[0] and person.office and person.state != (phrase.of.code if phrase.of else None)
    ]
    if not before:
        return None
    office = max(before, key=lambda b: b[0])[1].office
    asked = OfficePhrase(
        phrase.first, phrase.last, type(phrase.office)(office, "GOV", None, (), phrase.office.feminine),
        phrase.of, None, True, False, phrase.core,
    )  # fmt: skip
    return found.people.holder(asked)


def _phrase_reference(found: Findings, phrase: OfficePhrase, person: Person | None) -> Reference:
    tokens = found.encoded.tokens
    start, end = tokens[phrase.first].start, phrase.core[1]
    head = phrase.core
    if phrase.name:
        start, end = min(start, phrase.name.span[0]), max(end, phrase.name.span[1])
        head = phrase.name.span
    if person is not None:
        return _reference(found, (start, end), head, person, "title")
    row = phrase.of
    code = row.code or row.state if row else None
    sector = phrase.office.sector or ("GOV" if row and row.kind == "state" else None)
    return Reference((start, end), head, (Actor(code, sector, _key(row), "", head),), "title")


def _key(row: Row | None) -> str | None:
    return row.id if row is not None and row.kind in ("state", "igo") else None


def _reference(found: Findings, span: Span, head: Span, person: Person, form: str) -> Reference:
    return Reference(span, head, (Actor(None, None, f"person:{id(person)}", "", span),), form)


# ---------------------------------------------------------------- states, organisations, places


def _things(found: Findings, around: Surroundings, atoms: Sequence[Atom], phrases: Sequence[OfficePhrase]) -> list[Reference]:
    inside = [p.core for p in phrases]
    words = frozenset(fold(t.text) for t in found.encoded.tokens)
    references = []
    for atom in atoms:
        if not atom.senses:
            continue
        made = _place_atom(found, around, atom, words)
        if made is None:
            continue
        thing, form = made
        if form == "adjective":
            reference = _adjective(found, around, atom, thing)
            if reference.form == "group" and reference.actors[0].sector == "GOV":
                thing.mentions.append(atom.span)
        elif form == "metonym" and thing.kind == "state" and not any(s.form == "capital" for s in atom.senses):
            thing = _seat(found, atom, thing)
            reference = Reference(_with_determiner(around, atom), atom.span, (_actor(thing, atom.span),), form)
        else:
            thing.mentions.append(atom.span)
            thing.weak = False
            reference = Reference(_with_determiner(around, atom), atom.span, (_actor(thing, atom.span),), form)
        if not any(s <= reference.head[0] and reference.head[1] <= e for s, e in inside):
            references.append(reference)
    return references


def _seat(found: Findings, atom: Atom, state: Thing) -> Thing:
    """'Pentagon', 'Auswärtiges Amt': a house of a government is an organisation that acts for its state."""
    name = found.encoded.words(atom.span)
    make = Thing("organisation", name, None, None, state.state, "GOV", why=f"{name!r} stands for {state.code}")
    seat = found.thing(f"seat:{fold(name)[:9]}:{state.code}", make)
    seat.mentions.append(atom.span)
    return seat


def _place_atom(found: Findings, around: Surroundings, atom: Atom, words: frozenset[str]) -> tuple[Thing, str] | None:
    """The thing an atom names and in which form, or None when it is none here."""
    surface = found.encoded.words(atom.span)
    part_of = sub_national(surface, words, found.vocab)
    if part_of:
        return found.thing(f"place:{surface}", Thing("place", surface, state=part_of, why="part of a state")), "name"
    if _in_company(around, atom) or _given(around, atom):
        return None
    for sense in atom.senses:
        row = sense.row
        if row.kind == "state" and _prefix(around, atom):
            return _state(found, row), "adjective"
        if row.kind == "state":
            return _state(found, row), "name" if sense.form == "inhabitant" else sense.form
        if row.kind == "region":
            name = row.name(found.encoded.language)
            return found.thing(row.id, Thing("place", name, row, None, row.state, why=f"{surface!r} is a region")), "name"
        if row.kind == "city":
            return _city(found, around, atom, row, sense.form)
        if row.kind in ("igo", "initiative", "organisation"):
            kind = row.kind
            thing = Thing(kind, surface, row, row.code, row.state, row.sector, why=f"{surface!r} in the knowledge")
            return found.thing(row.id, thing), "name"
    return None


def _state(found: Findings, row: Row) -> Thing:
    name = row.name(found.encoded.language)
    return found.thing(row.id, Thing("state", name, row, row.code, row.code, "GOV", why=f"{row.code} in the knowledge"))


def _city(found: Findings, around: Surroundings, atom: Atom, row: Row, form: str) -> tuple[Thing, str] | None:
    """A capital is a place behind a locative preposition, else its government; other cities are places."""
    if form == "capital-adjective":
        return None
    if form == "capital" and not _is_place(found, around, atom):
        body = next((s.row for s in atom.senses if s.row.kind == "igo" and s.form == "metonym"), None)
        if body is not None:
            return found.thing(body.id, Thing("igo", body.name(found.encoded.language), body, body.code, sector="IGO")), "metonym"
        state = found.knowledge.state(row.state)
        if state is not None:
            return _state(found, state), "metonym"
    surface = found.encoded.words(atom.span)
    name = row.name(found.encoded.language) if not atom.shouted else surface.title()
    thing = Thing("place", name, row, None, row.state, why=f"{surface!r} is a city in {row.state}", confidence=0.85)
    return found.thing(row.id, thing), "name"


def _is_place(found: Findings, around: Surroundings, atom: Atom) -> bool:
    """Whether a capital stands where a place does: behind a locative preposition, in brackets, in a list of places."""
    if atom.shouted or found.encoded.sentence_at(atom.span[0]) is None:
        return True
    i = atom.first - 1
    while i > 0 and around.word(i) in (",", "und", "and", "or", "oder", "/") and around.ends.get(i) is not None:
        i = around.ends[i].first - 1
    before, after = around.word(i), around.word(atom.last)
    return before.lower() in word_set(found.vocab, "locative") or before == "(" or (after == "," and before == ",")


def _prefix(around: Surroundings, atom: Atom) -> bool:
    """'US-' in 'US-Armee': a name joined to the word behind it is an adjective."""
    i = atom.last
    joined = around.word(i) in "-–" and i + 1 < len(around.tokens) and around.tokens[i].start == atom.span[1]
    return joined and around.tokens[i + 1].start == around.tokens[i].end


def _in_company(around: Surroundings, atom: Atom) -> bool:
    """'Air China', 'China Daily', 'Bank of China' are companies."""
    if not any(s.row.kind in ("state", "city") for s in atom.senses):
        return False
    traps = around.vocab.traps
    after, before = around.word(atom.last), around.word(atom.first - 1)
    if after in (traps.get("currency_after") or ()) or (
        after in "-–" and around.word(atom.last + 1) in (traps.get("currency_after") or ())
    ):
        return True
    if after in (traps.get("company_after") or ()) or before in (traps.get("company_before") or ()):
        return True
    return before in ("of", "von") and around.word(atom.first - 2) in ("Bank", "Voice")


def _given(around: Surroundings, atom: Atom) -> bool:
    """'Michael Jordan', 'Paris Hilton': a first name before, or a surname behind a place that is a given name."""
    if not any(s.row.kind in ("state", "city") for s in atom.senses) or atom.last - atom.first > 1:
        return False
    before, after = around.word(atom.first - 1), around.word(atom.last)
    if folded_first_name(before) and around.tokens[atom.first - 1].end + 1 == atom.span[0]:
        known = around.ends.get(atom.first)
        return known is None or not any(s.row.kind in ("state", "city") for s in known.senses)
    if around.word(atom.first) in (around.vocab.traps.get("given") or ()):
        return bool(after[:1].isupper() and after.isalpha() and len(after) > 2 and atom.last not in around.begins) and (
            after not in word_set(around.vocab, "not_names") and around.tokens[atom.last].start == atom.span[1] + 1
        )
    return False


def _adjective(found: Findings, around: Surroundings, atom: Atom, thing: Thing) -> Reference:
    """A state's adjective: with an organ noun behind it an actor ('die kasachische Seite'), else only an adjective."""
    i = atom.last
    while around.word(i) in "-–" and i < len(around.tokens) and around.tokens[i].start == around.tokens[i - 1].end:
        i += 1
    for skip in range(3):
        organ = organ_at(around.tokens, i + skip, found.vocab)
        if organ:
            last = i + skip + organ[0]
            span = (atom.span[0], around.tokens[last - 1].end)
            whole = (_with_determiner(around, atom)[0], span[1])
            if found.encoded.words((around.tokens[i + skip].start, span[1])).lower().endswith(_institutions(found.vocab)):
                name = found.encoded.words(span)
                make = Thing("organisation", name, None, None, thing.state, organ[1], why=f"an organ of {thing.code}")
                body = found.thing(f"organ:{thing.code}:{fold(name)[-9:].lower()}", make)
                body.mentions.append(span)
                return Reference(whole, span, (_actor(body, span),), "group")
            actor = Actor(thing.code, organ[1], f"thing:{id(thing)}", "", span)
            return Reference(whole, span, (actor,), "group")
        word = around.word(i + skip)
        if not (word.isalpha() and word[:1].islower()) or word in word_set(found.vocab, "locative"):
            break
    return Reference(atom.span, atom.span, (_actor(thing, atom.span),), "adjective")


def _institutions(vocab: Vocabulary) -> tuple[str, ...]:
    return tuple(vocab.words.get("institutions") or ("\0",))


def _with_determiner(around: Surroundings, atom: Atom) -> Span:
    before = around.word(atom.first - 1)
    if before.lower() in word_set(around.vocab, "determiners"):
        return (around.tokens[atom.first - 1].start, atom.span[1])
    return atom.span


def _actor(thing: Thing, span: Span) -> Actor:
    code = thing.code or (thing.state if thing.kind in ("organisation", "place") else None)
    return Actor(code, thing.sector, f"thing:{id(thing)}", "", span)


def _open_things(found: Findings, others: Sequence[tuple[int, int, str, float]], atoms: Sequence[Atom]) -> list[Reference]:
    """Organisations and places that only the tagger or the lexicon knows."""
    references = []
    tokens = found.encoded.tokens
    never = word_set(found.vocab, "not_names") | set(found.vocab.traps.get("never") or ())
    others = [o for o in others if o[1] - o[0] > 1 or tokens[o[0]].text not in never]
    taken = {i for a in atoms for i in range(a.first, a.last) if a.senses}
    for first, last, kind, margin in [*_listed(found), *others]:
        if taken & set(range(first, last)):
            continue
        taken |= set(range(first, last))
        span = (tokens[first].start, tokens[last - 1].end)
        name = found.encoded.words(span)
        state, sector = _listed_state(found.vocab, name)
        what = "organisation" if kind == "ORG" else "place"
        thing = found.thing(f"{what}:{fold(name)}", Thing(what, name, state=state, sector=sector, why="by its form"))
        thing.confidence = min(0.9, 0.5 + margin / 20)
        thing.mentions.append(span)
        if what == "organisation":
            references.append(Reference(span, span, (_actor(thing, span),), "name"))
    return references


def _dateline(found: Findings) -> None:
    """The place of the dateline is a place of the item, though no sentence names it."""
    place, text = found.encoded.document.place, found.encoded.text
    body = [s for s in found.encoded.sentences if not s.title]
    if not place or not body:
        return
    at = text[: body[0].start].casefold().rfind(place.casefold())
    if at < 0:
        return
    senses = [s.row for s in found.knowledge.senses(surface_key(place)) if s.row.kind == "city"]
    row = senses[0] if senses else None
    key = row.id if row else f"place:{fold(place)}"
    thing = found.thing(key, Thing("place", place, row, None, row.state if row else None, why="the dateline"))
    thing.mentions.append((at, at + len(place)))


def _listed(found: Findings) -> list[tuple[int, int, str, float]]:
    """Parties, bodies and groups of the lexicon in the text."""
    table = _listed_names(found.vocab)
    tokens = found.encoded.tokens
    out = []
    i = 0
    while i < len(tokens):
        for length in range(min(6, len(tokens) - i), 0, -1):
            if " ".join(t.text for t in tokens[i : i + length]) in table:
                out.append((i, i + length, "ORG", 8.0))
                i += length - 1
                break
        i += 1
    return out


def _listed_names(vocab: Vocabulary) -> dict[str, tuple[str | None, str | None]]:
    table: dict[str, tuple[str | None, str | None]] = {}
    for state, parties in (vocab.words.get("parties") or {}).items():
        table |= {surface_key(p): (state, "PTY") for p in parties}
    table |= {surface_key(g): (None, None) for g in vocab.words.get("groups") or ()}
    table |= {surface_key(b): (None, "GOV") for b in vocab.words.get("own_bodies") or ()}
    return table


def _listed_state(vocab: Vocabulary, name: str) -> tuple[str | None, str | None]:
    return _listed_names(vocab).get(surface_key(name), (None, None))


def _aliases(found: Findings, around: Surroundings) -> list[Reference]:
    """'Full Name (ABC)': the abbreviation names the thing before it, here and later."""
    tokens = found.encoded.tokens
    by_end = {m[1]: t for t in found.things.values() for m in t.mentions}
    references: list[Reference] = []
    for i in range(1, len(tokens) - 2):
        if tokens[i].text != "(" or tokens[i + 2].text != ")" or not tokens[i + 1].text[:2].isupper():
            continue
        thing = by_end.get(tokens[i - 1].end)
        short = tokens[i + 1].text
        if thing is None or thing.kind == "state" or any((tokens[i + 1].start, tokens[i + 1].end) in t.mentions for t in found.things.values()):
            continue
        for token in tokens[i + 1 :]:
            if token.text == short:
                thing.mentions.append((token.start, token.end))
                references.append(Reference((token.start, token.end), (token.start, token.end), (_actor(thing, (token.start, token.end)),), "name"))
    return references


# ---------------------------------------------------------------- assembling


def _assemble(found: Findings, references: list[Reference]) -> Named:
    """Number the entities by first mention, turn provisional actors into real ones, and resolve pronouns."""
    drafts: list[tuple[int, str, Person | Thing]] = []
    for person in found.people.persons:
        spans = person.named + person.titled
        if spans:
            drafts.append((min(s[0] for s in spans), f"person:{id(person)}", person))
    for thing in found.things.values():
        if thing.mentions:
            drafts.append((min(s[0] for s in thing.mentions), f"thing:{id(thing)}", thing))
    drafts.sort(key=lambda d: (d[0], d[1][:1]))
    ids = {key: f"t{n}" for n, (_start, key, _d) in enumerate(drafts, 1)}
    rows = {d.row.id: ids[key] for _s, key, d in drafts if d.row is not None}
    entities = [_entity(found, ids[key], draft) for _s, key, draft in drafts]
    actors = {ids[key]: _base_actor(draft) for _s, key, draft in drafts}
    final = [_final(found, r, ids, rows, actors) for r in references]
    mentions = [Mention(s, _layer_type(e), e.id) for e, d in zip(entities, drafts, strict=True) for s in _heads(d[2])]
    final += resolve_pronouns(found.encoded, found.vocab, Salience.of(found.encoded, entities, final))
    return Named.of(entities, sorted(mentions, key=lambda m: m.span), final)


def _heads(draft: Person | Thing) -> list[Span]:
    spans = draft.named if isinstance(draft, Person) else draft.mentions
    return sorted(set(spans))


def _base_actor(draft: Person | Thing) -> tuple[str | None, str | None]:
    if isinstance(draft, Thing):
        return draft.code or draft.state, draft.sector
    sector = draft.sector or ("GOV" if draft.row or draft.office not in (None, "other") else None)
    return draft.state, sector


def _final(
    found: Findings, reference: Reference, ids: dict[str, str], rows: dict[str, str],
    actors: dict[str, tuple[str | None, str | None]],
) -> Reference:  # fmt: skip
    out = []
    for actor in reference.actors:
        entity = ids.get(actor.entity or "") or rows.get(actor.entity or "")
        code, sector = actor.code, actor.sector
        if entity and code is None:
            code, base = actors[entity]
            sector = sector or base
        span = actor.span or reference.span
        out.append(Actor(code, sector, entity, found.encoded.words(reference.span), span))
    return Reference(reference.span, reference.head, tuple(out), reference.form, reference.plural)


def _entity(found: Findings, id: str, draft: Person | Thing) -> Entity:
    if isinstance(draft, Person):
        spans = sorted(set(draft.named + draft.titled))
        wikidata = draft.row.wikidata if draft.row else None
        known = draft.row.id if draft.row else None
        return Entity(
            id, "person", draft.name, None, wikidata, draft.state, draft.office, tuple(spans), draft.confidence, draft.why,
            draft.gender, known,
        )  # fmt: skip
    spans = sorted(set(draft.mentions))
    name = draft.name if draft.kind == "state" else _fullest(found, draft, spans)
    row = draft.row
    return Entity(
        id, draft.kind, name, draft.code, row.wikidata if row else None, draft.state, None, tuple(spans), draft.confidence,
        draft.why, None, row.id if row else None,
    )  # fmt: skip


def _fullest(found: Findings, thing: Thing, spans: Sequence[Span]) -> str:
    """The fullest form in the item's text; where the knowledge has the same name uninflected, that."""
    longest = max((found.encoded.words(s) for s in spans), key=len)
    if thing.row is not None:
        usual = thing.row.name(found.encoded.language)
        if len(longest) > 6 and fold(longest)[:4] == fold(usual)[:4]:
            return usual
    return longest


def _layer_type(entity: Entity) -> str:
    return {"person": "PER", "igo": "ORG", "organisation": "ORG", "state": "LOC", "place": "LOC"}.get(entity.kind, "MISC")
