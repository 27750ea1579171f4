"""What people opened themselves because a life was in danger."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("keeping", "0011_clause_use"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="EmergencyRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=16, unique=True)),
                ("record", models.CharField(max_length=64)),
                ("owner", models.CharField(max_length=32)),
                ("owning_unit", models.CharField(max_length=32)),
                ("viewer", models.CharField(max_length=32)),
                ("agency", models.CharField(max_length=32)),
                ("unit", models.CharField(max_length=32)),
                ("assignment", models.CharField(max_length=32)),
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
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("version", models.IntegerField(default=1)),
                ("told", models.IntegerField(default=0)),
            ],
            options={
                "db_table": "emergency",
                "indexes": [
                    models.Index(fields=["viewer", "opened_at"], name="emergency_of"),
                    models.Index(fields=["viewer", "assignment", "record"], name="emergency_to"),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["expires_at"],
                        name="emergency_running",
                    ),
                    models.Index(
                        condition=models.Q(("version__gt", models.F("told"))),
                        fields=["id"],
                        name="emergency_untold",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirm_by__gt", models.F("opened_at")),
                            ("expires_at__gt", models.F("opened_at")),
                        ),
                        name="emergency_ends_after_start",
                    )
                ],
            },
        ),
    ]
