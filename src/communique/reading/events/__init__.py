"""Events: who did what to whom, in PLOVER, by a lexicon of triggers with modality and voice; the first reading.

In: Encoded, Named, times, statements. Out: Events with their evidence and why. Only grammatical arguments become
actors. Must not know commitments or figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from communique.calibration import Calibration, Finds
from communique.reading.clauses import Clauses, Grammar, Parser, Phrase, home_of, spans_in
from communique.reading.clauses.arguments import Roles, find_roles
from communique.reading.clauses.keywords import keywords_in
from communique.reading.clauses.modality import Usage, usage
from communique.reading.clauses.triggers import Lexicon, Trigger, events_lexicon, find_triggers
from communique.reading.encode import Encoded
from communique.reading.events.codebook import codes
from communique.reading.named import Named
from communique.records import NEVER_STATED, Actor, Event, Numbering, Span, Spans, Statement, Time, When

MEETING = "CONSULT"
"""The type that takes two: nobody meets himself."""
TOWARDS = frozenset({"REJECT", "REQUEST", "THREATEN", "SUPPORT", "CONCEDE", "AID", "SANCTION", "MOBILIZE"})
"""Types towards somebody, so that the other side may be understood; of those of AGREE and ACCUSE few were right."""
INWARDS = frozenset({"ACCUSE", "REQUEST", "SUPPORT", "SANCTION", "AID", "COERCE", "ASSAULT", "MOBILIZE", "PROTEST"})
"""Types whose target, where none is named, is in the state the item is about: right two times of three."""
DAYS = ("DATE", "TIME")
RECENT = 3  # events that the other side is looked for in
LISTED = 3  # words between two of a list
PLAIN = Calibration()
GOVERNMENT = frozenset({"GOV", "MIL", "LEG", None})


@dataclass(frozen=True, slots=True)
class Work:
    """What all steps over one document share."""

    encoded: Encoded
    named: Named
    times: Sequence[Time]
    lexicon: Lexicon
    pair: tuple[Actor, ...]
    statements: Sequence[Statement] = ()
    home: str | None = None


@dataclass(frozen=True, slots=True)
class Before:
    """What came before a trigger: the phrases of the sentence before, and the roles of the last events."""

    phrases: tuple[Phrase, ...] = ()
    roles: tuple[Roles, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before it has an id: the sentence, trigger, roles and evidence."""

    clauses: Clauses
    trigger: Trigger
    usage: Usage
    roles: Roles
    evidence: Span
    ruled: bool = True
    score: float | None = None  # the model's, where it saw the event
    support: float | None = None  # of what the rules alone saw, how probable the model holds it
    agreed: bool = True  # whether rule and model have one type, where both saw it


def find_events(
    encoded: Encoded, named: Named, times: Sequence[Time], statements: Sequence[Statement]
) -> tuple[Event, ...]:
    """All events of a document, in order; one told in title and lead is one event with two evidences."""
    work = work_of(encoded, named, times, statements)
    return records_of(work, find_drafts(work))


def records_of(work: Work, drafts: Sequence[Draft], calibration: Calibration = PLAIN) -> tuple[Event, ...]:
    """Drafts as records with confidence; one told in title and lead is one event with two evidences."""
    return numbered(work, merged([event_of(work, d, calibration) for d in drafts], work))


def work_of(encoded: Encoded, named: Named, times: Sequence[Time], statements: Sequence[Statement]) -> Work:
    """What is looked up once for a document."""
    lexicon = events_lexicon(encoded.language)
    return Work(encoded, named, times, lexicon, _pair_of(named), statements, home_of(named))


