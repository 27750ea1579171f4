"""What a word that nobody bears may stand for: a word with a slip, or two words written as one.

Keys hear how a word sounds, and a slip mostly changes that: PEREZ is not met under EPREZ. So a word
that an index hardly knows is asked for as the common words too that are one slip away (Damerau,
CACM 7, 1964: a letter too many, too few, another one, or two neighbours changed over).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import ascii_uppercase
from typing import Final

__all__ = ["RARE", "likeliest", "may_stand_for"]

RARE: Final = 200
"""Who bear a word, so that it may stand for another."""
_LEAST: Final = 4
"""Letters of a word from which it is looked what it may stand for: of shorter ones all is near."""
_LEAST_PART: Final = 3
_OF_SLIPS: Final = 2
"""Words that are taken for what was meant, the commonest."""
_COMMONER: Final = 50
"""How much commoner a word must be, to be meant by one that some bear."""


def may_stand_for(word: str, bearers: int) -> set[str]:
    """What is to be counted before it can be told what a word stands for.

    Of a word that nobody bears all that is one slip away; of one that some do, a letter too many
    and two that are changed over, which are soon looked up.
    """
    if len(word) < _LEAST:
        return set()
    ends = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    found = {one + two[1:] for one, two in ends if two}
    found |= {one + two[1] + two[0] + two[2:] for one, two in ends if len(two) > 1}
    if not bearers:
        for letter in ascii_uppercase:
            found |= {one + letter + two for one, two in ends}
            found |= {one + letter + two[1:] for one, two in ends if two}
    found.discard(word)
    return found.union(*_parted(word))


def likeliest(word: str, bearers: int, seen: Mapping[str, int]) -> list[str]:
    """What it stands for, by how often the words of `may_stand_for` were seen."""
    least = bearers * _COMMONER
    parts = [(min(seen.get(one, 0), seen.get(two, 0)), one, two) for one, two in _parted(word)]
    most, *two = max(parts, default=(0,))
    apart = frozenset(part for both in _parted(word) for part in both)
    near = [one for one, count in seen.items() if count > least and one not in apart]
    near.sort(key=lambda one: (-seen[one], one))
    return [*near[:_OF_SLIPS], *(map(str, two) if most > least else ())]


def _parted(word: str) -> Iterator[tuple[str, str]]:
    """The ways in which it may be two words."""
    for at in range(_LEAST_PART, len(word) - _LEAST_PART + 1):
        yield word[:at], word[at:]
