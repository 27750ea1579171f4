"""Which agreement a command is about: a file that is named, or the node's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from tieline.core.agreement.clauses import Agreement

__all__ = ["agreement_of", "file_argument", "text_option"]

text_option = click.option(
    "--agreement",
    "text_path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The agreement's file; without it, that of the node.",
)
file_argument = click.argument(
    "file", required=False, type=click.Path(path_type=Path, dir_okay=False)
)


def agreement_of(config: Path | None, path: Path | None) -> Agreement:
    """Read it; raises `AgreementRefused` where there is none to be read."""
    from tieline.core.agreement.clauses import AgreementRefused
    from tieline.core.agreement.document import read_agreement
    from tieline.settings import read_node
    from tieline.wiring.opening import found_config

    path = path or read_node(found_config(config)).agreement
    try:
        return read_agreement(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AgreementRefused(
            f"{path} cannot be read ({type(error).__name__})",
            cure="name the agreement's file; a first one is written by: tieline agreement new FILE",
        ) from None
