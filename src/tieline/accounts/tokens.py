"""Keys for programs that act for one person, in one assignment, for one purpose (P3)."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from tieline.accounts.models import AccessToken, Assignment, User
from tieline.accounts.signin import LEDGER, account_line
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.errors import TielineError
from tieline.core.ledger.events import Event
from tieline.keeping.databases import ACCOUNTS

__all__ = [
    "LONGEST",
    "TokenRefused",
    "make_token",
    "opened",
    "revoke_every_token",
    "revoke_token",
    "token_of",
]

log = logging.getLogger(__name__)

LONGEST: Final = timedelta(days=90)
_BYTES: Final = 32
_FORM: Final = re.compile(r"tieline_[A-Za-z0-9_-]{43}")


class TokenRefused(TielineError):
    """A token that cannot be made or revoked so."""


def make_token(
    person: User,
    *,
    assignment: Assignment,
    purpose: Purpose,
    expires_at: datetime,
    at: datetime,
    by: Viewer,
    name: str = "",
) -> tuple[AccessToken, str]:
    """The token as it is kept, and the secret itself, which nobody can read again."""
    if by.number != person.number:
        raise TokenRefused("a token is made by whom it stands for", cure="Sign in as that person.")
    if assignment.user_id != person.pk or not assignment.holds(at):
        raise TokenRefused(
            "this is no assignment of yours that holds now", cure="Choose one of the list."
        )
    if not at < expires_at <= at + LONGEST:
        raise TokenRefused(
            f"a token ends later than now and within {LONGEST.days} days",
            cure="Choose an earlier day; a new token can be made at any time.",
        )
    secret = f"tieline_{secrets.token_urlsafe(_BYTES)}"
    with transaction.atomic(using=ACCOUNTS):
        # The ledger's lock, which whoever revokes every token holds, too: none slips in beside.
        LEDGER.hold()
        _refuse_unless_signed_in(person)
        token = AccessToken.objects.create(
            digest=_digest(secret),
            user=person,
            assignment=assignment,
            purpose=purpose.code.value,
            case=purpose.number,
            reason=purpose.reason[:200],
            name=name,
            made_at=at,
            expires_at=expires_at,
        )
        LEDGER.append([account_line(Event.TOKEN_CHANGED, person, at=at, by=by)])
    return token, secret


def _refuse_unless_signed_in(person: User) -> None:
    now = User.objects.filter(pk=person.pk, is_active=True, one_time_until__isnull=True)
    if not now.filter(password=person.password).exists():
        raise TokenRefused(
            "the sign-in under which it was to be made has ended", cure="Sign in, then make it."
        )


def revoke_every_token(person: User, *, at: datetime, by: Viewer | None) -> None:
    """Whoever had the person's password, or made tokens in an open session, has none any more."""
    standing = AccessToken.objects.filter(user=person, revoked_at__isnull=True)
    for token in standing.select_related("user"):
        revoke_token(token, at=at, by=by)


def revoke_token(token: AccessToken, *, at: datetime, by: Viewer | None) -> None:
    """From now on it opens nothing; a second time changes nothing."""
    if token.revoked_at is not None:
        return
    with transaction.atomic(using=ACCOUNTS):
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        LEDGER.append([account_line(Event.TOKEN_CHANGED, token.user, at=at, by=by)])


def token_of(secret: str, *, at: datetime) -> AccessToken | None:
    """The token that opens with this secret now, with its person and assignment; else None."""
    found = _found(secret)
    return found if found is not None and found.opens(at) else None


def opened(secret: str, *, at: datetime) -> AccessToken | None:
    """The same at the door, where each refusal leaves its trace, as a failed sign-in does."""
    found = _found(secret)
    if found is None:
        # It is nobody's, so it goes to the log alone: guessing must not fill a ledger.
        log.warning("a token that there is not was refused")
        return None
    if found.opens(at):
        return found
    agency = found.assignment.agency
    with transaction.atomic(using=ACCOUNTS):
        LEDGER.append([account_line(Event.TOKEN_REFUSED, found.user, at=at, owner=agency)])
    return None


def _found(secret: str) -> AccessToken | None:
    if _FORM.fullmatch(secret) is None:
        return None
    rows = AccessToken.objects.select_related("user", "assignment")
    return rows.filter(digest=_digest(secret)).first()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
