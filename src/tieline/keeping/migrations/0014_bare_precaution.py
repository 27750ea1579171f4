"""Precautions that cross without the record behind them."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("keeping", "0013_protection_desk"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="BarePrecaution",
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
                ("codes", models.JSONField()),
                ("basis", models.TextField()),
                ("checked_by", models.CharField(max_length=32)),
                ("checked_at", models.DateTimeField()),
                ("ended_by", models.CharField(blank=True, default="", max_length=32)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "db_table": "bare_precaution",
                "indexes": [models.Index(fields=["record"], name="bare_precaution_record")],
            },
        ),
    ]
