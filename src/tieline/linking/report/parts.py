"""Building blocks of the report's page: sections, tables, and regions that scroll."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NUMBER = "num"
"""The class of a column of numbers: right-aligned, figures of one width."""


def section(anchor: str, heading: str, body: str) -> str:
    return (
        f'<section aria-labelledby="{anchor}"><h2 id="{anchor}" tabindex="-1">{heading}</h2>\n'
        f"{body}</section>\n"
    )


def paragraph(text: str, kind: str = "") -> str:
    return f'<p class="{kind}">{text}</p>\n' if kind else f"<p>{text}</p>\n"


def bullets(items: Iterable[str]) -> str:
    inner = "".join(f"<li>{item}</li>\n" for item in items)
    return f"<ul>{inner}</ul>\n" if inner else ""


def head(columns: Sequence[tuple[str, str]]) -> str:
    """A table's head; roles are named because the narrow layout would lose them."""
    cells = "".join(
        f'<th role="columnheader" scope="col"{_class(kind)}>{words}</th>' for words, kind in columns
    )
    return f'<thead role="rowgroup"><tr role="row">{cells}</tr></thead>'


def row(cells: Sequence[tuple[str, str]], kind: str = "", *, found: bool = False) -> str:
    """A table row; the first cell names it. `found` lets the filter box hide it."""
    (first, first_kind), *others = cells
    inner = f'<th role="rowheader" scope="row"{_class(first_kind)}>{first}</th>' + "".join(
        f'<td role="cell"{_class(cell_kind)}>{cell}</td>' for cell, cell_kind in others
    )
    return f'<tr role="row"{_class(kind)}{" data-find" if found else ""}>{inner}</tr>\n'


def table(
    caption: str, columns: Sequence[tuple[str, str]], body: str, kind: str, *, quiet: bool = False
) -> str:
    """A table that fits any width by itself; a quiet caption is for listeners only."""
    hidden = ' class="listen"' if quiet else ""
    return (
        f'<table role="table" class="{kind}"><caption{hidden}>{caption}</caption>{head(columns)}'
        f'<tbody role="rowgroup">{body}</tbody></table>\n'
    )


def wide(label: str, inner: str) -> str:
    """A table that may be wider than the page scrolls in a region that the keyboard reaches."""
    return f'<div class="wide" role="region" tabindex="0" aria-label="{label}">{inner}</div>\n'


def details(summary: str, body: str, *, opened: bool = False, found: bool = False) -> str:
    start = f"<details{' open' if opened else ''}{' data-find' if found else ''}>"
    return f"{start}<summary>{summary}</summary>{body}</details>\n"


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""
