"""The rows of each code list of tieline.reference, read from a folder of public data."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pycountry

from tieline.core.values.codes import fold
from tieline.core.values.places import Place
from tieline.core.values.statutes import Statute

HOME = Path(__file__).resolve().parent.parent / "src" / "tieline" / "reference"
CURATION = HOME / "curation"
Row = dict[str, str]

# Rows for tests, and rows that stand for "any", are not values.
NOT_VALUES = re.compile(r"^(?:<A>|AAA|VVV|ZZZ|CLASS|NaN)$|^<All>$|TEST\b")


def curated(name: str) -> list[Row]:
    with (CURATION / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return [clean(row) for row in csv.DictReader(handle)]


@dataclass(frozen=True)
class Source:
    """The folder of public data."""

    folder: Path

    def rows(self, path: str, delimiter: str = ",") -> list[Row]:
        with (self.folder / path).open(encoding="utf-8-sig", newline="") as handle:
            return [clean(row) for row in csv.DictReader(handle, delimiter=delimiter)]

    def table(self, name: str) -> dict[str, str]:
        path = self.folder / "codes" / "eoir" / f"{name}.json"
        found: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
        return {" ".join(code.split()): " ".join(str(text).split()) for code, text in found.items()}

    def niem(self, schema: str, code_type: str) -> list[Row]:
        wanted = (f"{schema}.xsd", f"{code_type}CodeSimpleType")
        return [
            {"code": row["code"], "label": row["meaning"]}
            for row in self.rows("codes/niem6_law_enforcement_immigration.csv")
            if (row["schema"].rpartition("/")[2], row["code_type"]) == wanted
        ]


def clean(row: Mapping[str | None, str | None]) -> Row:
    # Blanks at the end and doubled blanks are slips of the sources, never part of a value.
    return {key: " ".join((value or "").split()) for key, value in row.items() if key}


def countries(source: Source) -> Iterable[Row]:
    for country in sorted(pycountry.countries, key=lambda one: one.alpha_2):
        names = [getattr(country, field, "") for field in ("name", "common_name", "official_name")]
        yield {
            "code": country.alpha_2,
            "label": names[1] or names[0],
            "aliases": "|".join((country.alpha_3, *filter(None, names))),
            "alpha3": country.alpha_3,
        }
    # States that are no more, and what exports say of persons without one. XK, XX and ZZ are in
    # the range that ISO 3166-1 leaves to users; the others are its former codes.
    for code, label in (
        ("AN", "Netherlands Antilles (until 2010)"),
        ("CS", "Serbia and Montenegro (until 2006)"),
        ("CSHH", "Czechoslovakia (until 1992)"),
        ("DD", "East Germany (until 1990)"),
        ("PC", "Trust Territory of the Pacific Islands (until 1986)"),
        ("SU", "Soviet Union (until 1991)"),
        ("YU", "Yugoslavia (until 2003)"),
        ("XK", "Kosovo"),
        ("XX", "Stateless"),
        ("ZO", "Other country"),
        ("ZZ", "Unknown country"),
    ):
        yield {"code": code, "label": label, "note": "not a current code of ISO 3166-1"}


def nationalities(source: Source) -> Iterable[Row]:
    names = source.table("tblLookupCountry") | source.table("tblLookupNationality")
    for code, label in sorted(names.items()):
        if not NOT_VALUES.search(code):
            other = source.table("tblLookupCountry").get(code, label)
            yield {"code": code, "label": label, "aliases": "" if other == label else other}


def marital(source: Source) -> Iterable[Row]:
    return [
        {"code": code, "label": label}
        for code, label in zip(
            "SMUDW", ("Single", "Married", "Unknown", "Divorced", "Widowed"), strict=True
        )
    ] + [{"code": "SEP", "label": "Separated", "note": "a word of I-213 exports, without a code"}]


def sectors(source: Source) -> Iterable[Row]:
    for row in source.rows("places/bp_sectors.csv"):
        name = row["sector"]
        sure = row["code_provenance"].startswith("verified")
        former = re.match(r"formerly (\w{3})", row["code_provenance"])
        yield {
            "code": row["code"],
            "label": f"{name} Sector",
            "aliases": "|".join(filter(None, (name, former[1] if former else ""))),
            "note": "" if sure else "code to be confirmed",
            "headquarters": row["hq_city"],
            "state": row["state"],
            "border": row["border"],
            "latitude": row["lat"],
            "longitude": row["lon"],
        }


def stations(source: Source) -> Iterable[Row]:
    for row in source.rows("places/bp_stations_129.csv"):
        sector = row["sector"].partition(" Sector")[0]
        yield {
            "code": row["id"],
            "label": row["name"],
            "aliases": row["name"].removesuffix(" Station"),
            "note": "the code is an address on the web, not the agency's",
            "sector": sector,
            "city": row["city"],
            "state": row["state"],
            "latitude": row["lat"],
            "longitude": row["lng"],
        }


def ports(source: Source) -> Iterable[Row]:
    for row in source.rows("i213/vocab_ports_of_entry.csv"):
        label = row["entry_port_of_entry_descr"]
        place = Place.parse(label)
        bare = re.sub(r"[\s,]*\bPOE$", "", label)
        yield {
            "code": row["entry_port_of_entry_code"],
            "label": label,
            "aliases": "" if bare == label else bare,
            "city": place.city,
            "state": place.state,
        }


def customs_ports(source: Source) -> Iterable[Row]:
    seen: set[str] = set()
    for row in source.rows("places/cbp_locations.csv"):
        code = row["port_code"]
        if row["type"] != "Port of Entry" or not code or code in seen:
            continue
        seen.add(code)
        name = re.sub(r"\s*-\s*\d{4}$", "", row["duty_station"])
        yield {
            "code": code,
            "label": name,
            "city": row["city"],
            "state": row["state"],
            "latitude": row["lat"],
            "longitude": row["lng"],
        }


def crossings(source: Source) -> Iterable[Row]:
    for row in source.rows("places/tx_mx_crossings.csv"):
        yield {
            "code": row["Code"],
            "label": row["Border Crossing Name"],
            "port": row["Port Of Entry"],
            "city": row["City"],
            "state": "TX",
            "latitude": row["Lat"],
            "longitude": row["Lon"],
        }


def landmarks(source: Source) -> Iterable[Row]:
    rows = source.rows("i213/vocab_landmarks.csv")
    for row in sorted(rows, key=lambda one: one["apprehension_landmark_descr"].upper()):
        text = row["apprehension_landmark_descr"]
        right = text.replace("PORTALND", "PORTLAND").replace("CREEEK", "CREEK")
        yield {"code": text.upper(), "label": right}


def dispositions(source: Source) -> Iterable[Row]:
    """The curated codes, with every raw spelling that practitioners saw as an alias."""
    made = {row["code"]: row | {"aliases": ""} for row in curated("dispositions")}
    group_of = {fold(code): code for code in made} | {
        fold(row["label"]): code for code, row in made.items()
    }
    spellings: dict[str, list[str]] = {}
    for row in source.rows("codes/processing_dispositions.csv", delimiter="|"):
        raw = row["processing_disposition_raw"]
        clean_text = row["processing_disposition_clean"] or raw
        if clean_text not in ("REDACTED", "NA"):
            spellings.setdefault(clean_text, []).append(raw)
    for text, raws in sorted(spellings.items()):
        short = [raw for raw in raws if fold(raw) != fold(text)]
        known = next((group_of[fold(s)] for s in (*raws, text) if fold(s) in group_of), "")
        code = known or next(iter(short), text)
        entry = made.setdefault(code, {"code": code, "label": told(text), "aliases": ""})
        others = [entry["aliases"], text, *(raw for raw in raws if raw != code)]
        entry["aliases"] = "|".join(dict.fromkeys(other for other in others if other))
    return made.values()


def told(text: str) -> str:
    """A label in capitals written as a sentence, its forms and short names left in capitals."""
    kept = re.compile(r"\(?(?:I-\d+|VWP|ER|NTA|IJ|GUAM-CNMI|WD2)\)?|\(I-\d+\)")
    words = [word if kept.fullmatch(word) else word.lower() for word in text.split()]
    sentence = " ".join(words)
    return sentence[:1].upper() + sentence[1:]


def removal_categories(source: Source) -> Iterable[Row]:
    for row in source.rows("codes/removal_case_categories.csv"):
        found = re.fullmatch(r"\[(\w+)\] (.*)", row["Case Category"])
        if found is None:
            raise SystemExit(f"no code in {row['Case Category']!r}")
        yield {"code": found[1], "label": found[2], "aliases": row["Case Category"]}


def administrative_charges(source: Source) -> Iterable[Row]:
    """All charges of the forms. A section with several gets a line of its own and one for each."""
    by_section: dict[str, list[str]] = {}
    for row in source.rows("i213/vocab_admin_charges.csv"):
        by_section.setdefault(row["section_code"], []).append(row["description"])
    for section, texts in sorted(by_section.items()):
        statute = Statute.parse(section)
        facts = {"usc": statute.canonical, "ina": statute.ina}
        if len(texts) == 1:
            yield {"code": section, "label": texts[0], **facts}
            continue
        note = f"{len(texts)} charges of forms stand under this section"
        yield {"code": section, "label": f"{section}, charge not told", "note": note, **facts}
        for number, text in enumerate(texts, 1):
            yield {"code": f"{section}/{number}", "label": text, **facts}


def ina_charges(source: Source) -> Iterable[Row]:
    """The courts' charges, one line for each provision: the table has several spellings of some."""
    made: dict[str, Row] = {}
    for row in source.rows("codes/ina_charges.csv"):
        statute = Statute.parse(row["ina_section"])
        if not statute.canonical:
            continue
        code = "".join(row["ina_section"].split())
        meaning = "" if row["meaning"] == "None" else row["meaning"]
        entry = made.setdefault(
            statute.canonical,
            {"code": code, "label": "", "aliases": "", "usc": statute.canonical},
        )
        if fold(code) != fold(entry["code"]):
            entry["aliases"] = "|".join(filter(None, (entry["aliases"], code)))
        entry["label"] = entry["label"] or meaning
    for entry in made.values():
        former = entry["code"].startswith("241")
        entry["note"] = "section 241 before April 1997, now 237" if former else ""
        if not entry["label"]:
            entry["label"] = Statute.parse(entry["code"]).ina or entry["code"]
            entry["note"] = "; ".join(filter(None, (entry["note"], "no meaning is published")))
    return sorted(made.values(), key=lambda row: row["usc"])


