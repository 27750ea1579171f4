"""recordlinkage on invented people: `recordlinkage_people.py FOLDER`, reads `left` and `right`.

Runs in .venv-peers. Names without accents, case and hyphens; Jaro–Winkler and dates that forgive a
swap, as its manual advises, and numbers compared exactly. Writes each pair with its summed score
and with the probability that expectation–maximization gives it; the truth takes the better one.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import recordlinkage

warnings.filterwarnings("ignore")
NAMES = ("given", "surname")
EXACT = ("sex", "country", "a_number", "fin", "passport", "phone", "address", "postal_code")
CLEAN = """
select id, upper(strip_accents(replace(given, '-', ' '))) as given,
    upper(strip_accents(replace(concat_ws(' ', surname, surname2), '-', ' '))) as surname,
    birth_date as born, left(birth_date, 4) as year, {exact}
from read_parquet('{path}')
"""


def main(folder: Path) -> None:
    left, right = (_read(folder / f"{name}.parquet") for name in ("left", "right"))
    began = time.process_time()
    index = recordlinkage.Index()
    index.block(["surname", "year"])
    index.block(["first_surname", "born"])
    index.block(["first", "born"])
    index.block(["first", "first_surname", "year"])
    for number in ("a_number", "fin", "passport", "phone"):
        index.block(number)
    pairs = index.index(left, right)
    compare = recordlinkage.Compare()
    for name in NAMES:
        compare.string(name, name, method="jarowinkler", label=name)
    compare.string("first_surname", "first_surname", method="jarowinkler", label="first_surname")
    compare.date("day", "day", swap_month_day=0.8, label="day")
    compare.string("born", "born", method="damerau_levenshtein", label="born")
    for name in EXACT:
        compare.exact(name, name, label=name)
    features = compare.compute(pairs, left, right)
    binary = (features > 0.88).astype(int)
    learned = recordlinkage.ECMClassifier(init="jaro", max_iter=100)
    learned.fit(binary)
    probability = np.asarray(learned.prob(binary), dtype=float)
    summed = features.sum(axis=1).to_numpy()
    took = time.process_time() - began
    answer = pd.DataFrame(
        {
            "one": features.index.get_level_values(0),
            "other": features.index.get_level_values(1),
            "summed": summed,
            # Where the probability says no more, the sum decides.
            "learned": probability + summed * 1e-9,
        }
    )
    duckdb.sql(f"copy (from answer) to '{folder}/recordlinkage-pairs.parquet' (format parquet)")
    print(json.dumps({"processor_seconds": took, "pairs": len(answer)}))


def _read(path: Path) -> pd.DataFrame:
    table = duckdb.sql(CLEAN.format(path=path, exact=", ".join(EXACT))).df().set_index("id")
    # It would pair all that have nothing in a blocked column.
    table = table.replace({"": None})
    table["first"] = table["given"].str.split().str[0]
    table["first_surname"] = table["surname"].str.split().str[0]
    table["day"] = pd.to_datetime(table["born"], errors="coerce")
    return table


if __name__ == "__main__":
    main(Path(sys.argv[1]))
