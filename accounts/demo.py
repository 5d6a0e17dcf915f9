"""The demonstration's cast: who can be signed in by a link, and only there."""

from __future__ import annotations

from typing import TypedDict

from django.conf import settings
from django.core import signing
from django.urls import reverse

from accounts.models import Membership, User
from accounts.roles import Role
from core.demonstration import is_marked
from core.models import InstallationMark

# Who the demonstration's people are known by; they have no password and get no mail.
CLERK_EMAIL = "clerk@demo.radomir"
VOLUNTEER_EMAIL = "volunteer@demo.radomir"
COORDINATOR_EMAIL = "coordinator@demo.radomir"
CAST = {
    Role.CLERK: CLERK_EMAIL,
    Role.VOLUNTEER: VOLUNTEER_EMAIL,
    Role.COORDINATOR: COORDINATOR_EMAIL,
    Role.SAFEGUARDING: "safeguarding@demo.radomir",
    Role.AUDITOR: "auditor@demo.radomir",
    Role.ADMINISTRATOR: "administrator@demo.radomir",
}
# The resident has no account: whoever loads the people leaves name and tracking address in a mark of this kind,
# with `remember_resident`.
RESIDENT_MARK = "demo-resident"
_SIGNER = signing.TimestampSigner(salt="accounts.demo")
_MAX_AGE_SECONDS = 30 * 24 * 3600


def is_demo() -> bool:
    """The process says so and the database is marked as one."""
    return bool(settings.DEMO) and is_marked()


class Link(TypedDict):
    role: str
    name: str
    url_path: str


def remember_resident(*, name: str, url_path: str) -> None:
    """The address (`/…`, with its code) where the demonstration's resident follows their request."""
    InstallationMark.objects.update_or_create(kind=RESIDENT_MARK, defaults={"note": f"{url_path} {name}"})


def links() -> list[Link]:
    """A sign-in link for each of the cast that is loaded, the resident first. Empty outside a demonstration."""
    if not is_demo():
        return []
    found: list[Link] = []
    resident = InstallationMark.objects.filter(kind=RESIDENT_MARK).first()
    if resident:
        url_path, _, name = resident.note.partition(" ")
        found.append(Link(role="resident", name=name, url_path=url_path))
    people = {user.email: user for user in User.objects.filter(email__in=CAST.values(), is_active=True)}
    for role, email in CAST.items():
        if email in people:
            path = reverse("demo-sign-in", args=[_SIGNER.sign(email.partition("@")[0])])
            found.append(Link(role=str(role.value), name=people[email].get_full_name(), url_path=path))
    return found


def who(signed: str) -> User | None:
    """The one of the cast a link stands for; None for a wrong or old link, or outside a demonstration."""
    if not is_demo():
        return None
    try:
        name = _SIGNER.unsign(signed, max_age=_MAX_AGE_SECONDS)
    except signing.BadSignature:
        return None
    email = next((email for email in CAST.values() if email.partition("@")[0] == name), None)
    with_role = Membership.objects.active().filter(user__email=email, user__is_active=True)
    member = with_role.select_related("user").first() if email else None
    return member.user if member else None
