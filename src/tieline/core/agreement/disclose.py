"""The one way out for anything that another agency owns.

What comes back has two halves. `Answer.disclosure` may cross to the viewer; `Answer.inward` stays
with the system that asked: for its ledger, its log, and its duties toward the record's owner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from itertools import takewhile
from typing import Final

from tieline.core.agreement.clauses import Agreement
from tieline.core.agreement.decide import Decision, Gate, Obligation, decide_all, decide_fields
from tieline.core.agreement.emergencies import Emergency
from tieline.core.agreement.keys import NO_KEYS, Keys, Turned
from tieline.core.agreement.question import Action, Question
from tieline.core.agreement.releases import Release
from tieline.core.agreement.releasing import copyable
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.marks import told_to_others
from tieline.core.records import (
    Facts,
    FieldClass,
    FieldValue,
    Level,
    Pointer,
    Protections,
    Receipt,
    Record,
    RecordNumber,
    Value,
)
from tieline.core.redress import Statement

__all__ = [
    "NOTHING",
    "Answer",
    "Disclosure",
    "Inward",
    "Shown",
    "Withheld",
    "disclose",
    "disclose_each",
    "receipt_of",
]

_NO_NUMBER: Final = RecordNumber("")


@dataclass(frozen=True, slots=True)
class Shown:
    """A field as it may be seen."""

    name: str
    value: Value = field(repr=False)
    field_class: FieldClass
    clauses: tuple[str, ...]
    year_only: bool = False
    """Whether it is a day of which the year alone is shown; also where none stands in it."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """A field that the viewer may know of, and why it is closed; blank or filled, it looks alike.

    Fields whose being there tells already (`FieldClass.betrays_by_name`) are not even listed.
    """

    name: str
    field_class: FieldClass
    clauses: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """A record, or a pointer, cut to what this viewer may see now."""

    level: Level
    number: RecordNumber = _NO_NUMBER
    version: int = 0
    kind: str = ""
    owner_agency: str = ""
    owning_unit: str = ""
    contact: str = ""
    caveats: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    clauses: tuple[str, ...] = ()
    """By which the level is given."""
    obligations: tuple[Obligation, ...] = ()
    """What the viewer must keep to: confirm first, not pass on."""
    agreement: str = ""
    """The digest of the text that decided."""
    release: str = ""
    """The number of the release without which less would be shown."""
    emergency: str = ""
    """Likewise of what the viewer opened himself, a life being in danger."""
    statements: tuple[Statement, ...] = ()
    """What the person concerned says against fields that are shown (5 USC 552a(d)(4))."""

    def value(self, name: str) -> Value:
        """The value of a shown field; None where it is withheld, blank or unknown."""
        return next((one.value for one in self.shown if one.name == name), None)

    @property
    def cut(self) -> tuple[Withheld, ...]:
        """For each day of which the year alone is shown: that the rest is withheld, and why."""
        return tuple(
            Withheld(one.name, one.field_class, one.clauses, _YEAR_ALONE)
            for one in self.shown
            if one.year_only
        )

    @property
    def whole(self) -> frozenset[FieldClass]:
        """The classes that are shown and of which nothing is cut: what was made of their values,
        evidence say, tells no more than they do.
        """
        closed = {one.field_class for one in (*self.withheld, *self.cut)}
        return frozenset(one.field_class for one in self.shown) - closed

    def with_statements(self, filed: Iterable[Statement]) -> Disclosure:
        """The same with what is disputed of it; of a field that is closed, no statement shows."""
        names = {one.name for one in self.shown}
        told = tuple(one for one in filed if one.name in names)
        return replace(self, statements=told) if told else self


NOTHING: Final = Disclosure(level=Level.NONE)
"""Protected, refused, absent or failed: one and the same value, so that none can be told apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inward:
    """What the door keeps to itself. It cites why NOTHING is nothing: never show it to the viewer.

    What a viewer may be told of a refusal comes from `decide.barred`.
    """

    clauses: tuple[str, ...] = ()
    obligations: frozenset[Obligation] = frozenset()
    withheld: frozenset[FieldClass] = frozenset()
    """All classes that stayed closed, those that are not named to the viewer as well."""
    alarm: str = ""
    """Something failed, and so nothing was told: for the log. It holds no value."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Both halves; only the first may leave the door."""

    disclosure: Disclosure
    inward: Inward


