"""What inspectors set before roles were kept is theirs still, and what auditors set is theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.db.migrations.executor import MigrationExecutor
from tests.keeping.test_new_database import an_empty_one
from tests.people import AT

pytestmark = [
    pytest.mark.database,
    pytest.mark.django_db(databases="__all__", transaction=True),
]


def test_who_set_a_review_or_a_watch_is_known_after_the_migration(tmp_path: Path) -> None:
    with an_empty_one("exchange", tmp_path) as connection:

        def brought_to(name: str) -> Any:
            executor = MigrationExecutor(connection)
            return executor.migrate([("oversight", name)]).apps

        before = brought_to("0003_watches")
        for number, apart in (("1", True), ("2", False)):
            common = {"number": number, "agency": "oig", "apart": apart, "made_by": "U-1"}
            before.get_model("oversight", "SavedReview").objects.using("exchange").create(
                title="x", asked={}, days=7, begins=AT, made_at=AT, **common
            )
            before.get_model("oversight", "Watch").objects.using("exchange").create(
                record="S-1", owner="patrol", reason="x", since=AT, until=AT, **common
            )
        after = brought_to("0004_role")
        for name in ("SavedReview", "Watch"):
            rows = after.get_model("oversight", name).objects.using("exchange")
            said = dict(rows.values_list("number", "role"))
            assert said == {"1": "inspector", "2": "auditor"}
