"""Writes docs/personal-data.md from the register."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import register_page


class Command(BaseCommand):
    help = "Write docs/personal-data.md from the register of personal data; --check only says whether it is current."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        file, wanted = register_page.target(settings.BASE_DIR), register_page.page()
        stands = file.read_text(encoding="utf-8") if file.exists() else ""
        if options["check"] and stands != wanted:
            raise CommandError("docs/personal-data.md is old: run `manage.py personal_data`.")
        if not options["check"]:
            file.write_text(wanted, encoding="utf-8")
