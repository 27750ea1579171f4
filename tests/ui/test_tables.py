"""What a reader may ask of a table in the address, and the links that keep it."""

from __future__ import annotations

import re

import pytest
from django.http import QueryDict
from django.test import RequestFactory
from tests.ui import gallery

from tieline.ui.rendering import table_context
from tieline.ui.tables import Asked, asked

KNOWN = {"sortable": ("name", "sum"), "default": "-sum", "filters": ("with",)}


@pytest.mark.parametrize(
    ("query", "sort", "descending", "page", "size"),
    [
        ("", "sum", True, 1, 50),
        ("sort=name", "name", False, 1, 50),
        ("sort=-name&page=3", "name", True, 3, 50),
        ("sort=password", "sum", True, 1, 50),
        ("sort=--sum", "sum", True, 1, 50),
        ("page=0", "sum", True, 1, 50),
        ("page=-2", "sum", True, 1, 50),
        ("page=٣", "sum", True, 1, 50),
        ("page=99999999999999999999", "sum", True, 1, 50),
        ("size=100", "sum", True, 1, 100),
        ("size=100000", "sum", True, 1, 50),
    ],
)
def test_an_address_is_read(query: str, sort: str, descending: bool, page: int, size: int) -> None:
    got = asked(QueryDict(query), **KNOWN)  # type: ignore[arg-type]
    assert (got.sort, got.descending, got.page, got.size) == (sort, descending, page, size)


def test_only_filters_of_the_table_are_read_and_blanks_are_none() -> None:
    assert asked(QueryDict("with=+garcia+&who=x"), **KNOWN).filters == {"with": "garcia"}  # type: ignore[arg-type]
    assert asked(QueryDict("with=++"), **KNOWN).filters == {}  # type: ignore[arg-type]


def test_two_tables_do_not_meddle() -> None:
    query = QueryDict("a-sort=name&b-page=4")
    first = asked(query, sortable=("name",), prefix="a-")
    second = asked(query, sortable=("name",), prefix="b-")
    assert (first.sort, first.page) == ("name", 1)
    assert (second.sort, second.page) == ("", 4)


def test_a_page_past_the_end_is_the_last_one() -> None:
    assert list(Asked(page=9).page_of(range(120))) == list(range(100, 120))
    assert list(Asked(page=2).page_of([])) == []


def context(query: str, total: int = 137) -> dict[str, object]:
    request = RequestFactory().get(f"/?{query}")
    return table_context(gallery.people_table(request, total), request.GET)


def test_links_keep_what_they_do_not_change() -> None:
    made = context("with=garcia&page=2&other=1&sort=name")
    heads = {head["column"].key: head["url"] for head in made["heads"]}  # type: ignore[attr-defined]
    assert heads["name"] == "?with=garcia&other=1&sort=-name"
    assert heads["born"] == "?with=garcia&other=1&sort=born"
    assert heads["level"] == ""
    pages = made["pages"]
    assert pages["after"] == "?with=garcia&other=1&sort=name&page=3"  # type: ignore[index]
    assert pages["before"] == "?with=garcia&other=1&sort=name"  # type: ignore[index]
    assert dict(made["downloads"])["csv"] == "?with=garcia&other=1&sort=name&format=csv"  # type: ignore[call-overload]
    assert made["kept"] == [("other", "1"), ("sort", "name")]
    assert made["unfiltered"] == "?page=2&other=1&sort=name"


def test_hidden_columns_take_their_cells_along_and_the_name_stays() -> None:
    page = gallery.page("/?hide=phone,name,nothing")
    body = page.split("<tbody")[1]
    assert "+52 631 555 0134" not in body
    assert "GARCÍA HERNÁNDEZ" in body
    assert "show Phone" in page
    assert "hide Born" in page


@pytest.mark.parametrize(
    ("page", "numbers"),
    [(1, [1, 2, 0, 9]), (5, [1, 0, 4, 5, 6, 0, 9]), (9, [1, 0, 8, 9]), (2, [1, 2, 3, 0, 9])],
)
def test_pages_near_the_reader_are_named(page: int, numbers: list[int]) -> None:
    made = context(f"page={page}", 430)["pages"]
    assert [number for number, _ in made["numbers"]] == numbers  # type: ignore[index]


def test_rows_and_heads_are_as_many() -> None:
    page = gallery.page("/?hide=level")
    rows = re.findall(r"<tr role=\"row\" data-row.*?</tr>", page, flags=re.DOTALL)
    assert len(rows) == 50
    heads = page.split("<thead")[1].split("</thead>")[0].count("<th ")
    assert {row.count("<td ") + row.count("<th ") for row in rows} == {heads}
