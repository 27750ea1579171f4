"""The report's opening: what was joined, the sums, the warnings, and how to read the rest."""

from __future__ import annotations

from dataclasses import dataclass

from tieline.linking.report.charts import stacked, swatch
from tieline.linking.report.evidence import in_order, is_different, is_missing, is_same
from tieline.linking.report.parts import NUMBER, bullets, paragraph, row, section, table, wide
from tieline.linking.report.pick import PickedLinks
from tieline.linking.report.text import (
    chance,
    count,
    delimiter,
    duration,
    escape,
    moment,
    name,
    percent,
    plain,
    signed,
    tenths,
    times,
    value,
    whole,
)
from tieline.linking.result import FileSummary, LinkResult, Pair, Side

_MOST_WARNINGS = 50


@dataclass(frozen=True, slots=True)
class Tally:
    """Where the rows of one file went."""

    linked: int
    ambiguous: int
    unmatched: int
    rejected: int

    @classmethod
    def of(cls, result: LinkResult, side: Side, linked: int) -> Tally:
        if side == "left":
            return cls(
                linked,
                sum(len(group.left) for group in result.ambiguous),
                len(result.unmatched_left),
                result.left.rejected,
            )
        return cls(
            linked,
            sum(len(group.right) for group in result.ambiguous),
            len(result.unmatched_right),
            result.right.rejected,
        )

    @property
    def used(self) -> int:
        return self.linked + self.ambiguous + self.unmatched

    @property
    def total(self) -> int:
        return self.used + self.rejected

    def accounts_for(self, file: FileSummary) -> bool:
        """Whether each row read stands somewhere; a file's rows may count the rejected or not."""
        return file.rows in (self.used, self.total)


def joined_section(result: LinkResult) -> str:
    columns = (
        ("File", ""),
        ("Name", ""),
        ("Rows read", NUMBER),
        ("Rows rejected", NUMBER),
        ("Encoding", ""),
        ("Delimiter", ""),
    )
    body = "".join(
        row(
            (
                (side, ""),
                (value(file.name, limit=120), ""),
                (whole(file.rows), NUMBER),
                (whole(file.rejected), NUMBER),
                (escape(file.encoding) or "none in this format", ""),
                (escape(delimiter(file.delimiter)), ""),
            )
        )
        for side, file in (("Left", result.left), ("Right", result.right))
    )
    label = "The two files, as they were read"
    version = plain(result.version) or "of an unrecorded version"
    made = (
        f"Read and compared on {moment(result.started)} in {duration(result.seconds)}, "
        f"by tieline {version}."
    )
    inner = wide(label, table(label, columns, body, "plain narrow", quiet=True)) + paragraph(
        made, "quiet"
    )
    return section("joined", "What was joined", inner)


def summary_section(result: LinkResult, links: PickedLinks) -> str:
    left = Tally.of(result, "left", links.left_rows)
    right = Tally.of(result, "right", links.right_rows)
    heading = "The result in short"
    return section("summary", heading, _sentence(result, left, right) + _bars(result, left, right))


def _sentence(result: LinkResult, left: Tally, right: Tally) -> str:
    left_name, right_name = value(result.left.name, limit=60), value(result.right.name, limit=60)
    text = (
        f"<b>{count(len(result.links), 'link')}</b>: {whole(left.linked)} of "
        f"{count(left.used, 'row')} of {left_name} with {whole(right.linked)} of "
        f"{count(right.used, 'row')} of {right_name}. "
    )
    if result.ambiguous:
        text += (
            f"<b>{count(result.ambiguous_rows, 'row')}</b> in "
            f"{count(len(result.ambiguous), 'group')} cannot be told apart and were not guessed. "
        )
    text += (
        f"No partner found for <b>{whole(left.unmatched)}</b> left and "
        f"<b>{whole(right.unmatched)}</b> right rows. "
    )
    text += (
        f"<b>{count(left.rejected + right.rejected, 'row')}</b> could not be read; "
        f"<b>{count(len(result.not_understood), 'different value')}</b> could not be understood."
    )
    return paragraph(text, "lead")


def _bars(result: LinkResult, left: Tally, right: Tally) -> str:
    kinds = (
        ("linked", "Linked", left.linked, right.linked),
        ("ambiguous", "Cannot be told apart", left.ambiguous, right.ambiguous),
        ("unmatched", "No partner found", left.unmatched, right.unmatched),
        ("rejected", "Rejected: could not be read", left.rejected, right.rejected),
    )

    def bar(file: FileSummary, parts: list[tuple[str, str, int]]) -> str:
        words = ", ".join(f"{label} {whole(rows)}" for _, label, rows in parts)
        picture = stacked([(kind, rows) for kind, _, rows in parts], f"{plain(file.name)}: {words}")
        return f"<span>{value(file.name, limit=60)}</span>{picture}\n"

    bars = bar(result.left, [(kind, label, rows) for kind, label, rows, _ in kinds])
    bars += bar(result.right, [(kind, label, rows) for kind, label, _, rows in kinds])
    share = ('<span class="listen">share</span>', NUMBER)
    columns = (("Rows", ""), ("Left", NUMBER), share, ("Right", NUMBER), share)
    lines = [(f"{swatch(kind)} {label}", one, two) for kind, label, one, two in kinds]
    lines.append(("All rows", left.total, right.total))
    body = "".join(
        row(
            (
                (label, ""),
                (whole(one), NUMBER),
                (percent(one / left.total) if left.total else "", f"{NUMBER} quiet"),
                (whole(two), NUMBER),
                (percent(two / right.total) if right.total else "", f"{NUMBER} quiet"),
            ),
            "sum" if label == "All rows" else "",
        )
        for label, one, two in lines
    )
    caption = "Where each row of both files went"
    twin = wide(caption, table(caption, columns, body, "plain narrow", quiet=True))
    return f'<div class="bars">{bars}</div>\n{twin}'


