"""A table as views fill it, and what a reader asked of it in the address."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from tieline.ui.parts import Action, Choice, Tag, Withheld

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise as Text

__all__ = ["Asked", "Cell", "Column", "Filter", "FilterKind", "Row", "TableView", "asked"]

SIZES = (50, 100, 200)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Asked:
    """Order, page, filters and hidden columns of one table; made by `asked` alone.

    prefix stands before `sort`, `page`, `size` and `hide` in the address, so that two tables of
    a page do not meddle; page counts from 1.
    """

    sort: str = ""
    descending: bool = False
    page: int = 1
    size: int = SIZES[0]
    filters: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    prefix: str = ""

    def page_of(self, rows: Sequence[T]) -> Sequence[T]:
        """The rows of the page asked for; of the last page, where there are fewer."""
        page = min(self.page, self.pages(len(rows)))
        return rows[(page - 1) * self.size : page * self.size]

    def pages(self, total: int) -> int:
        return max(1, -(-total // self.size))


def asked(
    query: Mapping[str, str],
    *,
    sortable: Collection[str] = (),
    default: str = "",
    filters: Collection[str] = (),
    prefix: str = "",
) -> Asked:
    """Read the address; what it asks and the table does not know is left out, never an error.

    default: the order without a wish; a hyphen in front turns it round. `query` is request.GET.
    """
    known = {*sortable, default.removeprefix("-")}
    wish = query.get(f"{prefix}sort", default)
    if wish.removeprefix("-") not in known:
        wish = default
    size = _number(query.get(f"{prefix}size", ""))
    return Asked(
        sort=wish.removeprefix("-"),
        descending=wish.startswith("-"),
        page=max(1, _number(query.get(f"{prefix}page", ""))),
        size=size if size in SIZES else SIZES[0],
        filters={name: said for name in filters if (said := query.get(name, "").strip())},
        hidden=frozenset(filter(None, query.get(f"{prefix}hide", "").split(","))),
        prefix=prefix,
    )


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


@dataclass(frozen=True, slots=True)
class Column:
    """optional: may be hidden by the reader."""

    key: str
    words: Text
    sortable: bool = False
    numeric: bool = False
    optional: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """One fact of a row: words, a moment, a state, or that it is withheld."""

    words: Text = ""
    detail: Text = ""
    at: datetime | None = None
    tag: Tag | None = None
    withheld: Withheld | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The first cell is the row's name and, with `url`, its link; `result` is that of a bulk."""

    id: str
    cells: tuple[Cell, ...]
    url: str = ""
    result: Text = ""


class FilterKind(StrEnum):
    TEXT = "search"
    DATE = "date"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Filter:
    name: str
    words: Text
    kind: FilterKind = FilterKind.TEXT
    choices: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class TableView:
    """One page of a list that is already ordered and filtered, after policy.

    total: all rows after policy; withheld: only of records that this viewer may know of (P26).
    actions are for the rows selected, posted to `action_url` as `row`=id, several times. Each of
    `formats` is a link with the same query and `format`=csv …; the view answers the same rows.
    """

    id: str
    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: int
    asked: Asked = Asked()
    filters: tuple[Filter, ...] = ()
    empty: Text = ""
    formats: tuple[str, ...] = ()
    actions: tuple[Action, ...] = ()
    action_url: str = ""
    mark: Text = ""
    withheld: int = 0
