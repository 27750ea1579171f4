"""tantivy asked for people: `tantivy_people.py FOLDER`, reads `population` and `queries`.

Runs in .venv-peers. Retrieval alone: it scores by words, and explains no pair. Names are words
with one letter of grace; of the birth date each two of its parts are a word, so that one wrong
part leaves another word right; numbers are words where they are asked with. Writes the best
hundred of each query, and prints how long a query took.
"""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import tantivy

MOST = 100
WARM = 50
# A fuzzy word scores 1 whatever it is, and a rare part of a date more than ten: of the weights
# tried, this one found the most people.
NEAR = 12.0
NUMBERS = ("a_number", "fin", "passport", "phone")
CLEAN = """
select id,
    upper(strip_accents(replace(concat_ws(' ', given, surname, surname2), '-', ' '))) as names,
    concat_ws(' ',
        'D' || replace(birth_date, '-', ''), 'Y' || left(birth_date, 7),
        'X' || least(substr(birth_date, 6, 2), right(birth_date, 2))
            || greatest(substr(birth_date, 6, 2), right(birth_date, 2)),
        'Z' || left(birth_date, 4) || right(birth_date, 2)) as dates,
    concat_ws(' ', a_number, fin, passport, regexp_replace(phone, '[^0-9]', '', 'g')) as numbers
from read_parquet('{path}') order by id
"""


def main(folder: Path) -> None:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw")
    for name in ("names", "dates", "numbers"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    place = folder / "tantivy"
    place.mkdir(exist_ok=True)
    index = tantivy.Index(schema, path=str(place), reuse=False)
    began = time.perf_counter()
    writer = index.writer(heap_size=512_000_000, num_threads=2)
    base = duckdb.connect()
    base.execute("set threads = 1")
    rows = base.execute(CLEAN.format(path=folder / "population.parquet").replace("order by id", ""))
    while batch := rows.fetchmany(50_000):
        for number, names, dates, numbers in batch:
            writer.add_document(
                tantivy.Document(id=number, names=names, dates=dates, numbers=numbers)
            )
    writer.commit()
    writer.wait_merging_threads()
    figures = {"build_seconds": time.perf_counter() - began}
    index.reload()
    searcher = index.searcher()
    queries = base.execute(CLEAN.format(path=folder / "queries.parquet")).fetchall()
    for way in ("names", "numbers"):
        took, answers = [], []
        for number, names, dates, numbers in queries[:WARM] + queries:
            asked = _query(schema, names, dates, numbers if way == "numbers" else "")
            start = time.perf_counter()
            hits = searcher.search(asked, MOST, count=False).hits
            found = [searcher.doc(address)["id"][0] for _, address in hits]
            took.append(1000 * (time.perf_counter() - start))
            answers.append((number, found))
        times = sorted(took[WARM:])
        figures[f"{way}_p95_ms"] = times[math.ceil(0.95 * len(times)) - 1]
        figures[f"{way}_p99_ms"] = times[math.ceil(0.99 * len(times)) - 1]
        queried, best = zip(*answers[WARM:], strict=True)
        answer = pa.table({"query": queried, "candidates": best})
        base.execute(f"copy (from answer) to '{folder}/tantivy-{way}.parquet' (format parquet)")
        del answer
    print(json.dumps(figures))


def _query(schema: tantivy.Schema, names: str, dates: str, numbers: str) -> tantivy.Query:
    should = tantivy.Occur.Should
    parts = []
    for word in dict.fromkeys(names.split()):
        exact = tantivy.Query.term_query(schema, "names", word)
        near = tantivy.Query.fuzzy_term_query(schema, "names", word, distance=1)
        parts += [(should, exact), (should, tantivy.Query.boost_query(near, NEAR))]
    for name, text in (("dates", dates), ("numbers", numbers)):
        parts += [(should, tantivy.Query.term_query(schema, name, w)) for w in text.split()]
    return tantivy.Query.boolean_query(parts)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
