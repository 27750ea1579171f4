"""The review by keys alone: judged, next, back, undone; the place is kept over a reload."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.web.cast import CAST, sign_in
from tests.web.scene import Scene, overlaps
from tests.web.serving import served
from tests.web.test_review import another
from tests.web.test_walk import AXE, RULES, SWITCHES, assert_nothing_runs_out, told

from tieline.exchange.index.models import Judgement

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]


@pytest.fixture
def page(chromium: str, scene: Scene) -> Iterator[Page]:
    for given in ("José Luis", "Jose Luis"):
        another(scene, given_name=given)
    session = sign_in(CAST["investigator"]).session.session_key
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The driver has a loop of its own in this thread, of which Django would be afraid.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser: Browser = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        with served() as address:
            context = browser.new_context(color_scheme="light", base_url=address)
            cookie = {"name": settings.SESSION_COOKIE_NAME, "url": address, "value": session}
            context.add_cookies([cookie])  # type: ignore[list-item]
            context.add_init_script(AXE)
            yield context.new_page()
            browser.close()


def assert_open_to_all(page: Page) -> None:
    """To all senses, in both lights, and at any width."""
    for light in ("dark", "light"):
        page.emulate_media(color_scheme=light)  # type: ignore[arg-type]
        said = page.evaluate("(rules) => axe.run(document, rules)", RULES)
        assert [told(one) for one in said["violations"]] == [], (page.url, light)
    assert_nothing_runs_out(page, page.url)


def number_on(page: Page) -> str:
    return (page.locator("h1").text_content() or "").removeprefix("Review ").strip()


def press(page: Page, key: str) -> str:
    """Press a key that leads to another page; gives the link on it."""
    with page.expect_navigation():
        page.keyboard.press(key)
    return number_on(page)


def test_the_queue_is_worked_by_keys_alone(page: Page) -> None:
    complaints: list[str] = []
    page.on("console", lambda one: complaints.append(one.text))
    assert len(overlaps()) >= 3
    page.goto("/review/")
    page.keyboard.press("j")
    first = press(page, "Enter")
    assert_open_to_all(page)
    second = press(page, "ArrowRight")
    assert second != first
    assert press(page, "ArrowLeft") == first
    assert press(page, "n") == second
    assert press(page, "p") == first
    assert press(page, "u") == second
    expect(page.get_by_text(f"{first}: left unsure.")).to_be_visible()
    place = page.url
    page.reload()
    assert (page.url, number_on(page)) == (place, second)
    assert press(page, "z") == first
    assert [one.state for one in Judgement.objects.order_by("id")] == ["unsure", "proposed"]
    assert press(page, "s") == second
    assert Judgement.objects.order_by("-id")[0].reason == "what the evidence says"
    assert_open_to_all(page)
    choose_together(page)
    assert complaints == []


def choose_together(page: Page) -> None:
    """With x; what was chosen is listed before anything is said."""
    before = Judgement.objects.count()
    page.goto("/review/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    with page.expect_navigation():
        page.get_by_role("button", name="Judge the selected together").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Judge together")
    assert_open_to_all(page)
    assert Judgement.objects.count() == before
