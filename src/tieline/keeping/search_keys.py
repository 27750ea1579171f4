"""Of which version a system's search keys are, and making them anew where that is an old one.

A node is stopped for it (`tieline migrate`): records are taken in the order of their numbers, each
part in one transaction with how far it is, so that whoever is killed goes on behind the last whole
part. Until it is done the node is not served: a search that misses some looks like one that has
found all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from django.db import models, transaction

from tieline.keeping.heads import RecordHead

if TYPE_CHECKING:
    from tieline.keeping.keeper import Keeper

__all__ = ["FIRST", "SearchKeys", "are_current", "renew"]

FIRST: Final = "keys-1"
"""Of a system that never noted any."""

_AT_ONCE: Final = 1_000
"""Records whose keys are made in one transaction."""


class SearchKeys(models.Model):
    """How far the keys of one version are made; at most one is whole."""

    version = models.CharField(primary_key=True, max_length=32)
    reached = models.CharField(max_length=64, blank=True, default="")
    """The last record that has them."""
    whole = models.BooleanField(default=False)

    class Meta:
        app_label = "keeping"
        db_table = "search_keys"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["whole"], condition=models.Q(whole=True), name="search_keys_one_whole"
            )
        ]

    def __str__(self) -> str:
        return self.version


def are_current(version: str, *, database: str) -> bool:
    """Whether all records of a system are found by keys of this version."""
    rows = dict(SearchKeys.objects.using(database).values_list("version", "whole"))
    return rows == {version: True} if rows else version == FIRST


def renew(keeper: Keeper, version: str) -> int:
    """Make the keys of all records anew, unless they are of this version; gives of how many."""
    if are_current(version, database=keeper.database):
        return 0
    made = 0
    while (part := _renew_part(keeper, version)) is not None:
        made += part
    return made


def _renew_part(keeper: Keeper, version: str) -> int | None:
    """The next part; None where there was none, and all are of this version."""
    database = keeper.database
    sets = SearchKeys.objects.using(database)
    with transaction.atomic(using=database):
        # Nobody writes meanwhile: what a record is found by would be that of a moment ago.
        keeper.ledger.hold()
        # What another version began is void, and what it finished is no longer whole.
        sets.exclude(version=version).delete()
        ours, _ = sets.get_or_create(version=version)
        heads = RecordHead.objects.using(database).filter(number__gt=ours.reached)
        numbers = list(heads.order_by("number").values_list("number", flat=True)[:_AT_ONCE])
        if numbers:
            keeper.make_keys(numbers)
            ours.reached = numbers[-1]
        else:
            ours.whole = True
        ours.save(using=database)
    return len(numbers) or None
