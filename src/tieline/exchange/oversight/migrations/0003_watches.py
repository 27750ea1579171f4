"""Records under watch."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("oversight", "0002_reviews")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Watch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=16, unique=True)),
                ("agency", models.CharField(max_length=32)),
                ("apart", models.BooleanField(default=False)),
                ("record", models.CharField(max_length=64)),
                ("owner", models.CharField(max_length=32)),
                ("reason", models.TextField()),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("made_by", models.CharField(max_length=32)),
                ("ended_by", models.CharField(blank=True, default="", max_length=32)),
            ],
            options={
                "indexes": [models.Index(fields=["agency", "until"], name="watch_agency")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gte", models.F("since"))),
                        name="watch_ends_after_start",
                    )
                ],
            },
        ),
    ]
