"""States, organisations, initiatives and places: what each atom names here, and in which role.

In: atoms and their surroundings. Out: things with mentions, and references to them.
Must not know persons.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from communique.compiling import fold, surface_key
from communique.knowledge import Row
from communique.reading.mentions.drafts import Findings, Thing, refer
from communique.reading.mentions.flags import is_compound, is_ordinary
from communique.reading.mentions.names import first_names
from communique.reading.mentions.namespans import Open
from communique.reading.mentions.offices import Surroundings
from communique.reading.mentions.people import OfficePhrase
from communique.reading.mentions.scan import Atom, organ_suffix, sub_national, vocabulary, word_set
from communique.reading.named import Reference
from communique.records import Actor, Span

ROMAN = re.compile(r"[IVX]+")
BY_FORM = "by its form"
LISTED = 8.0
SURE_WORD = 6.0
"""Margin from which an ordinary noun alone is an organisation or place; set on train/corpus.jsonl."""
LONGEST_LIST = 12
"""So many members of a list of cities are walked over to see the preposition before it."""


def find_things(
    found: Findings, around: Surroundings, atoms: Sequence[Atom], phrases: Sequence[OfficePhrase]
) -> list[Reference]:
    """References to all that atoms name; names inside an office phrase are mentions, but no references of their own."""
    cores = sorted(p.core for p in phrases)
    starts = [s for s, _e in cores]
    present = frozenset(found.words.folded)
    references = []
    for atom in atoms:
        if not atom.senses:
            continue
        made = _place_atom(found, around, atom, present)
        if made is None:
            continue
        reference = _refer(found, around, atom, *made)
        owned = _owned_organ(found, around, atom, made[0]) if made[1] in ("name", "metonym") else None
        for each in (reference, owned):
            at = bisect_right(starts, each.head[0]) - 1 if each else 0
            if each and (at < 0 or each.head[1] > cores[at][1]):
                references.append(each)
    return references


def _owned_organ(found: Findings, around: Surroundings, atom: Atom, thing: Thing) -> Reference | None:
    """'Nepals Zentralbank', 'Armee Kenias', "Japan's coast guard": an institution with the state that owns it."""
    if thing.kind != "state":
        return None
    possessive = around.word(atom.last) in ("'s", "’s")
    genitive = (
        found.vocab.cased and around.word(atom.last - 1).endswith("s") and around.word(atom.first - 1).lower() != "des"
    )
    if not (possessive or genitive):
        return None
    behind = atom.last + possessive
    organ = _organ_at(found, behind) if around.together(atom.first, behind) else None
    before = _organ_at(found, atom.first - 1) if genitive and atom.first and not organ else None
    if organ is None and (before is None or before[0] > 1):
        return None
    first, last = (atom.first, behind + organ[0]) if organ else (atom.first - 1, atom.last)
    noun = (around.tokens[behind].start, around.tokens[last - 1].end) if organ else around.tokens[first][:2]
    institution = found.encoded.words(noun).lower().endswith(_institutions(found))
    if not institution:
        return None
    span = (around.tokens[first].start, around.tokens[last - 1].end)
    found.covered.update(range(first, last))
    return refer(
        _body(found, thing, found.encoded.words(noun), span, (organ or before or (0, "GOV"))[1]), span, span, "group"
    )


def _refer(found: Findings, around: Surroundings, atom: Atom, thing: Thing, form: str) -> Reference:
    if form == "adjective":
        reference = _adjective(found, around, atom, thing)
        if reference.form == "group" and reference.actors[0].sector == "GOV":
            thing.mentions.append(atom.span)
        return reference
    if form == "metonym" and thing.kind == "state" and _is_house(found, atom):
        thing = _house(found, atom, thing)
    thing.mentions.append(atom.span)
    return refer(thing, _with_determiner(around, atom), atom.span, form)


def _is_house(found: Findings, atom: Atom) -> bool:
    """Whether a metonym is an organisation of its own ('Pentagon'), not a palace that means its state ('Kreml')."""
    return fold(found.encoded.words(atom.span)) in (found.vocab.traps.get("houses") or ())


def _house(found: Findings, atom: Atom, state: Thing) -> Thing:
    """'Pentagon', 'Auswärtiges Amt': a ministry by its own name is an organisation that acts for its state."""
    name = found.encoded.words(atom.span)
    make = Thing("organisation", name, None, None, state.state, "GOV", why=f"{name!r} stands for {state.code}")
    return found.thing(f"seat:{fold(name)[:9]}:{state.code}", make)


def _place_atom(found: Findings, around: Surroundings, atom: Atom, present: frozenset[str]) -> tuple[Thing, str] | None:
    """The thing an atom names and in which form, or None when it is none here."""
    surface = found.encoded.words(atom.span)
    part_of = sub_national(surface, present, found.vocab)
    if part_of:
        return found.thing(f"place:{surface}", Thing("place", surface, state=part_of, why="part of a state")), "name"
    if _in_company(around, atom) or _given(around, atom):
        return None
    capital = next((s for s in atom.senses if s.form == "capital"), None)
    if capital is not None and all(s.form in ("capital", "metonym") for s in atom.senses):
        return _city(found, around, atom, capital.row, "capital")
    for sense in atom.senses:
        row = sense.row
        if row.kind == "state":
            form = "name" if sense.form == "inhabitant" else sense.form
            return _state(found, row), "adjective" if _prefix(around, atom) else form
        if row.kind in ("region", "city") and _origin(found, around, atom):
            return None
        if row.kind == "region":
            name = row.name(found.encoded.language)
            return found.thing(
                row.id, Thing("place", name, row, None, row.state, why=f"{surface!r} is a region")
            ), "name"
        if row.kind == "city":
            return _city(found, around, atom, row, sense.form)
        if row.kind in ("igo", "initiative", "organisation"):
            thing = Thing(row.kind, surface, row, row.code, row.state, row.sector, why=f"{surface!r} in the knowledge")
            return found.thing(row.id, thing), "name"
    return None


def _origin(found: Findings, around: Surroundings, atom: Atom) -> bool:
    """Whether a place only says where somebody comes from or whom he represents: no place of the item.

    example: "Senator Ann Lee of Ohio", "the mayor of South Bend, Indiana"; counter: "troops left Ohio"
    """
    i = atom.first - 1
    if around.word(i) == "," and around.ends.get(i) is not None:  # 'South Bend, Indiana'
        i = around.ends[i].first - 1
    if around.word(i) not in word_set(found.vocab, "of"):
        return False
    before = around.ends.get(i)
    return i in around.name_ends or (before is not None and before.office is not None)


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
            why = f"{found.encoded.words(atom.span)!r} stands for {body.code}"
            return found.thing(
                body.id, Thing("igo", body.name(found.encoded.language), body, body.code, sector="IGO", why=why)
            ), "metonym"
        state = found.knowledge.state(row.state)
        if state is not None:
            return _state(found, state), "metonym"
    surface = found.encoded.words(atom.span)
    name = row.name(found.encoded.language) if not atom.shouted else surface.title()
    thing = Thing("place", name, row, None, row.state, why=f"{surface!r} is a city in {row.state}", confidence=0.85)
    return found.thing(row.id, thing), "name"


def _is_place(found: Findings, around: Surroundings, atom: Atom) -> bool:
    """Whether a capital stands where a place does: behind a locative preposition, in brackets, among other cities.

    example: "in Peking", "besuchte Peking", "zwischen Peking und Shenzhen"; counter: "Peking wies das zurück",
    "die Regierung in Peking", "in Peking hieß es"
    """
    sentence = found.encoded.sentence_at(atom.span[0])
    if atom.shouted or sentence is None:
        return True
    if around.glued(atom.last) and around.word(atom.last) == ":" and sentence.start == atom.span[0]:
        return True  # 'Rom: …' heads a report from there
    i, cities = _list_before(around, atom)
    before, after = around.word(i), around.word(atom.last)
    if before.lower() == "in" and around.word(i - 1) in word_set(found.vocab, "seated"):
        return False
    if before in word_set(found.vocab, "of") and around.word(i - 1) in word_set(found.vocab, "city_offices"):
        return True
    locative = word_set(found.vocab, "locative") | word_set(found.vocab, "visited")
    if before in locative or before.lower() in locative:
        following = {after, f"{after} {around.word(atom.last + 1)}"}
        return not following & word_set(found.vocab, "voices")
    return cities or before == "(" or (after == "," and before == ",")


def _list_before(around: Surroundings, atom: Atom) -> tuple[int, bool]:
    """Where a list that ends in an atom begins ('Peking, Astana und Wien'), and whether it has plain cities."""
    i, cities = atom.first - 1, _joined_to_city(around, atom)
    for _ in range(LONGEST_LIST):
        before = around.ends.get(i)
        if i <= 0 or before is None or around.word(i) not in word_set(around.vocab, "and") | {",", "/"}:
            break
        cities = cities or _only_city(before)
        i = before.first - 1
    return i, cities


def _joined_to_city(around: Surroundings, atom: Atom) -> bool:
    after = around.begins.get(atom.last + 1)
    return after is not None and around.word(atom.last) in word_set(around.vocab, "and") and _only_city(after)


def _only_city(atom: Atom) -> bool:
    return bool(atom.senses) and all(s.form == "city" for s in atom.senses)


def _prefix(around: Surroundings, atom: Atom) -> bool:
    """'US-' in 'US-Armee': a name joined to the word behind it is an adjective."""
    return around.word(atom.last) in ("-", "–") and around.glued(atom.last) and around.glued(atom.last + 1)


def _in_company(around: Surroundings, atom: Atom) -> bool:
    """'Air China', 'China Daily', 'Bank of China' are companies."""
    if not any(s.row.kind in ("state", "city") for s in atom.senses):
        return False
    traps = around.vocab.traps
    after, before = around.word(atom.last), around.word(atom.first - 1)
    coins = traps.get("currency_after") or ()
    if after in coins or (after in ("-", "–") and around.word(atom.last + 1) in coins):
        return True
    if after in (traps.get("company_after") or ()) or before in (traps.get("company_before") or ()):
        return True
    return before in ("of", "von") and around.word(atom.first - 2) in ("Bank", "Voice")


def _given(around: Surroundings, atom: Atom) -> bool:
    """'Michael Jordan', 'Paris Hilton': a first name before, or a surname behind a place that is a given name."""
    if not any(s.row.kind in ("state", "city") for s in atom.senses) or atom.last - atom.first > 1:
        return False
    before, after = around.word(atom.first - 1), around.word(atom.last)
    if fold(before) in first_names() and around.tokens[atom.first - 1].end + 1 == atom.span[0]:
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
    while around.word(i) in ("-", "–") and around.glued(i):
        i += 1
    for skip in range(3):
        organ = _organ_at(found, i + skip)
        if organ:
            return _organ(found, around, atom, thing, i + skip, *organ)
        word = around.word(i + skip)
        if not (word.isalpha() and word[:1].islower()) or word in word_set(found.vocab, "locative"):
            break
    return refer(thing, atom.span, atom.span, "adjective")


def _organ_at(found: Findings, i: int) -> tuple[int, str] | None:
    """How many tokens from `i` name an organ ('Außenministerium', 'Zollbehörde', 'coast guard'), and its sector."""
    if i >= len(found.words.forms):
        return None
    hit = found.vocab.organs.at(found.words.forms, i)
    sector = None if hit else organ_suffix(found.words.plain[i], found.vocab.language)
    return hit or ((1, sector) if sector else None)


def _organ(
    found: Findings, around: Surroundings, atom: Atom, thing: Thing, noun: int, length: int, sector: str
) -> Reference:  # fmt: skip
    """'libysche Luftwaffe' is an organisation of its own, 'libysche Seite' is the state."""
    span = (atom.span[0], around.tokens[noun + length - 1].end)
    whole = (_with_determiner(around, atom)[0], span[1])
    name = found.encoded.words(span)
    if name.lower().endswith(_institutions(found)):
        found.covered.update(range(atom.first, noun + length))
        return refer(_body(found, thing, name, span, sector), whole, span, "group")
    return Reference(whole, span, (Actor(thing.code, sector, f"thing:{id(thing)}", "", span),), "group")


def _institutions(found: Findings) -> tuple[str, ...]:
    return tuple(found.vocab.words.get("institutions") or ("\0",))


def _body(found: Findings, owner: Thing, noun: str, span: Span, sector: str) -> Thing:
    """An institution of a state, one per noun."""
    name = found.encoded.words(span)
    make = Thing("organisation", name, None, None, owner.state, sector, why=f"an organ of {owner.code}")
    body = found.thing(f"organ:{owner.code}:{_noun_key(noun)}", make)
    found.organs[_noun_key(noun)] = body
    body.mentions.append(span)
    return body


def _noun_key(name: str) -> str:
    """An institution's noun without state and case: 'das Außenministerium' joins 'russischen Außenministeriums'."""
    noun = fold(name).rsplit(" ", 1)[-1].rsplit("-", 1)[-1].lower()
    return noun.removesuffix("es").removesuffix("s")


