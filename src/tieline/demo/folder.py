"""A folder with the example in it: two exports, the map between them, and the truth apart."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tieline.core.errors import TielineError
from tieline.demo.exports import LEFT_COLUMNS, RIGHT_COLUMNS, Exports, Row

NOTICE = "synthetic data, not a government system"
MARKER = ".tieline-example"

# What every real export holds somewhere: a comma that nobody quoted, a line cut off, an empty tail.
MALFORMED_LEFT = (
    "E999991,OROZCO, PRIMERO,LUIS,02/14/1991,M,MEXICO,(956) 555-0142",
    "E999992,BARRIGA",
)
MALFORMED_RIGHT = ("R-9999991;Ochoa;Inés;1990-07-02;Female;MEX;;Puebla;;see file",)

NAMES_AND_DATES = """\
rows = "events"             # an apprehension stands once in each export

[left]
number = "EVENT_NO"

[right]
number = "RECORD_ID"

[[field]]
kind = "surname"
left = "SUBJ_LAST"
right = "NAME_FAMILY"

[[field]]
kind = "given"
left = "SUBJ_FIRST"
right = "NAME_GIVEN"

[[field]]
kind = "birth_date"
left = "DOB"
right = "BIRTH_DATE"
format = { left = "%m/%d/%Y", right = "%Y-%m-%d" }
"""
"""A map of the two exports by names and dates of birth alone."""

MAP = f"""\
# How the columns of the two exports meet. {NOTICE.capitalize()}.
# `tieline link --suggest left.csv right.csv` writes a first map like this one.

{NAMES_AND_DATES}
[[field]]
kind = "sex"
left = "SEX"
right = "GENDER"

[[field]]
label = "citizenship"
kind = "code"
table = "country"
left = "CITZ"
right = "COUNTRY"

[[field]]
kind = "phone"
left = "PHONE"
right = "PHONE_NO"

[[field]]                   # shown in the report, never used to link
kind = "text"
right = "CITY"
role = "carry"
"""


class FolderInUse(TielineError):
    """The folder holds something that the example did not make."""


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """Where each thing lies."""

    path: Path

    @property
    def left(self) -> Path:
        return self.path / "left.csv"

    @property
    def right(self) -> Path:
        return self.path / "right.csv"

    @property
    def map(self) -> Path:
        return self.path / "map.toml"

    @property
    def truth(self) -> Path:
        return self.path / "truth.csv"

    @property
    def result(self) -> Path:
        return self.path / "result"


def claim(path: Path) -> DemoFolder:
    """The folder, ready to be written; one that the example did not make is refused."""
    if path.exists() and not path.is_dir():
        raise FolderInUse(f"{path} is a file, not a folder", cure="name another folder with --out")
    if path.is_dir() and any(path.iterdir()) and not (path / MARKER).exists():
        raise FolderInUse(
            f"{path} is not empty, and the example did not make it",
            cure="name a new folder with --out",
        )
    path.mkdir(parents=True, exist_ok=True)
    (path / MARKER).write_text(f"{NOTICE}\nmade by: tieline example\n", encoding="utf-8")
    return DemoFolder(path)


def fill(folder: DemoFolder, exports: Exports) -> None:
    """Write both exports as their systems would, each with its malformed rows, and the truth."""
    left = _lines(LEFT_COLUMNS, exports.left, delimiter=",")
    right = _lines(RIGHT_COLUMNS, exports.right, delimiter=";")
    _write(folder.left, _with_malformed(left, MALFORMED_LEFT))
    _write(folder.right, _with_malformed(right, MALFORMED_RIGHT))
    folder.map.write_text(MAP, encoding="utf-8")
    with folder.truth.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("EVENT_NO", "RECORD_ID"), *exports.truth])


def _lines(columns: Sequence[str], rows: Iterable[Row], *, delimiter: str) -> list[str]:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().splitlines()


def _with_malformed(lines: list[str], malformed: Sequence[str]) -> list[str]:
    # In the middle: what stands after a malformed row must be read as well.
    middle = 1 + (len(lines) - 1) // 2
    return [*lines[:middle], *malformed, *lines[middle:]]


def _write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def linked_numbers(result: Path) -> list[tuple[str, str]]:
    """The numbers of both rows of each link, as the job wrote them down."""
    with (result / "links.csv").open(encoding="utf-8-sig", newline="") as file:
        return [(row["left"], row["right"]) for row in csv.DictReader(file)]
