from django.apps import AppConfig


class CorrectionsConfig(AppConfig):
    name = "tieline.exchange.corrections"
    label = "corrections"
    database = "exchange"

    def ready(self) -> None:
        from tieline.exchange.corrections.parted import tell_parted
        from tieline.exchange.index.ending import link_parted

        link_parted.connect(tell_parted, dispatch_uid="corrections")
