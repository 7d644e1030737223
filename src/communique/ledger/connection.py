"""One SQLite file: opened, checked, its errors turned into sentences, its transactions kept whole.

In: a path. Out: rows. Must not know which tables there are, nor what is stored in them.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from communique.errors import LedgerError

APPLICATION = 0x434F4D51
"""What the file's header says it is: 'COMQ'."""
WAIT_SECONDS = 5.0
STEPS = 20_000
"""Steps of SQLite's machine between two looks at the clock; some milliseconds."""
TOO_LONG = "This question takes too long; narrow it down, for example to a period or to two actors."
"""How long a writer waits for another one, and a reader for a checkpoint, before it gives up."""
CACHE_KILOBYTES = 64_000
MAPPED_BYTES = 1 << 28

Row = tuple[Any, ...]


class Connection:
    """A ledger file that is open; every error of SQLite leaves it as one sentence."""

    def __init__(
        self, path: str | os.PathLike[str], *, readonly: bool, create: bool, wait: float = WAIT_SECONDS
    ) -> None:
        self.path = Path(path)
        self.readonly = readonly
        self._asking = False
        self._until: float | None = None
        _look(self.path, readonly or not create)
        with self._sentences():
            self._sqlite = self._opened()
        try:
            self._checked()
        except BaseException:
            self._sqlite.close()
            raise

    def _opened(self) -> sqlite3.Connection:
        mode = "ro" if self.readonly else "rwc"
        opened = sqlite3.connect(self._address(mode), timeout=WAIT_SECONDS, isolation_level=None, uri=True)
        try:
            opened.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError:
            # Where nobody can write, SQLite has no place for its shared memory, nor needs any.
            opened.close()
            if not self.readonly or _wal(self.path):
                raise
            opened = sqlite3.connect(self._address("ro&immutable=1"), isolation_level=None, uri=True)
        return opened

    def _address(self, mode: str) -> str:
        return f"{self.path.absolute().as_uri()}?mode={mode}"

    def _checked(self) -> None:
        """Refuse what is no ledger; set what holds for one connection only."""
        application = self.value("PRAGMA application_id")
        tables = self.value("SELECT count(*) FROM sqlite_schema")
        if application != APPLICATION and (tables or self.readonly):
            raise LedgerError(f"{self.path} is a database, but no ledger.")
        self.run("PRAGMA foreign_keys = ON")
        self.run(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
        self.run(f"PRAGMA mmap_size = {MAPPED_BYTES}")
        self.run("PRAGMA temp_store = MEMORY")
        # FULL: a commit is on the disk when `add` returns, so that a power cut loses none. NORMAL survives only a kill.
        self.run("PRAGMA synchronous = FULL")
        self.run("PRAGMA secure_delete = ON")
        if not self.readonly and application != APPLICATION:
            self._new()

    def _new(self) -> None:
        self.run("PRAGMA journal_mode = WAL")
        self.run(f"PRAGMA application_id = {APPLICATION}")

    @property
    def inside(self) -> bool:
        """Whether a transaction is open."""
        with self._sentences():
            return self._sqlite.in_transaction

    def run(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Run one statement; the key of the row that it inserted."""
        with self._sentences():
            return self._sqlite.execute(sql, values).lastrowid or 0

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each row."""
        with self._sentences():
            self._sqlite.executemany(sql, rows)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query."""
        with self._sentences():
            return self._sqlite.execute(sql, values).fetchall()

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """The first row of a query."""
        with self._sentences():
            found: Row | None = self._sqlite.execute(sql, values).fetchone()
        return found

    def value(self, sql: str, values: Sequence[Any] = ()) -> Any:
        """The first column of the first row."""
        found = self.row(sql, values)
        return found[0] if found else None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; inside another transaction a savepoint of it."""
        if self.readonly:
            raise LedgerError(f"The ledger {self.path} was opened for reading only.")
        if self._asking:
            raise LedgerError(f"Nothing can be added to the ledger {self.path} in the middle of a question.")
        begin, commit, undo = _INNER if self.inside else _OUTER
        self.run(begin)
        try:
            yield
            self.run(commit)
        except BaseException:
            self._undo(undo)
            raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All questions inside are answered as of one moment, whatever others write; inside nothing can be written."""
        if self.inside:
            yield
            return
        self.run("BEGIN")
        self._asking = True
        try:
            yield
        finally:
            self._asking = False
            self._undo(("COMMIT",))

    @contextmanager
    def limited(self, seconds: float) -> Iterator[None]:
        """Questions inside may take so long altogether; then the one that is asked is cut off with a LedgerError."""
        self._until = time.monotonic() + seconds
        self._sqlite.set_progress_handler(self._late, STEPS)
        try:
            yield
        finally:
            self._until = None
            self._sqlite.set_progress_handler(None, 0)

    def _late(self) -> bool:
        return self._until is not None and time.monotonic() > self._until

    def _undo(self, undo: Sequence[str]) -> None:
        # A full disk may have rolled back already; then there is nothing left to undo.
        if self.inside:
            for sql in undo:
                self.run(sql)

    @contextmanager
    def _sentences(self) -> Iterator[None]:
        if self._late():
            raise LedgerError(TOO_LONG)
        try:
            yield
        except sqlite3.Error as error:
            raise LedgerError(_sentence(error, self.path)) from error

    def close(self) -> None:
        """Close the file."""
        with self._sentences():
            self._sqlite.close()


_OUTER = ("BEGIN IMMEDIATE", "COMMIT", ("ROLLBACK",))
_INNER = ("SAVEPOINT inner_step", "RELEASE inner_step", ("ROLLBACK TO inner_step", "RELEASE inner_step"))


def _look(path: Path, must_be: bool) -> None:
    """Refuse a path that cannot hold a ledger, in words better than SQLite's."""
    if path.is_dir():
        raise LedgerError(f"{path} is a folder; a ledger is a file.")
    if not path.exists() and must_be:
        raise LedgerError(f"There is no ledger at {path}.")
    if not path.parent.is_dir():
        raise LedgerError(f"The folder {path.parent} for the ledger does not exist.")


def _wal(path: Path) -> bool:
    """Whether changes lie beside the file that only a writer could bring into it."""
    beside = path.with_name(path.name + "-wal")
    return beside.exists() and beside.stat().st_size > 0


_SENTENCES = {
    "SQLITE_INTERRUPT": TOO_LONG,
    "SQLITE_BUSY": "Another process is writing to the ledger {path}; try again when it is done.",
    "SQLITE_LOCKED": "Another process is writing to the ledger {path}; try again when it is done.",
    "SQLITE_READONLY": "The ledger {path} is read-only; it can be asked, but nothing can be added.",
    "SQLITE_FULL": "There is no space left to write to the ledger {path}; what was committed is safe.",
    "SQLITE_IOERR": "The ledger {path} could not be read or written (is the disk full?); what was committed is safe.",
    "SQLITE_NOTADB": "{path} is no ledger.",
    "SQLITE_CORRUPT": "The ledger {path} is damaged; restore it from a copy, or ingest the items again.",
    "SQLITE_CANTOPEN": "The ledger {path} cannot be opened; see whether its folder can be written.",
    "SQLITE_PERM": "The ledger {path} must not be opened by this user.",
}


def _sentence(error: sqlite3.Error, path: Path) -> str:
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error):
        return f"The ledger {path} is closed."
    name = getattr(error, "sqlite_errorname", "") or ""
    short = "_".join(name.split("_")[:2])
    told = _SENTENCES.get(short)
    return told.format(path=path) if told else f"The ledger {path} refused: {str(error).rstrip('.')}."
