"""Amounts: where a sentence has a number with its unit, and which numbers are none.

In: the pieces of a sentence and the tools of its language. Out: amounts in order, ranges joined.
Must not know bounds and directions, nor what an amount is about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from communique.lexicon import SameWords, lexicon
from communique.reading.quantities.numerals import (
    MOST_GROUPS,
    Grammar,
    Number,
    Phrases,
    Piece,
    phrase_set,
    read_number,
    tight,
)
from communique.reading.quantities.units import NO_UNIT, Unit, Units, counted, currency_before, unit_after

NEUTRAL = "any"
GAP = 7
NEAR = 2.0
"""Up to so many times the first number the second one behind 'by' makes a range with it."""


@dataclass(frozen=True, slots=True)
class Cues:
    """Words around a number that say what it is, in one language."""

    names: frozenset[str]
    names_after: frozenset[str]
    months: frozenset[str]
    year_cues: frozenset[str]
    clock: Phrases[bool]
    bounds: Phrases[str]
    bounds_after: Phrases[str]
    up: frozenset[str]
    down: frozenset[str]
    by: frozenset[str]
    by_strict: frozenset[str]
    weak: frozenset[str]
    change_adverbs: frozenset[str]
    change_particles: frozenset[str]
    change_be: frozenset[str]
    more: frozenset[str]
    less: frozenset[str]
    to: frozenset[str]
    than: frozenset[str]
    year_after_bound: frozenset[str]
    glue: frozenset[str]
    of_after: frozenset[str]
    ranges: Phrases[bool]
    spoken: frozenset[str]
    between: frozenset[str]
    between_and: frozenset[str]
    origin: frozenset[str]
    goal: frozenset[str]
    ordinal_dot: bool
    ordinal_endings: frozenset[str]
    one_nouns: frozenset[str]
    one_not: frozenset[str]
    of_which: Phrases[bool]
    persons_verbs: frozenset[str]
    auxiliaries: frozenset[str]
    listed: frozenset[str]
    votes_words: frozenset[str]
    score_words: frozenset[str]
    ballot: Phrases[bool]
    number_of: Phrases[bool]
    of_the: Phrases[bool]
    from_fillers: frozenset[str]
    sharing: frozenset[str]

    @staticmethod
    def of_lexicon(words: Mapping[str, Any]) -> Cues:
        """Read the lexicon file `numbers` of a language."""
        low = {key: frozenset(str(w).lower() for w in words.get(key, ())) for key in _SETS}
        bound, after = words.get("bound", {}), words.get("bound_after", {})
        return Cues(
            names=frozenset(words.get("names", ())),
            names_after=frozenset(words.get("names_after", ())),
            months=frozenset(words.get("months", ())),
            clock=phrase_set(words.get("clock", ())),
            bounds=Phrases((phrase, kind) for kind, phrases in bound.items() for phrase in phrases),
            bounds_after=Phrases((phrase, kind) for kind, phrases in after.items() for phrase in phrases),
            ranges=phrase_set(words.get("ranges", ())),
            spoken=low["spoken_ranges"],
            origin=low["from"],
            goal=low["from_to"],
            ordinal_dot=bool(words.get("ordinal_dot")),
            one_nouns=frozenset(words.get("one_nouns", ())),
            of_which=phrase_set(words.get("of_which", ())),
            ballot=phrase_set(words.get("ballot", ())),
            of_the=phrase_set(words.get("of_the", ())),
            number_of=phrase_set(words.get("number_of", ())),
            **{key: low[key] for key in _PLAIN_SETS},
        )


_PLAIN_SETS = (
    "year_cues", "up", "down", "by", "by_strict", "weak", "change_adverbs", "change_particles", "change_be",
    "to", "than", "more", "less", "between", "between_and", "ordinal_endings", "one_not", "year_after_bound",
    "glue", "of_after", "persons_verbs", "auxiliaries", "listed", "votes_words", "score_words",
    "from_fillers", "sharing",
)  # fmt: skip
_SETS = (*_PLAIN_SETS, "spoken_ranges", "from", "from_to")


@dataclass(frozen=True, slots=True)
class Tools:
    """All that is needed to read quantities in one language."""

    grammar: Grammar
    units: Units
    cues: Cues


@lru_cache(maxsize=16)
def _tools(key: SameWords) -> Tools:
    numbers = key.words.get("numbers", {})
    units = Units.of_lexicon(key.words.get("units", {}), lexicon(NEUTRAL).get("units", {}), numbers)
    return Tools(Grammar.of_lexicon(numbers), units, Cues.of_lexicon(numbers))


def tools_for(words: Mapping[str, Any]) -> Tools:
    """The grammar, units and cues of a lexicon; built once per lexicon."""
    return _tools(SameWords(words))


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its unit in the pieces `first` to `last` (half-open) of a sentence."""

    number: Number
    unit: Unit
    first: int
    last: int
    value: float
    value_max: float | None = None
    role: str | None = None
    signed: bool = False
    inherited: bool = False
    dropped: bool = False


