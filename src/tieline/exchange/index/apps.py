from django.apps import AppConfig


class IndexConfig(AppConfig):
    name = "tieline.exchange.index"
    label = "index"
    database = "exchange"

    def ready(self) -> None:
        from tieline.exchange.index.ending import links_ended
        from tieline.exchange.index.persons import forget_ended

        links_ended.connect(forget_ended, dispatch_uid="persons")
