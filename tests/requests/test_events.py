"""What other systems are told of: every move, in codes; people only where that is allowed."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Membership
from accounts.scopes import scopes_of
from core.errors import Invalid, NotAllowed
from notifications.models import WebhookDelivery, WebhookSubscription
from requests import states, webhook_events
from requests.models import HelpRequest
from requests.selectors.outward import person_of
from requests.services import answers, changes, subscriptions, visit_changes, visits
from requests.services.actors import RESIDENT
from requests.webhook_events import EVENTS
from tests import factories as make
from tests.factories import NOW

pytestmark = pytest.mark.django_db
PERSONAL = ("Мария", "Петрова", "чешмата", "люляк", "88855", "Иванка", "Делева")


@pytest.fixture
def admin() -> Membership:
    return make.member("administrator")


def subscribe(member: Membership, **given: Any) -> WebhookSubscription:
    about: dict[str, Any] = {
        "label": "Деловодство", "url": "https://example.org/events", "events": list(EVENTS),
        "include_personal": False, "scopes": scopes_of(member.role),
    }  # fmt: skip
    return subscriptions.subscribe(member=member, **{**about, **given})[0]


def told(subscription: WebhookSubscription) -> list[str]:
    return list(subscription.deliveries.order_by("happened_at", "created_at", "key").values_list("event", flat=True))


def a_whole_visit() -> HelpRequest:
    """Taken, declined by one, accepted by another, confirmed, moved, begun, ended."""
    row = make.help_request(make.resident(phone="0888 555 555"))
    first, second = make.volunteer("Пенка", "Ангелова"), make.volunteer()
    start = NOW + timedelta(days=2)
    answers.decline(offer_id=make.offer(row, first)[0].pk, actor=make.by_volunteer(first), now=NOW)
    row.refresh_from_db()
    visit = make.visit(row, second, start=start)
    visits.confirm(visit_id=visit.pk, actor=RESIDENT, now=NOW)
    visit_changes.move(visit_id=visit.pk, start=start + timedelta(hours=1), actor=RESIDENT, now=NOW)
    visits.check_in(visit_id=visit.pk, actor=make.by_volunteer(second), now=start + timedelta(hours=1))
    visits.check_out(
        visit_id=visit.pk, outcome="submitted", minutes=40, actor=make.by_volunteer(second),
        now=start + timedelta(hours=2),
    )  # fmt: skip
    return row


def test_a_request_from_beginning_to_end(admin: Membership) -> None:
    subscription = subscribe(admin)
    row = a_whole_visit()
    events = Counter(told(subscription))
    assert events == {
        "request.created": 1, "request.state_changed": 8, "offer.made": 2, "offer.declined": 1, "offer.accepted": 1,
        "visit.scheduled": 1, "visit.confirmed": 1, "visit.moved": 1, "visit.checked_in": 1, "visit.done": 1,
    }  # fmt: skip
    moved = subscription.deliveries.get(event="visit.moved").data
    assert moved["start"] == "2026-10-07T07:00:00Z" and moved["sequence"] == 1
    done = subscription.deliveries.get(event="visit.done").data
    assert done["previous_state"] == "checked_in" and done["help_request"] == str(row.pk)
    assert {"state": "done", "outcome": "submitted", "minutes": 40, "service": "ASP_HEAT"}.items() <= done.items()
    assert done["settlement"] == make.village("Извор").pk


def test_every_event_is_in_codes(admin: Membership) -> None:
    subscription = subscribe(admin)
    a_whole_visit()
    everything = json.dumps(list(subscription.deliveries.values_list("data", flat=True)), ensure_ascii=False)
    assert [word for word in PERSONAL if word in everything] == []


def test_a_visit_that_falls_through(admin: Membership) -> None:
    subscription = subscribe(admin, events=["visit.cancelled", "offer.released", "request.state_changed"])
    visit = make.visit()
    changes.withdraw(help_request=visit.help_request, actor=RESIDENT, now=NOW)
    assert set(told(subscription)) == {"offer.released", "visit.cancelled", "request.state_changed"}
    last = subscription.deliveries.filter(event="request.state_changed", data__state="withdrawn").get().data
    assert last["previous_state"] == "scheduled"


def test_a_correction_is_told_without_what_was_corrected(admin: Membership) -> None:
    subscription = subscribe(admin, events=["request.corrected"])
    row = make.help_request()
    changes.correct(help_request=row, changes={"note": "Кучето е вързано."}, actor=RESIDENT, now=NOW)
    data = subscription.deliveries.get().data
    assert "note" not in data and "Кучето" not in str(data)


def test_every_move_of_the_tables_is_an_event_of_the_list() -> None:
    tables = {
        "offer": states.OFFER_MOVES, "visit": states.VISIT_MOVES, "help_request": states.REQUEST_MOVES,
    }  # fmt: skip
    named = {webhook_events.type_of(subject, "x", to) for subject, moves in tables.items() for to in moves}
    named |= {webhook_events.type_of(*made, "") for made in (("help_request", "taken"), ("offer", "made"))}
    named |= {webhook_events.type_of("visit", "visit_made", ""), "visit.moved", "request.corrected"}
    assert named == set(EVENTS)


def test_another_municipality_is_told_nothing(admin: Membership) -> None:
    other = make.municipality("SOF46", "Друга")
    theirs = subscribe(make.member("administrator", of=other))
    make.help_request()
    assert told(theirs) == []


def test_nothing_is_written_for_nobody() -> None:
    make.help_request()
    assert not WebhookDelivery.objects.exists()


def test_who_may_read_a_request_may_name_its_person(admin: Membership) -> None:
    subscription, row = subscribe(admin, include_personal=True), make.help_request(make.resident(phone="0888 555 555"))
    assert person_of(subscription, row.pk) == {
        "id": str(row.resident_id), "name": "Мария Петрова", "phone": "+359888555555",
        "address_note": "до чешмата, синя порта",
    }  # fmt: skip


@pytest.mark.parametrize("change", ["role", "inactive", "left", "narrowed"])
def test_who_no_longer_sees_the_person_no_longer_names_them(admin: Membership, change: str) -> None:
    subscription, row = subscribe(admin, include_personal=True), make.help_request()
    if change == "role":
        admin.role = "volunteer"
    elif change == "left":
        admin.active = False
    elif change == "narrowed":
        admin.settlements.add(make.village("Дрен"))
    else:
        admin.user.is_active = False
        admin.user.save()
    admin.save()
    assert person_of(subscription, row.pk) is None


def test_another_municipality_s_person_is_not_there(admin: Membership) -> None:
    subscription = subscribe(admin, include_personal=True)
    other = make.municipality("SOF46", "Друга")
    theirs = make.help_request(make.resident(home="Друга село", of=other))
    assert person_of(subscription, theirs.pk) is None


def test_nobody_gives_away_what_they_may_not_see(admin: Membership) -> None:
    with pytest.raises(Invalid) as events:
        subscribe(admin, scopes=["api.visits"], events=["request.created"])
    with pytest.raises(Invalid) as person:
        subscribe(admin, scopes=["api.visits"], events=["visit.done"], include_personal=True)
    assert (events.value.code, person.value.code) == ("events", "scopes")
    narrow = subscribe(admin, scopes=["api.visits"], events=["visit.done"])
    assert narrow.scopes == ["api.visits"]
    narrow.include_personal = True
    assert person_of(narrow, make.help_request().pk) is None


def test_who_sees_one_village_subscribes_nobody_to_the_whole_municipality(admin: Membership) -> None:
    admin.settlements.add(make.village("Дрен"))
    with pytest.raises(NotAllowed):
        subscribe(admin)
