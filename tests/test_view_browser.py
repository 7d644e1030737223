"""The page in a real browser: pointing, keys, switches, narrow screens, hostile texts; no network, no errors."""

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from test_view import HOSTILE, TEXT, at, only, poisoned, reading

from communique.records import Document, Problem, Reading
from communique.view import page

playwright = pytest.importorskip("playwright.sync_api")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium")]

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDE, NARROW = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        running = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Any:
    """Opens a page of some readings; fails on any error, dialog or request that is not the page itself."""

    @contextmanager
    def open_page(
        readings: Sequence[Reading], size: dict[str, int] = WIDE, hash: str = "", **context: Any
    ) -> Iterator[Any]:
        file = tmp_path / "page.html"
        file.write_text(page(readings), "utf-8")
        inside = browser.new_context(viewport=size, reduced_motion="reduce", **context)
        tab, wrong = inside.new_page(), []
        tab.on("console", lambda message: wrong.append(message.text))
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        tab.on("dialog", lambda dialog: wrong.append(dialog.message))
        tab.on("request", lambda request: request.url.startswith(("file:", "blob:")) or wrong.append(request.url))
        tab.goto(file.as_uri() + hash)
        yield tab
        inside.close()
        assert wrong == []

    return open_page


def lit(tab: Any, kind: str = "lit") -> str:
    text: str = tab.evaluate(f"[...document.querySelectorAll('mark.{kind}')].map(m => m.textContent).join('')")
    return text


def card(record_id: str) -> str:
    return f'[id="{record_id}"]'


def words(spans: Sequence[tuple[int, int]]) -> str:
    return "".join(TEXT[s:e] for s, e in spans)


def test_pointing_at_a_card_lights_up_its_words(opened: Any) -> None:
    one = reading()
    with opened([one]) as tab:
        for record in (*one.events, *one.commitments, *one.figures):
            tab.hover(card(record.id))
            assert lit(tab) == words(record.evidence)
        assert "🛟" in words(one.events[1].evidence)
        tab.hover(card(one.events[1].id))
        assert lit(tab, "key") == "UgartedankteNorwegen"
        tab.mouse.move(5, 500)
        assert lit(tab) == ""


def test_pointing_at_words_lights_up_all_their_cards_the_innermost_most(opened: Any) -> None:
    one = reading()
    inner, outer = one.statements[2], one.statements[1]
    with opened([one]) as tab:
        tab.hover("mark.d2")
        on = tab.evaluate("[...document.querySelectorAll('.card.on')].map(c => c.id)")
        assert set(on) == {inner.id, outer.id}
        assert tab.evaluate("document.querySelector('.card.main').id") == inner.id
        assert tab.locator(card(inner.id)).locator("..").get_attribute("class") == "depth1"


def test_a_click_holds_on_and_escape_lets_go(opened: Any) -> None:
    one = reading()
    with opened([one]) as tab:
        tab.click(card(one.figures[0].id) + " .value")
        tab.mouse.move(5, 500)
        assert lit(tab) == words(one.figures[0].evidence)
        assert "on-figures" in tab.get_attribute(".item", "class")
        tab.keyboard.press("Escape")
        assert lit(tab) == ""


def test_a_click_on_words_brings_their_card_into_view(opened: Any) -> None:
    one = reading()
    with opened([one], {"width": 1440, "height": 700}) as tab:
        box = tab.locator(card(one.figures[0].id))
        assert box.bounding_box()["y"] > 700
        tab.click("mark.f")
        assert 0 < box.bounding_box()["y"] < 600


def test_a_click_on_a_card_brings_its_words_into_view(opened: Any) -> None:
    text = "Peru lobte Ghana.\n" * 300 + "Togo dankte Mali."
    with opened([only(text, at("Togo dankte", text))]) as tab:
        tab.click(".card h4")
        assert 0 < tab.locator("mark").bounding_box()["y"] < 860


def test_keys(opened: Any) -> None:
    one = reading()
    with opened([one]) as tab:
        order = tab.evaluate("[...document.querySelectorAll('.card')].map(c => c.id)")
        seen = []
        for _ in order:
            tab.keyboard.press("j")
            seen.append(tab.evaluate("document.activeElement.id"))
            assert lit(tab)
        assert seen == order
        tab.keyboard.press("k")
        assert tab.evaluate("document.activeElement.id") == order[-2]
        tab.keyboard.press("Escape")
        assert (lit(tab), tab.evaluate("document.activeElement === document.body")) == ("", True)


def test_tab_reaches_the_cards_with_a_visible_focus(opened: Any) -> None:
    with opened([reading()]) as tab:
        for _ in range(40):
            tab.keyboard.press("Tab")
            if tab.evaluate("document.activeElement.matches('.card')"):
                break
        assert lit(tab)
        assert tab.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        tab.keyboard.press("Enter")
        tab.keyboard.press("Tab")
        assert lit(tab)


def test_kinds_are_switched_on_and_off(opened: Any) -> None:
    with opened([reading()]) as tab:
        style = "getComputedStyle(document.querySelector('mark.e')).getPropertyValue('--e')"
        assert "gradient" in tab.evaluate(style)
        tab.click('[data-kind="events"]')
        assert tab.evaluate(style) == "none"
        assert not tab.locator(".g-events").is_visible()
        assert tab.get_attribute('[data-kind="events"]', "aria-pressed") == "false"
        line = "getComputedStyle(document.querySelector('mark.n')).textDecorationLine"
        assert tab.evaluate(line) == "none"
        tab.click('[data-kind="entities"]')
        assert tab.evaluate(line) == "underline"
        tab.hover(".name >> nth=5")
        assert lit(tab) == "Punta ArenasPUNTA ARENAS"


