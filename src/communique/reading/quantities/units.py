"""Units: which one stands before or behind a number, and what a counted noun is called.

In: pieces of text and the lexicons `units` (of the language and the one without words) and `numbers`. Out: Unit.
Must not know which numbers are quantities.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from communique.reading.quantities.numerals import Grammar, Phrases, Piece, phrase_set, tight

NEAREST_PER = 4
TIMES = frozenset({"second", "minute", "hour", "day", "week", "month", "quarter", "year", "century"})


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit's name and kind, and the index of the piece behind it.

    `kind`: money | percent | points | time | age | noun | none, or a kind of measure as in the lexicon.
    `head`: the last word of a counted noun phrase; `per`: the name behind 'per'.
    """

    name: str
    kind: str
    last: int
    head: str = ""
    per: str | None = None
    hyphen: bool = False


NO_UNIT = Unit("", "none", 0)


@dataclass(frozen=True, slots=True)
class Units:
    """The units of one language, ready for look-up."""

    measures: Phrases[tuple[str, str]]
    money: Phrases[str]
    prefixes: Phrases[str]
    shared: Mapping[str, Mapping[str, str | None]]
    persons: frozenset[str]
    per_words: Phrases[bool]
    per_times: Phrases[bool]
    per_of: Phrases[str]
    per_adverbs: Phrases[str]
    per_not_before: frozenset[str]
    suffixes: frozenset[str]
    nouns: Mapping[str, str]
    small: Mapping[str, str]
    shape: re.Pattern[str]
    longest: int
    breaks: frozenset[str]
    joins: frozenset[str]
    plurals_pair: bool
    skips: frozenset[str]
    plain_adjective: re.Pattern[str]
    of: frozenset[str] = field(default=frozenset())

    @staticmethod
    def of_lexicon(units: Mapping[str, Any], neutral: Mapping[str, Any], numbers: Mapping[str, Any]) -> Units:
        """Read the lexicon files `units` and the part `head` of `numbers`."""
        head = numbers.get("head", {})
        per = units.get("per", {})
        symbols = neutral.get("symbols", {})
        codes = [(code, code) for code in neutral.get("codes", ())]
        return Units(
            measures=_measures(units, neutral),
            money=Phrases(_money_words(units), [*symbols.items(), *codes]),
            prefixes=Phrases((), [*symbols.items(), *codes]),
            shared={word.lower(): by for word, by in units.get("shared", {}).items()},
            persons=frozenset(word.lower() for word in units.get("persons", ())),
            per_words=phrase_set(per.get("words", ())),
            per_times=phrase_set(per.get("time_words", ())),
            per_of=Phrases((word, name) for name, words in per.get("of", {}).items() for word in words),
            per_adverbs=Phrases(per.get("adverbs", {}).items()),
            per_not_before=frozenset(per.get("not_before", ())),
            suffixes=frozenset(neutral.get("suffixes", ())),
            nouns=neutral.get("nouns", {}),
            small={w: name for name, row in units.get("measures", {}).items() for w in row.get("small", ())},
            shape=re.compile(head.get("shape", r"^[^\W\d_]{3,}$")),
            longest=int(head.get("longest", 4)),
            breaks=frozenset(word.lower() for word in head.get("breaks", ())),
            plurals_pair=bool(head.get("plurals_pair")),
            joins=frozenset(head.get("joins", ())),
            skips=frozenset(numbers.get("skip_after_number", ())),
            plain_adjective=re.compile(head.get("adjective", r"")),
            of=frozenset(numbers.get("of", ())),
        )


def _measures(units: Mapping[str, Any], neutral: Mapping[str, Any]) -> Phrases[tuple[str, str]]:
    kinds = {name: row.get("kind", "other") for name, row in neutral.get("measures", {}).items()}
    rows = {"%": units.get("percent", {}), **units.get("measures", {})}
    words = [(w, (name, kinds.get(name, "other"))) for name, row in rows.items() for w in row.get("words", ())]
    symbols = [(w, (name, kinds.get(name, "other"))) for name, row in rows.items() for w in row.get("symbols", ())]
    return Phrases(words, symbols)


