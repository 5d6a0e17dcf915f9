"""The roles somebody can have in one municipality, and who comes without an account."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    VOLUNTEER = "volunteer", _("доброволец")
    CLERK = "clerk", _("гише")
    COORDINATOR = "coordinator", _("координатор")
    SAFEGUARDING = "safeguarding", _("отговорник по закрила")
    AUDITOR = "auditor", _("одитор")
    ADMINISTRATOR = "administrator", _("администратор")


class WithoutAccount(models.TextChoices):
    """Known by a request's tracking code and their own telephone, for as long as the browser is open."""

    RESIDENT = "resident", _("жител")
    RELATIVE = "relative", _("близък, който поиска помощта")


STAFF = (Role.CLERK, Role.COORDINATOR, Role.SAFEGUARDING, Role.AUDITOR, Role.ADMINISTRATOR)
# Giver → what they may give and take: nobody more than they have themselves; who watches over the others is
# chosen by the administrator alone.
_GIVES: dict[str, frozenset[Role]] = {
    Role.COORDINATOR: frozenset({Role.VOLUNTEER, Role.CLERK, Role.COORDINATOR}),
    Role.ADMINISTRATOR: frozenset(Role),
}


def may_grant(giver: str, role: str) -> bool:
    """Whether somebody with the role `giver` may give or take the role `role`."""
    return Role(role) in _GIVES.get(giver, frozenset())
