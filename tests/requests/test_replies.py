"""What people answer by SMS: believed from the number that was asked, once, and never dropped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notifications.models import Callback, Contact, DeskTask, InboundMessage, Message
from notifications.services import inbound, sending
from notifications.states import InboundState, TaskKind
from requests.models import Offer, Visit
from requests.services import answers, changes, replies, visits
from requests.services.actors import BEAT
from requests.states import AnswerChannel, DeclineReason, OfferState, VisitState
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite_smoke]
NOW = make.NOW
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def offer() -> Offer:
    """Ивaнка was asked by SMS."""
    ivanka = make.volunteer()
    made = make.offer(make.help_request(), ivanka)[0]
    sending.send_due(now=NOW)
    return made


def code_of(offer: Offer) -> str:
    return Message.objects.get(key=f"offer:{offer.pk}:made:sms").reply_code


def say(sender: str, text: str, reference: str = "1") -> InboundMessage:
    row = inbound.receive(sender=sender, text=text, reference=reference, now=LATER, nudge="requests.tasks.read_replies")
    replies.read_all(now=LATER)
    row.refresh_from_db()
    return row


def phone_of(offer: Offer) -> str:
    return str(offer.volunteer.contact.phone)


def test_the_question_says_how_to_answer(offer: Offer) -> None:
    message = Message.objects.get(key=f"offer:{offer.pk}:made:sms")
    assert f"ДА {message.reply_code}" in message.short and f"НЕ {message.reply_code}" in message.short
    assert len(message.reply_code) == 4


@pytest.mark.parametrize("words", ["ДА {}", "DA {}", "да {}.", "Да{}", " da  {} ", "yes {}", "{} ДА"])
def test_a_yes_with_its_code_accepts(offer: Offer, words: str) -> None:
    row = say(phone_of(offer), words.format(code_of(offer)))
    offer.refresh_from_db()
    assert (offer.state, offer.answer_channel) == (OfferState.ACCEPTED, AnswerChannel.SMS)
    assert (row.state, row.handled_as) == (InboundState.HANDLED, "offer_accepted")


@pytest.mark.parametrize("words", ["НЕ {}", "ne {}", "Не, {}"])
def test_a_no_with_its_code_declines(offer: Offer, words: str) -> None:
    assert say(phone_of(offer), words.format(code_of(offer))).handled_as == "offer_declined"
    offer.refresh_from_db()
    assert offer.state == OfferState.DECLINED


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("НЕ {} далече е", DeclineReason.TOO_FAR),
        ("ne {}, daleche", DeclineReason.TOO_FAR),
        ("Не {} на работа съм.", DeclineReason.BUSY),
        ("НЕ {} твърде рано", DeclineReason.NOT_THESE_HOURS),
        ("НЕ {}", DeclineReason.OTHER),
    ],
)
def test_a_no_may_say_why(offer: Offer, words: str, reason: DeclineReason) -> None:
    assert say(phone_of(offer), words.format(code_of(offer))).handled_as == "offer_declined"
    offer.refresh_from_db()
    assert (offer.state, offer.decline_reason) == (OfferState.DECLINED, reason)


@pytest.mark.parametrize(
    "words", ["НЕ {} но в петък мога", "НЕ {} далече и късно", "НЕ {} далече 0888123456", "ДА {} далече е", "НЕ {} "
     + "далече " * 30]
)  # fmt: skip
def test_a_no_that_says_more_than_why_is_read_by_a_person(offer: Offer, words: str) -> None:
    row = say(phone_of(offer), words.format(code_of(offer)))
    offer.refresh_from_db()
    assert (offer.state, row.state, row.handled_as) == (OfferState.MADE, InboundState.AT_DESK, "unclear")


def test_a_yes_without_a_code_is_enough_where_one_thing_was_asked(offer: Offer) -> None:
    assert say(phone_of(offer), "да").handled_as == "offer_accepted"


def test_where_two_things_were_asked_a_yes_without_a_code_is_read_by_a_person(offer: Offer) -> None:
    make.offer(make.help_request(make.resident("Стоян")), offer.volunteer, start=offer.start + timedelta(days=1))
    sending.send_due(now=NOW)
    row = say(phone_of(offer), "да")
    offer.refresh_from_db()
    assert offer.state == OfferState.MADE
    assert row.state == InboundState.AT_DESK
    assert DeskTask.objects.open().get(kind=TaskKind.UNCLEAR_REPLY).subject_id == row.pk


def test_nobody_answers_for_another_number(offer: Offer) -> None:
    row = say("+359888999999", f"ДА {code_of(offer)}")
    offer.refresh_from_db()
    assert (offer.state, row.state, row.handled_as) == (OfferState.MADE, InboundState.AT_DESK, "not_asked")


def test_the_same_reply_twice_is_one_reply(offer: Offer) -> None:
    for _time in range(2):
        say(phone_of(offer), f"ДА {code_of(offer)}")
    say(phone_of(offer), f"ДА {code_of(offer)}", reference="2")
    assert InboundMessage.objects.count() == 2
    assert set(InboundMessage.objects.values_list("handled_as", flat=True)) == {"offer_accepted"}
    assert Visit.objects.count() == 1


def test_a_yes_after_the_time_is_told_to_a_person(offer: Offer) -> None:
    code, phone = code_of(offer), phone_of(offer)
    answers.expire(offer_id=offer.pk, now=offer.expires_at)
    Message.objects.update(expires_at=None)
    assert say(phone, f"ДА {code}").handled_as == "too_late"


@pytest.mark.parametrize("words", ["да но в петък", "", "😀", "?", "А" * 2_500, "кой сте вие", "ДА 1111 2222"])
def test_what_is_not_plain_is_read_by_a_person(offer: Offer, words: str) -> None:
    row = say(phone_of(offer), words)
    offer.refresh_from_db()
    assert offer.state == OfferState.MADE
    assert row.state == InboundState.AT_DESK and len(row.text) <= 2_000
    assert DeskTask.objects.open().filter(kind=TaskKind.UNCLEAR_REPLY).count() == 1


def test_a_personal_number_is_masked_before_it_is_stored(offer: Offer) -> None:
    row = say(phone_of(offer), "ЕГН-то ми е 6101057509, помогнете")
    assert "6101057509" not in row.text and "помогнете" in row.text
    assert row.masked == "egn"
    assert DeskTask.objects.open().get(kind=TaskKind.UNCLEAR_REPLY).facts["masked"] == "egn"


def test_stop_ends_messages_to_that_number(offer: Offer) -> None:
    assert say(phone_of(offer), "СТОП").handled_as == "stopped"
    assert Contact.objects.get(pk=offer.volunteer.contact_id).stopped_at == LATER


class TestResident:
    @pytest.fixture
    def visit(self) -> Visit:
        made = make.visit()
        sending.send_due(now=NOW)
        return made

    def phone(self, visit: Visit) -> str:
        return str(visit.help_request.resident.contact.phone)

    def test_a_yes_confirms(self, visit: Visit) -> None:
        assert say(self.phone(visit), "Да").handled_as == "visit_confirmed"
        visit.refresh_from_db()
        assert visit.state == VisitState.CONFIRMED

    def test_a_no_asks_for_a_call_and_cancels_nothing_by_itself(self, visit: Visit) -> None:
        for reference in ("1", "2"):
            assert say(self.phone(visit), "НЕ", reference).handled_as == "callback_asked"
        visit.refresh_from_db()
        assert visit.state == VisitState.SCHEDULED
        callback = Callback.objects.get()
        assert (callback.source, callback.rang, callback.phone) == ("reply", 2, self.phone(visit))

    def test_words_after_a_no_are_read_by_a_person(self, visit: Visit) -> None:
        asked = Message.objects.get(contact=visit.help_request.resident.contact, channel="sms", asks=True)
        assert say(self.phone(visit), f"НЕ {asked.reply_code or 4821} далече").state == InboundState.AT_DESK
        assert not Callback.objects.exists()

    def test_a_visit_that_was_called_off_meanwhile_is_told_to_a_person(self, visit: Visit) -> None:
        changes.withdraw(help_request=visit.help_request, actor=BEAT, now=NOW)
        assert say(self.phone(visit), "да").handled_as in ("too_late", "not_asked")


class TestAfterTheVisit:
    """The one question afterwards: a yes and a no are kept with the visit, words as well, and nothing is dropped."""

    @pytest.fixture
    def over(self) -> Visit:
        visit = make.visit(start=NOW + timedelta(minutes=1))
        visits.check_in(visit_id=visit.pk, actor=BEAT, now=NOW)
        visits.check_out(visit_id=visit.pk, outcome="submitted", minutes=30, actor=BEAT, now=NOW)
        sending.send_due(now=NOW)
        return visit

    def said(self, visit: Visit, words: str) -> InboundMessage:
        row = say(str(visit.help_request.resident.contact.phone), words)
        visit.refresh_from_db()
        return row

    def test_a_yes_is_kept(self, over: Visit) -> None:
        assert self.said(over, "Да").handled_as == "helped"
        assert over.helped == "yes" and not Callback.objects.exists()

    def test_a_no_is_kept_and_somebody_rings(self, over: Visit) -> None:
        assert self.said(over, "не").handled_as == "not_helped"
        assert over.helped == "no" and Callback.objects.count() == 1

    def test_words_are_kept_with_the_visit_and_read_by_a_person(self, over: Visit) -> None:
        row = self.said(over, "Много мило момиче, благодаря")
        assert over.said == "Много мило момиче, благодаря" and not over.helped
        assert row.state == InboundState.AT_DESK
        assert DeskTask.objects.open().filter(kind=TaskKind.UNCLEAR_REPLY).exists()


def test_a_question_and_its_reminder_are_one_question(offer: Offer) -> None:
    nudge = Message.objects.get(key=f"offer:{offer.pk}:nudge:sms")
    Message.objects.filter(pk=nudge.pk).update(state="sent", sent_at=NOW)
    assert say(phone_of(offer), "да").handled_as == "offer_accepted"
