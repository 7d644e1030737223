"""One sentence with its cue verbs: how far a content goes, whose it is, and drafts of statements.

In: a unit with its hits. Out: extents, subjects and drafts for `content_rules`. Must not know records or confidence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice, takewhile

from communique.reading.encode import Quote
from communique.reading.statements.hits import Hit
from communique.reading.statements.konjunktiv import Mood
from communique.reading.statements.segments import Segment, Unit, View
from communique.reading.statements.speakers import Finder, Phrase
from communique.records import Actor, Span

TERSE = 4
FARTHEST = 60
"""No content goes on over so many segments; more are noise, and looking at them would cost quadratic time."""
SHORTEST = 2
PHRASE = 8


@dataclass(slots=True)
class Draft:
    """A statement before its confidence and id: contents and cue as offsets, who speaks, which rule and word."""

    rule: str
    word: str
    cue: list[Span]
    content: list[Span]
    speaker: Phrase | None
    unit: int
    addressees: tuple[Actor, ...] = ()
    impersonal: bool = False
    quoted: bool = False
    speakers: tuple[Actor, ...] = field(default=())


@dataclass(slots=True)
class Clauses:
    """One unit with its cue verbs and the tools that the rules need."""

    view: View
    finder: Finder
    mood: Mood
    unit: Unit
    number: int
    hits: list[Hit]
    subjects: dict[int, Phrase | None] = field(default_factory=dict)
    quotes: frozenset[Quote] = frozenset()
    by_segment: dict[int, list[Hit]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.quotes = frozenset(s.quote for s in self.unit.segments if s.quote is not None)
        for hit in self.hits:
            self.by_segment.setdefault(hit.segment, []).append(hit)

    def _between(self, first: int, last: int) -> list[Segment]:
        """The segments that touch a range of tokens."""
        segments = self.unit.segments
        low = max(0, bisect_right(segments, first, key=lambda s: s.first) - 1)
        found = takewhile(lambda s: s.first < last, islice(segments, low, None))
        return [s for s in found if s.last > first]

    def hits_in(self, k: int) -> list[Hit]:
        """The cue verbs of a segment."""
        return self.by_segment.get(k, [])

    # ------------------------------------------------------------ extents

    def right(self, k: int, start: int) -> int:
        """Where a content that begins at a token ends: before the next cue at its level, a semicolon or the end."""
        segments = self.unit.segments
        for hit in self.hits_in(k):
            if hit.verb > start:
                cut = self._coordinated(hit, start)
                if cut is not None:
                    return cut
        end = segments[k].last
        for j in range(k + 1, min(len(segments), k + FARTHEST)):
            segment = segments[j]
            if segment.before == "." or self.begins_another(j) or (segment.before == ":" and segment.quote):
                break
            if segment.before == ";" and not self.moody(segment):
                break
            cut = next(
                (c for h in self.hits_in(j) if (c := self._coordinated(h, segment.first)) is not None),
                None,
            )
            if cut is not None:
                return cut if cut > segment.first else end
            end = segment.last
        return end

    def _coordinated(self, hit: Hit, low: int) -> int | None:
        """Where 'and' stands in front of a cue verb and at most its subject ('and she said'), else None."""
        words, lower = self.view.words, self.view.lower
        j = min(hit.verb, hit.finite) - 1
        while j > low and lower[j] in words["adverbs"] and lower[j] not in words["coordinators"]:
            j -= 1
        if j > low and lower[j] in words["coordinators"] and j not in self.view.masked:
            return j
        for i in range(j, max(low, j - PHRASE), -1):
            if i in self.view.masked or self.strong(i) or lower[i] in words["complementizers"]:
                return None
            if lower[i] in words["coordinators"]:
                opens = lower[i + 1] not in words["prepositions"]
                return i if opens and any(self.finite(n) for n in range(low, i)) else None
        return None

    def begins_another(self, j: int) -> bool:
        """Whether a segment begins a new attribution: a gerund ('adding'), or a contrast or conjunction with a cue."""
        segment, words = self.unit.segments[j], self.view.words
        hits = self.hits_in(j)
        if not hits:
            return False
        word = self.view.lower[segment.first]
        if hits[0].gerund and hits[0].verb - segment.first < SHORTEST:
            return True
        if hits[0].verb == segment.first and self._listed(hits[0]):
            return True
        return segment.before == ";" or word in words["coordinators"] or word in words["contrasts"]

    def _listed(self, hit: Hit) -> bool:
        """Whether a verb first in its segment is one of a list with one subject ('noted that …, conceded that …')."""
        segment = self.unit.segments[hit.segment]
        following = self.view.lower[hit.end] if hit.end < segment.last else ""
        return not self.view.words.order.verb_second and following in self.view.words["complementizers"]

    def left(self, k: int, end: int) -> int:
        """Where a content that ends before a token begins: behind the last semicolon, cue or quotation."""
        segments = self.unit.segments
        j = k
        while (
            j > max(0, k - FARTHEST)
            and segments[j].before not in (";", ".", ":", '"', "")
            and segments[j - 1].quote is None
        ):
            if self.hits_in(j - 1):
                break
            j -= 1
        start = segments[j].first
        while start < end and self.view.lower[start] in self.view.words["coordinators"]:
            start += 1
        return start

    def moody(self, segment: Segment) -> bool:
        """Whether a segment has a form of the mood of reported speech."""
        return any(self._mood(i) for i in self.open(segment))

    def reports(self, i: int) -> bool:
        """Whether a token is a form of reported speech."""
        return not self.view.capital(i) and self.mood.reports(self.view.lower[i])

    def open(self, segment: Segment) -> list[int]:
        """The tokens of a segment outside quotations and brackets."""
        return [] if segment.quote else [i for i in range(segment.first, segment.last) if i not in self.view.masked]

    # ------------------------------------------------------------ subject

    def subject(self, hit: Hit) -> Phrase | None:
        """The subject of a cue verb."""
        if hit.verb not in self.subjects:
            found = self._subject(hit)
            self.subjects[hit.verb] = found and self.finder.widened(self.unit, hit.segment, found)
        return self.subjects[hit.verb]

    def _subject(self, hit: Hit) -> Phrase | None:
        segment = self.unit.segments[hit.segment]
        if hit.gerund:
            noun = self._noun_before(segment, hit)
            return noun or self._inherited(hit)
        if self.view.words.order.verb_second:
            return self._subject_framed(segment, hit)
        return self._subject_before(segment, hit)

    def _noun_before(self, segment: Segment, hit: Hit) -> Phrase | None:
        end = hit.verb - (self.view.lower[hit.verb - 1] in self.view.words["appeal"])
        if end - segment.first < SHORTEST or self.view.lower[end - 1] in self.view.words["coordinators"]:
            return None
        return self.finder.ending(segment.first if end < hit.verb else max(segment.first, end - 4), end)

    def _subject_before(self, segment: Segment, hit: Hit) -> Phrase | None:
        """The subject in a language where it stands before its verb, or behind it when the verb begins the segment."""
        words, lower = self.view.words, self.view.lower
        low = self._last_break(segment, hit.verb)
        i = hit.verb
        while (
            i > low
            and (lower[i - 1] in words["adverbs"] or lower[i - 1] in words["perfect"])
            and lower[i - 1] not in words["relatives"]
        ):
            i -= 1
        if i > low and lower[i - 1] in words["relatives"] and i - 1 == segment.first:
            return self.finder.antecedent(self.unit, hit.segment)
        if i > low and lower[i - 1] not in words["coordinators"]:
            return self.finder.backwards(low, i)
        if i > low or (low > segment.first and lower[low - 1] in words["coordinators"]):
            return self._inherited(hit)
        if hit.segment == 0:
            return None
        if segment.before in ("", ",", "–", "—") and self.unit.segments[hit.segment - 1].quote is None:
            speech = "quote" in hit.entry.takes
            after_clause = speech and (self.clause(self.unit.first, segment.first) or self.cuts_in(hit))
            inverted = self._inverted(segment, hit) if after_clause else None
            return inverted or self.finder.apposed_before(self.unit, hit.segment) or self._inherited(hit)
        return self._inverted(segment, hit)

    def cuts_in(self, hit: Hit) -> bool:
        """Whether a cue stands inside a clause: its verb begins the next segment ('The talks, said X, were')."""
        following = self.unit.segments[hit.segment + 1 : hit.segment + 2]
        return bool(following) and following[0].before == "," and self.strong(following[0].first)

    def _last_break(self, segment: Segment, high: int) -> int:
        """Behind the last conjunction or complementizer before a verb in its segment, if a clause lies before it."""
        words, lower = self.view.words, self.view.lower
        for i in range(high - 1, segment.first, -1):
            if i in self.view.masked:
                continue
            if lower[i] in words["complementizers"] or lower[i] in words["contrasts"]:
                return i + 1
            if lower[i] in words["coordinators"] and any(self.finite(j) for j in range(segment.first, i)):
                return i + 1
        return segment.first

    def strong(self, i: int) -> bool:
        """Whether a token is a finite verb by the word alone."""
        return i not in self.view.masked and (self.view.lower[i] in self.view.words["finite"] or self._mood(i))

    def _mood(self, i: int) -> bool:
        return bool(self.mood.first) and (self.reports(i) or self.mood.distances(self.view.lower[i]))

    def finite(self, i: int) -> bool:
        """Whether a token may be a finite verb."""
        words, word = self.view.words, self.view.lower[i]
        if i in self.view.masked or self.view.capital(i):
            return False
        return (
            word in words["finite"]
            or self._mood(i)
            or word in words.finite
            or (len(word) > TERSE and words.ends("finite", word))
        )

    def _inverted(self, segment: Segment, hit: Hit) -> Phrase | None:
        """'said the minister': a subject behind the verb, when no clause follows."""
        if any(self.strong(i) for i in range(hit.end, segment.last)) or self._told(hit) is not None:
            return None
        return self.finder.forwards(hit.end, segment.last)

    def _subject_framed(self, segment: Segment, hit: Hit) -> Phrase | None:
        """The subject in a language where the finite verb is second or, in dependent clauses, last."""
        words, lower = self.view.words, self.view.lower
        low = segment.first
        while low < hit.finite and (lower[low] in words["coordinators"] or low in self.view.masked):
            low += 1
        if low == hit.finite:
            if low > segment.first and self._coordinates_verb(hit):
                return self._inherited(hit)
            behind = self.behind(segment, hit)
            return behind or (self.finder.apposed_before(self.unit, hit.segment) if hit.segment else None)
        if (
            segment.before == ","
            and lower[low] in words["relatives"]
            and hit.finite >= segment.last - 1
            and hit.finite > low
        ):
            return self._relative(low, hit)
        if lower[low] in words["subordinators"] and hit.finite > low:
            return self.finder.behind(low + 1, min(hit.verb, hit.finite))
        return self._around(segment, low, hit)

    def _coordinates_verb(self, hit: Hit) -> bool:
        """Whether a verb right behind 'und' has no subject of its own."""
        after = hit.finite + 1
        segment = self.unit.segments[hit.segment]
        return not (after < segment.last and self.view.lower[after] in self.view.words["subject_pronouns"])

    def _relative(self, low: int, hit: Hit) -> Phrase | None:
        if low + 1 < hit.finite and self.view.lower[low + 1] not in self.view.words["determiners"]:
            inside = self.finder.behind(low + 1, min(hit.verb, hit.finite))
            if inside is not None and inside.actors[0].entity:
                return inside
        return self.finder.antecedent(self.unit, hit.segment)

    def _around(self, segment: Segment, low: int, hit: Hit) -> Phrase | None:
        """A subject before the verb, else behind it; a pronoun right behind the verb comes first."""
        words, lower = self.view.words, self.view.lower
        after = hit.finite + 1
        if after < segment.last and lower[after] in words["subject_pronouns"] and hit.finite != segment.last - 1:
            return self.finder.phrase(after, after + 1)
        joined = hit.finite - 1
        while joined > low and lower[joined] in words["adverbs"]:
            joined -= 1
        if joined > low and lower[joined] in words["coordinators"]:
            return self._inherited(hit)
        inner = self._last_coordination(low, hit.finite)
        if inner is not None:
            return self.finder.backwards(inner, hit.finite) or self._inherited(hit)
        opens = lower[low]
        if opens in words["not_subjects"] and self.finder.noun_follows(low, hit.finite):
            return self.finder.backwards(low, hit.finite)
        if opens in words["adverbs"] or opens in words["prepositions"] or opens in words["not_subjects"]:
            behind = self.behind(segment, hit)
            if behind is not None or opens not in words["anaphors"]:
                return behind
        return self.finder.backwards(low, hit.finite) or self.behind(segment, hit)

    def _last_coordination(self, low: int, high: int) -> int | None:
        """Behind an 'und' that joins a second verb to a first one in the same segment."""
        for i in range(high - 1, low, -1):
            if self.view.lower[i] in self.view.words["coordinators"] and any(
                self.finite(j) and not self.view.capital(j) for j in range(low, i)
            ):
                return i + 1
        return None

    def behind(self, segment: Segment, hit: Hit) -> Phrase | None:
        """The subject behind a finite verb, before its particle or participle."""
        high = hit.verb if hit.verb > hit.finite else (hit.particle or segment.last)
        return self.finder.behind(hit.finite + 1, high)

    def _inherited(self, hit: Hit) -> Phrase | None:
        """The subject of the cue before in this unit, else the unit's first subject."""
        earlier = [h for h in self.hits if h.verb < hit.verb and not h.gerund]
        for other in reversed(earlier):
            found = self.subject(other)
            if found is not None:
                return found
        return self.opening_subject(hit.verb)

    def opening_subject(self, high: int) -> Phrase | None:
        """The subject that a unit opens with: the phrase before its first finite verb, else its first free name."""
        if not self.unit.segments:
            return None
        first = self.unit.segments[0]
        verb = next((i for i in range(first.first, min(first.last, high)) if self.finite(i)), None)
        opening = self.finder.backwards(first.first, verb) if verb is not None and not first.quote else None
        return opening or self.finder.first_subject(self.unit.first, high)

    # ------------------------------------------------------------ parts of drafts

    def draft(self, rule: str, hit: Hit, content: Sequence[Span]) -> Draft | None:
        """A draft with the verb's own cue, subject and hearers."""
        if not content:
            return None
        tokens = self.view.encoded.tokens
        cue = [(tokens[hit.verb].start, tokens[hit.end - 1].end)]
        if hit.particle is not None:
            cue.append((tokens[hit.particle].start, tokens[hit.particle].end))
        segment = self.unit.segments[hit.segment]
        told = self._told(hit)
        hearers = told.actors if told is not None else self.finder.hearers(hit.end, segment.last)
        inner = {q.inner for q in self.quotes}
        quoted = all(s in inner for s in content)
        return Draft(rule, hit.entry.name, cue, list(content), self.subject(hit), self.number, hearers, quoted=quoted)

    def span(self, first: int, last: int) -> list[Span]:
        """A content as offsets, or nothing when it is too short to say anything."""
        words = (i for i in range(first, last) if self.view.lower[i][:1].isalnum())
        return [self.view.span(first, last)] if len(list(islice(words, SHORTEST))) >= SHORTEST else []

    def rest(self, hit: Hit) -> int:
        """The token behind a verb, its hearer, and adverbials of time and place."""
        told = self._told(hit)
        i = told.last if told is not None else hit.end
        high = self.unit.segments[hit.segment].last
        words, lower = self.view.words, self.view.lower
        while i < high:
            if lower[i] in words["venues"] or (
                lower[i] in words["adverbs"] and lower[i] not in words["passive"] and lower[i] not in words["perfect"]
                and lower[i] not in words["determiners"] and lower[i] not in words["relatives"]
            ):  # fmt: skip
                i += 1
            elif lower[i] in words["prepositions"] and (end := self._venue(i, high)):
                i = end
            else:
                break
        return i

    def _venue(self, i: int, high: int) -> int | None:
        """End of 'in a statement on Monday', or of a phrase that ends the segment."""
        words, lower = self.view.words, self.view.lower
        for j in range(i + 1, min(high, i + 6)):
            if self.strong(j) or lower[j] in words["complementizers"]:
                return None
            if lower[j] in words["venues"] or lower[j].isdigit():
                while j + 1 < high and (lower[j + 1] in words["venues"] or lower[j + 1].isdigit()):
                    j += 1
                return j + 1
        return high if high - i <= PHRASE and not any(self.strong(j) for j in range(i, high)) else None

    def _told(self, hit: Hit) -> Phrase | None:
        """The hearer right behind 'told'."""
        if "addressee" not in hit.entry.takes:
            return None
        segment = self.unit.segments[hit.segment]
        low, lower, words = hit.end, self.view.lower, self.view.words
        if low < segment.last and lower[low] in words["hearers"]:
            return self.finder.phrase(low, low + 1)
        reference = self.finder.reference_at(low, segment.last) if low < segment.last else None
        if reference is not None:
            _first, last = self.view.encoded.token_range(reference.span)
            while last < segment.last and (lower[last] in words["hearers"] or lower[last] in words["possessives"]):
                last += 1
            return self.finder.phrase(low, last)
        for i in range(low, min(segment.last, low + 5)):
            if lower[i] in words["hearers"]:
                return self.finder.phrase(low, i + 1)
            if lower[i] in words["complementizers"] or self.finite(i):
                return None
        return None

    def clause(self, first: int, last: int) -> bool:
        """Whether a stretch of segments has a main clause: a finite verb outside relative and dependent clauses."""
        words, lower = self.view.words, self.view.lower
        for segment in self._between(first, last):
            low, high = max(first, segment.first), min(last, segment.last)
            if low >= high or segment.quote is not None:
                continue
            dependent = low == segment.first and lower[low] in words["subordinators"] | words["relatives"]
            article = lower[low] in words["determiners"] and not (
                segment.before == "," and self._last_is_finite(low, high)
            )
            if (not dependent or article) and any(self.finite(i) for i in range(low, high)):
                return True
        return False

    def main_verb(self, first: int, last: int) -> bool:
        """Whether a word with a verb's ending stands early in a stretch that is no dependent clause."""
        words, lower = self.view.words, self.view.lower
        if lower[first] in words["subordinators"] or lower[first] in words["prepositions"]:
            return False
        segment = next(iter(self._between(first, last)), None)
        early = range(first + 1, min(last, first + PHRASE, segment.last if segment else last))
        closed = words["adverbs"] | words["negations"] | words["prepositions"] | words["determiners"]
        open_words = (
            i for i in early if not self.view.capital(i) and i not in self.view.masked and lower[i] not in closed
        )
        return any(words.ends("main_verb", lower[i]) for i in open_words)

    def _last_is_finite(self, low: int, high: int) -> bool:
        """Whether a segment ends with a verb, as a dependent clause does where the verb is last."""
        return self.view.words.ends("last_verb", self.view.lower[high - 1])
