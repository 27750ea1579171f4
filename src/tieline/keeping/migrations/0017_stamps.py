"""The owner's stamps."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("keeping", "0016_copies"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="StampRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=16, unique=True)),
                ("request", models.CharField(max_length=16, unique=True)),
                ("record", models.CharField(max_length=64)),
                ("version", models.BigIntegerField()),
                ("owner", models.CharField(max_length=32)),
                ("agency", models.CharField(max_length=32)),
                ("unit", models.CharField(max_length=32)),
                ("purpose_number", models.CharField(max_length=64)),
                ("answers", models.JSONField()),
                ("void", models.JSONField(default=list)),
                ("given_by", models.CharField(max_length=32)),
                ("given_at", models.DateTimeField()),
            ],
            options={
                "db_table": "stamp",
                "indexes": [models.Index(fields=["record"], name="stamp_record")],
            },
        ),
    ]
