"""A person wrongly made of several, taken apart by a judgement in a node's exchange: how long."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator

from bench.matching import counting, program
from bench.matching.setting import NotMeasured, Setting, thousands
from bench.matching.verdicts import figure, guarded
from bench.measuring.process import run

from tieline.cli.bench import Measure

MOST_MS = 50.0
TAKEN_APART = 200


def measures(setting: Setting) -> Iterator[Measure]:
    """In an exchange of its own, on SQLite, by the way that a page's judgement takes."""
    size = thousands(setting.sizes.exchange)
    name = f"un-merge p95, {size} records of persons of 2 to 8 records"
    wrong = f"persons unlike what links and judgements say, after {TAKEN_APART} of them"
    yield from guarded(
        lambda: _taken_apart(setting, name, wrong),
        (name, "ms", f"<= {MOST_MS:g}"),
        (wrong, "", "0"),
    )


def _taken_apart(setting: Setting, name: str, wrong: str) -> Iterator[Measure]:
    folder = setting.new_folder("exchange")
    program.ask("init", folder / "node", codes=(0,))
    words = (str(folder / "node"), str(setting.sizes.exchange), str(TAKEN_APART))
    done = run([sys.executable, "-m", "bench.matching.apart_in_node", *words], cwd=setting.root)
    if done.code:
        raise NotMeasured(f"the exchange's own program answered {done.code}")
    said = json.loads(done.output.splitlines()[-1])
    value = counting.percentile(said["milliseconds"], 0.95)
    yield figure(name, value, "ms", target=f"<= {MOST_MS:g}", met=value <= MOST_MS)
    yield figure(wrong, said["unlike"], target="0", met=said["unlike"] == 0)
