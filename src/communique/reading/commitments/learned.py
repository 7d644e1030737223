"""Who will do what, as the model sees it: actions with kind and cue, parties by their links.

In: Outputs, Named, times, quantities, events, statements. Out: commitments. Deadline, target, condition, fields and the
planned event are found by the rules of `reading.commitments`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from communique.reading import commitments as rules
from communique.reading.clauses import Clauses, Parser
from communique.reading.clauses.triggers import Frame, Group, Trigger, cues_lexicon, events_lexicon
from communique.reading.commitments.actions import Action
from communique.reading.named import Named
from communique.records import Actor, Commitment, Event, Numbering, Quantity, Statement, Time
from training.runtime.events import actors_of, linked
from training.runtime.spans import Outputs, Tagged


def find_commitments(
    outputs: Outputs, named: Named, times: Sequence[Time], quantities: Sequence[Quantity], events: Sequence[Event],
    statements: Sequence[Statement],
) -> tuple[Commitment, ...]:  # fmt: skip
    """All commitments of a document, in order."""
    encoded = outputs.encoded
    lexicon = cues_lexicon(encoded.language)
    work = rules.Work(encoded, times, quantities, events, lexicon, rules.words_of(encoded.language))
    parser = Parser.of(encoded, named, times, lexicon.verbs | events_lexicon(encoded.language).verbs)
    cues = outputs.tagged("promise")
    found = []
    for tagged in outputs.tagged("action"):
        sentence = encoded.sentence_at(tagged.span[0])
        if sentence is None:
            continue
        clauses = parser.clauses(sentence)
        parties = _parties(outputs, clauses, tagged, statements)
        if not parties:
            continue
        trigger = _cue(outputs, clauses, tagged, cues)
        action = Action(tagged.first, min(tagged.last, sentence.last), "model")
        record = rules._commitment(work, clauses, trigger, parties, action)
        found.append(replace(record, confidence=round(tagged.score, 3), why=f"{record.action[:40]!r} (model)"))
    numbering = Numbering(encoded.document.text_id)
    ordered = sorted(found, key=lambda c: c.evidence)
    return tuple(replace(c, id=numbering.next("commitment", c.evidence)) for c in ordered)


def _parties(outputs: Outputs, clauses: Clauses, tagged: Tagged, statements: Sequence[Statement]) -> tuple[Actor, ...]:
    """Whom the action's link picks out; else, inside a statement, its speakers ('we will …')."""
    actors = actors_of(linked(outputs, clauses, tagged, "action_party"))
    chosen = tuple(a for a in actors if a.code and a.sector in rules.PARTIES)
    if chosen:
        return chosen
    holding = [s for s in statements if any(c[0] <= tagged.span[0] and tagged.span[1] <= c[1] for c in s.content)]
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
