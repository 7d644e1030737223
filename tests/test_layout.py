"""What is prose, what is furniture, and what it says. All texts are invented; so are their office-holders."""

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.press import press
from communique.reading import layout
from communique.reading.encode import Encoded
from communique.reading.layout import encode, find_layout, furniture
from communique.reading.layout.dateline import find_dateline
from communique.reading.layout.genre import find_genre, find_issuer
from communique.records import Document, Problem

LEAD = "Der Präsident von Nordland traf am Mittwoch seinen Amtskollegen. Beide Seiten lobten die Gespräche."
NEWS = "The president of Northland met his counterpart on Wednesday. Both sides praised the talks."


def read(text: str, **fields: object) -> tuple[Encoded, tuple[Problem, ...]]:
    return encode(Document(text=text, **{"language": "de", **fields}))  # type: ignore[arg-type]


def sentences(text: str, **fields: object) -> list[str]:
    encoded, _ = read(text, **fields)
    return [encoded.words(sentence.span) for sentence in encoded.sentences]


# Datelines


@pytest.mark.parametrize(
    ("line", "place", "agencies", "rest"),
    [
        ("ASTANA - Der Rat", "Astana", (), "Der Rat"),
        ("BERLIN (dpa) - Der Rat", "Berlin", ("dpa",), "Der Rat"),
        ("WIEN (APA) - Der Rat", "Wien", ("APA",), "Der Rat"),
        ("Wien/Brüssel (APA/Reuters) – Der Rat", "Wien/Brüssel", ("APA", "Reuters"), "Der Rat"),
        ("ASTANA, July 3 (Xinhua) -- The council", "Astana", ("Xinhua",), "The council"),
        ("MOSCOW, 5 May (TASS). The council", "Moscow", ("TASS",), "The council"),
        ("MOSCOW, July 3. /TASS/. The council", "Moscow", ("TASS",), "The council"),
        ("MOSCOW. July 3 (Interfax) - The council", "Moscow", ("Interfax",), "The council"),
        ("GENF, 3. Mai (sda) Der Rat", "Genf", ("Keystone-SDA",), "Der Rat"),
        ("Bern, 3.5.2031 (Keystone-SDA) - Der Rat", "Bern", ("Keystone-SDA",), "Der Rat"),
        ("BERN – (sda) – Der Rat", "Bern", ("Keystone-SDA",), "Der Rat"),
        ("Brüssel (epd). Der Rat", "Brüssel", ("epd",), "Der Rat"),
        ("Berlin (Deutschland), 12.02.2031 – Der Rat", "Berlin", (), "Der Rat"),
        ("New Delhi [India], July 3 (ANI): The council", "New Delhi", ("ANI",), "The council"),
        ("New Delhi, Jul 3 (PTI) The council", "New Delhi", ("PTI",), "The council"),
        ("SEOUL, July 3 (Yonhap) -- The council", "Seoul", ("Yonhap",), "The council"),
        ("UNITED NATIONS (AP) — The council", "United Nations", ("AP",), "The council"),
        ("NORDSTADT, Nordland — The council", "Nordstadt", (), "The council"),
        ("WASHINGTON, D.C. — The council", "Washington", (), "The council"),
        ("RIO DE JANEIRO - The council", "Rio de Janeiro", (), "The council"),
        ("N'DJAMENA - The council", "N'Djamena", (), "The council"),
        ("NORDSTADT: The council", "Nordstadt", (), "The council"),
        ("Frankfurt/Main (dpa/lhe) - Der Rat", "Frankfurt/Main", ("dpa",), "Der Rat"),
        ("Nordstadt (eigener Bericht). Der Rat", "Nordstadt", (), "Der Rat"),
        ("Nordstadt, 20. Februar - Der Rat", "Nordstadt", (), "Der Rat"),
        ("MAPUTO, April 24 (Eastwind News) -- The council", "Maputo", (), "The council"),
        ("(Reuters) - The council", None, ("Reuters",), "The council"),
        ("(dpa) Der Rat", None, ("dpa",), "Der Rat"),
        ("NORDSTADT, 4. Juli 2031", "Nordstadt", (), ""),
        ("Nordstadt - Als der Rat am Mittwoch zusammentrat, fehlte der Präsident.", "Nordstadt", (), None),
    ],
)
def test_datelines(line: str, place: str | None, agencies: tuple[str, ...], rest: str | None) -> None:
    found = find_dateline(line)
    assert found is not None
    assert (found.place, found.agencies) == (place, agencies)
    assert rest is None or line[found.end :] == rest


