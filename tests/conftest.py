"""What all tests share: who may be skipped and why, and how properties are tried."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")

# Without randomness of its own a red test stays red; a slow machine is no failure.
settings.register_profile("house", derandomize=True, deadline=None)
# What scripts/soak.py runs: many more tries, from a seed that it prints.
settings.register_profile(
    "soak",
    max_examples=int(os.environ.get("TIELINE_SOAK_EXAMPLES", "2000")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "house"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    no_data = pytest.mark.skip(reason="the folder of real data, shared/data, is not here")
    no_chromium = pytest.mark.skip(reason="chromium is not here: apt-get install chromium")
    for item in items:
        if item.get_closest_marker("shared") and not SHARED.is_dir():
            item.add_marker(no_data)
        # In CI a missing browser is a failure, so there the tests run and say so.
        if item.get_closest_marker("browser") and not CHROMIUM and os.environ.get("CI") != "true":
            item.add_marker(no_chromium)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real data; for tests with the mark of that name."""
    return SHARED


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser; for tests with the mark `browser`."""
    if CHROMIUM is None:
        pytest.fail("chromium is missing, and CI must run the browser tests")
    return CHROMIUM
