"""Who a request is about, for a subscription that may know: read by the room above at the moment of sending."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from notifications.models import WebhookSubscription

Reader = Callable[[WebhookSubscription, UUID], dict[str, Any] | None]
# Type of subject → who reads it. The rooms above say it when they start.
READERS: dict[str, Reader] = {}
