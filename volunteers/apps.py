from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"

    def ready(self) -> None:
        # Models are there only now.
        from accounts.finding import FINDERS
        from volunteers.services.way_in import reached_by

        FINDERS.append(reached_by)
