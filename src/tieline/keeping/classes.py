"""Which records the agreement cannot tell apart: all that a clause may ask of them is the same.

Of a million records there are some hundreds of such classes. So a list is decided class by class
and read by an index of class and moment, however few of its records may be seen (decision 0018).
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Final

from django.db import connections, models

from tieline.core.agreement.alike import Alike, Several, alike
from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import barred, decide_all
from tieline.core.agreement.question import Action, Question, Stated, of_viewer, stated
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.errors import TielineError
from tieline.core.records import Facts, FieldClass, Protections
from tieline.keeping.among import Among

__all__ = [
    "LISTED",
    "ClassTaken",
    "PolicyClass",
    "class_of",
    "facts_of",
    "held",
    "intern",
    "showing",
    "told",
    "written",
]

log = logging.getLogger(__name__)

LISTED: Final = (Question(Action.SEARCH), Question(Action.POINTER))
"""What must be allowed of a record that stands in a list: `disclose` gives nothing of it else."""
_BITS: Final = 63
"""Of a digest, as many as a database's whole number takes without a sign."""
_REMEMBERED: Final = 1 << 16
_VIEWERS: Final = 128
"""Viewers, each with a purpose and questions, whose answers are kept."""
_PROTECTIONS: Final = tuple(Protections.unknown().effective)


class ClassTaken(TielineError):
    """Two sets of values have one number: told apart they would not be, so neither is written."""


models.BigIntegerField.register_lookup(Among)