def _with_determiner(around: Surroundings, atom: Atom) -> Span:
    before = around.word(atom.first - 1)
    if before.lower() in word_set(around.vocab, "determiners"):
        return (around.tokens[atom.first - 1].start, atom.span[1])
    return atom.span


# ---------------------------------------------------------------- things that no list of states or bodies knows


def open_things(
    found: Findings, around: Surroundings, others: Sequence[Open], atoms: Sequence[Atom]
) -> list[Reference]:
    """Organisations and places that only the lexicon or the tagger knows."""
    references = []
    plain = found.words.plain
    never = (
        word_set(found.vocab, "not_names")
        | word_set(found.vocab, "no_bodies")
        | set(found.vocab.traps.get("never") or ())
    )
    named = [a for a in atoms if a.senses]
    taken = {i for a in named for i in range(a.first, a.last)} | found.covered
    weak = {i for a in named if a.senses[0].form == "adjective" for i in range(a.first, a.last)} - found.covered
    wanted = [o for o in others if " ".join(plain[o.first : o.last]) not in never and _may_be_body(found, o)]
    for name in [*_listed(found), *wanted]:
        several = name.last - name.first > 1
        if any(
            i in taken and not (several and name.margin == LISTED and i in weak) for i in range(name.first, name.last)
        ):
            continue  # 'Deutsche Telekom' begins with an adjective, and is listed whole
        taken.update(range(name.first, name.last))
        reference = _open_thing(found, around, name)
        if reference is not None:
            references.append(reference)
    return references


