"""Where two values differ, marked for the eye and said for the ear."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from typing import Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

__all__ = ["marked"]

_PARTS: Final = re.compile(r"(\w+)", re.UNICODE)


def marked(left: str, right: str) -> tuple[SafeString, SafeString]:
    """Both texts, in each what the other does not have. Case, accents and the order of words are no
    difference; the order of numbers is, as in a date whose day and month are swapped.
    """
    ours, theirs = _PARTS.split(left), _PARTS.split(right)
    return _with_marks(ours, theirs), _with_marks(theirs, ours)


def _with_marks(parts: Sequence[str], others: Sequence[str]) -> SafeString:
    words, its = [_folded(one) for one in parts[1::2]], [_folded(one) for one in others[1::2]]
    if not its:
        # Nothing is there to differ from.
        differs = [False] * len(words)
    elif Counter(words) == Counter(its) and all(one.isdecimal() for one in words):
        differs = [one != other for one, other in zip(words, its, strict=True)]
    else:
        left = Counter(its)
        differs = [_is_spent(one, left) for one in words]
    said = [
        format_html('<mark><span class="unseen">{} </span>{}</mark>', _("differs:"), part)
        if at % 2 and differs[at // 2]
        else part
        for at, part in enumerate(parts)
    ]
    return format_html_join("", "{}", ((one,) for one in said))


def _is_spent(word: str, left: Counter[str]) -> bool:
    left[word] -= 1
    return left[word] < 0


def _folded(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))