def find_amounts(row: Sequence[Piece], tools: Tools) -> list[Amount]:
    """Amounts of a sentence in order; ranges and changes from A to B are one."""
    found: list[Amount] = []
    index = 0
    while index < len(row):
        if not (tools.grammar.may_start(row[index]) or tools.units.prefixes.match(row, index)):
            index += 1
            continue
        skip = _no_amount(row, index, tools)
        if skip:
            index = skip
            continue
        amount = _ranged(row, index, tools)
        if amount is not None and not _swallow(row, found, amount, tools):
            found.append(amount)
        index = amount.last if amount else index + 1
    return found


def _amount(row: Sequence[Piece], index: int, tools: Tools) -> Amount | None:
    """The amount that begins at a piece: sign or currency, number, unit."""
    prefix = currency_before(row, index, tools.units)
    at = prefix[1] if prefix else index
    sign, at = _sign(row, at, tools, free=prefix is None)
    number = read_number(row, at, tools.grammar, money=prefix is not None)
    if number is None or (at != index and not number.digits):
        return None
    unit = unit_after(row, number.last, tools.units, prefix[0] if prefix else None)
    if unit.head.lower() in tools.units.small and number.scale == 1 and number.value < 1000:
        unit = replace(unit, name=tools.units.small[unit.head.lower()], kind="mass")
    if unit.kind == "none" and number.kind != "multiple":
        unit = _noun(row, number, tools)
    value = number.value * sign
    last = max(number.last, unit.last) if unit.kind != "none" else number.last
    return Amount(number, unit, index, last, value, number.value_max, _role(number, unit), at > index)


def _sign(row: Sequence[Piece], at: int, tools: Tools, *, free: bool) -> tuple[int, int]:
    """-1 for a minus that belongs to the digits behind it, and the index of the digits."""
    if at + 1 >= len(row) or not (row[at + 1].text[0].isdecimal() or row[at + 1].text == "-"):
        return 1, at
    low = row[at].low
    if low in tools.grammar.minus and low.isalpha() and row[at + 1].text == "-":
        at += 1
    if low not in tools.grammar.minus and low not in tools.grammar.plus:
        return 1, at
    if not low.isalpha() and (not tight(row, at + 1) or (free and tight(row, at) and row[at - 1].text not in "(")):
        return 1, at
    return (-1 if low in tools.grammar.minus else 1), at + 1


def _role(number: Number, unit: Unit) -> str | None:
    if number.kind != "plain":
        return number.kind
    return unit.kind if unit.kind in ("age", "time") else None


def _noun(row: Sequence[Piece], number: Number, tools: Tools) -> Unit:
    """What is counted; 'three of them' and 'hundreds of villagers' look behind the 'of'."""
    at = number.last
    of = at < len(row) and row[at].low in tools.grammar.of
    if number.kind == "share" and not of and not (at < len(row) and row[at].text[0].isupper()):
        return NO_UNIT
    if of and number.kind == "vague":
        at += 1
    elif of:
        return _one_of(row, at, number, tools)
    unit = unit_after(row, at, tools.units)
    if unit.kind != "none":
        return unit
    return counted(row, at, tools.units, single=number.value == 1 and number.kind == "plain", grammar=tools.grammar)


