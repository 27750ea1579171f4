"""Why two are said to be one or not: by choice, so that a key is enough, with a note where one is
needed.
"""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tieline.ui.parts import Choice

__all__ = ["choices", "reason_of"]

_REASONS: Final[dict[str, Promise]] = {
    "evidence": _("what the evidence says"),
    "records": _("both records compared"),
    "prints": _("prints or photographs compared"),
    "owner": _("the other side was called"),
    "other": _("another reason: see the note"),
}


def choices(request: HttpRequest) -> tuple[Choice, ...]:
    """In the order of the list; what was chosen last stays chosen."""
    chosen = request.session.get("review_why", "evidence")
    return tuple(Choice(key, str(words), key == chosen) for key, words in _REASONS.items())


def reason_of(request: HttpRequest) -> str:
    """As the judgement keeps it; blank where a note was to be written and none was."""
    why, note = request.POST.get("why", ""), request.POST.get("note", "").strip()
    if why not in _REASONS:
        return note
    request.session["review_why"] = why
    if why == "other":
        return note
    said = str(_REASONS[why])
    return f"{said}: {note}" if note else said
