"""Who is told what. The only callers of the outbox in this room; the words are in `messages`."""

from requests.notices.offers import (
    offer_accepted,
    offer_answered,
    offer_expired,
    offer_made,
    offer_released,
    offer_withdrawn,
    visit_cancelled,
)
from requests.notices.reminders import call_off as forget_reminders
from requests.notices.requests import request_expired, request_received
from requests.notices.visits import (
    on_my_way,
    visit_began,
    visit_called_off,
    visit_done,
    visit_lost_its_visitor,
    visit_lost_one,
    visit_moved,
    visit_scheduled,
)

__all__ = [
    "forget_reminders",
    "offer_accepted",
    "offer_answered",
    "offer_expired",
    "offer_made",
    "offer_released",
    "offer_withdrawn",
    "on_my_way",
    "request_expired",
    "request_received",
    "visit_began",
    "visit_called_off",
    "visit_cancelled",
    "visit_done",
    "visit_lost_its_visitor",
    "visit_lost_one",
    "visit_moved",
    "visit_scheduled",
]