def _one_of(row: Sequence[Piece], at: int, number: Number, tools: Tools) -> Unit:
    """'one of the best speakers' counts one speaker; 'three of the 14 states' is settled by what follows."""
    found = tools.cues.of_the.match(row, at)
    if found is None or number.kind != "plain":
        return NO_UNIT
    return counted(row, found[1], tools.units, single=False, grammar=tools.grammar)


def _ranged(row: Sequence[Piece], index: int, tools: Tools) -> Amount | None:
    """An amount, or two that a range joins ('3 to 5 percent', 'zwischen 5 und 7 Millionen', '20-30 km')."""
    low = _amount(row, index, tools)
    if low is None or low.number.kind in ("multiple", "share", "vague") or low.value_max is not None:
        return low
    for last in dict.fromkeys((low.last, low.number.last)):
        at = _connector(row, index, last, tools) or _by_range(row, index, last, low, tools)
        high = _amount(row, at, tools) if at else None
        joined = _join(low, high, last) if high else None
        if joined:
            return replace(joined, role="from_to") if _moves(row, index, tools) else joined
    return low


def _connector(row: Sequence[Piece], first: int, last: int, tools: Tools) -> int | None:
    """The index behind a word or mark that makes a range of the amounts around it."""
    if last >= len(row) - 1:
        return None
    before = row[first - 1].low if first else ""
    if before in tools.cues.by_strict and before not in tools.cues.origin and row[first].text[0] not in ".":
        return None if row[last].low in tools.cues.to else _range_mark(row, last, tools)
    if before in tools.cues.between and row[last].low in tools.cues.between_and:
        return last + 1
    if row[last].text in "-–—−" and last + 2 < len(row) and row[last + 1].low in tools.cues.spoken:
        return last + 3 if row[last + 2].text in "-–" else last + 2
    return _range_mark(row, last, tools)


def _by_range(row: Sequence[Piece], first: int, last: int, low: Amount, tools: Tools) -> int | None:
    """'Fell by 10 to 12 percent' is a range: the first has no unit and the second is near; not 'by 3 to 90 percent'."""
    found = tools.cues.ranges.match(row, last)
    if not first or row[first - 1].low not in tools.cues.by_strict or found is None or low.unit.kind != "none":
        return None
    high = _amount(row, found[1], tools)
    near = high is not None and low.number.scale == 1 and low.value < high.value / high.number.scale <= NEAR * low.value
    return found[1] if near else None


def _range_mark(row: Sequence[Piece], last: int, tools: Tools) -> int | None:
    found = tools.cues.ranges.match(row, last)
    if found is None:
        return None
    return found[1] + (found[1] + 1 < len(row) and row[found[1]].text == "-" and tight(row, found[1]))


def _moves(row: Sequence[Piece], index: int, tools: Tools) -> bool:
    """Whether 'from' and a verb of change stand before: 'widened from 5 to 7 billion', not 'range from 5 to 7'."""
    if not index or row[index - 1].low not in tools.cues.origin or row[index - 1].low in tools.cues.between:
        return False
    before = row[max(index - GAP, 0) : index - 1]
    return any(piece.low in tools.cues.up or piece.low in tools.cues.down for piece in before)


def _join(low: Amount, high: Amount, last: int) -> Amount | None:
    """Two amounts as one range, where the second is the greater and their units agree."""
    if high.number.kind != "plain" or high.role == "from_to" or not _agree(low.unit, high.unit, last == low.last):
        return None
    plain = low.number.scale == high.number.scale == 1 and high.unit.kind == "none"
    if low.number.digits != high.number.digits and plain:
        return None
    value = _share_scale(low, high)
    if value >= high.value or (high.unit.kind == "none" and low.unit.kind == "none" and high.number.scale == 1):
        return None
    unit = high.unit if high.unit.kind != "none" else low.unit
    number = replace(low.number, last=high.number.last, scale=high.number.scale)
    role = low.role or high.role
    return replace(low, unit=unit, last=high.last, value=value, value_max=high.value, number=number, role=role)


