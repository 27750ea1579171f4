"""The agreement as a file: everything that was signed, and the signatures under it."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from tieline.core.agreement.articles import Article
from tieline.core.agreement.clauses import (
    Agreement,
    AgreementRefused,
    Clause,
    Party,
    Section,
    Signature,
)

__all__ = ["read_agreement", "written"]


def written(agreement: Agreement) -> str:
    """The file's text. Reading it gives an agreement of the same digest."""
    document = json.loads(agreement.canonical())
    document["signatures"] = [
        {
            "agency": one.agency,
            "by": one.by,
            "at": one.at.isoformat(),
            "digest": one.digest,
            "proof": one.proof,
        }
        for one in agreement.signatures
    ]
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def read_agreement(text: str) -> Agreement:
    """An agreement from its file; raises `AgreementRefused` where it cannot be read."""
    try:
        return _made(json.loads(text))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise AgreementRefused(
            f"the agreement's file cannot be read: {type(error).__name__}",
            cure="take the file that was signed, unchanged",
        ) from None


def _made(said: dict[str, Any]) -> Agreement:
    return Agreement(
        id=said["id"],
        version=said["version"],
        title=said["title"],
        parties=tuple(Party(agency, department) for agency, department in said["parties"]),
        in_force_from=datetime.fromisoformat(said["in_force_from"]),
        in_force_until=datetime.fromisoformat(said["in_force_until"]),
        review_on=date.fromisoformat(said["review_on"]),
        policies=said["policies"],
        schema=said["schema"],
        clauses={
            name: Clause(prose=one["prose"], source=one["source"])
            for name, one in said["clauses"].items()
        },
        articles={name: Article.read(one) for name, one in said.get("articles", {}).items()},
        sections=tuple(
            Section(heading, tuple(holds)) for heading, holds in said.get("sections", ())
        ),
        signatures=tuple(
            Signature(
                agency=one["agency"],
                by=one["by"],
                at=datetime.fromisoformat(one["at"]),
                digest=one["digest"],
                # Documents of earlier versions have none; they can be read, and are not enforced.
                proof=one.get("proof", ""),
            )
            for one in said["signatures"]
        ),
    )
