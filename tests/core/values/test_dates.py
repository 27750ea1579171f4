"""Dates, moments and ages: one row per phenomenon."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tieline.core.values.ages import Age
from tieline.core.values.dates import PartialDate, Precision
from tieline.core.values.moments import Moment

DATES = [
    ("iso", "1990-03-12", "1990-03-12", ""),
    ("iso with slashes", "1990/3/12", "1990-03-12", ""),
    ("compact", "19900312", "1990-03-12", ""),
    ("iso with a time", "1990-03-12T04:05:06", "1990-03-12", ""),
    ("american with a time", "3/12/1990 12:00:00 AM", "1990-03-12", "ambiguous"),
    ("american, day above 12", "03/25/1990", "1990-03-25", ""),
    ("american or not", "03/04/1990", "1990-03-04", "ambiguous"),
    ("same either way", "03/03/1990", "1990-03-03", ""),
    ("day first for sure", "25/03/1990", "1990-03-25", ""),
    ("european dots", "12.03.1990", "1990-03-12", ""),
    ("month by name", "12-MAR-1990", "1990-03-12", ""),
    ("month by name, short year", "12-MAR-90", "1990-03-12", ""),
    ("american long", "March 12, 1990", "1990-03-12", ""),
    ("american long, ordinal", "March 12th 1990", "1990-03-12", ""),
    ("day month year", "12 March 1990", "1990-03-12", ""),
    ("year", "1990", "1990", ""),
    ("year and month", "1990-03", "1990-03", ""),
    ("month and year", "03/1990", "1990-03", ""),
    ("month name and year", "MAR 1990", "1990-03", ""),
    ("unknown day as zero", "1990-03-00", "1990-03", ""),
    ("unknown parts as zero", "00/00/1990", "1990", ""),
    ("unknown parts as X", "1990-XX-XX", "1990", ""),
    ("day without month tells nothing", "1990-00-12", "1990", ""),
    ("pivot: 31 is 1931", "03/25/31", "1931-03-25", ""),
    ("pivot: 30 is 2030", "03/25/30", "2030-03-25", ""),
    ("estimated", "1990 est", "1990", "estimated"),
    ("about", "~1990", "1990", "estimated"),
    ("circa", "c. 1990", "1990", "estimated"),
    ("first of January", "1990-01-01", "1990-01-01", "estimated"),
    ("filler of systems", "1900-01-01", "", "placeholder"),
    ("filler of zeros", "0000-00-00", "", "placeholder"),
    ("filler of nines", "9999-12-31", "", "placeholder"),
    ("no such day", "1990-02-30", "", ""),
    ("year far away", "1066-10-14", "", ""),
    ("words", "last Tuesday", "", ""),
    ("nothing", " ", "", ""),
    ("unknown", "UNKNOWN", "", ""),
    ("withheld", "(b)(6)", "", ""),
]


@pytest.mark.parametrize(("what", "text", "iso", "flag"), DATES, ids=[row[0] for row in DATES])
def test_dates(what: str, text: str, iso: str, flag: str) -> None:
    found = PartialDate.parse(text)
    assert found.given == text
    assert found.iso == iso
    assert (found.problem == "") == bool(iso)
    flags = {
        "ambiguous": found.ambiguous,
        "estimated": found.estimated,
        "placeholder": found.placeholder,
    }
    assert [name for name, set_ in flags.items() if set_] == ([flag] if flag else [])


def test_precision_and_whole_dates() -> None:
    assert PartialDate.parse("1990").precision is Precision.YEAR
    assert PartialDate.parse("1990-03").precision is Precision.MONTH
    whole = PartialDate.parse("1990-03-12")
    assert whole.precision is Precision.DAY
    assert str(whole.date) == "1990-03-12"
    assert PartialDate.parse("1990").date is None
    assert PartialDate.parse("x").precision is None
    assert PartialDate.parse("1990-01-01").is_january_first


FORMATS = [
    ("%d/%m/%Y", "03/04/1990", "1990-04-03"),
    ("%m/%d/%y", "03/04/55", "1955-03-04"),
    ("%Y", "1990", "1990"),
    ("%b-%y", "Mar-90", "1990-03"),
    ("%d/%m/%Y", "1990-03-04", ""),
    ("%d/%m", "03/04", ""),
    ("%Y-%m-%d %Q", "1990-03-04", ""),
]


@pytest.mark.parametrize(("format", "text", "iso"), FORMATS)
def test_formats(format: str, text: str, iso: str) -> None:
    found = PartialDate.parse(text, format=format)
    assert found.iso == iso
    assert (found.problem == "") == bool(iso)
    assert not found.ambiguous


@given(st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", fullmatch=True))
@example("1990-00-12")
@example("1990-13-01")
@example("1899-12-30")
@example("9999-99-99")
def test_a_plain_date_is_read_as_any_other(text: str) -> None:
    told = PartialDate.parse(text)
    assert replace(told, given="", problem="") == replace(
        PartialDate.parse(f" {text.replace('-', '/')} "), given="", problem=""
    )
    assert bool(told.problem) == (told.year is None)


@given(st.text())
def test_dates_never_raise(text: str) -> None:
    found = PartialDate.parse(text)
    assert found.given == text
    if found.iso:
        assert PartialDate.parse(found.iso).iso == found.iso
    PartialDate.parse(text, format=text)


@given(st.dates())
def test_every_day_is_read_back(day: object) -> None:
    found = PartialDate.parse(str(day))
    assert found.iso in ("", str(day))


NEW_YORK = "America/New_York"
MOMENTS = [
    ("iso, zone given", "2015-07-01T12:00", NEW_YORK, "2015-07-01T16:00:00+00:00", False),
    ("american", "7/1/2015 12:00:00 PM", NEW_YORK, "2015-07-01T16:00:00+00:00", False),
    ("own offset wins", "2015-07-01T12:00-07:00", NEW_YORK, "2015-07-01T19:00:00+00:00", False),
    ("twice: the first", "2015-11-01T01:30", NEW_YORK, "2015-11-01T05:30:00+00:00", True),
    ("never: offset before", "2015-03-08T02:30", NEW_YORK, "2015-03-08T07:30:00+00:00", True),
    ("date alone", "7/1/2015", "UTC", "2015-07-01T00:00:00+00:00", False),
]


@pytest.mark.parametrize(
    ("what", "text", "zone", "utc", "ambiguous"), MOMENTS, ids=[row[0] for row in MOMENTS]
)
def test_moments(what: str, text: str, zone: str, utc: str, ambiguous: bool) -> None:
    found = Moment.parse(text, zone=zone)
    assert found.utc is not None
    assert (found.utc.isoformat(), found.ambiguous, found.problem) == (utc, ambiguous, "")
    assert found.local is not None
    assert str(found.local.tzinfo) == zone


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("", "UTC"),
        ("noon", "UTC"),
        ("2015-07-01", "Mars/Base"),
        ("2015-07-01", "../etc"),
        ("0001-01-01", "Asia/Tokyo"),
        ("9999-12-31T23:59", "America/Anchorage"),
    ],
)
def test_moments_that_are_not_understood(text: str, zone: str) -> None:
    found = Moment.parse(text, zone=zone)
    assert found.utc is None
    assert found.problem
    assert found.local is None


def test_moment_by_format() -> None:
    found = Moment.parse("01.07.15 14h05", format="%d.%m.%y %Hh%M", zone="Europe/Berlin")
    assert found.utc is not None
    assert found.utc.isoformat() == "2015-07-01T12:05:00+00:00"


@given(st.text(), st.text())
def test_moments_never_raise(text: str, zone: str) -> None:
    assert Moment.parse(text).given == text
    Moment.parse("2015-07-01", zone=zone)
    Moment.parse(text, format=text)


AGES = [
    ("27", 27, False),
    ("0", 0, False),
    ("27 yrs", 27, False),
    ("27.0", 27, False),
    ("27 est", 27, True),
    ("~27", 27, True),
    ("17 (claimed)", 17, True),
    ("6 months", 0, False),
    ("18 mos", 1, False),
    ("120", 120, False),
    ("121", None, False),
    ("15-20", None, False),
    ("-3", None, False),
    ("adult", None, False),
    ("", None, False),
]


@pytest.mark.parametrize(("text", "years", "estimated"), AGES)
def test_ages(text: str, years: int | None, estimated: bool) -> None:
    found = Age.parse(text)
    assert (found.years, found.estimated) == (years, estimated)
    assert (found.problem == "") == (years is not None)


@given(st.text())
def test_ages_never_raise(text: str) -> None:
    assert Age.parse(text).given == text
