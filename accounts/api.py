"""The API's doors: a session or a scoped token, and the policy table."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts import posture
from accounts.confirming import confirmed
from accounts.models import ApiToken, Membership, User, digest
from accounts.policy import POLICY, allows
from core.tries import Tries, address

# From one address; a real program has a good one.
WRONG_TOKENS = Tries("api-wrong", most=30, pause_seconds=300)


def calls() -> Tries:
    return Tries("api", most=settings.API_CALLS_A_MINUTE, pause_seconds=60)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`. The token's membership becomes the request's."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        if WRONG_TOKENS.too_many(request._request):
            raise Throttled(wait=WRONG_TOKENS.pause_seconds)
        secret = parts[1].decode("latin-1") if len(parts) == 2 else ""
        token = (
            ApiToken.objects.filter(secret_hash=digest(secret))
            .select_related("membership__user", "membership__municipality")
            .first()
        )
        now = timezone.now()
        if token is None or not token.usable(now) or not token.membership.active or not token.membership.user.is_active:
            WRONG_TOKENS.count(request._request)
            raise AuthenticationFailed(code="token_invalid")
        if not calls().take(str(token.pk)):
            raise Throttled(wait=calls().pause_seconds)
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        request._request.membership = token.membership  # type: ignore[attr-defined]
        return token.membership.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class SessionLimit(BaseThrottle):
    """As many calls for a person's session, or a stranger's address, as for a token; that one is counted above."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if isinstance(request.auth, ApiToken):
            return True
        return calls().take(str(request.user.pk) if request.user.is_authenticated else address(request._request))

    def wait(self) -> float:
        return calls().pause_seconds


class PolicyPermission(BasePermission):
    """A view names its action in `policy`, or one for each DRF action in `policies`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        action = getattr(view, "policies", {}).get(getattr(view, "action", None)) or getattr(view, "policy", None)
        if action is None:
            raise KeyError(f"{type(view).__name__} names no policy")
        if not request.user.is_authenticated:
            return False
        member: Membership | None = request._request.membership  # type: ignore[attr-defined]
        if not member or not allows(member.role, action):
            return False
        if isinstance(request.auth, ApiToken):
            return action in request.auth.scopes
        # A person's session: a program was given its token by somebody who was asked.
        if not POLICY[action].asks_again:
            return True
        posture.look(request._request)
        return confirmed(request._request)
