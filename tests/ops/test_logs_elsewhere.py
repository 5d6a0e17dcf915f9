"""Our log lines reach another machine as they were written: none lost, none in clear, none from a stranger."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ops import compose
from tests.ops.test_compose_file import APPLICATION, VALUES
from tests.services.rsyslog import FORWARDING, Authority, Machine, Wire, pair, until

ROOT = Path(__file__).resolve().parents[2]
# A process of ours: what it is told on its standard input, it logs as an installation does.
PROCESS = """
import logging, sys
import django
django.setup()
for line in sys.stdin:
    logging.getLogger("security").warning("%s", line.rstrip("\\n"), extra={"key": "ключ \\u2028 {}"})
"""
SAID = 'Заявка р-{number}" \\ <13>1 %s \t tab'


def write(path: Path, numbers: range) -> list[str]:
    """Log these through the application, appended to a file as a service manager does; the lines it wrote."""
    env = {**os.environ, "LOG_FORMAT": "json", "BUILDING": "1", "DJANGO_SETTINGS_MODULE": "config.settings"}
    said = "".join(
        SAID.replace("{number}", str(number)) + "x" * (9000 * (number % 50 == 7)) + "\n" for number in numbers
    )
    done = subprocess.run(
        [sys.executable, "-c", PROCESS], cwd=ROOT, env=env, input=said.encode(), stderr=subprocess.PIPE, check=True
    )
    with path.open("ab") as file:
        file.write(done.stderr)
    lines = done.stderr.decode().splitlines()
    assert len(lines) == len(numbers) and all(json.loads(line)["logger"] == "security" for line in lines)
    return lines


@pytest.fixture(scope="module")
def ours() -> Authority:
    return Authority()


Three = tuple[Machine, Machine, Wire]


@pytest.fixture
def machines(tmp_path: Path, ours: Authority) -> Iterator[Three]:
    forwarding, receiving, wire = pair(tmp_path, ours, ours)
    yield forwarding, receiving, wire
    for one in (forwarding, receiving):
        one.stop(kill=True)
    wire.close()


def arrived(receiving: Machine, process: str) -> list[str]:
    path = receiving.folder / "logs" / "127.0.0.1" / f"digital-volunteers-{process}.log"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def test_every_line_arrives_as_written_though_the_other_side_dies_in_between(machines: Three) -> None:
    forwarding, receiving, wire = machines
    receiving.start()
    forwarding.start()
    log = forwarding.folder / "logs" / "web.log"
    written = write(log, range(100))
    until(lambda: len(arrived(receiving, "web")) >= 10, forwarding.said() + receiving.said())
    receiving.stop(kill=True)
    written += write(log, range(100, 200))
    # The last of them stands in the queue, and waits.
    until(lambda: "Заявка р-199".encode() in forwarding.kept(), forwarding.said())
    assert len(set(arrived(receiving, "web"))) < len(written)
    receiving.start()
    # Work goes on: with the next lines those come again that were under way.
    written += write(log, range(200, 250))
    until(lambda: set(arrived(receiving, "web")) >= set(written), forwarding.said() + receiving.said())
    # What a machine had not acknowledged when it died comes again, maybe later than what followed; no line is torn.
    assert set(arrived(receiving, "web")) == set(written)
    # TLS, and nothing of the lines.
    assert wire.passed[:2] == b"\x16\x03"
    assert b"security" not in wire.passed and "Заявка".encode() not in wire.passed


def test_the_queue_stands_on_the_disk_while_both_are_away(machines: Three) -> None:
    """What had just been handed over when both died, one line at most, is on this machine alone."""
    forwarding, receiving, _wire = machines
    forwarding.start()
    log = forwarding.folder / "logs" / "web.log"
    written = write(log, range(200))
    until(lambda: "Заявка р-199".encode() in forwarding.kept(), forwarding.said())
    # As a service manager does: it is told to stop, goes on trying, and is killed.
    assert not forwarding.stops_within(2)
    forwarding.stop(kill=True)
    written += write(log, range(200, 250))
    forwarding.start()
    receiving.start()
    until(lambda: len(set(arrived(receiving, "web")) & set(written)) >= 249, forwarding.said() + receiving.said())
    assert set(arrived(receiving, "web")) <= set(written)


def test_the_control_without_tls_the_wire_shows_the_lines(machines: Three) -> None:
    forwarding, receiving, wire = machines
    for one in (forwarding, receiving):
        path = one.folder / "dropped.conf"
        path.write_text(path.read_text(encoding="utf-8").replace('tls="on"', 'tls="off"'), encoding="utf-8")
        one.start()
    written = write(forwarding.folder / "logs" / "web.log", range(3))
    until(lambda: arrived(receiving, "web") == written, forwarding.said())
    assert b"security" in wire.passed and "Заявка".encode() in wire.passed


@pytest.mark.parametrize("process", ["web", "worker", "sender", "beat"])
def test_a_line_that_comes_by_the_machine_s_own_log_arrives_as_written(machines: Three, process: str) -> None:
    """As from the journal or from Docker: under the name of its process, by the socket of the machine's log."""
    forwarding, receiving, _wire = machines
    receiving.start()
    forwarding.start()
    written = write(forwarding.folder / "unwatched.log", range(6, 9))
    command = ["logger", "--socket", str(forwarding.folder / "log"), "--size", "64KiB", "--id=7", "--tag"]
    for line in written:
        subprocess.run([*command, f"digital-volunteers-{process}", "--", line], check=True)
        subprocess.run([*command, "somebody-else", "--", line], check=True)
    until(lambda: arrived(receiving, process) == written, forwarding.said())
    assert forwarding.stops_within(30), "with nothing left to send it stops when told"
    files = [path.name for path in (receiving.folder / "logs").rglob("*.log")]
    assert files == [f"digital-volunteers-{process}.log"], "what is not ours stays here"


