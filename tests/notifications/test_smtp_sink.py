"""The mail server of the proofs keeps what a real one would: whole letters, and nothing of one that was broken off."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from tests.notifications.smtp_sink import Sink

HEAD = b"Message-ID: <1@example.org>\r\nSubject: x\r\n\r\n"
BEFORE = b"EHLO a\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as server:
        yield server


def told(sink: Sink, words: bytes) -> None:
    """All of it at once, then the line is dead; answers when the server has seen that."""
    others = set(threading.enumerate())
    with socket.create_connection(("127.0.0.1", sink.port), timeout=10) as wire:
        wire.sendall(words)
        wire.shutdown(socket.SHUT_WR)
        while wire.recv(4096):
            pass
    for thread in set(threading.enumerate()) - others:
        thread.join(10)


def test_a_whole_letter_is_kept(sink: Sink) -> None:
    told(sink, BEFORE + HEAD + b"hello\r\n.\r\nQUIT\r\n")
    assert [str(letter["Message-ID"]) for letter in sink.letters] == ["<1@example.org>"]


@pytest.mark.parametrize("half", [b"", HEAD[:9], HEAD, HEAD + b"hel"])
def test_one_broken_off_is_none(sink: Sink, half: bytes) -> None:
    """A sender that is killed between „354“ and the last line; its next life sends the letter again."""
    told(sink, BEFORE + half)
    assert sink.letters == []
