"""Carries a correction of a subject record on to its lookouts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tieline.keeping.records import KeptRecord
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.lookouts.grounds import IDENTITY, LookoutRefused, identified
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutStatus

__all__ = ["carried", "identity_of"]

_STANDING: Final = (LookoutStatus.DRAFT, LookoutStatus.ACTIVE)


def identity_of(subject: KeptRecord) -> dict[str, Any]:
    """By what a subject record is known, of what a lookout takes from it."""
    return {name: getattr(subject, name) for name in IDENTITY if hasattr(subject, name)}


def carried(desk: Desk, subject: KeptRecord, *, before: Mapping[str, Any]) -> Iterator[Lookout]:
    """The lookouts that stand on a subject record, each with what the record says now in place of
    what it said `before`; the caller keeps them with the record. What a lookout says otherwise,
    because its author had it otherwise, stays.

    Raises `LookoutRefused` where an active one would be left with nobody to look for.
    """
    changed = {name: now for name, now in identity_of(subject).items() if now != before[name]}
    if not changed:
        return
    rows = Lookout._default_manager.using(desk.keeper.database).filter(
        subject=subject.number, status__in=_STANDING
    )
    for lookout in rows.order_by("number"):
        taken = {
            name: now
            for name, now in changed.items()
            if not getattr(lookout, name) or getattr(lookout, name) == before[name]
        }
        if not taken:
            continue
        for name, now in taken.items():
            setattr(lookout, name, now)
        if lookout.status == LookoutStatus.ACTIVE and not identified(lookout):
            raise LookoutRefused(
                "an active lookout would be left with nobody to look for",
                cure="End the lookout first, or give a date of birth or another number.",
            )
        yield lookout
