"""Several servers at one socket: each takes its share, and none is waited for that is gone."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import time
from collections.abc import Iterator

import pytest

from tieline.wiring.shares import Shares

SERVERS = 2


class Echo(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        assert isinstance(self.transport, asyncio.Transport)
        self.transport.write(str(os.getpid()).encode())


async def serve(listener: socket.socket) -> None:
    await asyncio.get_running_loop().create_server(Echo, sock=listener, backlog=512)
    await asyncio.Event().wait()


@pytest.fixture
def shared() -> Iterator[tuple[int, list[int]]]:
    """A port, and the servers that answer there."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        shares = Shares(SERVERS)
        servers = []
        for place in range(SERVERS):
            pid = os.fork()
            if not pid:
                try:
                    asyncio.run(serve(shares.listener(listener, place)))
                finally:
                    os._exit(1)
            servers.append(pid)
        try:
            yield listener.getsockname()[1], servers
        finally:
            for pid in servers:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)


def answered(port: int) -> tuple[socket.socket, int]:
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(b"?")
    return connection, int(connection.recv(20))


def until_all_answer(port: int, servers: list[int]) -> None:
    seen: set[int] = set()
    while seen != set(servers):
        held = [answered(port) for _ in range(4)]
        seen |= {who for _, who in held}
        close(held)


def close(held: list[tuple[socket.socket, int]]) -> None:
    for connection, _ in held:
        connection.close()
    time.sleep(0.2)


@pytest.mark.parametrize("pause", [0.0, 0.06])  # the longer one outlasts the patience
def test_each_server_takes_its_share(shared: tuple[int, list[int]], pause: float) -> None:
    port, servers = shared
    until_all_answer(port, servers)
    for _ in range(2):  # connections that were closed are not counted
        held = []
        for _ in range(12):
            held.append(answered(port))
            time.sleep(pause)
        each = [sum(who == server for _, who in held) for server in servers]
        assert each == [6, 6]
        close(held)


def test_a_server_that_hangs_is_not_waited_for(shared: tuple[int, list[int]]) -> None:
    port, servers = shared
    until_all_answer(port, servers)
    os.kill(servers[0], signal.SIGSTOP)
    held = [answered(port) for _ in range(6)]
    close(held)
    assert {who for _, who in held} == {servers[1]}
