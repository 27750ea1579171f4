"""The report in a browser: quiet, reached by keyboard, readable at any width and on paper."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.linking import sample_result as sample
from tests.sampling import one_of

from tieline.linking.report.page import write_html

pytestmark = pytest.mark.browser

CHROMIUM = Path("/usr/bin/chromium")
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
RULES = {
    "preload": False,
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    },
}
LOOKS = {"light": [390, 1280], "dark": [1280, 390]}


@dataclass
class Heard:
    """What the browser complained of, and what it asked for."""

    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        words = f"{CHROMIUM} is missing: apt-get install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(SWITCHES))
        yield started
        started.close()


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("reports")
    made = {
        "rich": sample.rich(),
        "few": sample.rich(9),
        "empty": sample.empty(),
        "huge": sample.huge(1_000),
    }
    for name, result in made.items():
        with (folder / f"{name}.html").open("w", encoding="utf-8") as out:
            write_html(result, out, synthetic=True)
    return {name: (folder / f"{name}.html").as_uri() for name in made}


def opened(browser: Browser, url: str, **options: object) -> tuple[Page, Heard]:
    page = browser.new_page(**options)  # type: ignore[arg-type]
    heard = Heard()
    heard.listen(page)
    page.goto(url)
    return page, heard


@pytest.mark.parametrize("name", ["rich", "empty", "huge"])
def test_is_quiet_and_asks_for_nothing(
    browser: Browser, reports: dict[str, str], name: str
) -> None:
    page, heard = opened(browser, reports[name])
    page.wait_for_timeout(100)
    assert heard.complaints == []
    assert heard.requests == [reports[name]]
    # The style and the script were let in by their hashes.
    assert page.locator("#tools").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('table')).borderCollapse") == (
        "collapse"
    )
    page.close()


@pytest.mark.parametrize(
    ("scheme", "width"),
    [(scheme, width) for scheme, widths in LOOKS.items() for width in one_of(widths, scheme)],
)
def test_axe_finds_nothing(
    browser: Browser, reports: dict[str, str], scheme: str, width: int
) -> None:
    page, _ = opened(
        browser,
        reports["few"],  # the rules look at each pair of neighbours: many rows take minutes
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        bypass_csp=True,  # or the page's own policy would keep axe out
    )
    page.evaluate("document.querySelectorAll('details').forEach((one, at) => one.open = at < 12)")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    page.close()


def test_axe_finds_nothing_in_an_empty_report(browser: Browser, reports: dict[str, str]) -> None:
    page, _ = opened(browser, reports["empty"], bypass_csp=True)
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    page.close()


def test_schemes_differ(browser: Browser, reports: dict[str, str]) -> None:
    colors = set()
    for scheme in ("light", "dark"):
        page, _ = opened(browser, reports["rich"], color_scheme=scheme)
        colors.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
        page.close()
    assert len(colors) == 2


def test_keyboard_reaches_everything_and_sees_where_it_is(
    browser: Browser, reports: dict[str, str]
) -> None:
    page, _ = opened(browser, reports["rich"])
    # Everything is open, so that what is inside can be reached too.
    page.evaluate(
        """() => {
          document.querySelectorAll("section > details").forEach((one) => { one.open = true; });
          document.querySelectorAll(
            "summary, .wide, a[href], button, input"
          ).forEach((one, at) => { one.dataset.stop = at; });
        }"""
    )
    expected = page.evaluate("document.querySelectorAll('[data-stop]').length")
    reached: set[str] = set()
    for _ in range(expected + 5):
        page.keyboard.press("Tab")
        stop, outline, hidden = page.evaluate(
            """() => {
              const one = document.activeElement;
              const box = one.getBoundingClientRect();
              const over = document.elementFromPoint(
                Math.max(box.left + 3, 0), box.top + Math.min(box.height / 2, 12));
              return [one.dataset.stop || "", getComputedStyle(one).outlineStyle,
                      !(over && (one.contains(over) || over.contains(one)))];
            }"""
        )
        if stop:
            reached.add(stop)
            assert outline != "none"
            assert not hidden, f"stop {stop} stands under something else"
    assert len(reached) == expected
    page.close()


def test_a_row_opens_by_keyboard(browser: Browser, reports: dict[str, str]) -> None:
    page, _ = opened(browser, reports["rich"])
    summary = page.locator(".pairs summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".pairs details").first.get_attribute("open") is not None
    assert page.locator(".evidence").first.is_visible()
    page.close()


@pytest.mark.parametrize("name", ["rich", "empty"])
def test_at_400_percent_nothing_runs_out_of_the_page(
    browser: Browser, reports: dict[str, str], name: str
) -> None:
    page, _ = opened(browser, reports[name], viewport={"width": 320, "height": 256})
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    page.close()


def test_targets_are_large_enough(browser: Browser, reports: dict[str, str]) -> None:
    page, _ = opened(browser, reports["rich"])
    small = page.evaluate(
        """() => [...document.querySelectorAll("summary, nav a, button, input")]
          .map((one) => one.getBoundingClientRect())
          .filter((box) => box.height > 0 && (box.height < 24 || box.width < 24)).length"""
    )
    assert small == 0
    page.close()


def test_find_box_keeps_the_rows_that_hold_the_words(
    browser: Browser, reports: dict[str, str]
) -> None:
    page, heard = opened(browser, reports["rich"])
    page.keyboard.press("/")
    page.keyboard.type("A-1115")
    # A waiting function would need eval, which the page's policy forbids.
    expect(page.locator("#found")).to_contain_text("1 of")
    assert page.locator(".pairs > tbody > tr[data-find]:visible").count() == 1
    page.keyboard.press("Escape")
    assert page.locator(".pairs > tbody > tr[data-find]:visible").count() > 100
    assert heard.complaints == []
    page.close()


def test_keys_can_be_switched_off(browser: Browser, reports: dict[str, str]) -> None:
    page, _ = opened(browser, reports["rich"])
    page.locator("#keys").uncheck()
    page.locator("h1").click()
    page.keyboard.press("o")
    assert page.locator(".pairs details[open]").count() == 0
    page.locator("#keys").check()
    page.keyboard.press("o")
    assert page.locator(".pairs details[open]").count() > 100
    page.close()


def test_works_without_script(browser: Browser, reports: dict[str, str]) -> None:
    page, heard = opened(browser, reports["rich"], java_script_enabled=False)
    assert not page.locator("#tools").is_visible()
    page.locator(".pairs summary").first.click()
    assert page.locator(".evidence").first.is_visible()
    assert heard.requests == [reports["rich"]]
    page.close()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_prints(browser: Browser, reports: dict[str, str], paper: str) -> None:
    page, heard = opened(browser, reports["rich"], color_scheme="dark")
    assert page.pdf(format=paper).startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('thead')).display") == (
        "table-header-group"
    )
    assert not page.locator("nav").is_visible()
    assert heard.complaints == []
    page.close()
