"""Figures: quantities that say something about states, their relations, economies, aid, forces or people.

In: an encoded document, its quantities, times and names. Out: figures, and problems where sums don't fit.
Must not know who says it (a later stage fills `asserted_by`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from communique.reading.encode import Encoded, Sentence
from communique.reading.figures.actors import actors_of
from communique.reading.figures.arithmetic import doubt
from communique.reading.figures.periods import Period, period_of
from communique.reading.figures.topics import Cue, Measure, Topics, topics_for
from communique.reading.named import Named
from communique.reading.quantities.amounts import tools_for
from communique.reading.quantities.numerals import pieces
from communique.records import Change, Figure, Numbering, Problem, Quantity, Span, Time

GAP_AFTER = 64
GAP_BEFORE = 70
GAP_MULTIPLE = 90
NEAR_GOAL = 3
MOST_IN_SENTENCE = 80  # more is a table, no sentence
_CONVERTED = frozenset({"length", "area", "mass", "volume", "money", "energy"})
_CONVERSION = re.compile(r"\s*[(\[](?:[~≈=]|\w+\.?){0,2}\s*[~≈]?")  # a bracket with at most two words before the number
_CLAUSE_END = re.compile(r"[;:()]|, |,$| [–—-] ")


@dataclass(frozen=True, slots=True)
class Draft:
    """A figure being put together: its quantity and what was joined to it."""

    quantity: Quantity
    measure: Measure
    value: float | None
    value_max: float | None
    bound: str
    span: Span
    change: Change | None = None
    change_span: Span | None = None
    earlier: float | None = None
    earlier_span: Span | None = None
    rule: str = "default"


@dataclass(frozen=True, slots=True)
class Scene:
    """One sentence with its quantities, the words that say what they are about, and the tools of its language."""

    encoded: Encoded
    sentence: Sentence
    quantities: tuple[Quantity, ...]
    topics: Topics
    cues: tuple[Cue, ...]
    times: tuple[Time, ...]
    named: Named

    @property
    def text(self) -> str:
        """The text of the document."""
        return self.encoded.text


def find_figures(
    encoded: Encoded, quantities: Sequence[Quantity], times: Sequence[Time], named: Named
) -> tuple[tuple[Figure, ...], tuple[Problem, ...]]:
    """Figures in the order of the text, and a problem for each value, change and earlier value that don't fit.

    A value and its change are one figure ('um 32 % auf 41 Mrd. USD'); a change that stands alone has no value; a
    change from one value to another makes two figures, the later one with the earlier value in `derived`.
    """
    topics = topics_for(encoded.lexicon)
    numbering = Numbering(encoded.document.text_id)
    figures: list[Figure] = []
    problems: list[Problem] = []
    by_sentence: dict[int, list[Quantity]] = {}
    for quantity in quantities:
        by_sentence.setdefault(encoded.sentence_index(quantity.span[0]), []).append(quantity)
    for index, group in by_sentence.items():
        if index < 0 or len(group) > MOST_IN_SENTENCE:
            continue
        scene = _scene(encoded, index, group, topics, times, named)
        for draft in _drafts(scene):
            figures.append(_figure(scene, draft, numbering))
            problems.extend(_problem(scene, draft))
    return tuple(figures), tuple(problems)


def _scene(
    encoded: Encoded, index: int, group: Sequence[Quantity], topics: Topics, times: Sequence[Time], named: Named
) -> Scene:
    sentence = encoded.sentences[index]
    inside = tuple(t for t in times if sentence.start <= t.span[0] < sentence.end)
    cues = tuple(topics.find_cues(encoded.text, sentence.span))
    return Scene(encoded, sentence, tuple(group), topics, cues, inside, named)


# ---- what becomes a figure


def _drafts(scene: Scene) -> list[Draft]:
    drafts = [draft for quantity in scene.quantities for draft in _draft(scene, quantity)]
    return _with_earlier(scene, _with_changes(scene, drafts))


def _draft(scene: Scene, quantity: Quantity) -> list[Draft]:
    """The drafts a quantity makes: none, one, or two for a change from one value to another."""
    measure = _measure(scene, quantity)
    if measure is None or quantity.value is None or _no_figure(scene, quantity, measure):
        return []
    if _converts(scene, quantity, measure):
        return []
    if quantity.role == "from_to" and quantity.value_max is not None:
        return _from_to(scene, quantity, measure)
    factor = scene.topics.factor(quantity)
    value, value_max = _scaled(quantity.value, factor), _scaled(quantity.value_max, factor)
    draft = Draft(quantity, measure, value, value_max, quantity.bound, quantity.span, rule=measure.kind)
    if quantity.role == "vague":
        value = scene.topics.at_least.get(quantity.value, quantity.value)
        return [replace(draft, value=value, value_max=None, bound="at_least")]
    if quantity.role == "multiple":
        change = Change(_scaled(quantity.value - 1, 100.0), None, None)
        draft = replace(draft, value=None, measure=Measure("%", "percent"), rule="change")
        return [replace(draft, change=change, change_span=quantity.span)]
    if quantity.role == "change" and quantity.value_max is None:
        return [_change(scene, draft)]
    return [draft]


def _measure(scene: Scene, quantity: Quantity) -> Measure | None:
    """The unit of a figure, with what only the document can tell: members that are states, whose pesos are meant."""
    measure = scene.topics.measure(quantity)
    if measure is None and quantity.role == "vague" and not quantity.unit:
        return Measure("persons", "persons")
    last = scene.encoded.words(quantity.span).split()[-1].lower()
    if measure is None and _is_people(scene, quantity):
        measure = Measure("persons", "persons")
    if measure and quantity.unit.lower().split(" ")[-1] in scene.topics.voters:
        behind = scene.text[quantity.span[1] : min(quantity.span[1] + 36, scene.sentence.end)].lower()
        if scene.topics.voting.search(re.split("[,;.]", behind)[0]):
            return Measure("votes", "count")
    lone = len(quantity.unit.split()) == 1
    if lone and measure and measure.name == "persons" and last in scene.topics.states_if_igo and _speaks_of_body(scene):
        return Measure("states", "count")
    codes = scene.topics.by_state.get(last)
    if codes and (measure is None or measure.kind == "money"):
        named = [a.code for r in scene.named.references for a in r.actors if a.code and a.code in codes]
        if named:
            best = max(sorted(set(named)), key=named.count)
            return Measure(codes[best], "money")
    return measure


def _is_people(scene: Scene, quantity: Quantity) -> bool:
    """Whether what is counted is a state's people: '31 Nicaraguans', 'elf Bahrainer'."""
    if quantity.role not in (None, "vague") or quantity.span[1] - quantity.number[1] < 3:
        return False
    for reference in scene.named.within((quantity.number[1], scene.sentence.end)):
        if reference.head[0] >= quantity.span[1]:
            return False
        if reference.head[1] == quantity.span[1] and any(a.code for a in reference.actors):
            return True
    return False