def test_a_problem_points_at_its_words(opened: Any) -> None:
    with opened([reading()]) as tab:
        tab.hover(".problem")
        assert lit(tab) == "1,1 Mrd. im Jahr davor"


@pytest.mark.parametrize("dark", [False, True])
def test_light_and_dark(opened: Any, dark: bool) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    pair = ["rgb(251, 250, 247)", "rgb(22, 24, 27)"]
    with opened([reading()], color_scheme="dark" if dark else "light") as tab:
        assert tab.evaluate(ground) == pair[dark]
        tab.click("#page-theme")
        assert tab.evaluate(ground) == pair[not dark]


def test_both_languages(opened: Any) -> None:
    one = reading()
    with opened([one]) as tab:
        value = card(one.figures[0].id) + " .value"
        assert "1,4\xa0Mrd.\xa0USD" in tab.inner_text(value)
        tab.click("#page-language")
        assert "1.4\xa0billion\xa0USD" in tab.inner_text(value)
        assert tab.get_attribute("html", "lang") == "en"
        assert tab.inner_text("#page-language") == "Deutsch"
        tab.click("#page-language")
        assert "1,4\xa0Mrd.\xa0USD" in tab.inner_text(value)


def test_the_browser_decides_where_the_item_does_not(opened: Any) -> None:
    with opened([only("Bonjour", (0, 3), language="fr")], locale="de-DE") as tab:
        assert tab.inner_text(".card .lead b") == "Einigung"


def test_narrow_screens_have_a_sheet_and_no_sideways_scrolling(opened: Any) -> None:
    one = reading()
    with opened([one], NARROW, has_touch=True) as tab:
        assert tab.evaluate("document.documentElement.scrollWidth") == 390
        assert not tab.locator(".card").first.is_visible()
        tab.tap("mark.f")
        box = tab.locator(card(one.figures[0].id)).bounding_box()
        assert 380 < box["y"] < 800
        assert tab.locator("mark.f").first.bounding_box()["y"] < box["y"]
        assert lit(tab) == words(one.figures[0].evidence)
        tab.tap(".sheet")
        assert tab.get_attribute(".sheet", "aria-expanded") == "false"


def test_several_items(opened: Any) -> None:
    failed = Reading(Document("", origin={"path": "gone.txt"}), problems=(Problem("file", "document", "Not there."),))
    second = only("Peru lobte Ghana.", (0, 4), name="Zweite")
    with opened([failed], NARROW) as tab:
        assert tab.locator(".problem").is_visible()
    with opened([reading(), second, failed]) as tab:
        assert tab.locator(".item:visible").count() == 1
        tab.click('.step[data-step="1"]')
        assert "2 / 3" in tab.inner_text(".picker summary")
        tab.click(".picker summary")
        tab.click(".picker li:nth-child(3) a")
        assert tab.locator(".problem:visible").inner_text().startswith("Not there.")
        tab.go_back()
        tab.wait_for_function(
            "document.querySelector('.item:not([hidden]) .text')?.innerText.trim() === 'Peru lobte Ghana.'"
        )


def test_an_address_opens_its_record(opened: Any) -> None:
    one = reading()
    with opened([only("x", (0, 1)), one], hash=f"#{one.events[0].id}") as tab:
        assert lit(tab) == words(one.events[0].evidence)
    with opened([one], hash="#%zz") as tab:
        assert tab.locator(".item").is_visible()


def test_records_are_saved_as_json_lines(opened: Any) -> None:
    with opened([reading(), poisoned(HOSTILE[0])]) as tab:
        with tab.expect_download() as waiting:
            tab.click("#page-save")
        lines = Path(waiting.value.path()).read_text("utf-8").splitlines()
    assert [json.loads(row)["document"]["text"] for row in lines] == [TEXT, HOSTILE[0]]


def test_hostile_items_run_nothing(opened: Any) -> None:
    with opened([poisoned(text) for text in HOSTILE]) as tab:
        for text in HOSTILE:
            assert tab.inner_text(".item:visible .text").strip() == text
            tab.hover(".item:visible .card >> nth=0")
            tab.click('.step[data-step="1"]')
        tab.click("#page-language")


def test_it_stays_readable_without_script(opened: Any) -> None:
    with opened([reading(), reading()], java_script_enabled=False) as tab:
        assert tab.locator(".item:visible").count() == 2
        assert not tab.locator(".legend").first.is_visible()


def test_print(opened: Any) -> None:
    with opened([reading()], color_scheme="dark") as tab:
        tab.emulate_media(media="print")
        assert not tab.locator(".bar").is_visible()
        assert tab.locator(".card").last.is_visible()
        assert tab.evaluate("getComputedStyle(document.querySelector('.text')).color") == "rgb(34, 38, 43)"


def test_a_megabyte(opened: Any) -> None:
    text = ("Peru lobte Ghana, und „Togo“ dankte 🤝.\n" * 27_000)[:1_000_000]
    spans = [(i, i + 35) for i in range(0, 990_000, 2000)]
    with opened([only(text, *spans)]) as tab:
        tab.hover(".card >> nth=3")
        assert lit(tab).replace("\n", "") == text[slice(*spans[3])].replace("\n", "")
