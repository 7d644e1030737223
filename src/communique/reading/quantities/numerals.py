"""Numbers in words and digits: a small grammar over the pieces of one sentence, all of its words from a lexicon.

In: pieces of text and the lexicon `numbers` of a language. Out: what number begins at a piece, and where it ends.
Must not know units, nor what a number is about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

T = TypeVar("T")

_PIECE = re.compile(r"(?<![\w.,])\.\d+|\d+(?:[.,'’]\d+)*|(?:[A-Z]\.){2,}|[^\W\d_]+|\S")
_SPACES = frozenset("\u00a0\u202f\u2009 ")
LONGEST_WORD = 90
LONGEST_DIGITS = 24
MOST_GROUPS = 6
HUGE = 1e18


class Piece(NamedTuple):
    """A word, a run of digits or a mark, with offsets; letters and digits are always apart."""

    start: int
    end: int
    text: str
    low: str


def pieces(text: str, start: int, end: int) -> list[Piece]:
    """Cut a stretch of text into pieces.

    >>> [p.text for p in pieces("USD10m, 1.200 km/h", 0, 18)]
    ['USD', '10', 'm', ',', '1.200', 'km', '/', 'h']
    """
    found = _PIECE.finditer(text, start, end)
    return [Piece(m.start(), m.end(), word := m.group(), word.lower()) for m in found]


class Phrases(Generic[T]):
    """Phrases of one or more pieces with a meaning each; the longest that fits wins."""

    def __init__(self, entries: Iterable[tuple[str, T]] = (), exact: Iterable[tuple[str, T]] = ()) -> None:
        self._folded: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        self._exact: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        self.back: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, meaning in entries:
            self._add(self._folded, phrase, meaning)
        for phrase, meaning in exact:
            self._add(self._exact, phrase, meaning)
        for table in (self._folded, self._exact, self.back):
            for options in table.values():
                options.sort(key=lambda option: -len(option[0]))

    def _add(self, table: dict[str, list[tuple[tuple[str, ...], T]]], phrase: str, meaning: T) -> None:
        parts = tuple(m.group() for m in _PIECE.finditer(phrase))
        if table is self._folded:
            parts = tuple(part.lower() for part in parts)
        if parts:
            table.setdefault(parts[0], []).append((parts, meaning))
            if table is self._folded:
                self.back.setdefault(parts[-1], []).append((parts, meaning))

    def match(self, row: Sequence[Piece], index: int) -> tuple[T, int] | None:
        """The meaning of the longest phrase that begins at a piece, and the index behind it."""
        if index >= len(row):
            return None
        best: tuple[T, int] | None = None
        for parts, meaning in self._exact.get(row[index].text, ()):
            if _same(row, index, parts, exact=True):
                best = (meaning, index + len(parts))
                break
        for parts, meaning in self._folded.get(row[index].low, ()):
            if best is not None and index + len(parts) <= best[1]:
                break
            if _same(row, index, parts, exact=False):
                return meaning, index + len(parts)
        return best

    def match_before(self, row: Sequence[Piece], index: int) -> tuple[T, int] | None:
        """The meaning of the longest phrase that ends right before a piece, and the index of its first piece."""
        if index <= 0:
            return None
        for parts, meaning in self.back.get(row[index - 1].low, ()):
            start = index - len(parts)
            if start >= 0 and _same(row, start, parts, exact=False):
                return meaning, start
        return None

    def firsts(self) -> set[str]:
        """All first pieces, in small letters."""
        return set(self._folded) | {word.lower() for word in self._exact}


def _same(row: Sequence[Piece], index: int, parts: tuple[str, ...], *, exact: bool) -> bool:
    if index + len(parts) > len(row):
        return False
    if exact:
        return all(row[index + n].text == part for n, part in enumerate(parts))
    return all(row[index + n].low == part for n, part in enumerate(parts))


def phrase_set(words: Iterable[str]) -> Phrases[bool]:
    """Phrases that only have to be recognised."""
    return Phrases((word, True) for word in words)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the pieces `first` to `last` (half-open).

    `kind`: plain | share (a part of a whole, between 0 and 1) | vague (at least `value`, below `value_max`)
    | multiple. `scaled`: a word like 'million' is part of it; `digits`: it is written in digits.
    """

    first: int
    last: int
    value: float
    value_max: float | None = None
    kind: str = "plain"
    digits: bool = False
    scale: float = 1.0
    decimals: bool = False
    article: bool = False


