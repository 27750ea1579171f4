"""The copies that one answers for; and what an agency has shown, with the copies of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tieline.accounts.hats import HattedRequest
from tieline.core.errors import TielineError
from tieline.keeping.copies import CopyForm, CopyRow, Fate
from tieline.ui.parts import Tag, Tone
from tieline.ui.tables import Cell, Column, Row, TableView
from tieline.web import errors
from tieline.web.access import may_open
from tieline.web.copies.forms import FATES, FORMS
from tieline.web.sharing.wording import class_words
from tieline.wiring.copying import (
    Held,
    ShownTo,
    copies_held,
    copies_of_ours,
    shown_to_others,
)

__all__ = ["copies", "shown"]


@require_safe
@never_cache
def copies(request: HttpRequest) -> HttpResponse:
    """What this person holds, and what of others was put before him."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    table = _copies_table(
        copies_held(viewer, at=hatted.at),
        at=hatted.at,
        caption=_("Copies that you answer for"),
        empty=_(
            "You hold none. Where its owner lets copies be made, a record's page leads to one."
        ),
        url=lambda one: (
            ""
            if one.row.attested_at is not None and one.row.fate != Fate.LOST
            else reverse("copy_destroyed", args=(one.system, one.row.number))
        ),
    )
    context = {"table": table, "answers": may_open("shown", viewer.role)}
    return render(request, "web/copies/copies.html", context)


@require_safe
@never_cache
def shown(request: HttpRequest) -> HttpResponse:
    """To whom the agency's records were shown, and each copy that was made of one."""
    hatted = cast(HattedRequest, request)
    viewer = hatted.viewer
    if viewer is None:
        return errors.refused(request, errors.NO_HAT)
    try:
        found = shown_to_others(viewer, at=hatted.at)
        ours = copies_of_ours(viewer, at=hatted.at)
    except TielineError:
        return errors.no_agreement(request)
    table = _copies_table(
        ours,
        at=hatted.at,
        caption=_("Copies of our records"),
        empty=_("No copy was made of a record of ours."),
        url=lambda one: (
            ""
            if one.row.attested_at is not None or one.row.called_at is not None
            else reverse("copy_recall", args=(one.system, one.row.number))
        ),
    )
    return render(request, "web/copies/shown.html", {"tables": (table, _shown_table(found))})


def _copies_table(
    rows: Sequence[Held],
    *,
    at: datetime,
    caption: str,
    empty: str,
    url: Callable[[Held], str],
) -> TableView:
    return TableView(
        id="copies",
        caption=caption,
        columns=(
            Column("number", _("Copy"), optional=False),
            Column("record", _("Record"), optional=False),
            Column("holder", _("Held by"), optional=False),
            Column("what", _("What")),
            Column("made", _("Made")),
            Column("until", _("To be destroyed by"), optional=False),
            Column("state", _("State"), optional=False),
        ),
        rows=tuple(
            Row(
                id=one.row.number,
                url=url(one),
                cells=(
                    Cell(one.row.number, detail=str(FORMS[CopyForm(one.row.form)])),
                    Cell(one.row.record, detail=f"{one.row.owner} · {one.system}"),
                    Cell(f"{one.row.agency} {one.row.unit}", detail=one.row.holder),
                    Cell(class_words(one.row.classes), detail=one.row.purpose_number),
                    Cell(at=one.row.made_at),
                    Cell(at=one.row.destroy_by if one.row.is_called(at) else one.row.expires_at),
                    Cell(tag=_state(one.row, at)),
                ),
            )
            for one in rows
        ),
        total=len(rows),
        empty=empty,
    )


def _state(row: CopyRow, at: datetime) -> Tag:
    if row.fate == Fate.LOST:
        return Tag(str(FATES[Fate.LOST]), Tone.STOP)
    if row.fate:
        return Tag(str(FATES[Fate(row.fate)]), Tone.QUIET)
    if not row.is_called(at):
        return Tag(_("held"), Tone.GOOD)
    if at >= row.destroy_by:
        return Tag(_("destroy it: overdue"), Tone.STOP)
    return Tag(_("destroy it, and say so"), Tone.ATTENTION)


def _shown_table(rows: Sequence[ShownTo]) -> TableView:
    return TableView(
        id="shown",
        caption=_("What we have shown"),
        columns=(
            Column("record", _("Record"), optional=False),
            Column("to", _("To"), optional=False),
            Column("what", _("What")),
            Column("times", _("Times"), numeric=True),
            Column("last", _("Last"), optional=False),
        ),
        rows=tuple(
            Row(
                id=f"{one.record}-{place}",
                url=reverse("record", args=(one.system, one.record)),
                cells=(
                    Cell(one.record, detail=one.system),
                    Cell(f"{one.agency} {one.unit}"),
                    Cell(class_words(one.classes) or _("that it exists, and whom to call")),
                    Cell(f"{one.times:,}"),
                    Cell(at=one.last_at),
                ),
            )
            for place, one in enumerate(rows)
        ),
        total=len(rows),
        empty=_("Nothing was shown to another agency."),
    )
