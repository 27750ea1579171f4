"""Two real extracts of one patrol's events, by the map that ships (the rows stay outside)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tieline.linking.result import LinkResult
from tieline.wiring.linking import link_files

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def result(root: Path, shared: Path) -> LinkResult:
    return link_files(
        shared / "patrol" / "usbp_apprehensions_2012_2015.csv",
        shared / "patrol" / "usbp_processed_subjects_2012_2015.csv",
        root / "examples" / "patrol_two_extracts.toml",
        out=None,
    )


def test_every_deportable_subject_is_linked_or_stands_in_a_group(result: LinkResult) -> None:
    truth = result.truth
    assert truth is not None
    assert truth.true_rows == 406
    assert truth.linked_true + truth.ambiguous_true == 406
    assert truth.linked_true >= 395


def test_hardly_anybody_else_is_linked(result: LinkResult) -> None:
    assert result.truth is not None
    assert result.truth.linked_false <= 2


def test_subjects_that_nobody_can_tell_apart_are_reported(result: LinkResult) -> None:
    keys = ("apprehended", "sector", "age", "sex", "citizenship")
    for pair in result.links:
        levels = {one.feature: one.level for one in pair.evidence}
        assert all(levels[key] in ("the same", "missing") for key in keys)
    told = [len(group.right) for group in result.ambiguous]
    assert sum(told) >= 9
