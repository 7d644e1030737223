"""What goes into the ledger comes out, in the order and as of the day that is asked for. All items are invented."""

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_items import FICTION, NEWER, actor, commitment, event, figure, meeting, reading, statement

from communique import Ledger as PublicLedger
from communique.errors import LedgerError
from communique.ledger import Ledger
from communique.ledger.rows import Added, Filter
from communique.records import Document, Entity, Problem


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


def ids(ledger: Ledger, **fields: object) -> list[str]:
    """The documents of the records that a filter finds, in their order."""
    return [one.item.document.id for one in ledger.records(Filter(**fields))]  # type: ignore[arg-type]


def test_the_public_name() -> None:
    assert PublicLedger is Ledger


# What becomes of a reading


def test_new_and_known(ledger: Ledger) -> None:
    assert ledger.add(meeting()) == Added(1, "new")
    assert ledger.add(meeting()) == Added(1, "known")
    assert ledger.add(meeting("two")) == Added(2, "new")
    assert ids(ledger) == ["one", "two"]


def test_what_goes_in_comes_out(ledger: Ledger) -> None:
    problem = Problem("arithmetic", "figures", "It does not add up.", ((0, 3),))
    entity = Entity("t1", "state", "Estonia", "EST", None, "EST", None, ((0, 3),), 0.9, "")
    given = meeting(
        entities=(entity,), problems=(problem,), agencies=("Nordagentur",), title_span=(0, 3), origin={"line": 3}
    )
    key = ledger.add(given).key
    assert ledger.item(key).document == given.document
    assert [one.record for one in ledger.of_item(key)] == list(given.events)
    assert ledger.entities(key) == (entity,)
    assert ledger.problems(key) == (problem,)


def test_a_document_without_id_is_known_by_its_address(ledger: Ledger) -> None:
    first = meeting(id="", url="https://nordpost.example/1")
    assert ledger.add(first).outcome == "new"
    assert ledger.add(first).outcome == "known"
    assert ledger.add(meeting(id="", url="https://nordpost.example/2")).outcome == "new"


def test_two_outlets_may_use_one_id(ledger: Ledger) -> None:
    ledger.add(meeting("1", url="https://www.nordpost.example/a"))
    ledger.add(meeting("1", text="CHL met EST." + FICTION, url="https://suedblatt.example/b"))
    changed = meeting("1", text="EST will meet CHL." + FICTION, url="http://nordpost.example/a-new")
    assert ledger.add(changed) == Added(3, "changed", (1,), 1)
    assert ids(ledger) == ["1@suedblatt.example", "1"]


def test_an_outlet_is_compared_with_its_like_only(ledger: Ledger) -> None:
    ledger.add(meeting("1", publisher="Nordpost"))
    assert ledger.add(meeting("1", url="https://nordpost.example/a", publisher=None)).outcome == "known"
    assert ledger.add(meeting("1", publisher=None)).outcome == "known"
    assert ledger.add(meeting("1", publisher="Südblatt")).outcome == "new"


def test_another_reader_supersedes_and_loses_nothing(ledger: Ledger) -> None:
    text = "EST met CHL." + FICTION
    ledger.add(meeting(language=None))
    again = reading(text, event(text, "EST met", "AGREE", "EST", "CHL"), reader=NEWER)
    assert ledger.add(again) == Added(1, "reread", (1,))
    assert [(one.key, one.record.type) for one in ledger.records()] == [(2, "AGREE")]  # type: ignore[union-attr]
    assert [one.key for one in ledger.of_item(1)] == [2]
    assert [one.key for one in ledger.of_item(1, standing=False)] == [1, 2]
    assert ledger.item(1).document.language == "en"
    assert ledger.stored([1])[0].item.document.language is None
    assert ledger.add(meeting(language=None)) == Added(1, "known")
    assert [one.key for one in ledger.records()] == [2]


