"""A node's first administrator, all or nothing; and what a node needs before it is opened."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from tests.people import AT, PATROL

from tieline.accounts.models import Assignment, User
from tieline.exchange.directory.models import Unit
from tieline.keeping.rows import LedgerRow
from tieline.systems.patrol import desk as patrol_desk
from tieline.wiring.folder import NodeExists
from tieline.wiring.making import FirstAdministrator, make_administrator, refuse_a_node
from tieline.wiring.opening import NoDriver, open_node
from tieline.wiring.restored import MARK, NotReconciled, Restored, mark_restored
from tieline.wiring.systems import set_to_work_once

from .way import begin

pytestmark = pytest.mark.database


def test_the_first_administrator_has_a_unit_and_sees_that_he_is_told_once() -> None:
    told: list[FirstAdministrator] = []
    made = make_administrator("mlopez", party=PATROL, unit="TCA", at=AT, tell=told.append)
    assert told == [made]
    assert made.password not in repr(made)
    person = User.objects.get(username="mlopez")
    assert person.check_password(made.password)
    hat = person.active
    assert hat is not None
    assert (hat.agency, hat.unit, hat.role) == ("patrol", "TCA", "administrator")
    assert Unit.objects.filter(agency__code="patrol", code="TCA").exists()


def test_a_password_that_could_not_be_told_leaves_nobody() -> None:
    """Whoever calls again begins with nothing, and is told another one."""
    before = LedgerRow.objects.using("default").count()

    def gone(made: FirstAdministrator) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        make_administrator("mlopez", party=PATROL, unit="TCA", at=AT, tell=gone)
    assert not User.objects.exists()
    assert not Assignment.objects.exists()
    assert LedgerRow.objects.using("default").count() == before
    make_administrator("mlopez", party=PATROL, unit="TCA", at=AT)
    assert User.objects.count() == 1


def test_databases_with_somebody_or_something_in_them_are_a_node_s() -> None:
    refuse_a_node()
    begin()
    with pytest.raises(NodeExists, match="the database patrol holds"):
        refuse_a_node()
    make_administrator("mlopez", party=PATROL, unit="TCA", at=AT)
    with pytest.raises(NodeExists, match="the database accounts holds"):
        refuse_a_node()


def test_a_node_that_was_restored_is_served_by_no_other_server_either(
    node_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody() -> None:
        raise patrol_desk.NoDesk("no desk")

    monkeypatch.setattr(patrol_desk, "at_work", nobody)
    mark_restored(node_folder, Restored("0" * 64, AT))
    try:
        with pytest.raises(NotReconciled, match="2026"):
            set_to_work_once()
        (node_folder / MARK).write_text("{", encoding="utf-8")
        with pytest.raises(NotReconciled):
            set_to_work_once()
    finally:
        (node_folder / MARK).unlink()
    set_to_work_once()


def test_without_its_driver_no_node_on_a_server_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "secret.key").write_text("k" * 40, encoding="utf-8")
    config = tmp_path / "tieline.toml"
    config.write_text('[databases]\npatrol = "postgresql://db/p"\n', encoding="utf-8")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NoDriver) as refused:
        open_node(config)
    assert "tieline[postgres]" in refused.value.cure
