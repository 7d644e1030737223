"""The shipped knowledge, its linter, look-ups on days, and a user's own files."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import build_knowledge
from communique.answers import contested, described
from communique.compiling import Compiled, adjective_forms, inhabitant_forms, overlaps, surface_key
from communique.errors import KnowledgeError
from communique.knowledge import Knowledge

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "examples" / "own.yaml"


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.default()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A knowledge folder of its own with one state, one body and two persons."""
    root = tmp_path / "knowledge"
    for part in ("states", "organisations", "people"):
        (root / part).mkdir(parents=True)
    write = {
        "sources.yaml": {"known": {"title": "a source"}},
        "states/x.yaml": [
            {"code": "QVA", "status": "member", "name": {"en": {"short": "Valdoria"}}, "source": ["known"]},
        ],
        "organisations/x.yaml": [
            {"code": "BKS", "kind": "igo", "name": {"en": {"full": "Amber League"}}, "source": ["known"]},
        ],
        "people/x.yaml": {
            "QVA": [_person("Ansgar Vaelbrook", "2001", "2005"), _person("Maren Tillhoff", "2005", None)],
        },
    }
    for name, content in write.items():
        (root / name).write_text(yaml.safe_dump(content), "utf-8")
    return root


def _person(name: str, since: str, until: str | None) -> dict:
    term = {"office": "head_of_state", "title": "President", "from": since, "until": until, "source": "known"}
    return {"name": name, "surname": name.split()[-1], "gender": "m", "terms": [term]}


def _change(path: Path, change) -> None:
    content = yaml.safe_load(path.read_text("utf-8"))
    change(content)
    path.write_text(yaml.safe_dump(content), "utf-8")


def _lint(folder: Path) -> str:
    with pytest.raises(KnowledgeError) as caught:
        build_knowledge.compiled(folder)
    return str(caught.value)


# The build and its linter


def test_build_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "tools/build_knowledge.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_sound_folder_passes(folder: Path) -> None:
    assert {r["id"] for r in build_knowledge.compiled(folder).rows} == {
        "state/QVA", "igo/BKS", "person/ansgar-vaelbrook", "person/maren-tillhoff",
    }  # fmt: skip


def test_overlapping_terms_are_an_error(folder: Path) -> None:
    _change(folder / "people/x.yaml", lambda c: c["QVA"][1]["terms"][0].update({"from": "2003-05-01"}))
    assert "QVA head_of_state: Ansgar Vaelbrook (2001 to 2005) overlaps Maren Tillhoff (from 2003-05-01)" in _lint(
        folder
    )


def test_shared_terms_may_overlap(folder: Path) -> None:
    def share(content) -> None:
        content["QVA"][1]["terms"][0]["from"] = "2003"
        for person in content["QVA"]:
            person["terms"][0]["shared"] = True

    _change(folder / "people/x.yaml", share)
    assert overlaps(build_knowledge.compiled(folder).rows) == []


def test_unknown_source_is_an_error(folder: Path) -> None:
    _change(folder / "states/x.yaml", lambda c: c[0].update({"source": ["hearsay"]}))
    assert "state/QVA: unknown source hearsay" in _lint(folder)


def test_a_term_without_source_is_an_error(folder: Path) -> None:
    _change(folder / "people/x.yaml", lambda c: c["QVA"][0]["terms"][0].pop("source"))
    assert "person/ansgar-vaelbrook: names no source" in _lint(folder)


def test_missing_field_names_file_and_row(folder: Path) -> None:
    _change(folder / "organisations/x.yaml", lambda c: c[0].pop("kind"))
    message = _lint(folder)
    assert "organisations/x.yaml" in message
    assert "lacks kind" in message
    assert "BKS" in message


