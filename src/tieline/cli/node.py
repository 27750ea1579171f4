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


def urls_of(said: tuple[str, ...]) -> dict[str, str]:
    """What `--database NAME=URL` said, once for each."""
    urls = {}
    for one in said:
        name, equals, url = one.partition("=")
        if name not in DATABASES or not equals or not url:
            raise click.BadParameter(
                f"{one} is not NAME=URL, the name one of {', '.join(DATABASES)}",
                param_hint="--database",
            )
        urls[name] = url
    return urls
