"""Several servers at one socket: each takes its share, and none is waited for that is gone."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import pytest

from tieline.wiring.shares import PATIENCE, Shares


@dataclass
class Door:
    """Two servers' listeners in one process, and a clock that goes on when it is told to."""

    undone: ExitStack
    shared: socket.socket
    now: float = 0.0
    shares: Shares = field(init=False)
    servers: list[socket.socket] = field(init=False)

    def __post_init__(self) -> None:
        self.shares = Shares(2, clock=lambda: self.now)
        self.servers = [self.begun(0), self.begun(1)]

    def begun(self, place: int) -> socket.socket:
        made = self.undone.enter_context(self.shares.listener(self.shared, place))
        made.setblocking(False)
        return made

    def knock(self) -> None:
        """Somebody connects, and waits to be taken."""
        address = self.shared.getsockname()
        self.undone.enter_context(socket.create_connection(address, timeout=20))

    def take(self, place: int) -> socket.socket | None:
        """What the server gets that is woken; None if it is left to the other."""
        try:
            return self.undone.enter_context(self.servers[place].accept()[0])
        except BlockingIOError:
            return None


@pytest.fixture
def door() -> Iterator[Door]:
    with ExitStack() as undone, socket.socket() as shared:
        shared.bind(("127.0.0.1", 0))
        shared.listen(64)
        yield Door(undone, shared)


def test_who_is_always_woken_first_takes_its_share_and_no_more(door: Door) -> None:
    for _ in range(12):
        door.knock()
        if door.take(0) is None:
            assert door.take(1) is not None
    assert list(door.shares.held) == [6, 6]


def test_a_connection_that_was_closed_is_counted_no_more(door: Door) -> None:
    door.knock()
    first = door.take(0)
    assert first is not None
    first.close()
    first.close()
    assert list(door.shares.held) == [0, 0]
    door.knock()
    assert door.take(0) is not None


def test_to_find_nobody_waiting_costs_no_patience(door: Door) -> None:
    """A server asks once more after each connection; what comes later is another matter."""
    door.knock()
    assert door.take(0) is not None
    assert door.take(0) is None
    door.now += 10 * PATIENCE
    door.knock()
    assert door.take(0) is None
    assert door.take(1) is not None


def test_one_that_hangs_is_waited_for_once_and_no_longer(door: Door) -> None:
    door.knock()
    assert door.take(0) is not None
    door.knock()
    assert door.take(0) is None
    door.now += 0.9 * PATIENCE
    assert door.take(0) is None
    door.now += 0.2 * PATIENCE
    assert door.take(0) is not None
    assert list(door.shares.held) == [2, 0]


def test_each_connection_has_a_patience_of_its_own(door: Door) -> None:
    door.knock()
    assert door.take(0) is not None
    door.knock()
    assert door.take(0) is None  # left to the other, who takes it, and whose guest then goes
    left = door.take(1)
    assert left is not None
    left.close()
    door.now += 2 * PATIENCE
    door.knock()
    assert door.take(0) is None


def test_a_server_that_begins_anew_has_none_of_what_fell_with_it(door: Door) -> None:
    door.knock()
    assert door.take(0) is not None
    door.servers[0] = door.begun(0)
    assert list(door.shares.held) == [0, 0]
    door.knock()
    assert door.take(0) is not None
