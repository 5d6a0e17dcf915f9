"""Where a help request, an offer and a visit can stand, and which step may follow which.

Each table reads: target → allowed sources. `docs/states.md` is drawn from them.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

Moves = dict[str, frozenset[str]]
# `subject_type` of the journal's entries about somebody's second factor: of a person, about no request.
SIGN_IN = "sign_in"


class RequestState(models.TextChoices):
    UNVERIFIED = "unverified", _("чака обаждане")
    OPEN = "open", _("търсим")
    OFFERED = "offered", _("питаме доброволец")
    PARTLY_STAFFED = "partly_staffed", _("търсим втори човек")
    SCHEDULED = "scheduled", _("уговорено")
    CONFIRMED = "confirmed", _("потвърдено")
    IN_PROGRESS = "in_progress", _("тече посещение")
    CLOSED = "closed", _("приключено")
    CANCELLED = "cancelled", _("отменено")
    WITHDRAWN = "withdrawn", _("вече не е нужно")
    EXPIRED = "expired", _("срокът мина")


_S = RequestState
ENDED = frozenset({_S.CLOSED, _S.CANCELLED, _S.WITHDRAWN, _S.EXPIRED})
LIVE = frozenset(_S) - ENDED
BEFORE_VISIT = frozenset({_S.OPEN, _S.OFFERED, _S.PARTLY_STAFFED, _S.SCHEDULED, _S.CONFIRMED})
OPEN_FOR_OFFERS = frozenset({_S.OPEN, _S.OFFERED, _S.PARTLY_STAFFED})

REQUEST_MOVES: Moves = {
    # again: somebody who was never reached by phone is phoned first, also in the next attempt
    _S.UNVERIFIED: frozenset({_S.CANCELLED, _S.WITHDRAWN, _S.EXPIRED}),
    # back to OPEN: verified by phone, everybody declined, the volunteer cannot come, or reopened as attempt n + 1
    _S.OPEN: frozenset({_S.UNVERIFIED, _S.OFFERED, _S.PARTLY_STAFFED, _S.SCHEDULED, _S.CONFIRMED}) | ENDED,
    _S.OFFERED: frozenset({_S.OPEN}),
    _S.PARTLY_STAFFED: frozenset({_S.OPEN, _S.OFFERED, _S.SCHEDULED, _S.CONFIRMED}),
    _S.SCHEDULED: frozenset({_S.OPEN, _S.OFFERED, _S.PARTLY_STAFFED, _S.CONFIRMED}),
    _S.CONFIRMED: frozenset({_S.SCHEDULED}),
    _S.IN_PROGRESS: frozenset({_S.SCHEDULED, _S.CONFIRMED}),
    _S.CLOSED: frozenset({_S.IN_PROGRESS}),
    # by the office: a duplicate, a joke, somebody who moved away
    _S.CANCELLED: BEFORE_VISIT | {_S.UNVERIFIED},
    # by the person: no longer needed
    _S.WITHDRAWN: BEFORE_VISIT | {_S.UNVERIFIED},
    _S.EXPIRED: frozenset({_S.UNVERIFIED, _S.OPEN, _S.OFFERED, _S.PARTLY_STAFFED}),
}


class OfferState(models.TextChoices):
    MADE = "made", _("чака отговор")
    ACCEPTED = "accepted", _("прието")
    DECLINED = "declined", _("отказано")
    EXPIRED = "expired", _("без отговор")
    WITHDRAWN = "withdrawn", _("оттеглено")
    RELEASED = "released", _("освободено")


_O = OfferState
OFFER_MOVES: Moves = {
    _O.ACCEPTED: frozenset({_O.MADE}),
    _O.DECLINED: frozenset({_O.MADE}),
    _O.EXPIRED: frozenset({_O.MADE}),
    _O.WITHDRAWN: frozenset({_O.MADE}),
    _O.RELEASED: frozenset({_O.ACCEPTED}),
}


class VisitState(models.TextChoices):
    SCHEDULED = "scheduled", _("уговорено")
    CONFIRMED = "confirmed", _("потвърдено")
    CHECKED_IN = "checked_in", _("на място")
    DONE = "done", _("приключено")
    NO_SHOW = "no_show", _("доброволецът не дойде")
    CANCELLED = "cancelled", _("отменено")


_V = VisitState
VISIT_MOVES: Moves = {
    # back to SCHEDULED when it was moved and must be confirmed anew
    _V.SCHEDULED: frozenset({_V.CONFIRMED}),
    _V.CONFIRMED: frozenset({_V.SCHEDULED}),
    _V.CHECKED_IN: frozenset({_V.SCHEDULED, _V.CONFIRMED}),
    _V.DONE: frozenset({_V.CHECKED_IN}),
    _V.NO_SHOW: frozenset({_V.SCHEDULED, _V.CONFIRMED}),
    _V.CANCELLED: frozenset({_V.SCHEDULED, _V.CONFIRMED}),
}
VISIT_LIVE = frozenset({_V.SCHEDULED, _V.CONFIRMED, _V.CHECKED_IN})


class NextStep(models.TextChoices):
    """What will happen to a request next; `next_step_at` says when somebody must look."""

    PHONE_PERSON = "phone_person", _("обаждаме се")
    PLAN = "plan", _("търсим кой да дойде")
    WAIT = "wait", _("чакаме уговорения ден")
    ANSWER = "answer", _("чакаме отговор на доброволец")
    SECOND_PERSON = "second_person", _("търсим втори човек")
    VISIT = "visit", _("посещение")
    CHECK_OUT = "check_out", _("край на посещението")
    DESK = "desk", _("координаторът решава")
    NOTHING = "", _("нищо")


class Mode(models.TextChoices):
    HOME_VISIT = "HOME_VISIT", _("у дома")
    HELP_POINT = "HELP_POINT", _("в пункт")
    PHONE_HELP = "PHONE_HELP", _("по телефон")
    ESCORT = "ESCORT", _("придружаване")


class Urgency(models.TextChoices):
    IN_TIME = "in_time", _("в срок")
    THREE_DAYS = "three_days", _("до 3 дни")
    TODAY = "today", _("днес")


class UrgencyReason(models.TextChoices):
    DEADLINE = "deadline", _("изтича срок")
    NO_HEAT = "no_heat", _("остава без отопление или ток")
    NO_MONEY = "no_money", _("остава без доход")
    NO_DOCUMENT = "no_document", _("остава без документ")
    OTHER = "other", _("друга причина")


class AskedBy(models.TextChoices):
    SELF = "self", _("за себе си")
    RELATIVE = "relative", _("за близък")
    NEIGHBOUR = "neighbour", _("за съсед")
    OFFICIAL = "official", _("от кметството или друга служба")


class Source(models.TextChoices):
    WEB = "web", _("интернет")
    PHONE = "phone", _("телефон")
    DESK = "desk", _("на гише")


class Need(models.TextChoices):
    """Functional needs: what helps, never why. No diagnosis."""

    HOME_VISIT = "home_visit", _("посещение у дома")
    LARGE_PRINT = "large_print", _("едър шрифт")
    SPEAK_SLOWLY = "speak_slowly", _("бавен говор")
    SPEAK_LOUDLY = "speak_loudly", _("силен говор")
    SPEAK_SOFTLY = "speak_softly", _("тих говор")
    READ_ALOUD = "read_aloud", _("четене на глас")
    STEPS = "steps", _("място без стъпала")
    WITH_RELATIVE = "with_relative", _("с близък до себе си")


class Outcome(models.TextChoices):
    SUBMITTED = "submitted", _("подадено")
    SELF_DONE = "self_done", _("човекът го направи сам")
    REFERRED = "referred", _("насочихме към друга служба")
    BLOCKED_EID = "blocked_eid", _("спря ни електронната идентичност")
    BLOCKED_DOCUMENT = "blocked_document", _("липсва документ")
    BLOCKED_PORTAL = "blocked_portal", _("спря ни порталът")
    CHOSE_COUNTER = "chose_counter", _("избра гише")
    NOT_ELIGIBLE = "not_eligible", _("няма право на услугата")
    NOBODY_HOME = "nobody_home", _("нямаше никого")


# What the person asked for was done; every other outcome is an end without it.
HELPED = frozenset({Outcome.SUBMITTED, Outcome.SELF_DONE})


class Helped(models.TextChoices):
    """The person's own answer to the one question after a visit."""

    YES = "yes", _("да, помогнахме")
    NO = "no", _("не, не помогнахме")


