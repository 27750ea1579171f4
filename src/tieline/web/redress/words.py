"""Matters of redress in the words of a reader."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tieline.core.redress import Kind, Outcome
from tieline.exchange.redress.models import Act, MatterState
from tieline.ui.parts import Tone

__all__ = ["ACTS", "KINDS", "OUTCOMES", "STATES"]

KINDS: Final[dict[str, Promise]] = {
    Kind.ACCESS: _("access"),
    Kind.AMENDMENT: _("amendment"),
    Kind.MISTAKEN: _("mistaken identity"),
    Kind.COMPLAINT: _("complaint"),
}
OUTCOMES: Final[dict[str, Promise]] = {
    Outcome.GIVEN: _("given"),
    Outcome.AMENDED: _("amended"),
    Outcome.REFUSED: _("not amended: right as it is"),
    Outcome.KEPT_APART: _("kept apart from the other person"),
    Outcome.UPHELD: _("upheld"),
    Outcome.NOT_UPHELD: _("not upheld"),
    Outcome.NOTHING_TOLD: _("nothing that can be told"),
    Outcome.NOT_PROVED: _("identity not proved"),
}
STATES: Final[dict[str, tuple[Promise, Tone]]] = {
    MatterState.SENT: (_("sent, not taken yet"), Tone.ATTENTION),
    MatterState.TAKEN: (_("to be decided"), Tone.ATTENTION),
    MatterState.DECIDED: (_("decided"), Tone.QUIET),
}
ACTS: Final[dict[str, Promise]] = {
    Act.ENTERED: _("entered"),
    Act.TAKEN: _("taken"),
    Act.DECIDED: _("decided"),
    Act.DISAGREED: _("statement of disagreement filed"),
}