def _may_be_body(found: Findings, name: Open) -> bool:
    """A roman number is no name, and a lone noun hardly ever."""
    lone = name.last - name.first == 1
    return not (lone and (ROMAN.fullmatch(found.words.plain[name.first]) or _a_word(found, name)))


def _a_word(found: Findings, name: Open) -> bool:
    """'Agentur', 'Millionenstadt': a single German noun is a name only where the tagger is very sure."""
    word, language = found.words.plain[name.first], found.encoded.language
    if not found.vocab.cased or word.isupper() or name.margin >= SURE_WORD:
        return False
    return is_ordinary(word, language) or is_compound(word, language)


def _with_owner(found: Findings, around: Surroundings, name: Open) -> tuple[Open, str | None]:
    """'Kommunistische Partei Frankreichs', 'Bank of Spain': a body with the state behind it, and that state."""
    if name.kind != "ORG" or name.last >= len(around.tokens) or not around.together(name.last - 1, name.last):
        return name, None
    i = name.last
    if around.word(i) in word_set(found.vocab, "of") and not found.vocab.cased:
        i += 1 + (around.word(i + 1) == "the")
    elif not (found.vocab.cased and around.word(i).endswith("s")):
        return name, None
    atom = around.begins.get(i)
    state = atom.state() if atom is not None else None
    if atom is None or state is None or atom.form_of(state) != "name" or around.word(i - 1) in ("from", "for"):
        return name, None
    return replace(name, last=atom.last), state.code


