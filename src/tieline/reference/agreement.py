"""The model agreement as it ships: a draft to start from, which counsel must review."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

from tieline.core.agreement.articles import Article
from tieline.core.agreement.clauses import Agreement, Clause, Party, Section
from tieline.core.agreement.today import Sight, read_sights

__all__ = ["model_agreement", "model_notice", "seen_today"]


def model_agreement(
    *,
    parties: Sequence[Party] = (),
    in_force_from: datetime | None = None,
    in_force_until: datetime | None = None,
) -> Agreement:
    """The model, unsigned: nothing is decided by it until each party has signed.

    Parties and period are the model's own where none are given.
    """
    about = _about()
    own = (Party(agency=one["agency"], department=one["department"]) for one in about["parties"])
    return Agreement(
        id=about["id"],
        version=about["version"],
        title=about["title"],
        parties=tuple(parties or own),
        in_force_from=in_force_from or about["in_force_from"],
        in_force_until=in_force_until or about["in_force_until"],
        review_on=about["review_on"],
        policies=_text("model.cedar"),
        schema=_text("model.cedarschema"),
        clauses={
            name: Clause(prose=said["prose"], source=said["source"])
            for name, said in about["clauses"].items()
        },
        articles={name: Article.read(said) for name, said in about["articles"].items()},
        sections=tuple(
            Section(said["heading"], tuple(said["holds"])) for said in about["sections"]
        ),
    )


def model_notice() -> str:
    """What must stand wherever the model is shown: that counsel must review it."""
    notice: str = _about()["notice"]
    return notice


def seen_today() -> tuple[Sight, ...]:
    """What users see today inside their department, as it ships (P4)."""
    return read_sights(_text("today.toml"))


@cache
def _about() -> dict[str, Any]:
    return tomllib.loads(_text("model.toml"))


def _text(name: str) -> str:
    file = resources.files("tieline.core.agreement") / "model" / name
    return file.read_text(encoding="utf-8")
