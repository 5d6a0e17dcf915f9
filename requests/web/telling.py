"""How a resident is told where their request stands: tag, heading, a sentence, the thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from core.clock import local_date
from requests.models import HelpRequest, JournalEntry
from requests.selectors.tracking import Appointment, appointment_of, happened
from requests.states import BEFORE_VISIT, ENDED, Mode, Outcome, RequestState
from requests.web.words import on_day

_S = RequestState
# So long after the hour we are late and not merely on the road.
LATE = timedelta(minutes=20)
# The thread shows the last of what happened; the older is in the journal.
MOST_PAST = 6


class Stitch(NamedTuple):
    """One diamond of the thread; `css` is "", "here" or "todo"."""

    text: str
    at: datetime | None = None
    css: str = ""


@dataclass(frozen=True)
class Story:
    help_request: HelpRequest
    appointment: Appointment | None
    tag: tuple[str, str]
    heading: str
    lines: list[str]
    thread: list[Stitch] = field(default_factory=list)
    may_confirm: bool = False
    may_change: bool = False
    is_coming: bool = False
    # After a visit: the one question, and whether it was answered.
    asks: bool = False
    answered: bool = False

    @property
    def where(self) -> str:
        return where(self.help_request)

    @property
    def documents(self) -> list[str]:
        service = self.help_request.service
        return service.documents if service else []


def where(help_request: HelpRequest) -> str:
    """The village only, and the point's name; never the address."""
    if help_request.mode == Mode.HELP_POINT and help_request.help_point is not None:
        point = help_request.help_point
        return f"{point.name}, {point.settlement.prefixed_name}"
    if help_request.mode == Mode.PHONE_HELP:
        return _("по телефона")
    home = help_request.resident.settlement.prefixed_name
    if help_request.mode == Mode.ESCORT and help_request.escort_to is not None:
        return _("от %(home)s до %(there)s") % {"home": home, "there": help_request.escort_to.prefixed_name}
    return _("у Вас, %(home)s") % {"home": home}


def tell(help_request: HelpRequest, *, now: datetime) -> Story:
    """Everything the tracking page shows of this request at this moment; at most four queries."""
    appointment = appointment_of(help_request)
    state = help_request.state
    if state in ENDED:
        tag, heading, lines = _ended(help_request)
    elif appointment is not None:
        tag, heading, lines = _coming(help_request, appointment, now)
    else:
        tag, heading, lines = _searching(help_request)
    ahead = appointment is not None and state not in ENDED
    return Story(
        help_request=help_request,
        appointment=appointment if ahead else None,
        tag=tag,
        heading=heading,
        lines=lines,
        thread=_thread(help_request, appointment, happened(help_request)),
        may_confirm=bool(appointment and state == _S.SCHEDULED and appointment.visit.start > now),
        may_change=state in BEFORE_VISIT | {_S.UNVERIFIED},
        is_coming=ahead and state != _S.IN_PROGRESS,
        asks=state == _S.CLOSED and appointment is not None and help_request.outcome != Outcome.NOBODY_HOME,
        answered=bool(appointment and appointment.visit.helped),
    )


Told = tuple[tuple[str, str], str, list[str]]


def _searching(help_request: HelpRequest) -> Told:
    if help_request.state == _S.UNVERIFIED:
        return (
            ("wait", _("Чака обаждане")),
            _("Ще Ви се обадим"),
            [_("Първо ще се чуем по телефона."), _("После търсим кой да помогне.")],
        )
    if help_request.state == _S.PARTLY_STAFFED:
        return (
            ("wait", _("Търсим втори човек")),
            _("Намерихме първия човек"),
            [_("У дома идваме по двама."), _("Щом има и втори, ще Ви кажем деня.")],
        )
    return (
        ("wait", _("Търсим")),
        _("Търсим кой да помогне"),
        [_("Щом намерим човек, ще Ви кажем деня и часа.")],
    )


def _coming(help_request: HelpRequest, appointment: Appointment, now: datetime) -> Told:
    visit, state = appointment.visit, help_request.state
    if state == _S.IN_PROGRESS:
        return ("agreed", _("Сега")), _("Помагаме Ви в момента"), []
    if now > visit.start + LATE:
        heading = _("Закъсняваме ли?") if local_date(visit.start) == local_date(now) else _("Не дойдохме ли?")
        return ("now", _("Звъннете ни")), heading, [_("Звъннете ни. Ще поправим грешката.")]
    words = {
        Mode.HOME_VISIT: _("Ще дойдем %(when)s"),
        Mode.HELP_POINT: _("Чакаме Ви %(when)s"),
        Mode.PHONE_HELP: _("Ще Ви звъннем %(when)s"),
        Mode.ESCORT: _("Тръгваме заедно %(when)s"),
    }
    heading = words[Mode(help_request.mode)] % {"when": on_day(visit.start, now)}
    if state == _S.SCHEDULED:
        return ("wait", _("Чакаме Вашето „да“")), heading, []
    return ("agreed", _("Потвърдено")), heading, []


