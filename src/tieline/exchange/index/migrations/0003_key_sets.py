"""Keys are of a set: those that are there are the first one, which answers."""

from typing import ClassVar

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def begin(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The set of the keys that were made before there were sets: in a new table it is number 1."""
    sets = apps.get_model("index", "KeySet")._default_manager
    sets.using(schema_editor.connection.alias).create(version="keys-1", state="live")


class Migration(migrations.Migration):
    dependencies: ClassVar = [("index", "0002_persons")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="KeySet",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("version", models.CharField(max_length=32)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("building", "building"),
                            ("live", "live"),
                            ("retired", "retired"),
                        ],
                        max_length=16,
                    ),
                ),
                ("reached", models.BigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=["state"],
                        condition=~models.Q(state="retired"),
                        name="key_set_of_a_state_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(state__in=["building", "live", "retired"]),
                        name="key_set_known",
                    ),
                ],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.AddField(
            model_name="pointerkey",
            name="key_set",
            field=models.SmallIntegerField(default=1),
            preserve_default=False,
        ),
    ]
