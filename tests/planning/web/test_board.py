"""The board shows what was promised, proposed and missing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from planning.services import rounds
from requests.services import answers, intake
from tests import factories as make
from tests.planning.web.hands import page, soon

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("solver_at_hand")]


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
