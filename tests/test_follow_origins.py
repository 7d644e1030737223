"""From how many independent sources a claim comes. FICTION: invented items and, where unknown, invented outlets."""

from __future__ import annotations

import pytest

from communique.follow.origins import Origin, credited, independent, origins, outlet
from communique.ledger.rows import Item, Stored
from communique.records import Actor, Document, Statement


def statement(
    id: str, speakers: tuple[Actor, ...] = (), asserted_by: str | None = None, within: str | None = None
) -> Statement:
    return Statement(
        id=id, evidence=((0, 5),), confidence=0.9, asserted_by=asserted_by, why="", speakers=speakers, anonymous=False,
        cue=(), content=((0, 5),), form="indirect", within=within,
    )  # fmt: skip


def report(
    key: int, published: str, *, text: str = "Trade grew.", asserted_by: str | None = None, **about: object
) -> Stored:
    document = Document(text, id=f"doc{key}", published=published, language="en", **about)  # type: ignore[arg-type]
    return Stored(
        key, "statement", statement(f"s-{key}", asserted_by=asserted_by), Item(key, document, published), "Trade"
    )


def test_ten_feeds_of_one_wire_are_one_origin() -> None:
    feeds = [report(n, "2031-05-06", publisher=f"Outlet {n}", agencies=("Reuters",)) for n in range(1, 11)]
    assert origins(feeds, {}) == (Origin("Reuters", tuple(range(1, 11))),)


def test_copies_without_a_credit_are_the_text_of_who_had_it_first() -> None:
    reports = [report(1, "2031-05-07", publisher="Nordpost"), report(2, "2031-05-06", publisher="Harbour Gazette")]
    assert origins(reports, {1: "t", 2: "t"}) == (Origin("Harbour Gazette", (1, 2)),)
    assert origins(reports, {}) == (Origin("Harbour Gazette", (2,)), Origin("Nordpost", (1,)))


def test_a_copy_that_names_its_agency_joins_others_to_it() -> None:
    reports = [
        report(1, "2031-05-06", publisher="Nordpost"),
        report(2, "2031-05-07", publisher="Harbour Gazette", agencies=("TASS",)),
        report(3, "2031-05-08", publisher="Steppe Monitor", agencies=("TASS",)),
        report(4, "2031-05-08", publisher="Brückenbote"),
    ]
    assert origins(reports, {2: 7, 3: 7, 1: 7}) == (Origin("TASS", (1, 2, 3), "RUS"), Origin("Brückenbote", (4,)))


def test_what_an_outlet_quotes_comes_from_the_outlet_quoted() -> None:
    said = {
        "s-x": statement("s-x", (Actor(None, "MED", None, "Xinhua", None),)),
        "s-y": statement("s-y", (Actor("CHN", "GOV", None, "der Minister", None),), within="s-x"),
    }
    reports = [
        report(1, "2031-05-06", publisher="Nordpost", asserted_by="s-y"),
        report(2, "2031-05-06", publisher="Steppe Monitor", asserted_by="s-x"),
        report(3, "2031-05-06", publisher="Harbour Gazette", agencies=("Xinhua",)),
    ]
    found = origins(reports, {}, said)
    assert found == (Origin("Xinhua", (1, 2, 3), "CHN"),)
    assert independent(found, ["CHN"]) == ()
    assert independent(found, ["KAZ"]) == found


def test_an_item_of_two_agencies_adds_no_origin_of_its_own() -> None:
    reports = [
        report(1, "2031-05-06", publisher="A", agencies=("AFP",)),
        report(2, "2031-05-06", publisher="B", agencies=("dpa", "AFP")),
        report(3, "2031-05-06", publisher="C", agencies=("Reuters",)),
    ]
    assert origins(reports, {}) == (Origin("AFP", (1, 2)), Origin("Reuters", (3,)))


def test_the_order_of_reports_changes_nothing() -> None:
    reports = [report(n, f"2031-05-0{n}", publisher=f"Outlet {n % 3}") for n in range(1, 7)]
    assert origins(reports, {1: 1, 2: 1}) == origins(reports[::-1], {2: 1, 1: 1})


def test_an_issuer_is_the_voice_of_its_state() -> None:
    (found,) = origins(
        [report(1, "2031-05-06", publisher="Nordpost", issuer="Ministry of Foreign Affairs of Portugal")], {}
    )
    assert found == Origin("Ministry of Foreign Affairs of Portugal", (1,), "PRT")


@pytest.mark.parametrize(
    ("text", "agencies"),
    [
        ("LISBON, March 14 (NPA) -- Trade grew.", ("NPA",)),
        ("(BNK) – Der Handel wuchs.", ("BNK",)),
        ("(dpa/AFP) – Der Handel wuchs.", ()),
        ("Trade between the two grew by a tenth. NPA", ("NPA",)),
        ("Trade grew in the EU", ()),
        ("Der Handel (HDL) wuchs.", ()),
    ],
)
def test_agencies_credited_in_a_dateline_or_under_the_text(text: str, agencies: tuple[str, ...]) -> None:
    assert credited(Document(text)) == agencies


def test_one_outlet_under_all_its_names() -> None:
    assert outlet("Itar-Tass") == outlet("TASS") == outlet("Nachrichtenagentur Tass")
    assert (outlet("TASS").name, outlet("TASS").state) == ("TASS", "RUS")
    assert outlet("Deutsche Welle").state is None
