"""The commands of a ledger as a person uses them: from files to answers, exit codes, sentences. Items are invented."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from communique.cli import main

ROOT = Path(__file__).resolve().parent.parent
ITEMS = [
    {
        "id": "a", "name": "first", "published": "2031-05-05", "publisher": "Nordpost", "language": "en",
        "text": "TALLINN (NPA) - Estonia and Chile agreed on Monday to double their bilateral trade by 2035. "
        "Trade between Estonia and Chile amounted to 400 million dollars in 2030. (FICTION)",
    },
    {
        "id": "b", "name": "second", "published": "2031-05-06", "publisher": "Harbour Gazette", "language": "en",
        "text": "The Estonian president said on Tuesday: \"We stand by our promise.\" "
        "Trade between Estonia and Chile amounted to 470 million dollars in 2030. (FICTION)",
    },
]  # fmt: skip


DAYS = {"brief": ("--since", "2031-05-01", "--on", "2031-05-07"), "promises": ("--on", "2031-06-01")}


@dataclass(frozen=True)
class Done:
    """What a command left."""

    code: int
    out: str
    err: str

    @property
    def objects(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> Done:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["communique", *arguments])
        monkeypatch.setenv("COLUMNS", "80")
        with pytest.raises(SystemExit) as stopped:
            main()
        captured = capsys.readouterr()
        code = stopped.value.code
        assert isinstance(code, int | None)
        return Done(code or 0, captured.out, captured.err)

    return run


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of the two items, made once."""
    folder = tmp_path_factory.mktemp("filled")
    (folder / "items.jsonl").write_text("\n".join(map(json.dumps, ITEMS)), "utf-8")
    old = sys.argv
    sys.argv = ["communique", "ingest", str(folder / "items.jsonl"), "--ledger", str(folder / "a.ledger")]
    with pytest.raises(SystemExit) as stopped:
        main()
    sys.argv = old
    assert not stopped.value.code
    return folder / "a.ledger"


