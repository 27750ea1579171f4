"""What of an entry somebody who examines may see: of a hidden record as much as of none (P7, P26).

Within the agencies that he examines, all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from tieline.core.agreement.decide import Gate
from tieline.core.ledger.events import Event
from tieline.exchange.oversight.examining import Examined

__all__ = ["REFUSED", "cut", "query_is_told"]

REFUSED: Final = frozenset({Event.RECORD_REFUSED.value, Event.COPY_REFUSED.value})
"""Of a record that was asked for and not given, or that there is not."""

# Asked before it is known whether there is a record. All other gates can turn on it: a record whose
# owner is no party, or on which the engine fails, cites that in place of a training that lapsed.
_BEFORE_THE_RECORD: Final = frozenset(one.replace(":", "-") for one in (Gate.SIGNED, Gate.PURPOSE))
_OF_THE_RECORD: Final = ("record", "record_version", "owner", "shown", "withheld")
# A purpose's number may be that of a record that is hidden from the auditor; and by the commitment
# of a side row one could tell a look that had such a number from one that had a reason.
_OF_THE_OTHERS_WORK: Final = ("case", "side")


def cut(said: Mapping[str, Any], examined: Examined) -> dict[str, Any]:
    """The entry's fields without what is not to be known of it.

    Of a refused look at another agency's record nothing is left that a look at no record has not.
    Of what another agency's people did, the purpose is left without its number.
    """
    told = dict(said)
    if _is_refused_elsewhere(said, examined):
        for name in _OF_THE_RECORD:
            told.pop(name, None)
        told["clauses"] = [one for one in said.get("clauses", ()) if one in _BEFORE_THE_RECORD]
        if not told["clauses"]:
            del told["clauses"]
    if not examined.has(said.get("agency", "")):
        for name in _OF_THE_OTHERS_WORK:
            told.pop(name, None)
    return told


def query_is_told(said: Mapping[str, Any], examined: Examined) -> bool:
    """Whether the side row is told: what another agency's people typed is theirs, though they met a
    record of an agency that is examined.
    """
    return examined.has(said.get("agency", "")) and not _is_refused_elsewhere(said, examined)


def _is_refused_elsewhere(said: Mapping[str, Any], examined: Examined) -> bool:
    refused = said.get("event") in REFUSED
    return refused and not examined.has(said.get("owner", ""))
