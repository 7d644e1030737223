"""Arguments: who stands as source and who as target of a trigger, by its frame and the build of the sentence.

In: Clauses, a Trigger, its Usage. Out: Roles, with the phrases they rest on. The nearest name before the verb of its
clause is the subject; relative clauses take their antecedent, passives swap. Must not know records.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from communique.reading.clauses import Clauses, Grammar, Phrase
from communique.reading.clauses.modality import Usage
from communique.reading.clauses.triggers import Trigger
from communique.records import Actor

REACH = 12  # words between a noun and its complement
CLOSE = 3
NEAR = 5


@dataclass(frozen=True, slots=True)
class Roles:
    """Source and target with the phrases found for them; `understood` says which side is not in the clause."""

    source: tuple[Actor, ...]
    target: tuple[Actor, ...]
    phrases: tuple[Phrase, ...]
    understood: str = ""
    bound: bool = True  # whether a name hangs on the trigger itself, not only on the verb beside a noun


@dataclass(frozen=True, slots=True)
class _Search:
    """One trigger in its sentence."""

    grammar: Grammar
    clauses: Clauses
    trigger: Trigger
    usage: Usage
    earlier: tuple[Phrase, ...] = ()

    @property
    def number(self) -> int:
        return self.clauses.segment_at(self.trigger.first)

    def here(self) -> list[Phrase]:
        """Phrases of the trigger's own segment, up to where a separated particle stands."""
        phrases = self.clauses.in_segment(self.number)
        if self.trigger.particle:
            for number in range(self.number + 1, self.clauses.segment_at(self.trigger.particle[0]) + 1):
                phrases += self.clauses.in_segment(number)
        return phrases

    def before(self, p: Phrase) -> bool:
        return p.last <= self.trigger.first

    def after(self, p: Phrase) -> bool:
        return p.first >= self.trigger.last


def find_roles(
    grammar: Grammar, clauses: Clauses, trigger: Trigger, usage: Usage, earlier: tuple[Phrase, ...] = ()
) -> Roles:
    """Source and target of a trigger; `earlier` are phrases of the sentence before, for plural pronouns."""
    search = _Search(grammar, clauses, trigger, usage, earlier)
    frame = trigger.group.frame
    if trigger.noun:
        return _pair(search, frame.source, frame.target)
    if usage.passive:
        return _pair(search, _swapped(frame.source, "agent"), _swapped(frame.target, "subject"))
    return _pair(search, frame.source, frame.target)


def _swapped(slots: tuple[str, ...], role: str) -> tuple[str, ...]:
    """In the passive the subject is what the object was, and the doer stands behind 'by'."""
    if role == "agent":
        return tuple("agent" if s == "subject" else s for s in slots)
    return ("subject", *(s for s in slots if s not in ("object", "subject")))


def _pair(search: _Search, sources: Sequence[str], targets: Sequence[str]) -> Roles:
    source = _first(search, sources, ())
    target = _first(search, targets, (source,) if source else ())
    bound = not search.trigger.noun or target is not None or _first(search, _without_subject(sources), ()) is not None
    if target is not None and source is None and "subject" in sources and "object" in targets:
        source = _first(search, ("subject",), (target,))
    phrases = tuple(p for p in (source, target) if p is not None)
    doers, done = (p.actors if p else () for p in (source, target))
    if search.trigger.group.frame.both and not search.trigger.group.flags & {"directed"}:
        everyone = _together((*doers, *done))
        return Roles(everyone, everyone if len(everyone) > 1 else (), phrases, bound=bound)
    return Roles(doers, tuple(a for a in done if a not in doers), phrases, bound=bound)


def _without_subject(slots: Sequence[str]) -> tuple[str, ...]:
    return tuple(s for s in slots if s != "subject")


def _together(actors: Iterable[Actor]) -> tuple[Actor, ...]:
    seen: dict[tuple[str | None, str], Actor] = {}
    for actor in actors:
        seen.setdefault((actor.code, "" if actor.code else actor.text), actor)
    return tuple(seen.values())


def _first(search: _Search, slots: Sequence[str], taken: Sequence[Phrase]) -> Phrase | None:
    for slot in slots:
        found = _slot(search, slot, taken)
        if found is not None:
            return found
    return None


def _slot(search: _Search, slot: str, taken: Sequence[Phrase]) -> Phrase | None:
    if slot == "subject":
        return _light_subject(search, taken) if search.trigger.noun else _subject(search, taken)
    if slot == "agent":
        return _agent(search, taken)
    if slot in ("object", "host"):
        return _object(search, taken)
    if slot == "about":
        return _about(search, taken)
    if slot == "possessor":
        return _possessor(search, taken)
    if slot == "genitive":
        return _genitive(search, taken)
    return _prepositional(search, slot, taken)


# ---------------------------------------------------------------- subjects


