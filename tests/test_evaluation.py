"""The scorers give what counting by hand gives; items resolve; runs compare; the gate holds its floors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from evaluation import compare, corpus, gate, public, score
from evaluation.counting import Case, Count, Outcome, interval, macro, total
from evaluation.items import FOLDER, AnnotationError, Text, load_folder, load_item, offsets, read_text, resolve

TEXT = "Kenia kritisierte am Montag Belgien. „Es reicht“, sagte Weru. Der Handel stieg 2019 um 4 % auf 2 Mrd. Euro."


def at(words: str) -> list[int]:
    start = TEXT.index(words)
    return [start, start + len(words)]


def actor(code: str | None, words: str | None = None, sector: str | None = None) -> dict[str, Any]:
    return {"code": code, "sector": sector, "entity": None, "span": at(words) if words else None}


GOLD: dict[str, Any] = {
    "entities": [
        {"id": "a", "kind": "state", "name": "Kenia", "code": "KEN", "mentions": [at("Kenia")]},
        {"id": "b", "kind": "state", "name": "Belgien", "code": "BEL", "mentions": [at("Belgien")]},
        {"id": "c", "kind": "person", "name": "Weru", "code": None, "mentions": [at("Weru")]},
    ],
    "statements": [{"who": "c", "speaker": at("Weru"), "content": [at("Es reicht")]}],
    "events": [
        {"type": "ACCUSE", "trigger": at("kritisierte"), "source_codes": ["KEN"], "target_codes": ["BEL"]},
        {"type": "COOPERATE", "trigger": at("Handel"), "source_codes": ["KEN", "BEL"], "target_codes": []},
    ],
    "commitments": [{"action": at("auf 2 Mrd. Euro"), "parties": ["KEN"]}],
    "figures": [{"span": at("2 Mrd. Euro"), "value": 2e9, "unit": "EUR", "change_percent": 4}],
    "times": [{"span": at("am Montag"), "value": "2020-07-13"}, {"span": at("2019"), "value": "2019"}],
}


def event(type: str, source: list[Any], target: list[Any], words: str) -> dict[str, Any]:
    return {"type": type, "source": source, "target": target, "evidence": [at(words)], "confidence": 0.9}


READ: dict[str, Any] = {
    "entities": [
        {"id": "x", "kind": "state", "name": "Kenia", "code": "KEN", "mentions": [at("Kenia")]},
        {"id": "y", "kind": "person", "name": "Belgien", "code": None, "mentions": [at("Belgien")]},
    ],
    "statements": [
        {"content": [at("„Es reicht“")], "speakers": [actor(None, "Weru")], "cue": [at("sagte")]},
        {"content": [at("Der Handel stieg")], "speakers": [], "cue": []},
    ],
    "events": [
        event("ACCUSE", [actor("KEN", "Kenia")], [], "Kenia kritisierte"),
        event("COOPERATE", [actor("BEL")], [actor("KEN")], "Der Handel stieg"),
    ],
    "commitments": [{"action_text": [at("2 Mrd. Euro")], "evidence": [], "parties": [actor("KEN", sector="MIL")]}],
    "figures": [
        {"value": 2_000_000_001.0, "unit": "euro", "change": None, "evidence": [at("um 4 % auf 2 Mrd.")]},
        {"value": 4.0, "unit": "%", "change": None, "evidence": [at("4 %")]},
    ],
    "layers": {"times": [{"span": at("Montag"), "value": "2020-07-13"}, {"span": at("2019"), "value": "2018"}]},
}


def test_a_reading_scored_by_hand() -> None:
    outcome = corpus.score(Case("k", TEXT, GOLD), READ)
    assert outcome.counts == {
        "entities": Count(1, 2, 3),
        "statements": Count(1, 2, 1),
        "speakers": Count(1, 2, 1),
        "event_types": Count(2, 2, 2),
        "events": Count(1, 2, 2),
        "commitments": Count(1, 1, 1),
        "figures": Count(1, 2, 1),
        "times_value": Count(1, 2, 2),
    }
    assert "entities: Weru" in outcome.missed
    assert "statements: Der Handel stieg" in outcome.false


def test_an_empty_reading_has_no_false_ones() -> None:
    outcome = corpus.score(Case("k", TEXT, GOLD), {})
    assert outcome.false == []
    assert outcome.counts["events"] == Count(0, 0, 2)


def test_the_gold_itself_is_all_right() -> None:
    reading = {
        **READ,
        "entities": GOLD["entities"],
        "events": [
            event("ACCUSE", [actor("KEN")], [actor("BEL")], "kritisierte"),
            event("COOPERATE", [actor("KEN"), actor("BEL")], [], "Handel"),
        ],
    }
    counts = corpus.score(Case("k", TEXT, GOLD), reading).counts
    assert {counts[name].f1 for name in ("entities", "events", "event_types")} == {1.0}


def test_an_event_told_in_title_and_lead_is_one() -> None:
    told = GOLD["events"][0]
    twice = corpus.gold_events([told, {**told, "trigger": at("reicht")}])
    assert [len(one.evidence) for one in twice] == [2]


@pytest.mark.parametrize(
    ("gold", "found", "same"),
    [
        ({"KEN"}, {"KEN"}, True),
        ({"KEN.REB"}, {"KEN"}, True),
        ({"KEN.REB"}, {"KEN.MIL"}, False),
        ({"KEN", "BEL"}, {"KEN"}, False),
        (set(), set(), True),
    ],
)
def test_codes_agree(gold: set[str], found: set[str], same: bool) -> None:
    assert corpus.same_codes(frozenset(gold), frozenset(found)) is same


def test_a_change_that_stands_alone_is_compared_by_its_percentage() -> None:
    gold = {"span": at("4 %"), "value": None, "unit": "%", "change_percent": -4}
    found = {"value": None, "unit": None, "change": {"percent": -4.05}, "evidence": [at("4 %")]}
    assert corpus.same_figure(gold, found) == 1
    assert corpus.same_figure({**gold, "change_percent": 4}, found) == 0


def test_timex(tmp_path: Path) -> None:
    (tmp_path / "a.tml").write_text(
        '<DCT><TIMEX3 value="2020-01-02">x</TIMEX3></DCT><TEXT>\nSeit <TIMEX3 value="2019">2019</TIMEX3> &amp; '
        '<TIMEX3 tid="t2" value="P1D">einen Tag</TIMEX3>.<TIMEX3 tid="t3" value="P1Y"/></TEXT>',
        "utf-8",
    )
    (case,) = public.load_timex(tmp_path)
    assert (case.text, case.published) == ("Seit 2019 & einen Tag.", "2020-01-02")
    assert case.gold == [(5, 9, "2019"), (12, 21, "P1D")]
    reading = {"layers": {"times": [{"span": [0, 9], "value": "2019"}, {"span": [12, 21], "value": "P2D"}]}}
    counts = public.score_timex(case, reading).counts
    assert counts == {"relaxed": Count(2, 2, 2), "strict": Count(1, 2, 2), "value": Count(1, 2, 2)}


def test_newsquant(tmp_path: Path) -> None:
    gold = [
        {"value": "3-5", "unit": "dollars", "normalized_unit": "united states dollar", "change": "="},
        {"value": "7.0", "unit": "percent", "normalized_unit": "percentage", "change": "up"},
    ]
    path = tmp_path / "q.json"
    path.write_text(json.dumps([{"text": "…", "quantities": gold}]), "utf-8")
    (case,) = public.load_newsquant(path)
    found = [
        {"value": 3.0, "value_max": 5.0, "unit": "USD", "bound": "range", "direction": None},
        {"value": -7.0, "value_max": None, "unit": "kg", "bound": "exact", "direction": "up"},
        {"value": 9.0, "value_max": None, "unit": "%", "bound": "exact", "direction": None},
    ]
    counts = public.score_newsquant(case, {"layers": {"quantities": found}}).counts
    assert counts == {"value": Count(2, 3, 2), "value_unit": Count(1, 3, 2), "change": Count(2, 3, 2)}


def test_attributions(tmp_path: Path) -> None:
    text = "Weru said the war is over. It rained."
    content, speaker, cue = [[10, 25]], [[0, 4]], [[5, 9]]
    path = tmp_path / "a.jsonl"
    item = {"id": "a", "text": text, "attributions": [{"source": speaker, "cue": cue, "content": content}]}
    path.write_text(json.dumps(item) + "\n", "utf-8")
    (case,) = public.load_attributions(path)
    said = {"content": [[14, 25]], "cue": cue, "speakers": [{"span": None}]}
    rained = {"content": [[27, 36]], "cue": [], "speakers": []}
    counts = public.score_attributions(case, {"statements": [said, rained]}).counts
    assert counts["ac"] == Count(0, 2, 1)
    assert counts["c50"] == Count(1, 2, 1)
    assert counts["content_token"] == Count(3, 5, 4)
    assert counts["cue_token"] == Count(1, 1, 1)
    assert counts["source_token"] == Count(0, 0, 1)


def test_plv(tmp_path: Path) -> None:
    path = tmp_path / "p.tsv"
    rows = ["gold_root\tmarked_sentence", "YIELD\t<s>Rome</s> left <t>Gaul</t>.", "AID\t<s>A</s> aids."]
    path.write_text("\n".join(rows) + "\n", "utf-8")
    first, second = public.load_plv(path)
    assert (first.text, first.gold) == ("Rome left Gaul.", {"type": "YIELD", "s": (0, 4), "t": (10, 14)})
    wrong = {"type": "AID", "confidence": 0.9, "source": [{"span": [10, 14]}], "target": []}
    right = {"type": "RETREAT", "confidence": 0.6, "source": [{"span": [0, 4]}], "target": []}
    outcomes = [public.score_plv(first, {"events": [wrong, right]}), public.score_plv(second, {"events": []})]
    counts = total(outcomes)
    assert counts["micro"] == Count(1, 2, 2)
    assert macro(counts, "type:") == pytest.approx(0.5)


def test_germeval(tmp_path: Path) -> None:
    path = tmp_path / "g.tsv"
    tagged = [("In", "O"), ("New", "B-LOC"), ("York", "I-LOC"), ("SPD", "B-ORGpart"), ("Weru", "B-PER")]
    rows = [f"{number}\t{word}\t{tag}\tO" for number, (word, tag) in enumerate(tagged, 1)]
    path.write_text("\n".join(["# source", *rows, "", ""]), "utf-8")
    (case,) = public.load_germeval(path)
    assert case.gold == {(3, 11, "LOC"), (16, 20, "PER")}
    layer = [{"span": [3, 11], "type": "LOC"}, {"span": [16, 20], "type": "ORG"}]
    counts = public.score_germeval(case, {"layers": {"mentions": layer}}).counts
    assert counts["names"] == Count(1, 2, 2)
    assert counts["ORG"] == Count(0, 1, 0)


def test_the_interval_is_repeatable_and_holds_the_value() -> None:
    outcomes = [Outcome({"m": Count(hits, 2, 2)}) for hits in (0, 1, 2, 2, 1)]
    low, high = interval(outcomes, "m")
    assert (low, high) == interval(outcomes, "m")
    assert 0 <= low < 0.6 < high <= 1


ITEM = Text(("Titel", "Er kam und kam wieder.", "Dann ging er."), "2020-01-01", "de", True)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([1, "kam"], "kam"),
        ([1, "Er", "und"], "Er kam und"),
        ([1, "wieder", 2, "ging"], "wieder. Dann ging"),
        ([2, "er"], "er"),
    ],
)
def test_words_become_offsets(words: list[Any], expected: str) -> None:
    start, end = offsets(words, ITEM)
    assert ITEM.text[start:end] == expected


def test_the_second_occurrence_can_be_asked_for() -> None:
    assert offsets([1, "kam", 2], ITEM)[0] > offsets([1, "kam"], ITEM)[0]


def test_whole_words_come_first() -> None:
    item = Text(("T", "Irland und Ir."), "2020-01-01", "de", True)
    assert offsets([1, "Ir"], item) == (3 + 11, 3 + 13)


@pytest.mark.parametrize(
    "record",
    [
        {"k": "time", "span": [1, "ging"], "value": "2020"},
        {"k": "time", "span": [9, "Er"], "value": "2020"},
        {"k": "time", "span": "Er", "value": "2020"},
        {"k": "time", "span": [1, "Er"]},
        {"k": "statement", "content": [[1, "kam"]], "form": "quoted"},
        {"k": "entity", "id": "t1", "kind": "person", "name": "Weru", "names": ["Weru"]},
    ],
)
def test_annotations_that_do_not_resolve_are_errors(record: dict[str, Any]) -> None:
    with pytest.raises(AnnotationError):
        resolve(record, ITEM)


def test_every_annotation_of_every_item_resolves() -> None:
    cases = load_folder()
    assert len(cases) == 30
    assert sorted(case.language or "" for case in cases) == ["de"] * 15 + ["en"] * 15
    for case in cases:
        sentences = len(read_text(FOLDER / f"{case.id}.txt").sentences) - 1
        assert 6 <= sentences <= 14, case.id
        assert all(entity["mentions"] for entity in case.gold["entities"]), case.id
        outer = [one["within"] for one in case.gold["statements"] if one["within"] is not None]
        assert all(number < len(case.gold["statements"]) for number in outer), case.id


def test_an_item_says_where_it_is_broken(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("# published 2020-01-01 de\nTitel\nEr kam.\n", "utf-8")
    (tmp_path / "x.ann").write_text('\n{"k": "time", "span": [1, "nie"], "value": "2020"}\n', "utf-8")
    with pytest.raises(AnnotationError, match=r"x\.ann, line 2: 'nie' is not in sentence 1"):
        load_item(tmp_path / "x.ann")


def test_the_items_cover_types_and_kinds() -> None:
    cases = load_folder()
    types = {event["type"] for case in cases for event in case.gold["events"]}
    kinds = {commitment["kind"] for case in cases for commitment in case.gold["commitments"]}
    assert len(types) == 16
    assert kinds == {"goal", "pledge", "agreement", "plan", "offer"}


def result(f1: float, missed: list[str], false: list[str]) -> dict[str, Any]:
    case = {"counts": {}, "missed": missed, "false": false}
    return {"kind": "corpus", "commit": "abc", "metrics": {"events": {"f1": f1}}, "per_case": {"a": case}}


def test_runs_are_compared_case_by_case(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = tmp_path / "before.json", tmp_path / "after.json"
    before.write_text(json.dumps(result(0.5, ["events: x", "events: y"], ["events: z"])), "utf-8")
    after.write_text(json.dumps(result(0.4, ["events: y", "events: w"], [])), "utf-8")
    assert compare.main([str(before), str(after)]) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "events           0.500 → 0.400  -0.100",
        "found now   a events: x",
        "missed now  a events: w",
        "false gone  a events: z",
    ]


def test_score_writes_results_and_refuses_nonsense(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, out = tmp_path / "c.jsonl", tmp_path / "out.json"
    item = {"id": "k", "text": TEXT, "published": "2020-07-14", "language": "de", **GOLD}
    data.write_text(json.dumps(item) + "\n", "utf-8")
    assert score.main(["corpus", str(data), "--json", str(out)]) == 0
    assert "entities" in capsys.readouterr().out
    assert json.loads(out.read_text("utf-8"))["per_case"]["k"]["counts"]["entities"][2] == 3
    assert score.main(["corpus", str(tmp_path / "none.jsonl")]) == 2
    data.write_text("no json\n", "utf-8")
    assert score.main(["corpus", str(data)]) == 2


def test_floors_are_lifted_and_never_lowered() -> None:
    counts = {"entities": Count(8, 10, 10), "events": Count(1, 10, 10)}
    floors = {"entities": 0.5, "events": 0.4}
    assert gate.below(counts, floors) == ["events"]
    assert gate.lifted(floors, counts) == {"entities": 0.77, "events": 0.4}
    assert gate.below({}, floors) == ["entities", "events"]


def test_there_is_a_floor_for_every_metric() -> None:
    assert set(gate.read_floors(gate.FLOORS)) == set(corpus.METRICS)
