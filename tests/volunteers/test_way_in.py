"""Volunteers as older versions left them: taken in with a mobile and no e-mail, and with no account."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.models import User
from notifications.services import contacts
from tests import factories as make
from tests.accounts.entering import by_code, is_in
from volunteers.models import Volunteer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _telephones(settings: Any) -> None:
    settings.SMS_TO_FILES = True
    cache.clear()


def test_they_get_in_at_the_first_code_and_need_no_new_saving() -> None:
    rada = make.volunteer("Рада", "Илиева", signs_in=False)
    client = by_code(rada.contact.phone)
    rada.refresh_from_db()
    assert rada.user is not None and rada.user.mail == "" and rada.user.name == "Рада Илиева"
    assert is_in(client) and client.get(reverse("requests:my_today")).status_code == 200


def test_also_on_a_telephone_they_share() -> None:
    petar, mara = make.volunteer("Петър"), make.volunteer("Мара", "Стоянова", signs_in=False)
    contacts.change_contact(mara.contact, phone=petar.contact.phone)
    client = by_code(petar.contact.phone)
    mara.refresh_from_db()
    assert not is_in(client) and mara.user is not None
    client.post(reverse("account_choose_person"), {"person": str(mara.user_id)})
    assert client.session["_auth_user_id"] == str(mara.user_id)


@pytest.mark.parametrize("kind", ["applicant", "who left", "landline", "e-mail"])
def test_a_knock_opens_no_way_in_for_anybody_else(kind: str) -> None:
    """Not for who was not taken in; and with an e-mail it may be somebody else's account, which the desk must see."""
    row = make.volunteer("Мара", signs_in=False)
    changed = {"landline": {"phone": "+35977712345"}, "e-mail": {"email": "mara@primer.bg"}}
    contacts.change_contact(row.contact, **changed.get(kind, {}))
    Volunteer.objects.filter(pk=row.pk).update(status={"applicant": "applied", "who left": "left"}.get(kind, "active"))
    assert not is_in(by_code(row.contact.phone))
    assert not User.objects.exists()
