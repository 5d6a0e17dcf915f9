"""Following one's own request: who is let in, what is told in each state, what may be changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from core.clock import at, local_date
from places.models import Municipality
from requests.models import HelpRequest, Visit
from requests.services import changes, visits
from requests.services.actors import BEAT, RESIDENT
from requests.states import Mode, Outcome, RequestState, VisitState
from requests.web.telling import outcomes, tell
from requests.web.tries import MOST
from requests.web.words import on_day
from tests import factories
from tests.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("radomir_town")]
PHONE = "0888 765 432"
TRACK, TRACKING = "/zayavka/", "/zayavka/moyata/"
MORNING = at(local_date(NOW) + timedelta(days=3), time(10, 30))


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def asked(now: datetime = NOW, **wanted: object) -> HelpRequest:
    return factories.help_request(factories.resident(phone=PHONE), now=now, **wanted)


def visited(now: datetime = NOW, start: datetime = MORNING, **wanted: object) -> tuple[HelpRequest, Visit]:
    row = asked(now, **wanted)
    visit = factories.visit(row, factories.volunteer(home="Извор"), now=now, start=start)
    row.refresh_from_db()
    return row, visit


def let_in(client: Client, row: HelpRequest, phone: str = PHONE) -> Client:
    answer = client.post(TRACK, {"code": row.tracking_code, "phone": phone})
    assert answer.status_code == 302, answer.content.decode()
    assert answer.url == TRACKING
    return client


def page_of(client: Client) -> str:
    return client.get(TRACKING).content.decode()


def test_code_and_phone_open_the_page_and_nothing_personal_stands_in_the_address(client: Client) -> None:
    row = asked()
    text = page_of(let_in(client, row))
    assert "Търсим кой да помогне" in text
    for secret in (row.safe_word, row.resident.address_note, "765"):
        assert secret not in text
    assert client.get(TRACKING)["Cache-Control"].endswith("private")


@pytest.mark.parametrize(("code", "phone"), [("right", "0888 000 000"), ("00000000", PHONE)])
def test_a_wrong_half_is_answered_the_same_whichever_half_it_was(client: Client, code: str, phone: str) -> None:
    row = asked()
    answer = client.post(TRACK, {"code": row.tracking_code if code == "right" else code, "phone": phone})
    text = answer.content.decode()
    assert "Не намираме заявка с този код и телефон." in text
    assert "<title>Грешка:" in text
    assert client.get(TRACKING).url == TRACK


def test_after_a_few_wrong_tries_even_the_right_pair_must_wait(client: Client) -> None:
    row = asked()
    for _try in range(MOST):
        client.post(TRACK, {"code": "00000000", "phone": PHONE})
    answer = client.post(TRACK, {"code": row.tracking_code, "phone": PHONE})
    assert answer.status_code == 429
    assert "Почакайте 15 минути" in answer.content.decode()
    elsewhere = Client(REMOTE_ADDR="10.1.2.3").post(TRACK, {"code": row.tracking_code, "phone": PHONE})
    assert elsewhere.status_code == 302


def test_the_neighbour_who_asked_gets_in_with_their_own_phone(client: Client) -> None:
    row = asked(asked_by="neighbour", asker_name="Гошо Илиев", asker_phone="0899 111 222")
    let_in(client, row, "0899111222")


def test_a_visit_is_confirmed_once_and_stays_confirmed(client: Client) -> None:
    start = at(local_date(timezone.now()) + timedelta(days=1), time(10, 30))
    row, visit = visited(timezone.now(), start)
    let_in(client, row)
    assert "Ще дойдем утре" in page_of(client)
    for _press in range(2):
        client.post(reverse("requests:tracking_confirm"))
    visit.refresh_from_db()
    assert visit.state == VisitState.CONFIRMED
    assert "Да, ще съм вкъщи" not in page_of(client)
    assert HelpRequest.objects.get().state == RequestState.CONFIRMED


def test_another_day_lets_the_volunteer_go_and_searches_anew(client: Client) -> None:
    start = at(local_date(timezone.now()) + timedelta(days=2), time(10, 30))
    row, visit = visited(timezone.now(), start)
    let_in(client, row)
    client.post(reverse("requests:tracking_another_time"), {"days": ["0", "4"], "parts": ["afternoon"]})
    row.refresh_from_db()
    visit.refresh_from_db()
    assert (row.state, visit.state) == (RequestState.OPEN, VisitState.CANCELLED)
    assert [(free.weekday, free.start.hour) for free in row.free_times.all()] == [(0, 12), (4, 12)]
    text = page_of(client)
    assert "Записахме. Търсим нов ден." in text
    assert "Поискан е друг ден" in text


def test_no_day_ticked_is_told_and_nothing_is_given_back(client: Client) -> None:
    row, visit = visited(timezone.now(), timezone.now() + timedelta(days=2))
    let_in(client, row)
    answer = client.post(reverse("requests:tracking_another_time"), {"parts": ["morning"]})
    assert "Отбележете поне един ден." in answer.content.decode()
    visit.refresh_from_db()
    assert visit.state == VisitState.SCHEDULED


def test_a_note_is_added_and_the_old_note_and_word_are_never_shown(client: Client) -> None:
    row = asked(note="ключът е под саксията")
    let_in(client, row)
    address = reverse("requests:tracking_correct")
    shown = client.get(address).content.decode()
    assert "саксията" not in shown
    assert row.safe_word not in shown
    client.post(address, {"note": "кучето е вързано", "safe_word": "жерав"})
    row.refresh_from_db()
    assert row.note == "ключът е под саксията\nкучето е вързано"
    assert row.safe_word == "жерав"


def test_a_forbidden_number_in_a_note_is_shown_again_and_not_kept(client: Client) -> None:
    row = asked()
    let_in(client, row)
    answer = client.post(reverse("requests:tracking_correct"), {"note": "ЕГН 7501020018"})
    assert "ЕГН 7501020018</textarea>" in answer.content.decode()
    row.refresh_from_db()
    assert "7501020018" not in row.note


def test_stopping_is_asked_once_more_and_then_done(client: Client) -> None:
    row = asked()
    let_in(client, row)
    address = reverse("requests:tracking_withdraw")
    assert "Вече не е нужно?" in client.get(address).content.decode()
    row.refresh_from_db()
    assert row.state == RequestState.OPEN
    client.post(address)
    row.refresh_from_db()
    assert row.state == RequestState.WITHDRAWN
    assert client.get(address).url == TRACKING
    assert "Картонче за хладилника" not in page_of(client)


def test_leaving_forgets_the_request_on_this_computer(client: Client) -> None:
    let_in(client, asked())
    client.post(reverse("requests:tracking_leave"))
    assert client.get(TRACKING).url == TRACK


@pytest.mark.parametrize("name", ["tracking", "tracking_another_time", "tracking_correct", "tracking_withdraw", "card"])
def test_without_code_and_phone_every_page_asks_for_them(client: Client, name: str) -> None:
    assert client.get(reverse(f"requests:{name}")).url == TRACK


def test_while_the_visit_is_under_way_nothing_can_be_moved(client: Client) -> None:
    row, visit = visited()
    visits.check_in(visit_id=visit.pk, actor=BEAT, now=MORNING)
    let_in(client, row)
    text = page_of(client)
    assert "Помагаме Ви в момента" in text
    assert "Друг ден ми е по-удобен" not in text
    client.post(reverse("requests:tracking_withdraw"))
    row.refresh_from_db()
    assert row.state == RequestState.IN_PROGRESS


def test_each_outcome_is_told_with_what_to_do_next() -> None:
    assert set(outcomes()) == set(Outcome.values)
    row, visit = visited()
    visits.check_in(visit_id=visit.pk, actor=BEAT, now=MORNING)
    visits.check_out(
        visit_id=visit.pk, outcome=Outcome.SUBMITTED, minutes=40, actor=BEAT, now=MORNING + timedelta(hours=1)
    )
    row.refresh_from_db()
    story = tell(row, now=MORNING + timedelta(days=1))
    assert story.heading == "Подадохме го"
    assert [stitch.text for stitch in story.thread][-1] == "Помощта завърши"
    assert not any(stitch.css == "todo" for stitch in story.thread)


@pytest.mark.parametrize(
    ("mode", "heading", "what_follows"),
    [
        (Mode.HOME_VISIT, "Ще дойдем в четвъртък", "Посещение у Вас"),
        (Mode.PHONE_HELP, "Ще Ви звъннем в четвъртък", "Помощ по телефона"),
    ],
)
def test_the_heading_says_who_comes_to_whom_and_when(mode: str, heading: str, what_follows: str) -> None:
    row, _visit = visited(mode=mode)
    story = tell(row, now=NOW)
    assert story.heading == heading
    assert next(stitch.text for stitch in story.thread if stitch.css == "here") == what_follows


def test_when_we_are_late_the_page_says_to_call() -> None:
    row, _visit = visited()
    assert tell(row, now=MORNING + timedelta(minutes=5)).heading == "Ще дойдем днес"
    assert tell(row, now=MORNING + timedelta(minutes=45)).heading == "Закъсняваме ли?"
    assert tell(row, now=MORNING + timedelta(days=1)).heading == "Не дойдохме ли?"


@pytest.mark.parametrize("end", ["cancelled", "expired"])
def test_ended_requests_keep_a_page(end: str) -> None:
    row = asked()
    if end == "cancelled":
        changes.cancel(help_request=row, actor=RESIDENT, now=NOW)
    else:
        changes.expire(help_request=row, now=NOW)
    row.refresh_from_db()
    story = tell(row, now=NOW)
    assert story.tag[0] == "end"
    assert story.lines
    assert not story.may_change


@pytest.mark.parametrize(
    ("days", "words"), [(0, "днес"), (1, "утре"), (2, "в сряда"), (6, "в неделя"), (7, "на 12\u00a0октомври")]
)
def test_days_are_said_as_people_say_them(days: int, words: str) -> None:
    assert on_day(NOW + timedelta(days=days), NOW) == words


def test_the_card_carries_the_appointment_and_nothing_that_opens_a_door(client: Client) -> None:
    row, _visit = visited(timezone.now(), timezone.now() + timedelta(days=2))
    let_in(client, row)
    text = client.get(reverse("requests:card")).content.decode()
    assert "Мария Петрова, ще дойдем при Вас" in text
    assert "Иванка Делева, значка" in text
    assert f"{row.tracking_code[:4]} {row.tracking_code[4:]}" in text
    for secret in (row.safe_word, row.resident.address_note, "765"):
        assert secret not in text


def test_the_desk_prints_the_card_of_its_own_municipality_only(client: Client, radomir_town: Municipality) -> None:
    row = asked()
    address = reverse("requests:card_for_staff", args=[row.pk])
    assert client.get(address).status_code == 302
    client.force_login(factories.user(Role.CLERK))
    assert "Мария Петрова" in client.get(address).content.decode()
    elsewhere = factories.municipality("PER32", "Перник")
    client.force_login(factories.user(Role.CLERK, of=elsewhere))
    assert client.get(address).status_code == 404


def test_the_tracking_page_asks_the_database_no_more_for_two_visitors_than_for_one(
    client: Client, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    row = asked(timezone.now(), team=2)
    people = [factories.volunteer(name, home="Извор") for name in ("Иванка", "Петър")]
    factories.visit(row, *people, now=timezone.now(), start=timezone.now() + timedelta(days=2))
    let_in(client, row)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        text = page_of(client)
    assert text.count("значка") == 2
