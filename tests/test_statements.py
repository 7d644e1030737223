"""Who said what: exact speakers, cues and contents for sentences of our own, and what only looks like a statement."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from communique.lexicon import lexicon
from communique.reading import Reader
from communique.reading.layout import encode
from communique.reading.mentions import find_mentions
from communique.reading.named import Named
from communique.reading.statements import find_statements
from communique.reading.statements.konjunktiv import mood_of
from communique.records import Document, Statement

READER = Reader()
LEXICON = Path(__file__).parent.parent / "knowledge" / "lexicon"
LANGUAGES = ["de", "en"]


def statements(text: str, language: str) -> tuple[str, tuple[Statement, ...], dict[str, str]]:
    encoded, _ = encode(Document(text=text, published="2031-05-06", language=language))
    named = find_mentions(encoded, READER.knowledge)
    names = {entity.id: entity.name for entity in named.entities}
    return encoded.text, find_statements(encoded, named), names


def told(text: str, language: str) -> list[tuple[str, str, str]]:
    """Speakers, cue and content of all statements, as words."""
    text, found, _names = statements(text, language)
    join = " … ".join
    return [
        (
            " + ".join(a.text for a in s.speakers),
            join(text[a:b] for a, b in s.cue),
            join(text[a:b] for a, b in s.content),
        )
        for s in found
    ]


GERMAN = {
    "Die Ministerin sagte, dass das Abkommen fertig ist.": [("Die Ministerin", "sagte", "das Abkommen fertig ist")],
    "Der Minister sagte, das Land brauche Ruhe.": [("Der Minister", "sagte", "das Land brauche Ruhe")],
    "Das Land brauche Ruhe, sagte der Minister.": [("der Minister", "sagte", "Das Land brauche Ruhe")],
    "Belgien unterstützt den Plan, erklärte die Ministerin.": [
        ("die Ministerin", "erklärte", "Belgien unterstützt den Plan")
    ],
    "Der Minister, der seit Mai regiert, sagte, das Land brauche Ruhe.": [
        ("Der Minister", "sagte", "das Land brauche Ruhe")
    ],
    "Die Behörde teilte am Montag mit, dass der Hafen schließt.": [
        ("Die Behörde", "teilte … mit", "der Hafen schließt")
    ],
    "Er räumte ein, dass Fehler gemacht wurden.": [("Er", "räumte … ein", "Fehler gemacht wurden")],
    "Die Lage sei ruhig, so der Sprecher.": [("der Sprecher", "so", "Die Lage sei ruhig")],
    "Man habe sich, so der Sprecher, auf nichts geeinigt.": [
        ("der Sprecher", "so", "Man habe sich … auf nichts geeinigt")
    ],
    "Laut Augenzeugen brannten zwei Häuser.": [("Augenzeugen", "Laut", "brannten zwei Häuser")],
    "Nach Angaben der Behörde brannten zwei Häuser.": [("der Behörde", "Nach Angaben", "brannten zwei Häuser")],
    "Den Behörden zufolge brannten zwei Häuser.": [("Den Behörden", "zufolge", "brannten zwei Häuser")],
    "Wie das Amt mitteilte, brannten zwei Häuser.": [("das Amt", "mitteilte", "brannten zwei Häuser")],
    "Die Ministerin kündigte an, das Abkommen zu kündigen, und forderte, die Grenze zu öffnen.": [
        ("Die Ministerin", "kündigte … an", "das Abkommen zu kündigen"),
        ("Die Ministerin", "forderte", "die Grenze zu öffnen"),
    ],
    "Die Ministerin bestritt, dass Soldaten dort waren.": [("Die Ministerin", "bestritt", "Soldaten dort waren")],
    "Belgien und Dänemark erklärten, sie wollten reden.": [("Belgien + Dänemark", "erklärten", "sie wollten reden")],
    "Die Lage sei ruhig, hieß es aus Regierungskreisen.": [("Regierungskreisen", "hieß es", "Die Lage sei ruhig")],
    "Die Ministerin nannte den Plan „sehr gewagt“.": [("Die Ministerin", "nannte", "den Plan „sehr gewagt")],
    "Der Minister sprach von einem Sieg der Vernunft.": [("Der Minister", "sprach", "einem Sieg der Vernunft")],
    "Ein Beamter des Ministeriums: „Hier geht heute nichts mehr.“": [
        ("Ein Beamter des Ministeriums", "", "Hier geht heute nichts mehr")
    ],
    "Der Hafen schließt im Mai. Das teilte die Behörde mit.": [
        ("die Behörde", "teilte … mit", "Der Hafen schließt im Mai")
    ],
}
ENGLISH = {
    "The minister said that the treaty was ready.": [("The minister", "said", "the treaty was ready")],
    "The minister said the talks were useful.": [("The minister", "said", "the talks were useful")],
    "The talks were useful, the minister said on Monday.": [("the minister", "said", "The talks were useful")],
    "The talks, said the minister, were useful.": [("the minister", "said", "The talks … were useful")],
    "Two men were held, police confirmed, and a third is being sought.": [
        ("police", "confirmed", "Two men were held … and a third is being sought")
    ],
    "According to a diplomat, the deal is dead.": [("a diplomat", "According to", "the deal is dead")],
    "The deal, according to a diplomat, is dead.": [("a diplomat", "according to", "The deal … is dead")],
    "Belgium threatened to leave the pact.": [("Belgium", "threatened", "to leave the pact")],
    "Belgium, Denmark and Norway denied having paid.": [("Belgium + Denmark + Norway", "denied", "having paid")],
    "The minister called the plan “a mistake” and said it would fail.": [
        ("The minister", "called", "the plan “a mistake"),
        ("The minister", "said", "it would fail"),
    ],
    "The envoy noted that talks had begun, conceded that time was short and left.": [
        ("The envoy", "noted", "talks had begun"),
        ("The envoy", "conceded", "time was short and left"),
    ],
    "The mayor, who was elected in May, said she would sue.": [("The mayor", "said", "she would sue")],
}


@pytest.mark.parametrize(("text", "expected"), GERMAN.items())
def test_german(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(text, "de") == expected


@pytest.mark.parametrize(("text", "expected"), ENGLISH.items())
def test_english(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(text, "en") == expected


@pytest.mark.parametrize("marks", ["„“", "“”", '""', "«»", "»«"])
def test_a_quotation_that_the_cue_cuts_in_two_is_one_statement(marks: str) -> None:
    a, b = marks
    text = f"{a}Wir gehen heute{b}, sagte die Ministerin, {a}und wir kommen nicht wieder.{b}"
    assert told(text, "de") == [("die Ministerin", "sagte", "Wir gehen heute … und wir kommen nicht wieder")]
    assert statements(text, "de")[1][0].form == "direct"


def test_a_quotation_of_several_sentences_goes_on_behind_the_cue() -> None:
    text = '"It was long. It was good," she told reporters. "We did well. Nobody complained."'
    content = "It was long. It was good … We did well. Nobody complained"
    assert told(text, "en") == [("she", "told", content)]
    assert [a.text for a in statements(text, "en")[1][0].addressees] == ["reporters"]


def test_reported_speech_goes_on_without_a_cue_until_the_indicative() -> None:
    text = "Der Sprecher sagte, man sei müde. Die Lage bleibe ernst. Man warte ab. Am Abend regnete es. Es blieb kalt."
    assert told(text, "de") == [
        ("Der Sprecher", "sagte", "man sei müde"),
        ("Der Sprecher", "", "Die Lage bleibe ernst. Man warte ab"),
    ]
    text, found, _ = statements(text, "de")
    assert [text[s:e] for s, e in found[1].evidence] == ["Die Lage bleibe ernst.", "Man warte ab"]


def test_pieces_of_quotation_in_reported_speech_are_mixed() -> None:
    _, found, _ = statements("Der Sprecher sagte, man habe „mit großer Geduld“ verhandelt.", "de")
    assert [s.form for s in found] == ["mixed"]


def test_who_is_meant_by_names_titles_and_pronouns() -> None:
    text = (
        "Der belgische Außenminister Joris Vandamme reiste nach Oslo. Er sagte, die Gespräche seien gut. "
        "Vandamme sagte, man sei zufrieden. Norwegen sei ein Freund, so Außenminister Vandamme."
    )
    _, found, names = statements(text, "de")
    assert [names[a.entity or ""] for s in found for a in s.speakers] == ["Joris Vandamme"] * 3


def test_an_apposition_belongs_to_the_speaker_and_a_possessor_does_not() -> None:
    text = "“Choices matter,” the Foreign Ministry's spokeswoman, Anna Lindholm, said, adding that talks were off."
    _, found, names = statements(text, "en")
    assert [a.text for s in found for a in s.speakers] == ["the Foreign Ministry's spokeswoman, Anna Lindholm"] * 2
    assert {names[a.entity or ""] for s in found for a in s.speakers} == {"Anna Lindholm"}


@pytest.mark.parametrize(
    ("text", "language", "hidden"),
    [
        ("Ein Diplomat sagte, die Lage sei ernst.", "de", True),
        ("Die Lage sei ernst, hieß es.", "de", True),
        ("Die Ministerin sagte, die Lage sei ernst.", "de", False),
        ("Officials said the deal was dead.", "en", True),
        ("It was reported that the deal was dead.", "en", True),
        ("The minister said the deal was dead.", "en", False),
    ],
)
def test_who_hides(text: str, language: str, hidden: bool) -> None:
    assert [s.anonymous for s in statements(text, language)[1]] == [hidden]


def test_a_nested_statement_is_found_with_the_one_around_it() -> None:
    text = "Die Agentur meldete, der Minister habe gesagt, das Land brauche Ruhe."
    assert told(text, "de") == [
        ("Die Agentur", "meldete", "der Minister habe gesagt, das Land brauche Ruhe"),
        ("der Minister", "gesagt", "das Land brauche Ruhe"),
    ]
    reading = READER.read(Document(text=text, published="2031-05-06", language="de"))
    outer, inner = sorted(reading.statements, key=lambda s: s.content)
    assert (outer.within, inner.within) == (None, outer.id)


NONE = [
    ("Der Film „Das Haus am See“ läuft seit Mai.", "de"),
    ("Der Minister sagte dazu nichts.", "de"),
    ("Der Minister wird am Montag sagen, ob er geht.", "de"),
    ("Er teilte das Brot mit dem Kind.", "de"),
    ("Nach zwei Jahren kehrte Ruhe ein.", "de"),
    ("Ihre Bilanz: drei Siege, ein Remis.", "de"),
    ("The minister will say that she leaves.", "en"),
    ("She declined to say when she would go.", "en"),
    ("The state agency printed the claims.", "en"),
    ("A promise to go was kept.", "en"),
    ("The bill proposed by Norway failed.", "en"),
    ("The film “The House by the Lake” opened in May.", "en"),
]


@pytest.mark.parametrize(("text", "language"), NONE)
def test_what_only_looks_like_a_statement(text: str, language: str) -> None:
    assert told(text, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_samples_of_the_lexicon(language: str) -> None:
    sample: dict[str, Any] = lexicon(language)["statements"]["sample"]
    assert [text for text in sample["yes"] if not told(text, language)] == []
    assert [text for text in sample["no"] if told(text, language)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lexicon_is_in_order(language: str) -> None:
    raw = yaml.safe_load((LEXICON / language / "statements.yaml").read_text("utf-8"))
    assert raw.keys() == yaml.safe_load((LEXICON / "de" / "statements.yaml").read_text("utf-8")).keys()
    assert all(0 < value < 1 for value in raw["confidence"].values())
    for group in raw["verbs"].values():
        for name, entry in group["words"].items():
            assert re.fullmatch(r"[a-zäöüß]+( [a-z]+)?", name)
            assert ("part" in entry) == ("apart" in entry)


def test_the_mood_of_reported_speech() -> None:
    mood = mood_of("de")
    assert [w for w in ("sei", "habe", "gehe", "zurücktrete", "organisiere", "seien") if not mood.reports(w)] == []
    assert [w for w in ("gute", "meine", "anstelle", "geht", "sagte", "keine", "heute") if mood.reports(w)] == []
    assert mood.distances("käme")
    assert not mood.distances("kam")


def test_a_language_without_a_lexicon_has_no_statements() -> None:
    encoded, _ = encode(Document(text="Le ministre a dit que tout va bien.", language="fr"))
    assert find_statements(encoded, Named()) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *"„“\"',.:;–()",
                "sagte",
                "er",
                "der",
                "Minister",
                "dass",
                "sei",
                "teilte",
                "mit",
                "laut",
                "Polizei",
                "und",
                "so",
            ]
        ),
        max_size=40,
    )
)
def test_any_text_gives_contents_inside_it(words: list[str]) -> None:
    text = " ".join(words)
    text, found, _ = statements(text, "de")
    for statement in found:
        assert statement.content
        assert statement.evidence
        for start, end in (*statement.content, *statement.cue, *statement.evidence):
            assert 0 <= start < end <= len(text)
            assert text[start:end].strip()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Ebenso forderte, dass der Hafen öffnet."),
        ("en", "Giving them a chance to speak, said that the port was open."),
        ("en", "You say that the port is open."),
        ("en", "The day before said that the port was open."),
    ],
)
def test_clauses_adverbs_and_times_do_not_speak(language: str, text: str) -> None:
    assert all(not speakers for speakers, _cue, _content in told(text, language))


def test_of_a_clause_the_pronoun_at_its_end_speaks() -> None:
    text = "Ada Quist of Norway explained why the port closed. Police said on Monday they believe that it is open."
    assert told(text, "en")[-1][0] == "they"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Nach Angaben Norwegens ist der Hafen offen.", "Norwegens"),
        ("In Oslo hieß es, der Hafen sei offen.", "Oslo"),
        ("Es hieß, der Hafen sei offen.", ""),
    ],
)
def test_names_behind_the_noun_and_places_before_the_cue_speak(text: str, speaker: str) -> None:
    assert [s for s, _cue, _content in told(text, "de")] == [speaker]


def test_an_auxiliary_is_no_part_of_the_speaker() -> None:
    assert [s for s, _cue, _content in told("Ada Quist is saying that the port is open.", "en")] == ["Ada Quist"]
