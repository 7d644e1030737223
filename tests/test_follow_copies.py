"""Copies of one text, translations, and independent reports. FICTION: invented items, persons and agencies."""

import pytest

from communique.follow.copies import Likeness, bands, body, compare, copy_clusters
from communique.records import Document

WIRE = (
    "NICOSIA, May 6, 2021 (QTN) -- Cyprus and Chile will exchange 120 students every year from September, "
    "Education Minister Eleni Parastatidou announced on Thursday. Her Chilean colleague Baltasar Curimil signed the "
    "agreement in the courtyard of the old university. The costs of about 900,000 euros are shared in equal parts. "
    '"Whoever has shared a kitchen will not quarrel about customs later," Parastatidou said to the applause of '
    "the guests. "
    "Chilean universities offer courses in oceanography and seismology, Cypriot ones in archaeology and shipping. "
    "The first group leaves for Valparaiso on the third of September."
)
REPORT = (
    "In a courtyard full of lemon trees two ministers put their names to a thin document on Thursday. What it "
    "says: from "
    "autumn on, 120 young people a year may study on the other side of the world. Chile's Baltasar Curimil spoke "
    "of his "
    "grandmother, who came from Limassol. Student unions in Nicosia complained that nobody had asked them. "
    '"Whoever has shared a kitchen will not quarrel about customs later," said the host, Eleni Parastatidou.'
)
GERMAN = (
    "NIKOSIA, 6. Mai 2021 (QTN) – Zypern und Chile werden ab September jedes Jahr 120 Studenten austauschen, kündigte "
    "Bildungsministerin Eleni Parastatidou am Donnerstag an. Ihr chilenischer Kollege Baltasar Curimil "
    "unterzeichnete das "
    "Abkommen im Hof der alten Universität. Die Kosten von etwa 900.000 Euro werden zu gleichen Teilen getragen. "
    "Chilenische Universitäten bieten Kurse in Ozeanographie und Seismologie an, zyprische in Archäologie und "
    "Schifffahrt. "
    "Die erste Gruppe reist am 3. September nach Valparaiso ab."
)
GERMAN_REPORT = (
    "Wer in Nikosia studiert, kann bald für ein Jahr nach Valparaiso gehen. Bildungsministerin Eleni Parastatidou "
    "hat dafür "
    "am Donnerstag ein Abkommen unterzeichnet. Die Studentenvertreter fühlen sich übergangen. Im Hof standen "
    "Zitronenbäume "
    "und 200 Stühle, von denen die Hälfte leer blieb. Baltasar Curimil, der Gast, erzählte von seiner Großmutter."
)
BOILERPLATE = (
    " This service is written by the correspondents of the QTN network in forty countries. Subscribers may use "
    "all reports, "
    "photographs and graphics without further payment. Questions are answered around the clock by the newsroom in "
    "Nicosia."
)


def item(text: str, language: str = "en", title: str = "", published: str = "2021-05-06") -> Document:
    whole = f"{title}\n\n{text}" if title else text
    span = (0, len(title)) if title else None
    return Document(whole, language=language, title=title or None, title_span=span, published=published)


def edited(text: str) -> str:
    for old, new in (
        ("NICOSIA, May 6, 2021 (QTN) -- ", "(QTN) – "),
        (
            "Education Minister Eleni Parastatidou announced on Thursday",
            "as Cypriot minister Eleni Parastatidou announced",
        ),
        ("in the courtyard of the old university", "at the old university"),
        ("Cypriot ones in", "those of Cyprus in"),
    ):
        assert old in text
        text = text.replace(old, new)
    return text


def test_another_headline_dateline_and_small_edits_leave_a_copy() -> None:
    found = compare(item(WIRE, title="Students to be exchanged"), item(edited(WIRE), title="Kitchens and customs"))
    assert found is not None
    assert (found.kind, found.score) == ("copy", 0.94)


def test_a_copy_cut_to_its_first_sentences_is_one() -> None:
    cut = ". ".join(WIRE.split(". ")[:3]) + "."
    assert compare(item(WIRE), item(cut)) == Likeness("copy", 1.0, "3 of 3 sentences are the same, 100 % of the words")


def test_a_long_item_that_holds_a_wire_text_is_a_copy_of_it() -> None:
    more = " ".join(f"Paragraph {n} tells of other things that happened in harbour number {n}." for n in range(3, 40))
    assert compare(item(WIRE), item(f"{WIRE} {more}")) is not None


def test_an_own_report_with_the_same_quotation_is_no_copy() -> None:
    assert compare(item(WIRE), item(REPORT)) is None


def test_the_end_that_all_items_of_a_service_have_makes_no_copy() -> None:
    other = "A storm has torn the roof off the railway station in Temuco. Nobody was hurt."
    assert compare(item(WIRE + BOILERPLATE), item(other + BOILERPLATE)) is None


def test_one_template_with_other_numbers_is_no_copy() -> None:
    daily = (
        "The central bank bought {} million pesos on {} at a rate of {} to the euro. Reserves rose to {} billion euros."
    )
    one, other = daily.format(310, 4, 881, 47), daily.format(295, 5, 902, 48)
    assert compare(item(one), item(other)) is None


def test_copies_share_bands_and_other_texts_do_not() -> None:
    whole = set(bands(item(WIRE)))
    assert len(whole & set(bands(item(edited(WIRE), title="Kitchens and customs")))) >= 3
    assert whole & set(bands(item(". ".join(WIRE.split(". ")[:3]) + ".")))
    assert not whole & set(bands(item(GERMAN, "de")))
    assert not set(bands(item(REPORT))) & set(bands(item(GERMAN_REPORT, "de")))


def test_bands_are_signed_numbers_of_64_bits_and_stay_the_same() -> None:
    found = bands(item("Ministers of both countries signed seven agreements about fisheries yesterday."))
    assert found == bands(item("Ministers of both countries signed seven agreements about fisheries yesterday."))
    assert all(-(2**63) <= band < 2**63 for band in found)
    assert 1 <= len(found) <= 2


def test_a_translation_is_told_from_a_report_in_the_other_language() -> None:
    found = compare(item(WIRE), item(GERMAN, "de", published="2021-05-07"))
    assert found is not None
    assert found.kind == "translation"
    assert found.reason.endswith(" of 5 sentences have their counterpart, in the same order")
    assert compare(item(WIRE), item(GERMAN_REPORT, "de")) is None


def test_a_text_in_the_other_language_weeks_later_is_no_translation() -> None:
    assert compare(item(WIRE), item(GERMAN, "de", published="2021-06-20")) is None


@pytest.mark.parametrize("text", ["", "Kurz.", "\n\n\n", "A headline without a full stop"])
def test_what_has_hardly_any_words_is_nothing(text: str) -> None:
    assert compare(item(text), item(WIRE)) is None
    assert compare(item(text), item(text)) is None


def test_a_dateline_is_no_part_of_the_body() -> None:
    document = item("LISSABON/MADRID (NPA) – Am Sonntag regnete es.", "de", title="Regen")
    start, end = body(document)
    assert document.text[start:end] == "Am Sonntag regnete es."


def test_items_that_hang_together_are_one_text() -> None:
    copy, translation = Likeness("copy", 0.9, ""), Likeness("translation", 0.8, "")
    assert copy_clusters({(4, 2): copy, (4, 9): translation, (5, 6): copy}) == {2: 2, 4: 2, 9: 2, 5: 5, 6: 5}
