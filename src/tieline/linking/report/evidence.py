"""The evidence of one pair: what differs first, each weight a step on the way to the score."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import accumulate

from tieline.linking.report.charts import Scale, spark, step
from tieline.linking.report.text import count, escape, name, plain, signed, tenths, value
from tieline.linking.result import COUNTED, Evidence, Pair

MOST_FIELDS = 60
_SAME = {"the same", "the same place"}
_MOST_NAMED = 3
_TOLD = -0.005
"""Bits from which on the other causes get a line: mostly there are none."""
_MOST_CARRIED = 20

_COLUMNS = ("Field", "Left row", "Right row", "How they compare", "Bits", "Sum so far")


def is_aside(evidence: Evidence) -> bool:
    """Whether it is of the pair as a whole, not of two values."""
    return evidence.level == COUNTED


def is_missing(evidence: Evidence) -> bool:
    if is_aside(evidence):
        return False
    return not evidence.left or not evidence.right or evidence.level == "missing"


def is_same(evidence: Evidence) -> bool:
    return not is_missing(evidence) and (evidence.left == evidence.right or evidence.level in _SAME)


def is_different(evidence: Evidence) -> bool:
    return not is_missing(evidence) and not is_same(evidence)


def in_order(pair: Pair) -> list[Evidence]:
    """What differs, worst first; then what agrees, best first; then what is missing."""

    def place(evidence: Evidence) -> tuple[int, float]:
        if is_different(evidence):
            return (0, evidence.weight)
        return (2 if is_missing(evidence) else 1, -evidence.weight)

    told = (one for one in pair.evidence if not is_aside(one) or one.weight < _TOLD)
    return sorted(told, key=place)


def shown_weights(weights: Sequence[float], score: float) -> list[float]:
    """Weights in tenths that sum to the score in tenths, none moved by a whole tenth.

    Rounded one by one they would often miss the sum by a tenth or two, and a reader who adds
    them up would rightly stop trusting the page.
    """
    if not all(map(math.isfinite, (*weights, score))):
        return list(weights)
    tenth = [round(weight * 10) for weight in weights]
    over = round(float(f"{score:.1f}") * 10) - sum(tenth)
    unit = 1 if over > 0 else -1
    movable = [at for at, weight in enumerate(weights) if weight]
    movable.sort(key=lambda at: unit * (tenth[at] - weights[at] * 10))
    if abs(over) > len(movable):
        # No rounding explains this: the table says what is missing instead.
        return [tens / 10 for tens in tenth]
    for at in movable[: abs(over)]:
        tenth[at] += unit
    return [tens / 10 for tens in tenth]


def summary_line(pair: Pair) -> str:
    """One line for a closed row: what differs in words, then how much agrees."""
    apart = [evidence for evidence in in_order(pair) if is_different(evidence)]
    fields = [evidence for evidence in pair.evidence if not is_aside(evidence)]
    same = sum(map(is_same, fields))
    missing = sum(map(is_missing, fields))
    if apart:
        named = "; ".join(
            f"{name(evidence.feature)}: {escape(evidence.level)}"
            for evidence in apart[:_MOST_NAMED]
        )
        more = f"; and {len(apart) - _MOST_NAMED} more" if len(apart) > _MOST_NAMED else ""
        first = f"<b>Differs</b> {named}{more}"
    else:
        first = "<b>Nothing differs</b>"
    rest = [f"{same} of {count(len(fields), 'field')} the same"]
    if missing:
        rest.append(f"{missing} missing")
    return f'{first} <span class="quiet">· {" · ".join(rest)}</span>'


def pair_spark(pair: Pair) -> str:
    return spark([evidence.weight for evidence in in_order(pair)])


def evidence_table(pair: Pair) -> str:
    """The waterfall of one pair, each bar beside the words that it draws."""
    ordered = in_order(pair)
    shown, folded = ordered[:MOST_FIELDS], ordered[MOST_FIELDS:]
    weights = shown_weights([evidence.weight for evidence in ordered], pair.score)
    sums = [_finite(total) for total in accumulate(weights, initial=0.0)]
    score = _finite(pair.score)
    scale = Scale.of([*sums, score])
    rows = [
        _evidence_row(evidence, weights[at], step(scale, sums[at], sums[at + 1]))
        for at, evidence in enumerate(shown)
    ]
    if folded:
        words = f"{count(len(folded), 'more field')}, in links.csv and report.xlsx"
        rest = sum(weights[MOST_FIELDS:])
        rows.append(_plain_row(words, rest, step(scale, sums[MOST_FIELDS], sums[-1])))
    off = round(pair.score, 1) - round(sums[-1], 1)
    if abs(off) > 0.05:
        # This would be an error of the program; a page that hid it would hide an error of a link.
        rows.append(_plain_row("not accounted for by any field", off, step(scale, sums[-1], score)))
    total = step(scale, 0.0, score, total=True)
    rows.append(_row(("Score", "", "", "all bits added up", tenths(pair.score), total), "sum"))
    caption = f"Evidence for left row {plain(pair.left)} and right row {plain(pair.right)}"
    return _table(f'<caption class="listen">{caption}</caption>', _COLUMNS, rows)


def carried_table(pair: Pair, left: Mapping[str, str], right: Mapping[str, str]) -> str:
    """Fields that were only taken along, to help a person decide."""
    names = list(dict.fromkeys((*left, *right)))
    if not names:
        return ""
    rows = [
        _row(
            (
                name(field),
                value(left[field]) if field in left else "",
                value(right[field]) if field in right else "",
            )
        )
        for field in names[:_MOST_CARRIED]
    ]
    if len(names) > _MOST_CARRIED:
        more = count(len(names) - _MOST_CARRIED, "more field")
        rows.append(_row((f"{more}, in links.csv", "", "")))
    return _table("<caption>Shown only, not compared</caption>", _COLUMNS[:3], rows)


def _evidence_row(evidence: Evidence, weight: float, bar: str) -> str:
    kind = "missing" if is_missing(evidence) else "apart" if is_different(evidence) else ""
    words = escape(evidence.level[:200])
    left, right = value(evidence.left), value(evidence.right)
    if is_aside(evidence):
        left = right = ""
    return _row((name(evidence.feature), left, right, words, signed(weight), bar), kind)


def _plain_row(words: str, weight: float, bar: str) -> str:
    return _row((words, "", "", "", signed(weight), bar))


# There are thousands of these rows: the style finds their cells by place, not by class, and the
# roles that wider tables name are left to the browser.
def _row(cells: Sequence[str], kind: str = "") -> str:
    first, *others = cells
    inner = "".join(f"<td>{cell}</td>" for cell in others)
    mark = f' class="{kind}"' if kind else ""
    return f'<tr{mark}><th scope="row">{first}</th>{inner}</tr>\n'


def _table(caption: str, columns: Sequence[str], rows: Sequence[str]) -> str:
    heads = "".join(f'<th scope="col">{words}</th>' for words in columns)
    return (
        f'<table class="evidence">{caption}<thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table>\n"
    )


def _finite(bits: float) -> float:
    if math.isnan(bits):
        return 0.0
    return min(max(bits, -1e6), 1e6)