def test_a_changed_text_is_a_new_version(ledger: Ledger) -> None:
    ledger.add(meeting(text="EST met CHL.\nAll was well." + FICTION), recorded="2031-05-02")
    corrected = meeting(text="EST met CHL.\nNot all was well." + FICTION, modified="2031-05-03")
    assert ledger.add(corrected, recorded="2031-05-04") == Added(2, "changed", (1,), 1)
    assert [(one.document.version, one.recorded, one.superseded) for one in ledger.versions("one")] == [
        (1, "2031-05-02", "2031-05-04"),
        (2, "2031-05-04", None),
    ]
    assert ledger.difference("one").splitlines() == [
        "--- one version 1",
        "+++ one version 2",
        "@@ -1,2 +1,2 @@",
        " EST met CHL.",
        "-All was well. (FICTION)",
        "+Not all was well. (FICTION)",
    ]
    assert [one.key for one in ledger.records()] == [2]
    with pytest.raises(LedgerError, match="has no version 3"):
        ledger.difference("one", 1, 3)
    with pytest.raises(LedgerError, match="There is no document 'two'"):
        ledger.difference("two")


def test_an_older_version_that_comes_late_does_not_stand(ledger: Ledger) -> None:
    ledger.add(meeting(text="EST met CHL." + FICTION, modified="2031-05-03T10:00:00+02:00"))
    late = meeting(text="EST meets CHL." + FICTION, modified="2031-05-03T07:00:00Z")
    assert ledger.add(late) == Added(2, "changed")
    assert [one.document.version for one in (ledger.item(1), ledger.item(2))] == [2, 1]
    assert [one.key for one in ledger.records()] == [1]
    assert ledger.add(replace(late, reader=NEWER)) == Added(2, "reread")
    assert [one.key for one in ledger.records()] == [1]


def test_the_order_of_versions_does_not_matter(tmp_path: Path) -> None:
    texts = ["EST met CHL.", "EST met CHL twice.", "EST met CHL once."]
    versions = [meeting(text=text + FICTION, modified=f"2031-05-0{at}") for at, text in enumerate(texts, 1)]
    found = []
    for name, order in enumerate(([0, 1, 2], [2, 0, 1], [1, 2, 0])):
        with Ledger(tmp_path / str(name)) as ledger:
            for at in order:
                ledger.add(versions[at])
            found.append([(one.document.version, one.document.text) for one in ledger.versions("one")])
            assert [one.words for one in ledger.records()] == ["EST met CHL once."]
    assert found[0] == found[1] == found[2]
    assert [version for version, _text in found[0]] == [1, 2, 3]


# As of a day


def test_the_ledger_as_it_stood(ledger: Ledger) -> None:
    text = "EST met CHL." + FICTION
    ledger.add(meeting(), recorded="2031-05-02T12:00:00Z")
    newer = reading(text, event(text, "EST met", "AGREE", "EST", "CHL"), reader=NEWER)
    ledger.add(newer, recorded="2031-06-01T00:30:00+02:00")
    ledger.add(meeting(text="EST did not meet CHL." + FICTION), recorded="2031-07-01")
    standing = {day: [one.key for one in ledger.records(Filter(as_of=day))] for day in (
        "2031-05-01", "2031-05-02", "2031-05-30", "2031-05-31", "2031-06-30", "2031-07-01",
    )}  # fmt: skip
    assert standing == {
        "2031-05-01": [], "2031-05-02": [1], "2031-05-30": [1], "2031-05-31": [2], "2031-06-30": [2], "2031-07-01": [3],
    }  # fmt: skip
    assert [one.key for one in ledger.items(Filter(as_of="2031-06-30"))] == [1]
    assert [one.key for one in ledger.items()] == [2]
    assert ids(ledger, as_of="2031-06-30", actors=["EST"], types=["AGREE"]) == ["one"]


def test_four_times_are_kept_apart(ledger: Ledger) -> None:
    ledger.add(meeting(start="2031-04-30"), recorded="2031-06-01")
    ledger.add(meeting(text="EST met CHL again." + FICTION), recorded="2031-07-01")
    (first,) = ledger.stored([1])
    times = (first.record.start, first.item.document.published, first.item.recorded, first.item.superseded)  # type: ignore[union-attr]
    assert times == ("2031-04-30", "2031-05-02", "2031-06-01", "2031-07-01")


