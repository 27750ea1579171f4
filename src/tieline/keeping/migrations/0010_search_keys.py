"""Of which version the search keys of a system are."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("keeping", "0009_retention"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="SearchKeys",
            fields=[
                ("version", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("reached", models.CharField(blank=True, default="", max_length=64)),
                ("whole", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "search_keys",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("whole", True)),
                        fields=("whole",),
                        name="search_keys_one_whole",
                    )
                ],
            },
        ),
    ]
