"""A witnessed export, tampered with by its own keeper: each way is caught, and the entry named."""

from __future__ import annotations

import re
import runpy
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tieline.core.ledger import verify as alone
from tieline.core.ledger.events import Event
from tieline.core.ledger.export import export_line
from tieline.core.ledger.judging import examine
from tieline.core.ledger.keyring import KeyTerm, keys_text
from tieline.core.ledger.signing import WitnessKey, note_of
from tieline.core.ledger.verify import Keys, Report, read_keys

from .witnessed import (
    AT,
    BEFORE,
    HEADS,
    LOG,
    OLD,
    OTHER_LOG,
    SIZE,
    THIEF,
    WITNESS,
    Lines,
    body,
    changed,
    entry,
    export,
    keys,
    note,
    signed_at,
    term,
)

ROWS = [entry(number) for number in range(SIZE)]
NOTES = {size: 1 + size + HEADS.index(size) for size in HEADS}
"""The line of each checkpoint, from 0."""
STRANGER = WitnessKey.of_seed("tieline/one/investigations/witness", b"x" * 32)
Found = list[tuple[str, int | None]]


def found(report: Report) -> Found:
    return [(fault.kind.name.lower(), fault.sequence) for fault in report.faults]


def test_untampered_it_is_sound_with_the_keys_and_without() -> None:
    report = examine(export(), keys=keys())
    assert (report.faults, report.agreed, report.size) == ([], SIZE, SIZE)
    bare = examine(export())
    assert (bare.faults, bare.agreed) == ([], None)
    assert alone.verify(export(), {}, keys=keys()) == report


def instead(size: int, made: Callable[[], str]) -> Callable[[], Lines]:
    """Another note in a checkpoint's place."""
    return lambda: export(notes=lambda at: made() if at == size else note(ROWS, at))


def rewritten(number: int, **fields: object) -> Callable[[], Lines]:
    """An entry changed and everything made anew, but what the partner had cosigned."""
    return lambda: export(changed(number, **fields), lambda size: note(ROWS, size))


def lines(change: Callable[[Lines], Lines]) -> Callable[[], Lines]:
    return lambda: change(export())


def moved(made: Lines, source: int, target: int) -> Lines:
    made.insert(target, made.pop(source))
    return made


def forked() -> Lines:
    """From the sixth entry on another history, which the keeper signs and nobody cosigned."""
    rows = changed(6, record="TCA9999")
    fork = body(rows, 8)
    return export(rows, lambda at: note_of(fork, LOG.sign(fork)) if at == 8 else note(rows, at))


def cosigned(size: int, key: WitnessKey, seconds: int = 0) -> str:
    text = body(ROWS, size)
    at = signed_at(size) + timedelta(seconds=seconds)
    return note_of(text, LOG.sign(text), key.cosign(text, at=at))


def flipped(text: str, line: int, place: int = 40) -> str:
    """One bit of a byte after the key's id, in the note's line of that number."""
    parts = text.split("\n")
    start, blob = parts[line].rsplit(" ", 1)
    raw = bytearray(b64decode(blob))
    raw[place] ^= 1
    parts[line] = f"{start} {b64encode(raw).decode()}"
    return "\n".join(parts)


def of_another_log() -> str:
    text = body(ROWS, 8, origin="tieline/one/investigations")
    return note_of(text, OTHER_LOG.sign(text), WITNESS.cosign(text, at=signed_at(8)))


def without_signature() -> str:
    text = body(ROWS, 8)
    return note_of(text, WITNESS.cosign(text, at=signed_at(8)))


def with_old_policy() -> Lines:
    rows = changed(9, agreement=OLD)
    return export(rows)


def with_clock_back() -> Lines:
    rows = changed(9, at=AT)
    return export(rows)


