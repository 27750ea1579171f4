from django.apps import AppConfig


class SharingConfig(AppConfig):
    name = "tieline.exchange.sharing"
    label = "sharing"
    database = "exchange"
