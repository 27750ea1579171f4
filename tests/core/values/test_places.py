"""Places: one row per phenomenon."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieline.core.values.codes import CodeList
from tieline.core.values.places import Place, country_of, state_of

PLACES = [
    ("code", "SEATTLE, WA", "SEATTLE|WA|US"),
    ("name", "SEATTLE, WASHINGTON", "SEATTLE|WA|US"),
    ("stop", "SEATTLE, WA.", "SEATTLE|WA|US"),
    ("no space", "SEATTLE,WA", "SEATTLE|WA|US"),
    ("no comma", "Spokane WA", "SPOKANE|WA|US"),
    ("no comma, name", "Miami Florida", "MIAMI|FL|US"),
    ("two words of a state", "Las Cruces New Mexico", "LAS CRUCES|NM|US"),
    ("a city named like a state", "Port Washington", "PORT WASHINGTON||"),
    ("country", "Seattle, WA, USA", "SEATTLE|WA|US"),
    ("zip", "Seattle, WA 98101-1234", "SEATTLE|WA|US"),
    ("street", "1 Main Street, Seattle, WA", "SEATTLE|WA|US"),
    ("port", "EAGLE PASS, TX, POE", "EAGLE PASS|TX|US"),
    ("port, no commas", "LYNDEN WA POE", "LYNDEN|WA|US"),
    ("aside", "SAN DIEGO, CA (AIRPORT), POE", "SAN DIEGO|CA|US"),
    ("behind", "LAREDO, TX, WORLD TRADE BRIDGE, POE", "LAREDO|TX|US"),
    ("airport ahead", "LOGAN INTERNATIONAL AIRPORT, BOSTON MA, POE", "BOSTON|MA|US"),
    ("district", "DULLES INTERNATIONAL AIRPORT, WASHINGTON DC, POE", "WASHINGTON|DC|US"),
    ("saint", "Saint Paul, MN", "ST PAUL|MN|US"),
    ("saint, short", "ST. PAUL, MN, POE", "ST PAUL|MN|US"),
    ("fort", "Ft. Lauderdale, FL", "FORT LAUDERDALE|FL|US"),
    ("apostrophe", "Coeur d'Alene, ID", "COEUR DALENE|ID|US"),
    ("accents", "Nogales, Sonora, México", "NOGALES|SON|MX"),
    ("mexican state", "Tijuana, Baja California", "TIJUANA|BCN|MX"),
    ("canada", "CALGARY, ALBERTA, CANADA, POE", "CALGARY|AB|CA"),
    ("country alone", "VANCOUVER, CANADA", "VANCOUVER||CA"),
    ("CA is California", "VANCOUVER, CA", "VANCOUVER|CA|US"),
    ("state alone", "OREGON", "|OR|US"),
    ("country only", "Mexico", "||MX"),
    ("guam", "AGANA, GUAM, POE", "AGANA|GU|US"),
    ("city alone", "SAIPAN, POE", "SAIPAN||"),
]


@pytest.mark.parametrize(("what", "text", "key"), PLACES, ids=[row[0] for row in PLACES])
def test_places(what: str, text: str, key: str) -> None:
    found = Place.parse(text)
    assert (found.given, found.key, found.problem) == (text, key, "")
    assert found.is_port == ("POE" in text)


@pytest.mark.parametrize("text", ["", "UNKNOWN, POE", "(B)(6), (B)(7)(C)", ",", "0, 0", "91, 10"])
def test_places_that_are_none(text: str) -> None:
    found = Place.parse(text)
    assert found.problem
    assert found.key == ""
    assert found.latitude is None


COORDINATES = [
    ("48.99, -122.75", 48.99, -122.75),
    ("48.99 N, 122.75 W", 48.99, -122.75),
    ("(-12.5; 45)", -12.5, 45.0),
]


@pytest.mark.parametrize(("text", "latitude", "longitude"), COORDINATES)
def test_coordinates(text: str, latitude: float, longitude: float) -> None:
    found = Place.parse(text)
    assert (found.latitude, found.longitude, found.problem) == (latitude, longitude, "")


def test_beside_what_is_the_city() -> None:
    assert Place.parse("LAREDO, TX, WORLD TRADE BRIDGE, POE").detail == "WORLD TRADE BRIDGE"
    assert Place.parse("NEW YORK, NY (KENNEDY), POE").detail == "KENNEDY"


def test_countries_of_a_list() -> None:
    countries = CodeList.of_rows(
        [{"code": "GT", "label": "Guatemala", "aliases": "GUATE"}],
        name="country",
        title="",
        version="1",
        date="",
        source="",
        licence="",
    )
    assert Place.parse("Tecún Umán, Guatemala", countries=countries).key == "TECUN UMAN||GT"
    assert country_of("guate", countries) == "GT"
    assert country_of("guate") == ""
    assert state_of("Wash.") == "WA"


@given(st.text())
def test_never_raise_and_repeat(text: str) -> None:
    found = Place.parse(text)
    assert found.given == text
    if found.city and found.state:
        assert Place.parse(f"{found.city}, {found.state}").state == found.state
