"""Who makes a draft of a lookout active: of a silent one, a supervisor who did not write it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from tieline.core.agreement.viewer import Role, Viewer
from tieline.keeping.heads import RecordVersion
from tieline.systems.investigations.desk import Desk
from tieline.systems.investigations.lookouts.grounds import LookoutRefused
from tieline.systems.investigations.lookouts.lookout import Lookout, LookoutStatus
from tieline.systems.investigations.lookouts.reasons import Handling

__all__ = ["approvable", "check_approver", "may_approve"]


def check_approver(desk: Desk, lookout: Lookout, *, author: Viewer) -> None:
    """Raises `LookoutRefused` where it is no draft, or a silent one that another has to approve."""
    if lookout.status != LookoutStatus.DRAFT:
        raise LookoutRefused(
            f"the lookout is {lookout.status}, and only a draft can be made active",
            cure="Place a new one.",
        )
    if lookout.handling != Handling.SILENT:
        return
    if not _supervises(author) or author.number == _writer_of(desk, lookout):
        raise LookoutRefused(
            "a silent lookout is made active by a supervisor who did not write it",
            cure="Ask a supervisor of your unit.",
        )


def may_approve(desk: Desk, number: str, *, viewer: Viewer) -> bool:
    """Whether a lookout that this viewer was shown is offered to be made active: to nobody who
    would be refused.
    """
    rows = Lookout._default_manager.using(desk.keeper.database)
    lookout = rows.filter(number=number, owner_agency=viewer.agency).first()
    if lookout is None:
        return False
    try:
        check_approver(desk, lookout, author=viewer)
    except LookoutRefused:
        return False
    return True


def approvable(desk: Desk, drafts: QuerySet[Lookout], *, viewer: Viewer) -> QuerySet[Lookout]:
    """Of drafts those that `may_approve` allows."""
    silent = Q(handling=Handling.SILENT)
    if not _supervises(viewer):
        return drafts.exclude(silent)
    versions = RecordVersion.objects.using(desk.keeper.database)
    own = versions.filter(version=1, author=viewer.number).values("number")
    return drafts.exclude(silent, number__in=own)


def _writer_of(desk: Desk, lookout: Lookout) -> str:
    """Who placed it: others may have had a hand in later versions, by a protection say."""
    versions = RecordVersion.objects.using(desk.keeper.database).filter(number=lookout.number)
    return versions.order_by("version").values_list("author", flat=True)[0]


def _supervises(viewer: Viewer) -> bool:
    return Role.SUPERVISOR in {viewer.role, *viewer.roles}
