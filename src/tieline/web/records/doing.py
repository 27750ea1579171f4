"""What may be done with a record, on the pages of its own system."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tieline.core.agreement.circle import is_protection_desk
from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.exchange.sharing.asking import askable
from tieline.exchange.sharing.verifying import verifiable
from tieline.systems.investigations.desk import at_work
from tieline.systems.investigations.lookouts.approving import may_approve
from tieline.systems.investigations.lookouts.lookout import LookoutStatus
from tieline.ui.parts import Link
from tieline.web.access import may_open
from tieline.wiring.emergencies import danger_opens
from tieline.wiring.marking import WRITERS

__all__ = [
    "ask_url",
    "copy_url",
    "danger_url",
    "doing",
    "released_by",
    "sending",
    "verify_url",
]

_CORRECT: Final = gettext_noop("Correct")
_PROTECT: Final = gettext_noop("Protections")

_PEOPLE: Final = frozenset({"subject", "person"})
_KINDS_OF_CASES: Final = ("person", "vehicle", "vessel", "phone", "address", "business")

_READ: Final[Mapping[tuple[str, str], tuple[tuple[str, str], ...]]] = {
    ("patrol", "event"): (("patrol:event", gettext_noop("The event with its subjects")),),
    ("investigations", "case"): (
        ("investigations:case", gettext_noop("The case with its subject records")),
    ),
}
_CHANGE: Final[Mapping[tuple[str, str], tuple[tuple[str, str], ...]]] = {
    ("patrol", "event"): (
        ("patrol:subject_new", gettext_noop("Add a subject")),
        ("patrol:event_correct", _CORRECT),
        ("patrol:protect", _PROTECT),
    ),
    ("patrol", "subject"): (
        ("patrol:subject_correct", _CORRECT),
        ("patrol:subject_clearance", gettext_noop("Ask the protection desk")),
        ("patrol:protect", _PROTECT),
    ),
    ("investigations", "case"): (
        ("investigations:case_change", gettext_noop("Change or close")),
        ("investigations:protect", _PROTECT),
    ),
    **{
        ("investigations", kind): (
            ("investigations:subject_correct", _CORRECT),
            ("investigations:lookout_new", gettext_noop("Place a lookout")),
            ("investigations:protect", _PROTECT),
        )
        for kind in _KINDS_OF_CASES
    },
    ("investigations", "lookout"): (
        ("investigations:lookout_renew", gettext_noop("Renew")),
        ("investigations:lookout_cancel", gettext_noop("Cancel")),
        ("investigations:protect", _PROTECT),
    ),
}
"""For its owner's people alone: nobody else changes a record."""
_STANDING: Final[Mapping[str, frozenset[str]]] = {
    "investigations:lookout_renew": frozenset({LookoutStatus.ACTIVE}),
    "investigations:lookout_cancel": frozenset({LookoutStatus.DRAFT, LookoutStatus.ACTIVE}),
}
"""What is done with a record in these states alone: what has ended is ended no more."""
_ACTIVATE: Final = "investigations:lookout_activate"


def doing(told: Disclosure, *, system: str, viewer: Viewer) -> tuple[Link, ...]:
    """The pages to which a record leads that this viewer was shown."""
    pages = _READ.get((system, told.kind), ())
    if told.owner_agency == viewer.agency:
        pages += _CHANGE.get((system, told.kind), ())
    found = [
        Link(_(words), reverse(name, args=(told.number,)))
        for name, words in pages
        if may_open(name, viewer.role) and _stands(told, name)
    ]
    at = (system, told.number)
    if told.owner_agency == viewer.agency and viewer.role in WRITERS.get(system, ()):
        found.append(Link(_("Marks"), reverse("marks", args=at)))
    if told.owner_agency == viewer.agency and is_protection_desk(viewer):
        found.append(Link(_("Told to others"), reverse("desk_shown", args=at)))
        if told.kind in _PEOPLE:
            found.append(Link(_("Prohibited sources"), reverse("desk_sources", args=at)))
            found.append(Link(_("Bare precautions"), reverse("desk_precautions", args=at)))
    return tuple(found)


def sending(told: Disclosure, *, system: str, viewer: Viewer) -> tuple[Link, ...]:
    """What is done with a record by one press of a button, sent to the address: a draft of a
    lookout is made active, by who would not be refused.
    """
    if (system, told.kind) != ("investigations", "lookout") or not may_open(_ACTIVATE, viewer.role):
        return ()
    if told.owner_agency != viewer.agency or not may_approve(at_work(), told.number, viewer=viewer):
        return ()
    return (Link(_("Make it active"), reverse(_ACTIVATE, args=(told.number,))),)


def ask_url(told: Disclosure, *, system: str, viewer: Viewer) -> str:
    """Where its owner is asked for more; blank of an own record."""
    if told.owner_agency == viewer.agency or not may_open("request_new", viewer.role):
        return ""
    return reverse("request_new", args=(system, told.number))


def danger_url(
    told: Disclosure, *, system: str, viewer: Viewer, purpose: Purpose, at: datetime
) -> str:
    """Where more of it is opened while a life is in danger; blank where no danger opens more."""
    may = may_open("emergency_new", viewer.role) and askable(told, viewer=viewer)
    if told.emergency or not may:
        return ""
    if not danger_opens(system, told.number, viewer=viewer, purpose=purpose, at=at):
        return ""
    return reverse("emergency_new", args=(system, told.number))


def copy_url(told: Disclosure, *, system: str, viewer: Viewer) -> str:
    """Where a numbered copy is made of another agency's record; whether one may be, its owner's
    system says there.
    """
    if told.owner_agency == viewer.agency or not may_open("record_copy", viewer.role):
        return ""
    return reverse("record_copy", args=(system, told.number))


def verify_url(told: Disclosure, *, system: str, viewer: Viewer) -> str:
    """Where its owner is asked to verify what is shown; blank where there is nothing to verify."""
    if not verifiable(told, viewer=viewer) or not may_open("stamp_new", viewer.role):
        return ""
    return reverse("stamp_new", args=(system, told.number))


def released_by(told: Disclosure) -> str:
    """The request by which more of it is shown; blank where none is."""
    return told.release.replace("RL-", "RQ-", 1)


def _stands(told: Disclosure, name: str) -> bool:
    return name not in _STANDING or told.value("status") in _STANDING[name]
