"""Runs: one process or several, interrupted, killed and resumed; the ledger is the same. All items are invented."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from pathlib import Path

import pytest
from intake_cases import Silent, Site, StubReader, answer, article, content, quick_web, site, write_items

from communique.errors import CommuniqueError
from communique.intake.articles import Reach
from communique.intake.crew import HEAVIEST, batches
from communique.intake.items import Raw
from communique.intake.journal import Failures, Journal, beside, retried
from communique.intake.keeper import Tally
from communique.intake.loading import load
from communique.intake.progress import JsonLines, Lines, Rate, line
from communique.intake.remembered import Memory
from communique.intake.run import Job, ingest
from communique.intake.sources import Part, Settings
from communique.intake.watching import Watch, read_feeds, with_reader
from communique.intake.work import Bench, Setup, Task
from communique.ledger import Ledger

ROOT = Path(__file__).resolve().parent.parent


def job(*sources: Path, **fields: object) -> Job:
    given = {"processes": 1, **fields}
    return Job(tuple(str(path) for path in sources), Setup(StubReader), **given)  # type: ignore[arg-type]


def run(ledger: Path, wanted: Job, stop: object = lambda: False) -> Tally:
    with Ledger(ledger) as opened:
        return ingest(opened, wanted, Silent(), stop)  # type: ignore[arg-type]


def test_items_go_into_the_ledger_and_are_known_then(tmp_path: Path) -> None:
    write_items(tmp_path / "a.jsonl", 5)
    first = run(tmp_path / "l", job(tmp_path / "a.jsonl"))
    assert dict(first.outcomes) == {"skipped": 0, "new": 5}
    assert first.records["events"] == 5
    assert dict(first.outlets) == {"Nordpost": 5}
    second = run(tmp_path / "l", job(tmp_path / "a.jsonl"))
    assert dict(second.outcomes) == {"skipped": 0, "known": 5}
    assert "read" not in second.seconds
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["a.jsonl", "l"]


def test_a_changed_item_is_a_new_version(tmp_path: Path) -> None:
    write_items(tmp_path / "a.jsonl", 2)
    run(tmp_path / "l", job(tmp_path / "a.jsonl"))
    text = (tmp_path / "a.jsonl").read_text().replace("Item 1:", "Item 1, corrected:")
    (tmp_path / "a.jsonl").write_text(text)
    assert dict(run(tmp_path / "l", job(tmp_path / "a.jsonl")).outcomes) == {"skipped": 0, "known": 1, "changed": 1}


def test_several_processes_make_the_same_ledger(tmp_path: Path) -> None:
    write_items(tmp_path / "a.jsonl", 120)
    one = run(tmp_path / "one", job(tmp_path / "a.jsonl"))
    two = run(tmp_path / "two", job(tmp_path / "a.jsonl", processes=2))
    assert one.outcomes == two.outcomes
    assert content(tmp_path / "one") == content(tmp_path / "two")


def broken(path: Path) -> None:
    write_items(path, 3)
    lines = path.read_text().splitlines()
    more = [json.dumps({"id": "r", "text": "It RAISES."}), "{no json", json.dumps({"id": "last", "text": "The last."})]
    path.write_text("\n".join([*lines, *more]) + "\n")


@pytest.mark.parametrize("processes", [1, 2])
def test_failures_are_listed_by_kind_and_can_be_tried_again(tmp_path: Path, processes: int) -> None:
    path, ledger = tmp_path / "a.jsonl", tmp_path / "l"
    broken(path)
    tally = run(ledger, job(path, processes=processes))
    assert dict(tally.outcomes) == {"skipped": 0, "new": 4, "failed": 2}
    assert dict(tally.failures) == {"reader": 1, "json": 1}
    assert retried(beside(ledger, "failed")) == [Part(str(path), "plain", frozenset((4, 5)))]
    path.write_text(path.read_text().replace("RAISES", "is mended").replace("{no json", '{"text": "Now it is."}'))
    again = run(ledger, job(processes=1, retry=True))
    assert dict(again.outcomes) == {"skipped": 0, "new": 2}
    assert not beside(ledger, "failed").exists()


def test_an_item_that_ends_its_process_fails_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_items(path, 40)
    rows = path.read_text().splitlines()
    rows.insert(11, json.dumps({"id": "k", "text": "It KILLS."}))
    path.write_text("\n".join(rows) + "\n")
    tally = run(tmp_path / "l", job(path, processes=2))
    assert dict(tally.outcomes) == {"skipped": 0, "new": 40, "failed": 1}
    assert dict(tally.failures) == {"crashed": 1}
    assert retried(beside(tmp_path / "l", "failed")) == [Part(str(path), "plain", frozenset((12,)))]


def test_a_reader_that_cannot_be_loaded_is_one_sentence(tmp_path: Path) -> None:
    write_items(tmp_path / "a.jsonl", 2)
    wanted = Job((str(tmp_path / "a.jsonl"),), Setup(partial(StubReader, 1, 2)), processes=2)  # type: ignore[arg-type]
    with pytest.raises(CommuniqueError, match="positional argument"):
        run(tmp_path / "l", wanted)


class After:
    """Says stop after so many items."""

    def __init__(self, number: int) -> None:
        self.left = number

    def __call__(self) -> bool:
        self.left -= 1
        return self.left < 0


@pytest.mark.parametrize("processes", [1, 2])
def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path, processes: int) -> None:
    for name in ("a", "b", "c"):
        write_items(tmp_path / f"{name}.jsonl", 30, first=100 * ord(name))
    sources = [tmp_path / f"{name}.jsonl" for name in ("a", "b", "c")]
    first = run(tmp_path / "l", job(*sources, processes=processes), After(45))
    assert first.outcomes["new"] == 45
    second = run(tmp_path / "l", job(*sources, resume=True))
    assert dict(second.outcomes) == {"skipped": 45, "new": 45}
    run(tmp_path / "whole", job(*sources))
    assert content(tmp_path / "l") == content(tmp_path / "whole")
    assert not beside(tmp_path / "l", "progress").exists()


def test_what_changed_since_is_not_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_items(path, 10)
    run(tmp_path / "l", job(path), After(6))
    text = path.read_text()
    path.write_text(json.dumps({"id": "new", "text": "A new first one."}) + "\n" + text)
    assert dict(run(tmp_path / "l", job(path, resume=True)).outcomes) == {"skipped": 0, "new": 5, "known": 6}


def test_another_run_cannot_be_resumed(tmp_path: Path) -> None:
    write_items(tmp_path / "a.jsonl", 10)
    write_items(tmp_path / "b.jsonl", 10)
    run(tmp_path / "l", job(tmp_path / "a.jsonl"), After(6))
    with pytest.raises(CommuniqueError, match="other sources"):
        run(tmp_path / "l", job(tmp_path / "b.jsonl", resume=True))


def test_a_journal_that_a_kill_cut_off(tmp_path: Path) -> None:
    write_items(tmp_path / "a.jsonl", 3)
    part = Part(str(tmp_path / "a.jsonl"), "plain")
    journal = Journal(tmp_path / "j", ["a"], resume=False)
    journal.keep(part, 2)
    journal.close(finished=False)
    with (tmp_path / "j").open("a") as stream:
        stream.write('{"part": "')
    again = Journal(tmp_path / "j", ["a"], resume=True)
    assert again.reached(part).done == 2
    again.close(finished=True)
    assert not (tmp_path / "j").exists()


KILLED = """
import sys
from pathlib import Path
from functools import partial
from intake_cases import Silent, StubReader
from communique.intake.run import Job, ingest
from communique.intake.work import Setup
from communique.ledger import Ledger
if __name__ == "__main__":
    source, ledger, processes, follow = sys.argv[1:]
    setup = Setup(partial(StubReader, 0.01), ledger=Path(ledger))
    with Ledger(ledger) as opened:
        job = Job((source,), setup, processes=int(processes), resume=True, follow=follow == "True")
        print(dict(ingest(opened, job, Silent()).outcomes))
