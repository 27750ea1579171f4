"""What people say: added and never changed; of a lookout one alone does not decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.people import AGENT, AT, CASE, INVESTIGATOR

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.viewer import Role, Viewer
from tieline.exchange.index.judging import JudgementRefused, NoSuchLink, judge, stamp_of
from tieline.exchange.index.models import Judgement, Link, LinkState, SecondWord
from tieline.exchange.index.overlap import OverlapView, overlap
from tieline.exchange.index.persons import stored
from tieline.exchange.index.seconding import second
from tieline.keeping.agreements import in_force
from tieline.keeping.databases import EXCHANGE

from .scene import DEPUTY, directory, matched, of_case, pointer

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("listed")]

LATER = AT + timedelta(minutes=5)
LOOKOUT = of_case("LO-26-000007", kind="lookout")
COLLEAGUE = replace(AGENT, number="U-110", assignment="AS-110", role=Role.SUPERVISOR)
OTHER_HAT = replace(AGENT, assignment="AS-199", role=Role.SUPERVISOR)


@pytest.fixture
def listed(adopted: Agreement) -> None:
    directory()


def the_link() -> Link:
    return Link.objects.select_related("left", "right").get()


def say(
    state: LinkState, viewer: Viewer = AGENT, *, stamp: str = "", held: tuple[str, ...] = ()
) -> Judgement:
    return judge(
        the_link().number,
        state,
        viewer=viewer,
        purpose=CASE,
        agreement=in_force(EXCHANGE),
        reason="prints compared",
        at=LATER,
        held=lambda system, number: system in held,
        stamp=stamp,
    )


def answer(viewer: Viewer, *, agrees: bool = True, stamp: str = "", why: str = "no") -> SecondWord:
    return second(
        the_link().number,
        agrees=agrees,
        viewer=viewer,
        purpose=CASE,
        agreement=in_force(EXCHANGE),
        reason=why,
        at=LATER,
        stamp=stamp,
    )


def seen(viewer: Viewer) -> OverlapView:
    agreement = in_force(EXCHANGE)
    view = overlap(the_link().number, viewer=viewer, purpose=CASE, agreement=agreement, at=LATER)
    assert view is not None
    return view


def test_an_undo_is_a_further_judgement() -> None:
    matched(pointer(), of_case())
    say(LinkState.CONFIRMED)
    say(LinkState.PROPOSED)
    assert [one.state for one in Judgement.objects.order_by("id")] == ["confirmed", "proposed"]
    assert the_link().state == LinkState.PROPOSED


def test_not_this_person_has_a_number_and_a_day_and_is_shown_to_the_next() -> None:
    """P12."""
    matched(pointer(), of_case())
    kept = say(LinkState.REJECTED)
    assert kept.redress.startswith("RD-")
    assert kept.review_on == (LATER + timedelta(days=365)).date()
    (said,) = seen(INVESTIGATOR).judgements
    assert (said.redress, said.review_on, said.reason) == (kept.redress, kept.review_on, None)


def test_a_lookout_is_not_decided_by_one() -> None:
    matched(pointer(), LOOKOUT)
    assert say(LinkState.CONFIRMED).needs_second
    assert the_link().state == LinkState.PROPOSED
    assert stored() == {}
    waiting = seen(COLLEAGUE).waiting
    assert waiting is not None
    assert (waiting.user, waiting.counts) == (AGENT.number, False)
    answer(COLLEAGUE)
    assert the_link().state == LinkState.CONFIRMED
    assert len(stored()) == 2
    (said,) = seen(INVESTIGATOR).judgements
    assert (said.second, said.agrees, said.counts) == (COLLEAGUE.number, True, True)


def test_whom_the_agency_has_in_custody_is_not_decided_by_one() -> None:
    matched(pointer(), of_case())
    assert say(LinkState.CONFIRMED, held=("patrol",)).needs_second
    assert the_link().state == LinkState.PROPOSED
    answer(COLLEAGUE)
    assert the_link().state == LinkState.CONFIRMED
    assert say(LinkState.REJECTED, held=("patrol",)).needs_second
    assert the_link().state == LinkState.CONFIRMED


def test_whom_the_other_has_in_custody_nobody_learns_by_it() -> None:
    matched(pointer(), of_case())
    assert not say(LinkState.CONFIRMED, INVESTIGATOR, held=("patrol",)).needs_second
    assert not say(LinkState.CONFIRMED, held=("investigations",)).needs_second


def test_until_then_the_other_agency_is_told_nothing_of_it() -> None:
    matched(pointer(), LOOKOUT)
    say(LinkState.CONFIRMED)
    assert seen(INVESTIGATOR).judgements == ()
    answer(COLLEAGUE, agrees=False)
    assert seen(INVESTIGATOR).judgements == ()
    assert the_link().state == LinkState.PROPOSED
    assert [one.agrees for one in seen(AGENT).judgements] == [False]


@pytest.mark.parametrize("who", [AGENT, OTHER_HAT], ids=["the same", "the same in another hat"])
def test_nobody_is_his_own_second(who: Viewer) -> None:
    matched(pointer(), LOOKOUT)
    say(LinkState.CONFIRMED)
    with pytest.raises(JudgementRefused, match="another one"):
        answer(who)
    assert the_link().state == LinkState.PROPOSED


def test_another_agency_s_word_is_not_seconded() -> None:
    matched(pointer(), LOOKOUT)
    say(LinkState.CONFIRMED)
    with pytest.raises(JudgementRefused, match="nothing waits"):
        answer(INVESTIGATOR)
    with pytest.raises(NoSuchLink):
        answer(DEPUTY)


def test_what_changed_since_the_page_was_opened_is_not_decided() -> None:
    matched(pointer(), LOOKOUT)
    opened = stamp_of(the_link())
    say(LinkState.CONFIRMED, stamp=opened)
    # The first one thought again, while the second had the page open.
    page = stamp_of(the_link())
    Link.objects.update(changed_at=LATER + timedelta(seconds=1))
    with pytest.raises(JudgementRefused, match="changed since"):
        answer(COLLEAGUE, stamp=page)
    with pytest.raises(JudgementRefused, match="changed since"):
        say(LinkState.REJECTED, COLLEAGUE, stamp=opened)


def test_who_was_slower_is_told_that_nothing_waits() -> None:
    matched(pointer(), LOOKOUT)
    say(LinkState.CONFIRMED)
    answer(COLLEAGUE)
    with pytest.raises(JudgementRefused, match="nothing waits"):
        answer(replace(COLLEAGUE, number="U-111", assignment="AS-111"))


def test_what_waits_may_be_taken_back_at_once_and_what_counts_not() -> None:
    matched(pointer(), LOOKOUT)
    say(LinkState.CONFIRMED)
    assert not say(LinkState.PROPOSED).needs_second
    with pytest.raises(JudgementRefused, match="nothing waits"):
        answer(COLLEAGUE)
    say(LinkState.CONFIRMED)
    answer(COLLEAGUE)
    assert say(LinkState.PROPOSED).needs_second
    assert the_link().state == LinkState.CONFIRMED
    answer(COLLEAGUE)
    assert the_link().state == LinkState.PROPOSED


def test_to_refuse_needs_its_reason() -> None:
    matched(pointer(), LOOKOUT)
    say(LinkState.CONFIRMED)
    with pytest.raises(JudgementRefused, match="reason"):
        answer(COLLEAGUE, agrees=False, why=" ")


def test_unsure_changes_no_lookout_and_is_said_by_one() -> None:
    matched(pointer(), LOOKOUT)
    assert not say(LinkState.UNSURE).needs_second
    assert the_link().state == LinkState.UNSURE
