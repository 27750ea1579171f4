"""The report of a run as one page that needs nothing else: no network, no script, no other file.

What the page promises is written in docs/report.md.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from typing import TextIO

from tieline.linking.report.charts import Scale, diverging
from tieline.linking.report.overview import (
    joined_section,
    reading_section,
    summary_section,
    warning_sentences,
    warnings_section,
)
from tieline.linking.report.pairs import ambiguous_section, links_section, unmatched_section
from tieline.linking.report.parts import NUMBER, paragraph, row, section, table, wide
from tieline.linking.report.pick import (
    MOST_NOT_UNDERSTOOD,
    MOST_REJECTED,
    Survey,
    render_within,
    survey,
)
from tieline.linking.report.text import (
    count,
    escape,
    name,
    percent,
    plain,
    signed,
    value,
    whole,
)
from tieline.linking.result import (
    FieldSummary,
    FileSummary,
    LinkResult,
    NotUnderstood,
    Rejected,
    TruthScore,
)

PROPOSES = "A person decides; this report proposes"
SYNTHETIC = "SYNTHETIC DATA · NOT A GOVERNMENT SYSTEM"

_REJECTED_BYTES = 200_000
_NOT_UNDERSTOOD_BYTES = 120_000
_FIELDS_BYTES = 200_000


def write_html(result: LinkResult, out: TextIO, *, synthetic: bool = False) -> None:
    """Write the whole report to a text file opened as UTF-8."""
    title = f"Links between {plain(result.left.name)} and {plain(result.right.name)}"
    shown = survey(result)
    style = _style(synthetic)
    script = _asset("page.js")
    out.write(
        f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<a class="skip" href="#summary">Skip to the result</a>
{_header(result, shown, synthetic)}<main id="main">
"""
    )
    for part in _sections(result, shown):
        out.write(part)
    out.write(
        f"""</main>
<footer><p>{PROPOSES}. Whatever touches a person is checked by a person first.</p></footer>
<script>{script}</script>
</body>
</html>
"""
    )


def _sections(result: LinkResult, shown: Survey) -> list[str]:
    return [
        joined_section(result),
        summary_section(result, shown.links),
        warnings_section(result, shown.links),
        reading_section(result, shown.links),
        _tools(),
        links_section(result, shown),
        ambiguous_section(result),
        unmatched_section(result, shown, "left"),
        unmatched_section(result, shown, "right"),
        _rejected_section(result),
        _not_understood_section(result),
        _fields_section(result),
        _truth_section(result.truth),
    ]


def _header(result: LinkResult, shown: Survey, synthetic: bool) -> str:
    strip = f'<p class="synthetic">{SYNTHETIC}</p>\n' if synthetic else ""
    left, right = value(result.left.name, limit=80), value(result.right.name, limit=80)
    return (
        f'<header>\n{strip}<p class="proposes">{PROPOSES}</p>\n'
        f"<h1>Links between {left} and {right}</h1>\n{_contents(result, shown)}</header>\n"
    )


def _contents(result: LinkResult, shown: Survey) -> str:
    entries = [
        ("joined", "What was joined", None),
        ("summary", "Result in short", None),
        ("warnings", "Warnings", len(warning_sentences(result, shown.links))),
        ("reading", "How to read", None),
        ("links", "Links", len(result.links)),
        ("ambiguous", "Cannot be told apart", len(result.ambiguous)),
        ("unmatched-left", "No partner, left", len(result.unmatched_left)),
        ("unmatched-right", "No partner, right", len(result.unmatched_right)),
        ("rejected", "Rejected", len(result.rejected)),
        ("not-understood", "Not understood", len(result.not_understood)),
        ("fields", "What was learned", None),
    ]
    if result.truth:
        entries.append(("truth", "Against the truth", None))
    items = "".join(
        f'<li><a href="#{anchor}">{words}'
        f"{'' if number is None else f' <span>{whole(number)}</span>'}</a></li>\n"
        for anchor, words, number in entries
    )
    return f'<nav aria-label="Contents"><ul>{items}</ul></nav>\n'


def _tools() -> str:
    """Shown by the script only: without it, the browser's own search does."""
    return """<div class="tools" id="tools" role="search" hidden>
<label for="find">Find in the rows below</label>
<input id="find" type="search" autocomplete="off" spellcheck="false">
<button type="button" id="open">Open all evidence</button>
<button type="button" id="close">Close all</button>
<label class="keys"><input type="checkbox" id="keys" checked> Keys: <kbd>/</kbd> find,
<kbd>o</kbd> open all, <kbd>c</kbd> close all, <kbd>Esc</kbd> clear</label>
<p id="found" role="status"></p>
</div>
"""


def _rejected_section(result: LinkResult) -> str:
    heading = "Rejected rows: they could not be read"
    total = len(result.rejected)
    if not total:
        return section("rejected", heading, paragraph("There are none: every row was read."))
    body, shown = render_within(result.rejected[:MOST_REJECTED], _rejected_row, _REJECTED_BYTES)
    lead = "Nothing of these rows was used, and nothing of them is lost: here is each as it stood."
    if shown < total:
        lead += (
            f" {whole(shown)} of {whole(total)} are shown; all are in <code>rejected.csv</code>."
        )
    columns = (("File and line", "id"), ("Reason", ""), ("The row as it stood", ""))
    inner = table("Rejected rows", columns, body, "plain", quiet=True)
    return section("rejected", heading, paragraph(lead) + wide("Rejected rows", inner))


