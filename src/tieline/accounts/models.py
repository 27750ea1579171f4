"""People, the dated assignments in which they act (P2), and what they say of themselves."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, ClassVar, Final

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from tieline.core.agreement.viewer import Role
from tieline.core.errors import TielineError
from tieline.core.ledger.entries import TEXTS

__all__ = ["AccessToken", "Assignment", "HouseholdMember", "OddCode", "User"]

_ROLES: Final = [(role.value, role.value.replace("_", " ")) for role in Role]


class OddCode(TielineError):
    """A code or number of a form that no ledger takes."""

    def __init__(self, field: str, says: str) -> None:
        word = "number" if field in ("viewer", "assignment") else field
        super().__init__(f"the {word} may not be so", cure=f"Write it as {says}.")
        self.field = field


class People(BaseUserManager["User"]):
    """Makes people with a password that is hashed; services call it, and the first set-up."""

    def create_user(self, username: str, password: str | None = None, **about: Any) -> User:
        """A person; without a password nobody signs in as them."""
        person = self.model(username=username, **about)
        person.set_password(password)
        person.save(using=self._db)
        return person


class User(AbstractBaseUser):
    """A person. Department, sworn and employee are the person's own, whatever the assignment."""

    number = models.CharField(max_length=32, unique=True)
    """`U-123`: how databases of others name the person."""
    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=120)
    agency = models.CharField(max_length=32, blank=True, default="")
    """The home agency, whose administrators administer the person; blank is nobody's."""
    department = models.CharField(max_length=32, blank=True, default="")
    sworn = models.BooleanField(default=False)
    employee = models.BooleanField(default=False)
    trained_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    zone = models.CharField(max_length=64, blank=True, default="")
    """The time zone in which screens show moments; blank is the node's."""
    single_keys = models.BooleanField(default=True)
    """Whether single letters are commands (WCAG 2.1.4)."""
    theme = models.CharField(max_length=8, blank=True, default="")
    density = models.CharField(max_length=8, blank=True, default="")
    """Blank, or `loose`: how much room the rows of lists take."""
    one_time_until = models.DateTimeField(null=True, blank=True)
    """Until when a password given by an administrator opens; then, too, nothing but its change."""
    active = models.ForeignKey(
        "Assignment", null=True, blank=True, on_delete=models.PROTECT, related_name="worn_by"
    )

    objects: ClassVar[People] = People()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "number"]

    class Meta:
        app_label = "accounts"

    def __str__(self) -> str:
        return self.number

    def save(self, *given: Any, **more: Any) -> None:
        """Refuses a number or agency that the ledger could not write."""
        _refuse_odd("viewer", self.number)
        if self.agency:
            _refuse_odd("agency", self.agency)
        super().save(*given, **more)


class Assignment(models.Model):
    """One hat: where a person works, as what, from when until when; `[starts, ends)`."""

    number = models.CharField(max_length=32, unique=True)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="assignments")
    agency = models.CharField(max_length=32)
    unit = models.CharField(max_length=32)
    role = models.CharField(max_length=20, choices=_ROLES)
    task_force = models.CharField(max_length=80, blank=True, default="")
    acting = models.BooleanField(default=False)
    """Acting supervisor of the unit, beside the role."""
    starts = models.DateTimeField()
    ends = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "accounts"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gt=F("starts")),
                name="assignment_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(role__in=[role.value for role in Role]), name="assignment_role_known"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *given: Any, **more: Any) -> None:
        """Refuses codes that the ledger could not write: every look in this hat would fail."""
        _refuse_odd("agency", self.agency)
        _refuse_odd("unit", self.unit)
        _refuse_odd("assignment", self.number)
        super().save(*given, **more)

    def holds(self, at: datetime) -> bool:
        """Whether the person may act in it at this moment."""
        return self.starts <= at and (self.ends is None or at < self.ends)


class AccessToken(models.Model):
    """A key for a program that acts for one person, in one assignment, for one purpose (P3)."""

    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token; the token itself is shown once and kept nowhere."""
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT)
    purpose = models.CharField(max_length=32)
    case = models.CharField(max_length=64, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")
    name = models.CharField(max_length=80, blank=True, default="")
    """What its owner calls it; a program's name, say."""
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "accounts"

    def __str__(self) -> str:
        return f"token of {self.user_id}"

    def opens(self, at: datetime) -> bool:
        """Whether it stands, and its person and assignment with it."""
        return (
            self.revoked_at is None
            and self.made_at <= at < self.expires_at
            and self.user.is_active
            and self.user.one_time_until is None
            and self.assignment.holds(at)
        )


class HouseholdMember(models.Model):
    """Somebody of a person's own household, as that person declared: shown to him alone (P28)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="household")
    name = models.CharField(max_length=120)
    since = models.DateField()
    declared_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "accounts"

    def __str__(self) -> str:
        return f"declared by {self.user_id}"


def _refuse_odd(field: str, code: str) -> None:
    shape = TEXTS[field]
    if len(code) > shape.most or re.fullmatch(shape.pattern, code) is None:
        raise OddCode(field, shape.says)
