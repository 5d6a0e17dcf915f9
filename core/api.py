"""API conventions: pages of rows, problem+json errors with a stable code, idempotency keys on create."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _t
from rest_framework import exceptions, serializers
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

from core.crypto import lookup_hash
from core.errors import DomainError, Invalid
from core.models import IdempotencyRecord

PROBLEM_TYPE = "application/problem+json"
IDEMPOTENCY_DAYS = 2
# What stands in an address where a row is meant; anything else is an address we do not have.
UUID_PATTERN = "[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"


class Pagination(PageNumberPagination):
    page_size_query_param = "page_size"
    max_page_size = 200


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457. `code` is stable; `errors` maps a field to sentences."""

    type = serializers.CharField(default="about:blank")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False
    )
    id = serializers.CharField(required=False, help_text="Where something broke: name it to us")


class RepeatedSerializer(serializers.Serializer[Any]):
    """A create that was made already under this `Idempotency-Key`: where its result stands."""

    location = serializers.CharField()


def problem(
    *, status: int, code: str, title: str, errors: Any = None, headers: dict[str, str] | None = None
) -> Response:
    body: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "code": code}
    if errors:
        body["errors"] = errors
    return Response(body, status=status, content_type=PROBLEM_TYPE, headers=headers)


def problem_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error of the API as problem+json; what is not foreseen stays a 500."""
    if isinstance(error, DomainError):
        errors = {error.field: [str(error.message)]} if error.field else None
        return problem(status=error.status, code=error.code, title=str(error.message), errors=errors)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    elif isinstance(error, DjangoValidationError):
        error = exceptions.ValidationError({"non_field_errors": error.messages})
    if isinstance(error, exceptions.ValidationError):
        title = _t("Някои полета не са попълнени вярно.")
        return problem(status=422, code="invalid", title=title, errors=_flat(error.detail))
    if isinstance(error, exceptions.APIException):
        headers = {}
        if challenge := getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = challenge
        if wait := getattr(error, "wait", None):
            headers["Retry-After"] = str(int(wait))
        code = error.get_codes()
        return problem(
            status=error.status_code,
            code=code if isinstance(code, str) else error.default_code,
            title=str(error.detail),
            headers=headers,
        )
    return None


def _flat(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    if isinstance(detail, dict):
        flat: dict[str, list[str]] = {}
        for key, value in detail.items():
            flat.update(_flat(value, f"{prefix}.{key}" if prefix else str(key)))
        return flat
    if isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        flat = {}
        for index, value in enumerate(detail):
            flat.update(_flat(value, f"{prefix}.{index}"))
        return flat
    return {prefix or "non_field_errors": [str(item) for item in detail] if isinstance(detail, list) else [str(detail)]}


def once(request: Request, make: Callable[[], Response]) -> Response:
    """Run a create at most once for an `Idempotency-Key`: a repeat is told where the first one's result stands.

    The same key with another body is refused (422, `idempotency_mismatch`); a key whose first call is still
    running gets 409, `idempotency_running`. Without the header the call simply runs.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return make()
    if len(key) > 200:
        raise Invalid(_t("Ключът Idempotency-Key е до 200 знака."), code="idempotency_key")
    who = f"{request.user.pk}\0{request.path}\0{key}"
    key_hash = hashlib.sha256(who.encode()).hexdigest()
    # Keyed: what was sent holds a name and a number, which a bare hash would let one guess.
    body_hash = lookup_hash(request.body.hex(), purpose="idempotency")
    old = timezone.now() - timedelta(days=IDEMPOTENCY_DAYS)
    IdempotencyRecord.objects.filter(key_hash=key_hash, created_at__lt=old).delete()
    try:
        with transaction.atomic():
            IdempotencyRecord.objects.create(key_hash=key_hash, body_hash=body_hash)
            response = make()
            IdempotencyRecord.objects.filter(key_hash=key_hash).update(
                location=response.headers.get("Location", ""), status=response.status_code
            )
            return response
    except IntegrityError:
        record = IdempotencyRecord.objects.filter(key_hash=key_hash).first()
        if record is None:
            raise
        return _repeat(record, body_hash)


def _repeat(record: IdempotencyRecord, body_hash: str) -> Response:
    if record.body_hash != body_hash:
        raise Invalid(_t("Този ключ вече е използван с друго съдържание."), code="idempotency_mismatch")
    body = {"location": record.location}
    return Response(
        body, status=record.status or 200, headers={"Location": record.location, "Idempotent-Replay": "true"}
    )
