"""The reading room without a browser: what pages and API say, what they refuse, and that hostile words stay words."""

import json
import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from web_items import HOSTILE, SIGNED, filled

pytest.importorskip("fastapi")
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from communique.ledger import Ledger
from communique.web import api, plots
from communique.web.agreement import alpha, precision, wilson
from communique.web.app import PAGES, application
from communique.web.feeds import escaped, folded
from communique.web.security import POLICY, Guard, Rates
from communique.web.settings import Limits, Settings
from communique.web.speech import LANGUAGES, Speech

TOKEN = "a-token-nobody-guesses"
LISTS = (
    "/", "/promises", "/pair", "/pair?a=EST&b=CHL", "/pair?a=EST&b=CHL&since=2021-05&until=2021-05&by=year", "/stories",
    "/figures", "/figures?of=trade&disputed=true", "/actors", "/actors/EST", "/actors/UN?on=2020-01-01", "/documents",
    "/documents/signed", "/documents?q=treaty", "/search", "/search?q=treaty&kind=event&actor=Estland&since=2021",
    "/paste", "/checking", "/checking?kind=event&size=2&at=1", "/api", "/persons/Tarmo Tammsaar",
)  # fmt: skip


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("room") / "ledger")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A ledger that a test may write into."""
    return filled(tmp_path / "ledger")


def room(path: Path, **settings: Any) -> TestClient:
    guard = application(Settings(path, token=TOKEN, **settings))
    return TestClient(guard, "http://localhost", follow_redirects=False, raise_server_exceptions=False)


@pytest.fixture
def client(ledger: Path) -> Iterator[TestClient]:
    with room(ledger) as made:
        yield made


class Tags(HTMLParser):
    """The tags of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


# --- every page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", LISTS)
def test_each_page_answers_in_both_languages(client: TestClient, address: str, language: str) -> None:
    answer = client.get(address, headers={"accept-language": language})
    tags = Tags(answer.text)
    assert (answer.status_code, tags.of("html")[0]["lang"]) == (200, language)
    assert len(answer.content) < 300_000
    assert len(tags.of("h1")) >= 1
    assert tags.of("main")[0]["id"] == "main"


@pytest.mark.parametrize("address", LISTS)
def test_nothing_runs_or_is_styled_inline_and_nothing_comes_from_elsewhere(client: TestClient, address: str) -> None:
    tags = Tags(client.get(address).text)
    assert all(script.get("src") or script.get("type") == "application/json" for script in tags.of("script"))
    assert not tags.of("style")
    for name, attributes in tags.found:
        assert "style" not in attributes, name
        assert not [key for key in attributes if key.startswith("on")], name
    fetched = [one.get("src") or "" for one in tags.of("script") + tags.of("img")]
    fetched += [one.get("href") or "" for one in tags.of("link")]
    assert all(address.startswith("/") or not address for address in fetched)


@pytest.mark.parametrize("address", LISTS)
def test_hostile_words_stay_words(client: TestClient, address: str) -> None:
    text = client.get(address).text
    tags = Tags(text)
    assert "<script>alert" not in text
    assert "onerror=alert(2)>" not in re.sub(r"&lt;.*?&gt;", "", text)
    assert not [one for one in tags.of("img") if one.get("src") == "x"]
    assert not [one for one in tags.of("a") if (one.get("href") or "").startswith("javascript:")]
    assert "\u202e" not in text
    assert ">49<" not in text


def test_a_hostile_document_has_its_page(client: TestClient) -> None:
    found = client.get("/api/v1/documents").json()["rows"]
    address = next(one["id"] for one in found if one["id"].startswith("x/"))
    from urllib.parse import quote

    answer = client.get(f"/documents/{quote(address, safe='')}")
    assert answer.status_code == 200
    assert "<script>alert(1)</script>" in unescape(re.sub(r"<[^>]*>", "", answer.text))
    assert "<script>alert" not in answer.text


