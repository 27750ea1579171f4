"""A request to an owner, and the consents that it waits for; and an emergency, to be reviewed."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tieline.core.agreement.emergencies import Danger, Emergency
from tieline.core.agreement.refusing import RefusalReason
from tieline.core.agreement.viewer import Purpose
from tieline.core.records import RecordNumber

__all__ = [
    "Consent",
    "ReleaseRequest",
    "RequestKind",
    "RequestState",
    "ToldEmergency",
    "Verdict",
    "Voice",
]


class RequestState(StrEnum):
    """How far a request is. An appeal is answered once more; what is refused then is decided by
    both agencies together, or else above them.
    """

    ASKED = "asked"
    GRANTED = "granted"
    PART = "part"
    """Granted, but not all that was asked."""
    REFUSED = "refused"
    APPEALED = "appealed"
    UPHELD = "upheld"
    """Refused again, on appeal, and for good."""
    COUNCIL = "council"
    """Refused on appeal, or left lying there: before the sharing officers of both agencies."""
    DEPARTMENT = "department"
    """They did not agree, or not in time: before the owner's department."""
    RECALLED = "recalled"
    STAMPED = "stamped"
    """Answered by the owner's stamp, whatever it says (P30)."""

    @property
    def waits(self) -> bool:
        """Whether the owner has to answer."""
        return self in (RequestState.ASKED, RequestState.APPEALED)

    @property
    def is_above(self) -> bool:
        """Whether it is no more the owner's alone to decide."""
        return self in (RequestState.COUNCIL, RequestState.DEPARTMENT)

    @property
    def is_given(self) -> bool:
        """Whether a release was given on it that was not taken back; its term may be over."""
        return self in (RequestState.GRANTED, RequestState.PART)


class RequestKind(StrEnum):
    """What an owner is asked."""

    RELEASE = "release"
    STAMP = "stamp"
    """Whether what is shown may go into an affidavit (P30)."""


class ReleaseRequest(models.Model):
    """One unit asks one owner for more of one record, or whether it may use what it is shown. It
    names the record and no value of it.
    """

    kind = models.CharField(
        max_length=8,
        default=RequestKind.RELEASE,
        choices=[(one.value, one.value) for one in RequestKind],
    )
    number = models.CharField(max_length=16, unique=True)
    system = models.CharField(max_length=32)
    record = models.CharField(max_length=64)
    owner_agency = models.CharField(max_length=32)
    owner_unit = models.CharField(max_length=32)
    agency = models.CharField(max_length=32)
    """Who asks: agency, unit, person, and the assignment in which he does."""
    unit = models.CharField(max_length=32)
    asked_by = models.CharField(max_length=32)
    asked_as = models.CharField(max_length=32)
    purpose = models.CharField(max_length=32)
    purpose_number = models.CharField(max_length=64)
    classes = models.JSONField()
    copies = models.BooleanField(default=False)
    """Whether numbered copies are asked for, beside or instead of more field classes (P27)."""
    why = models.CharField(max_length=1_000)
    state = models.CharField(
        max_length=16, choices=[(one.value, one.value) for one in RequestState]
    )
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_to = models.CharField(max_length=120, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.CharField(max_length=32, blank=True, default="")
    reason = models.CharField(
        max_length=16,
        blank=True,
        default="",
        choices=[(one.value, one.value) for one in RefusalReason],
    )
    said = models.CharField(max_length=500, blank=True, default="")
    """What the owner adds to the answer."""
    granted = models.JSONField(default=list)
    copies_given = models.BooleanField(default=False)
    answers = models.JSONField(default=dict)
    """Of the owner's stamp, by field class."""
    expires_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.CharField(max_length=32, blank=True, default="")
    """Who refused it first: an appeal is another's to answer."""
    upheld_by = models.CharField(max_length=32, blank=True, default="")
    """Who refused it on appeal: in the council another speaks for the owner."""
    appealed_at = models.DateTimeField(null=True, blank=True)
    appeal = models.CharField(max_length=1_000, blank=True, default="")
    seen_at = models.DateTimeField(null=True, blank=True)
    """When the unit that asked acknowledged the last answer; and who did."""
    seen_by = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        app_label = "sharing"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in RequestState]),
                name="request_state_known",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("asked_at")), name="request_due_after"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "unit", "asked_at"], name="request_of_unit"),
            models.Index(fields=["owner_agency", "due_at"], name="request_to_owner"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def release(self) -> str:
        """The number of the release that is given on it: one, and never a second."""
        return f"RL-{self.number.rpartition('-')[2]}"


class Consent(models.Model):
    """What a third agency said to a request: without its yes nothing is released."""

    request = models.ForeignKey(ReleaseRequest, on_delete=models.PROTECT, related_name="consents")
    agency = models.CharField(max_length=32)
    reference = models.CharField(max_length=200)
    """By what the agency finds what it gave, in the owner's words: no record of the owner's."""
    asked_by = models.CharField(max_length=32)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    given = models.BooleanField(null=True, blank=True)
    """None: not answered, which is no."""
    answered_by = models.CharField(max_length=32, blank=True, default="")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "sharing"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "agency"], name="consent_once")
        ]

    def __str__(self) -> str:
        return f"{self.agency} on {self.request_id}"


