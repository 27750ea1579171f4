"""Who said what speaks against a subject."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("patrol", "0003_desk_answer")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="subject",
            name="source_note",
            field=models.TextField(blank=True, default="", max_length=4000),
        ),
    ]
