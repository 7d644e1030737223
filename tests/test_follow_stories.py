"""Which records report one event. FICTION: invented items, office-holders and events."""

from __future__ import annotations

from communique.follow.stories import Gist, gist, lead, report_link, story_bands, story_link
from communique.ledger.rows import Item, Stored
from communique.records import Actor, Document, Event

VISIT = (
    "Tonga's Prime Minister Sione Vaipulu received President Aurelio Quintadas of Cape Verde in Nuku'alofa on Monday. "
    "They signed an agreement on fisheries and spoke about tuna quotas and coral reefs."
)
BESUCH = (
    "Kap Verdes Präsident Aurelio Quintadas ist am Montag in Nuku'alofa von Tongas Premierminister Sione Vaipulu "
    "empfangen "
    "worden. Beide unterzeichneten ein Fischereiabkommen. Auch über die Korallenriffe wurde gesprochen."
)
STRIKE = (
    "Dockers in Cape Verde stopped work on Monday. The harbour of Mindelo was closed. Their union said that wages "
    "had not "
    "been paid since Easter."
)


def item(key: int, text: str, published: str, language: str = "en") -> Item:
    return Item(key, Document(text, id=f"doc{key}", language=language, published=published), published)


def actor(code: str | None, text: str = "") -> Actor:
    return Actor(code, "GOV", None, text or code or "", None)


def event(key: int, where: Item, type: str, codes: str, start: str | None = None, **more: object) -> Stored:
    """An event between equal parties, or with `target` of the first acting on the second."""
    parties = tuple(actor(code) for code in codes.split())
    target = more.pop("target", None)
    sides = (parties, parties) if target is None else (parties, (actor(str(target)),))
    span = (0, where.document.text.find(".") + 1)
    record = Event(
        id=f"e-{key:04}", evidence=(span,), confidence=0.9, asserted_by=None, why="", type=type, mode=None, contexts=(),
        cameo=None, quad="verbal cooperation", goldstein=None, source=tuple(more.pop("source", sides[0])),  # type: ignore[call-overload]
        target=sides[1], place=None, start=start, end=start, precision="day" if start else None,
        modality=str(more.pop("modality", "actual")), trigger=(),
    )  # fmt: skip
    return Stored(key, "event", record, where, where.document.text[span[0] : span[1]])


def test_one_visit_in_two_languages_is_one_event() -> None:
    a = event(1, item(1, VISIT, "2031-05-06"), "CONSULT", "TON CPV", "2031-05-05")
    b = event(2, item(2, BESUCH, "2031-05-06", "de"), "CONSULT", "CPV TON")
    link = story_link(a, b)
    assert link is not None
    assert (link.kind, link.a, link.b) == ("story", 1, 2)
    assert link.reason.startswith("CONSULT of CPV+TON, 0 days apart")
    assert story_link(b, a) == link


def test_visit_and_signing_on_one_day_are_one_story() -> None:
    a = event(1, item(1, VISIT, "2031-05-06"), "CONSULT", "TON CPV", "2031-05-05")
    b = event(2, item(2, BESUCH, "2031-05-06", "de"), "AGREE", "TON CPV")
    link = story_link(a, b)
    assert link is not None
    assert link.reason.startswith("CONSULT and AGREE of CPV+TON")


def test_another_meeting_a_year_or_four_days_later_is_another_story() -> None:
    first = event(1, item(1, VISIT, "2031-05-06"), "CONSULT", "TON CPV", "2031-05-05")
    for day, published in (("2032-05-05", "2032-05-06"), ("2031-05-09", "2031-05-09")):
        assert story_link(first, event(2, item(2, VISIT, published), "CONSULT", "TON CPV", day)) is None


def test_an_item_that_only_mentions_last_years_visit_does_not_report_it() -> None:
    first = event(1, item(1, VISIT, "2031-05-06"), "CONSULT", "TON CPV", "2031-05-05")
    assert story_link(first, event(2, item(2, VISIT, "2032-03-01"), "CONSULT", "TON CPV", "2031-05-05")) is None


def test_what_happened_after_an_item_was_published_is_not_in_it() -> None:
    early = event(1, item(1, VISIT, "2031-05-04"), "CONSULT", "TON CPV")
    late = event(2, item(2, VISIT, "2031-05-06"), "CONSULT", "TON CPV", "2031-05-05")
    assert story_link(early, late) is None
    assert report_link(early, late) is None


def test_the_same_state_in_another_affair_is_another_story() -> None:
    visit = event(1, item(1, VISIT, "2031-05-06"), "CONSULT", "TON CPV")
    strike = event(2, item(2, STRIKE, "2031-05-06"), "PROTEST", "CPV")
    other = event(3, item(2, STRIKE, "2031-05-06"), "CONSULT", "CPV")
    assert story_link(visit, strike) is None
    assert story_link(visit, other) is None
    assert report_link(visit, strike) is None


