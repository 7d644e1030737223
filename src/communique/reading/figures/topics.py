"""What a quantity is about: the unit of a figure, its indicator, status and rank, all by words from a lexicon.

In: quantities and the text of their sentence. Out: closed-list names. Must not know actors or times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from communique.lexicon import SameWords, lexicon
from communique.reading.quantities.amounts import NEUTRAL
from communique.reading.quantities.units import TIMES
from communique.records import Quantity, Span

SHORTEST_ENDING = 4
STRONG_REACH = 90


@dataclass(frozen=True, slots=True)
class Measure:
    """The unit of a figure: its name in records, its kind (money, percent, points, persons, count, length, …)."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that says what a figure is about."""

    span: Span
    indicator: str


@dataclass(frozen=True, slots=True)
class Topics:
    """The lexicon of figures of one language, ready for look-up."""

    symbols: Mapping[str, tuple[str, str]]
    per_short: Mapping[str, str]
    nouns: Mapping[str, str]
    counted: Mapping[str, str]
    endings: tuple[tuple[str, str], ...]
    compounds: bool
    not_counted: frozenset[str]
    states_if_igo: frozenset[str]
    at_least: Mapping[float, float]
    places: re.Pattern[str]
    voters: frozenset[str]
    voting: re.Pattern[str]
    joins: re.Pattern[str]
    part_of: re.Pattern[str]
    articles: frozenset[str]
    decisive: frozenset[str]
    ranked: frozenset[str]
    bodies: re.Pattern[str]
    definite: frozenset[str]
    one_units: frozenset[str]
    by_state: Mapping[str, Mapping[str, str]]
    cues: re.Pattern[str]
    cue_names: Mapping[str, str]
    not_cues: re.Pattern[str]
    sources: re.Pattern[str]
    units_of: Mapping[str, frozenset[str]]
    direction_of: Mapping[str, str]
    defaults: Mapping[str, str]
    by_unit: Mapping[str, str]
    strong: frozenset[str]
    not_kinds: frozenset[str]
    not_units: frozenset[str]
    status: tuple[tuple[str, re.Pattern[str]], ...]
    ranks: re.Pattern[str]
    rank_values: Mapping[str, int]
    rank_of: re.Pattern[str]
    confidence: Mapping[str, float]
    subunits: Mapping[str, tuple[str, float]]
    bilateral: re.Pattern[str]
    previous_year: re.Pattern[str]
    earlier: re.Pattern[str]
    compare: re.Pattern[str]
    between: frozenset[str]
    prepositions: Mapping[str, str]

    @staticmethod
    def of_lexicon(words: Mapping[str, Any]) -> Topics:
        """Read the lexicon file `figures` of a language and the one without words."""
        neutral, units = lexicon(NEUTRAL).get("figures", {}), lexicon(NEUTRAL).get("units", {})
        rows = neutral.get("indicators", {})
        inside = bool(words.get("within_words"))
        cues = words.get("indicators", {})
        return Topics(
            symbols={n: (row["symbol"], row.get("kind", "other")) for n, row in units.get("measures", {}).items()},
            per_short=units.get("per", {}),
            nouns={noun: code for code, noun in units.get("nouns", {}).items()},
            counted={w: name for name, row in words.get("counted", {}).items() for w in row.get("words", ())},
            endings=_endings(words),
            compounds=bool(words.get("compounds")),
            not_counted=frozenset(words.get("not_counted", ())),
            states_if_igo=frozenset(words.get("states_if_igo", ())),
            at_least={float(low): float(value) for low, value in words.get("at_least", {}).items()},
            places=_any_of(words.get("places", ()), inside=False),
            voters=frozenset(words.get("voters", ())),
            voting=_any_of(words.get("voting", ()), inside=False),
            joins=_between(words.get("joins", ())),
            part_of=_any_of(words.get("part_of", ()), inside=False),
            articles=frozenset(words.get("articles", ())),
            decisive=frozenset(neutral.get("decisive", ())),
            ranked=frozenset(neutral.get("ranked", ())),
            bodies=_any_of(words.get("bodies", ()), inside=False),
            definite=frozenset(words.get("definite", ())),
            one_units=frozenset(neutral.get("one_units", ())),
            by_state=words.get("by_state", {}),
            cues=_any_of((s for stems in cues.values() for s in stems), inside=inside),
            not_cues=_any_of(words.get("not_cues", ()), inside=True),
            sources=re.compile("|".join(words.get("sources") or ("(?!)",))),
            cue_names={stem.lower(): name for name, stems in cues.items() for stem in stems},
            units_of={name: frozenset(row.get("units", ())) for name, row in rows.items()},
            direction_of={name: row.get("direction", "none") for name, row in rows.items()},
            defaults=neutral.get("defaults", {}),
            by_unit=neutral.get("by_unit", {}),
            strong=frozenset(neutral.get("strong", ())),
            not_kinds=frozenset(neutral.get("not_kinds", ())),
            not_units=frozenset(neutral.get("not_units", ())),
            status=tuple((name, _any_of(stems, inside=False)) for name, stems in words.get("status", {}).items()),
            ranks=_rank_pattern(words.get("rank", {})),
            rank_values=_rank_values(words.get("rank", {})),
            rank_of=_any_of(words.get("rank", {}).get("of", ()), inside=False),
            confidence=neutral.get("confidence", {}),
            subunits={name: (str(code), float(factor)) for name, (code, factor) in words.get("subunits", {}).items()},
            bilateral=_any_of(words.get("bilateral", ()), inside=False),
            previous_year=_any_of(words.get("previous_year", ()), inside=False),
            earlier=_behind(words.get("earlier", ()), words.get("fillers", ())),
            compare=_behind(words.get("compare", ()), words.get("fillers", ())),
            between=frozenset(words.get("between", ())),
            prepositions={w: role for role, ws in words.get("prepositions", {}).items() for w in ws},
        )

    def measure(self, quantity: Quantity) -> Measure | None:
        """The unit a quantity has in a figure; None where it makes none (a duration, an age, an unknown noun)."""
        if self._is_share(quantity) or quantity.role == "multiple":
            return Measure("%", "percent")
        base, _, per = quantity.unit.partition(" per ")
        code = self.nouns.get(base, base)
        if base in self.subunits:
            return Measure(self.subunits[base][0], "money")
        if quantity.unit in self.symbols or base in self.symbols:
            whole = quantity.unit in self.symbols
            return self._known(quantity.unit, "") if whole else self._known(base, per)
        if len(code) == 3 and code.isupper() and code.isascii():
            rate = f"/{self.per_short[per]}" if per in self.per_short and per not in TIMES else ""
            return Measure(code + rate, "money")
        return self._counted(base, per)

    @staticmethod
    def _is_share(quantity: Quantity) -> bool:
        below_one = 0 < (quantity.value or 0) < 1
        return below_one and (quantity.role == "share" or (quantity.role == "change" and not quantity.unit))

    def factor(self, quantity: Quantity) -> float:
        """What a value is multiplied by to be in the figure's unit: a cent is a hundredth, a share a percentage."""
        if self._is_share(quantity):
            return 100.0
        return self.subunits.get(quantity.unit.partition(" per ")[0], ("", 1.0))[1]

    def _known(self, name: str, per: str) -> Measure | None:
        symbol, kind = self.symbols[name]
        if kind in self.not_kinds or name in self.not_units:
            return None
        return Measure(symbol + (f"/{self.per_short[per]}" if per in self.per_short else ""), kind)

    def _counted(self, phrase: str, per: str) -> Measure | None:
        unit = self.count_unit(phrase)
        if unit is None:
            return None
        if unit == "persons":
            return Measure(unit, "persons")
        return Measure(unit + (f"/{self.per_short[per]}" if per in self.per_short else ""), "count")

    def count_unit(self, phrase: str) -> str | None:
        """The closed-list name of what is counted, by its last words; None where it is unknown or no figure.

        >>> from communique.lexicon import SameWords, lexicon
        >>> Topics.of_lexicon(lexicon("de")["figures"]).count_unit("moderne Kampfflugzeuge")
        'aircraft'
        """
        parts = phrase.lower().replace("-", " ").split()
        if not parts or parts == ["persons"]:
            return "persons" if parts else None
        for tail in (" ".join(parts[-2:]), parts[-1]):
            if tail in self.counted:
                return self.counted[tail]
        if parts[-1] in self.not_counted:
            return None
        return self._by_ending(parts[-1])

    def _by_ending(self, word: str) -> str | None:
        if self.compounds:
            for start in range(1, max(len(word) - SHORTEST_ENDING + 1, 1)):
                tail = word[start:]
                if tail in self.counted:
                    return self.counted[tail]
        longer = (name for ending, name in self.endings if word.endswith(ending) and len(word) > len(ending) + 1)
        return next(longer, None)

    def find_cues(self, text: str, span: Span) -> list[Cue]:
        """All words in a span that say what a figure may be about, in order."""
        low = text[span[0] : span[1]].lower()
        others = [m.span() for m in self.not_cues.finditer(low)]
        others += [m.span() for m in self.sources.finditer(text[span[0] : span[1]])]
        return [
            Cue((span[0] + m.start(), span[0] + m.end()), self.cue_names[m.group()])
            for m in self.cues.finditer(low)
            if not any(start <= m.start() < end for start, end in others)
        ]

    def fits(self, indicator: str, kind: str) -> bool:
        """Whether an indicator can be measured in a kind of unit."""
        units = self.units_of.get(indicator, frozenset())
        return not units or kind in units

    def best(self, cues: Sequence[Cue], quantity: Quantity, measure: Measure, clause: Span) -> tuple[str, Cue | None]:
        """The indicator of a figure and the word that tells it: the nearest that fits, those of harm first."""
        unit = self.by_unit.get(measure.name.split("/")[0])
        fitting = [cue for cue in cues if self.fits(cue.indicator, measure.kind)]
        if measure.name in self.decisive:
            fitting = [cue for cue in fitting if cue.indicator == unit]
        near = [c for c in fitting if clause[0] <= c.span[0] < clause[1]]
        strong = [c for c in near if c.indicator in self.strong and distance(c.span, quantity.span) < STRONG_REACH]
        for pool in (strong, near, fitting):
            if pool:
                cue = min(pool, key=lambda c: (distance(c.span, quantity.span), c.span))
                return cue.indicator, cue
        return unit or self.defaults.get(measure.kind, "other"), None

    def status_of(self, text: str, span: Span) -> str:
        """Reported, unless a word in the span speaks of a forecast, a target or an estimate."""
        low = text[span[0] : span[1]].lower()
        return next((name for name, pattern in self.status if pattern.search(low)), "reported")

    def rank_in(self, text: str, span: Span) -> tuple[int, Span] | None:
        """'der größte Handelspartner' 1, 'second-largest donor' 2: the rank in a span, and its words."""
        low = text[span[0] : span[1]].lower()
        for match in self.ranks.finditer(low):
            noun = self.rank_of.search(low, match.end(), min(match.end() + 40, len(low)))
            if noun and not re.search(r"[,;:.]", low[match.end() : noun.start()]):
                words = re.sub(r"[\s-]+", " ", match.group())
                return self.rank_values[words], (span[0] + match.start(), span[0] + noun.end())
        return None


