"""The reading room in headless Chromium against a real server: every page, judging, pasting, keys, phone, dark, axe."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from web_items import HOSTILE, filled

pytest.importorskip("fastapi")
from communique.ledger import Ledger
from communique.web.app import application
from communique.web.settings import Settings

playwright = pytest.importorskip("playwright.sync_api")
uvicorn = pytest.importorskip("uvicorn")

CHROMIUM = shutil.which("chromium")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")]
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text("utf-8")
PAGES = (
    "/?since=2021-05-01&until=2021-05-05", "/promises", "/pair", "/pair?a=EST&b=CHL", "/stories", "/figures", "/actors",
    "/actors/EST", "/persons/Tarmo Tammsaar", "/documents", "/documents/signed", "/search?q=treaty", "/paste",
    "/checking", "/api",
)  # fmt: skip
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@contextmanager
def served(path: Path) -> Iterator[str]:
    """A server of its own over a ledger, at a free port of this machine."""
    config = uvicorn.Config(application(Settings(path)), host="127.0.0.1", port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("room") / "ledger")


@pytest.fixture(scope="module")
def room(ledger: Path) -> Iterator[str]:
    with served(ledger) as address:
        yield address


@pytest.fixture
def opened(browser: Any, room: str) -> Open:
    """Opens a page; fails on any error, message, dialog, or request to another host."""

    @contextmanager
    def open_page(path: str, size: dict[str, int] = WIDE, **context: Any) -> Iterator[Any]:
        inside = browser.new_context(viewport=size, reduced_motion="reduce", **{"locale": "en-GB", **context})
        tab, wrong = inside.new_page(), []
        tab.on("console", lambda message: wrong.append(message.text))
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("dialog", lambda dialog: wrong.append(dialog.message))
        tab.on("request", lambda request: request.url.startswith((room, "data:", "blob:")) or wrong.append(request.url))
        tab.goto(room + path)
        yield tab
        inside.close()
        assert wrong == []

    return open_page


def addresses(tab: Any, room: str) -> list[str]:
    """The pages of single things, which have no address before the ledger is filled."""
    rows = {name: tab.request.get(f"{room}/api/v1/{name}").json()["rows"] for name in ("promises", "stories", "events")}
    places = (("promises", "promises"), ("stories", "stories"), ("events", "records"))
    return [f"/{place}/{rows[name][0]['id']}" for name, place in places]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_finding(browser: Any, room: str, scheme: str) -> None:
    # The checker is put in from outside, which the pages' own policy rightly forbids.
    inside = browser.new_context(viewport=WIDE, color_scheme=scheme, bypass_csp=True, locale="de-DE")
    tab, found = inside.new_page(), []
    for path in (*PAGES, *addresses(tab, room)):
        tab.goto(room + path)
        tab.evaluate(AXE)
        result = tab.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
        found += [(path, one["id"], one["nodes"][0]["html"]) for one in result["violations"]]
    inside.close()
    assert found == []


def test_every_page_fits_a_phone_without_errors(opened: Open, room: str) -> None:
    with opened("/", PHONE) as tab:
        for path in (*PAGES, *addresses(tab, room)):
            tab.goto(room + path)
            assert tab.evaluate("document.documentElement.scrollWidth") == PHONE["width"], path


def test_pointing_at_a_record_shows_its_words(opened: Open) -> None:
    with opened("/documents/signed") as tab:
        lit = "[...document.querySelectorAll('mark.lit')].map(m => m.textContent).join('')"
        tab.hover(".card.k-commitments")
        assert tab.evaluate(lit) == "want to double trade by 2022"
        tab.hover("mark.f")
        assert tab.evaluate("document.querySelector('.card.main').className") == "card k-figures on main"


def test_a_claim_leads_to_its_words(opened: Open) -> None:
    with opened("/search?kind=commitment&q=double") as tab:
        tab.click(".told .quote a")
        tab.wait_for_url(re.compile(r"/documents/signed#c-"))
        assert tab.locator("mark.lit").all_inner_texts() == ["want to double trade by 2022"]


def test_filters_stay_in_the_address(opened: Open) -> None:
    with opened("/search") as tab:
        tab.check('#search input[value="figure"]')
        tab.wait_for_url(re.compile(r"kind=figure"))
        playwright.expect(tab.locator("#found .told")).to_have_count(2)
        assert "since=" not in tab.url
        tab.reload()
        assert (tab.locator("#found .told").count(), tab.is_checked('#search input[value="figure"]')) == (2, True)
        tab.fill("#search-words", "40")
        playwright.expect(tab.locator("#found .told")).to_have_count(1)
        tab.wait_for_url(re.compile(r"q=40"))


def test_a_month_is_chosen_by_a_click_and_several_by_dragging(opened: Open) -> None:
    with opened("/pair?a=EST&b=CHL") as tab:
        slots = tab.locator("svg.brush .slot")
        assert slots.count() == 4
        slots.nth(0).click()
        tab.wait_for_url(re.compile(r"since=2021-05&until=2021-05"))
        boxes = [tab.locator("svg.brush .slot .hit").nth(at).bounding_box() for at in (0, 2)]
        x, y = boxes[0]["x"] + 8, boxes[0]["y"] + 30
        tab.mouse.move(x, y)
        tab.mouse.down()
        tab.mouse.move(boxes[1]["x"] + 8, y, steps=8)
        tab.mouse.up()
        tab.wait_for_url(re.compile(r"since=2021-05&until=2021-07"))


def test_language_and_theme_are_kept(opened: Open, room: str) -> None:
    with opened("/promises") as tab:
        tab.click(".links a")
        assert tab.inner_text("h1").startswith("Zusagen")
        tab.click("#page-theme")
        tab.goto(f"{room}/figures")
        assert (tab.get_attribute("html", "lang"), tab.get_attribute("html", "data-theme")) == ("de", "dark")


def test_judging_in_the_background(browser: Any, tmp_path: Path) -> None:
    path = filled(tmp_path / "ledger")
    with served(path) as address:
        tab = browser.new_context(locale="en-GB").new_page()
        row = tab.request.get(f"{address}/api/v1/events").json()["rows"][0]
        tab.goto(f"{address}/records/{row['id']}")
        tab.fill('input[name="author"]', "Mira")
        tab.click('button[value="right"]')
        tab.wait_for_selector(".judged li .v-right")
        assert "/records/" in tab.url
        tab.context.close()
    with Ledger(path, readonly=True) as ledger:
        assert [(one.verdict, one.author) for one in ledger.judgements()] == [("right", "Mira")]


def test_a_sample_is_judged_with_the_keyboard(browser: Any, tmp_path: Path) -> None:
    path = filled(tmp_path / "ledger")
    with served(path) as address:
        tab = browser.new_context(locale="en-GB").new_page()
        tab.goto(f"{address}/checking?size=3")
        tab.fill('input[name="author"]', "Mira")
        tab.keyboard.press("Escape")
        for at, key in enumerate("rwu"):
            tab.keyboard.press(key)
            playwright.expect(tab.locator(".lede")).to_contain_text(f"{at + 1} judged")
        assert tab.locator("tbody tr").count() >= 4
        tab.context.close()
    with Ledger(path, readonly=True) as ledger:
        assert [one.verdict for one in ledger.judgements()] == ["right", "wrong", "unsure"]


def test_paste_and_read(opened: Open) -> None:
    with opened("/paste") as tab:
        tab.fill("textarea", f"Estonia and Chile signed an agreement on Monday. {HOSTILE}")
        tab.fill('input[name="published"]', "2021-05-02")
        tab.click('button[type="submit"]')
        tab.wait_for_selector(".card.k-events")
        tab.hover(".card.k-events")
        assert tab.locator("mark.lit").count() > 0
        assert HOSTILE[:20] in tab.inner_text(".text")


def test_a_file_is_dropped(opened: Open, tmp_path: Path) -> None:
    file = tmp_path / "item.txt"
    file.write_text("Estonia and Chile signed an agreement on Monday.", "utf-8")
    with opened("/paste") as tab:
        tab.set_input_files('input[type="file"]', file)
        tab.click('button[type="submit"]')
        tab.wait_for_selector(".card.k-events")
        assert "signed an agreement" in tab.inner_text(".text")


def test_tables_are_downloaded(opened: Open) -> None:
    with opened("/search?kind=event") as tab:
        with tab.expect_download() as waiting:
            tab.click('#found a:text("CSV")')
        text = Path(waiting.value.path()).read_text("utf-8")
    assert text.splitlines()[0].startswith("id,kind,type")


def test_plots_are_taken_along(opened: Open) -> None:
    for path in ("/pair?a=EST&b=CHL", "/figures?of=trade"):
        with opened(path, color_scheme="dark") as tab:
            found = []
            for name in ("PNG", "SVG"):
                with tab.expect_download() as waiting:
                    tab.click(f".take >> nth=0 >> text={name}")
                found.append(Path(waiting.value.path()).read_bytes())
        png, svg = found
        assert (png[:8], int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (b"\x89PNG\r\n\x1a\n", 1920, 440)
        assert (svg.startswith(b"<svg"), b"<style" in svg, b"<script" in svg) == (True, True, False)


def test_it_works_without_script(opened: Open, room: str) -> None:
    with opened("/search?q=treaty", java_script_enabled=False) as tab:
        assert tab.locator(".told").count() == 2
        tab.check('#search input[value="figure"]')
        tab.click('#search button[type="submit"]')
        assert "kind=figure" in tab.url
        tab.goto(f"{room}/documents/signed")
        assert tab.locator(".card").count() == 3


def test_the_keyboard_reaches_everything(opened: Open) -> None:
    with opened("/promises") as tab:
        tab.keyboard.press("Tab")
        assert tab.evaluate("document.activeElement.className") == "skip"
        tab.keyboard.press("Enter")
        assert tab.evaluate("document.activeElement.id") == "main"
        tab.keyboard.press("/")
        assert tab.evaluate("document.activeElement.name") == "q"
