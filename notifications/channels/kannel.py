"""SMS through Kannel's `sendsms`, as XML by POST: no text stands in an address, hence in no log.

Kannel User's Guide, “SMS push: XML post”. Kannel has the last word only by its delivery report, which comes to an
address that names the message and proves by a keyed hash that it is ours.
"""

from __future__ import annotations

from xml.sax.saxutils import escape

import httpx
from django.conf import settings

from core.crypto import lookup_hash
from notifications.channels.errors import CannotSend, MayHaveBeenSent
from notifications.channels.http import asked_to_wait, post
from notifications.channels.parcel import Parcel, Receipt
from notifications.sms.segments import size

# Success, failure, and what the SMS centre says in between (1 + 2 + 4 + 8 + 16).
ALL_REPORTS = 31
GSM, UCS2 = 0, 2


class Kannel:
    provider = "kannel"
    is_repeatable = False
    reports = True

    def carry(self, parcel: Parcel) -> Receipt:
        answer = post(
            settings.KANNEL_URL, content=_xml(parcel).encode(), headers={"Content-Type": "text/xml; charset=utf-8"}
        )
        words = answer.text[:200]
        if answer.status_code == httpx.codes.ACCEPTED and words[:1] in ("0", "3"):
            return Receipt()
        if answer.status_code in (httpx.codes.BAD_REQUEST, httpx.codes.NOT_FOUND):
            raise CannotSend(f"Kannel {answer.status_code}", final=True, provider_ok=True)
        if answer.is_success:
            # It took something and did not say what: only a report will tell.
            raise MayHaveBeenSent("KannelRubbish")
        raise CannotSend(f"Kannel {answer.status_code}", wait=asked_to_wait(answer))


def report_token(message_id: object) -> str:
    """What a report about this message must bring along."""
    return lookup_hash(str(message_id), purpose="report")


def _xml(parcel: Parcel) -> str:
    address = f"{settings.GATEWAY_CALLBACK}/vrata/kannel/dlr/{parcel.id}/?t={report_token(parcel.id)}&s=%d"
    coding = GSM if size(parcel.text).is_gsm else UCS2
    return (
        '<?xml version="1.0" encoding="UTF-8"?><message><submit>'
        f"<da><number>{escape(parcel.recipient)}</number></da>"
        f"<oa><number>{escape(settings.SMS_SENDER)}</number></oa>"
        f"<ud>{escape(parcel.text)}</ud><dcs><coding>{coding}</coding></dcs>"
        f"<statusrequest><dlr-mask>{ALL_REPORTS}</dlr-mask><dlr-url>{escape(address)}</dlr-url></statusrequest>"
        f"<from><username>{escape(settings.KANNEL_USER)}</username>"
        f"<password>{escape(settings.KANNEL_PASSWORD)}</password></from></submit></message>"
    )