def distance(one: Span, other: Span) -> int:
    """Characters between two spans; 0 where they touch or overlap."""
    return max(one[0] - other[1], other[0] - one[1], 0)


def _any_of(stems: Iterable[str], *, inside: bool) -> re.Pattern[str]:
    """One pattern for many beginnings of words, the longest first; `inside` looks within compounds too."""
    words = sorted({re.escape(stem.lower()) for stem in stems}, key=len, reverse=True)
    if not words:
        return re.compile(r"(?!)")
    return re.compile(("" if inside else r"\b") + "(?:" + "|".join(words) + ")")


def _between(words: Iterable[str]) -> re.Pattern[str]:
    """A pattern for what parts two clauses: a mark with a space, or one of the words."""
    return re.compile(r"[;.:]\s" + "".join(rf"| {re.escape(word)} " for word in words))


def _behind(phrases: Iterable[str], fillers: Iterable[str]) -> re.Pattern[str]:
    """A pattern for text that ends with one of the phrases, perhaps with small words behind."""
    words = sorted({re.escape(phrase.lower()) for phrase in phrases}, key=len, reverse=True)
    if not words:
        return re.compile(r"(?!)")
    small = "|".join(re.escape(word.lower()) for word in fillers) or "(?!)"
    return re.compile(r"\b(?:" + "|".join(words) + rf")(?: (?:{small})){{0,2}} ?$")


def _endings(words: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    pairs = [(end, name) for name, row in words.get("counted", {}).items() for end in row.get("ends", ())]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def _rank_values(rank: Mapping[str, Any]) -> dict[str, int]:
    values = {word.lower(): int(value) for word, value in rank.get("words", {}).items()}
    for word in list(values):
        values |= {f"{ordinal} {word}": int(n) for ordinal, n in rank.get("ordinals", {}).items()}
        values |= {f"{prefix}{word}": int(n) for prefix, n in rank.get("prefixes", {}).items()}
    return values


def _rank_pattern(rank: Mapping[str, Any]) -> re.Pattern[str]:
    words = sorted(_rank_values(rank), key=len, reverse=True)
    if not words:
        return re.compile(r"(?!)")
    return re.compile(r"\b(?:" + "|".join(re.escape(w).replace(r"\ ", r"[\s-]+") for w in words) + r")\b")


@lru_cache(maxsize=16)
def _topics(key: SameWords) -> Topics:
    return Topics.of_lexicon(key.words.get("figures", {}))


def topics_for(words: Mapping[str, Any]) -> Topics:
    """The topics of a lexicon; built once per lexicon."""
    return _topics(SameWords(words))
