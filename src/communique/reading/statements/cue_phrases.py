"""Attribution without a verb of its own: 'laut', 'nach Angaben', 'according to', 'so die Ministerin', 'hieß es'.

In: Clauses of a unit. Out: drafts. Must not know records or confidence.
"""

from __future__ import annotations

from collections.abc import Iterator

from communique.reading.statements.content_rules import going_on
from communique.reading.statements.contents import Clauses, Draft
from communique.reading.statements.speakers import Phrase
from communique.records import Span

_REACH = 4
_LONGEST = 14


def find_phrases(c: Clauses) -> Iterator[Draft]:
    """All drafts of cue phrases in a unit."""
    for k, segment in enumerate(c.unit.segments):
        if segment.quote is not None:
            continue
        found = _so(c, k) or _impersonal(c, k)
        if found is not None:
            yield found
        i = segment.first
        while i < segment.last:
            phrase = None if i in c.view.masked else _phrase_at(c, k, i)
            if phrase is None:
                i += 1
                continue
            cue, whole, speaker = phrase
            draft = _around(c, k, cue, whole, speaker)
            if draft is not None:
                yield draft
            i = max(whole[1], i + 1)


_Range = tuple[int, int]


def _phrase_at(c: Clauses, k: int, i: int) -> tuple[_Range, _Range, Phrase | None] | None:
    """Cue tokens, tokens of cue and speaker, and the speaker, of a phrase that begins at token i."""
    segment, lower = c.unit.segments[k], c.view.lower
    for phrase in c.view.words.before:
        if lower[i : i + len(phrase)] == phrase and i + len(phrase) <= segment.last:
            start = i + len(phrase)
            speaker = c.finder.forwards(start, segment.last)
            if speaker is not None and not lower[start].isdigit():
                return (i, start), (i, speaker.last), speaker
    for phrase in c.view.words.after:
        if lower[i : i + len(phrase)] == phrase:
            speaker = _before(c, segment.first, i)
            if speaker is not None:
                return (i, i + len(phrase)), (speaker.first, i + len(phrase)), speaker
    return _angle(c, k, i)


def _before(c: Clauses, low: int, high: int) -> Phrase | None:
    """The speaker in front of 'zufolge': the phrase that ends there."""
    for start in range(max(low, high - 8), high):
        if (
            c.view.lower[start] in c.view.words["determiners"]
            or (c.view.capital(start) and start > low)
            or start == low
        ):
            if any(c.strong(i) for i in range(start, high)) or c.view.lower[start] in c.view.words["prepositions"]:
                continue
            return c.finder.phrase(start, high)
    return None


def _angle(c: Clauses, k: int, i: int) -> tuple[_Range, _Range, Phrase | None] | None:
    """'nach Angaben der Polizei', 'in the view of Belgium', 'nach amtlichen Angaben'."""
    words, lower, segment = c.view.words, c.view.lower, c.unit.segments[k]
    if lower[i] not in words["angle_prepositions"]:
        return None
    for j in range(i + 1, min(segment.last, i + _REACH)):
        word = lower[j]
        if word in words["angle_nouns"] or (word.rpartition("-")[2] in words["angle_nouns"]):
            end = j + 1
            linked = end < segment.last and lower[end] in words["angle_links"]
            if linked or (end < segment.last and (_genitive(c, end) or _owner(c, end, segment.last))):
                speaker = c.finder.forwards(end + linked, segment.last)
                if speaker is not None:
                    return (i, end), (i, speaker.last), speaker
            if not words.order.cased_nouns and j == i + 1:
                return None
            return (i, end), (i, end), _inside(c, i + 1, end)
        if c.strong(j) or (words.order.cased_nouns and c.view.capital(j) and j > i + 2):
            return None
    return None


