"""Rows by the thousand are the same rows, in the order in which they came, or none."""

from __future__ import annotations

import pytest
from django.db import Error, IntegrityError, connections, transaction
from tests.people import AT

from tieline.keeping.bulk import insert_all, insert_rows
from tieline.keeping.heads import RecordHead, RecordKey, RecordVersion

from .depot import DATABASE

pytestmark = pytest.mark.database

ODD = ["tab\there", "line\nend\r", "back\\slash \\N \\.", "quote ' \" %s", "Ñandú 雪", ""]


def _versions(count: int) -> list[RecordVersion]:
    return [
        RecordVersion(
            number=f"S-{place}",
            version=1,
            content={"said": ODD[place % len(ODD)], "none": None, "list": [1, "a"]},
            at=AT,
            author="A-1",
            assignment=ODD[place % len(ODD)],
        )
        for place in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, 49, 50, 1_100])
def test_what_comes_in_is_what_came(count: int) -> None:
    rows = _versions(count)
    insert_all(rows, database=DATABASE, batch_size=500)
    kept = list(RecordVersion.objects.using(DATABASE).order_by("id"))
    assert [one.number for one in kept] == [one.number for one in rows]
    assert [(one.content, one.assignment, one.at) for one in kept] == [
        (one.content, one.assignment, one.at) for one in rows
    ]


@pytest.mark.parametrize("count", [3, 300])
def test_each_has_its_key_and_later_ones_have_others(count: int) -> None:
    rows = _versions(count)
    insert_all(rows, database=DATABASE)
    later = RecordVersion.objects.using(DATABASE).create(
        number="S-0", version=2, content={}, at=AT, author="A-1", assignment=""
    )
    keys = [one.pk for one in rows]
    assert keys == sorted(set(keys))
    assert later.pk > keys[-1]
    assert {(one._state.adding, one._state.db) for one in rows} == {(False, DATABASE)}
    rows[1].author = "A-2"
    rows[1].save()
    authors = RecordVersion.objects.using(DATABASE).filter(author="A-2")
    assert [one.number for one in authors] == ["S-1"]


def test_keys_that_are_said_are_kept() -> None:
    heads = [RecordHead(number=f"S-{n}", kind="subject", version=n, told=None) for n in range(90)]
    insert_all(heads, database=DATABASE)
    assert RecordHead.objects.using(DATABASE).get(number="S-7").version == 7
    assert RecordHead.objects.using(DATABASE).filter(told=None, buried=True).count() == 90


@pytest.mark.parametrize("count", [3, 300])
def test_one_that_is_there_already_keeps_all_out(count: int) -> None:
    insert_all(_versions(1), database=DATABASE)
    with pytest.raises(IntegrityError), transaction.atomic(using=DATABASE):
        insert_all(_versions(count), database=DATABASE)
    assert RecordVersion.objects.using(DATABASE).count() == 1


@pytest.mark.parametrize("count", [6, 600, 2_500])
def test_pairs_come_in_as_they_are(count: int) -> None:
    pairs = [(ODD[place % len(ODD)] + str(place), f"S-{place}") for place in range(count)]
    insert_rows("record_key", ("key", "number"), pairs, database=DATABASE)
    kept = RecordKey.objects.using(DATABASE).order_by("id")
    assert list(kept.values_list("key", "number")) == pairs


def test_what_is_no_text_is_refused_as_ever() -> None:
    if connections[DATABASE].vendor == "sqlite":
        pytest.skip("SQLite takes it")
    rows = _versions(60)
    rows[30].author = "A\x001"
    with pytest.raises((Error, ValueError)), transaction.atomic(using=DATABASE):
        insert_all(rows, database=DATABASE)
    assert not RecordVersion.objects.using(DATABASE).exists()


def test_a_table_that_grew_is_measured_at_once() -> None:
    connection = connections[DATABASE]
    if connection.vendor == "sqlite":
        pytest.skip("SQLite needs no measure")
    # More than in any test before: a measure outlives what was rolled back.
    insert_all(_versions(4_000), database=DATABASE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'record_version'")
        assert cursor.fetchone()[0] == 4_000
