from django.apps import AppConfig


class IndexConfig(AppConfig):
    name = "tieline.exchange.index"
    label = "index"
    database = "exchange"