@pytest.mark.parametrize(
    "line",
    [
        "Angela Muster (CDU) – die Kanzlerin – sagte am Mittwoch im Parlament von Nordland nichts dazu.",
        "NATO - Das Bündnis hat entschieden, was zu tun ist, und wird es bald sagen.",
        "EU-Kommission - Das ist noch nicht entschieden, sagte die Sprecherin am Mittwoch.",
        "Der Präsident - Er ist seit drei Jahren im Amt - hat am Mittwoch abgesagt.",
        "Nordland – das kleine Land im Norden – hat am Mittwoch seine Grenzen geschlossen.",
        "Max Muster sagte am Mittwoch (4. Juli), dass alles gut sei.",
        "Gesamtwertung (Stand 08. Juli)",
        "Am Mittwoch (APA) - der Rat",
        "UPDATE - The council met again.",
        "FRAGE: Warum kommen Sie?",
        "Nordstadt. Der Rat tagt.",
    ],
)
def test_no_datelines(line: str) -> None:
    assert find_dateline(line) is None


def test_dateline_without_signs_only_in_the_first_line() -> None:
    line = "Nordstadt - Als der Rat am Mittwoch zusammentrat, fehlte der Präsident."
    assert find_dateline(line, first=False) is None
    assert find_dateline("NORDSTADT - Der Rat", first=False) is not None


def test_labels_are_no_places() -> None:
    assert find_dateline("MUSTER: The council met.", labels=frozenset({"muster"})) is None


def test_dateline_below_title_picture_and_byline() -> None:
    text = f"Treffen in Nordstadt\n\nFoto: Xinhua\nVon Max Muster\nNORDSTADT (dpa) - {LEAD}\n(per) Xinhua - CMG"
    encoded, problems = read(text, title="Treffen in Nordstadt", title_span=(0, 20))
    assert [encoded.words(sentence.span) for sentence in encoded.sentences] == ["Treffen in Nordstadt", *_two(LEAD)]
    assert [sentence.title for sentence in encoded.sentences] == [True, False, False]
    document = encoded.document
    assert (document.place, document.agencies, document.author) == ("Nordstadt", ("dpa", "Xinhua", "CMG"), "Max Muster")
    assert problems == ()


def _two(lead: str) -> list[str]:
    first, second = lead.split(". ", 1)
    return [f"{first}.", second]


def test_day_of_publication_from_a_complete_dateline_only() -> None:
    encoded, problems = read(f"Berlin (Deutschland), 12.02.2031 – {LEAD}")
    assert (encoded.document.published, encoded.day) == ("2031-02-12", date(2031, 2, 12))
    assert [problem.code for problem in problems] == ["published"]
    encoded, problems = read(f"BERLIN, 12. Februar (dpa) – {LEAD}")
    assert (encoded.document.published, encoded.day, problems) == (None, None, ())
    encoded, problems = read(f"Berlin (Deutschland), 12.02.2031 – {LEAD}", published="2031-02-13")
    assert (encoded.document.published, problems) == ("2031-02-13", ())
    encoded, _ = read(f"Friday, January 4, 2031\n\n{NEWS}", language="en")
    assert encoded.document.published == "2031-01-04"


@pytest.mark.parametrize(
    ("published", "day"),
    [("2031-07-04T23:30:00-05:00", date(2031, 7, 4)), ("2031-07", None), ("2031", None), (None, None)],
)
def test_day_needs_day_precision(published: str | None, day: date | None) -> None:
    encoded, _ = read(LEAD, published=published)
    assert encoded.day == day


# Furniture: the examples and counter-examples of the lexicons


KINDS = {
    "stamps": {"stamp"}, "pictures": {"picture"}, "bylines": {"byline"}, "lines": {"mark"},
    "starts": {"link", "tail", "mark"},
    "tails": {"tail", "link"}, "credits": {"credit", "tail"},
}  # fmt: skip


def examples(answer: str) -> Iterator[tuple[str, str]]:
    for words in press().layouts:
        for section in KINDS:
            for line in words.get(section, {}).get(answer, ()):
                yield section, line


@pytest.mark.parametrize(("section", "line"), list(examples("yes")))
def test_examples(section: str, line: str) -> None:
    assert furniture.kind(line) in KINDS[section] | ({"link"} if line.startswith("(Rep") else set())
    assert sentences(f"{LEAD}\n{line}") == _two(LEAD)


