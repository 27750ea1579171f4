"""The mistakes that people make when they write other people down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from random import Random

from tieline.demo.names import nicknames, variants

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Letters that sound alike to the ear of one border or the other.
SOUNDS = (
    *(("ph", "f"), ("f", "ph"), ("ck", "k"), ("c", "k"), ("v", "b"), ("b", "v"), ("z", "s")),
    *(("s", "z"), ("ll", "y"), ("y", "ll"), ("ie", "y"), ("y", "i"), ("i", "y"), ("j", "h")),
    *(("g", "j"), ("qu", "k"), ("h", ""), ("x", "j"), ("th", "t"), ("oo", "u"), ("ss", "s")),
    *(("nn", "n"), ("ei", "ey"), ("gu", "w"), ("w", "v"), ("sh", "ch")),
)


def mistype(text: str, rng: Random) -> str:
    """One letter inserted, deleted, replaced, doubled, or changed with its neighbor."""
    if len(text) < 3:
        return text
    return rng.choice(KEYING)(text, rng.randrange(len(text) - 1), rng)


def _insert(text: str, at: int, rng: Random) -> str:
    return text[: at + 1] + rng.choice(LETTERS) + text[at + 1 :]


def _delete(text: str, at: int, rng: Random) -> str:
    return text[: at + 1] + text[at + 2 :]


def _replace(text: str, at: int, rng: Random) -> str:
    return text[: at + 1] + rng.choice(LETTERS) + text[at + 2 :]


def _double(text: str, at: int, rng: Random) -> str:
    return text[: at + 1] + text[at:]


def _transpose(text: str, at: int, rng: Random) -> str:
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


KEYING: tuple[Callable[[str, int, Random], str], ...] = (
    *(_insert, _delete, _replace, _double, _transpose),
)


def mishear(text: str, rng: Random) -> str:
    """One sound written as another that sounds alike; a typing error where there is none."""
    lower = text.lower()
    start = rng.randrange(len(SOUNDS))
    for sound, other in SOUNDS[start:] + SOUNDS[:start]:
        at = lower.find(sound)
        if at >= 0 and len(lower) > 3:
            return (lower[:at] + other + lower[at + len(sound) :]).capitalize()
    return mistype(text, rng)


def respell(name: str, rng: Random) -> str:
    """Another spelling of the name, as another clerk or another transliteration has it."""
    others = variants().get(name)
    return rng.choice(others) if others else name


def shorten(name: str, rng: Random) -> str:
    """What the person is called at home, where the name has such a form."""
    others = nicknames().get(name)
    return rng.choice(others) if others else name


def misdate(day: date, rng: Random) -> date:
    """Day and month swapped, a neighboring key, another year, or "the first of January"."""
    kind = rng.random()
    if kind < 0.35 and day.day <= 12:
        return date(day.year, day.day, day.month)
    if kind < 0.55:
        return _or_same(day, day.year, day.month, day.day + rng.choice((-1, 1, -10, 10)))
    if kind < 0.75:
        return _or_same(day, day.year + rng.choice((-1, 1, -10, 10, -2, 2)), day.month, day.day)
    if kind < 0.9:
        return _or_same(day, day.year, rng.randint(1, 12), day.day)
    return date(day.year, 1, 1)  # how a system writes "about that year"


def _or_same(day: date, year: int, month: int, number: int) -> date:
    try:
        return date(year, month, number)
    except ValueError:
        return day