def _speaks_of_body(scene: Scene) -> bool:
    """Whether an intergovernmental body is named in the sentence or right before it."""
    kinds = {e.id: e.kind for e in scene.named.entities}
    near = scene.named.within((max(scene.sentence.start - 250, 0), scene.sentence.end))
    if any(kinds.get(a.entity or "") == "igo" for r in near for a in r.actors):
        return True
    return bool(scene.topics.bodies.search(scene.text[scene.sentence.start : scene.sentence.end].lower()))


def _no_figure(scene: Scene, quantity: Quantity, measure: Measure) -> bool:
    """A lone one, 'the two leaders', and distances to places make no figure."""
    if quantity.value == 1 and measure.kind in ("count", "persons") and quantity.value_max is None:
        around = scene.text[quantity.number[0] : quantity.span[1] + 5].lower()
        return measure.name not in scene.topics.one_units or scene.topics.part_of.search(around) is not None
    if measure.kind in ("count", "persons") and quantity.value in (2, 3):
        before = scene.text[max(quantity.span[0] - 12, scene.sentence.start) : quantity.span[0]].lower().split()
        return bool(before) and before[-1] in scene.topics.definite
    if measure.kind == "length":
        behind = scene.text[quantity.span[1] : min(quantity.span[1] + 24, scene.sentence.end)].lower()
        return bool(scene.topics.places.search(behind)) or scene.text[quantity.span[0] - 1 : quantity.span[0]] == "("
    return False


