"""Words and numbers of the report: how a value from a file is shown without harm or disguise."""

from __future__ import annotations

import html
import math
import unicodedata
from datetime import datetime

MINUS = "\u2212"
"""The true minus sign: as wide as a digit, and read aloud as "minus"."""

# Joiners stand inside emoji and Persian names; every other invisible sign is shown by its number.
_JOINERS = frozenset("\u200c\u200d")
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar", " ": "space"}
_THOUSAND = 1000


def escape(text: str) -> str:
    """Text for an element or a quoted attribute, of signs that every encoding can carry."""
    return html.escape(_shown(text))


def value(text: str, *, limit: int = 160) -> str:
    """A value from a file: kept apart from its surroundings, cut in sight, nothing invisible."""
    if not text:
        return '<span class="none">empty</span>'
    kept = text if len(text) <= limit else text[:limit]
    body = html.escape(kept) if kept.isprintable() else _marked(kept)
    if kept[0] == " " or kept[-1] == " ":
        body = _edges(body)
    cut = "" if kept is text else f'<span class="cut">… ({len(text):,} characters)</span>'
    return f"<bdi>{body}</bdi>{cut}"


def plain(text: str, *, limit: int = 80) -> str:
    """A value inside a title or a label, where no element can stand."""
    if len(text) <= limit:
        return escape(text)
    return f"{escape(text[:limit])}… ({len(text):,} characters)"


def name(feature: str, *, limit: int = 60) -> str:
    """A field's name as words."""
    return value(feature.replace("_", " "), limit=limit)


def whole(number: int) -> str:
    return f"{number:,}"


def tenths(number: float) -> str:
    """A sum of bits, such as a score: "17.9", "−2.3"."""
    if not math.isfinite(number):
        return "not a number" if math.isnan(number) else ("∞" if number > 0 else f"{MINUS}∞")
    text = f"{abs(number):,.1f}"
    return f"{MINUS}{text}" if number < 0 and text != "0.0" else text


def signed(number: float) -> str:
    """A weight, which always shows whether it speaks for or against."""
    text = tenths(number)
    return text if text[0] in f"{MINUS}n" or text == "0.0" else f"+{text}"


def percent(share: float | None) -> str:
    """A share; only what is truly all or nothing is called 100% or 0%."""
    if share is None or math.isnan(share):
        return "cannot be said"
    if 0 < share < 0.0001:
        return "under 0.01%"
    if 0.9999 < share < 1:
        return "over 99.99%"
    digits = 2 if share > 0.99 or share < 0.01 else 1
    return f"{share * 100:.{digits}f}%".replace(".00%", "%").replace(".0%", "%")


def chance(probability: float) -> str:
    """A probability, which is never certainty, whatever the arithmetic says."""
    return percent(min(max(probability, 1e-9), 1 - 1e-9))


def times(bits: float) -> str:
    """How much likelier so many bits make a thing: "about 2,400 times", in two digits."""
    power = min(abs(bits), 60.0) if not math.isnan(bits) else 0.0
    factor = 2.0**power
    if factor >= 1e12:
        return "more than a trillion times"
    if factor < 10:
        return f"about {factor:.1f} times".replace(".0 times", " times")
    step = 10 ** (math.floor(math.log10(factor)) - 1)
    return f"about {round(factor / step) * step:,} times"


def count(number: int, one: str, many: str = "") -> str:
    """A number and its noun: "1 row", "2 rows"."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def moment(started: str) -> str:
    try:
        at = datetime.fromisoformat(started)
    except ValueError:
        return plain(started) if started else "not recorded"
    return f"{at:%Y-%m-%d %H:%M} UTC"


def delimiter(sign: str) -> str:
    if not sign:
        return "none in this format"
    return _DELIMITERS.get(sign, sign)


def duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {int(seconds % 60)} s"


def _shown(text: str) -> str:
    return text if text.isprintable() else "".join(_sign(sign) for sign in text)


def _sign(sign: str) -> str:
    return f"[U+{ord(sign):04X}]" if _hidden(sign) else sign


def _hidden(sign: str) -> bool:
    if sign in _JOINERS:
        return False
    # U+FFFE and U+FFFF of every plane are no characters at all.
    return unicodedata.category(sign) in _INVISIBLE or ord(sign) & 0xFFFE == 0xFFFE


def _marked(text: str) -> str:
    pieces: list[str] = []
    run: list[str] = []
    for sign in text:
        if _hidden(sign):
            run.append(f"[U+{ord(sign):04X}]")
            continue
        if run:
            pieces.append(_mark("".join(run)))
            run.clear()
        pieces.append(html.escape(sign))
    if run:
        pieces.append(_mark("".join(run)))
    return "".join(pieces)


def _mark(signs: str) -> str:
    return f'<span class="mark">{signs}</span>'


def _edges(body: str) -> str:
    """Spaces before and after a value count when it is compared, so they are drawn."""
    inner = body.strip(" ")
    before = len(body) - len(body.lstrip(" "))
    after = len(body) - before - len(inner) if inner else 0
    return "".join(
        _mark("␣" * spaces) if mark and spaces else inner if not mark else ""
        for spaces, mark in ((before, True), (0, False), (after, True))
    )
