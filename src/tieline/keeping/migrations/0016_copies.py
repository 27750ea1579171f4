"""The registry of copies, and releases that allow them."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("keeping", "0015_corrections"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="releaserow",
            name="copies",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="CopyRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=16, unique=True)),
                ("record", models.CharField(max_length=64)),
                ("version", models.BigIntegerField()),
                ("owner", models.CharField(max_length=32)),
                ("agency", models.CharField(max_length=32)),
                ("unit", models.CharField(max_length=32)),
                ("holder", models.CharField(max_length=32)),
                ("assignment", models.CharField(max_length=32)),
                ("purpose", models.CharField(max_length=32)),
                ("purpose_number", models.CharField(max_length=64)),
                ("form", models.CharField(max_length=8)),
                ("classes", models.JSONField()),
                ("release", models.CharField(blank=True, default="", max_length=16)),
                ("agreement", models.CharField(max_length=64)),
                ("made_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("called_at", models.DateTimeField(blank=True, null=True)),
                ("called_by", models.CharField(blank=True, default="", max_length=32)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_to", models.CharField(blank=True, default="", max_length=120)),
                ("attested_at", models.DateTimeField(blank=True, null=True)),
                ("attested_by", models.CharField(blank=True, default="", max_length=32)),
                ("fate", models.CharField(blank=True, default="", max_length=16)),
            ],
            options={
                "db_table": "copy",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("made_at"))),
                        name="copy_ends_after_start",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("attested_at__isnull", True), ("fate", "")),
                            models.Q(
                                ("attested_at__isnull", False),
                                models.Q(("fate", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="copy_attested_with_fate",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["record"], name="copy_record"),
                    models.Index(fields=["agency", "holder"], name="copy_holder"),
                    models.Index(
                        condition=models.Q(("attested_at__isnull", True)),
                        fields=["expires_at"],
                        name="copy_out",
                    ),
                ],
            },
        ),
    ]
