"""An event and its subject entered by keyboard alone, in the whole node."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.people import AGENT, AT, PATROL, signed_agreement
from tests.systems.signing_in import person

from tieline.systems.patrol.events.event import Event
from tieline.systems.patrol.subjects.subject import Subject
from tieline.wiring.systems import set_to_work

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]
SWITCHES = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run")
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}}


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The driver has a loop of its own in this thread, of which Django would be afraid.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser, live_server: Any, node_folder: Path) -> Iterator[Page]:
    """The agent's home."""
    from tieline.exchange.directory.register import put_on_duty, register_agency, register_unit
    from tieline.keeping.agreements import adopt
    from tieline.keeping.databases import KEEPERS

    (node_folder / "static").mkdir(exist_ok=True)
    set_to_work()
    register_agency(code=PATROL.agency, name="Patrol", department=PATROL.department, at=AT)
    register_unit(agency=PATROL.agency, code=AGENT.unit, name="Nogales", at=AT)
    since = AT - timedelta(days=300)
    put_on_duty(
        agency=PATROL.agency, unit=AGENT.unit, contact="+1 520 555 0110", at=AT, starts=since
    )
    for database in KEEPERS:
        adopt(signed_agreement(), database=database, at=AT)
    client = Client()
    client.force_login(person(AGENT))
    context = browser.new_context(bypass_csp=True)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "url": live_server.url}
    context.add_cookies([{**cookie, "value": client.session.session_key}])  # type: ignore[list-item]
    made = context.new_page()
    made.goto(live_server.url)
    made.wait_for_load_state("load")
    yield made
    context.close()


def walk_to(page: Page, name: str) -> None:
    """Tab on until the control of that name, or the button of these words, has the focus."""
    for _ in range(120):
        page.keyboard.press("Tab")
        held = page.evaluate(
            "[document.activeElement.name, document.activeElement.value,"
            " document.activeElement.textContent.trim()]"
        )
        if name in held:
            return
    pytest.fail(f"the keyboard does not come to {name}")


def fits(page: Page) -> None:
    found = Axe().run(page, options=RULES)
    assert found.violations_count == 0, found.generate_report()


def test_an_event_and_its_subject_are_entered_by_keyboard_alone(page: Page) -> None:
    expect(page.get_by_role("link", name="New event")).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("e")
    expect(page.get_by_role("heading", name="Events", exact=True)).to_be_visible()
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="New event")).to_be_visible()
    fits(page)
    walk_to(page, "landmark")
    page.keyboard.type("Peña Blanca Lake")
    walk_to(page, "latitude")
    page.keyboard.type("north of the lake")
    walk_to(page, "screened")
    page.keyboard.press("Space")
    walk_to(page, "Open the event")
    page.keyboard.press("Enter")

    # What is wrong has the focus; its first link leads to the field, and all is still there.
    expect(page.locator("[data-wrong]")).to_be_focused()
    fits(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#id_latitude")).to_be_focused()
    expect(page.locator("#id_landmark")).to_have_value("Peña Blanca Lake")
    expect(page.locator("#id_screened")).to_be_checked()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Add a subject")).to_be_visible()
    page.keyboard.press("n")

    expect(page.get_by_role("heading", name="New subject")).to_be_visible()
    fits(page)
    walk_to(page, "name_as_given")
    page.keyboard.type("José Luis GARCÍA")
    walk_to(page, "armed")
    page.keyboard.press("Space")
    walk_to(page, "Keep the subject")
    page.keyboard.press("Enter")
    expect(page.get_by_role("cell", name="José Luis GARCÍA")).to_be_visible()
    expect(page.get_by_text("no other agency is told of it")).to_be_visible()

    event, subject = Event.objects.using("patrol").get(), Subject.objects.using("patrol").get()
    assert (event.landmark, event.sector, event.sealed) == ("Peña Blanca Lake", "TCA", False)
    assert (subject.event, subject.cautions, subject.sealed) == (event.number, ["armed"], None)
