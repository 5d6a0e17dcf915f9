"""`python -m ops.health web|worker|beat`: 0 when that process is well, 1 and a word of why when it is not.

`web --ca FILE` asks by https and believes the certificates of that authority alone.

Quick and without Django, so that a container can ask every few seconds.
"""

from __future__ import annotations

import os
import socket
import ssl
import sys
import time
import urllib.error
import urllib.request

from ops import place

# A worker beats every 2 s; the schedule's most frequent task is due every 5 s.
OLDEST_SECONDS = {"worker": 30.0, "beat": 90.0}


def web(port: str, authority: str = "") -> str:
    """Why the web server is not well, or nothing. `authority`: whose certificate it shows; none: http."""
    # Django refuses hosts it does not serve, so the question goes to one it does.
    host = (os.environ.get("ALLOWED_HOSTS") or "localhost").replace(",", " ").split()[0].lstrip(".*")
    address = f"{'https' if authority else 'http'}://127.0.0.1:{port}/healthz"
    question = urllib.request.Request(address, headers={"Host": host or "localhost"})  # noqa: S310 - to ourselves
    try:
        handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
        if authority:
            handlers.append(urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=authority)))
        urllib.request.build_opener(*handlers).open(question, timeout=5).close()
    except urllib.error.HTTPError as error:
        return f"{address} answers {error.code}"
    except OSError as error:
        return f"{address}: {error}"
    return ""


def sign(name: str) -> str:
    """Why the worker or the schedule is not well, or nothing."""
    path = place.var_dir() / "alive" / f"{name}-{socket.gethostname()}"
    try:
        age = time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return f"{name} has given no sign of life yet"
    return "" if age <= OLDEST_SECONDS[name] else f"{name} gave its last sign of life {age:.0f} s ago"


def main(arguments: list[str]) -> int:
    port = os.environ.get("PORT") or "8000"
    match arguments:
        case ["web"]:
            why = web(port)
        case ["web", "--ca", authority] if authority:
            why = web(port, authority)
        case ["worker" | "beat" as name]:
            why = sign(name)
        case _:
            print("usage: python -m ops.health web|worker|beat, or web --ca FILE", file=sys.stderr)
            return 2
    if why:
        print(why, file=sys.stderr)
    return 1 if why else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
