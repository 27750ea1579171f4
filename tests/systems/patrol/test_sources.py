"""What speaks against a subject rests on a source that can support it (P16)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from tieline.core.records import Pointer
from tieline.core.sources import OTHERS_WORD, UNSUPPORTED, Listed
from tieline.systems.patrol.desk import Desk
from tieline.systems.patrol.entering import EntryRefused
from tieline.systems.patrol.events.opening import open_event
from tieline.systems.patrol.intake import Arrival, take_in
from tieline.systems.patrol.subjects.adding import add_subject, correct_subject
from tieline.systems.patrol.subjects.subject import SubjectDraft

from .scene import AGENT, MINE, NOW, a_subject, an_event, desk_with

pytestmark = pytest.mark.any_database

HUSBAND = "Raúl Pérez Inventado"


@dataclass
class Lists:
    """One list, wherever it is kept."""

    listed: tuple[Listed, ...]

    def sources_for(self, system: str, pointer: Pointer) -> tuple[Listed, ...]:
        return self.listed


@pytest.fixture
def desk() -> Desk:
    return desk_with({}, listed=Lists((Listed(names=(HUSBAND,)),)))


def told(desk: Desk, draft: SubjectDraft) -> str:
    with pytest.raises(EntryRefused) as why:
        add_subject(desk, draft, **MINE)
    assert set(why.value.problems) == {"source_note"}
    return why.value.problems["source_note"]


@pytest.mark.parametrize(
    "fact", [{"cautions": ["armed"]}, {"charge": "8 USC 1326"}, {"criminal_history": "Assault"}]
)
def test_a_listed_source_alone_is_refused_in_the_words_of_one_that_names_nobody(
    desk: Desk, fact: dict[str, object]
) -> None:
    event = open_event(desk, an_event(), **MINE).number
    for note in (HUSBAND, "anonymous caller"):
        assert told(desk, a_subject(event, source_note=note, **fact)) == UNSUPPORTED
    both = a_subject(event, source_note=f"{HUSBAND}\nWarrant 4711", **fact)
    kept = add_subject(desk, both, **MINE)
    # What is blank is what its author saw himself.
    add_subject(desk, a_subject(event, **fact), **MINE)
    changed = {"why": "new", "author": AGENT, "at": NOW}
    with pytest.raises(EntryRefused, match="alone cannot"):
        correct_subject(desk, kept.number, {"source_note": HUSBAND}, **changed)
    assert correct_subject(desk, kept.number, {"eye": "brown"}, **changed).eye == "brown"


def test_a_disposition_and_an_import_meet_the_same(desk: Desk) -> None:
    event = open_event(desk, an_event(), **MINE).number
    draft = a_subject(event, disposition="NTA", source_note=HUSBAND)
    assert told(desk, draft) == UNSUPPORTED
    with pytest.raises(EntryRefused, match="alone cannot"):
        take_in(desk, [Arrival(draft, AGENT, NOW)])


def test_outside_the_circle_the_answer_turns_on_no_list(desk: Desk) -> None:
    """Whoever is refused must not learn that somebody is protected."""
    event = open_event(desk, an_event(), **MINE).number
    contractor = replace(AGENT, sworn=False, employee=False)
    said = []
    for note in (HUSBAND, "Maria Inventada, landlady", "anonymous", "Warrant 4711"):
        draft = a_subject(event, cautions=["armed"], source_note=note)
        with pytest.raises(EntryRefused) as why:
            add_subject(desk, draft, author=contractor, at=NOW)
        said.append(why.value.problems)
    assert said == [{"source_note": OTHERS_WORD}] * 4
    seen = a_subject(event, cautions=["armed"], source_note="Own observation")
    assert add_subject(desk, seen, author=contractor, at=NOW).cautions == ["armed"]