def _ended(help_request: HelpRequest) -> Told:
    state = help_request.state
    if state == _S.WITHDRAWN:
        return ("end", _("Спряно")), _("Вече не е нужно"), [_("Спряхме заявката, както поискахте.")]
    if state == _S.CANCELLED:
        return ("end", _("Отменено")), _("Отменихме заявката"), [_("Ако е грешка, звъннете ни.")]
    if state == _S.EXPIRED:
        return (
            ("end", _("Срокът мина")),
            _("Не успяхме навреме"),
            [_("Съжаляваме."), _("Звъннете ни. Ще помогнем по друг начин.")],
        )
    heading, line = outcomes()[help_request.outcome]
    return ("end", _("Приключено")), heading, [line]


def outcomes() -> dict[str, tuple[str, str]]:
    """What came of the visit and what to do next, for the person."""
    return {
        Outcome.SUBMITTED: (_("Подадохме го"), _("Чакайте отговор от службата. Пазете номера, който получихте.")),
        Outcome.SELF_DONE: (_("Направихте го сами"), _("Следващия път може и без нас.")),
        Outcome.REFERRED: (_("Друга служба поема"), _("Казахме Ви коя. Забравихте ли, звъннете ни.")),
        Outcome.BLOCKED_EID: (_("Липсва електронна самоличност"), _("Звъннете ни. Има и друг път.")),
        Outcome.BLOCKED_DOCUMENT: (_("Липсва документ"), _("Намерете го и ни звъннете. Идваме пак.")),
        Outcome.BLOCKED_PORTAL: (_("Порталът не работеше"), _("Опитваме отново. Ще Ви се обадим.")),
        Outcome.CHOSE_COUNTER: (_("Избрахте гишето"), _("Не стане ли там, звъннете ни.")),
        Outcome.NOT_ELIGIBLE: (_("Услугата не е за Вас"), _("Може да има друга. Питайте ни.")),
        Outcome.NOBODY_HOME: (_("Не Ви намерихме"), _("Звъннете ни за нов ден.")),
    }


def _past() -> dict[str, str]:
    """Verb of the journal → what the person reads. Not every verb concerns them."""
    return {
        "taken": _("Заявката е при нас"),
        "verified": _("Чухме се по телефона"),
        "scheduled": _("Намерихме кой да помогне"),
        "half_staffed": _("Намерихме първия човек"),
        "confirmed": _("Потвърдено е"),
        "moved": _("Часът се смени"),
        "another_time": _("Поискан е друг ден"),
        "cannot_come": _("Доброволецът не може"),
        "no_show": _("Не дойдохме. Съжаляваме."),
        "corrected": _("Поправено е записаното"),
        "set_out": _("Тръгнахме към Вас"),
        "began": _("Помощта започна"),
        "closed": _("Помощта завърши"),
        "withdrawn": _("Вече не е нужно"),
        "cancelled": _("Отменихме заявката"),
        "expired": _("Срокът мина"),
        "reopened": _("Започнахме отново"),
    }


def _thread(
    help_request: HelpRequest, appointment: Appointment | None, entries: Sequence[JournalEntry]
) -> list[Stitch]:
    words = _past()
    past: list[Stitch] = []
    for entry in entries:
        lost_again = entry.verb == "half_staffed" and entry.to_state != _S.PARTLY_STAFFED
        text = "" if lost_again else words.get(entry.verb, "")
        # One event may move the request and its visit: it is told once.
        if text and not (past and past[-1].text == text):
            past.append(Stitch(text, entry.at))
    past = past[:1] + past[1:][-(MOST_PAST - 1) :]
    return [*past, *_ahead(help_request, appointment)]


def _ahead(help_request: HelpRequest, appointment: Appointment | None) -> list[Stitch]:
    if help_request.state in ENDED:
        return []
    meeting = {
        Mode.HOME_VISIT: _("Посещение у Вас"),
        Mode.HELP_POINT: _("Среща в пункта"),
        Mode.PHONE_HELP: _("Помощ по телефона"),
        Mode.ESCORT: _("Тръгваме заедно"),
    }[Mode(help_request.mode)]
    after = Stitch(_("Питаме Ви как мина"), css="todo")
    if appointment is not None:
        return [Stitch(meeting, appointment.visit.start, "here"), after]
    search = Stitch(_("Търсим кой да помогне"), css="here")
    if help_request.state == _S.UNVERIFIED:
        phoning = Stitch(_("Обаждаме Ви се"), css="here")
        return [phoning, search._replace(css="todo"), Stitch(meeting, css="todo"), after]
    return [search, Stitch(meeting, css="todo"), after]
