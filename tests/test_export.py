"""Exports: tables and their files, the columns of other data sets, dyad-months, the network, the lock; and balances."""

from __future__ import annotations

import json
import random
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from communique.ask import export as door
from communique.ask.balance import Cell, Row, balance
from communique.ask.export import TABLES, Exporting, export, table
from communique.ask.export_dyads import Counting, dyad_months, months_covered, state_codes
from communique.ask.export_graph import edges, graphml
from communique.ask.export_layouts import GDELT, POLECAT, Scene, gdelt, polecat
from communique.ask.export_lock import citation, lock, summary
from communique.ask.export_table import (
    WRITERS,
    Column,
    Options,
    Table,
    cell,
    to_arrow,
    to_pandas,
    write_csv,
    write_jsonl,
    write_parquet,
)
from communique.errors import CommuniqueError
from communique.knowledge import Knowledge
from communique.ledger import Ledger
from communique.ledger.rows import Filter, Item, Stored
from communique.records import Actor, Document, Entity, Event, Figure, Reading, Statement, record_id, text_hash

KNOWLEDGE = Knowledge.default()
TEXT = "Estlands Präsidentin besuchte die Mongolei."
GOLDSTEIN = {"CONSULT": 1.9, "AID": 7.0, "ACCUSE": -2.0, "SANCTION": -4.0}
QUAD = {
    "CONSULT": "verbal cooperation", "AID": "material cooperation", "ACCUSE": "verbal conflict",
    "SANCTION": "material conflict",
}  # fmt: skip


def actor(code: str) -> Actor:
    """'EST' or 'EST.MIL'."""
    state, _, sector = code.partition(".")
    return Actor(state, sector or "GOV", f"t-{state}", state.lower(), None)


def event(number: int, type: str = "CONSULT", source: str = "EST", target: str = "MNG", **more: Any) -> Event:
    made = Event(
        id=f"e-{number}", evidence=((0, 43),), confidence=0.9, asserted_by=None, why="besuchte", type=type, mode=None,
        contexts=("political",), cameo="042", quad=QUAD[type], goldstein=GOLDSTEIN[type],
        source=tuple(map(actor, source.split())), target=tuple(map(actor, target.split())), place=None,
        start="2024-03-05", end="2024-03-05", precision="day", modality="actual", trigger=((21, 29),),
    )  # fmt: skip
    return replace(made, **more)


def stored(number: int, event: Event, day: str | None = "2024-03-06", **more: Any) -> Stored:
    made = Document(
        TEXT, id=f"d{number}", text_id=text_hash(TEXT), publisher=f"Bote {number}", published=day, language="de"
    )
    return Stored(number, "event", event, Item(number, replace(made, **more), "2024-04-01T10:00:00Z"), TEXT)


def rows(made: Table) -> list[dict[str, Any]]:
    return [dict(zip(made.names, row, strict=True)) for row in made.rows]


def filled(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value not in (None, "")}


# ---- files


@pytest.mark.parametrize("text", ["=1+1", "+49 30", "-1", "@sum", "\tx", "\rx", "＝1"])
def test_formulas_are_defused(text: str) -> None:
    assert cell(text) == "'" + text
    assert cell(text, Options(defused=False)) == text


@pytest.mark.parametrize(
    ("value", "plain", "german"),
    [
        (-1.5, "-1.5", "-1,5"),
        (41000000000.0, "41000000000", "41000000000"),
        (7, "7", "7"),
        (True, "true", "true"),
        (None, "", ""),
        (["=x", "y"], "'=x; y", "'=x; y"),
    ],
)
def test_cells(value: Any, plain: str, german: str) -> None:
    assert (cell(value), cell(value, Options(german=True))) == (plain, german)


def sample() -> Table:
    columns = (Column("name"), Column("value", "float"), Column("codes", "list"), Column("known", "bool"))
    return Table("sample", columns, [('Ö=1; "x"', 1.5, ["A", "B"], True), ("=cmd", None, [], False)])


def test_csv_for_programs_and_for_a_german_excel(tmp_path: Path) -> None:
    assert write_csv(sample(), tmp_path / "a.csv") == 2
    expected = 'name,value,codes,known\r\n"Ö=1; ""x""",1.5,A; B,true\r\n\'=cmd,,,false\r\n'
    assert (tmp_path / "a.csv").read_bytes().decode() == expected
    write_csv(sample(), tmp_path / "b.csv", Options(german=True))
    expected = '\ufeffname;value;codes;known\r\n"Ö=1; ""x""";1,5;"A; B";true\r\n\'=cmd;;;false\r\n'
    assert (tmp_path / "b.csv").read_bytes().decode() == expected


