from django.apps import AppConfig


class KeepingConfig(AppConfig):
    """Its tables stand in every database: each keeper's rows lie beside what they tell of."""

    name = "tieline.keeping"
    label = "keeping"

    def ready(self) -> None:
        from tieline.keeping import checks

        checks.register_checks()
