"""What entry itself says of protections: it may make one stricter, never looser.

A protection that nobody stated is unknown, and counts as yes (P17). Three are bound to what the
record says, and cannot be stated as no against it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from tieline.systems.patrol.subjects.ages import child_by_age
from tieline.systems.patrol.subjects.subject import Subject

__all__ = ["answers_of", "may_be_a_child", "tighten"]

_US_STATUS: Final = frozenset({"LPR", "USC", "USCW"})

_BOUND_TO: Final[Mapping[str, tuple[str, ...]]] = {
    "asylum": ("fear_claimed",),
    "juvenile": ("birth_date", "claimed_age"),
    "us_person": ("citizenship", "entry_status"),
}


def answers_of(subject: Subject) -> dict[str, tuple[object, ...]]:
    """What stands in the fields to which each protection is bound."""
    return {
        name: tuple(getattr(subject, column) for column in columns)
        for name, columns in _BOUND_TO.items()
    }


def tighten(
    subject: Subject, *, at: datetime, before: Mapping[str, tuple[object, ...]] | None = None
) -> None:
    """Set to yes, or back to unknown, what the record does not let be no.

    With `before`, the answers as they stood, only where an answer changed: what a second person
    decided on other evidence stays.
    """
    now = answers_of(subject)
    for name, least in _LEAST.items():
        if before is not None and before[name] == now[name]:
            continue
        floor = least(subject, at)
        if floor is True or (floor is None and getattr(subject, name) is False):
            setattr(subject, name, floor)


def may_be_a_child(subject: Subject, *, at: datetime) -> bool:
    """Whether birth date and claimed age do not both speak against it."""
    return _child(subject, at) is not False


def _fear(subject: Subject, at: datetime) -> bool | None:
    """8 CFR 208.6: an unclear answer is a yes, a question that was not asked is no answer."""
    return {"": None, "no": False}.get(subject.fear_claimed, True)


def _child(subject: Subject, at: datetime) -> bool | None:
    return child_by_age(
        birth_date=subject.birth_date, claimed_age=subject.claimed_age, on=at.date()
    )


def _us_person(subject: Subject, at: datetime) -> bool | None:
    """P9: citizenship unknown is a US person until shown."""
    if subject.citizenship == "US" or subject.entry_status in _US_STATUS:
        return True
    return False if subject.citizenship else None


_LEAST: Final[Mapping[str, Callable[[Subject, datetime], bool | None]]] = {
    "asylum": _fear,
    "juvenile": _child,
    "us_person": _us_person,
}
