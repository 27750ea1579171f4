from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "tieline.exchange.oversight"
    label = "oversight"
    database = "exchange"