def _open_thing(found: Findings, around: Surroundings, open_name: Open) -> Reference | None:
    state, sector = _listed_state(found, around, open_name)
    open_name, owner = _with_owner(found, around, open_name)
    state = owner or state
    span = (found.encoded.tokens[open_name.first].start, found.encoded.tokens[open_name.last - 1].end)
    name = found.encoded.words(span)
    if open_name.kind == "ORG" and sector == "GOV*":  # 'Bundesregierung' is its state
        row = found.knowledge.state(state)
        thing = _state(found, row) if row else Thing("organisation", name, sector="GOV")
    elif sector == "GOV" and state is None and _noun_key(name) in found.organs:
        thing = found.organs[_noun_key(name)]
    elif (body := _shortened(found, name)) is not None:
        thing = body
    else:
        what = "organisation" if open_name.kind == "ORG" else "place"
        key = body_key(name, found.encoded.language) if what == "organisation" else fold(name)
        thing = found.thing(f"{what}:{key}", Thing(what, name, state=state, sector=sector, why=BY_FORM))
        thing.confidence = min(0.9, 0.5 + open_name.margin / 20)
    thing.mentions.append(span)
    head = open_name.last
    if open_name.last < len(around.tokens) and around.word(head) in word_set(found.vocab, "heads_behind"):
        thing.wide.append((span[0], around.tokens[head].end))  # 'Red Heron militia'
    elif thing.kind == "organisation" and _seat_behind(around, head):
        thing.wide.append((span[0], around.begins[head + 1].span[1]))  # 'Defence Ministry in Riga'
    return refer(thing, span, span) if thing.kind != "place" else None


