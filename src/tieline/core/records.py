"""What crosses a border between agencies: pointers, records, notices, receipts.

None of these shows a value in its `repr`, so that a log line or a traceback that names one tells
nothing of a person. What may be shown of them is decided in `tieline.core.agreement` alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Final, NewType

from tieline.core.errors import TielineError

__all__ = [
    "SILENT",
    "Facts",
    "FieldClass",
    "FieldValue",
    "Level",
    "Notice",
    "NoticeKind",
    "Pointer",
    "Protections",
    "Receipt",
    "Record",
    "RecordMalformed",
    "RecordNumber",
    "Value",
]

RecordNumber = NewType("RecordNumber", str)
"""How the outside names a record; never a primary key of a database."""

Value = str | int | float | bool | date | datetime | tuple[str, ...] | None
"""What a field may hold: plain and unchangeable, so that nothing is read later, past the door."""

SILENT: Final = "silent"
"""The caveat of a record whose existence only its owner is told of, a silent lookout say."""


class RecordMalformed(TielineError):
    """A record or pointer cannot be made so. The text names a field, never its value."""


class Level(StrEnum):
    """How much of a record one may see. Ordered: none < pointer < summary < full."""

    NONE = "none"
    """Not even that it exists."""
    POINTER = "pointer"
    """That it exists, whose it is, whom to call."""
    SUMMARY = "summary"
    """The field classes that the agreement opens for a summary."""
    FULL = "full"
    """All field classes but those that stay closed by a clause of their own."""

    @property
    def rank(self) -> int:
        """Its place in the order, from 0."""
        return _LEVELS.index(self.value)

    # StrEnum would compare the letters, and find "full" the least of all.
    def __lt__(self, other: str) -> bool:
        return self.rank < Level(other).rank

    def __le__(self, other: str) -> bool:
        return self.rank <= Level(other).rank

    def __gt__(self, other: str) -> bool:
        return self.rank > Level(other).rank

    def __ge__(self, other: str) -> bool:
        return self.rank >= Level(other).rank


_LEVELS: Final = ("none", "pointer", "summary", "full")


class FieldClass(StrEnum):
    """What kind of thing a field tells: clauses open and close classes, never single fields.

    The class belongs to the field of the form, not to the value that stands in it: were it to
    change with the value, what is withheld would tell the value.
    """

    IDENTITY = "identity"
    """Names, aliases, birth date or claimed age, sex, citizenship, A-number, FIN, documents."""
    DESCRIPTION = "description"
    """Height, weight, eyes, hair, scars: for recognizing a person, never for matching (P20)."""
    CONTACT = "contact"
    """Phones, mail and home addresses, intended address, employer."""
    FAMILY = "family"
    """Family unit, parents, children, sponsors and their household (P11)."""
    APPREHENSION = "apprehension"
    """When and how somebody was found, event number, arrest method, entry status."""
    LOCATION = "location"
    """Where: sector, station, landmark, coordinates."""
    CONVEYANCE = "conveyance"
    """Vehicles, vessels, aircraft, plates, seized property."""
    BIOMETRIC = "biometric"
    """Prints, photographs, iris, and the numbers of their files."""
    CUSTODY = "custody"
    """Place of custody, book-in, book-out, transfer."""
    IMMIGRATION = "immigration"
    """Status, charges, prior removals, orders."""
    OUTCOME = "outcome"
    """Dispositions, processing codes, forms served, hearing types, clocks and durations: any of
    these can betray a claim of fear (ER/CF, REINRF), so the class is closed as a whole outside
    the circle (8 CFR 208.6; P19)."""
    FEAR = "fear"
    """Fear questions and answers, referrals to asylum officers, their findings (8 CFR 208.6)."""
    CRIMINAL_HISTORY = "criminal_history"
    """Arrests, convictions, warrants, prosecution referrals."""
    LOOKOUT = "lookout"
    """Reason, handling, whom to call, effective and expiry dates of a lookout."""
    CAUTION = "caution"
    """Bare precautions for officers: weapon, violence, protective equipment (P18)."""
    APPREHENSION_NARRATIVE = "apprehension_narrative"
    """The officer's account of an apprehension."""
    CASE_NARRATIVE = "case_narrative"
    """Reports, leads and plans of a case."""
    SOURCE = "source"
    """Who told: informants, confidential sources, undercover work."""
    COURT = "court"
    """Matter before a grand jury, of an intercept, under seal."""
    MEDICAL = "medical"
    """Diagnoses, treatment, screening."""
    PROTECTION = "protection"
    """Protection flags, and whatever says why one was set (8 USC 1367)."""
    HANDLING = "handling"
    """Marks, caveats, the owner's stamps and notes on use."""

    @property
    def betrays_by_name(self) -> bool:
        """That a record has such a field tells already, so it is not named where it is withheld."""
        return self in _BETRAY_BY_NAME