def federal_statutes(source: Source) -> Iterable[Row]:
    for row in source.rows("codes/federal_immigration_statutes.csv"):
        statute = Statute.parse(row["statute"])
        yield {"code": statute.canonical, "label": row["title"], "ina": statute.ina}


def offences(source: Source) -> Iterable[Row]:
    for row in source.rows("codes/ncic_offences.csv"):
        facts = {"category": row["category"], "category_code": row["category_code"]}
        yield {"code": row["ncic_code"], "label": row["description"], **facts}


def offence_categories(source: Source) -> Iterable[Row]:
    for row in source.rows("i213/vocab_ncic_categories.csv"):
        if row["ncic_category"] != "IIDS ETL NULL":
            yield {"code": row["ncic_category"].upper(), "label": row["ncic_category"]}


# Where children, families and patients are: their places are no map's business (P20).
SHELTERED = frozenset({"JUVENILE", "FAMILY", "HOSPITAL", "HEALTH"})


def facilities(source: Source) -> Iterable[Row]:
    for row in source.rows("facilities/ice_facilities_2017_geocoded.csv"):
        kind = row["type_detailed"].strip("?")
        where = {"city": row["city"], "latitude": row["lat"], "longitude": row["long"]}
        yield {
            "code": row["detloc"],
            "label": row["name"],
            "state": row["state"],
            "area": row["aor"],
            "kind": kind,
            **(dict.fromkeys(where, "") if kind in SHELTERED else where),
        }


