"""How somebody is told things is theirs to say: on their page, by the desk for them, and by one press in a letter."""

from __future__ import annotations

from datetime import datetime, time
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from notifications import stop_links
from notifications.channels import email
from notifications.channels.parcel import pack
from notifications.kinds import Kind, Text
from notifications.models import Contact, Message
from notifications.services.outbox import enqueue
from notifications.states import Channel, MessageClass
from requests.models import HelpRequest
from tests import factories as make
from tests.requests.web.test_detail import client_of

pytestmark = pytest.mark.django_db
CHOSEN = {
    "sms": "2", "email": "1", "voice": "stop", "paper": "stop", "language": "en", "letters": "latin",
    "quiet_from": "21:00", "quiet_until": "09:00", "urgent_any_time": "on", "daily_cap": "3",
}  # fmt: skip


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def maria(now: datetime) -> HelpRequest:
    row = make.help_request(now=now)
    contact = row.resident.contact
    contact.email, contact.channels = "maria@example.org", ["sms", "email"]
    contact.save()
    return row


@pytest.fixture
def own(maria: HelpRequest) -> Client:
    client = Client()
    phone = maria.resident.contact.phone
    client.post(reverse("requests:track"), {"code": maria.tracking_code, "phone": phone})
    return client


def tell(contact: Contact, message_class: MessageClass = MessageClass.ORDINARY) -> list[str]:
    rows = enqueue(
        contact=contact, key=f"x:{Message.objects.count()}", kind=Kind("x", message_class), text=Text("т", "т", "т"),
        now=timezone.now(),
    )  # fmt: skip
    return [row.channel for row in rows]


PAGES = ["/zayavka/moyata/saobshteniya/", "/zayavki/{pk}/saobshteniya/"]


@pytest.mark.parametrize("page", PAGES)
def test_a_residents_wishes_are_kept_by_themselves_or_by_the_desk(own: Client, maria: HelpRequest, page: str) -> None:
    client = own if "moyata" in page else client_of(make.user(Role.CLERK))
    path = page.format(pk=maria.pk)
    seen = client.get(path).content.decode()
    assert "Обаждане от човек" in seen and "Известие" not in seen
    assert client.post(path, CHOSEN).status_code == 302
    contact = Contact.objects.get(pk=maria.resident.contact_id)
    assert (contact.channels, contact.language, contact.latin) == (["email", "sms"], "en", True)
    assert (contact.quiet_from, contact.quiet_until, contact.daily_cap) == (time(21), time(9), 3)
    assert contact.urgent_any_time and not contact.on_free_days


def test_a_way_said_no_to_is_not_taken_but_for_cancellations(own: Client, maria: HelpRequest) -> None:
    own.post(PAGES[0], {**CHOSEN, "email": "stop", "sms": "stop", "voice": "1"})
    contact = Contact.objects.get(pk=maria.resident.contact_id)
    assert contact.stopped_channels == ["sms", "email"] and tell(contact) == []
    contact.channels = ["sms", "email"]
    contact.save()
    assert tell(contact) == [] and tell(contact, MessageClass.URGENT) == []


@pytest.mark.parametrize("wrong", [{"daily_cap": "0"}, {"daily_cap": "x"}, {"quiet_from": "25:00"}, {"email": "9"}])
def test_what_cannot_be_is_asked_again(own: Client, maria: HelpRequest, wrong: dict[str, str]) -> None:
    assert own.post(PAGES[0], CHOSEN | wrong).status_code == 422
    assert Contact.objects.get(pk=maria.resident.contact_id).daily_cap != 3


def test_everything_stops_and_comes_back_with_one_button(own: Client, maria: HelpRequest) -> None:
    own.post(PAGES[0], {"do": "stop"})
    contact = Contact.objects.get(pk=maria.resident.contact_id)
    assert contact.stopped_at is not None and tell(contact) == []
    assert "Съобщенията са спрени" in own.get(PAGES[0]).content.decode()
    own.post(PAGES[0], {"do": "again"})
    assert Contact.objects.get(pk=maria.resident.contact_id).stopped_at is None


