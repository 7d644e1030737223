"""The balance of two actors as a table for people.

In: a balance. Out: a rich table. Must not ask the ledger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from communique import notation

if TYPE_CHECKING:
    from rich.table import Table

    from communique.ask.balance import Balance, Cell, Row

HEADS = ("verbal\ncooperation", "material\ncooperation", "verbal\nconflict", "material\nconflict")
TOTAL = "all"


def table(found: Balance) -> Table:
    """One row per period: stories, with the sum of their Goldstein scores in brackets; the last row sums up."""
    from rich.table import Table

    arrow = " → " if found.direction == "forward" else " – "
    made = Table(box=None, title=arrow.join(found.pair), title_justify="left", title_style="bold", pad_edge=False)
    made.add_column("", no_wrap=True)
    for head in (*HEADS, "all\nstories"):
        made.add_column(head, justify="right", no_wrap=True)
    for row in found.rows:
        made.add_row(row.period, *map(_cell, row.cells), _sum(row.stories, row.goldstein))
    if len(found.rows) > 1:
        stories = sum(row.stories for row in found.rows)
        columns = [_sum(*_added(found.rows, at)) for at in range(len(HEADS))]
        made.add_row(TOTAL, *columns, _sum(stories, sum(row.goldstein for row in found.rows)), style="bold")
    return made


def _added(rows: tuple[Row, ...], at: int) -> tuple[int, float]:
    return sum(row.cells[at].stories for row in rows), sum(row.cells[at].goldstein for row in rows)


def _cell(cell: Cell) -> str:
    return _sum(cell.stories, cell.goldstein)


def _sum(stories: int, goldstein: float) -> str:
    """A number of stories and their weight.

    >>> _sum(2, 6.8), _sum(0, 0.0)
    ('2 (+6.8)', '·')
    """
    weight = round(goldstein, 1) + 0.0
    return f"{stories} ({'+' if weight > 0 else ''}{notation.number(weight)})" if stories else "·"
