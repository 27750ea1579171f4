"""How long letters to redress officers are kept, and that no backup of the exchange brings them
back: the accounts' ledger notes what was forgotten, too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction

from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.events import Event
from tieline.core.retention import Due, Rule, purge_due
from tieline.exchange.redress.forgetting import SYSTEM, forget_letter, letters_of
from tieline.exchange.redress.models import Matter, MatterState
from tieline.keeping.databases import ACCOUNTS
from tieline.keeping.ledger import line
from tieline.keeping.rows import LedgerRow
from tieline.wiring.ledgers import LEDGERS

__all__ = ["destroy_letter", "due_of", "find_letter", "forget_again", "letters_standing"]


def letters_standing(
    agency: str, rule: Rule | None, *, held: Callable[[str], bool], at: datetime
) -> Iterator[tuple[str, Due]]:
    """The number of each letter that the agency keeps, and how it stands with its schedule."""
    for matter in letters_of(agency):
        yield matter.number, due_of(matter, rule, held=held, at=at)


def due_of(matter: Matter, rule: Rule | None, *, held: Callable[[str], bool], at: datetime) -> Due:
    """Its clock runs from the last step, not from the day on which the letter came. A legal hold on
    the record on which it was decided keeps it, too.
    """
    return purge_due(
        rule,
        collected=matter.changed_at,
        changed=matter.changed_at,
        over=matter.state == MatterState.DECIDED,
        held=bool(matter.decided_on) and held(matter.decided_on),
        at=at,
    )


def find_letter(number: str, agency: str) -> Matter | None:
    """A letter that this agency keeps."""
    return letters_of(agency).filter(number=number).first() if number.isprintable() else None


def destroy_letter(number: str, *, order: str = "", author: Viewer, at: datetime) -> None:
    """Forget it, and note that where no backup of the exchange takes the note back. Two databases:
    killed in between, the letter is there still, and the purge is done again.
    """
    with transaction.atomic(using=ACCOUNTS):
        ledger = LEDGERS["accounts"]
        ledger.hold()
        if number not in _forgotten():
            said = line(
                Event.RECORD_PURGED,
                at=at,
                viewer=author,
                keeper=SYSTEM,
                record=number,
                owner=author.agency,
            )
            ledger.append([said])
    forget_letter(number, order=order, author=author, at=at)


def forget_again(*, at: datetime) -> int:
    """What a restored exchange remembers though it was forgotten; gives how many letters."""
    return sum(forget_letter(number, author=None, at=at) for number in _forgotten())


def _forgotten() -> list[str]:
    rows = LedgerRow.objects.using(ACCOUNTS).filter(event=Event.RECORD_PURGED.value)
    said = map(json.loads, rows.order_by("sequence").values_list("data", flat=True))
    return [one["record"] for one in said if one.get("keeper") == SYSTEM and "record" in one]