def _agree(one: Unit, other: Unit, whole: bool) -> bool:
    """Units of the two ends of a range: the same, or only one has any."""
    if one.kind == "none" or not whole:
        return True
    return other.kind == "none" or (one.name, one.kind) == (other.name, other.kind)


def _share_scale(low: Amount, high: Amount) -> float:
    """'5 to 7 million' is five million; '$200 to $4 million' is two hundred dollars."""
    scale = high.number.scale
    if low.number.scale > 1 or scale <= 1:
        return low.value
    bare = high.value / scale
    own = low.first != low.number.first
    if low.value <= bare or (not own and (low.number.decimals or low.value < 20 * bare) and low.value < 1000):
        return low.value * scale
    return low.value


def _swallow(row: Sequence[Piece], found: list[Amount], amount: Amount, tools: Tools) -> bool:
    """Join 'from A … to B' into the amount before; True when that was done."""
    if not found:
        return False
    before = found[-1]
    goal_at = amount.first - 1
    while goal_at > before.last and row[goal_at].low in tools.cues.from_fillers:
        goal_at -= 1
    goal = row[goal_at].low
    at = before.first - 1
    while at > 0 and row[at].low in tools.cues.from_fillers:
        at -= 1
    origin = row[at].low if at >= 0 else ""
    if origin not in tools.cues.origin or goal not in tools.cues.goal or before.value_max is not None:
        return False
    if not before.last <= goal_at <= before.last + GAP:
        return False
    if amount.value_max is not None or amount.number.kind != "plain" or not _same_kind(before.unit, amount.unit):
        return False
    between = row[before.last : goal_at]
    if any(p.text in ";:()" or p.low in tools.grammar.minus for p in between):
        return False
    unit = amount.unit if amount.unit.kind != "none" else before.unit
    value = before.value * _common_scale(before, amount)
    found[-1] = replace(before, value=value, value_max=amount.value, unit=unit, last=amount.last, role="from_to",
                        number=replace(before.number, last=amount.number.last))  # fmt: skip
    return True


def _common_scale(before: Amount, amount: Amount) -> float:
    """'von 3,9 auf 3,1 Milliarden': the scale of the second holds for the first, where that makes them comparable."""
    scale = amount.number.scale
    if before.number.scale > 1 or scale <= 1 or before.first != before.number.first or before.value >= 1000:
        return 1.0
    return scale if before.unit.kind in ("none", "noun") or before.value < amount.value / scale * 20 else 1.0


def _same_kind(one: Unit, other: Unit) -> bool:
    if "none" in (one.kind, other.kind):
        return True
    return one.kind == other.kind and (one.kind != "money" or one.name == other.name)


# ---- numbers that are no amounts


def _no_amount(row: Sequence[Piece], index: int, tools: Tools) -> int:
    """The index behind a number that is a date, time of day, ordinal, score, name or address; 0 for none of these."""
    if not row[index].text[0].isdecimal():
        named = index and row[index].low in tools.grammar.cardinals and row[index - 1].text in tools.cues.names
        return index + 1 if named else 0
    for test in (_clock, _ordinal, _telephone, _glued_name, _score, _date, _age, _named_number, _year):
        skip = test(row, index, tools)
        if skip:
            return skip
    return 0


def _clock(row: Sequence[Piece], index: int, tools: Tools) -> int:
    """'11:30', '9 Uhr', '5am', '10.45pm'; also results like '2:1'."""
    colon = _is(row, index + 1, ":") and tight(row, index + 1) and tight(row, index + 2)
    if colon and row[index + 2].text[0].isdecimal():
        after = index + 3
        found = tools.cues.clock.match(row, after)
        return found[1] if found else after
    found = tools.cues.clock.match(row, index + 1)
    if found is None or len(row[index].text) > 5:
        return 0
    if len(row[index + 1].text) > 1:
        return found[1]
    return found[1] if _is(row, index + 2, ".") and _is(row, index + 3, "m") else 0


