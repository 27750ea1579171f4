"""`tieline agreement`: write, check and try the text; with the commands of its other files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tieline.cli.agreementfile import agreement_of, text_option
from tieline.cli.node import config_option
from tieline.cli.proofs import compare, prove
from tieline.cli.signing import activate, key, sign, trust

if TYPE_CHECKING:
    from tieline.core.agreement.articles import Article
    from tieline.core.agreement.decide import Ask


@click.group(epilog="\b\nExample:\n  tieline agreement check --agreement draft.json")
def command() -> None:
    """Check, prove and compare the agreement between the agencies, sign it, bring it into force."""


@command.command(epilog="\b\nExample:\n  tieline agreement new draft.json")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def new(file: Path) -> None:
    """Write the model agreement to FILE, unsigned, as a draft to start from.

    Counsel of each party must review it before it is signed.
    """
    from tieline.core.agreement.document import written
    from tieline.files.whole_file import whole_file
    from tieline.reference.agreement import model_agreement, model_notice

    if file.exists():
        raise click.UsageError(f"{file} exists: name another file, so that nothing is lost")
    with whole_file(file) as handle:
        handle.write(written(model_agreement()).encode())
    click.echo(f"written to {file}")
    click.echo(model_notice())


@command.command(epilog="\b\nExample:\n  tieline agreement check --agreement draft.json")
@config_option
@text_option
def check(config: Path | None, text_path: Path | None) -> None:
    """Say whether the text can be decided by, and if not, which clause is wrong and why."""
    text = agreement_of(config, text_path)
    engine = text.check()
    click.echo(
        f"{text.title}, version {text.version}: {len(text.clauses)} clauses hold, "
        f"{len(text.articles)} articles"
    )
    click.echo(f"digest {text.digest}")
    unused = sorted(set(text.clauses) - set(engine.ids.values()))
    if unused:
        click.echo(f"prose without a policy: {', '.join(unused)}")
    signed = {one.agency for one in text.signatures if one.digest == text.digest and one.proof}
    missing = sorted({one.agency for one in text.parties} - signed)
    # By whose key is held against those that a node knows, when it is brought into force there.
    click.echo(f"still to sign: {', '.join(missing)}" if missing else "signed by every party")


@command.command(epilog="\b\nExample:\n  tieline agreement explain F01")
@config_option
@text_option
@click.argument("clause")
def explain(config: Path | None, text_path: Path | None, clause: str) -> None:
    """Print what CLAUSE says in words, what it rests on, and the policy that is decided by; of an
    article what keeps it.
    """
    text = agreement_of(config, text_path)
    if clause in text.articles:
        _explain_article(text.articles[clause])
        return
    if clause not in text.clauses:
        known = ", ".join(sorted((*text.clauses, *text.articles)))
        raise click.UsageError(f"there is no clause {clause}: {known}")
    click.echo(text.clauses[clause].prose)
    click.echo(f"source: {text.clauses[clause].source}")
    click.echo()
    click.echo(text.policy_of(clause))


@command.command(
    epilog="\b\nExample:\n"
    "  tieline agreement decide asked.jsonl --agreement draft.json --as-if-signed"
)
@config_option
@text_option
@click.argument("requests", type=click.File("r", encoding="utf-8"))
@click.option(
    "--engine",
    type=click.Choice(["python", "cedar", "sql", "z3"]),
    default="python",
    show_default=True,
    help="The functions made of the text, as the node decides; Cedar itself; a database, by the "
    "filters that lists are read with; or the formulas by which it is proved.",
)
@click.option("--as-if-signed", is_flag=True, help="Take the text for signed: to try a draft.")
def decide(
    config: Path | None,
    text_path: Path | None,
    requests: Iterable[str],
    engine: str,
    as_if_signed: bool,
) -> int:
    """Answer questions: one JSON object a line of REQUESTS, "-" for the input stream.

    Each has viewer, purpose, record, action, perhaps field_class and at; docs/agreement.md says
    how. One JSON object a line is printed. A line that cannot be read is answered with its error,
    the others all the same; the exit code is then 1. No record is looked at, and none is disclosed.
    """
    from tieline.core.agreement.requests import BadRequest, answered, read_request

    text, now = agreement_of(config, text_path), datetime.now(UTC)
    if as_if_signed:
        for party in text.parties:
            text = text.signed(agency=party.agency, by="as if signed", at=now)
    text.check()
    failed = False
    with _engine(engine) as by:
        for number, line in enumerate(requests, 1):
            if not line.strip():
                continue
            try:
                told = answered(text, read_request(_json(line), at=now), by=by)
            except BadRequest as error:
                failed, told = True, {"error": str(error), "cure": error.cure}
            click.echo(json.dumps({"line": number} | told, ensure_ascii=False))
    return 1 if failed else 0


def _explain_article(article: Article) -> None:
    click.echo(f"{article.heading}. {article.prose}")
    click.echo(f"source: {article.source}")
    for one in article.kept_by:
        click.echo(f"kept by {one.value}: {one.says}")
    if article.clauses:
        click.echo(f"clauses: {', '.join(article.clauses)}")
    for term, days in article.terms.items():
        click.echo(f"{term.value}: {days}")
    if article.refusals:
        click.echo(f"reasons: {', '.join(article.refusals)}")


def _engine(name: str) -> AbstractContextManager[Ask]:
    from tieline.core.agreement.engine import Engine
    from tieline.core.agreement.formulas import prover
    from tieline.core.agreement.given import ask_z3

    if name == "sql":
        from tieline.wiring.by_sql import asked_by_sql

        return asked_by_sql()
    if name == "z3":
        # Else its absence would be an alarm in each answer.
        prover()
        return nullcontext(ask_z3)
    return nullcontext(Engine.ask if name == "python" else Engine.ask_cedar)


def _json(line: str) -> object:
    from tieline.core.agreement.requests import BadRequest

    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        raise BadRequest("it is no JSON", cure="write one JSON object a line") from None


for one in (prove, compare, key, trust, sign, activate):
    command.add_command(one)
