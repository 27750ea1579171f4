"""Everybody signs in in a browser and walks every page that is offered: it is quiet, open to all
senses, at any width, by keyboard, in both lights and on paper.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qs, urljoin, urlsplit

import axe_playwright_python
import pytest
from django.test import TransactionTestCase
from django.urls import resolve
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.sampling import one_of, some
from tests.web.addresses import ADDRESSES, Address
from tests.web.cast import CAST, INQUIRY, PASSWORD, sign_in
from tests.web.scene import Scene
from tests.web.serving import served

from tieline.api import page as api_page
from tieline.settings import node
from tieline.web import errors, shell
from tieline.web.access import ACCESS, ANYBODY, may_open

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]

SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--no-first-run"),
)
RULES: Final = {
    "preload": False,
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
AXE: Final = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
STRIP: Final = "Synthetic data, not a government system"
WHO: Final = (
    *("agent", "investigator", "case supervisor", "patrol's supervisor", "analyst"),
    *("patrol's watch desk", "patrol's protection desk", "sharing officer", "auditor"),
    *("redress officer", "inspector", "department's auditor", "administrator", "deputy"),
)
PLAIN: Final = {"q", "after", "all"}
"""Behind an address: what makes another page of it. All else is the same page in other order."""
OWN: Final = (
    *("home", "findings", "requests", "releases", "emergencies", "copies", "shown", "corrections"),
    *("redress", "audit_reviews", "marks"),
)
"""Lists in which each finds what is for him."""
TURNS: Final = ("finding", "request", "emergency", "redress_matter")
"""Pages that offer what is to be done next to whose turn it is."""
TAKEN_AWAY: Final = "/ledger/export/"
"""A file, which a browser keeps and does not show."""
FOR_PROGRAMS: Final = (".json",)
ON_OCCASION: Final = ("person_unlock", "ledger_export")
"""Offered only while something is so that is not so here: somebody locked, say; or a file."""
LOOKED_FOR: Final = ("García 1990", "Zoe Quispe Mamani", "???")


@dataclass(slots=True)
class Site:
    """The node as a browser meets it, and which pages of it were looked at."""

    address: str
    scene: Scene
    looked_at: set[str] = field(default_factory=set)
    walked: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Visit:
    """One person with a browser."""

    page: Page
    site: Site
    who: str
    complaints: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Hear whatever the browser complains of, a violated policy first of all."""
        page, said = self.page, self.complaints.append
        page.on("console", lambda one: said(f"{one.type}: {one.text}"))
        page.on("pageerror", lambda one: said(str(one)))
        page.on("response", lambda got: got.status < 400 or said(f"{got.status} {got.url}"))
        page.on("request", lambda one: one.url.startswith(self.site.address) or said(one.url))

    def open(self, url: str) -> None:
        self.page.set_viewport_size({"width": 1280, "height": 800})
        self.page.goto(self.site.address + url)

    def sign_in(self) -> None:
        self.open("/accounts/login/")
        self.page.get_by_label("Username").fill(CAST[self.who].number.lower())
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.keyboard.press("Enter")
        expect(self.page.get_by_role("heading", name="What needs me now")).to_be_visible()
        self.page.wait_for_load_state()

    def state_purpose(self) -> None:
        """By the form, if the head of the page leads to one."""
        link = self.page.get_by_role("link", name="state one")
        if link.count():
            link.click()
            self.page.get_by_label("What for").select_option(INQUIRY.code.value)
            self.page.get_by_label("Number of the case").fill(INQUIRY.number)
            self.page.get_by_role("button", name="State the purpose").click()
            expect(self.page.get_by_text(f"investigation · {INQUIRY.number}")).to_be_visible()

    def search(self, words: str) -> None:
        """By the box in the head, without a mouse."""
        self.page.keyboard.press("/")
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(words)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def offers(self) -> list[str]:
        """Where the page leads."""
        links = "[...document.querySelectorAll('nav a, main a, aside a, header a')]"
        found = self.page.evaluate(f"{links}.map((one) => one.getAttribute('href') || '')")
        here = urlsplit(self.page.url)
        there = [urlsplit(urljoin(f"{here.path}?{here.query}", one)) for one in found]
        return [f"{one.path}?{one.query}".rstrip("?") for one in there if not one.netloc]

    @property
    def here(self) -> str:
        """The page, by what makes it another one."""
        return shape(self.page.url.removeprefix(self.site.address), self.who)


