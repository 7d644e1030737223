"""The balance of two actors out of a ledger: exact for most pairs, summed up by the ledger for those of many records.

In: a ledger, a filter with a pair, a period. Out: a balance. Must not know SQL.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from communique.ask.balance import PERIODS, QUADS, Balance, Cell, Row, balance
from communique.ask.columns import Column
from communique.errors import CommuniqueError
from communique.follow.update import STORY, conclude
from communique.ledger import Ledger
from communique.ledger.rows import Filter, Stored, Tally

MOST = 3_000
"""Records up to which each story is looked at; of more the ledger adds up, a story of two periods in both of them."""
AT_ONCE = 500
ACTUAL = ("actual",)

FIELDS = (("stories", "int"), ("records", "int"), ("goldstein", "float"))


def _of_cell(at: int, field: str, kind: str) -> Column[Row]:
    """A number of one kind of interaction."""
    return Column(f"{QUADS[at].replace(' ', '_')}_{field}", lambda row: getattr(row.cells[at], field), kind)


COLUMNS: tuple[Column[Row], ...] = (
    Column("period", lambda row: row.period),
    *(_of_cell(at, field, kind) for at in range(len(QUADS)) for field, kind in FIELDS),
    Column("stories", lambda row: row.stories, "int"),
    Column("goldstein", lambda row: row.goldstein, "float"),
    Column("by_publication", lambda row: row.by_publication, "int"),
)  # fmt: skip


def balance_of(ledger: Ledger, wanted: Filter, by: str = "month") -> Balance:
    """The balance of the filter's pair by period; what happened only, unless modalities are asked for."""
    if by not in PERIODS:
        raise CommuniqueError(f"A balance is by {', '.join(PERIODS)}, not '{by}'.")
    if wanted.pair is None:
        raise CommuniqueError("A balance is of two actors.")
    asked = replace(wanted, kinds=("event",), modality=tuple(wanted.modality) or ACTUAL, after=None, limit=None)
    events = _records(ledger, asked)
    if len(events) > MOST:
        return _summed(ledger, asked, wanted.pair, by)
    stories = _stories(ledger, [stored.key for stored in events], wanted.as_of)
    return balance(events, stories, wanted.pair, by=by, direction=wanted.direction, modality=asked.modality)


def _records(ledger: Ledger, asked: Filter) -> list[Stored]:
    """The records asked for, up to one more than are looked at."""
    found: list[Stored] = []
    after = None
    while len(found) <= MOST:
        page = ledger.records(replace(asked, limit=AT_ONCE, after=after))
        found += page
        if len(page) < AT_ONCE:
            break
        after = ledger.cursor(page[-1])
    return found


def _stories(ledger: Ledger, keys: list[int], as_of: str | None) -> dict[int, str]:
    if as_of is None:
        return ledger.clusters_of(STORY, keys)
    return {key: id for id, members in conclude(ledger, STORY, keys, as_of) for key in members}


def _summed(ledger: Ledger, asked: Filter, pair: tuple[str, str], by: str) -> Balance:
    tallies = ledger.balance(asked, by)
    periods: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        if tally.period:
            periods[tally.period].append(tally)
    rows = tuple(_row(period, held) for period, held in sorted(periods.items()))
    return Balance(pair, asked.direction, rows, sum(tally.records for tally in tallies if not tally.period))


def _row(period: str, held: Iterable[Tally]) -> Row:
    cells = {tally.quad: Cell(tally.stories, tally.records, round(tally.goldstein, 4)) for tally in held}
    verbal, material, accused, attacked = (cells.get(quad, Cell()) for quad in QUADS)
    return Row(period, verbal, material, accused, attacked, 0)
