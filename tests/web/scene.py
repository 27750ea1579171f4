"""A whole node, filled through the services: two systems, a jail's file, and what they share."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from django.db import transaction
from tests.people import AT, INVESTIGATIONS, PATROL
from tests.signing import signed_by_all
from tests.web.cast import AGENT, CAST, INQUIRY, INVESTIGATOR, enlist
from tests.web.planted import Planter

from tieline.accounts.household import declare
from tieline.accounts.models import User
from tieline.core.agreement.clauses import Party
from tieline.core.agreement.emergencies import Danger
from tieline.core.agreement.refusing import RefusalReason
from tieline.core.agreement.viewer import Purpose, PurposeCode, Role
from tieline.core.marks import Fact, GangGrounds, IntelligenceGrounds
from tieline.core.records import FieldClass, RecordNumber
from tieline.core.redress import Kind, Outcome
from tieline.exchange.corrections.models import CorrectionNotice
from tieline.exchange.corrections.telling import Corrected, tell
from tieline.exchange.directory.register import put_on_duty, register_agency, register_unit
from tieline.exchange.index.models import Link
from tieline.exchange.index.sync import repair
from tieline.exchange.notices.models import NoticeRow
from tieline.exchange.oversight.findings import answer, raise_finding
from tieline.exchange.oversight.reviews import save_review
from tieline.exchange.redress.matters import Letter, decide, enter_matter, take
from tieline.exchange.sharing.answering import ask_consent
from tieline.exchange.sharing.asking import appeal, ask
from tieline.exchange.sharing.verifying import ask_stamp, verifiable
from tieline.keeping.agreements import adopt
from tieline.keeping.breaking import Plea
from tieline.keeping.copies import CopyForm
from tieline.keeping.copying import make_copy
from tieline.keeping.corrections import Recipient
from tieline.keeping.databases import EXCHANGE, KEEPERS
from tieline.keeping.marking import approve_mark, set_mark
from tieline.keeping.records import PROTECTIONS
from tieline.reference.agreement import model_agreement
from tieline.systems.investigations import desk as investigations
from tieline.systems.investigations.cases.case import CaseDraft
from tieline.systems.investigations.cases.opening import open_case
from tieline.systems.investigations.kinds import DRAFTS
from tieline.systems.investigations.lookouts.grounds import Grounds
from tieline.systems.investigations.lookouts.lookout import LookoutDraft
from tieline.systems.investigations.lookouts.placing import activate_lookout, place_lookout
from tieline.systems.investigations.subjects.adding import add_subject as add_to_case
from tieline.systems.investigations.subjects.person import PersonDraft
from tieline.systems.partner.load import load
from tieline.systems.partner.sourcemap import read_source_map
from tieline.systems.patrol import desk as patrol
from tieline.systems.patrol.events.event import EventDraft
from tieline.systems.patrol.events.opening import open_event
from tieline.systems.patrol.subjects.adding import add_subject as add_to_event
from tieline.systems.patrol.subjects.clearances import ask_desks
from tieline.systems.patrol.subjects.subject import SubjectDraft
from tieline.wiring.custodies import tell_of_custodies
from tieline.wiring.emergencies import open_in_emergency
from tieline.wiring.ledgers import LEDGERS
from tieline.wiring.parts import work_once
from tieline.wiring.sharing import grant, refuse
from tieline.wiring.systems import doors, set_to_work
from tieline.wiring.watching import watch_record

__all__ = ["RESCUER", "Scene", "fill", "match", "notices", "overlaps"]

COUNTY: Final = Party("county", "COUNTY")
SHARED: Final[Mapping[str, Any]] = {
    "given_name": "José Luis",
    "paternal_surname": "García",
    "maternal_surname": "Hernández",
    "name_as_given": "",
    "aliases": (),
    "birth_date": "1990-03-12",
    "a_number": "A089123456",
    "fin": "",
    "documents": ("MX passport G12345678",),
}
"""What makes one man of a patrol's subject and of an investigator's person."""
HIDDEN_TOO: Final[Mapping[str, Any]] = {
    **SHARED,
    "given_name": "Ana María",
    "a_number": "A089765432",
    "documents": ("MX passport G87654321",),
}
"""The same of a victim, who is found by her own agency's people alone."""
_GROUNDS: Final = Grounds(
    first_amendment=False, association_alone=False, prohibited_source=False, counsel_needed=False
)
_OF_LOOKOUT: Final[Mapping[str, str]] = {
    "reason": "smuggling",
    "effective_on": "2026-11-23",
    "expires_on": "2027-05-01",
    "supervisor": "",
}
_BOOKING: Final[Mapping[str, tuple[FieldClass, str]]] = {
    "name": (FieldClass.IDENTITY, "name"),
    "charge": (FieldClass.CRIMINAL_HISTORY, ""),
    "phone": (FieldClass.CONTACT, "phone"),
    "booked": (FieldClass.CUSTODY, ""),
    "told_by": (FieldClass.SOURCE, ""),
    "treated": (FieldClass.MEDICAL, ""),
}
_BY_PATROL: Final[Mapping[str, Any]] = {"author": AGENT, "at": AT}
RESCUER: Final = replace(AGENT, number="U-102", assignment="AS-102")
"""Of the agent's unit; none of the cast."""
_BY_CASE: Final[Mapping[str, Any]] = {"author": INVESTIGATOR, "at": AT}