@pytest.mark.parametrize("date", ["3. Juli", "2024-13", "2024-02-30", "24"])
def test_a_date_that_is_none_is_an_error(folder: Path, date: str) -> None:
    _change(folder / "people/x.yaml", lambda c: c["QVA"][0]["terms"][0].update({"from": date}))
    assert "write YYYY, YYYY-MM or YYYY-MM-DD" in _lint(folder)


def test_an_end_before_the_beginning_is_an_error(folder: Path) -> None:
    _change(folder / "people/x.yaml", lambda c: c["QVA"][0]["terms"][0].update({"until": "1999"}))
    assert "from 2001 lies after until 1999" in _lint(folder)


def test_unknown_member_is_an_error(folder: Path) -> None:
    _change(folder / "organisations/x.yaml", lambda c: c[0].update({"members": [{"code": "QQQ"}]}))
    assert "igo/BKS: member QQQ is not in the knowledge" in _lint(folder)


def test_the_same_row_twice_is_an_error(folder: Path) -> None:
    shutil.copy(folder / "states/x.yaml", folder / "states/y.yaml")
    assert "state/QVA is there 2 times" in _lint(folder)


# What is in it


def test_all_members_of_the_un(knowledge: Knowledge) -> None:
    assert len([r for r in knowledge.rows("state") if r.more["status"] == "member"]) == 193


def test_enough_organisations_and_outlets(knowledge: Knowledge) -> None:
    assert len(list(knowledge.rows("igo"))) >= 90
    assert len([r for r in knowledge.rows("organisation") if r.id.startswith("outlet/")]) >= 150


def test_every_row_names_its_source(knowledge: Knowledge) -> None:
    bare = [
        r.id
        for k in ("state", "igo", "initiative", "organisation", "region")
        for r in knowledge.rows(k)
        if not r.more.get("source")
    ]
    bare += [r.id for r in knowledge.rows("person") if not all(t.source for t in r.terms)]
    bare += [r["name"] for r in knowledge.contested if not r.get("source")]
    assert bare == []


def test_every_state_has_names_in_both_languages(knowledge: Knowledge) -> None:
    assert [r.id for r in knowledge.rows("state") if not {"de", "en"} <= set(r.names)] == []


def test_present_holders_of_all_members(knowledge: Knowledge) -> None:
    """All but the vacancies and successors that are known not to be known; as of November 2026."""
    unknown = {("HTI", "head_of_state"), ("SMR", "head_of_state")}
    unknown |= {(c, "foreign_minister") for c in ("BGR", "MDG", "SLB", "VEN", "WSM")}
    members = [r.code for r in knowledge.rows("state") if r.more["status"] in ("member", "observer")]
    offices = ("head_of_state", "head_of_government", "foreign_minister")
    assert {(c, o) for c in members for o in offices if not knowledge.holders(c, o, "2026-11-25")} == unknown


# Look-ups on days


def _held(knowledge: Knowledge, of: str, office: str, day: str) -> list[str]:
    return [r.name("en") for r in knowledge.holders(of, office, day)]


def test_lookup_by_any_spelling(knowledge: Knowledge) -> None:
    for spelling in ("Tokajew", "Tokayev", "Kassym-Jomart Tokayev", "Тоқаев", "tokajew", "Toqaev"):
        row, _form, score = knowledge.lookup(spelling, "2024-07-03")[0]
        assert row.id == "person/kassym-jomart-tokayev", spelling
        assert score >= 0.6
        assert row.term_on("2024-07-03").office == "head_of_state"


def test_the_day_of_change_belongs_to_the_successor(knowledge: Knowledge) -> None:
    assert _held(knowledge, "KAZ", "head_of_state", "2019-03-19") == ["Nursultan Nazarbayev"]
    assert _held(knowledge, "KAZ", "head_of_state", "2019-03-20") == ["Kassym-Jomart Tokayev"]
    assert _held(knowledge, "DEU", "head_of_government", "2021-12-07") == ["Angela Merkel"]
    assert _held(knowledge, "DEU", "head_of_government", "2021-12-08") == ["Olaf Scholz"]
    assert _held(knowledge, "USA", "head_of_state", "2021-01-19") == ["Donald Trump"]
    assert _held(knowledge, "USA", "head_of_state", "2021-01-20") == ["Joe Biden"]


