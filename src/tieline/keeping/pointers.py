"""A pointer as text, as it lies in the outbox and crosses to the exchange."""

from __future__ import annotations

import json
from dataclasses import fields
from functools import lru_cache
from typing import Any, Final

from tieline.core.records import Pointer, Protections, RecordNumber

__all__ = ["read_pointer", "remembered", "written"]

_REMEMBERED: Final = 1 << 14
"""Pointers, of some two kilobytes each."""


def written(pointer: Pointer) -> str:
    """JSON with sorted keys."""
    return json.dumps(
        {
            "system": pointer.system,
            "number": pointer.number,
            "version": pointer.version,
            "kind": pointer.kind,
            "owner_agency": pointer.owner_agency,
            "owning_unit": pointer.owning_unit,
            "contact": pointer.contact,
            "protections": {
                flag.name: getattr(pointer.protections, flag.name) for flag in fields(Protections)
            },
            "caveats": sorted(pointer.caveats),
            "names": pointer.names,
            "birth_date": pointer.birth_date,
            "sex": pointer.sex,
            "identifiers": pointer.identifiers,
            "phones": pointer.phones,
            "plates": pointer.plates,
            "tombstone": pointer.tombstone,
        },
        sort_keys=True,
        ensure_ascii=False,
    )


def read_pointer(text: str) -> Pointer:
    """What `written` wrote; raises `RecordMalformed` where no such pointer may be."""
    said: dict[str, Any] = json.loads(text)
    return Pointer(
        system=said["system"],
        number=RecordNumber(said["number"]),
        version=said["version"],
        kind=said["kind"],
        owner_agency=said["owner_agency"],
        owning_unit=said["owning_unit"],
        contact=said["contact"],
        protections=Protections(**said["protections"]),
        caveats=frozenset(said["caveats"]),
        names=tuple(said["names"]),
        birth_date=said["birth_date"],
        sex=said["sex"],
        identifiers=tuple((kind, number) for kind, number in said["identifiers"]),
        phones=tuple(said["phones"]),
        plates=tuple(said["plates"]),
        tombstone=said["tombstone"],
    )


@lru_cache(maxsize=_REMEMBERED)
def remembered(text: str) -> Pointer:
    """The same, read once for those that are met again and again; by its text none is outdated."""
    return read_pointer(text)
