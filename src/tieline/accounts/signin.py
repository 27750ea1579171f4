"""Sign-in: no sign-up, no mail; every try leaves its trace in the ledger of accounts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from tieline.accounts.hats import active_assignment, viewer_of
from tieline.accounts.models import User
from tieline.core.ledger.events import Event
from tieline.keeping.databases import ACCOUNTS
from tieline.keeping.ledger import Ledger, line

__all__ = ["LEDGER", "Adapter"]

LEDGER = Ledger(ACCOUNTS, "accounts")
_MOST_NAME = 64


class Adapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """People are made by an administrator, never by themselves."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


@receiver(user_logged_in)
def _signed_in(sender: object, request: HttpRequest, user: User, **more: Any) -> None:
    at = datetime.now(UTC)
    hat = active_assignment(user, at=at)
    viewer = viewer_of(user, hat) if hat is not None else None
    with transaction.atomic(using=ACCOUNTS):
        LEDGER.append([line(Event.SIGN_IN_DONE, at=at, viewer=viewer)])


@receiver(user_login_failed)
def _refused(sender: object, credentials: dict[str, Any], **more: Any) -> None:
    # A password typed into the box for the name must not stand in the ledger: the side row can
    # be erased, and is cut.
    name = str(credentials.get("username") or credentials.get("login") or "")[:_MOST_NAME]
    with transaction.atomic(using=ACCOUNTS):
        LEDGER.append([line(Event.SIGN_IN_REFUSED, at=datetime.now(UTC), side={"username": name})])