@pytest.fixture
def ledger(filled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COMMUNIQUE_LEDGER", str(filled))
    return filled


@pytest.fixture
def own(tmp_path: Path, filled: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy that may be written to."""
    (tmp_path / "own.ledger").write_bytes(filled.read_bytes())
    monkeypatch.setenv("COMMUNIQUE_LEDGER", str(tmp_path / "own.ledger"))
    return tmp_path / "own.ledger"


def test_ingest_goes_on_behind_what_cannot_be_read(run: Run, tmp_path: Path) -> None:
    lines = [json.dumps(ITEMS[0]), "{broken", json.dumps(ITEMS[0])]
    (tmp_path / "items.jsonl").write_text("\n".join(lines), "utf-8")
    done = run("ingest", str(tmp_path / "items.jsonl"), "--ledger", str(tmp_path / "a.ledger"))
    assert done.code == 1
    assert done.out.splitlines()[0] == "items: 1 new, 1 known already, 1 failed"
    assert done.out.splitlines()[-1].startswith(f"{tmp_path / 'a.ledger'}: 1 item, ")
    assert "Line 2 of" in done.err
    again = run("ingest", str(tmp_path / "items.jsonl"), "--ledger", str(tmp_path / "a.ledger"), "--json")
    assert [again.objects[0][name] for name in ("new", "known", "failed")] == [0, 2, 1]


def test_events_as_json_have_words_and_origins(run: Run, ledger: Path) -> None:
    done = run("events", "--between", "Estlands", "Chile", "--type", "AGREE", "--json")
    assert (done.code, done.err) == (0, "")
    (row,) = done.objects
    assert [row[name] for name in ("type", "source", "document", "outlet", "origin_names")] == [
        "AGREE", ["EST", "CHL"], "a", "Nordpost", [{"name": "NPA", "items": 1, "state": None}],
    ]  # fmt: skip
    ((start, end),) = row["evidence"]  # type: ignore[misc]
    assert str(ITEMS[0]["text"])[start:end] == row["words"]


def test_tables_fit_eighty_columns(run: Run, ledger: Path) -> None:
    for command in ("events", "statements", "promises", "figures", "brief", "stats"):
        done = run(command, *DAYS.get(command, ()))
        assert (command, done.code) == (command, 0)
        assert max(map(len, done.out.splitlines())) <= 80
        assert "\x1b" not in done.out


def test_figures_show_the_conflict(run: Run, ledger: Path) -> None:
    done = run("figures", "Handelsvolumen", "--between", "EST", "CHL")
    assert done.code == 0
    lines = [re.sub(r"f-\w{8}$", "ID", line) for line in done.out.splitlines()]
    assert lines[:3] == [
        "trade CHL+EST",
        "2030        400 million USD  2031-05-05 NPA in Nordpost     ID",
        "            470 million USD  2031-05-06 Harbour Gazette     ID",
    ]
    assert "conflict: Trade of CHL and EST in 2030: two origins differ" in " ".join(done.out.split())


def test_csv_for_a_german_excel(run: Run, ledger: Path) -> None:
    done = run("promises", "--on", "2031-06-01", "--csv", "--german")
    assert done.out.startswith("\ufeffid;status;on;due;")
    rows = list(csv.DictReader(io.StringIO(done.out.lstrip("\ufeff"), newline=""), delimiter=";"))
    (trade,) = [row for row in rows if "double" in row["action"]]
    assert [trade[name] for name in ("status", "due", "parties", "target", "entries")] == [
        "open", "2035-12-31", "EST; CHL", "2×", "1",
    ]  # fmt: skip


def test_a_promise_with_its_history(run: Run, ledger: Path) -> None:
    (row,) = run("promises", "--on", "2031-06-01", "--text", "double", "--json").objects
    done = run("promise", str(row["id"])[:10], "--on", "2035-12-01", "--json")
    (found,) = done.objects
    assert (found["status"], found["due"]) == ("due", "2035-12-31")
    assert [(turn["entry"], turn["evidence"]["document"]) for turn in found["history"]] == [("announced", "a")]  # type: ignore[index, attr-defined]
    assert "announced" in run("promise", str(row["id"]), "--on", "2035-12-01").out
    assert "had not been made on 2031-01-01" in run("promise", str(row["id"]), "--on", "2031-01-01").err


def test_the_dossier_is_one_object_of_the_agreed_shape(run: Run, ledger: Path) -> None:
    (found,) = run("dossier", "--on", "2031-12-31", "--json").objects
    assert list(found) == ["documents", "copies", "stories", "promises", "conflicts"]
    assert found["documents"] == [{"id": "a", "name": "first"}, {"id": "b", "name": "second"}]
    assert found["conflicts"] == [
        {
            "indicator": "trade", "subjects": ["CHL", "EST"], "start": "2030-01-01", "end": "2030-12-31",
            "claims": [
                {"document": "a", "value": 4.0e8, "unit": "USD"}, {"document": "b", "value": 4.7e8, "unit": "USD"},
            ],
        }
    ]  # fmt: skip
    (before,) = run("dossier", "--on", "2031-05-05", "--json").objects
    assert ([one["id"] for one in before["documents"]], before["conflicts"]) == (["a"], [])  # type: ignore[index, attr-defined]


def test_a_brief_is_one_object(run: Run, ledger: Path) -> None:
    (found,) = run("brief", "--since", "7d", "--on", "2031-05-07", "--json").objects
    assert [found[name] for name in ("since", "until", "items", "cut")] == ["2031-04-30", "2031-05-07", 2, False]
    assert [one["action"] for one in found["made"]] == ["double their bilateral trade by 2035"]  # type: ignore[attr-defined]
    assert [one["indicator"] for one in found["contradictions"]] == ["trade"]  # type: ignore[attr-defined]


def test_timeline_person_balance_story_and_why(run: Run, ledger: Path) -> None:
    (event,) = run("events", "--type", "AGREE", "--json").objects
    assert event["id"] in {row["id"] for row in run("timeline", "Estonia", "Chile", "--json").objects}
    (month,) = run("balance", "EST", "CHL", "--json").objects
    assert (month["period"], month["verbal_cooperation_stories"]) == ("2031-05", 1)
    why = run("why", str(event["id"]))
    assert f"«{event['words']}»" not in why.out
    assert str(event["words"]) in " ".join(why.out.split())
    (explained,) = run("why", str(event["id"]), "--json").objects
    assert (explained["id"], explained["stands"], explained["judgements"]) == (event["id"], True, [])
    assert run("story", str(event["id"]), "--json").objects[0]["id"] == event["story"]
    nobody = run("person", "Nobody Atall")
    assert (nobody.code, nobody.err) == (1, "Nothing in the ledger fits.\n")


def test_a_judgement_wins_and_is_shown(run: Run, own: Path) -> None:
    figures = run("figures", "--json").objects
    claims = [claim for one in figures for period in one["periods"] for claim in period["claims"]]  # type: ignore[attr-defined]
    wrong = next(claim["record"] for claim in claims if claim["value"] == 4.7e8)
    done = run("judge", wrong, "wrong", "--by", "Anna", "--note", "misread")
    assert done.code == 0
    assert done.out.endswith(f"Anna: {wrong} wrong\n")
    assert run("dossier", "--on", "2031-12-31", "--json").objects[0]["conflicts"] == []
    assert "wrong by Anna" in run("why", wrong).out


def test_a_redaction_takes_the_text_out_for_good(run: Run, own: Path, tmp_path: Path) -> None:
    asked = run("redact", "b", "--reason", "take-down", "--by", "Anna")
    assert (asked.code, asked.err) == (
        2, "communique: Nothing was taken out; give --yes to do it without being asked.\n",
    )  # fmt: skip
    done = run("redact", "b", "--reason", "take-down", "--by", "Anna", "--yes")
    assert done.out.startswith("b: 1 text and ")
    found = run("dossier", "--on", "2031-12-31", "--json").objects[0]
    assert (found["documents"], found["conflicts"]) == ([{"id": "a", "name": "first"}], [])
    (tmp_path / "b.jsonl").write_text(json.dumps(ITEMS[1]), "utf-8")
    run("ingest", str(tmp_path / "b.jsonl"))
    (again,) = run("dossier", "--on", "2031-12-31", "--json").objects
    assert again["documents"] == [{"id": "a", "name": "first"}]


def test_export_writes_a_table(run: Run, ledger: Path, tmp_path: Path) -> None:
    done = run("export", "documents", "--out", str(tmp_path / "d.jsonl"))
    assert (done.code, done.err) == (0, f"2 rows written to {tmp_path / 'd.jsonl'}\n")
    assert [json.loads(line)["id"] for line in (tmp_path / "d.jsonl").read_text("utf-8").splitlines()] == [
        "a",
        "b",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("events", "--since", "never"), "'never' is no day"),
        (("events", "--text", " "), "--text has no words"),
        (("events", "--json", "--csv"), "two outputs"),
        (("events", "--german"), "--german goes with --csv"),
        (("events", "--forward"), "--forward goes with --between"),
        (("events", "--after", "here"), "'here'"),
        (("events", "--language", "klingon"), "klingon"),
        (("promises", "--status", "kept"), "not 'kept'"),
        (("promise", "p-nothing"), "no promise 'p-nothing'"),
        (("story", "s-nothing"), "no story 's-nothing'"),
        (("why", "e-nothing"), "no record 'e-nothing'"),
        (("dossier", "--on", "2031"), "no whole day"),
        (("balance", "EST", "CHL", "--by", "week"), "not 'week'"),
        (("judge", "e-nothing", "wrong"), "--by NAME"),
        (("judge", "e-nothing", "wrong", "--by", "Anna"), "e-nothing"),
        (("export", "nothing"), "no table 'nothing'"),
        (("stats", "--ledger", "missing.ledger"), "no ledger at missing.ledger"),
        (("stats", "--ledger", str(ROOT)), "is a folder"),
    ],
)
def test_bad_arguments_are_one_sentence_and_exit_two(
    run: Run, ledger: Path, arguments: tuple[str, ...], words: str
) -> None:
    done = run(*arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert done.err.count("\n") == 1


def test_without_a_ledger_the_variable_is_named(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COMMUNIQUE_LEDGER", raising=False)
    done = run("events")
    assert (done.code, done.err) == (
        2, "communique: No ledger is named; give --ledger FILE, or set COMMUNIQUE_LEDGER.\n",
    )  # fmt: skip


def test_nothing_found_is_said_with_a_hint(run: Run, ledger: Path) -> None:
    done = run("events", "--actor", "XQZ")
    assert done.code == 1
    assert done.err == (
        "'XQZ' is not in the knowledge; try another spelling, or a code such as KAZ.\nNothing in the ledger fits.\n"
    )
