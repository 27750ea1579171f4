"""A commit rings for the relay; a relay that is away loses nothing but the ring."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from tieline.keeping.wake import SOCKET, Bell, ring_when_committed

from .depot import DATABASE, crate, kept

FOREVER = 60.0


@pytest.fixture
def bell(node_folder: Path) -> Iterator[Bell]:
    made = Bell(node_folder)
    yield made
    made.close()


@pytest.fixture
def rung(bell: Bell) -> Iterator[threading.Event]:
    """Set once somebody has rung."""
    heard = threading.Event()

    def wait() -> None:
        bell.wait(FOREVER)
        heard.set()

    threading.Thread(target=wait, daemon=True).start()
    yield heard
    assert heard.is_set()


@pytest.mark.database
@pytest.mark.django_db(databases="__all__", transaction=True)
class TestBell:
    def test_it_rings_when_a_record_was_kept(self, crates: None, rung: threading.Event) -> None:
        kept(crate("S-1"))
        assert rung.wait(FOREVER)

    def test_it_rings_after_the_commit_and_not_before(self, rung: threading.Event) -> None:
        with transaction.atomic(using=DATABASE):
            ring_when_committed(DATABASE)
            assert not rung.wait(0.05)
        assert rung.wait(FOREVER)

    def test_what_is_rolled_back_rings_nothing(self, bell: Bell) -> None:
        with transaction.atomic(using=DATABASE):
            ring_when_committed(DATABASE)
            transaction.set_rollback(True, using=DATABASE)
        assert bell._socket is not None
        bell._socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            bell._socket.recv(1)

    def test_nobody_at_the_other_end_is_no_harm(self, crates: None, node_folder: Path) -> None:
        assert not (node_folder / SOCKET).exists()
        kept(crate("S-1"))

    def test_many_rings_are_one(self, bell: Bell) -> None:
        for _ in range(5):
            with transaction.atomic(using=DATABASE):
                ring_when_committed(DATABASE)
        bell.wait(FOREVER)
        assert bell._socket is not None
        bell._socket.setblocking(False)
        with pytest.raises(BlockingIOError):
            bell._socket.recv(1)


def test_only_its_owner_may_ring(bell: Bell, node_folder: Path) -> None:
    assert (node_folder / SOCKET).stat().st_mode & 0o777 == 0o600


def test_a_socket_that_was_left_behind_is_taken_over(tmp_path: Path) -> None:
    if len(str(tmp_path / SOCKET)) > 100:
        pytest.skip("the folder for temporary files has too long a name for a socket")
    Bell(tmp_path)._socket.close()  # type: ignore[union-attr]
    assert (tmp_path / SOCKET).exists()
    again = Bell(tmp_path)
    again.close()
    assert not (tmp_path / SOCKET).exists()


def test_a_folder_with_a_long_name_has_no_bell_and_waits_its_time(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 120)
    deep.mkdir()
    bell = Bell(deep)
    bell.wait(0)
    bell.close()
    assert list(deep.iterdir()) == []