def test_every_claim_is_one_click_from_its_words(client: TestClient) -> None:
    for address in ("/search", "/pair?a=EST&b=CHL", "/figures", "/promises", "/actors/EST"):
        links = [one.get("href") or "" for one in Tags(client.get(address).text).of("a")]
        told = [link for link in links if re.match(r"/documents/[^#?]+#[secf]-", link)]
        assert told, address
        assert client.get(told[0].partition("#")[0]).status_code == 200
        assert f'id="{told[0].partition("#")[2]}"' in client.get(told[0].partition("#")[0]).text


def test_a_document_shows_records_beside_marked_text(client: TestClient) -> None:
    tags = Tags(client.get("/documents/signed").text)
    cards = [one for one in tags.of("article") if "card" in (one.get("class") or "")]
    assert [one["class"] for one in cards] == ["card k-events", "card k-commitments", "card k-figures"]
    marks = [one["class"] for one in tags.of("mark")]
    assert ("e k" in marks or "e" in marks, any("c" in (one or "") for one in marks)) == (True, True)


def test_a_promise_is_a_timeline(client: TestClient) -> None:
    rows = client.get("/api/v1/promises?on=2021-06-01").json()["rows"]
    double = next(one for one in rows if one["action"] == "want to double trade by 2022")
    text = client.get(f"/promises/{double['id']}?on=2021-06-01").text
    assert (double["status"], double["due"], double["parties"]) == ("open", "2022-12-31", ["EST", "CHL"])
    assert text.count('class="turn e-announced"') == 1
    assert "Estonia" in text
    assert client.get(f"/promises/{double['id']}?on=2021-01-01").status_code == 404


def test_a_story_tells_who_reports_it(client: TestClient) -> None:
    found = client.get("/api/v1/stories").json()["rows"]
    text = client.get(f"/stories/{found[0]['id']}").text
    assert (found[0]["records"], "Nordpost" in text, "Quay Herald" in text) == (3, True, True)


def test_conflicts_of_figures_are_marked(client: TestClient) -> None:
    found = client.get("/api/v1/series?of=trade").json()["rows"]
    assert [len(period["conflicts"]) for one in found for period in one["periods"]] == [1]
    text = client.get("/figures?of=trade").text
    assert (text.count('class="halo"'), text.count('<tr class="disputed">')) == (2, 3)


def test_there_are_profiles_of_office_holders_only(client: TestClient) -> None:
    assert client.get("/persons/Tarmo Tammsaar").status_code == 200
    assert client.get("/persons/Tamara Nobody").status_code == 404
    assert client.get("/api/v1/persons/Tamara Nobody").status_code == 404
    assert client.get("/actors/Nowhere").status_code == 404


def test_a_name_leads_to_its_page(client: TestClient) -> None:
    assert client.get("/actors?q=Estland").headers["location"] == "/actors/EST"
    assert client.get("/actors?q=NATO").headers["location"] == "/actors/NATO"


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ("kind=figure", {"figure"}),
        ("kind=figure&kind=event", {"figure", "event"}),
        ("type=AGREE", {"event"}),
        ("q=treaty", {"event"}),
        ("outlet=Quay Herald", {"event", "figure", "statement"}),
        ("since=2021-05-04", {"event", "commitment"}),
        ("until=2020", {"figure"}),
        ("a=EST&b=CHL&forward=true&kind=event", {"event"}),
        ("min_confidence=0.95", set()),
        ("origins=2&kind=event", {"event"}),
        ("modality=denied", set()),
        ("item_language=de", set()),
        ("as_of=2021-05-04", set()),
        ("actor=Chile&kind=statement", set()),
    ],
)
def test_filters(client: TestClient, filters: str, expected: set[str]) -> None:
    rows = client.get(f"/api/v1/records?{filters}").json()["rows"]
    assert {one["kind"] for one in rows} == expected
    text = client.get(f"/search?{filters}").text
    assert text.count('<article class="told') == len(rows)


