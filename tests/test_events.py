"""Events: who did what to whom; voice, modality, arguments, dates, merging, and every group's example."""

import re
from pathlib import Path

import pytest
import yaml

from communique.knowledge import Knowledge
from communique.reading.clauses.triggers import events_lexicon
from communique.reading.encode import Encoded
from communique.reading.events import find_events
from communique.reading.events.codebook import codes, contexts, modes, types
from communique.reading.layout import encode
from communique.reading.mentions import find_mentions
from communique.reading.times import find_times
from communique.records import Document, Event

FOLDER = Path(__file__).resolve().parent.parent / "knowledge" / "lexicon"
KNOWLEDGE = Knowledge.default()
LANGUAGES = ("de", "en")
QUADS = {"verbal cooperation", "material cooperation", "verbal conflict", "material conflict"}


def read(text: str, language: str, published: str | None = "2031-05-14") -> tuple[Encoded, tuple[Event, ...]]:
    encoded, _problems = encode(Document(text=text, published=published, language=language))
    named = find_mentions(encoded, KNOWLEDGE)
    return encoded, find_events(encoded, named, find_times(encoded), ())


def line(event: Event) -> str:
    """'TYPE A+B→C modality': short enough to stand in a table of cases."""
    sides = ["+".join(f"{a.code}" for a in side) for side in (event.source, event.target)]
    return f"{event.type} {sides[0]}→{sides[1]} {event.modality}"


def lines(text: str, language: str) -> list[str]:
    return [line(e) for e in read(text, language)[1]]


VOICES = [
    ("de", "Peru kritisierte Chile scharf.", ["ACCUSE PER→CHL actual"]),
    ("de", "Am Montag hat Peru Chile kritisiert.", ["ACCUSE PER→CHL actual"]),
    ("de", "Am Montag kritisierte Peru die Regierung von Chile.", ["ACCUSE PER→CHL actual"]),
    ("de", "Er teilte mit, dass Peru Chile kritisiert habe.", ["ACCUSE PER→CHL actual"]),
    ("de", "Chile wurde von Peru kritisiert.", ["ACCUSE PER→CHL actual"]),
    ("de", "Peru warf Chile am Sonntag Wortbruch vor.", ["ACCUSE PER→CHL actual"]),
    ("de", "Peru lehnte den Vorschlag Chiles ab.", ["REJECT PER→CHL actual"]),
    ("de", "Peru, das an Chile grenzt, wies zwei Diplomaten aus Bolivien aus.", ["SANCTION PER→BOL actual"]),
    ("de", "Peru lobte Chile und kritisierte Bolivien.", ["SUPPORT PER→CHL actual", "ACCUSE PER→BOL actual"]),
    ("en", "Peru criticised Chile sharply.", ["ACCUSE PER→CHL actual"]),
    ("en", "Chile was criticised by Peru.", ["ACCUSE PER→CHL actual"]),
    ("de", "Der Vertrag mit Chile soll von Peru unterzeichnet werden.", ["AGREE PER+CHL→PER+CHL planned"]),
    ("en", "The plan was rejected by members of the European Union.", ["REJECT EU→ actual"]),
    ("en", "Peru praised Chile and accused Bolivia of spying.", ["SUPPORT PER→CHL actual", "ACCUSE PER→BOL actual"]),
    ("en", "Peru, which borders Chile, expelled two Bolivian diplomats.", ["SANCTION PER→BOL actual"]),
]


@pytest.mark.parametrize(("language", "text", "expected"), VOICES)
def test_voice_and_word_order(language: str, text: str, expected: list[str]) -> None:
    assert lines(text, language) == expected


MODALITIES = [
    ("de", "Peru wird Chile kritisieren.", ["ACCUSE PER→CHL planned"]),
    ("de", "Peru kritisierte Chile nicht.", ["ACCUSE PER→CHL denied"]),
    ("de", "Peru kritisierte nicht nur Chile.", ["ACCUSE PER→CHL actual"]),
    ("de", "Peru könnte Chile angreifen.", ["ASSAULT PER→CHL possible"]),
    ("de", "Peru soll Chile angegriffen haben.", ["ASSAULT PER→CHL alleged"]),
    ("de", "Wenn Peru Chile angreift, wird es dunkel.", ["ASSAULT PER→CHL possible"]),
    (
        "de",
        "Der Präsident Perus ist zu einem Besuch in Chile und wird Bolivien loben.",
        ["CONSULT PER→CHL actual", "SUPPORT PER→BOL planned"],
    ),
    ("de", "Peru wird Verhandlungen mit Chile führen.", ["CONSULT PER+CHL→PER+CHL planned"]),
    ("en", "Peru will criticise Chile.", ["ACCUSE PER→CHL planned"]),
    ("en", "Peru did not criticise Chile.", []),
    ("en", "Peru has not criticised Chile.", ["ACCUSE PER→CHL denied"]),
    ("en", "Peru may attack Chile.", ["ASSAULT PER→CHL possible"]),
    ("en", "Peru reportedly attacked Chile.", ["ASSAULT PER→CHL alleged"]),
    ("en", "If Peru attacked Chile, it would get dark.", ["ASSAULT PER→CHL possible"]),
]


