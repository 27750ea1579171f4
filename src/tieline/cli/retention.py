"""`tieline retention`: what is due to be purged, what a hold keeps, and the purge itself."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from tieline.cli.node import config_option

if TYPE_CHECKING:
    from tieline.core.agreement.viewer import Viewer
    from tieline.wiring.retaining import Standing, Unfinished

Command = TypeVar("Command", bound=Callable[..., object])

as_option = click.option(
    "--as", "user", required=True, help="Who decides: a user name, or a user's number."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one object.")
dry_option = click.option(
    "--dry-run", is_flag=True, help="Say what would be done, and destroy nothing."
)


@click.group(epilog="\b\nExample:\n  tieline retention due --as hkim --config border-node")
def command() -> None:
    """Say which records are due to be purged, hold some, purge the others.

    For supervisors and sharing officers, each for the records of his own agency. Nothing is purged
    by itself: a person decides.
    """


@command.command(epilog="\b\nExample:\n  tieline retention due --as hkim --json")
@as_option
@config_option
@json_option
def due(user: str, config: Path | None, as_json: bool) -> int:
    """List records whose years are over, what stops the purge of each, and what to validate.

    Answers with 1 where something is due.
    """
    author, at = _opened(user, config)
    from tieline.wiring.retaining import due as found

    standing = found(author, at=at)
    if as_json:
        click.echo(json.dumps([_said(one) for one in standing]))
    else:
        _tell(standing)
    return 1 if any(one.due.is_due for one in standing) else 0


@command.command(
    epilog="\b\nExample:\n  tieline retention hold LA-26-0001 --as hkim --why 'preservation letter'"
)
@click.argument("number")
@as_option
@click.option("--why", required=True, help="For which proceeding or duty.")
@config_option
def hold(number: str, user: str, why: str, config: Path | None) -> None:
    """Set a legal hold on the record NUMBER: nothing destroys it, its parts or what it is part of.

    The reason lies where it can be erased with the record; each hold is an entry of the ledger.
    """
    author, at = _opened(user, config)
    from tieline.wiring.retaining import hold as set_hold

    set_hold(number, why=why, author=author, at=at)
    click.echo(f"{number} is held")


@command.command(
    epilog="\b\nExample:\n  tieline retention release LA-26-0001 --as hkim --why 'case dismissed'"
)
@click.argument("number")
@as_option
@click.option("--why", required=True, help="By what the hold has ended.")
@config_option
def release(number: str, user: str, why: str, config: Path | None) -> None:
    """Lift the legal holds that stand on the record NUMBER."""
    author, at = _opened(user, config)
    from tieline.wiring.retaining import release as lift

    lift(number, why=why, author=author, at=at)
    click.echo(f"{number} is held no more")


@command.command(
    epilog="\b\nExamples:\n  tieline retention purge --as hkim --dry-run\n"
    "  tieline retention purge TCA-2611-000123-01 --as hkim --config border-node"
)
@click.argument("numbers", nargs=-1, metavar="[NUMBER]...")
@as_option
@config_option
@json_option
@dry_option
def purge(
    numbers: tuple[str, ...], user: str, config: Path | None, as_json: bool, dry_run: bool
) -> int:
    """Destroy what is due: the records NUMBER, or all of one's agency that are.

    It reaches versions, keys, pointers, evidence, reasons and side rows, and writes the databases'
    files anew. What was interrupted before is finished first; call it without a number for that.
    Answers with 4 where something waits for the exchange, with 1 where it waits for others to leave
    a database alone: call it again.
    """
    author, at = _opened(user, config)
    from tieline.wiring.retaining import due as found
    from tieline.wiring.retaining import purge as destroy

    standing = {one.number for one in found(author, at=at) if one.due.is_due}
    wanted = list(numbers) or sorted(standing)
    if dry_run:
        return _tell_done([one for one in wanted if one in standing], [], as_json=as_json)
    for number in wanted:
        destroy(number, author=author, at=at)
    return _finished(wanted, author, at, as_json=as_json)


@command.command(
    epilog="\b\nExample:\n  tieline retention expunge TCA-2611-000123-01 --order ORD-26-1 --as hkim"
)
@click.argument("number")
@click.option("--order", required=True, help="The number of the order, which names no person.")
@as_option
@config_option
@json_option
def expunge(number: str, order: str, user: str, config: Path | None, as_json: bool) -> int:
    """Destroy the record NUMBER by an order, before its time; a legal hold stops this, too.

    What people wrote about disclosures of it goes at once; that there were any stays in the ledger.
    Answers as purge does.
    """
    author, at = _opened(user, config)
    from tieline.wiring.retaining import expunge as destroy

    destroy(number, order=order, author=author, at=at)
    return _finished([number], author, at, as_json=as_json)


@command.command(
    epilog="\b\nExample:\n  tieline retention erase 69adaa8cbda17bf4 --order ORD-26-2 --as hkim"
)
@click.argument("handles", nargs=-1, required=True, metavar="HANDLE...")
@click.option("--order", required=True, help="The number of the order, which names no person.")
@as_option
@config_option
def erase(handles: tuple[str, ...], order: str, user: str, config: Path | None) -> int:
    """Erase the words beside ledger entries, by the HANDLEs that the ledger's page names.

    What the agency's own people typed, such as the terms of a search for a person; entries stay.
    Answers with 1 where the database could not be written anew now: the next purge or erasure in
    it does that.
    """
    author, at = _opened(user, config)
    from tieline.wiring.retaining import erase_words

    gone, anew = erase_words(handles, order=order, author=author, at=at)
    click.echo(f"{gone:,} erased")
    return 0 if anew else 1


def _opened(user: str, config: Path | None) -> tuple[Viewer, datetime]:
    from tieline.wiring.opening import found_config, open_node

    open_node(found_config(config))
    # Models can be loaded only now.
    from tieline.wiring.previewing import viewer_called

    at = datetime.now(UTC)
    return viewer_called(user, at=at), at


def _finished(done: Sequence[str], author: Viewer, at: datetime, *, as_json: bool) -> int:
    from tieline.wiring.retaining import finish

    letters = [one for one in done if one.startswith("RM-")]
    rng = random.Random()  # noqa: S311 - for pauses alone
    waiting = finish(author, at=at, rng=rng, letters=letters)
    return _tell_done(done, waiting, as_json=as_json)


def _tell_done(done: Sequence[str], waiting: Sequence[Unfinished], *, as_json: bool) -> int:
    if as_json:
        said = [{"number": one.number, "system": one.system, "why": one.why} for one in waiting]
        click.echo(json.dumps({"purged": list(done), "waiting": said}))
    else:
        for number in done:
            click.echo(number)
        for one in waiting:
            click.echo(f"{one.number} waits for the {one.why}; call it again", err=True)
        if not done and not waiting:
            click.echo("nothing is due", err=True)
    why = {one.why for one in waiting}
    return 4 if "exchange" in why else 1 if why else 0


def _said(one: Standing) -> dict[str, Any]:
    rule, on, validate_by = one.due.rule, one.due.on, one.due.validate_by
    return {
        "system": one.system,
        "number": one.number,
        "kind": one.kind,
        "class": rule.name if rule is not None else None,
        "citation": rule.citation if rule is not None else None,
        "due_on": on.date().isoformat() if on is not None else None,
        "stops": [stop.value for stop in one.due.stops],
        "validate_by": validate_by.date().isoformat() if validate_by is not None else None,
    }


def _tell(standing: Sequence[Standing]) -> None:
    for one in map(_said, standing):
        stops = ", ".join(one["stops"]) or "due"
        validate = f"; validate by {one['validate_by']}" if one["validate_by"] else ""
        click.echo(
            f"{one['number']}: {one['kind']}, {one['class']}, {one['due_on']}: {stops}{validate}"
        )
    if not standing:
        click.echo("nothing is due", err=True)
