from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils.module_loading import module_has_submodule


class Command(BaseCommand):
    """A room with facts keeps them in its `facts` package, whose `load()` answers {table: Written}."""

    help = "Load the project's own facts: places, holidays, services. Run again, it changes nothing."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        for room in reversed(list(apps.get_app_configs())):
            if not room.module or not module_has_submodule(room.module, "facts"):
                continue
            for table, written in import_module(f"{room.name}.facts").load().items():
                self.stdout.write(f"{table}: {written.new} new, {written.changed} changed, {written.same} as they were")
