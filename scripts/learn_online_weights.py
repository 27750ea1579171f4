"""Print the shares that `core/matching/online/weights.py` quotes; or, after `measure`, its errors.

Two exports of invented people, of which the truth is known: m is counted over true pairs, u over
pairs drawn at random, and for names that nearly agree, of which a draw holds too few, over all
pairs that share a key. Run: python scripts/learn_online_weights.py [measure]
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from math import log2
from random import Random

from tieline.core.matching.online.compare import Relation, compare_values
from tieline.core.matching.online.keys import keys_of, links
from tieline.core.matching.online.lexicon import Lexicon
from tieline.core.matching.online.names import NameLevel, compare_names
from tieline.core.matching.online.reading import Understood, understood
from tieline.core.records import Pointer, Protections, RecordNumber
from tieline.demo.exports import Exports, Row, two_exports
from tieline.reference import nicknames

SEED = 26
ROWS = 40_000
DRAWN = 1_000_000
MET = 12_000
"""Rows of the left export of which all pairs that share a key are counted."""
MEETING = frozenset(
    {NameLevel.SAME, NameLevel.ORDER, NameLevel.PART, NameLevel.NICKNAME, NameLevel.SOUND}
)
"""Two names that compare so have two words that sound alike, and so share a key."""
MEASURE_SEED = 27
"""People other than those of whom the weights were learned."""
MEASURED = 5_000
"""Rows of the left export that are linked, each against the whole of the right one."""
FEWEST = 100
"""Rows of a group of which a rate is told."""
LONGEST_LIST = 2_000
"""Of a key: an index stops there, too."""
LEXICON = Lexicon(nicknames=nicknames())

Truth = set[tuple[str, str]]


def main() -> None:
    if sys.argv[1:] != ["measure"]:
        _learn()
        return
    print("Without a count of names:")
    _measure(LEXICON)
    print("\nWith the share of people who bear each word:")
    _measure(replace(LEXICON, commonness=_commonness()))


def _learn() -> None:
    exports = two_exports(rows=ROWS, overlap=0.6, seed=SEED)
    left, right = _people(exports)
    rng = Random(SEED)
    truth = set(exports.truth)
    true = [(left[one], right[two]) for one, two in exports.truth]
    ones, twos = list(left), list(right)
    drawn = ((rng.choice(ones), rng.choice(twos)) for _ in range(DRAWN))
    chance = ((left[one], right[two]) for one, two in drawn if (one, two) not in truth)
    m, u = _counted(true), _counted(chance)
    met = Counter(
        compare_names(left[one].names[0], right[two].names[0]).level
        for one, two in _met(exports, truth)
    )
    for feature in m:
        of_true, of_chance = sum(m[feature].values()), sum(u[feature].values())
        print(f"\n{feature}: {of_true} true pairs, {of_chance} chance pairs")
        for level in sorted(m[feature] | u[feature]):
            # Half a pair more each, so that what was never seen has a share.
            share = (m[feature][level] + 0.5) / (of_true + 1)
            by_chance = (u[feature][level] + 0.5) / (of_chance + 1)
            if feature == "name" and level in MEETING:
                by_chance = (met[NameLevel(level)] + 0.5) / (MET * ROWS)
            weight = log2(share / by_chance)
            print(f"  {level:45} m {share:.4f}  u {by_chance:.2e}  {weight:6.1f} bits")
    print(f"\na word of a name: {_usual_bits([*left.values(), *right.values()]):.1f} bits")


def _people(exports: Exports) -> tuple[dict[str, Understood], dict[str, Understood]]:
    left, right = _pointers(exports)
    return (
        {number: understood(one, lexicon=LEXICON) for number, one in left.items()},
        {number: understood(one, lexicon=LEXICON) for number, one in right.items()},
    )


def _pointers(exports: Exports) -> tuple[dict[str, Pointer], dict[str, Pointer]]:
    left = {row["EVENT_NO"]: _pointer(row["EVENT_NO"], row, _LEFT) for row in exports.left}
    right = {row["RECORD_ID"]: _pointer(row["RECORD_ID"], row, _RIGHT) for row in exports.right}
    return left, right


def _met(exports: Exports, truth: Truth) -> Iterator[tuple[str, str]]:
    """Pairs of different people, both with names, that share a key of two words, once each."""
    left, right = _pointers(exports)
    lists = _lists(right, "pair:")
    for one in list(left)[:MET]:
        keys = keys_of(left[one], lexicon=LEXICON)
        for two in set().union(*(lists.get(key, ()) for key in keys)):
            if (one, two) not in truth:
                yield one, two


def _lists(pointers: dict[str, Pointer], kind: str = "") -> dict[str, list[str]]:
    """The pointers that have a key, by key; of the keys that link."""
    lists: dict[str, list[str]] = defaultdict(list)
    for number, pointer in pointers.items():
        for key in keys_of(pointer, lexicon=LEXICON):
            if links(key) and key.startswith(kind):
                lists[key].append(number)
    return lists


def _commonness() -> Callable[[str], float]:
    """Counted over the people of whom the weights were learned, not over those measured."""
    _, right = _people(two_exports(rows=ROWS, overlap=0.6, seed=SEED))
    borne = Counter(
        root for person in right.values() for name in person.names for root in set(name.roots)
    )
    return lambda word: (borne[word] + 1) / len(right)


def _measure(lexicon: Lexicon) -> None:
    """Link one export to the other as an index would, and count what is found and what is false."""
    from tieline.core.matching.online.weigh import weigh

    exports = two_exports(rows=ROWS, overlap=0.6, seed=MEASURE_SEED)
    left, right = _pointers(exports)
    partner = dict(exports.truth)
    some = list(left)[:MEASURED]
    lists = {key: few for key, few in _lists(right).items() if len(few) <= LONGEST_LIST}
    group_of = {row["EVENT_NO"]: _groups(row) for row in exports.left}
    rows = Counter(group for one in some for group in group_of[one])
    false: Counter[str] = Counter()
    counted: Counter[str] = Counter()
    for one in some:
        keys = keys_of(left[one], lexicon=LEXICON)
        for two in set().union(*(lists.get(key, ()) for key in keys)):
            counted["compared"] += 1
            weighed = weigh(left[one], right[two], lexicon=lexicon)
            same = weighed.relation is Relation.SAME_PERSON
            true = partner.get(one) == two
            if weighed.proposed:
                kind = "the same" if same else "an association"
                counted[f"proposed as {kind}: {'right' if true else 'false'}"] += 1
                false.update(group_of[one] if same and not true else ())
            if true and left[one].birth_date and right[two].birth_date:
                counted["true and dated, met"] += 1
                counted["true and dated, proposed"] += weighed.proposed and same
    true_pairs = [(one, partner[one]) for one in some if one in partner]
    dated = sum(bool(left[one].birth_date and right[two].birth_date) for one, two in true_pairs)
    print(f"{len(some)} against {len(right)}, {len(true_pairs)} true pairs, {dated} dated")
    for what, count in counted.most_common():
        print(f"  {what:40} {count}")
    found = counted["proposed as the same: right"]
    proposed = found + counted["proposed as the same: false"]
    print(f"recall, dated: {counted['true and dated, proposed'] / dated:.4f}")
    print(f"recall, all: {found / len(true_pairs):.4f}; precision {found / proposed:.4f}")
    print("false proposals for 1,000 rows, by citizenship and by decade of birth (P20):")
    for group, count in rows.most_common():
        if count >= FEWEST:
            print(f"  {group:10} {1_000 * false[group] / count:6.1f}  of {count} rows")


def _groups(row: Row) -> tuple[str, ...]:
    decade = f"{row['DOB'][-4:-1]}0s" if row["DOB"] else "no date"
    return "everybody", row["CITZ"] or "not told", decade


def _counted(pairs: Iterable[tuple[Understood, Understood]]) -> dict[str, Counter[str]]:
    counted: dict[str, Counter[str]] = {}
    for one, two in pairs:
        if one.names and two.names:
            level = compare_names(one.names[0], two.names[0]).level
            counted.setdefault("name", Counter())[level] += 1
        for compared in compare_values(one, two, Relation.SAME_PERSON):
            if compared.level is not None:
                counted.setdefault(compared.feature, Counter())[compared.level] += 1
    return counted


def _usual_bits(people: Sequence[Understood]) -> float:
    """Bits by which it is unlikely that a word of one name stands in another by chance."""
    words = Counter(root for person in people for name in person.names for root in set(name.roots))
    borne = sum(words.values())
    # How often a word, drawn as people bear it, is borne by another person.
    return -log2(sum(count * count for count in words.values()) / borne / len(people))


_LEFT = (("SUBJ_FIRST", "SUBJ_LAST"), "DOB", "SEX", "PHONE")
_RIGHT = (("NAME_GIVEN", "NAME_FAMILY"), "BIRTH_DATE", "GENDER", "PHONE_NO")


def _pointer(number: str, row: Row, columns: tuple[tuple[str, str], str, str, str]) -> Pointer:
    (given, family), born, sex, phone = columns
    return Pointer(
        system="demo",
        number=RecordNumber(number),
        version=1,
        kind="person",
        owner_agency="demo",
        owning_unit="demo",
        contact="",
        protections=Protections.screened(),
        caveats=frozenset(),
        names=(f"{row[given]} {row[family]}",),
        birth_date=row[born],
        sex=row[sex],
        phones=(row[phone],) if row[phone] else (),
    )


if __name__ == "__main__":
    main()
