"""The roles a member of staff or a volunteer can have in one municipality."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    VOLUNTEER = "volunteer", _("доброволец")
    CLERK = "clerk", _("гише")
    COORDINATOR = "coordinator", _("координатор")
    ADMINISTRATOR = "administrator", _("администратор")


# Nobody gives more than they have themselves, nor changes who stands above them.
_RANK = [Role.VOLUNTEER, Role.CLERK, Role.COORDINATOR, Role.ADMINISTRATOR]
STAFF = (Role.CLERK, Role.COORDINATOR, Role.ADMINISTRATOR)
_GIVERS = frozenset({Role.COORDINATOR, Role.ADMINISTRATOR})


def may_grant(giver: str, role: str) -> bool:
    """Whether somebody with the role `giver` may give or take the role `role`."""
    return giver in _GIVERS and _RANK.index(Role(role)) <= _RANK.index(Role(giver))
