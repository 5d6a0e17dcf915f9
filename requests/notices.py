"""Who is told what, in their language. The only caller of the outbox in this room.

A key names the event, so telling the same thing twice is impossible. Nothing here names the safe word,
an address or a telephone before a volunteer has accepted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.phones import display
from core.templatetags.dv import clock, long_date
from notifications.models import Contact
from notifications.services import outbox
from requests.models import HelpRequest, Offer, Visit, VisitSeat

Text = tuple[str, str]


def _tell(
    contact: Contact, key: str, kind: str, write: Callable[[], Text], *, now: datetime, link: str = "",
    expires_at: datetime | None = None,
) -> None:  # fmt: skip
    with override(contact.language):
        subject, body = write()
    # „10:30 ч.“ and „2027 г.“ bring their own full stop: at a sentence's end one is enough.
    body = body.replace("ч..", "ч.").replace("г..", "г.")
    outbox.enqueue(
        contact=contact,
        key=key,
        kind=kind,
        subject=subject,
        body=body,
        now=now,
        link=link,
        expires_at=expires_at,
    )


def _service(help_request: HelpRequest) -> str:
    return help_request.service.name if help_request.service else _("помощ с електронна услуга")


def _where(help_request: HelpRequest) -> str:
    """The village only."""
    place = help_request.help_point.settlement if help_request.help_point else help_request.resident.settlement
    return place.prefixed_name


def _when(moment: datetime) -> str:
    return f"{long_date(moment)}, {clock(moment)}"


def _call_us(help_request: HelpRequest) -> str:
    phone = help_request.municipality.phone
    return _("Въпрос? Звъннете: %(phone)s.") % {"phone": display(phone)} if phone else ""


def offer_made(offer: Offer, *, now: datetime) -> None:
    def write() -> Text:
        facts = {
            "where": _where(offer.help_request), "when": _when(offer.start),
            "what": _service(offer.help_request), "until": _when(offer.expires_at),
        }  # fmt: skip
        return (
            _("Покана за %(where)s") % facts,
            _("Покана: %(where)s, %(when)s. За какво: %(what)s. Чакаме отговор до %(until)s.") % facts,
        )

    _tell(
        offer.volunteer.contact, f"offer:{offer.pk}:made", "offer_made", write, now=now,
        link=reverse("requests:offer", args=[offer.pk]), expires_at=offer.expires_at,
    )  # fmt: skip


def offer_accepted(offer: Offer, visit: Visit, *, now: datetime) -> None:
    def write() -> Text:
        facts = {"where": _where(offer.help_request), "when": _when(visit.start)}
        return (
            _("Приехте: %(where)s") % facts,
            _("Благодарим ви. Чакаме ви в %(where)s: %(when)s. Адресът и тайната дума са в посещението.") % facts,
        )

    _tell(
        offer.volunteer.contact, f"offer:{offer.pk}:accepted", "offer_accepted", write, now=now,
        link=reverse("requests:visit", args=[visit.pk]),
    )  # fmt: skip


def offer_expired(offer: Offer, *, now: datetime) -> None:
    _to_volunteer(
        offer, "expired", now,
        lambda: (_("Времето за отговор мина"), _("Питаме следващия за %(where)s. Няма лошо.")),
    )  # fmt: skip


def offer_withdrawn(offer: Offer, *, why: str, now: datetime) -> None:
    def write() -> Text:
        if why in ("seat_taken", "filled"):
            return _("Поканата отпада"), _("Друг ще отиде в %(where)s. Благодарим ви.")
        return _("Поканата отпада"), _("Помощта в %(where)s вече не е нужна тогава. Благодарим ви.")

    if why == "clashes":
        # The volunteer chose the other visit; they know.
        return
    _to_volunteer(offer, "withdrawn", now, write)


def offer_released(offer: Offer, *, now: datetime) -> None:
    _to_volunteer(
        offer, "released", now,
        lambda: (
            _("Посещението отпада"),
            _("Не намерихме втори човек за %(where)s, %(when)s. Свободни сте. Благодарим ви."),
        ),
    )  # fmt: skip


def visit_cancelled(offer: Offer, *, why: str, now: datetime) -> None:
    def write() -> Text:
        if why == "another_time":
            return _("Посещението отпада"), _("Човекът в %(where)s избра друго време, не %(when)s.")
        return _("Посещението отпада"), _("Не отивайте в %(where)s, %(when)s. Вече не е нужно.")

    _to_volunteer(offer, "visit_cancelled", now, write)


def _to_volunteer(offer: Offer, what: str, now: datetime, write: Callable[[], Text]) -> None:
    def filled() -> Text:
        facts = {"where": _where(offer.help_request), "when": _when(offer.start)}
        subject, body = write()
        return subject % facts, body % facts

    link = reverse("requests:my_offers")
    _tell(offer.volunteer.contact, f"offer:{offer.pk}:{what}", f"offer_{what}", filled, now=now, link=link)


def request_received(help_request: HelpRequest, *, now: datetime) -> None:
    def write() -> Text:
        facts = {"number": help_request.number, "code": _spaced(help_request.tracking_code)}
        body = _("Заявката е при нас. Номер %(number)s. Код за проверка: %(code)s.") % facts
        return _("Заявката е при нас"), f"{body} {_call_us(help_request)}".strip()

    _tell(
        help_request.resident.contact, f"request:{help_request.pk}:received", "request_received", write, now=now,
        link=reverse("requests:track"),
    )  # fmt: skip


def _spaced(code: str) -> str:
    return f"{code[:4]} {code[4:]}"


def visit_scheduled(visit: Visit, *, now: datetime) -> None:
    names = _visitors(visit)

    def write() -> Text:
        facts = {"when": _when(visit.start), "who": names}
        body = _("Ще дойдем: %(when)s. Идват: %(who)s. Първо казват тайната Ви дума.") % facts
        return _("Ще дойдем"), f"{body} {_call_us(visit.help_request)}".strip()

    people = "-".join(str(seat.pk) for seat in visit.seats.filter(live=True))
    _to_resident(visit, f"visit:{visit.pk}:scheduled:{people}", "visit_scheduled", write, now)


def visit_moved(visit: Visit, *, now: datetime) -> None:
    key = f"visit:{visit.pk}:moved:{visit.sequence}"

    def to_resident() -> Text:
        return _("Нов час"), _("Ще дойдем по друго време: %(when)s.") % {"when": _when(visit.start)}

    def to_volunteer() -> Text:
        facts = {"when": _when(visit.start), "where": _where(visit.help_request)}
        return _("Нов час"), _("Посещението в %(where)s се мести: %(when)s.") % facts

    _to_resident(visit, key, "visit_moved", to_resident, now)
    for seat in visit.seats.filter(live=True).select_related("volunteer__contact"):
        _tell(
            seat.volunteer.contact, f"{key}:{seat.volunteer_id}", "visit_moved", to_volunteer, now=now,
            link=reverse("requests:visit", args=[visit.pk]),
        )  # fmt: skip


def visit_lost_its_visitor(visit: Visit, *, now: datetime) -> None:
    def write() -> Text:
        body = _("Няма да дойдем: %(when)s. Търсим друг човек и ще Ви се обадим.") % {"when": _when(visit.start)}
        return _("Посещението се отлага"), f"{body} {_call_us(visit.help_request)}".strip()

    _to_resident(visit, f"visit:{visit.pk}:lost:{visit.state}", "visit_lost", write, now)


def visit_called_off(visit: Visit, *, now: datetime) -> None:
    def write() -> Text:
        body = _("Посещението отпада: %(when)s. Няма да дойдем.") % {"when": _when(visit.start)}
        return _("Посещението отпада"), f"{body} {_call_us(visit.help_request)}".strip()

    _to_resident(visit, f"visit:{visit.pk}:called_off", "visit_called_off", write, now)


def visit_done(visit: Visit, *, now: datetime) -> None:
    def write() -> Text:
        body = _("Благодарим Ви, че ни приехте. Как мина? Кажете ни, когато решите.")
        return _("Как мина?"), f"{body} {_call_us(visit.help_request)}".strip()

    _to_resident(visit, f"visit:{visit.pk}:done", "visit_done", write, now)


def request_expired(help_request: HelpRequest, *, now: datetime) -> None:
    def write() -> Text:
        facts = {"number": help_request.number}
        body = _("Срокът за заявка %(number)s мина, преди да намерим човек. Звъннете ни, ще помогнем иначе.") % facts
        return _("Срокът мина"), f"{body} {_call_us(help_request)}".strip()

    _tell(
        help_request.resident.contact, f"request:{help_request.pk}:expired:{help_request.attempt}",
        "request_expired", write, now=now, link=reverse("requests:track"),
    )  # fmt: skip


def _to_resident(visit: Visit, key: str, kind: str, write: Callable[[], Text], now: datetime) -> None:
    contact = visit.help_request.resident.contact
    _tell(contact, key, kind, write, now=now, link=reverse("requests:track"))


def _visitors(visit: Visit) -> str:
    rows: list[VisitSeat] = list(visit.seats.filter(live=True).select_related("volunteer"))
    return ", ".join(f"{seat.volunteer.name} (№ {seat.volunteer.badge})" for seat in rows)
