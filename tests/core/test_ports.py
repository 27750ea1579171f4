"""The contract of record systems, tried on the fake one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tieline.core.agreement.viewer import Role
from tieline.core.ports import Query, RecordSystem, SystemDescription
from tieline.core.records import FieldClass, FieldValue, Protections, Record, RecordNumber

from .agreement.scene import AGREEMENT, CASE, INVESTIGATOR, NOW, STRANGER
from .fake_system import FakeSystem
from .ports_contract import RecordSystemContract, Stocked

MARK = "CANARY-9d1e"

CLOSED = {
    "the lead": FieldClass.CASE_NARRATIVE,
    "the source": FieldClass.SOURCE,
    "the diagnosis": FieldClass.MEDICAL,
    "the fear": FieldClass.FEAR,
    "the jury": FieldClass.COURT,
    "the flag": FieldClass.PROTECTION,
}
"""Fields that the owner's department may not see, by class."""


def subject(number: str, *flags: str, name: str = "MARIA LOPEZ") -> Record:
    fields = {
        "name": FieldValue(name, FieldClass.IDENTITY),
        "phone": FieldValue("+15205550101", FieldClass.CONTACT),
        **{field: FieldValue(MARK, closed) for field, closed in CLOSED.items()},
    }
    return Record(
        number=RecordNumber(number),
        version=1,
        kind="subject",
        owner_agency="patrol",
        owning_unit="TCA/NGL",
        fields=fields,
        protections=Protections.screened(*flags),
        caveats=frozenset(),
        created_at=NOW,
        updated_at=NOW,
    )


class TestFakeSystem(RecordSystemContract):
    @pytest.fixture
    def stocked(self) -> Stocked:
        # As in the founding case: the records' owner, the application's and the host differ.
        about = SystemDescription(
            name="patrol", owner="investigations", operator="patrol", host="third party"
        )
        stock = [subject("S-1"), subject("S-2", "section_1367"), subject("S-3"), subject("S-4")]
        system = FakeSystem(about, AGREEMENT, stock)
        return Stocked(
            system=system,
            changes=system,
            open=RecordNumber("S-1"),
            hidden=RecordNumber("S-2"),
            absent=RecordNumber("S-9"),
            query=Query(names=("Maria Lopez",)),
            nowhere=Query(names=("Nobody",)),
            mark=MARK,
            insider=INVESTIGATOR,
            outsider=STRANGER,
            administrator=replace(INVESTIGATOR, role=Role.ADMINISTRATOR),
            purpose=CASE,
            at=NOW,
        )

    def test_it_is_a_record_system(self, stocked: Stocked) -> None:
        system: RecordSystem = stocked.system
        assert system.describe().host == "third party"

    def test_what_is_found_by_a_phone_is_cut_like_what_is_opened(self, stocked: Stocked) -> None:
        (row, *_) = self.search(stocked, Query(phones=("+15205550101",))).rows
        assert row == self.fetch(stocked, stocked.open).disclosure
