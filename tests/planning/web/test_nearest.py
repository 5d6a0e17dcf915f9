"""Whom to ask and what it would take: the plan's codes in words, in the queue and above the choice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.roles import Role
from core.clock import day_bounds
from core.templatetags.dv import long_date
from planning import nearest_words
from planning.models import PlanRound
from planning.selectors.nearest import nearest
from planning.services import rounds
from requests.models import HelpRequest
from tests import factories as make
from tests.planning.web.hands import page, signed_in

pytestmark = pytest.mark.django_db


def lines(row: HelpRequest) -> list[str]:
    row.refresh_from_db()
    found = nearest(make.municipality(), [row]).get(row.pk, [])
    return [nearest_words.said(one).line.replace("\u00a0", " ") for one in found]


def planned_without(row: HelpRequest, now: Any, *takes: dict[str, Any], people: list[str]) -> list[str]:
    """What is said where the plan leaves the request out and says this."""
    HelpRequest.objects.filter(pk=row.pk).update(unserved_reason="too_far")
    entry = {"request": str(row.pk), "reason": "too_far", "with": []}
    entry["nearest"] = [{"volunteers": people, "takes": list(takes)}]
    PlanRound.objects.create(
        municipality=make.municipality(), started_at=now, origin=day_bounds(make.TODAY)[0], snapshot_hash="x",
        problem={}, plan={"visits": [], "unserved": [entry]},
    )  # fmt: skip
    return lines(row)


def test_the_queue_and_the_choice_say_whom_to_ask_and_what_it_takes(desk: Client, now: Any) -> None:
    far = make.volunteer("Иванка", home="Дрен")
    far.longest_leg = 1
    far.save()
    row = make.help_request(now=now)
    rounds.run(municipality=make.municipality(), now=now)
    (line,) = lines(row)
    assert line.startswith(f"Най-лесно с {far.name}: с ") and line.endswith(" мин. по-дълъг път от дома.")
    assert line in page(desk, "/plan/zayavki/").replace("\u00a0", " ")
    choice = page(desk, f"/plan/zayavki/{row.pk}/kandidati/")
    assert "Какво би било нужно" in choice and f"?people={far.pk}" in choice
    assert "Easiest with" in page(desk, "/en/plan/zayavki/")


def test_whom_to_ask_is_for_those_who_may_ask(now: Any) -> None:
    make.volunteer(groups=("HEALTH",))
    make.help_request(now=now)
    rounds.run(municipality=make.municipality(), now=now)
    assert "Най-лесно с" in page(signed_in(Role.COORDINATOR), "/plan/zayavki/")
    html = page(signed_in(Role.CLERK), "/plan/zayavki/")
    assert "Никой няма удостоверение" in html and "Най-лесно с" not in html


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ({"code": "certificate", "skill": "SOCIAL"}, "с удостоверение за {group}"),
        ({"code": "language", "language": "tr"}, "ако говори езика: Türkçe"),
        ({"code": "blocked"}, "отказа или не бива да ходи там"),
        ({"code": "longer_way", "minutes": 12}, "с 12 мин. по-дълъг път от дома"),
        ({"code": "more_travel", "minutes": 5, "day": 1}, "с 5 мин. повече път за {tomorrow}"),
        ({"code": "one_more_visit", "week": 0}, "с още едно посещение през седмицата"),
        ({"code": "other_time", "start": 1440 + 600, "day": 1}, "ако човекът може друг път: {tomorrow}, 10:00 ч"),
        ({"code": "more_hours", "minutes": 20, "day": 1}, "с още 20 мин. свободно време за {tomorrow}"),
        ({"code": "more_hours", "minutes": 90}, "със свободни 90 мин. в тези часове"),
        ({"code": "second_person"}, "ако има с кого да отиде"),
        ({"code": "displaces", "request": "{other}"}, "вместо заявка № {number}"),
        ({"code": "promised", "request": "{other}"}, "ако друг поеме заявка № {number}"),
        ({"code": "costs", "points": 1200}, "планът губи 1 200 точки"),
    ],
)
def test_each_code_in_words(step: dict[str, Any], said: str, now: Any) -> None:
    row, person = make.help_request(now=now), make.volunteer("Петър")
    other = make.help_request(make.resident("Пена"), now=now)
    if "request" in step:
        step = step | {"request": str(other.pk)}
    words = said.format(
        group=make.group().name,
        tomorrow=long_date(make.TODAY + timedelta(days=1)).replace("\u00a0", " "),
        number=other.number,
    )
    (line,) = planned_without(row, now, {**step, "volunteer": str(person.pk)}, people=[str(person.pk)])
    assert line.replace("\u2009", " ").replace("\u202f", " ") == f"Най-лесно с {person.name}: {words}."


def test_of_two_people_it_is_said_which_one(now: Any) -> None:
    one, two = make.volunteer("Петър"), make.volunteer("Мара")
    takes = {"code": "longer_way", "minutes": 5, "volunteer": str(two.pk)}, {"code": "costs", "points": 7}
    (line,) = planned_without(make.help_request(now=now), now, *takes, people=[str(one.pk), str(two.pk)])
    said = f"{two.name} с 5 мин. по-дълъг път от дома; планът губи 7 точки."
    assert line == f"Най-лесно с {one.name} + {two.name}: {said}"


def test_what_the_plan_said_for_another_reason_or_of_people_who_are_gone_is_not_said(now: Any) -> None:
    row, person = make.help_request(now=now), make.volunteer("Петър")
    step = {"code": "blocked", "volunteer": str(person.pk)}
    assert planned_without(row, now, step, people=[str(make.resident().pk)]) == []
    assert len(planned_without(row, now + timedelta(minutes=1), step, people=[str(person.pk)])) == 1
    HelpRequest.objects.filter(pk=row.pk).update(unserved_reason="no_pair")
    assert lines(row) == []
