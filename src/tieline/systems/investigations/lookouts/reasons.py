"""Why a lookout may be placed: a closed list (P21). Association alone is not on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["REASONS", "Handling", "Reason"]


class Handling(StrEnum):
    """What whoever comes upon the subject shall do."""

    REFER = "refer"
    """Refer to a second inspection, and call."""
    DETAIN = "detain"
    """Hold on the legal ground named in the facts, and call."""
    NOTIFY = "notify"
    """Tell the owner; do nothing else."""
    SILENT = "silent"
    """Nobody but the owner is told."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of the list, with the handlings that it can carry."""

    code: str
    label: str
    handlings: frozenset[Handling] = frozenset(Handling)


_NO_GROUND_TO_DETAIN: Final = frozenset(Handling) - {Handling.DETAIN}

REASONS: Final = {
    one.code: one
    for one in (
        Reason("warrant", "Warrant of arrest"),
        Reason("removal_order", "Final order of removal, or reentry after one"),
        Reason("smuggling", "Suspected of smuggling people", _NO_GROUND_TO_DETAIN),
        Reason("trafficking", "Suspected of trafficking people", _NO_GROUND_TO_DETAIN),
        Reason("narcotics", "Suspected of smuggling drugs", _NO_GROUND_TO_DETAIN),
        Reason("weapons", "Suspected of smuggling weapons", _NO_GROUND_TO_DETAIN),
        Reason("currency", "Suspected of smuggling or laundering money", _NO_GROUND_TO_DETAIN),
        Reason("document_fraud", "Suspected of document fraud", _NO_GROUND_TO_DETAIN),
        Reason("stolen", "Stolen vehicle or vessel"),
        Reason("missing", "Missing or endangered person", frozenset({Handling.NOTIFY})),
        Reason("sanctions", "On a published sanctions list", frozenset({Handling.NOTIFY})),
        Reason(
            "other_case", "Other ground of an open case, as the facts say", _NO_GROUND_TO_DETAIN
        ),
    )
}
"""By code. A published sanctions list, or a suspicion, is no ground to detain (P21)."""
