"""Whose words: the noun phrase beside a cue as actors, and those it is said to.

In: a View, Named and the tokens around a cue. Out: Actors with the span of their whole phrase.
Must not know what was said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from communique.reading.named import Named, Reference
from communique.reading.statements.segments import Segment, Unit, View
from communique.records import Actor

LONGEST_PHRASE = 14
_NAMING = frozenset({"name", "title", "pronoun", "pair", "group", "metonym"})
_APPOSITIONS = 4
_SHORT_WORD = 4
_PAIR = 2


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase: its tokens and who it names (empty actors only where it is nobody's name)."""

    first: int
    last: int
    actors: tuple[Actor, ...]


@dataclass(frozen=True, slots=True)
class Finder:
    """Finds noun phrases in a view and who they name."""

    view: View
    named: Named

    # ------------------------------------------------------------ phrases to actors

    def phrase(self, first: int, last: int) -> Phrase | None:
        """The phrase of a range of tokens; its actors are the references that make it up, else the bare words."""
        if first >= last:
            return None
        span = self.view.span(first, last)
        inside = [r for r in self.named.within(span) if r.form in _NAMING and r.actors]
        outer = [r for r in inside if not any(o is not r and _covers(o, r) for o in inside)]
        several = self._enumerated(first, last, outer)
        if several:
            return Phrase(first, last, several)
        words = self.view.encoded.words(span)
        person, head = self._apposed(outer), next((r for r in outer if self._begins(first, r)), None)
        if head is not None and len(head.actors) > 1:
            return Phrase(first, last, head.actors)
        if head is not None and not self._heads(head, last):
            owner, head = head.actors[0], None
            if person is None:
                return Phrase(first, last, (Actor(owner.code, owner.sector, None, words, span),))
        chosen = head.actors[0] if head is not None else None
        if person is not None and (chosen is None or chosen.entity is None):
            chosen = person.actors[0]
        if chosen is None:
            return Phrase(first, last, (Actor(None, None, None, words, span),))
        return Phrase(first, last, (Actor(chosen.code, chosen.sector, chosen.entity, words, span),))

    def _heads(self, reference: Reference, last: int) -> bool:
        """Whether a reference that begins a phrase is its head: not in 'Belgium's envoy', 'the Senate leader'."""
        if reference.form in ("pronoun", "pair", "title"):
            return True
        i = self.view.encoded.token_range(reference.span)[1]
        if i >= last or i in self.view.masked:
            return True
        word = self.view.lower[i]
        return (
            not (word[:1].isalnum() or word in self.view.words["possessives"] or word == "-")
            or word in self.view.words["joining"] | self.view.words["prepositions"]
        )

    def _begins(self, first: int, reference: Reference) -> bool:
        """Whether a reference begins a phrase, up to a determiner or adjectives."""
        start = self.view.encoded.token_range(reference.span)[0]
        words = self.view.words
        between = self.view.lower[first:start]
        return len(between) < 3 and not any(w in words["prepositions"] or w in words["joining"] for w in between)

    def _apposed(self, outer: Sequence[Reference]) -> Reference | None:
        """The person a phrase ends with: 'the ministry's spokesman, Max Muster'."""
        for reference in reversed(outer):
            entity = self.named.entity(reference.actors[0].entity)
            if entity is not None and entity.kind == "person" and reference.form in ("name", "title"):
                before = self.view.encoded.token_range(reference.span)[0] - 1
                word = self.view.lower[before] if before >= 0 else ""
                return None if word in self.view.words["prepositions"] else reference
        return None

    def _enumerated(self, first: int, last: int, outer: Sequence[Reference]) -> tuple[Actor, ...]:
        """The actors of 'France, Britain and Germany', or none when the phrase is more than a list."""
        if len(outer) < 2:
            return ()
        words = self.view.words
        covered = {i for r in outer for i in range(*self.view.encoded.token_range(r.span))}
        rest = [self.view.lower[i] for i in range(first, last) if i not in covered and i not in self.view.masked]
        joined = any(w in words["coordinators"] for w in rest)
        plain = all(w in words["coordinators"] or w in words["determiners"] or not w.isalnum() for w in rest)
        if not (joined and plain):
            return ()
        return tuple(
            Actor(a.code, a.sector, a.entity, self.view.encoded.words(r.span), r.span) for r in outer for a in r.actors
        )

    # ------------------------------------------------------------ who can speak

    def somebody(self, phrase: Phrase) -> tuple[Actor, ...]:
        """Who a phrase is, if it can speak; of a clause only a pronoun at its end ('… why he'); nobody otherwise."""
        if self.can_speak(phrase):
            return phrase.actors
        last = phrase.last - 1
        if phrase.first < last and self.view.lower[last] in self.view.words["passive"]:  # 'Ada Quist is stressing'
            shorter = self.phrase(phrase.first, last)
            return shorter.actors if shorter is not None and self.can_speak(shorter) else ()
        if phrase.first < last and self.view.lower[last] in self.view.words["subject_pronouns"]:
            pronoun = self.phrase(last, phrase.last)
            return pronoun.actors if pronoun is not None and self.can_speak(pronoun) else ()
        return ()

    def can_speak(self, phrase: Phrase) -> bool:
        """Whether a phrase is somebody: no clause ('giving them access'), adverb or time ('last year')."""
        words, lower = self.view.words, self.view.lower
        inside = [i for i in range(phrase.first, phrase.last) if i not in self.view.masked and lower[i][:1].isalnum()]
        if not inside or len(phrase.actors) > 1:
            return bool(inside)
        known = any(a.code or a.entity or a.sector for a in phrase.actors)
        opens = lower[inside[0]]
        if len(inside) == 1:
            never = opens in words["speechless"] or opens.isdigit()
            return known or not (never or opens in words["adverbs"] - words["subject_pronouns"])
        if any(self._finite(i) for i in inside) or any(lower[i] in words["persons"] for i in inside):
            return False
        if known and self.reference_at(phrase.first, phrase.last) is not None:
            return True
        if lower[inside[-1]] in words["anonymous"] and len(inside) == _PAIR:  # "restructuring experts"
            return True
        begins = opens in words["prepositions"] or opens in words["speechless"] or self._is_clausal(inside[0])
        return not (begins or lower[inside[-1]] in words["time_nouns"]) and self._has_noun(inside)

    def _is_clausal(self, i: int) -> bool:
        """Whether a word that begins a phrase is a participle or a gerund: 'giving them access'."""
        words, word = self.view.words, self.view.lower[i]
        if words.order.cased_nouns or word in words["determiners"] or i + 1 >= len(self.view.lower):
            return False
        if self.view.capital(i):  # 'Giving them access'; counter: 'Beijing officials', 'Reuters'
            return words.ends("gerund", word) and self.view.lower[i + 1] in words["hearers"] | words["determiners"]
        adjective = self.view.capital(i + 1)  # 'visiting Prime Minister'
        return (words.ends("gerund", word) or words.ends("finite", word)) and len(word) > _SHORT_WORD and not adjective

    def _has_noun(self, inside: Sequence[int]) -> bool:
        """Where nouns are written with capitals, a phrase needs one, or it is none."""
        return not self.view.words.order.cased_nouns or any(self.view.capital(i) for i in inside[1:])

    # ------------------------------------------------------------ where a phrase begins and ends

    def backwards(self, low: int, high: int) -> Phrase | None:
        """The noun phrase that a stretch before a verb consists of, without conjunctions and adverbs around it."""
        words, lower = self.view.words, self.view.lower
        while high > low and (
            lower[high - 1] in words["adverbs"] or lower[high - 1] in words["perfect"] or self._adverb(high - 1)
        ):
            high -= 1
        high = self._unmasked(low, high)
        low = self._opened(low, high)
        if low >= high:
            return None
        finite = [i for i in range(low, high) if self._finite(i)]
        if lower[low] in words["prepositions"] or high - low > LONGEST_PHRASE or finite:
            return self._last_reference(max(low, finite[-1] + 1 if finite else low), high)
        if high - low == 1 and lower[low] in words["not_subjects"]:
            return None
        return self.phrase(low, high)

    def _finite(self, i: int) -> bool:
        return (
            self.view.lower[i] in self.view.words["finite"]
            and i not in self.view.masked
            and self.view.lower[i - 1] != "-"
        )

    def _unmasked(self, low: int, high: int) -> int:
        """The end of a phrase without brackets behind it ('Max Muster (ABC)')."""
        while high > low and high - 1 in self.view.masked and self.view.lower[high - 1] in (")",):
            opening = high - 1
            while opening > low and self.view.lower[opening] != "(":
                opening -= 1
            high = opening
        return high

    def _adverb(self, i: int) -> bool:
        word = self.view.lower[i]
        return self.view.words.ends("adverb", word) and not self.view.capital(i)

    def _opened(self, low: int, high: int) -> int:
        words, lower = self.view.words, self.view.lower
        skipped = words["coordinators"] | words["subordinators"] | words["contrasts"]
        if not words.order.cased_nouns:
            skipped = skipped | (words["adverbs"] - words["determiners"])
        while (
            low < high and (lower[low] in skipped or lower[low] == '"') and lower[low] not in words["subject_pronouns"]
        ):
            low += 1
        return low

    def _last_reference(self, low: int, high: int) -> Phrase | None:
        """The last reference of a stretch, if it ends the stretch and no preposition governs it."""
        if low >= high:
            return None
        end = self.view.encoded.tokens[high - 1].end
        found = [r for r in self.named.within(self.view.span(low, high)) if r.form in _NAMING and r.actors]
        for reference in found:
            if reference.span[1] != end:
                continue
            first, last = self.view.encoded.token_range(reference.span)
            if first > low and self.view.lower[first - 1] in self.view.words["prepositions"]:
                return self._governed(low, first, last)
            return self.phrase(first, last)
        return self._short_end(low, high)

    def _governed(self, low: int, first: int, last: int) -> Phrase | None:
        """'On Monday a spokesman for Belgium': the phrase begins at the last determiner before the reference."""
        for i in range(first - 1, low, -1):
            if (
                self.view.lower[i] in self.view.words["determiners"]
                and self.view.lower[i - 1] not in self.view.words["prepositions"]
            ):
                return self.phrase(i, last)
        return None

    def _short_end(self, low: int, high: int) -> Phrase | None:
        """A pronoun or a determined noun at the end of a stretch ('On Monday he said')."""
        words, lower = self.view.words, self.view.lower
        if lower[high - 1] in words["subject_pronouns"]:
            return self.phrase(high - 1, high)
        for i in range(high - 2, max(low, high - 6), -1):
            if lower[i] in words["determiners"] and lower[i - 1] not in words["prepositions"]:
                return self.phrase(i, high)
        return None

    def forwards(self, low: int, high: int) -> Phrase | None:
        """The noun phrase that begins at a token, as far as it goes."""
        words, lower = self.view.words, self.view.lower
        if low >= high:
            return None
        if lower[low] in words["subject_pronouns"] and not (
            low + 1 < high and self._continues(low + 1) and self.view.capital(low + 1)
        ):
            return self.phrase(low, low + 1)
        end = self._chunk_end(low, high)
        reference = self.reference_at(low, high)
        if reference is not None:
            whole = self.view.encoded.token_range(reference.span)[1]
            end = whole if self._is_name(reference) and not self._joined(whole, end) else max(end, whole)
        return self.phrase(low, end) if end > low else None

    def _is_name(self, reference: Reference) -> bool:
        entity = self.named.entity(reference.actors[0].entity)
        person = entity is not None and entity.kind == "person" and reference.head != reference.span
        return person or reference.form == "name"

    def _joined(self, whole: int, end: int) -> bool:
        """Whether a chunk goes on behind a reference with another actor ('Belgium and France')."""
        return whole < end and self.view.lower[whole] in self.view.words["coordinators"]

    def reference_at(self, low: int, high: int) -> Reference | None:
        """The longest reference that begins at a token or right behind its determiner."""
        starts = (low, low + (self.view.lower[low] in self.view.words["determiners"]))
        named = (r for r in self.named.within(self.view.span(low, high)) if r.form in _NAMING)
        here = (r for r in named if self.view.encoded.token_range(r.span)[0] in starts)
        return max(here, key=lambda r: r.span[1], default=None)

    def _chunk_end(self, low: int, high: int) -> int:
        """End of a chunk: determiners, adjectives, nouns, and noun phrases joined to it; ends with a noun."""
        words, lower, cased = self.view.words, self.view.lower, self.view.words.order.cased_nouns
        end, i = low, low
        while i < high and i - low < LONGEST_PHRASE:
            word = lower[i]
            if i in self.view.masked:
                i += 1
                continue
            noun = self.view.capital(i) if cased else word[:1].isalnum() and not self._closes(i)
            if noun and not (word in words["determiners"] or word in words["joining"]):
                end = i + 1
            elif not self._continues(i) or (low < end == i and not self._joins(i)):
                break
            i += 1
        return end

    def _joins(self, i: int) -> bool:
        """Whether a phrase can go on behind a noun with this token: 'of', a genitive, a hyphen; no adjective."""
        words, word = self.view.words, self.view.lower[i]
        return (
            word in words["joining"]
            or word in words["possessives"]
            or not word[:1].isalnum()
            or not words.order.cased_nouns
        )

    def _continues(self, i: int) -> bool:
        words, word = self.view.words, self.view.lower[i]
        if word in words["determiners"] or word in words["joining"] or word in "-/&." or word in words["possessives"]:
            return True
        if self._closes(i) or not word[:1].isalnum():
            return False
        return not words.order.cased_nouns or words.ends("adjective", word) or word.isdigit()

    def _closes(self, i: int) -> bool:
        words, word = self.view.words, self.view.lower[i]
        return (
            (word in words["prepositions"] and word not in words["joining"])
            or (word in words["relatives"] and word not in words["determiners"])
            or word in words["adverbs"] or word in words["finite"] or word in words["negations"]
            or (words.order.cased_nouns and not self.view.capital(i) and words.is_cue(word))
        )  # fmt: skip

    # ------------------------------------------------------------ the subject of a cue

    def behind(self, low: int, high: int) -> Phrase | None:
        """The subject behind a verb, where it stands at once or behind adverbs and phrases with prepositions."""
        words, lower = self.view.words, self.view.lower
        i = low
        while i < high:
            if lower[i] in words["subject_pronouns"]:
                return self.forwards(i, high)
            if lower[i] in words["prepositions"] and lower[i] not in words["determiners"]:
                i = self._governed_end(i + 1, high)
            elif lower[i] in words["adverbs"] or (lower[i] in words["not_subjects"] and not self.noun_follows(i, high)):
                i += 1
            else:
                found = self.forwards(i, high)
                return found if found is not None and found.last > i else self._closing_reference(i, high)
        return None

    def _closing_reference(self, low: int, high: int) -> Phrase | None:
        """The subject at the end of a stretch whose beginning cannot be read ('die zur Universität gehörende …')."""
        end = self.view.encoded.tokens[high - 1].end
        found = [
            r
            for r in self.named.within(self.view.span(low, high))
            if r.span[1] == end and r.form in _NAMING and r.actors
        ]
        return (
            self.phrase(low, high)
            if found and high - low <= LONGEST_PHRASE and self.view.lower[low] in self.view.words["determiners"]
            else None
        )

    def _governed_end(self, low: int, high: int) -> int:
        """End of the phrase that a preposition governs: before the next name, if that isn't joined to it."""
        end = max(low, self._chunk_end(low, high))
        for reference in self.named.within(self.view.span(low, high)) if low < high else ():
            start = self.view.encoded.token_range(reference.span)[0]
            if low + 1 <= start < end and reference.form in ("name", "title", "group") and start - 1 >= low:
                before = self.view.lower[start - 1]
                if before not in self.view.words["joining"] and before.isalpha() and self.view.capital(start - 1):
                    return start
        return end

    def noun_follows(self, i: int, high: int) -> bool:
        """Whether a word that may stand alone ('das') begins a phrase that can be a subject ('das Amt')."""
        words, word = self.view.words, self.view.lower[i]
        return i + 1 < high and word in words["anaphors"] and self._chunk_end(i, high) > i + 1

    def apposed_before(self, unit: Unit, k: int) -> Phrase | None:
        """The subject in front of relative clauses or appositions: 'The mayor, Max Muster, who left, said'."""
        segments = unit.segments
        j = k
        while j > 0 and k - j < _APPOSITIONS and segments[j - 1].quote is None and not self._is_clause(segments[j - 1]):
            if j < k and self.view.lower[segments[j - 1].first] in self.view.words["prepositions"]:
                break
            j -= 1
            if segments[j].before != ",":
                break
        if j == k:
            return None
        head = self.backwards(segments[j].first, segments[j].last)
        if head is None or j == k - 1:
            return head
        return self.phrase(head.first, segments[j + 1].last) if self.names_only(segments[j + 1]) else head

    def _is_clause(self, segment: Segment) -> bool:
        """Whether a segment is a clause, and no relative one."""
        words = self.view.words
        relative = segment.before == "," and self.view.lower[segment.first] in words["relatives"]
        return not relative and any(self._finite(i) for i in range(segment.first, segment.last))

    def names_only(self, segment: Segment) -> bool:
        """Whether a segment is a name and nothing else: an apposition that says who it is."""
        if segment.quote is not None:
            return False
        named = self.named.within(self.view.span(segment.first, segment.last))
        if any(self._fills(r, segment) and r.form in ("name", "title") for r in named):
            return True
        last = self._unmasked(segment.first, segment.last)
        return last - segment.first < _APPOSITIONS and all(self.view.capital(i) for i in range(segment.first, last))

    def widened(self, unit: Unit, k: int, found: Phrase) -> Phrase:
        """A phrase with what is listed before it, or with the name set behind it ('said the envoy, Max Muster')."""
        segments = unit.segments
        following = segments[k + 1] if k + 1 < len(segments) else None
        if len(found.actors) > 1:
            return self._enumerated_before(unit, k, found)
        if (
            found.last != segments[k].last
            or following is None
            or following.before != ","
            or not self.names_only(following)
        ):
            return found
        return self.phrase(found.first, following.last) or found

    def _enumerated_before(self, unit: Unit, k: int, found: Phrase) -> Phrase:
        """A phrase with what is listed before it in segments of its own: 'France, Britain and Germany'."""
        segments = unit.segments
        first = found.first
        while k > 0 and first == segments[k].first and segments[k].before == ",":
            k -= 1
            if segments[k].quote is not None or not self.names_only(segments[k]):
                break
            first = segments[k].first
        return (self.phrase(first, found.last) or found) if first < found.first else found

    def _fills(self, reference: Reference, segment: Segment) -> bool:
        first, last = self.view.encoded.token_range(reference.span)
        return first <= segment.first + 1 and self._unmasked(segment.first, segment.last) <= last

    def antecedent(self, unit: Unit, k: int) -> Phrase | None:
        """What a relative clause in segment k belongs to: the phrase right before its comma."""
        if k == 0 or unit.segments[k - 1].quote is not None:
            return None
        before = unit.segments[k - 1]
        return self.ending(before.first, before.last)

    def ending(self, low: int, high: int) -> Phrase | None:
        """The phrase that a stretch ends with."""
        high = self._unmasked(low, high)
        if low >= high:
            return None
        end = self.view.encoded.tokens[high - 1].end
        found = [r for r in self.named.within(self.view.span(low, high)) if r.span[1] == end and r.form in _NAMING]
        if found:
            first, last = self.view.encoded.token_range(found[0].span)
            return self.phrase(first, last)
        return self._short_end(low, high) or (self.phrase(low, high) if high - low < 5 else None)

    def first_subject(self, low: int, high: int) -> Phrase | None:
        """The first reference of a stretch that no preposition governs: its subject, most of the time."""
        for reference in self.named.within(self.view.span(low, high)) if low < high else ():
            first, last = self.view.encoded.token_range(reference.span)
            governed = first > low and self.view.lower[first - 1] in self.view.words["prepositions"]
            if reference.form in _NAMING and not governed and first not in self.view.masked:
                return self.phrase(first, last)
        return None

    # ------------------------------------------------------------ hearers

    def hearers(self, low: int, high: int) -> tuple[Actor, ...]:
        """Whom it is said to: 'vor Reportern', 'gegenüber der Zeitung'."""
        words, lower = self.view.words, self.view.lower
        for i in range(low, high - 1):
            if lower[i] in words["to_hearers"] and i not in self.view.masked:
                found = self.forwards(i + 1, high)
                if found is not None and any(w in words["hearers"] for w in lower[found.first : found.last]):
                    return found.actors
        return ()


def _covers(outer: Reference, inner: Reference) -> bool:
    return outer.span[0] <= inner.span[0] and inner.span[1] <= outer.span[1] and outer.span != inner.span
