"""What stands beside a record: who else may see it, and who holds more."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import Error
from django.urls import reverse

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.clauses import Agreement
from tieline.core.errors import TielineError
from tieline.core.records import RecordNumber
from tieline.exchange.federated import seen_by
from tieline.exchange.index.overlap import links_of
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.systems.pages.sheets import words
from tieline.web.words import KINDS, LEVELS
from tieline.wiring.precautions import precautions_on
from tieline.wiring.systems import doors

__all__ = ["Cautions", "Holder", "Seer", "cautions", "holders", "viewers"]


@dataclass(frozen=True, slots=True)
class Seer:
    """An agency, and how much of the record its people see who have a case in hand."""

    agency: str
    words: str
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """Another record that may be of the same."""

    number: str
    url: str
    words: str


def viewers(
    system: str, number: str, request: HattedRequest, agreement: Agreement
) -> tuple[Seer, ...]:
    """To be asked for a record that this viewer was shown."""
    kept = doors()[system].keeper.find(RecordNumber(number))
    if kept is None or request.viewer is None:
        return ()
    facts = kept.record().facts
    return tuple(
        Seer(one.agency, str(LEVELS[one.level]), one.clauses)
        for one in seen_by(facts, viewer=request.viewer, agreement=agreement, at=request.at)
    )


def holders(system: str, number: str, request: HattedRequest) -> tuple[Holder, ...]:
    """As far as the viewer may know of them; none while the exchange is away."""
    viewer, purpose = request.viewer, request.purpose
    if viewer is None or purpose is None:
        return ()
    try:
        found = links_of(
            system,
            number,
            viewer=viewer,
            purpose=purpose,
            agreement=in_force(EXCHANGE),
            at=request.at,
        )
    except (Error, TielineError):
        return ()
    return tuple(
        Holder(
            number=one.other.number,
            url=reverse("overlap", args=(one.link,)),
            words=f"{one.other.owner_agency} {one.other.owning_unit} · "
            f"{KINDS.get(one.other.kind, one.other.kind)} · {one.state} · {one.other.contact}",
        )
        for one in found
    )


@dataclass(frozen=True, slots=True)
class Cautions:
    """Bare precautions in words, with whom to call; `whole`: every system answered."""

    words: tuple[str, ...]
    contacts: tuple[str, ...]
    whole: bool


def cautions(system: str, number: str, request: HattedRequest) -> Cautions | None:
    """For the people of the record's owner, of a person alone (P18); None to all others."""
    viewer, purpose = request.viewer, request.purpose
    if viewer is None or purpose is None:
        return None
    found = precautions_on(system, number, viewer=viewer, purpose=purpose, at=request.at)
    if found is None:
        return None
    return Cautions(tuple(map(words, found.codes)), found.contacts, found.whole)
