"""What a record or item might belong with: found by an index, bounded, for `follow` to decide.

In: a record, codes, terms, bands of a text. Out: keys. Must not know when two belong together.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from communique.ledger.indexing import codes, day_number, iso_day
from communique.ledger.packing import NUMBERS, actors_of
from communique.ledger.rows import Stored
from communique.ledger.store import Store, marks, unique

MOST = 400
"""Candidates for one record at most; those nearest in time come first."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Records of some kinds in which codes take part: one, or all; in a period; with one of the terms, where given."""

    kinds: Sequence[str]
    codes: Sequence[str]
    since: str | None = None
    until: str | None = None
    terms: Sequence[str] = ()
    all_codes: bool = False
    limit: int = MOST


def put_bands(store: Store, item: int, bands: Sequence[int]) -> None:
    """The bands of an item's text, in place of those it had."""
    old = store.connection.value("SELECT bands FROM item WHERE key = ?", (item,))
    store.connection.many("DELETE FROM band WHERE band = ? AND item = ?", [(band, item) for band in _unpacked(old)])
    signed = unique([_signed(band) for band in bands])
    packed = struct.pack(f"<{len(signed)}q", *signed)
    store.connection.run("UPDATE item SET bands = ? WHERE key = ?", (packed, item))
    store.connection.many("INSERT INTO band VALUES (?, ?)", [(band, item) for band in signed])


def _unpacked(packed: bytes | None) -> tuple[int, ...]:
    return struct.unpack(f"<{len(packed) // 8}q", packed) if packed else ()


def _signed(band: int) -> int:
    """A band of 64 bits as the signed number that SQLite keeps."""
    band &= 0xFFFF_FFFF_FFFF_FFFF
    return band - (1 << 64) if band >> 63 else band


def items_with_bands(store: Store, bands: Sequence[int], limit: int = MOST) -> list[int]:
    """Standing items that share a band, those that share most of them first."""
    signed = unique([_signed(band) for band in bands])
    if not signed:
        return []
    rows = store.connection.rows(_BANDS.format(marks(signed)), (*signed, limit))
    return [key for (key,) in rows]


def similar_events(store: Store, one: Stored, types: Sequence[str], days: int, limit: int = MOST) -> list[int]:
    """Events of some types that share a code with this record and are at most so many days from it; itself left out."""
    day = date_of(one)
    shared = [
        key
        for code in codes([*actors_of(one.record)[0], *actors_of(one.record)[1]])
        if (key := store.names.known(code))
    ]
    numbers = [key for name in types if (key := store.labels.known(name)) is not None]
    if day is None or not shared or not numbers:
        return []
    low, high = _shifted(day, -days), _shifted(day, days)
    sql = _EVENTS.format(marks(shared), marks(numbers))
    values = (*shared, low, high, NUMBERS["event"], *numbers, one.key, day_number(day.isoformat()), limit)
    return [key for (key,) in store.connection.rows(sql, values)]


def date_of(one: Stored) -> date | None:
    """When a record happened: its start, else its end, else the day of publication."""
    stated = getattr(one.record, "start", None) or getattr(one.record, "end", None) or one.item.document.published
    text = iso_day(day_number(stated) or 0)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _shifted(day: date, days: int) -> int:
    """A day so many days off, as a number; the calendar's ends stay its ends."""
    try:
        return day_number((day + timedelta(days)).isoformat()) or 0
    except OverflowError:
        return 0 if days < 0 else 99_991_231


def by_parties(store: Store, wanted: Parties) -> list[int]:
    """The records, those with most shared codes and terms first, then the latest."""
    named = [key for code in dict.fromkeys(wanted.codes) if (key := store.names.known(code)) is not None]
    terms = [key for term in dict.fromkeys(wanted.terms) if (key := store.names.known(term)) is not None]
    if not named or (wanted.terms and not terms) or (wanted.all_codes and len(named) < len(set(wanted.codes))):
        return []
    kinds = [NUMBERS[kind] for kind in wanted.kinds]
    period = (day_number(wanted.since) or 0, day_number(wanted.until) or 99_991_231)
    least = len(named) if wanted.all_codes else 1
    if terms:
        sql = _ABOUT.format(marks(terms), marks(named), marks(kinds))
        values: tuple[int, ...] = (*terms, *named, *kinds, least, *period, wanted.limit)
    else:
        sql = _PARTIES.format(marks(named), marks(kinds))
        values = (*named, *period, *kinds, least, wanted.limit)
    return [key for (key,) in store.connection.rows(sql, values)]


_BANDS = """SELECT b.item FROM band b JOIN item i ON i.key = b.item WHERE b.band IN ({}) AND i.state = 1
  GROUP BY b.item ORDER BY count(*) DESC, i.day, i.text_id LIMIT ?"""
_EVENTS = """SELECT r.key FROM actor x JOIN record r ON r.key = x.record
  WHERE x.name IN ({}) AND x.day BETWEEN ? AND ? AND x.kind = ? AND x.type IN ({}) AND r.key != ? AND r.state = 1
  GROUP BY r.key ORDER BY count(*) DESC, abs(r.day - ?), r.id LIMIT ?"""
_PARTIES = """SELECT r.key FROM actor x JOIN record r ON r.key = x.record
  WHERE x.name IN ({}) AND x.day BETWEEN ? AND ? AND x.kind IN ({}) AND r.state = 1
  GROUP BY r.key HAVING count(*) >= ? ORDER BY count(*) DESC, r.day DESC, r.id LIMIT ?"""
_ABOUT = """SELECT r.key FROM (
    SELECT record, count(*) AS shared FROM about WHERE term IN ({}) AND code IN ({}) AND kind IN ({})
    GROUP BY record HAVING count(DISTINCT code) >= ?) x
  JOIN record r ON r.key = x.record WHERE r.state = 1 AND r.day BETWEEN ? AND ?
  ORDER BY x.shared DESC, r.day DESC, r.id LIMIT ?"""
