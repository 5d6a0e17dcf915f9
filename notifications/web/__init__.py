"""Pages without a door of their own: the rooms above know the reader, guard these and wrap them."""

from notifications.web.inbox import inbox
from notifications.web.phones import Owner, phones
from notifications.web.wishes import wishes

__all__ = ["Owner", "inbox", "phones", "wishes"]
