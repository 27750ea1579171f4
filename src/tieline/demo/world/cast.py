"""The people who work in the demo: their hats, their desks, and those who only wrote records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tieline.core.agreement.viewer import Role, Viewer
from tieline.demo.world.lines import DESKS

__all__ = ["AGENCIES", "CAST", "SECTORS", "UNITS", "DemoPerson", "Duty", "Hat", "author", "duties"]

_TRAINED_UNTIL: Final = datetime(2030, 1, 1, tzinfo=UTC)
AGENCIES: Final = (
    ("patrol", "The patrol", "DHS"),
    ("investigations", "The investigators", "DHS"),
    ("county", "A county's sheriff", "COUNTY"),
)
SECTORS: Final = (
    *("BLW", "SPW", "HVM", "GFN", "DTM", "BUN", "SWB", "HLT", "SDC", "ELC", "YUM", "TCA", "EPT"),
    *("BBT", "DRT", "LRT", "RGV"),
)
_OFFICES: Final = ("TU", "LA", "BU", "SD", "EP", "HO")
UNITS: Final = (
    *(("patrol", sector, f"Sector {sector}") for sector in SECTORS),
    ("patrol", "TCA/NGL", "Nogales station"),
    ("patrol", "RGV/MCS", "McAllen station"),
    ("patrol", "HQ", "Headquarters of the patrol"),
    *(("investigations", office, f"Office {office}") for office in _OFFICES),
    ("county", "JAIL", "County jail"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hat:
    """One assignment."""

    number: str
    agency: str
    unit: str
    role: Role
    task_force: str = ""
    acting: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """Somebody who can sign in."""

    username: str
    number: str
    name: str
    about: str
    hats: tuple[Hat, ...]
    department: str = "DHS"
    sworn: bool = True
    employee: bool = True

    def viewer(self, hat: int = 0) -> Viewer:
        """The person in one of the hats."""
        worn = self.hats[hat]
        return Viewer(
            number=self.number,
            agency=worn.agency,
            unit=worn.unit,
            role=worn.role,
            assignment=worn.number,
            department=self.department,
            sworn=self.sworn,
            employee=self.employee,
            trained_until=_TRAINED_UNTIL,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Whom one reaches at a unit."""

    agency: str
    unit: str
    contact: str


def _person(
    place: int, username: str, name: str, about: str, *hats: tuple[str, str, Role], **more: object
) -> DemoPerson:
    worn = tuple(
        Hat(
            number=f"AS-{place * 10 + at}",
            agency=agency,
            unit=unit,
            role=role,
            task_force="Border task force" if at else "",
        )
        for at, (agency, unit, role) in enumerate(hats)
    )
    return DemoPerson(
        username=username,
        number=f"U-{place}",
        name=name,
        about=about,
        hats=worn,
        **more,  # type: ignore[arg-type]
    )