def _shortened(found: Findings, name: str) -> Thing | None:
    """'Kommission', 'Union', 'Forum': the body of the item whose last word it is.

    example: "Die Europäische Union … Die Union werde zahlen"; counter: "Die Union im Bundestag" without the EU
    """
    codes = (found.vocab.words.get("short_bodies") or {}).get(name) or ()
    bodies = [t for t in found.things.values() if t.kind == "igo" and t.code in codes and t.mentions]
    return max(bodies, key=lambda t: len(t.mentions), default=None)


def body_key(name: str, language: str) -> str:
    """One key for the forms and usual other names of a body.

    >>> body_key("Bundesverfassungsgerichtes", "de") == body_key("Bundesverfassungsgericht", "de")
    True
    >>> body_key("Sozialdemokraten", "de") == body_key("SPD", "de")
    True
    """
    bare = _bare(name, vocabulary(language).cased)
    return _other_names(language).get(bare, bare)


def _bare(name: str, cased: bool) -> str:
    """A name in small letters, in a language with cases without the endings of its words."""
    words = fold(name).lower().split()
    return " ".join(re.sub(r"(?<=\w{3})(e[nrsm]?|[sn])$", "", w) if cased else w for w in words)


@lru_cache(maxsize=8)
def _other_names(language: str) -> Mapping[str, str]:
    vocab = vocabulary(language)
    groups = vocab.words.get("same_body") or ()
    return {_bare(name, vocab.cased): _bare(group[0], vocab.cased) for group in groups for name in group}


