"""Write the generated files of `src/tieline/reference/names` from a folder of public lists.

Run: python scripts/reference_names.py SOURCE (as scripts/build_reference.py). What is written by
hand (`spellings.txt`, `kin.txt`) lies beside them, and is not touched.
"""

from __future__ import annotations

import csv
import hashlib
import sys
from collections import defaultdict
from collections.abc import Iterator
from math import log2
from pathlib import Path

from tieline.core.values.names import tokens
from tieline.core.values.spellings import written

HOME = Path(__file__).resolve().parent.parent / "src" / "tieline" / "reference" / "names"
SPANIARDS = 47_000_000
"""Of the year of the lists; half bear a name of each list of given names."""
FEWEST = 1_500
"""Bearers of a name in Spain from which it is kept."""


def main() -> None:
    source = Path(sys.argv[1]) / "names"
    shares: dict[str, float] = defaultdict(float)
    for word, share in _shares(source):
        shares[word] = max(shares[word], share)
    rows = sorted((word, round(-10 * log2(share))) for word, share in shares.items())
    _write("commonness.txt", _COMMON, (f"{word} {bits}" for word, bits in rows))
    variants = sorted(set(_variants(source, shares)))
    _write("variants.txt", _VARIANTS, (" ".join(pair) for pair in variants))
    _write_manifest()


_COMMON = """\
# Words of names that are common in some country, and how unlikely one is there in tenths of a bit.
# Fuente: Instituto Nacional de Estadística, www.ine.es (names and surnames by frequency; cut and
# rounded by us); and popular names by country (CC0 1.0), where a rank stands for a share.
"""
_VARIANTS = """\
# Pairs of given names of which one is said to be a form of the other; from public pairs of variants
# (MIT), without short forms of three letters and pairs of two names that are both common.
"""


def _write(name: str, head: str, lines: Iterator[str]) -> None:
    text = head + "".join(f"{line}\n" for line in lines)
    (HOME / name).write_text(text, encoding="utf-8")


def _write_manifest() -> None:
    lines = ["# Written by scripts/reference_names.py; what each is, and from where: README.md.\n"]
    for path in sorted(HOME.glob("*.txt")):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f'\n[[files]]\nfile = "{path.name}"\nsha256 = "{digest}"\n')
    (HOME / "manifest.toml").write_text("".join(lines), encoding="utf-8")


def _shares(source: Path) -> Iterator[tuple[str, float]]:
    for name, column, count, people in (
        ("es_apellidos.csv", "apellido", "frec_pri", SPANIARDS),
        ("es_hombres.csv", "nombre", "frec", SPANIARDS / 2),
        ("es_mujeres.csv", "nombre", "frec", SPANIARDS / 2),
    ):
        counts: dict[str, float] = defaultdict(float)
        for row in _rows(source / name):
            if row[count].isdecimal():
                # MARIA CARMEN is both a MARIA and a CARMEN.
                for word in tokens(row[column]):
                    counts[word] += int(row[count])
        for word, borne in counts.items():
            if borne >= FEWEST and len(word) > 1:
                yield word, min(borne / people, 0.5)
    yield from _ranked(source / "common-forenames-by-country.csv", "Index", 0.7)
    yield from _ranked(source / "common-surnames-by-country.csv", "Rank", 0.8)


def _ranked(path: Path, column: str, fall: float) -> Iterator[tuple[str, float]]:
    """Shares guessed from ranks: the first has two in a hundred, the others fall off."""
    for row in _rows(path):
        rank = int(row[column]) if row[column].isdecimal() else 50
        for word in tokens(row["Romanized Name"]):
            if len(word) > 1:
                yield word, 0.02 / max(rank, 1) ** fall


def _variants(source: Path, shares: dict[str, float]) -> Iterator[tuple[str, str]]:
    for line in (source / "variant_pairs.txt").read_text(encoding="utf-8").splitlines():
        words = [tokens(part) for part in line.split(",")]
        if [len(each) for each in words] != [1, 1]:
            continue
        one, two = sorted((words[0][0], words[1][0]))
        both_common = one in shares and two in shares
        if len(set(written([one, two]).ungendered)) == 1:
            continue
        if one != two and len(one) > 3 and len(two) > 3 and not both_common and one[0] == two[0]:
            yield one, two


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


if __name__ == "__main__":
    main()
