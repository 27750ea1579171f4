"""Who is calling, in which assignment, what for, and what that may call."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Router

from tieline.api.access import ACCESS, may_call
from tieline.api.caller import caller
from tieline.api.errors import REFUSALS
from tieline.api.form import Form
from tieline.api.told import Marked
from tieline.core.agreement.viewer import PurposeCode, Role
from tieline.wiring.systems import doors

__all__ = ["router"]

router = Router()
_OURS = "api:v1:"


class ViewerTold(Form):
    """A person in one assignment."""

    number: str
    name: str
    agency: str
    unit: str
    role: Role
    further_roles: list[Role]
    assignment: str
    ends: datetime | None
    """When the assignment ends; null where no end is set."""


class PurposeTold(Form):
    """What for: a code, with the number of the case or event, or else a reason."""

    code: PurposeCode
    number: str
    reason: str


class SystemTold(Form):
    """Whose application it is, who runs it, on whose machines: none of it opens a record."""

    name: str
    owner: str
    operator: str
    host: str


class Me(Marked):
    """What the token stands for."""

    viewer: ViewerTold
    purpose: PurposeTold
    token: str
    """What its owner calls it."""
    expires_at: datetime
    systems: list[SystemTold]
    may_call: list[str]
    """Operations of this API, by their names in its description."""


@router.get("/me", url_name="me", operation_id="me", response={200: Me, **REFUSALS})
def me(request: HttpRequest) -> Me:
    """Who am I: viewer, assignment and purpose of the token."""
    who = caller(request)
    viewer, hat = who.viewer, who.token.assignment
    return Me(
        viewer=ViewerTold(
            number=viewer.number,
            name=who.token.user.name,
            agency=viewer.agency,
            unit=viewer.unit,
            role=viewer.role,
            further_roles=sorted(viewer.roles),
            assignment=viewer.assignment,
            ends=hat.ends,
        ),
        purpose=PurposeTold(
            code=who.purpose.code, number=who.purpose.number, reason=who.purpose.reason
        ),
        token=who.token.name,
        expires_at=who.token.expires_at,
        systems=[
            SystemTold(name=one.name, owner=one.owner, operator=one.operator, host=one.host)
            for one in (door.describe() for door in doors().values())
        ],
        may_call=[
            name.removeprefix(_OURS)
            for name, allowed in ACCESS.items()
            if allowed is not None and may_call(name, viewer.role)
        ],
    )
