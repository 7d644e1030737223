"""Scope: what a word outside a trigger's own verb makes of the clause it stands in: denied, asked, conditional, told.

In: Clauses, a Trigger, the lexicon `clauses`. Out: a modality, or '' where nothing reaches the clause. Must not know
actors or records, nor how the trigger itself is inflected.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, pairwise

from communique.reading.clauses import Clauses, Grammar, Segment
from communique.reading.clauses.triggers import Trigger

OBJECT = 5  # words between a verb of denial and the noun it denies
LEAD = 4  # words at the head of a segment among which its opener stands
INFINITIVE = 8  # words between 'is said to' and the verb
GAP = " * "


@dataclass(frozen=True, slots=True)
class _Place:
    """A trigger in its sentence: the number of its segment, and the words of that before and behind it."""

    grammar: Grammar
    clauses: Clauses
    trigger: Trigger
    number: int

    @property
    def segment(self) -> Segment:
        return self.clauses.segments[self.number]

    def words(self, number: int) -> list[str]:
        segment = self.clauses.segments[number]
        return [self.clauses.word(i) for i in range(segment.first, segment.last)]

    def before(self) -> list[str]:
        return [self.clauses.word(i) for i in range(self.segment.first, self.trigger.first)]

    def behind(self) -> list[str]:
        return [self.clauses.word(i) for i in range(self.trigger.last, self.segment.last)]

    def sentence(self) -> list[str]:
        return list(self.clauses.words)


def found(grammar: Grammar, key: str, words: Sequence[str]) -> int | None:
    """Where a list's first entry begins among words; an entry may be several words, ' * ' stands for some between.

    >>> g = Grammar({"denying": frozenset({"wies * zurück"})}, {}, {}, {}, (), ())
    >>> found(g, "denying", ["peru", "wies", "das", "zurück"])
    1
    """
    joined = f" {' '.join(words)} "
    starts = (_start(joined, entry) for entry in grammar.words.get(key, ()))
    first = min((s for s in starts if s >= 0), default=-1)
    return joined[:first].count(" ") if first >= 0 else None


def _start(joined: str, entry: str) -> int:
    """Where an entry begins in words joined by spaces, or -1."""
    head, *rest = entry.split(GAP)
    first = at = joined.find(f" {head} ")
    for part in rest:
        at = joined.find(f" {part} ", at + 1) if at >= 0 else -1
    return first if at >= 0 else -1


def scope_of(grammar: Grammar, clauses: Clauses, trigger: Trigger) -> str:
    """What the words around a clause make of it: denied, possible, alleged, or '' where it stands for itself."""
    place = _Place(grammar, clauses, trigger, clauses.segment_at(trigger.first))
    if _denied(place):
        return "denied"
    if _asked(place) or _conditional(place):
        return "possible"
    return "alleged" if _rumoured(place) or _claimed(place) else ""


def part_of(grammar: Grammar, clauses: Clauses, trigger: Trigger, segment: Segment) -> tuple[int, int]:
    """The part of a segment that one verb rules: 'kritisierte Chile und will helfen' has two."""
    cuts = [i for i in range(segment.first, segment.last - 1) if _new_verb(grammar, clauses, trigger, i, segment)]
    first = max((i + 1 for i in cuts if i < trigger.first), default=segment.first)
    last = min((i for i in cuts if i >= trigger.last), default=segment.last)
    if trigger.particle and trigger.particle[1] > last:
        last = segment.last
    return first, last


def _new_verb(grammar: Grammar, clauses: Clauses, trigger: Trigger, i: int, segment: Segment) -> bool:
    """Whether 'and' has a verb of its own behind it: an auxiliary, a past form, or the trigger where it is finite."""
    word, after = clauses.word(i), clauses.word(i + 1)
    if not grammar.has("resuming", word):
        return False
    if i + 1 == trigger.first and "finite" in trigger.slots and "infinitive" not in trigger.slots:
        earlier = [clauses.word(k) for k in range(segment.first, i)]
        return not any(grammar.has(key, w) for w in earlier for key in ("passive", "having"))
    past = bool(grammar.flags.get("verb_last")) and clauses.lower(i + 1) and after.endswith(grammar.finite_endings)
    return grammar.has("finite", after) or past


# ---------------------------------------------------------------- denial


def _denied(place: _Place) -> bool:
    own = _own_cue(place)
    return own or any(_denies(place, words) for words in _governing(place))


def _own_cue(place: _Place) -> bool:
    """A verb of denial in the same segment: 'denied having attacked', 'denied the attack', 'bestritt den Angriff'."""
    g, before = place.grammar, place.before()
    if _failed(place):
        return True
    at = found(g, "denying", before)
    if at is None and place.trigger.noun and g.flags.get("verb_last"):
        return _denied_behind(place)
    if at is None:
        return _dismissed_here(place)
    if not _counts(g, before, at):
        return False
    between = before[at + 1 :]
    if place.trigger.noun:
        return len(between) <= OBJECT and not any(g.has("prepositions", w) for w in between)
    return _depends(place, between)


def _denied_behind(place: _Place) -> bool:
    """Where verbs come last: 'hat den Angriff bestritten'."""
    g, behind = place.grammar, place.behind()
    at = found(g, "denying", behind)
    governed = any(g.has("prepositions", w) for w in place.before()[-2:])
    return at is not None and not governed and not any(g.has("negation", w) for w in behind[:at])


def _counts(grammar: Grammar, words: Sequence[str], at: int) -> bool:
    """Whether a verb of denial is not denied itself: 'did not deny', but 'not only denied'; 'bestritt nicht'."""
    close = [*words[max(0, at - 3) : at], "", *words[at + 1 : at + 3], ""]
    pairs = pairwise(close)
    return not any(grammar.has("negation", w) and not grammar.has("negation_but", after) for w, after in pairs)


def _depends(place: _Place, between: Sequence[str]) -> bool:
    """Whether a verb behind a cue of its own segment belongs to what the cue governs, no new verb behind 'and'."""
    g = place.grammar
    if "gerund" in place.trigger.slots and not [w for w in between if not g.has("skip", w) and not g.has("of", w)]:
        return True
    dependent = any(g.has("having", w) or g.has("passive", w) for w in between)
    joined = [w for w in between if not g.has("skip", w)]
    fresh = bool(joined) and g.has("resuming", joined[-1]) and "finite" in place.trigger.slots
    return dependent and not fresh


def _dismissed_here(place: _Place) -> bool:
    """'rejected allegations of an attack', 'the claim that Peru attacked was false': the claim in the same segment."""
    g, before = place.grammar, place.before()
    at = found(g, "claims", before)
    if at is None:
        return False
    close = place.trigger.noun and len(before) - at - 1 <= OBJECT
    return (close or _opened(place, at)) and found(g, "dismissing", place.words(place.number)) is not None


def _opened(place: _Place, at: int) -> bool:
    """Whether the word behind one before the trigger opens a content that was not cut off: 'claims that Peru …'."""
    word = ["", *place.before(), ""][at + 2]
    return place.grammar.openers.get(word) == "content"


def _denies(place: _Place, words: Sequence[str]) -> bool:
    """Whether a governing segment denies: by its verb, or by a claim that the sentence calls false."""
    g = place.grammar
    at = found(g, "denying", words)
    if at is not None:
        return _counts(g, words, at)
    return found(g, "claims", words) is not None and found(g, "dismissing", place.sentence()) is not None


def _failed(place: _Place) -> bool:
    """What did not come about, or what somebody refrained from: 'refrained from imposing', 'kam nicht zustande'."""
    g, before = place.grammar, place.before()
    at = found(g, "refraining", before)
    if at is not None and len(before) - at <= OBJECT:
        return not any(g.has("negation", w) for w in before[max(0, at - 2) : at])
    if not place.trigger.noun or any(g.has("prepositions", w) for w in before[-2:]):
        return False
    return found(g, "failing", place.words(place.number)) is not None or _failed_behind(place)


def _failed_behind(place: _Place) -> bool:
    """The verb that says so may stand behind an inserted clause: 'Das Treffen, das geplant war, fiel aus'."""
    inserted = place.number + 1 < len(place.clauses.segments) and place.clauses.segments[place.number + 1].opener in (
        "relative",
        "oblique",
    )
    return (
        inserted
        and place.number + 2 < len(place.clauses.segments)
        and found(place.grammar, "failing", place.words(place.number + 2)) is not None
        and place.segment.opener == "start"
    )


# ---------------------------------------------------------------- the clause that governs


def _governing(place: _Place) -> Iterator[list[str]]:
    """The segments before the trigger's that may govern it, nearest first, while each depends on the one before."""
    number = place.number
    while number > 0 and _dependent(place, number):
        number -= 1
        while number > 0 and place.clauses.segments[number].opener in ("relative", "oblique", "aside"):
            number -= 1
        yield place.words(number)


