"""An export, whole and tampered with in every way: each fault is named and located."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.ledger import canonical
from tieline.core.ledger import judging as module
from tieline.core.ledger.entries import Entry
from tieline.core.ledger.events import Event
from tieline.core.ledger.export import (
    NotExportable,
    Side,
    export_erased_line,
    export_head,
    export_line,
    lines_of,
)
from tieline.core.ledger.judging import Misstatement
from tieline.core.ledger.judging import examine as verify
from tieline.core.ledger.side import commit
from tieline.core.ledger.tree import EMPTY_ROOT, Frontier, leaf_hash
from tieline.core.ledger.verify import MOST_FAULTS, MOST_LINE, Fault, Kind, Report

AT = datetime(2026, 3, 1, 17, tzinfo=UTC)
SIZE = 12
ERASED, LEFT_OUT, BARE = 3, 4, 5
Lines = list[bytes]


def side(number: int) -> Side:
    return Side(bytes([number]) * 16, {"terms": f"person {number}"})


def entry(number: int) -> Entry:
    row = side(number)
    return Entry(
        system="patrol",
        node="patrol-1",
        event=Event.RECORD_READ,
        at=AT + timedelta(seconds=number),
        keeper="patrol",
        record=f"TCA{number:04}",
        side=None if number == BARE else commit(row.salt, row.payload),
    )


def line(number: int, of: Entry | None = None) -> bytes:
    made = of or entry(number)
    if number == ERASED:
        return export_erased_line(number, made)
    shown = None if number in (LEFT_OUT, BARE) else side(number)
    return export_line(number, made, side=shown)


def root_of(entries: list[Entry]) -> bytes:
    tree = Frontier()
    for one in entries:
        tree.append(one.leaf_hash())
    return tree.root()


ROOT = root_of([entry(number) for number in range(SIZE)])


def export() -> Lines:
    head = export_head(system="patrol", size=SIZE, root=ROOT)
    return [head, *(line(number) for number in range(SIZE))]


def rewritten(change: Callable[[list[Entry]], None]) -> Lines:
    """What an owner can do who makes everything anew: only a root from elsewhere betrays him."""
    entries = [entry(number) for number in range(SIZE)]
    change(entries)
    head = export_head(system="patrol", size=len(entries), root=root_of(entries))
    return [head, *(export_line(number, one) for number, one in enumerate(entries))]


def found(report: Report) -> list[tuple[str, int | None]]:
    return [(fault.kind.name.lower(), fault.sequence) for fault in report.faults]


def test_a_whole_export_is_sound() -> None:
    report = verify(export(), size=SIZE, root=ROOT)
    assert report == Report(
        system="patrol",
        size=SIZE,
        root=ROOT,
        agreed=SIZE,
        sides={"opened": SIZE - 3, "erased": 1, "left_out": 1},
    )
    assert report.sound
    assert verify(export(), size=None, root=None).sound
    assert verify(export(), root=ROOT).sound
    assert verify(iter(export()), size=SIZE).sound


def test_an_empty_ledger_is_sound() -> None:
    head = export_head(system="patrol", size=0, root=EMPTY_ROOT)
    assert verify([head], size=0, root=EMPTY_ROOT).agreed == 0
    assert verify([head], size=0, root=EMPTY_ROOT).sound
    assert found(verify([head], size=0, root=ROOT)) == [("root", 0)]


def test_a_ledger_that_has_grown_still_has_its_older_roots() -> None:
    older = {size: root_of([entry(number) for number in range(size)]) for size in (0, 1, 5, 8)}
    report = verify(export(), size=8, root=older[8], known=older)
    assert report.sound
    assert report.agreed == 8
    wrong = verify(export(), known={**older, 8: older[5]})
    assert found(wrong) == [("root", 7)]
    assert wrong.agreed == 5
    assert "agreed last: 5" in wrong.faults[0].detail


def test_what_was_erased_or_left_out_is_no_fault() -> None:
    lines = export()[:1] + [
        export_line(number, entry(number))
        if number == BARE
        else export_erased_line(number, entry(number))
        for number in range(SIZE)
    ]
    report = verify(lines, size=SIZE, root=ROOT)
    assert report.sound
    assert report.sides["erased"] == SIZE - 1
    bare = export()[:1] + [export_line(number, entry(number)) for number in range(SIZE)]
    report = verify(bare, size=SIZE, root=ROOT)
    assert (report.sound, report.sides["left_out"]) == (True, SIZE - 1)


def at(number: int, old: bytes, new: bytes) -> Callable[[Lines], Lines]:
    """Replace within the line of an entry."""

    def change(lines: Lines) -> Lines:
        assert old in lines[number + 1]
        lines[number + 1] = lines[number + 1].replace(old, new, 1)
        return lines

    return change


def instead(number: int, new: Callable[[], bytes]) -> Callable[[Lines], Lines]:
    """Another line in the place of an entry's."""

    def change(lines: Lines) -> Lines:
        return [*lines[: number + 1], new(), *lines[number + 2 :]]

    return change


