"""What a cue verb attributes, by the shape of the clauses around it.

In: Clauses and a hit. Out: a draft or None. The rules are tried in the order of `RULES`; the first that fits wins.
Must not know records or confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from communique.reading.statements.contents import PHRASE, SHORTEST, TERSE, Clauses, Draft
from communique.reading.statements.hits import Hit
from communique.records import Span

_REACH = 3
_TO = 9
_TAIL = ('"', ",", "–", "—", "―")


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
            if (
                lower[i] in joins
                and i not in c.view.masked
                and (i <= start or lower[i - 1] in words["that_nouns"] or _adverbial(c, start, i))
            ):
                asked = lower[i] in words["questions"] and lower[i] not in words["complementizers"]
                return c.draft("that-clause", hit, c.span(i + (not asked), c.right(hit.segment, i + 1)))
            if c.strong(i) and i > hit.end:
                break
    for j in range(hit.segment + 1, min(len(segments), hit.segment + 1 + _REACH)):
        if segments[j].before != "," or segments[j].quote or any(h.verb == segments[j].first for h in c.hits_in(j)):
            break
        if lower[segments[j].first] in joins:
            if any(h.verb > hit.verb and not h.gerund for n in range(hit.segment, j) for h in c.hits_in(n)):
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
    if (
        k >= len(segments)
        or segments[k].quote is None
        or segments[k].before not in ("", ",")
        or "quote" not in hit.entry.takes
    ):
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
        if (
            ended
            and segments[k].before == '"'
            and following is not None
            and following.quote
            and following.before == ","
        ):
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
    if c.clause(start, end) or c.main_verb(start, end):
        return True
    opens = c.view.lower[start]
    words = c.view.words
    dependent = (
        opens in words["subordinators"]
        or opens in words["prepositions"]
        or opens in words["relatives"] - words["determiners"]
    )
    inverted = not words.order.verb_second and subject is not None and subject.first >= hit.verb and not c.cuts_in(hit)
    if not words.order.verb_second and not after and not inverted:
        return end - start >= TERSE and opens not in words["prepositions"]
    return bool(after) and not inverted and (not dependent or not words.order.verb_second) and end - start < PHRASE * 2


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
        return not any(
            c.view.lower[i] in c.view.words["complementizers"] | {c.view.words.marker}
            for i in range(hit.end, segment.last)
        )
    if subject is None or subject.first < hit.verb or hit.verb != segment.first:
        return False
    return not any(c.strong(i) for i in range(subject.last, segment.last))


def going_on(c: Clauses, k: int, *, quoted: bool) -> list[Span]:
    """What of the content lies behind a cue that stands inside it, in segment k."""
    segments = c.unit.segments
    if quoted:
        return _quoted_on(c, k)
    if k + 1 >= len(segments) or len(c.hits_in(k)) > 1:
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
    relative = word in words["relatives"] and not (
        words.order.clause_behind_comma and c.moody(after) and word in words["determiners"]
    )
    if relative or (after.before == ";" and words.order.clause_behind_comma and not c.moody(after)):
        return []
    return c.span(after.first, c.right(k + 1, after.first))


def _quoted_on(c: Clauses, k: int) -> list[Span]:
    """The quotation that goes on behind a cue and perhaps an apposition."""
    for j in range(k + 1, min(len(c.unit.segments), k + 1 + _REACH)):
        segment = c.unit.segments[j]
        if segment.quote is not None:
            return [segment.quote.inner] if segment.before != ":" else []
        if segment.before not in (",", "–", "—") or c.hits_in(j):
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
    while (
        k < len(segments)
        and k - hit.segment <= _REACH
        and segments[k].before in (",", "–")
        and segments[k].quote is None
    ):
        if any(h.verb == segments[k].first for h in c.hits_in(k)):
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
            if (
                word == c.view.words.marker
                and i + 1 < segments[j].last
                and c.view.words.ends("infinitive", c.view.lower[i + 1])
            ):
                return True
            if c.view.words.ends("infinitive", word) and any(
                word.startswith(p + c.view.words.marker) for p in c.mood.prefixes
            ):
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
    if (
        "gerund" not in hit.entry.takes
        or hit.end >= segment.last
        or not c.view.words.ends("gerund", c.view.lower[hit.end])
    ):
        return None
    return c.draft("gerund", hit, c.span(hit.end, c.right(hit.segment, hit.end)))


def _object(c: Clauses, hit: Hit) -> tuple[int, int] | None:
    """The tokens of what follows a verb without its subject: an object with what is said of it."""
    segment, subject, words = c.unit.segments[hit.segment], c.subject(hit), c.view.words
    if subject is None or (hit.gerund and not words.order.verb_second):
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
    if not quoted and (articles < SHORTEST or c.view.words.order.verb_second):
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
    return (
        c.draft("topic", hit, c.span(start, min(segment.last, c.right(hit.segment, start))))
        if start < segment.last
        else None
    )


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
