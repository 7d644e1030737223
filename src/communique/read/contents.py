"""What a cue verb attributes: where the content begins and ends, by the shape of the clauses around the verb.

In: a unit with its hits. Out: drafts of statements. Each rule is a method that returns a draft or None; they are tried
in the order of `RULES`, and the first that fits wins. Must not know records or confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from communique.read.segments import Segment, Unit, View
from communique.read.encode import Quote
from communique.read.hits import Hit
from communique.read.konjunktiv import Mood
from communique.read.speakers import Finder, Phrase
from communique.records import Actor, Span

_REACH = 3
_TO = 9
_TERSE = 4
_SHORTEST = 2
_PHRASE = 8
_TAIL = ('"', ",", "–", "—", "―")


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

    # ------------------------------------------------------------ extents

    def right(self, k: int, start: int) -> int:
        """Where a content that begins at a token ends: before the next cue at its level, a semicolon or the end."""
        segments = self.unit.segments
        for hit in self.hits:
            if hit.segment == k and hit.verb > start:
                cut = self._coordinated(hit, start)
                if cut is not None:
                    return cut
        end = segments[k].last
        for j in range(k + 1, len(segments)):
            segment = segments[j]
            if segment.before == "." or self.begins_another(j) or (segment.before == ":" and segment.quote):
                break
            if segment.before == ";" and not self.moody(segment):
                break
            cut = next((c for h in self.hits if h.segment == j and (c := self._coordinated(h, segment.first)) is not None), None)
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
        for i in range(j, max(low, j - _PHRASE), -1):
            if i in self.view.masked or self.strong(i) or lower[i] in words["complementizers"]:
                return None
            if lower[i] in words["coordinators"]:
                opens = lower[i + 1] not in words["prepositions"]
                return i if opens and any(self.finite(n) for n in range(low, i)) else None
        return None

    def begins_another(self, j: int) -> bool:
        """Whether a segment begins a new attribution: a gerund ('adding'), or a contrast or conjunction with a cue."""
        segment, words = self.unit.segments[j], self.view.words
        hits = [h for h in self.hits if h.segment == j]
        if not hits:
            return False
        word = self.view.lower[segment.first]
        if hits[0].gerund and hits[0].verb - segment.first < _SHORTEST:
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
        while j > 0 and segments[j].before not in (";", ".", ":", '"', "") and segments[j - 1].quote is None:
            if any(h.segment == j - 1 for h in self.hits):
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
        if end - segment.first < _SHORTEST or self.view.lower[end - 1] in self.view.words["coordinators"]:
            return None
        return self.finder.ending(segment.first if end < hit.verb else max(segment.first, end - 4), end)

    def _subject_before(self, segment: Segment, hit: Hit) -> Phrase | None:
        """The subject in a language where it stands before its verb, or behind it when the verb begins the segment."""
        words, lower = self.view.words, self.view.lower
        low = self._last_break(segment, hit.verb)
        i = hit.verb
        while i > low and (lower[i - 1] in words["adverbs"] or lower[i - 1] in words["perfect"]) and lower[i - 1] not in words["relatives"]:
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
            after_clause = "quote" in hit.entry.takes and self.clause(self.unit.first, segment.first)
            inverted = self._inverted(segment, hit) if after_clause else None
            return inverted or self.finder.apposed_before(self.unit, hit.segment) or self._inherited(hit)
        return self._inverted(segment, hit)

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
        return word in words["finite"] or self._mood(i) or word in words.finite or (
            len(word) > _TERSE and words.ends("finite", word)
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
        if segment.before == "," and lower[low] in words["relatives"] and hit.finite >= segment.last - 2 and hit.finite > low:
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
        if low + 1 < hit.finite and not self.view.lower[low + 1] in self.view.words["determiners"]:
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
        hearers = self._told(hit)
        hearers = hearers.actors if isinstance(hearers, Phrase) else self.finder.hearers(hit.end, segment.last)
        quoted = all(any(s == q.inner for q in self.quotes()) for s in content)
        return Draft(rule, hit.entry.name, cue, list(content), self.subject(hit), self.number, hearers, quoted=quoted)

    def quotes(self) -> list[Quote]:
        """The clausal quotations of the unit."""
        return [s.quote for s in self.unit.segments if s.quote is not None]

    def span(self, first: int, last: int) -> list[Span]:
        """A content as offsets, or nothing when it is too short to say anything."""
        words = sum(1 for i in range(first, last) if self.view.lower[i][:1].isalnum())
        return [self.view.span(first, last)] if words >= _SHORTEST else []

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
        return high if high - i <= _PHRASE and not any(self.strong(j) for j in range(i, high)) else None

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
            first, last = self.view.encoded.token_range(reference.span)
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
        for segment in self.unit.segments:
            low, high = max(first, segment.first), min(last, segment.last)
            if low >= high or segment.quote is not None:
                continue
            dependent = low == segment.first and lower[low] in words["subordinators"] | words["relatives"]
            article = lower[low] in words["determiners"] and not (segment.before == "," and self._last_is_finite(low, high))
            if (not dependent or article) and any(self.finite(i) for i in range(low, high)):
                return True
        return False

    def _last_is_finite(self, low: int, high: int) -> bool:
        """Whether a segment ends with a verb, as a dependent clause does where the verb is last."""
        return self.view.words.ends("last_verb", self.view.lower[high - 1])


# ---------------------------------------------------------------- the rules


def behind_colon(c: Clauses, hit: Hit) -> Draft | None:
    """'Er sagte: …': all that follows, a quotation alone where there is one."""
    k = hit.segment + 1
    segments = c.unit.segments
    if k >= len(segments) or segments[k].before != ":" or not hit.entry.takes & {"quote", "that"}:
        return None
    quote = segments[k].quote
    if quote is not None:
        return c.draft("colon, quotation", hit, [quote.inner])
    close = max(hit.end, (hit.particle or 0) + 1) == segments[hit.segment].last
    if hit.gerund or not (c.moody(segments[k]) or (close and hit.entry.takes >= {"quote", "clause"})):
        return None
    return c.draft("colon", hit, c.span(segments[k].first, c.right(k, segments[k].first)))


def that_clause(c: Clauses, hit: Hit) -> Draft | None:
    """'sagte am Montag, dass …', 'told reporters that …'."""
    if not hit.entry.takes & {"that", "question"}:
        return None
    words, lower, segments = c.view.words, c.view.lower, c.unit.segments
    joins = words["complementizers"] | (words["questions"] if "question" in hit.entry.takes else frozenset())
    segment = segments[hit.segment]
    if not words.order.clause_behind_comma:
        start = c.rest(hit)
        for i in range(hit.end, min(segment.last, hit.end + 14)):
            if lower[i] in joins and i not in c.view.masked and (i <= start or lower[i - 1] in words["that_nouns"] or _adverbial(c, start, i)):
                asked = lower[i] in words["questions"] and lower[i] not in words["complementizers"]
                return c.draft("that-clause", hit, c.span(i + (not asked), c.right(hit.segment, i + 1)))
            if c.strong(i) and i > hit.end:
                break
    for j in range(hit.segment + 1, min(len(segments), hit.segment + 1 + _REACH)):
        if segments[j].before != "," or segments[j].quote or any(h.segment == j and h.verb == segments[j].first for h in c.hits):
            break
        if lower[segments[j].first] in joins:
            if any(h.segment in range(hit.segment, j) and h.verb > hit.verb and not h.gerund for h in c.hits):
                break
            return c.draft("that-clause", hit, c.span(segments[j].first + 1, c.right(j, segments[j].first)))
    return None


def _adverbial(c: Clauses, low: int, high: int) -> bool:
    """Whether what stands between a verb and 'that' is a phrase with a preposition ('noted with regret that')."""
    return low < high and c.view.lower[low] in c.view.words["prepositions"]


def quotation_behind(c: Clauses, hit: Hit) -> Draft | None:
    """'sagte sie, „…“', 'told reporters, "…"'."""
    k = hit.segment + 1
    segments = c.unit.segments
    if k >= len(segments) or segments[k].quote is None or segments[k].before not in ("", ",") or "quote" not in hit.entry.takes:
        return None
    if not c.view.words.order.verb_second and c.rest(hit) < segments[hit.segment].last:
        return None
    quote = segments[k].quote
    return c.draft("quotation behind", hit, [quote.inner] if quote else [])


def postposed(c: Clauses, hit: Hit) -> Draft | None:
    """'…, sagte sie', '"…," she said, "…"': content before the cue, and behind it where it goes on."""
    k, segments = hit.segment, c.unit.segments
    if hit.gerund or "quote" not in hit.entry.takes:
        return None
    k = _behind_appositions(c, hit)
    if k == 0 or segments[k].before not in _TAIL:
        return None
    before = segments[k - 1]
    opens = c.view.lower[segments[k].first]
    if opens in c.view.words["relatives"] - c.view.words["determiners"] and before.quote is None:
        return None
    if not _ends_there(c, hit, k) or (c.subject(hit) is None and before.quote is None):
        return None
    if before.quote is not None:
        following = segments[hit.segment + 1] if hit.segment + 1 < len(segments) else None
        ended = c.view.encoded.text[before.quote.inner[1] - 1] in ".!?"
        if ended and segments[k].before == '"' and following is not None and following.quote and following.before == ",":
            return None
        return c.draft("quotation before", hit, [before.quote.inner, *going_on(c, hit.segment, quoted=True)])
    start = c.left(k - 1, before.last)
    after = going_on(c, hit.segment, quoted=False)
    if start >= before.last or not _is_content(c, start, before.last, hit, after):
        return None
    return c.draft("clause before", hit, [c.view.span(start, before.last), *after])


def _behind_appositions(c: Clauses, hit: Hit) -> int:
    """The segment in which the subject of a verb begins: an apposition may stand between ('the envoy, X, said')."""
    k, segments = hit.segment, c.unit.segments
    if c.view.words.order.verb_second or hit.verb != segments[k].first or c.rest(hit) < segments[k].last:
        return k
    while k > 1 and hit.segment - k < 2 and segments[k - 1].quote is None and segments[k].before == ",":
        if any(c.strong(i) for i in range(segments[k - 1].first, segments[k - 1].last)):
            break
        k -= 1
    return k


def _is_content(c: Clauses, start: int, end: int, hit: Hit, after: Sequence[Span]) -> bool:
    """Whether a stretch before a cue can be content: a clause, or the beginning of one that goes on behind the cue."""
    subject = c.subject(hit)
    if subject is not None and subject.first < end:
        return False
    if c.clause(start, end):
        return True
    opens = c.view.lower[start]
    words = c.view.words
    dependent = opens in words["subordinators"] or opens in words["prepositions"] or opens in words["relatives"] - words["determiners"]
    inverted = not words.order.verb_second and subject is not None and subject.first >= hit.verb
    if not words.order.verb_second and not after and not inverted:
        return end - start >= _TERSE and opens not in words["prepositions"]
    return bool(after) and not inverted and (not dependent or not words.order.verb_second) and end - start < _PHRASE * 2


def _ends_there(c: Clauses, hit: Hit, k: int) -> bool:
    """Whether a segment holds nothing but cue, subject and adverbials, so that the content must lie before it."""
    segment, before = c.unit.segments[hit.segment], c.unit.segments[k - 1]
    if c.view.words.order.verb_second:
        opening = segment.first
        while opening < hit.finite and c.view.lower[opening] in c.view.words["so"]:
            opening += 1
        return hit.finite == opening and c.behind(segment, hit) is not None
    subject = c.subject(hit)
    if c.rest(hit) >= segment.last or (before.quote is not None and subject is not None and subject.first < hit.verb):
        return True
    if "addressee" in hit.entry.takes and not any(c.strong(i) for i in range(hit.end, segment.last)):
        return not any(c.view.lower[i] in c.view.words["complementizers"] | {c.view.words.marker} for i in range(hit.end, segment.last))
    if subject is None or subject.first < hit.verb or hit.verb != segment.first:
        return False
    return not any(c.strong(i) for i in range(subject.last, segment.last))


def going_on(c: Clauses, k: int, *, quoted: bool) -> list[Span]:
    """What of the content lies behind a cue that stands inside it, in segment k."""
    segments = c.unit.segments
    if quoted:
        return _quoted_on(c, k)
    if k + 1 >= len(segments) or sum(h.segment == k for h in c.hits) > 1:
        return []
    k += c.finder.names_only(segments[k + 1])
    if k + 1 >= len(segments):
        return []
    after = segments[k + 1]
    if after.quote is not None:
        return [after.quote.inner] if after.before in (",", '"', "", "–") else []
    word, words = c.view.lower[after.first], c.view.words
    if after.before not in (",", ";", "–") or c.begins_another(k + 1):
        return []
    relative = word in words["relatives"] and not (words.order.clause_behind_comma and c.moody(after) and word in words["determiners"])
    if relative or (after.before == ";" and words.order.clause_behind_comma and not c.moody(after)):
        return []
    return c.span(after.first, c.right(k + 1, after.first))


def _quoted_on(c: Clauses, k: int) -> list[Span]:
    """The quotation that goes on behind a cue and perhaps an apposition."""
    for j in range(k + 1, min(len(c.unit.segments), k + 1 + _REACH)):
        segment = c.unit.segments[j]
        if segment.quote is not None:
            return [segment.quote.inner] if segment.before != ":" else []
        if segment.before not in (",", "–", "—") or any(h.segment == j for h in c.hits):
            return []
    return []


def as_clause(c: Clauses, hit: Hit) -> Draft | None:
    """'wie das Amt mitteilte': all of the rest of the sentence."""
    segments, k = c.unit.segments, hit.segment
    segment = segments[k]
    if c.view.lower[segment.first] not in c.view.words["as"] or hit.gerund or "clause" not in hit.entry.takes:
        return None
    if max(hit.end, hit.finite + 1) < segment.last - 1 or hit.verb - segment.first > 12:
        return None
    spans = []
    if k > 0 and segments[k - 1].quote is None:
        start = c.left(k - 1, segments[k - 1].last)
        spans += c.span(start, segments[k - 1].last)
    elif k > 0:
        spans += [q.inner for q in [segments[k - 1].quote] if q]
    if k + 1 < len(segments) and segments[k + 1].quote is None and not c.begins_another(k + 1):
        spans += c.span(segments[k + 1].first, c.right(k + 1, segments[k + 1].first))
    return c.draft("as-clause", hit, spans)


def comma_clause(c: Clauses, hit: Hit) -> Draft | None:
    """'sagte, China sei …': a main clause behind the comma."""
    segments, k = c.unit.segments, hit.segment + 1
    if not c.view.words.order.clause_behind_comma or "clause" not in hit.entry.takes:
        return None
    while k < len(segments) and k - hit.segment <= _REACH and segments[k].before in (",", "–") and segments[k].quote is None:
        if any(h.segment == k and h.verb == segments[k].first for h in c.hits):
            return None
        if _main_clause(c, k):
            return c.draft("clause behind", hit, c.span(segments[k].first, c.right(k, segments[k].first)))
        if c.view.lower[segments[k].first] not in c.view.words["relatives"]:
            return None
        k += 1
    return None


def _main_clause(c: Clauses, k: int) -> bool:
    """Whether a segment (with those behind it) is a main clause of reported speech."""
    words, lower, segment = c.view.words, c.view.lower, c.unit.segments[k]
    opens = lower[segment.first]
    moods = [i for i in c.open(segment) if c.reports(i) or c.mood.distances(lower[i])]
    if opens in words["relatives"]:
        return any(i < segment.last - 1 for i in moods) and opens in words["determiners"]
    if moods:
        return opens not in words["complementizers"] or opens in words["questions"]
    if opens in words["subordinators"]:
        following = c.unit.segments[k + 1] if k + 1 < len(c.unit.segments) else None
        return following is not None and following.before == "," and c.moody(following)
    if opens in words["coordinators"]:
        return False
    return any(lower[i] in words["finite"] for i in range(segment.first + 1, min(segment.last - 1, segment.first + 7)))


def infinitive(c: Clauses, hit: Hit) -> Draft | None:
    """'kündigte an, … zu …', 'vowed to …', 'urged them to …'."""
    if "infinitive" not in hit.entry.takes:
        return None
    segments, words, lower = c.unit.segments, c.view.words, c.view.lower
    if words.order.clause_behind_comma:
        k = hit.segment + 1
        while k < len(segments) and k - hit.segment <= 2 and segments[k].before == "," and segments[k].quote is None:
            if lower[segments[k].first] not in words["subordinators"] and _has_infinitive(c, k):
                return c.draft("infinitive", hit, c.span(segments[k].first, c.right(k, segments[k].first)))
            k += 1
        return None
    segment = segments[hit.segment]
    for i in range(hit.end, min(segment.last - 1, hit.end + _TO)):
        if lower[i] == words.marker and i not in c.view.masked:
            start = i - 1 if lower[i - 1] in words["negations"] else i
            return c.draft("infinitive", hit, c.span(start, c.right(hit.segment, i)))
        if c.finite(i):
            return None
    return None


def _has_infinitive(c: Clauses, k: int) -> bool:
    segments = c.unit.segments
    for j in range(k, min(len(segments), k + 2)):
        for i in c.open(segments[j]):
            word = c.view.lower[i]
            if word == c.view.words.marker and i + 1 < segments[j].last and c.view.words.ends("infinitive", c.view.lower[i + 1]):
                return True
            if c.view.words.ends("infinitive", word) and any(word.startswith(p + c.view.words.marker) for p in c.mood.prefixes):
                return True
    return False


def bare_clause(c: Clauses, hit: Hit) -> Draft | None:
    """'said the talks were useful'."""
    if c.view.words.order.clause_behind_comma or "clause" not in hit.entry.takes:
        return None
    segment = c.unit.segments[hit.segment]
    start = c.rest(hit)
    if start >= segment.last:
        return None
    end = min(c.right(hit.segment, start), segment.last)
    verbs = any(c.finite(i) or i in c.view.masked for i in range(start + 1, end))
    if not verbs or (c.view.lower[start] in c.view.words["prepositions"] and hit.entry.group != "say"):
        return None
    subject = c.subject(hit)
    if subject is not None and subject.first >= hit.end:
        return None
    return c.draft("clause behind", hit, c.span(start, c.right(hit.segment, start)))


def gerund(c: Clauses, hit: Hit) -> Draft | None:
    """'denied having done it'."""
    segment = c.unit.segments[hit.segment]
    if "gerund" not in hit.entry.takes or hit.end >= segment.last or not c.view.words.ends("gerund", c.view.lower[hit.end]):
        return None
    return c.draft("gerund", hit, c.span(hit.end, c.right(hit.segment, hit.end)))


def _object(c: Clauses, hit: Hit) -> tuple[int, int] | None:
    """The tokens of what follows a verb without its subject: an object with what is said of it."""
    segment, subject, words = c.unit.segments[hit.segment], c.subject(hit), c.view.words
    if subject is None or hit.gerund and not words.order.verb_second:
        return None
    if not words.order.verb_second:
        return (hit.end, min(segment.last, c.right(hit.segment, hit.end))) if subject.first < hit.verb else None
    low = max(hit.finite + 1, subject.last) if subject.first > hit.finite else hit.finite + 1
    high = hit.verb if hit.verb > hit.finite else (hit.particle or segment.last)
    while low < high and c.view.lower[low] in words["adverbs"] and c.view.lower[low] not in words["prepositions"]:
        low += 1
    return (low, high) if low < high else None


def judgement(c: Clauses, hit: Hit) -> Draft | None:
    """'nannte das Abkommen „hinfällig“', 'called the cut a mistake': the object and what it is called."""
    if "judgement" not in hit.entry.takes:
        return None
    found = _object(c, hit)
    if found is None:
        return None
    low, high = found
    quoted = [i for i in range(low, high) if i in c.view.masked and c.view.lower[i] not in "()"]
    articles = sum(c.view.lower[i] in c.view.words["determiners"] for i in range(low, high))
    if not quoted and (articles < _SHORTEST or c.view.words.order.verb_second):
        return None
    return c.draft("judgement", hit, c.span(low, quoted[-1] + 1 if quoted else high))


def appraisal(c: Clauses, hit: Hit) -> Draft | None:
    """'bezeichnete den Schritt als Fehler', 'dismissed the report as groundless'."""
    if "appraisal" not in hit.entry.takes:
        return None
    found = _object(c, hit)
    if found is None or not any(c.view.lower[i] in c.view.words["appeal"] for i in range(*found)):
        return None
    return c.draft("appraisal", hit, c.span(*found))


def topic(c: Clauses, hit: Hit) -> Draft | None:
    """'sprach von einem Sieg der Vernunft', 'spoke of a tax on the poor'."""
    if "topic" not in hit.entry.takes:
        return None
    segment, words = c.unit.segments[hit.segment], c.view.words
    start = hit.end
    if words["topics"]:
        low, high = (hit.finite, segment.last) if hit.verb == hit.finite else (hit.finite, hit.verb)
        start = next((i + 1 for i in range(low, high) if c.view.lower[i] in words["topics"]), segment.last)
        subject = c.subject(hit)
        if subject is not None and subject.first <= start - 1 < subject.last:
            return None
        return c.draft("topic", hit, c.span(start, high)) if start < high else None
    return c.draft("topic", hit, c.span(start, min(segment.last, c.right(hit.segment, start)))) if start < segment.last else None


def charge(c: Clauses, hit: Hit) -> Draft | None:
    """'accused them of lying'."""
    if "charge" not in hit.entry.takes:
        return None
    segment, words = c.unit.segments[hit.segment], c.view.words
    for i in range(hit.end, min(segment.last, hit.end + _TO)):
        if c.view.lower[i] in words["charges"] and c.view.lower[i + 1 : i + 2] and i + 1 < segment.last:
            ing = words.ends("gerund", c.view.lower[i + 1]) or i + 1 in c.view.masked
            return c.draft("charge", hit, c.span(i + 1, min(segment.last, c.right(hit.segment, i)))) if ing else None
    return None


def demanded_object(c: Clauses, hit: Hit) -> Draft | None:
    """'forderte Konsequenzen', 'warnte vor einem Krieg'."""
    if "object" not in hit.entry.takes:
        return None
    found = _object(c, hit)
    return c.draft("object", hit, c.span(*found)) if found else None


RULES: tuple[Callable[[Clauses, Hit], Draft | None], ...] = (
    behind_colon, that_clause, postposed, quotation_behind, as_clause, comma_clause, infinitive, gerund, bare_clause,
    judgement, appraisal, topic, charge, demanded_object,
)  # fmt: skip
