"""Marks and their grounds in the words of a reader."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from tieline.core.agreement.releases import ORIGIN
from tieline.core.marks import FactKind, Mark, Reliability, Sensitivity, Validity

__all__ = [
    "FACT_KINDS",
    "FROM",
    "LEADS",
    "NEW",
    "RELIABILITIES",
    "SENSITIVITIES",
    "VALIDITIES",
    "mark_words",
]

FROM: Final = "from"
"""In addresses: that a third agency gave the record."""
MARKS: Final[dict[str, Promise]] = {
    Mark.GANG_LABEL: _("Gang label"),
    Mark.INTELLIGENCE: _("Intelligence"),
    Mark.EXERCISE: _("Exercise"),
    Mark.UNAPPROVED: _("Unapproved"),
}
NEW: Final[dict[str, Promise]] = {
    Mark.EXERCISE.value: _("It is an exercise"),
    Mark.UNAPPROVED.value: _("It is not approved yet"),
    FROM: _("Another agency gave it"),
    Mark.INTELLIGENCE.value: _("It is intelligence"),
    Mark.GANG_LABEL.value: _("Propose a gang label"),
}
"""What may be set, as a button says it."""
LEADS: Final[dict[str, Promise]] = {
    Mark.EXERCISE.value: _(
        "No other agency is told of an exercise, nor of what is part of it. It ends by a "
        "supervisor of the unit who did not set it."
    ),
    Mark.UNAPPROVED.value: _(
        "Other agencies see no more than the pointer until a supervisor of the unit approves the "
        "record."
    ),
    FROM: _(
        "The record bears the agency's name, and so do its parts. Nothing of it is released, and "
        "no emergency opens it, without that agency's consent."
    ),
    Mark.INTELLIGENCE.value: _(
        "28 CFR 23.20. It closes at once: until a supervisor of the unit approves it, other "
        "agencies see the pointer at most, and are not told that it may be intelligence. What "
        "nobody approves within %(days)d days falls, and stays unapproved."
    ),
    Mark.GANG_LABEL.value: _(
        "Two facts, of two kinds and from two sources; place and tattoo do not carry it. It closes "
        "at once: until a supervisor of the unit approves it, other agencies see the pointer at "
        "most, and are not told of a label. What nobody approves within %(days)d days falls."
    ),
}
FACT_KINDS: Final[dict[str, Promise]] = {
    FactKind.ADMISSION: _("Said so himself, to an officer, in a language that he understands"),
    FactKind.CONVICTION: _("Convicted of an offence for the gang"),
    FactKind.FINDING: _("Found so by a court, or where he was heard"),
    FactKind.CONDUCT: _("Took part in what the gang did"),
    FactKind.DOCUMENT: _("Own writing, messages or pictures"),
    FactKind.SOURCE: _("Told by a source whose word was tested"),
    FactKind.TATTOO: _("Tattoo (carries nothing by itself)"),
    FactKind.PLACE: _("Met where the gang is (carries nothing by itself)"),
}
RELIABILITIES: Final[dict[str, Promise]] = {
    Reliability.RELIABLE: _("reliable"),
    Reliability.USUALLY: _("usually reliable"),
    Reliability.UNRELIABLE: _("unreliable"),
    Reliability.UNKNOWN: _("unknown"),
}
VALIDITIES: Final[dict[str, Promise]] = {
    Validity.CONFIRMED: _("confirmed"),
    Validity.PROBABLE: _("probable"),
    Validity.DOUBTFUL: _("doubtful"),
    Validity.NOT_JUDGED: _("cannot be judged"),
}
SENSITIVITIES: Final[dict[str, Promise]] = {
    Sensitivity.SENSITIVE: _("sensitive"),
    Sensitivity.CONFIDENTIAL: _("confidential"),
    Sensitivity.RESTRICTED: _("restricted"),
    Sensitivity.UNCLASSIFIED: _("unclassified"),
}


def mark_words(mark: str) -> str:
    """A mark as a heading."""
    if mark.startswith(ORIGIN):
        return _now("From %(agency)s") % {"agency": mark.removeprefix(ORIGIN)}
    return str(MARKS.get(mark, mark))