def relined(number: int, data: bytes, **more: Any) -> bytes:
    """A line that states the hash of any bytes whatever."""
    fields = {"entry": data.decode(), "leaf": leaf_hash(data).hex(), "seq": number, **more}
    return canonical.encode(fields) + b"\n"


def moved(lines: Lines, source: int, target: int) -> Lines:
    taken = lines.pop(source + 1)
    lines.insert(target + 1, taken)
    return lines


def text_of(number: int, old: bytes = b"", new: bytes = b"") -> bytes:
    data = entry(number).to_bytes()
    assert old in data
    return data.replace(old, new, 1)


HEAD = export()[0]
ENTRY6 = entry(6).to_bytes()
ROW6 = side(6)

LINE_FAULT, SIZE_FAULT, ROOT_FAULT = ("line", 6), ("size", None), ("root", None)
OF_CHECKPOINTS = {"note", "place", "origin", "key", "signature", "term", "revoked", "witness"} | {
    "clock",
    "policy",
}


def sided(payload: Any, salt: Any) -> bytes:
    """The line of entry 6 with any side row whatever."""
    row = {"payload": payload, "salt": salt.hex() if isinstance(salt, bytes) else salt}
    return relined(6, ENTRY6, side=row)


# What is done to the file; the faults found without any word from elsewhere.
# fmt: off
# A table, one row a kind; the formatter would make a page of each row.
TAMPERED: list[tuple[str, Callable[[Lines], Lines], list[tuple[str, int | None]]]] = [
    # entries
    ("value flipped", at(6, b"TCA0006", b"TCA0007"), [("leaf", 6)]),
    ("value flipped, hash too",
     instead(6, lambda: relined(6, text_of(6, b"TCA0006", b"TCA0007"))), [ROOT_FAULT]),
    ("hash flipped", at(6, leaf_hash(ENTRY6).hex().encode(), b"0" * 64), [("leaf", 6), ROOT_FAULT]),
    ("hash in capitals", at(6, leaf_hash(ENTRY6).hex().encode(), b"A" * 64),
     [("line", 6), ROOT_FAULT]),
    ("moment flipped", at(6, b"17:00:06", b"16:00:06"), [("leaf", 6), ("time", 6)]),
    ("free text in a field", at(6, b"TCA0006", b"John Smith"), [("leaf", 6), ("field", 6)]),
    ("unknown event", at(6, b"own:read", b"own:lost"), [("leaf", 6), ("field", 6)]),
    ("field taken out", at(6, b',\\"record\\":\\"TCA0006\\"', b""), [("leaf", 6)]),
    ("needed field taken out", at(6, b'\\"keeper\\":\\"patrol\\",', b""),
     [("leaf", 6), ("field", 6)]),
    ("key unknown", instead(6, lambda: relined(6, text_of(6, b'"event"', b'"evant"'))),
     [("field", 6), ROOT_FAULT]),
    ("space put in", at(6, b":\\", b": \\"), [("leaf", 6), ("canonical", 6)]),
    ("key twice",
     instead(6, lambda: relined(6, text_of(6, b"{", b'{"at":"2026-03-01T17:00:06.000000Z",'))),
     [("canonical", 6), ROOT_FAULT]),
    ("entry no JSON", instead(6, lambda: relined(6, b"x")), [("canonical", 6), ROOT_FAULT]),
    ("entry empty", instead(6, lambda: relined(6, b"")), [("canonical", 6), ROOT_FAULT]),
    ("newer format", instead(6, lambda: relined(6, text_of(6, b'"format":1', b'"format":2'))),
     [("version", 6), ROOT_FAULT]),
    ("entry of another", instead(6, lambda: export_line(6, replace(entry(6), system="cases"))),
     [("system", 6), ROOT_FAULT]),
    ("clock set back",
     instead(6, lambda: export_line(6, replace(entry(6), at=AT - timedelta(seconds=1)))),
     [("time", 6), ROOT_FAULT]),
    # order and number
    ("line dropped", lambda lines: lines[:7] + lines[8:], [("gap", 7), ROOT_FAULT]),
    ("three lines dropped", lambda lines: lines[:5] + lines[8:], [("gap", 7), ROOT_FAULT]),
    ("first line dropped", lambda lines: lines[:1] + lines[2:], [("gap", 1), ROOT_FAULT]),
    ("last line dropped", lambda lines: lines[:-1], [SIZE_FAULT, ROOT_FAULT]),
    ("all lines dropped", lambda lines: lines[:1], [SIZE_FAULT, ROOT_FAULT]),
    ("line doubled", lambda lines: [*lines[:8], lines[7], *lines[8:]], [("back", 6)]),
    ("line of before put in", lambda lines: [*lines[:8], lines[3], *lines[8:]], [("back", 2)]),
    ("line put in under a number that is taken",
     lambda lines: [*lines[:8], export_line(6, entry(40)), *lines[8:]],
     [("back", 6), ("time", 7), ("time", 8), ("time", 9), ("time", 10), ("time", 11)]),
    ("line put in, and all counted anew",
     lambda lines: [*lines[:8], *(export_line(n + 1, entry(n)) for n in range(6, SIZE))],
     [SIZE_FAULT, ROOT_FAULT]),
    ("two neighbors exchanged", lambda lines: moved(lines, 6, 7),
     [("gap", 7), ("back", 6), ROOT_FAULT]),
    ("line moved far down", lambda lines: moved(lines, 2, 9),
     [("gap", 3), ("back", 2), ("time", 2), ROOT_FAULT]),
    ("number flipped up", at(6, b'"seq":6', b'"seq":8'), [("gap", 8)]),
    ("number flipped down", at(6, b'"seq":6', b'"seq":2'), [("back", 2), ROOT_FAULT]),
    ("number huge", at(6, b'"seq":6', b'"seq":9007199254740991'), [("gap", 2**53 - 1)]),
    ("number with zeros", at(6, b'"seq":6', b'"seq":06'), [LINE_FAULT, ROOT_FAULT]),
    ("number negative", at(6, b'"seq":6', b'"seq":-6'), [LINE_FAULT, ROOT_FAULT]),
    ("number as text", at(6, b'"seq":6', b'"seq":"6"'), [LINE_FAULT, ROOT_FAULT]),
    ("two numbers exchanged",
     lambda lines: at(7, b'"seq":7', b'"seq":6')(at(6, b'"seq":6', b'"seq":7')(lines)),
     [("gap", 7), ("back", 6), ROOT_FAULT]),
    # side rows
    ("side row changed", at(6, b"person 6", b"person 7"), [("side", 6)]),
    ("side row of another entry", instead(6, lambda: sided({"terms": "person 7"}, bytes([7] * 16))),
     [("side", 6)]),
    ("salt changed", at(6, ROW6.salt.hex().encode(), b"ff" * 16), [("side", 6)]),
    ("salt in capitals", at(10, side(10).salt.hex().encode(), b"0A" * 16), [("side", 10)]),
    ("salt no hex", at(6, ROW6.salt.hex().encode(), b"zz" * 16), [("side", 6)]),
    ("salt a number", instead(6, lambda: sided(ROW6.payload, 6)), [("side", 6)]),
    ("payload a text", instead(6, lambda: sided("x", ROW6.salt)), [("side", 6)]),
    ("side row with more", at(6, b'"side":{', b'"side":{"a":1,'), [("side", 6)]),
    ("side row with a null", at(6, b'"person 6"', b"null"), [("side", 6)]),
    ("side row with spaces", at(6, b'"terms":', b'"terms": '), [("side", 6)]),
    ("side row where there was none",
     instead(BARE, lambda: relined(
         BARE, entry(BARE).to_bytes(), side={"payload": {}, "salt": "00" * 16})),
     [("side", BARE)]),
    ("erased where there was none",
     instead(BARE, lambda: relined(BARE, entry(BARE).to_bytes(), erased=True)), [("side", BARE)]),
    ("there and erased at once", at(6, b'"leaf"', b'"erased":true,"leaf"'), [("side", 6)]),
    ("erased not true", at(ERASED, b'"erased":true', b'"erased":false'),
     [("line", ERASED), ROOT_FAULT]),
    # the head
    ("head taken away", lambda lines: lines[1:], [("head", None), ("gap", 1)]),
    ("head empty", lambda lines: [b"\n", *lines[1:]], [("head", None)]),
    ("head of a newer format",
     lambda lines: [lines[0].replace(b"export/2", b"export/3"), *lines[1:]], [("head", None)]),
    ("head's size changed", lambda lines: [lines[0].replace(b":12,", b":13,"), *lines[1:]],
     [SIZE_FAULT]),
    ("head's root changed",
     lambda lines: [lines[0].replace(ROOT.hex().encode(), b"0" * 64), *lines[1:]], [ROOT_FAULT]),
    ("head's system changed",
     lambda lines: [lines[0].replace(b"patrol", b"cases"), *lines[1:]],
     [("system", number) for number in range(SIZE)]),
    ("head twice", lambda lines: [lines[0], *lines], [("line", 0)]),
    ("two exports in one file", lambda lines: lines + lines,
     [("line", SIZE)] + [(kind, number) for number in range(SIZE)
                     for kind in (("back", "time") if number < SIZE - 6 else ("back",))]),
    ("nothing at all", lambda lines: [], [("head", None)]),
    # hostile lines
    ("line blank", lambda lines: [*lines[:7], b"\n", *lines[7:]], [LINE_FAULT]),
    ("line marred", instead(6, lambda: b"garbage\n"), [LINE_FAULT, ROOT_FAULT]),
    ("two lines marred",
     lambda lines: instead(7, lambda: b"[]\n")(instead(6, lambda: b"{}\n")(lines)),
     [LINE_FAULT, ("line", 7), ROOT_FAULT]),
    ("last line cut off", lambda lines: [*lines[:-1], lines[-1][:50]],
     [("line", SIZE - 1), SIZE_FAULT, ROOT_FAULT]),
    ("not UTF-8", at(6, b"TCA0006", b"\xff\xfe"), [("leaf", 6), ("canonical", 6)]),
    ("half a surrogate pair", at(6, b"person 6", b"\\ud800"), [("side", 6)]),
    ("NUL", at(6, b"TCA0006", b"TCA\x0006"), [("leaf", 6), ("canonical", 6)]),
    ("all NUL", instead(6, lambda: b"\x00" * 1000 + b"\n"), [LINE_FAULT, ROOT_FAULT]),
    ("entry with other escapes", at(6, b"TCA0006", b"TCA000\\\\u0036"),
     [("leaf", 6), ("field", 6)]),
    ("carriage return", at(6, b"}\n", b"}\r\n"), [LINE_FAULT, ROOT_FAULT]),
    ("two lines in one", lambda lines: [*lines[:7], lines[7][:-1] + lines[8], *lines[9:]],
     [("side", 6), ("gap", 8), ROOT_FAULT]),
    ("deep", instead(6, lambda: b"[" * 100_000 + b"\n"), [LINE_FAULT, ROOT_FAULT]),
    ("deep side row", at(6, b'"person 6"', b"[" * 100_000), [("side", 6)]),
    ("huge", instead(6, lambda: b"x" * (MOST_LINE + 1) + b"\n"), [LINE_FAULT, ROOT_FAULT]),
    ("huge entry", instead(6, lambda: relined(6, b"x" * 20_000)), [("canonical", 6), ROOT_FAULT]),
    ("huge number", at(6, b'"seq":6', b'"seq":' + b"9" * 50_000), [LINE_FAULT, ROOT_FAULT]),
]
# fmt: on


