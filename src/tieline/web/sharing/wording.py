"""States and reasons of requests in the words of a reader."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tieline.core.agreement.emergencies import Danger
from tieline.core.agreement.refusing import RefusalReason
from tieline.core.records import FieldClass
from tieline.exchange.sharing.models import RequestState, Verdict
from tieline.ui.parts import Tag, Tone
from tieline.web.words import CLASSES

__all__ = ["DANGERS", "REASONS", "STATES", "VERDICTS", "class_words", "state_tag"]

REASONS: Final[dict[RefusalReason, Promise]] = {
    RefusalReason.LAW: _("A statute, a rule or an order of court forbids it"),
    RefusalReason.PERSON: _("It would endanger somebody"),
    RefusalReason.OPERATION: _("It would spoil an operation or a prosecution that is under way"),
    RefusalReason.THIRD_AGENCY: _("It came from a third agency, which did not agree"),
    RefusalReason.NO_NEED: _("The request does not show what it is needed for"),
    RefusalReason.NOT_HELD: _("The record does not hold what is asked for"),
}
STATES: Final[dict[RequestState, Promise]] = {
    RequestState.ASKED: _("not answered yet"),
    RequestState.GRANTED: _("released"),
    RequestState.PART: _("released in part"),
    RequestState.REFUSED: _("refused"),
    RequestState.APPEALED: _("appealed"),
    RequestState.UPHELD: _("refused on appeal"),
    RequestState.COUNCIL: _("before the council"),
    RequestState.DEPARTMENT: _("before the department"),
    RequestState.RECALLED: _("recalled"),
    RequestState.STAMPED: _("answered by the owner's stamp"),
}
DANGERS: Final[dict[Danger, Promise]] = {
    Danger.HELD: _("Somebody is abducted, or held against his will"),
    Danger.ARMED: _("Somebody armed is with people, or on the way to them"),
    Danger.THREAT: _("A killing was announced"),
    Danger.CONFINED: _("People are locked in a vehicle, a container or a house"),
    Danger.STRANDED: _("Somebody is lost without water, or at sea"),
    Danger.HURT: _("Somebody is dying unless it is known who he is, or whom to call"),
    Danger.HAZARD: _("Fire, an explosive or a poison"),
    Danger.SELF_HARM: _("Somebody is about to take his own life"),
}
VERDICTS: Final[dict[Verdict, Promise]] = {
    Verdict.ACCEPTED: _("Accepted: a life was in danger, and this was needed"),
    Verdict.MISUSE: _("Misuse: it becomes a finding before the unit of who opened it"),
}
_TONES: Final = {
    RequestState.ASKED: Tone.ATTENTION,
    RequestState.APPEALED: Tone.ATTENTION,
    RequestState.COUNCIL: Tone.ATTENTION,
    RequestState.DEPARTMENT: Tone.ATTENTION,
    RequestState.GRANTED: Tone.GOOD,
    RequestState.PART: Tone.GOOD,
    RequestState.RECALLED: Tone.STOP,
}


def state_tag(state: str, *, is_over: bool = False) -> Tag:
    """A request's state; that of a release whose term is over says so."""
    known = RequestState(state)
    if known.is_given and is_over:
        return Tag(_("its term is over"), Tone.QUIET)
    return Tag(str(STATES[known]), _TONES.get(known, Tone.PLAIN))


def class_words(names: Iterable[str]) -> str:
    """Field classes as a reader names them."""
    known = set(FieldClass)
    return ", ".join(str(CLASSES[FieldClass(one)]) for one in names if one in known)