def find_drafts(work: Work) -> list[Draft]:
    """All triggers with their arguments, before they are records."""
    encoded = work.encoded
    parser = Parser.of(encoded, work.named, work.times, work.lexicon.verbs)
    drafts: list[Draft] = []
    earlier: tuple[Phrase, ...] = ()
    closed = _closed(encoded, work.named)
    for clauses in parser.sentences():
        for trigger in find_triggers(work.lexicon, encoded.tokens, clauses, closed):
            before = Before(earlier, tuple(d.roles for d in drafts[-RECENT:]))
            read = (_draft(work, clauses, t, before) for t in (trigger, *trigger.others))
            draft = next((d for d in read if d is not None), None)
            drafts += [draft] if draft is not None else []
        earlier = clauses.phrases
    return [d for i, d in enumerate(drafts) if not any(_holds_too(o, d) for o in drafts[max(0, i - 1) : i + 2])]


def _holds_too(other: Draft, draft: Draft) -> bool:
    """Whether a noun says again what the verb of its clause says with more actors: 'nahm an der Sitzung teil'."""
    if (
        other is draft
        or not draft.trigger.noun
        or other.trigger.noun
        or other.trigger.group.type != draft.trigger.group.type
    ):
        return False
    inside = other.evidence[0] <= draft.evidence[0] and draft.evidence[1] <= other.evidence[1]
    return inside and _codes(draft.roles.source) <= _codes((*other.roles.source, *other.roles.target))


def _closed(encoded: Encoded, named: Named) -> frozenset[int]:
    """Tokens inside names, which are no triggers ('Shanghai Cooperation Organisation')."""
    inside: set[int] = set()
    for reference in named.references:
        if reference.form in ("name", "title", "metonym", "group"):
            inside.update(range(*encoded.token_range(reference.span)))
    return frozenset(inside)


def _pair_of(named: Named) -> tuple[Actor, ...]:
    """The two actors an item is about, where there are just two that it speaks of again and again."""
    seen = [a for r in named.references for a in r.actors if a.code and a.sector in ("GOV", "IGO")]
    top = Counter(a.code for a in seen).most_common(3)
    if len(top) < 2 or (len(top) == 3 and top[2][1] * 2 > top[1][1]):
        return ()
    return tuple(next(a for a in seen if a.code == code) for code, _n in top[:2])


def _draft(work: Work, clauses: Clauses, trigger: Trigger, before: Before) -> Draft | None:
    grammar = work.lexicon.grammar
    use = usage(grammar, clauses, trigger)
    if use is None:
        return None
    found = find_roles(grammar, clauses, trigger, use, before.phrases)
    roles = completed(work, clauses, trigger, found, before)
    if not _holds(grammar, clauses, trigger, roles):
        return None
    return Draft(clauses, trigger, use, roles, evidence_of(work, clauses, trigger, roles))


def _holds(grammar: Grammar, clauses: Clauses, trigger: Trigger, roles: Roles) -> bool:
    """Whether enough actors are known for the trigger to be an event at all."""
    flags = trigger.group.flags
    loose = trigger.noun and not roles.bound and "alone" not in flags
    if loose and (_definite(grammar, clauses, trigger) or not roles.phrases):
        return False
    if "source_needed" in flags and not roles.source:
        return False
    if trigger.group.frame.both and trigger.noun and "multilateral" not in flags and trigger.group.type == "CONSULT":
        return len(roles.source) > 1
    if "official" in flags and not any(a.code and a.sector in GOVERNMENT for a in roles.source):
        return False
    return bool(roles.source or roles.target)


def _definite(grammar: Grammar, clauses: Clauses, trigger: Trigger) -> bool:
    """'The attack', 'bei dem Treffen': a noun with nothing of its own that goes back to what was told before."""
    close = (clauses.word(trigger.first - 1), clauses.word(trigger.first - 2))
    return any(grammar.has("definite", w) for w in close)


