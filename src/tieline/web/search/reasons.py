"""Why a row was found: what was asked beside what this viewer was shown, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext as _

from tieline.core.agreement.disclose import Disclosure
from tieline.core.matching.online.compare import Relation
from tieline.core.matching.online.dates import compare_dates
from tieline.core.matching.online.lexicon import Lexicon
from tieline.core.matching.online.names import compare_names
from tieline.core.matching.online.reading import read_date, read_names
from tieline.core.matching.online.weigh import name_weight
from tieline.core.ports import Query

__all__ = ["reasons"]

_NAMES: Final = ("names", "name_as_given", "aliases", "name", "title")
_PARTS: Final = ("given_name", "paternal_surname", "maternal_surname")


def reasons(told: Disclosure, query: Query, *, lexicon: Lexicon) -> str:
    """In words; where it matched by what this viewer may not see, only that much is said."""
    said = [*_numbers(told, query), *_name(told, query, lexicon), *_date(told, query)]
    return " · ".join(said) or _("by a field that is not shown to you")


def _numbers(told: Disclosure, query: Query) -> Iterator[str]:
    asked = {_bare(one) for one in (*query.identifiers, *query.phones, *query.plates)}
    shown = {_bare(text) for one in told.shown for text in _texts(one.value)} | {_bare(told.number)}
    if asked & shown:
        yield _("the number is the same")


def _name(told: Disclosure, query: Query, lexicon: Lexicon) -> Iterator[str]:
    texts = [text for name in _NAMES for text in _texts(told.value(name))]
    whole = " ".join(text for name in _PARTS for text in _texts(told.value(name)))
    matches = [
        compare_names(one, other)
        for one in read_names(query.names, lexicon=lexicon)
        for other in read_names((*texts, whole), lexicon=lexicon)
    ]
    if matches:
        best = max(matches, key=lambda one: name_weight(one, Relation.SAME_PERSON, lexicon))
        yield _("name: %(how)s") % {"how": best.words}


def _date(told: Disclosure, query: Query) -> Iterator[str]:
    asked = read_date(query.birth_date)
    shown = [read_date(text) for text in _texts(told.value("birth_date"))]
    for one in shown:
        if asked is not None and one is not None:
            yield _("birth date: %(how)s") % {"how": compare_dates(asked, one)}


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(text for text in value if isinstance(text, str) and text)
    return (str(value),) if value not in (None, "") else ()


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.upper()))