"""


def killed(tmp_path: Path, kills: int, number: int, *, follow: bool) -> None:
    """Kill a run again and again, each time a little later; the ledger is that of an undisturbed run."""
    source, ledger, script = tmp_path / "a.jsonl", tmp_path / "l", tmp_path / "run.py"
    write_items(source, number)
    script.write_text(KILLED)
    command = [sys.executable, str(script), str(source), str(ledger), "2", str(follow)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), *sys.path])}
    for at in range(kills):
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
            deadline = time.monotonic() + 60
            before = written(ledger)
            # In the middle of the work: after something was committed, or at a moment that depends on the number.
            while time.monotonic() < deadline and process.poll() is None and written(ledger) == before:
                time.sleep(0.003)
            time.sleep(0.005 * (at % 13))
            assert process.poll() is None, "the run was over before it was killed; give it more items"
            process.send_signal(signal.SIGKILL)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "skipped" in done.stdout
    run(tmp_path / "whole", job(source, follow=follow))
    assert content(ledger) == content(tmp_path / "whole")
    assert len(content(ledger)[0]) == number


def written(ledger: Path) -> int:
    """When something was last committed: the run's journal follows each commit."""
    journal = beside(ledger, "progress")
    return journal.stat().st_size if journal.exists() else 0


def test_a_run_that_is_killed_repeats_and_skips_nothing(tmp_path: Path) -> None:
    killed(tmp_path, kills=2, number=300, follow=True)


