from __future__ import annotations

import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone, translation

from accounts import services
from core.errors import DomainError
from places.models import Municipality, Settlement


class Command(BaseCommand):
    help = "Let a municipality work here and give it its first administrator. Run again, it changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--municipality", required=True, help="its national code, such as PER36")
        parser.add_argument("--email", required=True, help="what the administrator signs in with")
        parser.add_argument("--name", required=True, help="the administrator's name")
        parser.add_argument(
            "--password-stdin",
            action="store_true",
            help="read a password from standard input instead of printing an invitation link",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        code = options["municipality"].strip().upper()
        password = self._password() if options["password_stdin"] else ""
        self._need_facts(code)
        with translation.override("en"):
            try:
                founded = services.found(
                    code=code,
                    email=options["email"],
                    name=options["name"],
                    password=password,
                    now=timezone.now(),
                )
            except DomainError as error:
                raise CommandError(str(error)) from error
        self._tell(founded, options["email"])

    def _password(self) -> str:
        password = sys.stdin.readline().rstrip("\r\n")
        if not password:
            raise CommandError("--password-stdin: nothing came on standard input.")
        return password

    def _need_facts(self, code: str) -> None:
        """The project's own facts where they are missing; any other municipality comes from the national list."""
        if Settlement.objects.filter(municipality=code).exists():
            return
        call_command("load_facts", stdout=self.stdout)
        if not Settlement.objects.filter(municipality=code).exists():
            raise CommandError(
                f"There are no settlements of a municipality {code}. Load the national list first: load_places FILE."
            )

    def _tell(self, founded: services.Founded, email: str) -> None:
        town: Municipality = founded.municipality
        self.stdout.write(f"{town.code} {town.name_bg} works here.")
        if founded.was_there:
            self.stdout.write(f"{email} is an administrator already; nothing changed.")
        elif founded.secret:
            with translation.override("bg"):
                path = reverse("accounts:invitation", args=[founded.secret])
            self.stdout.write(f"Invitation for {email}, good for one use within seven days:")
            self.stdout.write(settings.SITE_URL + path)
        else:
            self.stdout.write(f"{email} is an administrator and can sign in at {settings.SITE_URL}/vhod/.")
