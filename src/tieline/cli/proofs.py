"""`tieline agreement prove`: what no agreement may give, proved of one or refuted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tieline.cli.agreementfile import agreement_of, file_argument
from tieline.cli.node import config_option

if TYPE_CHECKING:
    from tieline.core.agreement.prove import Proof

__all__ = ["prove"]

as_json = click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")


@click.command(epilog="\b\nExample:\n  tieline agreement prove draft.json")
@config_option
@file_argument
@click.option(
    "--beside",
    "others",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="Another agreement, once for each: chains through it are looked for as well.",
)
@as_json
def prove(config: Path | None, file: Path | None, others: tuple[Path, ...], as_json: bool) -> int:
    """Prove of the agreement in FILE, or of the node's, what no agreement may break.

    Each invariant is named with the law that it rests on. Where one does not hold, a question is
    shown that the text answers yes: who asks, what of which record, and the clauses that permit it.
    Cedar has answered it as well. The exit code is then 1. It is proved as if it were signed.
    """
    from tieline.core.agreement.prove import prove as proved

    text = agreement_of(config, file)
    beside = [agreement_of(config, other) for other in others]
    proofs = []
    for proof in proved(text, beside=beside):
        proofs.append(proof)
        _tell(proof, as_json=as_json)
    held = sum(proof.is_proved for proof in proofs)
    if not as_json:
        click.echo(f"{held} of {len(proofs)} are proved: {text.title}, version {text.version}")
    return 0 if held == len(proofs) else 1


def _tell(proof: Proof, *, as_json: bool) -> None:
    from tieline.core.agreement.prove import told

    if as_json:
        click.echo(json.dumps(told(proof), ensure_ascii=False))
        return
    invariant = proof.invariant
    state = "proved " if proof.is_proved else "REFUTED"
    click.echo(f"{state}  {invariant.id}  [{invariant.source}]  {invariant.practice}")
    click.echo(f"         {invariant.says}")
    for line in proof.counterexample.words if proof.counterexample else ():
        click.echo(f"         ! {line}")