def _ordinal(row: Sequence[Piece], index: int, tools: Tools) -> int:
    """'24. Sitzung', '19th'."""
    text = row[index].text
    if tight(row, index + 1) and row[index + 1].low in tools.cues.ordinal_endings:
        return index + 2
    if not tools.cues.ordinal_dot or not text.isdecimal() or len(text) > 3 or not _is(row, index + 1, "."):
        return 0
    return index + 2 if tight(row, index + 1) and index + 2 < len(row) and not tight(row, index + 2) else 0


def _glued_name(row: Sequence[Piece], index: int, tools: Tools) -> int:
    """'MH17', 'COVID-19', 'A380', 'Su-27', '5G': digits grown together with letters that are no currency or unit."""
    after = row[index + 1] if index + 1 < len(row) and tight(row, index + 1) else None
    if after and (after.text in tools.cues.names_after or after.text == "×"):
        return index + 2
    if after and after.text == "s" and index and row[index - 1].text[0].isupper():
        return index + 2
    before = row[index - 1] if index and tight(row, index) else None
    if before is None:
        return 0
    if before.text == "-" and index > 1 and row[index - 2].text in tools.cues.names:
        return index + 1
    if before.text == "-" and index > 1 and tight(row, index - 1):
        first = row[index - 2]
        if unit_after(row, index + 1, tools.units).kind != "none" or _prefix_ends(row, index - 1, tools):
            return 0
        return index + 1 if first.text[-1].isalpha() and first.low not in tools.grammar.minus else 0
    if before.text == "#":
        return index + 1
    return index + 1 if before.text[-1].isalpha() and not _prefix_ends(row, index, tools) else 0


def _prefix_ends(row: Sequence[Piece], index: int, tools: Tools) -> bool:
    """Whether a currency sign, or a word for a bound like 'sub', ends right before a piece."""
    for first in (index - 1, index - 2):
        found = tools.units.prefixes.match(row, first) if first >= 0 else None
        if found and found[1] == index:
            return True
    return row[index - 1].low in tools.cues.glue


def _score(row: Sequence[Piece], index: int, tools: Tools) -> int:
    """'2-0', '4-3-3', '16-18 Industrial Avenue': two bare numbers around a tight hyphen without a unit behind."""
    at = index
    while at + 2 < len(row) and row[at + 1].text in "-–/" and _tight_digits(row, at + 1):
        at += 2
    if at == index:
        return 0
    if row[index + 1].text == "/" or at > index + 2:
        return 0 if row[index + 1].text == "/" and at == index + 2 and len(row[index].text) < 4 else at + 1
    if unit_after(row, at + 1, tools.units).kind != "none" or tools.grammar.scales.match(row, at + 1):
        return 0
    years = len(row[index].text) == 4 and len(row[at].text) in (2, 4)
    noun = counted(row, at + 1, tools.units, single=False, grammar=tools.grammar)
    return at + 1 if noun.kind == "none" or years else 0


def _tight_digits(row: Sequence[Piece], index: int) -> bool:
    """A mark with digits right behind it, and no space before."""
    return tight(row, index) and tight(row, index + 1) and row[index + 1].text[0].isdecimal()


def _date(row: Sequence[Piece], index: int, tools: Tools) -> int:
    """'3 July', 'July 3', '06.12.2004' (no number at all), '4 July 2016'."""
    text = row[index].text
    if len(text) <= 2 and text.isdecimal():
        if index + 1 < len(row) and row[index + 1].text in tools.cues.months:
            return index + 2
        before = row[index - 1].text if index else ""
        dotted = before == "." and index > 1 and row[index - 2].text in tools.cues.months
        if (before in tools.cues.months or dotted) and int(text) <= 31:
            following = unit_after(row, index + 1, tools.units).kind
            return index + 1 if following == "none" else 0
    return 0


