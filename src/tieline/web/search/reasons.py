"""Why a row was found: what was asked beside what this viewer was shown, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tieline.core.agreement.disclose import Disclosure
from tieline.core.matching.online.compare import Relation
from tieline.core.matching.online.dates import DateLevel, compare_dates
from tieline.core.matching.online.lexicon import Lexicon
from tieline.core.matching.online.names import NameLevel, compare_names
from tieline.core.matching.online.reading import read_date, read_names
from tieline.core.matching.online.weigh import name_weight
from tieline.core.ports import Query

__all__ = ["reasons"]

# A row has room for a few words; an overlap tells all of it.
_HOW_NAMES: Final[dict[NameLevel, Promise]] = {
    NameLevel.SAME: gettext_lazy("same name"),
    NameLevel.ORDER: gettext_lazy("same name, other order"),
    NameLevel.PART: gettext_lazy("part of the name"),
    NameLevel.WORD: gettext_lazy("one of the names"),
    NameLevel.NICKNAME: gettext_lazy("short form of the name"),
    NameLevel.INITIAL: gettext_lazy("initial of the name"),
    NameLevel.SOUND: gettext_lazy("name sounds alike"),
    NameLevel.MISTYPED: gettext_lazy("name nearly the same"),
    NameLevel.ENDS: gettext_lazy("given name and another"),
    NameLevel.SURNAME: gettext_lazy("surname"),
    NameLevel.GIVEN: gettext_lazy("given name"),
    NameLevel.LETTER: gettext_lazy("initials"),
    NameLevel.SOME: gettext_lazy("some of the names"),
    NameLevel.DIFFERENT: gettext_lazy("another name"),
}
_HOW_DATES: Final[dict[DateLevel, Promise]] = {
    DateLevel.SAME: gettext_lazy("same birth date"),
    DateLevel.JANUARY: gettext_lazy("same birth date"),
    DateLevel.SWAPPED: gettext_lazy("day and month swapped"),
    DateLevel.DIGIT: gettext_lazy("birth date differs by a digit"),
    DateLevel.MONTH: gettext_lazy("born in the month"),
    DateLevel.YEAR: gettext_lazy("born in the year"),
    DateLevel.FIRST: gettext_lazy("born in the year"),
    DateLevel.TWO_PARTS: gettext_lazy("birth date in two parts of three"),
    DateLevel.NEAR: gettext_lazy("born within a year"),
    DateLevel.DIFFERENT: gettext_lazy("another birth date"),
}
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
        yield str(_HOW_NAMES[best.level])


def _date(told: Disclosure, query: Query) -> Iterator[str]:
    asked = read_date(query.birth_date)
    shown = [read_date(text) for text in _texts(told.value("birth_date"))]
    for one in shown:
        if asked is not None and one is not None:
            yield str(_HOW_DATES[compare_dates(asked, one)])


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, tuple):
        return tuple(text for text in value if isinstance(text, str) and text)
    return (str(value),) if value not in (None, "") else ()


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, text.upper()))
