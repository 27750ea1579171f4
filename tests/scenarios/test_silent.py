"""A silent lookout is hit. Its owner looks at the other agency's record, and nothing that agency's
ledger holds tells that there is a lookout (P7).
"""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.ledgers import rows_of
from tests.people import AT
from tests.scenarios.story import (
    Person,
    apprehend,
    known_to_a_case,
    looked_for,
    names_of,
    new_case,
    new_event,
    record,
)
from tests.web.cast import CAST, INQUIRY
from tests.web.scene import Scene

from tieline.exchange.index.models import Link
from tieline.systems.investigations import desk as investigations
from tieline.systems.investigations.lookouts.placing import activate_lookout
from tieline.wiring.ledgers import LEDGERS

pytestmark = [pytest.mark.scenario, pytest.mark.database, pytest.mark.usefixtures("scene")]

WANTED = names_of(
    given_name="Aurelio",
    paternal_surname="Callado",
    maternal_surname="Prueba",
    birth_date="1971-05-09",
    fin="1155667788",
)


def met_in_silence() -> tuple[str, str, str]:
    """Numbers of the lookout, of the person it is for, and of the patrol's subject."""
    case = new_case("Quiet wash")
    person = known_to_a_case(case, **WANTED)
    lookout = looked_for(person, handling="silent", status="draft")
    supervisor = CAST["case supervisor"]
    activate_lookout(investigations.at_work(), lookout, author=supervisor, at=AT)
    return lookout, person, apprehend(new_event(), **WANTED)


def overlap_of(one: str, other: str) -> str:
    """The number of the overlap of two records."""
    (link,) = Link.objects.filter(
        left__number__in=(one, other), right__number__in=(one, other), frozen=False
    )
    return link.number


def exported(system: str) -> str:
    """All that the ledger's owner can read of it, side rows included."""
    return b"".join(LEDGERS[system].exported()).decode()


def test_silent_the_other_s_ledger_holds_no_number_of_the_lookout(scene: Scene) -> None:
    lookout, person, subject = met_in_silence()
    investigator = Person("investigator")
    assert lookout in investigator.reads(reverse("overlap", args=(overlap_of(lookout, subject),)))
    assert subject in investigator.opens("patrol", subject, work=overlap_of(lookout, subject))
    # What he stated is what he looked for: nothing sets the look apart from any other.
    last = rows_of("patrol").filter(record=subject).order_by("-sequence").first()
    assert last is not None
    assert f'"case":"{INQUIRY.number}"' in last.data
    assert f'"purpose":"{INQUIRY.code.value}"' in last.data
    assert lookout not in exported("patrol")
    for ledger in ({}, {"record": subject}, {"system": "exchange"}):
        assert lookout not in Person("patrol's auditor", None).reads(reverse("ledger"), **ledger)
    # The record behind it is known to the patrol, and so may be named.
    investigator.opens("patrol", subject, work=overlap_of(person, subject))
    assert person in exported("patrol")
    saw = Person("patrol's auditor", None).reads(reverse("who_saw", args=(subject,)))
    assert "deconfliction" in saw
    assert person not in saw


def test_silent_who_stated_no_purpose_is_asked_for_one(scene: Scene) -> None:
    lookout, person, subject = met_in_silence()
    client = Person("investigator", None).client
    silent = client.get(record("patrol", subject), {"work": overlap_of(lookout, subject)})
    assert silent.status_code == 302
    assert silent.url.startswith(reverse("purpose"))
    known = client.get(record("patrol", subject), {"work": overlap_of(person, subject)})
    assert known.status_code == 200
    assert lookout not in exported("patrol")
