from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "tieline.api"
    label = "api"
