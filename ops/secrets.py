"""`python -m ops.secrets FOLDER`: the files of the `secrets:` of docker-compose.yml, made once.

A file that is there is left alone. What a file `.env` beside FOLDER names already (as before there were files) is taken
from it, so that no key of standing data is ever made anew; else keys are made, and what a provider gives is left empty.
Each file opens to its owner alone; run by root it belongs to the account of the image that reads it.
"""

from __future__ import annotations

import base64
import os
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from ops.say import Trouble, complain, say

# The account of our image; postgres's begins as root.
APPLICATION, ROOT = 10001, 0


def _long() -> str:
    return secrets.token_hex(32)


def _ring() -> str:
    return "k1:" + base64.b64encode(secrets.token_bytes(32)).decode()


def _given() -> str:
    """Somebody else's: a provider's password, or `manage.py vapid_keys`."""
    return ""


# Variable → how it is made. The file has its name in small letters.
MADE: dict[str, Callable[[], str]] = {
    "SECRET_KEY": _long,
    "LOOKUP_KEY": _long,
    "FIELD_KEYS": _ring,
    "EVIDENCE_KEYS": _ring,
    "POSTGRES_PASSWORD": _long,
    "GATEWAY_SECRET": _given,
    "EMAIL_HOST_PASSWORD": _given,
    "KANNEL_PASSWORD": _given,
    "SMS_GATEWAY": _given,
    "PUSH_VAPID_PRIVATE_KEY": _given,
    "METRICS_TOKEN": _given,
}


def make(folder: Path) -> list[str]:
    """Make what is missing in `folder`; the names, each with where it is from. Raises OSError."""
    before = _old(folder.absolute().parent / ".env")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    told = []
    for name, how in MADE.items():
        path = folder / name.lower()
        if path.exists():
            continue
        value = before.get(name, "")
        told.append(f"{name.lower()}: {'.env' if value else 'made' if how is not _given else 'empty'}")
        _write(path, value or how(), ROOT if name == "POSTGRES_PASSWORD" else APPLICATION)
    return told


def _write(path: Path, value: str, uid: int) -> None:
    """The file whole or not at all: a half key would be taken for one."""
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "w", encoding="utf-8") as file:
        file.write(value + "\n")
        if os.geteuid() == 0:
            os.fchown(file.fileno(), uid, -1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _old(path: Path) -> dict[str, str]:
    """What an `.env` says: NAME=value, quotes around the value are not of it."""
    found = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        name, equals, value = line.strip().partition("=")
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        if equals and not name.startswith("#"):
            found[name.removeprefix("export ").strip()] = value
    return found


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python -m ops.secrets FOLDER", file=sys.stderr)
        return 2
    try:
        told = make(Path(arguments[0]))
    except OSError as error:
        complain(Trouble(f"Файловете не се направиха: {error}.", f"The files could not be made: {error}."))
        return 1
    for line in told:
        print(line)
    if os.geteuid():
        say("Не сте root: файловете трябва да са на потребител 10001.", "Not root: the files must belong to uid 10001.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
