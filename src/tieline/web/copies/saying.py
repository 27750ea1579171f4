"""What stands on a copy: its mark, and in a file the record as fields."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

from tieline.core.agreement.viewer import PurposeCode
from tieline.core.records import Value
from tieline.keeping.copying import NumberedCopy
from tieline.web.words import PURPOSES

__all__ = ["mark_of", "said_of"]


def mark_of(made: NumberedCopy, *, name: str) -> str:
    """Number, who, when, what for, until when: in one line, at the head and the foot."""
    row = made.row
    words = _(
        "Copy %(number)s of %(record)s · made for %(name)s, %(holder)s, %(agency)s %(unit)s, for "
        "%(purpose)s %(case)s · %(made)s UTC · to be destroyed by %(until)s UTC · not to be passed "
        "on"
    )
    return words % {
        "number": row.number,
        "record": row.record,
        "name": name,
        "holder": row.holder,
        "agency": row.agency,
        "unit": row.unit,
        "purpose": PURPOSES[PurposeCode(row.purpose)],
        "case": row.purpose_number,
        "made": f"{row.made_at.astimezone(UTC):%Y-%m-%d %H:%M}",
        "until": f"{row.expires_at.astimezone(UTC):%Y-%m-%d %H:%M}",
    }


def said_of(made: NumberedCopy, *, system: str, name: str) -> dict[str, Any]:
    """The copy as a file; beside each field the clauses by which it is there."""
    row, told = made.row, made.told
    return {
        "mark": mark_of(made, name=name),
        "copy": row.number,
        "holder": row.holder,
        "agency": row.agency,
        "unit": row.unit,
        "purpose": row.purpose,
        "case": row.purpose_number,
        "made_at": row.made_at.isoformat(),
        "destroy_by": row.expires_at.isoformat(),
        "agreement": row.agreement,
        "checkpoint": made.checkpoint,
        "record": {
            "system": system,
            "number": told.number,
            "version": told.version,
            "kind": told.kind,
            "owner": told.owner_agency,
            "unit": told.owning_unit,
            "contact": told.contact,
            "caveats": list(told.caveats),
            "obligations": [one.value for one in told.obligations],
            "fields": [
                {
                    "name": one.name,
                    "value": _plain(one.value),
                    "class": one.field_class.value,
                    "clauses": list(one.clauses),
                }
                for one in told.shown
            ],
            "withheld": [
                {"name": one.name, "class": one.field_class.value, "clauses": list(one.clauses)}
                for one in told.withheld
            ],
        },
    }


def _plain(value: Value) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date | datetime) else value
