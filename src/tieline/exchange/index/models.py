"""What the exchange holds of records: pointers, keys, and which two may be of the same."""

from __future__ import annotations

import secrets
from enum import StrEnum
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q

from tieline.core.matching.growing import Came
from tieline.core.records import Pointer
from tieline.keeping.pointers import read_pointer

__all__ = [
    "IndexedPointer",
    "Judgement",
    "KeySet",
    "KeySetState",
    "Link",
    "LinkState",
    "Membership",
    "Person",
    "PersonEvent",
    "PointerKey",
    "SecondWord",
    "fresh_number",
]

_DIGITS: Final = 10


class IndexedPointer(models.Model):
    """A pointer in its latest version; of a tombstone nothing is left but that it is one."""

    system = models.CharField(max_length=32)
    number = models.CharField(max_length=64)
    version = models.BigIntegerField()
    kind = models.CharField(max_length=32)
    owner_agency = models.CharField(max_length=32)
    owning_unit = models.CharField(max_length=32)
    pointer = models.TextField(blank=True, default="")
    """As `keeping.pointers.written` writes it; blank for a tombstone."""
    tombstone = models.BooleanField(default=False)
    matched_version = models.BigIntegerField(default=0)
    identity_version = models.BigIntegerField()
    """The version that last changed by what it is matched: a rejected pair stays so until then."""
    taken_at = models.DateTimeField()

    class Meta:
        app_label = "index"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["system", "number"], name="pointer_once"),
            models.CheckConstraint(
                condition=Q(tombstone=False) | Q(pointer=""), name="tombstone_is_empty"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["id"],
                name="pointer_unmatched",
                condition=Q(matched_version__lt=F("version")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.system} {self.number}"

    def read(self) -> Pointer | None:
        """The pointer itself; None for a tombstone, which `disclose` takes as absent."""
        return None if self.tombstone else read_pointer(self.pointer)


class KeySetState(StrEnum):
    """Whether pointers meet by a set of keys: not yet, now, or no longer."""

    BUILDING = "building"
    LIVE = "live"
    RETIRED = "retired"


class KeySet(models.Model):
    """All keys that were made in one way."""

    id = models.SmallAutoField(primary_key=True)
    version = models.CharField(max_length=32)
    """Of what makes the keys, as `core.matching.online.keys.VERSION`."""
    state = models.CharField(max_length=16, choices=[(one.value, one.value) for one in KeySetState])
    reached = models.BigIntegerField(default=0)
    """The last pointer whose keys were made, or of a retired set: taken away."""

    class Meta:
        app_label = "index"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["state"], condition=~Q(state="retired"), name="key_set_of_a_state_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in KeySetState]), name="key_set_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version}, {self.state}"


class PointerKey(models.Model):
    """The digest of a fragment of a pointer; two pointers that share one are compared."""

    key = models.BigIntegerField()
    """As `core.matching.online.keys.stored` makes it: the index spells out nobody's name."""
    pointer = models.ForeignKey(
        IndexedPointer, on_delete=models.CASCADE, related_name="keys", db_index=False
    )
    key_set = models.SmallIntegerField()
    """The `KeySet`; not looked up for each of thirty keys of a record."""

    class Meta:
        app_label = "index"
        indexes: ClassVar = [
            models.Index(fields=["key", "pointer"], name="pointer_key_key"),
            models.Index(fields=["pointer"], name="pointer_key_pointer"),
        ]

    def __str__(self) -> str:
        return f"key of {self.pointer_id}"


