"""The gallery in a browser: quiet, by keyboard, at any width, in both lights, on paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from tests.sampling import one_of, some
from tests.ui import gallery
from tests.ui.serving import served

pytestmark = pytest.mark.browser

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
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
PATHS = sorted(gallery.PAGES)
LOOKS = [("light", 1280), ("dark", 1280), ("dark", 390)]


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield started
        started.close()


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[str, list[str]]]:
    with served() as (address, posted):
        yield address, posted


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    made = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    yield made
    made.context.close()


@pytest.mark.parametrize("path", PATHS)
def test_is_quiet_and_asks_this_host_alone(
    page: Page, site: tuple[str, list[str]], path: str
) -> None:
    complaints: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("request", lambda request: hosts.add("/".join(request.url.split("/")[:3])))
    page.on("response", lambda got: got.status < 400 or complaints.append(got.url))
    page.goto(site[0] + path)
    page.wait_for_timeout(100)
    assert complaints == []
    assert hosts == {site[0]}
    assert "Public Sans" in page.evaluate("[...document.fonts].map((one) => one.family)")


@pytest.mark.parametrize(
    ("path", "scheme", "width"),
    [
        (path, *look)
        for path in some(PATHS, "axe", every=2)
        for look in one_of(LOOKS, f"axe {path}")
    ],
)
def test_axe_finds_nothing(
    browser: Browser, site: tuple[str, list[str]], path: str, scheme: str, width: int
) -> None:
    context = browser.new_context(
        color_scheme=scheme,  # type: ignore[arg-type]
        viewport={"width": width, "height": 800},
        bypass_csp=True,  # or the page's own policy would keep axe out
    )
    page = context.new_page()
    page.goto(site[0] + path)
    # The rules look at each pair of neighbours: a few rows say as much as fifty.
    page.evaluate(
        "document.querySelectorAll('[data-row]').forEach((row, at) => at > 5 && row.remove())"
    )
    page.evaluate(
        "document.querySelectorAll('details:not(.menu)').forEach((one) => one.open = true)"
    )
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    page.evaluate("document.querySelectorAll('.top .menu').forEach((one) => one.open = true)")
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()
    context.close()


@pytest.mark.parametrize("path", some(PATHS, "at 400 percent", every=2))
def test_at_400_percent_nothing_runs_out_of_the_page(
    browser: Browser, site: tuple[str, list[str]], path: str
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 256})
    page = context.new_page()
    page.goto(site[0] + path)
    for closed in (True, False):
        if not closed:
            page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
        outside = """() => [...document.querySelectorAll("main *, header *, aside *")]
          .filter((one) => !one.closest(".unseen, .dense thead") && one.getClientRects().length)
          .filter((one) => one.getBoundingClientRect().right > 321).map((one) => one.outerHTML)"""
        assert page.evaluate(outside) == []
    context.close()


@pytest.mark.parametrize("path", some(PATHS, "targets", every=2))
def test_targets_are_large_enough(page: Page, site: tuple[str, list[str]], path: str) -> None:
    page.goto(site[0] + path)
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    small = page.evaluate(
        """() => [...document.querySelectorAll("summary, a, button, input, select")]
          .filter((one) => !one.closest("p, .prose, .skip, .unseen, cite, dd"))
          .filter((one) => one.type !== "hidden")
          .map((one) => [one.outerHTML, one.getBoundingClientRect()])
          .filter(([, box]) => box.height > 1 && (box.height < 23.5 || box.width < 23.5))
          .map(([text]) => text)"""
    )
    assert small == []


@pytest.mark.parametrize("path", some(["/", "/review", "/record", "/wrong"], "keyboard", every=2))
def test_keyboard_reaches_everything_and_sees_where_it_is(
    page: Page, site: tuple[str, list[str]], path: str
) -> None:
    page.goto(site[0] + path)
    page.evaluate("document.activeElement.blur()")
    page.evaluate(
        "document.querySelectorAll('[data-row]').forEach((row, at) => at > 20 && row.remove())"
    )
    page.evaluate(
        """() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
          .filter((one) => one.checkVisibility() && one.type !== "hidden" && !one.disabled)
          .filter((one) => one.type !== "radio" || one.value === "pointer")
          .forEach((one, at) => { one.dataset.stop = at; })"""
    )
    expected = page.evaluate("document.querySelectorAll('[data-stop]').length")
    reached: set[str] = set()
    for _ in range(expected + 8):
        page.keyboard.press("Tab")
        stop, outline, hidden = page.evaluate(
            """() => {
              const one = document.activeElement;
              const box = one.getClientRects()[0] || one.getBoundingClientRect();
              const over = document.elementFromPoint(
                Math.max(box.left + box.width / 2, 0), box.top + Math.min(box.height / 2, 12));
              return [one.dataset.stop || "", getComputedStyle(one).outlineStyle,
                      !(over && (one.contains(over) || over.contains(one)))];
            }"""
        )
        if stop:
            reached.add(stop)
            assert outline != "none", page.evaluate("document.activeElement.outerHTML")
            assert not hidden, page.evaluate("document.activeElement.outerHTML")
    assert len(reached) == expected


def test_rows_are_walked_opened_and_selected_by_single_keys(
    page: Page, site: tuple[str, list[str]]
) -> None:
    page.goto(site[0] + "/")
    at = "document.activeElement.closest('[data-row]')?.id"
    page.keyboard.press("j")
    assert page.evaluate(at) == "people-p0"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert page.evaluate(at) == "people-p1"
    page.keyboard.press("x")
    expect(page.locator("[data-chosen]")).to_have_text("1")
    assert page.locator("#people-p1 [data-select]").is_checked()
    page.keyboard.press("Enter")
    expect(page).to_have_url(site[0] + "/record?p=1")


def test_bulk_buttons_wait_for_a_selection_and_post_the_rows(
    page: Page, site: tuple[str, list[str]]
) -> None:
    address, posted = site
    page.goto(address + "/")
    button = page.get_by_role("button", name="Mark as seen")
    expect(button).to_be_disabled()
    page.keyboard.press("j")
    page.keyboard.press("x")
    button.click()
    assert posted[-1].startswith("/bulk ")
    assert "row=p0&action=seen" in posted[-1]


def test_places_are_gone_to_by_two_keys(page: Page, site: tuple[str, list[str]]) -> None:
    page.goto(site[0] + "/")
    page.keyboard.press("g")
    page.keyboard.press("r")
    expect(page).to_have_url(site[0] + "/form")
    page.wait_for_load_state()
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Tucson · agent")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".top .sheet")).to_be_hidden()


def test_keys_are_letters_in_a_field(page: Page, site: tuple[str, list[str]]) -> None:
    page.goto(site[0] + "/")
    page.keyboard.press("/")
    page.keyboard.type("gr jx?/")
    expect(page.locator("#search")).to_have_value("gr jx?/")
    expect(page).to_have_url(site[0] + "/")
    assert page.locator("dialog[open]").count() == 0


def test_keys_are_listed_and_can_be_switched_off_for_good(
    page: Page, site: tuple[str, list[str]]
) -> None:
    page.goto(site[0] + "/review")
    page.keyboard.press("?")
    listed = page.locator("#key-list")
    expect(listed).to_be_visible()
    expect(listed).to_contain_text("different")
    page.get_by_label("Single keys work").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(listed).to_be_hidden()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.keys") == "off"
    page.keyboard.press("s")
    expect(page).to_have_url(site[0] + "/review")


def test_a_judgement_is_one_key(page: Page, site: tuple[str, list[str]]) -> None:
    address, posted = site
    page.goto(address + "/review")
    with page.expect_request(lambda request: request.method == "POST"):
        page.keyboard.press("d")
    expect(page.locator("[data-wrong]")).to_be_focused()
    assert posted[-1].startswith("/review ")
    assert posted[-1].endswith("judgement=different")


def test_a_key_that_needs_a_reason_leads_to_it_and_enter_then_presses_that_one(
    page: Page, site: tuple[str, list[str]]
) -> None:
    address, posted = site
    page.goto(address + "/review")
    page.evaluate(
        """() => {
          const form = document.querySelector("[data-key=d]").form;
          form.insertAdjacentHTML("afterbegin", "<input name=reason aria-label=Reason>");
          for (const key of "sd") form.querySelector(`[data-key=${key}]`).dataset.needs = "reason";
        }"""
    )
    before = len(posted)
    page.keyboard.press("d")
    reason = page.get_by_label("Reason")
    expect(reason).to_be_focused()
    expect(page.locator("[data-chosen-act]")).to_contain_text("different")
    page.keyboard.press("Enter")
    assert len(posted) == before, "still blank"
    page.keyboard.type("two tattoos")
    with page.expect_request(lambda request: request.method == "POST"):
        page.keyboard.press("Enter")
    expect(page.locator("[data-wrong]")).to_be_focused()
    assert "reason=two+tattoos&" in posted[-1]
    assert posted[-1].endswith("judgement=different")


def test_commands_are_found_by_name(page: Page, site: tuple[str, list[str]]) -> None:
    page.goto(site[0] + "/")
    page.keyboard.press("Control+k")
    page.keyboard.type("ques")
    expect(page.locator("#command-list li:visible")).to_have_text(["Requests"])
    page.keyboard.press("Enter")
    expect(page).to_have_url(site[0] + "/form")


def test_notices_open_beside_the_work(page: Page, site: tuple[str, list[str]]) -> None:
    page.goto(site[0] + "/review")
    expect(page.locator("#beside")).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("n")
    expect(page.locator("#beside .notice")).to_have_count(2)
    expect(page.locator("#beside")).to_be_focused()
    expect(page).to_have_url(site[0] + "/review")
    expect(page.get_by_role("heading", name="Is this the same person?")).to_be_visible()


@pytest.mark.parametrize("width", [320, 400])
def test_on_a_phone_the_flag_leads_to_the_page_of_the_notices(
    page: Page, site: tuple[str, list[str]], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    page.goto(site[0] + "/review")
    page.locator(".flag").click()
    expect(page).to_have_url(re.compile("/notices"))
    expect(page.locator("#main .notice").first).to_be_in_viewport()


def test_one_more_beyond_counting_makes_its_sign(page: Page, site: tuple[str, list[str]]) -> None:
    def stream(route: Route) -> None:
        said = "event: notices\ndata: 100+\n\n"
        route.fulfill(content_type="text/event-stream", body=f"retry: 60000\n\n{said}{said}")

    page.route("**/events/", stream)
    page.goto(site[0] + "/review")
    expect(page.locator("[data-badge]")).to_have_text("100+")
    expect(page.locator(".flag")).to_have_attribute("data-fresh", "yes")
    expect(page.locator("[data-told]")).to_have_text("100+ notices unread")


def test_the_badge_is_told_by_the_server(page: Page, site: tuple[str, list[str]]) -> None:
    page.goto(site[0] + "/review")
    expect(page.locator("[data-badge]")).to_have_text("7")
    expect(page.locator("[data-told]")).to_have_text("7 notices unread")


def test_the_light_is_switched_and_kept(page: Page, site: tuple[str, list[str]]) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(site[0] + "/")
    color = "getComputedStyle(document.body).backgroundColor"
    day = page.evaluate(color)
    page.locator(".top .menu summary").click()
    page.get_by_role("button", name="night").click()
    night = page.evaluate(color)
    assert night != day
    page.reload()
    assert page.evaluate(color) == night
    page.locator(".top .menu summary").click()
    expect(page.get_by_role("button", name="night")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="as the device").click()
    assert page.evaluate(color) == day
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(color) == night


def test_what_is_wrong_is_read_first_and_leads_to_its_field(
    page: Page, site: tuple[str, list[str]]
) -> None:
    page.goto(site[0] + "/wrong")
    expect(page.locator("[data-wrong]")).to_be_focused()
    page.get_by_role("link", name="How much:").click()
    expect(page.locator("#id_level_0")).to_be_focused()


def test_the_head_of_a_long_list_stays(page: Page, site: tuple[str, list[str]]) -> None:
    page.goto(site[0] + "/?hide=phone,seen,level")
    page.locator("[data-row]").nth(30).scroll_into_view_if_needed()
    page.mouse.wheel(0, 600)
    page.wait_for_timeout(50)
    head = page.locator(".dense thead th").nth(2).bounding_box()
    top = page.locator(".top").bounding_box()
    assert head
    assert top
    assert head["y"] == pytest.approx(top["y"] + top["height"], abs=1)


def test_works_without_script(browser: Browser, site: tuple[str, list[str]]) -> None:
    address, posted = site
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "/")
    page.get_by_role("link", name="Born").click()
    assert page.url == address + "/?sort=born"
    page.get_by_label("Name or number").fill("garcia")
    page.get_by_role("button", name="Filter").click()
    assert page.url == address + "/?sort=born&with=garcia&holder="
    page.locator("[data-select]").nth(1).check()
    page.get_by_role("button", name="Mark as seen").click()
    assert "action=seen" in posted[-1]
    page.goto(address + "/record")
    page.locator(".why-not summary").first.click()
    expect(page.locator(".why-not .prose").first).to_be_visible()
    context.close()


def test_prints_with_mark_viewer_moment_and_number(page: Page, site: tuple[str, list[str]]) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(site[0] + "/record")
    assert page.pdf(format="Letter").startswith(b"%PDF")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert (
        page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(28, 29, 31)"
    )
    stamp = page.locator(".stamp")
    for words in ("Official use", "P-1044", "2026-11-02 21:05", "record PT-000123", "checkpoint"):
        expect(stamp).to_contain_text(words)
    expect(stamp).to_be_visible()
    expect(page.locator(".places")).to_be_hidden()
    expect(page.locator(".search")).to_be_hidden()
