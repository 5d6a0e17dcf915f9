"""How someone is reached, what was told them, and what a person at the desk must do."""

from notifications.models.contact import Contact, ContactDay
from notifications.models.desk_task import DeskTask, DeskTaskQuerySet
from notifications.models.inbound import Callback, CallbackEvent, InboundMessage
from notifications.models.message import Message, MessageQuerySet
from notifications.models.provider import FailureHour, MessageHour, Provider, QueueLength
from notifications.models.push import PushSubscription
from notifications.models.webhook import TEST_EVENT, WebhookDelivery, WebhookSubscription
from notifications.models.wording import MessageTemplate

__all__ = [
    "TEST_EVENT",
    "Callback",
    "CallbackEvent",
    "Contact",
    "ContactDay",
    "DeskTask",
    "DeskTaskQuerySet",
    "FailureHour",
    "InboundMessage",
    "Message",
    "MessageHour",
    "MessageQuerySet",
    "MessageTemplate",
    "Provider",
    "PushSubscription",
    "QueueLength",
    "WebhookDelivery",
    "WebhookSubscription",
]
