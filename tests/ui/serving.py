"""The gallery behind a small server of its own, under the policy that the node sends."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from tests.ui import gallery

POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'"
UNREAD = b"event: notices\ndata: 7\n\n"


class Gallery(BaseHTTPRequestHandler):
    posted: list[str]

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/events/":
            self._answer(UNREAD, "text/event-stream")
        elif path.startswith("/static/"):
            self._static(path.removeprefix("/static/"))
        elif path in gallery.PAGES:
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
            said = {name: one.value for name, one in cookies.items()}
            self._answer(gallery.page(self.path, cookies=said).encode(), "text/html; charset=utf-8")
        else:
            self._answer(b"not here", "text/plain", HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length).decode()
        self.server.posted.append(f"{self.path} {body}")  # type: ignore[attr-defined]
        page = gallery.page("/wrong").encode()
        self._answer(page, "text/html; charset=utf-8", HTTPStatus.UNPROCESSABLE_ENTITY)

    def _static(self, name: str) -> None:
        found = finders.find(name)
        if not isinstance(found, str):
            self._answer(b"not here", "text/plain", HTTPStatus.NOT_FOUND)
            return
        kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
        self._answer(Path(found).read_bytes(), kind)

    def _answer(self, body: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: what is asked for is told by the browser."""


@contextmanager
def served() -> Iterator[tuple[str, list[str]]]:
    """The address, and what was posted: path and body."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Gallery)
    server.posted = []  # type: ignore[attr-defined]
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", server.posted  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
