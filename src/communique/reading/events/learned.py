"""Who did what to whom, as the model sees it: triggers with type, mode and modality, actors by their links.

In: Outputs, Named, times. Out: events. A phrase is source or target where the link from the trigger to its words is
strong; what a clause leaves understood, when and where, are found by the rules of `reading.events`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from communique.reading import events as rules
from communique.reading.clauses import Clauses, Parser, Phrase
from communique.reading.clauses.arguments import Roles
from communique.reading.clauses.modality import Usage, usage
from communique.reading.clauses.triggers import Frame, Group, Trigger, events_lexicon
from communique.reading.events.codebook import codes, modes
from communique.reading.named import Named
from communique.records import Actor, Event, Statement, Time
from training.runtime.spans import Outputs, Tagged

LEAST_LINK = 0.0  # logit; set on held-out items of the training corpus
LEAST_MODE = 0.5


def find_events(
    outputs: Outputs, named: Named, times: Sequence[Time], statements: Sequence[Statement]
) -> tuple[Event, ...]:
    """All events of a document, in order; one told in title and lead is one event with two evidences."""
    encoded = outputs.encoded
    lexicon = events_lexicon(encoded.language)
    work = rules.Work(encoded, named, times, lexicon, rules._pair_of(named))
    parser = Parser.of(encoded, named, times, lexicon.verbs)
    by_sentence: dict[int, Clauses] = {}
    found = []
    for tagged in outputs.tagged("event"):
        sentence = encoded.sentence_at(tagged.span[0])
        if sentence is None:
            continue
        clauses = by_sentence.setdefault(sentence.start, parser.clauses(sentence))
        draft = _draft(outputs, work, clauses, tagged)
        if draft is not None:
            event = rules._event(work, draft)
            found.append(
                replace(event, confidence=round(tagged.score, 3), why=f"{encoded.words(tagged.span)!r} (model)")
            )
    return rules._numbered(work, rules._merged(found, work))


def _draft(outputs: Outputs, work: rules.Work, clauses: Clauses, tagged: Tagged) -> rules.Draft | None:
    trigger = Trigger(tagged.first, tagged.last, None, frozenset(), _group(outputs, tagged))
    roles = _roles(outputs, clauses, tagged)
    if not roles.source and not roles.target:
        return None
    use = Usage(passive=False, modality=_modality(outputs, work, clauses, tagged, trigger))
    return rules.Draft(clauses, trigger, use, roles, rules._evidence(work, clauses, trigger, roles))


def _group(outputs: Outputs, tagged: Tagged) -> Group:
    mode: str | None = None
    allowed = modes(tagged.label)
    for label, share in outputs.probabilities("mode", tagged.window, tagged.token):
        if label in allowed:
            mode = label if share >= LEAST_MODE else None
            break
        if label == "none":
            break
    return Group(tagged.label, mode, Frame((), ()), 0.9, (), ())


def _modality(outputs: Outputs, work: rules.Work, clauses: Clauses, tagged: Tagged, trigger: Trigger) -> str:
    """The model's modality; hearsay is the rules' to say."""
    use = usage(work.lexicon.grammar, clauses, trigger)
    if use is not None and use.modality == "alleged":
        return "alleged"
    return outputs.probabilities("modality", tagged.window, tagged.token)[0][0]


def _roles(outputs: Outputs, clauses: Clauses, tagged: Tagged) -> Roles:
    source = linked(outputs, clauses, tagged, "event_source")
    target = linked(outputs, clauses, tagged, "event_target")
    both = codes(tagged.label, None).reciprocal
    sources, targets = actors_of(source), actors_of(target)
    if both and not targets and len(sources) > 1:
        targets = sources
    return Roles(sources, targets, tuple(dict.fromkeys((*source, *target))))


def linked(outputs: Outputs, clauses: Clauses, tagged: Tagged, name: str) -> list[Phrase]:
    """Phrases of the sentence whose words the link from the trigger picks out, none overlapping, in text order."""
    scores = outputs.link(name, tagged)
    scored = []
    for phrase in clauses.phrases:
        first, last = outputs.token_range(tagged.window, phrase.span)
        if last > first:
            scored.append((float(scores[first:last].mean()), phrase))
    chosen: list[Phrase] = []
    for score, phrase in sorted(scored, key=lambda s: -s[0]):
        if score >= LEAST_LINK and not any(p.first < phrase.last and phrase.first < p.last for p in chosen):
            chosen.append(phrase)
    return sorted(chosen, key=lambda p: p.first)


def actors_of(phrases: Sequence[Phrase]) -> tuple[Actor, ...]:
    """The actors of some phrases, each once."""
    return tuple(dict.fromkeys(a for p in phrases for a in p.actors))
