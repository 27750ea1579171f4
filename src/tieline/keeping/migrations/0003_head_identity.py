"""A head knows what its record is ranked by, so that a search reads no record to leave it out."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("keeping", "0002_ledger_only_grows")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="recordhead",
            name="identity",
            field=models.TextField(blank=True, default=""),
        ),
    ]
