"""What rules and model found, as one list of statements.

In: two lists of statements. Out: one, in order of content, with calibrated confidence. Where both tell of one stretch
they are one statement. Must not know how either was found.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from communique.calibration import Calibration, Finds
from communique.records import Actor, Numbering, Span, Spans, Statement

HALF = 0.8
"""Share of characters from which on a stretch is one half of an interrupted content (Dice)."""
ONE = 0.6
"""Share of characters from which on two contents are one (Dice)."""


Support = Callable[[Span], float]
"""How probable the model holds the words of a span for something said."""


def united(
    rules: Sequence[Statement], learned: Sequence[Statement], text_id: str, calibration: Calibration, support: Support
) -> tuple[Statement, ...]:
    """Statements of both, each once."""
    partner = _pairs(rules, learned)
    out = []
    for i, rule in enumerate(rules):
        model = learned[partner[i]] if i in partner else None
        if model is None:
            finds = Finds(rule.confidence, None, _supported(rule, support))
            out.append(_scored(rule, finds, calibration))
        else:
            out.append(_scored(_joined(rule, model), Finds(rule.confidence, model.confidence), calibration))
    taken = set(partner.values())
    out += [_scored(s, Finds(None, s.confidence), calibration) for j, s in enumerate(learned) if j not in taken]
    return _numbered(_distinct(out), text_id)


def _supported(statement: Statement, support: Support) -> float:
    return sum(map(support, statement.content)) / len(statement.content)


def _joined(rule: Statement, model: Statement) -> Statement:
    single = len(rule.content) == len(model.content) == 1
    wider = (single and _inside(model.content[0], rule.content[0])) or _one_half(rule, model)
    return replace(
        model, content=rule.content if wider else model.content, evidence=rule.evidence if wider else model.evidence,
        form=rule.form if wider else model.form, speakers=_speakers(rule, model), addressees=rule.addressees,
        anonymous=rule.anonymous or model.anonymous, cue=model.cue or rule.cue, why=f"{rule.why}; model",
    )  # fmt: skip


def _one_half(rule: Statement, model: Statement) -> bool:
    """Whether the model has only what stands on one side of the cue: '…, so der Minister, und …'."""
    same_cue = any(a[0] < b[1] and b[0] < a[1] for a in rule.cue for b in model.cue)
    fewer = len(model.content) < len(rule.content)
    return same_cue and fewer and all(any(_dice((m,), (r,)) >= HALF for r in rule.content) for m in model.content)


def _inside(inner: Span, outer: Span) -> bool:
    """Whether a stretch ends with another and begins later: the model left out how the sentence begins."""
    return outer[0] < inner[0] and inner[1] == outer[1]


def _speakers(rule: Statement, model: Statement) -> tuple[Actor, ...]:
    """The model's words for the speaker; who that is, by the rules where they mean the same words."""
    spans = {a.span: a.text for a in model.speakers if a.span}
    if not spans:
        return rule.speakers
    for span, text in spans.items():
        same = [a for a in rule.speakers if a.span and a.span[0] < span[1] and span[0] < a.span[1]]
        if len(spans) == 1 and same:
            return tuple(replace(a, span=span, text=text) for a in same)
    return model.speakers


def _scored(statement: Statement, finds: Finds, calibration: Calibration) -> Statement:
    """A statement with the share of its like that was right."""
    return replace(statement, confidence=calibration.of("statement", finds, _traits(statement)))


def _traits(statement: Statement) -> Mapping[str, bool]:
    return {"cue": bool(statement.cue), "speaker": bool(statement.speakers), "quoted": statement.form == "direct"}


def _pairs(rules: Sequence[Statement], learned: Sequence[Statement]) -> dict[int, int]:
    """Index of a rule's statement → index of the model's that tells the same, best first; both lists in text order."""
    starts = [s.content[0][0] for s in learned]
    reach = max((s.content[-1][1] - s.content[0][0] for s in learned), default=0)
    near = (
        (i, j)
        for i, rule in enumerate(rules)
        for j in range(bisect_left(starts, rule.content[0][0] - reach), bisect_left(starts, rule.content[-1][1]))
    )
    scored = sorted(((_likeness(rules[i], learned[j]), i, j) for i, j in near), key=lambda x: (-x[0], x[1], x[2]))
    taken: set[int] = set()
    pairs: dict[int, int] = {}
    for score, i, j in scored:
        if score < ONE:
            break
        if i not in pairs and j not in taken:
            pairs[i] = j
            taken.add(j)
    return pairs


def _likeness(rule: Statement, model: Statement) -> float:
    likeness = _dice(rule.content, model.content)
    return max(likeness, ONE) if _one_half(rule, model) else likeness


def _dice(ones: Spans, others: Spans) -> float:
    shared = sum(max(0, min(a[1], b[1]) - max(a[0], b[0])) for a in ones for b in others)
    return 2 * shared / (sum(e - s for s, e in ones) + sum(e - s for s, e in others))


def _distinct(statements: Sequence[Statement]) -> list[Statement]:
    """Of statements with the same content, the surest; none that is a piece of a longer one."""
    best: dict[Spans, Statement] = {}
    for statement in statements:
        known = best.get(statement.content)
        if known is None or known.confidence < statement.confidence:
            best[statement.content] = statement
    holding: dict[Span, list[frozenset[Span]]] = {}
    for content in best:
        for span in content if len(content) > 1 else ():
            holding.setdefault(span, []).append(frozenset(content))
    return [s for s in best.values() if not any(set(s.content) < spans for spans in holding.get(s.content[0], ()))]


def _numbered(statements: Sequence[Statement], text_id: str) -> tuple[Statement, ...]:
    numbering = Numbering(text_id)
    ordered = sorted(statements, key=lambda s: (s.content[0], s.content[-1][1]))
    return tuple(replace(s, id=numbering.next("statement", s.evidence)) for s in ordered)