def _listed(found: Findings) -> list[Open]:
    """Parties, bodies and groups of the lexicon in the text."""
    out = []
    i = 0
    while i < len(found.words.folded):
        hit = found.vocab.listed.at(found.words.folded, i)
        if hit:
            out.append(Open(i, i + hit[0], "ORG", LISTED))
        i += hit[0] if hit else 1
    return out


def _listed_state(found: Findings, around: Surroundings, name: Open) -> tuple[str | None, str | None]:
    """Whose a listed body is, and its sector; 'foreign ministry in Riga' is Latvia's."""
    hit = found.vocab.listed.at(found.words.folded, name.first)
    if hit is None or hit[0] != name.last - name.first:
        return None, None
    body = hit[1]
    state = around.home(body.states) if body.states else _seat_behind(around, name.last)
    return state, body.sectors.get(state or "") or body.sector


def _seat_behind(around: Surroundings, i: int) -> str | None:
    """The state of a capital in 'in Riga' right behind a body."""
    atom = around.begins.get(i + 1)
    if around.word(i) != "in" or atom is None:
        return None
    return next((s.row.state for s in atom.senses if s.form == "capital"), None)


def dateline(found: Findings) -> None:
    """The places of the dateline ('Brüssel/Wien') are places of the item, though no sentence names them."""
    whole, text = found.encoded.document.place, found.encoded.text
    body = [s for s in found.encoded.sentences if not s.title]
    if not whole or not body:
        return
    at = text[: body[0].start].casefold().rfind(whole.casefold())
    if at < 0 or text[at : at + len(whole)].casefold() != whole.casefold():
        return
    for part in re.finditer(r"[^/]+", whole):
        place = part[0].strip()
        start = at + part.start() + part[0].find(place)
        if place:
            _dateline_place(found, place, (start, start + len(place)))


def _dateline_place(found: Findings, place: str, span: Span) -> None:
    keys = (surface_key(place), surface_key(place.title()))
    senses = [s for key in keys for s in found.knowledge.senses(key)]
    row = next((s.row for s in senses if s.form in ("city", "capital")), None)
    if row is None and any(s.row.kind == "igo" for s in senses):
        return
    key = row.id if row else f"place:{fold(place)}"
    thing = found.thing(key, Thing("place", place, row, None, row.state if row else None, why="the dateline"))
    if thing.kind == "place" and span not in thing.mentions:
        thing.mentions.append(span)


def aliases(found: Findings) -> list[Reference]:
    """'Full Name (ABC)': the abbreviation names the thing before it, here and later."""
    plain, tokens = found.words.plain, found.encoded.tokens
    by_end = {m[1]: t for t in found.things.values() for m in t.mentions}
    taken = {m: t for t in found.things.values() for m in t.mentions}
    introduced: dict[str, tuple[int, Thing]] = {}
    for i in range(1, len(tokens) - 2):
        if plain[i] != "(" or plain[i + 2] != ")" or not plain[i + 1][:2].isupper():
            continue
        thing = by_end.get(tokens[i - 1].end)
        if thing is None or thing.kind == "state" or plain[i + 1] in introduced:
            continue
        short = taken.get((tokens[i + 1].start, tokens[i + 1].end))
        if short is None:
            introduced[plain[i + 1]] = (i + 1, thing)
        elif short is not thing and short.row is None and short.why == BY_FORM and id(short) not in found.merged:
            found.merged[id(short)] = thing
            thing.mentions.extend(short.mentions)
            short.mentions = []
    return _alias_mentions(found, introduced, taken) if introduced else []


def _alias_mentions(
    found: Findings, introduced: Mapping[str, tuple[int, Thing]], taken: Mapping[Span, Thing]
) -> list[Reference]:
    references = []
    for n, token in enumerate(found.encoded.tokens):
        span = (token.start, token.end)
        since, thing = introduced.get(token.text, (n + 1, None))
        if thing is None or n < since or span in taken:
            continue
        thing.mentions.append(span)
        references.append(refer(thing, span, span))
    return references