def field_offices(source: Source) -> Iterable[Row]:
    for row in source.rows("facilities/ero_field_offices.csv"):
        state = re.sub(r"\s*\d{5}(?:-\d{4})?$", "", row["field_office_addr"]).rpartition(", ")[2]
        name = OFFICES[row["aor"]]
        label = name if row["aor"] == "HQ" else f"{name} Field Office"
        yield {"code": row["aor"], "label": label, "aliases": name, "state": state.strip(".")}


OFFICES = dict(
    pair.split("=")
    for pair in [
        "ATL=Atlanta",
        "BAL=Baltimore",
        "BOS=Boston",
        "BUF=Buffalo",
        "CHI=Chicago",
        "DAL=Dallas",
        "DEN=Denver",
        "DET=Detroit",
        "ELP=El Paso",
        "HAL=Harlingen",
        "HOU=Houston",
        "HQ=Headquarters",
        "LOS=Los Angeles",
        "MIA=Miami",
        "NEW=Newark",
        "NOL=New Orleans",
        "NYC=New York City",
        "PHI=Philadelphia",
        "PHO=Phoenix",
        "SEA=Seattle",
        "SFR=San Francisco",
        "SLC=Salt Lake City",
        "SNA=San Antonio",
        "SND=San Diego",
        "SPM=Saint Paul",
        "WAS=Washington",
    ]
)
