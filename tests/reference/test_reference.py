"""The package data: what the manifest says of it holds, and what must not be in it is not."""

from __future__ import annotations

import hashlib
import json
import re
from importlib import resources
from pathlib import Path

import pytest

from tieline.core.values.codes import CodeList
from tieline.reference import UnknownCodeList, code_list, names_of_lists, nicknames

DATA = resources.files("tieline.reference") / "data"
MANIFEST = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))
ABOUT = {about["name"]: about for about in MANIFEST["lists"]}
EXPECTED = (
    "hair eye complexion sex country nationality status-when-found sectors stations ports "
    "landmarks dispositions removal-case-categories administrative-charges ina-charges "
    "federal-statutes ncic-offences facilities field-offices eoir-case-type"
)


@pytest.fixture(params=sorted(ABOUT))
def one(request: pytest.FixtureRequest) -> CodeList:
    return code_list(request.param)


def test_the_lists_are_there() -> None:
    assert names_of_lists() == sorted(ABOUT)
    assert set(EXPECTED.split()) <= set(ABOUT)


def test_each_list_is_what_the_manifest_says(one: CodeList) -> None:
    about = ABOUT[one.name]
    content = (DATA / f"{one.name}.csv").read_bytes()
    assert hashlib.sha256(content).hexdigest() == about["sha256"]
    assert len(one) == about["rows"]
    assert sum(entry.legacy for entry in one.entries) == about["curated"]
    for field in ("title", "version", "date", "source", "licence"):
        assert about[field], field


def test_codes_are_unique_and_clean(one: CodeList) -> None:
    codes = [entry.code for entry in one.entries]
    assert len(codes) == len(set(codes))
    for entry in one.entries:
        texts = (entry.code, entry.label, entry.published, *entry.aliases, *entry.facts.values())
        assert entry.code
        assert entry.label
        assert [text for text in texts if text != text.strip() or "\n" in text] == []
        assert "<All>" not in entry.label


def test_each_code_and_published_label_is_found(one: CodeList) -> None:
    for entry in one.entries:
        assert one.understand(entry.code).code == entry.code
        if entry.legacy:
            found = one.understand(entry.published)
            assert found.code or "means several" in found.problem


# Words that no label shown to a user may hold; they may stand in `published`.
OFFENSIVE = re.compile(
    r"\b(?:insane|insanity|transvestite|impersonator|gipsy|gypsy|caucasian|eskimo|albino|sallow|"
    r"illegal aliens?|idiot|feebleminded|retarded|mental defective|sexual deviation|psychopathic|"
    r"homosexual|vagrant|pauper|addicts?|prostitutes|subversive|immoral|khmer rouge|negro|"
    r"oriental|mulatto|mongoloid|cripple|lunatic)\b",
    re.IGNORECASE,
)
# Charges of law in the law's own words: what is forbidden is named, not a person.
IN_THE_LAWS_WORDS = {
    ("charge-category", "1627"),
    ("charge-category", "1962"),
    ("charge-category", "514"),
    ("charge-category", "586"),
    ("charge-category", "641"),
    ("charge-category", "84"),
    ("charge-category", "974"),
    ("federal-statutes", "8 USC 1328"),
    ("ncic-offences", "4006"),
    ("ina-charges", "212a01Aiii"),
    ("ina-charges", "212a01Aiv"),
    ("ina-charges", "212a02Dii"),
    ("ina-charges", "237a02Bii"),
    ("ina-charges", "241a02Bii"),
}


def test_offensive_labels_are_curated(one: CodeList) -> None:
    shown = {(one.name, e.code) for e in one.entries if OFFENSIVE.search(e.label)}
    assert shown - IN_THE_LAWS_WORDS == set()


@pytest.mark.parametrize("name", ["person-category", "person-crossing", "admission-class"])
def test_no_label_calls_a_person_an_alien(name: str) -> None:
    labels = [entry.label for entry in code_list(name).entries]
    assert [label for label in labels if re.search(r"\balien", label, re.IGNORECASE)] == []