@pytest.mark.parametrize(
    ("change", "faults"), [row[1:] for row in TAMPERED], ids=[row[0] for row in TAMPERED]
)
def test_what_was_done_to_it_is_found(
    change: Callable[[Lines], Lines], faults: list[tuple[str, int | None]]
) -> None:
    lines = change(export())
    report = verify(lines)
    assert found(report) == faults
    assert not report.sound
    assert report.fault_count == len(faults)
    # As a file it is the same.
    assert found(verify(lines_of(io.BytesIO(b"".join(lines))))) == faults


def test_a_fault_names_its_line_too() -> None:
    lines = export()
    lines[7] = lines[7].replace(b"person 6", b"person 7")
    assert verify(lines).faults == [Fault(Kind.SIDE, 8, 6)]


def test_when_one_entry_was_changed_all_others_are_still_proved() -> None:
    lines = at(6, b"TCA0006", b"TCA0007")(export())
    report = verify(lines, size=SIZE, root=ROOT)
    assert found(report) == [("leaf", 6)]
    assert report.agreed == SIZE


REWRITTEN: list[tuple[str, Callable[[list[Entry]], None]]] = [
    ("changed", lambda entries: entries.__setitem__(6, replace(entries[6], record="TCA0007"))),
    ("dropped", lambda entries: entries.__delitem__(6)),
    ("put in", lambda entries: entries.insert(6, entries[6])),
    ("exchanged", lambda entries: entries.__setitem__(slice(6, 8), entries[6:8][::-1])),
    ("cut off", lambda entries: entries.__delitem__(slice(6, None))),
    ("nothing left", lambda entries: entries.clear()),
]


