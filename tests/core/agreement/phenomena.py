"""The phenomena, one row each: who, of what, for what, sees how much; with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tieline.core.agreement.question import Action
from tieline.core.agreement.viewer import Purpose, PurposeCode, Viewer
from tieline.core.records import SILENT, FieldClass, Level, Protections, Record

from .scene import (
    AGENT,
    ASKED_FOR,
    AUDITOR,
    BOOKING,
    CASE,
    CLERK,
    CONTRACTOR,
    DEPUTY,
    DESK,
    DISPATCHER,
    FOREIGNER,
    HIT,
    HOST_ADMINISTRATOR,
    INVESTIGATOR,
    LOOSE,
    NO_PURPOSE,
    OTHER_STATION,
    OVERSIGHT,
    OWN_ADMINISTRATOR,
    OWN_CONTRACTOR,
    PROSECUTOR,
    RADIO,
    SAFETY,
    STRANGER,
    TASK_FORCE_LOCAL,
    TRIAL,
    WATCH,
    record,
)

C = FieldClass
NEVER = {C.MEDICAL, C.FEAR, C.SOURCE, C.COURT, C.PROTECTION, C.CASE_NARRATIVE}
FULL_INSIDE = set(C) - NEVER
SUMMARY_INSIDE = FULL_INSIDE - {
    *(C.CONTACT, C.FAMILY, C.BIOMETRIC, C.CRIMINAL_HISTORY, C.APPREHENSION_NARRATIVE)
}
ON_THE_RADIO = {C.LOCATION, C.CONVEYANCE, C.CAUTION, C.HANDLING}
LOOKOUT = {C.IDENTITY, C.DESCRIPTION, C.CONVEYANCE, C.LOOKOUT, C.CAUTION, C.HANDLING}


@dataclass(frozen=True)
class Row:
    says: str
    viewer: Viewer
    record: Record
    level: Level
    sees: frozenset[FieldClass] | set[FieldClass] = frozenset()
    purpose: Purpose = CASE
    clause: str = ""
    """One that must be cited, inward at least."""
    way: Action = Action.POINTER


LABELLED = frozenset({"gang_label"})
WANTED = record(kind="lookout", owner="investigations")
UNKNOWN = record(stated=Protections.unknown())
ROWS = [
    # What is given, P01 to P13.
    Row(
        "P1: the owner sees its own but source, court and why protected",
        *(AGENT, record(), Level.FULL, set(C) - {C.PROTECTION}, BOOKING, "P01"),
    ),
    Row(
        "P1: another station of the owner sees all but who told and courts",
        *(OTHER_STATION, record(), Level.FULL, set(C) - {C.PROTECTION, C.SOURCE, C.COURT}),
    ),
    Row(
        "8 USC 1367(a)(2): why protected is for the owner's protection desk",
        *(DESK, record("section_1367"), Level.FULL, set(C)),
    ),
    Row(
        "P4: inside the department an apprehension is seen in full for a case",
        *(INVESTIGATOR, record(), Level.FULL, FULL_INSIDE, CASE, "P04"),
    ),
    Row(
        "P4: without a number the pointer only",
        *(INVESTIGATOR, record(), Level.POINTER, set(), LOOSE, "P02"),
    ),
    Row(
        "P4: a subject record of the investigators is seen as a summary",
        *(AGENT, record(kind="person", owner="investigations"), Level.SUMMARY, SUMMARY_INSIDE),
    ),
    Row(
        "P4: a lookout is seen with its handling",
        *(AGENT, record(kind="lookout", owner="investigations"), Level.SUMMARY, LOOKOUT),
    ),
    Row(
        "P4: of an open case the pointer only",
        *(AGENT, record(kind="case", owner="investigations"), Level.POINTER),
    ),
    Row(
        "P4: of a report the pointer only",
        *(AGENT, record(kind="report", owner="investigations"), Level.POINTER),
    ),
    *(
        Row(
            f"P18: a bare precaution crosses to {who}, and nothing of it but the caution",
            *(viewer, record(kind="precaution"), Level.SUMMARY, {C.CAUTION}, purpose, "B01"),
        )
        for who, viewer, purpose in (
            ("an investigator", INVESTIGATOR, CASE),
            ("an outsider of a party", DEPUTY, CASE),
            ("a local officer on a task force", TASK_FORCE_LOCAL, LOOSE),
        )
    ),
    Row("P18: not to a contractor", CONTRACTOR, record(kind="precaution"), Level.NONE),
    Row("P18: not to an agency that is no party", STRANGER, record(kind="precaution"), Level.NONE),
    Row(
        "a kind that no clause knows: the pointer only",
        INVESTIGATOR,
        record(kind="x"),
        Level.POINTER,
    ),
    Row(
        "P4: an outsider gets the pointer for a number",
        *(DEPUTY, record(), Level.POINTER, set(), CASE, "P05"),
    ),
    Row(
        "P4: an outsider gets nothing for a reason alone",
        DEPUTY,
        record(),
        Level.NONE,
        set(),
        LOOSE,
    ),
    Row(
        "8 CFR 208.6: the owner's contractor sees no outcome, whatever it says",
        OWN_CONTRACTOR,
        record(),
        Level.FULL,
        set(C) - {C.PROTECTION, C.OUTCOME, C.FEAR},
        CASE,
        "F09",
    ),
    Row(
        "P23: a watch desk outside the department gets the pointer before there is a number",
        *(DISPATCHER, record(), Level.POINTER, set(), RADIO, "P07"),
    ),
    Row("not for an investigation", DISPATCHER, record(), Level.NONE, set(), LOOSE),
    Row("nor does an officer get it who is at no desk", DEPUTY, record(), Level.NONE, set(), RADIO),
    Row(
        "nor a contractor who sits at the desk",
        replace(DISPATCHER, employee=False),
        *(record(), Level.NONE, set(), RADIO, "F14"),
    ),
    *(
        Row(
            f"nor does the desk outside learn of a record under {flag}",
            *(DISPATCHER, record(flag), Level.NONE, set(), RADIO, "F05"),
        )
        for flag in ("juvenile", "us_person")
    ),
    Row(
        "P23: the department's watch desk warns an agent before there is a number",
        *(WATCH, record(), Level.SUMMARY, ON_THE_RADIO, RADIO, "P08"),
    ),
    Row("who is at no desk does not", INVESTIGATOR, record(), Level.POINTER, set(), RADIO, "P02"),
    Row("nor for an investigation", WATCH, record(), Level.POINTER, set(), LOOSE, "P02"),
    Row(
        "nor of an open case",
        *(WATCH, record(kind="case"), Level.POINTER, set(), RADIO),
    ),
    Row(
        "P18: a bare caution crosses to a sworn officer outside the department",
        *(DEPUTY, record(), Level.SUMMARY, {C.CAUTION}, SAFETY, "P09"),
    ),
    Row(
        "P18: to a local officer on a task force as well",
        *(TASK_FORCE_LOCAL, record(), Level.SUMMARY, {C.CAUTION}, SAFETY, "P09"),
    ),
    Row(
        "not for a reason alone",
        DEPUTY,
        record(),
        Level.NONE,
        set(),
        Purpose(code=PurposeCode.OFFICER_SAFETY, reason="a traffic stop"),
    ),
    Row("nor to who is not sworn", CLERK, record(), Level.NONE, set(), SAFETY),
    Row(
        "nor of a case",
        *(DEPUTY, record(kind="case", owner="investigations"), Level.POINTER, set(), SAFETY, "P05"),
    ),
    Row("nor of a child", DEPUTY, record("juvenile"), Level.NONE, set(), SAFETY, "F05"),
    Row(
        "nor of what is marked silent",
        DEPUTY,
        record(kind="lookout", owner="investigations", caveats=frozenset({SILENT})),
        *(Level.NONE, set(), SAFETY, "F06"),
    ),
    Row(
        "P30: prosecutors learn who holds what on a defendant",
        *(PROSECUTOR, record(kind="case", owner="investigations"), Level.POINTER, set(), TRIAL),
        "P10",
    ),
    Row("not for an investigation", PROSECUTOR, record(), Level.NONE, set(), CASE),
    Row("nor does a clerk who is none of Justice", CLERK, record(), Level.NONE, set(), TRIAL),
    Row(
        "nor a contractor of Justice",
        replace(PROSECUTOR, employee=False),
        *(record(), Level.NONE, set(), TRIAL, "F14"),
    ),
    Row(
        "Fed. R. Crim. P. 6(e): nor a prosecutor of what is before a grand jury",
        *(PROSECUTOR, record("grand_jury"), Level.NONE, set(), TRIAL, "F03"),
    ),
    Row(
        "P33: where somebody is held is told for a reason alone",
        *(INVESTIGATOR, record(), Level.SUMMARY, {C.CUSTODY}, ASKED_FOR, "P11"),
    ),
    Row("not to a contractor", CONTRACTOR, record(), Level.NONE, set(), ASKED_FOR, "F14"),
    Row("nor to a deputy", DEPUTY, record(), Level.NONE, set(), ASKED_FOR),
    Row(
        "nor of somebody in a case",
        AGENT,
        record(kind="person", owner="investigations"),
        *(Level.POINTER, set(), ASKED_FOR, "P02"),
    ),
    Row(
        "5 USC 552a(b)(1): oversight sees whom it is about, of dates the year alone",
        *(INVESTIGATOR, record(), Level.SUMMARY, SUMMARY_INSIDE, OVERSIGHT, "P12"),
    ),
    Row(
        "of a lookout as well",
        *(AGENT, WANTED, Level.SUMMARY, LOOKOUT, OVERSIGHT, "P12"),
    ),
    Row("not an outsider", DEPUTY, record(), Level.NONE, set(), OVERSIGHT),
    Row("nor a contractor", CONTRACTOR, record(), Level.NONE, set(), OVERSIGHT, "F14"),
    Row(
        "domain 3.3: who has a hit before him learns whom to call",
        *(CLERK, WANTED, Level.POINTER, set(), HIT, "P13"),
    ),
    Row("not of anything but a lookout", CLERK, record(), Level.NONE, set(), HIT),
    Row(
        "nor of one that is silent",
        CLERK,
        record(kind="lookout", owner="investigations", caveats=frozenset({SILENT})),
        *(Level.NONE, set(), HIT, "F06"),
    ),
    # What is closed to the person.
    Row(
        "P14: a foreign officer is outside, wherever he is detailed",
        *(FOREIGNER, record(), Level.NONE, set(), CASE, "F13"),
    ),
    Row("no agreement: nothing", STRANGER, record(), Level.NONE, set(), CASE, "gate:party"),
    Row("P1: the host's administrator sees nothing", HOST_ADMINISTRATOR, record(), Level.NONE),
    Row(
        "P1: nor does the owner's administrator",
        *(OWN_ADMINISTRATOR, record(), Level.NONE, set(), CASE, "F07"),
    ),
    Row("P28: an auditor sees who looked, not what at", AUDITOR, record(), Level.POINTER),
    Row(
        "P14: a contractor is no insider",
        *(CONTRACTOR, record(), Level.NONE, set(), CASE, "F14"),
    ),
    Row(
        "5 USC 552a(b): a diagnosis stays with the owner",
        *(INVESTIGATOR, record(), Level.FULL, FULL_INSIDE, CASE, "F18"),
    ),
    Row(
        "P27: no copy of a foreign record outside the department",
        *(DEPUTY, record(), Level.NONE, set(), CASE, "F20", Action.EXPORT),
    ),
    Row(
        "P27: inside it none without the owner's word",
        *(INVESTIGATOR, record(), Level.NONE, set(), CASE, "", Action.EXPORT),
    ),
    Row(
        "P27: nor for a contractor with it",
        *(CONTRACTOR, record(), Level.NONE, set(), CASE, "F20", Action.EXPORT),
    ),
    Row(
        "of one's own there may be copies",
        *(AGENT, record(), Level.FULL, set(C) - {C.PROTECTION}, BOOKING, "P01", Action.EXPORT),
    ),
    Row(
        "P14: a local officer on a task force is an outsider",
        *(TASK_FORCE_LOCAL, record(), Level.POINTER, set(), CASE, "P05"),
    ),
    Row("P3: no purpose, nothing", INVESTIGATOR, record(), Level.NONE, set(), NO_PURPOSE),
    Row("P3: of one's own neither", AGENT, record(), Level.NONE, set(), NO_PURPOSE, "gate:purpose"),
    # What hides the record.
    Row(
        "8 USC 1367(a)(2): investigator sees nothing of it",
        *(INVESTIGATOR, record("section_1367"), Level.NONE, set(), CASE, "F01"),
    ),
    Row(
        "8 USC 1367(a)(2): the owner's contractor sees nothing of it",
        *(OWN_CONTRACTOR, record("section_1367"), Level.NONE, set(), CASE, "F01"),
    ),
    Row(
        "8 USC 1367(a)(2): the owner's sworn officers use it",
        *(AGENT, record("section_1367"), Level.FULL, set(C) - {C.PROTECTION}),
    ),
    Row(
        "8 CFR 208.6: outsiders do not learn of one who asked for asylum",
        *(DEPUTY, record("asylum"), Level.NONE, set(), CASE, "F02"),
    ),
    Row(
        "8 CFR 208.6: nor does the owner's contractor",
        *(OWN_CONTRACTOR, record("asylum"), Level.NONE, set(), CASE, "F02"),
    ),
    Row(
        "8 CFR 208.6: inside the circle it is seen, but not what was said of fear",
        *(INVESTIGATOR, record("asylum"), Level.FULL, FULL_INSIDE),
    ),
    *(
        Row(
            f"{citation}: {flag} stays with the unit that keeps it",
            *(viewer, record(flag), Level.NONE, set(), CASE, "F03"),
        )
        for flag, citation in (
            ("informant", "P19"),
            ("grand_jury", "Fed. R. Crim. P. 6(e)"),
            ("intercept", "18 USC 2517"),
            ("sealed", "P19"),
        )
        for viewer in (INVESTIGATOR, OTHER_STATION)
    ),
    *(
        Row(
            f"{citation}: {flag} stays with its owner",
            *(INVESTIGATOR, record(flag), Level.NONE, set(), CASE, "F04"),
        )
        for flag, citation in (
            ("tax", "26 USC 6103"),
            ("suspicious_activity", "31 USC 5318(g)(2)"),
            ("medical", "P19"),
            ("third_agency", "P19"),
        )
    ),
    Row(
        "5 USC 552a(b): outsiders do not learn of a US person",
        *(DEPUTY, record("us_person"), Level.NONE, set(), CASE, "F05"),
    ),
    Row(
        "8 USC 1232(b): nor of a child",
        *(DEPUTY, record("juvenile"), Level.NONE, set(), CASE, "F05"),
    ),
    Row(
        "P11: a child's family and contacts stay with the owner",
        *(INVESTIGATOR, record("juvenile"), Level.FULL, FULL_INSIDE - {C.FAMILY, C.CONTACT}),
    ),
    Row(
        "P7: a silent lookout never shows",
        AGENT,
        record(kind="lookout", owner="investigations", caveats=frozenset({SILENT})),
        *(Level.NONE, set(), CASE, "F06"),
    ),
    *(
        Row(
            f"28 CFR 23.20(d): {says}",
            *(viewer, record(caveats=frozenset({mark})), level, sees, purpose, clause),
        )
        for mark in ("intelligence", "gang_label")
        for says, viewer, purpose, level, sees, clause in (
            ("a sworn officer has need and right", INVESTIGATOR, CASE, Level.FULL, FULL_INSIDE, ""),
            ("not without a number", INVESTIGATOR, LOOSE, Level.NONE, set(), "F15"),
            ("nor for processing", INVESTIGATOR, BOOKING, Level.NONE, set(), "F15"),
            ("nor who is not sworn", WATCH, CASE, Level.NONE, set(), "F15"),
            ("nor a desk outside", DISPATCHER, RADIO, Level.NONE, set(), "F15"),
            ("its owner has it", AGENT, BOOKING, Level.FULL, set(C) - {C.PROTECTION}, "P01"),
        )
    ),
    Row(
        "P11: a label on a child stays with its owner",
        INVESTIGATOR,
        record("juvenile", caveats=LABELLED),
        *(Level.NONE, set(), CASE, "F16"),
    ),
    Row(
        "nobody acts on an exercise",
        INVESTIGATOR,
        record(caveats=frozenset({"exercise"})),
        *(Level.NONE, set(), CASE, "F17"),
    ),
    Row(
        "P4: of an unapproved report the pointer",
        INVESTIGATOR,
        record(caveats=frozenset({"unapproved"})),
        *(Level.POINTER, set(), CASE, "F19"),
    ),
    Row("P17: unknown is protected", INVESTIGATOR, UNKNOWN, Level.NONE, set(), CASE, "F01"),
]
