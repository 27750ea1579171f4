"""A matter's way: entered from a letter, sent to the agency that decides, taken there, decided.

Who entered it is told how it ended, in the words that the person is told; what the other agency's
people wrote among themselves, and on which record they decided, he is not told: it could say that
there is one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.core.redress import OUTCOMES, Kind, Outcome
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.directory.models import Agency
from tieline.exchange.index.models import Judgement, fresh_number
from tieline.exchange.redress.models import Act, Matter, MatterState, MatterStep
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import line
from tieline.settings import node

__all__ = [
    "LONGEST",
    "Letter",
    "MatterRefused",
    "NoSuchMatter",
    "decide",
    "disagree",
    "enter_matter",
    "judgements_of",
    "matters_for",
    "may_decide",
    "may_take",
    "one_matter",
    "steps_for",
    "take",
    "waiting_for",
]

LONGEST: Final = 8_000
"""Signs of a letter, and of a reason."""
_MOST_NAME: Final = 120
_MOST_PLACE: Final = 200
_MOST_NUMBER: Final = 64
_MOST_REDRESS: Final = 16
_OLDEST: Final = timedelta(days=3 * 366)
_SERIES: Final = "RM"


class NoSuchMatter(TielineError):
    """There is no such matter, or none that this viewer may know of: the same answer for both."""

    exit_code = 3


class MatterRefused(TielineError):
    """What was to be done with a matter cannot be done, or not by this person, or not now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What came, as the officer enters it. Nobody is asked whose citizen he is."""

    kind: Kind
    decides: str
    person: str = field(repr=False)
    reply_to: str = field(repr=False)
    said: str = field(repr=False)
    record: str = ""
    redress: str = ""
    received_on: date


def matters_for(viewer: Viewer) -> QuerySet[Matter]:
    """Those that the viewer's agency entered or decides, what is due first; none in other roles."""
    rows = Matter.objects.all()
    if viewer.role is not Role.REDRESS:
        return rows.none()
    rows = rows.filter(Q(entered_by=viewer.agency) | Q(decides=viewer.agency))
    return rows.order_by("decide_by", "id")


def one_matter(number: str, viewer: Viewer) -> Matter:
    """The matter; raises `NoSuchMatter`."""
    found = matters_for(viewer).filter(number=number).first() if number.isprintable() else None
    if found is None:
        raise NoSuchMatter(f"there is no matter {number!r} that you may see")
    return found


def steps_for(matter: Matter, viewer: Viewer) -> list[MatterStep]:
    """Its history; of another agency's people that they did it, and nothing that they wrote."""
    steps = list(matter.steps.order_by("id"))
    for one in steps:
        if one.agency != viewer.agency:
            one.said = one.unit = one.user = one.assignment = ""
    return steps


def waiting_for(viewer: Viewer) -> list[Matter]:
    """What this viewer's agency is to take or to decide, what is due first."""
    rows = matters_for(viewer).filter(decides=viewer.agency)
    return list(rows.exclude(state=MatterState.DECIDED.value))


def judgements_of(matter: Matter, viewer: Viewer) -> QuerySet[Judgement]:
    """What the viewer's own agency said under the redress number that the person names (P12)."""
    if not matter.redress:
        return Judgement.objects.none()
    rows = Judgement.objects.filter(redress=matter.redress, agency=viewer.agency)
    return rows.select_related("link").order_by("-id")


def enter_matter(letter: Letter, *, viewer: Viewer, at: datetime) -> Matter:
    """Keep what came, and send it to the agency that decides; if that is the officer's own, it has
    it at once. Raises `MatterRefused`.
    """
    if viewer.role is not Role.REDRESS:
        raise MatterRefused("only a redress officer enters a matter")
    _refuse_unreadable(letter)
    if not at.date() - _OLDEST <= letter.received_on <= at.date() + timedelta(days=1):
        raise MatterRefused("a letter did not come then", cure="Check the day.")
    if not Agency.objects.filter(code=letter.decides).exists():
        raise MatterRefused(
            f"the directory has no agency {letter.decides!r}", cure="Choose one of the list."
        )
    own = letter.decides == viewer.agency
    # The clock began when the letter came, whenever it was entered.
    begins = datetime.combine(letter.received_on, at.timetz())
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        matter = Matter.objects.create(
            number=_number(),
            kind=letter.kind.value,
            entered_by=viewer.agency,
            decides=letter.decides,
            person=" ".join(letter.person.split()),
            reply_to=" ".join(letter.reply_to.split()),
            said=letter.said.strip(),
            record=letter.record.strip().upper(),
            redress=letter.redress.strip().upper(),
            received_on=letter.received_on,
            state=MatterState.TAKEN if own else MatterState.SENT,
            acknowledge_by=begins + timedelta(days=node().redress_days("acknowledge")),
            decide_by=begins + timedelta(days=node().redress_days("decide")),
            entered_at=at,
            changed_at=at,
        )
        _keep(matter, Act.ENTERED, "", viewer, at)
    return matter