# fmt: off
# A table, one row a kind; the formatter would make a page of each row.
TAMPERED: list[tuple[str, Callable[[], Lines], Found]] = [
    # entries that were witnessed
    ("value rewritten", rewritten(6, record="TCA9999"), [("root", 7), ("root", 11)]),
    ("first entry rewritten", rewritten(0, record="TCA9999"),
     [("root", 3), ("root", 7), ("root", 11)]),
    ("last entry rewritten", rewritten(11, record="TCA9999"), [("root", 11)]),
    ("time rewritten", rewritten(6, at=AT + timedelta(seconds=61)), [("root", 7), ("root", 11)]),
    ("level rewritten", rewritten(9, agency="x", level="none"), [("root", 11)]),
    ("entries exchanged, all made anew",
     lambda: export([*ROWS[:1], ROWS[2], ROWS[1], *ROWS[3:]], lambda size: note(ROWS, size)),
     [("time", 2), ("root", 3), ("root", 7), ("root", 11)]),
    ("entry put in, all made anew",
     lambda: export([*ROWS[:6], ROWS[5], *ROWS[6:]], lambda size: note(ROWS, size)),
     [("root", 7), ("root", 11)]),
    ("entry dropped, all made anew",
     lambda: export([*ROWS[:6], *ROWS[7:]], lambda size: note(ROWS, size)),
     [("root", 7)]),
    ("forked and signed anew", forked, [("witness", 7)]),
    ("entry under an agreement that was replaced", with_old_policy, [("policy", 9)]),
    ("clock of the node set back", with_clock_back, [("time", 9)]),
    # the file
    ("value flipped in the file", lines(lambda made: [
        *made[:6], made[6].replace(b"TCA0004", b"TCA9999"), *made[7:]]), [("leaf", 4)]),
    ("entry dropped from the file", lines(lambda made: made[:7] + made[8:]),
     [("gap", 6), ("root", 7), ("root", 11), ("root", None)]),
    ("entry doubled in the file", lines(lambda made: [*made[:7], made[6], *made[7:]]),
     [("back", 4)]),
    ("entry of another under a number that is taken",
     lines(lambda made: [*made[:7], export_line(4, entry(9)), *made[7:]]),
     [("back", 4), ("time", 5), ("time", 6), ("time", 7), ("time", 8)]),
    ("neighbors exchanged in the file", lines(lambda made: moved(made, 7, 8)),
     [("gap", 6), ("back", 5), ("time", 5), ("root", 7), ("root", 11), ("root", None)]),
    ("end cut off", lines(lambda made: made[:NOTES[8] + 1]), [("size", None), ("root", None)]),
    # checkpoints
    ("checkpoint dropped, nothing else", lines(lambda made: [
        one for at, one in enumerate(made) if at not in NOTES.values()]), [("witness", None)]),
    ("checkpoint moved up", lines(lambda made: moved(made, NOTES[8], NOTES[8] - 2)),
     [("place", 7)]),
    ("checkpoint moved down", lines(lambda made: moved(made, NOTES[8], NOTES[8] + 2)),
     [("place", 7)]),
    ("checkpoint of before replayed", instead(8, lambda: note(ROWS, 4)), [("place", 3)]),
    ("checkpoint of later put in early", instead(8, lambda: note(ROWS, 12)), [("place", 11)]),
    ("checkpoint's size raised", instead(8, lambda: note(ROWS, 8).replace("\n8\n", "\n9\n")),
     [("signature", 7)]),
    ("checkpoint's root exchanged",
     instead(8, lambda: note(ROWS, 8).replace(
         note(ROWS, 8).split("\n")[2], note(ROWS, 4).split("\n")[2])), [("signature", 7)]),
    ("checkpoint with an extension put in",
     instead(8, lambda: note(ROWS, 8).replace("\n\n", "\nx\n\n", 1)), [("signature", 7)]),
    ("checkpoint of another log", instead(8, of_another_log), [("origin", 7)]),
    ("log's signature flipped", instead(8, lambda: flipped(note(ROWS, 8), 4)), [("signature", 7)]),
    ("cosignature flipped", instead(8, lambda: flipped(note(ROWS, 8), 5)), [("signature", 7)]),
    ("log's signature missing", instead(8, without_signature), [("key", 7)]),
    ("signed with a key of one's own", instead(8, lambda: note(ROWS, 8, log=THIEF)), [("key", 7)]),
    ("cosignature missing", instead(8, lambda: note_of(body(ROWS, 8), LOG.sign(body(ROWS, 8)))),
     [("witness", 7)]),
    ("cosigned by a key of one's own", instead(8, lambda: cosigned(8, STRANGER)),
     [("witness", 7)]),
    ("cosignature of another head",
     instead(8, lambda: note_of(
         body(ROWS, 8), LOG.sign(body(ROWS, 8)), WITNESS.cosign(body(ROWS, 4), at=signed_at(4)))),
     [("signature", 7)]),
    ("time of a cosignature changed", instead(8, lambda: flipped(note(ROWS, 8), 5, place=11)),
     [("signature", 7)]),
    ("clock of the witness set back", instead(8, lambda: cosigned(8, WITNESS, seconds=-60)),
     [("clock", 7)]),
    ("no note at all", instead(8, lambda: "nothing"), [("note", 7)]),
    ("a number for a note", lines(lambda made: [
        *made[:NOTES[8]], b'{"checkpoint":8}\n', *made[NOTES[8] + 1:]]), [("note", 7)]),
    ("a note nested without end", lines(lambda made: [
        *made[:NOTES[8]], b'{"checkpoint":' + b"[" * 60_000, *made[NOTES[8] + 1:]]),
     [("note", 7)]),
]
# fmt: on


