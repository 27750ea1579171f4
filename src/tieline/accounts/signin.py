"""Sign-in: no sign-up, no mail; every try leaves its trace in the ledger of accounts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tieline.accounts.hats import SIGNED_IN_AT, active_assignment, viewer_of
from tieline.accounts.models import User
from tieline.core.agreement.viewer import Viewer
from tieline.core.ledger.canonical import Json
from tieline.core.ledger.events import Event
from tieline.keeping.databases import ACCOUNTS
from tieline.keeping.ledger import Ledger, Line, line

__all__ = ["LEDGER", "Adapter", "account_line"]

LEDGER = Ledger(ACCOUNTS, "accounts")
_MOST_NAME = 64


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """People are made by an administrator, never by themselves."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _(
            "User name and password do not go together, or the account is locked, or a password "
            "that was given for one use has run out. Ask your administrator."
        ),
        "too_many_login_attempts": _(
            "Too many sign-ins failed. Wait five minutes, then try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Nobody, where a password given for one use has run out or the person is locked.

        One answer for all of them: which it was would tell that the password is right.
        """
        user: User | None = super().authenticate(request, **credentials)
        if user is None or not user.is_active:
            return None
        if _run_out(user):
            user_login_failed.send(sender=User, credentials=credentials, request=request)
            return None
        return user


def account_line(
    event: Event,
    person: User,
    *,
    at: datetime,
    by: Viewer | None = None,
    record: str = "",
    owner: str = "",
    side: Mapping[str, Json] | None = None,
) -> Line:
    """What happened to a person's account; it concerns the agency in whose hat the person is, and
    without a hat the home agency.
    """
    hat = None if owner else active_assignment(person, at=at)
    return line(
        event,
        at=at,
        viewer=by,
        keeper=LEDGER.system,
        record=record or person.number,
        owner=owner or (hat.agency if hat else person.agency) or None,
        side=side,
    )


@receiver(user_logged_in)
def _signed_in(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
    at = datetime.now(UTC)
    if hasattr(request, "session"):
        request.session[SIGNED_IN_AT] = at.timestamp()
    hat = active_assignment(user, at=at)
    viewer = viewer_of(user, hat) if hat is not None else None
    with transaction.atomic(using=ACCOUNTS):
        LEDGER.append([line(Event.SIGN_IN_DONE, at=at, viewer=viewer)])


@receiver(user_login_failed)
def _refused(sender: object, credentials: dict[str, Any], **more: Any) -> None:
    # A password typed into the box for the name must not stand in the ledger: the side row can
    # be erased, and is cut.
    name = str(credentials.get("username") or credentials.get("login") or "")[:_MOST_NAME]
    at = datetime.now(UTC)
    person = _named(name)
    with transaction.atomic(using=ACCOUNTS):
        if person is None:
            told = line(Event.SIGN_IN_REFUSED, at=at, side={"username": name})
        else:
            told = account_line(Event.SIGN_IN_REFUSED, person, at=at)
        LEDGER.append([told])


def _named(name: str) -> User | None:
    # What no database keeps, NUL or half a surrogate pair, is nobody's name.
    return User.objects.filter(username=name).first() if name.isprintable() else None


def _run_out(user: User) -> bool:
    return user.one_time_until is not None and datetime.now(UTC) >= user.one_time_until
