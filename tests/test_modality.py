"""What did not (surely) happen: denied, asked, conditional, told and coming events, and twins that stay actual."""

import pytest
from tests.test_events import lines

from communique.reading.clauses import Grammar
from communique.reading.clauses.scope import found

DENIED = [
    ("de", "Peru bestritt, Chile angegriffen zu haben.", "ASSAULT denied"),
    ("de", "Peru dementierte, dass es Chile angegriffen habe.", "ASSAULT denied"),
    ("de", "Peru leugnete, chilenische Diplomaten ausgewiesen zu haben.", "SANCTION denied"),
    ("de", "Peru stritt ab, Chile bombardiert zu haben.", "ASSAULT denied"),
    ("de", "Peru stellte in Abrede, Chile kritisiert zu haben.", "ACCUSE denied"),
    ("de", "Peru wies Vorwürfe zurück, wonach es Chile angegriffen habe.", "ASSAULT denied"),
    ("de", "Peru wies den Vorwurf zurück, Chile bombardiert zu haben.", "ASSAULT denied"),
    ("de", "Peru wies Berichte zurück, es habe Chile kritisiert.", "ACCUSE denied"),
    ("en", "Peru denied having attacked Chile.", "ASSAULT denied"),
    ("en", "Peru denied on Monday that it had bombed Chile.", "ASSAULT denied"),
    ("en", "Peru denied it had expelled Chilean diplomats.", "SANCTION denied"),
    ("en", "Peru rejected claims that it had attacked Chile.", "ASSAULT denied"),
    ("en", "Peru dismissed reports that it had criticised Chile.", "ACCUSE denied"),
    ("de", "Peru kritisierte Chile keineswegs.", "ACCUSE denied"),
    ("de", "Niemand kritisierte Chile, auch Peru kritisierte Chile nicht.", "ACCUSE denied"),
    ("de", "Peru und Chile unterzeichneten kein Abkommen.", "AGREE denied"),
    ("de", "Ein Treffen der Präsidenten von Peru und Chile kam nicht zustande.", "CONSULT denied"),
    ("en", "Peru refrained from criticising Chile.", "ACCUSE denied"),
    ("en", "Peru stopped short of praising Chile.", "SUPPORT denied"),
    ("en", "A meeting between the presidents of Peru and Chile did not come about.", "CONSULT denied"),
]

POSSIBLE = [
    ("de", "Der Sprecher ließ offen, ob Peru Chile angegriffen hat.", "ASSAULT possible"),
    ("de", "Unklar ist, ob Peru Chile kritisiert hat.", "ACCUSE possible"),
    ("de", "Ob Peru Chile angriff, wollte der Minister nicht sagen.", "ASSAULT possible"),
    ("de", "Griff Peru Chile an?", "ASSAULT possible"),
    ("de", "Hat Peru Chile kritisiert?", "ACCUSE possible"),
    ("en", "It was unclear whether Peru had attacked Chile.", "ASSAULT possible"),
    ("en", "The minister refused to say whether Peru had bombed Chile.", "ASSAULT possible"),
    ("en", "Has Peru attacked Chile?", "ASSAULT possible"),
    ("de", "Falls Peru Chile angreift, wird Bolivien helfen.", "ASSAULT possible"),
    ("de", "Sobald Peru Chile angreift, beginnt die Evakuierung.", "ASSAULT possible"),
    ("de", "Greift Peru Chile an, beginnt die Evakuierung.", "ASSAULT possible"),
    ("de", "Für den Fall, dass Peru Chile angreift, gibt es einen Plan.", "ASSAULT possible"),
    ("de", "Wenn der Plan scheitert, kritisiert Peru Chile.", "ACCUSE possible"),
    ("de", "Peru kritisiert Chile nur, wenn der Plan scheitert.", "ACCUSE possible"),
    ("en", "Should Peru attack Chile, the plan will be used.", "ASSAULT possible"),
    ("en", "Had Peru attacked Chile, the plan would have been used.", "ASSAULT possible"),
    ("en", "Peru will attack Chile unless the plan is dropped.", "ASSAULT possible"),
    ("en", "Shelters were built in case Peru attacked Chile.", "ASSAULT possible"),
]

