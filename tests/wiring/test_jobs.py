"""A process that does one job works otherwise, and as before when it has ended."""

from __future__ import annotations

import gc

import pytest

from tieline.wiring.jobs import one_job


@pytest.mark.parametrize("was", [True, False])
def test_what_was_set_is_set_again_however_a_job_ends(was: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if was else gc.disable)()
        with one_job():
            assert not gc.isenabled()
        assert gc.isenabled() is was
        with pytest.raises(ZeroDivisionError), one_job():
            raise ZeroDivisionError
        assert gc.isenabled() is was
    finally:
        (gc.enable if before else gc.disable)()
