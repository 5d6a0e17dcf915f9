"""Openings of people's records: written as they happen, watched for what is unusual."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from accounts.models import Membership, User
from accounts.roles import Role
from accounts.services import members
from core.clock import local, local_date
from core.opened import Opened
from places.models import Municipality
from requests import names
from requests.models import Opening, Resident, UnusualReading
from requests.states import UnusualRule
from volunteers.models import Volunteer


@dataclass(frozen=True)
class Threshold:
    """From so many on it is unusual. `within` is a time for „many“, the night's bounds are local."""

    count: int
    within: timedelta = timedelta(days=1)
    from_: time | None = None
    until: time | None = None


# The one table of what is unusual.
THRESHOLDS = {
    UnusualRule.MANY: Threshold(40, within=timedelta(hours=1)),
    UnusualRule.NIGHT: Threshold(3, from_=time(22, 0), until=time(6, 0)),
    UnusualRule.NEIGHBOUR: Threshold(1),
    UnusualRule.OWN_NAME: Threshold(1),
}
# So would somebody read who found the session open or stole it: they are asked who they are, once a day for each.
LIKE_A_STRANGER = {UnusualRule.MANY, UnusualRule.NIGHT}
LOOK_BACK = timedelta(hours=26)

Finding = tuple[UUID, UnusualRule, date]


def write(*, reader: Membership, noted: Iterable[Opened], door: str, place: str, now: datetime) -> None:
    """One row for each record that was shown."""
    Opening.objects.bulk_create(
        Opening(
            municipality_id=reader.municipality_id, at=now, reader_id=reader.user_id, role=reader.role,
            subject_type=one.kind, subject_id=one.key, person_id=one.person, settlement_code=one.settlement,
            door=door[:60], place=place,
        )
        for one in sorted(noted, key=lambda one: (one.kind, str(one.key)))
    )  # fmt: skip


@transaction.atomic
def watch(*, now: datetime) -> int:
    """Look at the last day's openings and write down what is unusual; again changes nothing. Answers how many."""
    found = 0
    rows = Opening.objects.filter(at__gt=now - LOOK_BACK, at__lte=now).order_by("at")
    for municipality in Municipality.objects.filter(pk__in=rows.order_by().values("municipality_id").distinct()):
        found += _watch(municipality, list(rows.filter(municipality=municipality)), now)
    return found


def _watch(municipality: Municipality, rows: list[Opening], now: datetime) -> int:
    broken: dict[Finding, list[Opening]] = defaultdict(list)
    people = _People(municipality, rows)
    for row in rows:
        day = local_date(row.at)
        if _at_night(row.at):
            broken[row.reader_id, UnusualRule.NIGHT, day].append(row)
        if people.neighbours(row):
            broken[row.reader_id, UnusualRule.NEIGHBOUR, day].append(row)
        if people.same_name(row):
            broken[row.reader_id, UnusualRule.OWN_NAME, day].append(row)
    for finding, burst in _bursts(rows).items():
        broken[finding] = burst
    over = {key: hits for key, hits in broken.items() if len(_persons(hits)) >= THRESHOLDS[key[1]].count}
    doubted = set()
    for (reader, rule, day), hits in over.items():
        _row, new = UnusualReading.objects.update_or_create(
            municipality=municipality, reader_id=reader, rule=rule, day=day,
            defaults={"first_at": hits[0].at, "last_at": hits[-1].at, "count": len(_persons(hits))},
        )  # fmt: skip
        if new and rule in LIKE_A_STRANGER:
            doubted.add(reader)
    members.doubt(readers=doubted, now=now)
    return len(over)


def _persons(rows: list[Opening]) -> set[UUID]:
    return {row.person_id for row in rows}


def _at_night(at: datetime) -> bool:
    night, clock = THRESHOLDS[UnusualRule.NIGHT], local(at).time()
    assert night.from_ and night.until
    return clock >= night.from_ or clock < night.until


def _bursts(rows: list[Opening]) -> dict[Finding, list[Opening]]:
    """For each reader and day the hour in which they opened the most different people."""
    within = THRESHOLDS[UnusualRule.MANY].within
    most: dict[Finding, list[Opening]] = {}
    window: dict[UUID, list[Opening]] = defaultdict(list)
    for row in rows:
        mine = [earlier for earlier in window[row.reader_id] if earlier.at > row.at - within]
        mine.append(row)
        window[row.reader_id] = mine
        key = (row.reader_id, UnusualRule.MANY, local_date(row.at))
        if len(_persons(mine)) > len(_persons(most.get(key, []))):
            most[key] = mine
    return most


class _People:
    """Readers and whom they read about, read once: homes and family names."""

    def __init__(self, municipality: Municipality, rows: list[Opening]) -> None:
        readers = {row.reader_id for row in rows}
        homes = Volunteer.objects.filter(municipality=municipality, user_id__in=readers)
        self._home = dict(homes.values_list("user_id", "home_id"))
        self._reader_name = {user.pk: _family(user.get_full_name()) for user in User.objects.filter(pk__in=readers)}
        self._person_name = {
            person.pk: _family(person.last_name)
            for model in (Resident, Volunteer)
            for person in model._base_manager.filter(pk__in=_persons(rows))
        }
        self._self = set(homes.values_list("user_id", "pk"))

    def neighbours(self, row: Opening) -> bool:
        """A member of staff who lives in the same settlement. A volunteer is sent to neighbours on purpose."""
        return row.role != Role.VOLUNTEER and self._home.get(row.reader_id) == row.settlement_code

    def same_name(self, row: Opening) -> bool:
        if (row.reader_id, row.person_id) in self._self:
            return False
        name = self._reader_name.get(row.reader_id, "")
        return bool(name) and name == self._person_name.get(row.person_id)


def _family(name: str) -> str:
    """The last name in one alphabet, „-ов“ and „-ова“ alike; empty where there is none."""
    words = names.words(name)
    folded = names.fold(words[-1]) if words else ""
    return folded.removesuffix("a") if len(folded) > 3 else folded
