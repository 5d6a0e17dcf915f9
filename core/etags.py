"""Two programs at one row: an edit names the version it was made from (RFC 9110, 6585)."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from core.api import ProblemSerializer
from core.errors import DomainError

IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True,
    description="The ETag of what was read before, or `*`",
)  # fmt: skip
IF_MATCH_MAY = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="Only if it still stands as it was read"
)
EDITED = {412: ProblemSerializer, 428: ProblemSerializer}


class Stale(DomainError):
    code = "stale"
    status = 412
    message = _("Междувременно някой го промени. Прочетете го отново.")


class VersionNeeded(DomainError):
    code = "if_match"
    status = 428
    message = _("Посочете в If-Match коя версия променяте.")


def etag(shown: Any) -> str:
    """Of a representation: the same words, the same tag."""
    said = json.dumps(shown, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return f'"{hashlib.sha256(said.encode()).hexdigest()[:32]}"'


def need_match(request: Request, current: str, *, required: bool = True) -> None:
    """Call it with the row locked. Raises VersionNeeded, Stale."""
    named = request.headers.get("If-Match", "")
    if not named:
        if required:
            raise VersionNeeded
        return
    tags = [tag.strip() for tag in named.split(",")]
    if "*" not in tags and current not in tags:
        raise Stale
