"""A record as somebody else would see it now: through the same door, with the same entry."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from tieline.accounts.hats import NoHat, active_assignment, viewer_of
from tieline.accounts.models import User
from tieline.core.agreement.decide import barred
from tieline.core.agreement.disclose import NOTHING, Disclosure
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.ports import SystemState
from tieline.core.records import RecordNumber
from tieline.exchange.federated import fetch
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import ACCOUNTS
from tieline.keeping.trace import request_number
from tieline.wiring.systems import doors

__all__ = ["Preview", "preview", "viewer_called"]


@dataclass(frozen=True, slots=True)
class Preview:
    """What was told. Of what is hidden no more than of what there is not."""

    state: SystemState
    """Depends on the viewer and the purpose alone, unless a system did not answer (P26)."""
    system: str = ""
    """Which holds it; blank where nothing was told."""
    told: Disclosure = field(default=NOTHING, repr=False)
    why: tuple[str, ...] = ()
    """The gate that is shut for this viewer and purpose, in words."""

    @property
    def is_silent(self) -> bool:
        """Whether a system that might hold it did not answer."""
        return self.state is SystemState.NO_ANSWER


def preview(
    number: str,
    *,
    user: str,
    purpose: Purpose,
    systems: Sequence[str],
    at: datetime,
) -> Preview:
    """Ask each of the systems in turn until one tells something; raises `NoHat` where there is no
    such user, or none with an assignment now.
    """
    viewer = viewer_called(user, at=at)
    # All entries of one look under one number, as those of a request.
    token = request_number.set(uuid.uuid4().hex)
    try:
        return _seen(number, viewer, purpose, systems, at)
    finally:
        request_number.reset(token)


def _seen(
    number: str, viewer: Viewer, purpose: Purpose, systems: Sequence[str], at: datetime
) -> Preview:
    state = SystemState.ANSWERED
    for name in systems:
        found = fetch(doors()[name], RecordNumber(number), viewer=viewer, purpose=purpose, at=at)
        if found.disclosure != NOTHING:
            return Preview(found.state, name, found.disclosure)
        if state is not SystemState.NO_ANSWER:
            state = found.state
    shut = barred(in_force(ACCOUNTS), viewer=viewer, purpose=purpose, at=at)
    return Preview(state, why=shut.reasons if shut is not None else ())


def viewer_called(user: str, *, at: datetime) -> Viewer:
    """Who is called so, by user name or number, in the assignment of now; raises `NoHat`."""
    person = User.objects.filter(Q(username=user) | Q(number=user), is_active=True).first()
    hat = active_assignment(person, at=at) if person is not None else None
    if person is None or hat is None:
        raise NoHat(
            f"there is no user {user!r} with an assignment that holds now",
            cure="Give a user name as at sign-in, or the number on the page of people.",
        )
    return viewer_of(person, hat)
