"""`manage.py plan --municipality PER36 [--dry-run]`: one planning round, printed as a table."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from core.clock import local
from places.models import Municipality
from planning.models import PlanRound
from planning.services import rounds, solver
from planning.states import RoundState
from requests.models import HelpRequest
from volunteers.models import Volunteer

ROW = "{:<17} {:>6} {:<22} {:<24} {}"


class Command(BaseCommand):
    help = "Plans one municipality now and prints the plan; --dry-run makes no offers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--municipality", required=True, help="code, for example PER36")
        parser.add_argument("--dry-run", action="store_true", help="only print, make no offers")

    def handle(self, *args: Any, **options: Any) -> None:
        municipality = Municipality.objects.filter(pk=options["municipality"]).first()
        if municipality is None:
            raise CommandError(f"There is no municipality {options['municipality']}. Load the places first.")
        now = timezone.now()
        done_before = False
        try:
            plan_round: PlanRound | None
            if options["dry_run"]:
                plan_round = rounds.dry_run(municipality=municipality, now=now)
            else:
                plan_round = rounds.run(municipality=municipality, now=now)
                done_before = plan_round is None
                plan_round = plan_round or rounds.latest(municipality)
        except solver.SolverFailed as error:
            raise CommandError(f"The solver gave no plan: {error}") from error
        if plan_round is None or plan_round.plan is None:
            raise CommandError("There is no plan: another round is running, or the last one failed. Try in a minute.")
        self._print(plan_round)
        if done_before:
            when = local(plan_round.finished_at or plan_round.started_at)
            self.stdout.write(f"Nothing changed since: this round was already done at {when:%H:%M:%S on %d.%m.%Y}.")

    def _print(self, plan_round: PlanRound) -> None:
        plan = plan_round.plan or {}
        requests = HelpRequest.objects.select_related("resident__settlement").in_bulk(
            [visit["request"] for visit in plan["visits"]] + [entry["request"] for entry in plan["unserved"]]
        )
        by_id = {str(key): row for key, row in requests.items()}
        badges = {str(pk): badge for pk, badge in Volunteer.objects.values_list("pk", "badge")}
        self.stdout.write(ROW.format("when", "number", "village", "service", "volunteers"))
        for visit in sorted(plan["visits"], key=lambda visit: int(visit["start"])):
            row = by_id.get(visit["request"])
            if row is None:
                continue
            when = local(plan_round.origin + timedelta(minutes=visit["start"]))
            people = ", ".join(f"№ {badges.get(person, '?')}" for person in visit["volunteers"])
            village, service = row.resident.settlement.name_bg, row.service_id or "?"
            self.stdout.write(ROW.format(f"{when:%d.%m.%Y %H:%M}", row.number, village, service, people))
        for entry in plan["unserved"]:
            row = by_id.get(entry["request"])
            if row is not None:
                village = row.resident.settlement.name_bg
                self.stdout.write(ROW.format("–", row.number, village, row.service_id or "?", entry["reason"]))
        self.stdout.write(
            f"{len(plan['visits'])} visits, {len(plan['unserved'])} unserved, objective {plan['objective']['total']}, "
            f"{plan['status']}, {plan_round.offers_made} offers made"
        )
        if plan_round.state == RoundState.IN_PARTS:
            self.stdout.write(f"The worker goes on with it in {plan_round.parts.count()} parts.")
