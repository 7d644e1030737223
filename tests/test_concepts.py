"""Concepts of German and English sentences. FICTION: all events in the sentences are invented."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from communique.concepts import Concepts, decimal
from communique.errors import KnowledgeError

LEAST_SAME, MOST_NEAR = 0.6, 0.5

SAME = [
    (
        "Beide Länder wollen das Handelsvolumen zwischen beiden Ländern bis 2030 verdoppeln.",
        "Both countries agreed to double bilateral trade by 2030.",
    ),
    (
        "Vereinbart wurde eine Verdoppelung des Handels.",
        "They agreed on doubling trade.",
    ),
    (
        "Deutschland nahm die Gaslieferungen nach Moldau wieder auf.",
        "Germany resumed gas deliveries to Moldova.",
    ),
    (
        "Kasachstan baut den Hafen Aktau aus.",
        "Kazakhstan is expanding the port of Aktau.",
    ),
    (
        "Bei einem Angriff auf einen Konvoi starben drei Soldaten.",
        "Three soldiers died in an attack on the convoy.",
    ),
    (
        "Die Visumpflicht für kurze Reisen soll aufgehoben werden.",
        "The visa requirement for short trips is to be lifted.",
    ),
    (
        "Georgien und China vereinbaren Visafreiheit.",
        "Georgia and China agree on a visa waiver.",
    ),
    (
        "Der Bau des Kernkraftwerks beginnt 2026.",
        "Construction of the nuclear power plant will start in 2026.",
    ),
    (
        "Das Parlament ratifizierte den Freihandelsvertrag.",
        "Parliament ratified the free trade treaty.",
    ),
    (
        "Usbekistan eröffnet eine Botschaft in Helsinki.",
        "Uzbekistan will open an embassy in Helsinki.",
    ),
    (
        "Der Grenzübergang wird wieder geöffnet.",
        "The border crossing will reopen.",
    ),
    (
        "Die EU verlängert die Sanktionen um sechs Monate.",
        "The EU extends sanctions by six months.",
    ),
    (
        "Die Minister unterzeichneten ein Memorandum über die Zusammenarbeit beim Wasserstoff.",
        "Ministers signed a memorandum on hydrogen cooperation.",
    ),
    (
        "Direktflüge zwischen den Hauptstädten sollen im Mai aufgenommen werden.",
        "Direct flights between the capitals will be launched in May.",
    ),
    (
        "Norwegen liefert Luftabwehrraketen.",
        "Norway is delivering air defence missiles.",
    ),
    (
        "Die Truppen werden bis Ende des Jahres abgezogen.",
        "Troops will be withdrawn by the end of the year.",
    ),
    (
        "Das Land tritt aus dem Abkommen aus.",
        "The country withdraws from the agreement.",
    ),
    (
        "Der Gefangenenaustausch wurde verschoben.",
        "The prisoner swap has been postponed.",
    ),
    (
        "Die Regierung hat den Botschafter einbestellt.",
        "The government summoned the ambassador.",
    ),
    (
        "Zwei Diplomaten wurden ausgewiesen.",
        "Two diplomats were expelled.",
    ),
    (
        "Ein Waffenstillstand tritt am Montag in Kraft.",
        "A ceasefire takes effect on Monday.",
    ),
    (
        "Die Pipeline soll fertiggestellt werden.",
        "The pipeline is to be completed.",
    ),
    (
        "Die Emissionen sollen bis 2030 halbiert werden.",
        "Emissions are to be halved by 2030.",
    ),
    (
        "Indien verbietet die Ausfuhr von Weizen.",
        "India bans wheat exports.",
    ),
    (
        "Die Zölle auf Stahl werden gesenkt.",
        "Tariffs on steel will be cut.",
    ),
    (
        "Die Zentralbank erhöht den Leitzins.",
        "The central bank raises its key rate.",
    ),
    (
        "Japan stellt einen Kredit für die Bahnstrecke bereit.",
        "Japan provides a loan for the railway line.",
    ),
    (
        "Die humanitäre Hilfe für Flüchtlinge wird aufgestockt.",
        "Humanitarian aid for refugees will be increased.",
    ),
    (
        "Die Verhandlungen über das Atomabkommen gehen weiter; man werde sie fortsetzen.",
        "Negotiations on the nuclear deal will continue.",
    ),
    (
        "Beide Seiten richten eine Arbeitsgruppe für Grenzfragen ein.",
        "Both sides set up a working group on border issues.",
    ),
    (
        "China erlässt Äthiopien Schulden in Form eines Schuldenerlasses.",
        "China grants Ethiopia debt relief.",
    ),
    (
        "Die gemeinsame Militärübung beginnt im Schwarzen Meer.",
        "A joint military exercise starts in the Black Sea.",
    ),
    (
        "Die Universität vergibt 100 Stipendien an Studenten.",
        "The university awards 100 scholarships to students.",
    ),
    (
        "Ein Satellit wurde in die Umlaufbahn gebracht.",
        "A satellite was put into orbit.",
    ),
    (
        "Fußball-Weltmeisterschaft: Das Stadion wird gebaut.",
        "World Cup in football: the stadium is being built.",
    ),
    (
        "Das Museum gibt Kulturgüter zurück.",
        "The museum hands back cultural property.",
    ),
    (
        "Impfstoff gegen Malaria wird geliefert.",
        "Malaria vaccine is delivered.",
    ),
    (
        "Der Internationale Strafgerichtshof erließ Haftbefehl wegen Kriegsverbrechen.",
        "The International Criminal Court issued an arrest warrant for war crimes.",
    ),
    (
        "Seltene Erden und Lithium sollen gemeinsam abgebaut werden.",
        "Rare earths and lithium are to be extracted jointly.",
    ),
    (
        "Die Lieferketten für Halbleiter sollen diversifiziert werden.",
        "Supply chains for semiconductors are to be diversified.",
    ),
    (
        "Die Todesstrafe wird abgeschafft.",
        "The death penalty is abolished.",
    ),
    (
        "Eine Luban-Werkstatt wird eröffnet.",
        "A Luban workshop opens.",
    ),
    (
        "Die Wahlbeobachter trafen ein.",
        "The election observers arrived.",
    ),
    (
        "Der Präsident empfing den Außenminister zu einem Gespräch.",
        "The president received the foreign minister for talks.",
    ),
    (
        "Die Raffinerie wurde bei einem Drohnenangriff beschädigt.",
        "The refinery was damaged in a drone attack.",
    ),
    (
        "Polen will seine Verteidigungsausgaben auf fünf Prozent der Wirtschaftsleistung anheben.",
        "Poland intends to raise defence spending to five percent of economic output.",
    ),
    (
        "Die beiden Staatschefs sprachen sich für eine Wiederaufnahme der Friedensgespräche aus.",
        "The two presidents called for a resumption of peace talks.",
    ),
    (
        "Bis 2027 soll eine neue Bahnverbindung zwischen Taschkent und Kabul entstehen.",
        "A new railway linking Tashkent and Kabul is to be built by 2027.",
    ),
    (
        "Kenia schickt tausend Polizisten nach Haiti.",
        "Kenya is sending one thousand police officers to Haiti.",
    ),
    (
        "Australien stellt 50 Millionen Dollar für den Klimaschutz im Pazifik zur Verfügung.",
        "Australia will provide 50 million dollars for climate protection in the Pacific.",
    ),
    (
        "Die Türkei stimmte dem Beitritt Schwedens zur NATO zu.",
        "Turkey approved Sweden's accession to NATO.",
    ),
    (
        "Brasilien und Argentinien wollen eine gemeinsame Währung einführen.",
        "Brazil and Argentina want to introduce a common currency.",
    ),
    (
        "Der Minister sagte seine Reise nach Peking ab.",
        "The minister cancelled his trip to Beijing.",
    ),
    (
        "Die Mongolei hat ihre Kohleexporte nach China gesteigert.",
        "Mongolia has increased its coal exports to China.",
    ),
    (
        "Die Vereinten Nationen warnen vor einer Hungersnot im Sudan.",
        "The United Nations warns of famine in Sudan.",
    ),
    (
        "Ägypten schließt den Grenzübergang Rafah.",
        "Egypt shuts the Rafah border crossing.",
    ),
    (
        "Serbien kündigt den Kauf von zwölf Kampfjets an.",
        "Serbia announces the purchase of twelve fighter jets.",
    ),
    (
        "Ungarn blockiert die Auszahlung der Hilfsgelder.",
        "Hungary is blocking disbursement of the aid money.",
    ),
    (
        "Nach dem Erdbeben schickte Griechenland Rettungsmannschaften.",
        "Greece sent rescue teams after the earthquake.",
    ),
    (
        "Kirgisistan und Tadschikistan haben den Grenzverlauf endgültig festgelegt.",
        "Kyrgyzstan and Tajikistan have finally agreed on border demarcation.",
    ),
    (
        "Vietnam senkt die Einfuhrzölle auf amerikanisches Flüssiggas.",
        "Vietnam cuts import duties on American liquefied natural gas.",
    ),
    (
        "Die Fluggesellschaft nimmt ab Juni Direktflüge nach Almaty auf.",
        "The airline will launch direct flights to Almaty from June.",
    ),
    (
        "Peru liefert den früheren Minister an Chile aus.",
        "Peru extradites the former minister to Chile.",
    ),
    (
        "Die Bauarbeiten am Staudamm wurden abgeschlossen.",
        "Construction work on the dam has been completed.",
    ),
    (
        "Die Regierung verlängerte den Ausnahmezustand um drei Monate.",
        "The government extended the state of emergency by three months.",
    ),
    (
        "Estland schließt das russische Konsulat in Narva.",
        "Estonia closes the Russian consulate in Narva.",
    ),
    (
        "Thailand hebt die Visumpflicht für indische Touristen auf.",
        "Thailand waives visas for Indian tourists.",
    ),
    (
        "Rebellen töteten bei einem Überfall auf ein Dorf zwanzig Zivilisten.",
        "Rebels killed twenty civilians in a raid on a village.",
    ),
    (
        "Die Notenbank ließ den Leitzins unverändert.",
        "The central bank left its key rate unchanged.",
    ),
    (
        "Mexiko bricht die diplomatischen Beziehungen zu Ecuador ab.",
        "Mexico severs diplomatic relations with Ecuador.",
    ),
]

NEAR = [
    (
        "Die Gaslieferungen werden erhöht.",
        "Gas deliveries will be reduced.",
    ),
    (
        "Usbekistan eröffnet eine Botschaft in Helsinki.",
        "Uzbekistan closes its embassy in Helsinki.",
    ),
    (
        "Das Handelsvolumen soll verdoppelt werden.",
        "The trade volume will be halved.",
    ),
    (
        "Die Sanktionen werden verlängert.",
        "The sanctions will be lifted.",
    ),
    (
        "Die Visumpflicht wird aufgehoben.",
        "A visa requirement is introduced.",
    ),
    (
        "Der Angriff auf einen Konvoi forderte drei Tote.",
        "An attack on a hospital killed nine.",
    ),
    (
        "Kasachstan baut einen Hafen.",
        "Kazakhstan builds a railway.",
    ),
    (
        "Norwegen liefert Gas.",
        "Norway delivers tanks.",
    ),
    (
        "Die EU unterzeichnet ein Abkommen über Fischerei.",
        "The EU signs an agreement on data protection.",
    ),
    (
        "Der Präsident besucht die Universität.",
        "The president visits the refinery.",
    ),
    (
        "Truppen werden stationiert.",
        "Troops will be withdrawn.",
    ),
    (
        "Die Zölle auf Stahl werden gesenkt.",
        "Tariffs on steel will be raised.",
    ),
    (
        "Indien verbietet die Ausfuhr von Weizen.",
        "India allows the export of rice.",
    ),
    (
        "Die Universität vergibt Stipendien.",
        "The university opens a museum.",
    ),
    (
        "Der Minister trifft den Botschafter.",
        "The minister met journalists.",
    ),
    (
        "Beide Länder wollen die Zusammenarbeit in der Landwirtschaft ausbauen.",
        "Both countries want to expand cooperation in nuclear energy.",
    ),
    (
        "Ein Abkommen über Visafreiheit wurde unterzeichnet.",
        "An agreement on extradition was signed.",
    ),
    (
        "Japan gewährt einen Kredit für die Bahnstrecke.",
        "Japan grants a loan for a hospital.",
    ),
    (
        "Die Pipeline wird repariert.",
        "The pipeline is to be completed.",
    ),
    (
        "Die Waffenruhe wurde verlängert.",
        "The ceasefire was violated.",
    ),
    (
        "Polen will seine Verteidigungsausgaben anheben.",
        "Poland intends to cut defence spending.",
    ),
    (
        "Eine neue Bahnverbindung soll entstehen.",
        "A new airport is to be built.",
    ),
    (
        "Kenia schickt tausend Polizisten nach Haiti.",
        "Kenya withdraws its police officers from Haiti.",
    ),
    (
        "Die Türkei stimmte dem Beitritt Schwedens zu.",
        "Turkey rejects Sweden's accession.",
    ),
    (
        "Die Mongolei hat ihre Kohleexporte gesteigert.",
        "Mongolia has increased its copper imports.",
    ),
    (
        "Serbien kündigt den Kauf von zwölf Kampfjets an.",
        "Serbia announces the sale of ammunition.",
    ),
    (
        "Ungarn blockiert die Auszahlung der Hilfsgelder.",
        "Hungary unblocks the aid money.",
    ),
    (
        "Nach dem Erdbeben schickte Griechenland Rettungsmannschaften.",
        "Greece sent troops after the coup.",
    ),
    (
        "Peru liefert den früheren Minister an Chile aus.",
        "Peru appoints a former minister as ambassador.",
    ),
    (
        "Die Regierung verlängerte den Ausnahmezustand.",
        "The government lifted the state of emergency.",
    ),
    (
        "Estland schließt das Konsulat in Narva.",
        "Estonia opens a consulate in Narva.",
    ),
    (
        "Mexiko bricht die diplomatischen Beziehungen ab.",
        "Mexico restores diplomatic relations.",
    ),
    (
        "Rebellen überfielen ein Dorf.",
        "Rebels released the hostages.",
    ),
    (
        "Die Notenbank erhöht den Leitzins.",
        "The central bank cuts its key rate.",
    ),
    (
        "Die Fluggesellschaft nimmt Direktflüge nach Almaty auf.",
        "The airline suspends direct flights to Almaty.",
    ),
]

NAMED = [
    ("de", "das Handelsvolumen", "trade trade_volume"),
    ("de", "Gaslieferungen", "deliver gas"),
    ("de", "am Grenzübergang", "border border_crossing"),
    ("de", "Er nahm die Gespräche wieder auf.", "resume talks"),
    ("de", "Er nahm die Gespräche auf.", "start talks"),
    ("de", "Sie bauen den Hafen aus.", "expand port"),
    ("de", "Sie bauen den Hafen.", "build port"),
    ("de", "um den Hafen auszubauen", "expand port"),
    ("de", "freier Handel", "free_trade trade"),
    ("de", "Kupferlieferungsvertrag", "copper deliver treaty"),
    ("de", "Vanadiumlieferung", "deliver"),
    ("de", "ebenfalls folgenden", ""),
    ("de", "nahm die Gaslieferungen nach Moldau wieder auf und", "deliver gas resume"),
    ("de", "Gäste", "guest"),
    ("en", "free trade", "free_trade trade"),
    ("en", "trade that is free of charge", "free_of_charge trade"),
    ("en", "visa-free travel", "lift travel visa visa_requirement visa_waiver"),
    ("de", "Sie tauschten Gefangene aus.", "exchange prisoner prisoner_swap"),
    ("en", "They lift the visa requirement.", "lift visa visa_requirement visa_waiver"),
    ("en", "doubling", "double"),
    ("en", "banned", "ban"),
    ("fr", "le commerce", ""),
]


def similarity(german: str, english: str) -> float:
    known = Concepts.default()
    return known.similarity(known.concepts(german, "de"), known.concepts(english, "en"))


@pytest.mark.parametrize(("german", "english"), SAME)
def test_the_same_in_two_languages(german: str, english: str) -> None:
    assert similarity(german, english) >= LEAST_SAME


@pytest.mark.parametrize(("german", "english"), NEAR)
def test_a_near_miss_stays_below(german: str, english: str) -> None:
    assert similarity(german, english) <= MOST_NEAR


def test_every_sentence_is_nearest_to_its_own_translation() -> None:
    known = Concepts.default()
    english = [known.concepts(e, "en") for _g, e in SAME]
    for number, (german, _english) in enumerate(SAME):
        own = known.concepts(german, "de")
        alike = [known.similarity(own, other) for other in english]
        assert alike.index(max(alike)) == number, german


@pytest.mark.parametrize(("language", "text", "expected"), NAMED)
def test_which_concepts_words_name(language: str, text: str, expected: str) -> None:
    assert sorted(Concepts.default().concepts(text, language)) == expected.split()


def test_keys_have_numbers_and_names() -> None:
    known = Concepts.default()
    german = known.keys("Der Handel der Luban-Werkstatt stieg um 20 Prozent auf 41 Mrd. Dollar.", "de")
    english = known.keys("Trade of the Luban workshop rose by 20 percent to 41 billion dollars.", "en")
    assert german == english
    assert sorted(german) == ["#20%", "#41000000000", "dollar", "increase", "n:LBN", "percent", "trade", "workshop"]


def test_without_a_language_small_words_decide() -> None:
    known = Concepts.default()
    assert known.concepts("Er warnte vor dem Krieg und der Not", None) == {"warn", "war"}
    assert known.concepts("That was not the war of the others", None) == {"war"}


def test_numbers_as_languages_write_them() -> None:
    assert decimal("1.200.000", ".", ",") == 1_200_000
    assert decimal("3,5", ".", ",") == 3.5
    assert decimal("1,200.5", ",", ".") == 1200.5
    assert decimal("24.2.2022", ".", ",") is None


def test_opposites_and_nothing_in_common() -> None:
    known = Concepts.default()
    assert known.similarity(frozenset({"gas"}), frozenset({"visa"})) == 0.0
    assert known.similarity(frozenset(), frozenset()) == 0.0
    assert known.opposed(frozenset({"open", "embassy"}), frozenset({"close", "embassy"}))
    assert not known.opposed(frozenset({"open", "close"}), frozenset({"close"}))
    # 2 * 3 / (2 * 3 + 1 + 1), of which 0.3 stays for 'open' and 'close', 0.6 for two actions that differ
    alike = known.similarity(frozenset({"open", "embassy"}), frozenset({"close", "embassy"}))
    assert alike == pytest.approx(6 / 8 * 0.3 * 0.6)


def test_a_file_that_is_none_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "concepts.json"
    path.write_text(json.dumps({"ids": []}), "utf-8")
    with pytest.raises(KnowledgeError, match="no concepts file"):
        Concepts.load(path)


def test_what_is_shipped_is_built_from_the_sources() -> None:
    tool = Path(__file__).parent.parent / "tools" / "build_concepts.py"
    done = subprocess.run([sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_builder_finds_a_word_in_two_concepts() -> None:
    from build_concepts import Words, same_stems
    from build_concepts import lint as wrong

    rules = {"classes": {"noun": [["", "'' s"]], "other": [["", "'' s ed"]]}, "participle": "", "inseparable": ""}
    words = Words(rules)
    words.add("rice", 0)
    words.add("rice", 1)
    words.add("Ric", 0)
    words.add("ric", 1)
    assert words.doubles == [("rice", 0, 1)]
    assert same_stems(words, ["rice", "rise"], "en") == ["en: ric- in rice and rise"]
    assert wrong({"rice": {"en": "rice"}}, ["de", "en"]) == ["rice: no words in de"]


def test_notation_of_forms() -> None:
    from build_concepts import expanded

    assert expanded("vertr[aä]g") == ["vertrag", "verträg"]
    assert expanded("verdopp(e)l") == ["verdoppl", "verdoppel"]
    assert expanded("nehm|nahm") == ["nehm", "nahm"]
