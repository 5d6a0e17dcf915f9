"""How allauth behaves here: nobody signs up alone, people are invited or approved."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import sign_in_log
from accounts.entering import enter
from accounts.finding import CAME_IN
from accounts.models import User
from accounts.services import devices
from core.refusals import shortened


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Достъпът ви е спрян. Обадете се в общината."),
        "email_password_mismatch": _("Имейлът или паролата не съвпадат. Опитайте пак."),
        "invalid_login": _("Имейлът или паролата не съвпадат. Опитайте пак."),
        "invalid_or_expired_key": _("Връзката вече не важи. Поискайте нова."),
        "invalid_password_reset": _("Връзката вече не важи. Поискайте нова."),
        "too_many_login_attempts": _("Опитите станаха много. Изчакайте пет минути."),
        "rate_limited": _("Изчакайте малко и опитайте пак."),
    }

    def get_login_stages(self) -> list[str]:
        """After the password or the code: the second factor, where the person has one."""
        return ["accounts.factors.FactorStage"]

    def login(self, request: HttpRequest, user: User) -> None:
        enter(request, user)
        for tell in CAME_IN:
            tell(user, devices.named(request.headers.get("User-Agent", "")), timezone.now())

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_in_log.failed(request, way="password", who=shortened(str(credentials.get("email", "")).lower()))

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Only what says what to do is shown; „вие влязохте“ tells nobody anything."""
        if message:
            super().add_message(request, level, message=message, extra_tags=extra_tags)
