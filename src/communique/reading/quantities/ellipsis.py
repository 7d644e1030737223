"""Numbers whose unit stands elsewhere: '44 der 101 Sitze', 'killed five', 'two of them', 'against 2.9 billion in 2021'.

In: the amounts of a sentence and what the sentences before counted last. Out: the amounts, bare ones with a unit.
Must not know which amounts are quantities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from communique.reading.quantities.amounts import Amount, Tools, bound_of
from communique.reading.quantities.numerals import Piece
from communique.reading.quantities.units import Unit, counted

FAR = 24
NEAR = 5
PERSONS = Unit("persons", "noun", 0, "persons")
VOTES = Unit("votes", "noun", 0, "votes")


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the sentences before counted and paid in last."""

    noun: Unit | None = None
    money: Unit | None = None

    def after(self, amounts: Sequence[Amount]) -> Earlier:
        """The same, once a sentence with these amounts has been read."""
        noun = next((a.unit for a in reversed(amounts) if a.unit.kind == "noun"), self.noun)
        money = next((a.unit for a in reversed(amounts) if a.unit.kind == "money"), self.money)
        return Earlier(noun, money)


def with_units(row: Sequence[Piece], amounts: Sequence[Amount], tools: Tools, earlier: Earlier) -> list[Amount]:
    """Give bare numbers the unit that is understood from their sentence or the ones before."""
    out = list(amounts)
    ballot = _ballot(row, tools)
    for index, amount in enumerate(out):
        if not _is_bare(amount):
            continue
        shared = _shared_scale(row, out, index, tools)
        if shared is not None:
            out[index] = shared
            continue
        unit = ballot if ballot and _pairs(row, out, index, tools) else _understood(row, out, index, tools, earlier)
        if unit is not None:
            out[index] = replace(amount, unit=replace(unit, last=0), inherited=True)
    return out


def _shared_scale(row: Sequence[Piece], out: Sequence[Amount], index: int, tools: Tools) -> Amount | None:
    """'15 und Russland 12 Millionen Dollar', '25 statt 15,5 Milliarden': scale and unit stand at the second."""
    amount = out[index]
    ahead = out[index + 1] if index + 1 < len(out) else None
    if ahead is None or ahead.number.scale < 1000 or ahead.unit.kind not in ("money", "volume", "mass"):
        return None
    between = [p.low for p in row[amount.last : ahead.first]]
    part = bool(between) and between[0] in tools.grammar.of and amount.value < ahead.value / ahead.number.scale
    if amount.number.scale > 1 or amount.value >= 1000 or not between or len(between) > 3:
        return None
    if not part and between[0] not in tools.cues.sharing:
        return None
    return replace(amount, value=amount.value * ahead.number.scale, unit=replace(ahead.unit, last=0), inherited=True)


def _is_bare(amount: Amount) -> bool:
    return amount.unit.kind == "none" and amount.number.kind in ("plain", "vague") and not amount.dropped


def _understood(row: Sequence[Piece], out: Sequence[Amount], index: int, tools: Tools, earlier: Earlier) -> Unit | None:
    amount = out[index]
    ahead = out[index + 1] if index + 1 < len(out) else None
    if ahead and _partitive(row, amount, ahead, tools):
        return ahead.unit
    if tools.cues.of_which.match(row, amount.last) or tools.cues.of_which.match_before(row, amount.first):
        return _last_noun(out[max(index - FAR, 0) : index]) or earlier.noun or PERSONS
    if _suffered(row, amount, tools):
        return PERSONS
    number_of = _number_of(row, amount, tools)
    if number_of is not None:
        return number_of
    if amount.role == "from_to":
        subject = _subject(row, amount, tools)
        if subject is not None:
            return subject
    if amount.number.article and not amount.number.digits:
        return None
    big = amount.number.scale > 12 or amount.number.decimals or (amount.number.digits and amount.value >= 1000)
    if big and amount.number.kind == "plain":
        return _same_measure(out, index) or (earlier.money if amount.number.scale >= 1e6 else None)
    return _listed(row, out, index, tools) or _carried(row, amount, tools, earlier)


def _partitive(row: Sequence[Piece], amount: Amount, ahead: Amount, tools: Tools) -> bool:
    """'44 der 101 Sitze', '27 of the council's 30 members'."""
    between = row[amount.last : ahead.first]
    if ahead.unit.kind in ("none", "time", "age") or not between or len(between) > NEAR:
        return False
    return between[0].low in tools.grammar.of and amount.value <= ahead.value


