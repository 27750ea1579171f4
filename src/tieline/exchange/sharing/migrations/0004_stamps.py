"""Requests for the owner's stamp."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models

_STATES = [
    "asked",
    "granted",
    "part",
    "refused",
    "appealed",
    "upheld",
    "recalled",
    "stamped",
]


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("sharing", "0003_copies"),
    ]

    operations: ClassVar = [
        migrations.AddField(
            model_name="releaserequest",
            name="kind",
            field=models.CharField(
                choices=[("release", "release"), ("stamp", "stamp")],
                default="release",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="releaserequest",
            name="answers",
            field=models.JSONField(default=dict),
        ),
        migrations.RemoveConstraint(model_name="releaserequest", name="request_state_known"),
        migrations.AlterField(
            model_name="releaserequest",
            name="state",
            field=models.CharField(choices=[(one, one) for one in _STATES], max_length=16),
        ),
        migrations.AddConstraint(
            model_name="releaserequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", _STATES)), name="request_state_known"
            ),
        ),
    ]