class DeclineReason(models.TextChoices):
    BUSY = "busy", _("имам друго тогава")
    TOO_FAR = "too_far", _("далече е")
    NOT_THIS_KIND = "not_this_kind", _("не такава услуга")
    NOT_THESE_HOURS = "not_these_hours", _("не в тези часове")
    UNSURE = "unsure", _("не знам дали ще се справя")
    OTHER = "other", _("друго")


class AnswerChannel(models.TextChoices):
    APP = "app", _("в приложението")
    PHONE = "phone", _("по телефона")
    SMS = "sms", _("със SMS")
    TIMER = "timer", _("срокът мина")
    HAND = "hand", _("от координатор")


class RuleKind(models.TextChoices):
    BLOCKED = "blocked", _("не заедно")
    PREFERRED = "preferred", _("за предпочитане заедно")


class Phase(models.TextChoices):
    BEFORE = "before", _("преди помощта")
    AFTER = "after", _("след помощта")


class ConsentAnswer(models.TextChoices):
    YES = "yes", _("съгласие")
    NO = "no", _("отказ")


class ConsentWay(models.TextChoices):
    SMS = "sms", _("по SMS")
    PHONE = "phone", _("по телефона")


class AgreementKind(models.TextChoices):
    REMIND = "remind", _("напомняне догодина")
    RELATIVE = "relative", _("да кажем на близък")
    MANDATE = "mandate", _("близък говори вместо човека")


class AgreementWay(models.TextChoices):
    PHONE = "phone", _("по телефона")
    DESK = "desk", _("на гише")
    PAPER = "paper", _("на хартия")
    WEB = "web", _("в интернет")


class UnusualRule(models.TextChoices):
    """Why reading looks unusual."""

    MANY = "many", _("много хора за един час")
    NIGHT = "night", _("през нощта")
    NEIGHBOUR = "neighbour", _("човек от собственото село")
    OWN_NAME = "own_name", _("човек със същата фамилия")


class ErasedWho(models.TextChoices):
    RESIDENT = "resident", _("жител")
    VOLUNTEER = "volunteer", _("доброволец")


class EvidenceKind(models.TextChoices):
    CONSENT = "consent", _("съгласие")
    MANDATE = "mandate", _("пълномощно")
    INCIDENT = "incident", _("случай")
