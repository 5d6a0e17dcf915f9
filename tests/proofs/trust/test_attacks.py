"""A session stolen, a token replayed, a link forwarded, a code guessed, a neighbour's id in the address."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail, signing
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from accounts import services
from accounts.models import Invitation, User
from accounts.services import knocks
from accounts.services.tokens import revoke_token
from notifications import stop_links
from notifications.models import Contact
from requests.models import CalendarFeed, HelpRequest
from requests.selectors.calendars import FORGOTTEN
from requests.services import agreements, calendars
from tests import factories as make

pytestmark = pytest.mark.django_db
PASSWORD, PHONE = "три зелени чушки", "0888 765 432"


@pytest.fixture(autouse=True)
def _no_tries_from_before() -> None:
    cache.clear()


def stolen(client: Client) -> Client:
    """Somebody with the same cookie."""
    thief = Client()
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    return thief


def signed_in(role: str = "coordinator") -> tuple[Client, User]:
    user, client = make.user(role), Client()
    user.set_password(PASSWORD)
    user.save()
    client.force_login(user)
    return client, user


def opens(client: Client) -> bool:
    return client.get(reverse("accounts:me")).status_code == 200


def sign_out(client: Client, user: User) -> None:
    client.post(reverse("account_logout"))


def new_password(client: Client, user: User) -> None:
    user.set_password("четири сини патладжана")
    user.save()


def role_taken(client: Client, user: User) -> None:
    services.end_sessions(user=user)


@pytest.mark.parametrize("end", [sign_out, new_password, role_taken])
def test_a_stolen_session_ends_with_what_ends_the_owner_s(end: Callable[[Client, User], None]) -> None:
    client, user = signed_in()
    thief = stolen(client)
    assert opens(thief)  # the control: as long as it lasts it is a session like any other
    end(client, user)
    assert not opens(thief)


def test_a_session_from_before_the_sign_in_is_worth_nothing_after_it() -> None:
    """Whoever planted a cookie does not become the person who then signs in with it."""
    make.municipality()
    client, user = Client(), make.user("coordinator")
    user.set_password(PASSWORD)
    user.save()
    client.get("/pomosht/")
    planted = client.cookies["sessionid"].value
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert client.cookies["sessionid"].value != planted
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert not opens(thief)


def test_a_request_s_page_is_bound_to_a_new_session_too() -> None:
    row, client = make.help_request(make.resident(phone=PHONE)), Client()
    client.get("/pomosht/")
    planted = client.cookies["sessionid"].value
    client.post("/zayavka/", {"code": row.tracking_code, "phone": PHONE})
    thief = Client()
    thief.cookies["sessionid"] = planted
    assert client.get("/zayavka/moyata/").status_code == 200
    assert thief.get("/zayavka/moyata/").status_code == 302
    client.post("/zayavka/moyata/izhod/")
    assert stolen(client).get("/zayavka/moyata/").status_code == 302


def test_a_token_replayed_after_its_end_opens_nothing() -> None:
    now = timezone.now()
    token, secret = services.create_token(
        membership=make.member("coordinator"), label="табло", scopes=["help_request.read"], now=now,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    program = APIClient()
    program.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert program.get("/api/v1/requests/").status_code == 200
    for header in (secret, f"Basic {secret}", f"Bearer {secret} ", f"Bearer {token.secret_hash}", f"Bearer {token.pk}"):
        other = APIClient()
        other.credentials(HTTP_AUTHORIZATION=header)
        assert other.get("/api/v1/requests/").status_code == (200 if header.endswith(" ") else 401), header
    revoke_token(token=token, actor=token.membership.user, now=now)
    assert program.get("/api/v1/requests/").status_code == 401


def secret_page(answer: HttpResponse) -> bool:
    told = answer.headers
    return told["Referrer-Policy"] == "strict-origin" and "no-store" in told["Cache-Control"]


def invited() -> tuple[str, Invitation]:
    admin = make.member("administrator")
    row, secret = services.invite(
        municipality=admin.municipality, role="clerk", email="nov@primer.bg", name="Нов", invited_by=admin.user,
        now=timezone.now(),
    )  # fmt: skip
    return reverse("accounts:invitation", args=[secret]), row


def test_an_invitation_looked_at_by_a_mail_program_still_works_and_then_never_again() -> None:
    address, row = invited()
    for _look in range(3):
        page = Client().get(address)
        assert page.status_code == 200 and secret_page(page)
    row.refresh_from_db()
    assert row.accepted_at is None
    assert Client().post(address, {"password1": PASSWORD}).status_code == 302
    assert Client().get(address).status_code == Client().post(address, {"password1": PASSWORD}).status_code == 410


def test_an_invitation_forwarded_after_a_week_is_over() -> None:
    address, row = invited()
    Invitation.objects.filter(pk=row.pk).update(expires_at=timezone.now())
    assert Client().post(address, {"password1": PASSWORD}).status_code == 410
    assert not User.objects.filter(email="nov@primer.bg").exists()


def test_a_link_to_a_new_password_works_once_and_not_for_long(settings: Any) -> None:
    _client, user = signed_in()
    Client().post(reverse("account_reset_password"), {"email": user.email})
    knocks.answer_all(now=timezone.now())
    address = re.findall(r"/vhod/parola/nova/\S+", mail.outbox[0].body)[0]
    before, looker = user.password, Client()
    moved = looker.get(address)
    assert moved.status_code == 302 and address not in moved.headers["Location"]  # no secret for the Referer
    user.refresh_from_db()
    assert user.password == before
    looker.post(moved.headers["Location"], {"password1": "четири сини патладжана"})
    user.refresh_from_db()
    assert user.check_password("четири сини патладжана")
    assert "вече не важи" in Client().get(address, follow=True).content.decode()
    assert settings.PASSWORD_RESET_TIMEOUT <= 24 * 3600


def test_a_stop_link_changes_nothing_by_being_opened_and_grows_old(monkeypatch: pytest.MonkeyPatch) -> None:
    contact = make.contact()
    address = "/saobshteniya/stop/?t=" + stop_links.token(contact, "sms")
    assert secret_page(Client().get(address))
    assert Contact.objects.get(pk=contact.pk).stopped_channels == []
    assert Client().post(address + "x").status_code == 400
    Client().post(address)
    assert Contact.objects.get(pk=contact.pk).stopped_channels == ["sms"]
    old = signing.time.time() + stop_links.GOOD_FOR.total_seconds() + 60
    monkeypatch.setattr(signing.time, "time", lambda: old)
    assert stop_links.read(stop_links.token(contact, "sms")) is not None
    assert Client().post(address).status_code == 400


def test_a_calendar_s_link_opens_no_person_and_dies_when_nobody_asks_for_it() -> None:
    ivanka = make.volunteer()
    make.visit(make.help_request(note="кучето лае"), ivanka)
    secret = calendars.renew(volunteer=ivanka, now=timezone.now())
    address = f"/kalendar/{secret}.ics"
    text = Client().get(address).content.decode()
    assert "BEGIN:VCALENDAR" in text
    for personal in ("Мария", "Петрова", "+359", "чешмата", "люляк", "кучето"):
        assert personal not in text
    assert Client().post(address).status_code == 405
    CalendarFeed.objects.update(fetched_at=timezone.now() - FORGOTTEN - timedelta(days=1))
    assert Client().get(address).status_code == 404


def test_a_code_is_guessed_five_times_from_one_place_and_ten_for_one_telephone() -> None:
    row = make.help_request(make.resident(phone=PHONE))
    wrong = {"code": "00000000", "phone": PHONE}
    one = Client(REMOTE_ADDR="192.0.2.1")
    assert [one.post("/zayavka/", wrong).status_code for _ in range(6)] == [200] * 5 + [429]
    others = [Client(REMOTE_ADDR=f"192.0.2.{number}") for number in range(10, 20)]
    assert 429 in [other.post("/zayavka/", wrong).status_code for other in others]
    right = {"code": row.tracking_code, "phone": PHONE}
    assert Client(REMOTE_ADDR="192.0.2.99").post("/zayavka/", right).status_code == 429
    neighbour = make.help_request(make.resident(phone="0888 765 433"))
    told = {"code": neighbour.tracking_code, "phone": "0888 765 433"}
    assert Client(REMOTE_ADDR="192.0.2.99").post("/zayavka/", told).status_code == 302


def test_a_wrong_code_and_a_wrong_telephone_are_told_alike_and_compared_to_the_end(
    django_assert_num_queries: Any,
) -> None:
    from requests.selectors.access import by_tracking_code

    row = make.help_request(make.resident(phone=PHONE))
    for speaks in ("", "0888 111 222"):
        if speaks:
            said = {"kind": "mandate", "way": "desk", "name": "Петър Колев", "phone": speaks}
            agreements.give(resident=row.resident, now=timezone.now(), **said)
        for code, phone in ((row.tracking_code, "+359888000000"), ("00000000", "+359888765432")):
            with django_assert_num_queries(1):
                assert by_tracking_code(code, phone) is None
    assert by_tracking_code(row.tracking_code, "+359888111222") == row  # the control: who may speak does open it
    told = [Client(REMOTE_ADDR=f"192.0.2.{n}").post("/zayavka/", body).content.decode() for n, body in enumerate(
        [{"code": row.tracking_code, "phone": "0888 000 000"}, {"code": "00000000", "phone": PHONE}]
    )]  # fmt: skip
    sentence = "Не намираме заявка с този код и телефон."
    assert all(sentence in page for page in told)


def rows_of(other: HelpRequest) -> list[str]:
    return [
        f"/zayavki/{other.pk}/", f"/zayavki/{other.pk}/popravka/", f"/zayavki/{other.pk}/chovek/",
        f"/zayavki/{other.pk}/kartonche/", f"/zayavki/{other.pk}/edro/", f"/gishe/{other.pk}/",
        f"/api/v1/requests/{other.pk}/",
    ]  # fmt: skip


def test_a_neighbour_s_id_in_the_address_is_not_there() -> None:
    """The same answer as for an id that nobody has, so that not even its being is told."""
    town = make.municipality("PER32", "Перник")
    other = make.help_request(make.resident(home="Перник село", of=town), service=make.service())
    client, _user = signed_in("administrator")
    for address in rows_of(other):
        assert client.get(address).status_code == 404, address
        assert client.get(address.replace(str(other.pk), str(uuid4()))).status_code == 404, address
    own = make.help_request()
    assert client.get(f"/zayavki/{own.pk}/").status_code == 200  # the control


def test_another_volunteer_s_offer_and_visit_are_not_there() -> None:
    ivanka, petar = make.volunteer(), make.volunteer("Петър", "Колев")
    row = make.help_request()
    (offer,) = make.offer(row, ivanka)
    visit = make.visit(make.help_request(make.resident("Стоян")), ivanka)
    client = Client()
    assert petar.user is not None
    client.force_login(petar.user)
    for address in (f"/pokani/{offer.pk}/", f"/poseshtenie/{visit.pk}/", f"/poseshtenie/{visit.pk}/kalendar.ics"):
        assert client.get(address).status_code == 404, address
    for address in (f"/pokani/{offer.pk}/priemam/", f"/poseshtenie/{visit.pk}/na-myasto/"):
        assert client.post(address).status_code == 404, address


@pytest.mark.parametrize(
    "name", ["requests:tracking_withdraw", "accounts:switch", "account_logout", "volunteers:apply"]
)
def test_a_form_from_another_site_is_refused(name: str) -> None:
    make.municipality()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.user("coordinator"))
    assert client.post(reverse(name), {}).status_code == 403
