"""Sheets of workbooks (XLSX, XLS, ODS), read by calamine."""

from __future__ import annotations

import datetime
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tieline.files.table import Row, Table, UnreadableTable, named, repeated

_MOST_UNPACKED = 4 << 30
"""Bytes a workbook may unpack to: a sheet is held in memory whole."""
_MOST_RATIO = 200
_MOST_CELLS = 100_000_000
"""Cells of a sheet, empty ones counted: the library lays out the whole rectangle."""
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')


def open_workbook(path: Path, *, sheet: str) -> Table:
    """Look into a workbook; without a name the first sheet that has rows is read."""
    rows, name = _rows(path, sheet)
    filled = [at for at, row in enumerate(rows) if any(_given(value).strip() for value in row)]
    if not filled:
        raise UnreadableTable(path, f'the sheet "{name}" is empty', cure="name another sheet")
    first = filled[0]
    header = [_given(value) for value in rows[first]]
    while header and not header[-1].strip():
        header.pop()
    columns, notes = named(header, path)
    if not sheet:
        notes = (f'{path.name}: the sheet "{name}" is read', *notes)

    def read() -> Iterator[Row]:
        for at in filled[1:]:
            values = [_given(value) for value in rows[at][: len(columns)]]
            yield Row(at + 1, values + [""] * (len(columns) - len(values)))

    return Table(path, columns, "", "", read, repeated(header), notes)


def _rows(path: Path, sheet: str) -> tuple[list[list[object]], str]:
    import python_calamine

    _refuse_bomb(path)
    try:
        book = python_calamine.CalamineWorkbook.from_path(path)
        names = book.sheet_names
        if sheet and sheet not in names:
            raise UnreadableTable(
                path,
                f'there is no sheet "{sheet}"',
                cure=f"its sheets are: {', '.join(names)}",
            )
        for name in [sheet] if sheet else names:
            found = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            if found or sheet:
                return found, name  # type: ignore[return-value]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableTable(
            path, f"this workbook cannot be read ({error})", cure="save it as XLSX or CSV again"
        ) from None
    return [], names[0] if names else ""


def _refuse_bomb(path: Path) -> None:
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
        packed = max(path.stat().st_size, 1)
        if size > _MOST_UNPACKED or (size > 100 << 20 and size / packed > _MOST_RATIO):
            raise UnreadableTable(
                path,
                f"the workbook unpacks to {size / 1e6:,.0f} MB, far more than it should",
                cure="save the sheet as CSV",
            )
        widest = max((_cells(archive, name) for name in archive.namelist()), default=0)
    if widest > _MOST_CELLS:
        raise UnreadableTable(
            path,
            f"a sheet of it spans {widest:,} cells, nearly all of them empty",
            cure="delete the stray cells far below or to the right, or save the sheet as CSV",
        )


def _cells(archive: zipfile.ZipFile, name: str) -> int:
    """Give the number of cells of the rectangle that a sheet's cells span."""
    if not (name.startswith("xl/worksheets/") and name.endswith(".xml")):
        return 0
    width = height = 0
    rest = b""
    with archive.open(name) as sheet:
        while chunk := sheet.read(1 << 20):
            text = rest + chunk
            for letters, row in _CELL.findall(text):
                column = 0
                for letter in letters:
                    column = column * 26 + letter - 64
                width, height = max(width, column), max(height, int(row))
            rest = text[-200:]
    return width * height


def _given(value: object) -> str:
    """Give a cell's text: whole numbers without ".0", moments in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return str(value).replace("\0", "")
