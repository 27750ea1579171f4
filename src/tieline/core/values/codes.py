"""Code lists, and what one value means in one of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tieline.core.values.placeholders import why_missing
from tieline.core.values.statutes import Statute


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One line of a code list.

    `published` is the label in its source where `label` was curated (`legacy`), else the same;
    `facts` are further columns, such as `city` and `latitude` of a facility.
    """

    code: str
    label: str
    published: str = ""
    aliases: tuple[str, ...] = ()
    legacy: bool = False
    note: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CodeValue:
    """What a text means in a list: `code` is empty if it is not in it, and `problem` says so."""

    given: str
    code: str = ""
    label: str = ""
    problem: str = ""


@dataclass(frozen=True)
class CodeList:
    """A published list with its source, licence and date.

    `unverified`: as published by practitioners, not by the agency. `never_match`: its values
    (complexion, ethnicity, race) are never features for matching persons. `by_statute`: its codes
    are provisions, so that every spelling of one is understood.
    """

    name: str
    title: str
    version: str
    date: str
    source: str
    licence: str
    entries: tuple[CodeEntry, ...]
    unverified: bool = False
    never_match: bool = False
    by_statute: bool = False
    note: str = ""
    _codes: dict[str, CodeEntry] = field(init=False, repr=False, compare=False)
    _steps: tuple[dict[str, list[CodeEntry]], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_codes", {entry.code: entry for entry in self.entries})
        # Where a text is both a label here and an alias there, the label is meant: so in steps.
        steps = (
            # Statutes first: 212a3EiII and 212a3EiiI differ in case alone.
            _index(_statutes(self.entries) if self.by_statute else ()),
            _index((fold(entry.code), entry) for entry in self.entries),
            _index(_labels(self.entries)),
            _index((fold(alias), entry) for entry in self.entries for alias in entry.aliases),
        )
        object.__setattr__(self, "_steps", steps)

    def __len__(self) -> int:
        return len(self.entries)

    def entry(self, code: str) -> CodeEntry | None:
        """The line with exactly this code."""
        return self._codes.get(code)

    def understand(self, text: str) -> CodeValue:
        """The code that the text means: itself a code, a label or an alias.

        Case, spaces and punctuation do not count, unless two codes differ in them alone. What is
        not found, or means several codes, comes back without a code and with its problem.
        """
        exact = self._codes.get(text.strip())
        if exact is not None:
            return CodeValue(text, exact.code, exact.label)
        folded = fold(text)
        canonical = Statute.parse(text).canonical if self.by_statute else ""
        for step, key in zip(self._steps, (canonical, folded, folded, folded), strict=True):
            found = step.get(key, []) if key else []
            if len(found) == 1:
                return CodeValue(text, found[0].code, found[0].label)
            if found:
                several = ", ".join(entry.code for entry in found[:6])
                return CodeValue(text, problem=f"means several codes of {self.name}: {several}")
        missing = why_missing(text)
        return CodeValue(text, problem=missing or f"not in the list {self.name}")

    @classmethod
    def of_rows(cls, rows: Iterable[Mapping[str, str]], **about: str | bool) -> CodeList:
        """Make a list of rows with `code`, `label` and, if there, `published`, `aliases` (parted
        by `|`), `legacy` (`yes`), `note`; other columns become facts.
        """
        return cls(entries=tuple(map(_entry, rows)), **about)  # type: ignore[arg-type]


_COLUMNS = frozenset({"code", "label", "published", "aliases", "legacy", "note"})


def fold(text: str) -> str:
    """The text without case, accents, spaces and punctuation: what is compared."""
    if text.isascii():
        return "".join(filter(str.isalnum, text.lower()))
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in split.casefold() if sign.isalnum())


def _entry(row: Mapping[str, str]) -> CodeEntry:
    return CodeEntry(
        code=row["code"],
        label=row["label"],
        published=row.get("published") or row["label"],
        aliases=tuple(alias for alias in (row.get("aliases") or "").split("|") if alias),
        legacy=row.get("legacy") == "yes",
        note=row.get("note") or "",
        facts={name: value for name, value in row.items() if name not in _COLUMNS and value},
    )


def _labels(entries: Iterable[CodeEntry]) -> Iterator[tuple[str, CodeEntry]]:
    for entry in entries:
        yield fold(entry.label), entry
        yield fold(entry.published), entry


def _statutes(entries: Iterable[CodeEntry]) -> Iterator[tuple[str, CodeEntry]]:
    for entry in entries:
        yield Statute.parse(entry.code).canonical, entry


def _index(pairs: Iterable[tuple[str, CodeEntry]]) -> dict[str, list[CodeEntry]]:
    index: dict[str, list[CodeEntry]] = {}
    for key, entry in pairs:
        found = index.setdefault(key, [])
        if entry not in found:
            found.append(entry)
    return index
