"""Questions that are written down: read as they were written, or refused with what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tieline.core.agreement.compiled import Verdict
from tieline.core.agreement.question import Action, Question
from tieline.core.agreement.requests import (
    BadRequest,
    answered,
    decided,
    read_request,
    written_request,
)
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role
from tieline.core.records import FieldClass, Protections

from .scene import AGREEMENT, NOW

ASKED: dict[str, Any] = {
    "viewer": {
        "agency": "investigations",
        "unit": "LA/13",
        "department": "DHS",
        "role": "investigator",
        "roles": ["supervisor"],
        "sworn": True,
        "employee": True,
        "trained_until": "2027-06-01T00:00:00+00:00",
    },
    "purpose": {"code": "investigation", "number": "LA13PR10LA0031", "reason": ""},
    "record": {
        "kind": "subject",
        "owner_agency": "patrol",
        "owning_unit": "TCA/NGL",
        "protections": {"sealed": False, "juvenile": None},
        "caveats": ["no_export"],
    },
    "action": "field",
    "field_class": "identity",
    "at": "2026-11-23T14:02:00+00:00",
}


def but(part: str, **about: Any) -> dict[str, Any]:
    """The question with something else in one of its parts; `...` takes it out."""
    of = {**ASKED[part], **about}
    return {**ASKED, part: {name: value for name, value in of.items() if value is not ...}}


def test_what_is_written_is_read_again_and_answered_alike() -> None:
    asked = read_request(ASKED, at=datetime(2000, 1, 1, tzinfo=UTC))
    assert asked.at == NOW
    assert asked.question == Question(Action.FIELD, FieldClass.IDENTITY)
    assert asked.viewer.roles == {Role.SUPERVISOR}
    assert asked.purpose is not None
    assert asked.purpose.code is PurposeCode.INVESTIGATION
    written: dict[str, Any] = written_request(asked)
    assert written["record"].pop("protections") == asked.facts.protections.effective
    said = {name: value for name, value in ASKED["record"].items() if name != "protections"}
    assert written == {**ASKED, "record": said}
    again = read_request(written_request(asked), at=datetime(2000, 1, 1, tzinfo=UTC))
    assert decided(AGREEMENT, again) == decided(AGREEMENT, asked)
    # All that is not named is unknown, and so protected.
    assert asked.facts.protections.effective["sealed"] is False
    assert asked.facts.protections.effective["juvenile"]
    assert asked.facts.protections.effective["informant"]


def test_what_is_left_out_is_usual_or_unknown() -> None:
    asked = read_request(
        {
            "viewer": {
                **{"agency": "patrol", "unit": "TCA/NGL", "role": "agent"},
                **{"sworn": True, "employee": True},
            },
            "purpose": None,
            "record": {"kind": "event", "owner_agency": "patrol", "owning_unit": "TCA/NGL"},
            "action": "pointer",
        },
        at=NOW,
    )
    assert asked.purpose is None
    assert asked.at == NOW
    assert asked.viewer.trained_until is None
    assert (asked.viewer.department, asked.viewer.roles) == ("", frozenset())
    # A question is put by nobody in person.
    assert (asked.viewer.number, asked.viewer.assignment) == ("", "")
    assert all(asked.facts.protections.effective.values())
    told = answered(AGREEMENT, asked)
    assert (told["allowed"], told["clauses"]) == (False, ["gate:purpose"])
    assert "alarm" not in told
    written = written_request(asked)
    assert written["purpose"] is None
    assert "field_class" not in written
    assert "trained_until" not in str(written)


def test_a_reason_stands_for_a_number() -> None:
    said = {"code": "investigation", "reason": "seen twice"}
    purpose = read_request({**ASKED, "purpose": said}, at=NOW).purpose
    assert purpose == Purpose(code=PurposeCode.INVESTIGATION, reason="seen twice")
    del said["reason"]
    assert answered(AGREEMENT, read_request({**ASKED, "purpose": said}, at=NOW))["clauses"] == [
        "gate:purpose"
    ]


def test_the_answer_says_by_which_clauses_in_which_words_and_what_they_demand() -> None:
    flags = dict.fromkeys(Protections.unknown().effective, False)
    about = but("record", protections=flags) | {"action": "pointer"}
    about |= {"viewer": but("viewer", agency="sheriff", department="sheriff")["viewer"]}
    del about["field_class"]
    told = answered(AGREEMENT, read_request(about, at=NOW))
    clauses = told["clauses"]
    assert isinstance(clauses, list)
    assert told == {
        "allowed": True,
        "clauses": clauses,
        "reasons": [AGREEMENT.clauses[one].prose for one in clauses],
        "obligations": ["no_onward_sharing"],
    }


def test_whichever_engine_is_named_answers() -> None:
    def broken(*_: object, **__: object) -> list[Verdict]:
        raise LookupError

    told = answered(AGREEMENT, read_request(ASKED, at=NOW), by=broken)
    assert (told["allowed"], told["clauses"]) == (False, ["gate:engine"])
    assert "LookupError" in str(told["alarm"])


def test_what_goes_wrong_is_told_without_any_value() -> None:
    asked = read_request(but("record", owning_unit=" "), at=NOW)
    told = answered(AGREEMENT, asked)
    assert not told["allowed"]
    assert "Unaskable" in str(told["alarm"])


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ([], "is no JSON object"),
        ({**ASKED, "viewer": "U-1"}, "viewer is no JSON object"),
        ({**ASKED, "record": None}, "record is no JSON object"),
        ({**ASKED, "who": 1}, "has 'who', which is not known"),
        (but("viewer", number="U-1"), "has 'number', which is not known"),
        (but("viewer", unit=...), "unit is no text"),
        (but("viewer", unit=3), "unit is no text"),
        (but("viewer", sworn="yes"), "sworn is neither true nor false"),
        (but("viewer", employee=...), "employee is neither true nor false"),
        (but("viewer", role="king"), "role names what there is not"),
        (but("viewer", role=["agent"]), "role names what there is not"),
        (but("viewer", role=None), "role names what there is not"),
        (but("viewer", roles=["king"]), "roles names what there is not"),
        (but("viewer", roles="agent"), "roles are no texts"),
        (but("viewer", roles=[1]), "roles are no texts"),
        (but("viewer", trained_until="soon"), "trained_until is no moment"),
        (but("purpose", code="curiosity"), "code names what there is not"),
        (but("purpose", case="X"), "has 'case', which is not known"),
        (but("record", protections={"sealed": "no"}), "sealed is neither true nor false"),
        (but("record", protections={"sealed": 0}), "sealed is neither true nor false"),
        (but("record", protections={"hidden": True}), "has 'hidden', which is not known"),
        (but("record", caveat=["silent"]), "has 'caveat', which is not known"),
        (but("record", caveats=[None]), "caveats are no texts"),
        ({**ASKED, "action": "look"}, "action names what there is not"),
        ({**ASKED, "field_class": "shoes"}, "field_class names what there is not"),
        ({**ASKED, "action": "pointer"}, "a field class goes with the actions"),
        ({key: value for key, value in ASKED.items() if key != "field_class"}, "a field class"),
        ({**ASKED, "at": "2026-11-23T14:02:00"}, "at is no moment"),
        ({**ASKED, "at": 5}, "at is no text"),
    ],
)
def test_a_question_that_says_too_little_or_too_much_is_refused(said: object, what: str) -> None:
    with pytest.raises(BadRequest) as refusal:
        read_request(said, at=NOW)
    assert what in refusal.value.what
    assert refusal.value.cure