def _converts(scene: Scene, quantity: Quantity, measure: Measure) -> bool:
    """Whether a measure repeats the one before it in another unit, in brackets: '75 ft (~23 m)'."""
    earlier = [q for q in scene.quantities if q.span[1] <= quantity.span[0] and q.value is not None]
    if not earlier or measure.kind not in _CONVERTED:
        return False
    other = _measure(scene, earlier[-1])
    between = scene.text[earlier[-1].span[1] : quantity.span[0]]
    bracket = _CONVERSION.fullmatch(between) is not None
    return bracket and other is not None and other.kind == measure.kind and other.name != measure.name


def _scaled(value: float | None, factor: float) -> float | None:
    if value is None or factor == 1.0:
        return value
    return float(f"{value * factor:.10g}") if factor != 100.0 else round(value * factor, 2)


def _change(scene: Scene, draft: Draft) -> Draft:
    """A draft of a change: percentages and shares as `percent`, all else as `absolute`; a fall is negative."""
    amount = abs(draft.value or 0.0) * (-1 if draft.quantity.direction == "down" else 1)
    percent = draft.measure.kind == "percent"
    change = Change(amount if percent else None, None if percent else amount, None)
    return replace(draft, value=None, change=change, change_span=draft.span, rule="change")


def _from_to(scene: Scene, quantity: Quantity, measure: Measure) -> list[Draft]:
    """'von 3,1 auf 4,4 Milliarden': the earlier value, and the later one with what it came from."""
    low, high = quantity.value or 0.0, quantity.value_max or 0.0
    middle = _goal(scene, quantity)
    first, second = (quantity.span[0], middle), (middle, quantity.span[1])
    earlier = Draft(quantity, measure, low, None, "exact", first, rule=measure.kind)
    difference = float(f"{high - low:.10g}")
    later = Draft(
        quantity, measure, high, None, quantity.bound if quantity.bound != "range" else "exact", second,
        change=Change(None, difference, None), earlier=low, earlier_span=first, rule=measure.kind,
    )  # fmt: skip
    return [earlier, later]


def _goal(scene: Scene, quantity: Quantity) -> int:
    """Offset where the second number of a change from A to B begins: behind the last 'to'."""
    goal = tools_for(scene.encoded.lexicon).cues.goal
    row = pieces(scene.text, *quantity.span)
    ends = [p.end for p in row if p.low in goal]
    return ends[-1] + 1 if ends else quantity.span[0]


# ---- changes that belong to a value


def _with_changes(scene: Scene, drafts: Sequence[Draft]) -> list[Draft]:
    """Join each change to the value it belongs to, where there is one in the sentence."""
    out: list[Draft | None] = list(drafts)
    for index, draft in enumerate(drafts):
        if draft.rule != "change":
            continue
        for other in (index + 1, index - 1, index + 2):
            level = out[other] if 0 <= other < len(out) else None
            if level is not None and _belongs(scene, draft, level):
                out[other] = replace(level, change=_merged(level.change, draft.change), change_span=draft.span)
                out[index] = None
                break
    return [draft for draft in out if draft is not None and not _is_lone_multiple(draft)]


def _is_lone_multiple(draft: Draft) -> bool:
    """'wollen den Handel verdoppeln' states no figure; it is what a commitment is measured by."""
    return draft.value is None and draft.quantity.role == "multiple"


def _merged(one: Change | None, other: Change | None) -> Change | None:
    if one is None or other is None:
        return one or other
    return Change(other.percent if one.percent is None else one.percent, one.absolute or other.absolute, one.since)


def _belongs(scene: Scene, change: Draft, level: Draft) -> bool:
    """Whether a change and a value are told of the same thing: 'rose 3 % to 40', '40, up 3 % on the year'."""
    if level.rule == "change" or level.measure.kind == "points":
        return False
    if level.change and level.change.percent is not None:
        return False
    multiple = change.quantity.role == "multiple"
    if change.span[1] <= level.span[0]:
        between = scene.text[change.span[1] : level.span[0]]
        reach = GAP_MULTIPLE if multiple else GAP_AFTER
        goal = _has_goal(scene, between if multiple else " ".join(between.split()[-NEAR_GOAL:]))
        return len(between) <= reach and goal and not re.search(r"[;.:]\s", between)
    between = scene.text[level.span[1] : change.span[0]]
    if multiple:
        return len(between) <= 6 and _has_goal(scene, scene.text[max(level.span[0] - 8, 0) : level.span[0]])
    return len(between) <= GAP_BEFORE and not scene.topics.joins.search(between) and _trails(scene, between)


