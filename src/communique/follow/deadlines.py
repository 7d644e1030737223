"""When a promise is due, how two deadlines compare, and what a promise's status is on a day.

In: deadlines of commitments, entries of a promise. Out: ISO days and statuses.
Must not know how entries are found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from communique.ledger.rows import Entry
from communique.records import Deadline

DUE_DAYS = 90
"""Days before its deadline from which a promise is due; the record contract sets it."""
SLACK = 31
"""Days by which two deadlines may differ and still be the same: 'by the middle of the year', 'by 30 June'."""
STATUSES = ("open", "due", "fulfilled", "partly", "broken", "withdrawn", "lapsed")

_UNTIL = " until "
_RENEWED = frozenset({"announced", "reaffirmed", "delayed", "changed"})
_CONCLUDED = {"fulfilled": "fulfilled", "partly_fulfilled": "partly", "broken": "broken", "withdrawn": "withdrawn"}


def due_day(deadline: Deadline | None) -> str | None:
    """The ISO day by which: the end of what is stated; of 'from 2026' the end of the year, month or day named.

    >>> due_day(Deadline("2026-01-01", None, "from", "from 2026", (0, 9)))
    '2026-12-31'
    """
    if deadline is None:
        return None
    if deadline.end or not deadline.start:
        return deadline.end
    start = date.fromisoformat(deadline.start)
    if start.day > 1:
        return deadline.start
    # A first of the month may be the day itself or stand for month or year: its words tell.
    if any(word.strip(".,").isdigit() and int(word.strip(".,")) == 1 for word in deadline.text.split()):
        return deadline.start
    return f"{start.year}-12-31" if start.month == 1 else _month_end(start).isoformat()


def _month_end(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def days_between(one: str, other: str) -> int:
    """How many days the second is later.

    >>> days_between("2024-02-28", "2024-03-01")
    2
    """
    return (date.fromisoformat(other[:10]) - date.fromisoformat(one[:10])).days


def moved(before: str | None, after: str | None) -> int:
    """1 where the second deadline is later, -1 where it is earlier, 0 where they agree or one isn't stated.

    >>> moved("2024-06-30", "2024-06-15"), moved("2024-06-30", "2025-06-30"), moved(None, "2025-06-30")
    (0, 1, 0)
    """
    if before is None or after is None:
        return 0
    days = days_between(before, after)
    return 0 if abs(days) <= SLACK else (1 if days > 0 else -1)


def usual(days: Iterable[str | None]) -> str | None:
    """The deadline stated most often, of several the latest: a promise with several deadlines is kept at its last."""
    counted = Counter(day for day in days if day)
    return max(counted, key=lambda day: (counted[day], day)) if counted else None


def with_due(rule: str, due: str | None) -> str:
    """A rule with the deadline that its entry states, as people read it and `due_of` reads it back.

    >>> with_due("W-delayed", "2024-03-31")
    'W-delayed until 2024-03-31'
    """
    return f"{rule}{_UNTIL}{due}" if due else rule


def due_of(entry: Entry) -> str | None:
    """The deadline that an entry states, or None."""
    return entry.rule.partition(_UNTIL)[2] or None


def due_on(entries: Sequence[Entry], on: str) -> str | None:
    """The deadline that holds on a day: the one first announced, until a later entry moves it."""
    known = [e for e in entries if e.day is not None and e.day <= on]
    due = usual(due_of(e) for e in known if e.entry == "announced")
    for entry in known:
        stated = due_of(entry)
        if stated and (due is None or entry.entry in ("delayed", "changed")):
            due = stated
    return due


def status(entries: Sequence[Entry], deadline: Deadline | str | None, on: str) -> str | None:
    """The status of a promise on an ISO day; None before its first entry.

    `deadline` is what holds where no entry states one. `entries` are those of `promises.entries`, in their order: what
    was concluded last counts; a promise renewed after it was withdrawn or broken is open again.
    """
    known = [e for e in entries if e.day is not None and e.day <= on]
    if not known:
        return None
    concluded = _concluded(known)
    if concluded:
        return concluded
    due = due_on(entries, on) or (deadline if isinstance(deadline, str) else due_day(deadline))
    if due is None:
        return "open"
    days = days_between(on, due)
    if days < 0:
        return "lapsed"
    return "due" if days <= DUE_DAYS else "open"


def _concluded(known: Sequence[Entry]) -> str | None:
    found: str | None = None
    for entry in known:
        if entry.entry in _CONCLUDED:
            found = _CONCLUDED[entry.entry]
        elif entry.entry in _RENEWED and found in ("withdrawn", "broken"):
            found = None
    return found


def lapsed_because(items: int, outlets: Sequence[str]) -> str:
    """What is said with the status `lapsed`: that nothing was found, and in how much.

    >>> lapsed_because(12, ["Nordpost", "Harbour Gazette"])
    'deadline passed, nothing found in 12 items of Nordpost, Harbour Gazette'
    """
    return f"deadline passed, nothing found in {items} items of {', '.join(outlets) or 'these outlets'}"
