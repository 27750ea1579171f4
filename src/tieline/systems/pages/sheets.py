"""What is asked of one kind of record, in which groups and words: nothing that is not kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tieline.core.records import Value
from tieline.keeping.draft import Draft
from tieline.keeping.records import KeptRecord
from tieline.reference import code_list

__all__ = ["Choices", "Group", "Sheet", "coded", "plain", "words"]

Choices = Callable[[], Sequence[tuple[str, Any]]]
"""Values with their words; called late, since a list is long and languages differ."""
Group = tuple[Any, tuple[str, ...]]
"""A title, blank where none is needed, and the fields under it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A kind of record as a form asks for it, and as a page shows it."""

    model: type[KeptRecord]
    draft: type[Draft]
    groups: tuple[Group, ...]
    labels: Mapping[str, Any] = field(default_factory=dict)
    hints: Mapping[str, Any] = field(default_factory=dict)
    choices: Mapping[str, Choices] = field(default_factory=dict)
    required: frozenset[str] = frozenset()

    @property
    def names(self) -> Iterator[str]:
        """The fields in the order of the page."""
        return (name for _title, names in self.groups for name in names)

    def label(self, name: str) -> Any:
        """How a field is called."""
        return self.labels.get(name) or words(name)

    def meaning(self, name: str, value: Value) -> str:
        """What a chosen value says in words; any other as it is."""
        said = str(value)
        found = dict(self.choices[name]()).get(said) if name in self.choices else None
        return str(found or said)


def words(name: str) -> str:
    """A name of the program as words."""
    return name.replace("_", " ").capitalize()


def plain(*values: str, blank: bool = True) -> Choices:
    """Few values that are their own words."""
    one_each = tuple((value, words(value)) for value in values)
    return lambda: (("", "—"), *one_each) if blank else one_each


def coded(name: str) -> Choices:
    """All of a code list, each code before its label: one keystroke of either finds it."""
    return partial(_coded, name)


def _coded(name: str) -> Sequence[tuple[str, str]]:
    entries = code_list(name).entries
    return (("", "—"), *((one.code, f"{one.code} · {one.label}") for one in entries))
