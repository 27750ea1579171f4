from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models

from tieline.core.ledger.tree import Frontier


def begin(apps: Any, schema_editor: Any) -> None:
    """What was told before has no receipts: the first entry that is to have one is the next."""
    alias = schema_editor.connection.alias
    head = apps.get_model("keeping", "LedgerHead").objects.using(alias).filter(id=1).first()
    size = Frontier.from_bytes(bytes(head.frontier)).size if head is not None else 0
    size += apps.get_model("keeping", "LedgerStaged").objects.using(alias).count()
    apps.get_model("keeping", "ReceiptMark").objects.using(alias).create(name="begin", place=size)


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("keeping", "0017_stamps"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="ReceiptBatch",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("digest", models.CharField(max_length=64)),
                ("count", models.IntegerField()),
            ],
            options={"db_table": "receipt_batch"},
        ),
        migrations.CreateModel(
            name="ReceiptMark",
            fields=[
                ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("place", models.BigIntegerField(default=0)),
            ],
            options={"db_table": "receipt_mark"},
        ),
        migrations.CreateModel(
            name="ReceiptRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("ledger", models.CharField(max_length=32)),
                ("keeper", models.CharField(max_length=32)),
                ("record", models.CharField(default="", max_length=64)),
                ("version", models.BigIntegerField(default=0)),
                ("level", models.CharField(max_length=8)),
                ("viewer", models.CharField(max_length=32)),
                ("agency", models.CharField(max_length=32)),
                ("owner", models.CharField(default="", max_length=32)),
                ("at", models.DateTimeField()),
                ("batch", models.BigIntegerField(null=True)),
                ("ask", models.CharField(default="", max_length=32)),
                ("arrived", models.BooleanField(default=False)),
                ("sequence", models.BigIntegerField(null=True)),
                ("leaf", models.BinaryField(null=True)),
            ],
            options={
                "db_table": "receipt_row",
                "indexes": [
                    models.Index(fields=["batch"], name="receipt_row_batch"),
                    models.Index(
                        condition=models.Q(("sequence__isnull", True)),
                        fields=["ledger", "at"],
                        name="receipt_row_no_entry",
                    ),
                    models.Index(
                        condition=models.Q(("batch__isnull", True)),
                        fields=["ledger", "at"],
                        name="receipt_row_no_one",
                    ),
                    models.Index(
                        condition=models.Q(("arrived", False)),
                        fields=["ask"],
                        name="receipt_row_not_arrived",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ledger", "sequence"), name="receipt_row_place"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("batch__isnull", False),
                            ("sequence__isnull", False),
                            _connector="OR",
                        ),
                        name="receipt_row_of_a_side",
                    ),
                ],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
