"""Who did what to whom, as model and rules see it together: triggers with type, mode and modality, actors by links.

In: what one document's rules share, and Outputs. Out: events. A phrase is source or target where the link from the
trigger to its words is strong; what a clause leaves understood, when and where, are the rules' to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from communique.calibration import Calibration
from communique.reading import events as rules
from communique.reading.clauses import Clauses, Parser, Phrase
from communique.reading.clauses.arguments import Roles
from communique.reading.clauses.modality import Usage, modality_around
from communique.reading.clauses.triggers import Frame, Group, Trigger
from communique.reading.events.codebook import codes, modes
from communique.reading.links import actors_of, linked, mean_share
from communique.reading.outputs import Outputs, Tagged
from communique.records import Actor, Event

LEAST_EVENT = 0.3
"""Probability of being a trigger from which on a word is looked at; the confidence decides what counts."""
LEAST_MODE = 0.5
LEAST_UNDERSTOOD = 0.5
"""Probability from which on somebody whom the sentence does not name stands on a side that is empty otherwise."""
DIRECTED = frozenset({"visit"})
"""Modes of reciprocal types that go from one to the other: the visitor is the source, the host the target."""
DIRECTION = frozenset({"directed"})


def find_events(outputs: Outputs, work: rules.Work, calibration: Calibration) -> tuple[Event, ...]:
    """All events of a document, in order; one told in title and lead is one event with two evidences."""
    return rules.records_of(work, list(_drafts(Scene.of(outputs, work))), calibration)


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody named in a window: code, actor, and the tokens of the mention."""

    code: str
    actor: Actor
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Scene:
    """One document: what the model says of it, what the rules share, and who is named in each window."""

    outputs: Outputs
    work: rules.Work
    named: tuple[tuple[Named, ...], ...]

    @staticmethod
    def of(outputs: Outputs, work: rules.Work) -> Scene:
        """Look up once who is named in each window."""
        return Scene(outputs, work, tuple(tuple(_named(outputs, work, n)) for n in range(len(outputs.windows))))

    def shares(self, tagged: Tagged, name: str) -> dict[str, tuple[float, Actor]]:
        """How probably the bearers of each code stand on one side of the event, named in its sentence or not."""
        scores = self.outputs.link(name, tagged)
        best: dict[str, tuple[float, Actor]] = {}
        for one in self.named[tagged.window]:
            share = mean_share(scores[one.first : one.last])
            if share > best.get(one.code, (0.0, one.actor))[0]:
                best[one.code] = (share, one.actor)
        return best


def _named(outputs: Outputs, work: rules.Work, number: int) -> Iterator[Named]:
    offsets = [span for span in outputs.windows[number].offsets if span[0] < span[1]]
    if not offsets:
        return
    for reference in work.named.within((offsets[0][0], offsets[-1][1])):
        first, last = outputs.token_range(number, reference.head)
        for actor in reference.actors:
            if actor.code and last > first and reference.form != "pronoun":
                yield Named(actor.code, replace(actor, text="", span=None), first, last)


def _drafts(scene: Scene) -> Iterator[rules.Draft]:
    """What rules and model found, sentence by sentence, each event once."""
    work = scene.work
    parser = Parser.of(work.encoded, work.named, work.times, work.lexicon.verbs)
    ruled = _by_sentence(rules.find_drafts(work))
    seen: dict[int, list[Tagged]] = {}
    for tagged in scene.outputs.tagged("event", least=LEAST_EVENT):
        seen.setdefault(work.encoded.sentence_index(tagged.span[0]), []).append(tagged)
    earlier: tuple[Phrase, ...] = ()
    recent: list[rules.Draft] = []
    for number, sentence in enumerate(work.encoded.sentences):
        clauses = parser.clauses(sentence)
        before = rules.Before(earlier, tuple(d.roles for d in recent[-rules.RECENT :]))
        found = list(_in_sentence(scene, clauses, before, ruled.get(sentence.first, []), seen.get(number, [])))
        yield from found
        recent += found
        earlier = clauses.phrases


def _by_sentence(drafts: Sequence[rules.Draft]) -> dict[int, list[rules.Draft]]:
    out: dict[int, list[rules.Draft]] = {}
    for draft in drafts:
        out.setdefault(draft.clauses.sentence.first, []).append(draft)
    return out


