"""One record through its owner's door; who else sees it, and who holds more."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from tieline.api.caller import Caller, caller
from tieline.api.errors import NO_ANSWER, NOTHING, REFUSALS, Refused
from tieline.api.form import Form
from tieline.api.told import Marked, RecordTold, told_of
from tieline.core.agreement.disclose import NOTHING as NOTHING_TOLD
from tieline.core.agreement.disclose import Disclosure
from tieline.core.ports import SystemState
from tieline.core.records import Level, RecordNumber
from tieline.exchange.federated import fetch, seen_by
from tieline.exchange.index.models import LinkState
from tieline.exchange.index.overlap import links_of
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import ACCOUNTS, EXCHANGE
from tieline.wiring.disputes import disputed_links
from tieline.wiring.systems import doors

__all__ = ["fetched", "router"]

router = Router()


class RecordAnswer(Marked):
    """The record, as far as it may be seen."""

    record: RecordTold


class SeerTold(Form):
    """An agency, and how much its people see who are sworn, trained, and have a case in hand."""

    agency: str
    level: Level
    clauses: list[str]


class ViewersTold(Marked):
    """Who can see the record. From whom it is hidden, its owner's people alone are told."""

    viewers: list[SeerTold]


class LinkTold(Form):
    """Another record that may be of the same."""

    overlap: str
    """By which the overlap is opened."""
    relation: str
    state: LinkState
    firm: bool
    other: RecordTold


class LinksTold(Marked):
    """Who holds more, as far as the viewer may know."""

    links: list[LinkTold]


@router.get(
    "/records/{system}/{number}",
    url_name="record",
    operation_id="record",
    response={200: RecordAnswer, **REFUSALS},
)
def record(request: HttpRequest, system: str, number: str) -> RecordAnswer:
    """A record as this viewer may see it: fields shown, fields withheld with reason and clause."""
    told = fetched(caller(request), system, number)
    return RecordAnswer(record=told_of(told, system=system))


@router.get(
    "/records/{system}/{number}/viewers",
    url_name="record_viewers",
    operation_id="record_viewers",
    response={200: ViewersTold, **REFUSALS},
)
def record_viewers(request: HttpRequest, system: str, number: str) -> ViewersTold:
    """Who can see this record, for somebody who sees it himself."""
    who = caller(request)
    told = fetched(who, system, number)
    kept = doors()[system].keeper.find(told.number)
    if kept is None:
        raise Refused(404, NOTHING)
    seers = seen_by(kept.record().facts, viewer=who.viewer, agreement=in_force(ACCOUNTS), at=who.at)
    return ViewersTold(
        viewers=[
            SeerTold(agency=one.agency, level=one.level, clauses=list(one.clauses)) for one in seers
        ]
    )


@router.get(
    "/records/{system}/{number}/links",
    url_name="record_links",
    operation_id="record_links",
    response={200: LinksTold, **REFUSALS},
)
def record_links(request: HttpRequest, system: str, number: str) -> LinksTold:
    """Other records that may be of the same, for somebody who sees this one."""
    who = caller(request)
    told = fetched(who, system, number)
    found = links_of(
        system,
        told.number,
        viewer=who.viewer,
        purpose=who.purpose,
        agreement=in_force(EXCHANGE),
        at=who.at,
    )
    return LinksTold(
        links=[
            LinkTold(
                overlap=one.link,
                relation=one.relation,
                state=one.state,
                firm=one.firm,
                other=told_of(one.other, system=one.system),
            )
            for one in disputed_links(found)
        ]
    )


def fetched(who: Caller, system: str, number: str) -> Disclosure:
    """Through the door, with its entry in the ledger. Absent and hidden are refused alike."""
    door = doors().get(system)
    if door is None:
        raise Refused(404, NOTHING)
    found = fetch(door, RecordNumber(number), viewer=who.viewer, purpose=who.purpose, at=who.at)
    if found.state is SystemState.NO_ANSWER:
        raise Refused(503, NO_ANSWER)
    if found.disclosure == NOTHING_TOLD:
        raise Refused(404, NOTHING)
    return found.disclosure