def test_tabs_and_lines_in_a_file_with_tabs(tmp_path: Path) -> None:
    made = Table("t", (Column("a"), Column("b")), [('say "x"\tand\nmore', "y")])
    write_csv(made, tmp_path / "a.tsv", Options(delimiter="\t", header=False))
    assert (tmp_path / "a.tsv").read_bytes() == b'say "x" and more\ty\n'


def test_jsonl_keeps_types(tmp_path: Path) -> None:
    assert write_jsonl(sample(), tmp_path / "a.jsonl") == 2
    assert [json.loads(line) for line in (tmp_path / "a.jsonl").read_text("utf-8").splitlines()] == [
        {"name": 'Ö=1; "x"', "value": 1.5, "codes": ["A", "B"], "known": True},
        {"name": "=cmd", "value": None, "codes": [], "known": False},
    ]


def test_nothing_half_written_is_left(tmp_path: Path) -> None:
    def failing() -> Iterator[Sequence[Any]]:
        yield ("x",)
        raise ValueError("a broken stream")

    (tmp_path / "a.csv").write_text("old")
    with pytest.raises(ValueError, match="broken"):
        write_csv(Table("t", (Column("a"),), failing()), tmp_path / "a.csv")
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]
    assert (tmp_path / "a.csv").read_text() == "old"


def test_a_folder_that_is_missing_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommuniqueError, match=r"no/a\.csv: cannot be written \(No such file or directory\)\.$"):
        write_csv(sample(), tmp_path / "no" / "a.csv")


def test_parquet_without_pyarrow_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    sentence = r"^Parquet and Arrow need the optional package pyarrow: pip install 'communique\[parquet\]'\.$"
    with pytest.raises(CommuniqueError, match=sentence):
        write_parquet(sample(), tmp_path / "a.parquet")
    with pytest.raises(CommuniqueError, match=sentence):
        to_arrow(sample())
    assert list(tmp_path.iterdir()) == []


def test_frames_without_pandas_are_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(CommuniqueError, match=r"^Data frames need the optional package pandas: pip install pandas\.$"):
        to_pandas(sample())


