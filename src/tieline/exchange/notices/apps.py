from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "tieline.exchange.notices"
    label = "notices"
    database = "exchange"
