"""One global user, what they are in which municipality, invitations, API tokens."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

from accounts.roles import Role
from accounts.states import KnockKind
from core.fields import EncryptedTextField
from core.models import Personal
from places.models import Municipality, Settlement

# A name of the Internet's own that never leads anywhere (RFC 6761).
NO_MAIL = ".invalid"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Who signs in. What they may do stands in `Membership`, per municipality."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # The address one signs in with; allauth looks it up in clear.
    email = models.EmailField(unique=True)
    name = EncryptedTextField()
    language = models.CharField(max_length=2, default="bg")
    is_active = models.BooleanField(default=True)
    # Part of what a session is signed with: one more, and every open session of this person ends.
    session_epoch = models.PositiveIntegerField(default=0)
    # A session that has shown nothing of its owner since then is asked once: what it read looked unusual.
    doubted_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def mail(self) -> str:
        """Where letters go; empty for whoever signs in with a telephone alone, and once the account is erased."""
        return "" if self.email.endswith(NO_MAIL) else self.email

    def get_full_name(self) -> str:
        return str(self.name)

    def get_session_auth_hash(self) -> str:
        return f"{self.session_epoch}.{super().get_session_auth_hash()}"

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        for digested in super().get_session_auth_fallback_hash():
            yield f"{self.session_epoch}.{digested}"

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return False

    def has_module_perms(self, label: str) -> bool:
        return False


class MembershipQuerySet(models.QuerySet["Membership"]):
    def active(self) -> MembershipQuerySet:
        return self.filter(active=True)

    def staff(self) -> MembershipQuerySet:
        """Those who work at a desk; volunteers are managed in their own room."""
        return self.exclude(role=Role.VOLUNTEER)

    def of(self, municipality: Municipality) -> MembershipQuerySet:
        return self.filter(municipality=municipality)


class Membership(Personal):
    """A user's role in one municipality; `settlements` narrows a clerk to their kmetstvo (empty: all)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role.choices)
    settlements = models.ManyToManyField(Settlement, blank=True)
    active = models.BooleanField(default=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "municipality", "role"], name="one_membership_per_role")
        ]

    def __str__(self) -> str:
        return f"{self.role}@{self.municipality_id}"


def digest(secret: str) -> str:
    """How a random secret is stored: SHA-256 is enough for 256 bits of chance."""
    return hashlib.sha256(secret.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime) -> InvitationQuerySet:
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)


class Invitation(Personal):
    """A way in for one person, used once. The secret stands only in the link."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=20, choices=Role.choices)
    email = EncryptedTextField()
    name = EncryptedTextField()
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.pk)


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def usable(self, now: datetime) -> ApiTokenQuerySet:
        return self.filter(revoked_at=None, expires_at__gt=now)


class ApiToken(Personal):
    """A token for a program: hashed, scoped to actions of the policy table, expiring, revocable."""

    membership = models.ForeignKey(Membership, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=80)
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return self.label

    def usable(self, now: datetime) -> bool:
        return self.revoked_at is None and self.expires_at > now


def new_secret() -> str:
    return secrets.token_urlsafe(32)


class KnockQuerySet(models.QuerySet["Knock"]):
    def waiting(self, now: datetime) -> KnockQuerySet:
        return self.filter(answered_at=None, expires_at__gt=now)


class Knock(Personal):
    """Somebody typed a telephone or an e-mail and asks for a way in.

    Whose it is, is found afterwards by a worker, never in the page: for the page everybody who knocks is alike.
    """

    kind = models.CharField(max_length=10, choices=KnockKind.choices)
    # What was typed, until it was looked up.
    typed = EncryptedTextField()
    language = models.CharField(max_length=2, default="bg")
    # Nobody, where the telephone or e-mail is not of ours, and until somebody chose of those who share a telephone.
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    # Keyed hash of a telephone that several share, until one of them is chosen: the code belongs to the number.
    phone_hash = models.CharField(max_length=32, blank=True, default="", db_default="")
    # Keyed, and of this row: six digits are soon found from a bare hash.
    code_hash = models.CharField(max_length=32, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)

    objects = KnockQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            # Read by services.knocks.answer_all
            models.Index(fields=["created_at"], name="knock_waiting", condition=Q(answered_at=None))
        ]

    def __str__(self) -> str:
        return str(self.pk)


class DeviceQuerySet(models.QuerySet["Device"]):
    def of(self, user: User) -> DeviceQuerySet:
        return self.filter(user=user)


class Device(Personal):
    """A browser somebody is signed in with. Its session ends with it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    # As it stands in the table of sessions.
    session_key = models.CharField(max_length=40, unique=True)
    # „Chrome, Android“: enough for its owner to know it by.
    what = models.CharField(max_length=40, blank=True)
    seen_on = models.DateField()

    objects = DeviceQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.pk)