# Filters


@pytest.fixture
def five(ledger: Ledger) -> Ledger:
    """Five items, by their names."""
    visit = "EST visited CHL in May. The minister praised wine." + FICTION
    minister = Entity(
        "t1", "person", "Tõnu  Raudkivi", None, None, "EST", "minister", (), 0.9, "", knowledge="person/9"
    )
    visited = event(visit, "EST visited CHL", "CONSULT", "EST", "CHL", start="2031-05-01")
    said = statement(visit, "The minister praised wine", actor("EST", "t1"), addressees=(actor("CHL"),))
    ledger.add(reading(visit, visited, said, id="visit", entities=(minister,), published="2031-05-03"))
    blame = "CHL blamed EST. Café owners cheered." + FICTION
    blamed = event(
        blame, "CHL blamed EST", "ACCUSE", "CHL", "EST", quad="verbal conflict", goldstein=-2.0, confidence=0.4
    )
    ledger.add(reading(blame, blamed, id="blame", published="2031-05-04", publisher="Südblatt"))
    trade = "Der Handel zwischen EST und CHL wuchs." + FICTION
    grown = figure(trade, "Handel zwischen EST und CHL", "EST CHL", 5.0, start="2030-01-01", end="2030-12-31")
    ledger.add(reading(trade, grown, id="trade", language="de"))
    promise = "EST, CHL and PER will double trade by 2035." + FICTION
    made = commitment(promise, "double trade by 2035", "EST CHL PER", "2035-12-31")
    ledger.add(reading(promise, made, id="promise", published=None))
    denial = "PER did not threaten EST." + FICTION
    denied = event(denial, "PER did not threaten EST", "THREATEN", "PER", "EST", modality="denied", start="2032-01-01")
    ledger.add(reading(denial, denied, id="denial"))
    return ledger


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["promise", "trade", "visit", "visit", "denial"]),
        ({"min_confidence": 0.0}, ["promise", "trade", "visit", "visit", "blame", "denial"]),
        ({"kinds": ["event"]}, ["visit", "denial"]),
        ({"kinds": ["event", "figure"]}, ["trade", "visit", "denial"]),
        ({"actors": ["PER"]}, ["promise", "denial"]),
        ({"actors": ["PER", "EST"]}, ["promise", "denial"]),
        ({"actors": ["PER", "EST", "CHL"]}, ["promise"]),
        ({"actors": ["tõnu raudkivi"]}, ["visit"]),
        ({"actors": ["Tõnu Raudkivi", "CHL"]}, ["visit"]),
        ({"actors": ["person/9"], "kinds": ["event"]}, []),
        ({"actors": ["BRA"]}, []),
        ({"pair": ("EST", "CHL"), "min_confidence": 0.0}, ["promise", "trade", "visit", "visit", "blame"]),
        ({"pair": ("CHL", "EST"), "direction": "forward", "min_confidence": 0.0}, ["promise", "trade", "blame"]),
        ({"pair": ("EST", "CHL"), "direction": "forward", "kinds": ["event"]}, ["visit"]),
        ({"pair": ("EST", "CHL"), "actors": ["PER"]}, ["promise"]),
        ({"pair": ("Tõnu Raudkivi", "CHL")}, ["visit"]),
        ({"pair": ("CHL", "Tõnu Raudkivi")}, ["visit"]),
        ({"pair": ("CHL", "Tõnu Raudkivi"), "direction": "forward"}, []),
        ({"pair": ("EST", "BRA")}, []),
        ({"types": ["CONSULT"]}, ["visit"]),
        ({"types": ["CONSULT", "trade", "never"]}, ["trade", "visit"]),
        ({"types": ["CONSULT"], "actors": ["EST"]}, ["visit"]),
        ({"types": ["never"]}, []),
        ({"since": "2031-05-01", "until": "2031-05-02"}, ["visit"]),
        ({"since": "2031-05"}, ["visit", "visit", "denial"]),
        ({"until": "2030"}, ["trade"]),
        ({"until": "2031-05", "actors": ["EST"]}, ["trade", "visit", "visit"]),
        ({"text": "praised WINE"}, ["visit"]),
        ({"text": '"wine praised"'}, []),
        ({"text": "cafe"}, []),
        ({"text": "cafe", "whole_text": True, "min_confidence": 0.0}, ["blame"]),
        ({"text": "doub*"}, ["promise"]),
        ({"text": "visited", "actors": ["EST"]}, ["visit"]),
        ({"outlets": ["Südblatt", "Unknown"], "min_confidence": 0.0}, ["blame"]),
        ({"outlets": ["Unknown"]}, []),
        ({"language": "de"}, ["trade"]),
        ({"language": "fr"}, []),
        ({"modality": ["denied"]}, ["denial"]),
        ({"limit": 2}, ["promise", "trade"]),
    ],
)
def test_filters(five: Ledger, fields: dict[str, object], expected: list[str]) -> None:
    assert ids(five, **fields) == expected


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kinds": ["story"]}, "There are no records of kind 'story', but statement, event, commitment, figure."),
        ({"since": "soon"}, "'soon' is no day; write it like 2024-07-04."),
        ({"text": ' "" '}, "The text to search for has no words."),
        ({"pair": ("EST", "CHL"), "direction": "back"}, "A direction is 'both' or 'forward', not 'back'."),
        ({"after": "behind"}, "'behind' is no place to go on from."),
    ],
)
def test_filters_that_make_no_sense(five: Ledger, fields: dict[str, object], sentence: str) -> None:
    with pytest.raises(LedgerError) as raised:
        ids(five, **fields)
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AND", ["promise"]),
        ("wine OR", []),
        ("wi(ne", []),
        ("NEAR(EST CHL)", []),
        ("-wine", ["visit", "visit"]),
        ("wine -", ["visit", "visit"]),
        ("text:wine", []),
        ("ß*", []),
        ("^wine", ["visit", "visit"]),
        ('"wine', ["visit", "visit"]),
        ("wine; DROP TABLE record", []),
    ],
)
def test_no_text_is_taken_for_a_command(five: Ledger, text: str, expected: list[str]) -> None:
    assert ids(five, text=text, whole_text=True) == expected


