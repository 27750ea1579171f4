"""`tieline disclose`: what somebody would be told of a record, and by which clauses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import click

from tieline.cli.node import config_option
from tieline.core.agreement.viewer import PurposeCode

SYSTEMS = ("patrol", "investigations", "partner")
NO_ANSWER = 4
NOTHING_TOLD = 3


@click.command(
    epilog="\b\nExamples:\n"
    "  tieline disclose TCA-2611-000123-01 --as jmiller --purpose custody \\\n"
    "    --number TCA-2611-000123 --json\n"
    "  tieline disclose SR-26-000123 --as mlopez --purpose custody --reason 'asked by phone'"
)
@click.argument("record", metavar="NUMBER")
@click.option("--as", "user", required=True, help="Whose eyes: a user name, or a user's number.")
@click.option(
    "--purpose",
    "code",
    type=click.Choice([one.value for one in PurposeCode]),
    required=True,
    help="What for.",
)
@click.option("--number", "case", default="", help="The case or event that the look is for.")
@click.option("--reason", default="", help="Why, where there is no number.")
@click.option(
    "--system",
    type=click.Choice(SYSTEMS),
    default=None,
    help="Ask this system alone; else all that the node runs.",
)
@config_option
@click.option("--json", "as_json", is_flag=True, help="Print one object.")
def command(
    record: str,
    user: str,
    code: str,
    case: str,
    reason: str,
    system: str | None,
    config: Path | None,
    as_json: bool,
) -> int:
    """Show exactly what a user would be told of the record NUMBER: each field, by which clauses.

    It is a look: it goes through the record's own door, in the user's present assignment, and is
    in the ledger as that user's. What is hidden from the user and what there is not are answered
    alike, with 3; a system that does not answer, with 4.
    """
    from tieline.wiring.opening import found_config, open_node

    open_node(found_config(config))
    # Models can be loaded only now.
    from tieline.accounts.hats import stated_purpose
    from tieline.wiring.previewing import preview

    purpose = stated_purpose(code, case, reason)
    names = (system,) if system else SYSTEMS
    seen = preview(record, user=user, purpose=purpose, systems=names, at=datetime.now(UTC))
    said: dict[str, Any] = {
        "state": seen.state.value,
        "system": seen.system,
        "why": list(seen.why),
        **asdict(seen.told),
    }
    if as_json:
        click.echo(json.dumps(said, default=_plain))
    else:
        _tell(said)
    if seen.is_silent:
        return NO_ANSWER
    return 0 if seen.system else NOTHING_TOLD


def _plain(value: object) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _tell(said: Mapping[str, Any]) -> None:
    echo = click.echo
    for one in said["why"]:
        echo(one)
    if not said["system"]:
        echo("nothing that this user may be told; this is not a clearance")
        return
    clauses = ", ".join(said["clauses"])
    echo(f"{said['number']}: {said['kind']} of {said['owner_agency']} {said['owning_unit']}")
    echo(f"  level {said['level']} by {clauses}; to be called: {said['contact']}")
    for duty in said["obligations"]:
        echo(f"  {duty}")
    for one in said["shown"]:
        value = one["value"]
        words = ", ".join(value) if isinstance(value, tuple) else "" if value is None else value
        echo(f"  {one['name']}: {words}   [{', '.join(one['clauses'])}]")
    for one in said["statements"]:
        echo(f"  {one['name']} is disputed ({one['filed_on']}): {one['said']}")
    for one in said["withheld"]:
        echo(f"  {one['name']}: withheld   [{', '.join(one['clauses'])}] {one['reason']}")
