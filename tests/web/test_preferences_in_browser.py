"""The switches in the head are kept with the person, and another browser has them, too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.people import ADMINISTRATOR, AT, signed_agreement
from tests.web.cast import enlist, sign_in

from tieline.accounts.models import User
from tieline.keeping.agreements import adopt
from tieline.keeping.databases import KEEPERS
from tieline.wiring.systems import set_to_work

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]
SWITCHES = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run")
SET = "/account/preferences/one/"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The driver has a loop of its own in this thread, of which Django would be afraid.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield started
        started.close()


@pytest.fixture(autouse=True)
def administrator(node_folder: Path) -> None:
    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()
    for database in KEEPERS:
        adopt(signed_agreement(), database=database, at=AT)
    enlist(ADMINISTRATOR)


def opened(browser: Browser, address: str) -> Page:
    context = browser.new_context(color_scheme="light")
    session = sign_in(ADMINISTRATOR, None).session.session_key
    cookie = {"name": settings.SESSION_COOKIE_NAME, "url": address, "value": session}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.goto(f"{address}/account/preferences/")
    page.wait_for_load_state("load")
    return page


def test_light_and_keys_are_kept_without_leaving_the_page(
    browser: Browser, live_server: Any
) -> None:
    page, complaints = opened(browser, live_server.url), []
    page.on("console", lambda one: complaints.append(one.text))
    page.keyboard.press("g")
    page.keyboard.press("a")
    with page.expect_response(f"**{SET}") as night:
        page.get_by_role("button", name="night").press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    with page.expect_response(f"**{SET}") as off:
        page.locator("#keys-on").press("Space")
    assert (night.value.status, off.value.status) == (204, 204)
    assert complaints == []
    one = User.objects.get()
    assert (one.theme, one.single_keys) == ("dark", False)

    other = opened(browser, live_server.url)
    assert other.evaluate("document.documentElement.dataset.theme") == "dark"
    other.keyboard.press("?")
    expect(other.locator("#key-list")).to_be_hidden()
    other.get_by_label("as the device").check()
    other.get_by_label("loose").check()
    row = other.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--row')")
    other.get_by_label("Single keys work outside of fields").first.check()
    other.get_by_role("button", name="Keep the preferences").press("Enter")
    expect(other.get_by_text("Your preferences are kept")).to_be_visible()
    assert other.evaluate("document.documentElement.dataset.theme") is None
    loose = other.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--row')")
    assert float(loose.removesuffix("rem")) > float(row.removesuffix("rem"))
    one.refresh_from_db()
    assert (one.theme, one.single_keys, one.density) == ("", True, "loose")
    for each in browser.contexts:
        each.close()