def test_pages_go_on_where_they_ended(client: TestClient) -> None:
    seen, address = [], "/api/v1/records?limit=3"
    while address:
        answer = client.get(address)
        seen += [one["id"] for one in answer.json()["rows"]]
        link = answer.headers.get("link", "")
        address = link[1 : link.index(">")] if link else ""
    whole = [one["id"] for one in client.get("/api/v1/records?limit=500").json()["rows"]]
    assert (seen, len(seen)) == (whole, len(set(whole)))


def test_tables_for_spreadsheets(client: TestClient) -> None:
    english = client.get("/search?format=csv&kind=event", headers={"accept-language": "en"}).text
    german = client.get("/search?format=csv&kind=event", headers={"accept-language": "de"}).text
    assert english.splitlines()[0].startswith("id,kind,type,day,what")
    assert german.startswith("\ufeffid;kind;type;day;what")
    for address in (
        "/promises?format=csv",
        "/figures?format=csv",
        "/pair?a=EST&b=CHL&format=csv",
        "/checking?format=csv",
    ):
        assert client.get(address).headers["content-type"] == "text/csv; charset=utf-8", address


def test_a_plot_can_be_taken_along(client: TestClient) -> None:
    answer = client.get("/pair?a=EST&b=CHL&format=svg")
    tree = ElementTree.fromstring(answer.text)
    assert tree.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(list(tree.iter("{http://www.w3.org/2000/svg}rect"))) == 2


# --- what is refused --------------------------------------------------------------------------------------------------