CAST: Final = (
    _person(
        *(101, "agent", "R. Salas", "patrol agent, Nogales station"),
        ("patrol", "TCA/NGL", Role.AGENT),
    ),
    _person(
        *(102, "agent2", "K. Whitmore", "patrol agent, McAllen station"),
        ("patrol", "RGV/MCS", Role.AGENT),
    ),
    _person(
        *(201, "investigator", "T. Okafor", "investigator, Tucson office"),
        ("investigations", "TU", Role.INVESTIGATOR),
    ),
    _person(
        *(103, "supervisor", "M. Lindqvist", "patrol supervisor, Nogales station"),
        ("patrol", "TCA/NGL", Role.SUPERVISOR),
    ),
    _person(
        *(202, "supervisor2", "D. Ferreira", "supervisor of investigators, Tucson office"),
        ("investigations", "TU", Role.SUPERVISOR),
    ),
    _person(
        *(203, "analyst", "P. Novak", "analyst, Tucson office"),
        ("investigations", "TU", Role.ANALYST),
        sworn=False,
    ),
    _person(
        *(104, "sharing", "A. Castellanos", "sharing officer of the patrol"),
        ("patrol", "HQ", Role.SHARING_OFFICER),
        sworn=False,
    ),
    _person(
        *(207, "sharing2", "J. Marchetti", "sharing officer of the investigators"),
        ("investigations", "TU", Role.SHARING_OFFICER),
        sworn=False,
    ),
    _person(
        *(208, "sharing3", "O. Delacroix", "sharing officer of the investigators, for appeals"),
        ("investigations", "TU", Role.SHARING_OFFICER),
        sworn=False,
    ),
    _person(
        *(209, "sharing4", "I. Lund", "sharing officer of the investigators, for the council"),
        ("investigations", "TU", Role.SHARING_OFFICER),
        sworn=False,
    ),
    _person(
        *(105, "protection", "L. Haddad", "protection desk of the patrol"),
        ("patrol", "HQ", Role.PROTECTION_DESK),
    ),
    _person(
        *(106, "watch", "J. Brandt", "watch desk, Tucson sector"),
        ("patrol", "TCA", Role.WATCH_DESK),
    ),
    _person(
        *(204, "auditor", "S. Yamada", "auditor of the investigators"),
        ("investigations", "LA", Role.AUDITOR),
        sworn=False,
    ),
    _person(
        *(107, "auditor2", "C. Moreau", "auditor of the patrol"),
        ("patrol", "HQ", Role.AUDITOR),
        sworn=False,
    ),
    _person(
        *(110, "redress", "E. Fontaine", "redress officer of the patrol"),
        ("patrol", "HQ", Role.REDRESS),
        sworn=False,
    ),
    _person(
        *(205, "redress2", "M. Achterberg", "redress officer of the investigators"),
        ("investigations", "LA", Role.REDRESS),
        sworn=False,
    ),
    _person(
        *(401, "inspector", "V. Aquill", "inspector general: sees what all did, seen by none"),
        ("oig", "HQ", Role.INSPECTOR),
        sworn=False,
    ),
    _person(
        *(402, "inspector2", "R. Wexler", "auditor of the department: patrol and investigators"),
        ("dhs-audit", "HQ", Role.DEPARTMENT_AUDITOR),
        sworn=False,
    ),
    _person(
        *(108, "admin", "N. Petrov", "administrator; sees no record"),
        ("patrol", "HQ", Role.ADMINISTRATOR),
        sworn=False,
    ),
    _person(
        *(206, "protection2", "G. Ibarra", "protection desk of the investigators"),
        ("investigations", "TU", Role.PROTECTION_DESK),
    ),
    _person(
        *(301, "deputy", "B. Carver", "deputy of a county, outside the department"),
        ("county", "JAIL", Role.AGENT),
        department="COUNTY",
    ),
    _person(
        *(109, "detailed", "E. Navarro", "two hats: patrol agent, and detailed to investigators"),
        ("patrol", "TCA/NGL", Role.AGENT),
        ("investigations", "TU", Role.INVESTIGATOR),
    ),
)


def author(agency: str, unit: str) -> Viewer:
    """Whoever wrote a unit's records: one of the cast where there is one, else a number alone."""
    for one in CAST:
        hat = one.hats[0]
        if (hat.agency, hat.unit) == (agency, unit) and hat.role in _WRITERS:
            return one.viewer()
    place = next(at for at, (a, u, _) in enumerate(UNITS) if (a, u) == (agency, unit))
    return Viewer(
        number=f"U-{900 + place}",
        agency=agency,
        unit=unit,
        role=Role.AGENT if agency == "patrol" else Role.INVESTIGATOR,
        assignment=f"AS-{9000 + place}",
        department="DHS",
        sworn=True,
        employee=True,
        trained_until=_TRAINED_UNTIL,
    )


_WRITERS: Final = frozenset({Role.AGENT, Role.INVESTIGATOR})


def duties() -> tuple[Duty, ...]:
    """A desk for every unit, on a line set aside for fiction."""
    return tuple(
        Duty(agency=agency, unit=unit, contact=f"{unit} duty desk, +1 {DESKS} 555 01{at:02d}")
        for at, (agency, unit, _name) in enumerate(UNITS)
    )
