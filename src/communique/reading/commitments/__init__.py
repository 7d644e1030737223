"""Commitments: what actors say they will do, aim at, have agreed or decided to do; by cues, the first reading.

In: Encoded, Named, times, quantities, events. Out: Commitments with cue, action, parties and why. Hopes, threats,
predictions and inspections are none. Must not know statements or figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from communique.lexicon import lexicon
from communique.reading.clauses import Clauses, Parser, Phrase, spans_in
from communique.reading.clauses.arguments import find_roles
from communique.reading.clauses.keywords import keywords_in
from communique.reading.clauses.modality import Usage
from communique.reading.clauses.triggers import Lexicon, Trigger, cues_lexicon, events_lexicon, find_triggers
from communique.reading.commitments.actions import Action, find_actions
from communique.reading.encode import Encoded
from communique.reading.named import Named
from communique.records import Actor, Commitment, Deadline, Event, Numbering, Quantity, Span, Spans, Target, Time

PARTIES = frozenset({"GOV", "MIL", "LEG", "JUD", "PTY", "OPP", "REB", "IGO", "COP", "SPY", "NGO", None})
ACTIVE = Usage(passive=False, modality="planned")
ROOM = 12  # characters that a party's phrase may go on behind its name
DAYS = ("DATE", "TIME", "DURATION")


@dataclass(frozen=True, slots=True)
class Words:
    """The lists of the commitments lexicon."""

    lists: Mapping[str, frozenset[str]]
    beginnings: Mapping[str, tuple[str, ...]]
    maps: Mapping[str, Mapping[str, Any]]

    def has(self, key: str, word: str) -> bool:
        """Whether a list holds a word; an entry ending in '*' holds all that begin so."""
        return word in self.lists.get(key, ()) or word.startswith(self.beginnings.get(key, ()))


@lru_cache(maxsize=8)
def words_of(language: str) -> Words:
    """The lists of a language; empty ones where there are none."""
    raw = lexicon(language).get("commitments") or {}
    lists = {k: frozenset(str(w) for w in v) for k, v in raw.items() if isinstance(v, list) and k != "cues"}
    beginnings = {k: tuple(w[:-1] for w in words if w.endswith("*")) for k, words in lists.items()}
    return Words(lists, beginnings, {k: v for k, v in raw.items() if isinstance(v, dict)})


@dataclass(frozen=True, slots=True)
class Work:
    """What all steps over one document share."""

    encoded: Encoded
    times: Sequence[Time]
    quantities: Sequence[Quantity]
    events: Sequence[Event]
    lexicon: Lexicon
    words: Words


def find_commitments(
    encoded: Encoded, named: Named, times: Sequence[Time], quantities: Sequence[Quantity], events: Sequence[Event]
) -> tuple[Commitment, ...]:
    """All commitments of a document, in order; one action is one commitment, by its first cue."""
    work = work_of(encoded, times, quantities, events)
    lex = work.lexicon
    if not lex.groups:
        return ()
    parser = Parser.of(encoded, named, times, lex.verbs | events_lexicon(encoded.language).verbs)
    found: list[Commitment] = []
    earlier: tuple[Phrase, ...] = ()
    for clauses in parser.sentences():
        own: list[Commitment] = []
        for trigger in find_triggers(lex, encoded.tokens, clauses, frozenset()):
            read = (list(_by_cue(work, clauses, t, earlier)) for t in (trigger, *trigger.others))
            for commitment in next((found for found in read if found), []):
                if not any(overlap(commitment.action_text, c.action_text) for c in own):
                    own.append(commitment)
        found += own
        earlier = clauses.phrases
    return numbered(found, encoded.document.text_id)


def work_of(encoded: Encoded, times: Sequence[Time], quantities: Sequence[Quantity], events: Sequence[Event]) -> Work:
    """What is looked up once for a document."""
    planned = [e for e in events if e.modality == "planned"]
    return Work(encoded, times, quantities, planned, cues_lexicon(encoded.language), words_of(encoded.language))


def numbered(found: Sequence[Commitment], text_id: str) -> tuple[Commitment, ...]:
    """Commitments in order of their evidence, with ids."""
    numbering = Numbering(text_id)
    ordered = sorted(found, key=lambda c: (c.evidence, c.action_text))
    return tuple(replace(c, id=numbering.next("commitment", c.evidence)) for c in ordered)


def overlap(ones: Spans, others: Spans) -> bool:
    """Whether two lists of spans share a character."""
    return any(a[0] < b[1] and b[0] < a[1] for a in ones for b in others)


def _by_cue(work: Work, clauses: Clauses, trigger: Trigger, earlier: tuple[Phrase, ...]) -> Iterator[Commitment]:
    if _excluded(work, clauses, trigger):
        return
    parties, subject = _parties(work, clauses, trigger, earlier)
    if not parties:
        return
    for action in find_actions(work.lexicon.grammar, work.words, clauses, trigger, subject):
        if not _empty(work, action, parties):
            yield commitment_of(work, clauses, trigger, parties, action)


def _empty(work: Work, action: Action, parties: tuple[Actor, ...]) -> bool:
    """An action that is its party, or begins with an auxiliary: what the cue announces stands elsewhere."""
    tokens = work.encoded.tokens
    start, end = tokens[action.first].start, tokens[action.last - 1].end
    own = any(a.span and a.span[0] <= start + 4 and start < a.span[1] and end - a.span[1] < ROOM for a in parties)
    return own or work.words.has("auxiliaries", tokens[action.first].text.lower())


def _excluded(work: Work, clauses: Clauses, trigger: Trigger) -> bool:
    """Threats, hopes and conditionals in the cue's clause; reported cues need a reporting verb in the sentence."""
    segment = clauses.segments[clauses.segment_at(trigger.first)]
    flags = trigger.group.flags
    if "title" in flags and not clauses.sentence.title:
        return True
    if clauses.words[-1:] == ("?",) or _denied(work, clauses, trigger):
        return True
    before = [clauses.word(i) for i in range(segment.first, trigger.last)]
    if segment.opener == "condition" or any(
        work.words.has("doubts", w) or work.words.has("earlier", w) for w in before
    ):
        return True
    if any(work.words.has("hopes", w) or work.words.has("threats", w) for w in clauses.words):
        return True
    return "reported" in flags and not any(work.words.has("reporting", w) for w in clauses.words)