@dataclass(slots=True)
class Scene:
    """What is on the node, and under which numbers."""

    planter: Planter = field(default_factory=Planter)
    numbers: dict[str, str] = field(default_factory=dict)
    """By label."""
    systems: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    """One that waits, one with a release, one that was refused, one that waits for a consent, one
    for copies, one for a stamp that waits.
    """
    emergencies: list[str] = field(default_factory=list)
    """One that stands, and one that is over; neither was confirmed."""
    corrections: list[str] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    """One that the agent holds of the investigators' business."""
    findings: list[str] = field(default_factory=list)
    reviews: list[str] = field(default_factory=list)
    """The auditor's."""
    marks: list[str] = field(default_factory=list)
    """One that stands, and one that waits to be approved; both of the marked person."""
    grounds: list[str] = field(default_factory=list)
    """Words in which it is said why."""
    told_apart: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Words, and who alone may read them: why a record is watched, whom somebody lives with."""
    matters: list[str] = field(default_factory=list)
    """Of redress: one to be taken, one to be decided, one whose answer may be disputed."""

    def add(self, label: str, record: Any, system: str) -> str:
        self.systems[label], self.kinds[label] = system, record.kind
        self.numbers[label] = self.planter.kept(label, record, system)
        return self.numbers[label]

    def of(self, system: str, kind: str = "") -> list[str]:
        """The numbers of a system's records: those of a kind, where it is one; else all."""
        all_of = [label for label, where in self.systems.items() if where == system]
        found = [label for label in all_of if self.kinds[label] == kind]
        if kind == "subject" and not found:
            found = [label for label in all_of if self.kinds[label] not in ("case", "lookout")]
        return [self.numbers[label] for label in found or all_of]


def fill(folder: Path) -> Scene:
    """Everybody, and every kind of record in every system; the jail's file goes to the folder."""
    set_to_work()
    _directory()
    adopt_for_good(PATROL, INVESTIGATIONS, COUNTY)
    for viewer in CAST.values():
        enlist(viewer)
    scene = Scene()
    _of_patrol(scene)
    _of_investigations(scene)
    _of_marks(scene)
    _of_the_jail(scene, folder)
    match()
    _findings(scene)
    _of_reviews(scene)
    _of_those_apart(scene)
    _of_requests(scene)
    _of_emergencies(scene)
    _of_copies(scene)
    _of_redress(scene)
    # The victim's own record holds her, and her agency's desk is told.
    ask_desks(patrol.at_work(), scene.numbers["victim"], "V", **_BY_PATROL)
    tell_of_custodies(at=AT)
    for ledger in LEDGERS.values():
        # As the seal of a running node does; the moments here are long past.
        ledger.number_staged()
    return scene


def adopt_for_good(*parties: Party, at: datetime = AT) -> None:
    """The model agreement, in force for as long as these tests are run."""
    text = model_agreement(parties=parties, in_force_until=datetime(2099, 1, 1, tzinfo=UTC))
    text = signed_by_all(text, at=AT)
    for database in KEEPERS:
        adopt(text, database=database, at=at)


def match() -> None:
    """Let the exchange take what there is, find what is shared, and tell of it."""
    repair(doors(), at=AT)
    while work_once(AT):
        pass


