"""`tieline agreement prove | compare`: what no agreement may give, and what a new one changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tieline.cli.agreementfile import agreement_of, file_argument
from tieline.cli.node import config_option

if TYPE_CHECKING:
    from tieline.core.agreement.compare import Change, ClauseChange, Comparison, Example, Lost
    from tieline.core.agreement.prove import Proof
    from tieline.core.agreement.question import Question
    from tieline.core.agreement.today import Sight

__all__ = ["compare", "prove"]

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


@click.command(epilog="\b\nExample:\n  tieline agreement compare agreement.json draft.json")
@click.argument("old", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("new", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--today",
    type=click.Path(path_type=Path, dir_okay=False),
    help="What users see today, as a table (TOML); else the table that ships.",
)
@as_json
def compare(old: Path, new: Path, today: Path | None, as_json: bool) -> int:
    """Say what the agreement in NEW changes against that in OLD.

    Clause by clause: added, removed, changed or the same, and what a change does if it is taken
    alone. Then in all: what may be asked and is given now, or no longer, each with an example that
    both engines have answered. Last, what becomes narrower than users have it today; the exit code
    is then 1.
    """
    from tieline.core.agreement.compare import compare as compared
    from tieline.core.agreement.compare import told

    found = compared(agreement_of(None, old), agreement_of(None, new), today=_today(today))
    if as_json:
        click.echo(json.dumps(told(found), ensure_ascii=False))
    else:
        _tell_all(found)
    return 1 if found.lost else 0


def _today(path: Path | None) -> tuple[Sight, ...]:
    from tieline.core.agreement.today import BadTable, read_sights
    from tieline.reference.agreement import seen_today

    if path is None:
        return seen_today()
    try:
        return read_sights(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadTable(
            f"{path} cannot be read ({type(error).__name__})", cure="name a file of such rows"
        ) from None


def _tell_all(found: Comparison) -> None:
    for name, (was, now) in found.frame.items():
        click.echo(f"{name}: {was} -> {now}" if name != "schema" else "the schema reads otherwise")
    changed = [one for one in found.clauses if one.fate.value != "same"]
    for one in changed:
        _tell_clause(one)
    click.echo(f"{len(found.clauses) - len(changed)} clauses are the same")
    for article in found.articles:
        if article.fate.value != "same":
            click.echo(f"{article.article} {article.fate.value}: {article.heading}")
    for title, changes in (("WIDENED", found.widened), ("NARROWED", found.narrowed)):
        _tell_changes(title, changes)
    if not (found.widened or found.narrowed):
        click.echo("every question is answered as before")
    for lost in found.lost:
        _tell_lost(lost)


def _tell_clause(one: ClauseChange) -> None:
    told = [
        *(["reads otherwise"] if one.reworded else []),
        *(["policy written otherwise"] if one.rewritten and one.old and one.new else []),
    ]
    click.echo(f"{one.clause} {one.fate.value}" + (f": {', '.join(told)}" if told else ""))
    _tell_example("  widens", one.widened)
    _tell_example("  narrows", one.narrowed)
    if one.rewritten and not (one.widened or one.narrowed):
        click.echo("  taken alone, it gives and takes nothing")


def _tell_example(title: str, example: Example | None) -> None:
    if example is not None:
        click.echo(f"{title}: {example.words[0]}")


def _tell_changes(title: str, changes: tuple[Change, ...]) -> None:
    if not changes:
        return
    click.echo(f"{title}: {', '.join(map(_changed, changes))}")
    shown: set[tuple[str, ...]] = set()
    for one in changes:
        # The same clauses mostly answer for several questions: one example of each is enough.
        deciding = (*one.example.before.clauses, "", *one.example.after.clauses)
        if deciding not in shown:
            shown.add(deciding)
            for line in one.example.words:
                click.echo(f"  {line}")


def _changed(one: Change) -> str:
    return f"{_named(one.question)} (the whole of its dates)" if one.cut else _named(one.question)


def _tell_lost(lost: Lost) -> None:
    since = "" if lost.was_given else " (not given before either)"
    click.echo(f"NARROWER THAN TODAY{since}: {lost.sight.says}")
    click.echo(f"  no longer in full: {', '.join(_named(one) for one in lost.questions)}")
    for line in lost.words:
        click.echo(f"  {line}")


def _named(question: Question) -> str:
    return f"field {question.field_class}" if question.field_class else question.action.value
