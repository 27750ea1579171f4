"""Saved reviews, and who signed off what they found."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("oversight", "0001_first")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SavedReview",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=16, unique=True)),
                ("agency", models.CharField(max_length=32)),
                ("apart", models.BooleanField(default=False)),
                ("title", models.CharField(max_length=120)),
                ("asked", models.JSONField()),
                ("days", models.IntegerField()),
                ("begins", models.DateTimeField()),
                ("made_by", models.CharField(max_length=32)),
                ("made_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["agency", "number"], name="review_agency")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("days__gte", 1), ("days__lte", 366)),
                        name="review_days_sensible",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SignOff",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("count", models.IntegerField()),
                ("digest", models.CharField(max_length=64)),
                ("said", models.TextField()),
                ("user", models.CharField(max_length=32)),
                ("unit", models.CharField(max_length=32)),
                ("assignment", models.CharField(max_length=32)),
                ("at", models.DateTimeField()),
                (
                    "review",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signed",
                        to="oversight.savedreview",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("review", "since"), name="review_signed_once")
                ],
            },
        ),
    ]
