from importlib import import_module

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        # Checks stand once their module is loaded; it reads models, so not before now.
        import_module("core.checks")
