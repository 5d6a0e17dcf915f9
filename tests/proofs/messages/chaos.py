"""Chaos in an installation of its own: `python -m tests.proofs.messages.chaos postgres|sqlite 60 4 [--whole]`.

Messages come while the worker, the schedule, Redis and the database are killed with `kill -9` at random and started
again, as whoever looks after them would. Says as its last line, in JSON, how long everything took to recover after the
last of them, and ends with an error where a message was lost or sent twice. The SQLite default has no server for its
database and files for its broker: there a process that is writing is killed, and the files are removed.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.message_house import ROOT, House
from ops import guard, throwaway
from tests.services.fixtures import kill_children

RECOVERED_WITHIN = 120.0
WRITES = """
import django; django.setup()
from django.db import connection, transaction
with transaction.atomic():
    connection.cursor().execute("UPDATE notifications_message SET failure = 'half' WHERE state = 'queued'")
    print("writing", flush=True)
    import time; time.sleep(60)
"""


class Fragile(House):
    """An installation whose parts can be killed; each comes back."""

    def __init__(self, kind: str, *, is_whole: bool) -> None:
        super().__init__(gateway_seconds=0.4, workers=1)
        self.kind, self.is_whole = kind, is_whole

    def database(self) -> str:
        if self.kind == "sqlite":
            return f"sqlite:///{self.folder}/db.sqlite3"
        self.cluster = throwaway.start_postgres(self.guard)
        self.cluster.sql("CREATE DATABASE dv")
        # Tests let a commit wait for its log; whoever kills the server must have it on the disk's side first.
        self.cluster.sql("ALTER DATABASE dv SET synchronous_commit = on")
        return self.cluster.url("dv")

    def broker(self) -> str:
        if self.kind == "sqlite":
            return "filesystem://"
        url = super().broker()
        self.redis_folder = Path(url.removeprefix("redis+socket://")).parent
        return url

    def prepare(self) -> None:
        """The migrations are proved elsewhere: tables alone take a tenth of the time."""
        import django

        django.setup()
        from django.apps import apps
        from django.db import connection

        if connection.vendor == "postgresql":
            connection.cursor().execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        with connection.schema_editor() as editor:
            for model in apps.get_models():
                editor.create_model(model)

    def kill_worker(self) -> None:
        if not self.is_whole:
            kill_children(self.worker.pid)
            return
        guard.signal_group(self.worker.pid, signal.SIGKILL)
        self.worker.wait()
        self.worker = self.start_worker()

    def kill_beat(self) -> None:
        guard.signal_group(self.beat.pid, signal.SIGKILL)
        self.beat.wait()
        self.beat = self.start_beat()

    def kill_redis(self) -> None:
        if self.kind == "sqlite":
            shutil.rmtree(self.folder / "broker" / "queue")
            (self.folder / "broker" / "queue").mkdir()
            return
        binary = throwaway.redis_binary(Path(sys.executable).parent)
        assert binary is not None
        command = throwaway.redis_command(binary, self.redis_folder / "redis.sock", databases=64)
        _kill_and_restart(_pid_by_folder(self.redis_folder), command, self.guard)

    def kill_database(self) -> None:
        if self.kind == "sqlite":
            writer = subprocess.Popen([sys.executable, "-c", WRITES], cwd=ROOT, stdout=subprocess.PIPE)
            assert writer.stdout is not None and writer.stdout.readline() == b"writing\n"
            writer.kill()
            writer.wait()
            return
        pid = int((self.cluster.folder / "data" / "postmaster.pid").read_text().split()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().rstrip("\0").split("\0")
        _kill_and_restart(pid, command, self.guard, account=self.cluster.account)


def _pid_by_folder(folder: Path) -> int:
    """The process whose command names this folder."""
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = entry.read_bytes()
            if words.startswith((b"redis-server", b"/")) and b"redis" in words and str(folder).encode() in words:
                return int(entry.parent.name)
    raise AssertionError("Redis does not run")


def _kill_and_restart(pid: int, command: list[str], watch: guard.Guard, account: str | None = None) -> None:
    """`kill -9` for the whole group, and the same command again until it stays up."""
    guard.signal_group(pid, signal.SIGKILL)
    time.sleep(0.5)
    for _attempt in range(20):
        again = subprocess.Popen(
            command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, **throwaway._identity(account),  # type: ignore[call-overload]
        )  # fmt: skip
        watch.watch(again.pid)
        time.sleep(1.0)
        if again.poll() is None:
            return
    raise AssertionError(f"{command[0]} does not start again")


def run(kind: str, messages: int, kills: int, *, is_whole: bool) -> dict[str, Any]:
    with Fragile(kind, is_whole=is_whole) as house:
        from tests.proofs.messages import chaos_rows as rows

        killers: list[Callable[[], None]] = [house.kill_worker, house.kill_redis, house.kill_database, house.kill_beat]
        # Each at least once where there are as many kills; the one that sends always.
        order = killers[: min(kills, 4)] + random.choices(killers, k=max(0, kills - 4))
        random.shuffle(order)
        told, each, since = 0, messages // kills, 0.0
        for number, kill in enumerate(order):
            more = each if number < kills - 1 else messages - told
            rows.tell(told, more)
            told += more
            time.sleep(random.uniform(0.1, 0.9))
            since = time.monotonic()
            kill()
        while rows.moving():
            if time.monotonic() - since > RECOVERED_WITHIN:
                raise AssertionError(f"still moving: {rows.moving()}; {_logs(house)}")
            time.sleep(0.5)
        recovered = time.monotonic() - since
        stand = rows.check(messages, Counter(house.arrived()))
        return {"recovered": round(recovered, 1), "stand": stand, "kills": Counter(one.__name__ for one in order)}


def _logs(house: Fragile) -> str:
    return "\n".join(log.read_text(errors="replace")[-4000:] for log in house.folder.glob("*.log"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kind", choices=["postgres", "sqlite"])
    parser.add_argument("messages", type=int)
    parser.add_argument("kills", type=int)
    parser.add_argument("--whole", action="store_true", help="kill the worker whole, not the process that sends")
    options = parser.parse_args()
    print(json.dumps(run(options.kind, options.messages, options.kills, is_whole=options.whole)))


if __name__ == "__main__":
    main()