_POINTER_ALONE: Final = "The agreement gives the pointer only."
_NO_YEAR: Final = "Of a date the year alone may be shown, and none can be told from this one."
_YEAR_ALONE: Final = "Of a date the year alone is shown, so what was made of the whole is not."
_NOT_RELEASED: Final = "The owner did not release this, and the agreement gives the pointer only."
_NOT_OPENED: Final = "No danger opens this, and the agreement gives the pointer only."
_RANKS: Final = (Level.POINTER, Level.SUMMARY, Level.FULL)
_NOT_THE_VIEWERS: Final = frozenset({Obligation.NOTIFY_OWNER, Obligation.YEAR_ONLY})


def disclose(
    record: Record | Pointer | None,
    *,
    viewer: Viewer,
    purpose: Purpose | None,
    agreement: Agreement,
    at: datetime,
    way: Action = Action.POINTER,
    release: Release | None = None,
    emergency: Emergency | None = None,
) -> Answer:
    """Cut a record, or a pointer, to what the agreement gives. None stands for an absent one.

    `way` is how it goes out, and must be allowed too: opened by its number as it stands, or as a
    row found (`SEARCH`), in a notice (`NOTIFY`), as a copy (`EXPORT`). A `release` that the owner
    gave opens more of a record opened by its number, and lets it be copied where it says so; an
    `emergency` that the viewer declared opens more, too. One that does not hold opens nothing.

    Decides by owner and viewer alone: who owns the application or keeps the machine gets nothing by
    that (P1). Never raises for what it is given; whatever goes wrong gives NOTHING and an alarm.
    """

    def ask(facts: Facts) -> tuple[Decision, ...]:
        return _steps(facts, way, viewer, purpose, agreement, at)

    keys = NO_KEYS
    if way is Action.POINTER:
        keys = Keys(release, emergency)
    elif way is Action.EXPORT and release is not None and release.copies:
        keys = Keys(release)
    return _guarded(record, ask, viewer, purpose, agreement, at, keys)


def disclose_each(
    records: Iterable[Record | Pointer],
    *,
    viewer: Viewer,
    purpose: Purpose | None,
    agreement: Agreement,
    at: datetime,
    way: Action,
) -> Iterator[tuple[Record | Pointer, Answer]]:
    """The same for one after another, as they are asked for; what clauses see alike in two records
    is decided once. A list of a thousand rows of one unit costs a handful of decisions.
    """

    @cache
    def ask(facts: Facts) -> tuple[Decision, ...]:
        return _steps(facts, way, viewer, purpose, agreement, at)

    for record in records:
        yield record, _guarded(record, ask, viewer, purpose, agreement, at)


def receipt_of(
    answer: Answer,
    *,
    number: RecordNumber,
    viewer: Viewer,
    purpose: Purpose,
    agreement: Agreement,
    at: datetime,
) -> Receipt:
    """What the ledger keeps of an answer, a refusal as well as a disclosure: not one value."""
    told = answer.disclosure
    return Receipt(
        number=number,
        version=told.version,
        level=told.level,
        shown=frozenset(one.field_class for one in told.shown),
        withheld=answer.inward.withheld,
        clauses=answer.inward.clauses,
        agreement=agreement.digest,
        purpose=purpose.code.value,
        purpose_number=purpose.number,
        viewer=viewer.number,
        agency=viewer.agency,
        unit=viewer.unit,
        assignment=viewer.assignment,
        at=at,
    )


def _guarded(
    record: Record | Pointer | None,
    ask: Callable[[Facts], tuple[Decision, ...]],
    viewer: Viewer,
    purpose: Purpose | None,
    agreement: Agreement,
    at: datetime,
    keys: Keys = NO_KEYS,
) -> Answer:
    try:
        return _disclosed(record, ask, viewer, purpose, agreement, at, keys)
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic of the engine is no Exception
        alarm = f"disclosing failed, so nothing was told: {type(error).__name__}"
        return Answer(NOTHING, Inward(alarm=alarm))


