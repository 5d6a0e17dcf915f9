"""The end of an account: nobody signs in with it any more, and it names nobody."""

from __future__ import annotations

from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import F

from accounts.models import NO_MAIL, ApiToken, Invitation, Membership, User
from accounts.services import devices, factors


@transaction.atomic
def empty(user: User, *, now: datetime) -> bool:
    """Name, address, password and way in go. False where the person still works or helps somewhere: then it stays."""
    if Membership.objects.active().filter(user=user).exists():
        return False
    EmailAddress.objects.filter(user=user).delete()
    ApiToken.objects.filter(membership__user=user, revoked_at=None).update(revoked_at=now)
    factors.take_away(user)
    devices.end_all(user)
    user.name, user.email, user.is_active = "", f"{user.pk}@erased{NO_MAIL}", False
    user.set_unusable_password()
    user.save()
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    return True


def old_invitations(*, before: datetime, dry: bool) -> int:
    """Invitations that ended so long ago, used or not."""
    rows = Invitation.objects.filter(expires_at__lt=before)
    count = rows.count()
    if not dry:
        rows.delete()
    return count
