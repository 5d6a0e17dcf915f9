"""Reads: who works here, who is invited, which tokens are out. `access_*` are the doors to a single row."""

from __future__ import annotations

import uuid
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from accounts.models import ApiToken, Device, DeviceQuerySet, Invitation, Membership, User, digest


def memberships_of(user: User) -> list[Membership]:
    """The active ones, oldest first, with their municipality."""
    mine = Membership.objects.active().filter(user=user).select_related("municipality")
    return list(mine.order_by("created_at", "pk"))


def staff_of(viewer: Membership) -> QuerySet[Membership]:
    """Who works at a desk in the viewer's municipality, with their user."""
    staff = Membership.objects.active().staff().of(viewer.municipality)
    return staff.select_related("user").prefetch_related("settlements").order_by("role", "created_at")


def open_invitations(viewer: Membership, now: datetime) -> QuerySet[Invitation]:
    return Invitation.objects.open(now).filter(municipality=viewer.municipality).order_by("created_at")


def access_member(viewer: Membership, pk: uuid.UUID) -> Membership:
    """Raises Http404 for anyone of another municipality, or nobody; so do the doors below."""
    return get_object_or_404(staff_of(viewer), pk=pk)


def access_invitation(viewer: Membership, pk: uuid.UUID) -> Invitation:
    rows = Invitation.objects.filter(municipality=viewer.municipality).select_related("municipality")
    return get_object_or_404(rows, pk=pk)


def tokens_of(viewer: Membership) -> QuerySet[ApiToken]:
    """The viewer's own tokens, the newest first, also ended ones."""
    return ApiToken.objects.filter(membership=viewer).order_by("-created_at")


def access_token(viewer: Membership, pk: uuid.UUID) -> ApiToken:
    return get_object_or_404(tokens_of(viewer), pk=pk)


def invitation_by(secret: str, now: datetime) -> Invitation | None:
    """The open invitation a link stands for."""
    found = Invitation.objects.open(now).filter(secret_hash=digest(secret))
    return found.select_related("municipality").first()


def needs_password(invitation: Invitation) -> bool:
    """Whether accepting makes the person's first password; someone who has been here before keeps theirs."""
    user = User.objects.filter(email=invitation.email).first()
    return user is None or (user.last_login is None and not user.has_usable_password())


def factors_of(user: User) -> list[Authenticator]:
    """A person's second factors, oldest first: an app, keys, printed codes."""
    return list(Authenticator.objects.filter(user=user).order_by("created_at", "pk"))


def devices_of(user: User, now: datetime) -> DeviceQuerySet:
    """Where they are signed in at this moment, the newest first."""
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    return Device.objects.of(user).filter(session_key__in=live).order_by("-created_at")