@pytest.mark.parametrize("change", [row[1] for row in REWRITTEN], ids=[row[0] for row in REWRITTEN])
def test_a_ledger_made_anew_is_betrayed_by_any_root_from_elsewhere(
    change: Callable[[list[Entry]], None],
) -> None:
    lines = rewritten(change)
    assert verify(lines).sound
    assert not verify(lines, root=ROOT).sound
    assert not verify(lines, size=SIZE, root=ROOT).sound
    older = {size: root_of([entry(number) for number in range(size)]) for size in (4, 6, 8)}
    report = verify(lines, size=SIZE, root=ROOT, known=older)
    assert report.agreed == (6 if len(lines) > 6 else None)
    assert found(report)


def test_an_old_prefix_under_its_old_head_is_only_told_by_the_newer_size() -> None:
    old = [entry(number) for number in range(7)]
    lines = [export_head(system="patrol", size=7, root=root_of(old)), *export()[1:8]]
    assert verify(lines).sound
    assert found(verify(lines, size=SIZE)) == [("size", None)]
    assert found(verify(lines, size=SIZE, root=ROOT)) == [("root", None), ("size", None)]
    # Under the new head the file itself says it.
    assert found(verify([HEAD, *lines[1:]])) == [("size", None), ("root", None)]


def test_a_size_alone_may_have_been_passed() -> None:
    assert verify(export(), size=SIZE - 1).sound


