from __future__ import annotations

import pytest

from core.phones import phone_hash
from notifications.models import Contact
from notifications.services.contacts import change_contact, make_contact
from notifications.states import Channel
from places.models import Municipality

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
PHONE = "+359888123456"


def test_a_person_is_reached_by_whatever_they_gave(radomir: Municipality) -> None:
    assert make_contact(municipality=radomir, phone=PHONE).channels == [Channel.SMS]
    assert make_contact(municipality=radomir, email="b@example.org").channels == [Channel.EMAIL]
    assert make_contact(municipality=radomir).channels == [Channel.PAPER]
    both = make_contact(municipality=radomir, phone=PHONE, email="b@example.org", in_app=True)
    assert both.channels == [Channel.IN_APP, Channel.SMS, Channel.EMAIL]


def test_chosen_channels_stand_as_chosen(radomir: Municipality) -> None:
    contact = make_contact(municipality=radomir, phone=PHONE, email="b@example.org", channels=[Channel.SMS])
    assert contact.channels == [Channel.SMS]


def test_a_shared_telephone_is_found_by_its_hash_and_never_stands_in_clear(radomir: Municipality) -> None:
    make_contact(municipality=radomir, phone=PHONE)
    make_contact(municipality=radomir, phone=PHONE)
    assert Contact.objects.filter(phone_hash=phone_hash(PHONE)).count() == 2
    assert not Contact.objects.extra(where=["phone like %s"], params=["%888123456%"]).exists()


def test_a_new_number_changes_the_hash(iva: Contact) -> None:
    change_contact(iva, phone="+359877000111")
    iva.refresh_from_db()
    assert (iva.phone, iva.phone_hash) == ("+359877000111", phone_hash("+359877000111"))
    assert iva.email == "iva@example.org"


def test_channels_follow_the_addresses_and_keep_their_order(iva: Contact) -> None:
    change_contact(iva, channels=[Channel.SMS, Channel.IN_APP, Channel.EMAIL])
    change_contact(iva, email="")
    assert iva.channels == [Channel.SMS, Channel.IN_APP]
    change_contact(iva, phone="", email="new@example.org")
    assert iva.channels == [Channel.IN_APP, Channel.EMAIL]


def test_a_channel_somebody_left_out_stays_out_while_the_addresses_stay(iva: Contact) -> None:
    change_contact(iva, channels=[Channel.SMS])
    change_contact(iva, phone="+359877000111", language="en")
    assert (iva.channels, iva.language) == ([Channel.SMS], "en")


def test_the_inbox_comes_and_goes_with_the_sign_in(iva: Contact) -> None:
    change_contact(iva, in_app=False)
    assert Channel.IN_APP not in iva.channels
    change_contact(iva, in_app=True)
    assert iva.channels[0] == Channel.IN_APP
