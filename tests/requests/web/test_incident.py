"""One incident, as the safeguarding lead sees it."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from notifications.models import DeskTask
from notifications.services import desk_tasks
from notifications.states import TaskKind
from requests.models import EvidenceOpening, Opening, Visit
from requests.services import evidence, residents, visits
from requests.services.actors import BEAT
from requests.states import EvidenceKind, RuleKind
from tests import factories as make
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


def lead(**of: object) -> Client:
    client = Client()
    client.force_login(make.user(Role.SAFEGUARDING, **of))  # type: ignore[arg-type]
    return client


@pytest.fixture
def ivanka() -> Volunteer:
    return make.volunteer("Иванка", "Делева")


@pytest.fixture
def visit(ivanka: Volunteer) -> Visit:
    now = timezone.now()
    found = make.visit(None, ivanka, now=now, start=now + timedelta(minutes=1))
    visits.need_help(visit_id=found.pk, actor=BEAT, now=now)
    return found


def call(visit: Visit) -> DeskTask:
    return DeskTask.objects.get(subject_id=visit.pk, kind=TaskKind.HELP_NEEDED)


def page_of(client: Client, task: DeskTask) -> str:
    answer = client.get(reverse("requests:incident", args=[task.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_leads_to_one_incident_that_says_what_when_and_about_whom(visit: Visit) -> None:
    client, person = lead(), visit.help_request.resident
    door = client.get(reverse("requests:safeguarding")).content.decode()
    assert reverse("requests:incident", args=[call(visit).pk]) in door
    page = page_of(client, call(visit))
    said = ("Доброволец иска помощ", "Иванка Делева", str(person.name), person.settlement.name, "Още не е затворено")
    assert [words for words in said if words not in page] == []
    assert reverse("requests:detail", args=[visit.help_request_id]) in page


def test_it_tells_what_the_desk_did_and_who_does_not_go_there_any_more(visit: Visit, ivanka: Volunteer) -> None:
    now, desk = timezone.now(), make.user(Role.COORDINATOR)
    desk_tasks.finish(call(visit), by=desk, result="done", now=now, note="Звъннахме, всичко е наред")
    desk_tasks.ask(
        municipality=visit.help_request.municipality, kind=TaskKind.CHECKOUT_OVERDUE, subject_type="visit",
        subject_id=visit.pk, due_at=now, now=now,
    )  # fmt: skip
    who = visit.help_request.resident
    residents.set_rule(resident=who, volunteer=ivanka, kind=RuleKind.BLOCKED, note="скараха се", now=now)
    # Somebody who was not there is kept apart for another reason.
    other = make.volunteer("Петър", "Колев")
    residents.set_rule(resident=who, volunteer=other, kind=RuleKind.BLOCKED, note="роднини", now=now)
    page = page_of(lead(), call(visit))
    assert "Звъннахме, всичко е наред" in page and desk.get_full_name() in page
    assert "Посещението не е приключено" in page
    assert "скараха се" in page and "Петър Колев" not in page


def test_sealed_evidence_is_named_there_and_opens_only_with_a_reason(visit: Visit, ivanka: Volunteer) -> None:
    now, where = timezone.now(), visit.help_request.municipality
    body = {"said": "видяно на прага"}
    mine = [
        evidence.put_away(municipality=where, kind=kind, person_id=person, body=body, now=now)
        for kind, person in ((EvidenceKind.INCIDENT, ivanka.pk), (EvidenceKind.CONSENT, visit.help_request.resident_id))
    ]
    strange = evidence.put_away(municipality=where, kind=EvidenceKind.INCIDENT, person_id=uuid4(), body=body, now=now)
    client = lead()
    page = page_of(client, call(visit))
    assert all(reverse("requests:store_open", args=[row.pk]) in page for row in mine)
    assert str(strange.pk) not in page and "видяно на прага" not in page
    assert not EvidenceOpening.objects.exists()
    asked = client.get(reverse("requests:store_open", args=[mine[0].pk]))
    assert "видяно на прага" not in asked.content.decode()


def test_whoever_looks_is_written_down_as_with_every_record(visit: Visit) -> None:
    page_of(lead(), call(visit))
    assert Opening.objects.filter(person_id=visit.help_request.resident_id).count() == 1


def test_another_municipality_another_role_and_another_task_have_no_such_page(visit: Visit) -> None:
    address = reverse("requests:incident", args=[call(visit).pk])
    elsewhere = make.municipality("PER01", "Перник")
    assert lead(of=elsewhere).get(address).status_code == 404
    coordinator = Client()
    coordinator.force_login(make.user(Role.COORDINATOR))
    assert coordinator.get(address).status_code == 403
    other = desk_tasks.ask(
        municipality=visit.help_request.municipality, kind=TaskKind.CANNOT_COME, subject_type="visit",
        subject_id=visit.pk, due_at=timezone.now(), now=timezone.now(),
    )  # fmt: skip
    for key in (other.pk, uuid4()):
        assert lead().get(reverse("requests:incident", args=[key])).status_code == 404


def test_a_lead_of_one_village_sees_no_incident_of_another(visit: Visit) -> None:
    user = make.user(Role.SAFEGUARDING)
    client = Client()
    client.force_login(user)
    page_of(client, call(visit))  # the control
    user.memberships.get().settlements.add(make.village("Друган"))
    assert client.get(reverse("requests:incident", args=[call(visit).pk])).status_code == 404


def test_it_asks_no_more_for_more_calls(visit: Visit) -> None:
    client, now = lead(), timezone.now()
    page_of(client, call(visit))
    with CaptureQueriesContext(connection) as few:
        page_of(client, call(visit))
    for kind in (TaskKind.CHECKOUT_OVERDUE, TaskKind.NO_SHOW):
        desk_tasks.ask(
            municipality=visit.help_request.municipality, kind=kind, subject_type="visit", subject_id=visit.pk,
            due_at=now, now=now,
        )  # fmt: skip
        evidence.put_away(
            municipality=visit.help_request.municipality, kind=EvidenceKind.INCIDENT, body={}, now=now,
            person_id=visit.help_request.resident_id,
        )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        page_of(client, call(visit))
    assert len(many) == len(few) <= 16