def _disclosed(
    record: Record | Pointer | None,
    ask: Callable[[Facts], tuple[Decision, ...]],
    viewer: Viewer,
    purpose: Purpose | None,
    agreement: Agreement,
    at: datetime,
    keys: Keys,
) -> Answer:
    if record is None or (isinstance(record, Pointer) and record.tombstone):
        # As much work as for a hidden record: the time that nothing takes must not tell.
        asked = ask(_stand_in(agreement, viewer))
        return Answer(NOTHING, Inward(clauses=_gates(asked), alarm=_alarm(asked)))
    out, *steps = ask(record.facts)
    # A prohibition cites itself; where none does, the answer is no because no clause says yes.
    if keys.release is not None and not (out.allowed or out.clauses) and isinstance(record, Record):
        out = copyable(
            record, keys.release, viewer=viewer, purpose=purpose, agreement=agreement, at=at
        )
    reached = list(takewhile(lambda step: step.allowed, steps))
    if not out.allowed or not reached:
        return Answer(NOTHING, _inward([no for no in (out, steps[0]) if not no.allowed]))
    level = _RANKS[len(reached) - 1]
    by_class = {} if level is Level.POINTER else _by_class(record, viewer, purpose, agreement, at)
    turned = Turned()
    if isinstance(record, Record) and _may_rise(steps):
        shut = {one for one in _classes(record) if one not in by_class or not by_class[one].allowed}
        turned = keys.turned(record, shut, viewer, purpose, agreement, at)
    alarm = _alarm([out, *steps, *by_class.values(), *turned.decisions])
    if turned.opened:
        if level is Level.POINTER:
            level = Level.SUMMARY
            # One reason for all that stays closed, as under the pointer alone.
            by_class = dict.fromkeys(_classes(record), _closed_but_for(steps[0], turned))
        by_class |= turned.opened
    if alarm:
        # Half an answer would say which half could not be decided.
        return Answer(NOTHING, Inward(clauses=(Gate.ENGINE.value,), alarm=alarm))
    shown, withheld = (
        _parted(record, by_class) if by_class else ((), _all_withheld(record, steps[0]))
    )
    return Answer(
        Disclosure(
            level=level,
            number=record.number,
            version=record.version,
            kind=record.kind,
            owner_agency=record.owner_agency,
            owning_unit=record.owning_unit,
            contact=record.contact,
            caveats=(*_marks(record, viewer), *turned.caveats),
            shown=shown,
            withheld=withheld,
            clauses=_once(clause for step in reached for clause in step.clauses),
            release=turned.release,
            emergency=turned.emergency,
            obligations=_duties([*reached, *_used(by_class, shown)]),
            agreement=agreement.digest,
        ),
        _inward(
            # The step that was not reached says why there is no more.
            [*steps[: len(reached) + 1], *by_class.values()],
            withheld=frozenset(one.field_class for one in record.fields.values())
            - {one.field_class for one in shown},
        ),
    )


def _marks(record: Record | Pointer, viewer: Viewer) -> tuple[str, ...]:
    if viewer.agency == record.owner_agency:
        return tuple(sorted(record.caveats))
    return told_to_others(record.caveats)


def _steps(
    facts: Facts,
    way: Action,
    viewer: Viewer,
    purpose: Purpose | None,
    agreement: Agreement,
    at: datetime,
) -> tuple[Decision, ...]:
    """First whether it may go out in this way; then the levels from the lowest."""
    actions = (way, Action.POINTER, Action.SUMMARY, Action.FULL)
    questions = tuple(Question(action) for action in actions)
    return decide_all(
        agreement, viewer=viewer, purpose=purpose, facts=facts, questions=questions, at=at
    )


