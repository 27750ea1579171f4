"""Pointers as the tests of online matching make them: of nobody."""

from __future__ import annotations

from tieline.core.records import Pointer, Protections, RecordNumber

__all__ = ["person", "pointer", "vehicle"]


def pointer(
    kind: str,
    *names: str,
    number: str = "1",
    born: str = "",
    sex: str = "",
    identifiers: tuple[tuple[str, str], ...] = (),
    phones: tuple[str, ...] = (),
    plates: tuple[str, ...] = (),
    protections: Protections | None = None,
) -> Pointer:
    return Pointer(
        system="patrol",
        number=RecordNumber(number),
        version=1,
        kind=kind,
        owner_agency="patrol",
        owning_unit="TCA/NGL",
        contact="",
        protections=protections or Protections.screened(),
        caveats=frozenset(),
        names=names,
        birth_date=born,
        sex=sex,
        identifiers=identifiers,
        phones=phones,
        plates=plates,
    )


def person(
    *names: str,
    number: str = "1",
    born: str = "",
    sex: str = "",
    phones: tuple[str, ...] = (),
    **identifiers: str,
) -> Pointer:
    """A person; identifiers by keyword: `a_number="A087654321"`."""
    return pointer(
        "person",
        *names,
        number=number,
        born=born,
        sex=sex,
        identifiers=tuple(identifiers.items()),
        phones=phones,
    )


def vehicle(plate: str = "", *, vin: str = "", number: str = "1") -> Pointer:
    return pointer(
        "vehicle",
        number=number,
        plates=(plate,) if plate else (),
        identifiers=(("vin", vin),) if vin else (),
    )
