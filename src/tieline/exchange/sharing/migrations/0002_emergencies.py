"""Emergencies, as those were told of them who confirm, see and review them."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("sharing", "0001_first"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ToldEmergency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=16, unique=True)),
                ("version", models.IntegerField()),
                ("system", models.CharField(max_length=32)),
                ("record", models.CharField(max_length=64)),
                ("owner_agency", models.CharField(max_length=32)),
                ("owner_unit", models.CharField(max_length=32)),
                ("agency", models.CharField(max_length=32)),
                ("unit", models.CharField(max_length=32)),
                ("opened_by", models.CharField(max_length=32)),
                ("opened_as", models.CharField(max_length=32)),
                (
                    "danger",
                    models.CharField(
                        choices=[
                            ("held", "held"),
                            ("armed", "armed"),
                            ("threat", "threat"),
                            ("confined", "confined"),
                            ("stranded", "stranded"),
                            ("hurt", "hurt"),
                            ("hazard", "hazard"),
                            ("self_harm", "self_harm"),
                        ],
                        max_length=16,
                    ),
                ),
                ("why", models.CharField(max_length=1000)),
                ("case", models.CharField(blank=True, default="", max_length=64)),
                ("opened_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("confirm_by", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("confirmed_by", models.CharField(blank=True, default="", max_length=32)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("closed_by", models.CharField(blank=True, default="", max_length=32)),
                ("told_to", models.CharField(max_length=120)),
                ("told_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("seen_by", models.CharField(blank=True, default="", max_length=32)),
                ("review_by", models.DateTimeField()),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_to", models.CharField(blank=True, default="", max_length=120)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_by", models.CharField(blank=True, default="", max_length=32)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("accepted", "accepted"), ("misuse", "misuse")],
                        default="",
                        max_length=16,
                    ),
                ),
                ("said", models.CharField(blank=True, default="", max_length=1000)),
                ("unconfirmed", models.CharField(blank=True, default="", max_length=16)),
                ("misused", models.CharField(blank=True, default="", max_length=16)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agency", "unit", "opened_at"], name="emergency_of_unit"),
                    models.Index(fields=["owner_agency", "review_by"], name="emergency_to_owner"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["", "accepted", "misuse"])),
                        name="emergency_verdict_known",
                    )
                ],
            },
        ),
    ]