def _subject(search: _Search, taken: Sequence[Phrase]) -> Phrase | None:
    own = [p for p in search.here() if p.nominal and p not in taken and not _oblique(search, p)]
    left = [p for p in own if search.before(p)]
    if search.clauses.segments[search.number].opener == "relative":
        found = _in_relative(search, left)
        if found is not None:
            return found
    elif left:
        return _nearest(search, left)
    return _subject_behind(search, own, taken) or _proxy(search, taken)


def _nearest(search: _Search, left: Sequence[Phrase]) -> Phrase:
    """The last name before the verb; where verbs come last, the first one, unless another clause began with 'and'."""
    if _coordinated(search):
        return left[0]
    if not search.grammar.flags.get("verb_last"):
        return left[-1]
    begins = search.grammar.has("resuming", search.clauses.word(left[-1].first - 1))
    return left[-1] if begins and search.trigger.first - left[-1].last <= 1 else left[0]


def _oblique(search: _Search, phrase: Phrase) -> bool:
    """'dem Minister', 'ihm': no subject by its form."""
    return search.grammar.has("not_subject", search.clauses.word(phrase.first))


def _in_relative(search: _Search, left: Sequence[Phrase]) -> Phrase | None:
    """Where verbs come last, one name beside the pronoun is the object; else it is the subject."""
    if left and (len(left) > 1 or not search.grammar.flags.get("verb_last")):
        return left[0]
    return _antecedent(search) or _predicate(search)


def _predicate(search: _Search) -> Phrase | None:
    """'China und Peru sind Länder, die …': the subject of the clause before, where it only says what they are."""
    if search.number == 0:
        return None
    before = search.clauses.segments[search.number - 1]
    words = [search.clauses.word(i) for i in range(before.first, before.last)]
    found = [p for p in search.clauses.in_segment(search.number - 1) if p.nominal]
    return found[0] if found and any(search.grammar.has("be", w) for w in words) else None


def _subject_behind(search: _Search, own: Sequence[Phrase], taken: Sequence[Phrase]) -> Phrase | None:
    """A subject behind its verb, a pronoun, or the subject of the clause that goes on here."""
    inverted = bool(search.grammar.flags.get("inverted"))
    opener = search.clauses.segments[search.number].opener
    right = [p for p in own if search.after(p)]
    if right and inverted and not search.usage.borrowed and _adjacent(search, right[0]):
        return right[0]
    plural = _plural_pronoun(search)
    if plural is not None:
        return plural
    if _pronoun(search):
        return next((p for p in search.earlier if p.nominal and all(a.code for a in p.actors)), None)
    if opener in ("plain", "aside") or search.usage.borrowed or _coordinated(search):
        return _outer(search, search.number, taken)
    return right[0] if right and inverted and not search.usage.passive and opener != "relative" else None


def _pronoun(search: _Search) -> bool:
    """Whether a neuter pronoun stands as subject before the verb: 'it rejected'."""
    i = search.trigger.first - 1
    while search.grammar.has("skip", search.clauses.word(i)) and not search.grammar.has(
        "neuter", search.clauses.word(i)
    ):
        i -= 1
    return search.grammar.has("neuter", search.clauses.word(i))


def _proxy(search: _Search, taken: Sequence[Phrase]) -> Phrase | None:
    """The owner before an unknown noun that is the subject: 'the EU's mission sent', 'Armenian gunners shelled'."""
    for phrase in reversed(search.here()):
        gap = search.trigger.first - phrase.last
        if search.before(phrase) and phrase not in taken and not phrase.role and 0 < gap <= CLOSE + 1:
            owner = phrase.possessor or phrase.form == "adjective"
            return phrase if owner and not _broken(search, phrase.last, search.trigger.first - 1) else None
    return None


def _adjacent(search: _Search, phrase: Phrase) -> bool:
    """Whether nothing but small words stands between the verb and the subject behind it."""
    gap = range(search.trigger.last, phrase.first)
    return len(gap) <= CLOSE or all(
        not search.clauses.word(i).isalpha() or search.grammar.has("skip", search.clauses.word(i)) for i in gap
    )


def _coordinated(search: _Search) -> bool:
    """Whether the verb follows 'and' without a subject of its own."""
    i = search.trigger.first - 1
    while search.grammar.has("skip", search.clauses.word(i)):
        i -= 1
    return search.grammar.has("resuming", search.clauses.word(i))


def _outer(search: _Search, number: int, taken: Sequence[Phrase]) -> Phrase | None:
    """The subject of the clause that goes on here: before a relative clause or an apposition."""
    for at in range(number - 1, -1, -1):
        segment = search.clauses.segments[at]
        if segment.opener in ("relative", "oblique", "aside") and at:
            continue
        found = [p for p in search.clauses.in_segment(at) if p.nominal and p not in taken and p.actors]
        if found:
            return found[0]
    return None


def _antecedent(search: _Search) -> Phrase | None:
    if search.number == 0:
        return None
    before = search.clauses.segments[search.number - 1]
    found = [p for p in search.clauses.in_segment(search.number - 1) if p.form != "adjective"]
    return found[-1] if found and found[-1].last >= before.last - 1 else None


