"""Asks the issuer for a subject's A-number and FIN (P5); processing goes on meanwhile."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from tieline.core.agreement.viewer import Viewer
from tieline.core.errors import TielineError
from tieline.keeping.keeper import Change
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.entering import enter
from tieline.systems.patrol.issuer import Allotment, Applicant, Issuer, NumberState
from tieline.systems.patrol.subjects.subject import Subject
from tieline.systems.patrol.writing import locked, own_record

__all__ = ["NoIssuer", "NumberNotAsked", "ask_a_number", "ask_again", "ask_fin"]

_MOST_AT_ONCE: Final = 500


class NoIssuer(TielineError):
    """Nobody who gives out numbers is connected to this node."""


class NumberNotAsked(TielineError):
    """A number was to be asked for where there is one."""


def ask_a_number(desk: Desk, of: str, *, author: Viewer, at: datetime) -> Subject:
    """Ask for an A-number, again after a refusal too; the answer stands in `a_number_state`.

    Raises `NoIssuer`, `NoSuchRecord` or `NumberNotAsked`.
    """
    issuer = _issuer(desk)
    subject = own_record(desk, Subject, of, author=author)
    _refuse_second(subject.a_number)
    # The issuer may take its time: nobody waits for it with the lock held.
    answer = issuer.a_number(_applicant(subject), at=at)
    with locked(desk):
        subject = own_record(desk, Subject, of, author=author)
        _refuse_second(subject.a_number)
        _put_a_number(desk, subject, answer, author=author, at=at)
    return subject


def ask_fin(desk: Desk, of: str, *, author: Viewer, at: datetime) -> Subject:
    """Ask for a FIN; while it is pending or refused the field stays blank, and can be asked again.

    Raises `NoIssuer`, `NoSuchRecord` or `NumberNotAsked`.
    """
    issuer = _issuer(desk)
    subject = own_record(desk, Subject, of, author=author)
    _refuse_second(subject.fin)
    answer = issuer.fin(_applicant(subject), at=at)
    if not answer.number:
        return subject
    with locked(desk):
        subject = own_record(desk, Subject, of, author=author)
        _refuse_second(subject.fin)
        enter(subject, {"fin": answer.number}, at=at)
        desk.keeper.keep([Change(subject, author, at)])
    return subject


def ask_again(desk: Desk, *, author: Viewer, at: datetime) -> list[str]:
    """Ask how the pending A-numbers of the author's agency stand; gives the subjects that moved."""
    issuer = _issuer(desk)
    rows = Subject._default_manager.using(desk.keeper.database).filter(
        owner_agency=author.agency, a_number_state=NumberState.PENDING
    )
    answers = {
        one.number: answer
        for one in rows.order_by("updated_at", "number")[:_MOST_AT_ONCE]
        if (answer := issuer.a_number(_applicant(one), at=at)).state is not NumberState.PENDING
    }
    with locked(desk):
        for number, answer in answers.items():
            subject = own_record(desk, Subject, number, author=author)
            if subject.a_number_state == NumberState.PENDING:
                _put_a_number(desk, subject, answer, author=author, at=at)
    return list(answers)


def _put_a_number(
    desk: Desk, subject: Subject, answer: Allotment, *, author: Viewer, at: datetime
) -> None:
    if answer.state == subject.a_number_state:
        return
    changes = {"a_number_state": answer.state.value, "a_number": answer.number}
    enter(subject, changes, at=at)
    desk.keeper.keep([Change(subject, author, at)])


def _issuer(desk: Desk) -> Issuer:
    if desk.issuer is None:
        raise NoIssuer(
            "no issuer of numbers is connected", cure="Go on without the number; ask later."
        )
    return desk.issuer


def _refuse_second(number: str) -> None:
    if number:
        raise NumberNotAsked(
            "the subject has a number", cure="If it is another person's, correct it first."
        )


def _applicant(subject: Subject) -> Applicant:
    return Applicant(
        subject=subject.number,
        names=subject.identity().names,
        birth_date=subject.birth_date,
        sex=subject.sex,
        citizenship=subject.citizenship,
    )