def test_curated_lines_keep_what_was_published_and_say_why() -> None:
    entry = code_list("alert").entry("X")
    assert entry is not None
    assert (entry.label, entry.published, entry.legacy) == (
        "Mental health condition",
        "Insane",
        True,
    )
    assert entry.note
    assert code_list("alert").understand("INSANE").label == "Mental health condition"


@pytest.mark.parametrize("name", ["complexion", "ethnicity", "race"])
def test_what_must_not_match_persons_says_so(name: str) -> None:
    assert code_list(name).never_match


def test_unverified_lists_say_so() -> None:
    assert {name for name in ABOUT if code_list(name).unverified} == {
        "dispositions",
        "sectors",
        "stations",
    }


def test_sheltered_sites_have_no_place() -> None:
    entries = code_list("facilities").entries
    assert len(entries) == 1_532
    sheltered = [e for e in entries if e.facts.get("kind") in ("JUVENILE", "FAMILY", "HOSPITAL")]
    assert len(sheltered) > 100
    assert not any({"city", "latitude", "longitude"} & set(e.facts) for e in sheltered)
    assert not any("address" in e.facts for e in entries)


def test_the_faulty_copy_is_left_out() -> None:
    assert "eoir-custody-status" not in ABOUT
    assert not any("CustodyStatus" in about["source"] for about in ABOUT.values())


def test_an_unknown_list_names_the_near_ones() -> None:
    with pytest.raises(UnknownCodeList, match="dispositions"):
        code_list("disposition")


COUNTRIES = [
    ("CHINA, PEOPLES REPUBLIC OF", "CN"),
    ("EL SALVADOR", "SV"),
    ("MEXIC", "MX"),
    ("GUATE", "GT"),
    ("TURKIYE", "TR"),
    ("USSR", "SU"),
    ("DEM REP OF THE CONGO", "CD"),
    ("MYANMAR (BURMA)", "MM"),
    ("GTM", "GT"),
    ("México", "MX"),
    ("KOREA", ""),
    ("ATLANTIS", ""),
]


@pytest.mark.parametrize(("text", "code"), COUNTRIES)
def test_countries(text: str, code: str) -> None:
    found = code_list("country").understand(text)
    assert found.code == code
    assert (found.problem == "") == bool(code)


NICKNAMES = [
    ("BOB", "ROBERT"),
    ("BILL", "WILLIAM"),
    ("MIKE", "MICHAEL"),
    ("LIZ", "ELIZABETH"),
    ("BETH", "ELIZABETH"),
    ("PEPE", "JOSE"),
    ("PANCHO", "FRANCISCO"),
    ("LUPITA", "GUADALUPE"),
    ("ABBY", "ABIGAIL"),
]


@pytest.mark.parametrize(("short", "name"), NICKNAMES)
def test_nicknames(short: str, name: str) -> None:
    assert nicknames()[short] == name


def test_nicknames_do_not_chain() -> None:
    found = nicknames()
    assert set(found) & set(found.values()) == set()
    assert "ERIN" not in found
    assert all(word.isascii() and word.isupper() for pair in found.items() for word in pair)


def test_nicknames_are_read_only_and_as_the_manifest_says() -> None:
    content = (DATA / "nicknames.csv").read_bytes()
    assert hashlib.sha256(content).hexdigest() == MANIFEST["nicknames"]["sha256"]
    assert len(nicknames()) == MANIFEST["nicknames"]["rows"]
    with pytest.raises(TypeError):
        nicknames()["X"] = "Y"  # type: ignore[index]


def test_it_stays_small() -> None:
    size = sum(len(file.read_bytes()) for file in DATA.iterdir() if file.is_file())
    assert size < 3_000_000


def test_each_list_stands_in_the_docs() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "reference.md"
    told = re.findall(r"^\| `([\w-]+)` \|.*?\| (\d+) \|", page.read_text(encoding="utf-8"), re.M)
    assert dict(told) == {name: str(ABOUT[name]["rows"]) for name in ABOUT}
