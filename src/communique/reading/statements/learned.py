"""Who said what, as the model sees it: contents with their cue and source, snapped to words and quotation marks.

In: Outputs, Named. Out: statements whose confidence is the model's own score, not yet calibrated. Must not know how
actors are named, nor the rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from communique.reading.encode import Encoded, Quote
from communique.reading.named import Named, Reference
from communique.reading.outputs import Outputs, Tagged
from communique.reading.statements.cues import Words, hides
from communique.records import Actor, Numbering, Span, Spans, Statement

NO_LINK = 0
LEAST_SHARED = 0.35
"""Share of a source's words from which on a name that does not end it says who it is."""
START_COST = 2.5
"""What beginning another content must be worth, in log-odds: set on the annotated items that were held out."""


@dataclass(slots=True)
class Draft:
    """A statement being put together."""

    contents: list[Tagged]
    cue: Tagged | None
    source: Tagged | None
    level: str


def find_statements(outputs: Outputs, named: Named, words: Words) -> tuple[Statement, ...]:
    """All statements of a document."""
    encoded = outputs.encoded
    cues, sources = _by_window(outputs.tagged("cue")), _by_window(outputs.tagged("source"))
    drafts: list[Draft] = []
    for level in ("content", "inner"):
        for content in outputs.tagged(level, START_COST):
            cue = _linked(outputs, "content_cue", content, cues)
            source = _linked(outputs, "content_source", content, sources)
            _join(encoded, drafts, Draft([content], cue, source, level))
    drafts.sort(key=lambda d: d.contents[0].span)
    return tuple(replace(s, anonymous=hides(words, s.speakers)) for s in _finished(encoded, named, drafts))


def _by_window(found: Sequence[Tagged]) -> dict[int, list[Tagged]]:
    out: dict[int, list[Tagged]] = {}
    for tagged in found:
        out.setdefault(tagged.window, []).append(tagged)
    return out


def _linked(outputs: Outputs, name: str, content: Tagged, found: Mapping[int, Sequence[Tagged]]) -> Tagged | None:
    """The candidate that a content's link scores highest, or None where 'none' scores higher."""
    scores = outputs.link(name, content)
    best: Tagged | None = None
    top = float(scores[NO_LINK])
    near = range(content.window - 1, content.window + 2)
    for one in (tagged for window in near for tagged in found.get(window, ())):
        first, last = outputs.token_range(content.window, one.span)
        if last > first and float(scores[first:last].max()) > top:
            top, best = float(scores[first:last].max()), one
    return best


def _join(encoded: Encoded, drafts: list[Draft], draft: Draft) -> None:
    """Two fragments around or beside one cue are one statement."""
    for known in reversed(drafts[-4:]):
        if known.level != draft.level:
            continue
        gap = (known.contents[-1].span[1], draft.contents[0].span[0])
        same_cue = draft.cue is not None and known.cue is draft.cue
        between = encoded.text[gap[0] : gap[1]]
        holds_cue = draft.cue is not None and gap[0] <= draft.cue.span[0] < gap[1]
        quotes = (_quote(encoded, known.contents[-1].span), _quote(encoded, draft.contents[0].span))
        beside = len(between) < 4 and quotes[0] is quotes[1]
        if (same_cue and (holds_cue or beside)) or (beside and quotes[0] is not None):
            known.contents += draft.contents
            known.cue, known.source = known.cue or draft.cue, known.source or draft.source
            return
    drafts.append(draft)


def _quote(encoded: Encoded, span: Span) -> Quote | None:
    """The quotation that a span lies in, though it may begin or end with the marks."""
    return encoded.in_quote((span[0] + span[1]) // 2)


def _finished(encoded: Encoded, named: Named, drafts: Sequence[Draft]) -> tuple[Statement, ...]:
    numbering = Numbering(encoded.document.text_id)
    out: list[Statement] = []
    for draft in drafts:
        content = tuple(s for t in draft.contents if (s := _snapped(encoded, t.span)))
        if not content:
            continue
        speakers = _speakers(encoded, named, draft.source)
        why = f"cue {encoded.words(draft.cue.span)!r}, model" if draft.cue else "no cue, model"
        if not speakers and draft.cue is None and out and draft.level == "content":
            speakers, why = out[-1].speakers, "carried on from the last speaker, model"
        cue: Spans = (draft.cue.span,) if draft.cue else ()
        evidence = _evidence(encoded, content, cue, draft.source)
        scores = [t.score for t in (*draft.contents, *(x for x in (draft.cue, draft.source) if x))]
        out.append(
            Statement(
                id=numbering.next("statement", evidence), evidence=evidence, confidence=round(min(scores), 3),
                asserted_by=None, why=why, speakers=speakers, anonymous=False, cue=cue, content=content,
                form=_form(encoded, content),
            )
        )  # fmt: skip
    return tuple(out)


def _snapped(encoded: Encoded, span: Span) -> Span | None:
    """A content without outer quotation marks, separators and the final full stop."""
    text = encoded.text
    start, end = span
    while start < end and (text[start].isspace() or text[start] in ",;:–—-„“”\"«»'‘’"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ',;:.–—„“”"«»'):
        end -= 1
    return (start, end) if start < end else None


def _form(encoded: Encoded, content: Spans) -> str:
    """direct where all of it stands in quotation marks, mixed where part of it does, else indirect."""
    inside = [encoded.in_quote(s) is not None and encoded.in_quote(max(s, e - 1)) is not None for s, e in content]
    if all(inside):
        return "direct"
    partly = any(q.level == 0 and s < q.inner[1] and q.inner[0] < e for q in encoded.quotes for s, e in content)
    return "mixed" if partly else "indirect"


def _speakers(encoded: Encoded, named: Named, source: Tagged | None) -> tuple[Actor, ...]:
    """The actors of the reference that a source span covers, with the span's own extent; else its bare words."""
    if source is None:
        return ()
    reference = best_reference(named, source.span)
    if reference is None:
        return (Actor(None, None, None, encoded.words(source.span), source.span),)
    words = encoded.words(source.span)
    return tuple(Actor(a.code, a.sector, a.entity, words, source.span) for a in reference.actors)


def best_reference(named: Named, span: Span) -> Reference | None:
    """The reference that overlaps a span most; one that begins in it wins over one that holds it."""
    best, top = None, 0.0
    for reference in named.touching(span):
        shared = min(reference.span[1], span[1]) - max(reference.span[0], span[0])
        if shared <= 0 or reference.form == "adjective":
            continue
        score = shared / max(reference.span[1] - reference.span[0], span[1] - span[0])
        if score < LEAST_SHARED and reference.span[1] < span[1]:
            continue  # the head of the phrase is another word: 'Ghana's largest trade union'
        if score > top:
            best, top = reference, score
    return best


def _evidence(encoded: Encoded, content: Spans, cue: Spans, source: Tagged | None) -> Spans:
    """Content, cue and speaker; joined where they lie in one sentence."""
    parts = sorted([*content, *cue, *([source.span] if source else [])])
    out: list[Span] = []
    for part in parts:
        if (
            out
            and encoded.sentence_at(out[-1][0]) is not None
            and encoded.sentence_at(out[-1][0]) == encoded.sentence_at(part[0])
        ):
            out[-1] = (out[-1][0], max(out[-1][1], part[1]))
        else:
            out.append(part)
    return tuple(out)
