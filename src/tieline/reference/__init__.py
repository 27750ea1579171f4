"""Code lists, places and names as published, each with source, licence and date."""

from __future__ import annotations

import csv
import difflib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TypedDict

from tieline.core.errors import TielineError
from tieline.core.matching.words import NameBook
from tieline.core.values.codes import CodeList

__all__ = ["UnknownCodeList", "code_list", "name_book", "names_of_lists", "nicknames"]


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


@cache
def name_book() -> NameBook:
    """What is known of names in general: spellings, names of several languages, how common each is.

    Sources and licences are in `reference/names/README.md`.
    """
    mains: dict[str, str] = {}
    kin: dict[str, set[str]] = {}
    for words in _names("spellings"):
        main = mains.setdefault(words[0], words[0])
        for word in words:
            # A spelling of two names (CHUNG) belongs to the first, and is akin to the other.
            if mains.setdefault(word, main) != main:
                kin.setdefault(mains[word], set()).add(main)
    for words in (*_names("kin"), *_names("variants")):
        groups = list(dict.fromkeys(mains.get(word, word) for word in words))
        # Of pairs each is akin to the other; of a longer line each to each.
        for group in groups:
            kin.setdefault(group, set()).update(groups)
    for group, others in list(kin.items()):
        others.discard(group)
        for other in others:
            kin.setdefault(other, set()).add(group)
    return NameBook(
        nicknames=nicknames(),
        spellings=MappingProxyType(mains),
        kin=MappingProxyType({group: frozenset(others) for group, others in kin.items()}),
        rarity=MappingProxyType({word: int(bits) for word, bits in _names("commonness")}),
    )


def _names(name: str) -> Iterator[list[str]]:
    file = resources.files(__package__) / "names" / f"{name}.txt"
    for line in file.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split()
