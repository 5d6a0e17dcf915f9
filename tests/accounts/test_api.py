from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import path
from django.utils import timezone
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from accounts import services
from accounts.models import ApiToken, Membership
from config.urls import urlpatterns as usual
from core.errors import Invalid


class Villages(APIView):
    policy = "places.read"

    def get(self, request: Any) -> Response:
        return Response({"municipality": request._request.membership.municipality_id})


class Rules(APIView):
    policy = "places.settings"

    def get(self, request: Any) -> Response:
        return Response({})


class Undecided(APIView):
    def get(self, request: Any) -> Response:
        return Response({})


urlpatterns = [
    path("api/v1/villages/", Villages.as_view()),
    path("api/v1/rules/", Rules.as_view()),
    path("api/v1/undecided/", Undecided.as_view()),
    *usual,
]
pytestmark = pytest.mark.urls(__name__)


def _token(member: Membership, *scopes: str) -> tuple[ApiToken, APIClient]:
    now = timezone.now()
    token, secret = services.create_token(
        membership=member,
        label="табло",
        scopes=scopes or ["places.read"],
        expires_at=now + timedelta(days=30),
        now=now,
    )
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
    return token, client


def test_a_token_opens_what_its_scopes_say_in_its_own_municipality(alisa: Membership) -> None:
    token, client = _token(alisa)
    answer = client.get("/api/v1/villages/")
    assert answer.json() == {"municipality": "PER36"}
    token.refresh_from_db()
    assert token.last_used_at is not None


def test_a_token_without_the_scope_is_refused_though_the_person_may(kamen: Membership) -> None:
    _given, client = _token(kamen, "catalogue.read")
    answer = client.get("/api/v1/villages/")
    assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_scope_never_reaches_beyond_the_role(alisa: Membership) -> None:
    token, client = _token(alisa)
    ApiToken.objects.filter(pk=token.pk).update(scopes=["places.settings"])
    assert client.get("/api/v1/rules/").status_code == 403


def test_a_revoked_an_expired_and_an_invented_token_are_refused(alisa: Membership) -> None:
    revoked, first = _token(alisa)
    services.revoke_token(token=revoked, actor=revoked.membership.user, now=timezone.now())
    expired, second = _token(alisa)
    ApiToken.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    third = APIClient()
    third.credentials(HTTP_AUTHORIZATION="Bearer измислен".encode())
    fourth = APIClient()
    fourth.credentials(HTTP_AUTHORIZATION="Bearer")
    for client in (first, second, third, fourth):
        answer = client.get("/api/v1/villages/")
        assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_token_dies_with_the_membership_and_with_the_account(alisa: Membership) -> None:
    _given, client = _token(alisa)
    Membership.objects.filter(pk=alisa.pk).update(active=False)
    assert client.get("/api/v1/villages/").status_code == 401
    Membership.objects.filter(pk=alisa.pk).update(active=True)
    assert client.get("/api/v1/villages/").status_code == 200
    type(alisa.user).objects.filter(pk=alisa.user_id).update(is_active=False)
    assert client.get("/api/v1/villages/").status_code == 401


def test_a_session_opens_what_the_role_may_and_a_stranger_nothing(alisa: Membership, kamen: Membership) -> None:
    client = APIClient()
    assert client.get("/api/v1/villages/").status_code == 401
    client.force_login(alisa.user)
    assert client.get("/api/v1/villages/").status_code == 200
    assert client.get("/api/v1/rules/").status_code == 403
    client.force_login(kamen.user)
    assert client.get("/api/v1/rules/").status_code == 200


def test_an_endpoint_that_names_no_policy_cannot_be_opened(kamen: Membership) -> None:
    client = APIClient()
    client.force_login(kamen.user)
    with pytest.raises(KeyError, match="names no policy"):
        client.get("/api/v1/undecided/")


@pytest.mark.parametrize(
    "given",
    [
        {"scopes": []},
        {"scopes": ["planning.run"]},
        {"scopes": ["volunteer.manage"]},
        {"label": "  "},
        {"expires_at": timedelta(days=400)},
        {"expires_at": timedelta(days=-1)},
    ],
)
def test_a_token_that_makes_no_sense_is_not_made(alisa: Membership, given: dict[str, Any]) -> None:
    now = timezone.now()
    until = now + given.pop("expires_at", timedelta(days=1))
    values: dict[str, Any] = {"label": "табло", "scopes": ["places.read"], **given}
    with pytest.raises(Invalid):
        services.create_token(membership=alisa, expires_at=until, now=now, **values)
    assert not ApiToken.objects.exists()


def test_the_schema_knows_the_token(db: None) -> None:
    schema = APIClient().get("/api/v1/schema/?format=json").json()
    assert schema["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}
