"""„Какво би помогнало“ on the coordinator's day: plain words, only what is still true, only for who plans."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from accounts.roles import Role
from core.clock import local, local_date
from planning.models import PlanAdvice
from planning.services import advice, rounds
from planning.tasks import advise_municipality
from requests.models import HelpRequest
from requests.states import RequestState
from tests import factories as make
from tests.planning.web.hands import page, signed_in
from volunteers.states import VolunteerStatus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solver_at_hand")]
TODAY = "/plan/"
TITLE = "Какво би помогнало"
NBSP = "\u00a0"


@pytest.fixture
def noon(now) -> datetime:
    return local(now + timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)


@pytest.fixture
def told(now):
    """Rows as the worker writes them, about three open requests unless said otherwise."""
    rows = [make.help_request(make.resident(name), now=now) for name in ("Мария", "Пена", "Вяра")]

    def tell(*entries: dict, **more) -> list[HelpRequest]:
        base = {"kind": "training", "skills": ["SOCIAL"], "languages": [], "volunteer": None, "more_served": 3}
        base |= {"requests": [str(row.pk) for row in rows], "start": None, "end": None, "near": None}
        found = [base | entry for entry in entries]
        fields = {"made_at": now, "until": local_date(now), "found": found, **more}
        PlanAdvice.objects.update_or_create(municipality=make.municipality(), defaults=fields)
        return rows

    return tell


def hours(noon: datetime, first: float, last: float) -> dict[str, str]:
    return {
        "start": (noon + timedelta(hours=first)).isoformat(),
        "end": (noon + timedelta(hours=last)).isoformat(),
    }


def newcomer(noon: datetime, **more) -> dict:
    return {
        **{"kind": "new_volunteer", "near": make.village("Извор").pk, "languages": ["bg"]},
        **hours(noon, 1.5, 6),
        **more,
    }


def test_the_worker_s_advice_stands_on_the_page_in_words(desk, now) -> None:
    ivanka = make.volunteer("Иван", "Петров", home="Извор", groups=("HEALTH",))
    for name in ("Мария", "Пена"):
        make.help_request(make.resident(name), now=now)
    rounds.run(municipality=make.municipality(), now=now)
    advise_municipality("PER36")
    html = page(desk, TODAY)
    assert TITLE in html and "Още 2 заявки, ако Иван Петров премине обучението „Помощи“" in html
    assert f"Още 2 заявки с нов доброволец около с.{NBSP}Извор" in html and f"/{ivanka.pk}/" in html
    english = page(desk, "/en/plan/")
    assert "2 more requests, if Иван Петров takes the training “Benefits”" in english


def test_a_newcomer_is_told_by_place_half_day_and_certification(desk, told, noon) -> None:
    told(newcomer(noon), newcomer(noon, **hours(noon, -3, 0.5), languages=["bg", "tr"], more_served=1))
    html = page(desk, TODAY)
    assert f"Още 3 заявки с нов доброволец около с.{NBSP}Извор" in html
    assert ", следобед." in html and ", преди обед." in html and "Удостоверение: Помощи." in html
    assert "Още 1 заявка с нов" in html and "Езици: български, Türkçe." in html
    assert ", с плана до " in html and ".." not in html.partition("Сметнато:")[2].partition("<")[0]
    assert html.count("Езици:") == 1, "that somebody speaks Bulgarian goes without saying"


def test_half_a_day_more_and_help_by_phone(desk, told, noon) -> None:
    person = make.volunteer("Иван", "Петров")
    more = {"kind": "more_hours", "volunteer": str(person.pk), "skills": [], **hours(noon, 1, 5)}
    told(more, newcomer(noon, near=None, skills=[]))
    html = page(desk, TODAY)
    assert "Още 3 заявки, ако Иван Петров има още половин ден" in html
    assert "Още 3 заявки с нов доброволец по телефона" in html and "Удостоверение:" not in html


def test_what_is_no_longer_true_is_not_said(desk, told, now, noon) -> None:
    person = make.volunteer("Иван", "Петров")
    training = {"volunteer": str(person.pk)}
    rows = told(training, newcomer(noon), newcomer(local(now) - timedelta(days=2)))
    html = page(desk, TODAY)
    assert html.count("Още 3 заявки") == 2, "hours that are over are left out"
    person.status = VolunteerStatus.PAUSED
    person.save()
    assert "Иван Петров" not in page(desk, TODAY) and TITLE in page(desk, TODAY)
    HelpRequest.objects.filter(pk=rows[0].pk).update(state=RequestState.OFFERED)
    assert TITLE not in page(desk, TODAY), "two are left where three were promised"


def test_nothing_is_said_where_nothing_helps_or_was_made(desk, told) -> None:
    make.municipality()
    assert TITLE not in page(desk, TODAY)
    told()
    assert TITLE not in page(desk, TODAY)


def test_only_who_plans_sees_it(told, noon) -> None:
    told(newcomer(noon))
    assert TITLE in page(signed_in(Role.COORDINATOR), TODAY) and TITLE in page(signed_in(Role.ADMINISTRATOR), TODAY)
    assert TITLE not in page(signed_in(Role.CLERK), TODAY)
    assert signed_in(Role.VOLUNTEER).get(TODAY).status_code == 403
    stranger = signed_in(Role.COORDINATOR, of=make.municipality("PER32", "Перник"))
    assert TITLE not in page(stranger, TODAY)


def test_a_desk_of_one_kmetstvo_hears_only_of_its_own_requests(told, noon, settings) -> None:
    told(newcomer(noon))
    for village, shown in (("Дрен", False), ("Извор", True)):
        user = make.user(Role.COORDINATOR)
        user.memberships.get().settlements.add(make.village(village))
        client = Client()
        client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
        assert (TITLE in page(client, TODAY)) is shown


def test_asking_again_is_a_nudge_and_the_page_says_that_it_is_being_made(desk, told, noon, monkeypatch) -> None:
    told(newcomer(noon))
    assert "Смятам пак" in page(desk, TODAY)
    sent = []
    monkeypatch.setattr("planning.web.advice.advise_municipality.apply_async", lambda args, retry: sent.append(args))
    assert desk.get("/plan/savet/").status_code == 405
    assert desk.post("/plan/savet/").url == TODAY and sent == [("PER36",)]
    html = page(desk, TODAY)
    assert "Смята се." in html and "Смятам пак" not in html and "Още 3 заявки" in html


@pytest.mark.parametrize("role", [Role.CLERK, Role.VOLUNTEER])
def test_only_who_plans_may_ask(role) -> None:
    make.municipality()
    assert signed_in(role).post("/plan/savet/").status_code == 403
    assert Client().post("/plan/savet/").status_code == 302
    assert not PlanAdvice.objects.exists()


def test_a_dead_broker_is_told_and_the_work_is_still_found(desk, monkeypatch, now) -> None:
    from kombu.exceptions import OperationalError

    def dead(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr("planning.web.advice.advise_municipality.apply_async", dead)
    town = make.municipality()
    assert "Ще го сметнем сами" in desk.post("/plan/savet/", follow=True).content.decode()
    assert advice.due(now=now + timedelta(seconds=5)) == [town]


def test_many_pieces_of_advice_cost_as_many_queries_as_one(desk, told, noon, django_assert_max_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page(desk, TODAY)
        return len(seen)

    people = [make.volunteer(f"Човек{n}", groups=(f"GROUP_{n}",)) for n in range(4)]
    entries = [{"volunteer": str(person.pk), "skills": [f"GROUP_{n}"]} for n, person in enumerate(people)]
    places = [newcomer(noon, near=make.village(name).pk) for name in ("Извор", "Дрен", "Друган")]
    told(entries[0], places[0])
    queries()
    few = queries()
    told(*entries, *places)
    assert queries() == few
