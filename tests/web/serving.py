"""The node behind its own web server, as `tieline serve` runs it, in a thread of the tests."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn

__all__ = ["served"]

_SOON = 30


@contextmanager
def served() -> Iterator[str]:
    """Its address, while it answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        server = uvicorn.Server(
            uvicorn.Config(
                "tieline.web.asgi:application",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                lifespan="off",
                timeout_graceful_shutdown=1,
            )
        )
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            # Streams of notices are still open, and would be waited for.
            server.should_exit = server.force_exit = True
            thread.join(_SOON)
