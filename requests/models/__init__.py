"""The spine's tables: person, help request, offer, visit, journal."""

from requests.models.help_request import Event, FreeTime, HelpRequest
from requests.models.journal import JournalEntry
from requests.models.offer import Offer
from requests.models.resident import PersonRule, Resident, ResidentNameKey
from requests.models.visit import Visit, VisitDifficulty, VisitSeat

__all__ = [
    "Event",
    "FreeTime",
    "HelpRequest",
    "JournalEntry",
    "Offer",
    "PersonRule",
    "Resident",
    "ResidentNameKey",
    "Visit",
    "VisitDifficulty",
    "VisitSeat",
]
