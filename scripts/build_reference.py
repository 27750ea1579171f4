"""Write the code lists of tieline.reference from a folder of public data.

    python scripts/build_reference.py SOURCE

SOURCE is laid out as its own README says (codes/, i213/, places/, facilities/, patrol/, names/).
What is changed on the way is in src/tieline/reference/curation/, one row and one reason each. A
row of the curation that no longer fits what is published stops the build.
"""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import reference_rows as made_by
from reference_nicknames import nicknames
from reference_rows import HOME, NOT_VALUES, Row, Source, curated

NIEM = "NIEM 6.0, "
NIEM_LICENCE = "CC-BY-4.0 (NIEMOpen, OASIS)"
EOIR = "EOIR case data, table "
EOIR_LICENCE = "MIT (marrowb/eoir); origin: a work of the US Government"
GOVERNMENT = "a work of the US Government, public domain"
I213 = "ICE release of I-213 forms (FOIA), by UWCHR/i-213-sea"


@dataclass(frozen=True)
class Definition:
    """One list: what the manifest says of it, and how its rows are made."""

    name: str
    title: str
    source: str
    licence: str
    date: str
    rows: Callable[[Source], Iterable[Row]]
    version: str = "2026.1"
    unverified: bool = False
    never_match: bool = False
    by_statute: bool = False
    note: str = ""


def niem(
    name: str, title: str, schema: str, code_type: str, *, never_match: bool = False
) -> Definition:
    return Definition(
        name,
        title,
        f"{NIEM}{schema}:{code_type}CodeType",
        NIEM_LICENCE,
        "2026",
        lambda source: source.niem(schema, code_type),
        version="6.0",
        never_match=never_match,
    )


def eoir(name: str, title: str, table: str) -> Definition:
    def rows(source: Source) -> Iterable[Row]:
        for code, label in source.table(table).items():
            if not NOT_VALUES.search(code) and not NOT_VALUES.search(label) and label:
                yield {"code": code, "label": label.removeprefix("*")}

    return Definition(name, title, f"{EOIR}{table}", EOIR_LICENCE, "2026", rows)


def simple(path: str, code: str, label: str) -> Callable[[Source], Iterable[Row]]:
    return lambda source: [{"code": r[code], "label": r[label]} for r in source.rows(path)]