@dataclass(frozen=True, slots=True)
class Grammar:
    """The numbers of one language, ready for look-up."""

    decimal: str
    groups: frozenset[str]
    by_two: bool
    cardinals: Mapping[str, float]
    parts: tuple[str, ...]
    part_values: Mapping[str, float]
    joiners: frozenset[str]
    ones_first: bool
    glued: bool
    scales: Phrases[float]
    bare_scales: frozenset[str]
    attached: Mapping[str, float]
    attached_alone: frozenset[str]
    articles: frozenset[str]
    ones: frozenset[str]
    halves: frozenset[str]
    fractions: Mapping[str, int]
    fraction_needs_of: bool
    fraction_articles: frozenset[str]
    fraction_ends: frozenset[str]
    fraction_not_before: frozenset[str]
    fraction_before_scale: frozenset[str]
    half_before: frozenset[str]
    half_after: frozenset[str]
    of: frozenset[str]
    and_a_half: Phrases[bool]
    vague: Phrases[tuple[float, float]]
    several: Phrases[bool]
    multiples: Mapping[str, float]
    infinitives: Mapping[str, float]
    infinitives_after: frozenset[str]
    ratios: Phrases[bool]
    ratio_starts: frozenset[str]
    ratio_gap: bool
    each: frozenset[str]
    each_ordinal: Mapping[str, int]
    minus: frozenset[str]
    plus: frozenset[str]
    starts: frozenset[str] = field(repr=False, default=frozenset())
    prefixes: frozenset[str] = field(repr=False, default=frozenset())

    @staticmethod
    def of_lexicon(words: Mapping[str, Any]) -> Grammar:
        """Read the lexicon file `numbers` of a language."""
        low = {key: frozenset(str(w).lower() for w in words.get(key, ())) for key in _WORD_SETS}
        cardinals = {**words.get("cardinals", {}), **words.get("whole", {})}
        scales = words.get("scales", {})
        glued = bool(words.get("glued_words"))
        part_values = _part_values(words) if glued else {}
        vague = Phrases((phrase, (float(a), float(b))) for phrase, (a, b) in words.get("vague", {}).items())
        several = phrase_set(words.get("several", ()))
        tables = (cardinals, scales, *(words.get(key, {}) for key in ("multiples", "infinitives", "fractions")))
        starts = set().union(*tables, *(low[key] for key in _STARTS), vague.firsts(), several.firsts())
        return Grammar(
            decimal=words.get("decimal", "."),
            groups=frozenset(words.get("groups", ())),
            by_two=bool(words.get("groups_by_two")),
            cardinals={word: float(value) for word, value in cardinals.items()},
            parts=tuple(sorted(part_values, key=len, reverse=True)),
            part_values=part_values,
            joiners=low["joiners"],
            ones_first=bool(words.get("ones_first")),
            glued=glued,
            scales=Phrases((word, float(value)) for word, value in scales.items()),
            bare_scales=low["bare_scales"],
            attached={word: float(value) for word, value in words.get("attached", {}).items()},
            attached_alone=frozenset(words.get("attached_alone", ())),
            articles=low["articles"],
            ones=low["one"],
            halves=low["halves"],
            fractions=words.get("fractions", {}),
            fraction_needs_of=bool(words.get("fraction_needs_of")),
            fraction_articles=low["fraction_articles"] | low["articles"],
            fraction_ends=low["fraction_ends"],
            fraction_not_before=low["fraction_not_before"],
            fraction_before_scale=low["fraction_before_scale"],
            half_before=low["half_before"],
            half_after=low["half_after"],
            of=low["of"],
            and_a_half=phrase_set(words.get("and_a_half", ())),
            vague=vague,
            several=several,
            multiples={word: float(value) for word, value in words.get("multiples", {}).items()},
            infinitives={word: float(value) for word, value in words.get("infinitives", {}).items()},
            infinitives_after=low["infinitives_after"],
            ratios=phrase_set(" ".join(parts) for parts in words.get("ratios", ())),
            ratio_starts=low["ratio_starts"],
            ratio_gap=bool(words.get("ratio_gap")),
            each=low["each"],
            each_ordinal=words.get("each_ordinal", {}),
            minus=low["minus"],
            plus=low["plus"],
            starts=frozenset(str(word).lower() for word in starts),
            prefixes=frozenset(part[:2] for part in part_values),
        )

    def may_start(self, piece: Piece) -> bool:
        """Whether a number may begin with this piece; a cheap test for most words."""
        low = piece.low
        return low[0].isdecimal() or low in self.starts or low[0] == "." or (low[:2] in self.prefixes and len(low) > 5)


