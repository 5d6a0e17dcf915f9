"""Where a message and a desk task can stand, and the ways a message can take."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    IN_APP = "in_app", _("в приложението")
    PUSH = "push", _("известие")
    SMS = "sms", _("SMS")
    EMAIL = "email", _("имейл")
    VOICE = "voice", _("обаждане")
    PAPER = "paper", _("на хартия")


# Taken out of the house by a carrier; by a person at the desk; the rest stands in the app at once.
CARRIED = (Channel.PUSH, Channel.SMS, Channel.EMAIL)
BY_HAND = (Channel.VOICE, Channel.PAPER)
# Tell later whether a message arrived: gateways by their reports, a browser by its own word.
REPORTING = (Channel.PUSH, Channel.SMS)


class MessageClass(models.TextChoices):
    """How pressing a message is: what it may do about quiet hours, the daily cap and „stop“."""

    SAFETY = "safety", _("код и сигурност")
    CANCELLATION = "cancellation", _("отмяна")
    URGENT = "urgent", _("спешно")
    ORDINARY = "ordinary", _("обикновено")


class MessageState(models.TextChoices):
    QUEUED = "queued", _("чака")
    CLAIMED = "claimed", _("изпраща се")
    SENT = "sent", _("изпратено")
    DELIVERED = "delivered", _("получено")
    FAILED = "failed", _("не стигна")
    EXPIRED = "expired", _("закъсня")
    UNKNOWN = "unknown", _("не се знае")


_M = MessageState
# target → allowed sources. A receipt only moves forward, whatever order the news of it comes in.
MESSAGE_MOVES: dict[str, frozenset[str]] = {
    _M.CLAIMED: frozenset({_M.QUEUED}),
    # again, after a failed attempt, or when its sender died before it had begun to hand it over
    _M.QUEUED: frozenset({_M.CLAIMED}),
    # also when the sender was slow and its claim was taken back: what was sent is sent
    _M.SENT: frozenset({_M.CLAIMED, _M.QUEUED, _M.UNKNOWN}),
    # the sender died while handing it over, or nobody reported in time
    _M.UNKNOWN: frozenset({_M.CLAIMED, _M.SENT}),
    _M.FAILED: frozenset({_M.QUEUED, _M.CLAIMED, _M.SENT, _M.UNKNOWN}),
    # whoever reports that it arrived has the last word
    _M.DELIVERED: frozenset({_M.CLAIMED, _M.QUEUED, _M.SENT, _M.UNKNOWN, _M.FAILED}),
    _M.EXPIRED: frozenset({_M.QUEUED}),
}
# What counts as having gone out.
GONE_OUT = (_M.SENT, _M.DELIVERED)


class InboundState(models.TextChoices):
    RECEIVED = "received", _("чака")
    HANDLED = "handled", _("свършено")
    AT_DESK = "at_desk", _("при колега")


class CallbackSource(models.TextChoices):
    MISSED = "missed", _("пропуснато обаждане")
    VOICEMAIL = "voicemail", _("гласово съобщение")
    PROMISED = "promised", _("обещано обаждане")
    REPLY = "reply", _("поиска по SMS")


class CallbackResult(models.TextChoices):
    HELPED = "helped", _("Говорихме, помогнах")
    REQUEST = "request", _("Записах заявка")
    NOT_FOR_US = "not_for_us", _("Не е за нас")
    NOT_REACHED = "not_reached", _("Не вдига, отказваме се")
    WRONG = "wrong", _("Грешен номер")


class DeliveryState(models.TextChoices):
    """An event on its way to another system."""

    QUEUED = "queued", _("чака")
    CLAIMED = "claimed", _("изпраща се")
    DELIVERED = "delivered", _("прието")
    FAILED = "failed", _("не е прието")


_D = DeliveryState
# target → allowed sources
DELIVERY_MOVES: dict[str, frozenset[str]] = {
    _D.CLAIMED: frozenset({_D.QUEUED}),
    # again, after an attempt or a dead sender; or somebody asks for it once more
    _D.QUEUED: frozenset({_D.CLAIMED, _D.DELIVERED, _D.FAILED}),
    # also when the sender was slow and its claim was taken back: what was taken is taken
    _D.DELIVERED: frozenset({_D.CLAIMED, _D.QUEUED, _D.FAILED}),
    _D.FAILED: frozenset({_D.CLAIMED}),
}


class PauseReason(models.TextChoices):
    BY_HAND = "by_hand", _("спряна от човек")
    FAILING = "failing", _("дълго не приема")
    GONE = "gone", _("каза, че вече я няма")
    TOKEN_OVER = "token_over", _("ключът, с който е направена, вече не важи")


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
    CALL_PERSON = "call_person", _("Звъннете и кажете")
    HAND_OVER = "hand_over", _("Предайте на хартия")
    UNCLEAR_REPLY = "unclear_reply", _("Неясен отговор по SMS")
    PROVIDER = "provider", _("Съобщенията не излизат")
    WEBHOOK = "webhook", _("Друга система не получава събитията")
    WORDING = "wording", _("Променен текст не се попълва")
    CONSENT = "consent", _("Съгласието чака")
    APPLICATION = "application", _("Нов доброволец кандидатства")
    HELP_NEEDED = "help_needed", _("Доброволец иска помощ")
    DEADLINE_NEAR = "deadline_near", _("Срокът наближава")
    NOBODY_HOME = "nobody_home", _("Нямаше никого")