def _in_sentence(
    scene: Scene, clauses: Clauses, before: rules.Before, ruled: Sequence[rules.Draft], seen: Sequence[Tagged]
) -> Iterator[rules.Draft]:
    left = list(ruled)
    for tagged in seen:
        same = next((d for d in left if _touch(d.trigger, tagged)), None)
        if same is not None:
            left.remove(same)
        draft = _draft(scene, clauses, before, tagged, same)
        if draft is not None:
            yield draft
    for draft in left:
        tokens = scene.work.encoded.tokens[draft.trigger.first : draft.trigger.last]
        support = scene.outputs.support("event", (tokens[0].start, tokens[-1].end))
        yield replace(draft, support=support)


def _touch(trigger: Trigger, tagged: Tagged) -> bool:
    """Whether rule and model have the same words for a trigger, or its particle."""
    inside = trigger.first < tagged.last and tagged.first < trigger.last
    return inside or (trigger.particle is not None and tagged.first < trigger.particle[1] <= tagged.last)


def _draft(
    scene: Scene, clauses: Clauses, before: rules.Before, tagged: Tagged, ruled: rules.Draft | None
) -> rules.Draft | None:
    trigger = _trigger(scene.outputs, tagged, ruled)
    roles = _roles(scene, clauses, tagged, trigger, ruled)
    roles = rules.completed(scene.work, clauses, trigger, roles, before)
    if not roles.source and not roles.target:
        return None
    use = Usage(passive=False, modality=_modality(scene, clauses, tagged, trigger, ruled))
    evidence = rules.evidence_of(scene.work, clauses, trigger, roles)
    agreed = trigger.group.type == tagged.label
    return rules.Draft(clauses, trigger, use, roles, evidence, ruled is not None, tagged.score, agreed=agreed)


def _trigger(outputs: Outputs, tagged: Tagged, ruled: rules.Draft | None) -> Trigger:
    if ruled is not None:
        return ruled.trigger  # a word of the lexicon says more surely what it means
    mode = _mode(outputs, tagged)
    equals = codes(tagged.label, mode).reciprocal and mode not in DIRECTED
    group = Group(tagged.label, mode, Frame((), (), equals), 0.9, (), (), flags=frozenset() if equals else DIRECTION)
    return Trigger(tagged.first, tagged.last, None, frozenset(), group)


def _mode(outputs: Outputs, tagged: Tagged) -> str | None:
    allowed = modes(tagged.label)
    for label, share in outputs.probabilities("mode", tagged.window, tagged.token):
        if label == "none" or share < LEAST_MODE:
            return None
        if label in allowed:
            return label
    return None


def _modality(scene: Scene, clauses: Clauses, tagged: Tagged, trigger: Trigger, ruled: rules.Draft | None) -> str:
    """The rules' where they see more than a plain fact, else the model's."""
    if ruled is not None:
        stated = ruled.usage.modality
    else:
        stated = modality_around(scene.work.lexicon.grammar, clauses, trigger)
    if stated not in ("", "actual"):
        return stated
    return scene.outputs.probabilities("modality", tagged.window, tagged.token)[0][0]


def _roles(scene: Scene, clauses: Clauses, tagged: Tagged, trigger: Trigger, ruled: rules.Draft | None) -> Roles:
    """Who is linked in the sentence; where nobody is, whom the rules name; else who is understood."""
    sides, phrases = [], []
    for name, entity, side in (
        ("event_source", "source_entity", ruled.roles.source if ruled else ()),
        ("event_target", "target_entity", ruled.roles.target if ruled else ()),
    ):
        found = linked(scene.outputs, clauses, tagged, name, side)
        named = tuple(a for a in actors_of(found) if not _initiative(scene, a)) or side
        sides.append(named or _understood(scene, tagged, entity))
        phrases += found
    source, target = sides
    if trigger.group.frame.both and "directed" not in trigger.group.flags:
        source = target = _each_once((*source, *target))
    else:
        doers = {(a.code, a.sector) for a in source if a.code}
        target = tuple(a for a in target if (a.code, a.sector) not in doers)
    return Roles(source, target, tuple(dict.fromkeys(phrases)))


def _understood(scene: Scene, tagged: Tagged, name: str) -> tuple[Actor, ...]:
    return tuple(actor for share, actor in scene.shares(tagged, name).values() if share >= LEAST_UNDERSTOOD)


def _initiative(scene: Scene, actor: Actor) -> bool:
    """Whether an 'actor' is a programme or agreement, which does nothing."""
    entity = scene.work.named.entity(actor.entity)
    return entity is not None and entity.kind == "initiative"


def _each_once(actors: Sequence[Actor]) -> tuple[Actor, ...]:
    """Actors without a second one of the same code and sector."""
    seen: dict[tuple[str | None, str | None, str], Actor] = {}
    for actor in actors:
        seen.setdefault((actor.code, actor.sector, "" if actor.code else actor.text), actor)
    return tuple(seen.values())
