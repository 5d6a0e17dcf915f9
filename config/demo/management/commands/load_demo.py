"""`manage.py load_demo`: the invented people of the demonstration, once. Refuses a database that is not a demo."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.demo import is_demo
from config.demo.load import load


class Command(BaseCommand):
    help = "Loads the demonstration's invented people and eight weeks of history; a second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan-later", action="store_true", help="leave the first plan to the worker")

    def handle(self, *args: Any, **options: Any) -> None:
        if not is_demo():
            raise CommandError("This database is not a demonstration. Start one with ./run.")
        made = load(now=timezone.now(), plan=not options["plan_later"])
        self.stdout.write("The demonstration is loaded." if made else "The demonstration was loaded before.")
