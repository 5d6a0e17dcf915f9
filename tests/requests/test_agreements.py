"""Agreements are records: in which words, how said, by whom written down; taken back, what they allowed ends."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from core import plain_language
from core.errors import DomainError, Gone, Invalid
from notifications.models import MessageTemplate
from notifications.services.wordings import standard
from requests import agreement_texts, messages
from requests.models import Agreement, Consent, Evidence, HelpRequest, KeepingTerms, Resident
from requests.selectors.access import by_tracking_code
from requests.services import agreements, answers, consents, erasure, evidence, keeping, offers, rights
from requests.services.actors import RESIDENT, staff
from requests.states import AgreementWay, NextStep, RequestState
from tests import factories as make
from tests.requests.test_consents import ask, say

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
NEPHEW = "+359888111222"
# Somebody agreed to these words. A text that changes gets a new version, and its digest a new line.
SAID = {
    "remind-1": "74ca17e3f8c10ab2",
    "relative-1": "1bf167f975fa9125",
    "mandate-1": "1751d0c93258dee4",
    "consent-1": "2059e0cd7fb567a7",
    "consent_sms-1": "ff21d29493379574",
}


def digest(one: agreement_texts.Wording) -> str:
    return hashlib.sha256(f"{one.bg}\n{one.en}".encode()).hexdigest()[:16]


def test_no_version_is_changed_or_lost() -> None:
    assert {one.version: digest(one) for one in agreement_texts.WORDINGS} == SAID
    assert agreement_texts.current("remind").version == "remind-1"


def test_the_words_are_plain_in_both_languages() -> None:
    texts = [text for one in agreement_texts.WORDINGS for text in (one.bg, one.en)]
    assert [fault for text in texts for fault in plain_language.faults(text)] == []


def test_the_messages_that_ask_are_those_of_the_register() -> None:
    """Who changes the words of the SMS makes a new version of them."""
    wording = agreement_texts.current("consent_sms")
    for language, said in (("bg", wording.bg), ("en", wording.en)):
        asked = [standard(one, language)[2] for one in (messages.CONSENT_SUM, messages.CONSENT_ASK)]
        tail = asked[0].partition("{where}. ")[2].replace(" {phone}", "")
        assert f"{tail} {asked[1].replace(' {reply}', '')}" == said


@pytest.fixture
def maria() -> Resident:
    return make.resident()


def agree(person: Resident, kind: str, **more: Any) -> Agreement:
    said: dict[str, Any] = {"way": "phone", "now": timezone.now(), "by": make.user(Role.CLERK), **more}
    return agreements.give(resident=person, kind=kind, **said)


def test_a_record_says_what_was_agreed_how_and_who_wrote_it_down(maria: Resident) -> None:
    clerk, now = make.user(Role.CLERK), timezone.now()
    row = agreements.give(resident=maria, kind="remind", way="desk", now=now, by=clerk)
    assert (row.text_version, row.months, row.way, row.by, row.given_at) == ("remind-1", 16, "desk", clerk, now)
    assert "16 месеца" in row.words
    assert agree(maria, "remind").pk == row.pk
    maria.refresh_from_db()
    assert maria.remind_since == now
    agreements.withdraw(resident=maria, kind="remind", way="paper", now=now, by=clerk)
    row.refresh_from_db()
    assert (row.withdrawn_at, row.withdrawn_way, row.withdrawn_by, maria.remind_since) == (now, "paper", clerk, None)
    assert agreements.withdraw(resident=maria, kind="remind", way="paper", now=now) is None


def test_only_one_of_a_kind_stands_in_the_database_too(maria: Resident) -> None:
    row = agree(maria, "remind")
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.create(resident=maria, kind="remind", way="phone", given_at=row.given_at)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "remind", "way": "dream"}, "agreement_way"), ({"kind": "anything"}, "agreement_way"),
        ({"kind": "mandate", "phone": NEPHEW}, "agreement_name"), ({"kind": "relative", "phone": ""}, "phone"),
    ],
)  # fmt: skip
def test_what_was_not_said_is_not_written_down(maria: Resident, said: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as error:
        agree(maria, **{"way": "phone", **said})
    assert error.value.code == code
    assert not Agreement.objects.exists()


def ended_long_ago(person: Resident, months: float) -> None:
    asked = make.help_request(person, now=timezone.now())
    then = timezone.now() - months * keeping.MONTH
    HelpRequest.objects.filter(pk=asked.pk).update(
        state=RequestState.WITHDRAWN, next_step="", next_step_at=None, ended_at=then, created_at=then
    )
    Resident.objects.filter(pk=person.pk).update(created_at=then)


def over(person: Resident) -> bool:
    return person in keeping.residents_over(person.municipality, timezone.now())


def test_consent_to_be_reminded_keeps_longer_and_taken_back_no_longer(maria: Resident) -> None:
    ended_long_ago(maria, 13)
    assert over(maria)
    agree(maria, "remind")
    assert not over(maria)
    agreements.withdraw(resident=maria, kind="remind", way="phone", now=timezone.now())
    assert over(maria)


def test_nobody_is_kept_longer_than_they_were_told_nor_than_the_municipality_keeps(maria: Resident) -> None:
    ended_long_ago(maria, 17)
    agree(maria, "remind")
    assert over(maria)
    KeepingTerms.objects.create(municipality=maria.municipality, reminded_months=24)
    assert over(maria), "told sixteen, kept twenty-four"
    agree(maria, "remind")
    assert Agreement.objects.live().get().months == 24
    assert not over(maria)
    KeepingTerms.objects.update(reminded_months=14)
    assert over(maria)


def test_who_speaks_for_the_person_opens_their_request_until_it_is_taken_back(maria: Resident) -> None:
    row = make.help_request(maria, now=timezone.now())
    assert by_tracking_code(row.tracking_code, NEPHEW) is None
    agree(maria, "mandate", name="Иван Петров", phone="0888 111 222")
    assert by_tracking_code(row.tracking_code, NEPHEW) == row
    client = Client()
    client.post(reverse("requests:track"), {"code": row.tracking_code, "phone": NEPHEW})
    assert client.get(reverse("requests:tracking")).status_code == 200
    agreements.withdraw(resident=maria, kind="mandate", way="phone", now=timezone.now())
    assert by_tracking_code(row.tracking_code, NEPHEW) is None
    # Also where the page stands open already.
    assert client.get(reverse("requests:tracking"))["Location"] == reverse("requests:track")


def test_a_mandate_of_one_person_opens_nobody_elses_request(maria: Resident) -> None:
    agree(maria, "mandate", name="Иван Петров", phone=NEPHEW)
    other = make.help_request(make.resident("Пена"), now=timezone.now())
    assert by_tracking_code(other.tracking_code, NEPHEW) is None


def test_what_the_relative_asked_before_does_not_stay_open(maria: Resident) -> None:
    row = make.help_request(maria, now=timezone.now(), asked_by="relative", asker_name="Иван", asker_phone=NEPHEW)
    agree(maria, "mandate", name="Иван Петров", phone=NEPHEW)
    agreements.withdraw(resident=maria, kind="mandate", way="phone", now=timezone.now())
    assert by_tracking_code(row.tracking_code, NEPHEW) is None


def test_another_relative_takes_the_formers_place(maria: Resident) -> None:
    first = agree(maria, "mandate", name="Иван Петров", phone=NEPHEW)
    agree(maria, "mandate", name="Ана Петрова", phone="0888 333 444")
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert Agreement.objects.live().get().name == "Ана Петрова"


def test_a_relative_who_is_told_is_told_no_more(maria: Resident) -> None:
    agree(maria, "relative", phone=NEPHEW)
    maria.refresh_from_db()
    told = maria.relative
    assert told is not None and told.phone == NEPHEW
    agreements.withdraw(resident=maria, kind="relative", way="phone", now=timezone.now())
    maria.refresh_from_db()
    told.refresh_from_db()
    assert maria.relative is None and told.stopped_at is not None


def test_on_their_own_page_the_person_agrees_themselves(maria: Resident) -> None:
    row = make.help_request(maria, now=timezone.now())
    client = Client()
    client.post(reverse("requests:track"), {"code": row.tracking_code, "phone": maria.contact.phone})
    page = reverse("requests:tracking_relative")
    assert agreement_texts.current("relative").bg in client.get(page).content.decode()
    client.post(page, {"phone": NEPHEW})
    said = Agreement.objects.get()
    assert (said.kind, said.way, said.by) == ("relative", AgreementWay.WEB, None)
    client.post(page, {"phone": ""})
    said.refresh_from_db()
    assert said.withdrawn_way == AgreementWay.WEB


def test_after_a_no_nobody_is_asked_until_the_person_says_yes() -> None:
    now = timezone.now()
    row, clerk = make.help_request(now=now), staff(make.user(Role.CLERK))
    helper = make.volunteer(hours=tuple((day, 8, 20) for day in range(7)))
    (offer,) = make.offer(row, helper, now=now, start=now + timedelta(days=2))
    consents.write_down(help_request=row, answer="no", actor=clerk, now=now)
    with pytest.raises(Gone):
        answers.accept(offer_id=offer.pk, actor=make.by_volunteer(helper), now=now)
    other = make.help_request(make.resident("Пена"), now=now)
    consents.write_down(help_request=other, answer="no", actor=clerk, now=now)
    other.refresh_from_db()
    assert other.next_step == NextStep.DESK
    assert make.offer(other, helper, now=now, start=now + timedelta(days=3)) == []
    with pytest.raises(DomainError, match="отказа"):
        offers.assign(
            help_request_id=other.pk, start=now + timedelta(days=3), end=now + timedelta(days=3, hours=1), agreed=True,
            seats_for=[offers.SeatProposal(1, helper.pk)], actor=clerk, now=now,
        )  # fmt: skip
    consents.write_down(help_request=other, answer="yes", actor=clerk, now=now + timedelta(minutes=5))
    other.refresh_from_db()
    assert other.next_step == NextStep.PLAN
    assert len(make.offer(other, helper, now=now, start=now + timedelta(days=3))) == 1


def test_each_asking_names_its_words_and_keeps_what_the_messages_said() -> None:
    row = make.help_request()
    consent = ask(row)
    assert consent.text_version == "consent_sms-1"
    assert "Следва въпрос" in consent.asked_words and "Съгласни ли сте" in consent.asked_words
    say(row, "ДА")
    by_phone = make.help_request(make.resident("Пена"))
    consents.write_down(help_request=by_phone, answer="yes", actor=RESIDENT, now=make.NOW)
    assert Consent.objects.get(help_request=by_phone).text_version == "consent-1"
    MessageTemplate.objects.create(
        municipality=row.municipality,
        kind="consent_ask",
        language="bg",
        subject="С",
        body="Б",
        short="{number} {reply}",
    )
    third = make.help_request(make.resident("Дона", phone="0888 777 666"))
    assert consents.ask(help_request=third, actor=RESIDENT, now=make.NOW).text_version == agreement_texts.OWN


def test_the_export_shows_them_and_the_sealed_store_keeps_them(maria: Resident) -> None:
    agree(maria, "mandate", name="Иван Петров", phone=NEPHEW)
    agree(maria, "remind")
    agreements.withdraw(resident=maria, kind="remind", way="phone", now=timezone.now())
    held = rights.everything(maria)["agreements"]
    assert [(one["kind"], one["name"], bool(one["withdrawn_at"])) for one in held] == [
        ("mandate", "Иван Петров", False), ("remind", "", True),
    ]  # fmt: skip
    erasure.erase_resident(resident=maria, because="user:1", now=timezone.now())
    assert not Agreement.objects.exists()
    lead = make.user(Role.SAFEGUARDING)
    kept = {
        row.kind: evidence.open_(evidence=row, by=lead, reason="искане на КЗЛД № 7", now=timezone.now())
        for row in Evidence.objects.all()
    }
    assert (kept["mandate"]["relative"], kept["mandate"]["text_version"]) == ("Иван Петров", "mandate-1")
    assert kept["consent"]["withdrawn_at"] and "напомним" in kept["consent"]["text"]
    with pytest.raises(Invalid):
        agree(maria, "remind")


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make.member(Role.CLERK).user)
    return client


def test_within_a_call_the_clerk_reads_it_out_writes_it_down_and_takes_it_back(desk: Client, maria: Resident) -> None:
    url = reverse("requests:agreements", args=[maria.pk])
    assert url in desk.get(reverse("requests:rights", args=[maria.pk])).content.decode()
    page = desk.get(url).content.decode()
    assert all(
        one.said(16) in page for kind in ("remind", "relative", "mandate") if (one := agreement_texts.current(kind))
    )
    empty = desk.post(url, {"do": "give", "kind": "mandate"})
    assert empty.status_code == 422 and "Напишете името." in empty.content.decode()
    said = {"do": "give", "kind": "mandate", "name": "Иван Петров", "phone": NEPHEW, "way": "desk"}
    assert desk.post(url, said).status_code == 302
    page = desk.get(url).content.decode()
    assert "Иван Петров" in page and "на гише" in page and "mandate-1" in page
    assert desk.post(url, {"do": "withdraw", "kind": "mandate", "way": "phone"}).status_code == 302
    assert "Оттеглени" in desk.get(url).content.decode()
    assert not Agreement.objects.live().exists()
    assert desk.post(url, {"do": "steal", "kind": "mandate"}).status_code == 200
