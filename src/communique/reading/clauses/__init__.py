"""Clauses: a sentence cut at its commas and conjunctions, and the phrases that name actors in it with their roles.

In: Encoded, Named and the lexicon `clauses` of the language. Out: Clauses, one per sentence. Must not know which words
are events or commitments.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeVar

from communique.lexicon import lexicon
from communique.reading.encode import Encoded, Sentence
from communique.reading.named import Named, Reference
from communique.records import Actor, Quantity, Span, Time

Spanned = TypeVar("Spanned", Time, Quantity)

PUNCTUATION = frozenset(",;:()[]–—…|")
QUOTES = frozenset("\"'„“”‟«»‚‘’‹›`")
FILLED = frozenset({"bare", "title", "name", "pronoun"})  # forms of phrases that may lack their state
HOME = (3, 2)  # the state an item is about is named this much more often than the next
NEAR = 1  # sentences between a state and a person in office without one
CLOSEST = 4
TERMINAL = QUOTES | frozenset(".!?")
LONGEST_STEP = 4  # words between a preposition and the name it governs


@dataclass(frozen=True, slots=True)
class Grammar:
    """The small words of one language; `bare` maps an actor's trade to its PLOVER sector."""

    words: Mapping[str, frozenset[str]]
    openers: Mapping[str, str]
    bare: Mapping[str, str]
    flags: Mapping[str, Any]
    endings: tuple[str, ...]
    finite_endings: tuple[str, ...]
    noun_verbs: tuple[str, ...] = ()

    def has(self, key: str, word: str) -> bool:
        """Whether a list of the lexicon holds a word."""
        return word in self.words.get(key, ())


OPENERS = (
    ("content", "content"),
    ("condition", "condition"),
    ("subordinators", "sub"),
    ("relatives", "relative"),
    ("oblique_relatives", "oblique"),
)


@lru_cache(maxsize=8)
def grammar(language: str) -> Grammar:
    """The grammar of a language; an empty one where there is none."""
    raw = lexicon(language).get("clauses") or {}
    words = {k: frozenset(str(w) for w in v) for k, v in raw.items() if isinstance(v, list)}
    words["determiners"] = frozenset((lexicon(language).get("mentions") or {}).get("determiners") or ())
    openers: dict[str, str] = {}
    for key, kind in OPENERS:
        for word in raw.get(key) or ():
            openers.setdefault(word, kind)
    bare = {n: s for s, nouns in (raw.get("bare") or {}).items() if isinstance(nouns, list) for n in nouns}
    flags = {k: v for k, v in raw.items() if not isinstance(v, list)}
    endings = tuple(raw.get("adjective_endings") or ())
    return Grammar(
        words, openers, bare, flags, endings, tuple(raw.get("finite_endings") or ()), tuple(raw.get("noun_verbs") or ())
    )


