"""`tieline agreement key | trust | sign | activate`: from a draft to a text that is enforced."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from tieline.cli.agreementfile import file_argument
from tieline.cli.node import config_option

__all__ = ["activate", "key", "sign", "trust"]

party_option = click.option("--party", required=True, help="The agency that signs.")
person_option = click.option("--as", "person", required=True, help="The person who signs for it.")


@click.command(epilog="\b\nExample:\n  tieline agreement key r-alvarez.key")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def key(file: Path) -> None:
    """Make a private key to sign with, in FILE, and print its public half.

    FILE is readable by its user alone, and belongs to one person. The public half goes to each node
    that is to enforce what the person signs; its fingerprint is compared by voice.
    """
    from tieline.core.agreement.signing import fingerprint
    from tieline.wiring.agreeing import make_key

    public = make_key(file)
    click.echo(f"written to {file}; fingerprint {fingerprint(public)}", err=True)
    click.echo(public)


@click.command(
    epilog="\b\nExample:\n  tieline agreement trust --party patrol --as 'R. Alvarez' --key KEY"
)
@config_option
@party_option
@person_option
@click.option("--key", "public", required=True, help="The person's public key, as it was printed.")
def trust(config: Path | None, party: str, person: str, public: str) -> None:
    """Let the node know the public key of a person who may sign for a party.

    Compare the fingerprint with that person, by voice: who holds this key can sign for the party.
    Another key of the same person takes its place at once, and what the old one signed no longer
    counts.
    """
    from tieline.settings import read_node
    from tieline.wiring.agreeing import trust as known
    from tieline.wiring.opening import found_config

    told = known(read_node(found_config(config)), party=party, person=person, key=public.strip())
    click.echo(f"{person} may sign for {party}")
    click.echo(f"fingerprint {told}")


@click.command(
    epilog="\b\nExample:\n"
    "  tieline agreement sign draft.json --party patrol --as 'R. Alvarez' --key r-alvarez.key"
)
@config_option
@file_argument
@party_option
@person_option
@click.option(
    "--key",
    "private",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="The person's private key, which tieline agreement key has made.",
)
def sign(config: Path | None, file: Path | None, party: str, person: str, private: Path) -> None:
    """Put a person's signature under the agreement in FILE, or under the node's.

    It proves that the holder of the key signed this very text. A signature of the same party, or of
    another text, goes.
    """
    from tieline.settings import read_node
    from tieline.wiring.agreeing import sign as put
    from tieline.wiring.opening import found_config

    path = file or read_node(found_config(config)).agreement
    text = put(path, party=party, person=person, key=private, at=datetime.now(UTC))
    signed = sorted({one.agency for one in text.signatures})
    missing = sorted({one.agency for one in text.parties} - set(signed))
    click.echo(f"signed by {', '.join(signed)}: digest {text.digest}")
    click.echo(
        f"still to sign: {', '.join(missing)}" if missing else "next: tieline agreement activate"
    )


@click.command(
    epilog="\b\nExample:\n  tieline agreement activate --config border-node/tieline.toml"
)
@config_option
@file_argument
def activate(config: Path | None, file: Path | None) -> None:
    """Deliver the signed agreement in FILE, or the node's, to every system of the node.

    Each system checks it and enforces it itself, from the moment that the text names. Refused where
    a party's signature is missing, of another text, or not made by a key that the node knows; and
    where the text gives what none may give: then the question is shown, as by tieline agreement
    prove.
    """
    from tieline.wiring.opening import found_config, open_node

    node = open_node(found_config(config))
    # Models can be loaded only now.
    from tieline.wiring.agreeing import activate as activated

    text = activated(file or node.agreement, at=datetime.now(UTC))
    click.echo(f"{text.title}, version {text.version}, is active in every system")
    click.echo(
        f"  in force from {text.in_force_from:%Y-%m-%d} until {text.in_force_until:%Y-%m-%d}"
    )
    click.echo(f"  digest {text.digest}")
