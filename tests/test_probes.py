"""The probes load and are many; the assertion language says what it says; the shares hold their floors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from evaluation import probing
from evaluation.probing import Case, ProbeError, Result, Side, case, interval, judge, load, names, parse, shares

from communique.records import Actor, Commitment, Document, Entity, Event, Figure, Layers, Quantity, Reading, Statement

TEXT = "Teo Varnak sagte: Wir bleiben. Frankreich kritisierte Belgien und will 41 Mrd. USD zahlen."
SURE: dict[str, Any] = {"evidence": (), "confidence": 0.9, "why": ""}


def actor(code: str | None, entity: str | None = None, text: str = "") -> Actor:
    return Actor(code, "GOV", entity, text, None)


def event(type: str, source: list[str], target: list[str], modality: str, **changed: Any) -> Event:
    about: dict[str, Any] = {
        "id": "e", **SURE, "asserted_by": None, "mode": None, "contexts": (), "cameo": None, "quad": "",
        "goldstein": None, "place": None, "start": None, "end": None, "precision": None, "trigger": (),
    }  # fmt: skip
    sides = {"source": tuple(map(actor, source)), "target": tuple(map(actor, target))}
    return Event(**{**about, "type": type, **sides, "modality": modality, **changed})


def statement(*speakers: Actor) -> Statement:
    content = ((18, 29),)
    return Statement(
        "s", **SURE, asserted_by=None, speakers=speakers, anonymous=False, cue=(), content=content, form="direct"
    )


def commitment(kind: str, *parties: str) -> Commitment:
    empty: dict[str, Any] = dict.fromkeys(("beneficiaries", "cue", "action_text", "fields", "condition"), ())
    last: dict[str, Any] = {"deadline": None, "target": None, "event": None}
    who = tuple(map(actor, parties))
    return Commitment("c", **SURE, asserted_by=None, kind=kind, parties=who, action="", **empty, **last)


def figure(value: float, unit: str) -> Figure:
    last: dict[str, Any] = dict.fromkeys(("start", "end", "precision", "change", "rank"))
    return Figure(
        "f", **SURE, asserted_by=None, indicator="aid", label="", subjects=(), counterparts=(), value=value,
        value_max=None, unit=unit, bound="exact", status="reported", **last,
    )  # fmt: skip


READING = Reading(
    Document(TEXT, "d", "t"),
    entities=(Entity("p", "person", "Teo Varnak", None, None, None, None, (), 0.9, ""),),
    statements=(statement(actor(None, "p", "er")),),
    events=(
        event("ACCUSE", ["FRA"], ["BEL"], "actual"),
        event("CONSULT", ["CHN", "KAZ"], ["CHN", "KAZ"], "planned"),
        event("ASSAULT", ["RUS", "BLR"], [], "actual", asserted_by="s"),
        event("AID", ["FRA"], ["KEN"], "alleged"),
        event("SANCTION", ["FRA"], ["KEN"], "actual", confidence=0.4),
    ),
    commitments=(commitment("pledge", "FRA"),),
    figures=(figure(4.1e10, "USD"),),
    layers=Layers(quantities=(Quantity((0, 1), -5000.0, 7000.0, "persons", "range", None),)),
)


def holds(words: str, reading: Reading = READING) -> bool:
    return all(assertion.holds(reading) for assertion in parse(words))


@pytest.mark.parametrize(
    "words",
    [
        "ACCUSE",
        "ACCUSE actual",
        "ACCUSE FRA > BEL",
        "ACCUSE FRA > BEL actual",
        "ACCUSE|REJECT FRA > BEL plain",
        "any FRA > BEL",
        "ACCUSE * > BEL planned|actual",
        "ACCUSE FRA & BEL",
        "CONSULT CHN & KAZ planned",
        "CONSULT CHN+KAZ > KAZ+CHN planned",
        "ASSAULT RUS+* > - actual",
        "ASSAULT RUS+BLR > * told",
        "AID FRA > KEN told",
        "AID FRA > KEN alleged",
        "no SANCTION",
        'said Varnak "bleiben"',
        "said Varnak",
        "value 4.1e10 USD",
        "value 41000000000",
        "value 5000..7000 persons",
        "commitment",
        "commitment FRA",
        "commitment goal|pledge FRA",
        "ACCUSE FRA > BEL; no ACCUSE planned",
    ],
)
def test_what_holds(words: str) -> None:
    assert holds(words)
    if ";" not in words:
        assert not holds(words.removeprefix("no ") if words.startswith("no ") else f"no {words}")


@pytest.mark.parametrize(
    "words",
    [
        "REJECT",
        "ACCUSE planned",
        "ACCUSE BEL > FRA",
        "ACCUSE FRA > -",
        "ACCUSE FRA & KEN",
        "CONSULT CHN > KAZ",
        "ASSAULT RUS > *",
        "ASSAULT RUS+BLR > * plain",
        "AID actual",
        "ACCUSE told",
        "SANCTION FRA > KEN actual",
        'said Varnak "gehen"',
        "said FRA",
        "said Varnak+FRA",
        "value 4.1e9 USD",
        "value 4.1e10 EUR",
        "value 5000 persons",
        "commitment goal",
        "commitment BEL",
        "ACCUSE FRA > BEL; ACCUSE planned",
    ],
)
def test_what_does_not_hold(words: str) -> None:
    assert not holds(words)


@pytest.mark.parametrize(
    "words", ["accuse", "ACCUSE FRA BEL actual", "ACCUSE FRA > BEL certain", "value many", "said", ""]
)
def test_what_is_no_assertion(words: str) -> None:
    with pytest.raises(ProbeError):
        parse(words)


def test_nothing_read_gives_no_event_and_no_likeness() -> None:
    nothing = Reading(Document(TEXT, "d", "t"))
    assert not holds("ACCUSE actual", nothing)
    assert holds("no ACCUSE actual", nothing)
    alike = case("p", "both", 1, {"same": "events", "de": "Eins.", "en": "One."})
    assert judge(alike, [READING, READING]).failures == ()
    assert len(judge(alike, [READING, nothing]).failures) == 2
    assert len(judge(alike, [nothing, nothing]).failures) == 2


def test_a_case_of_a_file() -> None:
    made = case("voice", "de", 3, {"ACCUSE FRA > BEL": ["Eins.", "Zwei."], "same": "shape", "no AID": "Drei."})
    assert made.id == "voice/de/03"
    assert made.same == "shape"
    assert [(side.text, side.language, [a.words for a in side.assertions]) for side in made.sides] == [
        ("Eins.", "de", ["ACCUSE FRA > BEL"]),
        ("Zwei.", "de", ["ACCUSE FRA > BEL"]),
        ("Drei.", "de", ["no AID"]),
    ]
    with pytest.raises(ProbeError, match="voice/de/04"):
        case("voice", "de", 4, {"same": "everything", "de": "Eins."})


def test_one_failed_side_fails_the_case() -> None:
    twin = Case("p/de/01", "p", "de", tuple(Side(TEXT, "de", parse(words)) for words in ("ACCUSE actual", "no AID")))
    failures = judge(twin, [READING, READING]).failures
    assert [failure.split(" | ")[0] for failure in failures] == ["no AID"]
    results = [Result(twin, failures), Result(twin, ()), Result(Case("p/en/01", "p", "en", ()), ())]
    assert shares(results) == {"p": {"de": 0.5, "en": 1.0, "all": 2 / 3}}


def test_an_interval_stays_between_nothing_and_all() -> None:
    assert interval(0, 0) == (0.0, 0.0)
    assert [round(bound, 3) for bound in interval(5, 10)] == [0.237, 0.763]
    assert [round(bound, 3) for bound in interval(10, 10)] == [0.722, 1.0]


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "twice.yaml").write_text("cases:\n  de:\n    - ACCUSE: Eins.\n      ACCUSE: Zwei.\n", "utf-8")
    with pytest.raises(ProbeError, match="'ACCUSE' stands twice"):
        load("twice", tmp_path)


@pytest.mark.parametrize("probe", names())
def test_every_probe_has_cases_in_both_languages(probe: str) -> None:
    cases = load(probe)
    sections = {one.language for one in cases}
    assert sections in ({"de", "en"}, {"both"})
    for section in sections:
        assert sum(one.language == section for one in cases) >= 20
    texts = [[side.text for side in one.sides] for one in cases]
    assert len({tuple(sides) for sides in texts}) == len(texts)
    assert all(one.same or any(side.assertions for side in one.sides) for one in cases)
    assert (probing.FOLDER / f"{probe}.yaml").read_text("utf-8").startswith("# FICTION")


def test_no_case_is_passed_by_an_empty_reading() -> None:
    passed = [
        one.id
        for one in (one for probe in names() for one in load(probe))
        if not judge(one, [Reading(Document(side.text, "d", "t")) for side in one.sides]).failures
    ]
    assert passed == []


def test_every_probe_has_a_floor() -> None:
    assert sorted(probing.read_floors()) == names()


@pytest.mark.slow
def test_no_probe_falls_below_its_floor() -> None:
    reached = shares(probing.run(one for probe in names() for one in load(probe)))
    floors = probing.read_floors()
    assert [probe for probe, row in reached.items() if row["all"] < floors[probe]] == []


def test_the_command_line_writes_what_it_prints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.json"
    assert probing.main(["--probe", "speakers", "--language", "de", "-v", "--json", str(out)]) == 0
    kept = json.loads(out.read_text("utf-8"))
    assert kept["overall"]["cases"] == sum(one.language == "de" for one in load("speakers"))
    assert kept["probes"]["speakers"]["de"] == kept["overall"]["share"]
    printed = capsys.readouterr().out
    assert all(failure in printed for failures in kept["failed"].values() for failure in failures)
    assert f"overall {kept['overall']['share']:.3f}" in printed