@dataclass(frozen=True, slots=True)
class Segment:
    """Tokens between two cuts; `opener` is start, plain, content, condition, sub, relative, oblique or aside."""

    first: int
    last: int
    opener: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Actors named together ('China und Kasachstan'), where, and in which role: '' or the preposition before them."""

    actors: tuple[Actor, ...]
    first: int
    last: int
    span: Span
    role: str
    form: str
    genitive: bool = False
    possessor: bool = False
    place: bool = False

    @property
    def nominal(self) -> bool:
        """Whether the phrase may be a subject or object."""
        return not self.role and not self.genitive and not self.possessor and self.form != "adjective"


@dataclass(frozen=True, slots=True)
class Clauses:
    """One sentence: its segments, phrases, lower-case words, and which tokens stand in a time expression."""

    sentence: Sentence
    segments: tuple[Segment, ...]
    phrases: tuple[Phrase, ...]
    words: tuple[str, ...]
    domestic: str | None = None
    lowered: frozenset[int] = frozenset()

    def lower(self, i: int) -> bool:
        """Whether a token is written in lower case (nouns are not, in languages that write them with capitals)."""
        return i in self.lowered

    def word(self, i: int) -> str:
        """The lower-case word at a token index of the document, '' outside the sentence."""
        at = i - self.sentence.first
        return self.words[at] if 0 <= at < len(self.words) else ""

    def segment_at(self, i: int) -> int:
        """Index of the segment that holds a token."""
        starts = [s.first for s in self.segments]
        return max(0, bisect_right(starts, i) - 1)

    def in_segment(self, number: int) -> list[Phrase]:
        """Phrases that begin in a segment."""
        segment = self.segments[number]
        return [p for p in self.phrases if segment.first <= p.first < segment.last]


@dataclass(frozen=True, slots=True)
class Parser:
    """Cuts the sentences of one document."""

    encoded: Encoded
    named: Named
    grammar: Grammar
    timed: frozenset[int]
    verbs: frozenset[str]
    home: str | None
    near: Mapping[str, str] = field(default_factory=dict)
    states: tuple[tuple[int, str], ...] = ()
    places: frozenset[str | None] = frozenset()

    @staticmethod
    def of(encoded: Encoded, named: Named, times: Sequence[Time], verbs: frozenset[str]) -> Parser:
        """A parser that takes `verbs` for words no adjective can be."""
        timed = {i for t in times for i in range(*encoded.token_range(t.span))}
        return Parser(
            encoded=encoded,
            named=named,
            grammar=grammar(encoded.language),
            timed=frozenset(timed),
            verbs=verbs,
            home=home_of(named),
            near=_near(encoded, named),
            places=frozenset(e.id for e in named.entities if e.kind == "place"),
            states=tuple((r.span[0], a.code) for r in named.references for a in r.actors if _is_state(a) and a.code),
        )

    def sentences(self) -> Iterator[Clauses]:
        """All sentences of the document, cut."""
        for sentence in self.encoded.sentences:
            yield self.clauses(sentence)

    def clauses(self, sentence: Sentence) -> Clauses:
        """One sentence with its segments and phrases."""
        words = tuple(t.text.lower() for t in self.encoded.tokens[sentence.first : sentence.last])
        references = self._references(sentence)
        phrases = self._compound(references, sentence, words)
        segments = self._segments(sentence, words, phrases)
        domestic = next((p.actors[0].code for p in phrases if p.place and p.actors[0].code), None) or self.home
        domestic = domestic or self._last_state(sentence)
        filled = tuple(_filled(p, domestic, self.near) for p in phrases)
        lowered = frozenset(
            i for i in range(sentence.first, sentence.last) if self.encoded.tokens[i].text[:1].islower()
        )
        return Clauses(sentence, segments, filled, words, domestic, lowered)

    def _last_state(self, sentence: Sentence) -> str | None:
        """The state named last before a sentence."""
        at = bisect_right(self.states, (sentence.start, "")) - 1
        return self.states[at][1] if at >= 0 else None

    # ------------------------------------------------------------ phrases

    def _references(self, sentence: Sentence) -> list[Phrase]:
        found = [self._phrase(r) for r in _longest(self.named.within(sentence.span))]
        taken = {i for p in found for i in range(p.first, p.last)}
        return sorted([p for p in found if _counts(p)] + self._bare(sentence, taken), key=lambda p: p.first)

    def _bare(self, sentence: Sentence, taken: set[int]) -> list[Phrase]:
        """Actors named by their trade alone: 'die Polizei', 'demonstrators'."""
        tokens, out, cased = self.encoded.tokens, [], bool(self.grammar.flags.get("cased"))
        i = sentence.first
        while i < sentence.last:
            length = self._bare_length(i, sentence.last, cased)
            if length and not taken & set(range(i, i + length)):
                text = " ".join(t.text for t in tokens[i : i + length])
                sector = self.grammar.bare[text if cased else text.lower()]
                span = (tokens[i].start, tokens[i + length - 1].end)
                actor = Actor(None, sector, None, self.encoded.words(span), span)
                out.append(Phrase((actor,), i, i + length, span, "", "bare"))
            i += max(1, length)
        return out

    def _bare_length(self, i: int, last: int, cased: bool) -> int:
        for length in (2, 1):
            text = " ".join(t.text for t in self.encoded.tokens[i : i + length])
            if i + length <= last and (text if cased else text.lower()) in self.grammar.bare:
                return length
        return 0

    def _phrase(self, reference: Reference) -> Phrase:
        first, last = self.encoded.token_range(reference.span)
        place = bool(reference.actors) and reference.actors[0].entity in self.places and reference.form == "name"
        actors = tuple(self._coded(a, reference) for a in reference.actors)
        return Phrase(actors, first, last, reference.span, "", reference.form, place=place)

    def _coded(self, actor: Actor, reference: Reference) -> Actor:
        """A person of a body named in the same phrase acts for it: 'the secretary general of ASEAN', 'UN-Gesandte'."""
        if actor.code is not None or reference.form not in ("title", "group"):
            return actor
        inside = [a for r in self.named.within(reference.span) if r is not reference for a in r.actors if a.code]
        return replace(actor, code=inside[0].code) if inside else actor

    def _compound(self, phrases: list[Phrase], sentence: Sentence, words: tuple[str, ...]) -> tuple[Phrase, ...]:
        """Join what 'and' and commas join, then give each its role."""
        out: list[Phrase] = []
        at = 0
        while at < len(phrases):
            group = self._chain(phrases, at, sentence, words)
            out.append(self._roled(_joined(group), sentence, words))
            at += len(group)
        return tuple(self._owned(out, words, sentence.first))

    def _owned(self, phrases: list[Phrase], words: tuple[str, ...], start: int) -> list[Phrase]:
        """Give offices and trades the state that stands with them: 'Perus Polizei', 'the army of Peru'."""
        out: list[Phrase] = []
        for phrase in phrases:
            before = out[-1] if out else None
            gap = words[before.last - start : phrase.first - start] if before else ()
            if before is not None and len(gap) <= CLOSEST and _stateless(phrase) and self._owner(before, gap):
                out[-1] = _of_state(phrase, before, before.role, before.genitive)
            elif before is not None and _stateless(before) and self._owning(before, phrase, gap):
                out[-1] = replace(_of_state(before, phrase, before.role, before.genitive), last=phrase.last)
            else:
                out.append(phrase)
        return out

    def _owner(self, before: Phrase, gap: Sequence[str]) -> bool:
        if any(self.grammar.has("prepositions", w) or w in PUNCTUATION or self.grammar.has("finite", w) for w in gap):
            return False
        s_form = bool(self.grammar.flags.get("cased")) and not gap and before.form == "name"
        return (
            len(before.actors) == 1
            and bool(before.actors[0].code)
            and (before.possessor or before.form == "adjective" or s_form)
        )

    def _owning(self, before: Phrase, phrase: Phrase, gap: Sequence[str]) -> bool:
        if not all(a.code for a in phrase.actors) or phrase.form not in ("name", "metonym", "pair"):
            return False
        between = [w for w in gap if not self.grammar.has("determiners", w)]
        return (not between and phrase.genitive) or (len(between) == 1 and self.grammar.has("owning", between[0]))

    def _chain(self, phrases: list[Phrase], at: int, sentence: Sentence, words: tuple[str, ...]) -> list[Phrase]:
        group, ands = [phrases[at]], 0
        for following in phrases[at + 1 :]:
            gap = words[group[-1].last - sentence.first : following.first - sentence.first]
            kind = self._gap(gap)
            if not kind or "adjective" in (following.form, group[-1].form):
                break
            group.append(following)
            ands = len(group) if kind == "and" else ands
        return group[: max(1, ands)]

    def _gap(self, gap: Sequence[str]) -> str:
        """'and' or 'comma' when the words between two names join them, else ''."""
        bare = [w for w in gap if w not in QUOTES and w != "'s" and not self.grammar.has("determiners", w)]
        if (
            not bare
            or len(bare) > 3
            or not all(self.grammar.has("joiners", w) or self.grammar.has("both", w) for w in bare)
        ):
            return ""
        return "comma" if bare == [","] else "and"

    def _roled(self, phrase: Phrase, sentence: Sentence, words: tuple[str, ...]) -> Phrase:
        role, genitive = self._role(phrase, sentence)
        after = words[phrase.last - sentence.first] if phrase.last < sentence.last else ""
        inside = words[phrase.last - 1 - sentence.first]
        possessor = self.grammar.has("possessive", after) or self.grammar.has("possessive", inside)
        return replace(phrase, role=role, genitive=genitive, possessor=possessor)

    def _role(self, phrase: Phrase, sentence: Sentence) -> tuple[str, bool]:
        """The preposition before a phrase, and whether it is a genitive of the noun before it."""
        tokens, g = self.encoded.tokens, self.grammar
        first_word = tokens[phrase.first].text.lower()
        genitive_article = g.has("genitive", first_word) and not g.has("prepositions", first_word)
        if g.has("prepositions", first_word):
            return first_word, False
        for step in range(1, LONGEST_STEP + 1):
            i = phrase.first - step
            if i < sentence.first or tokens[i].text in PUNCTUATION:
                return "", False
            word = tokens[i].text.lower()
            if g.has("prepositions", word):
                return word, False
            genitive_article = genitive_article or (g.has("genitive", word) and not g.has("prepositions", word))
            if not self._modifier(i, word):
                return "", self._governs(i, phrase, genitive_article)
        return "", False

    def _modifier(self, i: int, word: str) -> bool:
        """Whether a word may stand between preposition and noun: determiner, adjective, number, quotation mark."""
        g = self.grammar
        if g.has("determiners", word) or word in QUOTES or word[0].isdigit() or word == "-":
            return True
        if not self.encoded.tokens[i].text[:1].islower() or word in self.verbs or g.has("finite", word):
            return False
        return word.endswith(g.endings) and not word.endswith(g.finite_endings) and not g.has("coordinators", word)

    def _governs(self, i: int, phrase: Phrase, article: bool) -> bool:
        """Whether the noun at i takes the phrase as its genitive (languages that write nouns with capitals)."""
        if not self.grammar.flags.get("cased") or i in self.timed:
            return False
        noun = self.encoded.tokens[i].text
        if not noun[:1].isupper() or not noun.isalpha():
            return False
        return article or self.encoded.tokens[phrase.last - 1].text.endswith(("s", "’", "'"))

    # ------------------------------------------------------------ segments

    def _segments(self, sentence: Sentence, words: tuple[str, ...], phrases: tuple[Phrase, ...]) -> tuple[Segment, ...]:
        inside = {i for p in phrases for i in range(p.first, p.last)}
        out: list[Segment] = []
        first, opener = sentence.first, self._opener(sentence.first, words, sentence)
        optional = self.grammar.flags.get("commas") == "optional"
        for i in range(sentence.first, sentence.last):
            word = words[i - sentence.first]
            if i in inside or i < first:
                continue
            if word in PUNCTUATION or (word in "-–" and self._dash(i)):
                out.append(Segment(first, i, opener))
                first, opener = i + 1, "aside" if word in "([" else self._opener(i + 1, words, sentence, word == ",")
            elif optional and i > first and word in self.grammar.openers and self._opens(i, words, sentence):
                out.append(Segment(first, i, opener))
                first, opener = i, self.grammar.openers[word]
        out.append(Segment(first, max(first, self._end(sentence)), opener))
        kept = [s for s in out if s.last > s.first]
        return tuple(kept) or (Segment(sentence.first, sentence.last, "start"),)

    def _end(self, sentence: Sentence) -> int:
        """Where the sentence ends without its full stop and closing quotation marks."""
        last = sentence.last
        while last > sentence.first and self.encoded.tokens[last - 1].text in TERMINAL:
            last -= 1
        return last

    def _opens(self, i: int, words: tuple[str, ...], sentence: Sentence) -> bool:
        """'that' behind a preposition or as a determiner opens nothing."""
        kind = self.grammar.openers[words[i - sentence.first]]
        return kind != "condition" or self.encoded.tokens[i].text.islower()

    def _dash(self, i: int) -> bool:
        tokens = self.encoded.tokens
        before = i > 0 and tokens[i - 1].end < tokens[i].start
        return before and i + 1 < len(tokens) and tokens[i].end < tokens[i + 1].start

    def _opener(self, i: int, words: tuple[str, ...], sentence: Sentence, comma: bool = False) -> str:
        for at in range(i, min(i + 3, sentence.last)):
            word = words[at - sentence.first]
            kind = self.grammar.openers.get(word)
            if kind is not None and (comma or kind not in ("relative", "oblique")):
                return kind
            if not (self.grammar.has("coordinators", word) or word in QUOTES or self.grammar.has("prepositions", word)):
                break
        return "start" if i == sentence.first else "plain"


def spans_in(items: Sequence[Spanned], span: Span) -> list[Spanned]:
    """Times or quantities, given in text order, that lie inside a span."""
    first = bisect_left(items, span[0], key=_start_of)
    last = bisect_left(items, span[1], key=_start_of)
    return [item for item in items[first:last] if item.span[1] <= span[1]]


def _start_of(item: Time | Quantity) -> int:
    return item.span[0]


def _longest(references: Sequence[Reference]) -> list[Reference]:
    """References that lie in no longer one; a pair beats a title inside it."""
    out: list[Reference] = []
    for reference in references:
        if out and reference.span[0] < out[-1].span[1]:
            if reference.span[1] - reference.span[0] > out[-1].span[1] - out[-1].span[0] or reference.form == "pair":
                out[-1] = reference
            continue
        out.append(reference)
    return out


def _counts(phrase: Phrase) -> bool:
    return any(a.code or a.sector or phrase.form in ("name", "pronoun") for a in phrase.actors)


def _stateless(phrase: Phrase) -> bool:
    """Whether a phrase is one actor by office or trade whose state is not known yet."""
    return (
        len(phrase.actors) == 1
        and phrase.actors[0].code is None
        and bool(phrase.actors[0].sector)
        and phrase.form in FILLED
    )


def _of_state(phrase: Phrase, owner: Phrase, role: str, genitive: bool) -> Phrase:
    """The phrase with its owner's state, as one phrase from the first of both words to the last."""
    start, end = min(phrase.span[0], owner.span[0]), max(phrase.span[1], owner.span[1])
    actors = tuple(
        replace(phrase.actors[0], code=o.code, entity=phrase.actors[0].entity or o.entity) for o in owner.actors
    )
    first, last = min(phrase.first, owner.first), max(phrase.last, owner.last)
    return replace(phrase, actors=actors, first=first, last=last, span=(start, end), role=role, genitive=genitive)


