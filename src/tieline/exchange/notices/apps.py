from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tieline.exchange.notices"
    label = "notices"
    database = "exchange"

    def ready(self) -> None:
        from tieline.exchange.directory.register import department_changed
        from tieline.exchange.index.ending import links_ended
        from tieline.exchange.notices.telling import decide_anew, withdraw_ended
        from tieline.keeping.agreements import adopted

        links_ended.connect(withdraw_ended, dispatch_uid="notices")
        adopted.connect(decide_anew, dispatch_uid="notices")
        department_changed.connect(decide_anew, dispatch_uid="notices")
