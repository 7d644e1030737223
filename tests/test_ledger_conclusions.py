"""Candidates are found, conclusions kept, and only those of standing records handed out. All items are invented."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_items import FICTION, NEWER, commitment, event, figure, meeting, reading

from communique.errors import LedgerError
from communique.ledger import Ledger
from communique.ledger.rows import Cluster, Entry, Filter, Link, Tally
from communique.records import Reading


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "ledger.sqlite") as opened:
        yield opened


def link(a: int, b: int, kind: str = "story", score: float = 0.5) -> Link:
    return Link(kind, a, b, score, f"{a} and {b}")


def again(id: str) -> Reading:
    """A newer reader's reading of `meeting(id)`."""
    return replace(meeting(id), reader=NEWER)


def six(ledger: Ledger) -> Ledger:
    """Six items with one event each; item and record have the same key, the days are the first to the sixth of May."""
    for number in range(1, 7):
        ledger.add(meeting(str(number), published=f"2031-05-0{number}"), recorded=f"2031-06-0{number}")
    return ledger


# Candidates


def test_items_that_share_bands(ledger: Ledger) -> None:
    six(ledger)
    top = 2**64 - 1
    ledger.put_bands(1, [1, 2, top])
    ledger.put_bands(2, [2, top])
    ledger.put_bands(3, [3, 3])
    assert ledger.items_with_bands([1, 2, top]) == [1, 2]
    assert ledger.items_with_bands([top, 3]) == [1, 2, 3]
    assert ledger.items_with_bands([2, top, 3]) == [1, 2, 3]
    assert ledger.items_with_bands([]) == []
    ledger.put_bands(1, [4])
    assert ledger.items_with_bands([1, 2, top]) == [2]
    ledger.add(meeting("2", text="EST met CHL again." + FICTION, published="2031-05-09"))
    assert ledger.items_with_bands([2]) == []


def test_events_with_an_actor_in_common_about_then(ledger: Ledger) -> None:
    cases = [
        ("both", "CONSULT", "EST", "CHL", "2031-05-10"),
        ("one", "CONSULT", "EST", "PER", "2031-05-13"),
        ("none", "CONSULT", "BRA", "PER", "2031-05-10"),
        ("late", "CONSULT", "EST", "CHL", "2031-05-14"),
        ("other", "SANCTION", "EST", "CHL", "2031-05-10"),
        ("early", "AGREE", "CHL", "", "2031-05-07"),
    ]
    for id, type_, source, target, day in cases:
        text = f"{id} happened." + FICTION
        ledger.add(reading(text, event(text, id, type_, source, target, start=day, end=day), id=id))
    (one,) = ledger.stored([1])
    found = ledger.similar_events(one, ["CONSULT", "AGREE"], 3)
    assert [stored.item.document.id for stored in found] == ["one", "early"]
    assert ledger.similar_events(one, [], 3) == []
    assert [stored.item.document.id for stored in ledger.similar_events(one, ["SANCTION"], 0)] == ["other"]


def test_those_that_share_more_come_first(ledger: Ledger) -> None:
    text = "EST met CHL, PER met EST, CHL met EST." + FICTION
    made = [
        event(text, words, "CONSULT", words[:3], words[-3:], start="2031-05-01")
        for words in ("EST met CHL", "PER met EST", "CHL met EST")
    ]
    ledger.add(reading(text, *made))
    (one,) = ledger.stored([1])
    assert [stored.words for stored in ledger.similar_events(one, ["CONSULT"], 1)] == ["CHL met EST", "PER met EST"]


def test_events_without_day_have_no_neighbours(ledger: Ledger) -> None:
    ledger.add(meeting("1", published=None))
    ledger.add(meeting("2"))
    first, second = ledger.stored([1, 2])
    assert ledger.similar_events(first, ["CONSULT"], 10) == []
    assert ledger.similar_events(second, ["CONSULT"], 10_000_000) == [first]


def promises(ledger: Ledger) -> None:
    for id, action, parties, day in (
        ("a", "double trade", "EST CHL", "2031-01-01"),
        ("b", "open a railway", "EST CHL", "2031-02-01"),
        ("c", "double trade", "EST", "2031-03-01"),
        ("d", "double trade", "PER", "2031-04-01"),
    ):
        text = f"They will {action}." + FICTION
        ledger.add(reading(text, commitment(text, action, parties), id=id, published=day))


def by_parties(ledger: Ledger, codes: str, **fields: object) -> list[str]:
    found = ledger.by_parties(["commitment"], codes.split(), **fields)  # type: ignore[arg-type]
    return [stored.item.document.id for stored in found]


def test_records_of_parties(ledger: Ledger) -> None:
    promises(ledger)
    terms = ledger.stored([1])[0].terms
    assert by_parties(ledger, "EST CHL") == ["b", "a", "c"]
    assert by_parties(ledger, "EST CHL", all_codes=True) == ["b", "a"]
    assert by_parties(ledger, "EST CHL", terms=terms) == ["a", "c"]
    assert by_parties(ledger, "EST CHL", terms=terms, all_codes=True) == ["a"]
    assert by_parties(ledger, "EST BRA", all_codes=True) == []
    assert by_parties(ledger, "EST", since="2031-01-15", until="2031-02-15") == ["b"]
    assert by_parties(ledger, "EST", since="2031-01-15", terms=terms) == ["c"]
    assert by_parties(ledger, "EST", terms=["never met"]) == []
    assert by_parties(ledger, "BRA") == []
    assert ledger.by_parties(["event"], ["EST"]) == []


