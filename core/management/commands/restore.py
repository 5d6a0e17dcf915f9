"""`manage.py restore FILE`: a backup into an empty database."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from core import database_files


class Command(BaseCommand):
    help = "Fills an empty database from a backup, migrates it, and looks whether its journal is whole."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            database_files.read(file)
        except database_files.Refused as refused:
            raise CommandError(str(refused)) from refused
        call_command("migrate", verbosity=0)
        self.stdout.write("The database is filled and stands at this version.")
        call_command("check_journal", stdout=self.stdout)
        # Whoever was erased since stands on a list beside the database.
        call_command("replay_erasures", stdout=self.stdout)
