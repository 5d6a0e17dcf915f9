from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.demo import links


class Command(BaseCommand):
    help = "Print the sign-in links of the demonstration's cast as JSON: role, name, url_path."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Sign-in links exist only in the demonstration. Start it with ./run.")
        self.stdout.write(json.dumps(links(), ensure_ascii=False))
