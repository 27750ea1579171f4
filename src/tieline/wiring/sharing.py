"""An owner's answer to a request, in two databases: first where the records are, then where it was
asked. Killed in between, the release stands, and whoever answers again completes the answer.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import Error

from tieline.core.agreement.decide import Decision
from tieline.core.agreement.refusing import RefusalReason
from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.core.records import FieldClass
from tieline.exchange.directory.units import unit_viewer
from tieline.exchange.sharing import answering
from tieline.exchange.sharing.inbox import NoSuchRequest, consent_asked
from tieline.exchange.sharing.lines import purpose_of
from tieline.exchange.sharing.models import Consent, ReleaseRequest
from tieline.keeping.door import Door
from tieline.keeping.releases import ReleaseRow, given_by
from tieline.keeping.releasing import (
    ReleaseRefused,
    Terms,
    consents_needed,
    end_without_consent,
    give,
    may_be_released,
    recall,
    still_known,
)
from tieline.wiring.systems import doors

__all__ = [
    "Given",
    "answer_consent",
    "grant",
    "open_to_release",
    "recall_release",
    "refuse",
    "release_of",
    "released_by",
    "terms_of",
]

log = logging.getLogger(__name__)

_MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Given:
    """A release, and the system in which it stands."""

    system: str
    row: ReleaseRow


def open_to_release(
    row: ReleaseRequest, *, viewer: Viewer, at: datetime
) -> Mapping[FieldClass, Decision]:
    """Of each class that was asked whether this viewer may release it, and where not, why."""
    return may_be_released(
        _door(row.system),
        row.record,
        _classes(row.classes),
        recipient=unit_viewer(agency=row.agency, unit=row.unit),
        purpose=purpose_of(row),
        author=viewer,
        at=at,
    )


def grant(
    number: str,
    *,
    classes: Collection[FieldClass],
    copies: bool = False,
    expires_at: datetime,
    caveats: str,
    viewer: Viewer,
    at: datetime,
) -> ReleaseRequest:
    """Release what was asked, or a part of it. Nothing that was not asked is released.

    Raises `NoSuchRequest`, `AnswerRefused` or `ReleaseRefused`.
    """
    row = answering.to_be_answered(number, viewer=viewer, at=at)
    terms = terms_of(
        row,
        classes=classes,
        copies=copies,
        expires_at=expires_at,
        caveats=caveats,
        author=viewer,
    )
    return _note(row, give(_door(row.system), terms, author=viewer, at=at), viewer, at)


def terms_of(
    row: ReleaseRequest,
    *,
    classes: Collection[FieldClass],
    copies: bool,
    expires_at: datetime,
    caveats: str,
    author: Viewer,
) -> Terms:
    """On which terms a request is released: no more than was asked, with the consents that it
    needs. Raises `AnswerRefused` or `ReleaseRefused`.
    """
    if not frozenset(classes) <= _classes(row.classes) or copies > row.copies:
        raise ReleaseRefused("this was not asked for", cure="Release what was asked, or a part.")
    consents = answering.consents_given(row)
    needed = consents_needed(_door(row.system), row.record, author=author) - consents
    if needed:
        raise ReleaseRefused(
            f"it came from {', '.join(sorted(needed))}, which was not asked",
            cure="Ask for its consent first, or refuse.",
        )
    return Terms(
        number=row.release,
        record=row.record,
        recipient=unit_viewer(agency=row.agency, unit=row.unit),
        purpose=purpose_of(row),
        classes=frozenset(classes),
        expires_at=expires_at,
        copies=copies,
        caveats=caveats,
        consents=consents,
    )


def refuse(
    number: str, reason: RefusalReason, *, said: str, viewer: Viewer, at: datetime
) -> ReleaseRequest:
    """Say no. Where a release was given already and only its note was lost, raises
    `ReleaseRefused`, and the note is made up for: what is open must not read as refused.
    """
    row = answering.to_be_answered(number, viewer=viewer, at=at)
    before = _given(_door(row.system), row.release, viewer)
    if before is not None:
        _note(row, before, viewer, at)
        raise ReleaseRefused(
            f"{row.release} was given on this request", cure="Recall it, if it shall not stand."
        )
    return answering.refuse(number, reason, said=said, viewer=viewer, at=at)


def recall_release(system: str, number: str, *, why: str, viewer: Viewer, at: datetime) -> None:
    """Take a release back; it is closed from here on, whether or not the exchange answers. Those
    who had it are told as soon as it does: recall it once more where it did not.

    Raises `ReleaseRefused`.
    """
    door = doors().get(system)
    if door is None:
        raise ReleaseRefused("your agency gave no such release", cure="Check its number.")
    recall(door, number, why=why, author=viewer, at=at)
    try:
        answering.note_recalled(number, owner=viewer.agency, viewer=viewer, at=at)
    except (Error, TielineError) as error:
        log.error("a recall could not be told: %s", type(error).__name__)


def answer_consent(number: str, *, given: bool, viewer: Viewer, at: datetime) -> Consent:
    """Say yes or no for the agency that gave what is asked for. A no ends what was released on its
    former yes. Raises `NoSuchRequest`.
    """
    asked = consent_asked(number, viewer=viewer).request
    if not given and end_without_consent(_door(asked.system), asked.release, author=viewer, at=at):
        answering.note_recalled(asked.release, owner=asked.owner_agency, viewer=viewer, at=at)
    return answering.answer_consent(number, given=given, viewer=viewer, at=at)


def release_of(system: str, number: str, *, agency: str) -> ReleaseRow | None:
    """A release that the agency gave from this system; None of any other, be there one or not."""
    door = doors().get(system)
    if door is None or not number.isprintable():
        return None
    return given_by(door.keeper.database, agency, numbers=[number]).first()


def released_by(viewer: Viewer, *, at: datetime) -> list[Given]:
    """What the viewer's agency released, from every system; what ended as well, the newest first.
    Of a record that he may not know of any more, nothing.
    """
    found = [
        Given(name, row)
        for name, door in doors().items()
        for row in given_by(door.keeper.database, viewer.agency)[:_MOST]
        if still_known(door, row, author=viewer, at=at)
    ]
    return sorted(found, key=lambda one: one.row.given_at, reverse=True)


def _note(row: ReleaseRequest, given: ReleaseRow, viewer: Viewer, at: datetime) -> ReleaseRequest:
    return answering.note_given(
        row.number,
        granted=given.classes,
        copies=given.copies,
        expires_at=given.expires_at,
        said=given.caveats,
        viewer=viewer,
        at=at,
    )


def _given(door: Door, number: str, viewer: Viewer) -> ReleaseRow | None:
    return given_by(door.keeper.database, viewer.agency, numbers=[number]).first()


def _door(system: str) -> Door:
    door = doors().get(system)
    if door is None:
        raise NoSuchRequest
    return door


def _classes(names: Collection[str]) -> frozenset[FieldClass]:
    known = set(FieldClass)
    return frozenset(FieldClass(one) for one in names if one in known)
