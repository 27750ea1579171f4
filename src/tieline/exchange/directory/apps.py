from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "tieline.exchange.directory"
    label = "directory"
    database = "exchange"
