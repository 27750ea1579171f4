"""Statements of disagreement."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("keeping", "0018_receipts")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="StatementRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record", models.CharField(max_length=64)),
                ("name", models.CharField(max_length=64)),
                ("said", models.TextField()),
                ("matter", models.CharField(max_length=16)),
                ("author", models.CharField(max_length=32)),
                ("assignment", models.CharField(max_length=32)),
                ("filed_at", models.DateTimeField()),
            ],
            options={
                "db_table": "record_statement",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record", "matter", "name"), name="record_statement_once"
                    )
                ],
            },
        ),
    ]
