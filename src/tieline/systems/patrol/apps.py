from django.apps import AppConfig


class PatrolConfig(AppConfig):
    name = "tieline.systems.patrol"
    label = "patrol"
    database = "patrol"
