from django.apps import AppConfig


class PartnerConfig(AppConfig):
    name = "tieline.systems.partner"
    label = "partner"
    database = "partner"
