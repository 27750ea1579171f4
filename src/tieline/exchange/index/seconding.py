"""The second person: one alone does not decide where a judgement would change a lookout, or whom
the agency has in custody.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.ledger.events import Event
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.judging import (
    LONGEST_REASON,
    JudgementRefused,
    latest_of,
    link_to_judge,
    settle_link,
)
from tieline.exchange.index.models import Judgement, Link, SecondWord
from tieline.exchange.index.naming import link_line
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.wake import ring_when_committed

__all__ = ["second", "waiting_of"]


def waiting_of(link: Link, agency: str) -> Judgement | None:
    """What an agency said last of a link, if that waits for its second person."""
    latest = latest_of(link, agency)
    if latest is None or not latest.needs_second or hasattr(latest, "second"):
        return None
    return latest


def second(
    number: str,
    *,
    agrees: bool,
    viewer: Viewer,
    purpose: Purpose,
    agreement: Agreement,
    reason: str,
    at: datetime,
    stamp: str = "",
) -> SecondWord:
    """Confirm or refuse what another person of the viewer's agency said of a link.

    A person is one whatever hat he wears. Raises `NoSuchLink` or `JudgementRefused`.
    """
    reason = " ".join(reason.split())
    if len(reason) > LONGEST_REASON or not (agrees or reason):
        raise JudgementRefused(
            "to refuse needs its reason",
            cure=f"Say why in a few words, with at most {LONGEST_REASON:,} signs.",
        )
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        link = link_to_judge(
            number, viewer=viewer, purpose=purpose, agreement=agreement, at=at, stamp=stamp
        )
        judgement = waiting_of(link, viewer.agency)
        if judgement is None:
            raise JudgementRefused(
                "nothing waits here for a second person",
                cure="Look at it as it is now: somebody was quicker, or took it back.",
            )
        if judgement.user == viewer.number:
            raise JudgementRefused(
                "the second person must be another one",
                cure="Ask a colleague of your agency, or take your word back.",
            )
        word = SecondWord.objects.create(
            judgement=judgement,
            agrees=agrees,
            unit=viewer.unit,
            user=viewer.number,
            assignment=viewer.assignment,
            reason=reason,
            at=at,
        )
        settle_link(link, judgement, at=at)
        answer = "confirmed" if agrees else "refused"
        LEDGER.append(
            [
                link_line(
                    Event.LINK_JUDGED,
                    link,
                    at=at,
                    viewer=viewer,
                    purpose=purpose,
                    agreement=agreement.digest,
                    said={"state": judgement.state, "second": answer},
                )
            ]
        )
        ring_when_committed(EXCHANGE)
    return word
