"""The result of `tieline link` on a terminal."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from tieline.linking.result import LinkResult, Pair, TruthScore

_SHOWN = 10
_WIDE = 28


def _console() -> Console:
    # Without a terminal a table is as wide as it needs to be, for `grep` and `less -S`.
    width = None if sys.stdout.isatty() else 120
    return Console(width=width, highlight=False)


def _plain(text: str, most: int = _WIDE) -> Text:
    """Show a value of a file: no markup, no control characters, not too long."""
    shown = "".join(letter if letter.isprintable() else "·" for letter in text)
    return Text(shown if len(shown) <= most else f"{shown[: most - 1]}…")


def show(result: LinkResult, out: Path | None) -> None:
    """Print counts, the first links, and where the rest lies."""
    console = _console()
    console.print(_counts(result))
    if result.links:
        console.print(_links(result))
    for warning in result.warnings:
        console.print(_plain(f"note: {warning}", 400))
    for one in result.not_understood[:_SHOWN]:
        console.print(
            _plain(
                f'not understood: {one.side} {one.field} "{one.value}" in {one.rows:,} rows: '
                f"{one.reason}",
                400,
            )
        )
    if len(result.not_understood) > _SHOWN:
        console.print(f"… and {len(result.not_understood) - _SHOWN:,} more values: see the report")
    for bad in result.rejected[:_SHOWN]:
        console.print(_plain(f"rejected: {bad.side} line {bad.line:,}: {bad.reason}", 400))
    if len(result.rejected) > _SHOWN:
        console.print(f"… and {len(result.rejected) - _SHOWN:,} more: see rejected.csv")
    if result.truth is not None:
        console.print(_truth(result.truth))
    if out is not None:
        console.print(Text(f"Links: {out}" if out.is_file() else f"Report: {out / 'report.html'}"))
    else:
        console.print("Nothing was written; --out DIR keeps all of it.")


def _counts(result: LinkResult) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(justify="right")
    table.add_column()
    left, right = result.left, result.right
    table.add_row(f"{left.rows:,}", Text(f"rows in {left.name} (left)"))
    table.add_row(f"{right.rows:,}", Text(f"rows in {right.name} (right)"))
    table.add_row(f"{len(result.links):,}", "pairs linked")
    table.add_row(
        f"{len(result.ambiguous):,}",
        f"ambiguous groups, of {result.ambiguous_rows:,} rows that nobody can tell apart",
    )
    table.add_row(f"{len(result.unmatched_left):,}", "left rows without a partner in this file")
    table.add_row(f"{len(result.unmatched_right):,}", "right rows without a partner in this file")
    table.add_row(f"{len(result.rejected):,}", "rows rejected")
    table.add_row(f"{result.seconds:.1f}", "seconds")
    return table


def _links(result: LinkResult) -> Table:
    count = min(_SHOWN, len(result.links))
    table = Table(title=f"The first {count} of {len(result.links):,} links", title_justify="left")
    for name in ("left", "right"):
        table.add_column(name)
    table.add_column("bits", justify="right")
    table.add_column("probability", justify="right")
    table.add_column("for", ratio=1)
    table.add_column("against", ratio=1)
    for at in range(count):
        pair = result.links[at]
        ranked = sorted(pair.evidence, key=lambda one: -one.weight)
        for_ = ", ".join(f"{o.feature} {o.weight:+.1f}" for o in ranked if o.weight > 0.05)
        against = ", ".join(
            f"{o.feature} {o.weight:+.1f}: {o.level}" for o in reversed(ranked) if o.weight < -0.05
        )
        table.add_row(
            _plain(pair.left),
            _plain(pair.right),
            f"{pair.score:.1f}",
            f"{pair.probability:.3f}",
            _plain(for_, 200),
            _plain(against or "–", 200),
        )
    return table


def _truth(truth: TruthScore) -> Text:
    def share(value: float | None) -> str:
        return "–" if value is None else f"{value:.4f}"

    return Text(
        f"Against {truth.field}: precision {share(truth.precision)}, recall {share(truth.recall)} "
        f"({share(truth.recall_with_ambiguous)} with ambiguous groups); of {truth.true_rows:,} "
        f"rows that truly have a partner {truth.linked_true:,} are linked and "
        f"{truth.ambiguous_true:,} stand in groups; false links: {truth.linked_false:,}."
        + ("" if truth.knows_partner else " (Whether the partner is the right one, it cannot say.)")
    )


def show_pair(pair: Pair, result: LinkResult) -> None:
    """Print one pair's evidence; the weights sum to the score."""
    console = _console()
    title = _plain(f"left {pair.left} · right {pair.right}", 200)
    table = Table(title=title, title_justify="left")
    table.add_column("field")
    table.add_column("left")
    table.add_column("right")
    table.add_column("how they compare")
    table.add_column("bits", justify="right")
    for one in pair.evidence:
        table.add_row(
            _plain(one.feature),
            _plain(one.left, 40),
            _plain(one.right, 40),
            one.level,
            f"{one.weight:+.2f}",
        )
    table.add_section()
    table.add_row("sum", "", "", "", f"{pair.score:+.2f}")
    table.add_row("before any evidence", "", "", "", f"{result.prior:+.2f}")
    console.print(table)
    console.print(f"Probability {pair.probability:.4f}, weighed against the rivals of both rows.")
