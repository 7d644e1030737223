"""A small ledger for the tests of the reading room. All items are invented; so are their office-holders."""

from __future__ import annotations

from pathlib import Path

from ledger_items import FICTION, actor, commitment, event, figure, reading, statement

from communique.follow.update import follow
from communique.ledger import Ledger
from communique.records import Entity, Reading

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{{ 7*7 }}\u202e"
SIGNED = "EST and CHL signed a treaty. EST and CHL want to double trade by 2022. Trade was 40 million dollars in 2020."
TOLD = "CHL and EST signed a treaty. Trade was 55 million dollars in 2020. Tamm said the port is ready."


def person(name: str, office: str | None = "head_of_state") -> Entity:
    return Entity("t1", "person", name, None, None, "EST", office, ((0, 1),), 0.9, "")


def items() -> list[Reading]:
    """Two outlets tell of one treaty, and differ in a figure; a third item is hostile."""
    signed, told = SIGNED + FICTION, TOLD + FICTION
    hostile = f"EST met CHL. {HOSTILE}{FICTION}"
    bare = f"EST met CHL. {HOSTILE}"
    year = {"start": "2020-01-01", "end": "2020-12-31", "precision": "year"}
    later = "EST rejected a demand of CHL." + FICTION
    refused = event(
        later, "EST rejected a demand of CHL", "REJECT", "EST", "CHL", quad="verbal conflict", goldstein=-4.0
    )
    return [
        reading(later, refused, id="later", published="2021-08-10"),
        reading(
            signed,
            event(signed, "EST and CHL signed a treaty", "AGREE", "EST CHL", "EST CHL"),
            commitment(signed, "want to double trade by 2022", "EST CHL", "2022-12-31"),
            figure(signed, "Trade was 40 million dollars in 2020", "EST CHL", 4e7, **year),
            id="signed", publisher="Nordpost", published="2021-05-02", title="A treaty", url="https://nordpost.example/1",
        ),
        reading(
            told,
            event(told, "CHL and EST signed a treaty", "AGREE", "EST CHL", "EST CHL"),
            figure(told, "Trade was 55 million dollars in 2020", "EST CHL", 5.5e7, **year),
            statement(told, "Tamm said the port is ready", actor("EST", "t1")),
            id="told", publisher="Quay Herald", published="2021-05-03", entities=(person("Tarmo Tammsaar"),),
        ),
        reading(
            hostile, event(hostile, bare, "CONSULT", "EST", "CHL"),
            commitment(hostile, HOSTILE, "EST", "2021-06-30"),
            id=f"x/{HOSTILE}", publisher=HOSTILE, published="2021-05-04", title=HOSTILE, url="javascript:alert(3)",
        ),
    ]  # fmt: skip


def filled(path: Path) -> Path:
    """A ledger with the items, followed."""
    with Ledger(path) as ledger:
        for one in items():
            follow(ledger, ledger.add(one, recorded="2021-05-05").key)
    return path
