"""What a token for a program may be allowed to do: actions of the policy table, in plain words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.policy import allows

SCOPES: dict[str, str | Promise] = {
    "places.read": _("Вижда населените места"),
    "help_point.read": _("Вижда помощните пунктове"),
    "catalogue.read": _("Вижда услугите"),
    "help_request.read": _("Вижда заявките"),
    "help_request.intake": _("Записва нови заявки"),
    "help_request.change": _("Променя и отменя заявки"),
    "api.offers": _("Вижда поканите"),
    "api.visits": _("Вижда посещенията"),
    "volunteer.read": _("Вижда доброволците"),
    "report.read": _("Вижда справките"),
    "webhooks.read": _("Вижда връзките с други системи"),
    "webhooks.manage": _("Прави и сменя връзки с други системи"),
}


def scopes_of(role: str) -> list[str]:
    """The scopes somebody with this role may hand to a program."""
    return [scope for scope in SCOPES if allows(role, scope)]