def completed(work: Work, clauses: Clauses, trigger: Trigger, roles: Roles, before: Before) -> Roles:
    """Fill what is understood: the state's own police, the other of two parties, the item's own state."""
    group, state = trigger.group, clauses.domestic
    source, target, understood = _at_home(work, roles.source), _at_home(work, roles.target), ""
    if not source and not trigger.noun:
        source = _speakers(work, clauses, trigger)
    if not source and group.domestic and state:
        source, understood = (Actor(state, group.domestic, None, "", None),), "source"
    if not target and group.domestic_target and state:
        target, understood = (Actor(state, group.domestic_target, None, "", None),), "target at home"
    other = _other(work, source, before) if not target and group.type in TOWARDS else None
    if other is not None and _near(clauses, before, other):
        target, understood = (other,), "target as other side"
    elif not target and source and group.type in INWARDS and work.home and _turns_home(work, clauses, before, source):
        target, understood = (Actor(work.home, None, None, "", None),), "target as item's state"
    elif group.type == MEETING and len({a.code for a in (*source, *target)}) == 1:
        other = _other(work, source or target, before)
        if other is not None and _near(clauses, before, other):
            source = target = (*(source or target), other)
            understood = "other side"
    if group.frame.both and len(_codes(source)) == 1 and _codes(source) == _codes(target):
        target = ()  # the other party isn't known: nobody agrees with himself
    return replace(roles, source=source, target=target, understood=understood)


def _near(clauses: Clauses, before: Before, actor: Actor) -> bool:
    """Whether an actor is named in this sentence or the one before: of others three of four are wrong."""
    return any(a.code == actor.code for p in (*clauses.phrases, *before.phrases) for a in p.actors)


def _turns_home(work: Work, clauses: Clauses, before: Before, source: tuple[Actor, ...]) -> bool:
    """Whether the item's own state may be meant: it is the source's too, or named close by."""
    home = Actor(work.home, None, None, "", None)
    return any(a.code == work.home for a in source) or _near(clauses, before, home)


def _at_home(work: Work, actors: tuple[Actor, ...]) -> tuple[Actor, ...]:
    """In an item about one state, persons and bodies of no known state are its own."""
    if work.home is None:
        return actors
    return tuple(replace(a, code=work.home) if a.code is None and a.sector != "IGO" else a for a in actors)


def _speakers(work: Work, clauses: Clauses, trigger: Trigger) -> tuple[Actor, ...]:
    """Who 'we' and 'I' are: the speakers of the statement that holds the trigger."""
    segment = clauses.segments[clauses.segment_at(trigger.first)]
    if not any(work.lexicon.grammar.has("speaker", clauses.word(i)) for i in range(segment.first, segment.last)):
        return ()
    at = work.encoded.tokens[trigger.first].start
    holding = [s for s in work.statements if any(start <= at < end for start, end in s.content) and s.speakers]
    if not holding:
        return ()
    return tuple(replace(a, span=None) for a in holding[-1].speakers if a.code or a.sector)


def _other(work: Work, source: tuple[Actor, ...], before: Before) -> Actor | None:
    """The other of the two an item is about; else who stood against the source in the last events."""
    if len(source) != 1 or source[0].code is None:
        return None
    code = source[0].code
    if len(work.pair) == 2 and code in [a.code for a in work.pair]:
        return replace(next(a for a in work.pair if a.code != code), text="", span=None)
    for roles in reversed(before.roles):
        for side, opposite in ((roles.source, roles.target), (roles.target, roles.source)):
            others = [a for a in opposite if a.code and a.code != code]
            if code in [a.code for a in side] and len(others) == 1:
                return replace(others[0], text="", span=None)
    return None


# ---------------------------------------------------------------- evidence, time, place


def evidence_of(work: Work, clauses: Clauses, trigger: Trigger, roles: Roles) -> Span:
    """The stretch from the first to the last segment that holds trigger or arguments, inside the sentence."""
    tokens = work.encoded.tokens
    last = trigger.particle[1] if trigger.particle else trigger.last
    firsts = [trigger.first, *(p.first for p in roles.phrases if p.first >= clauses.sentence.first)]
    lasts = [last, *(p.last for p in roles.phrases if p.first >= clauses.sentence.first)]
    start = clauses.segments[clauses.segment_at(min(firsts))].first
    end = clauses.segments[clauses.segment_at(max(lasts) - 1)].last
    return tokens[min(start, *firsts)].start, tokens[max(end, *lasts) - 1].end


