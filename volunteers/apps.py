from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"

    def ready(self) -> None:
        # Models are there only now.
        from accounts.finding import CAME_IN, FINDERS
        from volunteers.services.way_in import came_in, reached_by

        FINDERS.append(reached_by)
        CAME_IN.append(came_in)
