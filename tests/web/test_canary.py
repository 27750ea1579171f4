"""A value of each field of every kind of record, planted, and looked for in all that is answered:
nobody meets one that is not for them, and everybody meets those that are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, fields
from typing import Any, Final

import pytest
from django.db import connections, transaction
from django.test import Client
from django.urls import reverse
from tests.sampling import some
from tests.systems.signing_in import sans_nonce
from tests.web.cast import CAST, sign_in
from tests.web.journal import JsonLog
from tests.web.planted import NO_ROOM, Planted
from tests.web.scene import Scene
from tests.web.walking import Answer, by_pages, by_programs, search_url

from tieline.core.agreement.viewer import AUDITS, Role, Viewer
from tieline.core.records import SILENT, FieldClass
from tieline.systems.investigations.kinds import DRAFTS
from tieline.systems.patrol.events.event import EventDraft
from tieline.systems.patrol.subjects.subject import SubjectDraft

pytestmark = pytest.mark.any_database

EVERYBODY: Final = sorted(CAST)
LAST: Final = AUDITS | {Role.ADMINISTRATOR}
"""Auditors come when there is something to audit; administrators change who the others are."""
WALKS: Final[Mapping[str, Callable[[Scene, Viewer], Iterator[Answer]]]] = {
    "pages": by_pages,
    "pages, without a purpose": lambda scene, viewer: by_pages(scene, viewer, None),
    "programs": by_programs,
    "blank forms": lambda scene, viewer: by_pages(scene, viewer, method="post"),
}
"""Every way of asking. Whoever makes another one adds it here."""
SOME: Final = {
    *("agent", "investigator", "case supervisor", "contractor", "deputy", "outsider"),
    *("auditor", "patrol's auditor"),
}
"""Who goes every way: one of each kind. All others look at the pages."""

OWN_UNIT: Final = {FieldClass.SOURCE, FieldClass.COURT}
CIRCLE: Final = {FieldClass.FEAR, FieldClass.OUTCOME}
OF_A_CHILD: Final = {FieldClass.FAMILY, FieldClass.CONTACT}
IN_SHORT: Final = {
    *(FieldClass.IDENTITY, FieldClass.DESCRIPTION, FieldClass.APPREHENSION, FieldClass.LOCATION),
    *(FieldClass.CONVEYANCE, FieldClass.CUSTODY, FieldClass.IMMIGRATION, FieldClass.OUTCOME),
    *(FieldClass.CAUTION, FieldClass.HANDLING),
}
OF_APPREHENSIONS: Final = {
    *IN_SHORT,
    *(FieldClass.CONTACT, FieldClass.FAMILY, FieldClass.BIOMETRIC, FieldClass.CRIMINAL_HISTORY),
    FieldClass.APPREHENSION_NARRATIVE,
}
OF_LOOKOUTS: Final = {
    *(FieldClass.IDENTITY, FieldClass.DESCRIPTION, FieldClass.CONVEYANCE, FieldClass.LOOKOUT),
    *(FieldClass.CAUTION, FieldClass.HANDLING),
}
FINDING: Final = {FieldClass.IDENTITY, FieldClass.CONTACT, FieldClass.CONVEYANCE}
TO_COLLEAGUES: Final[Mapping[str, set[FieldClass]]] = {
    "event": OF_APPREHENSIONS,
    "subject": OF_APPREHENSIONS,
    "case": set(),
    "lookout": OF_LOOKOUTS,
    "booking": set(),
}
"""What the other agency of the department sees under a number; of other kinds it is in short."""


def may_know_of(viewer: Viewer, one: Planted) -> bool:
    """Whether they may be told that there is such a record."""
    own = viewer.agency == one.owner_agency
    protected = one.protections
    hidden = (
        (protected["section_1367"] and not (own and in_department(viewer)))
        or (protected["asylum"] and not in_department(viewer))
        or (protected["juvenile"] and not (own or in_department(viewer)))
        or ((protected["sealed"] or protected["informant"]) and not own_unit(viewer, one))
        or (SILENT in one.caveats and not own)
        or ({"intelligence", "gang_label"} & one.caveats and not (own or viewer.sworn))
    )
    if hidden or viewer.role is Role.ADMINISTRATOR:
        return False
    party = viewer.agency in ("patrol", "investigations", "county")
    told = viewer.sworn or (in_department(viewer) and one.owner_agency != "county")
    return own or (party and told and viewer.trained_until is not None)


def may_meet(viewer: Viewer, one: Planted) -> bool:
    """The model agreement once more, in other words: what both say holds."""
    own = viewer.agency == one.owner_agency
    closed = (
        (one.field_class in OWN_UNIT and not own_unit(viewer, one))
        or (one.field_class in CIRCLE and not in_department(viewer))
        or (one.protections["juvenile"] and one.field_class in OF_A_CHILD and not own)
        or (one.field_class is FieldClass.PROTECTION and not (own and at_desk(viewer)))
        or viewer.role is Role.AUDITOR
        or ("unapproved" in one.caveats and not own)
    )
    if closed or not may_know_of(viewer, one):
        return False
    colleague = in_department(viewer) and one.owner_agency != "county"
    return own or (colleague and one.field_class in TO_COLLEAGUES.get(one.kind, IN_SHORT))


def in_department(viewer: Viewer) -> bool:
    """Among those to whom 8 USC 1367(a)(2) lets the department show it."""
    return viewer.department == "DHS" and (viewer.sworn or viewer.employee)


def own_unit(viewer: Viewer, one: Planted) -> bool:
    return (viewer.agency, viewer.unit) == (one.owner_agency, one.owning_unit)


def at_desk(viewer: Viewer) -> bool:
    return viewer.role is Role.PROTECTION_DESK and in_department(viewer)


@dataclass(slots=True)
class Walked:
    """What everybody was answered, and what the node wrote down of it meanwhile."""

    answers: dict[tuple[str, str], list[Answer]]
    """By person and way."""
    log: str
    lines: int


def ways(name: str) -> tuple[str, ...]:
    """How somebody asks: some go further ways, and of them a sample those that show less."""
    if name not in SOME:
        return ("pages",)
    less = ("pages, without a purpose", "blank forms")
    left_out = {way for way in less if name not in some(sorted(SOME), way)}
    return tuple(way for way in WALKS if way not in left_out)


@pytest.fixture(scope="module")
def walked(scene: Scene, django_db_blocker: Any) -> Walked:
    people = sorted(CAST.items(), key=lambda one: one[1].role in LAST)
    people.sort(key=lambda one: one[1].role is Role.ADMINISTRATOR)
    answers = {}
    with django_db_blocker.unblock(), JsonLog() as log, ExitStack() as undone:
        # Nothing of it need be on the disk.
        for alias in connections:
            undone.enter_context(transaction.atomic(using=alias))
        for name, viewer in people:
            for way, walk in WALKS.items():
                if way not in ways(name):
                    continue
                answers[name, way] = list(walk(scene, viewer))
        return Walked(answers, log.text, log.lines("answered"))


def met(walked: Walked, scene: Scene, name: str, way: str) -> dict[str, Planted]:
    text = "\n".join(one.text for one in walked.answers[name, way])
    return {one.text: one for one in scene.planter.all if one.text.casefold() in text}


def where(walked: Walked, text: str) -> list[tuple[str, str, str]]:
    return [
        (name, way, one.url)
        for (name, way), answers in walked.answers.items()
        for one in answers
        if text.casefold() in one.text
    ]


def test_a_value_is_planted_in_every_field_that_has_room_for_one(scene: Scene) -> None:
    planted = {(one.kind, one.name) for one in scene.planter.all}
    for draft in (*DRAFTS.values(), EventDraft, SubjectDraft):
        named = {one.name for one in fields(draft)} - {"number", "protections"} - NO_ROOM
        assert named <= {name for kind, name in planted if kind == draft.kind}, draft.kind
    texts = [one.text.casefold() for one in scene.planter.all]
    assert not [one for one in texts for other in texts if one != other and one in other]
    assert len(texts) == len(set(texts))


@pytest.mark.parametrize("name", EVERYBODY)
def test_everybody_meets_all_that_is_for_them_and_nothing_else(
    scene: Scene, walked: Walked, name: str
) -> None:
    meant = {one.text for one in scene.planter.all if may_meet(CAST[name], one)}
    for way in ways(name):
        found = met(walked, scene, name, way)
        wrong = {text: (found[text], where(walked, text)[:3]) for text in set(found) - meant}
        assert wrong == {}, way
    assert meant - set(met(walked, scene, name, "pages")) == set()


def test_no_line_of_the_log_holds_one(scene: Scene, walked: Walked) -> None:
    assert walked.lines > 500
    assert [one for one in scene.planter.all if one.text.casefold() in walked.log] == []


def test_on_what_a_mark_rests_its_owner_s_writers_alone_are_told(
    scene: Scene, walked: Walked
) -> None:
    assert len(set(scene.grounds)) == 3
    told = {name for one in scene.grounds for name, _way, _url in where(walked, one)}
    assert told <= {
        "investigator",
        "investigator of another office",
        "case supervisor",
        "untrained",
    }
    assert not [one for one in scene.grounds if one.casefold() in walked.log]


def test_why_a_record_is_watched_and_with_whom_one_lives_is_told_to_those_alone(
    scene: Scene, walked: Walked
) -> None:
    assert len(scene.told_apart) == 3
    for text, alone in scene.told_apart.items():
        assert {name for name, _way, _url in where(walked, text)} <= set(alone), alone
        assert text.casefold() not in walked.log
    (why, given, _surname) = scene.told_apart
    pages = (("auditor", "watches", why), ("agent", "household", given))
    for name, page, text in pages:
        assert text in sign_in(CAST[name]).get(reverse(page)).content.decode()


@pytest.mark.parametrize(
    # The inspector general examines the ledgers of all, and is not shown a record (P28). A
    # department's auditor is among them: of what is hidden at its own agencies alone.
    "name",
    [one for one in EVERYBODY if CAST[one].role is not Role.INSPECTOR],
)
def test_nobody_meets_the_number_of_a_record_that_is_hidden(
    scene: Scene, walked: Walked, name: str
) -> None:
    """But where they asked for that very number, and but for who audits that agency."""
    viewer = CAST[name]
    # Later an auditor is told what he had asked for himself.
    asked_by = ["pages"] if viewer.role in AUDITS else ways(name)
    audits = audited(viewer)
    # What people whom he audits were shown stands in his ledger, and in the file of it (P28).
    people = [viewer, *(one for one in CAST.values() if one.agency in audits)]
    hidden = {
        one.number.casefold()
        for one in scene.planter.all
        if one.owner_agency not in audits and not any(may_know_of(who, one) for who in people)
    }
    for way in asked_by:
        for said in walked.answers[name, way]:
            asked = said.url.casefold()
            found = {one for one in hidden if one not in asked and stands_in(one, said.text)}
            assert found == set(), (way, said.url)


def audited(viewer: Viewer) -> set[str]:
    """The agencies whose ledgers he reads."""
    if viewer.role is Role.DEPARTMENT_AUDITOR:
        return {"patrol", "investigations"}
    return {viewer.agency} if viewer.role is Role.AUDITOR else set()


def stands_in(number: str, text: str) -> bool:
    """By itself: TCA-2611-000001 is no part of TCA-2611-000001-01."""
    return number in text and re.search(rf"(?<![\w-]){number}(?![\w-])", text) is not None


def shown(client: Client, text: str) -> str:
    """The page of a search, without the words that were typed and what differs each time."""
    with transaction.atomic():
        page = sans_nonce(client.get(search_url(text)).content.decode())
    return re.sub(re.escape(text), "…", page, flags=re.IGNORECASE)


def words_of(scene: Scene, viewer: Viewer) -> list[str]:
    """Of each record that is hidden from the viewer, a few planted texts, those by which records
    are found among them; of each that is withheld in part, one that finds nothing.

    By what it is found a pointer may be: that somebody holds something of it is what it tells.
    """
    by_kind: dict[tuple[str, bool], str] = {}
    for one in scene.planter.all:
        finds = one.field_class in FINDING
        if not may_meet(viewer, one) and not (finds and may_know_of(viewer, one)):
            by_kind.setdefault((one.label, finds), one.text)
    return list(by_kind.values())


@pytest.mark.parametrize("name", ["agent", "investigator", "contractor", "deputy", "outsider"])
def test_a_word_that_is_not_for_him_finds_what_a_word_finds_that_nobody_wrote(
    scene: Scene, name: str
) -> None:
    """P26: typed into the box of the page, it tells not even that there is something."""
    client = sign_in(CAST[name])
    words = words_of(scene, CAST[name])
    assert len(words) > 5
    nothing: dict[str, str] = {}
    for text in words:
        other = alike(text)
        if other not in nothing:
            nothing[other] = shown(client, other)
        assert shown(client, text) == nothing[other], text


def alike(text: str) -> str:
    """A text of the same form that stands nowhere."""
    if text.isalpha():
        return "Ixtlahuacan"
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return "1909-01-07"
    return "".join("7" if one.isdecimal() else one for one in text)


def test_what_one_s_own_people_keep_is_found_by_what_was_planted(scene: Scene) -> None:
    """Else the test before could not fail."""
    given = next(one for one in scene.planter.of("victim") if one.name == "phone")
    assert given.number in shown(sign_in(CAST["agent"]), f"+1520{given.text}")
    assert given.number not in shown(sign_in(CAST["investigator"]), f"+1520{given.text}")


def test_what_somebody_typed_is_for_the_auditor_of_his_own_agency_alone(scene: Scene) -> None:
    sign_in(CAST["investigator"]).get(search_url("Quetzalli Nadie"))
    for name, told in (("auditor", True), ("patrol's auditor", False)):
        page = sign_in(CAST[name]).get("/ledger/").content.decode()
        assert ("Quetzalli Nadie" in page) is told


@pytest.mark.parametrize("url", ["/records/patrol/{}/", "/nowhere/{}/", "/overlaps/{}/", "/{}"])
def test_a_page_that_there_is_not_repeats_nothing(scene: Scene, url: str) -> None:
    text = next(scene.planter.of("victim")).text
    with JsonLog() as log:
        answer = Answer.of(url, sign_in(CAST["investigator"]).get(url.format(text)))
    assert answer.status == 404
    assert text.casefold() not in answer.text + log.text


def test_a_failure_that_nobody_foresaw_tells_nothing(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = next(scene.planter.of("victim")).text

    def fails(*_given: object, **_more: object) -> None:
        raise RuntimeError(f"could not read {text}")

    monkeypatch.setattr("tieline.web.records.looking.fetch", fails)
    client = sign_in(CAST["agent"])
    client.raise_request_exception = False
    with JsonLog() as log:
        answer = Answer.of("", client.get(f"/records/patrol/{scene.numbers['victim']}/"))
    assert answer.status == 500
    assert "runtimeerror" in log.text
    assert "something failed" in answer.text
    assert text.casefold() not in answer.text + log.text