def test_every_answer_carries_the_policy(client: TestClient) -> None:
    for address in ("/", "/static/room.css", "/nowhere", "/api/v1/stats", "/feeds/promises.ics"):
        headers = client.get(address).headers
        assert (headers["content-security-policy"], headers["x-content-type-options"]) == (POLICY, "nosniff")
    assert "unsafe" not in POLICY
    assert client.get("/", headers={"host": "evil.example"}).headers["content-security-policy"] == POLICY


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:8600", "", "a@localhost", "[::1"]
)
def test_other_names_are_not_served(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8600", "127.0.0.1:1", "[::1]:8600"])
def test_own_names_are_served(client: TestClient, host: str) -> None:
    assert client.get("/api/v1/stats", headers={"host": host}).status_code == 200


def writing() -> list[str]:
    """The addresses of all forms."""
    routes = [route for module in PAGES for route in module.router.routes]
    return sorted(route.path for route in routes if "POST" in route.methods)  # type: ignore[attr-defined]


def test_every_form_needs_a_signature(own: Path) -> None:
    assert writing() == ["/documents", "/judgements", "/paste"]
    fields = {"text": "EST met CHL.", "record": "e-1", "verdict": "right", "author": "A"}
    with room(own) as client:
        mine = re.search(r'name="signature" value="(\w+)"', client.get("/paste").text)
        assert mine
        other = TestClient(client.app, "http://localhost")
        for address in writing():
            assert client.post(address, data=fields).status_code == 403, address
            assert client.post(address, data={**fields, "signature": "0" * 64}).status_code == 403, address
            assert other.post(address, data={**fields, "signature": mine[1]}).status_code == 403, address


def test_forms_of_other_sites_are_refused(own: Path) -> None:
    with room(own) as client:
        given = {"signature": signature(client), "text": "Hello there.", "published": "2021-05-02"}
        for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
            assert client.post("/documents", data=given, headers=headers).status_code == 403
        assert client.post("/documents", data=given, headers={"origin": "http://localhost"}).status_code == 303


def test_a_room_for_reading_takes_nothing(own: Path) -> None:
    with room(own, writing=False) as client:
        given = {"signature": "x", "record": "e-1", "verdict": "right", "author": "A"}
        assert client.post("/judgements", data=given).status_code == 403
        assert 'action="/judgements"' not in client.get(f"/records/{some(client)}").text


def test_limits_on_size(ledger: Path) -> None:
    with room(ledger, limits=Limits(body=1_000)) as client:
        assert client.post("/paste", content=b"x" * 1_001).status_code == 413
        chunks = (b"x" * 400 for _ in range(4))
        assert client.post("/paste", content=chunks).status_code == 413


def test_limits_on_rate() -> None:
    now = [0.0]
    rates = Rates(Limits(rate=2.0, burst=3), lambda: now[0])
    assert [rates.allows("a") for _ in range(4)] == [True, True, True, False]
    assert rates.allows("b")
    now[0] = 0.5
    assert [rates.allows("a") for _ in range(2)] == [True, False]


def test_too_many_requests_are_told_so(ledger: Path) -> None:
    with room(ledger, limits=Limits(rate=0.0, burst=2)) as client:
        answers = [client.get("/static/room.css") for _ in range(3)]
    assert [one.status_code for one in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "1"


@pytest.mark.parametrize(
    "address",
    ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2f..%2fledger/schema.sql", "/static//etc/passwd",
     "/static/shared/words.json", "/static/shared/..%2fknowledge.json", "/static/vendor/..%2f..%2fwords.json"],
)  # fmt: skip
def test_no_path_leaves_its_folder(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_tokens_are_never_shown(ledger: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with room(ledger) as client:
        client.post("/api/v1/documents", json={"text": "x"}, headers={"authorization": "Bearer wrong"})
        client.get("/api/v1/nowhere", headers={"authorization": f"Bearer {TOKEN}"})
    assert TOKEN not in repr(Settings(ledger, token=TOKEN))
    assert TOKEN not in "".join(capfd.readouterr())


def test_the_path_of_the_ledger_is_told_to_nobody(client: TestClient, ledger: Path) -> None:
    for address in ("/records/zz", "/api/v1/records/zz", "/api/v1/stats", "/promises/zz", "/stories/zz"):
        assert str(ledger) not in client.get(address).text


def test_beyond_this_machine_texts_are_excerpts(ledger: Path) -> None:
    with room(ledger, full_text=False) as client:
        text = client.get("/documents/signed").text
        assert ("want to double trade by 2022" in text, 'class="notice"' in text) == (True, True)
        assert client.get("/api/v1/documents/signed").json()["document"]["text"] is None
        assert '"text":' not in text


def test_an_excerpt_holds_the_evidence_and_little_more() -> None:
    from ledger_items import event, reading

    from communique.web.texts import shown

    text = "Secret words. " * 30 + "EST met CHL. " + "More secrets. " * 30
    found = shown(reading(text, event(text, "EST met CHL", "CONSULT", "EST", "CHL")), 0.5, full=False)
    plain = re.sub(r"<[^>]*>", "", found.item.text)
    assert (found.excerpt, plain.count("Secret words"), plain.count("More secrets"), "EST met CHL" in plain) == (
        True, 5, 5, True,
    )  # fmt: skip


# --- judging, pasting, checking ---------------------------------------------------------------------------------------


def signature(client: TestClient) -> str:
    found = re.search(r'name="signature" value="(\w+)"', client.get("/paste").text)
    assert found
    return found[1]


def some(client: TestClient, kind: str = "event") -> str:
    rows: list[dict[str, str]] = client.get(f"/api/v1/records?kind={kind}").json()["rows"]
    return rows[0]["id"]


def test_a_judgement_is_kept_with_its_author(own: Path) -> None:
    with room(own) as client:
        given = {
            "signature": signature(client),
            "record": some(client),
            "verdict": "wrong",
            "author": "Mira",
            "note": "no",
        }
        answer = client.post("/judgements", data={**given, "back": "/search?q=treaty"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/search?q=treaty")
        assert "Mira" in client.get(f"/records/{given['record']}").text
    with Ledger(own, readonly=True) as ledger:
        kept = [(one.record, one.verdict, one.author, one.note) for one in ledger.judgements()]
    assert kept == [(given["record"], "wrong", "Mira", "no")]


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/\\evil.example", "/\nx"])
def test_a_judgement_leads_nowhere_else(own: Path, back: str) -> None:
    with room(own) as client:
        given = {"signature": signature(client), "record": some(client), "verdict": "right", "author": "Mira"}
        answer = client.post("/judgements", data={**given, "back": back})
        assert answer.headers["location"] == f"/records/{given['record']}"


def test_a_judgement_in_the_background_gives_its_list(own: Path) -> None:
    with room(own) as client:
        given = {"signature": signature(client), "record": some(client), "verdict": "right", "author": "Mira"}
        answer = client.post("/judgements", data=given, headers={"hx-request": "true"})
    assert (answer.status_code, answer.text.startswith('<div class="judged"'), "v-right" in answer.text) == (
        200,
        True,
        True,
    )


def test_bad_judgements_are_told_so(own: Path) -> None:
    with room(own) as client:
        given = {"signature": signature(client), "record": some(client), "verdict": "right", "author": "Mira"}
        assert client.post("/judgements", data={**given, "author": " "}).status_code == 400
        assert client.post("/judgements", data={**given, "verdict": "perhaps"}).status_code >= 400
    with Ledger(own, readonly=True) as ledger:
        assert ledger.judgements() == []


def test_a_pasted_text_is_read_but_not_kept(own: Path) -> None:
    text = "Estonia and Chile signed an agreement on Monday. " + HOSTILE
    with room(own) as client:
        before = client.get("/api/v1/stats").json()["counts"]["document"]
        answer = client.post("/paste", data={"signature": signature(client), "text": text, "published": "2021-05-02"})
        assert (answer.status_code, "card k-events" in answer.text, "<script>alert" in answer.text) == (
            200,
            True,
            False,
        )
        assert client.get("/api/v1/stats").json()["counts"]["document"] == before
        fields = {"signature": signature(client), "text": text, "published": "2021-05-02", "publisher": "Nordpost"}
        added = client.post("/documents", data=fields)
        assert (added.status_code, client.get(added.headers["location"]).status_code) == (303, 200)
        assert client.get("/api/v1/stats").json()["counts"]["document"] == before + 1


def test_a_dropped_file_is_read(own: Path) -> None:
    with room(own) as client:
        for name in ("a.txt", "../../etc/passwd", "a.html", "x" * 300):
            file = {"file": (name, b"Estonia and Chile signed an agreement on Monday.")}
            answer = client.post("/paste", data={"signature": signature(client)}, files=file)
            assert (answer.status_code, "card k-events" in answer.text) == (200, True), name
        empty = client.post("/paste", data={"signature": signature(client)}, files={"file": ("a.txt", b"\x00\x01")})
        assert (empty.status_code, "/tmp" in empty.text) == (400, False)


def test_a_sample_is_the_same_for_its_seed_and_counts_verdicts(own: Path) -> None:
    with room(own) as client:
        address = "/checking?seed=7&size=5"
        first, again = client.get(address).text, client.get(address).text
        assert re.findall(r"h-([secf]-\w+)", first) == re.findall(r"h-([secf]-\w+)", again)
        given = {"signature": signature(client), "record": some(client), "author": "Mira"}
        client.post("/judgements", data={**given, "verdict": "right"})
        rows = client.get("/checking?kind=event&size=9&format=csv", headers={"accept-language": "en"}).text.splitlines()
    assert rows[1].startswith("all,,1,1,0,1")


def test_what_was_judged_wrong_stays_in_the_sample(own: Path) -> None:
    with room(own) as client:
        given = {"signature": signature(client), "record": some(client), "author": "Mira", "verdict": "wrong"}
        client.post("/judgements", data=given)
        assert given["record"] not in {one["id"] for one in client.get("/api/v1/events").json()["rows"]}
        english = {"accept-language": "en"}
        rows = client.get("/checking?kind=event&size=9&format=csv", headers=english).text.splitlines()
        assert rows[1].startswith("all,,0,1,0,0")
        others = [
            client.get(f"/checking?kind={kind}&format=csv", headers=english).text for kind in ("figure", "commitment")
        ]
    assert [len(text.splitlines()) for text in others] == [1, 1]


def test_wilson_and_alpha() -> None:
    assert [round(one, 4) for one in wilson(0, 10)] == [0.0, 0.2775]
    assert [round(one, 4) for one in wilson(10, 10)] == [0.7225, 1.0]
    assert wilson(0, 0) == (0.0, 1.0)
    assert precision(["unsure"]).share is None
    # Three a and five b in pairs, of which one disagrees: 1 - (8 - 1) * 2 / (2 * 3 * 5).
    units = [{"x": "a", "y": "b"}, {"x": "a", "y": "a"}, {"x": "b", "y": "b"}, {"x": "b", "y": "b"}]
    assert alpha(units) == 0.533333
    assert alpha([{"x": "a"}]) is None


# --- the API ----------------------------------------------------------------------------------------------------------


def test_problems_are_problem_details(client: TestClient) -> None:
    for address, status in (
        ("/api/v1/records/zz", 404), ("/api/v1/records?since=soon", 400), ("/api/v1/records?limit=0", 422),
        ("/api/v1/nowhere", 404), ("/api/v1/balance", 400), ("/api/v1/records?after=x", 422),
        ("/api/v1/documents/zz", 404), ("/api/v1/records?kind=opinion", 400),
        ("/api/v1/promises?status=done", 400),
    ):  # fmt: skip
        answer = client.get(address)
        content = answer.json()
        assert answer.headers["content-type"] == "application/problem+json", address
        assert (answer.status_code, content["status"], content["type"]) == (status, status, "about:blank"), address
        assert content["detail"]


def test_an_address_says_all_its_methods(client: TestClient) -> None:
    answer = client.delete("/api/v1/documents")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


def test_what_is_known_is_not_sent_again(client: TestClient) -> None:
    first = client.get("/api/v1/events")
    again = client.get("/api/v1/events", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/api/v1/events", headers={"if-none-match": '"other"'}).status_code == 200


def test_every_question_is_in_the_description(client: TestClient) -> None:
    schema = client.get("/api/v1/openapi.json").json()
    ids = {one["operationId"] for methods in schema["paths"].values() for one in methods.values()}
    assert ids == {
        "events", "statements", "commitments", "figures", "records", "timeline", "why", "promises", "promise", "series",
        "balance", "stories", "story", "person", "brief", "dossier", "stats", "documents", "document", "add", "judge",
    }  # fmt: skip
    assert len(ids) == len(api.router.routes)


def test_every_listed_question_answers(client: TestClient) -> None:
    for path, methods in client.get("/api/v1/openapi.json").json()["paths"].items():
        if "get" in methods and "{" not in path:
            answer = client.get(f"{path}?a=EST&b=CHL")
            assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json"), path


def test_evidence_is_where_it_is_said_to_be(client: TestClient) -> None:
    row = client.get("/api/v1/commitments?q=double").json()["rows"][0]
    text = client.get(f"/api/v1/documents/{row['document']}").json()["document"]["text"]
    assert [text[start:end] for start, end in row["evidence"]] == ["want to double trade by 2022"]
    assert row["words"] in SIGNED


def test_programs_write_with_the_token_only(own: Path) -> None:
    text = {"text": "Estonia and Chile signed an agreement on Monday.", "published": "2021-05-02", "id": "new"}
    with room(own) as client:
        for headers in ({}, {"authorization": "Bearer wrong"}, {"authorization": f"Basic {TOKEN}"}):
            assert client.post("/api/v1/documents", json=text, headers=headers).status_code == 401
        own_token = {"authorization": f"Bearer {TOKEN}"}
        added = client.post("/api/v1/documents", json=text, headers=own_token)
        assert (added.status_code, added.json()) == (201, {"id": "new", "outcome": "new"})
        said = {"record": some(client), "verdict": "right", "author": "Mira"}
        assert client.post("/api/v1/judgements", json=said, headers=own_token).json()["author"] == "Mira"
        missing = client.post("/api/v1/judgements", json={**said, "record": "e-zz"}, headers=own_token)
        assert missing.status_code == 404
        assert client.post("/api/v1/judgements", json={**said, "more": 1}, headers=own_token).status_code == 422
    closed = TestClient(application(Settings(own)), "http://localhost")
    assert closed.post("/api/v1/documents", json=text, headers=own_token).status_code == 403


# --- feeds ------------------------------------------------------------------------------------------------------------


def test_the_feed_is_atom(client: TestClient) -> None:
    answer = client.get("/feeds/promises.atom?on=2021-06-01")
    feed = ElementTree.fromstring(answer.content)
    space = "{http://www.w3.org/2005/Atom}"
    titles = [one.findtext(f"{space}title") or "" for one in feed.iter(f"{space}entry")]
    assert "Estonia, Chile: want to double trade by 2022" in titles
    assert any("<script>alert(1)</script>" in one for one in titles)
    assert answer.headers["content-type"] == "application/atom+xml"


def test_the_calendar_is_icalendar(client: TestClient) -> None:
    text = client.get("/feeds/promises.ics?on=2021-06-01&actor=CHL").text
    lines = text.replace("\r\n ", "").split("\r\n")
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert "DTSTART;VALUE=DATE:20221231" in lines
    assert "SUMMARY:Estonia\\, Chile: want to double trade by 2022" in lines
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_lines_are_folded_between_characters() -> None:
    pieces = list(folded("ä" * 100))
    assert ("".join(pieces).replace(" ", ""), max(len(piece.encode()) for piece in pieces)) == ("ä" * 100, 73)
    assert escaped("a\nEND:VEVENT\r\nb") == "a\\nEND:VEVENT\\nb"


# --- plots and words --------------------------------------------------------------------------------------------------


def test_plots_leave_no_month_out() -> None:
    from communique.ask.balance import Cell, Row

    none, some_ = Cell(), Cell(2, 2, 1.0)
    rows = [Row("2020-11", some_, none, none, none, 0), Row("2021-02", none, none, none, some_, 0)]
    chart = plots.balance_chart(rows, "month")
    assert chart is not None
    assert [(slot.period, slot.cooperation, slot.conflict) for slot in chart.slots] == [
        ("2020-11", 2, 0), ("2020-12", 0, 0), ("2021-01", 0, 0), ("2021-02", 0, 2),
    ]  # fmt: skip
    up, down = chart.slots[0].bars[0], chart.slots[3].bars[0]
    assert (round(up.y + up.height, 6), down.y, up.height) == (chart.zero, chart.zero, down.height)
    assert plots.balance_chart([], "month") is None


def test_the_strongest_relation_stands_on_top() -> None:
    found = plots.star({"CHL": (3, 1), "PER": (9, 9)})
    assert found is not None
    assert [(one.code, one.x, one.y, one.width) for one in found.spokes] == [
        ("PER", 320.0, 50.0, 8.0), ("CHL", 320.0, 350.0, 3.3),
    ]  # fmt: skip
    assert plots.star({}) is None


def test_every_word_has_both_languages_and_is_used() -> None:
    words = json.loads((files("communique") / "web" / "words.json").read_text("utf-8"))
    assert [key for key, said in words.items() if set(said) != set(LANGUAGES)] == []
    folder = Path(str(files("communique") / "web"))
    text = "".join(path.read_text("utf-8") for path in [*folder.rglob("*.jinja"), *folder.rglob("*.py")])
    asked = set(re.findall(r"""(?:w|word)\(['"](\w+)['"], ['"]([\w-]+)['"]\)""", text))
    asked |= {(group, key) for _name, group, key in re.findall(r"attr\('([\w-]+)', '(\w+)', '(\w+)'\)", text)}
    known = Speech("en").known
    assert sorted(f"{group}.{key}" for group, key in asked if f"{group}.{key}" not in known) == []


def test_vendored_files_have_their_licence() -> None:
    folder = Path(str(files("communique") / "web" / "static" / "vendor"))
    names = sorted(path.name for path in folder.iterdir())
    assert names == ["README.md", "htmx.LICENSE", "htmx.min.js"]


def test_a_guard_closes_what_is_no_request(ledger: Path) -> None:
    guard = application(Settings(ledger))
    assert isinstance(guard, Guard)
    with pytest.raises(WebSocketDisconnect) as closed, TestClient(guard, "http://localhost").websocket_connect("/"):
        pass
    assert closed.value.code == 1008