def _money_words(units: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(word, code) for code, words in units.get("currencies", {}).items() for word in words]


def currency_before(row: Sequence[Piece], index: int, units: Units) -> tuple[str, int] | None:
    """A currency sign or code that begins at a piece, and the index of the number behind it."""
    found = units.prefixes.match(row, index)
    if found is None or found[1] >= len(row):
        return None
    number = row[found[1]]
    if number.start - row[found[1] - 1].end > 1 or not (number.text[0].isdecimal() or number.text[0] in "-.−"):
        return None
    return found


def unit_after(row: Sequence[Piece], index: int, units: Units, currency: str | None = None) -> Unit:
    """The unit that stands behind a number, whose last piece is the one before `index`."""
    hyphen = index + 1 < len(row) and row[index].text == "-" and tight(row, index) and tight(row, index + 1)
    at = index + 1 if hyphen else index
    if currency is not None:
        found = units.money.match(row, at)
        last = found[1] if found and found[0] == currency else index
        last += last == index and index < len(row) and row[index].text in units.suffixes
        return _with_per(row, Unit(currency, "money", last), units)
    unit = _longer(_known(row, at, units), _shared_money(row, at, units))
    if unit is not None and not (hyphen and unit.last < len(row) and row[unit.last].text.isdecimal()):
        unit = _with_per(row, unit, units)
        return Unit(unit.name, unit.kind, unit.last, unit.head, unit.per, hyphen)
    return Unit("", "none", index)


def _longer(one: Unit | None, other: Unit | None) -> Unit | None:
    if one is None or other is None:
        return one or other
    return one if one.last > other.last else other


def _known(row: Sequence[Piece], at: int, units: Units) -> Unit | None:
    """A measure or a currency; where both fit, the longer one."""
    measure, money = units.measures.match(row, at), units.money.match(row, at)
    if measure and (money is None or measure[1] >= money[1]):
        name, kind = measure[0]
        return Unit(name, kind, measure[1])
    return Unit(money[0], "money", money[1]) if money else None


def _shared_money(row: Sequence[Piece], at: int, units: Units) -> Unit | None:
    """'Australian dollars', 'kanadische Dollar', 'pesos': a noun that several states use for their money."""
    for noun in range(at, min(at + 4, len(row))):
        by = units.shared.get(row[noun].low)
        if by is None:
            if not (row[noun].text[0].isalpha() or row[noun].text == "-"):
                return None
            continue
        words = " ".join(p.low for p in row[at:noun]).replace(" - ", "-").strip("- ")
        if not words:
            code = by.get("default")
            return Unit(code or row[noun].low, "money", noun + 1, row[noun].text)
        code = next((c for stem, c in by.items() if stem != "default" and words.startswith(stem.lower())), None)
        return Unit(code, "money", noun + 1, row[noun].text) if code else None
    return None


def _with_per(row: Sequence[Piece], unit: Unit, units: Units) -> Unit:
    """Add 'a day', 'pro Tag', 'per capita'; up to two nouns may stand between ('barrels of oil a day')."""
    if unit.kind in ("percent", "points", "time", "age"):
        return unit
    for at in range(unit.last, min(unit.last + NEAREST_PER, len(row))):
        adverb = units.per_adverbs.match(row, at)
        if adverb and (at == unit.last or unit.kind != "money"):
            return Unit(unit.name, unit.kind, adverb[1] if at == unit.last else unit.last, unit.head, adverb[0])
        found = _per_at(row, at, units)
        if found:
            last = found[1] if at == unit.last else unit.last
            return Unit(unit.name, unit.kind, last, unit.head, found[0])
        word = row[at].text
        if unit.kind == "money" or not word[0].isalnum() or word.lower() in units.breaks - units.of:
            break
    return unit