def _rejected_row(item: Rejected) -> str:
    return row(
        (
            (f"{item.side}, line {whole(item.line)}", "id"),
            (escape(item.reason[:500]), ""),
            (f"<code>{value(item.text, limit=240)}</code>", "stood"),
        ),
        found=True,
    )


def _not_understood_section(result: LinkResult) -> str:
    heading = "Values that were not understood"
    total = len(result.not_understood)
    if not total:
        return section("not-understood", heading, paragraph("There are none."))
    often = sorted(result.not_understood, key=lambda item: -item.rows)[:MOST_NOT_UNDERSTOOD]
    body, shown = render_within(often, _not_understood_row, _NOT_UNDERSTOOD_BYTES)
    lead = (
        "The field could not use these values. Their rows were linked on their other fields. "
        "A value that is often not understood is worth a line in the map or in a code list."
    )
    if shown < total:
        lead += f" {whole(shown)} of {whole(total)} are shown, the most frequent first; "
        lead += "all are in <code>report.xlsx</code>."
    columns = (("Value", ""), ("Field", ""), ("File", ""), ("Rows", NUMBER), ("Why not", ""))
    inner = table("Values that were not understood", columns, body, "plain", quiet=True)
    return section("not-understood", heading, paragraph(lead) + wide(heading, inner))


def _not_understood_row(item: NotUnderstood) -> str:
    return row(
        (
            (value(item.value), ""),
            (name(item.field), ""),
            (item.side, ""),
            (whole(item.rows), NUMBER),
            (escape(item.reason[:500]), ""),
        ),
        found=True,
    )


def _fields_section(result: LinkResult) -> str:
    heading = "What was learned of each field"
    if not result.fields:
        return section("fields", heading, paragraph("No field was compared."))
    weights = [level[3] for field in result.fields for level in field.levels]
    scale = Scale.of([weight for weight in weights if abs(weight) < 1e6])
    body, shown = render_within(
        result.fields, lambda field: _field_rows(result, field, scale), _FIELDS_BYTES
    )
    lead = (
        "How often each outcome was seen among pairs that belong together and among pairs taken "
        "by chance. The bits follow from the two shares: where they are alike, the outcome tells "
        "nothing. A rare value that agrees tells more than these averages."
    )
    if shown < len(result.fields):
        lead += (
            f" {whole(shown)} of {whole(len(result.fields))} fields are shown; all are in "
            "<code>report.xlsx</code>."
        )
    columns = (
        ("Outcome", ""),
        ("True pairs", NUMBER),
        ("Chance pairs", NUMBER),
        ("Bits", NUMBER),
        ("Against or for", "bar"),
    )
    inner = table(heading, columns, body, "plain fields", quiet=True)
    return section("fields", heading, paragraph(lead) + wide(heading, inner))


def _field_rows(result: LinkResult, field: FieldSummary, scale: Scale) -> str:
    columns = f"{value(field.left_column, limit=80)} with {value(field.right_column, limit=80)}"
    filled = (
        f"filled in {_filled(field.left_filled, result.left)} of the left and "
        f"{_filled(field.right_filled, result.right)} of the right rows"
    )
    opening = (
        f'</tbody><tbody role="rowgroup"><tr role="row"><th role="rowheader" scope="rowgroup" '
        f'colspan="5" class="field">{name(field.feature)} <span class="quiet">{columns} · {filled}'
        "</span></th></tr>\n"
    )
    return opening + "".join(
        row(
            (
                (escape(words[:200]), ""),
                (percent(true), NUMBER),
                (percent(by_chance), NUMBER),
                (signed(weight), NUMBER),
                (diverging(scale, max(min(weight, 1e6), -1e6)), "bar"),
            )
        )
        for words, true, by_chance, weight in field.levels
    )


def _filled(filled: int, file: FileSummary) -> str:
    return percent(min(filled / file.rows, 1.0)) if file.rows else "none"


def _truth_section(truth: TruthScore | None) -> str:
    if truth is None:
        return ""
    lines = (
        ("Rows that truly have a partner", whole(truth.true_rows)),
        ("of them linked rightly", whole(truth.linked_true)),
        ("of them in a group that nobody can tell apart", whole(truth.ambiguous_true)),
        ("Links that are wrong", whole(truth.linked_false)),
        ("Precision: share of the links that are right", percent(truth.precision)),
        ("Recall: share of the true rows that are linked", percent(truth.recall)),
        ("Recall, groups counted too", percent(truth.recall_with_ambiguous)),
    )
    body = "".join(row(((words, ""), (number, NUMBER))) for words, number in lines)
    lead = (
        f"The map names {name(truth.field)} as the truth. It was not used for linking; "
        f"the {count(truth.linked_true + truth.linked_false, 'link')} it can judge "
        "are scored against it."
    )
    columns = (("Measure", ""), ("Number", NUMBER))
    inner = table("The links against the truth", columns, body, "plain narrow", quiet=True)
    return section("truth", "Against the truth", paragraph(lead) + inner)


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _style(synthetic: bool) -> str:
    # The mark stands on each printed page, which only a page margin box can do.
    mark = SYNTHETIC if synthetic else PROPOSES
    return f'{_asset("page.css")}@page{{@top-left{{content:"{mark}"}}}}\n'


@cache
def _asset(file: str) -> str:
    return files("tieline.linking.report").joinpath(file).read_text(encoding="utf-8")
