from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # drf-spectacular knows an extension once its module is loaded.
        import_module("accounts.schema")
