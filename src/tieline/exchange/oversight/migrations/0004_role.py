"""In which role a review or a watch was set, in place of whether it was an inspector's."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("oversight", "0003_watches")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="savedreview",
            name="role",
            field=models.CharField(default="auditor", max_length=20),
        ),
        migrations.AddField(
            model_name="watch",
            name="role",
            field=models.CharField(default="auditor", max_length=20),
        ),
        migrations.RunSQL(
            [
                "UPDATE oversight_savedreview SET role = 'inspector' WHERE apart",
                "UPDATE oversight_watch SET role = 'inspector' WHERE apart",
            ],
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField(model_name="savedreview", name="apart"),
        migrations.RemoveField(model_name="watch", name="apart"),
    ]
