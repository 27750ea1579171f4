"""A county's jail for tests: its file, its map, an agreement under which bookings cross."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from tests.signing import signed_by_all

from tieline.core.agreement.clauses import Agreement, Clause, Party
from tieline.core.ports import Query
from tieline.core.records import Pointer
from tieline.keeping.door import Door
from tieline.keeping.records import PROTECTIONS
from tieline.systems.partner.load import Loaded, load
from tieline.systems.partner.port import partner_door
from tieline.systems.partner.sourcemap import SourceMap, read_source_map

from ... import people  # noqa: TID252 - tests are no installed package

NOW: Final = people.AT
EXAMPLES: Final = Path(__file__).resolve().parents[3] / "examples" / "partner"
DEPUTY: Final = replace(
    people.AGENT,
    number="U-300",
    assignment="AS-300",
    agency="constable",
    unit="EAST",
    department="COUNTY",
)
"""Of the owner's department, not of the owner."""

MAP: Final = """
[source]
owner_agency = "county"
owning_unit = "JAIL"
contact = "Booking desk"
number = "booking_number"
prefix = "CJ-"
leave_out = ["race"]
[[field]]
column = "name"
class = "identity"
meaning = "name"
[[field]]
column = "dob"
name = "birth_date"
class = "identity"
meaning = "birth_date"
[[field]]
column = "charge"
class = "criminal_history"
[[field]]
column = "booked_at"
class = "custody"
[[field]]
column = "phone"
class = "contact"
meaning = "phone"
[protections]
section_1367 = { column = "vawa" }
juvenile = { column = "juvenile" }
""" + "\n".join(
    f'{name} = {{ declared = "no", screened_on = 2026-11-01, by = "Records supervisor" }}'
    for name in PROTECTIONS
    if name not in ("section_1367", "juvenile")
)
ROW: Final = {
    "name": "RUIZ MORA, ANA",
    "dob": "07/30/1988",
    "race": "W",
    "charge": "Trespass",
    "booked_at": "2026-11-03 10:05",
    "phone": "(520) 555-0134",
    "vawa": "no",
    "juvenile": "no",
}

_PERMIT: Final = """
@id("P90")
permit (
  principal,
  action in [Tieline::Action::"summary", Tieline::Action::"field"],
  resource
)
when {
  principal.department == resource.department && context.has_number &&
  resource.kind == "booking" &&
  ["whole", "identity", "custody"].contains(context.field_class)
};
"""


def agreement() -> Agreement:
    """The model with one clause more, since it says nothing of bookings but the pointer."""
    parties = (Party("county", "COUNTY"), Party("constable", "COUNTY"))
    model = people.signed_agreement(*parties, people.PATROL)
    text = replace(
        model,
        policies=model.policies + _PERMIT,
        clauses={**model.clauses, "P90": Clause(prose="Bookings, in short.", source="County code")},
        signatures=(),
    )
    return signed_by_all(text, at=NOW)


def keys_of(pointer: Pointer) -> Iterable[str]:
    """The plainest way to match: the very same text."""
    return {text.casefold()[:90] for text in (*pointer.names, *pointer.phones)}


def keys_of_query(query: Query) -> Iterable[str]:
    return {text.casefold()[:90] for text in (*query.names, *query.phones) if text}


def ranked(query: Query, pointers: Sequence[Pointer]) -> Sequence[Pointer]:
    return pointers


@dataclass
class Jail:
    """The file as the county delivers it each night, and the door it is loaded behind."""

    path: Path
    source: SourceMap = field(default_factory=lambda: read_source_map(MAP, name="jail.toml"))
    rows: dict[str, Mapping[str, str]] = field(default_factory=dict)
    door: Door = field(
        default_factory=lambda: partner_door(
            keys_of=keys_of, keys_of_query=keys_of_query, ranked=ranked
        )
    )

    def book(self, number: str, **more: str) -> None:
        self.rows[number] = {**ROW, **self.rows.get(number, {}), **more}

    def deliver(self) -> Loaded:
        """Write the file anew, and load it."""
        with self.path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["booking_number", *ROW])
            writer.writerows([number, *row.values()] for number, row in self.rows.items())
        return self.load()

    def load(self) -> Loaded:
        return load(self.door.keeper, self.path, self.source, at=NOW)

    def told(self) -> Sequence[Pointer]:
        latest = {one.number: one for one in self.door.pointers_since("", limit=10_000).pointers}
        return [one for one in latest.values() if not one.tombstone]
