"""Nicknames, each brought to one given name, so that a small group shares one name."""

from __future__ import annotations

from collections import defaultdict

from reference_rows import Row, Source, curated
from tieline.core.values.names import tokens

# A nickname of more names than this says too little to stand for one of them.
_MOST_NAMES = 4
# A longer word that is said to be a nickname is most often a name of its own (ERNEST, JEANNE).
_LONGEST = 5
Names = dict[str, set[str]]


def nicknames(source: Source) -> list[Row]:
    """Rows of `code` (the nickname) and `label` (the name it stands for), upper-case ASCII.

    The published pairs run both ways and chain (BERT, ROBERT, ALBERT). Here a name stands for
    itself when it has more nicknames than any name it is said to be short for, or is among the
    popular names of some country (ERIN is not AARON). Every other goes to one such name that it
    is directly said to be short for: the one it resembles most, and to none when two are as near.
    The curation goes before all (and says of some that they stand for themselves).
    """
    names_of, short_of = _pairs(source)
    popular = _popular(source)
    main_of = _spellings(short_of, popular)
    mains = {
        name
        for name in short_of
        if name in popular
        or all(len(short_of[name]) > len(short_of.get(one, ())) for one in names_of.get(name, ()))
    }
    made = {name: main for name, main in main_of.items() if name != main}
    for short, names in names_of.items():
        if len(short) <= _LONGEST and not {short} & (mains | popular | made.keys()):
            made[short] = _nearest(short, {main_of[one] for one in names & mains}, short_of)
    own = {row["nickname"]: row["name"] for row in curated("nicknames")}
    made = {short: name for short, name in made.items() if short not in set(own.values())} | own
    # One step to the name, always: what is a name here is never itself a nickname.
    made = {short: name for short, name in made.items() if name}
    straight = {short: made.get(name, name) for short, name in made.items()}
    ends = set(straight.values())
    return [
        {"code": short, "label": name}
        for short, name in sorted(straight.items())
        if short != name and short not in ends
    ]


def _pairs(source: Source) -> tuple[Names, Names]:
    names_of: Names = defaultdict(set)
    short_of: Names = defaultdict(set)
    for row in source.rows("names/nicknames.csv"):
        name, short = (tokens(row[side]) for side in ("name1", "name2"))
        if len(name) == len(short) == 1 and name != short:
            names_of[short[0]].add(name[0])
            short_of[name[0]].add(short[0])
    return dict(names_of), dict(short_of)


def _popular(source: Source) -> set[str]:
    """Given names among the most popular of some country."""
    found = set()
    for row in source.rows("names/common-forenames-by-country.csv"):
        words = tokens(row["Romanized Name"])
        if len(words) == 1 and len(words[0]) > 3:
            found.add(words[0])
    return found


def _spellings(short_of: Names, popular: set[str]) -> dict[str, str]:
    """Each name's main spelling: equal but for doubled letters, and half the nicknames shared."""
    found: dict[str, str] = {}
    order = sorted(short_of, key=lambda one: (one not in popular, -len(short_of[one]), one))
    for name in order:
        for main in sorted(set(found.values())):
            shared = short_of[name] & short_of[main]
            if _skeleton(name) == _skeleton(main) and 2 * len(shared) >= len(short_of[name]):
                found[name] = main
                break
        else:
            found[name] = name
    return found


def _skeleton(name: str) -> str:
    folded = name.replace("PH", "F").replace("Y", "I").replace("CK", "K").replace("C", "K")
    folded = folded.replace("ALE", "AIL").rstrip("EH")
    return "".join(b for a, b in zip(" " + folded, folded, strict=False) if a != b)


def _nearest(short: str, names: set[str], short_of: Names) -> str:
    """The name sharing the longest beginning, then having most nicknames; none when in doubt."""

    def nearness(name: str) -> tuple[int, int]:
        pairs = zip(short, name, strict=False)
        ahead = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(short), len(name)))
        return ahead, len(short_of.get(name, ()))

    ranked = sorted(names, key=lambda name: (nearness(name), name), reverse=True)
    if not ranked or (len(ranked) > _MOST_NAMES and nearness(ranked[0])[0] < 3):
        return ""
    tied = len(ranked) > 1 and nearness(ranked[0]) == nearness(ranked[1])
    return "" if tied else ranked[0]
