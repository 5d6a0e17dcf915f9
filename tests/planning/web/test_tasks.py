"""Tasks of the desk: a sentence with a way on, taken, held, finished."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from accounts.roles import Role
from notifications.models import DeskTask, Message
from notifications.services import desk_tasks, webhook_health, webhooks
from notifications.states import MessageState, TaskKind
from requests.services import intake
from requests.states import RequestState, VisitState
from tests import factories as make
from tests.planning.web.hands import ask, page, signed_in, soon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solver_at_hand")]


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


def test_a_road_that_is_too_long_says_both_figures_and_what_to_do(desk, now) -> None:
    ivanka, place = make.volunteer(), make.village("Дрен")
    facts = {"why": "way", "volunteers": [str(ivanka.pk)], "place": place.pk, "minutes": 25, "have": 5}
    ask(make.help_request(now=now), TaskKind.PROMISE_BROKEN, now, **facts)
    said = "Иванка Делева идва от с. Дрен: пътят е 25 мин., при 5 мин. свободни. Преместете едното или сменете човека."
    html = page(desk, "/plan/").replace("&nbsp;", " ").replace("\u00a0", " ")
    assert said in html, html[html.find("Уговореното") :][:400]


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


def call_to_say(kind: str) -> DeskTask:
    message = Message.objects.get(kind=kind, channel="voice")
    return DeskTask.objects.get(kind=TaskKind.CALL_PERSON, subject_id=message.pk)


def test_the_telephone_stands_behind_the_lock_and_the_script_before_it(desk, now) -> None:
    who = make.resident(phone="0888 555 555")
    who.contact.channels = ["voice"]
    who.contact.save()
    visit = make.visit(make.help_request(who, now=now), now=now)
    task = call_to_say("visit_scheduled")
    url = f"/plan/zadachi/{task.pk}/"
    before = page(desk, url)
    assert "+359888555555" not in before and "Първо натиснете „Поемам“" in before
    assert "Мария Петрова" in before and "Ще дойдем:" in before
    assert f'href="{url}"' in page(desk, "/plan/") and 'href="tel:+359888555555"' not in page(desk, "/plan/")
    desk.post(url, {"do": "take"})
    assert 'href="tel:+359888555555"' in page(desk, url)
    # Tomorrow's reminder is not told today.
    assert "Утре ще дойдем" not in page(desk, url) and call_to_say("visit_tomorrow").holder is None
    colleague = signed_in(Role.COORDINATOR)
    assert "+359888555555" not in page(colleague, url)
    assert colleague.post(url, {"do": "take"}).status_code == 409
    desk.post(url, {"do": "no_answer"})
    task.refresh_from_db()
    assert task.holder is None and task.due_at > now and task.done_at is None
    assert "Звъняхме 1 път." in page(desk, url)
    colleague.post(url, {"do": "take"})
    colleague.post(url, {"do": "finish", "result": "told"})
    assert Message.objects.get(pk=task.subject_id).state == MessageState.DELIVERED
    assert visit.state == VisitState.SCHEDULED


def test_a_clerk_of_one_village_is_not_asked_to_call_another(now) -> None:
    who = make.resident(phone="0888 555 555")
    who.contact.channels = ["voice"]
    who.contact.save()
    make.visit(make.help_request(who, now=now), now=now)
    task = call_to_say("visit_scheduled")
    person = make.user(Role.CLERK)
    person.memberships.get().settlements.add(make.village("Дрен"))
    narrowed = Client()
    narrowed.force_login(person)
    assert narrowed.get(f"/plan/zadachi/{task.pk}/").status_code == 404
    person.memberships.get().settlements.add(make.village("Извор"))
    assert narrowed.get(f"/plan/zadachi/{task.pk}/").status_code == 200


def test_a_system_that_takes_no_events_is_named_and_its_link_opened(desk, now) -> None:
    subscription, _secret = webhooks.subscribe(
        municipality=make.municipality(), label="Деловодство", url="https://example.org/", events=["visit.done"],
        include_personal=False, scopes=["api.visits"], by=None,
    )  # fmt: skip
    webhook_health.failed(subscription, now=now, gave_up=True, gone=False)
    html = page(desk, "/plan/")
    assert "„Деловодство“ не получава събитията" in html and "Опитвахме цял ден." in html
    assert f'href="/nastroyki/vrazki/{subscription.pk}/"' in html
    page(desk, f"/plan/zadachi/{DeskTask.objects.get(kind=TaskKind.WEBHOOK).pk}/")
