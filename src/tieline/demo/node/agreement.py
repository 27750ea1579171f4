"""The model agreement as the parties of a demo have signed it: in force for the years around it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tieline.core.agreement.clauses import Party
from tieline.core.agreement.document import written
from tieline.files.whole_file import whole_file
from tieline.reference.agreement import model_agreement
from tieline.settings import Node

__all__ = ["PARTIES", "agree"]

PARTIES: Final = (
    Party("patrol", "DHS"),
    Party("investigations", "DHS"),
    Party("county", "COUNTY"),
)
_LONG: Final = timedelta(days=730)
_BY: Final = "nobody, for the demo"


def agree(node: Node, *, at: datetime) -> None:
    """Sign it, keep it in the node's folder, and adopt it in each database that has not yet."""
    from tieline.keeping.agreements import AdoptedAgreement, adopt
    from tieline.keeping.databases import KEEPERS

    text = model_agreement(parties=PARTIES, in_force_from=at - _LONG, in_force_until=at + _LONG)
    for party in PARTIES:
        text = text.signed(agency=party.agency, by=_BY, at=at)
    with whole_file(node.agreement) as handle:
        handle.write(written(text).encode())
    for database in KEEPERS:
        known = AdoptedAgreement.objects.using(database).filter(digest=text.digest)
        if not known.exists():
            adopt(text, database=database, at=at)