class Voice(models.Model):
    """What one of the two agencies says before the council, or enters of the department's paper.
    It opens nothing: a release stands with the records alone.
    """

    request = models.ForeignKey(ReleaseRequest, on_delete=models.PROTECT, related_name="voices")
    step = models.CharField(max_length=16)
    """The state of the request in which it was said."""
    agency = models.CharField(max_length=32)
    said_by = models.CharField(max_length=32)
    said_as = models.CharField(max_length=32)
    """The assignment in which he did: for the owner it is he who releases."""
    said_at = models.DateTimeField()
    grants = models.BooleanField()
    why = models.CharField(max_length=1_000)
    """The reason; of the department's decision the reference of its paper."""
    classes = models.JSONField(default=list)
    """What the owner's would release, and how; the other's says nothing of it."""
    copies = models.BooleanField(default=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    caveats = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        app_label = "sharing"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "step", "agency"], name="voice_once"),
            models.CheckConstraint(
                condition=Q(step__in=[RequestState.COUNCIL.value, RequestState.DEPARTMENT.value]),
                name="voice_step_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} on {self.request_id}"


class Verdict(StrEnum):
    """What a review of an emergency found."""

    ACCEPTED = "accepted"
    MISUSE = "misuse"


class ToldEmergency(models.Model):
    """An emergency as those were told of it who must know. It opens nothing: what does stands with
    the record (`keeping.emergencies`), and this follows it by its version.
    """

    number = models.CharField(max_length=16, unique=True)
    version = models.IntegerField()
    system = models.CharField(max_length=32)
    record = models.CharField(max_length=64)
    owner_agency = models.CharField(max_length=32)
    owner_unit = models.CharField(max_length=32)
    agency = models.CharField(max_length=32)
    """Who opened it: agency, unit, person, and the assignment in which he did."""
    unit = models.CharField(max_length=32)
    opened_by = models.CharField(max_length=32)
    opened_as = models.CharField(max_length=32)
    danger = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Danger])
    why = models.CharField(max_length=1_000)
    case = models.CharField(max_length=64, blank=True, default="")
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirm_by = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=32, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.CharField(max_length=32, blank=True, default="")
    told_to = models.CharField(max_length=120)
    """Whose duty of the owner's it was when it was told of; all who answer for it see it."""
    told_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.CharField(max_length=32, blank=True, default="")
    review_by = models.DateTimeField()
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_to = models.CharField(max_length=120, blank=True, default="")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.CharField(max_length=32, blank=True, default="")
    verdict = models.CharField(
        max_length=16,
        blank=True,
        default="",
        choices=[(one.value, one.value) for one in Verdict],
    )
    said = models.CharField(max_length=1_000, blank=True, default="")
    """What the review adds to its verdict."""
    unconfirmed = models.CharField(max_length=16, blank=True, default="")
    """The finding that came of it since no second person confirmed it."""
    misused = models.CharField(max_length=16, blank=True, default="")
    """The finding that came of the review."""

    class Meta:
        app_label = "sharing"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(verdict__in=["", *(one.value for one in Verdict)]),
                name="emergency_verdict_known",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["agency", "unit", "opened_at"], name="emergency_of_unit"),
            models.Index(fields=["owner_agency", "review_by"], name="emergency_to_owner"),
        ]

    def __str__(self) -> str:
        return self.number

    def read(self) -> Emergency:
        """As the record's own system has it, by its latest word."""
        return Emergency(
            number=self.number,
            record=RecordNumber(self.record),
            owner=self.owner_agency,
            owning_unit=self.owner_unit,
            viewer=self.opened_by,
            agency=self.agency,
            unit=self.unit,
            assignment=self.opened_as,
            danger=Danger(self.danger),
            why=self.why,
            case=self.case,
            opened_at=self.opened_at,
            expires_at=self.expires_at,
            confirm_by=self.confirm_by,
            confirmed_at=self.confirmed_at,
            confirmed_by=self.confirmed_by,
            closed_at=self.closed_at,
            closed_by=self.closed_by,
            version=self.version,
        )

    @property
    def purpose(self) -> Purpose:
        """What its record is looked at for by those who confirm and review."""
        return self.read().purpose
