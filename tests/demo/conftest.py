"""A small demo that nobody disturbed, built once, and what can be seen of one from outside."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from .building import Undisturbed, tieline_demo


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    """Tests that change something in it take a copy."""
    folder = tmp_path_factory.mktemp("a demo") / "demo"
    began = time.time()
    run = tieline_demo(folder, "--build-only")
    assert run.returncode == 0, run.stderr
    return Undisturbed(folder, run, began, time.time())


@pytest.fixture
def copied(undisturbed: Undisturbed, tmp_path: Path) -> Path:
    """A copy of it, to be spoiled."""
    return undisturbed.copied_to(tmp_path / "copy")
