"""Units of an agency and who is on duty there, as tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from tieline.accounts.models import User
from tieline.core.errors import TielineError
from tieline.exchange.directory.models import RosterDuty, Unit
from tieline.ui.parts import Action, Tag, Tone
from tieline.ui.tables import Asked, Cell, Column, Row, TableView

__all__ = ["duties_table", "gaps_table", "no_gaps_known", "unit_of", "units_table"]


def unit_of(agency: str, code: str) -> Unit | None:
    """A unit of the agency; None for any other, be there one or not."""
    if not code.isprintable():
        # What no database keeps, NUL say, is no unit's code.
        return None
    return Unit.objects.filter(agency__code=agency, code=code).first()


def units_table(agency: str, wanted: Asked, *, at: datetime) -> TableView:
    """All of them by code, each with whom one reaches there now."""
    units = list(Unit.objects.filter(agency__code=agency).order_by("code"))
    reached = _reached(units, at)
    return TableView(
        id="units",
        caption=_("Units"),
        columns=(
            Column("code", _("Code"), optional=False),
            Column("name", _("Name")),
            Column("duty", _("On duty now"), optional=False),
            Column("until", _("Until")),
        ),
        rows=tuple(_unit(one, reached) for one in wanted.page_of(units)),
        total=len(units),
        asked=wanted,
        empty=_("Your agency has no unit yet: nobody can be given an assignment."),
    )


def gaps_table(agency: str, *, at: datetime) -> TableView:
    """Units that nobody reaches: they may place no lookout, and their notices wait unseen (P2)."""
    units = list(Unit.objects.filter(agency__code=agency).order_by("code"))
    reached = _reached(units, at)
    gaps = [one for one in units if one.pk not in reached]
    return TableView(
        id="gaps",
        caption=_("Units with nobody on duty"),
        columns=(
            Column("code", _("Code"), optional=False),
            Column("name", _("Name"), optional=False),
        ),
        rows=tuple(
            Row(id=one.code, url=_page(one), cells=(Cell(one.code), Cell(one.name))) for one in gaps
        ),
        total=len(gaps),
        empty=_("Every unit is reached."),
    )


def no_gaps_known(why: TielineError) -> TableView:
    """The same while the directory is away: nothing is guessed."""
    return TableView(
        id="gaps",
        caption=_("Units with nobody on duty"),
        columns=(Column("code", _("Code"), optional=False),),
        rows=(),
        total=0,
        empty=f"{why.what}. {why.cure}",
    )


def duties_table(unit: Unit, wanted: Asked, *, at: datetime) -> TableView:
    """The unit's roster, the latest first."""
    duties = list(unit.duties.order_by("-starts", "-id"))
    numbers = {one.user for one in duties if one.user}
    names = dict(User.objects.filter(number__in=numbers).values_list("number", "name"))
    return TableView(
        id="roster",
        caption=_("Roster"),
        columns=(
            Column("contact", _("Contact"), optional=False),
            Column("user", _("Who")),
            Column("starts", _("From")),
            Column("ends", _("Until")),
            Column("state", _("State"), optional=False),
        ),
        rows=tuple(
            Row(
                id=str(one.pk),
                cells=(
                    Cell(one.contact),
                    Cell(names.get(one.user, ""), detail=one.user),
                    Cell(at=one.starts),
                    Cell(at=one.ends),
                    Cell(tag=_standing(one, at)),
                ),
            )
            for one in wanted.page_of(duties)
        ),
        total=len(duties),
        asked=wanted,
        actions=(Action(_("End now"), value="end"),) if duties else (),
        action_url=reverse("duty_end", args=(unit.code,)),
        empty=_("Nobody was ever on duty: lookouts of this unit are refused."),
    )


def _reached(units: Sequence[Unit], at: datetime) -> Mapping[int, RosterDuty]:
    """Of each unit that is reached, the one who came on duty last."""
    rows = RosterDuty.objects.filter(unit__in=units, starts__lte=at).order_by("starts", "id")
    return {one.unit_id: one for one in rows if one.ends is None or one.ends > at}


def _unit(one: Unit, reached: Mapping[int, RosterDuty]) -> Row:
    duty = reached.get(one.pk)
    nobody = Cell(tag=Tag(_("nobody"), Tone.STOP))
    return Row(
        id=one.code,
        url=_page(one),
        cells=(
            Cell(one.code),
            Cell(one.name),
            nobody if duty is None else Cell(duty.contact, detail=duty.user),
            Cell(at=duty.ends if duty else None),
        ),
    )


def _page(one: Unit) -> str:
    return reverse("unit", args=(one.code,))


def _standing(one: RosterDuty, at: datetime) -> Tag:
    if one.ends is not None and one.ends <= at:
        return Tag(_("ended"), Tone.QUIET)
    return Tag(_("on duty"), Tone.GOOD) if one.starts <= at else Tag(_("begins later"))
