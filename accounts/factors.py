"""The second factor as the sign-in library keeps it, with our keys, words and drawing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import qrcode
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.utils import is_mfa_enabled
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from qrcode.image.svg import SvgPathFillImage

from accounts.models import User
from core import crypto
from core.rotation import Progress

# The library knows the text alone when it seals: the value is bound to its table, not to its row.
BOUND_TO = "mfa_authenticator.data"
# What is sealed within `data`: an app's secret, and what printed codes were made from until they were hashed.
SEALED = ("secret", "seed")


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def encrypt(self, text: str) -> str:
        return crypto.seal(text, bound_to=BOUND_TO)

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.unseal(encrypted_text, bound_to=BOUND_TO)

    def get_totp_issuer(self) -> str:
        return _("Цифрови доброволци")

    def build_totp_svg(self, url: str) -> str:
        """On white, so that a telephone reads it from a dark page too."""
        drawn = BytesIO()
        qrcode.make(url, image_factory=SvgPathFillImage).save(drawn)
        return drawn.getvalue().decode()

    def get_public_key_credential_user_entity(self, user: User) -> dict[str, Any]:
        return {**super().get_public_key_credential_user_entity(user), "display_name": user.get_full_name()}


class FactorStage(AuthenticateStage):  # type: ignore[misc]
    """Asked of whoever has any second factor; printed codes alone are one."""

    def _should_handle(self, request: HttpRequest) -> bool:
        return self.login.user is not None and is_mfa_enabled(self.login.user)


def rotate(_batch: int) -> Iterator[Progress]:
    """Seal the secrets anew with the first key, beside the running application."""
    done = 0
    for key in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        with transaction.atomic():
            row = Authenticator.objects.select_for_update().filter(pk=key).first()
            old = {name: row.data[name] for name in SEALED if row and name in row.data and not _is_new(row.data[name])}
            if row is None or not old:
                continue
            adapter = FactorAdapter()
            row.data.update({name: adapter.encrypt(adapter.decrypt(value)) for name, value in old.items()})
            row.save(update_fields=["data"])
            done += 1
    yield Progress(Authenticator._meta.db_table, done, 0)


def in_use() -> Counter[str]:
    rows = Authenticator.objects.values_list("data", flat=True)
    return Counter(crypto.key_of(data[name]) for data in rows.iterator() for name in SEALED if name in data)


def _is_new(value: str) -> bool:
    return crypto.key_of(value) == crypto.first_key()
