"""Pronouns: 'er', 'sie', 'she', 'he' go to the right person, or to nobody."""

import pytest

from communique.knowledge import Knowledge
from communique.reading.layout import encode
from communique.reading.mentions import find_mentions
from communique.records import Document


def antecedents(text: str, language: str = "de") -> list[tuple[str, str]]:
    """Pronoun and the name it goes to, in order."""
    encoded = encode(Document(text=text, language=language, published="2024-07-04"))[0]
    found = find_mentions(encoded, Knowledge.default())
    pronouns = [r for r in found.references if r.form == "pronoun"]
    out = []
    for reference in pronouns:
        person = found.entity(reference.actors[0].entity)
        assert person is not None
        out.append((text[slice(*reference.span)], person.name))
    return out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Minister Max Beispiel traf ein. Er sprach mit Gästen.", [("Er", "Max Beispiel")]),
        ("Ministerin Erika Musterova traf ein. Sie sprach mit Gästen.", [("Sie", "Erika Musterova")]),
        ("Ministerin Erika Musterova traf ein. Das sei gut, sagte sie.", [("sie", "Erika Musterova")]),
        # plural: nobody in particular
        ("Ministerin Erika Musterova traf ein. Sie sprachen mit Gästen.", []),
        ("Ministerin Erika Musterova traf Gäste. Das sei gut, sagten sie.", []),
        # the other sex
        ("Ministerin Erika Musterova traf ein. Er sprach mit Gästen.", []),
        # the subject before the object
        (
            "Minister Max Beispiel sprach mit dem Gesandten Paul Probe. Er dankte allen.",
            [("Er", "Max Beispiel")],
        ),
        # the sex decides between two
        (
            "Minister Max Beispiel empfing die Botschafterin Erika Musterova. Sie dankte allen.",
            [("Sie", "Erika Musterova")],
        ),
        # a pronoun in a quotation is the speaker's affair
        ("Minister Max Beispiel traf ein. „Er hat recht“, hieß es.", []),
        # nobody named
        ("Es regnete. Er kam nicht.", []),
    ],
)
def test_german(text: str, expected: list[tuple[str, str]]) -> None:
    assert antecedents(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Transport Minister Ann Example arrived. She thanked the guests.", [("She", "Ann Example")]),
        ("Ambassador John Sample arrived. He thanked the guests.", [("He", "John Sample")]),
        ("Ambassador John Sample arrived. She thanked the guests.", []),
        ("Ambassador John Sample met Ann Example. She thanked him.", [("She", "Ann Example"), ("him", "John Sample")]),
        ("Ambassador John Sample arrived. They thanked the guests.", []),
        ("Ambassador John Sample arrived. The weather gave us a break.", []),
    ],
)
def test_english(text: str, expected: list[tuple[str, str]]) -> None:
    assert antecedents(text, "en") == expected


def test_a_pronoun_does_not_look_back_for_ever() -> None:
    gap = "Es regnete den ganzen Tag. " * 6
    assert antecedents(f"Minister Max Beispiel traf ein. {gap}Er blieb aus.") == []