PATROL = "CBP release under the Freedom of Information Act, by UWCHR/cbp"
LISTS = (
    Definition(
        "hair",
        "Hair colors of e3",
        PATROL,
        GOVERNMENT,
        "2015",
        simple("patrol/codes_hair.csv", "HAIR_COLOR", "DESCRIPTION"),
    ),
    Definition(
        "eye",
        "Eye colors of e3",
        PATROL,
        GOVERNMENT,
        "2015",
        simple("patrol/codes_eye.csv", "EYE_COLOR", "DESCRIPTION"),
    ),
    Definition(
        "complexion",
        "Complexions of e3",
        PATROL,
        GOVERNMENT,
        "2015",
        simple("patrol/codes_complexion.csv", "COMPLEXION", "DESCRIPTION"),
        never_match=True,
    ),
    niem("sex", "Sex", "justice", "PersonSex"),
    niem("race", "Race (N-DEx)", "justice", "PersonRace", never_match=True),
    niem("ethnicity", "Ethnicity", "screening", "EthnicityCategory", never_match=True),
    Definition(
        "country",
        "Countries: ISO 3166-1 alpha-2, with the spellings of exports",
        "ISO 3166-1 (codes and names as facts, read by pycountry); spellings seen in CBP, ICE and"
        " EOIR releases; five-letter codes of e3 (MEXIC, GUATE, HONDU, ELSAL)",
        "facts; the selection: Apache-2.0",
        "2026",
        made_by.countries,
    ),
    Definition(
        "nationality",
        "Nationalities of the immigration courts (two letters, not ISO)",
        f"{EOIR}tblLookupNationality and tblLookupCountry",
        EOIR_LICENCE,
        "2026",
        made_by.nationalities,
    ),
    Definition(
        "marital-status",
        "Marital status of e3",
        "deportationdata/cbp, code map of encounters",
        "CC0-1.0",
        "2026",
        made_by.marital,
    ),
    niem("status-when-found", "Status when found", "screening", "EntryStatusFoundCategory"),
    niem("entry-status", "Status at entry", "screening", "EntryStatusCategory"),
    niem("time-in-us", "Time in the United States", "screening", "TimeInUSCategory"),
    niem("arrest-method", "Arrest method", "screening", "ArrestMethodCategory"),
    niem("alert", "Alerts on a person", "screening", "AlertCategory"),
    niem("person-category", "Standing of a person", "screening", "PersonCategory"),
    niem("person-crossing", "Kind of crossing", "screening", "PersonCrossingCategory"),
    niem("document", "Documents", "screening", "DocumentCategory"),
    niem("release-reason", "Reason of release", "screening", "DetentionReleaseReasonCategory"),
    niem("detainer-lift", "Reason a detainer was lifted", "immigration", "DetentionDetainerLift"),
    niem("departure", "Kind of departure", "screening", "DepartureCategory"),
    niem(
        "admission-class",
        "Class of admission",
        "immigration",
        "ImmigrationClassOfAdmissionCategory",
    ),
    niem("charge-category", "Charges (NIEM screening)", "screening", "ChargeCategory"),
    niem("finger", "Finger positions (ANSI/NIST-ITL)", "biom", "FingerPosition"),
    niem("state", "States of the United States (USPS)", "usps", "USState"),
    Definition(
        "sectors",
        "Border Patrol sectors",
        "deportationdata/cbp; UWCHR/cbp",
        "MIT; CC0-1.0",
        "2026",
        made_by.sectors,
        unverified=True,
        note="16 of the 20 codes are to be confirmed",
    ),
    Definition(
        "stations",
        "Border Patrol stations",
        "cbp.gov",
        "MIT",
        "2026",
        made_by.stations,
        unverified=True,
    ),
    Definition("ports", "Ports of entry on forms I-213", I213, GOVERNMENT, "2026", made_by.ports),
    Definition(
        "customs-ports", "Ports by customs code", "cbp.gov", "MIT", "2026", made_by.customs_ports
    ),
    Definition(
        "crossings",
        "Crossings between Texas and Mexico",
        "Texas Department of Transportation, list of crossings",
        "MIT",
        "2026",
        made_by.crossings,
    ),
    Definition(
        "landmarks", "Landmarks on forms I-213", I213, GOVERNMENT, "2026", made_by.landmarks
    ),
    Definition(
        "dispositions",
        "Processing dispositions",
        "practitioners' code file and map to sections; deportationdata/cbp",
        "MIT; CC0-1.0",
        "2026",
        made_by.dispositions,
        unverified=True,
    ),
    Definition(
        "removal-case-categories",
        "Case categories of removals",
        "ICE removals release (FOIA)",
        GOVERNMENT,
        "2026",
        made_by.removal_categories,
    ),
    Definition(
        "administrative-charges",
        "Administrative charges on forms I-213",
        I213,
        GOVERNMENT,
        "2026",
        made_by.administrative_charges,
        by_statute=True,
    ),
    Definition(
        "ina-charges",
        "Charges of the immigration courts",
        f"{EOIR}tbllookupCharges",
        EOIR_LICENCE,
        "2026",
        made_by.ina_charges,
        by_statute=True,
        note="rows for tests and of no section of the Act (<A>, 2153a to k, 242fXX) left out",
    ),
    Definition(
        "federal-statutes",
        "Federal immigration statutes",
        "United States Code",
        GOVERNMENT,
        "2026",
        made_by.federal_statutes,
        by_statute=True,
    ),
    Definition("ncic-offences", "NCIC offenses", "NCIC", "facts", "2026", made_by.offences),
    Definition(
        "ncic-categories",
        "NCIC categories on forms",
        I213,
        GOVERNMENT,
        "2026",
        made_by.offence_categories,
    ),
    Definition(
        "facilities",
        "Detention made_by.facilities, list of 2017",
        "ICE facility list (FOIA), November 2017, geocoded",
        GOVERNMENT,
        "2017",
        made_by.facilities,
        note="no street; of sites for children, families and patients the state alone",
    ),
    Definition(
        "field-offices", "ERO field offices", "ice.gov", GOVERNMENT, "2026", made_by.field_offices
    ),
    eoir("eoir-case-type", "Case types of the courts", "tblLookupCaseType"),
    eoir("eoir-decision", "Decisions (older)", "tblDecCode"),
    eoir("eoir-court-decision", "Decisions of the courts", "tblLookupCourtDecision"),
    eoir("eoir-language", "Languages of the courts", "tblLanguage"),
    eoir("eoir-adjournment", "Reasons of adjournment", "tblAdjournmentCodes"),
    eoir("eoir-application", "Applications for relief", "tblLookUp_Appln"),
    eoir("eoir-motion", "Motions", "tblLookupMotionType"),
    eoir("eoir-juvenile", "Juveniles before the courts", "tblLookup_Juvenile"),
    eoir("eoir-hearing-location", "Hearing locations", "tblLookupHloc"),
    eoir("eoir-schedule", "Kinds of hearings", "tbllookupSchedule_Type"),
)