@pytest.mark.slow
def test_fifty_kills(tmp_path: Path) -> None:
    killed(tmp_path, kills=50, number=4000, follow=False)


def test_batches_are_of_like_length() -> None:
    tasks = [Task(n, "p", n, Raw("page", b"x" * size)) for n, size in enumerate([10, 90_000, 10, 20, 90_000, 30], 1)]
    assert [[task.seq for task in batch] for batch in batches(tasks)] == [[2], [5], [1, 3, 4, 6]]
    assert HEAVIEST < 90_000


def test_bench_says_how_long_each_stage_took() -> None:
    result = Bench(Setup(StubReader)).work(Task(1, "p", 1, Raw("page", article("One").encode(), charset="utf-8")))
    assert result.outcome == "read"
    assert sorted(result.seconds) == ["load", "look_up", "read"]
    assert result.reading is not None
    assert result.reading.document.title == "One"


# Feeds


def watched(tmp_path: Path, here: Site, more: str = "") -> Path:
    path = tmp_path / "feeds.toml"
    text = f'delay = 0.0\nallow = ["127.0.0.1/32"]\n[[feed]]\nurl = "{here.url("/feed")}"\n{more}'
    path.write_text(text)
    return path


def feed_of(*names: str) -> str:
    items = "".join(f"<item><title>{n}</title><link>/{n}</link></item>" for n in names)
    return f"<rss><channel><title>Nordpost (FICTION)</title>{items}</channel></rss>"


def looked(tmp_path: Path, here: Site, more: str = "") -> list[dict[str, int]]:
    memory = Memory(tmp_path / "m")
    with Ledger(tmp_path / "l") as ledger:
        watch = Watch(ledger, read_feeds(watched(tmp_path, here, more)), with_reader(Setup(StubReader)), memory, Silent)
        found = [{name: n for name, n in tally.outcomes.items() if n} for tally in watch.rounds(once=True)]
    memory.close()
    return found


def test_a_feed_is_followed_over_restarts(tmp_path: Path) -> None:
    with site() as here:
        here.table |= {name: answer(article(name)) for name in ("/a", "/b", "/c")}
        here.table["/feed"] = answer(feed_of("a", "b"))
        assert looked(tmp_path, here) == [{"new": 2}]
        assert looked(tmp_path, here) == []
        lines = [json.loads(text) for text in (tmp_path / "m").read_text().splitlines()]
        rest = [text for text in lines if not text["url"].startswith("watched")]
        (tmp_path / "m").write_text("".join(json.dumps(text) + "\n" for text in rest))
        here.table["/feed"] = answer(feed_of("b", "c"))
        assert looked(tmp_path, here) == [{"new": 1}]
        assert here.pages_asked() == ["/feed", "/a", "/b", "/feed", "/c"]
    with Ledger(tmp_path / "l") as ledger:
        found = [item.document for item in ledger.items()]
    assert sorted(document.title or "" for document in found) == ["/a", "/b", "/c"]
    assert {document.publisher for document in found} == {"Nordpost (FICTION)"}
    assert all("retrieved" in document.origin for document in found)


def test_what_a_feed_holds_will_do_where_that_is_said(tmp_path: Path) -> None:
    with site() as here:
        text = "<p>Ministers of Estonia and Chile met in Tallinn on Tuesday.</p>"
        item = f"<item><title>One</title><link>/1</link><description><![CDATA[{text}]]></description></item>"
        here.table["/feed"] = answer(f"<rss><channel>{item}</channel></rss>")
        assert looked(tmp_path, here, "articles = false") == [{"new": 1}]
        assert here.pages_asked() == ["/feed"]


