"""Questions to a ledger: answers with evidence and origins, promises on a day, dossiers of days gone by. Invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from ledger_items import commitment, event, figure, reading, statement

from communique.ask import figures, promises, told
from communique.ask.brief import brief
from communique.ask.columns import as_object
from communique.ask.days import read_day
from communique.ask.dossier import as_object as dossier_object
from communique.ask.dossier import dossier
from communique.ask.evidence import sentence
from communique.ask.names import actor_name
from communique.ask.pairs import balance_of
from communique.ask.persons import person
from communique.ask.replay import as_of
from communique.ask.stats import stats
from communique.ask.stories import story
from communique.ask.why import why
from communique.errors import CommuniqueError
from communique.follow.update import follow
from communique.ledger import Ledger
from communique.ledger.rows import Filter, Judgement
from communique.records import Actor, Entity, Reading

WIRE = (
    "Chile and Estonia agreed on Monday to open a direct air link between Tallinn and Santiago by 30 June 2032. "
    "The president of Estonia, Tõnu Raudkivi, said the link would bring students closer to each other. "
    "Chile's foreign minister will visit the harbour of Muuga on Tuesday before she leaves for home. (FICTION)"
)
OPENED = (
    "The direct air link between Tallinn and Santiago was opened on Sunday, the ministry of Estonia said. "
    "It was promised a year ago by Estonia and Chile. (FICTION)"
)
PROMISED = "open a direct air link between Tallinn and Santiago by 30 June 2032"
TRADE = "Trade between Chile and Estonia came to {} million dollars in 2030. (FICTION)"


def keep(ledger: Ledger, *readings: Reading, recorded: str | None = None) -> None:
    for one in readings:
        follow(ledger, ledger.add(one, recorded=recorded).key)


def wire(id: str, publisher: str, day: str, head: str = "") -> Reading:
    text = head + WIRE
    parts = (
        event(text, "Chile and Estonia agreed", "AGREE", "CHL EST", "CHL EST", start="2031-05-05"),
        statement(
            text, "The president of Estonia, Tõnu Raudkivi, said", Actor("EST", "GOV", "p1", "Tõnu Raudkivi", None)
        ),
        commitment(text, PROMISED, "CHL EST", "2032-06-30"),
    )
    president = Entity("p1", "person", "Tõnu Raudkivi", None, None, "EST", "head_of_state", ((0, 1),), 0.9, "")
    return reading(text, *parts, id=id, publisher=publisher, published=day, entities=(president,), agencies=("NPA",))


def opened(day: str = "2032-06-21", publisher: str = "Ministry of Foreign Affairs of Estonia") -> Reading:
    one = event(OPENED, OPENED[: OPENED.index(" on Sunday")], "COOPERATE", "EST CHL", "EST CHL", start="2032-06-20")
    return reading(OPENED, one, id="opened", publisher=publisher, published=day)


def traded(id: str, value: int, publisher: str, day: str = "2031-03-01") -> Reading:
    text = TRADE.format(value)
    period = {"start": "2030-01-01", "end": "2030-12-31", "precision": "year"}
    made = figure(text, text[: text.index(" in 2030")], "CHL EST", value * 1e6, label="Trade", **period)
    return reading(text, made, id=id, publisher=publisher, published=day)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "a.ledger") as made:
        keep(
            made,
            wire("a", "Nordpost", "2031-05-05"),
            wire("b", "Harbour Gazette", "2031-05-06", "New link to Tallinn\n\n"),
            opened(),
            traded("t1", 400, "Nordpost"),
            traded("t2", 470, "Rundschau am Fluss", "2031-11-01"),
            recorded="2032-07-01",
        )
        yield made


# ---- records


def test_copies_of_one_wire_are_one_origin_and_each_record_shows_its_words(ledger: Ledger) -> None:
    page = told.records(ledger, Filter(kinds=("event",), types=("AGREE",)))
    assert [(one.day, one.evidence.document, one.evidence.words) for one in page.rows] == [
        ("2031-05-05", "a", "Chile and Estonia agreed"),
        ("2031-05-05", "b", "Chile and Estonia agreed"),
    ]
    assert page.rows[0].evidence.sentence == WIRE[: WIRE.index(" The president")]
    assert [[origin.name for origin in one.origins] for one in page.rows] == [["NPA"], ["NPA"]]
    assert page.rows[0].story == page.rows[1].story
    assert page.after is None


def test_pages_follow_each_other_and_origins_can_be_asked_for(ledger: Ledger) -> None:
    wanted = Filter(kinds=("event", "statement"), limit=2)
    first = told.records(ledger, wanted)
    assert first.after is not None
    second = told.records(ledger, replace(wanted, after=first.after, limit=None))
    assert [one.evidence.document for one in (*first.rows, *second.rows)] == ["a", "a", "b", "b", "opened"]
    assert told.records(ledger, wanted, least_origins=2).rows == ()


def test_a_row_is_the_same_in_json_whatever_the_ledger_calls_it(ledger: Ledger) -> None:
    row = told.records(ledger, Filter(kinds=("statement",))).rows[0]
    found = as_object(row, told.COLUMNS)
    assert found["id"].startswith("s-")
    del found["id"], found["story"], found["sentence"]
    start = WIRE.index("The president")
    words = "The president of Estonia, Tõnu Raudkivi, said"
    assert found == {
        "kind": "statement", "type": "indirect", "day": "2031-05-05", "what": "indirect EST", "source": ["EST"],
        "target": [], "people": ["Tõnu Raudkivi"], "modality": None, "attributed": False, "confidence": 0.9,
        "document": "a", "outlet": "Nordpost", "published": "2031-05-05", "evidence": [[start, start + len(words)]],
        "words": words, "origins": 1, "origin_names": [{"name": "NPA", "items": 1, "state": None}], "verdict": None,
    }  # fmt: skip


def test_a_person_is_found_by_surname_with_the_office_of_the_item(ledger: Ledger) -> None:
    found = person(ledger, "Raudkivi", Filter())
    assert (found.id, found.name) == (None, "Tõnu Raudkivi")
    assert [(said.office, said.state, said.told.kind) for said in found.said] == [
        ("head of state", "EST", "statement"),
        ("head of state", "EST", "statement"),
    ]
    assert person(ledger, "Nobody Atall", Filter()).said == ()


def test_why_shows_sentence_links_and_judgements(ledger: Ledger) -> None:
    row = told.records(ledger, Filter(kinds=("event",), types=("AGREE",))).rows[0]
    ledger.judge(Judgement("unsure", row.id, None, "Anna", "2032-07-02", "looks odd"))
    found = why(ledger, row.id[:10])
    assert (found.told.id, found.stands, found.versions) == (row.id, True, 1)
    assert found.told.evidence.sentence.startswith("Chile and Estonia agreed on Monday")
    assert [(link.kind, link.document) for link in found.links] == [("story", "b")]
    assert [(judged.verdict, judged.author, judged.note) for judged in found.judgements] == [
        ("unsure", "Anna", "looks odd")
    ]
    with pytest.raises(CommuniqueError, match="no record 'e-zz'"):
        why(ledger, "e-zz")
    with pytest.raises(CommuniqueError, match="give more of it"):
        why(ledger, "e-")


def test_a_story_says_who_reports_what_and_where_reports_differ(tmp_path: Path) -> None:
    texts = [
        "Estonia's president met Chile's president in Tallinn on Monday and spoke of fish. (FICTION)",
        "The presidents of Estonia and Chile met in Tallinn on Tuesday and spoke of fish, it was learnt. (FICTION)",
    ]
    with Ledger(tmp_path / "a.ledger") as made:
        for text, day, outlet in zip(texts, ("2031-05-05", "2031-05-06"), ("Nordpost", "Gazette"), strict=True):
            one = event(text, text[: text.index(" and spoke")], "CONSULT", "EST CHL", "EST CHL", start=day, end=day)
            keep(made, reading(text, one, id=outlet, publisher=outlet, published="2031-05-06"))
        row = told.records(made, Filter(kinds=("event",))).rows[0]
        found = story(made, row.id)
    assert found.id == row.story
    assert [origin.name for origin in row.origins] == ["Gazette", "Nordpost"]
    assert [(report.document, [each.day for each in report.told]) for report in found.reports] == [
        ("Gazette", ["2031-05-06"]),
        ("Nordpost", ["2031-05-05"]),
    ]
    assert [(one.field, one.values) for one in found.differences] == [
        ("day", (("2031-05-05", ("Nordpost",)), ("2031-05-06", ("Gazette",))))
    ]
    assert {origin.name for origin in found.origins} == {"Gazette", "Nordpost"}


# ---- promises


def test_a_promise_has_its_history_and_its_status_on_any_day(ledger: Ledger) -> None:
    wanted = promises.Wanted(Filter(kinds=("commitment",), pair=("CHL", "EST")), "2031-06-01")
    (one,), more = promises.promises(ledger, wanted)
    assert (one.status, one.due, one.parties, one.since, more) == (
        "open", "2032-06-30", ("CHL", "EST"), "2031-05-05", False,
    )  # fmt: skip
    assert [(turn.day, turn.entry, turn.evidence.document) for turn in one.history] == [
        ("2031-05-05", "announced", "a"),
        ("2031-05-06", "announced", "b"),
    ]
    assert [origin.name for origin in one.origins] == ["NPA"]
    assert promises.promise(ledger, one.id[:8], "2032-05-01").status == "due"
    kept = promises.promise(ledger, one.id, "2032-12-31")
    assert kept.status == "fulfilled"
    assert kept.last.own
    assert kept.note == (
        "says so: Ministry of Foreign Affairs of Estonia (speaks for a party) (no independent witness)"
    )
    with pytest.raises(CommuniqueError, match="had not been made on 2031-01-01"):
        promises.promise(ledger, one.id, "2031-01-01")


def test_promises_are_asked_for_by_status_and_deadline(ledger: Ledger) -> None:
    wanted = promises.Wanted(Filter(kinds=("commitment",)), "2031-06-01")
    assert promises.promises(ledger, replace(wanted, statuses=("fulfilled",))) == ([], False)
    assert len(promises.promises(ledger, replace(wanted, statuses=("open",), due_before="2032-07-01"))[0]) == 1
    assert promises.promises(ledger, replace(wanted, due_before="2032-06-30")) == ([], False)
    with pytest.raises(CommuniqueError, match="not 'kept'"):
        promises.promises(ledger, replace(wanted, statuses=("kept",)))


def test_a_lapsed_promise_says_in_how_much_nothing_was_found(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a.ledger") as made:
        keep(made, wire("a", "Nordpost", "2031-05-05"), traded("t1", 400, "Gazette"))
        (one,), _more = promises.promises(made, promises.Wanted(Filter(), "2033-01-01"))
        found = promises.promise(made, one.id, "2033-01-01")
    assert found.status == "lapsed"
    assert found.note == "deadline passed, nothing found in 1 items of Nordpost"


# ---- figures


@pytest.mark.parametrize("words", ["bilateral trade", "Handel", "bilateraler Handel", "trade", None])
def test_a_series_shows_claims_of_both_origins_and_their_conflict(ledger: Ledger, words: str | None) -> None:
    found = figures.figures(ledger, Filter(kinds=("figure",), pair=("CHL", "EST")), words)
    (one,) = found.series
    assert (one.indicator, one.subjects, one.unit) == ("trade", ("CHL", "EST"), "USD")
    (period,) = one.periods
    assert [(claim.value, claim.origin, claim.evidence.document) for claim in period.claims] == [
        (4.0e8, "Nordpost", "t1"),
        (4.7e8, "Rundschau am Fluss", "t2"),
    ]
    assert period.agreed == ()
    assert len(period.conflicts) == 1


@pytest.mark.parametrize("words", ["inflation", "gas exports", "qwertz"])
def test_figures_of_other_things_are_not_shown(ledger: Ledger, words: str) -> None:
    found = figures.figures(ledger, Filter(kinds=("figure",)), words)
    assert (found.series, found.alone) == ((), ())


# ---- the whole


def test_a_dossier_has_what_was_published_until_its_day(ledger: Ledger) -> None:
    found = dossier_object(dossier(ledger, "2031-12-31"))
    start = WIRE.index(PROMISED)
    shift = len("New link to Tallinn\n\n")
    (one,) = found["promises"]
    assert one["id"].startswith("p-")
    assert found == {
        "documents": [{"id": id, "name": None} for id in ("t1", "a", "b", "t2")],
        "copies": [["a", "b"]],
        "stories": [{"id": found["stories"][0]["id"], "documents": ["a", "b"]}],
        "promises": [{
            "id": one["id"], "status": "open", "mentions": [
                {"document": "a", "evidence": [[start, start + len(PROMISED)]], "entry": "announced"},
                {"document": "b", "evidence": [[start + shift, start + shift + len(PROMISED)]], "entry": "announced"},
            ],
        }],
        "conflicts": [{
            "indicator": "trade", "subjects": ["CHL", "EST"], "start": "2030-01-01", "end": "2030-12-31",
            "claims": [
                {"document": "t1", "value": 4.0e8, "unit": "USD"}, {"document": "t2", "value": 4.7e8, "unit": "USD"},
            ],
        }],
    }  # fmt: skip
    later = dossier_object(dossier(ledger, "2032-12-31"))
    assert [(p["status"], p["mentions"][-1]["entry"]) for p in later["promises"]] == [("fulfilled", "fulfilled")]


def test_a_dossier_of_a_day_before_a_correction_has_the_text_of_that_day(tmp_path: Path) -> None:
    before, after = traded("t1", 400, "Nordpost"), traded("t1", 470, "Nordpost")
    corrected = replace(after, document=replace(after.document, modified="2031-04-01"))
    with Ledger(tmp_path / "a.ledger") as made:
        keep(made, before, traded("t2", 470, "Gazette"), corrected)
        assert len(dossier(made, "2031-03-15").conflicts) == 1
        assert dossier(made, "2031-04-15").conflicts == ()


def test_a_ledger_as_of_a_day_knows_nothing_that_came_later(ledger: Ledger) -> None:
    keep(ledger, traded("t3", 520, "Gazette"), recorded="2032-08-01")
    with as_of(ledger, "2032-07-15") as known:
        assert sorted(item.document.id for item in known.items()) == ["a", "b", "opened", "t1", "t2"]
        assert len(known.links("conflict")) == 1
    with as_of(ledger, None) as known:
        assert known is ledger
        assert len(known.links("conflict")) == 3


def test_a_brief_tells_what_a_period_brought(ledger: Ledger) -> None:
    found = brief(ledger, Filter(), "2031-05-01", "2031-05-07")
    assert (found.items, len(found.made), found.due, found.kept, found.failed) == (2, 1, (), (), ())
    assert [told.type for told in found.firsts] == ["AGREE"]
    later = brief(ledger, Filter(), "2032-06-15", "2032-06-22")
    assert ([p.status for p in later.kept], later.made) == (["fulfilled"], ())
    earlier = brief(ledger, Filter(), "2031-02-25", "2031-03-03")
    assert earlier.contradictions == ()
    earlier = brief(ledger, Filter(), "2031-10-30", "2031-11-03")
    assert [dispute.indicator for dispute in earlier.contradictions] == ["trade"]
    assert brief(ledger, Filter(actors=("KAZ",)), "2031-05-01", "2031-05-07").made == ()


def test_a_balance_counts_stories(ledger: Ledger) -> None:
    found = balance_of(ledger, Filter(pair=("EST", "CHL")), "year")
    assert [(row.period, row.stories, row.verbal_cooperation.records) for row in found.rows] == [
        ("2031", 1, 2),
        ("2032", 1, 1),
    ]
    with pytest.raises(CommuniqueError, match="by month, year, day, not 'week'"):
        balance_of(ledger, Filter(pair=("EST", "CHL")), "week")


def test_stats_count_items_by_outlet(ledger: Ledger) -> None:
    found = stats(ledger)
    assert (found["since"], found["until"], found["counts"]["item"]) == ("2031-03-01", "2032-06-21", 5)
    assert found["outlets"] == {
        "Nordpost": 2, "Harbour Gazette": 1, "Ministry of Foreign Affairs of Estonia": 1, "Rundschau am Fluss": 1,
    }  # fmt: skip


# ---- words


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("KAZ", "KAZ"),
        ("Kasachstans", "KAZ"),
        ("chinesische", "CHN"),
        ("Peking", "CHN"),
        ("SOZ", "SCO"),
        ("UK", "GBR"),
        ("XQZ", "XQZ"),
        ("Xi Jinping", "person/xi-jinping"),
        ("Tõnu Raudkivi", "Tõnu Raudkivi"),
    ],
)
def test_actors_are_named_in_either_language_and_inflected(name: str, code: str) -> None:
    assert actor_name(name) == code


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-07-04", "2024-07-04"),
        ("4. Juli 2024", "2024-07-04"),
        ("2024", "2024"),
        ("2024-13", None),
        ("30d", "2024-06-04"),
        ("1y", "2023-07-05"),
        ("99999y", None),
        ("soon", None),
    ],
)
def test_days_as_people_give_them(text: str, day: str | None) -> None:
    assert read_day(text, "2024-07-04") == day


@pytest.mark.parametrize(
    ("text", "words", "found"),
    [
        ("It rained. The talks of 4. July went well. Two.", "talks", "The talks of 4. July went well."),
        ("Title here\n\nThe U.S. and Chad met. Later.", "met", "The U.S. and Chad met."),
        ("„Wir helfen.“ Das sagte er.", "sagte", "Das sagte er."),
        ("All of it", "of", "All of it"),
    ],
)
def test_the_sentence_around_some_words(text: str, words: str, found: str) -> None:
    start = text.index(words)
    assert sentence(text, ((start, start + len(words)),)) == found
