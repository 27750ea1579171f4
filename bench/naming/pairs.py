"""Pairs of names of which it is known whether they are one person's: for `bench/names.py`.

From published lists beside the checkout; nothing of them is kept. Two kinds: aliases of the
Treasury's list against the nearest names of other people on it; and names of some eighty countries
in their own script against the same in Latin letters, and as clerks miswrite them, against near
names of the same country. Each pair falls to one half by the hash of its people.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from random import Random

from rapidfuzz import fuzz, process

NEGATIVES = 3.0
"""Pairs of two people for each pair of one, as hard as can be found; half of them are left out."""
PEOPLE_OF_A_COUNTRY = 60
SEED = 7


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names as written."""

    left: str
    right: str
    same: bool
    kind: str
    held: bool
    """Whether it belongs to the half that nothing was tuned on."""


def pairs(data: Path) -> list[Pair]:
    """All pairs, in an order that is always the same."""
    return [*_aliases(data / "lookouts"), *_countries(data / "names")]


def _held(*keys: str) -> bool:
    return blake2b("|".join(sorted(keys)).encode(), digest_size=1).digest()[0] % 2 == 1


def _aliases(folder: Path) -> Iterator[Pair]:
    names: dict[str, list[str]] = {}
    for row in _lines(folder / "ofac_sdn.csv"):
        if len(row) > 2 and row[2].strip() == "individual":
            names[row[0]] = [row[1].strip()]
    for row in _lines(folder / "ofac_alt_part.csv"):
        if len(row) > 3 and row[0] in names:
            names[row[0]].append(row[3].strip())
    positives = [
        Pair(all_[0], other, same=True, kind="aliases", held=_held(one))
        for one, all_ in names.items()
        for other in dict.fromkeys(all_[1:])
        if other != all_[0]
    ]
    yield from positives
    yield from _near_others(names, round(NEGATIVES * len(positives)))


def _near_others(names: dict[str, list[str]], wanted: int) -> Iterator[Pair]:
    """Of each person the names of others that look most alike, the likest first."""
    people = [(one, name) for one, all_ in names.items() for name in all_]
    texts = [_sorted(name) for _, name in people]
    own = {one: {_sorted(name) for name in all_} for one, all_ in names.items()}
    found: dict[tuple[str, str], float] = {}
    for start in range(0, len(texts), 500):
        block = texts[start : start + 500]
        scores = process.cdist(block, texts, scorer=fuzz.ratio, score_cutoff=60)
        for at, row in enumerate(scores):
            one = people[start + at][0]
            best = row.argsort()[::-1][:12]
            for other in best.tolist():
                two = people[other][0]
                if two != one and texts[other] not in own[one] and row[other] > 0:
                    key = (people[start + at][1], people[other][1])
                    if key[::-1] not in found:
                        found[key] = float(row[other])
    who = {name: one for one, name in people}
    hardest = sorted(found, key=lambda key: (-found[key], key))[:wanted]
    for left, right in hardest:
        # A pair of two people who lie in two halves belongs to neither.
        if _held(who[left]) == _held(who[right]):
            yield Pair(left, right, same=False, kind="aliases", held=_held(who[left]))


def _sorted(name: str) -> str:
    return " ".join(sorted(name.upper().replace(",", " ").replace("-", " ").split()))


def _countries(folder: Path) -> Iterator[Pair]:
    given = _groups(folder / "common-forenames-by-country.csv")
    surnames = _groups(folder / "common-surnames-by-country.csv")
    for country in sorted(given.keys() & surnames.keys()):
        random = Random(f"{SEED}{country}")
        yield from _of_country(country, given[country], surnames[country], random)


_Group = list[tuple[str, str]]
"""Writings of one name: in its script, in Latin letters."""


def _groups(path: Path) -> dict[str, list[_Group]]:
    groups: dict[str, dict[str, _Group]] = defaultdict(lambda: defaultdict(list))
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if row["Romanized Name"]:
                writing = (row["Localized Name"] or row["Romanized Name"], row["Romanized Name"])
                groups[row["Country"]][row["Name Group"]].append(writing)
    return {country: list(each.values()) for country, each in groups.items()}


def _of_country(
    country: str, given: list[_Group], surnames: list[_Group], random: Random
) -> Iterator[Pair]:
    for at in range(PEOPLE_OF_A_COUNTRY):
        first, last = random.choice(given), random.choice(surnames)
        second = random.choice(given) if random.random() < 0.4 else None
        held = _held(country, str(at))
        kind = "countries"
        name = _written(random, first, second, last)
        yield Pair(name, _again(random, first, second, last), same=True, kind=kind, held=held)
        # A brother; a namesake of another family; the one with the likest given name.
        brother = _near(random, first, given)
        if brother is not None:
            other = _written(random, brother, second, last)
            yield Pair(name, other, same=False, kind=kind, held=held)
        cousin = _near(random, last, surnames)
        if cousin is not None and random.random() < 0.5:
            other = _written(random, first, second, cousin)
            yield Pair(name, other, same=False, kind=kind, held=held)


def _near(random: Random, one: _Group, groups: list[_Group]) -> _Group | None:
    others = [group for group in groups if not {r for _, r in group} & {r for _, r in one}]
    if not others:
        return None
    if random.random() < 0.5:
        return random.choice(others)
    return max(others, key=lambda group: fuzz.ratio(group[0][1].upper(), one[0][1].upper()))


def _written(random: Random, first: _Group, second: _Group | None, last: _Group) -> str:
    side = 0 if random.random() < 0.3 else 1
    words = [random.choice(group)[side] for group in (first, second) if group]
    surname = random.choice(last)[side]
    if side == 0 and not surname.isascii() and any("\u3000" < c < "\ud7ff" for c in surname):
        return surname + "".join(words)
    order = random.random()
    if order < 0.5:
        return " ".join([*words, surname])
    return f"{surname.upper()}, {' '.join(words)}" if order < 0.8 else " ".join([surname, *words])


def _again(random: Random, first: _Group, second: _Group | None, last: _Group) -> str:
    kept = second if random.random() < 0.5 else None
    name = _written(random, first, kept, last)
    chance = random.random()
    if chance < 0.15:
        return _slipped(random, name)
    if chance < 0.25 and name.isascii() and "," not in name:
        head, _, rest = _written(random, first, None, last).partition(" ")
        return name if not rest or not head.isascii() else f"{head[0]}. {rest}"
    return name


def _slipped(random: Random, name: str) -> str:
    at = [place for place, letter in enumerate(name) if letter.isalpha()]
    place = random.choice(at[1:]) if len(at) > 4 else 0
    if not place:
        return name
    kind = random.randrange(3)
    if kind == 0:
        return name[:place] + name[place + 1 :]
    if kind == 1:
        return name[: place - 1] + name[place] + name[place - 1] + name[place + 1 :]
    return name[:place] + random.choice("aeioutnsrl") + name[place + 1 :]


def _lines(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        yield from csv.reader(file)
