"""The case that the ledger is measured on: its truth resolves, it is fiction, and its scorer counts what it should."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from evaluation.case import (
    ALL_DAYS,
    ENTRIES,
    STATUSES,
    Case,
    answers,
    as_mapping,
    links,
    load_case,
    main,
    score,
    score_days,
)
from evaluation.counting import Count
from test_examples import known_persons

from communique.document import load
from communique.lexicon import lexicon
from communique.reading import Reader

FOLDER = Path(__file__).parent.parent / "examples" / "case"
HALVES = ("develop", "held")
MARK = "FICTION"
DECIDED = {"fulfilled": "fulfilled", "partly_fulfilled": "partly", "broken": "broken", "withdrawn": "withdrawn"}


@pytest.fixture(scope="module", params=HALVES)
def case(request: pytest.FixtureRequest) -> Case:
    return load_case(FOLDER / request.param)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


def rows(case: Case) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (case.folder / "items.jsonl").read_text("utf-8").splitlines()]


def documents_of(truth: Any) -> Iterator[str]:
    """Every document that the truth names."""
    for group in truth["copies"]:
        yield from group
    for story in truth["stories"]:
        yield from story["documents"]
    for promise in truth["promises"]:
        yield from (mention["document"] for mention in promise["mentions"])
    for conflict in truth["conflicts"]:
        yield from (claim["document"] for claim in conflict["claims"])


def test_items_are_dated_fiction_in_both_languages(case: Case) -> None:
    found = rows(case)
    assert len(case.versions) >= 30
    for row in found:
        assert row["note"].startswith(MARK)
        assert row["name"] == row["id"]
        assert all(row[field] for field in ("published", "publisher", "title"))
        assert "example." in row["url"]
    languages = [row["language"] for row in found]
    assert min(languages.count("de"), languages.count("en")) >= 15
    years = {row["published"][:4] for row in found}
    assert len(years) >= 3


def test_one_item_is_corrected(case: Case) -> None:
    corrected = [versions for versions in case.versions.values() if len(versions) > 1]
    ((first, second),) = corrected
    assert first[1].text != second[1].text
    assert first[0] < second[0]


def test_the_truth_resolves(case: Case) -> None:
    truth = case.truth
    assert truth["about"].startswith(MARK)
    assert set(documents_of(truth)) <= set(case.versions)
    for promise in truth["promises"]:
        for mention in promise["mentions"]:
            item = case.versions[mention["document"]][-1][1]
            assert item.text.count(mention["quote"]) == 1, mention
            assert item.text.index(mention["quote"]) > item.title_end, mention
            assert mention["entry"] in ENTRIES
        assert promise["mentions"][0]["entry"] == "announced"


def test_statuses_are_known_and_begin_when_the_promise_is_made(case: Case) -> None:
    days = case.truth["days"]
    assert len(days) == 4
    for promise in case.truth["promises"]:
        assert set(promise["status"].values()) <= set(STATUSES)
        made = min(case.versions[mention["document"]][0][1].published for mention in promise["mentions"])
        assert list(promise["status"]) == [day for day in days if made[:10] <= day], promise["what"]


def test_statuses_follow_the_calendar(case: Case) -> None:
    """Where nothing has happened, the deadline known on the day decides; without one a promise stays open."""
    for promise in case.truth["promises"]:
        for day, status in promise["status"].items():
            known = [by for since, by in sorted(promise["deadlines"].items()) if since <= day]
            if status in ("open", "due", "lapsed"):
                assert status == by_calendar(day, known[-1] if known else None), (promise["what"], day)


def by_calendar(day: str, deadline: str | None) -> str:
    if deadline is None:
        return "open"
    left = (date.fromisoformat(deadline) - date.fromisoformat(day)).days
    return "lapsed" if left < 0 else "due" if left <= 90 else "open"


def test_what_has_happened_by_a_day_agrees_with_its_status(case: Case) -> None:
    for promise in case.truth["promises"]:
        for day, status in promise["status"].items():
            items = case.on(day)
            entries = {m["entry"] for m in promise["mentions"] if m["document"] in items}
            decided = {DECIDED[entry] for entry in entries & set(DECIDED)}
            assert (status in decided) if decided else (status in ("open", "due", "lapsed")), (promise["what"], day)


def test_every_status_and_entry_occurs_somewhere() -> None:
    promises = [promise for half in HALVES for promise in load_case(FOLDER / half).truth["promises"]]
    assert {status for promise in promises for status in promise["status"].values()} == set(STATUSES)
    assert {mention["entry"] for promise in promises for mention in promise["mentions"]} == set(ENTRIES)


def test_copies_tell_one_story_in_one_language(case: Case) -> None:
    languages = {row["id"]: row["language"] for row in rows(case)}
    stories = links(story["documents"] for story in case.truth["stories"])
    assert links(case.truth["copies"]) <= stories
    assert all(len({languages[id] for id in group}) == 1 for group in case.truth["copies"])
    assert [group for group in case.truth["stories"] if {languages[id] for id in group["documents"]} == {"de", "en"}]


def test_conflicts_use_the_codes_of_the_package(case: Case) -> None:
    known = lexicon("any")["figures"]["indicators"]
    for conflict in case.truth["conflicts"]:
        assert conflict["indicator"] in known
        assert len(conflict["claims"]) in (2, 3)
        assert conflict["start"] <= conflict["end"]


def test_nobody_real_is_named(case: Case, reader: Reader) -> None:
    for item in load(case.folder / "items.jsonl"):
        assert item.document is not None
        assert list(known_persons(item.document.text, reader.knowledge)) == [], item.document.id
        persons = [entity for entity in reader.read(item.document).entities if entity.kind == "person"]
        assert [person.name for person in persons if person.wikidata or person.knowledge] == [], item.document.id


def perfect(case: Case, day: str) -> dict[str, Any]:
    """The dossier of a ledger that is right about everything; its own ids differ from the names."""
    items = case.on(day)

    def mine(ids: list[str]) -> list[str]:
        return [f"doc-{id}" for id in ids if id in items]

    promises = []
    for number, row in enumerate(case.truth["promises"]):
        mentions = []
        for mention in row["mentions"]:
            if mention["document"] in items:
                start = items[mention["document"]].text.index(mention["quote"])
                (id,) = mine([mention["document"]])
                mentions.append({"document": id, "evidence": [[start, start + 5]], "entry": mention["entry"]})
        if mentions:
            promises.append({"id": f"p{number}", "status": row["status"][day], "mentions": mentions})
    conflicts = [
        {**row, "claims": [{**claim, "document": f"doc-{claim['document']}"} for claim in row["claims"]]}
        for row in case.truth["conflicts"]
        if all(claim["document"] in items for claim in row["claims"])
    ]
    return {
        "documents": [{"id": f"doc-{id}", "name": id} for id in items],
        "copies": [mine(group) for group in case.truth["copies"]],
        "stories": [{"id": "s", "documents": mine(story["documents"])} for story in case.truth["stories"]],
        "promises": promises,
        "conflicts": conflicts,
    }


def test_a_ledger_that_is_right_scores_one(case: Case) -> None:
    outcomes = score_days(case, {day: perfect(case, day) for day in case.truth["days"]})
    assert [outcome.missed + outcome.false for outcome in outcomes.values()] == [[], [], [], []]
    metrics = as_mapping(outcomes)["metrics"][ALL_DAYS]
    assert {name: metric["f1"] for name, metric in metrics.items()} == dict.fromkeys(metrics, 1.0)
    assert metrics["statuses"]["gold"] == sum(len(promise["status"]) for promise in case.truth["promises"])


ITEMS = [
    {
        "id": "a",
        "title": "Bridge",
        "published": "2030-01-10",
        "text": "Fiji will build a bridge. Chad will plant trees.",
    },
    {"id": "b", "title": "Again", "published": "2030-02-10", "text": "Trade was 5 dollars. Fiji will build a bridge."},
    {"id": "c", "title": "Open", "published": "2030-03-10", "text": "The bridge is open. Trade was 9 dollars."},
    {"id": "d", "title": "Later", "published": "2030-09-10", "text": "Nobody plants trees. It rains."},
]
TRUTH = {
    "about": "FICTION", "days": ["2030-06-30"], "copies": [["a", "b"]],
    "stories": [{"what": "s", "documents": ["c", "d"]}],
    "promises": [
        {"what": "bridge", "status": {"2030-06-30": "fulfilled"}, "mentions": [
            {"document": "a", "quote": "Fiji will build a bridge", "entry": "announced"},
            {"document": "b", "quote": "Fiji will build a bridge", "entry": "reaffirmed"},
            {"document": "c", "quote": "The bridge is open", "entry": "fulfilled"}]},
        {"what": "trees", "status": {"2030-06-30": "open"}, "mentions": [
            {"document": "a", "quote": "Chad will plant trees", "entry": "announced"},
            {"document": "d", "quote": "Nobody plants trees", "entry": "broken"}]},
    ],
    "conflicts": [{"indicator": "trade", "subjects": ["FJI", "TCD"], "start": "2029-01-01", "end": "2029-12-31",
                   "claims": [{"document": "b", "value": 5}, {"document": "c", "value": 9}]}],
}  # fmt: skip


@pytest.fixture
def tiny(tmp_path: Path) -> Case:
    (tmp_path / "items.jsonl").write_text("\n".join(json.dumps(item) for item in ITEMS), "utf-8")
    (tmp_path / "truth.json").write_text(json.dumps(TRUTH), "utf-8")
    return load_case(tmp_path)


def mention(document: str, start: int, entry: str) -> dict[str, Any]:
    return {"document": document, "evidence": [[start, start + 10]], "entry": entry}


def conflict(*documents: str, indicator: str = "trade") -> dict[str, Any]:
    claims = [{"document": id, "value": 5, "unit": "USD"} for id in documents]
    return {"indicator": indicator, "subjects": ["FJI"], "start": None, "end": None, "claims": claims}


def dossier() -> dict[str, Any]:
    """The bridge is found in two of three items, with one entry wrong; the trees are found, but held to be due."""
    return {
        "documents": [{"id": id, "name": id} for id in "abc"],
        "copies": [["a", "b", "c"]],
        "stories": [],
        "promises": [
            {"id": "1", "status": "fulfilled",
             "mentions": [mention("a", 8, "announced"), mention("c", 6, "progressed")]},
            {"id": "2", "status": "due", "mentions": [mention("a", 34, "announced")]},
            {"id": "3", "status": "open", "mentions": [mention("b", 7, "announced"), mention("c", 26, "announced")]},
        ],
        "conflicts": [conflict("b", "c"), conflict("a", "c"), conflict("b", "c", indicator="aid")],
    }  # fmt: skip


def test_what_is_counted(tiny: Case) -> None:
    counts = score(tiny, "2030-06-30", dossier()).counts
    assert counts["copies"] == Count(hits=1, found=3, gold=1)
    assert counts["stories"] == Count(hits=0, found=0, gold=0)  # one of its two items is not out yet
    assert counts["promises"] == Count(hits=2, found=2, gold=3)
    assert counts["each promise"] == Count(hits=1, found=2, gold=3)
    assert counts["entries"] == Count(hits=2, found=3, gold=4)
    assert counts["statuses"] == Count(hits=1, found=2, gold=2)
    assert counts["conflicts"] == Count(hits=1, found=3, gold=1)


def test_another_promise_of_the_same_item_is_no_match(tiny: Case) -> None:
    other = {"id": "1", "status": "fulfilled", "mentions": [mention("a", 34, "announced")]}
    counts = score(tiny, "2030-06-30", {**dossier(), "promises": [other]}).counts
    assert counts["statuses"] == Count(hits=0, found=1, gold=2)


def test_answers_do_not_depend_on_order_and_ids() -> None:
    one, other = dossier(), dossier()
    other["promises"] = [{**promise, "id": f"x{promise['id']}"} for promise in reversed(other["promises"])]
    other["copies"] = [["c", "b", "a"]]
    assert answers(one) == answers(other)
    other["promises"][0]["status"] = "lapsed"
    assert answers(one) != answers(other)


def test_the_command_prints_a_table(tiny: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "2030-06-30.json"
    path.write_text(json.dumps(dossier()), "utf-8")
    assert main([str(tiny.folder), str(path), "-v"]) == 0
    printed = capsys.readouterr().out
    assert "copies         0.333  1.000  0.500      1     3     1" in printed.splitlines()
    assert "2030-06-30 missed status open, not due: trees" in printed.splitlines()
    assert main([str(tiny.folder), str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["metrics"][ALL_DAYS]["statuses"]["recall"] == 0.5


def test_dossiers_need_a_day_that_is_scored(tiny: Case, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("some.json", "2031-01-01.json"):
        (tmp_path / name).write_text(json.dumps(dossier()), "utf-8")
        assert main([str(tiny.folder), str(tmp_path / name)]) == 2
    assert main([str(tmp_path / "nothing"), str(tmp_path / "some.json")]) == 2
    errors = capsys.readouterr().err.splitlines()
    assert "of which day" in errors[0]
    assert "says nothing about 2031-01-01" in errors[1]
    assert "is no case" in errors[2]


def test_a_run_ingests_the_items_and_asks_for_every_day(
    tiny: Case, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command is stood in for by one whose answer depends on the order of the items."""
    asked: list[tuple[str, ...]] = []
    orders: list[list[str]] = []

    def communique(command: str, *arguments: str) -> str:
        asked.append((command, *arguments[arguments.index("--ledger") + 2 :]))
        if command == "ingest":
            lines = Path(arguments[0]).read_text("utf-8").splitlines()
            orders.append([json.loads(line)["id"] for line in lines])
            return ""
        return json.dumps({**dossier(), "copies": [orders[-1][:2]]})

    monkeypatch.setattr("evaluation.case._communique", communique)
    assert main([str(tiny.folder), "--run", "--shuffle", "1", "--json"]) == 0
    assert asked == [("ingest",), ("dossier", "--on", "2030-06-30", "--json")] * 2
    assert orders[0] == ["a", "b", "c", "d"]
    assert sorted(orders[1]) == orders[0] != orders[1]
    assert json.loads(capsys.readouterr().out)["order_matters_on"] == ["2030-06-30"]
    assert main([str(tiny.folder), "--run"]) == 0
    assert orders[2] == orders[0]