def _dependent(place: _Place, number: int) -> bool:
    """Whether a segment is no main clause: it opens with 'dass', ends with 'zu haben' or is in reported mood."""
    g, segment, words = place.grammar, place.clauses.segments[number], place.words(number)
    if segment.opener == "content":
        return True
    if any(g.has("claim_openers", w) for w in words[:LEAD]):
        return True
    marked = any(g.has("infinitive_mark", w) and g.has("perfect_infinitives", after) for w, after in pairwise(words))
    return marked or (segment.opener == "plain" and any(g.has("reported", w) for w in words))


# ---------------------------------------------------------------- questions and conditions


def _asked(place: _Place) -> bool:
    g, words = place.grammar, place.words(place.number)
    for word in words[:LEAD]:
        if g.has("asking", word):
            return True
        if not (g.has("coordinators", word) or g.has("prepositions", word) or not word.isalpha()):
            break
    return _questioned(place)


def _questioned(place: _Place) -> bool:
    """Whether a question mark ends the clause, unless the question takes the event for granted: 'Why did …?'."""
    sentence = place.sentence()
    at = place.trigger.first - place.clauses.sentence.first
    mark = next((i for i in range(at, len(sentence)) if sentence[i] in ("?", ".", "!", "“", "”", '"')), None)
    if mark is None or sentence[mark] != "?":
        return False
    opening = [w for w in sentence[:at] if w.isalpha()]
    return not any(place.grammar.has("presupposing", w) for w in opening[:2])


