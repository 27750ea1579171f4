"""Notices of corrections."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = []

    operations: ClassVar = [
        migrations.CreateModel(
            name="CorrectionNotice",
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
                ("cause", models.CharField(max_length=64)),
                ("owner_agency", models.CharField(max_length=32)),
                ("contact", models.CharField(max_length=120)),
                ("agency", models.CharField(max_length=32)),
                ("unit", models.CharField(max_length=32)),
                ("viewer", models.CharField(max_length=32)),
                ("accounted", models.BooleanField()),
                ("told_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_to", models.CharField(blank=True, default="", max_length=120)),
                ("acknowledged_at", models.DateTimeField(blank=True, null=True)),
                ("acknowledged_by", models.CharField(blank=True, default="", max_length=32)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["system", "record", "cause", "agency", "unit", "viewer"],
                        name="correction_told_once",
                    )
                ],
                "indexes": [
                    models.Index(fields=["agency", "viewer"], name="correction_to"),
                    models.Index(fields=["owner_agency", "told_at"], name="correction_of"),
                    models.Index(
                        condition=models.Q(
                            ("acknowledged_at__isnull", True), ("escalated_at__isnull", True)
                        ),
                        fields=["due_at"],
                        name="correction_waiting",
                    ),
                ],
            },
        ),
    ]
