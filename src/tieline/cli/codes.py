"""`tieline codes`: the code lists, and what a column of a file means in one of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tieline.cli.codesfile import Columns
    from tieline.core.values.codes import CodeList, CodeValue

# Below this share of its values a column is not said to be of a list.
_REJECTED_SHOWN = 10
_FITS = 0.5
_SUGGESTIONS = 3

EXIT_CODES = "\b\nExit codes:\n  0  all values are mapped\n  1  some are not\n  2  wrong use"


@click.group(
    epilog="\b\nExample:\n  tieline codes map arrests.csv --column CITIZENSHIP --list country"
)
def command() -> None:
    """List code lists, and map a column of a file to one."""


@command.command("list", epilog="\b\nExample:\n  tieline codes list --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_lists(as_json: bool) -> None:
    """List all code lists with their source, licence and date."""
    from tieline.reference import code_list, names_of_lists

    for name in names_of_lists():
        found = code_list(name)
        if as_json:
            _print_json(_about(found))
        else:
            marks = [mark for mark in ("unverified", "never_match") if getattr(found, mark)]
            told = f"  [{', '.join(marks)}]" if marks else ""
            click.echo(f"{name:24} {len(found):5}  {found.title}{told}")


@command.command("show", epilog="\b\nExample:\n  tieline codes show dispositions")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def show_list(name: str, as_json: bool) -> None:
    """Print the codes of the list NAME. Where a label was curated, the published one follows."""
    from tieline.reference import code_list

    found = code_list(name)
    _say(f"{found.title}; version {found.version}, {found.date}")
    _say(f"source: {found.source}; licence: {found.licence}")
    if found.unverified:
        _say("as published by practitioners, unverified")
    if found.never_match:
        _say("never used to match persons")
    if found.note:
        _say(found.note)
    width = min(max(len(entry.code) for entry in found.entries), 32)
    for entry in found.entries:
        if as_json:
            _print_json(
                {
                    "code": entry.code,
                    "label": entry.label,
                    "published": entry.published,
                    "aliases": list(entry.aliases),
                    "legacy": entry.legacy,
                    "note": entry.note,
                    **entry.facts,
                }
            )
        else:
            published = f"  (published as: {entry.published})" if entry.legacy else ""
            click.echo(f"{entry.code:{width}}  {entry.label}{published}")


@command.command(
    "map",
    epilog=f"{EXIT_CODES}\n\n\b\nExample:\n"
    "  tieline codes map arrests.csv --column CHARGE --list administrative-charges",
)
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--column", help="The column to map; may be left out if one alone fits the list.")
@click.option("--list", "name", help="The list to map to; left out, the best ones are told.")
@click.option("--delimiter", help="The sign between columns; else seen from the first line.")
@click.option("--encoding", help="The file's encoding; else it is found.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def map_column(
    file: Path,
    column: str | None,
    name: str | None,
    delimiter: str | None,
    encoding: str | None,
    as_json: bool,
) -> int:
    """Print how each distinct value of a column of FILE is mapped, and what is not."""
    from tieline.cli.codesfile import Columns
    from tieline.reference import code_list

    columns = Columns.read(file, delimiter=delimiter, encoding=encoding)
    if name is None:
        _suggest(columns, [columns.known(column)] if column else columns.names, as_json)
        return 0
    found = code_list(name)
    chosen = columns.known(column) if column else _only_fitting(columns, found)
    return _print_mapping(columns, chosen, found, as_json)


def _print_mapping(columns: Columns, column: str, found: CodeList, as_json: bool) -> int:
    counts = columns.counts(column)
    values = [(found.understand(text), number) for text, number in counts.most_common()]
    mapped = [pair for pair in values if pair[0].code]
    listed = [pair for pair in values if not pair[0].code]
    for value, number in (*mapped, *listed):
        if as_json:
            _print_json(
                {
                    "given": value.given,
                    "count": number,
                    "code": value.code,
                    "label": value.label,
                    "problem": value.problem,
                }
            )
        else:
            click.echo(_line(value, number))
    rows = sum(number for _, number in listed)
    blank = columns.blank(column)
    _say(
        f"{column} to {found.name}: {len(mapped)} of {len(values)} values mapped, "
        f"{len(listed)} not ({rows} rows); {blank} rows blank"
    )
    for told in columns.rejected[:_REJECTED_SHOWN]:
        _say(f"rejected: {told}")
    if len(columns.rejected) > _REJECTED_SHOWN:
        _say(f"… and {len(columns.rejected) - _REJECTED_SHOWN:,} more rows")
    return 1 if listed or columns.rejected else 0


def _line(value: CodeValue, number: int) -> str:
    given = _printable(value.given)
    if value.code:
        return f"{number:8}  {given}  ->  {value.code}  {value.label}"
    return f"{number:8}  {given}  not mapped: {_printable(value.problem)}"


def _suggest(columns: Columns, names: Iterable[str], as_json: bool) -> None:
    """Tell, for each column, the lists that know most of its values."""
    told = 0
    for column in names:
        for share, found in _fitting(columns, column):
            told += 1
            if as_json:
                _print_json({"column": column, "list": found.name, "share": round(share, 3)})
            else:
                click.echo(f"{share:4.0%}  {_printable(column)}  {found.name}  ({found.title})")
    if told:
        _say("Choose one with --column and --list; the share is of the column's distinct values.")
    else:
        _say("No list knows half of the values of any column. See: tieline codes list")


def _fitting(columns: Columns, column: str) -> list[tuple[float, CodeList]]:
    """The three best lists: by share of values, then named like the column, then the shorter."""
    from tieline.core.values.codes import fold
    from tieline.reference import code_list, names_of_lists

    head = fold(column)
    # Ages and counts are codes of some list by chance.
    numbers = all(text.isdecimal() for text in columns.counts(column))
    ranked = []
    for name in names_of_lists():
        found = code_list(name)
        share = columns.share(column, found)
        named = any(fold(word)[:5] in head for word in name.split("-"))
        if share >= _FITS and (named or not numbers):
            ranked.append((share, named, -len(found), found))
    ranked.sort(key=lambda one: (round(one[0], 1), one[1], one[2]), reverse=True)
    return [(share, found) for share, _, _, found in ranked[:_SUGGESTIONS]]


def _only_fitting(columns: Columns, found: CodeList) -> str:
    """The one column of which the list knows at least half of the values."""
    from tieline.cli.codesfile import ColumnNotChosen

    fitting = [name for name in columns.names if columns.share(name, found) >= _FITS]
    if len(fitting) != 1:
        several = f"columns {', '.join(fitting)} all fit" if fitting else "no column fits"
        raise ColumnNotChosen(
            f"{several} the list {found.name}",
            cure=f"Name one with --column; there are: {', '.join(columns.names)}",
        )
    _say(f"column {fitting[0]} alone fits the list {found.name}")
    return fitting[0]


def _about(found: CodeList) -> dict[str, object]:
    return {
        "name": found.name,
        "title": found.title,
        "codes": len(found),
        "version": found.version,
        "date": found.date,
        "source": found.source,
        "licence": found.licence,
        "unverified": found.unverified,
        "never_match": found.never_match,
        "note": found.note,
    }


def _print_json(row: dict[str, object]) -> None:
    click.echo(json.dumps(row, ensure_ascii=False))


def _say(words: str) -> None:
    click.echo(_printable(words), err=True)


def _printable(text: str) -> str:
    """The text without the signs by which a file could command a terminal."""
    return "".join(sign if sign.isprintable() else "�" for sign in text)
