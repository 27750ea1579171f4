"""What people say of a link: same, different, unsure. An agency has one word, its latest (P13).

Nothing that was said is ever changed: who thinks otherwise says so, and an undo is a further
judgement. Where a word would change a lookout, or whom the agency has in custody, it counts once a
second person of the agency has confirmed it (`seconding`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.disclose import NOTHING, disclose
from tieline.core.agreement.viewer import AUDITS, Purpose, Role, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.canonical import Json
from tieline.core.ledger.events import Event
from tieline.exchange.directory.ledger import LEDGER
from tieline.exchange.index.ending import link_parted
from tieline.exchange.index.models import Judgement, Link, LinkState, fresh_number
from tieline.exchange.index.naming import link_line
from tieline.exchange.index.persons import rebuild
from tieline.keeping.databases import EXCHANGE
from tieline.keeping.ledger import Line
from tieline.keeping.wake import ring_when_committed

__all__ = [
    "LONGEST_REASON",
    "Held",
    "JudgementRefused",
    "NoSuchLink",
    "judge",
    "latest_of",
    "link_to_judge",
    "settle_link",
    "stamp_of",
    "words_of",
]

LONGEST_REASON: Final = 2_000
SAYABLE: Final = frozenset(LinkState) - {LinkState.DISPUTED}
_NO_JUDGES: Final = AUDITS | {Role.ADMINISTRATOR}
_SETTLED: Final = frozenset({LinkState.CONFIRMED, LinkState.REJECTED})
_LOOKOUT: Final = "lookout"
_REVIEWED_AFTER: Final = timedelta(days=365)
_ROWS: Final = 400

Held = Callable[[str, str], bool]
"""Whether somebody is in custody by the record of a system with a number."""


class NoSuchLink(TielineError):
    """There is no such link, or none that this viewer may know of: the same answer for both."""

    exit_code = 3


class JudgementRefused(TielineError):
    """A judgement cannot be taken."""


def stamp_of(link: Link) -> str:
    """What a page remembers of a link, so that nobody judges what he has not seen. It tells nothing
    but that something changed.
    """
    said = f"{link.number} {link.changed_at.isoformat()} {link.state}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def judge(
    number: str,
    state: LinkState,
    *,
    viewer: Viewer,
    purpose: Purpose,
    agreement: Agreement,
    reason: str,
    at: datetime,
    held: Held,
    stamp: str = "",
) -> Judgement:
    """Add a person's word; `PROPOSED` takes back what the agency said before.

    `held` is asked of the agency's own record alone: whom the other has in custody, nobody here is
    to learn from it. Only people of an agency that has one of the two records judge, and only who
    may know of both.
    With the `stamp` of the page on which somebody decided, a link that changed since is refused.
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
        link = link_to_judge(
            number, viewer=viewer, purpose=purpose, agreement=agreement, at=at, stamp=stamp
        )
        judgement = Judgement.objects.create(
            link=link,
            state=state,
            agency=viewer.agency,
            unit=viewer.unit,
            user=viewer.number,
            assignment=viewer.assignment,
            reason=reason,
            at=at,
            needs_second=_needs_second(link, state, viewer, held),
            redress=_redress_number() if state is LinkState.REJECTED else "",
            review_on=(at + _REVIEWED_AFTER).date() if state is LinkState.REJECTED else None,
        )
        settle_link(link, judgement, at=at)
        said = {"state": state.value, "waits": judgement.needs_second}
        LEDGER.append([_line(link, said, viewer, purpose, agreement, at)])
        ring_when_committed(EXCHANGE)
    return judgement


def link_to_judge(
    number: str,
    *,
    viewer: Viewer,
    purpose: Purpose,
    agreement: Agreement,
    at: datetime,
    stamp: str = "",
) -> Link:
    """The link, if this viewer may judge it and it is as he saw it; inside a transaction."""
    found = Link.objects.select_related("left", "right").filter(number=number, frozen=False)
    link = found.first()
    if link is None or not _may_judge(link, viewer, purpose, agreement, at):
        raise NoSuchLink(f"there is no link {number!r} that you may judge")
    if stamp and stamp != stamp_of(link):
        raise JudgementRefused(
            "this has changed since you opened it",
            cure="Look at it as it is now, and decide again.",
        )
    return link


def settle_link(link: Link, judgement: Judgement, *, at: datetime) -> None:
    """Let the link and its persons follow from what was said of it; inside a transaction."""
    was_confirmed = link.state == LinkState.CONFIRMED
    link.state = _state_of(words_of([link])[link.pk])
    # Whom to tell is decided anew: a rejected one is taken from the inbox of who rejected it.
    link.noticed, link.changed_at = False, at
    link.save(update_fields=["state", "noticed", "changed_at"])
    rebuild([link], at=at, judgement=judgement)
    if was_confirmed and link.state != LinkState.CONFIRMED:
        link_parted.send(sender=Link, link=link, judgement=judgement, at=at)


def latest_of(link: Link, agency: str) -> Judgement | None:
    """What the agency said last of the link as it is now, whether or not it counts."""
    rows = Judgement.objects.filter(link=link, agency=agency, pk__gt=link.judged_before)
    return rows.select_related("second").order_by("-pk").first()


def _needs_second(link: Link, state: LinkState, viewer: Viewer, held: Held) -> bool:
    """Whether it changes what follows for a lookout, or for somebody in the agency's own custody.
    By the two sides alone: that a lookout is among what else is known of the person may be hidden
    from whoever judges (P7).
    """
    before = words_of([link])[link.pk].get(viewer.agency)
    settled = {word if word in _SETTLED else None for word in (before, state)}
    if len(settled) == 1:
        return False
    sides = (link.left, link.right)
    return any(side.kind == _LOOKOUT for side in sides) or any(
        held(side.system, side.number) for side in sides if side.owner_agency == viewer.agency
    )


def _redress_number() -> str:
    while True:
        number = fresh_number("RD")
        if not Judgement.objects.filter(redress=number).exists():
            return number


def words_of(links: Sequence[Link]) -> Mapping[int, Mapping[str, LinkState]]:
    """What each agency says now of each link; one that says nothing, or took it back, is absent.
    What waits for a second person, or was refused by one, was not said yet.
    """
    words: dict[int, dict[str, LinkState]] = {link.pk: {} for link in links}
    since = {link.pk: link.judged_before for link in links}
    keys = list(since)
    for start in range(0, len(keys), _ROWS):
        rows = Judgement.objects.filter(link__in=keys[start : start + _ROWS]).order_by("id")
        counting = rows.filter(Q(needs_second=False) | Q(second__agrees=True))
        for pk, key, agency, state in counting.values_list("id", "link_id", "agency", "state"):
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
    said: Mapping[str, Json],
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
        said=said,
    )
