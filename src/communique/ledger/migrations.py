"""The numbered steps that make a ledger file what this version needs, remembered in the file.

In: an open connection. Out: the same at the newest number. Must not know what the tables mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from communique.errors import LedgerError
from communique.ledger.connection import Connection

Steps = Sequence[tuple[str, str]]
"""Name and SQL of each step; the first has number 1. A step that was released is never changed."""
REMEMBERED = """CREATE TABLE IF NOT EXISTS migration (
  number INTEGER PRIMARY KEY, name TEXT NOT NULL, applied TEXT NOT NULL) STRICT"""


def steps() -> Steps:
    """All steps of this version."""
    return (
        ("the first schema", (Path(__file__).parent / "schema.sql").read_text("utf-8")),
        ("terms by the kind of their record", _TERMS_BY_KIND),
    )


_TERMS_BY_KIND = """
CREATE TABLE about_by_kind (
  term INTEGER NOT NULL, code INTEGER NOT NULL, kind INTEGER NOT NULL, record INTEGER NOT NULL,
  PRIMARY KEY (term, code, kind, record)
) STRICT, WITHOUT ROWID;
INSERT INTO about_by_kind SELECT a.term, a.code, r.kind, a.record FROM about a JOIN record r ON r.key = a.record;
DROP TABLE about;
ALTER TABLE about_by_kind RENAME TO about;
"""


def migrate(connection: Connection, wanted: Steps) -> None:
    """Bring the file to the last step; refuse one that is newer, or older where it must not be written."""
    number = int(connection.value("PRAGMA user_version"))
    if number > len(wanted):
        which = f"(schema {number}; this one knows {len(wanted)})"
        raise LedgerError(f"The ledger {connection.path} was written by a newer version {which}.")
    if number == len(wanted):
        return
    if connection.readonly:
        raise LedgerError(
            f"The ledger {connection.path} was written by an older version; "
            "open it for writing once to bring it up to date."
        )
    with connection.transaction():
        _apply(connection, wanted)


def _apply(connection: Connection, wanted: Steps) -> None:
    # Asked again inside the transaction: another process may have been faster.
    number = int(connection.value("PRAGMA user_version"))
    connection.run(REMEMBERED)
    for at, (name, sql) in enumerate(wanted[number:], number + 1):
        for statement in statements(sql):
            connection.run(statement)
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        connection.run("INSERT INTO migration VALUES (?, ?, ?)", (at, name, now))
        connection.run(f"PRAGMA user_version = {at}")


def statements(sql: str) -> list[str]:
    """The statements of a script, without its comments.

    >>> statements("-- two; tables\\nCREATE TABLE a (b); CREATE TABLE c (d);")
    ['CREATE TABLE a (b)', 'CREATE TABLE c (d)']
    """
    lines = [line for line in sql.splitlines() if not line.lstrip().startswith("--")]
    return [one.strip() for one in "\n".join(lines).split(";") if one.strip()]
