from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "tieline.exchange.sharing"
    label = "sharing"
    database = "exchange"

    def ready(self) -> None:
        from tieline.exchange.index.ending import records_withdrawn
        from tieline.exchange.sharing.answering import end_withdrawn

        records_withdrawn.connect(end_withdrawn, dispatch_uid="sharing")