@pytest.mark.parametrize(("language", "text", "expected"), MODALITIES)
def test_modality(language: str, text: str, expected: list[str]) -> None:
    assert lines(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Peru wird Chile besuchen."),
        ("de", "Der Präsident von Peru will Chile besuchen."),
        ("en", "The president of Peru will visit Chile."),
        ("en", "The president of Peru plans to visit Chile."),
        ("en", "Peru is to sign a treaty with Chile."),
    ],
)
def test_what_is_to_come_is_never_done(language: str, text: str) -> None:
    events = read(text, language)[1]
    assert [e.modality for e in events] == ["planned"]


ACTORS = [
    ("de", "Peru und Chile vereinbarten einen Austausch.", ["AGREE PER+CHL→PER+CHL actual"]),
    ("de", "Der Präsident Perus traf sich mit dem Außenminister Chiles.", ["CONSULT PER+CHL→PER+CHL actual"]),
    ("de", "Verhandlungen zwischen Peru und Chile begannen.", ["CONSULT PER+CHL→PER+CHL actual"]),
    ("de", "Die Präsidentin von Peru besuchte Chile.", ["CONSULT PER→CHL actual"]),
    ("de", "Die Polizei nahm in Peru zwölf Demonstranten fest.", ["COERCE PER→PER actual"]),
    ("de", "Peru verkaufte chilenischen Wein.", []),
    ("en", "Peru and Chile signed a treaty.", ["AGREE PER+CHL→PER+CHL actual"]),
    ("en", "Talks between Peru and Chile began.", ["CONSULT PER+CHL→PER+CHL actual"]),
    ("en", "The president of Peru visited Chile.", ["CONSULT PER→CHL actual"]),
    ("en", "In Peru, police arrested 12 demonstrators.", ["COERCE PER→PER actual"]),
    ("en", "Peru drank Chilean wine.", []),
    ("en", "Peru said on Monday that Chile was a neighbour.", []),
]


@pytest.mark.parametrize(("language", "text", "expected"), ACTORS)
def test_actors_are_the_grammatical_arguments(language: str, text: str, expected: list[str]) -> None:
    assert lines(text, language) == expected


def test_sectors_of_the_unnamed() -> None:
    (event,) = read("In Peru, police arrested 12 demonstrators.", "en")[1]
    assert [(a.code, a.sector) for a in (*event.source, *event.target)] == [("PER", "COP"), ("PER", "CVL")]


def test_the_other_side_of_two_is_understood_and_has_no_span() -> None:
    text = "Peru kritisierte Chile. Chile wies die Vorwürfe zurück. Peru und Chile schweigen."
    last = read(text, "de")[1][-1]
    assert line(last) == "REJECT CHL→PER actual"
    assert last.target[0].span is None
    assert "understood: target as other side" in last.why


def test_evidence_is_the_clause_and_holds_trigger_and_arguments() -> None:
    text = "Es regnete, und am Montag kritisierte Peru die Nachbarn in Chile, während es schneite."
    encoded, (event,) = read(text, "de")
    (span,) = event.evidence
    assert encoded.words(span) == "und am Montag kritisierte Peru die Nachbarn in Chile"
    for inner in (*event.trigger, *(a.span for a in (*event.source, *event.target) if a.span)):
        assert span[0] <= inner[0] < inner[1] <= span[1]


def test_a_separated_verb_has_two_trigger_spans() -> None:
    encoded, (event,) = read("Peru lehnte den Plan Chiles ab.", "de")
    assert [encoded.words(s) for s in event.trigger] == ["lehnte", "ab"]


def test_a_date_comes_from_the_clause_only() -> None:
    dated = read("Am Montag kritisierte Peru Chile.", "de")[1][0]
    assert (dated.start, dated.end, dated.precision) == ("2031-05-12", "2031-05-12", "day")
    undated = read("Am Montag schneite es. Peru kritisierte Chile.", "de")[1][0]
    assert (undated.start, undated.end, undated.precision) == (None, None, None)


def test_title_and_lead_are_one_event() -> None:
    text = "Peru kritisiert Chile\n\nLIMA - Am Montag hat Peru das Nachbarland Chile kritisiert. Es regnete danach."
    encoded, events = read(text, "de")
    (event,) = [e for e in events if e.type == "ACCUSE"]
    if any(s.title for s in encoded.sentences):
        assert len(event.evidence) == 2
        assert event.start == "2031-05-12"


def test_codes_of_the_codebook() -> None:
    event = read("Peru wies zwei Diplomaten aus Chile aus.", "de")[1][0]
    assert (event.mode, event.cameo, event.quad, event.goldstein) == ("expel", "166", "material conflict", -7.0)
    assert "diplomatic" in event.contexts