def may_take(matter: Matter, viewer: Viewer) -> bool:
    """Whether the viewer's agency is to say that it has it."""
    return matter.state == MatterState.SENT and matter.decides == viewer.agency


def take(number: str, *, viewer: Viewer, at: datetime) -> Matter:
    """Say that the agency has it, so that who sent it knows. Raises `NoSuchMatter` or
    `MatterRefused`.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        matter = one_matter(number, viewer)
        if not may_take(matter, viewer):
            raise MatterRefused(
                "this is not to be taken now, or not by your agency",
                cure="Look at it again: somebody may have taken it meanwhile.",
            )
        matter.state = MatterState.TAKEN
        _keep(matter, Act.TAKEN, "", viewer, at)
    return matter


def may_decide(matter: Matter, viewer: Viewer) -> bool:
    """Whether the viewer's agency has it, and has not decided yet."""
    return matter.state == MatterState.TAKEN and matter.decides == viewer.agency


def decide(
    number: str,
    outcome: Outcome,
    *,
    said: str,
    record: str,
    system: str,
    viewer: Viewer,
    at: datetime,
) -> Matter:
    """End it. Whether the outcome may name that record, `wiring.redressing` has asked. Raises
    `NoSuchMatter` or `MatterRefused`.
    """
    said = said.strip()
    if not 0 < len(said) <= LONGEST or "\0" in said:
        raise MatterRefused("a decision needs its reason", cure=f"Write at most {LONGEST:,} signs.")
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        matter = one_matter(number, viewer)
        if not may_decide(matter, viewer):
            raise MatterRefused(
                "this is not to be decided now, or not by your agency",
                cure="Look at it again: it may not be taken yet, or be decided already.",
            )
        if outcome not in OUTCOMES[Kind(matter.kind)]:
            raise MatterRefused(
                "such a matter does not end so", cure="Choose one of the outcomes of the list."
            )
        matter.state, matter.outcome = MatterState.DECIDED, outcome.value
        matter.decided_on, matter.decided_in = record, system
        _keep(matter, Act.DECIDED, said, viewer, at)
    return matter


def disagree(number: str, *, viewer: Viewer, at: datetime) -> Matter:
    """Note that a statement of disagreement was put beside the record; it stands there already.
    Raises `NoSuchMatter`.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        matter = one_matter(number, viewer)
        _keep(matter, Act.DISAGREED, "", viewer, at)
    return matter


def _refuse_unreadable(letter: Letter) -> None:
    parts = (
        (letter.person, _MOST_NAME, "the person's name", True),
        (letter.reply_to, _MOST_PLACE, "where the answer goes", True),
        (letter.record, _MOST_NUMBER, "the record's number", False),
        (letter.redress, _MOST_REDRESS, "the redress number", False),
    )
    for text, most, what, needed in parts:
        plain = " ".join(text.split())
        if len(plain) > most or not plain.isprintable() or (needed and not plain):
            raise MatterRefused(
                f"{what} cannot be kept so", cure=f"Write it in one line of at most {most} signs."
            )
    said = letter.said.strip()
    if not 0 < len(said) <= LONGEST or "\0" in said:
        raise MatterRefused(
            "what the person asks is missing or too long",
            cure=f"Write it down as it came, in at most {LONGEST:,} signs.",
        )


def _number() -> str:
    """A number that is free; drawn under the lock, so nobody else draws it."""
    while True:
        number = fresh_number(_SERIES)
        if not Matter.objects.filter(number=number).exists():
            return number


def _keep(matter: Matter, act: Act, said: str, viewer: Viewer, at: datetime) -> None:
    matter.changed_at = at
    matter.save()
    MatterStep.objects.create(
        matter=matter,
        act=act.value,
        said=said,
        agency=viewer.agency,
        unit=viewer.unit,
        user=viewer.number,
        assignment=viewer.assignment,
        at=at,
    )
    LEDGER.append(
        [
            line(
                Event.REDRESS_RECORDED,
                at=at,
                viewer=viewer,
                purpose=Purpose(code=PurposeCode.REDRESS, number=matter.number),
                keeper=EXCHANGE,
                record=matter.number,
                owner=viewer.agency,
                side={"matter": {"act": act.value, "kind": matter.kind}},
            )
        ]
    )
