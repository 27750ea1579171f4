"""A keeper of crates: all that `keeping` does, with no domain around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from django.db import connections
from django.test.utils import isolate_apps
from tests.people import AGENT, AT

from tieline.core.agreement.viewer import Viewer
from tieline.core.ports import Query, SystemDescription
from tieline.core.records import FieldClass, Pointer, Protections, RecordNumber
from tieline.keeping import fields
from tieline.keeping.door import Door
from tieline.keeping.keeper import Change, Keeper
from tieline.keeping.records import Identity, KeptRecord, by_class

DATABASE = "patrol"
MARK = "CANARY-9d1e"

# Apart from the registry: no migration is asked for, and no other test meets it.
with isolate_apps("tieline.keeping"):

    class Crate(KeptRecord):
        kind: ClassVar[str] = "subject"

        name = fields.text(FieldClass.IDENTITY)
        birth_date = fields.day(FieldClass.IDENTITY)
        phones = fields.texts(FieldClass.CONTACT)
        weight = fields.real(FieldClass.DESCRIPTION)
        count = fields.number(FieldClass.DESCRIPTION)
        seen = fields.moment(FieldClass.APPREHENSION)
        lead = fields.prose(FieldClass.CASE_NARRATIVE)
        source = fields.text(FieldClass.SOURCE)
        diagnosis = fields.text(FieldClass.MEDICAL)
        fear = fields.text(FieldClass.FEAR)

        class Meta:
            app_label = "keeping"
            db_table = "test_crate"
            indexes: ClassVar = [by_class("test_crate_newest")]

        def identity(self) -> Identity:
            return Identity(
                names=(self.name,), birth_date=self.birth_date, phones=tuple(self.phones)
            )


def make_table(database: str) -> None:
    connection = connections[database]
    with connection.cursor() as cursor:
        there = connection.introspection.table_names(cursor)
    if Crate._meta.db_table in there:
        return
    with connection.schema_editor() as editor:
        editor.create_model(Crate)


def keys_of(pointer: Pointer) -> Iterable[str]:
    return {f"n:{name.casefold()}" for name in pointer.names if name} | {
        f"p:{phone}" for phone in pointer.phones
    }


def keys_of_query(query: Query) -> Iterable[str]:
    return {f"n:{name.casefold()}" for name in query.names} | {f"p:{one}" for one in query.phones}


def ranked(query: Query, pointers: Sequence[Pointer]) -> Sequence[Pointer]:
    return sorted(pointers, key=lambda one: one.number)


KEEPER = Keeper(system="patrol", database=DATABASE, kinds=(Crate,), keys_of=keys_of)
# As in the founding case: the records' owner, the application's owner and the host differ.
ABOUT = SystemDescription(
    name="patrol", owner="investigations", operator="patrol", host="third party"
)
DOOR = Door(ABOUT, KEEPER, keys_of_query, ranked)


def crate(
    number: str, *flags: str, owner: str = "patrol", screened: bool = True, **about: Any
) -> Crate:
    """A crate that nobody has kept yet; without screening each protection is unknown."""
    stated = Protections.screened(*flags) if screened else Protections.unknown()
    given = {"name": "MARIA LOPEZ", "phones": ["+15205550101"], **about}
    return Crate(
        number=number,
        owner_agency=owner,
        owning_unit="TCA/NGL",
        contact="duty desk",
        **{flag: getattr(stated, flag) for flag in stated.__dataclass_fields__},
        **given,
    )


def kept(*records: Crate, author: Viewer = AGENT, at: datetime = AT) -> None:
    KEEPER.keep([Change(one, author, at) for one in records])


def found(number: str) -> Crate:
    record = KEEPER.find(number)
    assert isinstance(record, Crate)
    return record


def by(agency: str) -> Viewer:
    return replace(AGENT, number="U-900", assignment="AS-900", agency=agency)


@dataclass(frozen=True)
class Changes:
    """What the contract does behind the door."""

    def change(self, number: RecordNumber) -> None:
        kept(found(number))

    def protect(self, number: RecordNumber) -> None:
        record = found(number)
        record.section_1367 = True
        kept(record)

    def purge(self, number: RecordNumber) -> None:
        KEEPER.purge(number, author=AGENT, at=AT)
