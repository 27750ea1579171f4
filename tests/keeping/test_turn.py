"""Whoever came first writes first; whoever dies or never ends stops nobody for good."""

from __future__ import annotations

import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from django.db import connections, transaction

from tieline.keeping.sqlite import queued
from tieline.keeping.sqlite.queued import DatabaseWrapper
from tieline.keeping.sqlite.turn import Turn


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "one.sqlite3.turn"


def drawn(file: Path) -> Turn:
    turn = Turn.draw(file)
    assert turn is not None
    return turn


def test_they_go_in_the_order_in_which_they_drew(file: Path) -> None:
    turns = [drawn(file) for _ in range(8)]
    went: list[int] = []

    def go(number: int) -> None:
        assert turns[number].wait()
        went.append(number)
        turns[number].end()

    threads = [threading.Thread(target=go, args=(number,)) for number in range(8)]
    # The last begin to wait first.
    for thread in reversed(threads):
        thread.start()
    for thread in threads:
        thread.join()
    assert went == list(range(8))


def test_nobody_goes_before_the_one_before_has_ended(file: Path) -> None:
    first, second, third = drawn(file), drawn(file), drawn(file)
    assert first.wait()
    assert not second.wait(patience=0)
    first.end()
    assert second.wait(patience=0)
    assert not third.wait(patience=0)
    second.end()
    assert third.wait(patience=0)


def test_whoever_gives_up_lets_the_next_one_go(file: Path) -> None:
    first, second, third = drawn(file), drawn(file), drawn(file)
    assert not second.wait(patience=0)
    second.end()
    # The third goes though the first has not ended: that two do not write at once SQLite sees to.
    assert third.wait(patience=0)
    first.end()


def test_a_process_that_is_killed_holds_nobody_up(file: Path) -> None:
    text = (
        "import sys; from pathlib import Path; from tieline.keeping.sqlite.turn import Turn\n"
        "turn = Turn.draw(Path(sys.argv[1])); turn.wait(); print('its turn', flush=True)\n"
        "sys.stdin.read()"
    )
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    holder = subprocess.Popen([sys.executable, "-c", text, file], **pipes)
    assert holder.stdin is not None
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"its turn\n"
    turn = drawn(file)
    assert not turn.wait(patience=0)
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    assert turn.wait()


def test_the_file_is_this_user_s_alone_and_none_is_no_error(file: Path) -> None:
    drawn(file).end()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert Turn.draw(file / "under a file") is None


@pytest.fixture
def connection(tmp_path: Path) -> DatabaseWrapper:
    (tmp_path / "one.sqlite3").touch()
    said = {**connections["patrol"].settings_dict, "NAME": f"file:{tmp_path}/one.sqlite3?mode=rw"}
    said["OPTIONS"] = {"transaction_mode": "IMMEDIATE"}
    return DatabaseWrapper(said, alias="patrol")


def is_free(file: Path) -> bool:
    turn = drawn(file)
    free = turn.wait(patience=0)
    turn.end()
    return free


@pytest.mark.any_database
@pytest.mark.django_db(databases="__all__")
def test_a_transaction_holds_its_turn_until_it_ends_however_it_ends(
    connection: DatabaseWrapper, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(transaction.connections.databases, "patrol", connection.settings_dict)
    monkeypatch.setattr(transaction, "get_connection", lambda using=None: connection)
    with transaction.atomic():
        connection.cursor().execute("CREATE TABLE one (number integer)")
        assert not is_free(file)
    assert is_free(file)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    assert is_free(file)
    with monkeypatch.context() as patch:
        patch.setattr(
            queued.base.DatabaseWrapper, "_start_transaction_under_autocommit", lambda self: 1 / 0
        )
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            pass
    assert is_free(file)
    # The server went away with it in the middle of a transaction.
    transaction.Atomic(None, savepoint=True, durable=False).__enter__()
    assert not is_free(file)
    connection.in_atomic_block = False
    connection.close()
    assert is_free(file)


def test_a_database_in_memory_has_no_queue(connection: DatabaseWrapper) -> None:
    connection.settings_dict["NAME"] = "file:memorydb_patrol?mode=memory&cache=shared"
    assert connection._queue() is None