def test_a_body_in_common_joins_nothing() -> None:
    one = item(1, "The United Nations and Tonga discussed reefs in Geneva. Corals are dying.", "2031-05-06")
    two = item(2, "The United Nations and Malta discussed harbours in Geneva. Cranes are missing.", "2031-05-06")
    assert story_link(event(1, one, "CONSULT", "UN TON"), event(2, two, "CONSULT", "UN MLT")) is None


def test_two_of_many_participants_join_nothing() -> None:
    many = "TON CPV MLT PER FIN CHL"
    summit = event(1, item(1, VISIT, "2031-05-06"), "CONSULT", many)
    talks = event(2, item(2, VISIT.replace("fisheries", "visas"), "2031-05-06"), "CONSULT", "TON CPV")
    again = event(3, item(3, VISIT, "2031-05-06"), "CONSULT", many)
    assert story_link(summit, talks) is None
    assert story_link(summit, again) is not None


def test_two_persons_of_one_state_do_two_things() -> None:
    text = "{} endorsed Marika Tupou for the presidency of Tonga in Nuku'alofa. Elections are due in the spring."
    one, two = (item(n, text.format(name), "2031-05-06") for n, name in ((1, "Losa Fifita"), (2, "Semisi Hala")))
    a = event(1, one, "SUPPORT", "TON", target="TON", source=(actor("TON", "Losa Fifita"),))
    b = event(2, two, "SUPPORT", "TON", target="TON", source=(actor("TON", "Semisi Hala"),))
    assert story_link(a, b) is None


def test_in_one_item_talks_and_signing_are_one_occasion_and_two_attacks_are_not() -> None:
    where = item(1, VISIT, "2031-05-06")
    link = story_link(event(1, where, "CONSULT", "TON CPV"), event(2, where, "AGREE", "TON CPV"))
    assert link is not None
    assert (link.score, link.reason) == (0.6, "CONSULT and AGREE of CPV+TON in one item")
    text = "Rebels from Tonga shelled a harbour. The bridge of Mindelo was blown up on Friday."
    other = item(2, text, "2031-05-06")
    first = event(3, other, "ASSAULT", "TON", target="CPV")
    second = Stored(4, "event", first.record, other, "The bridge of Mindelo was blown up on Friday.")
    assert story_link(first, second) is None


def test_items_report_the_same_news_without_a_common_event() -> None:
    a = event(1, item(1, VISIT, "2031-05-06"), "CONSULT", "TON CPV", "2031-05-05")
    b = event(2, item(2, BESUCH, "2031-05-07", "de"), "SUPPORT", "MLT")
    link = report_link(a, b)
    assert link is not None
    assert link.reason.startswith("same news, 1 days apart: CPV TON ")
    assert report_link(a, event(3, item(3, BESUCH, "2031-05-09", "de"), "SUPPORT", "MLT")) is None
    assert report_link(a, a) is None


def test_without_a_day_of_publication_nothing_is_linked() -> None:
    nowhen = Item(1, Document(VISIT, id="doc1", language="en"), "")
    a, b = event(1, nowhen, "CONSULT", "TON CPV"), event(2, item(2, VISIT, "2031-05-06"), "CONSULT", "TON CPV")
    assert story_link(a, b) is None
    assert report_link(a, b) is None
    assert story_bands(nowhen.document) == ()


def test_the_lead_is_the_first_dated_event_of_the_head() -> None:
    where = item(1, VISIT, "2031-05-06")
    undated, dated = event(1, where, "AGREE", "TON CPV"), event(2, where, "CONSULT", "TON CPV", "2031-05-05")
    planned = event(3, where, "CONSULT", "TON CPV", "2031-06-01", modality="planned")
    assert lead([planned, undated, dated]) == dated
    assert lead([planned, undated]) == undated
    assert lead([]) is None


def test_names_of_a_head_are_equal_across_languages() -> None:
    one, other = gist(item(1, VISIT, "2031-05-06").document), gist(item(2, BESUCH, "2031-05-06", "de").document)
    assert one.codes == other.codes == {"TON", "CPV"}
    assert {"n:KWNTDS", "n:VPL"} <= one.names & other.names
    assert isinstance(one, Gist)


def test_items_of_neighbouring_days_share_bands_by_their_names() -> None:
    one, other = item(1, VISIT, "2031-05-06").document, item(2, BESUCH, "2031-05-07", "de").document
    assert not set(story_bands(one)) & set(story_bands(other))
    assert len(set(story_bands(one, range(-1, 2))) & set(story_bands(other))) >= 3
