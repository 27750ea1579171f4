"""What closes a record closes it on the very next request: whatever sessions, lists, tokens,
bookmarked searches, releases and emergencies are open, and by whichever way somebody asks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.people import AT, INVESTIGATIONS, PATROL
from tests.sampling import EVERY
from tests.scenarios.story import new_case
from tests.signing import PERSONS, key_of, signed_by_all, signers
from tests.web.addresses import ADDRESSES
from tests.web.cast import CAST, INQUIRY, sign_in, state
from tests.web.scene import COUNTY, Scene, match, overlaps
from tests.web.walking import called, search_url

from tieline.accounts import hats
from tieline.accounts.models import Assignment, User
from tieline.accounts.tokens import make_token
from tieline.api import caller
from tieline.core.agreement.emergencies import Danger
from tieline.core.agreement.signing import Signer, public_of, written_signers
from tieline.core.records import FieldClass
from tieline.exchange.sharing.models import ReleaseRequest
from tieline.keeping.agreements import adopt
from tieline.keeping.breaking import Plea
from tieline.keeping.databases import KEEPERS
from tieline.keeping.protecting import Restated, restate
from tieline.reference.agreement import model_agreement
from tieline.systems.investigations import desk as investigations
from tieline.web.access import ACCESS
from tieline.wiring.emergencies import close_emergency, open_in_emergency
from tieline.wiring.sharing import grant, recall_release

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__"),
    pytest.mark.usefixtures("scene"),
]

AGENT, BOSS = CAST["agent"], CAST["case supervisor"]
TITLE: Final = "Trailers of the yard"
SYSTEM: Final = "investigations"
ENDLESS: Final = ("events",)
"""It tells only that something changed."""
_SEARCH: Final = "/api/v1/search"


def midnight() -> datetime:
    """The next one; all of it happens in the minutes around it."""
    return datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


@dataclass
class Clock:
    """What time it is on the node, for pages and programs."""

    now: datetime


@dataclass
class Desk:
    """Somebody with all that can be open at once."""

    client: Client
    token: str
    scene: Scene
    clock: Clock
    other: str
    """A case that he opened in an emergency."""
    emergency: str
    request: str
    marks: dict[str, str] = field(default_factory=dict)
    """What may be told of others' records: texts by what they are."""

    def ways(self) -> Iterator[tuple[str, str]]:
        """Each page without a number in its address; each about these records; each call."""
        for one in ADDRESSES:
            open_to_him = AGENT.role in (ACCESS[one.name] or ())
            if not one.parts and open_to_him and one.name not in ENDLESS:
                yield f"page {one.name}", reverse(one.name)
        numbers = (self.scene.numbers["case"], self.other, self.scene.numbers["known person"])
        for number in numbers:
            for name in ("record", "record_history", "request_new", "emergency_new"):
                yield f"page {name} {number}", reverse(name, args=(SYSTEM, number))
            for tail in ("", "/viewers", "/links"):
                yield f"call record{tail} {number}", f"/api/v1/records/{SYSTEM}/{number}{tail}"
            yield f"page search {number}", search_url(number)
        yield "page search by name", search_url("José Luis García Hernández 1990")
        yield "call search by name", _SEARCH
        yield "page request", reverse("request", args=(self.request,))
        yield "page emergency", reverse("emergency", args=(self.emergency,))
        for number in overlaps():
            yield f"page overlap {number}", reverse("overlap", args=(number,))
            yield f"page review {number}", reverse("overlap_review", args=(number,))
            yield f"call overlap {number}", f"/api/v1/overlaps/{number}"
        for path, methods in called().items():
            if "{" not in path and "get" in methods and not path.endswith("search"):
                yield f"call {path}", path

    def told(self) -> dict[str, set[str]]:
        """Of each way what it tells, of what it was not itself asked for."""
        return {way: self._told(way, url) for way, url in self.ways()}

    def _told(self, way: str, url: str) -> set[str]:
        if way.startswith("call"):
            said = self.called(url)
        else:
            self.signed_in_lately()
            state(self.client, AGENT, INQUIRY)
            said = self.client.get(url)
        text = said.content.decode()
        return {name for name, mark in self.marks.items() if mark in text and mark not in url}

    def signed_in_lately(self) -> None:
        """By the node's clock: by that of the machine it may be a day ago."""
        session = self.client.session
        session[hats.SIGNED_IN_AT] = self.clock.now.timestamp() - 600
        session.save()

    def called(self, url: str) -> HttpResponse:
        """What a program is answered."""
        headers = {"Authorization": f"Bearer {self.token}"}
        if url != _SEARCH:
            return Client().get(url, headers=headers)
        words = json.dumps({"words": "José Luis García Hernández 1990"})
        return Client().post(url, words, content_type="application/json", headers=headers)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(midnight() - timedelta(minutes=10))

    class Moment(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return made.now

    monkeypatch.setattr(hats, "datetime", Moment)
    monkeypatch.setattr(caller, "now", lambda: made.now)
    return made


@pytest.fixture
def desk(scene: Scene, clock: Clock) -> Desk:
    """With everything open, and all of it told at first."""
    at = clock.now
    other = new_case(TITLE)
    match()
    request = scene.requests[0]
    grant(
        request,
        classes=[FieldClass.CASE_NARRATIVE],
        expires_at=midnight(),
        caveats="",
        viewer=BOSS,
        at=at,
    )
    plea = Plea(record=other, danger=Danger.HELD, why="Three are held.", case="")
    emergency = open_in_emergency(SYSTEM, plea, viewer=AGENT, purpose=INQUIRY, at=at)
    user = User.objects.get(number=AGENT.number)
    _, token = make_token(
        user,
        assignment=user.assignments.get(),
        purpose=INQUIRY,
        expires_at=at + timedelta(days=7),
        at=at,
        by=AGENT,
        name="the tests",
    )
    narrative = next(
        one.text for one in scene.planter.of("case") if one.field_class is FieldClass.CASE_NARRATIVE
    )
    made = Desk(sign_in(AGENT), token, scene, clock, other, emergency, request)
    made.marks = {
        "released": narrative,
        "opened": TITLE,
        "case": scene.numbers["case"],
        "other": other,
        "known": scene.numbers["known person"],
    }
    made.signed_in_lately()
    made.client.post(reverse("preference"), {"theme": "dark"})
    if EVERY == 1 or made.marks not in _TOLD:
        assert_all_is_told(made)
        _TOLD.append(made.marks)
    return made


_TOLD: Final[list[dict[str, str]]] = []
"""What was seen to be told at first: on a node that is filled alike it is so again. In `make soak`
it is seen before each test.
"""


def assert_all_is_told(desk: Desk) -> None:
    """Else nothing of it could be seen to be closed."""
    told = desk.told()
    for name in desk.marks:
        ways = {way.partition(" ")[0] for way, found in told.items() if name in found}
        assert ways == {"page", "call"} or (name not in ("released", "opened", "known") and ways)


def assert_tells(desk: Desk, *left: str) -> None:
    """Nothing else by any way; and these by some, or nothing could be seen to be closed."""
    told = desk.told()
    assert {way: found - set(left) for way, found in told.items() if found - set(left)} == {}
    assert set(left) <= set().union(*told.values())


NUMBERS: Final = ("case", "other", "known")


def test_a_recalled_release_and_an_emergency_that_its_owner_closed(desk: Desk) -> None:
    release = ReleaseRequest.objects.get(number=desk.request).release
    recall_release(SYSTEM, release, why="moved", viewer=BOSS, at=desk.clock.now)
    assert_tells(desk, "opened", *NUMBERS)
    close_emergency(desk.emergency, why="They are out.", viewer=BOSS, at=desk.clock.now)
    assert_tells(desk, *NUMBERS)


def test_a_term_that_is_over(desk: Desk) -> None:
    desk.clock.now = midnight() - timedelta(seconds=1)
    assert_tells(desk, "released", "opened", *NUMBERS)
    desk.clock.now = midnight()
    assert_tells(desk, "opened", *NUMBERS)
    # Nobody confirmed it within the hour.
    desk.clock.now += timedelta(minutes=50)
    assert_tells(desk, *NUMBERS)


def test_an_agreement_that_lapses_at_midnight(desk: Desk) -> None:
    text = model_agreement(parties=(PATROL, INVESTIGATIONS, COUNTY), in_force_until=midnight())
    text = signed_by_all(text, at=AT)
    for database in KEEPERS:
        adopt(text, database=database, at=desk.clock.now)
    desk.clock.now = midnight() - timedelta(seconds=1)
    assert_tells(desk, "released", "opened", *NUMBERS)
    desk.clock.now = midnight()
    assert_tells(desk)
    # His own agency's custody clocks do not go dark with it.
    event = desk.scene.numbers["event"]
    assert desk.client.get(reverse("record", args=("patrol", event))).status_code == 200


def test_a_training_that_lapses(desk: Desk) -> None:
    User.objects.filter(number=AGENT.number).update(trained_until=desk.clock.now)
    assert_tells(desk)


def test_an_assignment_that_ends(desk: Desk) -> None:
    Assignment.objects.filter(number=AGENT.assignment).update(ends=desk.clock.now)
    assert_tells(desk)
    for way, url in desk.ways():
        if way.startswith("call"):
            assert desk.called(url).status_code == 401, way


@pytest.mark.parametrize("flag", ["section_1367", "sealed"])
def test_a_protection_that_is_set_late(desk: Desk, flag: str) -> None:
    protect(desk, flag)
    # In the record's own system at once, with no word to anybody.
    at_once = {
        way: found
        for way, found in desk.told().items()
        if way.startswith(("page record", "page request_new", "page emergency_new", "page search"))
        or way.startswith(("call record", "call search"))
    }
    assert {way: found for way, found in at_once.items() if found} == {}
    # In the exchange as soon as it has heard of it, which a commit wakes it for.
    match()
    assert_tells(desk)


def protect(desk: Desk, flag: str) -> None:
    keeper = investigations.at_work().keeper
    for name in NUMBERS:
        kept = keeper.find(desk.marks[name])
        assert kept is not None
        with transaction.atomic(using=keeper.database):
            keeper.ledger.hold()
            one = [Restated(kept, {flag: True})]
            restate(investigations.at_work(), one, why="by order", author=BOSS, at=desk.clock.now)


def test_a_signer_s_key_that_is_withdrawn(desk: Desk, node_folder: Path) -> None:
    path = node_folder / "signers.json"
    try:
        path.write_text(
            written_signers(
                Signer(agency, person, public_of(key_of(agency, person)))
                for agency in ("patrol", "county")
                for person in PERSONS
            ),
            encoding="utf-8",
        )
        assert_tells(desk)
    finally:
        path.write_text(signers(), encoding="utf-8")
    assert_tells(desk, "released", "opened", *NUMBERS)