@pytest.mark.parametrize(
    ("made", "faults"), [row[1:] for row in TAMPERED], ids=[row[0] for row in TAMPERED]
)
def test_what_was_done_to_it_is_caught_and_located(
    made: Callable[[], Lines], faults: Found
) -> None:
    assert found(examine(made(), keys=keys())) == faults
    assert examine(export(), keys=keys()).sound


def ended(key: KeyTerm, size: int, *, revoked: bool = False) -> KeyTerm:
    """A key that ended between that head and the one before."""
    return key.ended(
        f"{signed_at(size) - timedelta(seconds=5):%Y-%m-%dT%H:%M:%SZ}", revoked=revoked
    )


KEYS: list[tuple[str, Keys, Found]] = [
    ("log's key rotated out", keys(ended(term(LOG), 12), term(WITNESS)), [("term", 11)]),
    (
        "log's key revoked",
        keys(ended(term(LOG), 8, revoked=True), term(WITNESS)),
        [("revoked", 7), ("revoked", 11)],
    ),
    ("witness's key rotated out", keys(term(LOG), ended(term(WITNESS), 12)), [("term", 11)]),
    (
        "witness's key revoked",
        keys(term(LOG), ended(term(WITNESS), 12, revoked=True)),
        [("revoked", 11)],
    ),
    (
        "log's key of later",
        keys(KeyTerm(LOG.public, since="2026-03-01T17:01:00Z"), term(WITNESS)),
        [("term", 3)],
    ),
    (
        "log's key revoked, and no witness says when",
        keys(ended(term(LOG), 99, revoked=True)),
        [("revoked", 3), ("revoked", 7), ("revoked", 11), ("witness", None)],
    ),
    (
        "of another log",
        keys(term(OTHER_LOG), term(WITNESS)),
        [("origin", 3), ("origin", 7), ("origin", 11), ("witness", None)],
    ),
    (
        "of a witness more",
        keys(
            term(LOG),
            term(WITNESS),
            KeyTerm(WitnessKey.of_seed("county/witness", b"c" * 32).public, since=BEFORE),
        ),
        [("witness", 3), ("witness", 7), ("witness", 11), ("witness", None)],
    ),
]


@pytest.mark.parametrize(("trusted", "faults"), [row[1:] for row in KEYS], ids=[r[0] for r in KEYS])
def test_what_a_key_signed_outside_its_time_is_not_trusted(trusted: Keys, faults: Found) -> None:
    assert found(examine(export(), keys=trusted)) == faults


def test_after_a_rotation_old_and_new_checkpoints_are_trusted() -> None:
    new = type(LOG).of_seed(LOG.name, b"n" * 32)
    at = "2026-03-01T17:01:00Z"
    ring = keys(term(LOG).ended(at, revoked=False), KeyTerm(new.public, since=at), term(WITNESS))
    made = export(notes=lambda size: note(ROWS, size, log=LOG if size == 4 else new))
    assert examine(made, keys=ring).sound
    # The old key, in a thief's hands, signs nothing more.
    late = export(notes=lambda size: note(ROWS, size, log=new if size == 8 else LOG))
    assert found(examine(late, keys=ring)) == [("term", 11)]