@pytest.mark.parametrize("back", [0, 1, 5_000_000, 5_000_001])
def test_time_may_go_back_as_far_as_is_tolerated(back: int) -> None:
    late = replace(entry(6), at=AT + timedelta(seconds=5) - timedelta(microseconds=back))
    lines = [export()[0], *export()[1:7], export_line(6, late)]
    kinds = [fault.kind for fault in verify(lines).faults]
    assert (Misstatement.TIME in kinds) is (back > 5_000_000)
    strict = verify(lines, tolerance=timedelta(0))
    assert (Misstatement.TIME in [fault.kind for fault in strict.faults]) is (back > 0)


def test_each_node_has_a_time_of_its_own() -> None:
    entries = [
        replace(entry(0), node=f"node-{number}", at=AT - timedelta(hours=number), side=None)
        for number in range(module.MOST_NODES + 1)
    ]
    head = export_head(system="patrol", size=len(entries), root=root_of(entries))
    lines = [head, *(export_line(number, one) for number, one in enumerate(entries))]
    assert found(verify(lines)) == [("nodes", module.MOST_NODES)]


def test_of_very_many_faults_the_first_are_kept_and_all_counted() -> None:
    report = verify(b"x\n" for _ in range(MOST_FAULTS + 10))
    assert report.fault_count == MOST_FAULTS + 10
    assert len(report.faults) == MOST_FAULTS
    assert report.system is None


