"""One question to every system of the node, and how each answered."""

from __future__ import annotations

from typing import Annotated, Final

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from tieline.api.caller import caller
from tieline.api.errors import REFUSALS, Refusal, Refused
from tieline.api.form import Form, Strict
from tieline.api.told import Marked, RecordTold, told_of
from tieline.core.asking import LONGEST, understood
from tieline.core.ports import Query, SystemState
from tieline.exchange.federated import search as ask
from tieline.wiring.systems import doors

__all__ = ["router"]

router = Router()

_Text = Annotated[str, Field(max_length=LONGEST)]
_Texts = Annotated[list[_Text], Field(max_length=10, default_factory=list)]
_MOST: Final = 200
_ASKED_NOTHING: Final = Refusal(
    code="asked_nothing",
    what="Nothing was understood that could be looked for.",
    cure="Give a name, a birth date, a document's or record's number, a phone or a plate.",
)
_NO_SYSTEM: Final = Refusal(
    code="no_system", what="There is no system of this name.", cure="See the systems of /me."
)


class SearchEntry(Strict):
    """What is looked for, in the body of the call: names do not belong into addresses.

    Either `words`, as one would type them into the box of a page, or the fields.
    """

    words: _Text = ""
    names: _Texts
    birth_date: _Text = ""
    """1990-03-12, or what is known of it: 1990-03, 1990."""
    identifiers: _Texts
    phones: _Texts
    plates: _Texts
    system: Annotated[str, Field(max_length=32)] = ""
    """One system alone; blank asks all."""
    limit: Annotated[int, Field(ge=1, le=_MOST, strict=True)] = 50
    """Rows of each system at most."""

    def query(self) -> Query:
        """The question as systems take it."""
        fields = Query(
            names=tuple(filter(str.strip, self.names)),
            birth_date=self.birth_date.strip(),
            identifiers=tuple(filter(str.strip, self.identifiers)),
            phones=tuple(filter(str.strip, self.phones)),
            plates=tuple(filter(str.strip, self.plates)),
        )
        return fields if fields != Query() else understood(self.words)


class AskedTold(Form):
    """What was understood, and asked."""

    names: list[str]
    birth_date: str
    identifiers: list[str]
    phones: list[str]
    plates: list[str]


class SystemAnswered(Form):
    """How a system answered; it depends on viewer and purpose, never on what there is (P26)."""

    system: str
    state: SystemState
    more: bool
    """Whether there are rows beyond the limit that the viewer may know of."""


class SearchTold(Marked):
    """Every row that may be told. That there is none is not a clearance."""

    asked: AskedTold
    systems: list[SystemAnswered]
    rows: list[RecordTold]


@router.post(
    "/search", url_name="search", operation_id="search", response={200: SearchTold, **REFUSALS}
)
def search(request: HttpRequest, entry: SearchEntry) -> SearchTold:
    """Search all systems, each with its state. Each search is in each system's ledger."""
    who = caller(request)
    query = entry.query()
    if query == Query():
        raise Refused(422, _ASKED_NOTHING)
    systems = doors()
    if entry.system:
        if entry.system not in systems:
            raise Refused(422, _NO_SYSTEM)
        systems = {entry.system: systems[entry.system]}
    answers = ask(
        systems,
        query,
        viewer=who.viewer,
        purpose=who.purpose,
        at=who.at,
        limit=entry.limit,
    )
    return SearchTold(
        asked=AskedTold(
            names=list(query.names),
            birth_date=query.birth_date,
            identifiers=list(query.identifiers),
            phones=list(query.phones),
            plates=list(query.plates),
        ),
        systems=[
            SystemAnswered(system=one.name, state=one.state, more=one.more) for one in answers
        ],
        rows=[told_of(told, system=one.name) for one in answers for told in one.rows],
    )
