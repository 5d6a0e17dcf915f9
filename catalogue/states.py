"""The words services are described with."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    """How help reaches a person."""

    HOME_VISIT = "HOME_VISIT", _("посещение вкъщи")
    HELP_POINT = "HELP_POINT", _("среща в пункт за помощ")
    PHONE_HELP = "PHONE_HELP", _("помощ по телефона")
    ESCORT = "ESCORT", _("придружаване до гише")


class IdMeans(models.TextChoices):
    """How an institution's portal knows who is asking."""

    NONE = "NONE", _("не се иска")
    EGN = "EGN", _("само ЕГН, въвежда го човекът")
    PIK_NOI = "PIK_NOI", _("ПИК на НОИ")
    PIK_NAP = "PIK_NAP", _("ПИК на НАП")
    KEP = "KEP", _("електронен подпис (КЕП)")
    KEP_MOBILE = "KEP_MOBILE", _("електронен подпис в телефона")
    EAUTH = "EAUTH", _("еАвтентикация")
    APP_QR = "APP_QR", _("приложение с QR код")
    UKD = "UKD", _("код за достъп от РЗОК (УКД)")
    MUNI_PIN = "MUNI_PIN", _("ПИН от общината")
    ACCOUNT = "ACCOUNT", _("регистрация в сайта")
    UNKNOWN = "UNKNOWN", _("още не знаем")


class Verification(models.TextChoices):
    VERIFIED = "verified", _("проверено")
    PARTLY = "partly", _("проверено отчасти")
    UNVERIFIED = "unverified", _("още непроверено")


class SeasonKind(models.TextChoices):
    """What a season means: the only time to apply, the last good time, or the busiest time."""

    WINDOW = "window", _("подава се само тогава")
    DEADLINE = "deadline", _("после става по-скъпо")
    PEAK = "peak", _("тогава идват повечето хора")


class DifficultyGroup(models.TextChoices):
    ACCESS = "access", _("техника и връзка")
    IDENTITY = "identity", _("самоличност онлайн")
    SKILLS = "skills", _("умения и език")
    HEALTH = "health", _("здраве и възраст")
    ATTITUDE = "attitude", _("нагласи и страхове")
    PAPERS = "papers", _("документи и права")
    PORTAL = "portal", _("портали")
    MONEY = "money", _("пари и плащане")
