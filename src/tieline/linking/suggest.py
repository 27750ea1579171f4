"""A first map for two files, from the names and contents of their columns."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tieline.core.values.codes import CodeList
from tieline.files.table import Table
from tieline.linking.fieldmap import Kind
from tieline.linking.profile import Profile, profiles

_ALIKE = {
    frozenset({Kind.DATE, Kind.DATETIME}),
    frozenset({Kind.CODE, Kind.TEXT}),
    frozenset({Kind.PLACE, Kind.TEXT}),
    frozenset({Kind.ADDRESS, Kind.TEXT}),
    frozenset({Kind.ADDRESS, Kind.PLACE}),
    frozenset({Kind.SURNAME, Kind.NAME}),
    frozenset({Kind.DATE, Kind.BIRTH_DATE}),
}
_ENOUGH = 0.55
_MANY = 40_000
"""Pairs of columns that are all compared: 200 against 200."""


@dataclass(frozen=True, slots=True)
class _Pair:
    left: Profile
    right: Profile
    fit: float
    shared: float
    """Share of the values of one that stand in the other too."""


def suggest(left: Table, right: Table, lists: Callable[[str], CodeList | None]) -> str:
    """Write a map as TOML, with a comment on each choice that a person should look at.

    No value of either file is written into it: a map may lie about where the files may not.
    """
    one, two = profiles(left, lists), profiles(right, lists)
    pairs = _paired(one, two)
    out = [
        "# A first map, made from the names and contents of the columns: read it through.",
        f"# left:  {json.dumps(left.path.name, ensure_ascii=False)}",
        f"# right: {json.dumps(right.path.name, ensure_ascii=False)}",
        "# What each kind and key means stands in docs/map.md.",
        "",
        *_side("left", one, pairs),
        *_side("right", two, pairs),
    ]
    for pair in pairs:
        out += _field(pair)
    if not pairs:
        out += [
            "# No column of one file was found to mean the same as one of the other.",
            "# Write one [[field]] for each pair of columns that does, such as:",
            "# [[field]]",
            '# kind = "surname"',
            f"# left = {_quoted(one[0].name)}",
            f"# right = {_quoted(two[0].name)}",
            "",
        ]
    out += _rest("left", one, {pair.left.name for pair in pairs})
    out += _rest("right", two, {pair.right.name for pair in pairs})
    return "\n".join(out).rstrip() + "\n"


def _quoted(text: str) -> str:
    # A JSON string is a TOML basic string, but for the one control character DEL.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _paired(one: Sequence[Profile], two: Sequence[Profile]) -> list[_Pair]:
    every = [
        _fit(a, b)
        for a in one
        for b in two
        # Thousands of columns are looked at only where their names agree.
        if len(one) * len(two) <= _MANY or _bare(a.name) == _bare(b.name)
    ]
    found: list[_Pair] = []
    for pair in sorted(every, key=lambda p: -p.fit):
        if pair.fit < _ENOUGH:
            break
        if all(pair.left is not p.left and pair.right is not p.right for p in found):
            found.append(pair)
    kinds = {_kind(pair.left, pair.right) for pair in found}
    if {Kind.SURNAME, Kind.GIVEN} <= kinds:
        # The whole name says nothing that its parts do not say better.
        found = [pair for pair in found if _kind(pair.left, pair.right) is not Kind.NAME]
    return sorted(found, key=lambda p: one.index(p.left))


def _fit(a: Profile, b: Profile) -> _Pair:
    kinds = frozenset({a.kind, b.kind})
    if len(kinds) == 2 and kinds not in _ALIKE:
        return _Pair(a, b, 0.0, 0.0)
    shared = len(a.values & b.values) / max(min(len(a.values), len(b.values)), 1)
    names = difflib.SequenceMatcher(None, _bare(a.name), _bare(b.name)).ratio()
    if a.kind is b.kind:
        same = 0.4
        # Kinds that say what a column is for need no likeness of names; the others do.
        if a.kind not in (Kind.CODE, Kind.TEXT, Kind.IDENTIFIER, Kind.DATE, Kind.PLACE):
            same = 0.5
        if a.table and a.table == b.table:
            same = 0.5
        elif a.table != b.table:
            same = 0.2
    else:
        same = 0.2
    if a.kind is Kind.IDENTIFIER and shared == 0.0:
        # Two systems that share no number: columns of numbers that never meet are not the same.
        return _Pair(a, b, 0.0, shared)
    return _Pair(a, b, same + 0.3 * names + 0.3 * min(shared * 2, 1.0), shared)


def _bare(name: str) -> str:
    return re.sub(r"[^0-9a-z]+", "", name.casefold())


def _side(side: str, columns: Sequence[Profile], pairs: Sequence[_Pair]) -> list[str]:
    used = {(pair.left if side == "left" else pair.right).name for pair in pairs}
    number = next((c.name for c in columns if c.is_number and c.name not in used), "")
    if not number:
        return [
            f"[{side}]",
            '# number = "…"  # no column is surely the row\'s own number; rows are called by',
            "#                 their place in the file: 1, 2, 3 …",
            "",
        ]
    return [f"[{side}]", f"number = {_quoted(number)} # a different value in every row", ""]


def _field(pair: _Pair) -> list[str]:
    a, b = pair.left, pair.right
    kind = _kind(a, b)
    out = [
        f"# {a.filled:.0%} and {b.filled:.0%} of rows are filled; "
        f"{pair.shared:.0%} of the values on one side stand on the other too.",
    ]
    if pair.fit < 0.7:
        out.append("# Not sure that these two mean the same: check.")
    out += [
        "[[field]]",
        f'kind = "{kind.value}"',
        f"left = {_quoted(a.name)}",
        f"right = {_quoted(b.name)}",
    ]
    if kind in (Kind.DATE, Kind.DATETIME, Kind.BIRTH_DATE):
        out += _format(a, b)
    if kind is Kind.DATETIME:
        out.append('zone = "UTC" # or where the clock hung: "America/Los_Angeles" …')
        # One side that writes no seconds has cut them off.
        cut = any("%S" in f for f in a.formats[:1]) != any("%S" in f for f in b.formats[:1])
        tolerance = "1m" if cut else "0m"
        out.append(f'tolerance = "{tolerance}" # minutes by which the two systems may differ')
    if kind is Kind.AGE:
        out.append('tolerance = "0y" # years; one year apart is weighed on its own in any case')
    if a.table and a.table == b.table and kind is Kind.CODE:
        out.append(f'table = "{a.table}" # see: tieline codes show {a.table}')
    return [*out, ""]


def _kind(a: Profile, b: Profile) -> Kind:
    if a.kind is b.kind:
        return a.kind
    kinds = {a.kind, b.kind}
    for wide in (Kind.TEXT, Kind.ADDRESS, Kind.NAME, Kind.BIRTH_DATE, Kind.DATE):
        if wide in kinds:
            return wide
    return a.kind


def _format(a: Profile, b: Profile) -> list[str]:
    if not a.formats or not b.formats:
        return ['# format = "%m/%d/%Y" # no one format fits: each value is read as it looks']
    one, two = a.formats[0], b.formats[0]
    said = f'format = "{one}"' if one == two else f'format = {{ left = "{one}", right = "{two}" }}'
    unsure = [p for p in (a, b) if len({_order(f) for f in p.formats}) > 1]
    if unsure:
        said += " # or day before month: both fit all values; change %m and %d if so"
    return [said]


def _order(shape: str) -> str:
    return "".join(re.findall(r"%[ymdYbB]", shape))


def _rest(side: str, columns: Sequence[Profile], used: set[str]) -> list[str]:
    left = [c for c in columns if c.name not in used and not c.is_number]
    if not left:
        return []
    out = [f"# Columns of the {side} file that no field uses:"]
    out += [f"#   {_quoted(c.name)} ({c.kind.value}, {c.filled:.0%} filled)" for c in left]
    out += [
        "# To show one in the results without using it:",
        "# [[field]]",
        f'# kind = "{left[0].kind.value}"',
        f"# {side} = {_quoted(left[0].name)}",
        '# role = "carry"',
        "",
    ]
    return out