@pytest.mark.parametrize(("section", "line"), list(examples("no")))
def test_counter_examples(section: str, line: str) -> None:
    assert furniture.kind(line) is None
    assert "".join(sentences(f"{LEAD}\n{line}")).endswith(line[-10:].strip("-"))


def test_every_section_has_examples_and_counter_examples() -> None:
    assert {section for section, _ in examples("yes")} == {section for section, _ in examples("no")} == set(KINDS)


@pytest.mark.parametrize(
    ("ending", "agencies"),
    [
        (" (dpa)", ("dpa",)), (" (AFP, Reuters)", ("AFP", "Reuters")), (" /TASS/", ("TASS",)),
        (" (APA, 3.7.2031)", ("APA",)),
        (" (SK/dpa)", ("dpa",)), (" (red, APA/dpa)", ("APA", "dpa")), (" (Foto: Nordbild)", ()),
        (" (dpa) (Foto: Nordbild)", ("dpa",)),
        (" [Quelle: dpa]", ("dpa",)),
    ],
)  # fmt: skip
def test_credits_behind_the_last_sentence(ending: str, agencies: tuple[str, ...]) -> None:
    encoded, _ = read(LEAD + ending)
    assert [encoded.words(sentence.span) for sentence in encoded.sentences] == _two(LEAD)
    assert encoded.document.agencies == agencies


@pytest.mark.parametrize(
    "ending", [" So sagte es die Partei (CDU).", " Das war alles. (Beifall)", " Er las die Meldung der Agentur (dpa)."]
)
def test_brackets_that_are_no_credits(ending: str) -> None:
    assert sentences(LEAD + ending)[-1].endswith(ending[-8:])


def test_picture_agencies_are_not_the_texts() -> None:
    assert read(f"Foto: Reuters\n{LEAD}")[0].document.agencies == ()


def test_caption_keeps_its_words() -> None:
    assert sentences(f"{NEWS}\nThe fire in Northtown. Image: Jane Doe.", language="en")[-1] == "The fire in Northtown."


def test_lists_of_sources_at_the_end() -> None:
    links = "Themenverwandte Artikel\nGipfel in Südstadt\n\nQuellen\nNordpost: Gipfel der Zwei\nSüdpost vom 4. Juli"
    text = f"{LEAD}\n\n{links}"
    assert sentences(text) == _two(LEAD)
    assert sentences(f"{LEAD}\n\nQuellen\nNordpost\n\n{LEAD}") == _two(LEAD) * 2
    assert sentences(f"{NEWS}\n\nSister links\n\nSources\nJane Doe: Summit of the two", language="en") == _two(NEWS)


# Paragraphs, lists, titles, wrapped lines


def test_list_numbers_belong_to_no_sentence() -> None:
    text = "1. Die Seiten bekräftigen ihre Absicht.\n2. Sie treffen sich wieder.\n(3) Sie danken.\n4) Sie gehen."
    assert sentences(text) == [
        "Die Seiten bekräftigen ihre Absicht.",
        "Sie treffen sich wieder.",
        "Sie danken.",
        "Sie gehen.",
    ]


def test_ordinals_stay() -> None:
    assert sentences("24. Sitzung des Rates beginnt heute.") == ["24. Sitzung des Rates beginnt heute."]
    assert sentences("Die Tore fielen in der 44. Minute und in der 85. Minute.") == [
        "Die Tore fielen in der 44. Minute und in der 85. Minute."
    ]


def test_bullets_belong_to_no_sentence() -> None:
    assert sentences("- Erster Punkt ist dies.\n• Zweiter Punkt ist das.") == [
        "Erster Punkt ist dies.",
        "Zweiter Punkt ist das.",
    ]


@pytest.mark.parametrize("end", ["\n", "\n\n", "\r\n", "\r\n\r\n", "\r", "\u2028", "\u2029"])
def test_paragraphs(end: str) -> None:
    encoded, _ = read(f"Erster Satz. Zweiter Satz.{end}Dritter Satz.")
    assert [sentence.paragraph for sentence in encoded.sentences] == [0, 0, 1]


