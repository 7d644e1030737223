"""The words of promises: each row's example is matched, its counter-example is not; the built file is the source's."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from communique.follow.passages import passages
from communique.follow.promise_words import compiled, line_of, matches, words_of
from communique.records import Document

ROOT = Path(__file__).resolve().parent.parent
CONTENT = yaml.safe_load((ROOT / "knowledge" / "promises.yaml").read_text("utf-8"))
LANGUAGES = ("de", "en")
SIDES = (("example", True), ("counter", False))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", range(len(CONTENT["outcomes"])))
def test_outcome_has_its_example_and_not_its_counter(number: int, language: str) -> None:
    outcome, row = words_of(language).outcomes[number], CONTENT["outcomes"][number][language]
    found = {}
    for side, _expected in SIDES:
        (passage,) = passages(Document(text=row[side], language=language))
        found[side] = any(
            outcome.allowed(passage.stretch(*passage.clauses_of(*m.span())), passage.line)
            for m in matches(outcome.pattern, passage.line)
        )
    assert found == dict(SIDES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("number", range(len(CONTENT["actions"])))
def test_action_is_done_in_its_example_and_not_in_its_counter(number: int, language: str) -> None:
    words = words_of(language)
    action, row = words.actions[number], CONTENT["actions"][number][language]
    guards = [words.guards[name] for name in ("future", "negation", "doubt")]
    found = {}
    for side, _expected in SIDES:
        (passage,) = passages(Document(text=row[side], language=language))
        stretches = [passage.stretch(*passage.clauses_of(*m.span())) for m in matches(action.done, passage.line)]
        found[side] = any(not any(g.search(stretch) for g in guards) for stretch in stretches)
    assert found == dict(SIDES)


@pytest.mark.parametrize(
    ("phrase", "line", "expected"),
    [
        ("put … off", "Peru put the visit to Chile off", True),
        ("kept .. promise", "Peru kept its old promise", True),
        ("kept .. promise", "Peru kept its ban in place despite a promise", False),
        ("open*", "the reopening", False),
        ("*ziel", "Peru nennt ein Handelsziel", True),
        ("# … of the #", "12 of the thirty ferries", True),
        ("stellt … ein $", "Peru stellt ein Schiff bereit", False),
        ("stellt … ein $", "Peru stellt die Fährlinie ein.", True),
    ],
)
def test_phrase(phrase: str, line: str, expected: bool) -> None:
    text = line_of(line.replace(".", " .").split())
    assert bool(compiled([phrase], ["thirty"]).search(text)) is expected


def test_no_deed_behind_an_infinitive() -> None:
    done = next(a for a in words_of("de").actions if a.id == "give").done
    assert done.search(" peru hat chile zwei fähren überlassen . ")
    assert not done.search(" peru bot an , chile zwei fähren zu überlassen . ")


def test_built_file_is_that_of_the_source() -> None:
    command = [sys.executable, str(ROOT / "tools" / "build_promises.py"), "--check"]
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == ""


def test_no_words_for_other_languages() -> None:
    assert words_of("xx") is None
    assert words_of(None) is None
