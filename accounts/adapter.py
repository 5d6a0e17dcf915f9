"""How allauth behaves here: nobody signs up alone, people are invited or approved."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("Достъпът ви е спрян. Обадете се в общината."),
        "email_password_mismatch": _("Имейлът или паролата не съвпадат. Опитайте пак."),
        "incorrect_code": _("Кодът е друг. Препишете го от последния имейл."),
        "invalid_login": _("Имейлът или паролата не съвпадат. Опитайте пак."),
        "invalid_or_expired_key": _("Връзката вече не важи. Поискайте нова."),
        "invalid_password_reset": _("Връзката вече не важи. Поискайте нова."),
        "too_many_login_attempts": _("Опитите станаха много. Изчакайте пет минути."),
        "rate_limited": _("Изчакайте малко и опитайте пак."),
    }

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
