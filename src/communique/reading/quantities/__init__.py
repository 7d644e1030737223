"""Quantities: every number with a unit that a text states, with its bound and direction.

In: an encoded document and its times. Out: quantities in the order of the text, in base units.
Must not know actors, nor which quantities become figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from communique.reading.encode import Encoded
from communique.reading.quantities.amounts import Amount, Tools, bound_of, find_amounts, tools_for
from communique.reading.quantities.ellipsis import Earlier, with_units
from communique.reading.quantities.numerals import Piece, pieces
from communique.reading.quantities.units import Unit
from communique.records import Quantity, Span, Time

LOOK_BACK = 6
FAR = 14
LONGEST_SENTENCE = 4_000
MULTIPLE = "multiple"


def find_quantities(encoded: Encoded, times: Sequence[Time]) -> tuple[Quantity, ...]:
    """All quantities of a document, those of no figure too.

    Units are ISO 4217 codes, '%', names of measures ('kilometre'), 'persons' for people as such, else the counted
    noun in the text's own words (the convention of NewsQuant, Almasian et al. 2023). A vague plural ('thousands') and
    a change 'from A to B' have both ends in `value` and `value_max`; `role` tells: vague | from_to | share | multiple
    | change | age | time.
    """
    tools = tools_for(encoded.lexicon)
    taken = sorted(time.span for time in times if time.type != "DURATION")
    found: list[Quantity] = []
    earlier = Earlier()
    for start, end in _stretches(encoded, tools):
        row = pieces(encoded.text, start, min(end, start + LONGEST_SENTENCE))
        amounts = [a for a in find_amounts(row, tools) if not _is_article(row, a, tools)]
        if amounts:
            amounts = with_units(row, amounts, tools, earlier)
            found.extend(_in_sentence(row, amounts, tools, taken))
            earlier = earlier.after(amounts)
    return tuple(found)


def _stretches(encoded: Encoded, tools: Tools) -> Iterator[Span]:
    """Sentences; two are one where a splitter took the full stop of '3 Tsd.' for an end."""
    held: Span | None = None
    for sentence in encoded.sentences:
        span = sentence.span if held is None else (held[0], sentence.end)
        tail = pieces(encoded.text, max(span[1] - 12, span[0]), span[1])
        if len(tail) > 2 and tail[-1].text == "." and tools.grammar.scales.match_before(tail, len(tail)):
            held = span
            continue
        held = None
        yield span
    if held is not None:
        yield held


def _in_sentence(
    row: Sequence[Piece], amounts: Sequence[Amount], tools: Tools, taken: Sequence[Span]
) -> Iterator[Quantity]:
    since = 0
    for amount in amounts:
        if _counts(row, amount, tools) and not _in_time(row, amount, taken):
            yield _quantity(row, amount, tools, since)
            since = amount.last


def _is_article(row: Sequence[Piece], amount: Amount, tools: Tools) -> bool:
    """'ein Plus', 'eine Reise': a number word that is only the article of its noun."""
    number = amount.number
    lone = number.article and number.scale == 1 and amount.unit.kind == "noun"
    return lone and not _counted_one(row, amount, tools)


def _in_time(row: Sequence[Piece], amount: Amount, taken: Sequence[Span]) -> bool:
    """Whether a time expression that is no duration holds the number; 'two years ago' keeps its two years."""
    if amount.unit.kind == "time" or not taken:
        return False
    start, end = row[amount.number.first].start, row[amount.number.last - 1].end
    return any(a <= start and end <= b for a, b in taken)


def _counts(row: Sequence[Piece], amount: Amount, tools: Tools) -> bool:
    """Whether an amount is a quantity at all."""
    number, unit = amount.number, amount.unit
    if number.kind in ("share", "vague", "multiple"):
        return True
    if unit.hyphen and unit.kind in ("time", "noun") and not unit.per and not number.digits:
        return False
    if unit.kind == "time":
        return not unit.hyphen and not (number.article and not number.digits and number.scale == 1)
    if number.article and number.scale == 1 and not amount.inherited:
        return _counted_one(row, amount, tools)
    if unit.kind != "none" or amount.role == "from_to" or number.scale > 12:
        return True
    return number.digits and (number.scale > 1 or number.decimals or _stands_alone(row, amount, tools))


def _counted_one(row: Sequence[Piece], amount: Amount, tools: Tools) -> bool:
    """'one area' counts; where the word is an article too, only before nouns the lexicon lists ('ein Mensch')."""
    word = row[amount.number.first].low
    if word in tools.cues.one_not:
        return False
    if tools.cues.one_nouns:
        return amount.unit.head in tools.cues.one_nouns or amount.unit.kind in ("percent", "points")
    return amount.unit.kind != "none"


def _stands_alone(row: Sequence[Piece], amount: Amount, tools: Tools) -> bool:
    """A bare whole number that is big and grouped counts ('64,900'); a small one may be anything."""
    return any(mark in row[amount.number.first].text for mark in ".,") or amount.value >= 1e5


def _quantity(row: Sequence[Piece], amount: Amount, tools: Tools, since: int) -> Quantity:
    bound, first = bound_of(row, amount, tools, since)
    direction, by = _direction(row, amount, first, tools, since)
    end = max(amount.number.last, amount.unit.last) if amount.unit.kind != "none" else amount.number.last
    name = _unit_name(amount.unit, tools)
    name = MULTIPLE if amount.number.kind == "multiple" else name
    if amount.value_max is not None and amount.role not in ("from_to", "vague"):
        bound = "range"
    role = amount.role
    if direction and role in (None, "share") and _is_change(row, amount, first, tools, by=by):
        role = "change"
    return Quantity(
        span=(row[amount.first].start, row[end - 1].end),
        value=amount.value, value_max=amount.value_max, unit=name, bound=bound, direction=direction,
        number=(row[amount.number.first].start, row[amount.number.last - 1].end), role=role,
    )  # fmt: skip


def _unit_name(unit: Unit, tools: Tools) -> str:
    if unit.per is None:
        return unit.name
    return f"{tools.units.nouns.get(unit.name, unit.name)} per {unit.per}"


def _direction(row: Sequence[Piece], amount: Amount, first: int, tools: Tools, since: int) -> tuple[str | None, bool]:
    """Up or down, where a word for it stands close before or behind; and whether 'by' makes it a change."""
    cues = tools.cues
    by = first > 0 and row[first - 1].low in cues.by_strict
    if amount.signed and row[amount.number.first - 1].low in tools.grammar.plus:
        return "up", True
    weak = frozenset() if by or amount.unit.kind in ("percent", "points") else cues.weak
    near = _before(row, first, tools, since, weak)
    if near is None and amount.last < len(row):
        near = _compared(row, amount, tools)
        by = by or near is not None
    if near is None and by:
        near = _in_clause(row, first, amount.last, tools)
    return near, by


def _compared(row: Sequence[Piece], amount: Amount, tools: Tools) -> str | None:
    """'14 Prozent mehr', '9 percent less', '15 more than the day before'; 'twelve more' is no change."""
    low = row[amount.last].low
    if low not in tools.cues.more and low not in tools.cues.less:
        return None
    relative = amount.unit.kind in ("percent", "points") or amount.role == "share"
    if not relative and not any(piece.low in tools.cues.than for piece in row[amount.last + 1 : amount.last + 4]):
        return None
    return "up" if low in tools.cues.more else "down"


def _before(row: Sequence[Piece], first: int, tools: Tools, since: int, weak: frozenset[str]) -> str | None:
    """'rose 3%', 'an increase of 4', 'stieg 2018 um'; a word for a level ('to', 'auf') ends the search.

    Words in `weak` say nothing here: 'raised 3 million' is no rise.
    """
    by = first > 0 and row[first - 1].low in tools.cues.by
    for index in range(first - 1, max(since, first - 1 - LOOK_BACK) - 1, -1):
        low = row[index].low
        if low in tools.cues.to or low in weak or low in ",;:.(":
            return None
        if low in tools.cues.up:
            return "up"
        if low in tools.cues.down:
            return "down"
        if not low[0].isalnum() or (first - index > 2 and not by):
            return None
    return None


def _in_clause(row: Sequence[Piece], first: int, last: int, tools: Tools) -> str | None:
    """A verb of change anywhere in the clause: 'um 32 % auf 41 Mrd. USD anstieg'."""
    for index in (*range(last, min(last + FAR, len(row))), *range(first - 1, max(first - FAR, 0) - 1, -1)):
        low = row[index].low
        if low in tools.cues.up:
            return "up"
        if low in tools.cues.down:
            return "down"
        if low in ";:" or (index < first and low == ","):
            return None
    return None


def _is_change(row: Sequence[Piece], amount: Amount, first: int, tools: Tools, *, by: bool) -> bool:
    """Whether an amount with a direction is how much something moved, and no level, share or plain count."""
    share = amount.unit.kind in ("percent", "points") or amount.role == "share"
    if by:
        return True
    if amount.last < len(row) and row[amount.last].low in tools.cues.of_after:
        return False
    return share or _adverb(row, amount, first, tools)


def _adverb(row: Sequence[Piece], amount: Amount, first: int, tools: Tools) -> bool:
    """'was up 19 cents', 'rose 5 million dollars'; not 'called up 800 reservists'."""
    before = row[first - 1].low if first else ""
    if amount.unit.kind == "noun" or before not in tools.cues.change_adverbs:
        return False
    return before not in tools.cues.change_particles or (first > 1 and row[first - 2].low in tools.cues.change_be)
