"""The sections about rows: links, groups that nobody can tell apart, rows without a partner."""

from __future__ import annotations

from collections.abc import Sequence

from tieline.linking.report.evidence import (
    carried_table,
    evidence_table,
    in_order,
    is_different,
    pair_spark,
    summary_line,
)
from tieline.linking.report.parts import (
    NUMBER,
    bullets,
    details,
    paragraph,
    row,
    section,
    table,
    wide,
)
from tieline.linking.report.pick import (
    MOST_GROUPS,
    Row,
    Survey,
    nearest,
    render_within,
)
from tieline.linking.report.text import chance, count, escape, name, tenths, value, whole
from tieline.linking.result import AmbiguousGroup, LinkResult, Pair, Side

# Bytes of page that a section may use, so that the page opens at once whatever the result is.
_LINKS_BYTES = 620_000
_GROUPS_BYTES = 420_000
_UNMATCHED_BYTES = 290_000
_UNMATCHED_OPENING = 50
_GROUP_ROWS = 20
_GROUP_PAIRS = 12
_GROUP_FIELDS = 20

_PAIR_COLUMNS = (
    ("Left row", "id"),
    ("Right row", "id"),
    ("Score, bits", NUMBER),
    ("Probability", NUMBER),
    ("Evidence: what differs comes first", "why"),
)


def links_section(result: LinkResult, survey: Survey) -> str:
    total = len(result.links)
    if not total:
        body = paragraph("No row of one file was linked to a row of the other.")
        return section("links", "Links", body)
    picked = survey.links
    first, doubtful = _pairs(result, picked.doubtful, _LINKS_BYTES)
    second, sample = _pairs(result, picked.sample, _LINKS_BYTES)
    if doubtful == total:
        lead = f"All {count(total, 'link')}, the least certain first. Open a row to see why."
        return section(
            "links", "Links", paragraph(lead) + _pair_table("All links", first, quiet=True)
        )
    lead = (
        f"{whole(doubtful + sample)} of {count(total, 'link')} are shown: the {whole(doubtful)} "
        f"least certain, then {whole(sample)} taken at even steps through the others. "
        "All of them are in <code>links.csv</code> and <code>report.xlsx</code>."
    )
    tables = _pair_table("The least certain links", first)
    if second:
        tables += _pair_table("A sample of the other links", second)
    return section("links", "Links", paragraph(lead) + tables)


def ambiguous_section(result: LinkResult) -> str:
    total = len(result.ambiguous)
    if not total:
        body = paragraph("There are none: no two rows had equally good partners.")
        return section("ambiguous", "Rows that nobody can tell apart", body)
    body, shown = render_within(
        result.ambiguous[:MOST_GROUPS], lambda group: _group(result, group), _GROUPS_BYTES
    )
    lead = (
        f"{count(total, 'group')} with {count(result.ambiguous_rows, 'row')} in all. The rows of a "
        "group belong together, but which row belongs to which cannot be told from these files. "
        "None of them was guessed; a person who knows more can settle them."
    )
    if shown < total:
        lead += f" {whole(shown)} groups are shown; all are in <code>ambiguous.csv</code>."
    return section("ambiguous", "Rows that nobody can tell apart", paragraph(lead) + body)


def unmatched_section(result: LinkResult, survey: Survey, side: Side) -> str:
    file = result.left if side == "left" else result.right
    rows = result.unmatched_left if side == "left" else result.unmatched_right
    anchor = f"unmatched-{side}"
    heading = f"No partner found for rows of the {side} file, {value(file.name, limit=60)}"
    if not rows:
        return section(anchor, heading, paragraph("There are no such rows."))
    picked = survey.unmatched[side]
    # Whole evidence for the nearest ones; for the others the reason in words, so that more fit.
    opening = set(picked[:_UNMATCHED_OPENING])
    body, shown = render_within(
        picked,
        lambda number: _unmatched_row(result, side, number, survey, opens=number in opening),
        _UNMATCHED_BYTES,
    )
    lead = (
        f"For {count(len(rows), 'row')} no partner was found in the other file. That says nothing "
        "about the person: the partner may be missing there, or written too differently. "
        "Rows that came nearest to a link are first."
    )
    if shown < len(rows):
        lead += (
            f" {whole(shown)} are shown; all {whole(len(rows))} are in "
            f"<code>unmatched_{side}.csv</code>."
        )
    columns = (
        (f"{side.title()} row", "id"),
        ("Nearest row", "id"),
        ("Score, bits", NUMBER),
        ("Probability", NUMBER),
        ("Why the nearest was not enough", "why"),
    )
    caption = f"Rows of the {side} file with no partner found"
    return section(
        anchor, heading, paragraph(lead) + table(caption, columns, body, "pairs", quiet=True)
    )


def _pair_table(caption: str, body: str, *, quiet: bool = False) -> str:
    return table(caption, _PAIR_COLUMNS, body, "pairs", quiet=quiet)


def _pairs(result: LinkResult, pairs: Sequence[Pair], budget: int) -> tuple[str, int]:
    return render_within(pairs, lambda pair: _pair_row(result, pair), budget)


