"""Somebody at work inside a node of the tests: what living.py starts. Answers in JSON.

settle   let the agreement be in force, units be reached, and people sign in; tells their tokens
picture  what the exchange has made of what there is
entries  how many entries each ledger has, by event and record
carry    bring to the exchange what the systems have told
change   of the first three subjects correct one, protect one, purge one; enter a fourth
purge    the record of the number that follows
patrol   of each record: its version, whether it is there, whether the exchange may hold it
copies   what the exchange holds of the patrol's records, and in which version
write    enter one after the other, and tell of each, until the input ends
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import django

WHO = ("agent", "investigator", "patrol's auditor")


def settle() -> dict[str, str]:
    from tests.people import INVESTIGATIONS, PATROL
    from tests.signing import signers
    from tests.web.cast import CAST, INQUIRY, enlist
    from tests.web.scene import adopt_for_good

    from tieline.accounts.tokens import make_token
    from tieline.exchange.directory.register import put_on_duty, register_agency, register_unit
    from tieline.settings import node

    node().signers.write_text(signers(), encoding="utf-8")
    now = datetime.now(UTC)
    adopt_for_good(PATROL, INVESTIGATIONS, at=now)
    for agency, unit in (("patrol", "TCA/NGL"), ("investigations", "LA/13")):
        register_agency(code=agency, name=agency.title(), department="DHS", at=now)
        register_unit(agency=agency, code=unit, name=unit, at=now)
        put_on_duty(agency=agency, unit=unit, contact=f"{unit} desk", starts=now, at=now)
    tokens = {}
    for name in WHO:
        user = enlist(CAST[name])
        _, tokens[name] = make_token(
            user,
            assignment=user.assignments.get(),
            purpose=INQUIRY,
            expires_at=now + timedelta(days=1),
            at=now,
            by=CAST[name],
        )
    return tokens


def enter(surname: str = "Quispe") -> list[str]:
    from tests.people import AGENT, INVESTIGATOR
    from tests.systems.investigations.scene import a_case, a_person
    from tests.systems.patrol.scene import a_subject, an_event

    from tieline.systems.investigations import desk as investigations
    from tieline.systems.investigations.cases.opening import open_case
    from tieline.systems.investigations.subjects.adding import add_subject as add_to_case
    from tieline.systems.patrol import desk as patrol
    from tieline.systems.patrol.events.opening import open_event
    from tieline.systems.patrol.subjects.adding import add_subject as add_to_event
    from tieline.wiring.systems import set_to_work

    set_to_work()
    at, about = datetime.now(UTC), {"a_number": "A089123456"}
    event = open_event(
        patrol.at_work(), an_event(apprehended_at=at - timedelta(hours=2)), author=AGENT, at=at
    )
    subject = a_subject(event.number, paternal_surname=surname, **about)
    made = add_to_event(patrol.at_work(), subject, author=AGENT, at=at)
    case = open_case(investigations.at_work(), a_case(), author=INVESTIGATOR, at=at)
    person = a_person(case.number, **about)
    known = add_to_case(investigations.at_work(), person, author=INVESTIGATOR, at=at)
    return [made.number, known.number]


def age() -> bool:
    from django.db import connections
    from django.db.migrations.recorder import MigrationRecorder

    MigrationRecorder(connections["patrol"]).record_applied("patrol", "9999_of_later")
    return True


def picture() -> dict[str, Any]:
    from tests.wiring.way import picture as seen

    return seen()


def carry() -> bool:
    import random

    from tieline.exchange.index.relay import relay_once
    from tieline.wiring.systems import doors

    relay_once(doors(), at=datetime.now(UTC), rng=random.Random(1))
    return True


def change() -> dict[str, str]:
    from tests.people import AGENT, PROTECTION_DESK

    from tieline.keeping.heads import RecordHead
    from tieline.systems.patrol import desk as patrol
    from tieline.systems.patrol.protecting import set_protection
    from tieline.systems.patrol.subjects.adding import correct_subject
    from tieline.wiring.systems import set_to_work

    set_to_work()
    desk, at = patrol.at_work(), datetime.now(UTC)
    heads = RecordHead.objects.using("patrol").filter(kind="subject").order_by("number")
    first, second, third = heads.values_list("number", flat=True)[:3]
    correct_subject(desk, first, {"birth_date": "1980-03-13"}, why="misread", author=AGENT, at=at)
    set_protection(desk, second, "section_1367", True, why="told", author=PROTECTION_DESK, at=at)
    desk.keeper.purge(third, author=AGENT, at=at)
    fourth, _ = enter()
    return {"corrected": first, "protected": second, "purged": third, "new": fourth}


def purge(number: str) -> bool:
    from tests.people import AGENT

    from tieline.wiring.systems import doors

    doors()["patrol"].keeper.purge(number, author=AGENT, at=datetime.now(UTC))
    return True


def patrol() -> dict[str, list[Any]]:
    from tieline.keeping.heads import RecordHead
    from tieline.wiring.systems import doors

    keeper = doors()["patrol"].keeper
    heads = RecordHead.objects.using("patrol").order_by("number")
    return {
        one.number: [one.version, keeper.find(one.number) is not None, one.buried] for one in heads
    }


def copies() -> dict[str, list[Any]]:
    from tieline.exchange.index.models import IndexedPointer

    rows = IndexedPointer.objects.filter(system="patrol").order_by("number")
    return {one.number: [one.version, one.tombstone] for one in rows}


def write() -> int:
    import select

    count = 0
    while not select.select([sys.stdin], [], [], 0)[0]:
        sys.stderr.write(f"{enter()[0]}\n")
        sys.stderr.flush()
        count += 1
    return count


def entries() -> dict[str, dict[str, int]]:
    from tests.ledgers import rows_of

    from tieline.wiring.ledgers import LEDGERS

    return {
        name: dict(
            Counter(
                f"{event} {record}".strip()
                for event, record in rows_of(ledger.database).values_list("event", "record")
            )
        )
        for name, ledger in LEDGERS.items()
        if name != "exchange"
    }


_ALL = (
    *(settle, enter, age, picture, entries),
    *(carry, change, purge, patrol, copies, write),
)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tieline.django_settings"
    django.setup()
    does: dict[str, Callable[..., object]] = {one.__name__: one for one in _ALL}
    sys.stdout.write(json.dumps(does[sys.argv[1]](*sys.argv[2:])))


if __name__ == "__main__":
    main()
