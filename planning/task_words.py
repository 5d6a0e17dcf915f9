"""A task in words: what is wrong, the facts, the one thing to do, and how it can end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from core.clock import local_date
from core.phones import display
from core.templatetags.dv import clock, day_clock, long_date, minutes
from notifications.states import TaskKind
from planning.selectors.tasks import TaskAbout
from requests import unserved
from requests.states import Mode

K = TaskKind
# Somebody stands at a door, or should by now.
AT_THE_DOOR = frozenset({K.HELP_NEEDED, K.CHECKOUT_OVERDUE, K.NO_SHOW, K.CANNOT_COME})
NO_HURRY = frozenset({K.APPLICATION})
TO_CANDIDATES = frozenset({K.NO_VOLUNTEER, K.LADDER_ENDED, K.HALF_STAFFED, K.CANNOT_COME, K.DEADLINE_NEAR})
# What is due longer than this is due now.
LET_PASS = timedelta(hours=4)
# Why somebody must ask about consent.
CONSENTS = {
    "silent": gettext_lazy("Човекът не отговори на SMS. Питайте по телефона."),
    "not_told": gettext_lazy("SMS не стигна. Питайте по телефона."),
    "refused": gettext_lazy("Човекът отговори с „не“. Разберете защо."),
}


@dataclass(frozen=True)
class Row:
    """One row of the work list. `call` is an E.164 number, else `url` leads to where it is solved."""

    about: TaskAbout
    what: str
    facts: str
    action: str = ""
    url: str = ""
    call: str = ""
    who: str = ""


def group_of(about: TaskAbout, now: datetime) -> str:
    """`now`, `today` or `week`."""
    task = about.task
    if task.due_at > now:
        return "today" if local_date(task.due_at) == local_date(now) else "week"
    if task.kind in NO_HURRY:
        return "week" if now - task.due_at < timedelta(days=3) else "today"
    if task.kind in AT_THE_DOOR or now - task.due_at > LET_PASS or _deadline_is_near(about, local_date(now)):
        return "now"
    return "today"


def _deadline_is_near(about: TaskAbout, today: date) -> bool:
    deadline = about.help_request.deadline if about.help_request else None
    return deadline is not None and deadline <= today + timedelta(days=1)


def row(about: TaskAbout, *, may_assign: bool) -> Row:
    """The task in words, with the one action that is open to the reader."""
    what, facts = _what(about), _facts(about)
    task, help_request = about.task, about.help_request
    who = about.people[0] if about.people else None
    if task.kind in (K.HELP_NEEDED, K.CHECKOUT_OVERDUE, K.NO_SHOW) and who and who.contact.phone:
        return Row(about, what, facts, _("Обаждам се"), call=who.contact.phone, who=who.name)
    if task.kind == K.VERIFY_WEB and help_request and help_request.resident.contact.phone:
        phone = help_request.resident.contact.phone
        return Row(about, what, facts, _("Обаждам се"), call=phone, who=help_request.resident.name)
    if about.message is not None and task.kind == K.HAND_OVER:
        return Row(about, what, facts, _("Отпечатвам"), reverse("requests:paper_letter", args=[about.message.pk]))
    if about.message is not None and about.message.contact.phone:
        # The number stands behind „Поемам“, so that two colleagues do not ring the same person.
        return Row(about, what, facts, _("Обаждам се"), reverse("planning:task", args=[task.pk]))
    if task.subject_type == "volunteer":
        return Row(about, what, facts, _("Виж кандидата"), reverse("volunteers:detail", args=[task.subject_id]))
    if help_request and task.kind in TO_CANDIDATES and may_assign:
        return Row(about, what, facts, _("Виж кандидати"), reverse("planning:candidates", args=[help_request.pk]))
    if task.kind == K.WEBHOOK and may_assign:
        return Row(about, what, facts, _("Виж връзката"), reverse("requests:webhook", args=[task.subject_id]))
    if task.kind == K.WORDING:
        named = [task.facts.get("kind", ""), task.facts.get("language", "")]
        return Row(about, what, facts, _("Поправям текста"), _reverse("requests:word", named))
    if task.kind == K.CONSENT and help_request:
        return Row(about, what, facts, _("Питам"), _reverse("requests:detail_consent", [help_request.pk]))
    if about.inbound is not None and about.inbound.sender.startswith("+"):
        return Row(about, what, facts, _("Обаждам се"), call=about.inbound.sender)
    url = detail(help_request.pk) if help_request else ""
    return Row(about, what, facts, _("Виж заявката") if url else "", url)


def detail(pk: UUID) -> str:
    """The request's own page; nothing in an installation without it."""
    return _reverse("requests:detail", [pk])


def _reverse(name: str, args: list[Any]) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def sender(about: TaskAbout) -> str:
    """Who wrote: a number as people write it, or what the gateway said instead of one."""
    said = about.inbound.sender if about.inbound is not None else ""
    return display(said) if said.startswith("+") else said


def place_of(about: TaskAbout) -> str:
    help_request = about.help_request
    if help_request is None:
        return ""
    point = help_request.help_point if help_request.mode == Mode.HELP_POINT else None
    return (point or help_request.resident).settlement.prefixed_name