ALLEGED = [
    ("de", "Peru soll Chile angegriffen haben.", "ASSAULT alleged"),
    ("de", "Dem Vernehmen nach kritisierte Peru Chile.", "ACCUSE alleged"),
    ("de", "Berichten zufolge griff Peru Chile an.", "ASSAULT alleged"),
    ("de", "Angeblich hat Peru Chile angegriffen.", "ASSAULT alleged"),
    ("en", "Peru is said to have attacked Chile.", "ASSAULT alleged"),
    ("en", "Peru is believed to have bombed Chile.", "ASSAULT alleged"),
    ("en", "Peru was reported to have expelled Chilean diplomats.", "SANCTION alleged"),
    ("en", "Peru reportedly attacked Chile.", "ASSAULT alleged"),
    ("en", "Rumour has it that Peru attacked Chile.", "ASSAULT alleged"),
]

ACTUAL = [
    ("de", "Peru bestritt nicht, Chile angegriffen zu haben.", "ASSAULT actual"),
    ("de", "Warum griff Peru Chile an?", "ASSAULT actual"),
    ("de", "Peru griff Chile an. War das klug?", "ASSAULT actual"),
    ("de", "Peru kritisierte Chile und drohte mit Folgen, falls es nicht nachgibt.", "ACCUSE actual"),
    ("de", "Peru kritisierte Chile und will den Plan prüfen.", "ACCUSE actual"),
    ("de", "Der Sprecher teilte mit, dass Peru Chile kritisierte.", "ACCUSE actual"),
    ("de", "Peru wies zwei Diplomaten aus Chile aus.", "SANCTION actual"),
    ("de", "Peru kritisierte nicht nur Chile.", "ACCUSE actual"),
    ("en", "Peru did not deny having attacked Chile.", "ASSAULT actual"),
    ("en", "Why did Peru bomb Chile? Peru criticised Chile.", "ACCUSE actual"),
    ("en", "Peru said that it had attacked Chile.", "ASSAULT actual"),
    ("en", "Peru had attacked Chile.", "ASSAULT actual"),
    ("en", "Peru criticised Chile and said it would answer if attacked.", "ACCUSE actual"),
    ("en", "Peru attacked Chile with no warning.", "ASSAULT actual"),
    ("en", "Peru denied the charges and criticised Chile.", "ACCUSE actual"),
    ("en", "Peru expelled no fewer than ten Chilean diplomats.", "SANCTION actual"),
]

PLANNED = [
    ("de", "Peru wird Chile angreifen.", "ASSAULT planned"),
    ("de", "Peru kündigte an, Chile anzugreifen.", "ASSAULT planned"),
    ("de", "Peru und Chile werden ein Abkommen unterzeichnen.", "AGREE planned"),
    ("en", "Peru will attack Chile.", "ASSAULT planned"),
]


@pytest.mark.parametrize(("language", "text", "expected"), [*DENIED, *POSSIBLE, *ALLEGED, *ACTUAL, *PLANNED])
def test_what_a_clause_is_told_as(language: str, text: str, expected: str) -> None:
    kind, modality = expected.split()
    told = [line.split()[-1] for line in lines(text, language) if line.startswith(f"{kind} ")]
    assert told[-1:] == [modality]


@pytest.mark.parametrize(
    ("words", "expected"),
    [("peru wies das zurück", 1), ("peru wies ihn aus", None), ("in abrede", None), ("es kam zurück", None)],
)
def test_an_entry_of_a_list_may_be_in_two_parts(words: str, expected: int | None) -> None:
    grammar = Grammar({"denying": frozenset({"wies * zurück", "stellte * in abrede"})}, {}, {}, {}, (), ())
    assert found(grammar, "denying", words.split()) == expected