@pytest.mark.parametrize(
    "fields", [{}, {"actors": ["EST"]}, {"pair": ("EST", "CHL")}, {"as_of": "2999-01-01"}, {"text": "EST"}]
)
def test_pages_join_to_the_whole(five: Ledger, fields: dict[str, object]) -> None:
    whole = [one.key for one in five.records(Filter(min_confidence=0, limit=None, **fields))]  # type: ignore[arg-type]
    paged: list[int] = []
    after = None
    while page := five.records(Filter(min_confidence=0, limit=1, after=after, **fields)):  # type: ignore[arg-type]
        paged += [one.key for one in page]
        after = five.cursor(page[-1])
    assert len(whole) >= 3
    assert paged == whole


def test_items_by_filter(five: Ledger) -> None:
    def found(**fields: object) -> list[str]:
        return [one.document.id for one in five.items(Filter(**fields))]  # type: ignore[arg-type]

    assert found() == ["promise", "trade", "denial", "visit", "blame"]
    assert found(text="cafe") == ["blame"]
    assert found(outlets=["Südblatt"]) == ["blame"]
    assert found(outlets=["Unknown"]) == []
    assert found(language="de") == ["trade"]
    assert found(since="2031-05-03") == ["visit", "blame"]
    first = five.items(Filter(limit=2))
    assert found(limit=2, after=five.cursor(first[-1])) == ["denial", "visit"]


