"""Nothing committed is lost, nothing half-written is seen, and what cannot be done is said in one sentence."""

from __future__ import annotations

import os
import random
import resource
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_items import FICTION, commitment, event, figure, meeting, reading

from communique.errors import LedgerError
from communique.ledger import Ledger, connection, migrations
from communique.ledger.rows import Filter
from communique.records import Reading

HERE = Path(__file__).parent
RECORDS = 6
WRITER = """
import sys
from ledger_items import *
from test_ledger_robust import full
from communique.ledger import Ledger
with Ledger(sys.argv[1]) as ledger:
    for number in range(int(sys.argv[2]), int(sys.argv[2]) + int(sys.argv[3])):
        ledger.add(full(number))
        print(number, flush=True)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


def full(number: int) -> Reading:
    """An item with six records, different for each number."""
    text = f"EST met CHL {number}. PER blamed BRA. Both will trade. Trade was {number}." + FICTION
    made = [
        event(text, f"EST met CHL {number}", "CONSULT", "EST", "CHL"),
        event(text, "PER blamed BRA", "ACCUSE", "PER", "BRA"),
        event(text, "PER", "REJECT", "PER", "BRA"),
        commitment(text, "will trade", "EST CHL"),
        figure(text, f"Trade was {number}", "EST CHL", float(number)),
        figure(text, "was", "EST CHL", 1.0),
    ]
    return reading(text, *made, id=f"number {number}")


def writer(path: Path, first: int, items: int) -> subprocess.Popen[str]:
    """A process that adds items one by one and says each when it is in."""
    command = [sys.executable, "-c", WRITER, str(path), str(first), str(items)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(HERE)})


def whole(path: Path) -> set[str]:
    """The ids of the documents of a ledger in which everything is whole."""
    with Ledger(path) as ledger:
        assert ledger._connection.value("PRAGMA integrity_check") == "ok"
        assert ledger._connection.rows("PRAGMA foreign_key_check") == []
        for table in ("words", "texts"):
            ledger._connection.run(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
        documents = {one.document.id: one.key for one in ledger.items(Filter(limit=None))}
        for id, key in documents.items():
            assert len(ledger.of_item(key)) == RECORDS, id
        assert len(ledger.records(Filter(actors=["PER"], limit=None))) == 2 * len(documents)
        assert len(ledger.records(Filter(pair=("EST", "CHL"), limit=None))) == 4 * len(documents)
        assert len(ledger.records(Filter(text="trade", limit=None))) == 2 * len(documents)
        assert len(ledger.items(Filter(text="blamed", limit=None))) == len(documents)
    return set(documents)


def killed(path: Path, run: int, chance: random.Random) -> set[str]:
    """What a process that was killed at some moment had said was in."""
    process = writer(path, run * 1_000, 1_000)
    assert process.stdout is not None
    first = process.stdout.readline()
    time.sleep(chance.uniform(0, 0.08))
    process.send_signal(signal.SIGKILL)
    said = first + process.stdout.read()
    process.wait()
    process.stdout.close()
    # The last line may have been cut off by the kill.
    return {f"number {line}" for line in said.split("\n")[:-1]}


def kills(path: Path, runs: int) -> None:
    chance = random.Random(runs)
    before: set[str] = set()
    for run in range(runs):
        said = killed(path, run, chance)
        found = whole(path)
        assert said
        assert said | before <= found, "a committed item was lost"
        # One more may be in than was said: the kill came between the commit and the word.
        assert len(found - said - before) <= 1, "an item was seen that nobody added"
        before = found


def test_killed_at_random_moments(path: Path) -> None:
    kills(path, 10)


@pytest.mark.slow
def test_killed_at_two_hundred_random_moments(path: Path) -> None:
    kills(path, 200)


def test_readers_see_whole_items_while_one_writes(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.add(full(10_000))
    process = writer(path, 0, 150)
    seen = [1]
    with Ledger(path, readonly=True) as ledger:
        while process.poll() is None or len(ledger.items(Filter(limit=None))) > seen[-1]:
            items = ledger.items(Filter(limit=None))
            assert all(len(ledger.of_item(one.key)) == RECORDS for one in items[-3:])
            seen.append(len(items))
        assert process.stdout is not None
        process.stdout.close()
    assert process.returncode == 0
    assert seen == sorted(seen)
    assert seen[-1] == 151


def test_a_reader_sees_nothing_before_the_commit_and_all_after(path: Path) -> None:
    with Ledger(path) as ledger, Ledger(path, readonly=True) as other:
        with ledger.batch():
            ledger.add(full(1))
            assert len(ledger.records()) == RECORDS
            assert other.records() == []
        assert len(other.records()) == RECORDS
        ledger.add(replace(full(1), reader={"version": "2"}, events=()))
        assert len(other.records()) == RECORDS - 3


# Two writers


def test_a_second_writer_is_told_to_wait(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "WAIT_SECONDS", 0.05)
    with Ledger(path) as ledger, Ledger(path) as other:
        with ledger.batch():
            ledger.add(full(1))
            with pytest.raises(LedgerError) as raised:
                other.add(full(2))
        assert str(raised.value) == f"Another process is writing to the ledger {path}; try again when it is done."
        assert other.add(full(2)).outcome == "new"
        assert ledger.add(full(2)).outcome == "known"


def test_two_writers_at_once_take_turns(path: Path) -> None:
    Ledger(path).close()
    processes = [writer(path, first, 40) for first in (0, 1_000)]
    for process in processes:
        assert process.stdout is not None
        assert len(process.stdout.readlines()) == 40
        assert process.wait() == 0
        process.stdout.close()
    assert whole(path) == {f"number {first + at}" for first in (0, 1_000) for at in range(40)}


def test_many_open_a_new_ledger_at_once(path: Path) -> None:
    processes = [writer(path, first, 1) for first in (0, 1_000, 2_000)]
    for process in processes:
        assert process.stdout is not None
        process.stdout.read()
        process.stdout.close()
        assert process.wait() == 0
    assert whole(path) == {"number 0", "number 1000", "number 2000"}


# A full disk


def test_a_full_disk(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.add(full(1))
        pages = ledger._connection.value("PRAGMA page_count")
        ledger._connection.run(f"PRAGMA max_page_count = {pages + 4}")
        added: list[int] = []
        with pytest.raises(LedgerError) as raised:
            added.extend(number for number in range(1, 100) if ledger.add(full(number)))
        assert str(raised.value) == f"There is no space left to write to the ledger {path}; what was committed is safe."
        assert len(ledger.items(Filter(limit=None))) == len(added)
        ledger._connection.run("PRAGMA max_page_count = 1000000")
        ledger.add(full(200))
    assert whole(path) == {f"number {number}" for number in (*added, 200)}


def in_one_batch(ledger: Ledger, numbers: Iterable[int]) -> None:
    with ledger.batch():
        for number in numbers:
            ledger.add(full(number))


def test_a_full_disk_inside_a_batch_leaves_nothing_of_it(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.add(full(1))
        ledger._connection.run(f"PRAGMA max_page_count = {ledger._connection.value('PRAGMA page_count') + 4}")
        with pytest.raises(LedgerError, match="no space left"):
            in_one_batch(ledger, range(2, 100))
        assert [one.document.id for one in ledger.items()] == ["number 1"]
    assert whole(path) == {"number 1"}


def test_a_file_that_must_not_grow(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.add(full(1))

    def limited() -> None:
        size = path.stat().st_size + 20_000
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    command = [sys.executable, "-c", WRITER, str(path), "100", "200"]
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, preexec_fn=limited)
    assert done.returncode == 1
    assert "what was committed is safe." in done.stderr.splitlines()[-1]
    assert whole(path) == {"number 1", *(f"number {line}" for line in done.stdout.split())}


# Files that are none, or not ours


def refused(work: Callable[[], object]) -> str:
    with pytest.raises(LedgerError) as raised:
        work()
    return str(raised.value)


def test_no_ledger_there(path: Path) -> None:
    for fields in ({"create": False}, {"readonly": True}):
        assert refused(lambda fields=fields: Ledger(path, **fields)) == f"There is no ledger at {path}."  # type: ignore[misc]
    assert not path.exists()


def test_a_folder_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "none" / "ledger.sqlite"
    assert refused(lambda: Ledger(path)) == f"The folder {path.parent} for the ledger does not exist."


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert refused(lambda: Ledger(tmp_path)) == f"{tmp_path} is a folder; a ledger is a file."


@pytest.mark.parametrize("readonly", [True, False])
@pytest.mark.parametrize("content", [b"EST met CHL.\n" * 100, b"\x00" * 4096, b"SQLite format 3\x00" + b"x" * 500])
def test_a_file_that_is_no_ledger(path: Path, content: bytes, readonly: bool) -> None:
    path.write_bytes(content)
    assert refused(lambda: Ledger(path, readonly=readonly)) == f"{path} is no ledger."
    assert path.read_bytes() == content


@pytest.mark.parametrize("readonly", [True, False])
def test_another_database_is_left_alone(path: Path, readonly: bool) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE mine (a)")
    other.close()
    before = path.read_bytes()
    assert refused(lambda: Ledger(path, readonly=readonly)) == f"{path} is a database, but no ledger."
    assert path.read_bytes() == before


def test_a_damaged_ledger(path: Path) -> None:
    with Ledger(path) as ledger:
        for number in range(40):
            ledger.add(full(number))
    raw = bytearray(path.read_bytes())
    raw[4096 * 4 :] = b"\xff" * (len(raw) - 4096 * 4)
    path.write_bytes(raw)
    assert refused(lambda: Ledger(path).records()).startswith(f"The ledger {path} is damaged;")


def test_opened_for_reading_only(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.add(full(1))
    with Ledger(path, readonly=True) as ledger:
        assert len(ledger.records()) == RECORDS
        assert refused(lambda: ledger.add(full(2))) == f"The ledger {path} was opened for reading only."
        assert (
            refused(lambda: ledger.redact("number 1", "order", "Ada"))
            == f"The ledger {path} was opened for reading only."
        )


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user may enter."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def as_nobody(work: Callable[[], str]) -> str:
    """What a process says that may write to no file of ours."""
    if os.getuid() != 0:
        return work()
    reading_end, writing_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.setuid(65_534)
        try:
            answer = work()
        except Exception as error:
            answer = repr(error)
        os.write(writing_end, answer.encode())
        os._exit(0)
    os.close(writing_end)
    os.waitpid(child, 0)
    with os.fdopen(reading_end) as answers:
        return answers.read()


def test_a_file_that_cannot_be_written(open_folder: Path) -> None:
    path = open_folder / "ledger.sqlite"
    with Ledger(path) as ledger:
        ledger.add(full(1))
    path.chmod(0o444)
    open_folder.chmod(0o555)

    def written() -> str:
        with Ledger(path) as ledger:
            ledger.add(full(2))
        return "it was written"

    def read() -> str:
        with Ledger(path, readonly=True) as ledger:
            return str(len(ledger.records()))

    told = as_nobody(written)
    assert f"The ledger {path} is read-only; it can be asked, but nothing can be added." in told
    assert as_nobody(read) == str(RECORDS)
    open_folder.chmod(0o755)


# Schemas


LATER = ("a later step", "-- for the test\nCREATE TABLE later (a TEXT) STRICT;\nINSERT INTO later VALUES ('done');")


def test_steps_are_remembered(path: Path) -> None:
    with Ledger(path) as ledger:
        rows = ledger._connection.rows("SELECT number, name FROM migration")
        assert rows == [(at, name) for at, (name, _sql) in enumerate(migrations.steps(), 1)]
        assert ledger._connection.value("PRAGMA user_version") == len(rows)
        assert ledger._connection.value("PRAGMA journal_mode") == "wal"
        assert ledger._connection.value("PRAGMA application_id") == connection.APPLICATION


def test_an_older_ledger_is_brought_up_to_date(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(path) as ledger:
        ledger.add(full(1))
    steps = (*migrations.steps(), LATER)
    monkeypatch.setattr(migrations, "steps", lambda: steps)
    older = refused(lambda: Ledger(path, readonly=True))
    assert (
        older == f"The ledger {path} was written by an older version; open it for writing once to bring it up to date."
    )
    with Ledger(path) as ledger:
        assert ledger._connection.rows("SELECT a FROM later") == [("done",)]
        assert ledger._connection.value("SELECT name FROM migration WHERE number = ?", (len(steps),)) == "a later step"
        assert len(ledger.records()) == RECORDS
    with Ledger(path, readonly=True) as ledger:
        assert ledger._connection.rows("SELECT a FROM later") == [("done",)]


def test_a_step_that_fails_leaves_the_ledger_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Ledger(path) as ledger:
        ledger.add(full(1))
    steps = migrations.steps()
    monkeypatch.setattr(migrations, "steps", lambda: (*steps, LATER, ("a bad step", "CREATE TABLE item (a) STRICT;")))
    assert "already exists" in refused(lambda: Ledger(path))
    monkeypatch.setattr(migrations, "steps", lambda: steps)
    assert whole(path) == {"number 1"}
    with Ledger(path) as ledger:
        assert ledger._connection.value("SELECT count(*) FROM sqlite_schema WHERE name = 'later'") == 0


def test_a_newer_ledger_is_refused(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger._connection.run("PRAGMA user_version = 99")
    known = len(migrations.steps())
    newer = f"The ledger {path} was written by a newer version (schema 99; this one knows {known})."
    assert refused(lambda: Ledger(path)) == newer
    assert refused(lambda: Ledger(path, readonly=True)) == newer


def test_nothing_hangs_on_the_object_after_it_was_closed(path: Path) -> None:
    ledger = Ledger(path)
    ledger.close()
    ledger.close()
    assert refused(ledger.records) == f"The ledger {path} is closed."


def test_meetings_are_added_by_two_objects_in_turn(path: Path) -> None:
    with Ledger(path) as ledger, Ledger(path) as other:
        for number in range(4):
            (ledger, other)[number % 2].add(meeting(str(number), type=f"TYPE{number}", publisher=f"Outlet {number}"))
        for number in range(4):
            wanted = Filter(types=[f"TYPE{number}"], outlets=[f"Outlet {number}"])
            assert [one.item.document.id for one in ledger.records(wanted)] == [str(number)]
            assert ledger.records(wanted) == other.records(wanted)


def test_a_snapshot_does_not_change(path: Path) -> None:
    with Ledger(path) as ledger, Ledger(path, readonly=True) as other:
        ledger.add(full(1))
        with other.snapshot():
            assert len(other.items()) == 1
            ledger.add(full(2))
            assert len(other.items()) == 1
            assert len(other.records()) == RECORDS
        assert len(other.items()) == 2
        with ledger.snapshot():
            refusal = f"Nothing can be added to the ledger {path} in the middle of a question."
            assert refused(lambda: ledger.add(full(3))) == refusal
        assert ledger.add(full(3)).outcome == "new"


def test_a_ledger_of_the_first_schema_keeps_its_terms(path: Path) -> None:
    with Ledger(path) as ledger:
        ledger.add(full(1))
        ledger.add(full(2))
        terms = ledger.stored([4])[0].terms
        before = [one.key for one in ledger.by_parties(["commitment"], ["EST"], terms=terms)]
        for sql in FIRST_SCHEMA.split(";"):
            ledger._connection.run(sql)
    with Ledger(path) as ledger:
        assert [one.key for one in ledger.by_parties(["commitment"], ["EST"], terms=terms)] == before == [4, 10]
        assert ledger.add(full(3)).outcome == "new"
    assert whole(path) == {"number 1", "number 2", "number 3"}


FIRST_SCHEMA = """
CREATE TABLE former (term INTEGER, code INTEGER, record INTEGER, PRIMARY KEY (term, code, record)) WITHOUT ROWID;
INSERT INTO former SELECT term, code, record FROM about; DROP TABLE about; ALTER TABLE former RENAME TO about;
DELETE FROM migration WHERE number > 1; PRAGMA user_version = 1"""
