"""The model agreement as the parties of a demo have signed it: in force for the years around it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from tieline.core.agreement.clauses import Agreement, Party
from tieline.core.agreement.document import read_agreement, written
from tieline.core.agreement.signing import (
    Signer,
    made_key,
    public_of,
    read_key,
    read_signers,
    sign,
    verify,
    written_signers,
)
from tieline.core.errors import TielineError
from tieline.reference.agreement import model_agreement
from tieline.settings import Node
from tieline.wiring.folder import write_private

__all__ = ["PARTIES", "agree"]

PARTIES: Final = (
    Party("patrol", "DHS"),
    Party("investigations", "DHS"),
    Party("county", "COUNTY"),
)
_LONG: Final = timedelta(days=730)
_BY: Final = "nobody, for the demo"


def agree(node: Node, *, at: datetime) -> None:
    """Sign it, keep it in the node's folder, and adopt it in each database that has not yet.

    Each party signs with a key that is made for it and then forgotten: nobody signs a second text.
    """
    from tieline.keeping.agreements import NoAgreement, adopt, in_force
    from tieline.keeping.databases import KEEPERS

    draft = model_agreement(parties=PARTIES, in_force_from=at - _LONG, in_force_until=at + _LONG)
    # Before all that the demo's year holds, so that no ledger tells of a text before it was there.
    since = draft.in_force_from
    text = _kept(node, draft) or _signed(node, draft, since)
    for database in KEEPERS:
        try:
            known = in_force(database).digest
        except NoAgreement:
            known = ""
        if known != text.digest:
            adopt(text, database=database, at=since)


def _kept(node: Node, draft: Agreement) -> Agreement | None:
    """What an earlier build signed, if it was this text; None where that was not finished."""
    try:
        text = read_agreement(node.agreement.read_text(encoding="utf-8"))
        verify(text, read_signers(node.signers.read_text(encoding="utf-8")))
    except (OSError, TielineError):
        return None
    return text if text.digest == draft.digest else None


def _signed(node: Node, text: Agreement, at: datetime) -> Agreement:
    signers = []
    for party in text.parties:
        key = read_key(made_key())
        text = sign(text, agency=party.agency, by=_BY, at=at, key=key)
        signers.append(Signer(party.agency, _BY, public_of(key)))
    write_private(node.signers, written_signers(signers))
    write_private(node.agreement, written(text))
    return text
