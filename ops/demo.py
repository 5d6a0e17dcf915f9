"""`./run`: the demonstration, from an empty folder to a page with a sign-in link for each of the cast."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ops import broker, doctor, environment, place, prepared
from ops.say import Trouble, done, say, step
from ops.supervisor import Supervisor

WEB_SECONDS = 60.0
PREPARE = [str(place.PYTHON), "-m", "ops.prepare"]
NEEDED_MEGABYTES = 100
ROLES = {
    "resident": "жител / resident",
    "clerk": "служител / clerk",
    "volunteer": "доброволец / volunteer",
    "coordinator": "координатор / coordinator",
    "safeguarding": "закрила / safeguarding",
    "auditor": "одитор / auditor",
    "administrator": "администратор / administrator",
}


@dataclass(frozen=True)
class Options:
    host: str
    port: int
    demo_database: bool = False


def run(options: Options) -> None:
    """Blocks until somebody stops it (raises Stopped) or something ends by itself (raises Trouble)."""
    doctor.need_loopback(options.host)
    doctor.need_demo_database(os.environ.get("DATABASE_URL", ""), options.demo_database)
    doctor.need_free_port(options.host, options.port)
    for folder in (place.ROOT, place.var_dir()):
        doctor.need_space(folder, NEEDED_MEGABYTES)
    started = time.monotonic()
    with (place.var_dir() / "run.lock").open("w") as lock:
        _need_to_be_alone(lock)
        supervisor = Supervisor(place.log_dir())
        try:
            environment.ensure("base", supervisor)
            with ExitStack() as beside:
                _start_everything(supervisor, options, started, beside)
                supervisor.watch()
        finally:
            _running_file().unlink(missing_ok=True)
            supervisor.stop()
            say("Спряно.", "Stopped.")


def environ(options: Options) -> dict[str, str]:
    address = f"http://{url_host(options.host)}:{options.port}"
    # Addresses of an installation, which our own stand in for.
    not_ours = {f"{name}_FILE" for name in ("DATABASE_URL", "REDIS_URL", "CELERY_BROKER_URL")}
    return {
        **{name: value for name, value in os.environ.items() if name not in not_ours},
        "DEMO": "1",
        "PORT": str(options.port),
        "SITE_URL": address,
        "VAR_DIR": str(place.var_dir()),
        "PYTHONUNBUFFERED": "1",
    }


def url_host(host: str) -> str:
    return f"[{host}]" if ":" in host else "localhost" if host == "127.0.0.1" else host


def commands(options: Options) -> dict[str, list[str]]:
    """Name → command of the three processes of the application."""
    python = str(place.PYTHON)
    celery = [python, "-m", "celery", "-A", "config"]
    return {
        "web": [
            *(python, "-m", "granian", "--interface", "wsgi", "--host", options.host),
            *("--port", str(options.port), "--workers", "1", "--blocking-threads", "4"),
            *("--log-level", "warning", "config.wsgi:application"),
        ],
        "worker": [
            *(*celery, "worker", "--loglevel", "INFO", "--concurrency", "2"),
            *("--without-gossip", "--without-mingle"),
        ],
        "beat": [*celery, "beat", "--loglevel", "INFO", "--pidfile="],
    }


def _start_everything(supervisor: Supervisor, options: Options, started: float, beside: ExitStack) -> None:
    env = environ(options)
    chosen = broker.choose(supervisor)
    env.update(chosen.env)
    # Nothing that shapes the database changed since the last time: the pages need not wait for the check.
    known = prepared.known(env)
    links: list[dict[str, str]] = []
    if not known:
        # The optimiser takes a minute to compile on a new machine: it does so while people look round, and the
        # worker makes the first plan as soon as that is done.
        compiler = ["nice", str(place.PYTHON), "-m", "matching", "compile"]
        beside.enter_context(supervisor.helper("compile", compiler, env))
        links = _prepare(supervisor, env)
    for name, command in commands(options).items():
        supervisor.start(name, command, env, place.ROOT)
    if known:
        links = _listen(supervisor, [*PREPARE, "--only-links"], env)
    with step(f"Уеб, работник, разписание; опашка: {chosen.name}", f"Web, worker, schedule; broker: {chosen.name}"):
        _wait_for_page(supervisor, options)
    prepared.remember(env)
    _write_running(options, env, chosen)
    _welcome(links, env["SITE_URL"], time.monotonic() - started)


def _prepare(supervisor: Supervisor, env: dict[str, str]) -> list[dict[str, str]]:
    """Database, facts, people; the steps are shown as they end. Answers the sign-in links."""
    # Two cores: the styles are collected while the people are loaded.
    collect = [str(place.PYTHON), "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    with supervisor.helper("collectstatic", collect, env) as collecting:
        links = _listen(supervisor, [*PREPARE, "--plan-later"], env)
        with step("Стилове и скриптове", "Styles and scripts"):
            _need_success("collectstatic", collecting, supervisor)
    return links


def _listen(supervisor: Supervisor, command: list[str], env: dict[str, str]) -> list[dict[str, str]]:
    """Show what `ops.prepare` reports, line by line."""
    links: list[dict[str, str]] = []
    with supervisor.helper("prepare", command, env, pipe=True) as process:
        for line in _lines(process):
            supervisor.check()
            if line["kind"] == "step":
                done(line["bg"], line["en"], line["seconds"])
            elif line["kind"] == "links":
                links = line["links"]
            else:
                raise Trouble(line["bg"], line["en"])
        _need_success("prepare", process, supervisor)
    return links


def _lines(process: subprocess.Popen[bytes]) -> Iterable[dict[str, Any]]:
    assert process.stdout is not None
    for raw in process.stdout:
        yield json.loads(raw)


def _need_success(name: str, process: subprocess.Popen[bytes], supervisor: Supervisor) -> None:
    if process.wait():
        raise _failed(name, (supervisor.logs / f"{name}.log").read_text(errors="replace"))


def _failed(name: str, log: str) -> Trouble:
    if "No space left" in log or "disk is full" in log:
        return Trouble("Дискът е пълен.", f"The disk is full ({place.ROOT}).")
    return Trouble(
        f"Стъпката „{name}“ не успя. Ето последните редове.",
        f"The step {name} failed. Its last lines follow.",
        "\n".join(log.splitlines()[-12:]),
    )


def _wait_for_page(supervisor: Supervisor, options: Options) -> None:
    address = f"http://{url_host(options.host)}:{options.port}/healthz"
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + WEB_SECONDS
    while time.monotonic() < deadline:
        supervisor.check()
        try:
            with opener.open(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except urllib.error.HTTPError as error:
            raise Trouble(
                f"Страницата отговори с грешка {error.code}.",
                f"The page answered with error {error.code}.",
                next(child.tail() for child in supervisor.children if child.name == "web"),
            ) from None
        except OSError:
            time.sleep(0.05)
    raise Trouble("Страницата не отговаря.", "The page does not answer.")


def _welcome(links: list[dict[str, str]], address: str, seconds: float) -> None:
    say("")
    say(f"Готово за {seconds:.1f} s: {address}/", f"Ready in {seconds:.1f} s, English: {address}/en/")
    say("")
    for link in links:
        say(f"  {ROLES.get(link['role'], link['role']):29} {link['name']}\n    {address}{link['url_path']}")
    say("")
    say(f"Дневници: {place.log_dir()}. Спиране: Ctrl-C.", "Logs stand there. Ctrl-C stops everything.")


def _need_to_be_alone(lock: IO[str]) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        where = running().get("address", "")
        raise Trouble(
            f"Демонстрацията вече върви от тази папка. {where}".strip(),
            f"The demonstration already runs from this folder. {where}".strip(),
        ) from None


def _running_file() -> Path:
    return place.var_dir() / "running.json"


def running() -> dict[str, Any]:
    """What the demonstration that runs from this folder wrote of itself, or nothing."""
    try:
        found = json.loads(_running_file().read_text(encoding="utf-8"))
        os.kill(found["pid"], 0)
    except (OSError, ValueError, KeyError):
        return {}
    return found if isinstance(found, dict) else {}


def _write_running(options: Options, env: dict[str, str], chosen: broker.Broker) -> None:
    state = {"pid": os.getpid(), "address": env["SITE_URL"], "port": options.port, "env": chosen.env}
    _running_file().write_text(json.dumps(state), encoding="utf-8")
