"""What a record's page says of its owner's stamps: what may be used, and what not yet."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tieline.core.agreement.disclose import Disclosure
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.exchange.sharing.verifying import verifiable
from tieline.keeping.stamps import Stamp, StampAnswer
from tieline.ui.moments import moment_words
from tieline.ui.parts import FactGroup, FieldRow, Tag, Tone
from tieline.web.words import CLASSES
from tieline.wiring.stamping import stamps_of

__all__ = ["stamp_groups"]


def stamp_groups(
    told: Disclosure, *, system: str, viewer: Viewer, purpose: Purpose
) -> tuple[FactGroup, ...]:
    """Of each class that is shown of another agency's record, whether its owner verified it."""
    classes = verifiable(told, viewer=viewer)
    if not classes:
        return ()
    stamps = stamps_of(system, told.number, viewer=viewer, purpose=purpose)
    rows = tuple(
        FieldRow(str(CLASSES[one]), (_words(stamps.get(one), purpose),), tag=_tag(stamps.get(one)))
        for one in CLASSES
        if one in classes
    )
    return (FactGroup(title=_("Before it is used"), rows=rows),)


def _words(stamp: Stamp | None, purpose: Purpose) -> str:
    if stamp is None:
        return _("Not verified: do not use it in an affidavit.")
    said = {"at": moment_words(stamp.at), "case": purpose.number}
    if stamp.is_void:
        return (
            _("It has changed since its owner answered on %(at)s for case %(case)s: ask again.")
            % said
        )
    if stamp.answer is StampAnswer.NOT_TO_BE_USED:
        return _("Its owner said on %(at)s that it is not to be used for case %(case)s.") % said
    return _("Verified by the owner on %(at)s for case %(case)s.") % said


def _tag(stamp: Stamp | None) -> Tag:
    if stamp is None or stamp.is_void:
        return Tag(_("not verified"), Tone.ATTENTION)
    if stamp.answer is StampAnswer.NOT_TO_BE_USED:
        return Tag(_("not to be used"), Tone.STOP)
    return Tag(_("verified"), Tone.GOOD)
