"""How often each clause decided, by day, and up to which entry of the ledger that was counted."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("keeping", "0010_search_keys")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="ClauseDay",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("agreement", models.CharField(max_length=64)),
                ("clause", models.CharField(max_length=64)),
                ("event", models.CharField(max_length=48)),
                ("agency", models.CharField(max_length=32)),
                ("owner", models.CharField(max_length=32)),
                ("looks", models.BigIntegerField()),
            ],
            options={
                "db_table": "clause_day",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("day", "agreement", "clause", "event", "agency", "owner"),
                        name="clause_day_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ClauseMark",
            fields=[
                ("id", models.SmallIntegerField(primary_key=True, serialize=False)),
                ("sequence", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "clause_mark"},
        ),
    ]