def _by_class(
    record: Record | Pointer,
    viewer: Viewer,
    purpose: Purpose | None,
    agreement: Agreement,
    at: datetime,
) -> dict[FieldClass, Decision]:
    classes = _classes(record)
    asked = decide_fields(
        agreement, viewer=viewer, purpose=purpose, facts=record.facts, classes=classes, at=at
    )
    return dict(zip(classes, asked, strict=True))


def _classes(record: Record | Pointer) -> tuple[FieldClass, ...]:
    present = {value.field_class for value in record.fields.values()}
    return tuple(one for one in FieldClass if one in present)


def _may_rise(steps: list[Decision]) -> bool:
    """Whether nothing forbids this viewer a summary: a release is no way around a prohibition."""
    return steps[1].allowed or not steps[1].clauses


def _closed_but_for(pointer: Decision, turned: Turned) -> Decision:
    reason = _NOT_RELEASED if turned.release else _NOT_OPENED
    return Decision(allowed=False, clauses=pointer.clauses, reasons=(reason, *pointer.reasons))


def _parted(
    record: Record | Pointer, by_class: dict[FieldClass, Decision]
) -> tuple[tuple[Shown, ...], tuple[Withheld, ...]]:
    shown: list[Shown] = []
    withheld: list[Withheld] = []
    for name, value in record.fields.items():
        decision = by_class[value.field_class]
        told = _told(name, value, decision)
        if told is not None:
            shown.append(told)
        elif not value.field_class.betrays_by_name:
            reason = _NO_YEAR if decision.allowed else " ".join(decision.reasons)
            withheld.append(Withheld(name, value.field_class, decision.clauses, reason))
    return tuple(shown), tuple(withheld)


def _told(name: str, value: FieldValue, decision: Decision) -> Shown | None:
    if not decision.allowed:
        return None
    if decision.is_whole:
        return Shown(name, value.value, value.field_class, decision.clauses)
    cut = value.year
    if cut is None:
        return None
    return Shown(name, cut.value, cut.field_class, decision.clauses, year_only=value.has_day)


def _all_withheld(record: Record | Pointer, pointer: Decision) -> tuple[Withheld, ...]:
    """One reason for all: a clause that closes a child's family, say, would tell of the child."""
    reason = " ".join((_POINTER_ALONE, *pointer.reasons))
    return tuple(
        Withheld(name, value.field_class, pointer.clauses, reason)
        for name, value in record.fields.items()
        if not value.field_class.betrays_by_name
    )


def _used(by_class: dict[FieldClass, Decision], shown: tuple[Shown, ...]) -> list[Decision]:
    return [by_class[one] for one in {each.field_class for each in shown}]


def _duties(decisions: list[Decision]) -> tuple[Obligation, ...]:
    """The viewer's own; that the owner is told is not for the viewer to know (P7), and what the
    door cuts is done.
    """
    demanded = frozenset[Obligation]().union(*(one.obligations for one in decisions))
    return tuple(sorted(demanded - _NOT_THE_VIEWERS))


def _inward(
    decisions: list[Decision] | tuple[Decision, ...],
    *,
    withheld: frozenset[FieldClass] = frozenset(),
) -> Inward:
    return Inward(
        clauses=_once(clause for one in decisions for clause in one.clauses),
        obligations=frozenset[Obligation]().union(*(one.obligations for one in decisions)),
        withheld=withheld,
        alarm=_alarm(decisions),
    )


def _alarm(decisions: Iterable[Decision]) -> str:
    return "; ".join(_once(one.alarm for one in decisions if one.alarm))


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _gates(decisions: Iterable[Decision]) -> tuple[str, ...]:
    """Of a record that is not there, no clause can be cited; a gate is shut for all alike."""
    return _once(clause for one in decisions for clause in one.clauses if clause in set(Gate))


def _stand_in(agreement: Agreement, viewer: Viewer) -> Facts:
    others = [one.agency for one in agreement.parties if one.agency != viewer.agency]
    return Facts(
        kind="absent",
        owner_agency=others[0] if others else viewer.agency,
        owning_unit="absent",
        # As the commonest hidden record: more clauses that apply take longer to cite.
        protections=Protections.screened("section_1367"),
        caveats=frozenset(),
    )
