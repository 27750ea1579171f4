"""Run a command beside a PostgreSQL server of its own, which is gone afterwards.

    python scripts/postgres.py python -m pytest -m database

The server listens on a socket in a private folder alone, and TIELINE_TEST_POSTGRES tells its URL.
Nothing is kept on the disk for good, so it does not wait for the disk either.
"""

from __future__ import annotations

import argparse
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Never

VARIABLE = "TIELINE_TEST_POSTGRES"
CURE = "apt-get install postgresql"
_CONNECTIONS = 100
_TRIES = 600


def binaries() -> Path | None:
    """The folder of the newest server that Debian installed, or of the one on the path."""
    found = [one.parent for one in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda folder: float(folder.parent.name))
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def server(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """A running server; gives its URL. It refuses to run as root, so root runs it as another.

    `durable`: it waits for the disk as a real one does, for benchmarks.
    """
    # The name of a socket has at most 107 bytes, so no long path for temporary files.
    place = Path(tempfile.mkdtemp(prefix="tieline-pg-", dir="/tmp"))
    user = _user()
    run: dict[str, Any] = {"cwd": place, "stdout": subprocess.DEVNULL}
    if user is not None:
        os.chown(place, user.pw_uid, user.pw_gid)
        run |= {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": place,
        "max_connections": _CONNECTIONS,
        "fsync": "on" if durable else "off",
        "full_page_writes": "on" if durable else "off",
        "log_min_messages": "fatal",
        "log_min_error_statement": "panic",
    }
    try:
        subprocess.run(
            [
                *(folder / "initdb", "--pgdata", "data", "--username=tieline", "--auth=trust"),
                *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"),
            ],
            check=True,
            **run,
        )
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        running = subprocess.Popen([folder / "postgres", "-D", "data", *options], **run)
        try:
            _await(
                running,
                [
                    folder / "pg_isready",
                    "--quiet",
                    "--username=tieline",
                    "--dbname=postgres",
                    "--host",
                    place,
                ],
            )
            yield f"postgresql://tieline@/postgres?host={place}"
        finally:
            running.send_signal(signal.SIGINT)  # "fast": without waiting for its clients
            running.wait()
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _await(running: subprocess.Popen[bytes], ready: Sequence[str | Path]) -> None:
    for _ in range(_TRIES):
        if running.poll() is not None:
            raise SystemExit("postgres: the server did not start; what it says stands above")
        if subprocess.run(ready).returncode == 0:
            return
        time.sleep(0.1)
    raise SystemExit("postgres: the server does not answer")


def main(arguments: Sequence[str]) -> int:
    """The command's own exit code."""
    parser = argparse.ArgumentParser(description="Run a command beside a PostgreSQL server.")
    parser.add_argument(
        "--if-present", action="store_true", help="without PostgreSQL do nothing, and succeed"
    )
    parser.add_argument("command", nargs=argparse.REMAINDER)
    asked = parser.parse_args(arguments)
    if not asked.command:
        parser.error("a command is missing")
    folder = binaries()
    if folder is None:
        if asked.if_present:
            return 0
        print(f"postgres: PostgreSQL is missing: {CURE}", file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, _stop)
    with server(folder) as url:
        return subprocess.run(asked.command, env={**os.environ, VARIABLE: url}).returncode


def _user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    known = {one.pw_name: one for one in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _stop(*_: object) -> Never:
    sys.exit(143)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