def _conditional(place: _Place) -> bool:
    conditions = [n for n in range(len(place.clauses.segments)) if _condition(place, n)]
    if place.number in conditions or _supposed(place):
        return True
    if not _hangs(place):
        return False
    beside = any(_beside(place, n) for n in conditions)
    return beside or found(place.grammar, "conditional_phrases", place.words(place.number)) is not None


def _condition(place: _Place, number: int) -> bool:
    """Whether a segment states a condition: by its opener, by 'im Fall, dass', or by a verb that comes first."""
    g, segment = place.grammar, place.clauses.segments[number]
    words = place.words(number)
    opening = list(dropwhile(lambda w: g.has("coordinators", w) or g.has("only", w), words[: LEAD + 2]))
    stated = (
        segment.opener == "condition" or _first(g, "condition", opening) or _first(g, "conditional_phrases", opening)
    )
    if stated and found(g, "no_condition", words) is None:
        return True
    if segment.opener == "content" and number > 0:
        return any(g.has("conditional_nouns", w) for w in place.words(number - 1)[-1:])
    return _inverted(place, number)


def _first(grammar: Grammar, key: str, words: Sequence[str]) -> bool:
    """Whether words begin with an entry of a list, which may be several words."""
    return found(grammar, key, words[:LEAD]) == 0


def _inverted(place: _Place, number: int) -> bool:
    """A condition by word order: 'Greift Peru an, …', 'Were Peru to attack, …'."""
    g, segment = place.grammar, place.clauses.segments[number]
    words = place.words(number)
    if segment.opener not in ("start", "plain") or not words or "?" in place.clauses.words:
        return False
    if g.has("inverted_if", words[0]) and len(words) > 2:
        return words[0] not in g.words.get("inverted_to", ()) or any(g.has("infinitive_mark", w) for w in words[2:])
    if not g.flags.get("inverted") or number > 0 or len(place.clauses.segments) < 2:
        return False
    own = place.number == number and place.trigger.first == segment.first and "finite" in place.trigger.slots
    return (own or g.has("finite", words[0]) or g.has("first_verbs", words[0])) and _verb_first(place, number + 1)


def _verb_first(place: _Place, number: int) -> bool:
    """Whether a segment begins with its verb, or with 'so' or 'dann', as a main clause behind a condition does."""
    g, segment = place.grammar, place.clauses.segments[number]
    word = place.clauses.word(segment.first)
    if g.has("then", word) or g.has("finite", word):
        return True
    return segment.opener == "plain" and place.clauses.lower(segment.first) and word.endswith(("t", "en", "te"))