class PolicyClass(models.Model):
    """The values of one class, by a number that is made of them: they never change."""

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=16)
    said = models.TextField()
    """The values in one canonical form. Protections stand in it that somebody stated as no: one
    that is not named counts as set, also one that a later version brings."""

    class Meta:
        app_label = "keeping"
        db_table = "policy_class"
        indexes = (models.Index(fields=["kind"], name="policy_class_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


def class_of(facts: Facts) -> int:
    """The number of the class of a record with these values."""
    return _number(written(facts))


@lru_cache(maxsize=_REMEMBERED)
def written(facts: Facts) -> str:
    """The values of a class in their canonical form, in ASCII."""
    effective = facts.protections.effective
    return json.dumps(
        {
            "kind": facts.kind,
            "owner": facts.owner_agency,
            "unit": facts.owning_unit,
            "caveats": sorted(facts.caveats),
            "cleared": sorted(name for name, on in effective.items() if not on),
        },
        sort_keys=True,
    )


def facts_of(number: int, said: str) -> Facts | None:
    """The values of a class; None where they cannot be read, or are not those of the number: such
    a class is told to nobody.
    """
    try:
        read = json.loads(said)
        kind, owner, unit, caveats, cleared = (
            read[name] for name in ("kind", "owner", "unit", "caveats", "cleared")
        )
        facts = Facts(
            kind=kind,
            owner_agency=owner,
            owning_unit=unit,
            protections=Protections(**{one: one not in cleared for one in _PROTECTIONS}),
            caveats=frozenset(caveats),
        )
        sound = _number(said) == number and written(facts) == said
    except (ValueError, TypeError, KeyError, AttributeError):
        sound = False
    return facts if sound else None


def intern(found: Iterable[Facts], *, database: str) -> None:
    """Have a row of each class; in the transaction that writes the records, with the lock held.

    Raises `ClassTaken`.
    """
    wanted = {class_of(facts): facts for facts in found}
    rows = PolicyClass.objects.using(database)
    there = dict(rows.filter(id__in=list(wanted)).values_list("id", "said"))
    for number, said in there.items():
        if said != written(wanted[number]):
            raise ClassTaken(
                "two classes of records have one number",
                cure="Change the caveats or the unit of the record that is to be kept.",
            )
    rows.bulk_create(
        PolicyClass(id=number, kind=facts.kind, said=written(facts))
        for number, facts in wanted.items()
        if number not in there
    )


def told(
    kind: str,
    agreement: Agreement,
    *,
    database: str,
    viewer: Viewer,
    purpose: Purpose,
    at: datetime,
    questions: tuple[Question, ...] = LISTED,
    whole: bool = False,
    where: Callable[[Facts], bool] | None = None,
) -> list[int]:
    """The classes of a kind of which all that is asked is allowed, and with `whole` not the year of
    a date alone; of those whose values fit, with `where`. None at all where viewer or purpose
    cannot be put to the agreement.
    """
    read = held(database, kind)
    try:
        # What differs from day to day is whether a gate is shut; all else stands in the question.
        shut = barred(agreement, viewer=viewer, purpose=purpose, at=at)
        gate = shut.clauses if shut is not None else ()
        asked_by = tuple(of_viewer(viewer).items())
        known = _answers(agreement.digest, asked_by, stated(purpose), questions, gate, whole)
        of, allowed = known.last
        if of is not read:
            key = alike(agreement, viewer=viewer, purpose=purpose, questions=questions)
            allowed = _decided(known, read, key, agreement, viewer, purpose, questions, at, whole)
    except (TielineError, AttributeError):
        return []
    return [number for number in allowed if where is None or where(read[number])]


@dataclass(slots=True)
class _Known:
    """What one viewer's questions were answered: by what is answered alike, and by class."""

    groups: dict[Hashable, bool] = field(default_factory=dict)
    classes: dict[int, bool] = field(default_factory=dict)
    last: tuple[Mapping[int, Facts] | None, Sequence[int]] = (None, ())
    """The classes that there were when all of them were decided, and which are told."""


def _decided(
    known: _Known,
    read: Held,
    key: Alike,
    agreement: Agreement,
    viewer: Viewer,
    purpose: Purpose,
    questions: tuple[Question, ...],
    at: datetime,
    whole: bool,
) -> Sequence[int]:
    undecided = False
    left = [number for number in read if number not in known.classes]
    several = read.several if len(left) == len(read) else Several(map(read.__getitem__, left))
    keys = key.of_all(several)
    # Of thousands of classes there are some dozens of groups: one class tells of each.
    for group, number in dict(zip(keys, left, strict=True)).items():
        if group in known.groups:
            continue
        facts = read[number]
        answers = decide_all(
            agreement, viewer=viewer, purpose=purpose, facts=facts, questions=questions, at=at
        )
        # What could not be decided now may be the next time.
        if any(one.alarm for one in answers):
            undecided = True
        else:
            known.groups[group] = all(one.is_whole if whole else one.allowed for one in answers)
    told = zip(left, map(known.groups.get, keys), strict=True)
    known.classes.update((number, one) for number, one in told if one is not None)
    allowed = [*filter(known.classes.get, read)]
    known.last = (None if undecided else read, allowed)
    return allowed


def showing(field_classes: Iterable[FieldClass]) -> tuple[Question, ...]:
    """What must be allowed of a record that is picked or ordered by fields of these classes: else
    that it is there, or where, would tell what is withheld of it.
    """
    fields = (Question(Action.FIELD, one) for one in sorted(set(field_classes)))
    return (*LISTED, Question(Action.SUMMARY), *fields)


@lru_cache(maxsize=_VIEWERS)
def _answers(
    text: str,
    asked_by: object,
    purpose: Stated,
    questions: tuple[Question, ...],
    gate: tuple[str, ...],
    whole: bool,
) -> _Known:
    """Empty at first; the same question has the same answer."""
    return _Known()


class Held(dict[int, Facts]):
    """The classes of a kind that there are, by number."""

    @cached_property
    def several(self) -> Several:
        """Their values, for whoever asks of all of them."""
        return Several(self.values())


def held(database: str, kind: str) -> Held:
    """Those that there are now, and can be read; the very same as before where none came."""
    # Asked by each list, so its text is not composed each time, and no number is fetched twice.
    with connections[database].cursor() as cursor:
        cursor.execute(_COUNTED, [kind])
        counted = cursor.fetchone()
        before = _held.get((database, kind))
        if before is not None and before[0] == counted:
            return before[1]
        cursor.execute("SELECT id FROM policy_class WHERE kind = %s", [kind])
        numbers = [number for (number,) in cursor.fetchall()]
    found = _facts(database, numbers)
    # One that came between the two questions is counted by the next.
    if len(found) == len(numbers):
        _held[database, kind] = (counted, found)
    return found


def _facts(database: str, numbers: Sequence[int]) -> Held:
    read = _read.setdefault(database, {})
    unread = [one for one in numbers if one not in read]
    if unread:
        if len(read) > _REMEMBERED:
            read.clear()
            unread = list(numbers)
        rows = PolicyClass.objects.using(database).filter(id__among=unread)
        for number, said in rows.values_list("id", "said"):
            facts = facts_of(number, said)
            if facts is None:
                log.error("a policy class of %s cannot be read: its records are hidden", database)
            else:
                read[number] = facts
    return Held((one, read[one]) for one in numbers if one in read)


_COUNTED: Final = "SELECT count(*), sum(id & 2147483647) FROM policy_class WHERE kind = %s"
"""A row is written once, and never changed: what differs is told by their number and their sum."""
_read: Final[dict[str, dict[int, Facts]]] = {}
"""By database. A number is made of its values, so what was read once stays true."""
_held: Final[dict[tuple[str, str], tuple[Any, Held]]] = {}
"""Of each kind the classes that there were the last time, all of them readable."""


def _number(said: str) -> int:
    digest = hashlib.sha256(said.encode()).digest()
    return int.from_bytes(digest[:8]) >> (64 - _BITS)
