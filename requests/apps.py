from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "requests"

    def ready(self) -> None:
        # DRF imports whatever is called `requests` and expects PyPI's library; it treats it as optional.
        from rest_framework import compat

        compat.requests = None  # type: ignore[assignment]