@pytest.mark.parametrize(("whose", "name"), [("a stranger's CA", "help.example.bg"), ("our CA", "another.example.bg")])
def test_a_machine_without_a_certificate_of_ours_for_its_name_delivers_nothing(
    tmp_path: Path, ours: Authority, whose: str, name: str
) -> None:
    forwarding, receiving, wire = pair(tmp_path, ours, ours if whose == "our CA" else Authority(), name)
    with receiving:
        with forwarding:
            written = write(forwarding.folder / "logs" / "web.log", range(20))
            # It tried, was refused, and says so.
            until(lambda: len(wire.passed) > 500 and "omrelp" in forwarding.said(), forwarding.said())
            assert arrived(receiving, "web") == []
        # It still has them: with a certificate of its own they arrive.
        ours.give(forwarding.folder / "keys", FORWARDING)
        with forwarding:
            until(lambda: set(arrived(receiving, "web")) == set(written), forwarding.said() + receiving.said())
    wire.close()


def test_nothing_is_said_to_a_machine_that_is_not_the_one_named(tmp_path: Path, ours: Authority) -> None:
    forwarding, receiving, wire = pair(tmp_path, Authority(), ours)
    # It trusts everybody, as who wants to listen would.
    path = receiving.folder / "dropped.conf"
    text = path.read_text(encoding="utf-8").replace('tls.authMode="name"', 'tls.authMode="fingerprint"')
    path.write_text(text, encoding="utf-8")
    with forwarding, receiving:
        write(forwarding.folder / "logs" / "web.log", range(20))
        until(lambda: len(wire.passed) > 500 and "omrelp" in forwarding.said(), forwarding.said() + receiving.said())
        assert arrived(receiving, "web") == []
    wire.close()


def test_the_name_of_a_process_does_not_lead_out_of_the_folder(machines: Three) -> None:
    forwarding, receiving, _wire = machines
    receiving.start()
    forwarding.start()
    command = ["logger", "--socket", str(forwarding.folder / "log"), "--tag"]
    subprocess.run([*command, "digital-volunteers/../../../out", "--", "{}"], check=True)
    subprocess.run([*command, "digital-volunteers-web", "--", "{}"], check=True)
    until(lambda: arrived(receiving, "web") == ["{}"], forwarding.said())
    logs = receiving.folder / "logs"
    assert all(path.parent == logs / "127.0.0.1" for path in logs.rglob("*.log"))
    assert not list(receiving.folder.glob("*.log")) and not list(receiving.folder.parent.glob("*.log"))


def test_docker_hands_the_lines_to_the_machine_s_log_where_the_operator_says_so() -> None:
    assert compose.load(VALUES)["name"] == "digital-volunteers"
    for said, driver in (("", "json-file"), ("journald", "journald")):
        services = compose.load({**VALUES, "LOG_DRIVER": said})["services"]
        for name in APPLICATION:
            # A container's name begins with the project's, which forward.conf looks for.
            assert services[name]["logging"] == {"driver": driver, "options": {"tag": "{{.Name}}"}}