def test_first_line_apart_is_a_title() -> None:
    encoded, _ = read(f"Treffen in Nordstadt\n\n{LEAD}")
    assert [sentence.title for sentence in encoded.sentences] == [True, False, False]
    assert encoded.document.title is None
    encoded, _ = read(f"Er kam heute.\n\n{LEAD}")
    assert not any(sentence.title for sentence in encoded.sentences)


def test_wrapped_lines_are_joined() -> None:
    text = (
        "Der Präsident von Nordland traf am Mittwoch in der Hauptstadt seinen\n"
        "Amtskollegen aus Südland. Beide Seiten lobten nach Angaben eines Sprechers\n"
        "die Gespräche sehr.\n\nEr reiste ab."
    )
    assert [words.split()[-1] for words in sentences(text)] == ["Südland.", "sehr.", "ab."]


def test_headings_and_tables_are_not_joined() -> None:
    text = f"Reaktionen aus der Hauptstadt des kleinen Landes\n{LEAD}\nNordland - Südland 1:0\nOstland - Westland 2:0"
    assert sentences(text)[0] == "Reaktionen aus der Hauptstadt des kleinen Landes"
    assert sentences(text)[-1] == "Ostland - Westland 2:0"


def test_quotations_are_found_over_paragraphs() -> None:
    encoded, _ = read("„Wir gehen.\n\nUnd bleiben“, sagte er.")
    assert [encoded.words(quote.inner) for quote in encoded.quotes] == ["Wir gehen.\n\nUnd bleiben"]


# Language and length


def test_language_is_identified() -> None:
    assert encode(Document(text=LEAD))[0].language == "de"
    encoded, problems = encode(Document(text=NEWS))
    assert (encoded.language, encoded.document.language, problems) == ("en", "en", ())


def test_language_given_wins() -> None:
    assert read(NEWS, language="de-AT")[0].language == "de"


def test_other_languages_are_a_problem_and_read_on() -> None:
    encoded, problems = encode(
        Document(text="Le président du Nordland a rencontré son homologue mercredi. Il est parti.")
    )
    assert (encoded.language, len(encoded.sentences)) == ("fr", 2)
    assert [problem.code for problem in problems] == ["language"]
    assert "left out" in problems[0].message


def test_without_words_the_language_is_undetermined() -> None:
    encoded, problems = encode(Document(text="12 34"))
    assert (encoded.language, encoded.document.language) == ("und", None)
    assert [problem.code for problem in problems] == ["language"]


def test_only_the_first_million_characters_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "LONGEST_TEXT", 200)
    text = "Ein Satz. " * 100
    encoded, problems = read(text)
    assert encoded.text == text
    assert encoded.sentences[-1].end <= 200
    assert [problem.code for problem in problems] == ["too_long"]


# Genre and issuer


@pytest.mark.parametrize(
    ("title", "lines", "genre"),
    [
        ("Readout of the call between President Doe and President Roe", [NEWS], "readout"),
        ("Pressemitteilung: Treffen der Außenminister", [LEAD], "readout"),
        (None, ["Das Auswärtige Amt teilt mit:", LEAD], "readout"),
        ("Gemeinsame Erklärung von Nordland und Südland", [LEAD], "communique"),
        (None, ["We, the Heads of State of Northland and Southland, met today."], "communique"),
        (None, ["1. We reaffirm our will.", "2. We welcome the talks.", "3. We condemn violence."], "communique"),
        ("Rede von Bundeskanzlerin Erika Muster", ["Meine Damen und Herren, ich danke Ihnen."], "speech"),
        (None, ["Es gilt das gesprochene Wort.", LEAD], "speech"),
        (None, ["Ladies and gentlemen, thank you for coming."], "speech"),
        (None, ["FRAGE: Warum?", "MUSTER: Darum.", "FRAGE: Wann?", "MUSTER: Bald."], "interview"),
        (None, ["SPIEGEL: Warum?", "Muster: Darum.", "SPIEGEL: Wann?", "Muster: Bald."], "interview"),
        (None, ["Q: Why?", "A: Because.", "Q: When?", "A: Soon."], "interview"),
        (None, ["((WN)) Why?", "((Jane Doe)) Because.", "((WN)) When?", "((Jane Doe)) Soon."], "interview"),
        ("Präsidenten unterzeichnen gemeinsame Erklärung", [LEAD], "news"),
        ("Treffen in Nordstadt", ['"Ladies and gentlemen, we are ready", he said.'], "news"),
        ("Treffen in Nordstadt", ["Nordstadt: Der Rat tagt.", "Südstadt: Der Rat tagt nicht.", LEAD], "news"),
        ("Erwartungen", ["Wir bekräftigen das, sagte er.", LEAD], "news"),
    ],
)
def test_genres(title: str | None, lines: list[str], genre: str) -> None:
    assert find_genre(title, lines) == genre