def test_superseded_records_are_no_candidates(ledger: Ledger) -> None:
    promises(ledger)
    text = "They will double trade." + FICTION
    ledger.add(reading(text, id="a", published="2031-01-01", reader=NEWER))
    assert by_parties(ledger, "CHL") == ["b"]
    assert by_parties(ledger, "EST", terms=["trade"]) == ["c"]


# Links


def test_links_of_keys(ledger: Ledger) -> None:
    six(ledger)
    ledger.put_links([link(1, 2), link(2, 3), link(4, 5), link(1, 3, "copy")])
    assert ledger.links("story", [2]) == [link(1, 2), link(2, 3)]
    assert ledger.links("story") == [link(1, 2), link(2, 3), link(4, 5)]
    assert ledger.links("story", []) == []
    assert ledger.links("copy", [3, 1]) == [link(1, 3, "copy")]
    assert ledger.links("promise") == []
    ledger.put_links([link(1, 2, score=0.9)])
    assert ledger.links("story", [1]) == [link(1, 2, score=0.9)]
    ledger.drop_links("story", 2)
    assert ledger.links("story") == [link(4, 5)]
    ledger.drop_links("story")
    assert ledger.links("story") == []
    assert ledger.links("copy") == [link(1, 3, "copy")]


def test_a_link_has_its_lesser_key_first(ledger: Ledger) -> None:
    with pytest.raises(LedgerError):
        ledger.put_links([link(2, 1)])


def test_what_hangs_together(ledger: Ledger) -> None:
    six(ledger)
    ledger.put_links([link(1, 2), link(2, 3), link(4, 5)])
    assert ledger.component("story", [1]) == ([1, 2, 3], [link(1, 2), link(2, 3)])
    assert ledger.component("story", [6, 5]) == ([4, 5, 6], [link(4, 5)])
    assert ledger.component("promise", [6]) == ([6], [])


def test_links_of_what_was_superseded_stay_for_days_gone_by(ledger: Ledger) -> None:
    six(ledger)
    ledger.put_links([link(1, 2), link(2, 3), link(1, 2, "copy")])
    ledger.add(again("2"), recorded="2031-07-01")
    assert ledger.links("story") == []
    assert ledger.links("copy") == [link(1, 2, "copy")]
    assert ledger.component("story", [1], "2031-06-30") == ([1, 2, 3], [link(1, 2), link(2, 3)])
    assert ledger.links("story", [2], "2031-06-02") == [link(1, 2)]
    assert ledger.links("copy", [2], "2031-06-01") == []
    assert ledger.standing("story", [1, 2, 7]) == {1, 7}
    assert ledger.standing("story", [1, 2, 7], "2031-06-30") == {1, 2}
    assert ledger.standing("copy", [1, 2, 7]) == {1, 2}


# Clusters


def test_clusters(ledger: Ledger) -> None:
    six(ledger)
    ledger.put_clusters("story", [], [("aa", (2, 1)), ("ab", (3,)), ("bb", (4, 5, 6))])
    assert ledger.cluster_of("story", 1) == "aa"
    assert ledger.cluster_of("copy", 1) is None
    assert ledger.clusters_of("story", [1, 3, 9]) == {1: "aa", 3: "ab"}
    assert ledger.members("story", "aa") == (1, 2)
    assert ledger.members("story", "zz") == ()
    assert ledger.cluster_ids("story", "a") == ["aa", "ab"]
    assert list(ledger.clusters("story")) == [
        Cluster("story", "aa", (1, 2), "2031-05-01"),
        Cluster("story", "ab", (3,), "2031-05-03"),
        Cluster("story", "bb", (4, 5, 6), "2031-05-04"),
    ]


def test_clusters_take_the_place_of_those_their_keys_were_in(ledger: Ledger) -> None:
    six(ledger)
    ledger.put_clusters("story", [], [("aa", (1, 2)), ("bb", (3, 4, 5))])
    ledger.put_clusters("story", [5], [("aa", (1, 2, 3))])
    assert list(ledger.clusters("story")) == [
        Cluster("story", "aa", (1, 2, 3), "2031-05-01"),
        Cluster("story", "bb", (4,), "2031-05-04"),
    ]
    ledger.put_clusters("story", [4, 1], [])
    assert [(one.id, one.members) for one in ledger.clusters("story")] == [("aa", (2, 3))]
    assert ledger.cluster_of("story", 5) is None


