"""People and assignments as tables and facts."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tieline.accounts.models import Assignment, User
from tieline.core.agreement.viewer import Role, Viewer
from tieline.ui.parts import Choice, FactGroup, FieldRow, Tag, Tone
from tieline.ui.tables import Asked, Cell, Column, Filter, FilterKind, Row, TableView
from tieline.web.people.finding import Found, State, state_of
from tieline.web.words import ROLES

__all__ = ["assignments_table", "may_end", "people_table", "person_facts", "state_tag"]

_STATES: Final[dict[State, Promise]] = {
    State.LOCKED: gettext_lazy("locked"),
    State.IDLE: gettext_lazy("no assignment"),
    State.GIVEN: gettext_lazy("password not changed yet"),
    State.WORKING: gettext_lazy("works"),
}
_TONES: Final = {
    State.LOCKED: Tone.STOP,
    State.IDLE: Tone.ATTENTION,
    State.GIVEN: Tone.ATTENTION,
    State.WORKING: Tone.QUIET,
}


def people_table(found: Found, wanted: Asked, *, viewer: Viewer, at: datetime) -> TableView:
    """Those found, one a row."""
    return TableView(
        id="people",
        caption=_("People"),
        columns=(
            Column("name", _("Name"), sortable=True, optional=False),
            Column("number", _("Number"), sortable=True, optional=False),
            Column("username", _("User name")),
            Column("works", _("Works as")),
            Column("trained", _("Trained until")),
            Column("state", _("State"), optional=False),
        ),
        rows=tuple(_row(one, viewer, at) for one in found.page),
        total=found.total,
        asked=wanted,
        filters=(
            Filter("find", _("Name, number or user name")),
            Filter(
                "state",
                _("State"),
                FilterKind.CHOICE,
                tuple(Choice(state, str(words)) for state, words in _STATES.items()),
            ),
        ),
        empty=_("Nobody of your agency."),
    )


def assignments_table(person: User, *, viewer: Viewer, at: datetime) -> TableView:
    """All that were given, the latest first; of a guest those alone that the agency gave."""
    given = [
        one
        for one in person.assignments.order_by("-starts", "-id")
        if viewer.agency in (person.agency, one.agency)
    ]
    return TableView(
        id="assignments",
        caption=_("Assignments"),
        columns=(
            Column("number", _("Number"), optional=False),
            Column("unit", _("Unit"), optional=False),
            Column("role", _("Role"), optional=False),
            Column("task_force", _("Task force")),
            Column("starts", _("From"), optional=False),
            Column("ends", _("Until"), optional=False),
            Column("state", _("State"), optional=False),
        ),
        rows=tuple(_assignment(one, viewer, at) for one in given),
        total=len(given),
        empty=_("None yet: nothing opens until there is one."),
    )


def person_facts(person: User, *, at: datetime) -> tuple[FactGroup, ...]:
    """What is known of a person here; never a password."""
    rows = [
        FieldRow(_("User name"), (person.username,)),
        FieldRow(_("Agency"), _said(person.agency)),
        FieldRow(_("Department"), _said(person.department)),
        FieldRow(_("Sworn officer"), (_yes(person.sworn),)),
        FieldRow(_("Employee"), (_yes(person.employee),)),
        _moment(_("Trained until"), person.trained_until),
        FieldRow(_("Last sign-in"), (_("never signed in yet"),))
        if person.last_login is None
        else _moment(_("Last sign-in"), person.last_login),
    ]
    if person.one_time_until is not None:
        over = person.one_time_until <= at
        tag = Tag(_("has run out"), Tone.STOP) if over else Tag(_("open"), Tone.ATTENTION)
        rows.append(
            FieldRow(_("Password for one use until"), ("",), at=person.one_time_until, tag=tag)
        )
    return (FactGroup(_("Person"), tuple(rows)),)


def state_tag(person: User, *, at: datetime) -> Tag:
    """How the person stands, in a word or two."""
    state = state_of(person, at=at)
    return Tag(str(_STATES[state]), _TONES[state])


def may_end(one: Assignment, *, viewer: Viewer, at: datetime) -> bool:
    """Whether it is this administrator's to end, and not over."""
    over = one.ends is not None and one.ends <= at
    return one.agency == viewer.agency and one.number != viewer.assignment and not over


def _row(one: User, viewer: Viewer, at: datetime) -> Row:
    held = [hat for hat in one.assignments.all() if hat.holds(at)]
    mine = [hat for hat in held if viewer.agency in (one.agency, hat.agency)]
    works = "; ".join(f"{_where(hat, one)} · {_role(hat)}" for hat in mine)
    guest = "" if one.agency == viewer.agency else _("of %(agency)s") % {"agency": one.agency}
    return Row(
        id=one.number,
        url=reverse("person", args=(one.number,)),
        cells=(
            Cell(one.name, detail=guest),
            Cell(one.number),
            Cell(one.username),
            Cell(works),
            Cell(at=one.trained_until),
            Cell(tag=state_tag(one, at=at)),
        ),
    )


def _assignment(one: Assignment, viewer: Viewer, at: datetime) -> Row:
    may = may_end(one, viewer=viewer, at=at)
    return Row(
        id=one.number,
        url=reverse("assignment_end", args=(one.number,)) if may else "",
        cells=(
            Cell(one.number),
            Cell(one.unit, detail=one.agency),
            Cell(_role(one)),
            Cell(one.task_force),
            Cell(at=one.starts),
            Cell(at=one.ends),
            Cell(tag=_standing(one, at)),
        ),
    )


def _standing(one: Assignment, at: datetime) -> Tag:
    if one.holds(at):
        worn = one.user.active_id == one.pk
        return Tag(_("worn now") if worn else _("holds"), Tone.GOOD)
    if one.starts > at:
        return Tag(_("begins later"))
    return Tag(_("ended"), Tone.QUIET)


def _where(hat: Assignment, person: User) -> str:
    return hat.unit if hat.agency == person.agency else f"{hat.agency} {hat.unit}"


def _role(one: Assignment) -> str:
    words = str(ROLES[Role(one.role)])
    return f"{words} ({_('acting supervisor')})" if one.acting else words


def _said(*texts: str) -> tuple[str, ...]:
    return tuple(filter(None, texts))


def _moment(label: str, at: datetime | None) -> FieldRow:
    return FieldRow(label, () if at is None else ("",), at=at)


def _yes(is_so: bool) -> str:
    return _("yes") if is_so else _("no")
