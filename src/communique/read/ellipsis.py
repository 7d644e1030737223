"""Numbers whose unit stands elsewhere: '44 der 101 Sitze', 'killed five', 'two of them', 'against 2.9 billion in 2021'.

In: the amounts of a sentence and what the sentence before counted last. Out: the amounts, bare ones with a unit.
Must not know which amounts are quantities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from communique.read.amounts import Amount, Tools
from communique.read.numerals import Piece
from communique.read.units import Unit

FAR = 24
NEAR = 5
PERSONS = Unit("persons", "noun", 0, "persons")
VOTES = Unit("votes", "noun", 0, "votes")


def with_units(row: Sequence[Piece], amounts: Sequence[Amount], tools: Tools, before: Unit | None) -> list[Amount]:
    """Give bare numbers the unit that is understood; `before` is the last counted noun of the sentence before."""
    out = list(amounts)
    ballot = _ballot(row, out, tools)
    for index, amount in enumerate(out):
        if not _is_bare(amount):
            continue
        unit = ballot if ballot and _pairs(row, out, index, tools) else _understood(row, out, index, tools, before)
        if unit is not None:
            out[index] = replace(amount, unit=replace(unit, last=0), inherited=True)
    return out


def _is_bare(amount: Amount) -> bool:
    return amount.unit.kind == "none" and amount.number.kind in ("plain", "vague") and not amount.dropped


def _understood(row: Sequence[Piece], out: Sequence[Amount], index: int, tools: Tools, before: Unit | None) -> Unit | None:
    amount = out[index]
    ahead = out[index + 1] if index + 1 < len(out) else None
    if ahead and _partitive(row, amount, ahead, tools):
        return ahead.unit
    if tools.cues.of_which.match(row, amount.last) or tools.cues.of_which.match_before(row, amount.first):
        return _last_noun(out[:index]) or before or PERSONS
    if _suffered(row, amount, tools):
        return PERSONS
    if amount.number.article and not amount.number.digits:
        return None
    big = amount.number.scale > 12 or amount.number.decimals or (amount.number.digits and amount.value >= 1000)
    if big and amount.number.kind == "plain":
        return _same_measure(row, out, index)
    return _listed(row, out, index, tools)


def _partitive(row: Sequence[Piece], amount: Amount, ahead: Amount, tools: Tools) -> bool:
    """'44 der 101 Sitze', '39 of the state's 40 delegates'."""
    between = row[amount.last : ahead.first]
    if ahead.unit.kind in ("none", "time", "age") or not between or len(between) > NEAR:
        return False
    return between[0].low in tools.grammar.of and amount.value <= ahead.value


def _suffered(row: Sequence[Piece], amount: Amount, tools: Tools) -> bool:
    """'killed five', '30 wurden verletzt', 'two were arrested': people, though none are named."""
    if amount.first and row[amount.first - 1].low in tools.cues.persons_verbs:
        return True
    for piece in row[amount.last : amount.last + NEAR]:
        if piece.low in tools.cues.persons_verbs:
            return True
        if piece.low not in tools.cues.auxiliaries:
            return False
    return False


def _last_noun(amounts: Sequence[Amount]) -> Unit | None:
    return next((a.unit for a in reversed(amounts) if a.unit.kind == "noun"), None)


def _same_measure(row: Sequence[Piece], out: Sequence[Amount], index: int) -> Unit | None:
    """A big bare number goes on with the money, measure or count of the amount before it in the sentence."""
    amount = out[index]
    for other in reversed(out[:index]):
        if amount.first - other.last > FAR:
            return None
        if other.unit.kind in ("percent", "points") and amount.number.scale == 1 and amount.value < 100:
            return other.unit
        if other.unit.kind not in ("none", "time", "age", "percent", "points") and other.number.kind == "plain":
            return other.unit
    ahead = out[index + 1] if index + 1 < len(out) else None
    if ahead and ahead.first - amount.last < FAR and ahead.unit.kind in ("money", "noun") and ahead.number.scale == amount.number.scale:
        return ahead.unit
    return None


def _listed(row: Sequence[Piece], out: Sequence[Amount], index: int, tools: Tools) -> Unit | None:
    """A small bare number in a list of like counts: 'Warren earned 8 delegates, Biden 6, Klobuchar 1'."""
    amount = out[index]
    if not _stands_free(row, amount, tools):
        return None
    for other in (*reversed(out[:index]), *out[index + 1 : index + 3]):
        gap = amount.first - other.last if other.first < amount.first else other.first - amount.last
        if other.unit.kind in ("noun", "percent") and not other.unit.hyphen and gap < FAR and other.number.kind == "plain":
            return other.unit
    return None


def _stands_free(row: Sequence[Piece], amount: Amount, tools: Tools) -> bool:
    """No noun of its own follows: the end, a mark, or a small word; and a fitting word or a name stands before."""
    if amount.last < len(row):
        behind = row[amount.last]
        if behind.text[0].isalnum() and behind.low not in tools.units.breaks:
            return False
        if behind.text in "-/:" or behind.text == "." and amount.last + 1 < len(row):
            return False
    if not amount.first:
        return False
    before = row[amount.first - 1]
    return before.low in tools.cues.listed or before.text[0].isupper()


def _ballot(row: Sequence[Piece], out: Sequence[Amount], tools: Tools) -> Unit | None:
    """Votes, where the sentence speaks of voting."""
    return VOTES if any(piece.low in tools.cues.votes_words for piece in row) else None


def _pairs(row: Sequence[Piece], out: Sequence[Amount], index: int, tools: Tools) -> bool:
    """'230-to-197', '5 to 4', '21 zu 8 Stimmen', '70 dagegen'."""
    amount = out[index]
    if tools.cues.ballot.match(row, amount.last):
        return True
    for other, left, right in ((index + 1, index, index + 1), (index - 1, index - 1, index)):
        if 0 <= other < len(out) and out[other].unit.kind in ("none", "noun"):
            between = [p.low for p in row[out[left].last : out[right].first]]
            if between and len(between) <= 3 and any(word in tools.cues.score_words for word in between):
                return all(word in tools.cues.score_words or word in "-–" for word in between)
    return False