def test_clusters_by_filter_size_and_number(ledger: Ledger) -> None:
    six(ledger)
    ledger.put_clusters("story", [], [("aa", (1,)), ("bb", (3, 2)), ("cc", (4, 5, 6))])

    def found(wanted: Filter | None = None, **fields: object) -> list[str]:
        return [one.id for one in ledger.clusters("story", wanted, **fields)]  # type: ignore[arg-type]

    assert found(min_size=2) == ["bb", "cc"]
    assert found(order="size") == ["cc", "bb", "aa"]
    assert found(Filter(limit=2), order="size") == ["cc", "bb"]
    assert found(Filter(since="2031-05-02", until="2031-05-04")) == ["bb", "cc"]
    assert found(Filter(since="2031-05-02", limit=1)) == ["bb"]
    assert found(Filter(actors=["BRA"])) == []
    assert found(Filter(pair=("EST", "CHL")), min_size=3) == ["cc"]


# Promises and series


def test_entries_of_a_promise(ledger: Ledger) -> None:
    promises(ledger)
    first = [
        Entry(1, 1, "2031-01-01", "announced", "first said", ((0, 4), (5, 9))),
        Entry(3, 3, None, "broken", "an item says so"),
    ]
    ledger.put_entries("p1", first)
    ledger.put_entries("p2", first[1:])
    assert ledger.entries("p1") == first
    assert ledger.entries("p3") == []
    assert ledger.promises_with_entries([3, 9]) == ["p1", "p2"]
    assert ledger.promises_with_entries([1]) == ["p1"]
    ledger.put_entries("p1", [])
    assert ledger.entries("p1") == []
    assert ledger.promises_with_entries([1, 3]) == ["p2"]


def test_promises_by_party_day_and_deadline(ledger: Ledger) -> None:
    for id, parties, day, due in (
        ("a", "EST CHL", "2031-03-01", "2035-12-31"),
        ("b", "EST CHL", "2031-02-01", "2033-12-31"),
        ("c", "EST PER", "2031-01-01", None),
        ("d", "EST CHL", "2031-04-01", "2034-12-31"),
    ):
        text = f"They will meet {id}." + FICTION
        ledger.add(reading(text, commitment(text, "meet", parties, due), id=id, published=day))
    ledger.put_clusters("promise", [], [("p-a", (1, 4)), ("p-b", (2,)), ("p-c", (3,))])
    assert ledger.promises() == ["p-c", "p-b", "p-a"]
    assert ledger.promises(Filter(limit=2)) == ["p-c", "p-b"]
    assert ledger.promises(Filter(pair=("CHL", "EST"))) == ["p-b", "p-a"]
    assert ledger.promises(due_until="2034") == ["p-b", "p-a"]
    assert ledger.promises(due_since="2034-06-01") == ["p-a"]
    assert ledger.promises(due_until="2033-01-01") == []
    assert ledger.promises(Filter(actors=["PER"])) == ["p-c"]
    assert ledger.promises(Filter(actors=["BRA"])) == []


def test_series(ledger: Ledger) -> None:
    text = "Trade was 5. Trade was 6." + FICTION
    ledger.add(
        reading(text, figure(text, "Trade was 5", "EST", 5.0), figure(text, "Trade was 6", "EST", 6.0)),
        recorded="2031-06-01",
    )
    ledger.set_series(2, "trade EST")
    ledger.set_series(1, "trade EST")
    assert [one.key for one in ledger.series("trade EST")] == [1, 2]
    ledger.set_series(2, "trade CHL")
    ledger.set_series(1, None)
    assert ledger.series("trade EST") == []
    ledger.add(reading(text, reader=NEWER), recorded="2031-07-01")
    assert ledger.series("trade CHL") == []
    assert [one.key for one in ledger.series("trade CHL", "2031-06-01")] == [2]


# Sums


def test_a_balance_counts_stories(ledger: Ledger) -> None:
    for number, (day, quad, weight) in enumerate(
        [
            ("2031-05-01", "verbal cooperation", 4.0),
            ("2031-05-02", "verbal cooperation", 2.0),
            ("2031-05-03", "verbal conflict", -2.0),
            ("2031-06-03", "verbal cooperation", 1.0),
        ]
    ):
        text = f"EST did {number}." + FICTION
        one = event(text, "EST did", "CONSULT", "EST", "CHL", start=day, quad=quad, goldstein=weight)
        ledger.add(reading(text, one, id=str(number)))
    ledger.put_clusters("story", [], [("s", (1, 2))])
    wanted = Filter(pair=("EST", "CHL"), kinds=["event"])
    assert ledger.balance(wanted) == [
        Tally("2031-05", "verbal cooperation", 2, 1, 3.0),
        Tally("2031-05", "verbal conflict", 1, 1, -2.0),
        Tally("2031-06", "verbal cooperation", 1, 1, 1.0),
    ]
    assert ledger.balance(wanted, "year")[0] == Tally("2031", "verbal cooperation", 3, 2, 4.0)
    assert ledger.balance(replace(wanted, until="2031-05-01"), "day") == [
        Tally("2031-05-01", "verbal cooperation", 1, 1, 4.0)
    ]
    assert ledger.balance(Filter(actors=["BRA"])) == []
    with pytest.raises(LedgerError, match="by day, month, year, not 'week'"):
        ledger.balance(wanted, "week")