def test_a_head_of_one_s_own_system_under_the_name_of_another_is_of_another_log() -> None:
    made = export()
    made[0] = made[0].replace(b'"patrol"', b'"partner"')
    faults = alone.verify(made, {}, keys=keys()).faults
    assert [fault.sequence for fault in faults if fault.kind is alone.Kind.ORIGIN] == [3, 7, 11]


def test_without_keys_a_root_that_does_not_agree_is_still_named() -> None:
    made = export(notes=lambda size: note(changed(6, record="TCA9999"), size))
    assert found(examine(made)) == [("root", 7), ("root", 11)]


def test_a_checkpoint_in_an_export_without_a_head_is_read() -> None:
    made = [b"x\n", *export()[1:]]
    assert found(examine(made, keys=keys())) == [("head", None)]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"keys":[1]}', '{"keys":[{}]}', '{"keys":[{"key":"a","since":""}]}'],
)
def test_what_is_no_list_of_keys_is_refused(text: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        read_keys(text)


def test_the_verifier_runs_alone_without_tieline(tmp_path: Path) -> None:
    program = tmp_path / "verify.py"
    program.write_bytes(Path(alone.__file__).read_bytes())
    ring = tmp_path / "patrol.keys"
    ring.write_text(keys_text((term(LOG), term(WITNESS))))

    def run(made: Lines, *more: Path) -> tuple[int, str]:
        file = tmp_path / "export"
        file.write_bytes(b"".join(made))
        command = [sys.executable, "-P", "-W", "error", program.name, file.name]
        done = subprocess.run(
            [*command, *(one.name for one in more)], cwd=tmp_path, capture_output=True, text=True
        )
        return done.returncode, done.stdout + done.stderr

    assert run(export(), ring)[0] == 0
    assert run(export())[0] == 0
    code, said = run(rewritten(6, record="TCA9999")(), ring)
    assert code == 3
    assert "ROOT" in said
    assert "sequence=7" in said
    # It names nothing of tieline but the forms: that is what lets it judge tieline.
    assert re.findall(r"^(?:from|import) (\w+)", program.read_text(), re.MULTILINE) == [
        "__future__", "json", "re", "sys", "base64", "collections", "dataclasses", "datetime",
        "enum", "functools", "hashlib", "pathlib", "typing",
    ]  # fmt: skip
    assert program.read_text().count("\n") <= 300


def test_the_verifier_is_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "export").write_bytes(b"".join(rewritten(6, record="TCA9999")()))
    (tmp_path / "keys").write_text(keys_text((term(LOG), term(WITNESS))))
    for more, code in ((["keys"], 3), ([], 3)):
        files = [str(tmp_path / name) for name in ("export", *more)]
        monkeypatch.setattr(sys, "argv", ["verify.py", *files])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(alone.__file__, run_name="__main__")
        assert ended.value.code == code
        assert "sequence=7" in capsys.readouterr().out


def test_what_was_decided_while_an_agreement_was_being_replaced_is_no_fault() -> None:
    at = entry(5).at + timedelta(seconds=5)
    rows = [*ROWS[:6], replace(entry(6), agreement=OLD, at=at), *ROWS[7:]]
    assert examine(export(rows, lambda size: note(rows, size)), keys=keys()).sound
    late = replace(rows[6], at=at + timedelta(microseconds=1))
    rows = [*ROWS[:6], late, *ROWS[7:]]
    assert found(examine(export(rows))) == [("policy", 6)]


def test_an_agreement_that_was_adopted_again_is_in_force_again() -> None:
    again = replace(entry(8), event=Event.AGREEMENT_ADOPTED, agreement=OLD)
    rows = [*ROWS[:8], again, *(replace(entry(n), agreement=OLD) for n in range(9, SIZE))]
    assert examine(export(rows)).sound
    # And what replaced it is not any more.
    assert found(examine(export([*rows[:10], *ROWS[10:]]))) == [("policy", 10), ("policy", 11)]


def test_an_adoption_that_names_no_agreement_ends_the_one_before() -> None:
    bare = replace(entry(5), agreement=None)
    rows = [*ROWS[:5], bare, *(replace(entry(n), agreement=OLD) for n in range(6, SIZE))]
    assert found(examine(export(rows))) == [("policy", n) for n in range(6, SIZE)]
