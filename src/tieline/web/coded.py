"""What a coded value means, in the words of its code list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tieline.reference import code_list

__all__ = ["meaning"]

_LISTS: Final[Mapping[str, str]] = {
    "sex": "sex",
    "eye": "eye",
    "hair": "hair",
    "citizenship": "country",
    "flag": "country",
    "entry_status": "entry-status",
    "time_in_us": "time-in-us",
    "disposition": "dispositions",
    "processing_code": "dispositions",
    "sector": "sectors",
}


def meaning(name: str, value: str) -> str:
    """The label of a code; blank where the field is not coded, or the label is the code itself."""
    if name not in _LISTS:
        return ""
    label = code_list(_LISTS[name]).understand(value).label
    # Some lists were published in capitals throughout.
    label = label.lower() if label.isupper() else label
    return "" if label == value else label
