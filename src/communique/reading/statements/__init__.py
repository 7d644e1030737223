"""Who said what: quoted or reported, with or without 'dass', interrupted, carried on, by name, title or in hiding.

In: Encoded and Named. Out: Statements. A first reading by rules, precise rather than complete: cue verbs and phrases
(`hits`, `cue_phrases`) and the clauses around them (`content_rules`), then what goes on without a cue: quotations and
the mood of reported speech. Must not know events or commitments. `within` and `asserted_by` are concluded later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from communique.reading.encode import Encoded
from communique.reading.named import Named
from communique.reading.statements.content_rules import RULES
from communique.reading.statements.contents import Clauses, Draft
from communique.reading.statements.cue_phrases import find_phrases
from communique.reading.statements.cues import NEUTRAL, hides, words_of
from communique.reading.statements.hits import find_hits
from communique.reading.statements.konjunktiv import mood_of
from communique.reading.statements.segments import Unit, View, view_of
from communique.reading.statements.speakers import Finder
from communique.records import Actor, Numbering, Span, Spans, Statement

_MARKS = "\"“”„‟«»‚‘’'‹›`,;:–—- \t\n\u00a0"
_SHORT_QUOTE = 4


def find_statements(encoded: Encoded, named: Named) -> tuple[Statement, ...]:
    """All statements of a document in order of their content; none for a language without a lexicon."""
    words = words_of(encoded.language)
    if words is None or not encoded.sentences:
        return ()
    view = view_of(encoded, words)
    finder = Finder(view, named)
    reading = _Passage(view, finder)
    for number, unit in enumerate(view.units):
        reading.unit(number, unit)
    numbering = Numbering(encoded.document.text_id)
    told = (d for d in reading.drafts if any(_trimmed(encoded.text, span) for span in d.content))
    drafts = sorted(told, key=lambda d: (d.content[0], d.content[-1][1]))
    return tuple(_statement(view, draft, numbering) for draft in _distinct(drafts))


class _Passage:
    """Walks over the units of a document and remembers who spoke last."""

    def __init__(self, view: View, finder: Finder) -> None:
        self.view, self.finder = view, finder
        self.mood = mood_of(view.encoded.language)
        self.drafts: list[Draft] = []
        self.last: Draft | None = None
        self.recent: Draft | None = None
        self.paragraph = -1

    def unit(self, number: int, unit: Unit) -> None:
        """Read one unit and add what is found."""
        clauses = Clauses(self.view, self.finder, self.mood, unit, number, find_hits(self.view, unit))
        found = list(_cued(clauses))
        found = found or list(self._label(clauses)) or list(self._before(clauses))
        if not found:
            found = list(self._goes_on(clauses))
        for draft in found:
            self._settle(draft)
        self.drafts.extend(found)
        if found:
            self.last = self.recent = max(found, key=lambda d: d.content[-1][1])
        elif not unit.title:
            self.last = None
        self.paragraph = unit.paragraph

    def _settle(self, draft: Draft) -> None:
        """Give a draft its speakers."""
        if not draft.speakers and draft.speaker is not None:
            draft.speakers = self.finder.somebody(draft.speaker)

    def _label(self, c: Clauses) -> Iterator[Draft]:
        """'Ein Beamter: „…“': a noun phrase and a colon."""
        for k, segment in enumerate(c.unit.segments[:-1]):
            after = c.unit.segments[k + 1]
            if segment.quote or after.before != ":" or after.quote is None or c.unit.title:
                continue
            opener = next(
                (len(o) for o in c.view.words.openers if c.view.lower[segment.last - len(o) : segment.last] == o), 0
            )
            cue = [c.view.span(segment.last - opener, segment.last)] if opener else []
            speaker = None if opener else c.finder.backwards(segment.first, segment.last)
            if speaker is None or speaker.last - speaker.first < segment.last - segment.first - 2:
                speaker = c.opening_subject(segment.last)
            yield Draft("label", "", cue, [after.quote.inner], speaker, c.number, quoted=True)

    def _before(self, c: Clauses) -> Iterator[Draft]:
        """'Das teilte das Amt mit.': what the sentence before says."""
        if not c.number or not c.hits or len(c.unit.segments) > 3:
            return
        hit, words = c.hits[0], c.view.words
        first = c.unit.segments[0]
        if hit.segment or c.view.lower[first.first] not in words["anaphors"] or hit.finite != first.first + 1:
            return
        previous = c.view.units[c.number - 1]
        if not hit.entry.takes & {"quote", "clause"} or previous.title or previous.paragraph != c.unit.paragraph:
            return
        draft = c.draft("sentence before", hit, [_sentence(c.view, previous)])
        if draft is not None and draft.speaker is not None:
            yield draft

    def _goes_on(self, c: Clauses) -> Iterator[Draft]:
        """A unit without a cue: quotations of its own, or the mood of reported speech."""
        quotes = [s for s in c.unit.segments if s.quote is not None]
        alone = quotes and all(s.quote is not None or s.last - s.first < 2 for s in c.unit.segments)
        if alone and not c.unit.title:
            yield from self._frameless(c, [s.quote.inner for s in quotes if s.quote])
        elif self.mood.first and not quotes:
            yield from self._carried(c)

    def _frameless(self, c: Clauses, spans: Sequence[Span]) -> Iterator[Draft]:
        last = self.recent
        if last is not None and last.quoted and last.unit == c.number - 1 and self._same_paragraph(c):
            last.content.extend(spans)
            last.unit = c.number
            return
        if sum(len(self.view.encoded.tokens_in(s)) for s in spans) < _SHORT_QUOTE or last is None:
            return
        near = c.unit.paragraph - self.view.units[last.unit].paragraph <= 1
        speakers = last.speakers if near else ()
        yield Draft("quotation alone", "", [], list(spans), None, c.number, quoted=True, speakers=speakers)

    def _same_paragraph(self, c: Clauses) -> bool:
        return c.unit.paragraph == self.paragraph

    def _carried(self, c: Clauses) -> Iterator[Draft]:
        """A main clause in the mood of reported speech carries on the last speaker."""
        start = self._reported(c)
        if start is None:
            return
        end = c.right(start, c.unit.segments[start].first)
        span = self.view.span(c.unit.segments[start].first, end)
        last = self.last
        if last is not None and last.rule == "carried on" and last.unit == c.number - 1 and not start:
            last.content[-1] = (last.content[-1][0], span[1])
            last.unit = c.number
            return
        speakers = (last.speakers if last is not None else ()) or self._speaker_before(c)
        yield Draft("carried on", "", [], [span], None, c.number, speakers=speakers)

    def _reported(self, c: Clauses) -> int | None:
        """The segment from which on a unit is reported speech, by the mood of a main clause."""
        words, lower = c.view.words, c.view.lower
        for k, segment in enumerate(c.unit.segments):
            opens = lower[segment.first]
            dependent = opens in words["subordinators"] or (k and opens in words["relatives"])
            if dependent and k:
                continue
            for i in c.open(segment):
                sure = c.reports(i) and i < segment.last
                if sure or (self.last is not None and c.mood.distances(lower[i]) and self._moody_before()):
                    if dependent and i == segment.last - 1 and opens in words["subordinators"]:
                        continue
                    return k
        return None

    def _moody_before(self) -> bool:
        last = self.last
        if last is None:
            return False
        tokens = self.view.encoded.tokens_in(last.content[-1])
        return any(self.mood.reports(t.text) or self.mood.distances(t.text) for t in tokens)

    def _speaker_before(self, c: Clauses) -> tuple[Actor, ...]:
        """The subject of the sentence before, else who spoke last in this paragraph."""
        recent = self.recent.speakers if self.recent is not None and self._same_paragraph(c) else ()
        unit = self.view.units[c.number - 1] if c.number else None
        if unit is None or unit.title:
            return recent
        before = Clauses(self.view, self.finder, self.mood, unit, c.number - 1, [])
        found = before.opening_subject(unit.last)
        known = found is not None and any(a.code or a.entity or a.sector for a in found.actors)
        return found.actors if found is not None and known and self.finder.can_speak(found) else recent


def _cued(c: Clauses) -> Iterator[Draft]:
    """Drafts of all cue verbs and cue phrases of a unit."""
    for hit in c.hits:
        for rule in RULES:
            draft = rule(c, hit)
            if draft is not None:
                yield draft
                break
    yield from find_phrases(c)


def _sentence(view: View, unit: Unit) -> Span:
    return view.span(unit.first, unit.last)


def _distinct(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """Drafts without those whose content another one has already."""
    seen: set[tuple[Span, ...]] = set()
    for draft in drafts:
        key = tuple(draft.content)
        if key not in seen:
            seen.add(key)
            yield draft


def _statement(view: View, draft: Draft, numbering: Numbering) -> Statement:
    frame = [*draft.cue, *(a.span for a in draft.speakers if a.span)]
    pieces = [piece for span in draft.content for piece in _around(span, draft.cue, frame)]
    content = tuple(s for s in (_trimmed(view.encoded.text, span) for span in pieces) if s)
    speakers = tuple(replace(a, text=view.encoded.words(a.span)) if a.span else a for a in draft.speakers)
    evidence = _evidence(view, content, [*draft.cue, *(a.span for a in draft.speakers if a.span and draft.speaker)])
    confidence = float(view.words.confidence.get(draft.rule, NEUTRAL))
    return Statement(
        id=numbering.next("statement", evidence), evidence=evidence, confidence=confidence, asserted_by=None,
        why=f"{draft.word!r}; {draft.rule}" if draft.word else draft.rule,
        speakers=speakers, anonymous=draft.impersonal or hides(view.words, speakers),
        cue=tuple(sorted(draft.cue)), content=content, form=_form(view, content, draft), addressees=draft.addressees,
    )  # fmt: skip


def _around(span: Span, cue: Sequence[Span], frame: Sequence[Span]) -> list[Span]:
    """A content on both sides of the frame where a cue stands inside it: 'Wein[, so Peru,] und Brot'."""
    if not any(span[0] < start and end < span[1] for start, end in cue):
        return [span]
    inside = [(start, end) for start, end in frame if span[0] <= start and end <= span[1]]
    return [(span[0], min(start for start, _ in inside)), (max(end for _, end in inside), span[1])]


def _trimmed(text: str, span: Span) -> Span | None:
    """A content without marks around it and without its full stop; what ends a quotation inside stays."""
    start, end = span
    while start < end and text[start] in _MARKS:
        start += 1
    while end > start and (text[end - 1] in _MARKS or text[end - 1] == "."):
        end -= 1
    return (start, end) if start < end else None


def _form(view: View, content: Spans, draft: Draft) -> str:
    if draft.quoted:
        return "direct"
    touched = [(span, view.quoted_in(span)) for span in content]
    if all(any(q[0] <= s and e <= q[1] for q in quotes) for (s, e), quotes in touched):
        return "direct"
    return "mixed" if any(quotes for _span, quotes in touched) else "indirect"


def _evidence(view: View, content: Spans, others: Sequence[Span]) -> Spans:
    """The stretches of the sentences from cue and speaker to the content."""
    groups: dict[int, list[Span]] = {}
    pieces = [piece for span in content for piece in _by_unit(view, span)]
    for span in (*pieces, *others):
        groups.setdefault(_unit_of(view, span[0]), []).append(span)
    keep = {_unit_of(view, s[0]) for s in pieces}
    ordered = sorted((min(s for s, _ in g), max(e for _, e in g)) for u, g in groups.items() if u in keep)
    return tuple(ordered)


def _by_unit(view: View, span: Span) -> list[Span]:
    """A span cut at the borders of units."""
    first, last = _unit_of(view, span[0]), _unit_of(view, span[1] - 1)
    bounds = [view.span(unit.first, unit.last) for unit in view.units[first : last + 1]]
    return [(max(span[0], start), min(span[1], end)) for start, end in bounds if start < span[1] and span[0] < end]


def _unit_of(view: View, offset: int) -> int:
    sentence = view.encoded.sentence_index(offset)
    low, high = 0, len(view.units)
    while low < high:
        middle = (low + high) // 2
        if view.units[middle].last_sentence < sentence:
            low = middle + 1
        else:
            high = middle
    return low