_STARTS = ("articles", "halves", "each", "ratio_starts", "fraction_articles", "minus", "plus")
_WORD_SETS = (
    "joiners", "bare_scales", "articles", "one", "halves", "fraction_articles", "fraction_ends",
    "fraction_not_before", "fraction_before_scale", "half_before", "half_after", "infinitives_after", "of",
    "ratio_starts", "each", "minus", "plus",
)  # fmt: skip


def _part_values(words: Mapping[str, Any]) -> dict[str, float]:
    """What number words are glued together from; joiners and halves have values of their own below zero."""
    values = {word: float(value) for word, value in words.get("cardinals", {}).items()}
    values.update({word: float(value) for word, value in words.get("scales", {}).items() if word.isalpha()})
    values.update(dict.fromkeys(words.get("joiners", ()), _JOINER))
    values.update(dict.fromkeys(words.get("and_a_half", ()), _HALF))
    values.update({word: -float(value) for word, value in words.get("fractions", {}).items()})
    return values


_JOINER = -0.1
_HALF = -0.5


def read_digits(text: str, grammar: Grammar) -> float | None:
    """The value of a run of digits as the language writes it, or None for dates, versions and telephone numbers.

    The other language's decimal mark is understood where it can be nothing else ('28.56' in German, '1,5' in English).
    """
    if len(text) > LONGEST_DIGITS:
        return None
    marks = [char for char in text if not char.isdecimal()]
    if not marks:
        return None if len(text) > 1 and text[0] == "0" else float(text)
    parts = re.split(r"\D", text)
    if parts[0] == "":
        return float("0." + parts[1])
    if marks[-1] == grammar.decimal and len(set(marks)) <= 2 and marks.count(grammar.decimal) == 1:
        whole, last = parts[:-1], parts[-1]
        if len(whole) == 1 or _grouped(whole, marks[:-1], grammar):
            return float("".join(whole) + "." + last)
    if _grouped(parts, marks, grammar):
        return float("".join(parts))
    if len(marks) == 1 and marks[0] in ".," and len(parts[1]) <= 2 and not parts[0].startswith("00"):
        return float(parts[0] + "." + parts[1])
    return None


def _grouped(parts: Sequence[str], marks: Sequence[str], grammar: Grammar) -> bool:
    """Thousands by three, or the Indian way by two and a last three."""
    if len(set(marks)) != 1 or marks[0] not in grammar.groups or not 1 <= len(parts[0]) <= 3 or parts[0][0] == "0":
        return False
    inner = {len(part) for part in parts[1:-1]}
    return len(parts[-1]) == 3 and (inner <= {3} or (grammar.by_two and inner == {2} and len(parts[0]) <= 2))


def glued_values(word: str, grammar: Grammar) -> list[float] | None:
    """Take a glued number word apart, longest parts first.

    For German: 'zweihundertfünfzig' gives 2, 100, 50; 'dreiundzwanzig' 3, joiner, 20.
    """
    if len(word) > LONGEST_WORD:
        return None
    values: list[float] = []
    at = 0
    while at < len(word):
        part = next((p for p in grammar.parts if word.startswith(p, at)), None)
        if part is None:
            return None
        values.append(grammar.part_values[part])
        at += len(part)
    return values


def add_up(values: Sequence[float]) -> float | None:
    """The value of number words in a row, or None where they don't make one number.

    >>> add_up([2, 100, 50]), add_up([3, 1e6, 4, 100, 1000]), add_up([2, 3])
    (250.0, 3400000.0, None)
    """
    sums: list[float] = []
    room = HUGE * 10
    for value in values:
        if value >= 100 or (value == 12 and sums and sums[-1] < 12):
            head = 0.0
            while sums and sums[-1] < value:
                head += sums.pop()
            if not head and sums and sums[-1] <= value:
                return None
            sums.append((head or 1) * value)
            room = value
        elif value < room:
            sums.append(value)
            room = 10 if value >= 20 else 0
        else:
            return None
    total = sum(sums)
    return total if total <= HUGE and sums == sorted(sums, reverse=True) else None