def _when(work: Work, draft: Draft) -> When:
    """The time stated in the clause, the nearest to the trigger where there are several."""
    trigger = work.encoded.tokens[draft.trigger.first].start
    inside = [t for t in spans_in(work.times, draft.evidence) if t.type in DAYS and t.when.start]
    return min(inside, key=lambda t: abs(t.span[0] - trigger)).when if inside else NEVER_STATED


def _modality(work: Work, draft: Draft, when: When) -> str:
    """A present-tense event on a later day than the item's is planned."""
    day: date | None = work.encoded.day
    if draft.usage.modality == "actual" and day is not None and when.start and when.start > day.isoformat():
        return "planned"
    return draft.usage.modality


def _place(work: Work, draft: Draft) -> str | None:
    """The place named in the clause that is no argument."""
    for phrase in draft.clauses.phrases:
        inside = draft.evidence[0] <= phrase.span[0] and phrase.span[1] <= draft.evidence[1]
        if inside and phrase.place and phrase.role:
            return phrase.actors[0].entity
    return None


# ---------------------------------------------------------------- records


def event_of(work: Work, draft: Draft, calibration: Calibration = PLAIN) -> Event:
    """The record of a draft, without an id."""
    group, when = draft.trigger.group, _when(work, draft)
    code = codes(group.type, group.mode)
    trigger = _trigger_spans(work, draft.trigger)
    words = " … ".join(work.encoded.words(s) for s in trigger)
    rule = "noun" if draft.trigger.noun else "passive" if draft.usage.passive else "verb"
    rule = ", ".join([*([rule] if draft.ruled else []), *(["model"] if draft.score is not None else [])])
    understood = f"; understood: {draft.roles.understood}" if draft.roles.understood else ""
    return Event(
        id="", evidence=(draft.evidence,), asserted_by=None,
        confidence=_confidence(work, draft, calibration),
        why=f"{words!r} ({rule}, {group.type}{' ' + group.mode if group.mode else ''}){understood}",
        type=group.type, mode=group.mode, contexts=keywords_in(work.encoded, draft.evidence, "contexts"),
        cameo=code.cameo, quad=code.quad, goldstein=code.goldstein,
        source=draft.roles.source, target=draft.roles.target,
        place=_place(work, draft), start=when.start, end=when.end, precision=when.precision,
        modality=_modality(work, draft, when), trigger=trigger,
    )  # fmt: skip


def _confidence(work: Work, draft: Draft, calibration: Calibration) -> float:
    """How often such an event's type is right, by rule and model."""
    finds = Finds(rule_confidence(work, draft) if draft.ruled else None, draft.score, draft.support)
    return calibration.of("event", finds, traits(draft))


def rule_confidence(work: Work, draft: Draft) -> float:
    """The precision of the group, less where the event is no plain fact or an actor is missing or understood."""
    factor = work.lexicon.factors.get(draft.usage.modality, 1.0)
    share = work.lexicon.shares.get(_sides(draft), 1.0)
    return round(min(0.95, draft.trigger.group.precision * factor * share), 3)


def traits(draft: Draft) -> Mapping[str, bool]:
    """What the confidence of an event depends on besides who found it."""
    sides = _sides(draft).removeprefix("noun ")
    return {
        "fact": draft.usage.modality == "actual", "both sides": sides == "both", "noun": draft.trigger.noun,
        "agreed": draft.agreed,
    }  # fmt: skip


def _sides(draft: Draft) -> str:
    """Which sides are named: 'both', 'source', 'target', or one 'understood'; of nouns with 'noun' before."""
    roles = draft.roles
    if roles.understood:
        sides = "understood"
    elif roles.source and roles.target:
        return "both"
    else:
        sides = "source" if roles.source else "target"
    return f"noun {sides}" if draft.trigger.noun else sides