def _findings(scene: Scene) -> None:
    """One that the unit is to answer, and one that it has answered."""
    auditor, supervisor = CAST["auditor"], CAST["case supervisor"]
    about = {
        "about": INVESTIGATOR.number,
        "unit": supervisor.unit,
        "said": "Since the 1st.",
        "due": AT.date() + timedelta(days=14),
        "viewer": auditor,
        "at": AT,
    }
    asked = raise_finding(title="Looks without a number", **about)
    answered = raise_finding(title="Looks at night", **about)
    answer(answered.number, "The night shift.", viewer=supervisor, at=AT)
    scene.findings += [asked.number, answered.number]


def _of_reviews(scene: Scene) -> None:
    """One with a period that is over, and waits to be signed off."""
    now = datetime.now(UTC)
    about = {"title": "Looks for investigations", "asked": {"purpose": "investigation"}, "days": 7}
    begins = now - timedelta(days=8)
    made = save_review(**about, begins=begins, viewer=CAST["auditor"], at=now)
    scene.reviews.append(made.number)


def _of_those_apart(scene: Scene) -> None:
    """A record that is watched, and a household that is declared."""
    now, auditor, word = datetime.now(UTC), CAST["auditor"], scene.planter.word
    why, given, surname = word(), word(), word()
    number, until = scene.numbers["business"], now + timedelta(days=30)
    watch_record(number, reason=why, until=until, viewer=auditor, at=now)
    about = {"since": now.date(), "today": now.date(), "by": AGENT, "at": now}
    declare(User.objects.get(number=AGENT.number), name=f"{given} {surname}", **about)
    scene.told_apart[why] = ("auditor", "inspector", "department's auditor")
    scene.told_apart[given] = scene.told_apart[surname] = ("agent",)


def overlaps() -> list[str]:
    """Their numbers."""
    return list(Link.objects.order_by("number").values_list("number", flat=True))


def notices() -> list[str]:
    """Their numbers."""
    return list(NoticeRow.objects.order_by("number").values_list("number", flat=True))


def _directory() -> None:
    for agency, department, units in (
        ("patrol", "DHS", ("TCA/NGL", "TCA", "YUM/WEL")),
        ("investigations", "DHS", ("LA/13", "TU")),
        ("county", "COUNTY", ("JAIL",)),
    ):
        register_agency(code=agency, name=agency.title(), department=department, at=AT)
        for unit in units:
            register_unit(agency=agency, code=unit, name=unit, at=AT)
            since = AT - timedelta(days=2_000)
            put_on_duty(agency=agency, unit=unit, contact=f"{unit} duty desk", at=AT, starts=since)


def _of_patrol(scene: Scene) -> None:
    desk, plant = patrol.at_work(), scene.planter.draft
    earlier = AT - timedelta(hours=2)
    draft = plant(EventDraft, "event", apprehended_at=earlier)
    event = scene.add("event", open_event(desk, draft, **_BY_PATROL), "patrol")

    def subject(label: str, *flags: str, fear_claimed: str = "no", **more: Any) -> None:
        # Until it was asked about fear, a subject is hidden.
        about = {"event": event, "fear_claimed": fear_claimed, **more}
        draft = plant(SubjectDraft, label, *flags, **about)
        scene.add(label, add_to_event(desk, draft, **_BY_PATROL), "patrol")

    subject("subject", booked_in_at=AT - timedelta(hours=1))
    subject("known subject", **SHARED)
    subject("victim", "section_1367", **HIDDEN_TOO)
    subject("child", "juvenile")
    subject("refuge", "asylum", fear_claimed="yes", booked_in_at=AT - timedelta(hours=1))
    subject("sealed subject", "sealed")


def _of_investigations(scene: Scene) -> None:
    desk, plant = investigations.at_work(), scene.planter.draft

    def add(label: str, kind: type[Any], *flags: str, case: str, **more: Any) -> str:
        draft = plant(kind, label, *flags, case=case, **more)
        return scene.add(label, add_to_case(desk, draft, **_BY_CASE), "investigations")

    opened = open_case(desk, plant(CaseDraft, "case"), **_BY_CASE)
    case = scene.add("case", opened, "investigations")
    for kind in sorted(set(DRAFTS) - {"case", "lookout"}):
        add(kind, DRAFTS[kind], case=case)
    add("known person", PersonDraft, case=case, **SHARED)
    add("sought", PersonDraft, case=case, **HIDDEN_TOO)
    add("informant", PersonDraft, "informant", case=case)
    quiet = add("quiet person", PersonDraft, "section_1367", case=case)
    of_other = {"author": CAST["investigator of another office"], "at": AT}
    sealed = open_case(desk, plant(CaseDraft, "sealed case", "sealed"), **of_other)
    scene.add("sealed case", sealed, "investigations")
    for label, handling, of in (
        ("lookout", "refer", scene.numbers["person"]),
        ("silent lookout", "silent", quiet),
    ):
        status = "draft" if handling == "silent" else "active"
        about = {**_OF_LOOKOUT, "subject": of, "handling": handling, "status": status}
        draft = plant(LookoutDraft, label, **about)
        placed = place_lookout(desk, draft, grounds=_GROUNDS, **_BY_CASE)
        if handling == "silent":
            author = CAST["case supervisor"]
            placed = activate_lookout(desk, placed.number, author=author, at=AT)
        scene.add(label, placed, "investigations")


