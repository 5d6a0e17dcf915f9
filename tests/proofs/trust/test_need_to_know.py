"""A volunteer sees the village before accepting, the person until a week after the visit, then the village again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from accounts.roles import Role
from accounts.services import tokens
from notifications.models import Message
from requests.models import HelpRequest, Resident, Visit, VisitSeat
from requests.need_to_know import AFTER_THE_VISIT
from requests.selectors import access, calendars, people
from requests.services import visits
from requests.states import Need
from tests import factories as make

pytestmark = pytest.mark.django_db
NAME, ADDRESS, NOTE, WORD = "Райна", "до чешмата, синя порта", "бута количка", "люляк"
PHONE = "0888765432"
# As a page writes it, and as a link does.
NUMBERS = ("888765432", "0888 765 432", "888 765 432")


@pytest.fixture
def person() -> Resident:
    row = make.resident(NAME, "Колева", phone=PHONE)
    row.needs = [Need.SPEAK_LOUDLY]
    row.save()
    return row


def words_of(person: Resident) -> list[str]:
    return [NAME, "Колева", ADDRESS, NOTE, WORD, "силен говор", *NUMBERS]


def page(who: Any, url: str) -> str:
    client = Client()
    client.force_login(who.user)
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.content.decode()


def api(who: Any, url: str) -> str:
    member, now = Membership.objects.get(user=who.user, role=Role.VOLUNTEER), timezone.now()
    _token, secret = tokens.create_token(
        membership=member,
        label="телефон",
        scopes=["api.offers", "api.visits"],
        expires_at=now + timedelta(days=9),
        now=now,
    )
    answer = Client().get(url, headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def told(who: Any) -> str:
    rows = Message.objects.filter(contact=who.contact)
    assert rows
    return "\n".join(f"{row.subject} {row.body} {row.short}" for row in rows)


def shows(text: str, person: Resident) -> set[str]:
    return {word for word in words_of(person) if word in text}


def test_before_accepting_the_village_the_service_and_the_minutes(person: Resident) -> None:
    now = timezone.now()
    who = make.volunteer()
    row = make.help_request(person, now=now, note=NOTE)
    offer = make.offer(row, who, now=now, start=now + timedelta(days=2))[0]
    for url in (reverse("requests:offer", args=[offer.pk]), reverse("requests:my_offers")):
        text = page(who, url)
        assert shows(text, person) == set()
        assert "Извор" in text and "Помощ за отопление" in text
    assert "около" in page(who, reverse("requests:offer", args=[offer.pk]))
    for url in (reverse("offer-list"), reverse("offer-detail", args=[offer.pk])):
        assert shows(api(who, url), person) == set()
    assert shows(page(who, reverse("requests:inbox")) + told(who), person) == set()
    # No visit of theirs yet: nothing to open.
    assert not VisitSeat.objects.filter(volunteer=who).exists()


def visit_of(person: Resident, who: Any) -> Visit:
    now = timezone.now()
    return make.visit(make.help_request(person, now=now, note=NOTE), who, now=now, start=now + timedelta(hours=2))


def test_after_accepting_the_name_the_address_and_the_telephone(person: Resident) -> None:
    who = make.volunteer()
    found = visit_of(person, who)
    text = page(who, reverse("requests:visit", args=[found.pk]))
    assert {NAME, "Колева", ADDRESS, NOTE, WORD} <= shows(text, person)
    assert shows(text, person) & set(NUMBERS)


def later(found: Visit, ended: timedelta) -> None:
    """The visit ended so long ago and nobody said how it went."""
    end = timezone.now() - ended
    Visit.objects.filter(pk=found.pk).update(start=end - timedelta(hours=1), end=end)
    VisitSeat.objects.filter(visit=found).update(start=end - timedelta(hours=1), end=end)


@pytest.mark.parametrize(("ended", "open_"), [(AFTER_THE_VISIT - timedelta(hours=1), True), (AFTER_THE_VISIT, False)])
def test_a_week_after_the_visit_the_village_only(person: Resident, ended: timedelta, open_: bool) -> None:
    """Even where it was never closed."""
    who = make.volunteer()
    found = visit_of(person, who)
    later(found, ended)
    text = page(who, reverse("requests:visit", args=[found.pk]))
    assert bool(shows(text, person)) == open_
    assert "Извор" in text


def test_after_it_is_over_no_page_endpoint_message_or_calendar_names_the_person(person: Resident) -> None:
    who = make.volunteer()
    found = visit_of(person, who)
    actor, now = make.by_volunteer(who), timezone.now() + timedelta(hours=2)
    visits.check_in(visit_id=found.pk, actor=actor, now=now)
    visits.check_out(
        visit_id=found.pk, outcome="submitted", minutes=40, before=[], after=[], note="", actor=actor, now=now
    )
    later(found, AFTER_THE_VISIT)
    names = ("requests:my_today", "requests:my_week", "requests:my_offers", "requests:inbox")
    pages = [page(who, reverse(name)) for name in names]
    pages.append(page(who, reverse("requests:visit", args=[found.pk])))
    pages += [api(who, reverse(name)) for name in ("visit-list", "offer-list")]
    pages += [api(who, reverse("visit-detail", args=[found.pk])), told(who), calendars.whole(who, timezone.now())]
    for text in pages:
        assert shows(text, person) == set()
    assert "Извор" in pages[4]


def test_a_volunteer_never_opens_a_request_itself(person: Resident) -> None:
    who = make.volunteer()
    row = make.help_request(person, note=NOTE)
    client = Client()
    client.force_login(who.user)
    assert client.get(reverse("requests:detail", args=[row.pk])).status_code == 403
    assert client.get(reverse("help-request-detail", args=[row.pk])).status_code in (403, 404)


def clerk(*villages: str) -> Membership:
    member = make.member(Role.CLERK)
    member.settlements.set([make.village(name) for name in villages])
    return member


def test_a_clerk_of_one_kmetstvo_sees_it_and_what_they_took_in_themselves(person: Resident) -> None:
    theirs, other = clerk("Дрен"), clerk("Дрен")
    row = make.help_request(person, by=theirs.user)
    at_home = make.help_request(make.resident("Дона", home="Дрен"))
    foreign = make.help_request(make.resident("Пена", home="Стефаново"))

    def seen(member: Membership) -> set[HelpRequest]:
        return set(access.visible_requests(member))

    assert seen(theirs) == {row, at_home}
    assert seen(other) == {at_home}
    assert foreign not in seen(theirs)
    assert [found.pk for found in people.find(theirs, NAME)] == [person.pk]
    assert people.find(other, NAME) == []