def _has_goal(scene: Scene, between: str) -> bool:
    cues = tools_for(scene.encoded.lexicon).cues
    return any(word in cues.goal | cues.to for word in between.lower().split())


def _trails(scene: Scene, between: str) -> bool:
    """A change that follows its value stands behind a comma, a bracket or 'an increase of'."""
    return "," in between or "(" in between or "–" in between


def _with_earlier(scene: Scene, drafts: Sequence[Draft]) -> list[Draft]:
    """Note the earlier value that a sentence states beside a value: 'against 2.9 billion in 2021', 'statt 40'."""
    out = list(drafts)
    for index, draft in enumerate(out):
        if index == 0 or draft.change or draft.value is None:
            continue
        before = scene.text[max(draft.span[0] - 30, scene.sentence.start) : draft.span[0]].lower()
        level = out[index - 1]
        if level.rule == "change" and level.measure == draft.measure == Measure("%", "percent"):
            if draft.span[0] - level.span[1] <= GAP_BEFORE and scene.topics.earlier.search(before):
                out[index] = _change(scene, draft)
            continue
        same = level.measure == draft.measure and level.value is not None and level.earlier is None
        if same and draft.span[0] - level.span[1] <= GAP_BEFORE and scene.topics.earlier.search(before):
            out[index - 1] = replace(level, earlier=draft.value, earlier_span=draft.span)
    return out


# ---- the finished figure


def _figure(scene: Scene, draft: Draft, numbering: Numbering) -> Figure:
    clause = _clause(scene, draft)
    indicator, cue = scene.topics.best(scene.cues, draft.quantity, draft.measure, clause)
    label_span = _label(scene, draft, cue)
    status = scene.topics.status_of(scene.text, clause)
    times = scene.times if status != "reported" else _over(scene)
    period = period_of(scene.text, times, scene.topics, clause, draft.span, scene.sentence.span)
    rank = scene.topics.rank_in(scene.text, scene.sentence.span) if draft.measure.kind in ("money", "percent") else None
    ranked = rank if rank and indicator in scene.topics.ranked else None
    evidence = _evidence(scene, draft, label_span, period, ranked[1] if ranked else None)
    subjects, counterparts = actors_of(
        scene.text, scene.named, scene.topics, scene.sentence.span, _reach(scene, clause, cue), draft.span, indicator
    )
    change = draft.change
    if change is not None:
        change = replace(change, since=period.since)
    return Figure(
        id=numbering.next("figure", evidence),
        evidence=evidence,
        confidence=scene.topics.confidence.get(draft.rule, scene.topics.confidence.get("default", 0.6)),
        asserted_by=None,
        why=f"{scene.encoded.words(cue.span) if cue else scene.encoded.words(draft.span)}: {draft.rule}",
        indicator=indicator,
        label=scene.encoded.words(label_span),
        subjects=subjects, counterparts=counterparts,
        value=draft.value, value_max=draft.value_max, unit=draft.measure.name, bound=draft.bound,
        status=status,
        start=period.start, end=period.end, precision=period.precision,
        change=change,
        rank=ranked[0] if ranked else None,
        derived=_derived(draft),
    )  # fmt: skip


def _over(scene: Scene) -> list[Time]:
    """The times of a sentence that may be the period of something reported: none begins after the item's own day."""
    day = scene.encoded.day
    return [t for t in scene.times if day is None or t.when.start is None or t.when.start <= day.isoformat()]


def _derived(draft: Draft) -> dict[str, float] | None:
    """What follows from the words but is not said: the value before the change, to four digits."""
    if draft.earlier is not None:
        return {"earlier": draft.earlier}
    change = draft.change
    if draft.value is None or change is None or draft.measure.kind in ("percent", "points"):
        return None
    if change.percent is not None and change.percent > -100:
        return {"implied_earlier": float(f"{draft.value / (1 + change.percent / 100):.4g}")}
    if change.absolute is not None:
        return {"implied_earlier": float(f"{draft.value - change.absolute:.10g}")}
    return None


