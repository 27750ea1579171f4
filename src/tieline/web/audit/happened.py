"""What an entry of a ledger tells, in the few words that a row has room for."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tieline.core.ledger.events import Event
from tieline.wiring.looks import Look

__all__ = ["HAPPENED", "happened"]

HAPPENED: Final[dict[Event, Promise]] = {
    Event.RECORD_SHOWN: gettext_lazy("shown to another agency"),
    Event.RECORD_REFUSED: gettext_lazy("not shown, or not there"),
    Event.RECORD_READ: gettext_lazy("opened by its owner"),
    Event.RECORD_WRITTEN: gettext_lazy("written by its owner"),
    Event.SEARCH_ANSWERED: gettext_lazy("search"),
    Event.SEARCH_REFUSED: gettext_lazy("search refused"),
    Event.NOTICE_READ: gettext_lazy("notice opened"),
    Event.NOTICE_SENT: gettext_lazy("notice sent"),
    Event.NOTICE_TAKEN: gettext_lazy("notice acknowledged"),
    Event.POINTER_TAKEN: gettext_lazy("pointer taken"),
    Event.LINK_PROPOSED: gettext_lazy("overlap proposed"),
    Event.LINK_JUDGED: gettext_lazy("overlap judged"),
    Event.RELEASE_ASKED: gettext_lazy("more asked of its owner"),
    Event.RELEASE_GIVEN: gettext_lazy("released"),
    Event.RELEASE_REFUSED: gettext_lazy("release refused"),
    Event.RELEASE_RECALLED: gettext_lazy("release recalled"),
    Event.RELEASE_EXPIRED: gettext_lazy("release ended by its term"),
    Event.GLASS_BROKEN: gettext_lazy("opened, a life being in danger"),
    Event.GLASS_CONFIRMED: gettext_lazy("danger confirmed"),
    Event.GLASS_CLOSED: gettext_lazy("emergency ended"),
    Event.GLASS_REVIEWED: gettext_lazy("emergency reviewed"),
    Event.COPY_MADE: gettext_lazy("numbered copy made"),
    Event.COPY_REFUSED: gettext_lazy("copy refused, or not there"),
    Event.COPY_CALLED: gettext_lazy("copies called in"),
    Event.COPY_DESTROYED: gettext_lazy("copy destroyed"),
    Event.COPY_LOST: gettext_lazy("copy lost"),
    Event.CORRECTION_SENT: gettext_lazy("correction told"),
    Event.CORRECTION_TAKEN: gettext_lazy("correction acknowledged"),
    Event.SIGN_IN_DONE: gettext_lazy("signed in"),
    Event.SIGN_IN_REFUSED: gettext_lazy("sign-in refused"),
    Event.TOKEN_CHANGED: gettext_lazy("token made or revoked"),
    Event.TOKEN_REFUSED: gettext_lazy("token refused"),
    Event.CHANGE_REFUSED: gettext_lazy("change refused"),
    Event.HOUSEHOLD_CHANGED: gettext_lazy("own household declared or ended"),
    Event.ASSIGNMENT_CHANGED: gettext_lazy("assignment changed"),
    Event.AGREEMENT_ADOPTED: gettext_lazy("a text came into force"),
    Event.SETTING_CHANGED: gettext_lazy("setting changed"),
    Event.AUDIT_SHOWN: gettext_lazy("ledger read"),
    Event.LEDGER_EXPORTED: gettext_lazy("ledger taken away as a file"),
    Event.AUDIT_SAVED: gettext_lazy("review saved or ended"),
    Event.AUDIT_SIGNED: gettext_lazy("review signed off"),
    Event.WATCH_SET: gettext_lazy("record put under watch"),
    Event.WATCH_ENDED: gettext_lazy("watch ended"),
}


def happened(one: Look) -> str:
    """Short where there is a short word for it, else the event's own line."""
    if one.event is None:
        return one.text("event")
    return str(HAPPENED.get(one.event, one.event.says))
