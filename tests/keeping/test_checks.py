"""No column of a record without a class: Django refuses to start."""

from __future__ import annotations

from typing import ClassVar

import pytest
from django.apps import apps
from django.core.checks import Error, run_checks
from django.db import models
from django.test.utils import isolate_apps

from tieline.core.records import FieldClass, Protections
from tieline.keeping import checks, fields
from tieline.keeping.fields import class_of
from tieline.keeping.records import KeptRecord

from .depot import Crate


def careless() -> type[KeptRecord]:
    class Careless(KeptRecord):
        kind: ClassVar[str] = "subject"
        name = fields.text(FieldClass.IDENTITY)
        nickname = models.CharField(max_length=20)

        class Meta:
            app_label = "keeping"

    return Careless


@isolate_apps("tieline.keeping")
def test_a_column_without_a_class_is_found() -> None:
    assert checks.unclassified(careless()) == ["nickname"]
    assert checks.unclassified(Crate) == []


@isolate_apps("tieline.keeping")
def test_a_column_without_a_class_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    model = careless()
    monkeypatch.setattr(checks.apps, "get_models", lambda: [model, Crate])
    errors = [one for one in run_checks() if one.id == "tieline.E001"]
    assert len(errors) == 1
    assert isinstance(errors[0], Error)
    assert "Careless.nickname" in errors[0].msg


def test_no_record_of_this_house_has_one() -> None:
    kinds = [one for one in apps.get_models() if issubclass(one, KeptRecord)]
    assert {one.__name__: checks.unclassified(one) for one in kinds} == {
        one.__name__: [] for one in kinds
    }
    assert [one for one in run_checks() if one.id == "tieline.E001"] == []


def test_every_protection_is_unknown_until_somebody_looked() -> None:
    assert Crate().protections == Protections.unknown()
    assert all(Crate().protections.effective.values())


def test_the_form_s_fields_come_in_their_order_with_their_classes() -> None:
    assert list(Crate.columns())[:3] == [
        ("name", FieldClass.IDENTITY),
        ("birth_date", FieldClass.IDENTITY),
        ("phones", FieldClass.CONTACT),
    ]


@pytest.mark.parametrize("name", ["number", "owner_agency", "section_1367", "created_at"])
def test_columns_of_the_header_have_no_class(name: str) -> None:
    assert class_of(Crate._meta.get_field(name)) is None


@pytest.mark.parametrize(
    "make", [fields.text, fields.prose, fields.texts, fields.number, fields.real, fields.moment]
)
def test_a_class_that_is_none_makes_no_column(make: object) -> None:
    with pytest.raises(ValueError, match="gossip"):
        make("gossip")  # type: ignore[operator]