_BETRAY_BY_NAME: Final = frozenset(
    {
        FieldClass.FEAR,
        FieldClass.SOURCE,
        FieldClass.COURT,
        FieldClass.MEDICAL,
        FieldClass.PROTECTION,
    }
)

# Codes that say by themselves that fear was claimed; letters and digits only.
_BETRAYING_CODES: Final = frozenset({"ERCF", "VWPCF", "REINRF"})
_CLOSED_TO_OUTSIDERS: Final = frozenset({FieldClass.OUTCOME, FieldClass.FEAR})
_NOT_OF_A_CODE: Final = re.compile(r"[^A-Z0-9]+")


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A value with the class by which clauses decide on it; without a class it cannot be made."""

    value: Value = field(repr=False)
    field_class: FieldClass
    dated: bool = False
    """Whether the field is of a day, a birth date say, though its value is text."""

    def __post_init__(self) -> None:
        if not isinstance(self.field_class, FieldClass):
            raise RecordMalformed("a field has no field class", cure="Give it a FieldClass.")
        if not _is_plain(self.value):
            raise RecordMalformed(
                f"a field of class {self.field_class} holds something that is not a plain value",
                cure="Use text, a number, a date, a moment, or a tuple of texts.",
            )
        if self.field_class not in _CLOSED_TO_OUTSIDERS and _betrays_fear(self.value):
            raise RecordMalformed(
                f"a field of class {self.field_class} holds a code that betrays a claim of fear",
                cure="Give the field the class outcome (8 CFR 208.6).",
            )

    @property
    def has_day(self) -> bool:
        """Whether it may tell a day, whatever stands in it now."""
        return self.dated or isinstance(self.value, date)

    @property
    def year(self) -> FieldValue | None:
        """The same with the year of its day alone, blank where it is blank; None where that cannot
        be told, so that nothing of it may be shown. What tells no day stays as it is.
        """
        if not self.has_day or self.value in (None, ""):
            return self
        if isinstance(self.value, date):
            return replace(self, value=f"{self.value.year:04d}")
        # Nothing is guessed here: in 03-12-90, or in `about 1990`, a slip would show the day.
        found = _ISO_DAY.fullmatch(self.value) if isinstance(self.value, str) else None
        return replace(self, value=found[1]) if found else None


def _is_plain(value: object) -> bool:
    if type(value) is tuple:
        return all(type(part) is str for part in value)
    # Exactly these types: a subclass could carry more than it shows. Codes are enums of text.
    return type(value) in _PLAIN or isinstance(value, StrEnum)


_ISO_DAY: Final = re.compile(r"([0-9]{4})(?:-[0-9]{2}){0,2}")
_PLAIN: Final = frozenset({str, int, float, bool, date, datetime, type(None)})


def _betrays_fear(value: Value) -> bool:
    texts = value if isinstance(value, tuple) else (value,)
    return any(
        isinstance(text, str)
        and len(text) <= 16
        and _NOT_OF_A_CODE.sub("", text.upper()) in _BETRAYING_CODES
        for text in texts
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Protections:
    """Why a record may need hiding. Each must be stated; `None` is unknown, and counts as yes."""

    section_1367: bool | None
    """Applicant for T or U status or under the Violence Against Women Act: 8 USC 1367(a)(2)."""
    asylum: bool | None
    """Asked for asylum or expressed fear: 8 CFR 208.6."""
    juvenile: bool | None
    """A child, or of doubtful age: 8 USC 1232(b)(4); P11."""
    informant: bool | None
    """Is or names a confidential source."""
    grand_jury: bool | None
    """Matter occurring before a grand jury: Fed. R. Crim. P. 6(e)."""
    intercept: bool | None
    """Contents of an intercepted communication: 18 USC 2517."""
    sealed: bool | None
    """Under seal by order of a court."""
    medical: bool | None
    """A medical record as a whole; single medical fields have a class of their own."""
    us_person: bool | None
    """Citizen or permanent resident, or not yet shown to be none (P9): 5 USC 552a."""
    third_agency: bool | None
    """Came from a third agency on condition that it is not passed on."""
    tax: bool | None
    """Return information: 26 USC 6103."""
    suspicious_activity: bool | None
    """A report whose very existence is secret: 31 USC 5318(g)(2)."""

    def __post_init__(self) -> None:
        for name in _flags():
            stated = getattr(self, name)
            # Not 0 either: it counts as yes, yet is equal to False where answers are remembered.
            if stated is not False and stated is not None and stated is not True:
                object.__setattr__(self, name, True)

    @classmethod
    def unknown(cls) -> Protections:
        """Nothing stated, so protected in every way."""
        return cls(**dict.fromkeys(_flags(), None))

    @classmethod
    def screened(cls, *set_flags: str) -> Protections:
        """Somebody looked at each: those named are set, all others are not (P17)."""
        for name in set_flags:
            if name not in _flags():
                raise RecordMalformed(f"there is no protection {name!r}")
        return cls(**{name: name in set_flags for name in _flags()})

    @property
    def effective(self) -> Mapping[str, bool]:
        """Each protection as it counts: unknown is yes. Anything but False is yes, too."""
        # Written out: it is asked of each record that is decided.
        return {
            "section_1367": self.section_1367 is not False,
            "asylum": self.asylum is not False,
            "juvenile": self.juvenile is not False,
            "informant": self.informant is not False,
            "grand_jury": self.grand_jury is not False,
            "intercept": self.intercept is not False,
            "sealed": self.sealed is not False,
            "medical": self.medical is not False,
            "us_person": self.us_person is not False,
            "third_agency": self.third_agency is not False,
            "tax": self.tax is not False,
            "suspicious_activity": self.suspicious_activity is not False,
        }

    @property
    def hides_existence(self) -> bool:
        """Whether no pointer of it may leave its system, not even to the exchange (design.md 4).

        All but two do. A child and a US person may be known of, and clauses cut what is told.
        """
        return any(on for name, on in self.effective.items() if name not in _MAY_BE_KNOWN_OF)


_MAY_BE_KNOWN_OF: Final = frozenset({"juvenile", "us_person"})


@cache
def _flags() -> tuple[str, ...]:
    return tuple(flag.name for flag in fields(Protections))


if tuple(Protections.unknown().effective) != _flags():  # pragma: no cover - for who adds one
    raise TypeError("each protection counts: name it in Protections.effective")


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a clause may ask of a record: no number, no name, no field of it."""

    kind: str
    owner_agency: str
    owning_unit: str
    protections: Protections
    caveats: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record as its system keeps it, before it is cut: it never leaves its system so.

    Every field of the form stands in `fields`, blank ones with None: a withheld field is named,
    and were blank ones left out, the names would tell what is filled in.
    """

    number: RecordNumber
    version: int
    kind: str
    owner_agency: str
    owning_unit: str
    fields: Mapping[str, FieldValue] = field(repr=False)
    protections: Protections = field(repr=False)
    caveats: frozenset[str]
    created_at: datetime
    updated_at: datetime
    contact: str = ""
    """Whom of the owning unit to call; a duty desk, not a person."""

    def __post_init__(self) -> None:
        given: Iterable[tuple[object, object]] = self.fields.items()
        for name, value in given:
            if not isinstance(name, str) or not isinstance(value, FieldValue):
                raise RecordMalformed(
                    f"a field of a {self.kind} has no field class",
                    cure="Wrap each value: FieldValue(value, FieldClass.…).",
                )
        object.__setattr__(self, "fields", MappingProxyType(dict(self.fields)))

    @property
    def facts(self) -> Facts:
        """What clauses may ask of it."""
        return Facts(
            kind=self.kind,
            owner_agency=self.owner_agency,
            owning_unit=self.owning_unit,
            protections=self.protections,
            caveats=self.caveats,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """What the exchange holds of a record: who has something, and identity enough to match.

    One whose protections hide its existence cannot be made, except as a tombstone; and a tombstone,
    which takes a pointer back, carries no identity.
    """

    system: str
    number: RecordNumber
    version: int
    kind: str
    owner_agency: str
    owning_unit: str
    contact: str
    protections: Protections = field(repr=False)
    caveats: frozenset[str]
    names: tuple[str, ...] = field(default=(), repr=False)
    """As given, whole; parts and forms are the matching's to make."""
    birth_date: str = field(default="", repr=False)
    """As given: a date, a year, or part of one."""
    sex: str = field(default="", repr=False)
    identifiers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    """Pairs of kind and number: ("a_number", …), ("fin", …), ("curp", …), ("document", …)."""
    phones: tuple[str, ...] = field(default=(), repr=False)
    plates: tuple[str, ...] = field(default=(), repr=False)
    tombstone: bool = False

    def __post_init__(self) -> None:
        if self.tombstone and any(value.value for value in self.fields.values()):
            raise RecordMalformed(
                "a tombstone carries identity", cure="Make it with Pointer.buried()."
            )
        if not self.tombstone and self.protections.hides_existence:
            raise RecordMalformed(
                "a pointer of a record whose existence is protected cannot be made",
                cure="Send a tombstone, or screen the record's protections first (P17).",
            )

    def buried(self, *, version: int) -> Pointer:
        """The tombstone that takes this pointer back; it tells no reason (P15)."""
        return Pointer(
            system=self.system,
            number=self.number,
            version=version,
            kind=self.kind,
            owner_agency=self.owner_agency,
            owning_unit=self.owning_unit,
            contact="",
            protections=Protections.unknown(),
            caveats=frozenset(),
            tombstone=True,
        )

    @property
    def fields(self) -> Mapping[str, FieldValue]:
        """Its identity by field class, so that one function cuts pointers as it cuts records."""
        return {
            "names": FieldValue(self.names, FieldClass.IDENTITY),
            "birth_date": FieldValue(self.birth_date, FieldClass.IDENTITY, dated=True),
            "sex": FieldValue(self.sex, FieldClass.IDENTITY),
            "identifiers": FieldValue(
                tuple(f"{kind}: {number}" for kind, number in self.identifiers),
                FieldClass.IDENTITY,
            ),
            "phones": FieldValue(self.phones, FieldClass.CONTACT),
            "plates": FieldValue(self.plates, FieldClass.CONVEYANCE),
        }

    @property
    def facts(self) -> Facts:
        """What clauses may ask of it; a tombstone is protected in every way."""
        return Facts(
            kind=self.kind,
            owner_agency=self.owner_agency,
            owning_unit=self.owning_unit,
            protections=self.protections,
            caveats=self.caveats,
        )


class NoticeKind(StrEnum):
    """What a unit is told of."""

    OVERLAP = "overlap"
    HIT = "hit"
    CONFLICT = "conflict"
    REQUEST = "request"
    RELEASE = "release"
    RECALL = "recall"
    SAFETY = "safety"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message to a unit. It names records, never a person: what they hold is asked at the door.

    A viewer who may not know of a record named here must not be sent the notice.
    """

    number: str
    kind: NoticeKind
    agency: str
    unit: str
    records: tuple[RecordNumber, ...]
    sent_at: datetime
    acknowledge_by: datetime | None = None
    """When it goes to the next in line if nobody has acknowledged it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The proof of one disclosure, without any value of it: what a ledger entry is made of."""

    number: RecordNumber
    version: int
    level: Level
    shown: frozenset[FieldClass]
    withheld: frozenset[FieldClass]
    clauses: tuple[str, ...]
    agreement: str
    """The digest of the text that decided."""
    purpose: str
    purpose_number: str
    viewer: str
    agency: str
    unit: str
    assignment: str
    at: datetime
