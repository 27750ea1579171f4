"""Requests to an owner, and the consents that they wait for."""

from __future__ import annotations

from typing import ClassVar

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="ReleaseRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=16, unique=True)),
                ("system", models.CharField(max_length=32)),
                ("record", models.CharField(max_length=64)),
                ("owner_agency", models.CharField(max_length=32)),
                ("owner_unit", models.CharField(max_length=32)),
                ("agency", models.CharField(max_length=32)),
                ("unit", models.CharField(max_length=32)),
                ("asked_by", models.CharField(max_length=32)),
                ("asked_as", models.CharField(max_length=32)),
                ("purpose", models.CharField(max_length=32)),
                ("purpose_number", models.CharField(max_length=64)),
                ("classes", models.JSONField()),
                ("why", models.CharField(max_length=1000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "asked"),
                            ("granted", "granted"),
                            ("part", "part"),
                            ("refused", "refused"),
                            ("appealed", "appealed"),
                            ("upheld", "upheld"),
                            ("recalled", "recalled"),
                        ],
                        max_length=16,
                    ),
                ),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_to", models.CharField(blank=True, default="", max_length=120)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("answered_by", models.CharField(blank=True, default="", max_length=32)),
                (
                    "reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("law", "law"),
                            ("person", "person"),
                            ("operation", "operation"),
                            ("third_agency", "third_agency"),
                            ("no_need", "no_need"),
                            ("not_held", "not_held"),
                        ],
                        default="",
                        max_length=16,
                    ),
                ),
                ("said", models.CharField(blank=True, default="", max_length=500)),
                ("granted", models.JSONField(default=list)),
                ("expires_at", models.DateTimeField(blank=True, null=True)),
                ("refused_by", models.CharField(blank=True, default="", max_length=32)),
                ("appealed_at", models.DateTimeField(blank=True, null=True)),
                ("appeal", models.CharField(blank=True, default="", max_length=1000)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
                ("seen_by", models.CharField(blank=True, default="", max_length=32)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agency", "unit", "asked_at"], name="request_of_unit"),
                    models.Index(fields=["owner_agency", "due_at"], name="request_to_owner"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "asked",
                                    "granted",
                                    "part",
                                    "refused",
                                    "appealed",
                                    "upheld",
                                    "recalled",
                                ],
                            )
                        ),
                        name="request_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_at__gt", models.F("asked_at"))),
                        name="request_due_after",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("agency", models.CharField(max_length=32)),
                ("reference", models.CharField(max_length=200)),
                ("asked_by", models.CharField(max_length=32)),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("given", models.BooleanField(blank=True, null=True)),
                ("answered_by", models.CharField(blank=True, default="", max_length=32)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="sharing.releaserequest",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("request", "agency"), name="consent_once")
                ],
            },
        ),
    ]
