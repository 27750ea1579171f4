"""A list by policy classes holds the records that the door would show, and no other."""

from __future__ import annotations

import json
import os
import random
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.people import AGENT, AT, BOOKING, CASE, INVESTIGATOR

from tieline.core.agreement.clauses import Agreement, Party
from tieline.core.agreement.decide import decide_all
from tieline.core.agreement.question import ACTIONS, Action, Question, of_record
from tieline.core.agreement.viewer import Purpose, Viewer
from tieline.core.records import Facts, FieldClass
from tieline.keeping.classes import (
    LISTED,
    ClassTaken,
    PolicyClass,
    class_of,
    facts_of,
    showing,
    told,
    written,
)
from tieline.keeping.desk import Desk
from tieline.keeping.keeper import Change
from tieline.keeping.lists import listed, newest
from tieline.keeping.newest import newest_of
from tieline.keeping.records import PROTECTIONS

from .depot import DATABASE, DOOR, KEEPER, Crate, by, crate, found, kept
from .test_filtered import AGENCIES, ALL, PURPOSES, TEXT, WHO, text

pytestmark = [pytest.mark.database, pytest.mark.usefixtures("crates")]

ROWS = int(os.environ.get("TIELINE_SOAK_ROWS", "90"))
UNITS = (AGENT.unit, INVESTIGATOR.unit, "elsewhere")
DESK = Desk(door=DOOR, duty_contact=lambda agency, unit: "duty desk")
ASKED = (
    LISTED,
    *((Question(one),) for one in ACTIONS if one is not Action.FIELD),
    showing([FieldClass.IDENTITY]),
    showing([FieldClass.FEAR, FieldClass.CUSTODY]),
)
MOST = (0, 1, 7, 20, 50)
NOBODY = replace(AGENT, agency="coast")


