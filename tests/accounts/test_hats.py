"""Who acts, in which hat, what for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from tests.people import AT

from tieline.accounts.hats import (
    SIGNED_IN_AT,
    ActiveHat,
    BadPurpose,
    HattedRequest,
    active_assignment,
    purpose_of,
    set_purpose,
    stated_purpose,
    viewer_of,
)
from tieline.accounts.models import Assignment, User
from tieline.core.agreement.viewer import PurposeCode, Role
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event

HOUR = timedelta(hours=1)


def person(name: str = "ruiz", **about: object) -> User:
    number = f"U-{User.objects.count() + 1}"
    return User.objects.create_user(name, "correct horse battery", number=number, **about)


def hat(
    user: User, *, starts: datetime = AT, ends: datetime | None = None, **about: object
) -> Assignment:
    given = {"agency": "patrol", "unit": "TCA/NGL", "role": Role.AGENT.value, **about}
    number = f"AS-{Assignment.objects.count() + 1}"
    return Assignment.objects.create(number=number, user=user, starts=starts, ends=ends, **given)


@pytest.mark.database
class TestAssignments:
    def test_one_holds_from_its_start_up_to_its_end(self) -> None:
        one = hat(person(), ends=AT + HOUR)
        moments = (AT - HOUR, AT, AT + HOUR / 2, AT + HOUR)
        assert [one.holds(at) for at in moments] == [False, True, True, False]

    def test_one_without_an_end_goes_on(self) -> None:
        assert hat(person()).holds(AT + timedelta(days=9999))

    @pytest.mark.parametrize("ends", [AT, AT - HOUR])
    def test_none_ends_before_it_starts(self, ends: datetime) -> None:
        user = person()
        with pytest.raises(IntegrityError):
            hat(user, ends=ends)

    def test_no_role_is_invented(self) -> None:
        user = person()
        with pytest.raises(IntegrityError):
            hat(user, role="king")

    def test_the_worn_hat_decides(self) -> None:
        user = person()
        hat(user)
        user.active = hat(user, agency="investigations", role=Role.INVESTIGATOR.value)
        assert active_assignment(user, at=AT) == user.active

    def test_when_it_ended_another_that_holds_is_worn(self) -> None:
        user = person()
        home = hat(user)
        user.active = hat(user, agency="investigations", ends=AT + HOUR)
        assert active_assignment(user, at=AT + HOUR) == home

    def test_who_has_none_now_has_none(self) -> None:
        user = person()
        hat(user, starts=AT + HOUR)
        hat(user, starts=AT - 2 * HOUR, ends=AT - HOUR)
        assert active_assignment(user, at=AT) is None

    def test_nobody_wears_the_hat_of_another(self) -> None:
        user = person()
        user.active = hat(person("soto"))
        assert active_assignment(user, at=AT) is None

    def test_the_viewer_is_the_person_in_that_hat(self) -> None:
        user = person(department="DHS", sworn=True, employee=True, trained_until=AT + HOUR)
        seen = viewer_of(user, hat(user, agency="investigations", unit="LA/13"))
        assert (seen.number, seen.department, seen.sworn, seen.employee) == (
            user.number,
            "DHS",
            True,
            True,
        )
        assert (seen.agency, seen.unit, seen.role) == ("investigations", "LA/13", Role.AGENT)
        assert seen.trained_until == AT + HOUR
        assert seen.roles == frozenset()

    def test_who_acts_for_the_supervisor_is_one_beside_the_role(self) -> None:
        user = person()
        seen = viewer_of(user, hat(user, acting=True))
        assert (seen.role, seen.roles) == (Role.AGENT, {Role.SUPERVISOR})


class TestPurposes:
    def test_a_number_is_enough(self) -> None:
        said = stated_purpose("investigation", " la13pr10la0031 ", "")
        assert (said.code, said.number) == (PurposeCode.INVESTIGATION, "LA13PR10LA0031")

    def test_so_is_a_reason(self) -> None:
        said = stated_purpose("processing", "", "  man at the gate gave two names ")
        assert (said.number, said.reason) == ("", "man at the gate gave two names")

    @pytest.mark.parametrize("code", ["", "curiosity", "INVESTIGATION", "\x00"])
    def test_the_list_is_closed(self, code: str) -> None:
        with pytest.raises(BadPurpose):
            stated_purpose(code, "LA13PR10LA0031", "")

    @pytest.mark.parametrize("reason", ["", "   ", "...", "-/-"])
    def test_without_number_and_reason_it_is_none(self, reason: str) -> None:
        with pytest.raises(BadPurpose) as refused:
            stated_purpose("investigation", " ", reason)
        assert refused.value.cure

    @pytest.mark.parametrize(
        "number",
        [
            *("A012345678", "a-123456789", "123-45-6789", "1980-02-03", "2/3/1980", "520-555-0101"),
            *("5205550101", "Maria Lopez", "LOPEZ", "x" * 41, "S-1\x00", "S-1\ud800", "Nº 7"),
        ],
    )
    def test_a_number_of_a_person_is_none_of_a_case(self, number: str) -> None:
        with pytest.raises(BadPurpose) as refused:
            stated_purpose("investigation", number, "a reason as well")
        assert number not in f"{refused.value} {refused.value.cure}"

    def test_whatever_is_taken_the_ledger_takes_too(self) -> None:
        for number in ("TCA-2611-000123", "LA13PR10LA0031", "24-CR-00123", "FY26/0007"):
            said = stated_purpose("investigation", number, "")
            Entry(system="patrol", node="one", event=Event.RECORD_READ, at=AT, case=said.number)

    def test_a_long_reason_is_cut(self) -> None:
        assert len(stated_purpose("processing", "", "word " * 1000).reason) == 500


def request() -> HttpRequest:
    made = HttpRequest()
    made.session = {SIGNED_IN_AT: datetime.now(UTC).timestamp()}  # type: ignore[assignment]
    return made


class TestRequests:
    def test_a_purpose_is_carried_along(self) -> None:
        asked = request()
        said = stated_purpose("investigation", "LA13PR10LA0031", "")
        set_purpose(asked, said)
        assert asked.purpose == said  # type: ignore[attr-defined]
        later = request()
        later.session = asked.session
        assert purpose_of(later, worn="") == said
        assert purpose_of(later, worn="AS-2") is None, "it was stated in another hat"

    @pytest.mark.parametrize(
        "said",
        [
            None,
            "investigation",
            [],
            ["investigation", "LA13PR10LA0031", ""],
            ["curiosity", "LA13PR10LA0031", "", ""],
            ["investigation", "A012345678", "", ""],
            ["investigation", "", "", ""],
        ],
    )
    def test_what_cannot_be_read_is_no_purpose(self, said: object) -> None:
        asked = request()
        asked.session["purpose"] = said
        assert purpose_of(asked, worn="") is None

    @pytest.mark.database
    def test_a_request_has_person_hat_purpose_and_moment(self) -> None:
        user = person()
        user.active = hat(user, starts=datetime(2020, 1, 1, tzinfo=AT.tzinfo))
        asked = request()
        asked.user = user  # type: ignore[assignment]
        asked.assignment = user.active  # type: ignore[attr-defined]
        set_purpose(asked, stated_purpose("investigation", "LA13PR10LA0031", ""))
        hatted = self.passed(asked)
        assert hatted.assignment == user.active
        assert hatted.viewer is not None
        assert hatted.viewer.number == user.number
        assert hatted.purpose is not None
        assert hatted.at.utcoffset() == timedelta(0)

    @pytest.mark.database
    def test_who_has_no_hat_is_no_viewer(self) -> None:
        asked = request()
        asked.user = person()  # type: ignore[assignment]
        hatted = self.passed(asked)
        assert (hatted.assignment, hatted.viewer, hatted.purpose) == (None, None, None)

    def test_who_is_not_signed_in_is_nobody(self) -> None:
        from django.contrib.auth.models import AnonymousUser

        asked = request()
        asked.user = AnonymousUser()
        set_purpose(asked, stated_purpose("investigation", "LA13PR10LA0031", ""))
        hatted = self.passed(asked)
        assert (hatted.assignment, hatted.viewer, hatted.purpose) == (None, None, None)

    def passed(self, asked: HttpRequest) -> HattedRequest:
        seen: list[HttpRequest] = []

        def view(request: HttpRequest) -> HttpResponse:
            seen.append(request)
            return HttpResponse()

        ActiveHat(view)(asked)
        (hatted,) = seen
        return hatted  # type: ignore[return-value]