def _pair_row(result: LinkResult, pair: Pair) -> str:
    summary = f"{pair_spark(pair)}<span>{summary_line(pair)}</span>"
    return row(
        (
            (value(pair.left, limit=60), "id"),
            (value(pair.right, limit=60), "id"),
            (tenths(pair.score), NUMBER),
            (chance(pair.probability), NUMBER),
            (details(summary, _evidence(result, pair)), "why"),
        ),
        found=True,
    )


def _evidence(result: LinkResult, pair: Pair) -> str:
    left = result.carried.get(("left", pair.left), {})
    right = result.carried.get(("right", pair.right), {})
    return evidence_table(pair) + carried_table(pair, left, right)


def _group(result: LinkResult, group: AmbiguousGroup) -> str:
    sizes = f"{whole(len(group.left))} left, {whole(len(group.right))} right"
    why = escape(group.why[:500])
    summary = (
        f'<b>Group {group.number}</b> <span class="quiet">· {sizes} ·</span> <span>{why}</span>'
    )
    pairs = group.pairs[:_GROUP_PAIRS]
    rows = "".join(_pair_row(result, pair) for pair in pairs)
    body = _group_rows(result, group)
    if rows:
        caption = f"Pairs that may be true in group {group.number}, best first"
        body += _pair_table(caption, rows)
    if len(group.pairs) > len(pairs):
        more = len(group.pairs) - len(pairs)
        body += paragraph(f"{count(more, 'more pair')} in <code>ambiguous.csv</code>.", "quiet")
    opened = bool(result.ambiguous) and group is result.ambiguous[0]
    return details(summary, f"<div>{body}</div>", opened=opened)


def _group_rows(result: LinkResult, group: AmbiguousGroup) -> str:
    """The group's rows side by side, so that the eye sees what the page says."""
    given: dict[tuple[Side, str], dict[str, str]] = {}
    fields: dict[str, None] = {}
    for pair in group.pairs:
        for evidence in in_order(pair):
            fields.setdefault(evidence.feature)
            given.setdefault(("left", pair.left), {})[evidence.feature] = evidence.left
            given.setdefault(("right", pair.right), {})[evidence.feature] = evidence.right
    sides: tuple[tuple[Side, tuple[str, ...]], ...] = (("left", group.left), ("right", group.right))
    columns = list(fields)[:_GROUP_FIELDS]
    body = "".join(
        _group_row(side, number, given.get((side, number), {}), columns)
        for side, numbers in sides
        for number in numbers[:_GROUP_ROWS]
    )
    heads = (("Row", "id"), ("File", ""), *((name(column), "") for column in columns))
    caption = f"The rows of group {group.number}"
    out = wide(caption, table(caption, heads, body, "plain"))
    left_off = [
        f"{whole(len(numbers) - _GROUP_ROWS)} more {side} rows are in <code>ambiguous.csv</code>."
        for side, numbers in sides
        if len(numbers) > _GROUP_ROWS
    ]
    return out + bullets(left_off)


def _group_row(side: Side, number: str, given: dict[str, str], columns: Sequence[str]) -> str:
    cells = [(value(given[column], limit=80) if column in given else "", "") for column in columns]
    return row(((value(number, limit=60), "id"), (side, ""), *cells), found=True)


def _unmatched_row(
    result: LinkResult, side: Side, number: str, survey: Survey, *, opens: bool
) -> str:
    near = result.near.get((side, number))
    other = nearest(result, side, number)
    if near is None or other is None:
        why = '<span class="quiet">No row of the other file shares enough to be compared.</span>'
        cells = ((value(number, limit=60), "id"), ("none", "id none"), ("", NUMBER), ("", NUMBER))
        return row((*cells, (why, "why")), found=True)
    summary = f"{pair_spark(near)}<span>{_not_enough(near, other, survey)}</span>"
    cells = (
        (value(number, limit=60), "id"),
        (value(other[1], limit=60), "id"),
        (tenths(near.score), NUMBER),
        (chance(near.probability), NUMBER),
    )
    why = details(summary, evidence_table(near)) if opens else f'<div class="shut">{summary}</div>'
    return row((*cells, (why, "why")), found=True)


def _not_enough(near: Pair, other: Row, survey: Survey) -> str:
    partner = survey.links.partners.get(other)
    this = near.left if other[0] == "right" else near.right
    if partner is not None and partner != this:
        return (
            f"<b>Taken</b> {other[0]} row {value(other[1], limit=40)} is linked to "
            f"{value(partner, limit=40)}, which fits better"
        )
    if other in survey.groups:
        number = survey.groups[other]
        return f"<b>Taken</b> {other[0]} row {value(other[1], limit=40)} stands in group {number}"
    against = min(near.evidence, key=lambda evidence: evidence.weight, default=None)
    if against is not None and against.weight < 0:
        words = "Against" if is_different(against) else "Speaks against"
        return f"<b>{words}</b> {name(against.feature)}: {escape(against.level)}"
    return "<b>Too little</b> nothing speaks against it, but what agrees is not rare enough"