def _genitive(c: Clauses, i: int) -> bool:
    """Whether a genitive begins at a token: its determiner, or an adjective by its ending."""
    words, word = c.view.words, c.view.lower[i]
    if word in words["angle_genitives"]:
        return True
    known = word in words["adverbs"] or word in words["prepositions"] or word in words["determiners"]
    return not known and not c.view.capital(i) and words.ends("genitive", word)


def _owner(c: Clauses, i: int, last: int) -> bool:
    """Whether a name follows the noun where genitives of names have no article: 'nach Meinung Chiles'."""
    return c.view.words.order.cased_nouns and c.view.capital(i) and c.finder.reference_at(i, last) is not None


def _inside(c: Clauses, low: int, high: int) -> Phrase | None:
    """The speaker inside a cue phrase: 'nach israelischen Angaben', 'nach eigenen Angaben', 'nach Polizeiangaben'."""
    lower = c.view.lower
    for own in c.view.words.own:
        if lower[low : low + len(own)] == own:
            return c.finder.first_subject(c.unit.first, c.unit.last)
    named = [r for r in c.finder.named.within(c.view.span(low, high)) if r.actors]
    if named:
        first, last = c.view.encoded.token_range(named[0].span)
        return Phrase(first, last, named[0].actors)
    return c.finder.phrase(low, high) if high - low == 1 else None


def _around(c: Clauses, k: int, cue: _Range, whole: _Range, speaker: Phrase | None) -> Draft | None:
    """The content of a phrase: the sentence around it, as far as it belongs to it."""
    segment = c.unit.segments[k]
    spans: list[Span] = []
    low, high = whole
    if (
        k
        and segment.before == ","
        and c.view.lower[segment.first] in c.view.words["relatives"] | c.view.words["subordinators"]
    ):
        spans = [*_kept(c, segment.first, low), *_kept(c, high, segment.last)] if low > segment.first else []
        word = " ".join(c.view.lower[slice(*cue)])
        return Draft("cue phrase", word, [c.view.span(*cue)], spans, speaker, c.number) if spans else None
    if low > segment.first:
        start = c.left(k, low)
        spans += _kept(c, start, low)
    elif k > 0 and segment.before in (",", '"', "–", "—") and not _opens(c, k, low, high):
        before = c.unit.segments[k - 1]
        spans += [before.quote.inner] if before.quote else _kept(c, c.left(k - 1, before.last), before.last)
    if high < segment.last:
        if not spans or (low > segment.first and not _ended(c, segment.first, low, high, segment.last)):
            spans += _kept(c, high, c.right(k, high))
    elif k + 1 < len(c.unit.segments):
        spans += _next(c, k, bool(spans))
    if not spans:
        return None
    word = " ".join(c.view.lower[slice(*cue)])
    return Draft("cue phrase", word, [c.view.span(*cue)], _merged(spans), speaker, c.number)


def _kept(c: Clauses, first: int, last: int) -> list[Span]:
    return [c.view.span(first, last)] if first < last else []


def _merged(spans: list[Span]) -> list[Span]:
    return [s for i, s in enumerate(spans) if s not in spans[:i]]


def _opens(c: Clauses, k: int, low: int, high: int) -> bool:
    """Whether a phrase first in its segment opens a clause of its own there ('…, laut Polizei waren es drei')."""
    segment = c.unit.segments[k]
    return (segment.before == '"' and c.view.capital(low)) or any(c.strong(i) for i in range(high, segment.last))


def _ended(c: Clauses, first: int, low: int, high: int, last: int) -> bool:
    """Whether the clause is over before the phrase, so that what follows belongs to the speaker."""
    if c.view.words.order.verb_second:
        return False
    return any(c.finite(i) for i in range(first, low)) and not any(c.strong(i) for i in range(high, last))