def _glued(word: str, grammar: Grammar) -> tuple[float, str] | None:
    """Value and kind of a glued word: 'zweieinhalb' plain 2.5, 'dreiviertel' share .75."""
    values = glued_values(word, grammar)
    if not values or values[0] < 0 or len(values) < 2:
        return None
    tail = values[-1]
    if tail == _HALF:
        total = add_up(_ones_before_tens(values[:-1]))
        return None if total is None else (total + 0.5, "plain")
    if tail <= -2:
        total = add_up(values[:-1])
        return None if total is None or total >= -tail else (total / -tail, "share")
    if tail == _JOINER:
        return None
    total = add_up(_ones_before_tens(values))
    return None if total is None else (total, "plain")


def _ones_before_tens(values: Sequence[float]) -> list[float]:
    """Put 3, joiner, 20 in order: 20, 3; other joiners fall away."""
    out: list[float] = []
    index = 0
    while index < len(values):
        three = values[index : index + 3]
        if len(three) == 3 and three[1] == _JOINER and 0 < three[0] < 10 and 20 <= three[2] < 100:
            out += [three[2], three[0]]
            index += 3
            continue
        if values[index] != _JOINER:
            out.append(values[index])
        index += 1
    return out


def word_value(word: str, grammar: Grammar) -> tuple[float, str] | None:
    """Value and kind of a single word in small letters, glued or not."""
    if word in grammar.cardinals:
        return grammar.cardinals[word], "plain"
    return _glued(word, grammar) if grammar.glued and word[:2] in grammar.prefixes else None


def tight(row: Sequence[Piece], index: int) -> bool:
    """Whether a piece stands right behind the one before it, without a space."""
    return 0 < index < len(row) and row[index - 1].end == row[index].start


def read_number(row: Sequence[Piece], index: int, grammar: Grammar, *, money: bool = False) -> Number | None:
    """The number that begins at a piece, with its scale words; None when there is none."""
    if index >= len(row):
        return None
    if row[index].text[0].isdecimal() or (row[index].text[0] == "." and len(row[index].text) > 1):
        return _from_digits(row, index, grammar, money)
    for reader in (_ratio, _vague, _share, _multiple, _from_words):
        number = reader(row, index, grammar)
        if number is not None:
            return number
    return None


def _from_digits(row: Sequence[Piece], index: int, grammar: Grammar, money: bool) -> Number | None:
    text, last = _spaced_groups(row, index)
    value = read_digits(text, grammar)
    if value is None:
        return None
    value, last, slash = _slash(row, last, value)
    scale, last = read_scales(row, last, grammar, money=money)
    half = grammar.and_a_half.match(row, last)
    if half and scale == 1:
        value, last = value + 0.5, half[1]
        scale, last = read_scales(row, last, grammar, money=money)
    decimals = grammar.decimal in text or slash
    return Number(index, last, _times(value, scale), None, "plain", True, scale, decimals)


def _times(value: float, scale: float) -> float:
    """Multiply without binary dust: 58.1 million is 58100000."""
    product = value * scale
    whole = float(round(product))
    return whole if abs(product) >= 1 and abs(product - whole) < 1e-9 * abs(product) else product


def _spaced_groups(row: Sequence[Piece], index: int) -> tuple[str, int]:
    """Digits with thousands set apart by single spaces ('1 200 000') become one run."""
    text, last = row[index].text, index + 1
    if not (text.isdecimal() and len(text) <= 3 and text[0] != "0"):
        return text, last
    while (
        last < min(len(row), index + MOST_GROUPS)
        and row[last].start - row[last - 1].end == 1
        and len(row[last].text) == 3
        and row[last].text.isdecimal()
    ):
        text, last = text + row[last].text, last + 1
    return text, last


def _slash(row: Sequence[Piece], last: int, value: float) -> tuple[float, int, bool]:
    """'1/16' is a fraction where both are whole and small and the first is the smaller."""
    if last + 1 >= len(row) or row[last].text not in "/⁄" or not tight(row, last) or not tight(row, last + 1):
        return value, last, False
    below = row[last + 1].text
    if below.isdecimal() and 1 <= value < int(below[:6]) <= 1000 and value == int(value) and value <= 9:
        return value / int(below), last + 2, True
    return value, last, False