def shape(url: str, who: str) -> str:
    """Alike for addresses that lead to the same page about another record."""
    parts = urlsplit(url)
    match = resolve(parts.path)
    about: list[object] = [one for name, one in match.kwargs.items() if name != "number"]
    if match.view_name == "record":
        # Its owner's people are offered more; of which kind it is, its number tells.
        about += [CAST[who].agency, re.sub(r"\d", "", match.kwargs["number"])]
        # And more again to those of them who answer for what others are told.
        about += [may_open(one, CAST[who].role) for one in ("record_seers", "desk_sources")]
    if match.view_name in TURNS:
        about += [match.kwargs["number"]]
    if match.view_name == "agreement":
        about += [str(may_open("agreement_compare", CAST[who].role))]
    asked = sorted(set(parse_qs(parts.query, True)) & PLAIN)
    mine = who if match.view_name in (*OWN, *TURNS) else ""
    return f"{match.view_name} {about} {asked} {mine}"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # The driver has a loop of its own in this thread, of which Django would be afraid.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        started = playwright.chromium.launch(executable_path=chromium, args=list(SWITCHES))
        yield started
        started.close()


@pytest.fixture(scope="module")
def site(browser: Browser, scene: Scene) -> Iterator[Site]:
    with pytest.MonkeyPatch.context() as patch, served() as address:
        # What one test commits the next one meets: the node is one for all of them.
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda case: None)
        for room in (shell, errors, api_page):
            patch.setattr(room, "node", lambda: replace(node(), demo=True))
        yield Site(address, scene)


