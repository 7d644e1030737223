"""Conclusions in a ledger as items come, change and are judged. FICTION: invented items, office-holders and outlets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations
from pathlib import Path

import pytest

from communique.follow.update import conclude, follow, mend, origins_of, rebuild
from communique.ledger import Ledger
from communique.ledger.rows import Judgement
from communique.records import Actor, Commitment, Document, Event, Figure, Reading, Record, record_id, text_hash

WIRE = (
    "NUKU'ALOFA, May 5, 2031 (QTN) -- Tonga's Prime Minister Sione Vaipulu received President Aurelio Quintadas "
    "of Cape "
    "Verde on Monday. They signed an agreement on fisheries and spoke about tuna quotas and coral reefs. Trade "
    "between the "
    "two island states amounted to 14 million dollars in 2030. Vaipulu promised to open a consulate in Mindelo by "
    "the end "
    "of 2032."
)
COPY = WIRE.replace("NUKU'ALOFA, May 5, 2031 (QTN) -- ", "(QTN) – ").replace("on fisheries and spoke", "and talked")
BESUCH = (
    "Kap Verdes Präsident Aurelio Quintadas ist am Montag in Nuku'alofa von Tongas Premierminister Sione Vaipulu "
    "empfangen "
    "worden. Mit Blumen und Muscheln begrüßten ihn Schulkinder. Der Gast sprach lange über die Liebe zum Meer."
)
LATER = (
    "Tonga's Prime Minister Sione Vaipulu met President Aurelio Quintadas in Mindelo on Tuesday, a year after "
    "their first "
    "meeting. They talked about ferries. A storm delayed the return flight of the delegation by two days."
)
KINDS = (Event, Commitment, Figure)
STRIKE = "Dockers in Cape Verde stopped work on Monday. The harbour of Mindelo was closed by their union."


def between(*codes: str) -> tuple[Actor, ...]:
    return tuple(Actor(code, "GOV", None, code, None) for code in codes)


def meeting(text: str, start: str | None, *, type: str = "CONSULT", codes: Sequence[str] = ("TON", "CPV")) -> Event:
    span = (0, text.index(". ") + 1)
    return Event(
        id=record_id("event", text_hash(text), [span]), evidence=(span,), confidence=0.9, asserted_by=None, why="",
        type=type, mode=None, contexts=(), cameo=None, quad="verbal cooperation", goldstein=1.0, source=between(*codes),
        target=between(*codes), place=None, start=start, end=start, precision="day" if start else None,
        modality="actual", trigger=(span,),
    )  # fmt: skip


def consulate(text: str) -> Commitment:
    start = text.index("open a consulate")
    span = (start, text.index(".", start))
    return Commitment(
        id=record_id("commitment", text_hash(text), [span]), evidence=(span,), confidence=0.9, asserted_by=None,
        why="",
        kind="pledge", parties=between("TON"), beneficiaries=between("CPV"), cue=(),
        action="open a consulate in Mindelo",
        action_text=((start, start + 27),), fields=(), deadline=None, target=None, condition=(), event=None,
    )  # fmt: skip


def trade(text: str, value: float) -> Figure:
    start = text.index("Trade between")
    span = (start, text.index(".", start))
    return Figure(
        id=record_id("figure", text_hash(text), [span]), evidence=(span,), confidence=0.9, asserted_by=None,
        why="",
        indicator="trade", label="Trade", subjects=between("TON", "CPV"), counterparts=(), value=value,
        value_max=None, unit="USD", bound="exact", status="reported", start="2030-01-01", end="2030-12-31",
        precision="year", change=None, rank=None,
    )  # fmt: skip


def reading(id: str, text: str, published: str, *records: Record, language: str = "en", version: str = "1") -> Reading:
    document = Document(
        text, id=id, text_id=text_hash(text), publisher=f"Outlet {id}", published=published, language=language,
        modified=published if version == "1" else f"{published}T{version}0:00:00",
    )  # fmt: skip
    events, commitments, figures = (tuple(r for r in records if isinstance(r, kind)) for kind in KINDS)
    return Reading(document, events=events, commitments=commitments, figures=figures)  # type: ignore[arg-type]


def all_readings() -> list[Reading]:
    return [
        reading("a", WIRE, "2031-05-05", meeting(WIRE, "2031-05-05"), consulate(WIRE), trade(WIRE, 14e6)),
        reading("b", COPY, "2031-05-06", meeting(COPY, None, type="AGREE"), consulate(COPY), trade(COPY, 14e6)),
        reading("c", BESUCH, "2031-05-06", meeting(BESUCH, "2031-05-05"), language="de"),
        reading("d", LATER, "2032-05-05", meeting(LATER, "2032-05-04")),
        reading("e", STRIKE, "2031-05-06", meeting(STRIKE, "2031-05-05", type="PROTEST", codes=("CPV",))),
    ]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "case.ledger") as opened:
        yield opened


def fill(ledger: Ledger, readings: Sequence[Reading]) -> None:
    for one in readings:
        follow(ledger, ledger.add(one).key)


def documents(ledger: Ledger, kind: str, least: int = 2) -> list[list[str]]:
    """Documents of each cluster with some members, sorted."""
    of_items = kind in ("copy", "translation")
    found = []
    for cluster in ledger.clusters(kind):
        items = (
            [ledger.item(key) for key in cluster.members]
            if of_items
            else [r.item for r in ledger.stored(cluster.members)]
        )
        names = sorted({item.document.id for item in items})
        if len(names) >= least:
            found.append(names)
    return sorted(found)


def concluded(ledger: Ledger) -> dict[str, object]:
    """All conclusions without the ledger's own keys."""
    held: dict[str, object] = {}
    for kind in ("copy", "translation", "story", "promise"):
        ids = sorted(cluster.id for cluster in ledger.clusters(kind))
        held[kind] = (ids, documents(ledger, kind, 1))
    for id in sorted(cluster.id for cluster in ledger.clusters("promise")):
        held[id] = [(e.day, e.entry, ledger.item(e.item).document.id, e.evidence) for e in ledger.entries(id)]
    return held


