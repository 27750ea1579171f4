"""The event tags: their grammar, and that each says what it is."""

from __future__ import annotations

import pytest

from tieline.core.ledger.events import GRAMMAR, Event


@pytest.mark.parametrize("event", Event)
def test_every_event_keeps_to_the_grammar_and_says_what_it_is(event: Event) -> None:
    assert GRAMMAR.fullmatch(event.value)
    assert event.value == f"{event.thing}:{event.act}:{event.outcome}" == str(event)
    assert event.says.endswith(".")
    assert event.__doc__ == event.says
    assert len(event.says) <= 90
    assert Event(event.value) is event


def test_no_tag_and_no_line_comes_twice() -> None:
    assert len({event.says for event in Event}) == len(Event) == len(Event.__members__)


def test_no_tag_is_ever_lost() -> None:
    # Old entries hold these; a tag that is added joins them here.
    things = {"record", "pointer", "notice", "lookout", "conflict", "link", "release"}
    things |= {"agreement", "protection", "ledger", "audit", "retention", "account", "node"}
    things |= {"redress", "mark"}
    assert {event.thing for event in Event} == things
    assert {
        *("record:disclosure:shown", "record:disclosure:refused", "record:own:read"),
        *("record:search:answered", "record:search:refused", "audit:read:shown"),
        *("ledger:erase:done", "link:judgement:recorded"),
    } <= {event.value for event in Event}