@pytest.fixture
def visit(browser: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[Visit]:
    context = browser.new_context(color_scheme="light", viewport={"width": 1280, "height": 800})
    made = Visit(context.new_page(), site, getattr(request, "param", "agent"))
    made.listen()
    yield made
    context.close()


def every_page(visit: Visit) -> Iterator[str]:
    """Every page that nobody looked at yet, each open in the browser."""
    known: set[str] = set()
    visit.sign_in()
    yield visit.here
    visit.state_purpose()
    todo = visit.offers()
    if visit.page.locator("[data-search]").count():
        for words in LOOKED_FOR:
            visit.search(words)
            todo += visit.offers()
            yield f"{visit.here} {words}"
    while todo:
        url = todo.pop(0)
        if "hide=" in url or "sort=" in url or url.endswith(FOR_PROGRAMS) or TAKEN_AWAY in url:
            continue
        like = shape(url, visit.who)
        if like in known or like in visit.site.looked_at:
            continue
        known.add(like)
        visit.open(url)
        todo += visit.offers()
        yield like


@pytest.mark.parametrize("visit", WHO, indirect=True)
def test_every_page_that_is_offered_holds(visit: Visit) -> None:
    seen = 0
    for like in every_page(visit):
        if like not in visit.site.looked_at:
            view = like.partition(" ")[0]
            first = not any(one.startswith(f"{view} ") for one in visit.site.looked_at)
            visit.site.looked_at.add(like)
            seen += 1
            # Every sixth kind of page, and a sample of what else it may be about.
            if (first and some([view], view, every=6)) or some([like], like):
                look_at(visit.page, f"{visit.who}: {visit.page.url}")
        assert visit.complaints == [], visit.page.url
    assert seen >= 1
    visit.site.walked.add(visit.who)


def test_no_page_is_left_to_which_nothing_leads(site: Site) -> None:
    """Who walked before found them all by links and by the box in the head."""
    if not site.walked.issuperset(WHO):
        pytest.skip("not everybody walked before: run the whole file")
    found = {one.partition(" ")[0] for one in site.looked_at}
    assert {one.name for one in ADDRESSES if is_read(one, site.scene)} - found == set()


def is_read(one: Address, scene: Scene) -> bool:
    """Whether it is a page that somebody signed in reads, and not only something to send."""
    allowed = ACCESS[one.name]
    if allowed is ANYBODY or one.name in ("account_logout", "events", *ON_OCCASION):
        return False
    whose = next(viewer for viewer in CAST.values() if viewer.role in allowed)
    (url,) = one.filled({"number": ["X-1"], "system": ["patrol"], "kind": ["person"]})
    return sign_in(whose).get(url).status_code != 405


def look_at(page: Page, where: str) -> None:
    expect(page.locator(".strip")).to_have_text(STRIP)
    # The rules look at each pair of neighbours: a few rows say as much as fifty.
    page.evaluate(
        "document.querySelectorAll('[data-row]').forEach((row, at) => at > 8 && row.remove())"
    )
    page.evaluate("document.querySelectorAll('.why-not').forEach((one) => one.open = true)")
    # By the browser's own hand, which needs no leave of the page's policy; that stays in force.
    page.evaluate(AXE)
    said = page.evaluate("(rules) => axe.run(document, rules)", RULES)
    assert [told(one) for one in said["violations"]] == [], where
    # Of a page one further look; each of them at some page, all at each in `make soak`.
    for look in one_of(
        (assert_dark_is_read, assert_nothing_runs_out, assert_print_is_bare),
        urlsplit(page.url).path,
    ):
        look(page, where)


def assert_dark_is_read(page: Page, where: str) -> None:
    page.emulate_media(color_scheme="dark")
    contrast = {"preload": False, "runOnly": ["color-contrast"]}
    said = page.evaluate("(rules) => axe.run(document, rules)", contrast)
    assert [told(one) for one in said["violations"]] == [], f"{where}, in the dark"
    page.emulate_media(color_scheme="light")


def told(violation: dict[str, Any]) -> str:
    return f"{violation['id']}: {[one['html'][:160] for one in violation['nodes'][:3]]}"


OUTSIDE: Final = """() => [...document.querySelectorAll("body *")]
  .filter((one) => !one.closest(".unseen, .skip, .dense thead") && one.checkVisibility())
  .filter((one) => one.getClientRects().length && one.getBoundingClientRect().right > 321)
  .map((one) => one.outerHTML.slice(0, 160))"""


def assert_nothing_runs_out(page: Page, where: str) -> None:
    """At 400 % of a page 1,280 px wide (WCAG 1.4.10)."""
    page.set_viewport_size({"width": 320, "height": 256})
    for menus in ("false", "true"):
        page.evaluate(f"document.querySelectorAll('details').forEach((o) => o.open = {menus})")
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 320, where
        assert page.evaluate(OUTSIDE) == [], where
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = false)")
    page.set_viewport_size({"width": 1280, "height": 800})


def assert_print_is_bare(page: Page, where: str) -> None:
    """On paper there is what was shown, and who saw it when; nothing to click at."""
    page.emulate_media(media="print")
    shown = """(names) => names.filter((one) =>
      [...document.querySelectorAll(one)].some((each) => each.checkVisibility()))"""
    gone = [".places", ".bar", ".skip", ".filters", ".list-tools", ".pages", ".actions", "dialog"]
    assert page.evaluate(shown, gone) == [], where
    assert page.evaluate(shown, ["main h1", ".strip", ".stamp"]) != [], where
    page.emulate_media(media="screen")


STOPS: Final = """() =>
  [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
  .filter((one) => one.checkVisibility() && one.type !== "hidden" && !one.disabled)
  .filter((one) => one.type !== "radio" || one.checked)
  .forEach((one, at) => { one.dataset.stop = at; })"""
HELD: Final = """() => {
  const one = document.activeElement;
  const box = one.getClientRects()[0] || one.getBoundingClientRect();
  const over = document.elementFromPoint(
    Math.max(box.left + Math.min(box.width / 2, 40), 0), box.top + Math.min(box.height / 2, 12));
  return [one.dataset.stop || "", getComputedStyle(one).outlineStyle,
          !(over && (one.contains(over) || over.contains(one))), one.outerHTML.slice(0, 160)];
}"""


