"""What all tests share: databases, who may be skipped and why, and how properties are tried."""

from __future__ import annotations

import gc
import os
import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import pytest
from hypothesis import HealthCheck, settings

from .databases import POSTGRES, Emptying, configure
from .people import AT, signed_agreement
from .sampling import EVERY, SEED, one_of

if TYPE_CHECKING:
    from tieline.core.agreement.clauses import Agreement

LONGEST = (
    *("web/test_walk", "web/test_canary", "web/test_hostile", "ui/test_in_browser"),
    *("api/test_schema", "systems/patrol/test_pages", "web/test_away", "api/test_hostile"),
    *("wiring/test_backup_killed", "wiring/test_backup", "wiring/test_backup_refused"),
    *("wiring/test_serving", "wiring/test_returning", "cli/test_node", "cli/test_index"),
)
"""Files that are begun first: a minute's file that is begun last keeps one worker waiting."""
NAMED = "TIELINE_TESTS_NAMED"
ON_BOTH = ("keeping", "exchange", "accounts")
SERVER = any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb")
ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# Whatever node the environment names, the tests have one of their own.
FOLDER = configure()
# All of Django and of the program stays to the end: looking through it again and again is a
# fourteenth of the whole run.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)

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


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for mark in metafunc.definition.iter_markers("parametrize"):
        if isinstance(mark.args[1], set | frozenset):
            # Two workers would collect in two orders, and the run would end before its first test.
            pytest.fail(f"{metafunc.definition.nodeid} takes its cases from a set: sort them")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        # Workers are told what to run, and inherit whether somebody named it.
        named = config.args_source is not config.ArgsSource.TESTPATHS
        os.environ[NAMED] = str(named)


@pytest.hookimpl(wrapper=True, tryfirst=True)  # around pytest-django, which orders by databases
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Any:
    _mark(items)
    _leave_to_the_other_database(config, items)
    result = yield
    places = {ROOT / "tests" / f"{name}.py": place for place, name in enumerate(LONGEST)}
    assert all(path.is_file() for path in places), "LONGEST names a file that there is not"
    items.sort(key=lambda item: places.get(item.path, len(places)))
    return result


def _mark(items: list[pytest.Item]) -> None:
    no_data = pytest.mark.skip(reason="the folder of real data, shared/data, is not here")
    no_chromium = pytest.mark.skip(reason="chromium is not here: apt-get install chromium")
    every_database = pytest.mark.django_db(databases="__all__")
    for item in items:
        asks = any(map(item.get_closest_marker, ("database", "any_database")))
        if asks and not item.get_closest_marker("django_db"):
            item.add_marker(every_database)
        if item.get_closest_marker("shared") and not SHARED.is_dir():
            item.add_marker(no_data)
        # In CI a missing browser is a failure, so there the tests run and say so.
        if item.get_closest_marker("browser") and not CHROMIUM and os.environ.get("CI") != "true":
            item.add_marker(no_chromium)


def _leave_to_the_other_database(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What keeps records meets both databases, PostgreSQL with one case of each test, drawn by its
    name. Of all other rooms a file that is for both meets one of them, drawn by its name. All meet
    both in `make soak`. A file that is named is run anyway, and each where there is no server.
    """
    if EVERY == 1 or not SERVER or os.environ[NAMED] == "True":
        return
    here = 1 if os.environ.get(POSTGRES) else 0
    left_out = {
        item
        for item in items
        if item.get_closest_marker("database")
        and (at := item.path.relative_to(ROOT / "tests")).parts[0] not in ON_BOTH
        and crc32(f"{SEED} {at}".encode()) % 2 != here
    }
    if here:
        left_out |= _all_but_one_case(one for one in items if one not in left_out)
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


def _all_but_one_case(items: Iterable[pytest.Item]) -> set[pytest.Item]:
    """Of what keeps records."""
    cases: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.path.relative_to(ROOT / "tests").parts[0] in ON_BOTH:
            cases[item.nodeid.partition("[")[0]].append(item)
    drawn = {one_of(those, test)[0] for test, those in cases.items()}
    return {one for those in cases.values() for one in those} - drawn


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


@pytest.fixture(scope="session")
def node_folder() -> Path:
    """The folder of this process's node, with its databases; TIELINE_CONFIG names it, too."""
    return FOLDER


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Nothing: each process has databases of its own already."""


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """All databases with their tables, and a way to empty ledgers, which refuse it."""
    from django.test import TransactionTestCase

    emptying = Emptying()

    def empty(case: Any) -> None:
        for alias in case._databases_names(include_mirrors=False):
            emptying.empty(alias)

    with django_db_blocker.unblock():
        emptying.remember()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty)
        yield


@pytest.fixture
def at() -> datetime:
    """The moment at which the tests take place."""
    return AT


@pytest.fixture
def adopted(request: pytest.FixtureRequest) -> Agreement:
    """The model agreement, signed and in force in every database."""
    from tieline.keeping.agreements import adopt
    from tieline.keeping.databases import KEEPERS

    request.getfixturevalue("_django_db_helper")
    text = signed_agreement()
    for database in KEEPERS:
        adopt(text, database=database, at=AT)
    return text
