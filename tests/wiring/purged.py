"""A man of whom everybody has written something, and whose record is old enough to be purged."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tests.people import AGENT, AT, INVESTIGATOR
from tests.wiring.carrier import carry
from tests.wiring.way import begin

from tieline.core.agreement.viewer import Purpose, PurposeCode
from tieline.core.records import RecordNumber
from tieline.exchange.index.judging import judge
from tieline.exchange.index.models import Link, LinkState
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE
from tieline.systems.patrol import desk as patrol
from tieline.systems.patrol.subjects.adding import correct_subject
from tieline.systems.patrol.subjects.subject import Subject
from tieline.wiring.systems import doors

__all__ = ["EVENT", "LOOKED", "MARKS", "NUMBER", "OLD", "REASON", "aged", "written_about"]

EVENT: Final = "TCA-2611-000001"
NUMBER: Final = f"{EVENT}-03"
NAME: Final = "ZZOYARZABALMARK"
WHY: Final = "ZZCORRECTIONMARK"
JUDGED: Final = "ZZJUDGEDMARK"
REASON: Final = "ZZLOOKEDMARK"
MARKS: Final = (NAME, WHY, JUDGED)
"""Nothing of these may be left; the reason of a look by the other agency is accounted for."""
LOOKED: Final = AT + timedelta(days=4)
"""After the clock by which what nobody acknowledged was escalated."""
OLD: Final = datetime(1951, 11, 1, tzinfo=AT.tzinfo)


def written_about() -> None:
    """Both systems filled, links found, units told; one man corrected, judged, looked at."""
    begin()
    correct_subject(
        patrol.at_work(), NUMBER, {"maternal_surname": NAME}, why=WHY, author=AGENT, at=AT
    )
    carry(0)
    link = Link.objects.filter(left__number=NUMBER) | Link.objects.filter(right__number=NUMBER)
    judge(
        link.get().number,
        LinkState.CONFIRMED,
        viewer=INVESTIGATOR,
        purpose=Purpose(code=PurposeCode.INVESTIGATION, number="LA-26-0001"),
        agreement=in_force(EXCHANGE),
        reason=JUDGED,
        at=LOOKED,
        held=lambda system, number: False,
    )
    look(INVESTIGATOR)


def look(viewer: object) -> object:
    """Whoever asks, for a reason in words; what was told."""
    purpose = Purpose(code=PurposeCode.INVESTIGATION, reason=REASON)
    found = doors()["patrol"].fetch(RecordNumber(NUMBER), viewer=viewer, purpose=purpose, at=LOOKED)  # type: ignore[arg-type]
    return found.disclosure


def aged(number: str = NUMBER) -> None:
    """As if it had been collected long ago."""
    Subject.objects.filter(number=number).update(created_at=OLD)
