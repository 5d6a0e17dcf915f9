"""What waits at the desk, with everything its sentences need, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch

from accounts.models import Membership
from notifications.models import DeskTask, InboundMessage, Message
from notifications.selectors import messages_of_tasks, open_tasks
from notifications.talk import Line, conversation
from places.models import Settlement
from requests.models import HelpRequest, Visit, VisitSeat
from requests.selectors.access import visible_requests
from requests.selectors.callbacks import Caller, callers
from requests.selectors.told import names_told, requests_told
from volunteers.models import Volunteer


@dataclass(frozen=True)
class TaskAbout:
    """A task with its subject; `people` are the volunteers it names or who sit in its visit, `place` one it names."""

    task: DeskTask
    help_request: HelpRequest | None = None
    visit: Visit | None = None
    people: tuple[Volunteer, ...] = ()
    message: Message | None = None
    place: Settlement | None = None
    # What somebody wrote, where that is what the task is about.
    inbound: InboundMessage | None = None
    # Who is to be told the message.
    addressee: str = ""


def waiting(membership: Membership) -> list[TaskAbout]:
    """Open tasks of this desk, the most pressing first; where narrowed, those of one's own kmetstvo."""
    return _about(membership, list(open_tasks(membership.municipality).select_related("holder")))


def one(membership: Membership, task: DeskTask) -> TaskAbout | None:
    """The same for one task, open or done; None where its subject is not for this desk."""
    return next(iter(_about(membership, [task])), None)


def _about(membership: Membership, tasks: list[DeskTask]) -> list[TaskAbout]:
    seats = Prefetch("seats", VisitSeat.objects.filter(live=True).select_related("volunteer__contact"))
    visits = Visit.objects.filter(pk__in=_ids(tasks, "visit")).prefetch_related(seats).in_bulk()
    wanted = {*_ids(tasks, "help_request"), *(visit.help_request_id for visit in visits.values())}
    requests = visible_requests(membership).filter(pk__in=wanted).in_bulk()
    people = _people(membership, tasks)
    messages = messages_of_tasks(tasks)
    written = InboundMessage.objects.in_bulk(_ids(tasks, "inbound"))
    told, names = requests_told(membership, messages.values()), names_told(messages.values())
    places = Settlement.objects.in_bulk({task.facts["place"] for task in tasks if task.facts.get("place")})
    found = []
    for task in tasks:
        visit = visits.get(task.subject_id)
        help_request = requests.get(visit.help_request_id if visit else task.subject_id)
        if task.subject_type in ("visit", "help_request") and help_request is None:
            continue
        message = messages.get(task.subject_id)
        if message is not None and message.pk in told:
            help_request = told[message.pk]
            if help_request is None:
                continue
        seated = tuple(seat.volunteer for seat in visit.seats.all()) if visit else ()
        named = tuple(people[key] for key in _named(task) if key in people)
        place = places.get(task.facts.get("place", ""))
        addressee = names.get(message.contact_id, "") if message else ""
        wrote = written.get(task.subject_id)
        found.append(TaskAbout(task, help_request, visit, seated or named, message, place, wrote, addressee))
    return found


def conversation_of(membership: Membership, about: TaskAbout) -> tuple[list[Line], Caller | None]:
    """What went back and forth by SMS with the number of an unclear reply, the oldest first; and whose it is."""
    if about.inbound is None:
        return [], None
    known = callers(membership, [about.inbound.sender_hash])
    return conversation(membership.municipality, about.inbound.sender_hash), known.get(about.inbound.sender_hash)


def _ids(tasks: Iterable[DeskTask], kind: str) -> set[UUID]:
    return {task.subject_id for task in tasks if task.subject_type == kind}


def _named(task: DeskTask) -> list[str]:
    """Volunteers a task is about, or whom its facts name."""
    if task.subject_type == "volunteer":
        return [str(task.subject_id)]
    named = [*task.facts.get("volunteers", []), task.facts.get("volunteer")]
    return [str(key) for key in named if key]


def _people(membership: Membership, tasks: Iterable[DeskTask]) -> dict[str, Volunteer]:
    keys = {key for task in tasks for key in _named(task)}
    rows = Volunteer.objects.filter(municipality=membership.municipality_id, pk__in=keys)
    return {str(row.pk): row for row in rows.select_related("contact")}
