from django.apps import AppConfig


class RedressConfig(AppConfig):
    name = "tieline.exchange.redress"
    label = "redress"
    database = "exchange"
