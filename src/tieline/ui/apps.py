from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "tieline.ui"
    label = "ui"
