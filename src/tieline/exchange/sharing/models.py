"""A request to an owner, and the consents that it waits for."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from tieline.core.agreement.refusing import RefusalReason

__all__ = ["Consent", "ReleaseRequest", "RequestState"]


class RequestState(StrEnum):
    """How far a request is. An appeal is answered once more, and that is the end."""

    ASKED = "asked"
    GRANTED = "granted"
    PART = "part"
    """Granted, but not all that was asked."""
    REFUSED = "refused"
    APPEALED = "appealed"
    UPHELD = "upheld"
    """Refused again, on appeal."""
    RECALLED = "recalled"

    @property
    def waits(self) -> bool:
        """Whether the owner has to answer."""
        return self in (RequestState.ASKED, RequestState.APPEALED)

    @property
    def is_given(self) -> bool:
        """Whether a release was given on it that was not taken back; its term may be over."""
        return self in (RequestState.GRANTED, RequestState.PART)


class ReleaseRequest(models.Model):
    """One unit asks one owner for more of one record. It names the record and no value of it."""

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
    expires_at = models.DateTimeField(null=True, blank=True)
    refused_by = models.CharField(max_length=32, blank=True, default="")
    """Who refused it first: an appeal is another's to answer."""
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
