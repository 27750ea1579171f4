"""Corrections whose recipients are still to be told."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("keeping", "0014_bare_precaution"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("record", models.CharField(max_length=64)),
                ("version", models.BigIntegerField()),
                ("owner_agency", models.CharField(max_length=32)),
                ("contact", models.CharField(max_length=120)),
                ("classes", models.JSONField()),
                ("recipients", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "correction"},
        ),
    ]
