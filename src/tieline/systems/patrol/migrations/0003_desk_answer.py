"""What the protection desks answered on subjects."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("patrol", "0002_policy_class")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="DeskAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("record", models.CharField(max_length=64)),
                ("disposition", models.CharField(max_length=80)),
                (
                    "answer",
                    models.CharField(
                        choices=[("cleared", "cleared"), ("hold", "hold")], max_length=8
                    ),
                ),
                ("identity", models.CharField(max_length=64)),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.CharField(max_length=32)),
                ("asked_as", models.CharField(max_length=32)),
            ],
            options={
                "db_table": "pat_desk_answer",
                "indexes": [models.Index(fields=["record", "id"], name="pat_answer_record")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["cleared", "hold"])),
                        name="pat_answer_known",
                    )
                ],
            },
        ),
    ]