def _supposed(place: _Place) -> bool:
    """What a phrase supposes: 'im Falle eines Angriffs', 'in case Peru attacks', 'as soon as they are released'."""
    g, before = place.grammar, place.before()
    at = found(g, "conditional_phrases", before)
    if at is None and any(g.has("consequence", w) for w in place.sentence()):
        at = found(g, "conditional_times", before)
    return at is not None and (not place.trigger.noun or len(before) - at <= 2 * OBJECT)


def _hangs(place: _Place) -> bool:
    """Whether a clause says what is to follow from a condition: no past, no clause of its own behind 'that'."""
    g = place.grammar
    if place.segment.opener not in ("start", "plain"):
        return False
    first, last = part_of(g, place.clauses, place.trigger, place.segment)
    if any(g.has("consequence", place.clauses.word(i)) for i in range(first, last)):
        return True
    return bool(g.flags.get("verb_last")) and _present(place, range(first, last))


def _present(place: _Place, part: range) -> bool:
    """Whether the verb of a clause is in the present: its own, or beside a noun that of its clause."""
    g, trigger = place.grammar, place.trigger
    words = [place.clauses.word(i) for i in part]
    if any(g.has("past_verbs", w) for w in words):
        return False
    if "finite" in trigger.slots and not trigger.noun and "phrase" not in trigger.slots:
        return "infinitive" in trigger.slots or place.clauses.word(trigger.first).endswith("t")
    lower = [w for i, w in zip(part, words, strict=True) if place.clauses.lower(i)]
    return not any(w.endswith(g.finite_endings) and not g.has("present_verbs", w) for w in lower)


def _beside(place: _Place, number: int) -> bool:
    """Whether a condition stands right before or behind a clause, with nothing that ends it in between."""
    if abs(number - place.number) == 1:
        return True
    low, high = sorted((number, place.number))
    return all(
        place.clauses.segments[n].opener not in ("start", "relative", "oblique") for n in range(low + 1, high)
    ) and not any(
        place.grammar.has("resuming", place.clauses.word(place.clauses.segments[n].first))
        for n in range(low + 1, high + 1)
    )


# ---------------------------------------------------------------- hearsay


def _rumoured(place: _Place) -> bool:
    """'is said to have attacked', 'dem Vernehmen nach', and 'will … gesehen haben', which only claims."""
    return _talked(place) or _said_to_have(place) or _claims_to_have(place)


def _talked(place: _Place) -> bool:
    """A phrase of rumour in the clause or in a short one beside it."""
    segments = place.clauses.segments
    near = [n for n in (place.number - 1, place.number + 1) if 0 <= n < len(segments)]
    short = [n for n in near if segments[n].last - segments[n].first <= OBJECT]
    return any(found(place.grammar, "rumour", place.words(n)) is not None for n in (place.number, *short))


def _said_to_have(place: _Place) -> bool:
    g, close = place.grammar, place.before()[-INFINITIVE:]
    for i, word in enumerate(close[:-1]):
        told = i > 1 and g.has("infinitive_mark", word) and g.has("told_of", close[i - 1])
        if told and g.has("having", close[i + 1]) and _passive_before(g, close[: i - 1]):
            return True
    return False


def _claims_to_have(place: _Place) -> bool:
    g, words = place.grammar, place.words(place.number)
    ended = bool(words) and g.has("perfect_infinitives", words[-1]) and "participle" in place.trigger.slots
    return ended and bool(g.flags.get("verb_last")) and any(g.has("claiming", w) for w in words)


def _passive_before(grammar: Grammar, words: Sequence[str]) -> bool:
    left = [w for w in words if not grammar.has("skip", w) or grammar.has("passive", w)]
    return bool(left) and grammar.has("passive", left[-1])


def _claimed(place: _Place) -> bool:
    """A claim that says what it claims: 'Berichte, wonach …', 'rumours that …'; not what stands 'in a report'."""
    g, number = place.grammar, place.number
    at = found(g, "claims", place.before())
    if at is not None and _opened(place, at):
        return True
    if number == 0 or not _dependent(place, number):
        return False
    if any(g.has("claim_openers", w) for w in place.words(number)[:LEAD]):
        return True
    words = ["", "", *place.words(number - 1)]
    return g.has("claims", words[-1]) and not any(g.has("prepositions", w) for w in words[-3:-1])