def _of_marks(scene: Scene) -> None:
    """A person with a label that a supervisor is to approve, and intelligence to be reviewed."""
    desk, now = investigations.at_work(), datetime.now(UTC)
    draft = scene.planter.draft(PersonDraft, "marked person", case=scene.numbers["case"])
    number = add_to_case(desk, draft, **_BY_CASE).number
    words = {name: scene.planter.word() for name in ("suspicion", "source", "fact")}
    by = {"author": INVESTIGATOR, "at": now}
    suspected = IntelligenceGrounds(
        suspicion=words["suspicion"],
        source=words["source"],
        reliability="reliable",
        validity="probable",
        sensitivity="confidential",
        review_on=now.date() + timedelta(days=20),
        views=False,
        unlawful=False,
    )
    marked = set_mark(desk, number, "intelligence", suspected, **by)
    approve_mark(desk, number, marked.number, author=CAST["case supervisor"], at=now)
    facts = (
        Fact(kind="admission", said=words["fact"], source="Interview"),
        Fact(kind="conviction", said=words["fact"], source="Judgment"),
    )
    label = GangGrounds(facts=facts, association_alone=False)
    labelled = set_mark(desk, number, "gang_label", label, **by)
    scene.marks += [marked.number, labelled.number]
    kept = desk.keeper.find(number)
    assert kept is not None
    scene.add("marked person", kept, "investigations")
    scene.grounds += words.values()


def _of_the_jail(scene: Scene, folder: Path) -> None:
    words = {name: scene.planter.word() for name in _BOOKING}
    words["phone"] = "5202099001"
    path = folder / "bookings.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["booking", *words], ["77001", *words.values()]])
    door = doors()["partner"]
    load(door.keeper, path, read_source_map(_source_map(), name="jail.toml"), at=AT)
    path.unlink()
    kept = door.keeper.find("CJ-77001")
    assert kept is not None
    scene.systems["booking"], scene.kinds["booking"] = "partner", kept.kind
    scene.numbers["booking"] = kept.number
    texts = {name: (word[-7:], _BOOKING[name][0]) for name, word in words.items()}
    scene.planter.plant("booking", kept, "partner", texts)


def _of_requests(scene: Scene) -> None:
    """Of the case that is shown as a pointer, the patrol asks its owner; of a booking, the jail.

    Asked and answered in the present, as the pages are looked at.
    """
    now = datetime.now(UTC)
    boss, officer = CAST["case supervisor"], CAST["sharing officer"]

    def asked(label: str, case: str, of: FieldClass) -> str:
        purpose = Purpose(code=PurposeCode.INVESTIGATION, number=case)
        system, number = scene.systems[label], RecordNumber(scene.numbers[label])
        by = {"viewer": AGENT, "purpose": purpose, "at": now}
        told = doors()[system].fetch(number, **by).disclosure
        made = ask(
            told,
            system=system,
            classes=[of],
            why="To stop the guides.",
            due_at=now + timedelta(days=3),
            **by,
        )
        scene.requests.append(made.number)
        return made.number

    asked("case", INQUIRY.number, FieldClass.CASE_NARRATIVE)
    by = {"viewer": boss, "at": now}
    # For other work than that of the walks: what they are shown stays as the agreement gives it.
    grant(
        asked("case", "LA-26-0901", FieldClass.CASE_NARRATIVE),
        classes=[FieldClass.CASE_NARRATIVE],
        expires_at=now + timedelta(days=30),
        caveats="",
        **by,
    )
    refused = asked("case", "LA-26-0902", FieldClass.CASE_NARRATIVE)
    refuse(refused, RefusalReason.NO_NEED, said="", **by)
    above = asked("case", "LA-26-0906", FieldClass.CASE_NARRATIVE)
    refuse(above, RefusalReason.NO_NEED, said="", **by)
    appeal(above, why="The guides were seen.", viewer=AGENT, at=now)
    other = replace(officer, number="U-239", assignment="AS-239")
    refuse(above, RefusalReason.OPERATION, said="", viewer=other, at=now)
    waits = asked("booking", "LA-26-0903", FieldClass.CRIMINAL_HISTORY)
    jailer = replace(CAST["deputy"], number="U-390", role=Role.SUPERVISOR, assignment="AS-390")
    reference = "Your message of the 14th"
    ask_consent(waits, officer.agency, reference=reference, viewer=jailer, at=now)