def test_one_person_heads_several_states(knowledge: Knowledge) -> None:
    assert _held(knowledge, "CAN", "head_of_state", "2021-06-01") == ["Elizabeth II"]
    assert _held(knowledge, "GBR", "head_of_state", "2022-09-08") == _held(
        knowledge, "NZL", "head_of_state", "2022-09-08"
    )
    assert "Elizabeth II" not in _held(knowledge, "BRB", "head_of_state", "2021-11-30")


@pytest.mark.parametrize(
    ("body", "day", "inside", "outside", "count"),
    [
        ("EU", "2020-01-31", "GBR HRV", "TUR", 28),
        ("EU", "2020-02-01", "HRV", "GBR", 27),
        ("EU", "2013-06-30", "GBR", "HRV", 27),
        ("BRICS", "2023-12-31", "BRA RUS IND CHN ZAF", "EGY ETH IRN ARE IDN", 5),
        ("BRICS", "2024-01-01", "EGY ETH IRN ARE", "IDN", 9),
        ("BRICS", "2025-01-06", "IDN", "ARG", 10),
        ("NATO", "2023-04-03", "TUR", "FIN SWE", 30),
        ("NATO", "2023-04-04", "FIN", "SWE", 31),
        ("NATO", "2024-03-07", "FIN SWE", "UKR", 32),
        ("SCO", "2024-07-03", "IRN", "BLR", 9),
        ("SCO", "2024-07-04", "BLR", "TUR", 10),
        ("UN", "2011-07-13", "DEU", "SSD", 192),
        ("UN", "2011-07-14", "SSD", "PSE", 193),
    ],
)
def test_members_on_a_day(knowledge: Knowledge, body: str, day: str, inside: str, outside: str, count: int) -> None:
    members = set(knowledge.members(body, day))
    assert set(inside.split()) <= members
    assert not set(outside.split()) & members
    assert len(members) == count


def test_lookup_shows_former_names_and_capitals_of_the_day(knowledge: Knowledge) -> None:
    said = "\n".join(described(knowledge.lookup("Burma", "1985-01-01"), knowledge, "1985-01-01"))
    assert "named on 1985-01-01: Burma" in said
    said = "\n".join(described(knowledge.lookup("Kasachstan", "1996-05-05"), knowledge, "1996-05-05"))
    assert "capital on 1996-05-05: Almaty" in said


def test_lookup_shows_whether_a_body_existed(knowledge: Knowledge) -> None:
    said = "\n".join(described(knowledge.lookup("SCO", "1999-01-01"), knowledge, "1999-01-01"))
    assert "founded 2001-06-15: on 1999-01-01 (not there yet)" in said


# Contested cases


def test_contested_rows_are_reachable_by_name(knowledge: Knowledge) -> None:
    for name, code in (("Taiwan", "TWN"), ("Kosovo", "XKX"), ("Northern Kosovo", "XKX")):
        rows = knowledge.contested_for(name, [row for row, _form, _score in knowledge.lookup(name)])
        assert [r["code"] for r in rows] == [code], name
        assert any(f"contested: {name} is coded {code}" in line for line in contested(rows))


def test_contested_is_found_by_the_german_name(knowledge: Knowledge) -> None:
    rows = knowledge.contested_for("Nordzypern", [row for row, _form, _score in knowledge.lookup("Nordzypern")])
    assert [r["name"] for r in rows] == ["Northern Cyprus"]


def test_contested_codes_are_those_of_records(knowledge: Knowledge) -> None:
    assert knowledge.coded("XNC") == "CYP"
    assert knowledge.coded("TWN") == "TWN"
    assert knowledge.coded("PRK") == "PRK"
    assert knowledge.coded(None) is None


