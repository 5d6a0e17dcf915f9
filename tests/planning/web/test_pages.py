"""The coordinator's pages: what they say, who may see them, and that many rows cost no more than one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from notifications.models import DeskTask
from notifications.services import desk_tasks
from notifications.states import TaskKind
from places.models import Settlement
from planning.services import rounds
from requests.models import HelpRequest, Offer, Visit
from requests.services import answers, intake
from requests.states import OfferState, RequestState, VisitState
from tests import factories as make
from volunteers.states import VolunteerStatus

pytestmark = pytest.mark.django_db
PAGES = ["/plan/", "/plan/zayavki/", "/plan/grafik/", "/en/plan/", "/en/plan/zayavki/", "/en/plan/grafik/"]


@pytest.fixture
def now():
    return timezone.now()


def signed_in(role: Role | str, **more) -> Client:
    client = Client()
    client.force_login(make.user(role, **more), backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


@pytest.fixture
def desk() -> Client:
    return signed_in(Role.COORDINATOR)


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def ask(row, kind, now, **facts) -> DeskTask:
    kind_of = "visit" if isinstance(row, Visit) else "help_request"
    return desk_tasks.ask(
        municipality=make.municipality(), kind=kind, subject_type=kind_of, subject_id=row.pk,
        due_at=now, now=now, facts=facts,
    )  # fmt: skip


def soon(now):
    return (now + timedelta(days=2)).replace(hour=9, minute=0, second=0, microsecond=0)


def test_an_empty_desk_says_so(desk) -> None:
    make.municipality()
    assert "Днес нищо не чака човек" in page(desk, "/plan/")
    assert "Още не е планирано" in page(desk, "/plan/zayavki/")
    assert "Още няма доброволци" in page(desk, "/plan/grafik/")


def test_every_kind_of_task_is_a_sentence_with_a_way_on(desk, now) -> None:
    ivanka = make.volunteer(hours=tuple((day, 0, 23) for day in range(7)))
    visit = make.visit(make.help_request(now=now), ivanka, now=now, start=soon(now))
    for kind in TaskKind:
        if kind in (TaskKind.APPLICATION, TaskKind.MESSAGE_FAILED):
            continue
        about = (
            visit if kind in (TaskKind.NO_SHOW, TaskKind.CHECKOUT_OVERDUE, TaskKind.HELP_NEEDED) else visit.help_request
        )
        ask(about, kind, now, volunteers=[str(ivanka.pk)])
    desk_tasks.ask(
        municipality=make.municipality(), kind=TaskKind.APPLICATION, subject_type="volunteer",
        subject_id=ivanka.pk, due_at=now, now=now,
    )  # fmt: skip
    html = page(desk, "/plan/")
    for said in (
        "Иванка Делева иска помощ", "Посещението още тече: Иванка Делева", "Няма кой да отиде при Мария Петрова",
        "Няма втори човек", "Уговореното вече не пасва", "Искат друг час", "Нов доброволец кандидатства: Иванка Делева",
        "Нямаше никого", "чака обаждане", "Трябва друг човек", "Срокът наближава",
    ):  # fmt: skip
        assert said in html, said
    assert f'href="tel:{ivanka.contact.phone}"' in html
    assert f'href="/plan/zayavki/{visit.help_request_id}/kandidati/"' in html
    now_part, _rest = html.split("До края на деня")
    assert "иска помощ" in now_part and "Нов доброволец" not in now_part
    for task in DeskTask.objects.all():
        page(desk, f"/plan/zadachi/{task.pk}/")


def test_a_task_is_taken_shown_as_held_and_finished(desk, now) -> None:
    task = ask(make.help_request(now=now), TaskKind.MOVE_ASKED, now)
    url = f"/plan/zadachi/{task.pk}/"
    desk.post(url, {"do": "take"})
    colleague = signed_in(Role.COORDINATOR)
    assert "Държи я" in page(colleague, "/plan/") and "Държи я колега" in page(colleague, url)
    assert colleague.post(url, {"do": "finish", "result": "arranged"}).status_code == 409
    assert "<title>Грешка:" in desk.post(url, {"do": "finish"}).content.decode()
    assert "<title>Грешка:" in desk.post(url, {"do": "finish", "result": "else"}).content.decode()
    desk.post(url, {"do": "finish", "result": "arranged", "note": "говорих с нея"})
    task.refresh_from_db()
    assert task.result == "arranged" and task.note == "говорих с нея" and task.done_by is not None
    assert "Уредено е" in page(desk, url)


def test_a_note_with_a_personal_number_is_refused(desk, now) -> None:
    task = ask(make.help_request(now=now), TaskKind.MOVE_ASKED, now)
    answer = desk.post(f"/plan/zadachi/{task.pk}/", {"do": "finish", "result": "arranged", "note": "6101057509"})
    assert "<title>Грешка:" in answer.content.decode()
    assert DeskTask.objects.open().exists()


def test_a_web_request_is_verified_from_its_task(desk, now) -> None:
    row = intake.submit_from_web(resident=make.resident(), wanted=intake.Wanted(service=make.service()), now=now)
    task = DeskTask.objects.get(kind=TaskKind.VERIFY_WEB)
    assert "Мария Петрова от с.\u00a0Извор чака обаждане" in page(desk, "/plan/").replace("&nbsp;", "\u00a0")
    desk.post(f"/plan/zadachi/{task.pk}/", {"do": "verify"})
    row.refresh_from_db()
    assert row.state == RequestState.OPEN and not DeskTask.objects.open().exists()


def test_a_visit_that_did_not_happen_is_said_so(desk, now) -> None:
    earlier = now - timedelta(hours=3)
    visit = make.visit(make.help_request(now=earlier), now=earlier, start=now - timedelta(hours=1))
    task = ask(visit, TaskKind.NO_SHOW, now)
    desk.post(f"/plan/zadachi/{task.pk}/", {"do": "missed"})
    visit.refresh_from_db()
    assert visit.state == VisitState.NO_SHOW and not DeskTask.objects.open().filter(pk=task.pk).exists()


@pytest.mark.parametrize("path", PAGES)
def test_the_pages_are_for_the_desk(path) -> None:
    make.municipality()
    assert Client().get(path).status_code == 302
    assert signed_in(Role.VOLUNTEER).get(path).status_code == 403
    clerk = signed_in(Role.CLERK).get(path).status_code
    assert clerk == (403 if "grafik" in path else 200)
    assert signed_in(Role.ADMINISTRATOR).get(path).status_code == 200


def test_a_clerk_reads_the_queue_and_neither_plans_nor_assigns(now) -> None:
    row = make.help_request(now=now)
    clerk = signed_in(Role.CLERK)
    html = page(clerk, "/plan/zayavki/")
    assert "Мария Петрова" in html and "Планирам сега" not in html and "kandidati" not in html
    assert clerk.post("/plan/planirai/").status_code == 403
    assert clerk.get(f"/plan/zayavki/{row.pk}/kandidati/").status_code == 403


def test_another_municipality_finds_nothing(now) -> None:
    row = make.help_request(now=now)
    task = ask(row, TaskKind.NO_VOLUNTEER, now)
    stranger = signed_in(Role.COORDINATOR, of=make.municipality("PER32", "Перник"))
    for path in (f"/plan/zayavki/{row.pk}/kandidati/", f"/plan/zayavki/{row.pk}/izbor/", f"/plan/zadachi/{task.pk}/"):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, {"do": "take"}).status_code in (404, 405)
    for path in PAGES:
        assert "Петрова" not in page(stranger, path)


def test_a_desk_of_one_kmetstvo_sees_its_own(now) -> None:
    ask(make.help_request(make.resident(home="Дрен"), now=now), TaskKind.NO_VOLUNTEER, now)
    ask(make.help_request(make.resident("Пена"), now=now), TaskKind.NO_VOLUNTEER, now)
    user = make.user(Role.CLERK)
    user.memberships.get().settlements.add(make.village("Дрен"))
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[0])
    html = page(client, "/plan/") + page(client, "/plan/zayavki/")
    assert "Дрен" in html and "Пена" not in html


def test_the_queue_says_why_and_narrows(desk, now) -> None:
    make.volunteer(groups=("HEALTH",))
    row = make.help_request(now=now)
    make.help_request(make.resident("Пена", home="Дрен"), service=make.service("OTHER"), now=now)
    rounds.run(municipality=make.municipality(), now=now)
    html = page(desk, "/plan/zayavki/")
    assert "2 заявки в работа" in html and html.count("Никой няма удостоверение за тази услуга.") == 2
    assert "Планът намира човек за 0 от 2." in html
    assert f"/plan/zayavki/{row.pk}/kandidati/" in html
    assert "Пена" not in page(desk, f"/plan/zayavki/?settlement={make.village('Извор').pk}")
    assert "Пена" in page(desk, "/plan/zayavki/?service=OTHER")
    assert "Няма такива заявки." in page(desk, "/plan/zayavki/?state=scheduled")
    assert "2 заявки" in page(desk, "/plan/zayavki/?state=nothing&service=NOTHING&page=99")


def test_planning_now_is_a_nudge_and_its_progress_is_shown(desk, monkeypatch, now) -> None:
    sent = []
    monkeypatch.setattr("planning.web.runs.plan_municipality.apply_async", lambda args, retry: sent.append(args))
    make.municipality()
    answer = desk.post("/plan/planirai/", {"next": "/plan/grafik/"})
    assert sent == [("PER36",)] and answer.url.startswith("/plan/grafik/?asked=")
    assert desk.post("/plan/planirai/", {"next": "https://evil.example/"}).url.startswith("/plan/zayavki/?asked=")
    asked = answer.url.rpartition("=")[2]
    waiting = page(desk, f"/plan/krag/?asked={asked}")
    assert "Планът се смята." in waiting and "hx-get" in waiting
    rounds.run(municipality=make.municipality(), now=now + timedelta(seconds=5))
    done = page(desk, f"/plan/krag/?asked={asked}")
    assert "hx-get" not in done and "Планът намира човек" in done


def test_a_dead_broker_is_told(desk, monkeypatch) -> None:
    from kombu.exceptions import OperationalError

    def dead(*args, **kwargs):
        raise OperationalError

    monkeypatch.setattr("planning.web.runs.plan_municipality.apply_async", dead)
    make.municipality()
    assert "Планът ще стане сам" in desk.post("/plan/planirai/", follow=True).content.decode()


def test_candidates_are_ranked_with_reasons_and_the_others_say_why_not(desk, now) -> None:
    make.volunteer("Близка", "Делева", home="Извор")
    make.volunteer("Далечен", "Колев", home="Дрен")
    make.volunteer("Здравка", "Тасева", groups=("HEALTH",))
    row = make.help_request(now=now)
    html = page(desk, f"/plan/zayavki/{row.pk}/kandidati/")
    assert html.index("Близка") < html.index("Далечен")
    assert html.count("<strong>Близка") == 1 and "Може и:" in html
    assert "Най-добре за целия план" in html and "Удостоверени за услугата са 2." in html
    assert "Здравка" in html.partition("Защо не")[2] and "Няма удостоверение за услугата." in html


def test_a_candidate_is_asked_or_has_agreed_on_the_phone(desk, now) -> None:
    ivanka = make.volunteer()
    first, second = make.help_request(now=now), make.help_request(make.resident(), now=now)
    start = soon(now)
    local = start.astimezone(__import__("zoneinfo").ZoneInfo("Europe/Sofia"))
    chosen = {"people": [str(ivanka.pk)], "start": f"{local:%Y-%m-%dT%H:%M}"}
    url = f"/plan/zayavki/{first.pk}/izbor/"
    assert "Иванка Делева" in page(desk, f"{url}?people={ivanka.pk}&start={chosen['start']}")
    desk.post(url, chosen | {"do": "ask"})
    offer = Offer.objects.get(help_request=first)
    assert (offer.state, offer.start) == (OfferState.MADE, start)
    later = chosen | {"start": f"{local + timedelta(hours=2):%Y-%m-%dT%H:%M}", "do": "agreed"}
    desk.post(f"/plan/zayavki/{second.pk}/izbor/", later)
    second.refresh_from_db()
    assert second.state == RequestState.SCHEDULED
    assert "Сега не търсим човек" in page(desk, f"/plan/zayavki/{second.pk}/kandidati/")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"start": "2020-01-01T10:00"}, "Изберете час, който още не е минал."),
        ({"start": ""}, "Изберете ден и час."),
        ({"start": "утре"}, "Изберете ден и час от календара."),
    ],
)
def test_a_wrong_hour_is_explained(desk, change, said, now) -> None:
    ivanka, row = make.volunteer(), make.help_request(now=now)
    answer = desk.post(f"/plan/zayavki/{row.pk}/izbor/", {"people": [str(ivanka.pk)], "do": "ask"} | change)
    html = answer.content.decode()
    assert "<title>Грешка:" in html and said in html and not Offer.objects.exists()


def test_who_is_not_certified_blocked_or_busy_is_refused_kindly(desk, now) -> None:
    from requests.models import PersonRule

    row = make.help_request(now=now)
    when = f"{soon(now):%Y-%m-%dT%H:%M}"
    health, blocked, paused = make.volunteer(groups=("HEALTH",)), make.volunteer(), make.volunteer()
    paused.status = VolunteerStatus.PAUSED
    paused.save()
    PersonRule.objects.create(resident=row.resident, volunteer=blocked, kind="blocked")
    for person, said in ((health, "няма удостоверение"), (blocked, "не бива да се срещат"), (paused, "сега не помага")):
        html = desk.post(
            f"/plan/zayavki/{row.pk}/izbor/", {"people": [str(person.pk)], "start": when, "do": "agreed"}
        ).content.decode()
        assert said in html
    assert not Offer.objects.exists()


def test_a_second_person_must_take_the_hour_of_the_first(desk, now) -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    row = make.help_request(team=2, now=now)
    start = soon(now)
    (first,) = make.offer(row, ivanka, now=now, start=start)
    answers.accept(offer_id=first.pk, actor=make.by_volunteer(ivanka), now=now)
    url = f"/plan/zayavki/{row.pk}/izbor/"
    html = desk.post(url, {"people": [str(petar.pk)], "start": "2090-01-01T10:00", "do": "ask"}).content.decode()
    assert "Първият човек прие друг час" in html
    from core.clock import local

    desk.post(url, {"people": [str(petar.pk)], "start": f"{local(start):%Y-%m-%dT%H:%M}", "do": "agreed"})
    row.refresh_from_db()
    assert row.state == RequestState.SCHEDULED


def test_the_board_shows_what_was_promised_proposed_and_missing(desk, now) -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    start = soon(now)
    make.visit(make.help_request(now=now), ivanka, now=now, start=start)
    pair = make.help_request(make.resident("Пена", home="Друган"), team=2, now=now)
    (half,) = make.offer(pair, petar, now=now, start=start)
    answers.accept(offer_id=half.pk, actor=make.by_volunteer(petar), now=now)
    make.offer(
        make.help_request(make.resident(home="Дрен"), now=now), ivanka, now=now, start=start + timedelta(hours=5)
    )
    unplaced = make.help_request(make.resident("Гена"), service=make.service("X", group_code="NOBODY"), now=now)
    html = page(desk, "/plan/grafik/?from=" + start.date().isoformat())
    assert 'class="v bad"' in html and 'class="v may"' in html and 'class="v"' in html
    assert "Обещани 2, предложени 1." in html and "Гена Петрова" in html.partition("Още без доброволец")[2]
    assert f"/plan/zayavki/{unplaced.pk}/kandidati/" in html
    assert page(desk, "/plan/grafik/?from=nonsense") and page(desk, "/plan/grafik/?from=0001-01-01")


def test_the_board_shows_what_the_last_plan_proposes_beyond_the_offers(desk, now) -> None:
    make.volunteer()
    from datetime import time

    from core.clock import local_date

    on = local_date(now) + timedelta(days=9)
    on += timedelta(days=on.weekday() == 6)
    row = make.help_request(free=[intake.Free(time(10), time(14), day=on)], now=now)
    rounds.run(municipality=make.municipality(), now=now)
    row.refresh_from_db()
    assert row.unserved_reason == "planned_later"
    html = page(desk, f"/plan/grafik/?from={on.isoformat()}")
    assert 'class="v may"' in html and "<b>10:00</b>" in html
    assert "По-късно ще поканим доброволец" in page(desk, "/plan/zayavki/")


@pytest.mark.parametrize("path", ["/plan/", "/plan/zayavki/", "/plan/grafik/"])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR, Role.CLERK])
def test_thirty_rows_take_as_many_queries_as_one(path, role, now) -> None:
    if role == Role.CLERK and path == "/plan/grafik/":
        return
    client = signed_in(role)

    def more(number: int) -> None:
        home = Settlement.objects.create(
            ekatte=f"8{number:04}", kind="village", municipality=make.municipality(), name_bg=f"Село {number}",
            latitude="42.5", longitude="22.9",
        )  # fmt: skip
        first, second = make.volunteer(f"Име{number}", home=home.name_bg), make.volunteer(home=home.name_bg)
        open_one = make.help_request(make.resident(f"Жител{number}", home=home.name_bg), now=now)
        ask(open_one, TaskKind.NO_VOLUNTEER, now)
        pair = make.help_request(make.resident(home=home.name_bg), team=2, now=now)
        visit = make.visit(pair, first, second, now=now, start=soon(now))
        ask(visit, TaskKind.NO_SHOW, now)
        waiting = make.help_request(make.resident(home=home.name_bg), now=now)
        make.offer(waiting, first, now=now, start=soon(now) + timedelta(hours=4))
        ask(waiting, TaskKind.PROMISE_BROKEN, now, why="left", volunteers=[str(first.pk)])

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    more(1)
    client.get(path)
    one = queries()
    for number in range(2, 13):
        more(number)
    assert HelpRequest.objects.count() == 36
    assert queries() == one
