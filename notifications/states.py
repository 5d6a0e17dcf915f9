"""Where a message and a desk task can stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    IN_APP = "in_app", _("в приложението")
    EMAIL = "email", _("имейл")
    FILE = "file", _("телефон")


class MessageState(models.TextChoices):
    QUEUED = "queued", _("чака")
    CLAIMED = "claimed", _("изпраща се")
    SENT = "sent", _("изпратено")
    FAILED = "failed", _("не стигна")
    EXPIRED = "expired", _("закъсня")


_M = MessageState
# target → allowed sources
MESSAGE_MOVES: dict[str, frozenset[str]] = {
    _M.CLAIMED: frozenset({_M.QUEUED}),
    # again, after a failed attempt or a dead sender
    _M.QUEUED: frozenset({_M.CLAIMED}),
    # also when the sender was slow and its claim was taken back: what was sent is sent
    _M.SENT: frozenset({_M.CLAIMED, _M.QUEUED}),
    _M.FAILED: frozenset({_M.CLAIMED}),
    _M.EXPIRED: frozenset({_M.QUEUED}),
}


class TaskKind(models.TextChoices):
    VERIFY_WEB = "verify_web", _("Звъннете: заявка от интернет")
    NO_VOLUNTEER = "no_volunteer", _("Няма кой да отиде")
    LADDER_ENDED = "ladder_ended", _("Поканените отказаха")
    HALF_STAFFED = "half_staffed", _("Търсим втори човек")
    PROMISE_BROKEN = "promise_broken", _("Обещаното вече не пасва")
    CHECKOUT_OVERDUE = "checkout_overdue", _("Посещението не е приключено")
    NO_SHOW = "no_show", _("Доброволецът не дойде")
    CANNOT_COME = "cannot_come", _("Доброволецът не може да дойде")
    MOVE_ASKED = "move_asked", _("Човекът иска друг ден")
    MESSAGE_FAILED = "message_failed", _("Съобщението не стигна")
    APPLICATION = "application", _("Нов доброволец кандидатства")
    HELP_NEEDED = "help_needed", _("Доброволец иска помощ")
    DEADLINE_NEAR = "deadline_near", _("Срокът наближава")
    NOBODY_HOME = "nobody_home", _("Нямаше никого")