def _plural_pronoun(search: _Search) -> Phrase | None:
    """'They', 'sie' with a plural verb: the several actors last named together."""
    g, clauses = search.grammar, search.clauses
    segment = clauses.segments[search.number]
    if not any(g.has("plural_pronouns", clauses.word(i)) for i in range(segment.first, segment.last)):
        return None
    verb = clauses.word(search.trigger.first)
    verbs = g.flags.get("plural_verbs") or {"endings": [], "forms": []}
    around = [clauses.word(i) for i in range(segment.first, segment.last)]
    if not verb.endswith(tuple(verbs["endings"])) and not set(around) & set(verbs["forms"]):
        return None
    several = [p for p in search.earlier if len(p.actors) > 1 and p.form != "adjective"]
    several += [p for p in clauses.phrases if len(p.actors) > 1 and p.last <= segment.first]
    if not several:
        return None
    actors = tuple(replace(a, span=None) for a in several[-1].actors)
    return replace(several[-1], actors=actors, first=-1, last=-1)


def _light_subject(search: _Search, taken: Sequence[Phrase]) -> Phrase | None:
    """The subject of a verb that only carries the noun: 'held talks', 'verhängte Sanktionen'."""
    segment = search.clauses.segments[search.number]
    words = {search.clauses.word(i) for i in range(segment.first, segment.last)}
    if not words & search.grammar.words.get("light", frozenset()):
        return None
    found = [p for p in search.here() if p.nominal and p not in taken]
    if found:
        return found[0]
    plural = _plural_pronoun(search)
    if plural is not None:
        return plural
    return _outer(search, search.number, taken) if segment.opener == "plain" else None


# ---------------------------------------------------------------- other slots


def _agent(search: _Search, taken: Sequence[Phrase]) -> Phrase | None:
    """The doer in the passive: behind 'by', nearest behind the verb; 'by members of the Union' is the Union's."""
    g, after = search.grammar, search.trigger.last
    for phrase in search.here():
        if phrase in taken or not search.after(phrase):
            continue
        between = [search.clauses.word(i) for i in range(after, phrase.first)]
        through = g.has("of", phrase.role) and any(g.has("agents", w) for w in between[-NEAR:])
        if through or g.has("agents", phrase.role):
            return phrase
    return next((p for p in search.here() if g.has("agents", p.role) and p not in taken), None)


def _object(search: _Search, taken: Sequence[Phrase]) -> Phrase | None:
    own = [p for p in search.here() if p.nominal and p not in taken]
    right = [p for p in own if search.after(p)]
    if right:
        return right[0]
    return own[-1] if own and search.grammar.flags.get("verb_last") else None


def _codes(phrase: Phrase) -> set[str | None]:
    return {a.code for a in phrase.actors}


def _about(search: _Search, taken: Sequence[Phrase]) -> Phrase | None:
    """The actor behind the noun that is the object: 'die Politik Kubas', 'the Cuban plan', 'an attack on Cuba'."""
    loose = search.grammar.words.get("about", frozenset())
    known = {a.code for p in taken for a in p.actors}
    fits = [
        p
        for p in search.here()
        if p not in taken and (not p.role or (p.role in loose and not p.place)) and known.isdisjoint(_codes(p))
    ]
    right = [p for p in fits if search.after(p)]
    if right:
        return right[0]
    return fits[-1] if fits and search.grammar.flags.get("verb_last") and not search.trigger.noun else None


def _possessor(search: _Search, taken: Sequence[Phrase]) -> Phrase | None:
    for phrase in search.here():
        gap = search.trigger.first - phrase.last
        if phrase in taken or not 0 <= gap <= CLOSE or phrase.last > search.trigger.first:
            continue
        owner = phrase.possessor or phrase.form == "adjective" or (gap == 0 and phrase.form in ("name", "metonym"))
        if owner and not _broken(search, phrase.last, search.trigger.first):
            return phrase
    return None


def _broken(search: _Search, first: int, last: int) -> bool:
    words = [search.clauses.word(i) for i in range(first, last)]
    return any(
        search.grammar.has("prepositions", w)
        or search.grammar.has("finite", w)
        or search.grammar.has("coordinators", w)
        for w in words
    )


def _genitive(search: _Search, taken: Sequence[Phrase]) -> Phrase | None:
    for phrase in search.here():
        if search.after(phrase) and phrase not in taken and phrase.first - search.trigger.last <= CLOSE:
            joined = not phrase.role and not _broken(search, search.trigger.last, phrase.first)
            return phrase if joined else None
    return None


def _prepositional(search: _Search, slot: str, taken: Sequence[Phrase]) -> Phrase | None:
    for phrase in search.here():
        if phrase in taken or phrase.role != slot:
            continue
        if not search.trigger.noun or 0 <= phrase.first - search.trigger.last <= REACH:
            return phrase
    return None
