from django.apps import AppConfig
from django.utils import timezone


class RequestsConfig(AppConfig):
    name = "requests"

    def ready(self) -> None:
        # DRF imports whatever is called `requests` and expects PyPI's library; it treats it as optional.
        from rest_framework import compat

        compat.requests = None  # type: ignore[assignment]
        # Models are there only now.
        from accounts.menu import COUNTS
        from requests.selectors.detail import calls_waiting

        COUNTS["calls"] = lambda member: calls_waiting(member, timezone.now())
