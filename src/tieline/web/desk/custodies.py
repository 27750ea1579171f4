"""Who of the protected is in custody: told before anybody asks to send them away (P14)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.viewer import Viewer
from tieline.keeping.custody_desk import NoSuchCustody, note_custody_call
from tieline.keeping.told_custodies import ToldCustody
from tieline.systems.pages.entry import WRITES, entered, sent
from tieline.ui.parts import FactGroup, FieldRow, Tag, Tone
from tieline.ui.tables import Asked, Cell, Column, Row, TableView
from tieline.web import errors
from tieline.web.desk.acts import CallForm
from tieline.web.desk.tables import custody_record
from tieline.wiring.protecting import InCustody, custodies, custody_of, one_custody

__all__ = ["called", "custodies_table", "custodies_to_see", "custody"]


@require_safe
@never_cache
def custody(request: HttpRequest, number: str) -> HttpResponse:
    """One of them. Of another's it is as of none."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        found = one_custody(number, viewer, at=hatted.at)
    except NoSuchCustody:
        return errors.nothing(request)
    row = found.row
    told = custody_of(found, viewer, at=hatted.at)
    facts = [
        FieldRow(_("In custody of"), (f"{row.agency} {row.unit}",)),
        FieldRow(_("Call"), (row.contact or "—",)),
        FieldRow(_("Told"), ("",), at=row.told_at),
        custody_record(row.about_system, told),
    ]
    if row.ended_at is not None:
        facts.append(FieldRow(_("Over, or not this person's, since"), ("",), at=row.ended_at))
    groups = [FactGroup(_("The custody"), tuple(facts))]
    if row.called_at is not None:
        done = FieldRow(_("Called"), (row.said,), at=row.called_at, detail=row.called_by)
        groups.append(FactGroup(_("What the desk did"), (done,)))
    context = {
        "row": row,
        "system": found.system,
        "tag": _tag(row),
        "lasts": row.ended_at is None,
        "groups": tuple(groups),
    }
    return render(request, "web/desk/custody.html", context)


@WRITES
@never_cache
def called(request: HttpRequest, number: str) -> HttpResponse:
    """Note the call."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        found = one_custody(number, viewer, at=hatted.at)
    except NoSuchCustody:
        return errors.nothing(request)
    form = CallForm(sent(request))

    def keep() -> HttpResponse:
        said = form.cleaned_data["said"]
        note_custody_call(found.door, number, said=said, author=viewer, at=hatted.at)
        messages.success(request, _("It is noted."))
        return redirect("desk_custody", number)

    return entered(
        request,
        form,
        title=f"{_('Note a call')}: {found.row.number} · {found.row.record}",
        submit=_("Note the call"),
        lead=_(
            "Whoever has the person was told nothing of this. Say no more than you must; if you "
            "need not call, say why."
        ),
        keep=keep,
    )


def custodies_to_see(request: HattedRequest, viewer: Viewer) -> TableView:
    """For the home of who answers them: those into which nobody has looked."""
    found, _away = custodies(viewer, at=request.at)
    return custodies_table([one for one in found if one.row.waits])


def custodies_table(found: Sequence[InCustody], asked: Asked | None = None) -> TableView:
    """Each with whom to call. The record of the custody is not named: it is asked for on the page
    of the one, where its owner decides.
    """
    wanted = asked or Asked()
    return TableView(
        id="custodies",
        caption=_("Protected people in custody"),
        columns=(
            Column("number", _("Custody"), optional=False),
            Column("record", _("Our record"), optional=False),
            Column("custody", _("In custody of"), optional=False),
            Column("told", _("Told"), optional=False),
            Column("state", _("State"), optional=False),
        ),
        rows=tuple(
            Row(
                id=one.row.number,
                url=reverse("desk_custody", args=(one.row.number,)),
                cells=(
                    Cell(one.row.number),
                    Cell(one.row.record, detail=one.system),
                    Cell(f"{one.row.agency} {one.row.unit}", detail=one.row.contact),
                    Cell(at=one.row.told_at),
                    Cell(tag=_tag(one.row)),
                ),
            )
            for one in wanted.page_of(found)
        ),
        total=len(found),
        asked=wanted,
        empty=_("Nobody whom you protect is known to be in custody."),
    )


def _tag(row: ToldCustody) -> Tag:
    if row.ended_at is not None:
        return Tag(pgettext("a custody", "over"), Tone.QUIET)
    if row.called_at is not None:
        return Tag(pgettext("a custody", "called"), Tone.QUIET)
    return Tag(pgettext("a custody", "new"), Tone.ATTENTION)
