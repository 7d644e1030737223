"""Who is named: entities with all their mentions, and every phrase that refers to an actor.

In: Encoded and Knowledge. Out: Named. Links inflected names, adjectives, metonyms, transliterations, offices on the
item's day, counterparts, pairs and pronouns. Must not know statements, events or any other record.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from communique.compiling import fold
from communique.knowledge import Knowledge
from communique.reading.encode import Encoded
from communique.reading.mentions.classed import classed_names, classed_things
from communique.reading.mentions.drafts import Findings, Thing, refer_person
from communique.reading.mentions.namespans import find_names
from communique.reading.mentions.offices import Surroundings, office_phrases
from communique.reading.mentions.origins import compatriots, origins
from communique.reading.mentions.people import NAMED_OFFICES, NameSpan, OfficePhrase, People, Person
from communique.reading.mentions.pronouns import Salience, resolve_pronouns
from communique.reading.mentions.scan import Atom, Words, scan, vocabulary
from communique.reading.mentions.things import aliases, dateline, find_things, open_things
from communique.reading.mentions.years import named_years
from communique.reading.named import Named, Reference
from communique.reading.outputs import Outputs
from communique.records import Actor, Entity, Mention, Span

GOVERNING = frozenset({"head_of_state", "head_of_government", "foreign_minister", "minister", "spokesperson"})


def find_mentions(encoded: Encoded, knowledge: Knowledge, outputs: Outputs | None = None) -> Named:
    """All entities, mentions and references of a document.

    Raises nothing on any text; a name that cannot be placed stays a mention without knowledge.
    """
    vocab = vocabulary(encoded.language)
    words = Words.of(encoded.tokens, vocab)
    atoms = scan(encoded, words, knowledge)
    weight = _weight(atoms)
    people = People(encoded, knowledge, frozenset(vocab.traps.get("word_surnames") or ()), weight)
    found = Findings(encoded, knowledge, vocab, words, people)
    classed = classed_names(found, atoms)
    found.covered.update(i for c in classed for i in range(c.noun, c.end))
    names, others = find_names(found, atoms, outputs)
    taken = {i for n in names for i in range(n.first, n.last)} | found.covered
    atoms = tuple(a for a in atoms if not any(i in taken for i in range(a.first, a.last)))
    around = Surroundings(
        encoded, vocab, knowledge, words,
        {a.first: a for a in atoms}, {a.last: a for a in atoms},
        {n.first: n for n in names}, {n.last: n for n in names}, weight,
        frozenset(words.folded[n.last - 1] for n in names),
    )  # fmt: skip
    phrases = office_phrases(around, atoms)
    references = _persons(found, around, names, phrases)
    same, spent = compatriots(found, around, atoms)
    atoms = tuple(a for a in atoms if a.first not in spent)
    others = [o for o in others if o.first not in spent]
    references += same
    references += find_things(found, around, atoms, phrases)
    references += open_things(found, around, others, atoms)
    references += classed_things(found, classed)
    references += named_years(found, around)
    references += aliases(found)
    dateline(found)
    return _assemble(found, references)


def _weight(atoms: Sequence[Atom]) -> Mapping[str, int]:
    """How often each state is spoken of, by name, adjective or city."""
    states = (s.row.state for a in atoms for s in a.senses[:1] if s.row.kind in ("state", "city"))
    return Counter(code for code in states if code)


def _persons(
    found: Findings, around: Surroundings, names: Sequence[NameSpan], phrases: Sequence[OfficePhrase]
) -> list[Reference]:
    """Place all names and office phrases; full names first, so that surnames find them."""
    by_name = {p.name.span: p for p in phrases if p.name is not None}
    people = found.people
    for name in sorted(names, key=lambda n: (not n.full, n.first)):
        person = people.name(name, by_name.get(name.span))
        if person is not None:
            found.persons_at[name.span] = person
    for phrase in phrases:
        person = found.persons_at.get(phrase.name.span) if phrase.name else None
        if person is not None:
            people.apply(person, phrase)
    origins(found, around, names)
    people.settle()
    for phrase in phrases:
        person = found.persons_at.get(phrase.name.span) if phrase.name and phrase.counterpart else None
        if person is not None and person.row is None:
            people.colleague(person, phrase)
    references = [_placed(found, phrase) for phrase in phrases]
    covered = {p.name.span for p in phrases if p.name}
    lone = ((span, person) for span, person in found.persons_at.items() if span not in covered)
    return references + [refer_person(person, span, span, "name") for span, person in lone]


def _placed(found: Findings, phrase: OfficePhrase) -> Reference:
    """The reference of an office phrase: to its person where there is one, else to whose office it is."""
    person = found.persons_at.get(phrase.name.span) if phrase.name else None
    if person is None and phrase.definite:
        person = found.people.counterpart(phrase) if phrase.counterpart else found.people.holder(phrase)
    if person is not None and phrase.name is None:
        found.people.titled(person, phrase.core)
    start, end = found.encoded.tokens[phrase.first].start, phrase.core[1]
    head = phrase.core
    if phrase.name:
        start, end = min(start, phrase.name.span[0]), max(end, phrase.name.span[1])
        head = phrase.name.span
    if person is not None:
        return refer_person(person, (start, end), head, "title")
    row = phrase.of
    code = row.code or row.state if row else None
    sector = phrase.office.sector or ("GOV" if row and row.kind == "state" else None)
    known = row.id if row is not None and row.kind in ("state", "igo") else None
    return Reference((start, end), head, (Actor(code, sector, known, "", head),), "title")


# ---------------------------------------------------------------- assembling


def _assemble(found: Findings, references: list[Reference]) -> Named:
    """Number the entities by first mention, turn provisional actors into real ones, and resolve pronouns."""
    _settle_states(found)
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
    ids |= {
        f"thing:{short}": ids[f"thing:{id(thing)}"]
        for short, thing in found.merged.items()
        if f"thing:{id(thing)}" in ids
    }
    rows = {d.row.id: ids[key] for _s, key, d in drafts if d.row is not None}
    entities = [_entity(found, ids[key], draft) for _s, key, draft in drafts]
    actors = {ids[key]: _base_actor(draft) for _s, key, draft in drafts}
    final = [_final(found, r, rows | ids, actors) for r in references]
    mentions = [Mention(s, _layer_type(e), e.id) for e, d in zip(entities, drafts, strict=True) for s in _heads(d[2])]
    final += resolve_pronouns(found.encoded, found.vocab, Salience.of(found.encoded, found.vocab, entities, final))
    return Named.of(entities, sorted(mentions, key=lambda m: m.span), final)


def _settle_states(found: Findings) -> None:
    """Whose an office-holder is that no word says: the house's that issues the read-out, or the dateline's.

    'Das Auswärtige Amt teilt mit: Außenministerin A. telefonierte mit …': A. is German.
    """
    _settle_by_dateline(found)
    if found.encoded.document.genre != "readout":
        return
    seats = [t for key, t in found.things.items() if key.startswith("seat:") and t.state and t.mentions]
    issuer = min(seats, key=lambda t: min(t.mentions), default=None)
    for person in found.people.persons:
        if issuer is None or person.state or person.row or person.office not in GOVERNING:
            continue
        if not any(p.state == issuer.state and p.office == person.office for p in found.people.persons):
            person.state = issuer.state


def _settle_by_dateline(found: Findings) -> None:
    """'MONTEVIDEO — President Echazarreta said Uruguay …': the dateline's state, if none is named twice as often.

    counter: 'BERLIN — President Echazarreta said Uruguay …'
    """
    states = {t.code: len(t.mentions) for t in found.things.values() if t.kind == "state" and t.code}
    seat = next((t for t in found.things.values() if t.why == "the dateline"), None)
    state = seat.state if seat else None
    if not state or not states.get(state) or 2 * states[state] < max(states.values()):
        return
    held = {p.office for p in found.people.persons if p.state == state}
    open_ = [p for p in found.people.persons if p.state is None and p.row is None and p.named]
    for person in open_:
        alone = sum(p.office == person.office for p in open_) == 1 and person.office not in held
        if person.office == "minister" or (person.office in NAMED_OFFICES and alone):
            person.state = state


def _heads(draft: Person | Thing) -> list[Span]:
    spans = draft.named if isinstance(draft, Person) else draft.mentions
    return sorted(set(spans))


def _base_actor(draft: Person | Thing) -> tuple[str | None, str | None]:
    if isinstance(draft, Thing):
        return draft.code or draft.state, draft.sector
    sector = draft.sector or ("GOV" if draft.row or draft.office not in (None, "other") else None)
    return draft.state, sector


def _final(
    found: Findings, reference: Reference, ids: Mapping[str, str], actors: Mapping[str, tuple[str | None, str | None]]
) -> Reference:  # fmt: skip
    out = []
    for actor in reference.actors:
        entity = ids.get(actor.entity or "")
        code, sector = actor.code, actor.sector
        if entity and code is None:
            code, base = actors[entity]
            sector = sector or base
        span = actor.span or reference.span
        code = found.knowledge.coded(code)  # contested cases as the table has them
        out.append(Actor(code, sector, entity, found.encoded.words(reference.span), span))
    return Reference(reference.span, reference.head, tuple(out), reference.form, reference.plural)


def _entity(found: Findings, id: str, draft: Person | Thing) -> Entity:
    row = draft.row
    person, thing = (draft, None) if isinstance(draft, Person) else (None, draft)
    spans = sorted(
        {
            *(person.named if person else ()),
            *(person.titled if person else ()),
            *(thing.mentions + thing.wide if thing else ()),
        }
    )
    return Entity(
        id=id,
        kind=thing.kind if thing else "person",
        name=draft.name if thing is None or thing.kind == "state" else _fullest(found, thing, thing.mentions),
        code=thing.code if thing else None,
        wikidata=row.wikidata if row else None,
        state=draft.state,
        office=person.office if person else None,
        mentions=tuple(spans),
        confidence=draft.confidence,
        why=draft.why,
        gender=person.gender if person else None,
        knowledge=row.id if row else None,
    )


def _fullest(found: Findings, thing: Thing, spans: Sequence[Span]) -> str:
    """The fullest form in the item's text; where the knowledge has the same name uninflected, that."""
    longest = max((found.encoded.words(s) for s in spans), key=len)
    if thing.row is not None:
        usual = thing.row.name(found.encoded.language)
        if len(longest) > 6 and fold(longest)[:4] == fold(usual)[:4]:
            return usual
    return longest


def _layer_type(entity: Entity) -> str:
    return {"person": "PER", "igo": "ORG", "organisation": "ORG", "state": "LOC", "place": "LOC"}.get(
        entity.kind, "MISC"
    )
