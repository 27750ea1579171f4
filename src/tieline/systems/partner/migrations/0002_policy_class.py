"""Each record has its policy class, those that are there already too, and is found by it."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import migrations, models

from tieline.keeping.classing import give_classes

KINDS: Final = {
    "partnerrecord": ("booking", "partner_record_newest"),
}


class Migration(migrations.Migration):
    dependencies: ClassVar = [("partner", "0001_first"), ("keeping", "0005_policy_class")]
    operations: ClassVar = [
        *(
            migrations.AddField(
                model_name=model,
                name="policy_class",
                field=models.BigIntegerField(editable=False, null=True),
            )
            for model in KINDS
        ),
        migrations.RunPython(
            give_classes("partner", {model: kind for model, (kind, _) in KINDS.items()}),
            migrations.RunPython.noop,
        ),
        *(
            migrations.AddIndex(
                model_name=model,
                index=models.Index(fields=["policy_class", "created_at", "number"], name=name),
            )
            for model, (_, name) in KINDS.items()
        ),
    ]
