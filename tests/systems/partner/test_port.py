"""The contract of record systems, tried on a partner's file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pytest

from tieline.core.agreement.viewer import Role
from tieline.core.ports import Query
from tieline.core.records import Level, RecordNumber
from tieline.keeping.agreements import adopt

from ... import people  # noqa: TID252 - tests are no installed package
from ...core.ports_contract import RecordSystemContract, Stocked  # noqa: TID252
from .scene import DEPUTY, NOW, Jail, agreement

pytestmark = pytest.mark.database

MARK = "CANARY-81fe"


@dataclass(frozen=True)
class Changes:
    """What the county changes, it changes in its file."""

    jail: Jail

    def change(self, number: RecordNumber) -> None:
        self.jail.book(number.removeprefix("CJ-"), booked_at="2026-11-04 08:00")
        self.jail.deliver()

    def protect(self, number: RecordNumber) -> None:
        self.jail.book(number.removeprefix("CJ-"), vawa="yes")
        self.jail.deliver()

    def purge(self, number: RecordNumber) -> None:
        del self.jail.rows[number.removeprefix("CJ-")]
        self.jail.deliver()


class TestPartner(RecordSystemContract):
    @pytest.fixture
    def stocked(self, jail: Jail, db: Any) -> Stocked:
        adopt(agreement(), database="partner", at=NOW)
        for number in range(1, 5):
            jail.book(f"26-00450{number}", charge=MARK)
        jail.book("26-004502", vawa="yes")
        jail.deliver()
        return Stocked(
            system=jail.door,
            changes=Changes(jail),
            open=RecordNumber("CJ-26-004501"),
            hidden=RecordNumber("CJ-26-004502"),
            absent=RecordNumber("CJ-26-004599"),
            query=Query(names=("RUIZ MORA, ANA",)),
            nowhere=Query(names=("Nobody",)),
            mark=MARK,
            insider=DEPUTY,
            outsider=people.OUTSIDER,
            administrator=replace(DEPUTY, role=Role.ADMINISTRATOR),
            purpose=people.CASE,
            at=NOW,
        )

    def test_the_federal_parties_learn_the_pointer(self, stocked: Stocked) -> None:
        told = self.fetch(stocked, stocked.open, people.AGENT)
        assert (told.disclosure.level, told.disclosure.shown) == (Level.POINTER, ())
