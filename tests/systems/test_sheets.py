"""What is kept is asked for, once; what is asked for is kept."""

from __future__ import annotations

from collections import Counter

import pytest

from tieline.systems.investigations.sheets import SHEETS as INVESTIGATIONS
from tieline.systems.pages.sheets import Sheet
from tieline.systems.patrol.sheets import AT_ENTRY, SUBJECT
from tieline.systems.patrol.sheets import SHEETS as PATROL

SHEETS = [*PATROL.values(), *INVESTIGATIONS.values()]
NOT_ASKED = {
    "case": {"person", "vehicle", "vessel", "phone", "address", "business"},
    "event": {"subject"},
    "subject": {"lookout"},
    "status": {"lookout"},
    "supervisor": {"lookout"},
}
"""Fields that services fill in, and of which kinds."""


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.model.kind)
def test_each_field_that_is_kept_stands_on_its_sheet_once(sheet: Sheet) -> None:
    kind = sheet.model.kind
    kept = {name for name, _class in sheet.model.columns()}
    asked = Counter(sheet.names)
    assert set(asked.values()) == {1}
    assert kept - set(asked) == {name for name, kinds in NOT_ASKED.items() if kind in kinds}
    assert set(asked) <= kept
    assert sheet.draft.kind == kind


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.model.kind)
def test_what_can_be_chosen_is_what_the_service_takes(sheet: Sheet) -> None:
    from tieline.systems.investigations.values import CHECKS as OF_INVESTIGATIONS
    from tieline.systems.patrol.values import CHECKS as OF_PATROL

    checks = OF_PATROL if sheet in PATROL.values() else OF_INVESTIGATIONS
    for name in set(sheet.choices) & set(sheet.names) & set(checks):
        values = [value for value, _words in sheet.choices[name]() if value]
        if name == "cautions":
            assert checks[name](values) == values
        else:
            assert [checks[name](value) for value in values] == values, name


def test_what_is_asked_first_of_a_subject_stands_on_its_sheet() -> None:
    assert set(AT_ENTRY) < set(SUBJECT.names)