def _trigger_spans(work: Work, trigger: Trigger) -> Spans:
    tokens = work.encoded.tokens
    spans: Spans = ((tokens[trigger.first].start, tokens[trigger.last - 1].end),)
    if trigger.particle:
        first, last = trigger.particle
        spans += ((tokens[first].start, tokens[last - 1].end),)
    return spans


def merged(events: list[Event], work: Work) -> list[Event]:
    """Join an event of the title with the first of the body that may be the same: kind, modality and actors agree."""
    title = work.encoded.document.title_span
    limit = max([s.span[1] for s in work.encoded.sentences if s.title] + ([title[1]] if title else []), default=0)
    out: list[Event] = []
    heads: list[int] = []
    for event in events:
        at = next((i for i in heads if _same(out[i], event)), None)
        if event.evidence[0][1] <= limit:
            heads.append(len(out))
            out.append(event)
        elif at is not None:
            heads.remove(at)
            out[at] = _joined(out[at], event)
        elif out and (_listed(work, out[-1], event) or _told_twice(out[-1], event)):
            out[-1] = _joined(out[-1], event)
        else:
            out.append(event)
    return out


def _told_twice(head: Event, event: Event) -> bool:
    """Whether two words of one clause tell one event: 'nach ihrem Treffen bei einem Gespräch'."""
    alike = (head.type, head.modality) == (event.type, event.modality) and len({head.mode, event.mode, None}) < 3
    same = _codes(head.source) == _codes(event.source) and _codes(head.target) == _codes(event.target)
    return alike and same and head.evidence[-1] == event.evidence[0]


def _listed(work: Work, head: Event, event: Event) -> bool:
    """Whether two words of a list tell one event: 'Kundgebungen und Demonstrationen' with the same actors."""
    alike = (head.type, head.mode, head.modality) == (event.type, event.mode, event.modality)
    same = _codes(head.source) == _codes(event.source) and _codes(head.target) == _codes(event.target)
    gap = (head.trigger[-1][1], event.trigger[0][0])
    if not (alike and same) or gap[0] > gap[1]:
        return False
    between = [t.text.lower() for t in work.encoded.tokens_in(gap)]
    return 0 < len(between) <= LISTED and work.lexicon.grammar.has("joiners", between[0])


def _same(head: Event, event: Event) -> bool:
    """Whether two tellings agree: what one leaves open the other may fill."""
    if head.type != event.type or head.modality != event.modality or {head.mode, event.mode} - {None, head.mode}:
        return False
    pairs = ((_codes(head.source), _codes(event.source)), (_codes(head.target), _codes(event.target)))
    return all(a <= b or b <= a for a, b in pairs) and any(a and b for a, b in pairs)


def _joined(head: Event, event: Event) -> Event:
    """Two tellings as one event, with the fuller actors."""
    return replace(
        head, evidence=_united(head.evidence, event.evidence), trigger=head.trigger + event.trigger,
        source=max(head.source, event.source, key=len), target=max(head.target, event.target, key=len),
        place=head.place or event.place, mode=head.mode or event.mode, why=f"{head.why}; {event.why}",
        start=head.start or event.start, end=head.end or event.end, precision=head.precision or event.precision,
        confidence=max(head.confidence, event.confidence),
    )  # fmt: skip


def _united(ones: Spans, others: Spans) -> Spans:
    """Evidence of two tellings; overlapping stretches become one."""
    out: list[Span] = []
    for span in sorted((*ones, *others)):
        if out and span[0] < out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], span[1]))
        else:
            out.append(span)
    return tuple(out)


def _codes(actors: Sequence[Actor]) -> frozenset[str | None]:
    return frozenset((a.code or a.text) for a in actors)


def numbered(work: Work, events: Sequence[Event]) -> tuple[Event, ...]:
    """Events in order of their evidence, with ids."""
    numbering = Numbering(work.encoded.document.text_id)
    ordered = sorted(events, key=lambda e: e.evidence)
    return tuple(replace(e, id=numbering.next("event", e.evidence)) for e in ordered)
