"""From a table to what its template walks over: addresses, heads, cells in their columns."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import QueryDict

from tieline.ui.tables import SIZES, Asked, Cell, Column, Row, TableView

__all__ = ["pages", "table_context"]

SHORT = 18


def table_context(table: TableView, query: QueryDict) -> dict[str, Any]:
    """`query` is that of the request: each link keeps what it does not change."""
    asked = table.asked
    shown = [column for column in table.columns if _is_shown(column, asked)]
    kept = {asked.prefix + name for name in ("page", "size", "hide")}
    kept |= {one.name for one in table.filters}
    return {
        "table": table,
        "heads": [_head(column, asked, query) for column in shown],
        "rows": [(row, list(_cells(table, row))) for row in table.rows],
        "filters": [(one, asked.filters.get(one.name, "")) for one in table.filters],
        "kept": [
            (name, value) for name, values in query.lists() for value in values if name not in kept
        ],
        "unfiltered": _address(query, dict.fromkeys({one.name for one in table.filters}))
        if asked.filters
        else "",
        "choosable": [
            (column, column in shown, _toggled(column, asked, query))
            for column in table.columns
            if column.optional
        ],
        "downloads": [
            (form, _address(query, {"format": form, f"{asked.prefix}page": None}))
            for form in table.formats
        ],
        "pages": pages(asked, table.total, query),
        "width": len(shown) + bool(table.actions),
    }


def pages(asked: Asked, total: int, query: QueryDict) -> dict[str, Any]:
    last = asked.pages(total)
    page = min(asked.page, last)
    name = f"{asked.prefix}page"

    def to(number: int) -> str:
        return _address(query, {name: str(number) if number > 1 else None})

    near = sorted({1, last, *range(max(1, page - 1), min(last, page + 1) + 1)})
    numbers: list[tuple[int, str]] = []
    for number in near:
        if numbers and number - numbers[-1][0] > 1:
            numbers.append((0, ""))
        numbers.append((number, to(number)))
    return {
        "page": page,
        "last": last,
        "first_row": (page - 1) * asked.size + 1 if total else 0,
        "last_row": min(page * asked.size, total),
        "total": total,
        "before": to(page - 1) if page > 1 else "",
        "after": to(page + 1) if page < last else "",
        "numbers": numbers,
        "sizes": [
            (
                size,
                size == asked.size,
                _address(query, {f"{asked.prefix}size": str(size), name: None}),
            )
            for size in SIZES
        ]
        if total > SIZES[0]
        else [],
    }


def _address(query: QueryDict, changes: dict[str, str | None]) -> str:
    changed = query.copy()
    for name, value in changes.items():
        changed.pop(name, None)
        if value is not None:
            changed[name] = value
    return f"?{changed.urlencode()}"


def _is_shown(column: Column, asked: Asked) -> bool:
    return not (column.optional and column.key in asked.hidden)


def _head(column: Column, asked: Asked, query: QueryDict) -> dict[str, Any]:
    sorted_here = asked.sort == column.key
    upward = sorted_here and not asked.descending
    wish = f"-{column.key}" if upward else column.key
    order = {asked.prefix + "sort": wish, asked.prefix + "page": None}
    return {
        "column": column,
        "url": _address(query, order) if column.sortable else "",
        "order": ("descending" if asked.descending else "ascending") if sorted_here else "",
    }


def _toggled(column: Column, asked: Asked, query: QueryDict) -> str:
    hidden = sorted(asked.hidden ^ {column.key})
    return _address(query, {f"{asked.prefix}hide": ",".join(hidden) or None})


def _cells(table: TableView, row: Row) -> Iterator[tuple[Column, Cell, bool]]:
    for column, cell in zip(table.columns, row.cells, strict=True):
        if _is_shown(column, table.asked):
            yield column, cell, _is_one_line(cell)


def _is_one_line(cell: Cell) -> bool:
    """Dates, numbers and the like are read as one: they are not broken at a hyphen."""
    return len(str(cell.words)) <= SHORT and not (cell.detail or cell.withheld or cell.at)
