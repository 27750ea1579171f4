"""What the people of a story do: enter, look, search, and ask the ledger about it afterwards."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from tests.ledgers import rows_of
from tests.people import AT
from tests.web.cast import CAST, INQUIRY, sign_in
from tests.web.planted import screened
from tests.web.scene import match

from tieline.core.agreement.viewer import Purpose
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.keeping.rows import LedgerRow
from tieline.systems.investigations import desk as investigations
from tieline.systems.investigations.cases.case import CaseDraft
from tieline.systems.investigations.cases.opening import open_case
from tieline.systems.investigations.lookouts.grounds import Grounds
from tieline.systems.investigations.lookouts.lookout import LookoutDraft
from tieline.systems.investigations.lookouts.placing import place_lookout
from tieline.systems.investigations.subjects.adding import add_subject as add_to_case
from tieline.systems.investigations.subjects.person import PersonDraft
from tieline.systems.patrol import desk as patrol
from tieline.systems.patrol.events.event import EventDraft
from tieline.systems.patrol.events.opening import open_event
from tieline.systems.patrol.subjects.adding import add_subject as add_to_event
from tieline.systems.patrol.subjects.subject import SubjectDraft

__all__ = [
    "Person",
    "apprehend",
    "known_to_a_case",
    "looked_for",
    "looks",
    "names_of",
    "new_case",
    "new_event",
]

_BY_CASE: Final = {"author": CAST["investigator"], "at": AT}
_BY_PATROL: Final = {"author": CAST["agent"], "at": AT}
_GROUNDS: Final = Grounds(
    first_amendment=False, association_alone=False, prohibited_source=False, counsel_needed=False
)


@dataclass
class Person:
    """Somebody of the cast at a screen."""

    who: str
    purpose: Purpose | None = INQUIRY
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = sign_in(CAST[self.who], self.purpose)

    def reads(self, url: str, **asked: str) -> str:
        """The page, which opens."""
        answer = self.client.get(url, asked)
        assert answer.status_code == 200, (self.who, url, answer.status_code)
        return _main(answer)

    def is_told_nothing(self, url: str) -> bool:
        """Whether there is no such page for this person."""
        return self.client.get(url).status_code == 404

    def searches(self, words: str) -> str:
        return self.reads(reverse("search"), q=words, all="")

    def notices(self) -> str:
        return self.reads(reverse("notices"))

    def opens(self, system: str, number: str, **asked: str) -> str:
        return self.reads(record(system, number), **asked)

    def overlaps(self) -> list[str]:
        """The addresses of those that the notices lead to."""
        found = re.findall(r'href="(/overlaps/[^"]+)"', self.notices())
        return list(dict.fromkeys(found))


def record(system: str, number: str) -> str:
    """A record's address."""
    return reverse("record", args=(system, number))


def new_case(title: str = "Guides of the wash") -> str:
    """Its number."""
    draft = CaseDraft(title=title, office="LA", protections=screened())
    return open_case(investigations.at_work(), draft, **_BY_CASE).number


def known_to_a_case(case: str, *flags: str, kind: type[Any] = PersonDraft, **about: Any) -> str:
    """The number of a person or thing that an investigator keeps."""
    draft = kind(case=case, protections=screened(*flags), **about)
    return add_to_case(investigations.at_work(), draft, **_BY_CASE).number


def looked_for(subject: str, **about: Any) -> str:
    """The number of a lookout for somebody of a case."""
    said = {
        "subject": subject,
        "reason": "smuggling",
        "facts": "Seen twice at the western wash.",
        "handling": "refer",
        "instructions": "Call the duty desk.",
        "effective_on": "2026-11-23",
        "expires_on": "2027-05-01",
        "status": "active",
        "source_note": "Own observation.",
        "protections": screened(),
        **about,
    }
    desk = investigations.at_work()
    return place_lookout(desk, LookoutDraft(**said), grounds=_GROUNDS, **_BY_CASE).number


def new_event(**about: Any) -> str:
    """The number of an event of the patrol."""
    said = {"apprehended_at": AT - timedelta(hours=2), "sector": "TCA", "protections": screened()}
    return open_event(patrol.at_work(), EventDraft(**{**said, **about}), **_BY_PATROL).number


def apprehend(event: str, *flags: str, **about: Any) -> str:
    """The number of somebody whom the patrol wrote down; the exchange hears of it at once."""
    said = {"event": event, "fear_claimed": "no", "protections": screened(*flags), **about}
    number = add_to_event(patrol.at_work(), SubjectDraft(**said), **_BY_PATROL).number
    match()
    return number


def names_of(**about: Any) -> dict[str, Any]:
    """A name in parts, with nothing else that another record could share."""
    said = {"aliases": (), "a_number": "", "fin": "", "documents": (), "name_as_given": ""}
    return {**said, **about}


def looks(
    *, of: str, ledgers: Sequence[str] = ("patrol", "investigations", "exchange")
) -> list[Entry]:
    """What the ledgers hold of one person's looks and searches, in order."""
    wanted = (Event.RECORD_READ, Event.RECORD_SHOWN, Event.RECORD_REFUSED, Event.SEARCH_ANSWERED)
    rows: list[LedgerRow] = []
    for database in ledgers:
        found = rows_of(database).filter(viewer=CAST[of].number, event__in=wanted)
        rows += found.order_by("sequence")
    return [Entry.from_bytes(row.data.encode()) for row in rows]


def _main(answer: HttpResponse) -> str:
    """What the page says, without its head and foot: facts, and what stands beside them."""
    page = answer.content.decode()
    return page[page.index("<main") : page.index("<footer")]
