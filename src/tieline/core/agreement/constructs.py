"""Which parts of Cedar a clause may use: few, so that each has one meaning everywhere.

What is not named here is refused, so that a clause means the same to Cedar and to what is made of
its text later (lists filtered in a database, proofs).
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from tieline.core.agreement.question import ACTIONS, NAMESPACE, OF_A_CLASS
from tieline.core.errors import TielineError

__all__ = ["AgreementRefused", "Obligation", "check_policy", "obligations_in"]

_ANNOTATIONS: Final = frozenset({"id", "obligation", "standing"})
_DEEPEST: Final = 40


class AgreementRefused(TielineError):
    """The text of an agreement cannot be decided by; `clause` names the clause, where one is."""

    def __init__(self, what: str, *, cure: str = "", clause: str = "") -> None:
        super().__init__(f"clause {clause}: {what}" if clause else what, cure=cure)
        self.clause = clause


class NoSuchConstruct(AgreementRefused):
    """A clause uses a part of Cedar, or an annotation, that this agreement language has not."""


class Obligation(StrEnum):
    """What a clause, when it decides, demands of the system that asked."""

    NOTIFY_OWNER = "notify_owner"
    """Tell the owner that somebody came upon the record; the finder does not learn of it (P7)."""
    CONFIRM_FIRST = "confirm_first"
    """Not grounds to act until the owner confirms it."""
    NO_ONWARD_SHARING = "no_onward_sharing"
    """Not to be passed on without the owner's consent."""
    YEAR_ONLY = "year_only"
    """Of the dates in what it opens the year alone: the system that answers cuts them itself."""


def obligations_in(said: str) -> frozenset[Obligation]:
    """What an annotation demands: one obligation, or several with commas between them.

    Raises ValueError for what is none.
    """
    return frozenset(Obligation(one.strip()) for one in said.split(","))


def check_policy(clause: str, policy: Mapping[str, Any]) -> None:
    """Raise `AgreementRefused` where the policy uses anything that is not named here."""
    _check_annotations(clause, policy["annotations"], policy["effect"])
    for part in ("principal", "resource"):
        if policy[part] != {"op": "All"}:
            raise NoSuchConstruct(
                f"it narrows {part} in its head",
                clause=clause,
                cure=f"Write {part} alone there, and ask its attributes under when.",
            )
    _check_action(clause, policy["action"])
    _check_mask(clause, policy)
    for condition in policy["conditions"]:
        _check_expression(clause, condition["body"], 0)


def _check_annotations(clause: str, given: Mapping[str, str | None], effect: str) -> None:
    for name in sorted(set(given) - _ANNOTATIONS):
        raise NoSuchConstruct(
            f"it has the annotation @{name}",
            clause=clause,
            cure="Use @id, @obligation and @standing alone.",
        )
    if "obligation" in given:
        try:
            obligations_in(given["obligation"] or "")
        except ValueError:
            raise NoSuchConstruct(
                f"there is no obligation {given['obligation']!r}",
                clause=clause,
                cure=f"Use one of, or several with commas: {', '.join(Obligation)}.",
            ) from None
    if "standing" in given and (given["standing"] != "owner" or effect != "permit"):
        raise NoSuchConstruct(
            "@standing is not used as it may be",
            clause=clause,
            cure='Write @standing("owner"), and on a permit only.',
        )


def _check_action(clause: str, scope: Mapping[str, Any]) -> None:
    if scope == {"op": "All"}:
        return
    named = scope.get("entities") or [scope.get("entity")]
    known = [{"type": f"{NAMESPACE}::Action", "id": action.value} for action in ACTIONS]
    if scope["op"] not in ("==", "in") or any(one not in known for one in named):
        raise NoSuchConstruct(
            "it names an action that there is not",
            clause=clause,
            cure=f"Use one of: {', '.join(ACTIONS)}.",
        )


def _check_mask(clause: str, policy: Mapping[str, Any]) -> None:
    said = policy["annotations"].get("obligation")
    if not said or Obligation.YEAR_ONLY not in obligations_in(said):
        return
    scope = policy["action"]
    named = scope.get("entities") or [scope.get("entity") or {}]
    # What cuts fields must not be read as cutting a record, or what is refused anyway.
    if policy["effect"] != "permit" or any(one.get("id") not in OF_A_CLASS for one in named):
        raise NoSuchConstruct(
            f"it demands {Obligation.YEAR_ONLY}, and opens no fields",
            clause=clause,
            cure="Demand it of a permit, for the actions field and release alone.",
        )


def _check_expression(clause: str, body: Mapping[str, Any], depth: int) -> None:
    if depth > _DEEPEST:
        raise NoSuchConstruct(
            f"it is nested deeper than {_DEEPEST}", clause=clause, cure="Split it into two clauses."
        )
    ((sign, inner),) = body.items()
    if sign in ("&&", "||", "==", "!="):
        _check_expression(clause, inner["left"], depth + 1)
        _check_expression(clause, inner["right"], depth + 1)
    elif sign == "!":
        _check_expression(clause, inner["arg"], depth + 1)
    elif sign == "contains":
        _check_expression(clause, inner["left"], depth + 1)
        _check_expression(clause, inner["right"], depth + 1)
    elif not _is_leaf(sign, inner):
        raise NoSuchConstruct(
            f"it uses {sign!r} in a way that is not known here",
            clause=clause,
            cure="Use attributes, texts in quotes, sets of them, ==, !=, &&, ||, ! and contains.",
        )


def _is_leaf(sign: str, inner: Any) -> bool:
    if sign == ".":
        return inner["left"].get("Var") in ("principal", "resource", "context")
    if sign == "Value":
        # A clause with `true` or `false` in it says nothing, or all, whatever its prose says.
        return isinstance(inner, str)
    if sign == "Set":
        return bool(inner) and all(isinstance(one.get("Value"), str) for one in inner)
    return False