def read_scales(row: Sequence[Piece], index: int, grammar: Grammar, *, money: bool = False) -> tuple[float, int]:
    """The product of scale words from a piece on ('hundred million'), and the index behind them."""
    scale, last = 1.0, index
    if tight(row, index):
        attached = grammar.attached.get(row[index].text)
        if attached and (money or row[index].text in grammar.attached_alone):
            return attached, index + 1
    for _ in range(3):
        hyphen = last < len(row) and row[last].text == "-" and tight(row, last) and tight(row, last + 1)
        at = last + 1 if hyphen else last
        found = grammar.scales.match(row, at)
        if found is None or scale * found[0] > HUGE or (scale > 1 and found[0] <= 12):
            break
        scale, last = scale * found[0], found[1]
    return scale, last


def _from_words(row: Sequence[Piece], index: int, grammar: Grammar) -> Number | None:
    """Cardinals, scales and joiners in a row: 'two hundred and fifty thousand', 'a million', 'zweieinhalb'."""
    low = row[index].low
    if low in grammar.articles and not grammar.cardinals.get(low):
        scale, last = read_scales(row, index + 1, grammar)
        half = grammar.and_a_half.match(row, last) if scale > 12 else None
        if half:  # 'a million and a half'
            return Number(index, half[1], 1.5 * scale, scale=scale, decimals=True)
        return Number(index, last, scale, scale=scale, article=True) if scale > 1 else None
    values, last, biggest = _word_row(row, index, grammar)
    if not values:
        return None
    half = grammar.and_a_half.match(row, last) if values[-1] < 100 else None
    if half:
        scale, end = read_scales(row, half[1], grammar)
        return Number(index, end, _times(values[-1] + 0.5, scale), scale=scale, decimals=True)
    total = add_up(values)
    if total is None:
        return None
    return Number(index, last, total, scale=biggest, article=low in grammar.ones and last == index + 1)


def _word_row(row: Sequence[Piece], index: int, grammar: Grammar) -> tuple[list[float], int, float]:
    """Values of number words from a piece on, as far as they make one number; the index behind; the biggest scale."""
    values: list[float] = []
    last, biggest = index, 1.0
    while last < len(row):
        step = _word_step(row, last, grammar, values)
        if step is None:
            break
        value, end, scale = step
        if add_up([*values, value]) is None:
            break
        values.append(value)
        biggest, last = max(biggest, scale), end
    return values, last, biggest


def _word_step(
    row: Sequence[Piece], at: int, grammar: Grammar, values: Sequence[float]
) -> tuple[float, int, float] | None:
    """The next number word: value, index behind it, and its scale (1 for none)."""
    if values:
        if row[at].text == "-" and tight(row, at) and tight(row, at + 1):
            at += 1
        elif row[at].low in grammar.joiners and values[-1] >= 100 and at + 1 < len(row):
            at += 1
            if row[at].low in grammar.articles:
                return None
    if at >= len(row):
        return None
    found = grammar.scales.match(row, at)
    if found and (values or row[at].low in grammar.bare_scales):
        return found[0], found[1], found[0]
    value = word_value(row[at].low, grammar)
    if value is None or value[1] != "plain" or (values and values[-1] < 20 and value[0] < 100):
        return None
    if values and not grammar.ones_first and value[0] >= 100:
        return None
    return value[0], at + 1, 1.0


def _vague(row: Sequence[Piece], index: int, grammar: Grammar) -> Number | None:
    """'Hundreds', 'zehntausende', 'several thousand': at least so many."""
    found = grammar.vague.match(row, index)
    if found:
        (low, high), last = found
        return Number(index, last, low, high, "vague", scale=low)
    several = grammar.several.match(row, index)
    if several:
        scale, last = read_scales(row, several[1], grammar)
        if scale >= 12:
            return Number(index, last, scale, scale * 10, "vague", scale=scale)
    return None


def _share(row: Sequence[Piece], index: int, grammar: Grammar) -> Number | None:
    """'Ein Drittel', 'two-thirds', 'half a million', 'die Hälfte', 'dreiviertel'."""
    low = row[index].low
    half = _half(row, index, grammar)
    if half is not None:
        return half
    value = word_value(low, grammar)
    if value and value[1] == "share":
        return Number(index, index + 1, value[0], kind="share", decimals=True)
    if low in grammar.fraction_articles:
        return _fraction(row, index, 1.0, index + 1, grammar)
    if value and 1 <= value[0] < 20:
        return _fraction(row, index, value[0], index + 1, grammar)
    return None


