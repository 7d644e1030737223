"""Rules and model together: one statement per stretch, with confidence by who found it."""

import pytest

from communique.calibration import Calibration, Finds, features
from communique.document import Overrides, document_of
from communique.reading.layout import encode
from communique.reading.statements.appositions import widened
from communique.reading.statements.cues import words_of
from communique.reading.statements.united import united
from communique.records import Actor, Span, Statement

PLAIN = Calibration()


def silent(_span: Span) -> float:
    return 0.0


PERU = Actor("PER", "GOV", "t1", "Peru", (0, 4))


def statement(content: Span, confidence: float, why: str = "rule", **fields: object) -> Statement:
    given = {"speakers": (PERU,), "anonymous": False, "cue": ((5, 9),), "form": "indirect", **fields}
    return Statement("s", (content,), confidence, None, why, content=(content,), **given)  # type: ignore[arg-type]


def test_what_both_find_is_one_statement_with_the_models_borders() -> None:
    found = united([statement((10, 50), 0.8)], [statement((10, 48), 0.9, "model")], "t", PLAIN, silent)
    assert [(s.content, s.why) for s in found] == [(((10, 48),), "rule; model")]


def test_what_one_finds_alone_is_kept() -> None:
    found = united([statement((10, 30), 0.8)], [statement((60, 90), 0.7, "model")], "t", PLAIN, silent)
    assert [(s.content, s.confidence) for s in found] == [(((10, 30),), 0.8), (((60, 90),), 0.7)]


def test_a_speaker_that_only_the_rules_name_is_kept() -> None:
    model = statement((10, 50), 0.9, "model", speakers=())
    assert united([statement((10, 50), 0.8)], [model], "t", PLAIN, silent)[0].speakers == (PERU,)


def test_how_the_sentence_begins_is_the_rules() -> None:
    found = united([statement((10, 50), 0.8)], [statement((20, 50), 0.9, "model")], "t", PLAIN, silent)
    assert [s.content for s in found] == [((10, 50),)]


def test_a_piece_of_a_longer_statement_is_dropped() -> None:
    both = ((10, 30), (50, 90))
    long = Statement("s", ((10, 90),), 0.9, None, "model", (PERU,), False, ((40, 44),), both, "indirect")
    assert [s.content for s in united([statement((10, 30), 0.8)], [long], "t", PLAIN, silent)] == [((10, 30), (50, 90))]


def test_confidence_grows_where_both_agree() -> None:
    weights = {"statement": {"both": 2.0, "rule": 0.0, "model": -1.0, "model cue": 0.5}}
    calibration = Calibration(weights)
    assert calibration.of("statement", Finds(0.8, 0.9), {"cue": True}) == pytest.approx(0.881)
    assert calibration.of("statement", Finds(0.8, None), {"cue": True}) == 0.5
    assert calibration.of("statement", Finds(None, 0.9), {"cue": True}) == pytest.approx(0.378)
    assert calibration.of("event", Finds(0.4, 0.3), {}) == 0.4  # no weights for this kind


def test_features_name_the_finder() -> None:
    assert features(Finds(None, 0.5), {"cue": True, "quoted": False}) == {
        "model": 1.0, "model rule score": 0.0, "model model score": 0.0, "model cue": 1.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name", "cue", "wide"),
    [
        ("Ana Wirz, a former aide, said that it rained.", "Ana Wirz", "said", "Ana Wirz, a former aide"),
        ("„Es regnet“, sagte Ana Wirz, die Sprecherin.", "Ana Wirz", "sagte", "Ana Wirz, die Sprecherin"),
        ("Ana Wirz, who knew, said that it rained.", "Ana Wirz", "said", "Ana Wirz"),
        ("Ana Wirz, die davon wusste, sagte, es regne.", "Ana Wirz", "sagte", "Ana Wirz"),
        ("Ana Wirz said that it rained, a sign of spring.", "Ana Wirz", "said", "Ana Wirz"),
    ],
)
def test_a_speaker_is_called_with_the_apposition(text: str, name: str, cue: str, wide: str) -> None:
    language = "de" if "sagte" in text else "en"
    encoded, _ = encode(document_of(text, Overrides(language=language))[0])
    words = words_of(language)
    assert words is not None
    start, at = text.index(name), text.index(cue)
    speaker = Actor(None, None, None, name, (start, start + len(name)))
    said = statement((0, 1), 0.9, speakers=(speaker,), cue=((at, at + len(cue)),))
    span = widened(encoded, words, said).speakers[0].span
    assert span is not None
    assert text[span[0] : span[1]] == wide
