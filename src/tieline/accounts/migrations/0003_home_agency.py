"""Each person has a home agency: that of the first assignment, where there was one."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models


def settle(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    first: dict[int, str] = {}
    given = apps.get_model("accounts", "Assignment").objects.using(alias).order_by("id")
    for user, agency in given.values_list("user_id", "agency"):
        first.setdefault(user, agency)
    people = apps.get_model("accounts", "User").objects.using(alias)
    for user, agency in first.items():
        people.filter(pk=user).update(agency=agency)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0002_preferences")]
    operations: ClassVar = [
        migrations.AddField(
            model_name="user",
            name="agency",
            field=models.CharField(blank=True, default="", max_length=32),
        ),
        migrations.RunPython(settle, migrations.RunPython.noop),
    ]
