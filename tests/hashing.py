"""Passwords of the tests: what makes a guess dear would be paid by each sign-in of theirs."""

from __future__ import annotations

from django.contrib.auth.hashers import PBKDF2PasswordHasher

__all__ = ["FewRounds"]


class FewRounds(PBKDF2PasswordHasher):
    """Django's own, a thousand times as fast."""

    iterations = 1_000
