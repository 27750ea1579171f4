"""Whether somebody is in custody by a record: what is said of who he is then changes what is done
with him, so that one person alone does not decide it.
"""

from __future__ import annotations

import logging

from django.db import Error

from tieline.wiring.systems import doors

__all__ = ["is_held"]

log = logging.getLogger(__name__)


def is_held(system: str, number: str) -> bool:
    """By the record of that number; where its system does not answer, yes: unknown is protected."""
    door = doors().get(system)
    if door is None:
        return True
    try:
        record = door.keeper.find(number)
    except Error as error:
        log.error("%s cannot be asked who is in custody: %s", system, type(error).__name__)
        return True
    return record is not None and bool(record.in_custody)