def test_ids_are_those_of_the_evidence() -> None:
    first, second = (read("Peru kritisierte Chile.", "de")[1] for _ in range(2))
    assert [e.id for e in first] == [e.id for e in second]
    assert first[0].id.startswith("e-")


def test_the_codebook_is_whole() -> None:
    assert len(types()) == 16
    for type_ in types():
        for mode in (None, *modes(type_)):
            code = codes(type_, mode)
            assert code.quad in QUADS
            assert re.fullmatch(r"\d{3,4}", code.cameo)
            assert (code.goldstein > 0) == ("cooperation" in code.quad)


def _groups(language: str) -> list[dict[str, object]]:
    raw = yaml.safe_load((FOLDER / language / "events.yaml").read_text("utf-8"))
    groups: list[dict[str, object]] = raw["groups"]
    return groups


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_group_is_of_the_codebook_and_has_an_example(language: str) -> None:
    for group in _groups(language):
        assert group["type"] in types()
        assert group.get("mode") is None or group["mode"] in modes(str(group["type"])), group
        assert group["example"], group
        assert 0 < float(str(group["precision"])) < 1


EXAMPLES = [(lang, str(g["type"]), str(g["example"]), str(g["counter"])) for lang in LANGUAGES for g in _groups(lang)]


@pytest.mark.parametrize(("language", "type_", "example", "counter"), EXAMPLES)
def test_a_group_finds_its_example_and_not_its_counter_example(
    language: str, type_: str, example: str, counter: str
) -> None:
    assert type_ in {e.type for e in read(example, language)[1]}
    assert type_ not in {e.type for e in read(counter, language)[1]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_contexts_are_of_the_closed_list(language: str) -> None:
    raw = yaml.safe_load((FOLDER / language / "contexts.yaml").read_text("utf-8"))
    assert set(raw["words"]) <= contexts()


def test_a_language_without_lexicon_has_no_events() -> None:
    assert events_lexicon("xx").groups == ()
    assert read("Peru kritisierte Chile.", "xx")[1] == ()


@pytest.mark.parametrize("text", ["", "…", "Peru", "kritisierte", "Wenn", "Peru kritisierte", ", , ,", "„“ „“", "\n\n"])
def test_odd_texts(text: str) -> None:
    for language in LANGUAGES:
        assert isinstance(read(text, language)[1], tuple)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("de", "Peru und Chile schweigen. Ghana lobt Togo. Peru verspricht, zu helfen.", "AGREE PER→ actual"),
        ("en", "Peru and Chile were silent. Ghana praised Togo. Fiji slept. Peru rejected it.", "REJECT PER→ actual"),
    ],
)
def test_a_side_is_not_understood_from_afar(language: str, text: str, expected: str) -> None:
    assert lines(text, language)[-1] == expected


def test_what_is_understood_or_missing_lowers_the_confidence() -> None:
    both = read("Chile schweigt. Peru kritisierte Chile.", "de")[1][0]
    alone = read("Peru kritisierte die Pläne scharf.", "de")[1][0]
    assert alone.confidence < both.confidence


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Die Berichterstattung über Demonstrationen in Peru ist heikel."),
        ("de", "Die Regierung von Peru wollte einen Putsch verhindern."),
        ("de", "Der Minister wandte sich von einigen Ländern wie Peru und Chile ab."),
        ("en", "Coverage of protests in Peru is a topic."),
        ("en", "Peru wants to prevent an attack on Chile."),
        ("en", "Measles have killed 60 people in Peru."),
    ],
)
def test_what_is_only_spoken_of_or_prevented_is_no_event(language: str, text: str) -> None:
    assert not [x for x in lines(text, language) if x.split()[0] in ("PROTEST", "COERCE", "AGREE", "ASSAULT")]


def test_two_words_of_a_list_are_one_event() -> None:
    found = read("In Lima gab es am Montag Proteste und Demonstrationen gegen die Regierung von Peru.", "de")[1]
    assert [e.type for e in found] == ["PROTEST"]
    assert len(found[0].evidence) == 1


@pytest.mark.parametrize(
    ("text", "last"),
    [
        (
            "Peru und Nepal streiten über Zölle. Der peruanische Außenminister traf sich am Montag zu Gesprächen.",
            "CONSULT PER+NPL→PER+NPL actual",
        ),
        (
            "Peru kritisierte Nepal. Der Präsident von Peru empfing am Montag den Außenminister zu Gesprächen.",
            "CONSULT PER+NPL→PER+NPL actual",
        ),
    ],
)
def test_nobody_meets_himself(text: str, last: str) -> None:
    """The other of the two that the item is about is understood, if he was named just before."""
    assert lines(text, "de")[-1] == last


def test_a_party_without_its_other_is_no_target_of_its_own() -> None:
    """'Peru agreed': with whom is not known, and not Peru."""
    _encoded, found = read("Peru signed the agreement on fishing.", "en")
    assert [(line(e)) for e in found if e.type == "AGREE"] == ["AGREE PER→ actual"]
