"""Code lists, places and names as published, each with source, licence and date."""

from __future__ import annotations

import csv
import difflib
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TypedDict

from tieline.core.errors import TielineError
from tieline.core.values.codes import CodeList

__all__ = ["UnknownCodeList", "code_list", "names_of_lists", "nicknames"]


class UnknownCodeList(TielineError):
    """A list was asked for by a name that no list has."""


class _About(TypedDict):
    name: str
    title: str
    version: str
    date: str
    source: str
    licence: str
    unverified: bool
    never_match: bool
    by_statute: bool
    note: str
    rows: int
    curated: int
    sha256: str


def names_of_lists() -> list[str]:
    """The names of all code lists, in alphabetical order."""
    return sorted(_manifest())


@cache
def code_list(name: str) -> CodeList:
    """The code list with this name; `UnknownCodeList` names the nearest ones."""
    about = _manifest().get(name)
    if about is None:
        near = difflib.get_close_matches(name.lower(), _manifest(), n=3, cutoff=0.6)
        cure = f"Did you mean {' or '.join(near)}?" if near else "See: tieline codes list"
        raise UnknownCodeList(f"there is no code list {name!r}", cure=cure)
    return CodeList.of_rows(
        _rows(name),
        name=name,
        title=about["title"],
        version=about["version"],
        date=about["date"],
        source=about["source"],
        licence=about["licence"],
        unverified=about["unverified"],
        never_match=about["never_match"],
        by_statute=about["by_statute"],
        note=about["note"],
    )


@cache
def nicknames() -> Mapping[str, str]:
    """Upper-case nickname to the one given name it stands for (Apache-2.0; see docs/reference.md).

    One step always suffices: no name is itself a nickname.
    """
    return MappingProxyType({row["code"]: row["label"] for row in _rows("nicknames")})


@cache
def _manifest() -> Mapping[str, _About]:
    text = (resources.files(__package__) / "data" / "manifest.json").read_text(encoding="utf-8")
    lists: list[_About] = json.loads(text)["lists"]
    return {about["name"]: about for about in lists}


def _rows(name: str) -> list[dict[str, str]]:
    file = resources.files(__package__) / "data" / f"{name}.csv"
    # No value holds a line break (a test says so), so lines are rows.
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
