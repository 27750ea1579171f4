"""Print the shares and weights that `core/matching/online/weights.py` quotes.

Two exports of invented people, of which the truth is known: m is counted over true pairs, u over
pairs drawn at random. Run: python scripts/learn_online_weights.py
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import log2
from random import Random

from tieline.core.matching.online.compare import Relation, compare_values
from tieline.core.matching.online.lexicon import Lexicon
from tieline.core.matching.online.names import compare_names
from tieline.core.matching.online.reading import Understood, understood
from tieline.core.records import Pointer, Protections, RecordNumber
from tieline.demo.exports import Row, two_exports
from tieline.reference import nicknames

SEED = 26
ROWS = 40_000
DRAWN = 1_000_000
LEXICON = Lexicon(nicknames=nicknames())


def main() -> None:
    exports = two_exports(rows=ROWS, overlap=0.6, seed=SEED)
    left = {row["EVENT_NO"]: _understood(row, _LEFT) for row in exports.left}
    right = {row["RECORD_ID"]: _understood(row, _RIGHT) for row in exports.right}
    rng = Random(SEED)
    true = [(left[one], right[two]) for one, two in exports.truth]
    known = set(exports.truth)
    ones, twos = list(left), list(right)
    drawn = ((rng.choice(ones), rng.choice(twos)) for _ in range(DRAWN))
    chance = ((left[one], right[two]) for one, two in drawn if (one, two) not in known)
    m, u = _counted(true), _counted(chance)
    for feature in m:
        of_true, of_chance = sum(m[feature].values()), sum(u[feature].values())
        print(f"\n{feature}: {of_true} true pairs, {of_chance} chance pairs")
        for level in sorted(m[feature] | u[feature]):
            # Half a pair more each, so that what was never seen has a share.
            shares = (
                (m[feature][level] + 0.5) / (of_true + 1),
                (u[feature][level] + 0.5) / (of_chance + 1),
            )
            weight = log2(shares[0] / shares[1])
            print(f"  {level:45} m {shares[0]:.4f}  u {shares[1]:.2e}  {weight:6.1f} bits")
    print(f"\na word of a name: {_usual_bits([*left.values(), *right.values()]):.1f} bits")


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


def _understood(row: Row, columns: tuple[tuple[str, str], str, str, str]) -> Understood:
    (given, family), born, sex, phone = columns
    pointer = Pointer(
        system="demo",
        number=RecordNumber("1"),
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
    return understood(pointer, lexicon=LEXICON)


if __name__ == "__main__":
    main()
