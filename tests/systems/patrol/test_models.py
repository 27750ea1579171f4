"""Drafts, tables and classes agree."""

from __future__ import annotations

from dataclasses import fields

import pytest

from tieline.core.records import FieldClass
from tieline.keeping.checks import unclassified
from tieline.systems.patrol.kinds import DRAFTS, KINDS
from tieline.systems.patrol.subjects.subject import Subject

from .scene import OPEN


@pytest.mark.parametrize("model", KINDS)
def test_each_column_has_a_class_and_each_draft_its_columns(model: type) -> None:
    draft = DRAFTS[model.kind]
    own = [one.name for one in fields(draft) if one.name not in ("number", "protections")]
    assert own == [name for name, _ in model.columns()]
    assert unclassified(model) == []


def test_what_tells_of_fear_is_closed_as_a_class() -> None:
    """8 CFR 208.6; P19."""
    classes = dict(Subject.columns())
    assert {classes[name] for name in ("fear_claimed", "fear_note")} == {FieldClass.FEAR}
    assert {classes[name] for name in ("disposition", "processing_code")} == {FieldClass.OUTCOME}


def test_looks_are_no_part_of_the_pointer() -> None:
    """P20."""
    looks = {"height_cm": 170, "weight_kg": 70, "eye": "BRO", "hair": "BLK", "marks": "scar"}
    bare = Subject(given_name="Ana", caveats=[], **OPEN)
    assert Subject(given_name="Ana", caveats=[], **looks, **OPEN).identity() == bare.identity()
