"""The releases that an owner gave."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("keeping", "0006_checkpoints"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ReleaseRow",
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
                ("agency", models.CharField(max_length=32)),
                ("unit", models.CharField(max_length=32)),
                ("purpose", models.CharField(max_length=32)),
                ("purpose_number", models.CharField(max_length=64)),
                ("classes", models.JSONField()),
                ("consents", models.JSONField()),
                ("caveats", models.CharField(blank=True, default="", max_length=500)),
                ("given_by", models.CharField(max_length=32)),
                ("given_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("recalled_at", models.DateTimeField(blank=True, null=True)),
                ("recalled_by", models.CharField(blank=True, default="", max_length=32)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "db_table": "release",
                "indexes": [
                    models.Index(fields=["agency", "unit", "purpose_number"], name="release_to"),
                    models.Index(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("recalled_at__isnull", True)
                        ),
                        fields=["expires_at"],
                        name="release_running",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("given_at"))),
                        name="release_ends_after_start",
                    )
                ],
            },
        ),
    ]
