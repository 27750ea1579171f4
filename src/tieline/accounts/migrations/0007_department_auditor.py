"""A role more: the auditor's of a department."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import migrations, models

ROLES: Final = [
    *("agent", "investigator", "supervisor", "analyst", "sharing_officer", "protection_desk"),
    *("watch_desk", "auditor", "inspector", "department_auditor", "redress", "administrator"),
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0006_household")]
    operations: ClassVar = [
        migrations.RemoveConstraint(model_name="assignment", name="assignment_role_known"),
        migrations.AlterField(
            model_name="assignment",
            name="role",
            field=models.CharField(
                choices=[(role, role.replace("_", " ")) for role in ROLES], max_length=20
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ROLES)), name="assignment_role_known"
            ),
        ),
    ]
