"""A finding's way: raised by an auditor, answered by the unit's supervisor, closed by an auditor.

Nobody answers what is about himself, and nobody closes what he answered. Whom a finding is about is
not told of it here: that is for those who answer (P28).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet

from tieline.core.agreement.viewer import Purpose, PurposeCode, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.directory.models import Unit
from tieline.exchange.index.models import fresh_number
from tieline.exchange.oversight.models import Act, Finding, FindingState, FindingStep
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import line

__all__ = [
    "LONGEST",
    "MOST_DAYS",
    "FindingRefused",
    "NoSuchFinding",
    "answer",
    "close",
    "findings_for",
    "give_back",
    "may_answer",
    "may_audit",
    "one_finding",
    "raise_by_rule",
    "raise_finding",
]

LONGEST: Final = 2_000
"""Signs that one person says of a finding at one time."""
MOST_DAYS: Final = 365
"""Days from today by which it is to be answered, at most."""
_SERIES: Final = "FI"


class NoSuchFinding(TielineError):
    """There is no such finding, or none that this viewer may know of: the same answer for both."""

    exit_code = 3


class FindingRefused(TielineError):
    """What was to be done with a finding cannot be done, or not by this person, or not now."""


def may_audit(viewer: Viewer) -> bool:
    """Whether findings are raised and closed in this hat."""
    return viewer.role is Role.AUDITOR


def findings_for(viewer: Viewer) -> QuerySet[Finding]:
    """Those that this viewer may know of: an auditor of his agency all of it, a supervisor what his
    unit is to answer and is not about himself; anybody else none.
    """
    rows = Finding.objects.filter(agency=viewer.agency)
    if may_audit(viewer):
        return rows
    if viewer.role is Role.SUPERVISOR:
        return rows.filter(unit=viewer.unit).exclude(about=viewer.number)
    return rows.none()


def one_finding(number: str, viewer: Viewer) -> Finding:
    """The finding; raises `NoSuchFinding`."""
    found = findings_for(viewer).filter(number=number).first() if number.isprintable() else None
    if found is None:
        raise NoSuchFinding(f"there is no finding {number!r} that you may see")
    return found


def may_answer(finding: Finding, viewer: Viewer) -> bool:
    """Whether it is this viewer's turn."""
    return viewer.role is Role.SUPERVISOR and finding.state == FindingState.OPEN


def raise_finding(
    *, about: str, unit: str, title: str, said: str, due: date, viewer: Viewer, at: datetime
) -> Finding:
    """Put before a unit of the auditor's agency what it is to answer. Raises `FindingRefused`."""
    if not may_audit(viewer):
        raise FindingRefused("only an auditor raises a finding")
    about, title = about.strip().upper(), " ".join(title.split())
    if not 0 < len(about) <= 64 or not about.isprintable() or not 0 < len(title) <= 120:
        raise FindingRefused(
            "a finding says of what it is, and in a few words why",
            cure="Give the number of a person, record or clause, and at most 120 signs.",
        )
    if not Unit.objects.filter(agency__code=viewer.agency, code=unit).exists():
        raise FindingRefused(
            f"{viewer.agency} has no unit {unit!r}", cure="Choose a unit of the directory."
        )
    said = _words(said)
    _refuse_odd_date(due, at)
    of = {"agency": viewer.agency, "unit": unit, "about": about, "title": title}
    return raise_by_rule(**of, said=said, due=due, author=viewer, at=at)


def raise_by_rule(
    *,
    agency: str,
    unit: str,
    about: str,
    title: str,
    said: str,
    due: date,
    author: Viewer,
    at: datetime,
) -> Finding:
    """Put before a unit what a rule finds, or a review by another agency: the unit's own auditors
    judge its answer. `author` is who found it, or nobody, of the clock.
    """
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        finding = Finding.objects.create(
            number=_number(),
            agency=agency,
            unit=unit,
            about=about,
            title=title,
            due=due,
            state=FindingState.OPEN,
            raised_at=at,
            changed_at=at,
        )
        _keep(finding, Act.RAISED, said, author, at)
    return finding


def answer(number: str, said: str, *, viewer: Viewer, at: datetime) -> Finding:
    """The unit's answer. Raises `NoSuchFinding` or `FindingRefused`."""
    said = _words(said)
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        finding = one_finding(number, viewer)
        if not may_answer(finding, viewer):
            raise FindingRefused(
                "this is not to be answered now, or not by you",
                cure="Look at it again: somebody may have answered it meanwhile.",
            )
        finding.state = FindingState.ANSWERED
        _keep(finding, Act.ANSWERED, said, viewer, at)
    return finding


def give_back(number: str, said: str, *, due: date, viewer: Viewer, at: datetime) -> Finding:
    """Ask again, because the answer was none. Raises `NoSuchFinding` or `FindingRefused`."""
    said = _words(said)
    _refuse_odd_date(due, at)
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        finding = _answered(number, viewer)
        finding.state, finding.due = FindingState.OPEN, due
        _keep(finding, Act.RETURNED, said, viewer, at)
    return finding


def close(number: str, said: str, *, viewer: Viewer, at: datetime) -> Finding:
    """End it, with what came of it; not by who answered it in another hat. Raises `NoSuchFinding`
    or `FindingRefused`.
    """
    said = _words(said)
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        finding = _answered(number, viewer)
        finding.state = FindingState.CLOSED
        _keep(finding, Act.CLOSED, said, viewer, at)
    return finding


def _answered(number: str, viewer: Viewer) -> Finding:
    finding = one_finding(number, viewer)
    if not may_audit(viewer) or finding.state != FindingState.ANSWERED:
        raise FindingRefused(
            "this has no answer that you could judge",
            cure="Look at it again: it is open, or was closed meanwhile.",
        )
    if finding.steps.filter(act=Act.ANSWERED, user=viewer.number).exists():
        raise FindingRefused(
            "you answered this yourself", cure="Another auditor of your agency is to judge it."
        )
    return finding


def _words(said: str) -> str:
    said = said.strip()
    if not 0 < len(said) <= LONGEST or "\0" in said:
        raise FindingRefused(
            "a finding's history needs words", cure=f"Write at most {LONGEST:,} signs."
        )
    return said


def _refuse_odd_date(due: date, at: datetime) -> None:
    if not at.date() <= due <= at.date() + timedelta(days=MOST_DAYS):
        raise FindingRefused(
            f"{due} is over, or too far away",
            cure=f"Choose a day from today, within {MOST_DAYS} days.",
        )


def _number() -> str:
    """A number that is free; drawn under the lock, so nobody else draws it."""
    while True:
        number = fresh_number(_SERIES)
        if not Finding.objects.filter(number=number).exists():
            return number


def _keep(finding: Finding, act: Act, said: str, viewer: Viewer, at: datetime) -> None:
    finding.changed_at = at
    finding.save()
    FindingStep.objects.create(
        finding=finding,
        act=act,
        said=said,
        due=finding.due,
        user=viewer.number,
        unit=viewer.unit,
        assignment=viewer.assignment,
        at=at,
    )
    LEDGER.append(
        [
            line(
                Event.FINDING_RECORDED,
                at=at,
                viewer=viewer,
                purpose=Purpose(code=PurposeCode.OVERSIGHT, reason=act.value),
                keeper=EXCHANGE,
                record=finding.number,
                owner=finding.agency,
                side={"finding": {"act": act.value, "about": finding.about, "unit": finding.unit}},
            )
        ]
    )
