"""Whether copies are asked for, and given."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("sharing", "0002_emergencies"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="releaserequest",
            name="copies",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="releaserequest",
            name="copies_given",
            field=models.BooleanField(default=False),
        ),
    ]