def _half(row: Sequence[Piece], index: int, grammar: Grammar) -> Number | None:
    """'half a million', 'eine halbe Million': a number; 'a half' and 'half' as such are left to the fraction."""
    at = index + 1 if row[index].low in grammar.articles and index + 1 < len(row) else index
    if row[at].low not in grammar.halves:
        return None
    behind = at + 1
    if behind < len(row) and row[behind].low in grammar.articles:
        behind += 1
    scale, last = read_scales(row, behind, grammar)
    if scale > 1:
        return Number(index, last, 0.5 * scale, scale=scale)
    if row[at].low in grammar.fractions and at == index and _half_goes_on(row, at, grammar):
        return Number(index, at + 1, 0.5, kind="share", decimals=True)
    return None


def _half_goes_on(row: Sequence[Piece], at: int, grammar: Grammar) -> bool:
    """'half of', 'half the', 'almost half'; not 'this half'."""
    if at and row[at - 1].low in grammar.half_after:
        return at + 1 >= len(row) or row[at + 1].text != "-"
    return at + 1 < len(row) and row[at + 1].low in grammar.half_before | grammar.of


def _fraction(row: Sequence[Piece], index: int, above: float, at: int, grammar: Grammar) -> Number | None:
    """Numerator (or article), perhaps a hyphen or an adjective, and a word like 'thirds'."""
    if at + 1 < len(row) and (row[at].low in grammar.fraction_articles or (row[at].text == "-" and tight(row, at))):
        at += 1
    if at >= len(row):
        return None
    below = grammar.fractions.get(row[at].low)
    if below and above < below and row[at].low in grammar.fraction_before_scale:
        scale, last = read_scales(row, at + 1, grammar)
        if scale > 1:
            return Number(index, last, above / below * scale, scale=scale, decimals=True)
    if not below or above >= below or not _share_goes_on(row, at + 1, grammar, below if above == 1 else 0):
        return None
    scale, last = _of_scale(row, at + 1, grammar)
    if scale > 1:
        return Number(index, last, above / below * scale, scale=scale, decimals=True)
    return Number(index, at + 1, above / below, kind="share", decimals=True)


def _of_scale(row: Sequence[Piece], at: int, grammar: Grammar) -> tuple[float, int]:
    """'a quarter of a million', 'ein Viertel einer Million'."""
    if at + 1 < len(row) and row[at].low in grammar.of and row[at + 1].low in grammar.articles:
        return read_scales(row, at + 2, grammar)
    return 1.0, at


def _share_goes_on(row: Sequence[Piece], at: int, grammar: Grammar, below: int) -> bool:
    """Whether the words behind a fraction let it be a share: 'a third of', not 'a third visit'."""
    if at < len(row) and row[at].low in grammar.fraction_not_before:
        return False
    if not grammar.fraction_needs_of or not below or at >= len(row):
        return True
    if at > 2 and row[at - 3].low in grammar.half_after:
        return row[at].text != "-"
    low = row[at].low
    return low in grammar.of or low in grammar.fraction_ends or low in ".;:)"


def _multiple(row: Sequence[Piece], index: int, grammar: Grammar) -> Number | None:
    """'Verdoppelt', 'tripled': so many times."""
    value = grammar.multiples.get(row[index].low)
    if value is None and index and row[index - 1].low in grammar.infinitives_after:
        value = grammar.infinitives.get(row[index].low)
    return None if value is None else Number(index, index + 1, value, kind="multiple")


def _ratio(row: Sequence[Piece], index: int, grammar: Grammar) -> Number | None:
    """'One in seven', 'one Malawian in twelve', 'einer von drei', 'jeder dritte'."""
    low = row[index].low
    if low in grammar.each and index + 1 < len(row):
        nth = grammar.each_ordinal.get(row[index + 1].low)
        return Number(index, index + 2, 1 / nth, kind="share", decimals=True) if nth else None
    if low not in grammar.ratio_starts:
        return None
    above = grammar.cardinals.get(low, 1.0)
    for at in (index + 1, index + 2)[: 1 + grammar.ratio_gap]:
        found = grammar.ratios.match(row, at)
        if found:
            value = word_value(row[found[1]].low, grammar) if found[1] < len(row) else None
            whole = value is not None and value[1] == "plain" and 1 < value[0] <= 100
            if value and whole and above == 1 and _ends(row, found[1] + 1, grammar):
                return Number(index, found[1] + 1, above / value[0], kind="share", decimals=True)
    return None


def _ends(row: Sequence[Piece], at: int, grammar: Grammar) -> bool:
    """No further number word or scale follows, so that 'one in two million' is no half."""
    return grammar.scales.match(row, at) is None and not (tight(row, at) and row[at].text == "-")
