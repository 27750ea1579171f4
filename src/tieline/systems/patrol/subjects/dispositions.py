"""Which disposition may not stand, whatever else is filled in (P9; domain.md 9, rule 9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tieline.systems.patrol.subjects.subject import Subject

__all__ = ["problem_of_disposition"]

_REFERRED_AS: Final[Mapping[str, str]] = {
    "ER": "ER/CF",
    "ER/LR": "ER/CF",
    "REINST": "REINRF",
    "STOW": "STW/CF",
    "VWPRM": "VWP/CF",
}
"""Who claims fear is referred: 8 USC 1225(b)(1)(A)(ii); 8 CFR 208.31."""
_EXPEDITED: Final = frozenset({"ER", "ER/LR"})
_FOR_CITIZENS: Final = frozenset({"REL", "FBUSC", "USC/PR", "HCA", "NIC", "TOT", "T", "NAR"})


def problem_of_disposition(subject: Subject) -> str:
    """What to do instead; blank where nothing is against it."""
    code = subject.disposition
    if not code:
        return ""
    if subject.citizenship == "US" or subject.entry_status in ("USC", "USCW"):
        if code not in _FOR_CITIZENS:
            return "A claim of US citizenship stops processing: ask counsel first."
        return ""
    if code in _EXPEDITED and not subject.fear_claimed:
        return "Ask about fear and record the answer first (8 CFR 235.3(b))."
    if subject.fear_claimed in ("yes", "unclear") and code in _REFERRED_AS:
        return (
            f"Fear was claimed, or the answer is unclear: it is {_REFERRED_AS[code]} "
            "(8 USC 1225(b)(1)(A)(ii))."
        )
    return ""
