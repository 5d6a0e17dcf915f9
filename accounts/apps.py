from importlib import import_module

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        # drf-spectacular knows an extension once its module is loaded, and Django a check.
        import_module("accounts.schema")
        import_module("accounts.passwords")
        # Models are there only now.
        from accounts import factors
        from core.rotation import ELSEWHERE, Elsewhere

        ELSEWHERE.append(Elsewhere(factors.rotate, factors.in_use))
