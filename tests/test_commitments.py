"""Commitments: cues, actions, parties, deadlines, targets and conditions; and what looks like one and is none."""

from pathlib import Path

import pytest
import yaml

import communique
from communique.knowledge import Knowledge
from communique.reading.commitments import find_commitments
from communique.reading.encode import Encoded
from communique.reading.events import find_events
from communique.reading.layout import encode
from communique.reading.mentions import find_mentions
from communique.reading.quantities import find_quantities
from communique.reading.times import find_times
from communique.records import Commitment, Document

FOLDER = Path(__file__).resolve().parent.parent / "knowledge" / "lexicon"
KNOWLEDGE = Knowledge.default()
LANGUAGES = ("de", "en")
KINDS = {"goal", "pledge", "agreement", "plan", "offer"}


def read(text: str, language: str) -> tuple[Encoded, tuple[Commitment, ...]]:
    encoded, _problems = encode(Document(text=text, published="2031-05-14", language=language))
    named, times = find_mentions(encoded, KNOWLEDGE), find_times(encoded)
    events = find_events(encoded, named, times, ())
    return encoded, find_commitments(encoded, named, times, find_quantities(encoded, times), events)


def lines(text: str, language: str) -> list[str]:
    return [f"{c.kind} {'+'.join(str(a.code) for a in c.parties)}: {c.action}" for c in read(text, language)[1]]


CASES = [
    ("de", "Peru wird 2033 einen Hafen eröffnen.", ["plan PER: 2033 einen Hafen eröffnen"]),
    ("de", "Er teilte mit, dass Peru einen Hafen eröffnen wird.", ["plan PER: einen Hafen eröffnen"]),
    ("de", "Peru und Chile vereinbarten, den Hafen zu öffnen.", ["agreement PER+CHL: den Hafen zu öffnen"]),
    (
        "de",
        "Peru verpflichtete sich, den Hafen zu öffnen und die Zölle zu senken.",
        ["pledge PER: den Hafen zu öffnen", "pledge PER: die Zölle zu senken"],
    ),
    ("de", "Peru bot an, im Streit zu vermitteln.", ["offer PER: im Streit zu vermitteln"]),
    ("de", "Peru kündigte an, den Vertrag abzuschließen.", ["plan PER: den Vertrag abzuschließen"]),
    (
        "de",
        "Peru und Chile haben sich darauf geeinigt, den Handel mit Kupfer, Wein und Holz zu verdoppeln.",
        ["agreement PER+CHL: den Handel mit Kupfer, Wein und Holz zu verdoppeln"],
    ),
    (
        "de",
        "Peru und Chile, die sich das Ziel gesetzt haben, den Handel zu verdoppeln, tagten.",
        ["goal PER+CHL: den Handel zu verdoppeln"],
    ),
    ("en", "Peru will open a port in 2033.", ["plan PER: open a port in 2033"]),
    ("en", "Peru and Chile agreed to double trade.", ["agreement PER+CHL: double trade"]),
    (
        "en",
        "Peru pledged to open the port and to lower tariffs.",
        ["pledge PER: open the port", "pledge PER: lower tariffs"],
    ),
    ("en", "Peru offered to mediate in the dispute.", ["offer PER: mediate in the dispute"]),
    ("en", "Peru aims to plant a million trees.", ["goal PER: plant a million trees"]),
    ("en", "Peru and Chile agreed that no duty would be paid.", ["agreement PER+CHL: no duty would be paid"]),
]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_cues_actions_and_parties(language: str, text: str, expected: list[str]) -> None:
    assert lines(text, language) == expected


NONE = [
    ("de", "Peru freut sich auf die Zusammenarbeit mit Chile."),
    ("de", "Peru hofft, den Handel zu verdoppeln."),
    ("de", "Peru wird den Vorschlag prüfen."),
    ("de", "Es wird in Peru regnen."),
    ("de", "In Peru wird es am Montag regnen."),
    ("de", "Der Besuch werde für Peru ein Ausgangspunkt sein."),
    ("de", "Peru hatte versprochen, den Hafen zu öffnen."),
    ("de", "Peru drohte, die Grenze zu schließen."),
    ("de", "Der Hafen von Peru wird kritisch gesehen."),
    ("de", "Es ist offen, ob Peru den Hafen öffnen wird."),
    ("en", "Peru hopes to double trade with Chile."),
    ("en", "Peru will examine the proposal."),
    ("en", "Peru will be a neighbour of Chile."),
    ("en", "It is unclear whether Peru will open the port."),
    ("en", "Peru had promised to open the port."),
    ("en", "Peru threatened to close the border."),
    ("en", "Peru doubled trade with Chile."),
]