def test_of_very_many_entries_that_say_what_none_may_the_first_are_kept() -> None:
    count = MOST_FAULTS + 10
    entries = [replace(entry(6), system="elsewhere", side=None) for _ in range(count)]
    head = export_head(system="patrol", size=count, root=root_of(entries))
    report = verify([head, *(export_line(number, one) for number, one in enumerate(entries))])
    assert report.fault_count == count
    assert found(report) == [("system", number) for number in range(MOST_FAULTS)]


def test_an_endless_line_costs_no_memory() -> None:
    class Endless(io.BytesIO):
        longest = 0

        def readline(self, size: int | None = -1, /) -> bytes:
            got = super().readline(size)
            self.longest = max(self.longest, len(got))
            return got

    handle = Endless(HEAD + b"x" * (3 * MOST_LINE + 7) + b"\n" + b"".join(export()[1:]))
    report = verify(lines_of(handle), size=SIZE, root=ROOT)
    assert found(report) == [("line", 0)]
    assert (report.faults[0].line, report.agreed) == (2, SIZE)
    assert handle.longest <= MOST_LINE + 1
    assert [len(line) for line in lines_of(io.BytesIO(b"x" * (MOST_LINE + 1)))] == [MOST_LINE + 1]


def test_the_largest_side_row_fits_a_line() -> None:
    salt, payload = b"s" * 64, {"a": "x" * (65_536 - 8)}
    one = replace(entry(0), side=commit(salt, payload))
    lines = [
        export_head(system="patrol", size=1, root=root_of([one])),
        export_line(0, one, side=Side(salt, payload)),
    ]
    assert verify(lines_of(io.BytesIO(b"".join(lines)))).sides["opened"] == 1


@given(st.lists(st.binary(max_size=60), max_size=6), st.integers(0, SIZE))
def test_no_input_makes_it_raise(lines: Lines, place: int) -> None:
    assert not verify(lines).sound
    whole = export()
    report = verify([*whole[:place], *lines, *whole[place:]], size=SIZE, root=ROOT)
    assert report.sound is (lines == [])


@given(st.data())
def test_no_flip_of_a_byte_goes_unseen(draw: st.DataObject) -> None:
    data = bytearray(b"".join(export()))
    place = draw.draw(st.integers(0, len(data) - 2))  # the last line may end without a newline
    data[place] ^= draw.draw(st.integers(1, 255))
    assert not verify(lines_of(io.BytesIO(bytes(data))), size=SIZE, root=ROOT).sound


def test_what_the_verifier_would_refuse_is_not_written() -> None:
    with pytest.raises(NotExportable, match="committed to"):
        export_line(0, entry(0), side=side(1))
    with pytest.raises(NotExportable, match="committed to"):
        export_line(BARE, entry(BARE), side=side(BARE))
    with pytest.raises(NotExportable, match="never had"):
        export_erased_line(BARE, entry(BARE))
    with pytest.raises(NotExportable, match="number 0"):
        export_line(-1, entry(0))
    for size, root in ((-1, ROOT), (2**53, ROOT), (0, b"")):
        with pytest.raises(NotExportable, match="root of 32 bytes"):
            export_head(system="patrol", size=size, root=root)
    with pytest.raises(NotExportable, match="name of a system"):
        export_head(system="Patrol\n", size=0, root=ROOT)


def test_lines_are_canonical_json() -> None:
    for one in export():
        assert one.endswith(b"}\n")
        assert canonical.encode(json.loads(one)) == one[:-1]


def test_every_kind_of_fault_is_found_by_some_test_here() -> None:
    caught = {kind for row in TAMPERED for kind, _ in row[2]} | {"nodes"}
    kinds = [*Kind, *Misstatement]
    assert caught | OF_CHECKPOINTS == {kind.name.lower() for kind in kinds}
    assert len({kind.value for kind in kinds}) == len(kinds)
