"""Hidden and absent are alike to the byte, whatever is asked of them (P26)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.http import HttpResponse
from tests.people import AT

from tieline.api.errors import NOTHING
from tieline.core.agreement.viewer import Role
from tieline.exchange.index.sync import repair
from tieline.systems.investigations import desk as investigations
from tieline.systems.investigations.protecting import set_protection
from tieline.wiring.parts import work_once
from tieline.wiring.systems import doors

from .scene import AGENT, INVESTIGATOR, As, Known

pytestmark = pytest.mark.database

_OWN = {"X-Request-Id"}
"""What differs from any call to the next."""


def whole(answer: HttpResponse) -> tuple[int, bytes, dict[str, str]]:
    headers = {name: value for name, value in answer.headers.items() if name not in _OWN}
    headers.pop("Content-Security-Policy", None)
    return answer.status_code, answer.content, headers


PERSON = {"kind": "person", "given_name": "Ana"}
GROUNDS = dict.fromkeys(
    ("first_amendment", "association_alone", "prohibited_source", "counsel_needed"), False
)


@pytest.mark.parametrize("role", [Role.INVESTIGATOR, Role.ANALYST, Role.SUPERVISOR])
@pytest.mark.parametrize("path", ["", "/viewers", "/links"])
def test_a_protected_record_of_another_agency_is_like_none(
    as_: As, known: Known, role: Role, path: str
) -> None:
    """8 USC 1367(a)(2)."""
    call = as_(replace(INVESTIGATOR, role=role))
    hidden, absent, nowhere = (
        whole(call.get(f"/records/{record}{path}"))
        for record in (
            f"patrol/{known.hidden}",
            f"patrol/{known.absent}",
            f"nowhere/{known.absent}",
        )
    )
    assert hidden == absent == nowhere
    assert hidden[0] == 404
    assert as_(AGENT).get(f"/records/patrol/{known.hidden}{path}").status_code == 200


def test_a_sealed_record_of_another_unit_is_like_none(as_: As, known: Known) -> None:
    call = as_(INVESTIGATOR)
    for hidden, absent in (
        (f"/records/investigations/{known.sealed}", f"/records/investigations/{known.absent_case}"),
        (f"/records/patrol/{known.sealed}", f"/records/patrol/{known.absent_case}"),
    ):
        assert whole(call.get(hidden)) == whole(call.get(absent))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/investigations/cases/{}/subjects", PERSON),
        ("/investigations/cases/{}/subjects", {"kind": "phone", "phone": "not one"}),
        ("/investigations/cases/{}/subjects", {"kind": "king"}),
        ("/investigations/subjects/{}/lookouts", {"grounds": GROUNDS}),
    ],
)
def test_adding_to_a_hidden_record_tells_nothing_of_it(
    as_: As, known: Known, path: str, body: dict[str, object]
) -> None:
    """A sealed case is its unit's alone, also within its agency; the service would know it."""
    call = as_(INVESTIGATOR)
    hidden, absent = (
        whole(call.post(path.format(number), body)) for number in (known.sealed, known.absent_case)
    )
    assert hidden == absent
    assert hidden[0] in (404, 422)
    same_unit = replace(INVESTIGATOR, number="U-230", assignment="AS-230", unit="TU")
    made = as_(same_unit).post(f"/investigations/cases/{known.sealed}/subjects", PERSON)
    assert made.status_code == 201


def test_what_became_protected_is_like_none_in_notices_and_overlaps(as_: As, known: Known) -> None:
    """P15."""
    call = as_(AGENT)
    (told,) = call.get("/notices").json()["notices"]
    set_protection(
        investigations.at_work(),
        known.person,
        "section_1367",
        True,
        why="Application filed",
        author=INVESTIGATOR,
        at=AT,
    )
    repair(doors(), at=AT)
    while work_once(AT):
        pass
    assert call.get("/notices").json()["notices"] == []
    for hidden, absent in (
        (f"/records/investigations/{known.person}", "/records/investigations/SR-26-000999"),
        (f"/overlaps/{told['overlap']}", "/overlaps/OV-1"),
    ):
        assert whole(call.get(hidden)) == whole(call.get(absent))
    hidden, absent = f"/notices/{told['number']}/acknowledge", "/notices/NT-1/acknowledge"
    assert whole(call.post(hidden)) == whole(call.post(absent))
    assert call.get(f"/records/patrol/{known.subject}/links").json()["links"] == []


def test_a_notice_of_another_unit_is_like_none(as_: As, known: Known) -> None:
    (told,) = as_(AGENT).get("/notices").json()["notices"]
    elsewhere = as_(replace(AGENT, number="U-130", assignment="AS-130", unit="TCA/DGL"))
    theirs, absent = (
        whole(elsewhere.post(f"/notices/{number}/acknowledge"))
        for number in (told["number"], "NT-1")
    )
    assert theirs == absent
    assert theirs[0] == 404


def test_a_search_counts_nothing_that_is_hidden(as_: As, known: Known) -> None:
    """P26: of a protected man as of nobody, the same answer but for what was asked."""
    call = as_(INVESTIGATOR)
    hidden = call.post("/search", {"names": ["Ana García Hernández"], "limit": 1}).json()
    absent = call.post("/search", {"names": ["Zoe Quispe Mamani"], "limit": 1}).json()
    assert known.hidden not in str(hidden)
    del hidden["asked"], absent["asked"]
    hidden["rows"] = [one for one in hidden["rows"] if one["number"] != known.subject]
    hidden["rows"] = [one for one in hidden["rows"] if one["number"] != known.person]
    assert hidden["rows"] == absent["rows"] == []
    assert {one["state"] for one in hidden["systems"]} == {"answered"}


def test_an_address_that_is_none_says_the_same(as_: As) -> None:
    for answer in (
        as_().get("/nowhere"),
        as_(AGENT).get("/nowhere"),
        as_(AGENT).get("/records/nowhere/X-1"),
    ):
        assert (answer.status_code, answer.json()) == (404, NOTHING.model_dump())