class LinkState(StrEnum):
    """What is thought of a link. The machine proposes; every other state is a person's word."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    UNSURE = "unsure"
    DISPUTED = "disputed"


class Link(models.Model):
    """Two pointers and the evidence for and against that they are of the same."""

    number = models.CharField(max_length=16, unique=True)
    """How pages name it; drawn at random, because numbers in a row would count what is hidden."""
    left = models.ForeignKey(IndexedPointer, on_delete=models.PROTECT, related_name="links_right")
    right = models.ForeignKey(IndexedPointer, on_delete=models.PROTECT, related_name="links_left")
    relation = models.CharField(max_length=16)
    """What it says of the two: that they are one, or have to do with each other."""
    score = models.FloatField()
    """In bits: the sum of the weights of the evidence."""
    evidence = models.JSONField(default=list)
    weights = models.CharField(max_length=64)
    """The version of the model by which it was weighed."""
    state = models.CharField(max_length=16, choices=[(one.value, one.value) for one in LinkState])
    strong = models.BooleanField()
    """Whether a strong identifier agrees, and not names and dates alone."""
    contradicted = models.BooleanField(default=False)
    """Whether a strong identifier, or a whole birth date, speaks against it: then nothing joins
    the two but a person's word."""
    frozen = models.BooleanField(default=False)
    """Closed: a side was taken back, or nothing speaks for it any more. Nobody is told of it, and
    no evidence is left."""
    left_identity = models.BigIntegerField()
    right_identity = models.BigIntegerField()
    """The `identity_version` of each side that was weighed."""
    judged_before = models.BigIntegerField(default=0)
    """Judgements up to this one are history: the pair came back since, on other data."""
    noticed = models.BooleanField(default=False)
    """Whether it was decided, as the link stands now, whom to tell of it."""
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        app_label = "index"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["left", "right"], name="link_once"),
            models.CheckConstraint(condition=Q(left__lt=F("right")), name="link_in_order"),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in LinkState]), name="link_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="link_unnoticed", condition=Q(noticed=False))
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def firm(self) -> bool:
        """Whether more than names speak for it: a strong identifier, or a person who judged."""
        return self.strong or self.state == LinkState.CONFIRMED


class Judgement(models.Model):
    """What a person said of a link. Rows are added and never changed: the latest of an agency is
    its word (P13).
    """

    link = models.ForeignKey(Link, on_delete=models.PROTECT, related_name="judgements")
    state = models.CharField(max_length=16, choices=[(one.value, one.value) for one in LinkState])
    """`proposed` takes back what the agency said before."""
    agency = models.CharField(max_length=32)
    unit = models.CharField(max_length=32)
    user = models.CharField(max_length=32)
    assignment = models.CharField(max_length=32)
    reason = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    needs_second = models.BooleanField(default=False)
    """Whether it counts only once a second person of the agency has confirmed it."""
    redress = models.CharField(max_length=16, blank=True, default="")
    """Of a rejection, the number under which *not this person* is kept (P12)."""
    review_on = models.DateField(null=True, blank=True)
    """When that is to be looked at again."""

    class Meta:
        app_label = "index"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "confirmed", "rejected", "unsure"]),
                name="judgement_state_known",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["link", "id"], name="judgement_link")]

    def __str__(self) -> str:
        return f"judgement of {self.link_id}"


class SecondWord(models.Model):
    """What a second person of the same agency said of a judgement that needs one. The first such
    word stands; whoever thinks otherwise later judges the link anew.
    """

    judgement = models.OneToOneField(Judgement, on_delete=models.PROTECT, related_name="second")
    agrees = models.BooleanField()
    unit = models.CharField(max_length=32)
    user = models.CharField(max_length=32)
    assignment = models.CharField(max_length=32)
    reason = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        app_label = "index"

    def __str__(self) -> str:
        return f"second word on {self.judgement_id}"


class Person(models.Model):
    """A name for pointers that are one: a person, or a vehicle, a phone, whatever it is that they
    are of. It stays with the oldest of them, whoever else comes and goes.
    """

    number = models.CharField(max_length=16, unique=True)
    """Drawn at random, like that of a link, and told to nobody who may not know all its members."""
    oldest = models.OneToOneField(IndexedPointer, on_delete=models.PROTECT, related_name="names")
    made_at = models.DateTimeField()

    class Meta:
        app_label = "index"

    def __str__(self) -> str:
        return self.number


class Membership(models.Model):
    """Of whom a pointer is. Derived from links and judgements, and never a fact of its own; a
    pointer without one is the only one of its person.
    """

    pointer = models.OneToOneField(
        IndexedPointer, on_delete=models.PROTECT, primary_key=True, related_name="membership"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="members")

    class Meta:
        app_label = "index"

    def __str__(self) -> str:
        return f"{self.pointer_id} of {self.person_id}"


class PersonEvent(models.Model):
    """What became of a person: merged into another, or split from one; and by what."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="events")
    came = models.CharField(max_length=16, choices=[(one.value, one.value) for one in Came])
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    judgement = models.ForeignKey(Judgement, on_delete=models.PROTECT, null=True, related_name="+")
    """By whose word; None where links changed by themselves."""
    at = models.DateTimeField()

    class Meta:
        app_label = "index"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(came__in=[one.value for one in Came]), name="person_event_known"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["person", "id"], name="person_event_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.came} {self.other_id}"


def fresh_number(series: str) -> str:
    """A number that tells nothing of how many there are."""
    return f"{series}-{secrets.randbelow(10**_DIGITS):0{_DIGITS}d}"