def _denied(work: Work, clauses: Clauses, trigger: Trigger) -> bool:
    """'Could not agree on', 'has not promised to': a cue that is denied right before it, where verbs come early."""
    g = work.lexicon.grammar
    close = (clauses.word(trigger.first - 1), clauses.word(trigger.first - 2))
    return not g.flags.get("verb_last") and any(g.has("negation", w) for w in close)


def _parties(
    work: Work, clauses: Clauses, trigger: Trigger, earlier: tuple[Phrase, ...]
) -> tuple[tuple[Actor, ...], Phrase | None]:
    """Who commits themselves: the subject of the cue; behind 'we', 'man', 'it' the subject of the sentence around."""
    roles = find_roles(work.lexicon.grammar, clauses, trigger, ACTIVE, earlier)
    phrase = (
        roles.phrases[0]
        if roles.phrases
        else _around(work, clauses, trigger) or _joint(work, clauses, trigger, earlier)
    )
    actors = roles.source if roles.phrases else (phrase.actors if phrase else ())
    return tuple(a for a in actors if a.code and a.sector in PARTIES), phrase if roles.phrases else None


def _around(work: Work, clauses: Clauses, trigger: Trigger) -> Phrase | None:
    segment = clauses.segments[clauses.segment_at(trigger.first)]
    if not any(work.words.has("generic", clauses.word(i)) for i in range(segment.first, segment.last)):
        return None
    others = [p for p in clauses.phrases if p.nominal and not segment.first <= p.first < segment.last]
    return others[0] if others else None


def _joint(work: Work, clauses: Clauses, trigger: Trigger, earlier: tuple[Phrase, ...]) -> Phrase | None:
    """'Es wurde vereinbart': those last named together."""
    segment = clauses.segments[clauses.segment_at(trigger.first)]
    words = [clauses.word(i) for i in range(segment.first, segment.last)]
    if trigger.group.type != "agreement" or not any(work.lexicon.grammar.has("passive", w) for w in words):
        return None
    several = [p for p in (*earlier, *clauses.phrases) if len(p.actors) > 1 and p.form != "adjective"]
    return replace(several[-1], actors=tuple(replace(a, span=None) for a in several[-1].actors)) if several else None


# ---------------------------------------------------------------- the record


def commitment_of(
    work: Work, clauses: Clauses, trigger: Trigger, parties: tuple[Actor, ...], action: Action
) -> Commitment:
    """The record of an action with its cue and parties, and what its words say of deadline, target and condition."""
    tokens = work.encoded.tokens
    span = _behind_time(work, (tokens[action.first].start, tokens[action.last - 1].end))
    cue: Spans = ((tokens[trigger.first].start, tokens[trigger.last - 1].end),)
    if trigger.particle:
        cue += ((tokens[trigger.particle[0]].start, tokens[trigger.particle[1] - 1].end),)
    spans = [span, *cue, *(a.span for a in parties if a.span and _inside(a.span, clauses.sentence.span))]
    evidence = (min(s[0] for s in spans), max(s[1] for s in spans))
    group = trigger.group
    return Commitment(
        id="", evidence=(evidence,), confidence=_confidence(work, clauses, trigger, parties), asserted_by=None,
        why=f"{' … '.join(work.encoded.words(c) for c in cue)!r} ({action.rule}, cue {group.number}, {group.type})",
        kind=group.type, parties=parties, beneficiaries=_beneficiaries(work, clauses, parties, span), cue=cue,
        action=work.encoded.words(span), action_text=(span,), fields=keywords_in(work.encoded, span, "fields"),
        deadline=_deadline(work, span, clauses), target=_target(work, span), condition=_conditions(work, clauses),
        event=_event(work, span),
    )  # fmt: skip


