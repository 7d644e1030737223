"""What people say lies over the records, wins, and is not lost; what has to go, goes. All items are invented."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_items import FICTION, NEWER, actor, commitment, event, figure, meeting, reading, statement

from communique.errors import LedgerError
from communique.ledger import Ledger
from communique.ledger.rows import Added, Cluster, Entry, Filter, Judgement, Link, Redaction
from communique.records import Entity, Event, Problem

TEXT = "EST met CHL. PER blamed BRA." + FICTION
MET = event(TEXT, "EST met CHL", "CONSULT", "EST", "CHL", start="2031-05-01")
BLAMED = event(TEXT, "PER blamed BRA", "ACCUSE", "PER", "BRA", confidence=0.4)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger(path) as opened:
        opened.add(reading(TEXT, MET, BLAMED), recorded="2031-06-01")
        yield opened


def said(verdict: str, record: str, other: str | None = None, **fields: str) -> Judgement:
    return Judgement(verdict, record, other, **{"author": "Ada", "time": "2031-06-02T08:00:00Z", **fields})  # type: ignore[arg-type]


def found(ledger: Ledger, **fields: object) -> list[int]:
    return [one.key for one in ledger.records(Filter(**fields))]  # type: ignore[arg-type]


def test_judged_wrong_is_left_out_and_kept(ledger: Ledger) -> None:
    kept = ledger.judge(said("wrong", MET.id, note="They did not."))
    assert kept == said("wrong", MET.id, note="They did not.")
    assert found(ledger, min_confidence=0) == [2]
    assert ledger.stored([1])[0].judged == (kept,)
    assert ledger.stored([1])[0].record == MET
    assert [one.key for one in ledger.of_item(1)] == [1, 2]
    assert ledger.judgements(MET.id) == ledger.judgements() == [kept]
    assert found(ledger, as_of="2031-06-01") == [1]
    assert found(ledger, as_of="2031-06-02") == []


def test_the_last_word_counts(ledger: Ledger) -> None:
    ledger.judge(said("wrong", MET.id))
    ledger.judge(said("unsure", MET.id, author="Bea", time="2031-06-03"))
    assert found(ledger) == [1]
    ledger.judge(said("wrong", MET.id, author="Cy", time="2031-06-02T09:00:00Z"))
    assert found(ledger) == [1]
    ledger.judge(said("wrong", MET.id, author="Bea", time="2031-06-03"))
    assert found(ledger) == []
    assert [(one.author, one.verdict) for one in ledger.stored([1])[0].judged] == [
        ("Bea", "wrong"),
        ("Bea", "unsure"),
        ("Cy", "wrong"),
        ("Ada", "wrong"),
    ]


def test_judged_right_is_found_whatever_the_reader_thought(ledger: Ledger) -> None:
    assert found(ledger) == [1]
    ledger.judge(said("right", BLAMED.id))
    assert found(ledger, min_confidence=0.95) == [2]
    assert ledger.stored([2])[0].record.confidence == 0.4


def test_an_id_may_be_cut_short(ledger: Ledger) -> None:
    assert ledger.judge(said("right", MET.id[:9])).record == MET.id
    with pytest.raises(LedgerError, match="2 records begin with 'e-'; give more of the id"):
        ledger.judge(said("right", "e-"))


def test_an_empty_time_is_now(ledger: Ledger) -> None:
    assert ledger.judge(said("right", MET.id, time="")).time > "2026"


@pytest.mark.parametrize(
    ("judgement", "sentence"),
    [
        (said("same", MET.id), "About one record one can say right, wrong, unsure, not 'same'."),
        (said("right", MET.id, BLAMED.id), "About two records one can say same, different, unsure, not 'right'."),
        (said("right", MET.id, author=" "), "A judgement needs the name of its author."),
        (said("right", "e-nothing"), "There is no record 'e-nothing'."),
        (said("same", MET.id, "one"), "Only two of a kind can be the same or different, not event and document."),
        (said("unsure", MET.id, BLAMED.id, field="type"), "A field is corrected in one record, not in two."),
        (said("right", MET.id, field="kind", value="x"), "This event has no field 'kind'."),
        (said("right", MET.id, field="source.5.code", value="x"), "This event has no field 'source.5.code'."),
        (
            said("right", MET.id, field="goldstein", value="much"),
            "The field 'goldstein' of this event cannot be 'much'.",
        ),
        (
            said("right", MET.id, field="evidence", value="[]"),
            "The field 'evidence' says which record it is and cannot be corrected.",
        ),
        (
            said("right", "one", field="title", value="x"),
            "A document's fields are its publisher's; only those of records can be corrected.",
        ),
    ],
)
def test_judgements_that_make_no_sense(ledger: Ledger, judgement: Judgement, sentence: str) -> None:
    with pytest.raises(LedgerError) as raised:
        ledger.judge(judgement)
    assert str(raised.value) == sentence
    assert ledger.judgements() == []


# Corrections


def corrected(ledger: Ledger, key: int = 1) -> Event:
    record = ledger.stored([key])[0].record
    assert isinstance(record, Event)
    return record


def test_corrected_fields_are_handed_out_and_found(ledger: Ledger) -> None:
    for field, value in (
        ("type", "AGREE"),
        ("start", "2031-04-01"),
        ("goldstein", "1.5"),
        ("source.0.code", "PER"),
        ("mode", "visit"),
    ):
        ledger.judge(said("right", MET.id, field=field, value=value))
    expected = replace(
        MET, type="AGREE", start="2031-04-01", goldstein=1.5, source=(replace(actor("EST"), code="PER"),), mode="visit"
    )
    assert corrected(ledger) == expected
    assert len(ledger.stored([1])[0].judged) == 5
    assert found(ledger, types=["AGREE"]) == [1]
    assert found(ledger, types=["CONSULT"]) == []
    assert found(ledger, actors=["EST"]) == []
    assert found(ledger, pair=("PER", "CHL"), direction="forward", until="2031-04-01") == [1]
    assert ledger.stored([1], "2031-06-01")[0].record == MET
    assert ledger.stored([1], "2031-06-02")[0].record == expected


def test_the_last_correction_of_a_field_holds(ledger: Ledger) -> None:
    ledger.judge(said("right", MET.id, field="start", value="2031-04-02", time="2031-06-05"))
    ledger.judge(said("right", MET.id, field="start", value="2031-04-01", time="2031-06-04"))
    assert corrected(ledger).start == "2031-04-02"
    ledger.judge(said("right", MET.id, field="start", value="null", time="2031-06-06"))
    assert corrected(ledger).start is None
    assert found(ledger, since="2031-05-02", until="2031-05-02") == [1]


def test_a_correction_says_nothing_of_the_whole(ledger: Ledger) -> None:
    ledger.judge(said("wrong", MET.id))
    ledger.judge(said("right", MET.id, field="type", value="AGREE", time="2031-06-05"))
    assert found(ledger) == []


def test_actors_can_be_added(ledger: Ledger) -> None:
    added = {"code": "PER", "sector": None, "entity": None, "text": "", "span": None}
    value = json.dumps([{**added, "code": "EST", "text": "EST", "span": [0, 3]}, added])
    ledger.judge(said("right", MET.id, field="source", value=value))
    assert [(one.code, one.span) for one in corrected(ledger).source] == [("EST", (0, 3)), ("PER", None)]
    assert found(ledger, pair=("PER", "CHL")) == [1]


# Holding on


def test_a_newer_reader_inherits_by_id(ledger: Ledger) -> None:
    ledger.judge(said("wrong", MET.id))
    assert ledger.add(reading(TEXT, MET, BLAMED, reader=NEWER)) == Added(1, "reread", (1, 2))
    assert found(ledger, min_confidence=0) == [4]
    assert ledger.stored([3])[0].judged == (said("wrong", MET.id),)


def test_a_changed_text_inherits_by_kind_and_words(ledger: Ledger) -> None:
    ledger.judge(said("right", MET.id, field="type", value="AGREE"))
    changed = "It is reported: EST met CHL." + FICTION
    moved = event(changed, "EST met CHL", "CONSULT", "EST", "CHL")
    same_words = statement(changed, "EST met CHL", actor("EST"))
    longer = event(changed, "reported: EST met CHL", "CONSULT", "EST", "CHL")
    ledger.add(reading(changed, same_words, moved, longer))
    assert [(one.kind, one.record.id == moved.id, bool(one.judged)) for one in ledger.of_item(2)] == [
        ("statement", False, False),
        ("event", True, True),
        ("event", False, False),
    ]
    assert found(ledger, types=["AGREE"]) == [4]


def test_the_same_words_elsewhere_are_another_record(ledger: Ledger) -> None:
    ledger.judge(said("wrong", MET.id))
    other = "Elsewhere EST met CHL." + FICTION
    ledger.add(reading(other, event(other, "EST met CHL", "CONSULT", "EST", "CHL"), id="two"))
    assert found(ledger) == [3]


def test_two_documents_with_one_text_share_their_judgements(ledger: Ledger) -> None:
    ledger.add(reading(TEXT, MET, id="before"))
    ledger.judge(said("wrong", MET.id))
    ledger.add(reading(TEXT, MET, id="after"))
    assert found(ledger) == []


def test_what_holds_on_to_nothing_is_shown(ledger: Ledger) -> None:
    ledger.judge(said("right", MET.id))
    ledger.judge(said("same", "one", "one"))
    assert ledger.orphans() == []
    ledger.add(reading(TEXT, BLAMED, reader=NEWER))
    assert ledger.orphans() == [said("right", MET.id)]
    ledger.add(reading(TEXT, MET, reader={"version": "3"}))
    assert ledger.orphans() == []


# Same and different


def test_pairs(ledger: Ledger) -> None:
    other = "PER met BRA." + FICTION
    seen = event(other, "PER met BRA", "CONSULT", "PER", "BRA")
    ledger.add(reading(other, seen, id="two"))
    ledger.judge(said("same", seen.id, MET.id))
    assert ledger.verdicts([1]) == ledger.verdicts([3]) == ledger.verdicts([1, 2, 3]) == [(1, 3, "same")]
    assert ledger.verdicts([2]) == []
    ledger.judge(said("different", MET.id, seen.id, time="2031-06-03"))
    assert ledger.verdicts([1]) == [(1, 3, "different")]
    assert ledger.verdicts([1], as_of="2031-06-02") == [(1, 3, "same")]
    assert ledger.verdicts([1], as_of="2031-06-01") == []
    ledger.judge(said("unsure", MET.id, seen.id, time="2031-06-04"))
    assert ledger.verdicts([1]) == []
    assert ledger.judgements(seen.id) == ledger.judgements(MET.id) == ledger.judgements()
    assert found(ledger) == [1, 3]


def test_pairs_are_inherited(ledger: Ledger) -> None:
    other = "PER met BRA." + FICTION
    seen = event(other, "PER met BRA", "CONSULT", "PER", "BRA")
    ledger.add(reading(other, seen, id="two"))
    ledger.judge(said("different", MET.id, seen.id))
    ledger.add(reading(TEXT, MET, reader=NEWER))
    assert ledger.verdicts([4]) == [(3, 4, "different")]


def test_pairs_of_documents(ledger: Ledger) -> None:
    ledger.add(meeting("two"))
    ledger.judge(said("same", "one", "two"))
    assert ledger.verdicts([1], "document") == [(1, 2, "same")]
    assert ledger.verdicts([1]) == []
    ledger.add(meeting("two", text="EST met CHL once more." + FICTION))
    assert ledger.verdicts([1, 3], "document") == [(1, 2, "same"), (1, 3, "same")]


# Redaction


def secret(ledger: Ledger) -> str:
    """A document that holds words no other does, with everything that can hang on it; a second version, too."""
    text = "Xylophonist Qwertzina visited Zyxograd and will build zubrowkas; zubrowkas came to 5." + FICTION
    person = Entity(
        "t1", "person", "Qwertzina", None, None, "EST", "minister", (), 0.9, "", knowledge="person/Qwertzina"
    )
    visited = event(text, "Qwertzina visited Zyxograd", "CONSULT", "EST", "Zyxograd", start="2031-05-01")
    visited = replace(visited, source=(replace(actor("EST", "t1"), text="Qwertzina"),))
    will = commitment(text, "build zubrowkas", "EST CHL")
    came = figure(text, "zubrowkas came to 5", "EST", 5.0)
    problem = Problem("arithmetic", "figures", "zubrowkas don't add up")
    known = {"id": "secret", "title": "Qwertzina", "entities": (person,), "problems": (problem,)}
    ledger.add(reading(text, visited, will, came, **known))
    changed = text.replace("visited", "nearly visited")
    ledger.add(
        reading(changed, event(changed, "Qwertzina nearly visited Zyxograd", "CONSULT", "EST", "Zyxograd"), **known)
    )
    return text


def test_redaction_leaves_nothing_but_a_tombstone(ledger: Ledger, path: Path) -> None:
    text = secret(ledger)
    ledger.put_bands(2, [7])
    ledger.put_links(
        [
            Link("promise", 1, 4, 0.5, "both build zubrowkas"),
            Link("copy", 1, 2, 0.9, "both name Zyxograd"),
            Link("story", 1, 2, 0.9, "kept"),
        ]
    )
    ledger.put_clusters("promise", [], [("p", (4, 1))])
    ledger.put_clusters("copy", [], [("c", (1, 2))])
    ledger.put_clusters("story", [], [("s", (1, 2))])
    ledger.put_entries("p", [Entry(1, 1, None, "announced", "first"), Entry(4, 2, None, "reaffirmed", "again")])
    ledger.set_series(5, "zubrowkas EST")
    ledger.judge(
        said("right", ledger.stored([3])[0].record.id, field="why", value="Qwertzina was there", note="ask Qwertzina")
    )
    ledger.add(meeting("copy-of-secret", text=text))
    done = ledger.redact("secret", "court order", "Ada")
    assert done == Redaction(
        "secret", (2, 3), (3, 4, 5, 6), (Cluster("copy", "c", (1,)), Cluster("promise", "p", (1,))), ("copy-of-secret",)
    )
    assert ledger.stored([3, 4, 5, 6]) == ledger.of_item(2, standing=False) == []
    assert found(ledger, actors=["Qwertzina"]) == []
    assert found(ledger, text="Zyxograd") == [7]
    assert [one.document.id for one in ledger.items(Filter(text="Zyxograd"))] == ["copy-of-secret"]
    assert ledger.links("promise") == ledger.links("copy") == []
    assert ledger.links("story") == [Link("story", 1, 2, 0.9, "kept")]
    assert ledger.entries("p") == [Entry(1, 1, None, "announced", "first")]
    assert ledger.items_with_bands([7]) == []
    assert ledger.entities(2) == ledger.problems(2) == ()
    left = ledger.item(2).document
    assert (left.id, left.text, left.title, left.publisher) == ("secret", "", None, "Nordpost")
    assert [one.note for one in ledger.judgements()] == [""]


def test_no_trace_of_a_redacted_text_is_in_the_file(ledger: Ledger, path: Path) -> None:
    secret(ledger)
    for number in range(30):
        ledger.add(meeting(str(number)))
    ledger.put_links([Link("promise", 1, 4, 0.5, "both build zubrowkas")])
    ledger.set_series(5, "zubrowkas EST")

    def traces() -> list[str]:
        raw = b"".join(file.read_bytes() for file in path.parent.iterdir()).lower()
        return [word for word in ("xylophonist", "qwertzina", "zyxograd", "zubrowkas") if word.encode() in raw]

    assert traces() == ["xylophonist", "qwertzina", "zyxograd", "zubrowkas"]
    ledger.redact("secret", "court order", "Ada")
    assert traces() == []
    assert ledger.counts()["tombstone"] == 2
    assert len(found(ledger, limit=None)) == 31


def test_what_was_redacted_is_kept_out(ledger: Ledger) -> None:
    text = secret(ledger)
    ledger.redact("secret", "court order", "Ada")
    assert ledger.add(reading(text, id="secret")) == Added(2, "redacted")
    assert ledger.add(reading(text, id="under another name")) == Added(2, "redacted")
    assert ledger.add(meeting("secret")).outcome == "redacted"
    assert ledger.add(meeting("another")).outcome == "new"


def test_redacting_what_is_not_there(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="There is no document 'two'"):
        ledger.redact("two", "court order", "Ada")
    with pytest.raises(LedgerError, match="needs a reason"):
        ledger.redact("one", "", "Ada")


def test_redacting_twice_does_no_harm(ledger: Ledger) -> None:
    secret(ledger)
    ledger.redact("secret", "court order", "Ada")
    assert ledger.redact("secret", "court order", "Ada") == Redaction("secret", (2, 3), (), (), ())


def test_a_reader_that_keeps_old_pages_is_said(ledger: Ledger, path: Path) -> None:
    secret(ledger)
    with Ledger(path, readonly=True) as other:
        ledger._connection.run("PRAGMA busy_timeout = 50")
        other._connection.run("BEGIN")
        assert other.counts()["item"] == 3
        with pytest.raises(LedgerError, match="a reader keeps old pages"):
            ledger.redact("secret", "court order", "Ada")
        other._connection.run("COMMIT")
    assert ledger.redact("secret", "court order", "Ada").items == (2, 3)