def test_contested_regions_lie_in_the_state_of_the_table(knowledge: Knowledge) -> None:
    wrong = []
    for row in knowledge.contested:
        for sense in knowledge.senses(surface_key(row["name"])):
            if sense.row.kind == "region" and sense.row.state and sense.row.state != row["code"]:
                wrong.append((row["name"], sense.row.state, row["code"]))
    assert wrong == []


# Forms


def test_adjectives_on_er_do_not_change() -> None:
    assert list(adjective_forms("Schweizer")) == ["Schweizer"]
    assert {"kasachische", "kasachischen", "Kasachischer"} <= set(adjective_forms("kasachisch"))


def test_inhabitants_in_all_cases() -> None:
    assert {"Franzose", "Franzosen", "Französin", "Französinnen"} <= set(
        inhabitant_forms("de", "Franzose|Franzosen|Französin")
    )
    assert {"Deutscher", "Deutsche", "Deutschen"} <= set(inhabitant_forms("de", "Deutscher|Deutsche|Deutsche"))
    assert "Schweizern" in set(inhabitant_forms("de", "Schweizer|Schweizer|Schweizerin"))


def test_surfaces_hold_no_inflected_er_adjective(knowledge: Knowledge) -> None:
    assert knowledge.senses("Schweizer")[0].row.id == "state/CHE"
    for wrong in ("Schweizeren", "Luxemburgere", "Hongkongeres", "Singapureren"):
        assert knowledge.senses(wrong) == ()


def test_names_that_mean_something_else_are_not_read(knowledge: Knowledge) -> None:
    """A capital marked as ambiguous is shown with its state, and read by its other names only."""
    for name in ("Hamilton", "Victoria", "Douglas", "The Valley", "Capitol Hill", "Vertragsstaaten", "Duma"):
        assert [s.row.id for s in knowledge.senses(name) if s.form in ("capital", "name", "city")] == [], name
    assert knowledge.senses("Port Stanley")[0].row.id == "city/FLK/Stanley"
    said = "\n".join(described(knowledge.lookup("Bermuda"), knowledge, "2024-07-03"))
    assert "capital on 2024-07-03: Hamilton" in said


# A user's own files


def test_own_example_is_found() -> None:
    own = Knowledge.load([OWN])
    assert _held(own, "QVA", "head_of_state", "2024-07-03") == ["Ansgar Vaelbrook"]
    assert own.members("BKS", "2010-01-01") == ("NOR", "QVA")
    assert own.members("BKS", "2012-01-01") == ("QVA",)
    for name, id in {
        "Valdorien": "state/QVA", "valdorischen": "state/QVA", "Lindenpalais": "state/QVA", "LAC-9": "igo/BKS",
        "Oswiner Kurier": "outlet/oswin-kurier", "Bernsteinstraßenplan": "initiative/amber-road",
        "Lower Vael Valley": "region/QVA/Lower Vael Valley", "Sankt Oswin": "city/QVA/Saint Oswin",
    }.items():  # fmt: skip
        assert own.lookup(name)[0][0].id == id, name
    assert [r["code"] for r in own.contested_for("Amber Islands")] == ["QVA"]


def test_own_names_are_fiction(knowledge: Knowledge) -> None:
    own = Compiled()
    for kind, rows in yaml.safe_load(OWN.read_text("utf-8")).items():
        own.add(kind, rows, str(OWN))
    assert [s for s in own.surfaces if knowledge.senses(s)] == []


def _own(tmp_path: Path, text: str) -> Knowledge:
    path = tmp_path / "my.yaml"
    path.write_text(text, "utf-8")
    return Knowledge.load([path])


