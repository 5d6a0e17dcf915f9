"""What there is to tell: the rooms above name their kinds in this shape, with words of their own."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from notifications.states import MessageClass

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message: how pressing it is, and who tells it when no channel does.

    `must_arrive`: in the end a person calls. `or_call`: who cannot be reached but by a person is called.
    """

    code: str
    message_class: MessageClass = MessageClass.ORDINARY
    must_arrive: bool = False
    or_call: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """One message in words: a subject, a body, and what an SMS says instead (the body where it says nothing)."""

    subject: str
    body: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """The words a kind comes with, until a coordinator writes others. `{когато}` names stand for facts.

    `facts` are codes of PLACEHOLDERS that the caller fills. `budget` is the most SMS segments, in Cyrillic, that
    the short words may take with the longest facts of the examples.
    """

    kind: Kind
    # What it is and who gets it, for whoever edits it.
    title: Words
    subject: Words
    body: Words
    short: Words
    facts: tuple[str, ...]
    budget: int = 2