def _confidence(work: Work, clauses: Clauses, trigger: Trigger, parties: tuple[Actor, ...]) -> float:
    """The precision of the cue, less where the party is a pronoun or stands in another clause."""
    factors, value, party = work.words.maps.get("factors", {}), trigger.group.precision, parties[0]
    if party.span is None:
        return value
    if work.words.has("pronouns", party.text.lower()):
        value *= factors.get("pronoun", 1.0)
    ends = work.encoded.token_range(party.span)
    between = range(min(ends[1], trigger.last), max(ends[0], trigger.first))
    if any(clauses.word(i) in (",", ";", ":", '"', "“", "„", "”") for i in between):
        value *= factors.get("far", 1.0)
    return round(value, 3)


def _behind_time(work: Work, span: Span) -> Span:
    """An action without the time of its cue before it: 'agreed on [Monday to] scrap duties' is 'scrap duties'."""
    time = next((t for t in work.times if t.span[0] == span[0] and t.span[1] < span[1]), None)
    rest = work.encoded.tokens_in((time.span[1], span[1])) if time else ()
    behind_cue = len(rest) > 2 and work.words.has("skip", rest[0].text.lower())
    return (rest[1].start, span[1]) if behind_cue else span


def _inside(inner: Span, outer: Span) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _beneficiaries(work: Work, clauses: Clauses, parties: tuple[Actor, ...], span: Span) -> tuple[Actor, ...]:
    codes = {a.code for a in parties}
    found = [p for p in clauses.phrases if _inside(p.span, span) and work.words.has("beneficiaries", p.role)]
    return tuple(a for p in found for a in p.actors if a.code and a.code not in codes and not p.place)


def _deadline(work: Work, span: Span, clauses: Clauses) -> Deadline | None:
    """The last day named in the action, with the meaning of its preposition; else a vague term."""
    inside = [t for t in spans_in(work.times, span) if t.type in DAYS and (t.when.start or t.when.end or t.relation)]
    for time in reversed(inside):
        relation = time.relation if time.relation in ("by", "in", "from") else None
        relation = relation or _relation(work, time)
        start = None if relation == "by" else time.when.start
        end = None if relation == "from" else time.when.end
        return Deadline(start, end, relation, work.encoded.words(time.span), time.span)
    return _vague(work, span)


def _relation(work: Work, time: Time) -> str:
    first, _last = work.encoded.token_range(time.span)
    words = [t.text.lower() for t in work.encoded.tokens[max(0, first - 2) : first + 2]]
    relations = work.words.maps.get("relations", {})
    return str(next((relations[w] for w in words if w in relations), "in"))


def _vague(work: Work, span: Span) -> Deadline | None:
    text = work.encoded.words(span).lower()
    for term in sorted(work.words.lists.get("vague", ()), key=len, reverse=True):
        at = f" {text} ".find(f" {term} ")
        if at >= 0:
            found = (span[0] + at, span[0] + at + len(term))
            return Deadline(None, None, "in", work.encoded.words(found), found)
    return None


def _target(work: Work, span: Span) -> Target | None:
    """What the action is measured by: 'verdoppeln' is 2 x, else the first quantity in it."""
    tokens = work.encoded.tokens_in(span)
    for i, token in enumerate(tokens):
        for stem, value in work.words.maps.get("multiples", {}).items():
            if token.text.lower().startswith(stem):
                return Target(float(value), "x", _measured(work, [t.text for t in tokens], i), (token.start, token.end))
    for quantity in spans_in(work.quantities, span):
        if quantity.value is not None:
            return Target(quantity.value, quantity.unit, None, quantity.span)
    return None


def _measured(work: Work, words: Sequence[str], at: int) -> str | None:
    """What is multiplied: the last noun before the verb where verbs come last, else the first noun phrase behind it."""
    g = work.lexicon.grammar
    if g.flags.get("verb_last"):
        return next((w for w in reversed(words[:at]) if w[:1].isupper() and w.isalpha()), None)
    run: list[str] = []
    for word in words[at + 1 :]:
        if g.has("prepositions", word) or not word[:1].isalpha():
            break
        run.append(word)
    return run[-1] if run else None


def _conditions(work: Work, clauses: Clauses) -> Spans:
    tokens = work.encoded.tokens
    return tuple((tokens[s.first].start, tokens[s.last - 1].end) for s in clauses.segments if s.opener == "condition")


def _event(work: Work, span: Span) -> str | None:
    inside = [e for e in work.events if any(_inside(t, span) for t in e.trigger)]
    return inside[0].id if inside else None
