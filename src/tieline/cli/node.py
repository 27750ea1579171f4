"""The option by which every command about a node names it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

__all__ = ["DATABASES", "config_option", "urls_of"]

DATABASES = ("accounts", "patrol", "investigations", "partner", "exchange")

Command = TypeVar("Command", bound=Callable[..., object])


def config_option(command: Command) -> Command:
    """`--config FILE`, read from the environment or the current folder where it is not given."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        default=None,
        help="The node's tieline.toml or its folder; else $TIELINE_CONFIG, else ./tieline.toml.",
    )(command)


def urls_of(said: tuple[str, ...], *, param_hint: str = "--database") -> dict[str, str]:
    """What `--database NAME=URL` or `NAME_file=FILE` said, once for each."""
    urls: dict[str, str] = {}
    for one in said:
        name, equals, url = one.partition("=")
        database = name.removesuffix("_file")
        if database not in DATABASES or not equals or not url:
            # What stands behind the name may hold a password.
            raise click.BadParameter(
                f"a database is said as NAME=URL, the name one of {', '.join(DATABASES)}; "
                "NAME_file=FILE reads the URL from a file",
                param_hint=param_hint,
            )
        if database in {other.removesuffix("_file") for other in urls}:
            raise click.BadParameter(f"{database} is said twice", param_hint=param_hint)
        urls[name] = url
    return urls