def with_curation(name: str, rows: Iterable[Row]) -> list[Row]:
    """The rows with curated labels and further aliases; a curation that fits nothing stops."""
    made = {row["code"]: dict(row) for row in rows}
    for row in curated("labels"):
        if row["list"] != name:
            continue
        entry = made.get(row["code"])
        if entry is None or entry["label"] != row["published"]:
            raise SystemExit(f"curation of {name} {row['code']!r}: {row['published']!r} is gone")
        entry |= {"label": row["label"], "published": row["published"], "legacy": "yes"}
        entry["note"] = "; ".join(filter(None, (entry.get("note", ""), row["reason"])))
    for row in curated("aliases"):
        if row["list"] == name:
            entry = made[row["code"]]
            entry["aliases"] = "|".join(filter(None, (entry.get("aliases", ""), row["alias"])))
    return list(made.values())


COLUMNS = ("code", "label", "published", "aliases", "legacy", "note")


def write_list(path: Path, rows: list[Row]) -> None:
    facts = dict.fromkeys(name for row in rows for name in row if name not in COLUMNS)
    names = [name for name in (*COLUMNS, *facts) if any(row.get(name) for row in rows)]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, names, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: row.get(name, "") for name in names} for row in rows)


def about(definition: Definition, path: Path, rows: list[Row]) -> dict[str, object]:
    """The manifest's entry of one list."""
    return {
        "name": definition.name,
        "title": definition.title,
        "version": definition.version,
        "date": definition.date,
        "source": definition.source,
        "licence": definition.licence,
        "unverified": definition.unverified,
        "never_match": definition.never_match,
        "by_statute": definition.by_statute,
        "note": definition.note,
        "rows": len(rows),
        "curated": sum(row.get("legacy") == "yes" for row in rows),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def main(folder: str) -> None:
    source = Source(Path(folder))
    entries = []
    for definition in LISTS:
        rows = with_curation(definition.name, definition.rows(source))
        path = HOME / "data" / f"{definition.name}.csv"
        write_list(path, rows)
        entries.append(about(definition, path, rows))
    nickname_path = HOME / "data" / "nicknames.csv"
    write_list(nickname_path, nicknames(source))
    manifest = {
        "lists": entries,
        "nicknames": {
            "source": "carltonnorthern/nicknames; English and Spanish short forms curated here",
            "licence": "Apache-2.0",
            "date": "2026",
            "rows": len(nicknames(source)),
            "sha256": hashlib.sha256(nickname_path.read_bytes()).hexdigest(),
        },
    }
    text = json.dumps(manifest, indent=1, ensure_ascii=False)
    (HOME / "data" / "manifest.json").write_text(text + "\n", encoding="utf-8")
    print(f"{len(entries)} lists, {len(curated('labels'))} labels curated")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    main(sys.argv[1])
