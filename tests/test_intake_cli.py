"""The commands of the intake as a person uses them: messages, exit codes, signals. All items are invented."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from intake_cases import answer, article, site, write_items

from communique.intake import doctor

COMMAND = [sys.executable, "-m", "communique.cli"]


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*COMMAND, *arguments], capture_output=True, text=True, cwd=cwd, check=False)


def test_ingest_says_what_became_of_the_items(tmp_path: Path) -> None:
    write_items(tmp_path / "a.jsonl", 3)
    (tmp_path / "b.jsonl").write_text('{"text": 5}\n')
    done = run("ingest", "a.jsonl", "b.jsonl", "--ledger", "l", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stdout.splitlines()[0] == "items: 3 new, 1 failed"
    assert "failed: json 1" in done.stdout.splitlines()
    assert "failures: l.failed.jsonl (--retry tries them again)" in done.stdout.splitlines()
    assert "An item needs a string 'text' or 'html'" in done.stderr
    again = run("ingest", "a.jsonl", "--ledger", "l", "--json", cwd=tmp_path)
    assert again.returncode == 0
    told = json.loads(again.stdout)
    assert (told["known"], told["new"], told["failed"], told["ledger"]["item"]) == (3, 0, 0, 3)


def test_log_json_is_json_alone(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"text": 5}\n')
    done = run("ingest", "b.jsonl", "--ledger", "l", "--log-json", cwd=tmp_path)
    events = [json.loads(line) for line in done.stderr.splitlines()]
    assert [event["event"] for event in events] == ["start", "message", "end"]
    assert events[1]["failure"] == "json"
    assert events[2]["failures"] == {"json": 1}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("ingest", "--ledger", "l"), "Name what to ingest"),
        (("ingest", "a", "--retry", "--ledger", "l"), "not both"),
        (("ingest", "a", "--engine", "spark", "--ledger", "l"), "There is no engine 'spark'"),
        (("ingest", "a", "--engine", "ray"), "needs sources, and --out FOLDER"),
        (("watch", "none.toml", "--ledger", "l"), "cannot be read"),
        (("load", "none.parquet", "--ledger", "l"), "There is no file 'none.parquet'"),
    ],
)
def test_wrong_arguments(tmp_path: Path, arguments: tuple[str, ...], sentence: str) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_signal_ends_a_watch_cleanly(tmp_path: Path) -> None:
    with site() as here:
        items = "".join(f"<item><title>{n}</title><link>/{n}</link></item>" for n in range(3))
        here.table["/feed"] = answer(f"<rss><channel>{items}</channel></rss>")
        here.table |= {f"/{n}": answer(article(str(n))) for n in range(3)}
        text = f'delay = 0.0\nallow = ["127.0.0.1/32"]\n[[feed]]\nurl = "{here.url("/feed")}"\n'
        (tmp_path / "feeds.toml").write_text(text)
        command = [*COMMAND, "watch", "feeds.toml", "--ledger", "l"]
        with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            line = process.stdout.readline()
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
    assert line.startswith("items: 3 new")
    done = run("stats", "--ledger", "l", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["counts"]["item"] == 3


def test_a_signal_ends_an_ingest_that_goes_on_later(tmp_path: Path) -> None:
    write_items(tmp_path / "a.jsonl", 2000)
    command = [*COMMAND, "ingest", "a.jsonl", "--ledger", "l", "--processes", "1"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        end = time.monotonic() + 60
        while not (tmp_path / "l.progress.jsonl").exists() and time.monotonic() < end:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        out, error = process.communicate(timeout=60)
        assert process.returncode == 1
    assert "--resume goes on from here" in error
    assert out.startswith("items: ")
    assert "Traceback" not in error


def test_doctor(tmp_path: Path) -> None:
    done = run("doctor", "--json", cwd=tmp_path)
    found = {row["name"]: row["good"] for row in map(json.loads, done.stdout.splitlines())}
    assert found["self-test"] is True
    assert found["knowledge"] is True
    assert set(found) == {"versions", "packages", "extras", "knowledge", "model", "self-test", "disk"}


def test_a_doctor_finds_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "ITEM", "Nichts geschah. (FIKTION)")
    found = {finding.name: finding for finding in doctor.findings(tmp_path / "none" / "l")}
    assert found["self-test"].good is False
    assert found["ledger"].good is False
    assert found["ledger"].sentence == f"There is no ledger at {tmp_path / 'none' / 'l'}."
    assert found["disk"].good is False
