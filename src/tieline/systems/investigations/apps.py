from django.apps import AppConfig


class InvestigationsConfig(AppConfig):
    name = "tieline.systems.investigations"
    label = "investigations"
    database = "investigations"
