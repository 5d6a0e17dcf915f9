"""SMS through any gateway that takes a JSON object by POST, described by settings.

`SMS_GATEWAY` is an object: `url`, `headers`, `body` (an object whose texts may hold `{to}`, `{from}`, `{text}`, `{id}`
and `{callback}`), `reference`, `cost` and `credits` (where in the answer
they stand: names joined by dots), and `refused` (status
codes that mean this one message will never be taken).
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings

from notifications.channels.errors import CannotSend, MayHaveBeenSent
from notifications.channels.http import asked_to_wait, post
from notifications.channels.kannel import report_token
from notifications.channels.parcel import Parcel, Receipt

REFUSED = (400, 404, 422)


class JsonGateway:
    provider = "gateway"
    is_repeatable = False
    reports = True

    def carry(self, parcel: Parcel) -> Receipt:
        how = settings.SMS_GATEWAY
        facts = {
            "to": parcel.recipient, "from": settings.SMS_SENDER, "text": parcel.text, "id": str(parcel.id),
            "callback": f"{settings.GATEWAY_CALLBACK}/vrata/sms/otchet/{parcel.id}/?t={report_token(parcel.id)}",
        }  # fmt: skip
        answer = post(how["url"], json=filled(how["body"], facts), headers=how.get("headers", {}))
        if answer.status_code in how.get("refused", REFUSED):
            raise CannotSend(f"Gateway {answer.status_code}", final=True, provider_ok=True)
        if not answer.is_success:
            raise CannotSend(f"Gateway {answer.status_code}", wait=asked_to_wait(answer))
        try:
            said = answer.json()
        except ValueError as error:
            raise MayHaveBeenSent("GatewayRubbish") from error
        reference = str(found(said, how.get("reference", "")) or "")
        return Receipt(reference, cost=amount(said, how.get("cost", "")), credits=amount(said, how.get("credits", "")))


def filled(body: Any, facts: dict[str, str]) -> Any:
    """The described object with its texts filled; other values stay."""
    if isinstance(body, dict):
        return {name: filled(value, facts) for name, value in body.items()}
    if isinstance(body, list):
        return [filled(value, facts) for value in body]
    if isinstance(body, str) and body.startswith("{") and body.endswith("}") and body[1:-1] in facts:
        return facts[body[1:-1]]
    return body


def found(said: Any, path: str) -> Any:
    """What stands in an answer at „messages.0.id“; None where there is nothing."""
    for name in path.split(".") if path else ():
        if isinstance(said, list) and name.isdigit() and int(name) < len(said):
            said = said[int(name)]
        elif isinstance(said, dict):
            said = said.get(name)
        else:
            return None
    return said if path else None


def amount(said: Any, path: str) -> Decimal | None:
    """A sum of money or a number of units that stands there; None where there is none."""
    value = found(said, path)
    try:
        return None if value is None or not Decimal(str(value)).is_finite() else Decimal(str(value))
    except InvalidOperation:
        return None