def assert_keyboard_reaches_everything(page: Page) -> None:
    """In order, each stop with its mark, none under a head that stands still (WCAG 2.4.11)."""
    page.evaluate("document.activeElement.blur()")
    page.evaluate(
        "document.querySelectorAll('[data-row]').forEach((row, at) => at > 6 && row.remove())"
    )
    page.evaluate(STOPS)
    expected = page.evaluate("document.querySelectorAll('[data-stop]').length")
    reached: list[str] = []
    for _ in range(expected + 6):
        page.keyboard.press("Tab")
        stop, outline, hidden, html = page.evaluate(HELD)
        if stop and stop not in reached:
            reached.append(stop)
            assert outline != "none", html
            assert not hidden, html
    assert len(reached) == expected, page.url
    assert [int(one) for one in reached] == sorted(int(one) for one in reached), page.url


BY_KEYBOARD: Final = (
    ("agent", "/"),
    ("agent", "/search/?q=garc%C3%ADa"),
    ("agent", "/records/investigations/{known person}/"),
    ("agent", "/patrol/events/{event}"),
    ("agent", "/patrol/events/{event}/subjects/new"),
    ("investigator", "/notices/"),
    ("investigator", "/review/"),
    ("investigator", "/investigations/cases/{case}"),
    ("investigator", "/investigations/lookouts/{lookout}/cancel"),
    ("patrol's protection desk", "/patrol/records/{victim}/protections"),
    ("auditor", "/ledger/"),
    ("administrator", "/"),
)


@pytest.mark.parametrize(
    ("visit", "url"), some(BY_KEYBOARD, "keyboard", every=3), indirect=["visit"]
)
def test_the_keyboard_reaches_everything(visit: Visit, url: str) -> None:
    visit.sign_in()
    visit.state_purpose()
    visit.open(url.format(**visit.site.scene.numbers))
    assert_keyboard_reaches_everything(visit.page)


@pytest.mark.parametrize(
    "visit", one_of(["agent", "investigator", "auditor"], "keys"), indirect=True
)
def test_the_keys_that_are_listed_lead_where_they_say(visit: Visit) -> None:
    visit.sign_in()
    page = visit.page
    page.keyboard.press("?")
    listed = page.locator("#key-list")
    expect(listed).to_be_visible()
    words = page.evaluate(
        """() => [...document.querySelectorAll("#key-list dl > div")].map((one) =>
          [[...one.querySelectorAll("kbd")].map((key) => key.textContent),
           one.querySelector("dd").textContent])"""
    )
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    places = {said: keys for keys, said in words if keys[0] == "g"}
    nav = page.get_by_role("navigation", name="Places")
    gone = 0
    for said, (_, key) in places.items():
        link = nav.get_by_role("link", name=said, exact=True)
        if link.count():
            target = link.get_attribute("href")
            with page.expect_navigation():
                page.keyboard.press("g")
                page.keyboard.press(key)
            assert page.url == f"{visit.site.address}{target}"
            gone += 1
    assert gone >= 3
    page.keyboard.press("g")
    page.keyboard.press("a")
    expect(page.locator(".top .sheet")).to_be_visible()
    assert visit.complaints == []


def test_an_answer_is_reached_and_opened_by_keys_alone(visit: Visit) -> None:
    visit.sign_in()
    visit.state_purpose()
    visit.search("García Hernández 1990")
    page = visit.page
    first = page.locator("[data-row]").first.get_attribute("id") or ""
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('[data-row]')?.id") == first
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(first.removeprefix("found-"))


def test_a_page_for_others_says_so_in_the_same_clothes(visit: Visit) -> None:
    visit.sign_in()
    for url, said in (("/ledger/", "Not open to you"), ("/nowhere/", "Nothing here")):
        visit.open(url)
        expect(visit.page.get_by_role("heading", level=1)).to_contain_text(said)
        look_at(visit.page, url)


def test_whoever_signed_out_finds_nothing_behind_him(visit: Visit) -> None:
    visit.sign_in()
    visit.page.locator(".top .menu summary").click()
    visit.page.get_by_role("button", name="Sign out").click()
    expect(visit.page.get_by_role("heading", name="Sign in")).to_be_visible()
    look_at(visit.page, "sign-in")
    visit.page.go_back()
    expect(visit.page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(visit.page.get_by_text("What needs me now")).to_have_count(0)
