"""How many records an agency has of each class, over all systems of the node."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count

from tieline.core.records import Facts
from tieline.keeping.classes import held
from tieline.wiring.systems import doors

__all__ = ["holdings"]


def holdings(agency: str) -> Counter[Facts]:
    """Of the agency's own records, which are all that it is told of by number (P26)."""
    found: Counter[Facts] = Counter()
    for door in doors().values():
        database = door.keeper.database
        for kind, model in door.keeper.by_kind.items():
            own = {
                number: facts
                for number, facts in held(database, kind).items()
                if facts.owner_agency == agency
            }
            rows = model._default_manager.using(database).filter(policy_class__among=list(own))
            counts = rows.values_list("policy_class").annotate(n=Count("*")).order_by()
            for number, count in counts:
                found[own[number]] += count
    return found