def test_copies_stories_and_promises_of_one_visit(ledger: Ledger) -> None:
    fill(ledger, all_readings())
    assert documents(ledger, "copy") == [["a", "b"]]
    assert documents(ledger, "story") == [["a", "b", "c"]]
    assert documents(ledger, "story", 1) == [["a", "b", "c"], ["d"], ["e"]]
    assert documents(ledger, "promise") == [["a", "b"]]


def test_any_order_of_items_gives_the_same(tmp_path: Path) -> None:
    found = []
    for number, order in enumerate(list(permutations(range(5)))[::17]):
        with Ledger(tmp_path / f"{number}.ledger") as one:
            readings = all_readings()
            fill(one, [readings[at] for at in order])
            found.append(concluded(one))
    assert all(one == found[0] for one in found)
    assert found[0]["story"][1] == [["a", "b", "c"], ["d"], ["e"]]  # type: ignore[index]


def test_following_again_and_making_all_anew_changes_nothing(ledger: Ledger) -> None:
    fill(ledger, all_readings())
    before = concluded(ledger)
    follow(ledger, 1)
    assert concluded(ledger) == before
    assert rebuild(ledger) == 5
    assert concluded(ledger) == before


def test_the_version_that_was_replaced_leaves_its_story(ledger: Ledger) -> None:
    fill(ledger, all_readings()[:3])
    corrected = "The meeting of Nuku'alofa was reported in error. It has been put off."
    fill(ledger, [reading("c", corrected, "2031-05-06", language="en", version="2")])
    assert documents(ledger, "story", 1) == [["a", "b"]]
    assert documents(ledger, "copy") == [["a", "b"]]
    as_it_stood = conclude(ledger, "story", ledger.standing("story", range(1, 99)), as_of="2001-01-01")
    assert as_it_stood == []


def test_a_replaced_copy_is_none_any_more(ledger: Ledger) -> None:
    fill(ledger, all_readings()[:2])
    fill(ledger, [reading("b", STRIKE, "2031-05-06", version="2")])
    assert documents(ledger, "copy") == []
    assert documents(ledger, "promise") == []
    assert documents(ledger, "promise", 1) == [["a"]]


def test_a_person_parts_and_joins_what_machines_linked(ledger: Ledger) -> None:
    fill(ledger, all_readings())
    a, c, d = (ledger.of_item(key)[0].record.id for key in (1, 3, 4))
    ledger.judge(Judgement("different", a, c, "Hina", "2032-06-01"))
    ledger.judge(Judgement("same", c, d, "Hina", "2032-06-01"))
    for key in (1, 3, 4):
        follow(ledger, key)
    assert documents(ledger, "story") == [["a", "b"], ["c", "d"]]
    ledger.judge(Judgement("unsure", c, d, "Hina", "2032-06-02"))
    for key in (3, 4):
        follow(ledger, key)
    assert documents(ledger, "story", 1) == [["a", "b"], ["c"], ["d"], ["e"]]


def test_a_record_judged_wrong_takes_no_part(ledger: Ledger) -> None:
    fill(ledger, all_readings())
    ledger.judge(Judgement("wrong", ledger.of_item(3)[0].record.id, None, "Hina", "2032-06-01"))
    follow(ledger, 3)
    assert documents(ledger, "story", 1) == [["a", "b"], ["d"], ["e"]]


def test_a_record_that_is_hardly_sure_takes_no_part(ledger: Ledger) -> None:
    from dataclasses import replace

    unsure = replace(meeting(BESUCH, "2031-05-05"), confidence=0.4)
    fill(ledger, [*all_readings()[:2], reading("c", BESUCH, "2031-05-06", unsure, language="de")])
    assert documents(ledger, "story", 1) == [["a", "b"]]


def test_figures_of_two_origins_conflict_and_copies_of_one_do_not(ledger: Ledger) -> None:
    text = "Trade between Tonga and Cape Verde amounted to 19 million dollars in 2030, said the customs office."
    fill(ledger, [*all_readings()[:2], reading("g", text, "2031-05-20", trade(text + ".", 19e6))])
    pairs = [ledger.stored([link.a, link.b]) for link in ledger.links("conflict")]
    assert [[figure.item.document.id for figure in pair] for pair in pairs] == [["a", "g"], ["b", "g"]]


def test_a_claim_of_copies_has_one_origin(ledger: Ledger) -> None:
    fill(ledger, all_readings())
    meetings = [ledger.of_item(key)[0] for key in (1, 2, 3)]
    assert [(o.name, o.items) for o in origins_of(ledger, meetings)] == [("QTN", (1, 2)), ("Outlet c", (3,))]
    assert origins_of(ledger, meetings, as_of="2099-01-01") == origins_of(ledger, meetings)


def test_what_is_left_of_clusters_when_a_text_is_taken_out(ledger: Ledger) -> None:
    fill(ledger, all_readings())
    mend(ledger, ledger.redact("a", "take-down", "Hina"))
    assert documents(ledger, "copy") == []
    assert documents(ledger, "story", 1) == [["b", "c"], ["d"], ["e"]]
    assert documents(ledger, "promise", 1) == [["b"]]
    (promise,) = ledger.clusters("promise")
    assert [(entry.entry, ledger.item(entry.item).document.id) for entry in ledger.entries(promise.id)] == [
        ("announced", "b")
    ]
    before = concluded(ledger)
    rebuild(ledger)
    assert concluded(ledger) == before
