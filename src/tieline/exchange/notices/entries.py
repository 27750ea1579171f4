"""What a list of notices tells of each record, its pointer, and the entry that it leaves for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.disclose import NOTHING, Answer, Disclosure, disclose
from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.records import Level, Pointer
from tieline.exchange.directory.units import unit_viewer
from tieline.exchange.notices.models import NoticeRow
from tieline.keeping.door import disclosure_line
from tieline.keeping.ledger import Line

__all__ = ["Known", "entries", "others", "pointer_of"]


@dataclass(frozen=True, slots=True)
class Known:
    """A notice of which the viewer may know both records."""

    row: NoticeRow
    own_pointer: Pointer
    own: Answer
    other: Answer


def pointer_of(answer: Answer, record: Pointer) -> Answer:
    """Cut to which record it is, whose, and whom to call. Its fields are for who opens it."""
    return Answer(
        replace(answer.disclosure, level=Level.POINTER, caveats=(), shown=(), withheld=()),
        replace(
            answer.inward,
            withheld=frozenset(one.field_class for one in record.fields.values()),
        ),
    )


def entries(
    told: Iterable[Known],
    *,
    viewer: Viewer,
    purpose: Purpose | None,
    agreement: Agreement,
    at: datetime,
) -> list[Line]:
    """One for each foreign record; without a purpose, for the work on the own one."""
    at_the_other_side = cache(unit_viewer)
    found = []
    for one in told:
        other = one.row.other
        if other.owner_agency == viewer.agency:
            continue
        theirs = disclose(
            one.own_pointer,
            viewer=at_the_other_side(agency=other.owner_agency, unit=other.owning_unit),
            purpose=_work_on(other.number),
            agreement=agreement,
            at=at,
            way=Action.NOTIFY,
        )
        # An auditor reads what names his agency as the owner. Where its people may not know the
        # record that theirs was matched with, that would tell them that something was (P7).
        owner = None if theirs.disclosure == NOTHING else other.owner_agency
        found.append(
            disclosure_line(
                one.other,
                number=other.number,
                keeper=other.system,
                owner=owner,
                viewer=viewer,
                purpose=purpose or _work_on(one.row.own.number),
                agreement=agreement,
                at=at,
            )
        )
    return found


def others(told: Iterable[Known]) -> list[tuple[str, Disclosure]]:
    """The other record of each as it is shown, with its keeper: what its reader receives."""
    return [(one.row.other.system, one.other.disclosure) for one in told]


def _work_on(number: str) -> Purpose:
    return Purpose(code=PurposeCode.DECONFLICTION, number=number)
