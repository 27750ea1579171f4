"""The queue as a table, and the part of it on the first page after sign-in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from tieline.accounts.hats import HattedRequest
from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import Viewer
from tieline.exchange.review.queue import MOST, Asked, Queue, ReviewItem, Which, read_queue
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.ui.parts import Action, Choice, Tag, Tone
from tieline.ui.tables import Cell, Column, Filter, FilterKind, Row, TableView, asked
from tieline.web.review.place import STAKES, Place
from tieline.web.words import KINDS

__all__ = ["chosen", "kind_and_number", "listed", "stake_of", "table", "to_review"]

_FIRST: Final = 5


def listed(
    wanted: Asked,
    request: HattedRequest,
    viewer: Viewer,
    read: Callable[[Queue], Sequence[ReviewItem]],
) -> Queue:
    """The queue, of which those that `read` picks are shown."""
    return read_queue(
        wanted,
        viewer=viewer,
        purpose=request.purpose,
        agreement=in_force(EXCHANGE),
        at=request.at,
        read=read,
    )


def table(request: HattedRequest, viewer: Viewer) -> TableView:
    """A page of the queue, with its filters in the address."""
    place = Place.of(request)
    page = asked(request.GET, filters=("which", "stake", "whose"))
    found = listed(place.asked, request, viewer, lambda one: page.page_of(one.items))
    start = (min(page.page, page.pages(len(found.items))) - 1) * page.size
    return TableView(
        id="review",
        caption=_("To review, what is at stake first"),
        columns=_columns(),
        rows=tuple(
            _row(one, place, start + at) for at, one in enumerate(page.page_of(found.items))
        ),
        total=len(found.items),
        asked=page,
        filters=_filters(),
        empty=_("Nothing waits that you may be told; this is not a clearance."),
        actions=(
            Action(
                _("Judge the selected together"),
                value="choose",
                says=_("Only those for which a strong identifier speaks and nothing against it."),
            ),
        ),
        action_url=place.url("review_together"),
        mark=_("more than %(most)d: judge some, and the others follow") % {"most": MOST}
        if found.more
        else "",
    )


def to_review(request: HattedRequest, viewer: Viewer) -> TableView:
    """For a home: how many there are, and the first of them."""
    found = listed(Asked(), request, viewer, lambda one: one.items[:_FIRST])
    place = Place(Asked())
    rows = tuple(_row(one, place, at) for at, one in enumerate(found.items[:_FIRST]))
    return TableView(
        id="to-review",
        caption=_("To review"),
        columns=_columns(),
        rows=rows,
        total=len(found.items),
        empty=_("Nothing waits for you."),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column("own", _("Ours"), optional=False),
        Column("other", _("The other"), optional=False),
        Column("stake", _("At stake"), optional=False),
        Column("state", _("State"), optional=False),
        Column("since", _("Since"), optional=False),
    )


def _row(one: ReviewItem, place: Place, at: int) -> Row:
    return Row(
        id=one.link,
        url=place.url("overlap_review", one.link, at=at),
        cells=(
            Cell(kind_and_number(one.own), detail=_whose(one.own)),
            Cell(kind_and_number(one.other), detail=_whose(one.other)),
            Cell(tag=stake_of(one)),
            Cell(_state(one)),
            Cell(at=one.made_at),
        ),
    )


def kind_and_number(told: Disclosure) -> str:
    """Which record is meant."""
    return f"{KINDS.get(told.kind, told.kind)} {told.number}"


def stake_of(one: ReviewItem) -> Tag:
    """Why it stands where it stands."""
    if one.lookout:
        return Tag(_("lookout"), Tone.STOP if one.strong else Tone.ATTENTION)
    if one.strong:
        return Tag(_("more than names"), Tone.ATTENTION)
    return Tag(_("names alone"), Tone.QUIET)


def _whose(told: Disclosure) -> str:
    return f"{told.owner_agency} {told.owning_unit}"


def _state(one: ReviewItem) -> str:
    if one.waits:
        return _("waits for a second person")
    return {
        "proposed": _("proposed"),
        "unsure": _("unsure"),
        "disputed": _("disputed"),
    }.get(one.state.value, one.state.value)


def _filters() -> tuple[Filter, ...]:
    return (
        _choice(
            "which",
            _("Which"),
            (
                (Which.SECOND, _("waiting for a second person")),
                (Which.UNSURE, _("said to be unsure")),
                (Which.DISPUTED, _("disputed")),
            ),
        ),
        _choice(
            "stake",
            _("At stake"),
            tuple(
                zip(STAKES, (_("a lookout"), _("more than names"), _("names alone")), strict=True)
            ),
        ),
        _choice("whose", _("Of"), (("agency", _("the whole agency")),)),
    )


def _choice(name: str, words: str, values: Sequence[tuple[str, str]]) -> Filter:
    return Filter(
        name, words, FilterKind.CHOICE, tuple(Choice(value, said) for value, said in values)
    )


def chosen(request: HttpRequest) -> tuple[str, ...]:
    """The links that were selected in the list."""
    return tuple(dict.fromkeys(one[:16] for one in request.POST.getlist("row")))
