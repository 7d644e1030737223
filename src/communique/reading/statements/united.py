"""What rules and model found, as one list of statements.

In: two lists of statements. Out: one, in order of content, with calibrated confidence. Where both tell of one stretch
they are one statement. Must not know how either was found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from communique.calibration import Calibration
from communique.records import Actor, Numbering, Spans, Statement

ONE = 0.6
"""Share of characters from which on two contents are one (Dice)."""


def united(
    rules: Sequence[Statement], learned: Sequence[Statement], text_id: str, calibration: Calibration
) -> tuple[Statement, ...]:
    """Statements of both, each once."""
    partner = _pairs(rules, learned)
    out = []
    for i, rule in enumerate(rules):
        model = learned[partner[i]] if i in partner else None
        out.append(_joined(rule, model, calibration) if model else _scored(rule, rule, None, calibration))
    taken = set(partner.values())
    out += [_scored(s, None, s, calibration) for j, s in enumerate(learned) if j not in taken]
    return _numbered(_distinct(out), text_id)


def _joined(rule: Statement, model: Statement, calibration: Calibration) -> Statement:
    speakers = _speakers(rule, model)
    merged = replace(
        model, speakers=speakers, addressees=rule.addressees, anonymous=rule.anonymous or model.anonymous,
        cue=model.cue or rule.cue, why=f"{rule.why}; model",
    )  # fmt: skip
    return _scored(merged, rule, model, calibration)


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


def _scored(
    statement: Statement, rule: Statement | None, model: Statement | None, calibration: Calibration
) -> Statement:
    """A statement with the share of its like that was right."""
    confidence = calibration.of(
        "statement", rule.confidence if rule else None, model.confidence if model else None, _traits(statement)
    )
    return replace(statement, confidence=confidence)


def _traits(statement: Statement) -> Mapping[str, bool]:
    return {"cue": bool(statement.cue), "speaker": bool(statement.speakers), "quoted": statement.form == "direct"}


def _pairs(rules: Sequence[Statement], learned: Sequence[Statement]) -> dict[int, int]:
    """Index of a rule's statement → index of the model's that tells the same, best first."""
    scored = sorted(
        ((_dice(a.content, b.content), i, j) for i, a in enumerate(rules) for j, b in enumerate(learned)),
        key=lambda x: (-x[0], x[1], x[2]),
    )
    pairs: dict[int, int] = {}
    for score, i, j in scored:
        if score < ONE:
            break
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return pairs


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
    longer = [frozenset(content) for content in best if len(content) > 1]
    return [s for s in best.values() if not any(set(s.content) < spans for spans in longer)]


def _numbered(statements: Sequence[Statement], text_id: str) -> tuple[Statement, ...]:
    numbering = Numbering(text_id)
    ordered = sorted(statements, key=lambda s: (s.content[0], s.content[-1][1]))
    return tuple(replace(s, id=numbering.next("statement", s.evidence)) for s in ordered)