def warning_sentences(result: LinkResult, links: PickedLinks) -> list[str]:
    """The warnings of the run, and any sum that does not come out."""
    sentences = [plain(warning, limit=600) for warning in result.warnings[:_MOST_WARNINGS]]
    if len(result.warnings) > _MOST_WARNINGS:
        sentences.append(f"And {count(len(result.warnings) - _MOST_WARNINGS, 'more warning')}.")
    sides: tuple[tuple[Side, FileSummary, int], ...] = (
        ("left", result.left, links.left_rows),
        ("right", result.right, links.right_rows),
    )
    for side, file, linked in sides:
        tally = Tally.of(result, side, linked)
        if not tally.accounts_for(file):
            sentences.append(
                f"The numbers of the {side} file do not add up: {count(file.rows, 'row')} read, "
                f"{whole(tally.total)} accounted for. Please report this as an error."
            )
    return sentences


def warnings_section(result: LinkResult, links: PickedLinks) -> str:
    sentences = warning_sentences(result, links)
    if not sentences:
        return section(
            "warnings", "Warnings", paragraph("None. Every row read is accounted for above.")
        )
    return section("warnings", "Warnings", f'<div class="warning">{bullets(sentences)}</div>')


def reading_section(result: LinkResult, links: PickedLinks) -> str:
    example = _example(links)
    points = [
        "<b>Evidence.</b> Each field that both files have was compared, row with row. The result "
        "of each comparison is said in words, and what differs is said first.",
        "<b>Bits.</b> How much a comparison tells. +1 bit: seen twice as often in two rows about "
        "the same person or thing as in two rows taken by chance. +3 bits: 8 times; +10 bits: "
        f"about 1,000 times. Below zero it speaks against in the same measure. "
        f"{_weight_example(example)}",
        "<b>Score.</b> The bits of all fields, added up. A missing value adds nothing, neither for "
        f"nor against. {_score_example(example)}",
        "<b>Probability.</b> How likely it is that the two rows belong together, when every other "
        "candidate of both rows has been weighed too. It was estimated from these two files alone. "
        f"Before anything is compared it is {_prior(result)}",
        "<b>Cannot be told apart.</b> Several rows fit one another equally well. They are listed "
        "as a group, and nobody picked one.",
        "<b>No partner found.</b> The nearest row was not near enough, or none shares anything. "
        "It does not mean that the other system knows nothing of this person.",
    ]
    return section("reading", "How to read this report", bullets(points))


def _prior(result: LinkResult) -> str:
    if not -1000 < result.prior < 0:
        return f"given by {tenths(result.prior)} bits."
    share = times(result.prior).removeprefix("about ").removesuffix(" times")
    return f"about one in {share} ({tenths(result.prior)} bits)."


def _example(links: PickedLinks) -> Pair | None:
    """A link that shows most: one where something differs and yet the rest outweighs it."""
    pairs = [*links.doubtful, *links.sample]
    mixed = [
        pair
        for pair in pairs
        if any(is_different(evidence) and evidence.weight < 0 for evidence in pair.evidence)
    ]
    return max(mixed or pairs, key=lambda pair: pair.score, default=None)


def _weight_example(pair: Pair | None) -> str:
    told = [evidence for evidence in in_order(pair) if not is_missing(evidence)] if pair else []
    agreeing = [evidence for evidence in told if is_same(evidence) and evidence.weight > 0]
    if pair is None or not agreeing:
        return ""
    best = max(agreeing, key=lambda evidence: evidence.weight)
    words = (
        f"From this result: left row {value(pair.left, limit=40)} and right row "
        f"{value(pair.right, limit=40)} have the same {name(best.feature)}, "
        f"{value(best.left, limit=60)}. That is {signed(best.weight)} bits: seen "
        f"{times(best.weight)} as often in true pairs as by chance."
    )
    if told and is_different(told[0]) and told[0].weight < 0:
        worst = told[0]
        words += (
            f" Comparing their {name(worst.feature)} gives “{escape(worst.level)}”: "
            f"{signed(worst.weight)} bits, seen {times(worst.weight)} less often."
        )
    return f'<span class="example">{words}</span>'


def _score_example(pair: Pair | None) -> str:
    if pair is None:
        return ""
    words = (
        f"In the same example the score is {tenths(pair.score)} bits, and the probability "
        f"{chance(pair.probability)}."
    )
    return f'<span class="example">{words}</span>'