def test_without_the_code_nobodys_wishes_open(maria: HelpRequest) -> None:
    assert Client().get(PAGES[0]).headers["Location"] == reverse("requests:track")
    other = client_of(make.user(Role.CLERK, of=make.municipality("PER01", "Перник")))
    assert other.get(PAGES[1].format(pk=maria.pk)).status_code == 404


def test_a_volunteer_and_the_coordinator_for_them() -> None:
    ivanka = make.volunteer()
    chosen = {**CHOSEN, "sms": "1", "language": "bg"}
    for client, path in (
        (client_of(ivanka.user), "/dobrovoltsi/az/saobshteniya/"),  # type: ignore[arg-type]
        (client_of(make.user(Role.COORDINATOR)), f"/dobrovoltsi/{ivanka.pk}/saobshteniya/"),
    ):
        Contact.objects.update(daily_cap=6)
        assert client.get(path).status_code == 200
        assert client.post(path, chosen).status_code == 302
        assert Contact.objects.get(pk=ivanka.contact_id).daily_cap == 3
    assert client_of(make.user(Role.CLERK)).get(f"/dobrovoltsi/{ivanka.pk}/saobshteniya/").status_code == 403


class TestStop:
    @pytest.fixture
    def link(self, maria: HelpRequest) -> str:
        contact = maria.resident.contact
        rows = enqueue(
            contact=contact, key="letter", kind=Kind("x"), text=Text("Тема", "Текст", ""), now=timezone.now(),
            channels=[Channel.EMAIL],
        )  # fmt: skip
        letter = email.letter(pack(rows[0]))
        letter.send()
        sent = mail.outbox[0].message()
        assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        address = urlsplit("".join(str(sent["List-Unsubscribe"]).split()).strip("<>"))
        return f"{address.path}?{address.query}"

    def channels(self, maria: HelpRequest) -> list[str]:
        return list(Contact.objects.get(pk=maria.resident.contact_id).stopped_channels)

    def test_a_mail_program_stops_it_with_one_post(self, maria: HelpRequest, link: str) -> None:
        client = Client(enforce_csrf_checks=True)
        answer = client.post(link, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200 and self.channels(maria) == ["email"]
        contact = Contact.objects.get(pk=maria.resident.contact_id)
        assert Channel.EMAIL not in tell(contact)
        contact.channels = ["email"]
        contact.save()
        assert tell(contact, MessageClass.CANCELLATION) == ["email"] and tell(contact, MessageClass.SAFETY) == ["email"]
        assert tell(contact, MessageClass.URGENT) == []

    def test_opening_it_changes_nothing_and_shows_nothing_of_the_person(self, maria: HelpRequest, link: str) -> None:
        text = Client().get(link).content.decode()
        assert "Да спрем ли имейлите?" in text and "отменените посещения пак ще идват" in text
        assert self.channels(maria) == []
        assert maria.resident.name not in text and "maria@" not in text

    def test_a_person_stops_and_takes_it_back(self, maria: HelpRequest, link: str) -> None:
        assert "Спряхме имейлите" in Client().post(link).content.decode()
        Client().post(link, {"do": "again"})
        assert self.channels(maria) == []

    @pytest.mark.parametrize("spoilt", ["", "?t=", "?t=abc.email:zzz"])
    def test_a_link_nobody_signed_stops_nothing(self, maria: HelpRequest, link: str, spoilt: str) -> None:
        assert Client().get(stop_links.PATH + spoilt).status_code == 200
        assert Client().post(stop_links.PATH + spoilt).status_code == 400
        assert Client().post(link[:-1] + ("A" if link[-1] != "A" else "B")).status_code == 400
        assert self.channels(maria) == []