def test_parquet_round_trip(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    assert write_parquet(sample(), tmp_path / "a.parquet") == 2
    assert parquet.read_table(tmp_path / "a.parquet").to_pylist() == [
        {"name": 'Ö=1; "x"', "value": 1.5, "codes": ["A", "B"], "known": True},
        {"name": "=cmd", "value": None, "codes": [], "known": False},
    ]


# ---- layouts


ENTITIES = {
    "t-EST": Entity("t-EST", "person", "Kersti Tamm", "EST", "Q0", "EST", "head_of_state", ((0, 20),), 0.9, ""),
    "t-MNG": Entity("t-MNG", "state", "Mongolei", "MNG", "Q711", "MNG", None, ((30, 42),), 1.0, ""),
    "p": Entity("p", "place", "Ulan-Bator", None, None, "MNG", None, ((30, 42),), 1.0, ""),
}
VISIT = event(1, place="p")


def scene(number: int = 1, made: Event = VISIT, **more: Any) -> Scene:
    return Scene(stored(number, made, url="https://bote.example.org/1"), "s-1", ENTITIES, **more)


def test_polecat_columns() -> None:
    assert len(POLECAT) == 40
    (row,) = rows(polecat([scene()], KNOWLEDGE))
    assert filled(row) == {
        "Event ID": "e-1", "Event Date": "2024-03-05", "Event Type": "CONSULT", "Intensity": 1.9,
        "Quad Code": "VERBAL COOPERATION", "Contexts": "political", "Actor Name": "Kersti Tamm", "Actor Country": "EST",
        "Actor COW": "366", "Primary Actor Sector": "GOV", "Actor Sectors": "GOV", "Actor Title": "head_of_state",
        "Actor Name Raw": "est", "Wikipedia Actor ID": "Q0", "Recipient Name": "Mongolei", "Recipient Country": "MNG",
        "Recipient COW": "712", "Primary Recipient Sector": "GOV", "Recipient Sectors": "GOV",
        "Recipient Name Raw": "mng", "Wikipedia Recipient ID": "Q711", "Placename": "Ulan-Bator", "City": "Ulan-Bator",
        "Country": "Mongolia", "Raw Placename": "die Mongolei", "Feature Type": "place", "Source": "Bote 1",
        "Publication Date": "2024-03-06", "Story People": "Kersti Tamm", "Story Locations": "Mongolei; Ulan-Bator",
        "Language": "de", "Version": "communique",
    }  # fmt: skip


def test_gdelt_columns() -> None:
    assert len(GDELT) == 61
    assert (GDELT[5].name, GDELT[26].name, GDELT[30].name, GDELT[60].name) == (
        "Actor1Code", "EventCode", "GoldsteinScale", "SOURCEURL",
    )  # fmt: skip
    (row,) = rows(gdelt([scene(records=4, outlets=3, items=3)]))
    number = row.pop("GLOBALEVENTID")
    assert 0 <= number < 2**60
    assert filled(row) == {
        "SQLDATE": 20240305, "MonthYear": 202403, "Year": 2024, "FractionDate": 2024.2603, "Actor1Code": "ESTGOV",
        "Actor1Name": "KERSTI TAMM", "Actor1CountryCode": "EST", "Actor1Type1Code": "GOV", "Actor2Code": "MNGGOV",
        "Actor2Name": "MONGOLEI", "Actor2CountryCode": "MNG", "Actor2Type1Code": "GOV", "IsRootEvent": 1,
        "EventCode": "042", "EventBaseCode": "042", "EventRootCode": "04", "QuadClass": 1, "GoldsteinScale": 1.9,
        "NumMentions": 4, "NumSources": 3, "NumArticles": 3, "ActionGeo_Type": "4", "ActionGeo_Fullname": "Ulan-Bator",
        "DATEADDED": 20240401100000, "SOURCEURL": "https://bote.example.org/1",
    }  # fmt: skip


def test_gdelt_has_both_directions_of_what_both_do() -> None:
    both = event(1, source="EST MNG", target="EST MNG")
    found = [(r["Actor1Code"], r["Actor2Code"], r["GLOBALEVENTID"]) for r in rows(gdelt([scene(made=both)]))]
    assert [pair[:2] for pair in found] == [("ESTGOV", "MNGGOV"), ("MNGGOV", "ESTGOV")]
    assert found[0][2] != found[1][2]


def test_gdelt_without_recipient_and_with_a_body() -> None:
    lonely = event(1, target="", source="EST.MIL")
    assert [(r["Actor1Code"], r["Actor2Code"]) for r in rows(gdelt([scene(made=lonely)]))] == [("ESTMIL", None)]
    body = event(1, source="EU.IGO")
    (row,) = rows(gdelt([scene(made=body)]))
    assert (row["Actor1Code"], row["Actor1CountryCode"], row["Actor1KnownGroupCode"]) == ("EU", None, "EU")


@pytest.mark.parametrize("lost", [{"modality": "planned"}, {"modality": "denied"}, {"asserted_by": "s-1"}])
def test_layouts_have_only_what_the_writer_asserts_as_actual(lost: dict[str, Any]) -> None:
    scenes = [scene(made=event(1, **lost))]
    assert rows(polecat(scenes, KNOWLEDGE)) == rows(gdelt(scenes)) == []
    (row,) = rows(gdelt([scene(made=event(1, **lost), speakers=("MNG.GOV",))], extra=True))
    assert [row[name] for name in ("Modality", "Asserted_By", "Speakers", "Confidence", "Date_Basis", "Record")] == [
        lost.get("modality", "actual"), lost.get("asserted_by"), ["MNG.GOV"], 0.9, "event", "e-1",
    ]  # fmt: skip


def test_day_of_publication_is_marked_where_columns_are_asked_for() -> None:
    (row,) = rows(polecat([scene(made=event(1, start=None, end=None))], KNOWLEDGE, extra=True))
    assert (row["Event Date"], row["Date_Basis"]) == ("2024-03-06", "publication")


# ---- dyad-months


COVERED = {"2024-03": (120, 7)}


def told() -> list[tuple[Stored, str | None]]:
    """One visit told by three outlets, one of which doesn't say when; an accusation; aid; a plan; a claim."""
    return [
        (stored(1, event(1)), "s-1"),
        (stored(2, event(2, start=None, end=None), day="2024-04-01"), "s-1"),
        (stored(3, event(3, target="MNG LVA")), "s-1"),
        (stored(4, event(4, "ACCUSE", "MNG", "EST")), None),
        (stored(5, event(5, "AID", start=None, end=None), day="2024-03-31"), None),
        (stored(6, event(6, modality="planned")), None),
        (stored(7, event(7, asserted_by="s-9")), None),
        (stored(8, event(8, target="EU")), None),
    ]


def test_dyad_month_counts_stories_not_articles() -> None:
    assert rows(dyad_months(told(), COVERED, KNOWLEDGE)) == [
        {
            "month": "2024-03", "a": "EST", "b": "LVA", "a_cow": 366, "b_cow": 367, "a_gw": 366, "b_gw": 367,
            "stories": 1, "verbal_cooperation": 1, "material_cooperation": 0, "verbal_conflict": 0,
            "material_conflict": 0, "goldstein": 1.9, "records": 1, "by_publication": 0, "items": 120, "outlets": 7,
        },
        {
            "month": "2024-03", "a": "EST", "b": "MNG", "a_cow": 366, "b_cow": 712, "a_gw": 366, "b_gw": 712,
            "stories": 3, "verbal_cooperation": 1, "material_cooperation": 1, "verbal_conflict": 1,
            "material_conflict": 0, "goldstein": 6.9, "records": 5, "by_publication": 1, "items": 120, "outlets": 7,
        },
    ]  # fmt: skip


def test_directed_dyads_and_bodies() -> None:
    counting = Counting(directed=True, states=False)
    found = [(r["a"], r["b"], r["stories"]) for r in rows(dyad_months(told(), COVERED, KNOWLEDGE, counting))]
    assert found == [("EST", "EU", 1), ("EST", "LVA", 1), ("EST", "MNG", 2), ("MNG", "EST", 1)]


def test_attributed_events_count_where_asked_for() -> None:
    found = rows(dyad_months(told(), COVERED, KNOWLEDGE, Counting(attributed=True)))
    assert [(r["b"], r["stories"]) for r in found] == [("LVA", 1), ("MNG", 4)]


def test_order_of_events_changes_no_dyad() -> None:
    expected = rows(dyad_months(told(), COVERED, KNOWLEDGE))
    for seed in range(5):
        mixed = told()
        random.Random(seed).shuffle(mixed)
        assert rows(dyad_months(mixed, COVERED, KNOWLEDGE)) == expected


def test_months_covered() -> None:
    per_day = [("A", "2024-03-01", 2), ("B", "2024-03-02", 3), ("A", "2024-04-01", 1), (None, None, 9)]
    assert months_covered(per_day) == {"2024-03": (5, 2), "2024-04": (1, 1)}


@pytest.mark.parametrize(
    ("code", "cow", "gw"),
    [
        ("USA", 2, 2), ("DEU", 255, 260), ("YEM", 679, 678), ("SRB", 345, 340), ("TON", 955, 972), ("XKX", 347, 347),
        ("CHN", 710, 710), ("TWN", 713, 713), ("PSE", None, None),
    ],
)  # fmt: skip
def test_codes_of_states(code: str, cow: int | None, gw: int | None) -> None:
    assert state_codes(code, KNOWLEDGE) == (cow, gw)


def test_every_code_of_a_list_is_one_state_s() -> None:
    for name in ("cow", "gw"):
        held = [
            row.more[name] for row in KNOWLEDGE.rows("state") if row.more.get(name) and row.more["status"] == "member"
        ]
        assert len(held) == len(set(held)) >= 190


# ---- network


def test_network_of_actors() -> None:
    root = ET.fromstring("\n".join(graphml(edges(told()), KNOWLEDGE)))
    space = "{http://graphml.graphdrawing.org/xmlns}"
    nodes = {n.get("id"): [d.text for d in n] for n in root.iter(f"{space}node")}
    assert nodes == {
        "EST": ["Estonia", "state", "366", "366"],
        "EU": ["European Union", "igo"],
        "LVA": ["Latvia", "state", "367", "367"],
        "MNG": ["Mongolia", "state", "712", "712"],
    }
    found = {(e.get("source"), e.get("target")): {d.get("key"): d.text for d in e} for e in root.iter(f"{space}edge")}
    assert sorted(found) == [("EST", "EU"), ("EST", "LVA"), ("EST", "MNG"), ("MNG", "EST")]
    assert found[("EST", "MNG")] == {
        "verbal_cooperation": "1", "material_cooperation": "1", "verbal_conflict": "0", "material_conflict": "0",
        "weight": "2", "goldstein": "8.9",
    }  # fmt: skip


# ---- lock


def items() -> list[Item]:
    return [stored(n, event(n), day=f"2024-03-0{n}").item for n in (1, 2, 3)]


def test_lock_is_the_same_in_any_order_and_another_for_another_text() -> None:
    readers = [{"version": "2", "model": "b"}, {"version": "1", "model": "a"}]
    one = lock(summary(items()), readers, 1)
    assert lock(summary(items()[::-1]), readers[::-1], 1) == one
    assert one["readers"] == [{"model": "a", "version": "1"}, {"model": "b", "version": "2"}]
    assert one["items"] == {
        "number": 3, "outlets": 3, "since": "2024-03-01", "until": "2024-03-03", "sha256": one["items"]["sha256"],
    }  # fmt: skip
    first = items()[0]
    changed = replace(first, document=replace(first.document, text_id="0" * 16))
    assert summary([changed, *items()[1:]]).hash != summary(items()).hash
    assert summary(items()[:2]).hash != summary(items()).hash


def test_citation_names_what_an_analysis_rests_on() -> None:
    locked = lock(summary(items()), [{"version": "0.1.0", "model": "m1"}], 1, "2024-06-30")
    locked["package"]["version"], locked["knowledge"], locked["items"]["sha256"] = "0.1.0", "2026.11", "ab"
    assert citation(locked) == (
        "3 news items of 3 outlets (2024-03-01 to 2024-03-03) were read with communique 0.1.0 (model m1; knowledge "
        "2026.11) and exported with communique 0.1.0 (ledger schema 1), as the ledger stood on 2024-06-30. SHA-256 of "
        "the items: ab.\nThe communique authors: communique, version 0.1.0 [software].\n"
    )


# ---- balance


def test_balance_of_a_pair_by_month() -> None:
    events = [one for one, _story in told()]
    stories = {one.key: story for one, story in told() if story}
    found = balance(events, stories, ("EST", "MNG"))
    claimed = Cell(2, 4, 3.8)  # the visit, and what somebody claims
    assert found.rows == (Row("2024-03", claimed, Cell(1, 1, 7.0), Cell(1, 1, -2.0), Cell(), by_publication=1),)
    assert (found.rows[0].stories, found.rows[0].goldstein) == (4, 8.8)
    forward = balance(events, stories, ("EST", "MNG"), direction="forward")
    assert forward.rows == (Row("2024-03", claimed, Cell(1, 1, 7.0), Cell(), Cell(), by_publication=1),)
    year = balance(events, stories, ("MNG", "EST"), by="year", modality=("planned",))
    assert year.rows == (Row("2024", Cell(1, 1, 1.9), Cell(), Cell(), Cell(), by_publication=0),)


def test_balance_has_no_row_for_what_has_no_day() -> None:
    nowhen = stored(1, event(1, start=None, end=None), day=None)
    found = balance([nowhen], {}, ("EST", "MNG"))
    assert (found.rows, found.undated) == ((), 1)


def test_order_of_events_changes_no_balance() -> None:
    stories = {one.key: story for one, story in told() if story}
    expected = balance([one for one, _ in told()], stories, ("EST", "MNG"))
    assert balance([one for one, _ in told()][::-1], stories, ("EST", "MNG")) == expected


# ---- a whole ledger


def reading(number: int, day: str) -> Reading:
    text = f"Estlands Präsidentin besuchte die Mongolei, Bericht {number}."
    name = text_hash(text)
    document = Document(text, id=f"d{number}", text_id=name, publisher=f"Bote {number}", published=day, language="de")
    span = ((0, 43),)
    who = Actor("EST", "GOV", "t1", "Estlands Präsidentin", (0, 20))
    statement = Statement(
        record_id("statement", name, span), span, 0.9, None, "", (who,), False, (), ((21, 42),), "indirect"
    )
    visit = replace(event(number), id=record_id("event", name, span), source=(who,))
    trade = Figure(
        record_id("figure", name, span), span, 0.9, None, "", "trade", "Handel", (who,), (actor("MNG"),), 79e6 + number,
        None, "EUR", "exact", "reported", "2023-01-01", "2023-12-31", "year", None, None,
    )  # fmt: skip
    entity = Entity("t1", "person", "Kersti Tamm", "EST", None, "EST", "head_of_state", ((0, 20),), 0.9, "")
    return Reading(
        document, (entity,), (statement,), (visit,), (), (trade,), reader={"version": "0.1.0", "model": "m1"}
    )


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "l.ledger") as opened:
        keys = [opened.add(reading(n, f"2024-03-0{n}"), recorded="2024-04-01").key for n in (1, 2, 3, 4, 5)]
        events = [s.key for key in keys for s in opened.of_item(key) if s.kind == "event"]
        opened.put_clusters("story", (), [("s-visit", tuple(events[:3]))])
        yield opened


TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,), "int": (int,), "float": (float,), "bool": (bool,), "list": (list,),
}  # fmt: skip


@pytest.mark.parametrize("what", TABLES)
def test_cells_of_every_table_have_the_type_of_their_column(ledger: Ledger, what: str) -> None:
    made = table(ledger, what, Exporting(on="2024-06-30"))
    for row in made.rows:
        assert len(row) == len(made.columns)
        for column, value in zip(made.columns, row, strict=True):
            assert value is None or isinstance(value, TYPES[column.type]), (column, value)


COUNTS = {
    "documents": 5, "statements": 5, "events": 5, "commitments": 0, "figures": 5, "actors": 25, "entities": 5,
    "promises": 0, "entries": 0, "stories": 3, "copies": 0, "conflicts": 0, "coverage": 5, "dyad_months": 1,
    "polecat": 3, "gdelt": 3,
}  # fmt: skip


def test_every_table_in_every_format(ledger: Ledger, tmp_path: Path) -> None:
    for what in TABLES:
        for format in sorted(set(WRITERS) - {"parquet"}):
            assert export(ledger, what, format, tmp_path / f"{what}.{format}", Exporting()) == COUNTS[what], what


def test_pages_are_put_together(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [list(table(ledger, what).rows) for what in ("events", "documents", "dyad_months")]
    monkeypatch.setattr(door, "PAGE", 2)
    assert [list(table(ledger, what).rows) for what in ("events", "documents", "dyad_months")] == whole


def test_filter_and_story_of_events(ledger: Ledger) -> None:
    found = rows(table(ledger, "events", Exporting(Filter(outlets=("Bote 3", "Bote 4")))))
    assert [(r["document"], r["source"], r["start"], r["story"]) for r in found] == [
        ("d3", ["EST.GOV"], "2024-03-05", "s-visit"),
        ("d4", ["EST.GOV"], "2024-03-05", None),
    ]


def test_each_record_of_a_story_where_asked_for(ledger: Ledger) -> None:
    assert len(rows(table(ledger, "gdelt", Exporting(per="record")))) == 5
    first = rows(table(ledger, "gdelt"))[0]
    assert (first["NumMentions"], first["NumSources"], first["NumArticles"]) == (3, 3, 3)


def test_texts_only_where_asked_for(ledger: Ledger) -> None:
    assert "text" not in table(ledger, "documents").names
    assert rows(table(ledger, "documents", Exporting(texts=True)))[0]["text"].endswith("Bericht 1.")


def test_network_lock_and_citation_of_a_ledger(ledger: Ledger, tmp_path: Path) -> None:
    assert export(ledger, "network", "graphml", tmp_path / "n.graphml") == 1
    export(ledger, "lock", "json", tmp_path / "lock.json")
    assert json.loads((tmp_path / "lock.json").read_text())["items"]["number"] == 5
    export(ledger, "citation", "txt", tmp_path / "c.txt")
    assert (tmp_path / "c.txt").read_text().startswith("5 news items of 5 outlets (2024-03-01 to 2024-03-05) were read")


@pytest.mark.parametrize(
    ("what", "format", "sentence"),
    [
        ("nothing", "csv", r"^There is no table 'nothing'; there are documents, "),
        ("events", "xlsx", r"^'xlsx' is no format of tables; use one of csv, jsonl, parquet\.$"),
        ("network", "csv", r"^The network is written as graphml, not as csv\.$"),
        ("lock", "csv", r"^The lock is written as json, not as csv\.$"),
    ],
)
def test_what_is_unknown_is_one_sentence(ledger: Ledger, what: str, format: str, sentence: str) -> None:
    with pytest.raises(CommuniqueError, match=sentence):
        export(ledger, what, format, Path("unused"))