@pytest.mark.parametrize(
    ("genre", "title", "line", "publisher", "issuer"),
    [
        ("readout", None, "Das Auswärtige Amt teilt mit:", None, "Auswärtiges Amt"),
        ("readout", "Pressemitteilung des Auswärtigen Amts", LEAD, None, "Auswärtiges Amt"),
        ("readout", "Readout of the call", NEWS, "The White House", "The White House"),
        ("readout", "Readout of the call", NEWS, None, None),
        ("speech", "Rede von Bundeskanzlerin Erika Muster beim Gipfel", LEAD, None, "Bundeskanzlerin Erika Muster"),
        ("speech", "Remarks by President Jane Doe, Northtown", NEWS, None, "President Jane Doe"),
        ("news", "Das Auswärtige Amt teilt mit", LEAD, "Nordpost", None),
    ],
)
def test_issuers(genre: str, title: str | None, line: str, publisher: str | None, issuer: str | None) -> None:
    assert find_issuer(genre, title, [line], publisher) == issuer


def test_genre_reaches_the_document() -> None:
    encoded, _ = read(f"Das Auswärtige Amt teilt mit:\n{LEAD}")
    assert (encoded.document.genre, encoded.document.issuer) == ("readout", "Auswärtiges Amt")
    assert read(LEAD)[0].document.genre == "news"
    assert read(LEAD, genre="speech")[0].document.genre == "speech"
    assert (
        read("FRAGE: Warum kommen Sie?\nMUSTER: Ich komme gern.\nFRAGE: Wann?\nMUSTER: Bald.")[0].document.genre
        == "interview"
    )


# Invariants and worst cases


def check(encoded: Encoded) -> None:
    text, tokens = encoded.text, encoded.tokens
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert list(encoded.starts) == sorted({token.start for token in tokens})
    last = 0
    for sentence in encoded.sentences:
        assert last <= sentence.start < sentence.end <= len(text)
        assert (tokens[sentence.first].start, tokens[sentence.last - 1].end) == sentence.span
        assert encoded.sentence_at(sentence.start) == sentence
        last = sentence.end
    for quote in encoded.quotes:
        assert 0 <= quote.outer[0] < quote.inner[0] < quote.inner[1] <= quote.outer[1] <= len(text)


PIECES = st.sampled_from(
    ["BERLIN (dpa) - ", "Foto: ", "„", "“", '"', "Der Rat tagt.", " ", "\n", "\n\n", "\r\n", "1. ", "(dpa)",
     "Quellen\n", "Von Max Muster\n", "4. Juli 2031", "FRAGE: ", "- ", "\u2028", "\u200f", "\ufffd", "/TASS/",
     "ä\u0308", "🇩🇪", "Wir bekräftigen ", "ASTANA, July 3 (Xinhua) -- "]
)  # fmt: skip


@given(st.lists(PIECES | st.text(max_size=8), max_size=25).map("".join), st.sampled_from(["de", "en", "fr"]))
@settings(deadline=None)
def test_offsets_of_any_text(text: str, language: str) -> None:
    encoded, _ = encode(Document(text=text, language=language))
    check(encoded)


@pytest.mark.parametrize("unit", ['"', "(", "\n", "A - ", "(dpa) ", "'s "])
def test_a_million_characters_of_worst_cases(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    encoded, _ = read(text)
    assert encoded.text == text


UNITS = ["Foto: ", "/TASS/", "Von A B, ", "a", "A/", "ASTANA, ", ".\r", "Q: ", "A. ", "[", "- ", "Mo. ", "4. Mai 2031 "]


@pytest.mark.parametrize("unit", [*UNITS, "(a", "Das ist ein Satz. ", "den ", "::", "\xa0", "x (", "Ab ", "1. a\n"])
def test_more_worst_cases(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    encoded, _ = read(text)
    assert encoded.text == text


def test_layout_keeps_the_labels_of_an_interview() -> None:
    found = find_layout(Document(text="Q: Why now?\nA: Because.\nQ: When?\nA: Soon."))
    assert (found.genre, found.labels) == ("interview", frozenset({"q", "a"}))