def _clause(scene: Scene, draft: Draft) -> Span:
    """The stretch between marks that holds the quantity and its change."""
    start = min(draft.span[0], draft.change_span[0]) if draft.change_span else draft.span[0]
    end = max(draft.span[1], draft.change_span[1]) if draft.change_span else draft.span[1]
    return _between_marks(scene, start, end)


def _reach(scene: Scene, clause: Span, cue: Cue | None) -> Span:
    """Where a figure's actors stand: its clause, with that of its noun ('Imports from Peru, beef too, rose to 3')."""
    if cue is None or (clause[0] <= cue.span[0] and cue.span[1] <= clause[1]):
        return clause
    other = _between_marks(scene, *cue.span)
    return (min(clause[0], other[0]), max(clause[1], other[1]))


def _between_marks(scene: Scene, start: int, end: int) -> Span:
    first, last = scene.sentence.span
    before = [m.end() for m in _CLAUSE_END.finditer(scene.text, first, start)]
    after = _CLAUSE_END.search(scene.text, end, last)
    return (before[-1] if before else first, after.start() if after else last)


def _label(scene: Scene, draft: Draft, cue: Cue | None) -> Span:
    """The item's own words for what is counted or measured."""
    counted = draft.measure.kind in ("persons", "count") and draft.quantity.span[1] > draft.quantity.number[1]
    if counted:
        start = draft.quantity.number[1]
        while start < draft.quantity.span[1] and not scene.text[start].isalnum():
            start += 1
        return (start, draft.quantity.span[1])
    return _noun_phrase(scene, cue.span) if cue else draft.span


def _noun_phrase(scene: Scene, span: Span) -> Span:
    """A cue with the words that belong to it: the whole word, adjectives before, 'of …' or a genitive behind."""
    tools = tools_for(scene.encoded.lexicon)
    row = pieces(scene.text, *scene.sentence.span)
    first = next((i for i, p in enumerate(row) if p.end > span[0]), 0)
    last = next((i for i, p in enumerate(row) if p.end >= span[1]), first) + 1
    while first and first > last - 4 and _modifies(row[first - 1].text, tools.units.breaks):
        if row[first - 1].end + 1 != row[first].start:
            break
        first -= 1
    return (row[first].start, row[last - 1].end)


def _modifies(word: str, breaks: frozenset[str]) -> bool:
    return word.isalpha() and word.lower() not in breaks and len(word) > 2


def _evidence(scene: Scene, draft: Draft, label: Span, period: Period, rank: Span | None) -> tuple[Span, ...]:
    """The stretch that holds value, change and label, and where they stand elsewhere, that of period and rank."""
    parts = [draft.span, label, *(span for span in (draft.change_span, draft.earlier_span) if span)]
    main = _around(scene, parts)
    others = [span for span in (period.span, rank) if span and not (main[0] <= span[0] and span[1] <= main[1])]
    clause = _clause(scene, draft)
    near = [span for span in others if clause[0] <= span[0] and span[1] <= clause[1]]
    main = _around(scene, [main, *near])
    far = [span for span in others if span not in near and (span[1] <= main[0] or span[0] >= main[1])]
    return tuple(sorted([main, _around(scene, far)])) if far and _apart(main, _around(scene, far)) else (main,)


def _around(scene: Scene, spans: Sequence[Span]) -> Span:
    """The smallest span of the sentence that holds them all."""
    start, end = min(span[0] for span in spans), max(span[1] for span in spans)
    return (max(start, scene.sentence.start), min(end, scene.sentence.end))


def _apart(one: Span, other: Span) -> bool:
    return one[1] <= other[0] or other[1] <= one[0]


def _problem(scene: Scene, draft: Draft) -> list[Problem]:
    """A problem, where value, change and earlier value are all stated and don't fit beyond rounding."""
    change, moved = draft.change, draft.change_span
    if draft.value is None or draft.earlier is None or change is None or moved is None:
        return []
    message = doubt(scene.text, draft.value, draft.span, draft.earlier, draft.earlier_span, change, moved)
    spans = sorted({draft.span, moved, draft.earlier_span or draft.span})
    return [Problem("arithmetic", "figures", message, tuple(spans))] if message else []
