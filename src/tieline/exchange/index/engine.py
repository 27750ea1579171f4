"""What the index asks of matching, so that it stands on nothing else of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from tieline.core.records import FieldClass
from tieline.keeping.pointers import read_pointer

__all__ = ["Engine", "Evidence", "Weight"]


class Evidence(Protocol):
    """What the two say of one feature, and what that is worth."""

    @property
    def feature(self) -> str: ...
    @property
    def left(self) -> str: ...
    @property
    def right(self) -> str: ...
    @property
    def field_class(self) -> FieldClass: ...
    @property
    def words(self) -> str: ...
    @property
    def weight(self) -> float: ...
    @property
    def level(self) -> str: ...


class Weight(Protocol):
    """Two pointers weighed, as `core.matching.online.weigh.Weighed` is."""

    @property
    def relation(self) -> str: ...
    @property
    def rows(self) -> Sequence[Evidence]: ...
    @property
    def score(self) -> float: ...
    @property
    def strong(self) -> bool: ...
    @property
    def proposed(self) -> bool: ...
    @property
    def contradicted(self) -> bool: ...


def _perhaps(left: Any, right: Any) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """How pointers meet and are weighed, with all that it needs to know already in it."""

    read: Callable[[str], Any] = field(default=read_pointer, repr=False)
    """What a pointer's text says; all that is asked below is asked of that."""
    keys_of: Callable[[Any], Iterable[str]] = field(repr=False)
    """Keys by which pointers are paired; those that serve search alone are not among them."""
    keys_version: str
    """Of the way in which they are made; another one is another `keysets.KeySets`."""
    earlier_keys: Mapping[str, Callable[[Any], Iterable[str]]] = field(
        default_factory=dict, repr=False
    )
    """Ways of earlier versions by which an index may still be answering, until it is built anew."""
    may_be_proposed: Callable[[Any, Any], bool] = field(default=_perhaps, repr=False)
    """False where `weigh` would surely propose nothing, if that can be told at less cost."""
    weigh: Callable[[Any, Any], Weight] = field(repr=False)
    version: str
    """Of the model; stands in each link."""
