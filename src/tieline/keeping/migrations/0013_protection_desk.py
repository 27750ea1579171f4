"""Holds of the protection desk, and the sources that are listed for protected records."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("keeping", "0012_emergencies"),
    ]

    operations: ClassVar = [
        migrations.CreateModel(
            name="RemovalHold",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=16, unique=True)),
                ("record", models.CharField(max_length=64)),
                ("owner", models.CharField(max_length=32)),
                ("about_system", models.CharField(max_length=32)),
                ("about", models.CharField(max_length=64)),
                ("disposition", models.CharField(max_length=80)),
                ("agency", models.CharField(max_length=32)),
                ("unit", models.CharField(max_length=32)),
                ("contact", models.CharField(max_length=120)),
                ("asked_by", models.CharField(max_length=32)),
                ("first_asked_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField()),
                ("due_at", models.DateTimeField()),
                ("called_at", models.DateTimeField(blank=True, null=True)),
                ("called_by", models.CharField(blank=True, default="", max_length=32)),
                ("said", models.TextField(blank=True, default="")),
                ("cleared_at", models.DateTimeField(blank=True, null=True)),
                ("cleared_by", models.CharField(blank=True, default="", max_length=32)),
                ("cleared_until", models.DateTimeField(blank=True, null=True)),
                ("cleared_of", models.JSONField(default=list)),
            ],
            options={
                "db_table": "removal_hold",
                "indexes": [models.Index(fields=["owner", "due_at"], name="removal_hold_owner")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record", "about_system", "about", "disposition"),
                        name="removal_hold_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ListedSource",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=16, unique=True)),
                ("record", models.CharField(max_length=64)),
                ("owner", models.CharField(max_length=32)),
                ("names", models.JSONField()),
                ("numbers", models.JSONField(default=list)),
                ("why", models.TextField()),
                ("listed_by", models.CharField(max_length=32)),
                ("listed_at", models.DateTimeField()),
                ("ended_by", models.CharField(blank=True, default="", max_length=32)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "db_table": "listed_source",
                "indexes": [models.Index(fields=["record"], name="listed_source_record")],
            },
        ),
    ]