@pytest.mark.parametrize(("language", "text"), NONE)
def test_look_alikes_are_none(language: str, text: str) -> None:
    assert lines(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Peru wird den Hafen bis Ende 2033 eröffnen.", ("by", None, "2033-12-31")),
        ("de", "Peru wird den Hafen im Jahr 2033 eröffnen.", ("in", "2033-01-01", "2033-12-31")),
        ("de", "Peru wird den Hafen bald eröffnen.", ("in", None, None)),
        ("en", "Peru will open the port by 2033.", ("by", None, "2033-12-31")),
        ("en", "Peru will open the port soon.", ("in", None, None)),
    ],
)
def test_deadlines(language: str, text: str, expected: tuple[str, str | None, str | None]) -> None:
    encoded, (commitment,) = read(text, language)
    deadline = commitment.deadline
    assert deadline is not None
    assert (deadline.relation, deadline.start, deadline.end) == expected
    assert encoded.words(deadline.span) == deadline.text


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Peru und Chile vereinbarten, den bilateralen Handel zu verdoppeln.", (2.0, "x", "Handel")),
        ("en", "Peru and Chile agreed to double bilateral trade.", (2.0, "x", "trade")),
        ("en", "Peru will lend 20 million dollars.", (2e7, "USD", None)),
    ],
)
def test_targets(language: str, text: str, expected: tuple[float, str, str | None]) -> None:
    target = read(text, language)[1][0].target
    assert target is not None
    assert (target.value, target.unit, target.of) == expected


@pytest.mark.parametrize(
    ("language", "text", "condition"),
    [
        ("de", "Peru bot an, den Hafen zu öffnen, sofern Chile zustimmt.", "sofern Chile zustimmt"),
        ("en", "Peru offered to open the port if Chile agreed.", "if Chile agreed"),
    ],
)
def test_conditions(language: str, text: str, condition: str) -> None:
    encoded, (commitment,) = read(text, language)
    assert [encoded.words(s) for s in commitment.condition] == [condition]


def test_fields_beneficiaries_and_evidence() -> None:
    encoded, (commitment,) = read("Peru versprach, Weizen an Chile zu liefern.", "de")
    assert commitment.fields == ("agriculture",)
    assert [a.code for a in commitment.beneficiaries] == ["CHL"]
    assert encoded.words(commitment.evidence[0]) == "Peru versprach, Weizen an Chile zu liefern"
    assert commitment.id.startswith("c-")
    assert "versprach" in commitment.why


def test_the_planned_event_in_the_action() -> None:
    text = "Die Präsidentin von Peru wird im Juni Chile besuchen."
    encoded, (commitment,) = read(text, "de")
    named, times = find_mentions(encoded, KNOWLEDGE), find_times(encoded)
    (event,) = find_events(encoded, named, times, ())
    assert commitment.event == event.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cue_has_a_kind_and_examples(language: str) -> None:
    raw = yaml.safe_load((FOLDER / language / "commitments.yaml").read_text("utf-8"))
    for cue in raw["cues"]:
        assert cue["type"] in KINDS
        assert cue["example"]
        assert set(cue["actions"]) <= {"modal", "infinitive", "that", "on", "object"}
        assert cue.get("needs") == "title" or cue["type"] in {c.kind for c in read(cue["example"], language)[1]}
        assert read(cue["counter"], language)[1] == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_fields_are_of_the_closed_list(language: str) -> None:
    names = yaml.safe_load((FOLDER / "any" / "fields.yaml").read_text("utf-8"))["names"]
    raw = yaml.safe_load((FOLDER / language / "fields.yaml").read_text("utf-8"))
    assert set(raw["words"]) <= set(names)


@pytest.mark.parametrize("text", ["", "wird", "Peru will", "Peru wird …", "will to", "zu zu zu", "\n"])
def test_odd_texts(text: str) -> None:
    for language in (*LANGUAGES, "xx"):
        assert isinstance(read(text, language)[1], tuple)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Der Regierung von Peru wird vorgeworfen, die Wahl zu fälschen."),
        ("de", "Der Minister von Peru werde von Ärzten besucht, er dürfe Briefe lesen."),
        ("de", "Wird Peru den Hafen öffnen?"),
        ("de", "Am Montag kündigte die Regierung von Peru in Lima an."),
        ("en", "Will Peru open the port?"),
        ("en", "Peru and Chile could not agree on a budget."),
        ("en", "Peru has not promised to open the port."),
        ("en", "Peru will attract tourists."),
    ],
)
def test_passives_questions_and_denials_promise_nothing(language: str, text: str) -> None:
    assert lines(text, language) == []


def test_a_pronoun_or_another_clause_lowers_the_confidence() -> None:
    (near,) = read("Peru will den Hafen öffnen.", "de")[1]
    found = read("Der Präsident von Peru schwieg. Er will den Hafen öffnen.", "de")[1]
    assert all(c.confidence < near.confidence for c in found)


def test_an_apposition_is_no_part_of_the_action() -> None:
    text = "Nun will Peru, Mitglied und Nachbar, den Hafen öffnen."
    assert all("Mitglied" not in x for x in lines(text, "de"))


def test_the_time_of_the_cue_is_no_part_of_the_action() -> None:
    reading = communique.read(
        "Peru and Chile agreed on Monday to scrap duties on tin.", language="en", published="2031-05-07"
    )
    assert [c.action for c in reading.commitments] == ["scrap duties on tin"]
