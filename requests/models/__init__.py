"""The spine's tables: person, help request, offer, visit, journal."""

from requests.models.agreement import Agreement
from requests.models.calendar_feed import CalendarFeed
from requests.models.consent import Consent
from requests.models.help_request import Event, FreeTime, HelpRequest
from requests.models.journal import JournalEntry
from requests.models.journal_anchor import JournalAnchor, JournalLink
from requests.models.keeping import Erasure, Evidence, EvidenceOpening, KeepingRun, KeepingTerms
from requests.models.offer import Offer
from requests.models.opening import Opening, UnusualReading
from requests.models.resident import PersonRule, Resident, ResidentNameKey
from requests.models.visit import Visit, VisitDifficulty, VisitSeat

__all__ = [
    "Agreement",
    "CalendarFeed",
    "Consent",
    "Erasure",
    "Event",
    "Evidence",
    "EvidenceOpening",
    "FreeTime",
    "HelpRequest",
    "JournalAnchor",
    "JournalEntry",
    "JournalLink",
    "KeepingRun",
    "KeepingTerms",
    "Offer",
    "Opening",
    "PersonRule",
    "Resident",
    "ResidentNameKey",
    "UnusualReading",
    "Visit",
    "VisitDifficulty",
    "VisitSeat",
]
