"""The table of retention as it ships: each class with its years and where they come from."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources

from tieline.core.errors import TielineError
from tieline.core.retention import Rule

__all__ = ["NoSuchClass", "retention_rules"]


class NoSuchClass(TielineError):
    """A node sets years for a class of records that there is not."""


def retention_rules(years: Mapping[str, int]) -> tuple[Rule, ...]:
    """The rules, with the years that a node sets in place of those that ship; a number that is
    known with certainty is not set.

    Raises `NoSuchClass`.
    """
    rules = {one.name: one for one in _shipped()}
    for name in years:
        if name not in rules or rules[name].certain:
            raise NoSuchClass(
                f"[retention] sets years for {name!r}, which is no class whose years may be set",
                cure=f"There are {', '.join(k for k, one in rules.items() if not one.certain)}.",
            )
    return tuple(replace(one, years=years.get(name, one.years)) for name, one in rules.items())


@cache
def _shipped() -> tuple[Rule, ...]:
    file = resources.files(__package__) / "retention.toml"
    said = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(
        Rule(
            name=name,
            years=one["years"],
            certain=one["certain"],
            citation=one["citation"],
            validate_years=one.get("validate_years"),
            validate_citation=one.get("validate_citation", ""),
            kinds={system: frozenset(kinds) for system, kinds in one["kinds"].items()},
        )
        for name, one in said.items()
    )
