"""What can be wrong before anything starts, each as one clear sentence."""

from __future__ import annotations

import errno
import ipaddress
import shutil
import socket
import sqlite3
from pathlib import Path
from urllib.parse import urlsplit

from ops.say import Trouble

MEGABYTE = 1024 * 1024


def port_number(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Trouble(f"PORT трябва да е число от 1 до 65535, не „{text}“.", f"PORT must be 1 to 65535, not {text!r}.")
    return int(text)


def need_free_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Trouble(
                    f"Порт {port} е зает. Изберете друг: PORT={port + 1} ./run.",
                    f"Port {port} is in use. Choose another: PORT={port + 1} ./run.",
                ) from None
            raise Trouble(
                f"Порт {port} не може да се отвори: {error.strerror}.",
                f"Port {port} cannot be opened: {error.strerror}.",
            ) from None


def need_loopback(host: str) -> None:
    """The demonstration has sign-in links for everyone, so it answers only this machine."""
    if host == "localhost":
        return
    try:
        if ipaddress.ip_address(host.strip("[]")).is_loopback:
            return
    except ValueError:
        pass
    raise Trouble(
        f"Демонстрацията отговаря само на този компютър, не на „{host}“.",
        f"The demonstration answers only this machine (127.0.0.1), not {host!r}.",
    )


def need_space(folder: Path, megabytes: int) -> None:
    free = shutil.disk_usage(folder).free // MEGABYTE
    if free < megabytes:
        raise Trouble(
            f"Дискът е почти пълен: нужни са {megabytes} MB, свободни са {free} MB.",
            f"The disk is almost full: {megabytes} MB are needed, {free} MB are free.",
        )


def need_demo_database(url: str, allowed: bool) -> None:
    """A PostgreSQL database becomes a demonstration only when the person says so."""
    if url and urlsplit(url).scheme in {"postgres", "postgresql"} and not allowed:
        raise Trouble(
            "DATABASE_URL сочи PostgreSQL. Ако базата е за демонстрация: ./run --demo-db.",
            "DATABASE_URL points to PostgreSQL. If that database is for a demonstration: ./run --demo-db.",
        )


def holds_real_people(database: Path) -> bool:
    """Whether this SQLite file is in use by an installation that is not a demonstration."""
    if not database.exists():
        return False
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        tables = {name for (name,) in connection.execute("select name from sqlite_master")}
        if "accounts_user" not in tables:
            return False
        if "core_installationmark" in tables:
            query = "select 1 from core_installationmark where kind = 'demo'"
            if connection.execute(query).fetchone():
                return False
        return connection.execute("select 1 from accounts_user").fetchone() is not None


def explain(error: OSError) -> Trouble:
    """An operating system error as a sentence a person can act on."""
    where = error.filename or Path.cwd()
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Trouble(f"Дискът е пълен ({where}).", f"The disk is full ({where}).")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return Trouble(f"Няма право за запис: {where}.", f"No right to write: {where}.")
    return Trouble(f"Системата отказа: {error}.", f"The system refused: {error}.")