def _what(about: TaskAbout) -> str:
    named = about.people[0].name if about.people else _("Доброволецът")
    resident = about.help_request.resident.name if about.help_request else ""
    home = about.help_request.resident.settlement.prefixed_name if about.help_request else ""
    subject = about.message.subject if about.message else ""
    facts = {"who": named, "name": resident, "where": place_of(about), "home": home, "subject": subject}
    facts["label"] = about.task.facts.get("label", "")
    said = {
        K.VERIFY_WEB: _("%(name)s от %(home)s чака обаждане"),
        K.NO_VOLUNTEER: _("Няма кой да отиде при %(name)s, %(where)s"),
        K.LADDER_ENDED: _("Поканените отказаха: %(name)s, %(where)s"),
        K.HALF_STAFFED: _("Няма втори човек за %(name)s, %(where)s"),
        K.PROMISE_BROKEN: _("Уговореното вече не пасва: %(name)s, %(where)s"),
        K.CHECKOUT_OVERDUE: _("Посещението още тече: %(who)s, %(where)s"),
        K.NO_SHOW: _("Посещението не е започнало: %(who)s, %(where)s"),
        K.CANNOT_COME: _("Трябва друг човек за %(name)s, %(where)s"),
        K.MOVE_ASKED: _("Искат друг час: %(name)s, %(where)s"),
        K.MESSAGE_FAILED: _("Съобщение не стигна"),
        K.CALL_PERSON: _("Звъннете и кажете: %(subject)s"),
        K.HAND_OVER: _("Предайте на хартия: %(subject)s"),
        K.UNCLEAR_REPLY: _("Неясен отговор по SMS"),
        K.PROVIDER: _("Съобщенията не излизат"),
        K.WEBHOOK: _("„%(label)s“ не получава събитията"),
        K.WORDING: _("Променен текст не се попълва"),
        K.CONSENT: _("Съгласието чака: %(name)s, %(where)s"),
        K.APPLICATION: _("Нов доброволец кандидатства: %(who)s"),
        K.HELP_NEEDED: _("%(who)s иска помощ, %(where)s"),
        K.DEADLINE_NEAR: _("Срокът наближава: %(name)s, %(where)s"),
        K.NOBODY_HOME: _("Нямаше никого: %(name)s, %(where)s"),
    }
    return said[K(about.task.kind)] % facts


def _facts(about: TaskAbout) -> str:
    lines = [_first_fact(about)]
    if about.task.kind in TO_CANDIDATES and about.help_request and about.help_request.deadline:
        lines.append(_("Срок: %(day)s") % {"day": long_date(about.help_request.deadline)})
    return " ".join(line for line in lines if line)


def _first_fact(about: TaskAbout) -> str:
    kind, facts, visit = about.task.kind, about.task.facts, about.visit
    if kind == K.NO_VOLUNTEER and about.help_request:
        said = unserved.sentence(facts.get("reason", ""), facts.get("with", []))
        return said if said and not about.help_request.unserved_reason else unserved.why(about.help_request)
    if kind == K.LADDER_ENDED and facts.get("asked"):
        asked = facts["asked"]
        return ngettext("Питахме %(n)s човек.", "Питахме %(n)s души.", asked) % {"n": asked}
    if kind == K.DEADLINE_NEAR and facts.get("waiting"):
        asked = facts["waiting"]
        said = ngettext("Питаме %(n)s човек, още никой не е приел.", "Питаме %(n)s души, още никой не е приел.", asked)
        return said % {"n": asked}
    if kind == K.HALF_STAFFED:
        return _("Освободихме първия с благодарност.")
    if kind == K.PROMISE_BROKEN:
        return _broken(about)
    if visit is not None and kind == K.CHECKOUT_OVERDUE:
        return _("Очакван край: %(when)s") % {"when": clock(visit.end)}
    if visit is not None and kind == K.NO_SHOW:
        return _("Начало: %(when)s") % {"when": clock(visit.start)}
    if kind == K.CANNOT_COME and about.people:
        return _("%(who)s не може да дойде.") % {"who": about.people[0].name}
    if kind == K.PROVIDER:
        return _provider(facts)
    if kind == K.WEBHOOK:
        return _("Връзката е спряна.") if facts.get("what") == "paused" else _("Опитвахме цял ден.")
    if kind == K.CONSENT and facts.get("why") in CONSENTS:
        return str(CONSENTS[facts["why"]])
    if kind == K.WORDING:
        return _("Тръгна стандартният текст. Поправете своя.")
    if kind == K.UNCLEAR_REPLY and about.inbound is not None:
        return _("От %(phone)s, %(when)s") % {"phone": sender(about), "when": day_clock(about.inbound.received_at)}
    if about.message and about.addressee:
        tries = facts.get("tries", 0)
        rung = ngettext("Звъняхме %(n)s път.", "Звъняхме %(n)s пъти.", tries) % {"n": tries} if tries else ""
        return f"{about.addressee}. {rung}" if rung else about.addressee
    return _("Чака от %(when)s") % {"when": day_clock(about.task.created_at)}


def _provider(facts: dict[str, Any]) -> str:
    name = {"provider": facts.get("provider", "")}
    if facts.get("what") == "credits":
        return _("Кредитът при %(provider)s свършва: остават %(left)s.") % {**name, "left": facts.get("left", 0)}
    if facts.get("what") == "failing":
        return _("Много съобщения през %(provider)s не стигат.") % name
    return _("%(provider)s не отговаря. Съобщенията чакат или тръгват по друг път.") % name


def _broken(about: TaskAbout) -> str:
    facts = about.task.facts
    said = {"who": about.people[0].name if about.people else _("Доброволецът")}
    if facts.get("why", "way") == "way" and about.place is not None:
        said["where"] = about.place.prefixed_name
        said["way"], said["have"] = minutes(facts["minutes"]), minutes(facts["have"])
        told = _(
            "%(who)s идва от %(where)s: пътят е %(way)s, при %(have)s свободни. Преместете едното или сменете човека."
        )
        return told % said
    return {
        "way": _("Пътят на %(who)s между две посещения не стига."),
        "away": _("%(who)s вече отсъства този ден."),
        "left": _("%(who)s вече не помага."),
    }.get(facts.get("why", "way"), "") % said
