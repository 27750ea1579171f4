"""Whose people and records somebody examines (P28): said here alone, and asked once for a page."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from django.db import Error
from django.db.models import Q

from tieline.core.agreement.viewer import Role, Viewer
from tieline.exchange.directory.models import Agency
from tieline.keeping.databases import EXCHANGE

__all__ = ["Examined", "examined_by", "of_agency"]

log = logging.getLogger(__name__)

_EVERYTHING: Final = ~Q(pk__in=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """The agencies; and of those who examine others, whose deeds are told."""

    agencies: frozenset[str] | None
    """None is every agency."""
    fellows: str = ""
    """Agency of a department's auditors, who are told what each other did; blank for others."""
    missing: tuple[str, ...] = ()
    """The exchange where it does not answer: it alone knows which agencies are a department's."""

    @property
    def is_all(self) -> bool:
        """Whether it is every agency, and so every entry whole."""
        return self.agencies is None

    @property
    def of_department(self) -> bool:
        """Whether it is one department's."""
        return bool(self.fellows)

    @property
    def is_several(self) -> bool:
        """Whether one can be chosen of them."""
        return self.agencies is None or len(self.agencies) > 1

    def has(self, agency: str) -> bool:
        """Whether people and records of this agency are examined; a blank one is nobody's."""
        return self.agencies is None or agency in self.agencies

    def among(self, *columns: str) -> Q:
        """Rows of which one of the columns names an agency that is examined."""
        if self.agencies is None:
            return _EVERYTHING
        found = Q()
        for column in columns:
            found |= Q((f"{column}__in", sorted(self.agencies)))
        return found

    def tells_of(self, role: str, agency: str) -> bool:
        """Whether what somebody did in such a hat may be told: of those who examine others, to none
        but their fellows and the inspector general.
        """
        if self.agencies is None:
            return True
        if role == Role.DEPARTMENT_AUDITOR:
            return self.of_department and agency == self.fellows
        return role != Role.INSPECTOR


def examined_by(viewer: Viewer) -> Examined:
    """Of an auditor his own agency, of a department's auditor its agencies as they stand in the
    directory now and his own, of an inspector all; of anybody else none.
    """
    match viewer.role:
        case Role.INSPECTOR:
            return Examined(agencies=None)
        case Role.AUDITOR:
            return of_agency(viewer.agency)
        case Role.DEPARTMENT_AUDITOR:
            return _of_department(viewer)
        case _:
            return Examined(agencies=frozenset())


def of_agency(agency: str) -> Examined:
    """One alone."""
    return Examined(agencies=frozenset({agency} - {""}))


def _of_department(viewer: Viewer) -> Examined:
    own = frozenset({viewer.agency})
    if not viewer.department.strip():
        # Agencies without a department are no department.
        return Examined(agencies=own, fellows=viewer.agency)
    known = Agency.objects.filter(department=viewer.department)
    try:
        agencies = own | set(known.values_list("code", flat=True))
    except Error as error:
        log.error("nobody knows a department's agencies: %s", type(error).__name__)
        return Examined(agencies=own, fellows=viewer.agency, missing=(EXCHANGE,))
    return Examined(agencies=agencies, fellows=viewer.agency)
