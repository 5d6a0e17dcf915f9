"""The API's doors: a session or a scoped token, and the policy table."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import ApiToken, Membership, User, digest
from accounts.policy import allows


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`. The token's membership becomes the request's."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != b"bearer":
            return None
        secret = parts[1].decode("latin-1") if len(parts) == 2 else ""
        token = (
            ApiToken.objects.filter(secret_hash=digest(secret))
            .select_related("membership__user", "membership__municipality")
            .first()
        )
        now = timezone.now()
        if token is None or not token.usable(now) or not token.membership.active or not token.membership.user.is_active:
            raise AuthenticationFailed(code="token_invalid")
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        request._request.membership = token.membership  # type: ignore[attr-defined]
        return token.membership.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


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
        return not isinstance(request.auth, ApiToken) or action in request.auth.scopes
