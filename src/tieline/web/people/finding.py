"""The people whom an administrator may find: those of his agency, and its guests."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from tieline.accounts.models import Assignment, User
from tieline.ui.tables import Asked

__all__ = ["Found", "State", "assignment_of", "found", "person_of", "state_of"]

_NUMBER: Final = re.compile(r"(\D*)(\d{0,18})")
_LONGEST: Final = 64


class State(StrEnum):
    """How a person stands: what needs the administrator first."""

    LOCKED = "locked"
    IDLE = "idle"
    """No assignment holds now, so nothing opens."""
    GIVEN = "given"
    """Has a password for one use, and has not changed it yet."""
    WORKING = "working"


@dataclass(frozen=True, slots=True)
class Found:
    """One page of those found, and how many there are in all."""

    page: Sequence[User]
    total: int


def person_of(agency: str, number: str) -> User | None:
    """A person of the agency or a guest of it; None for any other, be there one or not."""
    return _people(agency).filter(number=_askable(number)).first()


def assignment_of(agency: str, number: str) -> Assignment | None:
    """One of the assignments that give access to the agency."""
    given = Assignment.objects.select_related("user")
    return given.filter(agency=agency, number=_askable(number)).first()


def found(agency: str, wanted: Asked, *, at: datetime) -> Found:
    """Whoever has every word that is asked in name, number or user name, however it is spelled."""
    rows = _people(agency)
    state = wanted.filters.get("state", "")
    if state == State.LOCKED:
        rows = rows.filter(is_active=False)
    elif state == State.GIVEN:
        rows = rows.filter(is_active=True, one_time_until__isnull=False)
    elif state:
        rows = rows.filter(Exists(_held(at)) if state == State.WORKING else ~Exists(_held(at)))
        rows = rows.filter(is_active=True)
    words = _folded(wanted.filters.get("find", "")).split()
    matching = [
        (pk, _folded(name), number)
        for pk, name, number, username in rows.values_list("pk", "name", "number", "username")
        if all(word in _folded(f"{name} {number} {username}") for word in words)
    ]
    by_number = wanted.sort == "number"
    matching.sort(
        key=lambda one: (_place(one[2]),) if by_number else (one[1], _place(one[2])),
        reverse=wanted.descending,
    )
    shown = [pk for pk, _, _ in wanted.page_of(matching)]
    kept = User.objects.prefetch_related("assignments").in_bulk(shown)
    return Found(tuple(kept[pk] for pk in shown), len(matching))


def state_of(person: User, *, at: datetime) -> State:
    """The first that is true of the person."""
    if not person.is_active:
        return State.LOCKED
    if not any(one.holds(at) for one in person.assignments.all()):
        return State.IDLE
    return State.GIVEN if person.one_time_until is not None else State.WORKING


def _people(agency: str) -> QuerySet[User]:
    guests = Assignment.objects.filter(user=OuterRef("pk"), agency=agency)
    return User.objects.filter(Q(agency=agency) | Exists(guests))


def _held(at: datetime) -> QuerySet[Assignment]:
    lasting = Q(ends__isnull=True) | Q(ends__gt=at)
    return Assignment.objects.filter(lasting, user=OuterRef("pk"), starts__lte=at)


def _askable(number: str) -> str:
    # What no database keeps, NUL say, is nobody's number.
    return number if number.isprintable() and len(number) <= _LONGEST else ""


def _folded(text: str) -> str:
    """Without case and accents, which databases compare each in their own way."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def _place(number: str) -> tuple[str, int]:
    # U-9 comes before U-10.
    parts = _NUMBER.match(number)
    letters, digits = parts.groups() if parts else (number, "")
    return letters, int(digits or 0)