def _joined(group: Sequence[Phrase]) -> Phrase:
    if len(group) == 1:
        return group[0]
    seen: dict[tuple[str | None, str | None, str], Actor] = {}
    for phrase in group:
        for actor in phrase.actors:
            seen.setdefault((actor.code, actor.sector, "" if actor.code else actor.text), actor)
    first, last = group[0], group[-1]
    span = (first.span[0], last.span[1])
    return Phrase(tuple(seen.values()), first.first, last.last, span, "", first.form, place=all(p.place for p in group))


def _filled(phrase: Phrase, domestic: str | None, near: Mapping[str, str]) -> Phrase:
    """An actor by office or trade without a state belongs to the state it was first named with, or the item's own."""
    if phrase.form not in FILLED:
        return phrase

    def code(actor: Actor) -> str | None:
        if actor.code is not None or not actor.sector or actor.sector == "IGO":
            return actor.code
        return near.get(actor.entity or "") or domestic

    return replace(phrase, actors=tuple(replace(a, code=code(a)) for a in phrase.actors))


def _near(encoded: Encoded, named: Named) -> dict[str, str]:
    """For persons in office without a state of their own: the state named last before their first mention."""
    found: dict[str, str] = {}
    last: tuple[int, str] | None = None
    for reference in named.references:
        at = encoded.sentence_index(reference.span[0])
        for actor in reference.actors:
            if actor.code and len(actor.code) == 3 and actor.sector != "IGO" and reference.form != "pronoun":
                last = (at, actor.code)
            elif actor.code is None and actor.entity and actor.sector and last is not None and at - last[0] <= NEAR:
                found.setdefault(actor.entity, last[1])
    return found


def _is_state(actor: Actor) -> bool:
    return bool(actor.code) and len(actor.code or "") == 3 and actor.sector != "IGO"


def home_of(named: Named) -> str | None:
    """The state an item is about: named clearly more often than any other."""
    codes = Counter(
        a.code for r in named.references for a in r.actors if a.code and len(a.code) == 3 and a.sector != "IGO"
    )
    if not codes:
        return None
    (code, count), *others = codes.most_common(2)
    return code if not others or count * HOME[1] >= others[0][1] * HOME[0] else None
