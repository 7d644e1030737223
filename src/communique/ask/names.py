"""Actors as people name them, in either language and inflected, as the ledger finds them.

In: a name or code. Out: a code, an id of the knowledge, or the name itself. Must not know the ledger.
"""

from __future__ import annotations

import re

from communique.knowledge import Knowledge, Row

LEAST_SURE = 0.95
"""Below it a name is only like one that is known; a ledger may know somebody of just this name."""
BY_STATE = ("state", "city", "region")

_CODE = re.compile(r"[A-Z]{3}")


def actor_name(name: str) -> str:
    """What the ledger knows an actor by.

    >>> actor_name("KAZ"), actor_name("Kasachstans"), actor_name("Vereinte Nationen"), actor_name("Tõnu Raudkivi")
    ('KAZ', 'KAZ', 'UN', 'Tõnu Raudkivi')
    """
    if _CODE.fullmatch(name) and Knowledge.default().state(name):
        return name
    row = known(name)
    if row is None:
        return name
    if row.kind in BY_STATE:
        return row.code or row.state or name
    return row.code or row.id


def known(name: str) -> Row | None:
    """The row of the knowledge that a name surely means."""
    rows = (row for row, _form, score in Knowledge.default().lookup(name) if score >= LEAST_SURE)
    return next(rows, None)


def unknown(name: str) -> bool:
    """Whether a code or id is none of the knowledge's.

    >>> unknown("KAZ"), unknown("XQZ")
    (False, True)
    """
    knowledge = Knowledge.default()
    return knowledge.state(name) is None and knowledge.row(name) is None and not knowledge.lookup(name)