def stored(rng: random.Random, rows: int = ROWS) -> list[Crate]:
    """Records of several owners that came in over some hours, several of them at one moment."""
    made = [_made(rng, f"C-{rng.randrange(10**9)}-{at}") for at in range(rows)]
    moments = sorted(AT - timedelta(minutes=rng.randrange(rows // 3)) for _ in made)
    for moment in dict.fromkeys(moments):
        for agency in AGENCIES:
            changes = [
                Change(one, by(agency), moment)
                for one, at in zip(made, moments, strict=True)
                if at == moment and one.owner_agency == agency
            ]
            KEEPER.keep(changes)
    return made


def _made(rng: random.Random, number: str) -> Crate:
    made = crate(number, owner=rng.choice(AGENCIES))
    _vary(made, rng)
    return made


def _vary(one: Crate, rng: random.Random) -> None:
    one.owning_unit = rng.choice(UNITS)
    one.caveats = ["silent"] if rng.random() < 0.1 else rng.choice(([], ["s", "not silent"]))
    for name in PROTECTIONS:
        setattr(one, name, rng.choice((True, None)) if rng.random() < 0.1 else False)


def by_door(
    rows: list[Crate], agreement: Agreement, *, questions: Any = LISTED, **asked: Any
) -> list[str]:
    """Each record decided by itself."""
    return [
        one.number
        for one in rows
        if all(
            each.allowed
            for each in decide_all(agreement, facts=one.decided_by, questions=questions, **asked)
        )
    ]


def by_classes(agreement: Agreement, *, most: int = 10 * ROWS, **asked: Any) -> list[str]:
    classes = told("subject", agreement, database=DATABASE, **asked)
    return [one.number for one in newest_of(Crate, classes, database=DATABASE, most=most)]


def everybody() -> list[tuple[Viewer, Purpose]]:
    return [(viewer, purpose) for viewer in WHO.values() for purpose in PURPOSES.values()]


def check_all(agreement: Agreement, *, at: datetime = AT) -> int:
    seen = 0
    rows = list(Crate._default_manager.using(DATABASE).order_by("-created_at", "-number"))
    for viewer, purpose in everybody():
        for questions in ASKED:
            asked = {"viewer": viewer, "purpose": purpose, "questions": questions, "at": at}
            right = by_door(rows, agreement, **asked)
            assert by_classes(agreement, **asked) == right
            # As many as there are, fewer, and none.
            most = MOST[seen % len(MOST)]
            assert by_classes(agreement, most=most, **asked) == right[:most]
            seen += 1 + len(right)
    return seen


def test_it_is_what_deciding_each_record_gives() -> None:
    stored(random.Random(3))
    assert check_all(TEXT)
    assert check_all(TEXT, at=TEXT.in_force_until)


def test_it_is_so_after_records_were_changed_and_purged() -> None:
    rng = random.Random(4)
    made = stored(rng)
    check_all(TEXT)
    for one in rng.sample(made, ROWS // 3):
        record = found(one.number)
        author = by(record.owner_agency)
        if rng.random() < 0.2:
            KEEPER.purge(record.number, author=author, at=AT)
            continue
        _vary(record, rng)
        KEEPER.keep([Change(record, author, AT)])
    assert check_all(TEXT)


@pytest.mark.parametrize("seed", range(2))
def test_it_is_so_by_a_text_that_no_filter_can_be_made_of(seed: int) -> None:
    stored(random.Random(seed), 40)
    clause = "when { resource.caveats == principal.roles || resource.unit == principal.unit };"
    for agreement in (
        text(f"permit (principal, action, resource) {clause}"),
        text(ALL, f"forbid (principal, action, resource) {clause}"),
    ):
        assert check_all(agreement)


def test_a_protection_that_is_set_late_takes_the_record_out_at_once() -> None:
    kept(crate("S-1"), crate("S-2"))
    asked = {"viewer": INVESTIGATOR, "purpose": CASE, "at": AT}
    assert by_classes(TEXT, **asked) == ["S-2", "S-1"]
    for name in PROTECTIONS:
        record = found("S-2")
        before = record.policy_class
        setattr(record, name, None)
        kept(record)
        assert found("S-2").policy_class != before
        setattr(record, name, False)
        kept(record)
        assert found("S-2").policy_class == before
    record.sealed = True
    kept(record)
    assert by_classes(TEXT, **asked) == ["S-1"]


def test_a_class_says_all_that_a_clause_may_ask() -> None:
    """What the schema brings later must come into the class, or two unlike records share one."""
    rng = random.Random(5)
    for at in range(200):
        facts = _made(rng, f"C-{at}").decided_by
        read = facts_of(class_of(facts), written(facts))
        assert read is not None
        assert of_record(read, department="DHS") == of_record(facts, department="DHS")
    assert {one.name for one in fields(Facts)} == {
        *("kind", "owner_agency", "owning_unit", "protections", "caveats")
    }


def test_what_differs_in_one_value_is_of_another_class() -> None:
    facts = crate("S-1").decided_by
    others = [
        replace(facts, kind="event"),
        replace(facts, owner_agency="coast"),
        replace(facts, owning_unit="elsewhere"),
        replace(facts, caveats=frozenset({"silent"})),
        replace(facts, caveats=frozenset({"silent", "s"})),
        *(
            replace(facts, protections=replace(facts.protections, **{name: True}))
            for name in PROTECTIONS
        ),
    ]
    assert len({class_of(one) for one in (facts, *others)}) == len(others) + 1


def _without(name: str, said: str) -> str:
    read = json.loads(said)
    del read[name]
    return json.dumps(read, sort_keys=True)


def _sealed(said: str) -> str:
    return said.replace('"sealed", ', "")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda said: "",
        lambda said: "[]",
        lambda said: said[:-1],
        lambda said: said.replace("patrol", "investigations"),
        lambda said: said.replace(" ", ""),
        lambda said: _without("cleared", said),
        lambda said: said.replace('"cleared": [', '"cleared": ["of a later version", '),
        _sealed,
    ],
)
def test_a_class_that_cannot_be_read_is_told_to_nobody(
    spoil: Any, caplog: pytest.LogCaptureFixture
) -> None:
    kept(crate("S-1", owner="patrol"))
    (row,) = PolicyClass.objects.using(DATABASE).all()
    spoiled = spoil(row.said)
    assert spoiled != row.said
    PolicyClass.objects.using(DATABASE).update(said=spoiled)
    from tieline.keeping import classes

    classes._read.clear()
    assert by_classes(TEXT, viewer=AGENT, purpose=BOOKING, at=AT) == []
    assert "cannot be read" in caplog.text


def test_a_protection_that_a_class_does_not_name_counts_as_set() -> None:
    """A later version brings one more: no class of before says no to it."""
    facts = crate("S-1").decided_by
    said = _sealed(written(facts))
    from tieline.keeping.classes import _number

    read = facts_of(_number(said), said)
    assert read is not None
    assert read.protections.effective["sealed"]


def test_a_record_without_a_class_stands_in_no_list() -> None:
    kept(crate("S-1"), crate("S-2"))
    Crate._default_manager.using(DATABASE).filter(number="S-1").update(policy_class=None)
    assert by_classes(TEXT, viewer=AGENT, purpose=BOOKING, at=AT) == ["S-2"]


def test_two_sets_of_values_with_one_number_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    kept(crate("S-1"))
    monkeypatch.setattr("tieline.keeping.classes._number", lambda said: 7)
    kept(crate("S-2"))
    with pytest.raises(ClassTaken):
        kept(crate("S-3", "sealed"))
    assert KEEPER.find("S-3") is None


def test_the_same_class_is_written_once() -> None:
    for at in range(3):
        kept(*(crate(f"S-{at}-{place}") for place in range(60)))
    assert PolicyClass.objects.using(DATABASE).count() == 1


def test_a_version_in_the_history_says_nothing_of_classes() -> None:
    assert "policy_class" not in crate("S-1").content()


@pytest.mark.usefixtures("adopted")
class TestNewest:
    """As a page shows it: through the door, with its entry."""

    def newest(self, viewer: Viewer = INVESTIGATOR, **about: Any) -> list[str]:
        asked = {"what": "crates", "viewer": viewer, "purpose": CASE, "at": AT, **about}
        return [one.number for one in newest(DESK, Crate, **asked)]

    def test_hidden_records_take_nobodys_place(self) -> None:
        kept(*(crate(f"S-{at}", *(["sealed"] if at > 2 else [])) for at in range(8)))
        assert self.newest(most=2) == ["S-2", "S-1"]
        assert self.newest(most=50) == ["S-2", "S-1", "S-0"]

    def test_it_is_cut_to_whose_they_are(self) -> None:
        kept(crate("S-1"))
        KEEPER.keep([Change(crate("S-2", owner="investigations"), by("investigations"), AT)])
        of = lambda facts: facts.owner_agency == "investigations"  # noqa: E731
        assert self.newest(most=9, of=of) == ["S-2"]

    def test_where_a_class_lies_the_door_takes_the_record_out(self) -> None:
        kept(crate("S-1"), crate("S-2"))
        # Past all services: no writer of this house does it.
        Crate._default_manager.using(DATABASE).filter(number="S-2").update(sealed=True)
        assert self.newest(most=9) == ["S-1"]

    def test_it_is_what_a_list_of_the_same_records_gives(self) -> None:
        rng = random.Random(8)
        numbers = [f"C-{at}" for at in range(60)]
        for number in numbers:
            record = crate(number)
            _vary(record, rng)
            kept(record)
        rows = Crate._default_manager.using(DATABASE).order_by("-created_at", "-number")
        for viewer in (AGENT, INVESTIGATOR, NOBODY):
            about: dict[str, Any] = {"what": "crates", "viewer": viewer, "purpose": CASE, "at": AT}
            whole = listed(DESK, rows, most=20, **about)
            assert newest(DESK, Crate, most=20, **about) == whole


def test_parties_differ_and_so_do_their_answers() -> None:
    """Answers are kept by the text: another one is asked anew."""
    kept(crate("S-1"))
    asked = {"viewer": INVESTIGATOR, "purpose": CASE, "at": AT}
    assert by_classes(TEXT, **asked) == ["S-1"]
    alone = replace(TEXT, parties=(Party("patrol", "DHS"),), signatures=())
    signed = alone.signed(agency="patrol", by="U-1", at=AT)
    assert by_classes(signed, **asked) == []
    assert by_classes(replace(TEXT, signatures=()), **asked) == []
