"""`tieline accounting`: to whom a record was disclosed, when, what of it, and for what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tieline.cli.node import config_option

if TYPE_CHECKING:
    from tieline.wiring.accounting import Disclosed

NOTHING_TOLD = 3


@click.command(
    epilog="\b\nExamples:\n  tieline accounting TCA-2611-000123-01 --as tgarza\n"
    "  tieline accounting TCA-2611-000123-01 --as tgarza --for-the-person --json"
)
@click.argument("number")
@click.option("--as", "user", required=True, help="Who asks: a user name, or a user's number.")
@click.option(
    "--for-the-person",
    is_flag=True,
    help="The statement for the person concerned, without what the law excepts.",
)
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def command(
    number: str, user: str, for_the_person: bool, config: Path | None, as_json: bool
) -> int:
    """Account for each disclosure of the record NUMBER (5 USC 552a(c)), also once it is purged.

    For auditors, sharing officers and the protection desk of the agency that owns it; anybody else
    is answered as of no record, with 3. Denied looks, and searches in vain by the agency's own
    people, are in it too.
    The statement for the person names agencies and units, and never an officer. Each is an entry of
    the ledger. A ledger that does not answer is answered with 4: half an accounting is none.
    """
    from tieline.wiring.opening import found_config, open_node

    open_node(found_config(config))
    # Models can be loaded only now.
    from tieline.wiring.accounting import EXCEPTED, accounting, statement
    from tieline.wiring.previewing import viewer_called

    at = datetime.now(UTC)
    make = statement if for_the_person else accounting
    made = make(number, viewer=viewer_called(user, at=at), at=at)
    if made is None:
        click.echo(
            "{}" if as_json else "nothing that this user may be told; this is not a clearance"
        )
        return NOTHING_TOLD
    rows = [_said(one) for one in made.rows]
    note = EXCEPTED if for_the_person else ""
    if as_json:
        said = {"system": made.system, "number": made.number, "disclosures": rows, "note": note}
        click.echo(json.dumps(said))
        return 0
    click.echo(f"{made.number}: {len(rows):,} entries")
    for row in rows:
        _tell(row)
    if note:
        click.echo(note)
    return 0


def _said(one: Disclosed) -> dict[str, Any]:
    said = {**asdict(one), "at": one.at.isoformat(), "event": one.event.value}
    return {name: value for name, value in said.items() if value}


def _tell(row: Mapping[str, Any]) -> None:
    whom = " ".join(row[name] for name in ("agency", "unit", "officer") if name in row)
    click.echo(f"{row['at']}  {row['event']}  {row.get('level', '')}  {whom}".rstrip())
    for name in ("shown", "purpose", "case", "clauses", "handle"):
        if name in row:
            value = row[name]
            click.echo(f"  {name}: {value if isinstance(value, str) else ', '.join(value)}")
