from django.apps import AppConfig
from django.utils import timezone


class RequestsConfig(AppConfig):
    name = "requests"

    def ready(self) -> None:
        # DRF imports whatever is called `requests` and expects PyPI's library; it treats it as optional.
        from rest_framework import compat

        compat.requests = None  # type: ignore[assignment]
        # Models are there only now.
        from accounts.changes import KEEPERS
        from accounts.menu import COUNTS
        from notifications.channels.attachments import MAKERS
        from notifications.webhooks.persons import READERS
        from requests.notices.letters import WITH_CALENDAR, calendar_of
        from requests.selectors.callbacks import calling_back
        from requests.selectors.detail import calls_waiting
        from requests.selectors.outward import person_of
        from requests.services import ways_in

        COUNTS["callbacks"] = lambda member: calling_back(member, timezone.now())
        COUNTS["calls"] = lambda member: calls_waiting(member, timezone.now())
        KEEPERS.append(ways_in.keep)
        READERS["help_request"] = person_of
        MAKERS.update({template.kind.code: calendar_of for template in WITH_CALENDAR})