def _per_at(row: Sequence[Piece], at: int, units: Units) -> tuple[str, int] | None:
    hyphens = at + 4 < len(row) and row[at].text == "-" and row[at + 2].text == "-"
    anything = units.per_words.match(row, at + 1 if hyphens else at)
    per = anything or units.per_times.match(row, at)
    if per is None:
        return None
    found = units.per_of.match(row, per[1] + 1 if hyphens else per[1])
    if anything is None and found and found[0] not in TIMES:
        return None
    if found is None or found[1] >= len(row):
        return found
    behind = row[found[1]]
    return None if behind.text[0].isdecimal() or behind.low in units.per_not_before else found


def counted(row: Sequence[Piece], index: int, units: Units, *, single: bool, grammar: Grammar) -> Unit:
    """The noun phrase that is counted, from behind the number on: 'Polish border guards', 'libysche Soldaten'."""
    at = index
    hyphen = at + 1 < len(row) and row[at].text == "-" and tight(row, at) and tight(row, at + 1)
    if hyphen:
        return _hyphened(row, at + 1, units)
    while at < len(row) and row[at].low in units.skips and at < index + 2:
        at += 1
    end = _noun_end(row, at, units, single=single, grammar=grammar)
    if end is None:
        return Unit("", "none", index)
    name = _joined(row, at, end)
    head = row[end - 1].text
    measure = units.measures.match(row, end - 1) if end > at + 1 else None
    if measure and measure[1] == end and measure[0][1] != "other":
        return Unit(*measure[0], end, head)
    if head.lower() in units.persons and end == at + 1:
        name = "persons"
    unit = _with_per(row, Unit(name, "noun", end, head), units)
    return Unit(unit.name, unit.kind, unit.last, head, unit.per)


def _hyphened(row: Sequence[Piece], at: int, units: Units) -> Unit:
    """'120-bed hospital', '240-page report': the word behind the hyphen."""
    word = row[at].text
    if not word.isalpha() or word.lower() in units.breaks or len(word) < 3:
        return Unit("", "none", at - 1)
    return Unit(word, "noun", at + 1, word, hyphen=True)


def _goes_on(row: Sequence[Piece], at: int, units: Units) -> bool:
    """'fisheries inspectors', 'customs officers': a plural before the plural that is counted."""
    if not units.plurals_pair or at >= len(row) or not row[at].text.islower():
        return False
    return row[at].low not in units.breaks and bool(units.shape.search(row[at].text))


def _acronym(row: Sequence[Piece], index: int) -> bool:
    """'0.5 WAR)': a unit in capitals that closes the phrase."""
    text = row[index].text
    closes = index + 1 >= len(row) or (not row[index + 1].text[0].isalnum() and row[index + 1].text != "-")
    return text.isupper() and text.isalpha() and 2 <= len(text) <= 4 and closes


def _joined(row: Sequence[Piece], at: int, end: int) -> str:
    out = row[at].text
    for piece in range(at + 1, end):
        out += ("" if tight(row, piece) else " ") + row[piece].text
    return out


def _noun_end(row: Sequence[Piece], at: int, units: Units, *, single: bool, grammar: Grammar) -> int | None:
    """Where the noun phrase ends: behind the first word that looks like a head, before any word that breaks it."""
    words = 0
    for index in range(at, min(at + 2 * units.longest, len(row))):
        piece = row[index]
        if piece.text in "-–" and tight(row, index) and tight(row, index + 1):
            continue
        if words == 0 and _acronym(row, index):
            return index + 1
        compound = index + 1 < len(row) and row[index + 1].text == "-" and tight(row, index + 1)
        if not piece.text[0].isalpha() or (piece.low in units.breaks and piece.low not in units.joins and not compound):
            return None
        if piece.low in units.joins and (index == at or not units.shape.search(row[index - 1].text)):
            if index == at:
                return None
            continue
        words += 1
        follows_hyphen = index + 1 < len(row) and row[index + 1].text in "-" and tight(row, index + 1)
        if single and not follows_hyphen and len(piece.text) > 2 and piece.low not in grammar.cardinals:
            if units.shape.search(piece.text) or words == 1:
                return index + 1
        elif units.shape.search(piece.text) and not (follows_hyphen and tight(row, index + 2)):
            return index + 1 + _goes_on(row, index + 1, units)
        if words >= units.longest or not units.plain_adjective.search(piece.text):
            return None
    return None