def test_find_by_id_or_its_beginning(five: Ledger) -> None:
    (one,) = five.records(Filter(types=["CONSULT"]))
    assert [found.key for found in five.find(one.record.id)] == [one.key]
    assert [found.key for found in five.find(one.record.id[:8])] == [one.key]
    assert len(five.find("e-")) == 3
    assert five.find("e-none") == []
    assert five.find("%") == []


def test_counts_and_coverage(five: Ledger) -> None:
    counts = five.counts()
    assert {name: counts[name] for name in ("item", "record", "events", "figures", "commitments", "statements")} == {
        "item": 5, "record": 6, "events": 3, "figures": 1, "commitments": 1, "statements": 1,
    }  # fmt: skip
    assert five.coverage() == [
        ("Nordpost", None, 1),
        ("Nordpost", "2031-05-02", 2),
        ("Nordpost", "2031-05-03", 1),
        ("Südblatt", "2031-05-04", 1),
    ]
    assert five.coverage("2031-05-03", "2031-05-03") == [("Nordpost", "2031-05-03", 1)]


def test_terms_are_the_same_across_languages(ledger: Ledger) -> None:
    german, english = "Sie wollen den Handel verdoppeln." + FICTION, "They will double trade." + FICTION
    ledger.add(reading(german, commitment(german, "den Handel verdoppeln", "EST CHL"), id="de", language="de"))
    ledger.add(reading(english, commitment(english, "double trade", "EST CHL"), id="en", language="en"))
    one, other = ledger.records()
    assert "trade" in one.terms & other.terms


def test_words_of_evidence(ledger: Ledger) -> None:
    text = "EST\n met   CHL. They met again." + FICTION
    one = event(text, "EST\n met   CHL", "CONSULT", "EST CHL")
    ledger.add(reading(text, replace(one, evidence=((0, 15), (17, 31)))))
    assert ledger.records()[0].words == "EST met CHL. … hey met again."


def test_an_item_that_is_not_there(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match=r"There is no item 7 in .*ledger\.sqlite\."):
        ledger.item(7)
    assert ledger.stored([7]) == []
    assert ledger.of_item(7) == []


def test_a_batch_is_all_or_nothing(ledger: Ledger) -> None:
    ledger.add(meeting("before"))
    with contextlib.suppress(RuntimeError), ledger.batch():
        ledger.add(meeting("inside", type="AID", publisher="Westblatt"))
        raise RuntimeError
    assert ids(ledger) == ["before"]
    ledger.add(meeting("after", type="AID", publisher="Westblatt"))
    assert ids(ledger, outlets=["Westblatt"], types=["AID"]) == ["after"]


def test_a_reading_that_fails_leaves_nothing_in_its_batch(ledger: Ledger) -> None:
    broken = meeting("broken")
    broken = replace(broken, events=(*broken.events, replace(broken.events[0], confidence="high")))  # type: ignore[arg-type]
    with ledger.batch():
        ledger.add(meeting("first"))
        with pytest.raises(LedgerError):
            ledger.add(broken)
        ledger.add(meeting("last"))
    assert ids(ledger) == ["first", "last"]
    assert ledger.counts()["item"] == 2


def test_more_than_is_kept_in_memory(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger._store._records, "_most", 2)
    monkeypatch.setattr(ledger._store._items, "_most", 1)
    for number in range(5):
        ledger.add(meeting(str(number)))
    assert ids(ledger) == ids(ledger) == ["0", "1", "2", "3", "4"]
    assert [one.key for one in ledger.stored([5, 1, 3, 1])] == [5, 1, 3, 1]


def test_text_of_any_kind(ledger: Ledger) -> None:
    text = "EST met CHL \U0001f600 «naïve» \x00 ﷽." + FICTION
    ledger.add(reading(text, event(text, "«naïve»", "CONSULT", "EST")))
    assert ledger.item(1).document.text == text
    assert ledger.records()[0].words == "«naïve»"
    assert ledger.add(reading("", id="empty")).outcome == "new"
    assert ledger.item(2).document == Document(
        "", id="empty", text_id="e3b0c44298fc1c14", language="en", published="2031-05-02", publisher="Nordpost"
    )
