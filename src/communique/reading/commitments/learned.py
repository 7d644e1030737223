"""Who will do what, as the model sees it, and as one list with what the rules found.

In: Outputs, Named, what the rules share, their commitments, statements. Out: commitments. Deadline, target, condition,
fields and the planned event are found by the rules of `reading.commitments`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from communique.calibration import Calibration, Finds
from communique.reading import commitments as rules
from communique.reading.clauses import Clauses, Parser
from communique.reading.clauses.triggers import Frame, Group, Trigger, events_lexicon
from communique.reading.commitments.actions import Action
from communique.reading.links import actors_of, linked
from communique.reading.named import Named
from communique.reading.outputs import Outputs, Tagged
from communique.records import Actor, Commitment, Statement

BEHIND = " \t\n,;:.–—-"
START_COST = 1.5
SHORTEST = 4
"""Letters that an action has at least: 'the' alone is a fragment."""


@dataclass(frozen=True, slots=True)
class Given:
    """What one document brings to the search."""

    outputs: Outputs
    named: Named
    work: rules.Work
    statements: Sequence[Statement]


def find_commitments(given: Given, ruled: Sequence[Commitment], calibration: Calibration) -> tuple[Commitment, ...]:
    """All commitments of a document, in order: the rules' and the model's, each once."""
    seen = _seen(given)
    found = []
    for rule in ruled:
        same = [c for c in seen if rules.overlap(c.action_text, rule.action_text)]
        seen = [c for c in seen if c not in same]
        model = same[0].confidence if same else None
        finds = Finds(rule.confidence, model, given.outputs.support("action", rule.action_text[0]))
        found.append(_scored(replace(rule, why=f"{rule.why}; model") if same else rule, finds, calibration))
    found += [_scored(c, Finds(None, c.confidence), calibration) for c in seen]
    return rules.numbered(found, given.work.encoded.document.text_id)


def _scored(record: Commitment, finds: Finds, calibration: Calibration) -> Commitment:
    measured = record.target is not None or record.deadline is not None
    traits = {
        "party named": any(a.span for a in record.parties), "cue": record.cue != record.action_text,
        "measured": measured,
    }  # fmt: skip
    return replace(record, confidence=calibration.of("commitment", finds, traits))


def _seen(given: Given) -> list[Commitment]:
    """What the model takes for a commitment; its confidence is the model's own score."""
    encoded, outputs = given.work.encoded, given.outputs
    verbs = given.work.lexicon.verbs | events_lexicon(encoded.language).verbs
    parser = Parser.of(encoded, given.named, given.work.times, verbs)
    cues: dict[int, list[Tagged]] = {}
    for cue in outputs.tagged("promise"):
        cues.setdefault(encoded.sentence_index(cue.span[0]), []).append(cue)
    found = []
    for tagged in outputs.tagged("action", START_COST):
        sentence = encoded.sentence_at(tagged.span[0])
        if sentence is None:
            continue
        clauses = parser.clauses(sentence)
        parties = _parties(given, clauses, tagged)
        action = Action(tagged.first, _end(given, tagged, sentence.last), "model")
        if not parties or _letters(given, action) < SHORTEST:
            continue
        trigger = _cue(outputs, clauses, tagged, cues.get(encoded.sentence_index(tagged.span[0]), ()))
        record = rules.commitment_of(given.work, clauses, trigger, parties, action)
        found.append(replace(record, confidence=round(tagged.score, 3), why=f"{record.why.split('(')[0]}(model)"))
    return found


def _letters(given: Given, action: Action) -> int:
    return sum(len(t.text) for t in given.work.encoded.tokens[action.first : action.last])


def _end(given: Given, tagged: Tagged, limit: int) -> int:
    """The end of an action without the marks behind it."""
    tokens, last = given.work.encoded.tokens, min(tagged.last, limit)
    while last > tagged.first and not tokens[last - 1].text.strip(BEHIND):
        last -= 1
    return last


def _parties(given: Given, clauses: Clauses, tagged: Tagged) -> tuple[Actor, ...]:
    """Whom the action's link picks out; else, inside a statement, its speakers ('we will …')."""
    actors = actors_of(linked(given.outputs, clauses, tagged, "action_party"))
    chosen = tuple(a for a in actors if a.code and a.sector in rules.PARTIES)
    if chosen:
        return chosen
    holding = [s for s in given.statements if any(c[0] <= tagged.span[0] and tagged.span[1] <= c[1] for c in s.content)]
    if not holding:
        return ()
    innermost = min(holding, key=lambda s: sum(e - b for b, e in s.content))
    return tuple(replace(a, span=None) for a in innermost.speakers if a.code and a.sector in rules.PARTIES)


def _cue(outputs: Outputs, clauses: Clauses, tagged: Tagged, cues: Sequence[Tagged]) -> Trigger:
    """The cue of the sentence nearest to the action, or the action's own first word."""
    kind = outputs.probabilities("kind", tagged.window, tagged.token)[0][0]
    group = Group(kind, None, Frame((), ()), 0.9, (), ())
    inside = [c for c in cues if clauses.sentence.first <= c.first < clauses.sentence.last]
    if not inside:
        return Trigger(tagged.first, tagged.first + 1, None, frozenset(), group)
    nearest = min(inside, key=lambda c: abs(c.first - tagged.first))
    return Trigger(nearest.first, nearest.last, None, frozenset(), group)
