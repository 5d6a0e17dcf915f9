"""`manage.py check_journal [--expect DIGEST]`: whether anything was taken out of the journal or changed behind it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from requests.models import JournalAnchor
from requests.selectors import chain


class Command(BaseCommand):
    help = "Recomputes the journal's chains and compares them with each night's anchor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--expect", default="", help="a digest that an earlier night's log named")

    def handle(self, *args: Any, expect: str, **options: Any) -> None:
        verdict = chain.check(timezone.now())
        faults = [str(fault) for fault in verdict.faults]
        if expect and not JournalAnchor.objects.filter(digest=expect).exists():
            faults.append(f"no anchor has the digest {expect}")
        if faults:
            raise CommandError("The journal is not as it was written.\n" + "\n".join(faults))
        self.stdout.write(f"{verdict.entries} entries under {verdict.anchors} anchors are as they were written.")
        if verdict.purged:
            self.stdout.write(f"{verdict.purged} are older than {chain.KEPT_YEARS} years and were purged.")
        if verdict.last:
            self.stdout.write(f"last anchor: {verdict.last.night} {verdict.last.digest}")
