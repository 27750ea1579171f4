"""What clauses may ask of a record, each set of values once: lists are decided by these."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("keeping", "0004_ledger_replaces_nothing")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="PolicyClass",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("said", models.TextField()),
            ],
            options={
                "db_table": "policy_class",
                "indexes": [models.Index(fields=["kind"], name="policy_class_kind")],
            },
        ),
    ]
