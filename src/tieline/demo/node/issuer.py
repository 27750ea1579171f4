"""The owner of A-numbers and FINs, simulated: product code reaches it by its port alone (P5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from typing import Final

from tieline.systems.patrol.issuer import Allotment, Applicant, NumberState

__all__ = ["SimulatedIssuer"]

_PENDING: Final = 10
_REFUSED: Final = 2
"""Of a hundred."""


@dataclass(frozen=True, slots=True)
class SimulatedIssuer:
    """Answers by the subject's number alone, so that each process of a node gives one answer."""

    seed: int

    def a_number(self, applicant: Applicant, *, at: datetime) -> Allotment:
        """Most are allotted, some stay pending, a few are refused."""
        drawn = self._drawn("A", applicant)
        return self._answer(drawn, f"A{400_000_000 + drawn // 100 % 99_999_999:09d}")

    def fin(self, applicant: Applicant, *, at: datetime) -> Allotment:
        """The same for the fingerprint identification number."""
        drawn = self._drawn("F", applicant)
        return self._answer(drawn, f"{3_000_000_000 + drawn // 100 % 999_999_999}")

    def _drawn(self, series: str, applicant: Applicant) -> int:
        said = f"{self.seed} {series} {applicant.subject}".encode()
        return int.from_bytes(blake2b(said, digest_size=8).digest(), "big")

    @staticmethod
    def _answer(drawn: int, number: str) -> Allotment:
        if drawn % 100 < _REFUSED:
            return Allotment(state=NumberState.REFUSED)
        if drawn % 100 < _REFUSED + _PENDING:
            return Allotment(state=NumberState.PENDING)
        return Allotment(state=NumberState.ALLOTTED, number=number)
