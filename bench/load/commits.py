"""From the commit of a record in one system to the notice on the other side's screen.

Run by bench/web.py beside a running demo, in a process of its own:
    python bench/load/commits.py ADDRESS FOLDER COUNT
A subject of the patrol is kept with the A-number of somebody in an investigator's case, and that
investigator's notices are asked for until the subject's number stands there. Prints one JSON
object: the seconds that each took, the asking included.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent))

from users import Person  # type: ignore[import-not-found]

PATIENCE = 30.0
PAUSE = 0.02


def main() -> None:
    address, folder, count = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    passwords = dict(
        line.split()[:2]
        for line in (folder / "sign-ins.txt").read_text().splitlines()
        if line.strip()
    )
    reader = Person(address, "investigator", passwords["investigator"])

    from tieline.wiring.opening import open_node

    open_node(folder / "tieline.toml")
    from tieline.wiring.systems import set_to_work

    set_to_work(None)
    took = []
    for wanted in _wanted(count):
        # At no beat with the clock by which parts look by themselves.
        time.sleep(Random(wanted.number).uniform(0.0, 0.5))
        number = _kept(wanted)
        began = time.perf_counter()
        took.append(round(_seen(reader, number, began), 3))
    print(json.dumps({"took": took}))


def _wanted(count: int):  # type: ignore[no-untyped-def]  # models are there only now
    """People in cases of the reader's unit whom nothing protects, and who have an A-number."""
    from tieline.systems.investigations.models import Person as Known

    known = Known._default_manager.using("investigations")
    ours = known.filter(owning_unit="TU", section_1367=False, juvenile=False, informant=False)
    ours = ours.filter(asylum=False, sealed=False).exclude(a_number="").order_by("number")
    found = list(ours[:count])
    if not found:
        raise SystemExit("nobody in this demo can be met: build a larger one")
    return (found * (count // len(found) + 1))[:count]


def _kept(wanted) -> str:  # type: ignore[no-untyped-def]
    from tieline.demo.world.cast import author
    from tieline.demo.world.protections import screened
    from tieline.systems.patrol.desk import at_work
    from tieline.systems.patrol.events.event import EventDraft
    from tieline.systems.patrol.events.opening import open_event
    from tieline.systems.patrol.subjects.adding import add_subject
    from tieline.systems.patrol.subjects.subject import SubjectDraft

    desk, agent = at_work(), author("patrol", "TCA/NGL")
    event = open_event(
        desk, EventDraft(protections=screened(), sector="TCA"), author=agent, at=datetime.now(UTC)
    )
    draft = SubjectDraft(
        protections=screened(),
        event=event.number,
        name_as_given=wanted.name_as_given,
        given_name=wanted.given_name,
        paternal_surname=wanted.paternal_surname,
        maternal_surname=wanted.maternal_surname,
        birth_date=wanted.birth_date,
        a_number=wanted.a_number,
        fear_claimed="no",
    )
    return add_subject(desk, draft, author=agent, at=datetime.now(UTC)).number


def _seen(reader, number: str, began: float) -> float:  # type: ignore[no-untyped-def]
    while time.perf_counter() - began < PATIENCE:
        status, page = reader.get("/notices/?all")
        if status == 200 and number in page:
            return time.perf_counter() - began
        time.sleep(PAUSE)
    raise SystemExit(f"no notice of {number} within {PATIENCE:g} s")


if __name__ == "__main__":
    main()
