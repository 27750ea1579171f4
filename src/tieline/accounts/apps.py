from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, their assignments, sign-in and tokens: a database of its own on each node."""

    name = "tieline.accounts"
    label = "accounts"

    def ready(self) -> None:
        from tieline.accounts import signin  # noqa: F401  # its receivers listen from now on