def _telephone(row: Sequence[Piece], index: int, tools: Tools) -> int:
    """'030 1234567', '0171-55 44': a group that begins with a nought, or very many groups, and all groups behind it."""
    text = row[index].text
    many = all(piece.text.isdecimal() for piece in row[index : index + MOST_GROUPS + 1]) and index + MOST_GROUPS < len(
        row
    )
    if not text.isdecimal() or not (many or (len(text) > 1 and text[0] == "0")):
        return 0
    at = index + 1
    while at < len(row) and (row[at].text.isdecimal() or (row[at].text in "-/" and tight(row, at))):
        at += 1
    return at


def _age(row: Sequence[Piece], index: int, tools: Tools) -> int:
    """'Marta Silva, 44, said': two digits between commas behind a name."""
    text = row[index].text
    if index < 2 or not text.isdecimal() or len(text) != 2 or row[index - 1].text not in ",(":
        return 0
    closed = index + 1 < len(row) and row[index + 1].text in ",)"
    return index + 1 if closed and row[index - 2].text[0].isupper() and row[index - 2].text.isalpha() else 0


def _named_number(row: Sequence[Piece], index: int, tools: Tools) -> int:
    """'Boeing 737', 'Artikel 5', 'Resolution 2231': the word before says that the number is a name."""
    if not index or not row[index].text[0].isdecimal():
        return 0
    before = row[index - 1]
    if len(before.text) == 1 and before.text.isupper() and row[index].start - before.end == 1:
        return index + 1 if unit_after(row, index + 1, tools.units).kind == "none" else 0
    if before.text == "." and index > 1 and tight(row, index - 1):
        before = row[index - 2]
    elif row[index].start - before.end > 1:
        return 0
    if before.text not in tools.cues.names or tools.grammar.scales.match(row, index + 1):
        return 0
    return index + 1 if unit_after(row, index + 1, tools.units).kind == "none" else 0


def _year(row: Sequence[Piece], index: int, tools: Tools) -> int:
    """Four bare digits from 1000 to 2199 are a year, unless what follows is a unit or a counted noun."""
    text = row[index].text
    if not (len(text) == 4 and text.isdecimal() and 1000 <= int(text) <= 2199):
        return 0
    if index + 1 < len(row) and row[index + 1].low == "s" and tight(row, index + 1):
        return index + 2
    if _prefix_ends(row, index, tools) or unit_after(row, index + 1, tools.units).kind not in ("none", "time"):
        return 0
    if tools.grammar.scales.match(row, index + 1):
        return index + 1 if row[index + 1].low in tools.grammar.bare_scales else 0  # 'bis 2026 hundert Stipendien'
    before = row[index - 1] if index else None
    bound = tools.cues.bounds.match_before(row, index)
    if bound and bound[0] != "about" and row[index - 1].low in tools.cues.year_after_bound:
        return 0
    if before and (before.low in tools.cues.year_cues or before.text in tools.cues.months or before.text in "(/'’-–"):
        return index + 1
    noun = counted(row, index + 1, tools.units, single=False, grammar=tools.grammar)
    if noun.kind == "none" or noun.hyphen:
        return index + 1
    return index + 1 if 1990 <= int(text) <= 2035 and int(text) % 100 else 0


def _is(row: Sequence[Piece], index: int, text: str) -> bool:
    return index < len(row) and row[index].text == text


def bound_of(row: Sequence[Piece], amount: Amount, tools: Tools, since: int) -> tuple[str, int]:
    """The bound said before or behind the amount, and the index of the first piece that belongs to it."""
    first, bound = amount.first, "exact"
    while first > since:
        found = tools.cues.bounds.match_before(row, first)
        if found is None or found[1] < since:
            break
        bound = found[0] if bound == "exact" or bound == "about" else bound
        first = found[1]
    if bound == "exact":
        after = tools.cues.bounds_after.match(row, amount.last)
        bound = after[0] if after else bound
    if bound == "exact" and amount.value_max is not None:
        bound = "range"
    return bound, first