def _next(c: Clauses, k: int, parenthetical: bool) -> list[Span]:
    """The content behind a phrase that ends its segment."""
    after = c.unit.segments[k + 1]
    if after.quote is not None:
        return [after.quote.inner] if after.before in (",", "", ":") else []
    words = c.view.words
    if (
        after.before not in (",", ":", "–")
        or c.view.lower[after.first] in words["relatives"]
        or c.begins_another(k + 1)
    ):
        return []
    if parenthetical and c.view.lower[after.first] in words["subordinators"]:
        return []
    return _kept(c, after.first, c.right(k + 1, after.first))


def _so(c: Clauses, k: int) -> Draft | None:
    """'…, so die Ministerin': no verb, the speaker fills the segment."""
    segment, words = c.unit.segments[k], c.view.words
    if c.view.lower[segment.first] not in words["so"] or k == 0 or segment.before not in (",", '"', "–"):
        return None
    if any(c.strong(i) for i in range(segment.first, segment.last)) or segment.last - segment.first > _LONGEST:
        return None
    speaker = c.finder.behind(segment.first + 1, segment.last)
    if speaker is None or speaker.first > segment.first + 2:
        return None
    return _postposed(c, k, (segment.first, segment.first + 1), speaker, "so")


def _postposed(c: Clauses, k: int, cue: _Range, speaker: Phrase | None, rule: str) -> Draft | None:
    before = c.unit.segments[k - 1]
    quote = before.quote
    spans = [quote.inner] if quote is not None else _kept(c, c.left(k - 1, before.last), before.last)
    if not spans:
        return None
    word = " ".join(c.view.lower[slice(*cue)])
    return Draft(
        rule,
        word,
        [c.view.span(*cue)],
        [*spans, *going_on(c, k, quoted=quote is not None)],
        speaker,
        c.number,
        quoted=quote is not None,
    )


def _impersonal(c: Clauses, k: int) -> Draft | None:
    """'…, hieß es in Kreisen', 'it was reported that …': said by somebody the item does not name."""
    segment, lower, words = c.unit.segments[k], c.view.lower, c.view.words
    for i in range(segment.first, segment.last):
        phrase = (
            next((p for p in words.impersonal if lower[i : i + len(p)] == p), None) if i not in c.view.masked else None
        )
        if phrase is None:
            continue
        end = i + len(phrase)
        if i == segment.first and k > 0 and segment.before in (",", '"', "–"):
            draft = _postposed(c, k, (i, end), None, "impersonal")
        else:
            draft = _impersonal_ahead(c, k, i, end)
        if draft is not None:
            draft.speaker = _source(c, segment.last, end) or _source(c, i, segment.first)
            draft.impersonal = draft.speaker is None
        return draft
    return None


def _source(c: Clauses, last: int, end: int) -> Phrase | None:
    """Where it was said, from a token on: 'hieß es in einem Manifest', 'in Lima hieß es'."""
    i = end
    while i < last and c.view.lower[i] in c.view.words["adverbs"] and c.view.lower[i] not in c.view.words["sources"]:
        i += 1
    return c.finder.forwards(i + 1, last) if i + 1 < last and c.view.lower[i] in c.view.words["sources"] else None


def _impersonal_ahead(c: Clauses, k: int, i: int, end: int) -> Draft | None:
    segment, lower, words = c.unit.segments[k], c.view.lower, c.view.words
    following = c.unit.segments[k + 1] if k + 1 < len(c.unit.segments) else None
    spans: list[Span] = []
    if not words.order.clause_behind_comma and end < segment.last:
        start = end + 1 if lower[end] in words["complementizers"] else end
        spans = _kept(c, start, c.right(k, start))
    elif following is not None and following.quote is not None:
        spans = [following.quote.inner]
    elif following is not None and following.before in (",", ":"):
        start = following.first + (lower[following.first] in words["complementizers"])
        if start > following.first or c.moody(following) or following.before == ":":
            spans = _kept(c, start, c.right(k + 1, following.first))
    return Draft("impersonal", " ".join(lower[i:end]), [c.view.span(i, end)], spans, None, c.number) if spans else None