def test_watching_ends_when_it_is_told_to(tmp_path: Path) -> None:
    with site() as here, Ledger(tmp_path / "l") as ledger:
        here.table |= {"/feed": answer(feed_of("a")), "/a": answer(article("a"))}
        stop = threading.Event()
        seen = []
        setup = with_reader(Setup(StubReader))
        for tally in Watch(ledger, read_feeds(watched(tmp_path, here)), setup, Memory(), Silent, stop).rounds():
            seen.append(tally.items)
            stop.set()
    assert seen == [1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "names no feed"),
        ("x =", "is no TOML"),
        ('every = "soon"\n[[feed]]\nurl = "https://a.example"', "span of time"),
        ('[[feed]]\nurl = "a.example"', "has no url"),
        ('[[feed]]\nurl = "https://a.example"\ntitel = "x"', "'titel' in feed 1"),
    ],
)
def test_files_of_feeds_that_are_wrong(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "f.toml").write_text(text)
    with pytest.raises(CommuniqueError, match=message):
        read_feeds(tmp_path / "f.toml")


def test_a_feed_that_is_stopped_in_the_middle_is_resumed_without_asking_twice(tmp_path: Path) -> None:
    with site() as here:
        names = [f"n{number}" for number in range(6)]
        here.table |= {f"/{name}": answer(article(name)) for name in names}
        here.table["/feed"] = answer(feed_of(*names))
        for stop, resume in ((After(5), False), (After(99), True)):
            memory = Memory(tmp_path / "m")
            settings = Settings(reach=Reach(quick_web(), memory))
            wanted = Job((here.url("/feed"),), Setup(StubReader), None, settings, processes=1, resume=resume)
            run(tmp_path / "l", wanted, stop)
            memory.close()
        assert len(content(tmp_path / "l")[0]) == 6


# What is said meanwhile


def test_lines_of_progress() -> None:
    out = io.StringIO()
    lines = Lines(out, every=0.0)
    lines.start(10)
    tally = Tally()
    tally.outcomes.update({"new": 3, "failed": 1})
    tally.records["events"] = 1200
    lines.step(tally)
    assert out.getvalue().startswith("4 of 10 items, ")
    assert out.getvalue().endswith("1 failed, 1,200 records\n")
    assert " left, " not in line(tally, Rate(None))


def test_json_lines_of_progress() -> None:
    out = io.StringIO()
    told = JsonLines(out, every=0.0)
    told.start(None)
    told.say("Es fehlt.", failure="empty")
    told.end(Tally())
    events = [json.loads(text) for text in out.getvalue().splitlines()]
    assert [event["event"] for event in events] == ["start", "message", "end"]
    assert events[1]["failure"] == "empty"
    assert events[2]["items"] == 0


def test_failures_make_a_file_only_where_there_are_some(tmp_path: Path) -> None:
    failures = Failures(tmp_path / "f")
    failures.close()
    assert not (tmp_path / "f").exists()


def test_memory_survives_and_forgets_what_is_old(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "m")
    memory.keep("https://a.example", {"etag": "1", "retrieved": "2001-01-01T00:00:00Z"})
    memory.keep("https://b.example", {"etag": "2", "retrieved": "2999-01-01T00:00:00Z"})
    memory.close()
    with (tmp_path / "m").open("a") as stream:
        stream.write('{"url": "https://c')
    again = Memory(tmp_path / "m")
    assert (again.of("https://a.example"), again.of("https://b.example")["etag"]) == ({}, "2")


# Readings made elsewhere


def test_readings_are_loaded_into_one_ledger_or_one_per_month(tmp_path: Path) -> None:
    from communique import notation

    write_items(tmp_path / "a.jsonl", 3)
    reader = StubReader()
    from communique.document import load as documents

    readings = [reader.read(one.document) for one in documents(tmp_path / "a.jsonl") if one.document]
    text = "".join(json.dumps(notation.as_json(one)) + "\n" for one in readings) + '{"no": "reading"}\n'
    (tmp_path / "readings.jsonl").write_text(text)
    with Ledger(tmp_path / "l") as ledger:
        tally = load([str(tmp_path / "readings.jsonl")], Silent(), ledger=ledger)
        assert dict(tally.outcomes) == {"new": 3, "failed": 1}
        assert dict(load([str(tmp_path / "readings.jsonl")], Silent(), ledger=ledger).outcomes) == {
            "known": 3, "failed": 1,
        }  # fmt: skip
    run(tmp_path / "direct", job(tmp_path / "a.jsonl"))
    assert content(tmp_path / "l") == content(tmp_path / "direct")
    (tmp_path / "months").mkdir()
    load([str(tmp_path / "readings.jsonl")], Silent(), by_month=tmp_path / "months")
    assert sorted(path.name for path in (tmp_path / "months").iterdir()) == ["2031-05.ledger"]
