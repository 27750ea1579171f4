"""What people say of a link: same, different, unsure. An agency has one word, its latest (P13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.disclose import NOTHING, disclose
from tieline.core.agreement.viewer import Purpose, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.models import Judgement, Link, LinkState
from tieline.exchange.index.naming import link_line
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import Line
from tieline.keeping.wake import ring_when_committed

__all__ = ["LONGEST_REASON", "JudgementRefused", "NoSuchLink", "judge", "words_of"]

LONGEST_REASON: Final = 2_000
SAYABLE: Final = frozenset(LinkState) - {LinkState.DISPUTED}
_NO_JUDGES: Final = frozenset({Role.AUDITOR, Role.ADMINISTRATOR})
_ROWS: Final = 400


class NoSuchLink(TielineError):
    """There is no such link, or none that this viewer may know of: the same answer for both."""

    exit_code = 3


class JudgementRefused(TielineError):
    """A judgement cannot be taken."""


def judge(
    number: str,
    state: LinkState,
    *,
    viewer: Viewer,
    purpose: Purpose,
    agreement: Agreement,
    reason: str,
    at: datetime,
) -> Link:
    """Add a person's word; `PROPOSED` takes back what the agency said before.

    Only people of an agency that has one of the two records judge, and only who may know of both.
    Raises `NoSuchLink` or `JudgementRefused`.
    """
    reason = " ".join(reason.split())
    if state not in SAYABLE or len(reason) > LONGEST_REASON:
        raise JudgementRefused(
            "it can be said that they are the same, different, or that it is unsure",
            cure=f"Choose one of them, with a reason of at most {LONGEST_REASON:,} signs.",
        )
    if not reason and state in (LinkState.CONFIRMED, LinkState.REJECTED):
        raise JudgementRefused("a judgement needs its reason", cure="Say why in a few words.")
    with transaction.atomic(using=EXCHANGE):
        LEDGER.hold()
        found = Link.objects.select_related("left", "right").filter(number=number, frozen=False)
        link = found.first()
        if link is None or not _may_judge(link, viewer, purpose, agreement, at):
            raise NoSuchLink(f"there is no link {number!r} that you may judge")
        Judgement.objects.create(
            link=link,
            state=state,
            agency=viewer.agency,
            unit=viewer.unit,
            user=viewer.number,
            assignment=viewer.assignment,
            reason=reason,
            at=at,
        )
        link.state = _state_of(words_of([link])[link.pk])
        # Whom to tell is decided anew: a rejected one is taken from the inbox of who rejected it.
        link.noticed, link.changed_at = False, at
        link.save(update_fields=["state", "noticed", "changed_at"])
        LEDGER.append([_line(link, state, viewer, purpose, agreement, at)])
        ring_when_committed(EXCHANGE)
    return link


def words_of(links: Sequence[Link]) -> Mapping[int, Mapping[str, LinkState]]:
    """What each agency says now of each link; one that says nothing, or took it back, is absent."""
    words: dict[int, dict[str, LinkState]] = {link.pk: {} for link in links}
    since = {link.pk: link.judged_before for link in links}
    keys = list(since)
    for start in range(0, len(keys), _ROWS):
        rows = Judgement.objects.filter(link__in=keys[start : start + _ROWS]).order_by("id")
        for pk, key, agency, state in rows.values_list("id", "link_id", "agency", "state"):
            if pk > since[key]:
                words[key][agency] = LinkState(state)
    return {
        key: {agency: said for agency, said in each.items() if said is not LinkState.PROPOSED}
        for key, each in words.items()
    }


def _state_of(words: Mapping[str, LinkState]) -> LinkState:
    said = set(words.values())
    if {LinkState.CONFIRMED, LinkState.REJECTED} <= said:
        return LinkState.DISPUTED
    for state in (LinkState.REJECTED, LinkState.CONFIRMED, LinkState.UNSURE):
        if state in said:
            return state
    return LinkState.PROPOSED


def _may_judge(
    link: Link, viewer: Viewer, purpose: Purpose, agreement: Agreement, at: datetime
) -> bool:
    if viewer.agency not in (link.left.owner_agency, link.right.owner_agency):
        return False
    if _NO_JUDGES & {viewer.role, *viewer.roles}:
        return False
    return all(
        disclose(side.read(), viewer=viewer, purpose=purpose, agreement=agreement, at=at).disclosure
        != NOTHING
        for side in (link.left, link.right)
    )


def _line(
    link: Link,
    state: LinkState,
    viewer: Viewer,
    purpose: Purpose,
    agreement: Agreement,
    at: datetime,
) -> Line:
    return link_line(
        Event.LINK_JUDGED,
        link,
        at=at,
        viewer=viewer,
        purpose=purpose,
        agreement=agreement.digest,
        said={"state": state.value},
    )
