"""A person is erased: the opened database, the cache and the files are searched for them, and hold nothing.

The sealed store aside, which holds the consent under its own key. The control searches before the erasure and finds
each of their words; the statistics count the same before and after; a restored backup has the erasure replayed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.errors import Gone, Invalid
from core.phones import phone_hash
from notifications.models import Callback, DeskTask, InboundMessage, Message
from notifications.services import callbacks, desk_tasks, inbound
from notifications.services.sending import send_due
from notifications.states import CallbackSource, TaskKind
from requests.models import (
    Erasure,
    Evidence,
    EvidenceOpening,
    HelpRequest,
    JournalEntry,
    KeepingRun,
    Resident,
    Visit,
)
from requests.selectors import people
from requests.services import (
    agreements,
    answers,
    consents,
    erasure,
    evidence,
    intake,
    keeping,
    residents,
    rights,
    visits,
    volunteer_rights,
)
from requests.services.actors import RESIDENT, staff
from requests.states import EvidenceKind, RequestState
from tests import factories as make
from tests.proofs.trust.dumps import cached, filed, found, opened_tables, raw_tables
from volunteers.models import Volunteer
from volunteers.services import status

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, RELATIVE, ASKER, SPEAKER = "+359888314159", "+359888271828", "+359888161803", "+359888577215"
WORDS = {
    "first name": "Цветоноша", "middle name": "Кантарева", "last name": "Жабокрякова", "address": "срещу воденицата",
    "note": "бастун с глава на кон", "safe word": "перуника-седем", "asker": "Бисера Жаборска",
    "visitor's note": "помогнахме с млечните", "afterwards": "много ви благодаря за млякото",
    "inbound": "стълбата е счупена", "callback": "пита за вратичката", "task": "иска сутрин преди млякото",
    "phone": "314159", "phone as written": "888 314 159", "relative": "271828", "asker's phone": "161803",
    "hash of the phone": phone_hash(PHONE), "hash of the relative's": phone_hash(RELATIVE),
    "hash of the asker's": phone_hash(ASKER), "who speaks": "Радоица Шаренкова", "speaker's phone": "577215",
    "hash of the speaker's": phone_hash(SPEAKER),
}  # fmt: skip
# What a letter or a page could show of it, but nothing here writes down in that form.
NEVER = {"phone as written"}


@pytest.fixture(autouse=True)
def _own_folder(settings: Any, tmp_path: Any) -> None:
    settings.VAR_DIR, settings.MESSAGE_SPOOL = tmp_path, tmp_path / "messages"


def known_person() -> Resident:
    person = residents.register(
        municipality=make.municipality(),
        person=residents.Person(
            first_name=WORDS["first name"], middle_name=WORDS["middle name"], last_name=WORDS["last name"],
            settlement=make.village(), phone=PHONE, address_note=WORDS["address"], needs=["speak_loudly"],
        ),
        now=make.NOW,
    )  # fmt: skip
    for kind, name, phone in (
        ("relative", "", RELATIVE),
        ("mandate", WORDS["who speaks"], SPEAKER),
        ("remind", "", ""),
    ):
        agreements.give(resident=person, kind=kind, way="phone", name=name, phone=phone, now=make.NOW)
    return person


def lived(person: Resident) -> Visit:
    """Everything that leaves a trace: asked, visited, answered, rung, texted, noted, agreed; messages went out."""
    now = timezone.now()
    clerk = make.user("clerk")
    row = intake.take(
        resident=person, source="phone", taken_by=clerk, actor=staff(clerk), now=now,
        wanted=intake.Wanted(
            service=make.service(), note=WORDS["note"], safe_word=WORDS["safe word"], asked_by="relative",
            asker_name=WORDS["asker"], asker_phone=ASKER,
            free=[intake.Free(weekday=2, start=make.time(9), end=make.time(12))],
        ),
    )  # fmt: skip
    HelpRequest.objects.filter(pk=row.pk).update(team=1)
    row.refresh_from_db()
    consents.write_down(help_request=row, answer="yes", actor=staff(clerk), now=now)
    person.contact.quiet_until = person.contact.quiet_from
    person.contact.on_free_days = True
    person.contact.save()
    helper = make.volunteer()
    visit = make.visit(row, helper, now=now, start=now + timedelta(hours=2))
    send_due(now=now)
    later = now + timedelta(hours=2)
    visits.check_in(visit_id=visit.pk, actor=make.by_volunteer(helper), now=later)
    visits.check_out(
        visit_id=visit.pk, outcome="submitted", minutes=40, note=WORDS["visitor's note"],
        actor=make.by_volunteer(helper), now=later + timedelta(minutes=40),
    )  # fmt: skip
    visit.refresh_from_db()
    visit.said = WORDS["afterwards"]
    visit.save(update_fields=["said"])
    inbound.receive(sender=PHONE, text=WORDS["inbound"], reference="gw-1", now=now, nudge="requests.tasks.read_replies")
    callbacks.ask(
        source=CallbackSource.MISSED, since=now, due_at=now, now=now, contact=person.contact, reason=WORDS["callback"]
    )
    task = desk_tasks.ask(
        municipality=person.municipality, kind=TaskKind.NOBODY_HOME, subject_type="help_request", subject_id=row.pk,
        due_at=now, now=now,
    )  # fmt: skip
    desk_tasks.finish(task, by=clerk, result="called", now=now, note=WORDS["task"])
    return visit


def everywhere() -> set[tuple[str, str]]:
    return found(WORDS, opened_tables(), raw_tables(), cached(), filed())


def name_keys(person: Resident) -> set[str]:
    return {bytes(key.key).hex() for key in person.name_keys.all()}


def counted() -> Any:
    return (
        HelpRequest.objects.values_list("number", "state", "outcome", "service_id", "resident__settlement_id").get(),
        Visit.objects.values_list("state", "outcome", "minutes").get(),
        JournalEntry.objects.count() > 0,
    )


def test_after_the_erasure_nothing_names_the_person_anywhere() -> None:
    person = known_person()
    lived(person)
    keys = name_keys(person)
    assert len(keys) > 10
    before = everywhere()
    assert {name for name, _where in before} == set(WORDS) - NEVER
    assert any(where.startswith("file") for _name, where in before), "no message went out as a file"
    counts = counted()
    erasure.erase_resident(resident=person, because="user:1", now=timezone.now())
    assert everywhere() == set()
    assert found({key: key for key in keys}, raw_tables()) == set()
    assert counted() == counts
    # The sealed store alone remembers that they agreed, and only its own key opens it.
    kept = found({"last name": WORDS["last name"]}, opened_tables(store=True))
    assert kept == {("last name", "requests.Evidence.body")}
    assert people.find(make.member("coordinator"), WORDS["last name"]) == []
    assert people.find(make.member("coordinator"), PHONE) == []


def test_twice_changes_nothing_and_a_visit_under_way_waits() -> None:
    person, now = known_person(), timezone.now()
    helper = make.volunteer()
    visit = make.visit(make.help_request(person, now=now), helper, now=now, start=now + timedelta(minutes=20))
    visits.check_in(visit_id=visit.pk, actor=make.by_volunteer(helper), now=now + timedelta(minutes=20))
    with pytest.raises(Gone):
        erasure.erase_resident(resident=person, because="user:1", now=now)
    person.refresh_from_db()
    assert person.last_name == WORDS["last name"]
    visits.check_out(
        visit_id=visit.pk, outcome="submitted", minutes=9, actor=make.by_volunteer(helper), now=now + timedelta(hours=1)
    )
    assert erasure.erase_resident(resident=person, because="user:1", now=now) is not None
    assert erasure.erase_resident(resident=person, because="user:1", now=now) is None


def test_what_somebody_else_with_the_same_telephone_has_stays() -> None:
    person, now = known_person(), timezone.now()
    husband = make.resident("Стоян", phone=PHONE)
    callbacks.ask(source=CallbackSource.MISSED, since=now, due_at=now, now=now, contact=husband.contact)
    erasure.erase_resident(resident=person, because="user:1", now=now)
    husband.contact.refresh_from_db()
    assert husband.contact.phone == PHONE
    assert Callback.objects.open().count() == 1


def restored(person: Resident, make_again: Callable[[], None]) -> None:
    """A backup from before the erasure: the rows are there again, the erasure in the table is not."""
    Erasure.objects.all().delete()
    make_again()


def test_restoring_a_backup_replays_the_erasures(capsys: Any) -> None:
    person, helper = known_person(), make.volunteer("Мартин", "Жаборски")
    before = {model: model.objects.get(pk=row.pk) for model, row in ((Resident, person), (Volunteer, helper))}
    for row in before.values():
        assert row.first_name  # opened while it is whole
        assert row.last_name
    keys = list(person.name_keys.all())
    now = timezone.now()
    status.leave(volunteer=helper, actor=make.user("administrator"), now=now)
    erasure.erase_resident(resident=person, because="user:1", now=now)
    erasure.erase_volunteer(volunteer=helper, because="user:1", now=now)

    def again() -> None:
        for row in before.values():
            row.save()
        type(keys[0]).objects.bulk_create(keys)

    restored(person, again)
    assert Resident.objects.get(pk=person.pk).last_name == WORDS["last name"]
    call_command("replay_erasures")
    assert "2 erased again" in capsys.readouterr().out
    assert everywhere() == set()
    assert Volunteer.objects.get(pk=helper.pk).name == ""
    call_command("replay_erasures")
    assert "0 erased again" in capsys.readouterr().out


def test_the_list_of_erasures_holds_keys_only() -> None:
    person = known_person()
    erasure.erase_resident(resident=person, because="term", now=timezone.now())
    (line,) = erasure.list_file().read_text().splitlines()
    assert json.loads(line)["person"] == str(person.pk)
    assert found(WORDS, iter([("list", line)])) == set()


OF_THE_HELPER = {
    "first": "Мартиниан", "last": "Жаборски", "note": "кара бричка с ремарке", "inbound": "конят ми куца",
    "callback": "пита за седлото", "task": "иска да говори за коня", "said by": "жена му Радунка",
}  # fmt: skip


def helped(helper: Volunteer) -> None:
    """Everything a volunteer leaves: asked, told, texted, rung, noted; people were told who comes."""
    now, lead = timezone.now(), make.user("coordinator")
    Volunteer.objects.filter(pk=helper.pk).update(status="active")
    helper.note = OF_THE_HELPER["note"]
    helper.save(update_fields=["note"])
    visit = make.visit(make.help_request(now=now), helper, now=now, start=now + timedelta(hours=2))
    asked = make.help_request(make.resident("Пена"), now=now)
    (offer,) = make.offer(asked, helper, now=now, start=now + timedelta(days=3))
    said = answers.SaidByPhone(said_by=OF_THE_HELPER["said by"], said_at=now, recorded_by=lead)
    answers.decline(offer_id=offer.pk, actor=staff(lead), now=now, reason="busy", by_phone=said)
    send_due(now=now)
    visits.check_in(visit_id=visit.pk, actor=make.by_volunteer(helper), now=now + timedelta(hours=2))
    visits.check_out(
        visit_id=visit.pk,
        outcome="submitted",
        minutes=40,
        actor=make.by_volunteer(helper),
        now=now + timedelta(hours=3),
    )
    phone = helper.contact.phone
    inbound.receive(
        sender=phone, text=OF_THE_HELPER["inbound"], reference="gw-9", now=now, nudge="requests.tasks.read_replies"
    )  # fmt: skip
    callbacks.ask(
        source=CallbackSource.MISSED, since=now, due_at=now, now=now, contact=helper.contact,
        reason=OF_THE_HELPER["callback"],
    )  # fmt: skip
    task = desk_tasks.ask(
        municipality=helper.municipality, kind=TaskKind.HELP_NEEDED, subject_type="volunteer", subject_id=helper.pk,
        due_at=now, now=now,
    )  # fmt: skip
    desk_tasks.finish(task, by=lead, result="called", now=now, note=OF_THE_HELPER["task"])


def test_a_volunteer_who_left_is_emptied_everywhere_with_their_account() -> None:
    helper = make.volunteer("Мартиниан", "Жаборски")
    phone, email = helper.contact.phone, helper.user.email
    helped(helper)
    words = {**OF_THE_HELPER, "phone": phone[-7:], "mail": email, "hash": phone_hash(phone)}
    before = found(words, opened_tables(), raw_tables(), cached(), filed())
    assert {name for name, _where in before} == set(words)
    assert any(where.startswith("file") for _name, where in before), "nobody was told who comes"
    held = json.dumps(volunteer_rights.everything(helper), default=str, ensure_ascii=False)
    assert {name for name in words if words[name] not in held} == {"task", "hash"}
    assert "Пена" not in held and "Мария" not in held, "those they helped stay unnamed"
    lead = Client()
    lead.force_login(make.member("coordinator").user)
    erase = reverse("requests:volunteer_erase", args=[helper.pk])
    assert lead.post(erase).status_code == 302
    assert Volunteer.objects.get(pk=helper.pk).name == "Мартиниан Жаборски", "first they leave"
    lead.post(reverse("volunteers:leave", args=[helper.pk]), {"do": "leave"})
    assert lead.post(erase)["Location"] == reverse("volunteers:list")
    assert found(words, opened_tables(), raw_tables(), cached(), filed()) == set()
    assert Volunteer.objects.get(pk=helper.pk).badge == helper.badge
    assert Visit.objects.filter(outcome="submitted", seats__volunteer=helper.pk).count() == 1
    assert Erasure.objects.get(person_id=helper.pk).because.startswith("user:")


def test_the_terms_of_the_municipality_empty_people_by_themselves(capsys: Any) -> None:
    person, now = known_person(), timezone.now()
    year = timedelta(days=366)
    kept = make.resident("Дона")
    reminded = make.resident("Пена")
    for row in (person, reminded, kept):
        asked = make.help_request(row, now=now)
        HelpRequest.objects.filter(pk=asked.pk).update(created_at=now - year)
        if row is not kept:
            HelpRequest.objects.filter(pk=asked.pk).update(
                state=RequestState.WITHDRAWN, next_step="", next_step_at=None, ended_at=now - year
            )
    agreements.give(resident=reminded, kind="remind", way="phone", now=now - year)
    Resident.objects.update(created_at=now - year)
    agreements.withdraw(resident=person, kind="remind", way="phone", now=now)
    call_command("retention", "--dry-run")
    assert "residents: 1 would go" in capsys.readouterr().out
    assert Resident.objects.filter(erased_at=None).count() == 3
    assert not KeepingRun.objects.exists()
    call_command("retention")
    assert "residents: 1\n" in capsys.readouterr().out
    assert set(Resident.objects.filter(erased_at=None)) == {kept, reminded}
    assert KeepingRun.objects.get().counts["residents"] == 1
    assert keeping.run(now=now + timedelta(days=130))["residents"] == 1
    assert set(Resident.objects.filter(erased_at=None)) == {kept}


def test_texts_go_after_ninety_days_their_receipts_stay_a_year() -> None:
    person, now = known_person(), timezone.now()
    lived(person)
    texts = Message.objects.exclude(state="queued").count()
    assert texts
    InboundMessage.objects.update(handled_at=now, state="handled")
    later = now + timedelta(days=91)
    assert keeping.run(now=later)["texts"] == texts
    assert not Message.objects.exclude(state="queued").exclude(body="").exists()
    assert Message.objects.exclude(state="queued").count() == texts
    assert not InboundMessage.objects.exists()
    keeping.run(now=now + timedelta(days=366))
    assert not Message.objects.exclude(state="queued").exists()
    assert not DeskTask.objects.filter(done_at__lt=now).exists()


def test_the_sealed_store_opens_with_a_reason_which_is_noted() -> None:
    lead, now = make.user("coordinator"), timezone.now()
    row = evidence.put_away(
        municipality=make.municipality(), kind=EvidenceKind.INCIDENT, person_id=make.resident().pk,
        body={"what": "обадиха се от името на общината"}, now=now,
    )  # fmt: skip
    with pytest.raises(Invalid):
        evidence.open_(evidence=row, by=lead, reason="така", now=now)
    assert not EvidenceOpening.objects.exists()
    said = evidence.open_(evidence=row, by=lead, reason="искане на прокуратурата № 12", now=now)
    assert said == {"what": "обадиха се от името на общината"}
    assert EvidenceOpening.objects.get().reader_id == lead.pk
    assert evidence.over(today=row.keep_until, dry=False) == 0
    assert evidence.over(today=row.keep_until + timedelta(days=1), dry=False) == 1
    assert not Evidence.objects.exists()


def test_restriction_stops_everything_and_the_export_holds_everything() -> None:
    person, now = known_person(), timezone.now()
    lived(person)
    held = json.dumps(rights.everything(person), default=str, ensure_ascii=False)
    said = set(WORDS) - {"phone as written", "task"} - {name for name in WORDS if name.startswith("hash")}
    assert {name for name in said if WORDS[name] not in held} == set()
    make.help_request(person, now=now, service=make.service("NAP_TAX"))
    rights.restrict(resident=person, actor=RESIDENT, now=now)
    assert not HelpRequest.objects.live().filter(resident=person).exists()
    person.refresh_from_db()
    with pytest.raises(Invalid):
        make.help_request(person, now=now)
    person.contact.refresh_from_db()
    assert person.contact.stopped_at is not None
    rights.lift(resident=person, now=now)
    assert make.help_request(person, now=now).state == RequestState.OPEN