def _of_emergencies(scene: Scene) -> None:
    """By somebody who walks nowhere: what he opened is shown to him alone."""
    enlist(RESCUER)
    now = datetime.now(UTC)
    for label, at in (("case", now), ("person", now - timedelta(hours=2))):
        number, why = scene.numbers[label], "Three at the yard."
        plea = Plea(record=number, danger=Danger.HELD, why=why, case="")
        by = {"viewer": RESCUER, "purpose": INQUIRY, "at": at}
        scene.emergencies.append(open_in_emergency("investigations", plea, **by))


def _of_copies(scene: Scene) -> None:
    """The patrol holds a copy of a business, asks for a stamp, and was told of a correction."""
    now, number = datetime.now(UTC), RecordNumber(scene.numbers["business"])
    purpose = Purpose(code=PurposeCode.INVESTIGATION, number="LA-26-0904")
    by: dict[str, Any] = {"viewer": AGENT, "purpose": purpose, "at": now}
    door, boss = doors()["investigations"], CAST["case supervisor"]
    told = door.fetch(number, **by).disclosure
    due_at = now + timedelta(days=3)
    about = {"system": "investigations", "why": "For the file.", "due_at": due_at}
    asked = ask(told, classes=(), copies=True, **about, **by)
    until = {"expires_at": now + timedelta(days=30), "caveats": ""}
    grant(asked.number, classes=(), copies=True, viewer=boss, at=now, **until)
    scene.copies.append(make_copy(door, number, CopyForm.PAGE, **by).row.number)
    verified = ask_stamp(told, classes=verifiable(told, viewer=AGENT)[:1], **about, **by)
    scene.requests += [asked.number, verified.number]
    corrected = Corrected(
        system="investigations",
        record=number,
        cause="0",
        owner_agency=told.owner_agency,
        contact=told.contact,
    )
    shown_to = Recipient(AGENT.agency, AGENT.unit, AGENT.number, accounted=True)
    with transaction.atomic(using=EXCHANGE):
        LEDGERS["exchange"].hold()
        tell(corrected, [shown_to], at=now)
    scene.corrections += CorrectionNotice.objects.values_list("number", flat=True)


def _of_redress(scene: Scene) -> None:
    """Letters that the patrol's officer sends to the investigators, whose officer walks."""
    now = datetime.now(UTC)
    sender = replace(AGENT, number="U-170", assignment="AS-170", role=Role.REDRESS)
    by = {"viewer": CAST["redress officer"], "at": now}
    for kind in (Kind.ACCESS, Kind.ACCESS, Kind.AMENDMENT):
        letter = Letter(
            kind=kind,
            decides="investigations",
            person="María López",
            reply_to="PO Box 1, Nogales",
            said="That is not so.",
            received_on=now.date(),
        )
        scene.matters.append(enter_matter(letter, viewer=sender, at=now).number)
    _, taken, refused = scene.matters
    take(taken, **by)
    take(refused, **by)
    about = {"said": "It is so.", "record": scene.numbers["business"]}
    decide(refused, Outcome.REFUSED, system="investigations", **about, **by)


def _source_map() -> str:
    head = (
        '[source]\nowner_agency = "county"\nowning_unit = "JAIL"\ncontact = "Booking desk"\n'
        'number = "booking"\nprefix = "CJ-"\n'
    )
    columns = "".join(
        f'[[field]]\ncolumn = "{name}"\nclass = "{of}"\nmeaning = "{meaning}"\n'
        for name, (of, meaning) in _BOOKING.items()
    )
    declared = "".join(
        f'{name} = {{ declared = "no", screened_on = 2026-11-01, by = "Records" }}\n'
        for name in PROTECTIONS
    )
    return f"{head}{columns}[protections]\n{declared}"
