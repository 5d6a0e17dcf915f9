"""Choosing by hand: ranked with reasons, asked or agreed on the phone, refused kindly."""

from __future__ import annotations

from datetime import timedelta

import pytest

from planning.services.solver import SolverFailed
from requests.models import Offer
from requests.services import answers
from requests.states import OfferState, RequestState
from tests import factories as make
from tests.planning.web.hands import page, soon
from volunteers.states import VolunteerStatus

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solver_at_hand")]


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


def test_without_an_answer_the_page_says_so_and_the_journal_of_the_server_says_why(
    desk, now, monkeypatch, caplog
) -> None:
    def slow(*_problem: object) -> None:
        raise SolverFailed("candidates: no answer after 30 s")

    make.volunteer()
    row = make.help_request(now=now)
    monkeypatch.setattr("planning.services.solver.candidates", slow)
    html = page(desk, f"/plan/zayavki/{row.pk}/kandidati/")
    assert "Планът не се сметна" in html and "Опитайте пак след минута." in html
    assert f"candidates for {row.pk} failed: candidates: no answer after 30 s" in caplog.text


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