def test_own_row_wins_over_a_shipped_surface(tmp_path: Path) -> None:
    own = _own(
        tmp_path,
        "outlets: [{id: mercury, name: Merkur, state: AUT}]\n"
        "initiatives: [{id: jordan-plan, name: {en: {full: Jordan}}}]",
    )
    assert own.senses("Jordan")[0].row.id == "initiative/jordan-plan"
    assert "state/JOR" in [s.row.id for s in own.senses("Jordan")]
    assert own.senses("Merkur")[0].row.id == "outlet/mercury"


def test_own_row_with_a_shipped_id_replaces_it(tmp_path: Path) -> None:
    own = _own(tmp_path, "outlets: [{id: xinhua, name: Xinhua, kind: agency, state: CHN, owner: party}]")
    assert own.row("outlet/xinhua").more["owner"] == "party"
    assert [s.row.id for s in own.senses("Xinhua")] == ["outlet/xinhua"]
    assert own.senses("Xinhua News Agency") == ()


def test_own_holder_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    term = '{office: foreign_minister, from: "2026-08-01"}'
    own = _own(tmp_path, f"people: {{VEN: [{{name: Ysolde Quarbeck, surname: Quarbeck, gender: f, terms: [{term}]}}]}}")
    assert _held(own, "VEN", "foreign_minister", "2026-09-01") == ["Ysolde Quarbeck"]
    term = '{office: head_of_state, from: "2024"}'
    own = _own(tmp_path, f"people: {{KAZ: [{{name: Ysolde Quarbeck, surname: Quarbeck, gender: f, terms: [{term}]}}]}}")
    assert _held(own, "KAZ", "head_of_state", "2024-07-03") == ["Ysolde Quarbeck"]
    assert _held(own, "KAZ", "head_of_state", "2023-07-03") == ["Kassym-Jomart Tokayev"]


def test_own_contested_row_wins(tmp_path: Path) -> None:
    own = _own(tmp_path, "contested: [{name: Taiwan, code: CHN, treated_as: as our project does}]")
    assert [(r["code"], r["treated_as"]) for r in own.contested_for("Taiwan")] == [("CHN", "as our project does")]
    assert own.coded("TWN") == "CHN"
    assert Knowledge.default().coded("TWN") == "TWN"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[1, 2]", "must be a mapping"),
        ("planets: []", "planets is no kind of knowledge"),
        ("outlets: {a: b}", "outlets must be a list of rows"),
        ("people: []", "people must be a mapping of codes to lists"),
        ("outlets: [Merkur]", "'Merkur' is no row"),
        ("outlets: [{id: merkur}]", "lacks name"),
        ("people: {KAZ: [{name: A B, surname: B, gender: m, terms: [{office: king}]}]}", "office 'king' is none of"),
        ("people: {KAZ: [{name: A B, surname: B, gender: m, terms: 3}]}", "wrong shape"),
        ("states: [{code: QVA, status: member, name: Valdoria}]", "wrong shape"),
        ("contested: [{name: Taiwan}]", "lacks treated_as"),
        ("outlets: [{", "cannot be read as knowledge"),
    ],
)
def test_own_file_that_breaks_the_schema(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(KnowledgeError, match=r"my\.yaml") as caught:
        _own(tmp_path, text)
    assert says in str(caught.value)


def test_own_file_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match="cannot be read"):
        Knowledge.load([tmp_path / "none.yaml"])


def test_lookup_command(tmp_path: Path) -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "communique.cli", "lookup", *arguments]
        return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=ROOT)

    assert "President of KAZ (2019-03-20 to today" in run("Tokajew", "--on", "2024-07-03").stdout
    assert "contested: Taiwan is coded TWN" in run("Taiwan").stdout
    assert "Ansgar Vaelbrook" in run("Vaelbrook", "--knowledge", "examples/own.yaml").stdout
    nobody = run("Vaelbrook")
    assert (nobody.returncode, nobody.stdout) == (1, "")
    assert "not in the knowledge" in nobody.stderr
    assert run("Tokajew", "--knowledge", str(tmp_path / "none.yaml")).returncode == 2