def _suffered(row: Sequence[Piece], amount: Amount, tools: Tools) -> bool:
    """'killed five', '30 wurden verletzt', 'two were arrested': people, though none are named."""
    _, first = bound_of(row, amount, tools, 0)
    if first and row[first - 1].low in tools.cues.persons_verbs:
        return True
    for piece in row[amount.last : amount.last + NEAR]:
        if piece.low in tools.cues.persons_verbs:
            return True
        if piece.low not in tools.cues.auxiliaries:
            return False
    return False


def _number_of(row: Sequence[Piece], amount: Amount, tools: Tools) -> Unit | None:
    """'die Zahl der Anträge fiel von 8.000 auf 7.100': what the sentence says the number is of."""
    for index in range(max(amount.first - FAR, 0), amount.first):
        found = tools.cues.number_of.match(row, index)
        if found and found[1] < amount.first:
            unit = counted(row, found[1], tools.units, single=False, grammar=tools.grammar)
            return unit if unit.kind == "noun" else None
    return None


def _subject(row: Sequence[Piece], amount: Amount, tools: Tools) -> Unit | None:
    """'applications for licences rose from 21,300 to 27,900': the plural before the verb."""
    for index in range(amount.first - 1, max(amount.first - 8, -1), -1):
        word = row[index]
        if word.text in ",;:":
            return None
        if word.text[0].isalpha() and word.low not in tools.units.breaks and tools.units.shape.search(word.text):
            return Unit(word.text, "noun", 0, word.text)
    return None


def _carried(row: Sequence[Piece], amount: Amount, tools: Tools, earlier: Earlier) -> Unit | None:
    """The noun counted before, where this sentence names it again: 'had the most delegates, with 60'."""
    if earlier.noun is None or not _stands_free(row, amount, tools):
        return None
    return earlier.noun if any(piece.text == earlier.noun.head for piece in row) else None


def _last_noun(amounts: Sequence[Amount]) -> Unit | None:
    return next((a.unit for a in reversed(amounts) if a.unit.kind == "noun"), None)


def _same_measure(out: Sequence[Amount], index: int) -> Unit | None:
    """A big bare number goes on with the money, measure or count of the amount before it in the sentence."""
    amount = out[index]
    for other in reversed(out[max(index - FAR, 0) : index]):
        if amount.first - other.last > FAR:
            return None
        if other.unit.kind in ("percent", "points") and amount.number.scale == 1 and amount.value < 100:
            return other.unit
        if other.unit.kind in ("none", "time", "age", "percent", "points") or other.number.kind != "plain":
            continue
        if other.unit.kind == "money" or other.value <= 0 or 0.01 <= amount.value / other.value <= 100:
            return other.unit
    ahead = out[index + 1] if index + 1 < len(out) else None
    if ahead is None or ahead.first - amount.last >= FAR or ahead.number.scale != amount.number.scale:
        return None
    return ahead.unit if ahead.unit.kind in ("money", "noun") else None


def _listed(row: Sequence[Piece], out: Sequence[Amount], index: int, tools: Tools) -> Unit | None:
    """A small bare number in a list of like counts: 'Warren earned 8 delegates, Biden 6, Klobuchar 1'."""
    amount = out[index]
    if not _stands_free(row, amount, tools):
        return None
    for other in (*reversed(out[max(index - FAR, 0) : index]), *out[index + 1 : index + 3]):
        gap = amount.first - other.last if other.first < amount.first else other.first - amount.last
        like = other.unit.kind in ("noun", "percent") and not other.unit.hyphen and other.number.kind == "plain"
        if like and gap < FAR:
            return other.unit
    return None


def _stands_free(row: Sequence[Piece], amount: Amount, tools: Tools) -> bool:
    """No noun of its own follows: the end, a mark, or a small word; and a fitting word or a name stands before."""
    if amount.last < len(row):
        behind = row[amount.last]
        if behind.text[0].isalnum() and behind.low not in tools.units.breaks:
            return False
        if behind.text in "-/:" or (behind.text == "." and amount.last + 1 < len(row)):
            return False
    if not amount.first:
        return False
    before = row[amount.first - 1]
    return before.low in tools.cues.listed or (before.text[0].isupper() and amount.value > 1)


def _ballot(row: Sequence[Piece], tools: Tools) -> Unit | None:
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
