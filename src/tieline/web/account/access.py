"""Who may open these: everybody their own."""

from __future__ import annotations

from typing import Final

from tieline.core.agreement.viewer import Role

__all__ = ["ACCESS"]

_ALL: Final = frozenset(Role)

ACCESS: Final[dict[str, frozenset[Role] | None]] = {
    "account_login": None,
    "account_logout": _ALL,
    "account_password": _ALL,
    "purpose": _ALL - {Role.ADMINISTRATOR, Role.AUDITOR},
    "assignment": _ALL,
    "preferences": _ALL,
    "preference": _ALL,
    "household": _ALL,
    "household_new": _ALL,
    "household_end": _ALL,
    "tokens": _ALL,
    "token_new": _ALL,
    "tokens_revoke": _ALL,
}
