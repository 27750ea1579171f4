"""What is put to a clause: each attribute of its type and form, or the question is not put.

What is wrong is named, and its value is not: the message goes to a log.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tieline.core.agreement.question import Stated, Unaskable, is_said, of_record, of_viewer, stated
from tieline.core.agreement.viewer import PurposeCode, Role
from tieline.core.records import Protections

from .scene import CASE, INVESTIGATOR, LOOSE, NO_PURPOSE, record

LONGEST = "x" * 200
FACTS = record(caveats=frozenset({"no_export"})).facts
ODD_TEXTS = {
    3: "is not text",
    None: "is not text",
    b"CANARY": "is not text",
    "": "is blank",
    " \t": "is blank",
    f"CANARY{LONGEST}": "longer than 200",
    "CANARY\n": "do not print",
    "\u202eCANARY": "do not print",
}


def refused(name: str, says: str, put: Any) -> None:
    with pytest.raises(Unaskable) as why:
        put()
    assert why.value.what.startswith(f"{name} ")
    assert says in why.value.what
    assert "CANARY" not in str(why.value)


def test_a_viewer_is_put_as_he_is_with_all_his_roles() -> None:
    viewer = replace(INVESTIGATOR, roles=frozenset({Role.SUPERVISOR}), employee=False)
    assert of_viewer(viewer) == {
        "agency": "investigations",
        "unit": "LA/13",
        "department": "DHS",
        "roles": frozenset({"investigator", "supervisor"}),
        "sworn": True,
        "employee": False,
    }


def test_a_record_is_put_as_it_is() -> None:
    said = of_record(FACTS, department="DHS")
    flags = Protections.screened().effective
    assert said == {
        **{"kind": "subject", "owner": "patrol", "unit": "TCA/NGL", "department": "DHS"},
        **{"caveats": frozenset({"no_export"}), **flags},
    }


def test_a_sign_of_a_closed_list_is_put_as_its_word() -> None:
    kind = of_record(replace(FACTS, kind=PurposeCode.CUSTODY), department="DHS")["kind"]
    assert (kind, type(kind)) == ("custody", str)


@pytest.mark.parametrize("value", ODD_TEXTS, ids=lambda one: repr(one)[:20])
def test_a_text_that_is_none_is_not_put(value: Any) -> None:
    says = ODD_TEXTS[value]
    for name in ("agency", "unit"):
        odd = replace(INVESTIGATOR, **{name: value})
        refused(name, says, lambda odd=odd: of_viewer(odd))
    names = {"kind": "kind", "owner_agency": "owner agency", "owning_unit": "owning unit"}
    for name, called in names.items():
        facts = replace(FACTS, **{name: value})
        refused(called, says, lambda facts=facts: of_record(facts, department="DHS"))
    refused("owner's department", says, lambda: of_record(FACTS, department=value))
    marked = replace(FACTS, caveats=frozenset({value}))
    refused("caveats", says, lambda: of_record(marked, department="DHS"))


def test_who_has_no_department_has_a_blank_one_and_no_other_odd_one() -> None:
    assert of_viewer(replace(INVESTIGATOR, department=""))["department"] == ""
    for value, says in ODD_TEXTS.items():
        if says != "is blank":
            odd = replace(INVESTIGATOR, department=value)  # type: ignore[arg-type]
            refused("department", says, lambda odd=odd: of_viewer(odd))


def test_the_longest_is_put_and_one_more_is_not() -> None:
    assert of_viewer(replace(INVESTIGATOR, unit=LONGEST))["unit"] == LONGEST
    refused("unit", "longer", lambda: of_viewer(replace(INVESTIGATOR, unit=f"{LONGEST}x")))
    many = frozenset(str(at) for at in range(200))
    assert of_record(replace(FACTS, caveats=many), department="DHS")["caveats"] == many
    more = replace(FACTS, caveats=many | {"one more"})
    refused("caveats", "not a set of texts", lambda: of_record(more, department="DHS"))


@pytest.mark.parametrize("value", [["silent"], "silent", {"silent": True}, None])
def test_marks_that_are_no_set_are_not_put(value: Any) -> None:
    facts = replace(FACTS, caveats=value)
    refused("caveats", "not a set of texts", lambda: of_record(facts, department="DHS"))


@pytest.mark.parametrize("value", ["False", "", 0, 1, None])
@pytest.mark.parametrize("name", ["sworn", "employee"])
def test_what_is_neither_true_nor_false_is_not_put(name: str, value: Any) -> None:
    odd = replace(INVESTIGATOR, **{name: value})
    refused(name, "neither true nor false", lambda: of_viewer(odd))


@pytest.mark.parametrize("about", [{"role": "investigator"}, {"roles": frozenset({"king"})}])
def test_a_role_in_words_is_none(about: dict[str, Any]) -> None:
    odd = replace(INVESTIGATOR, **about)
    refused("a role", "none of the closed list", lambda: of_viewer(odd))


@pytest.mark.parametrize("value", [None, Protections.screened().effective, "none"])
def test_protections_that_are_not_stated_are_not_put(value: Any) -> None:
    facts = replace(FACTS, protections=value)
    refused("protections", "not stated", lambda: of_record(facts, department="DHS"))


def test_of_a_purpose_it_is_put_whether_there_is_a_number_and_a_reason() -> None:
    investigation = PurposeCode.INVESTIGATION.value
    assert stated(CASE) == Stated(investigation, has_number=True, has_reason=False)
    assert stated(LOOSE) == Stated(investigation, has_number=False, has_reason=True)
    assert stated(NO_PURPOSE) == Stated(investigation, has_number=False, has_reason=False)


def test_what_is_written_of_a_purpose_does_not_repeat_its_reason() -> None:
    """It may name a person, and a log may show it."""
    assert LOOSE.reason
    assert LOOSE.reason not in repr(LOOSE)


@pytest.mark.parametrize("nothing", ["", " ", "-./", None, 7, True, ["7"], b"7"])
def test_what_says_nothing_is_no_number(nothing: object) -> None:
    assert not is_said(nothing)
    assert is_said("№ 7")
