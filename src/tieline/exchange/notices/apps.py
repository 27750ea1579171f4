from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tieline.exchange.notices"
    label = "notices"
    database = "exchange"

    def ready(self) -> None:
        from tieline.exchange.index.ending import links_ended
        from tieline.exchange.notices.telling import withdraw_ended

        links_ended.connect(withdraw_ended, dispatch_uid="notices")
