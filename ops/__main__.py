"""The command line of `./run`."""

from __future__ import annotations

import os
import sys

from ops import checks, demo, doctor, environment, place, testing
from ops.say import Trouble, complain
from ops.supervisor import Stopped

HELP = """\
./run                     демонстрацията / the demonstration: pages, worker, schedule, invented people
    PORT=8000                 порт / the port
    --demo-db                 DATABASE_URL е за демонстрация / that PostgreSQL database is for a demonstration
./run manage КОМАНДА …    команда на Django / a Django command (./run manage help)
./run check               всички проверки на кода / every check of the code
    --allow-missing           без PostgreSQL / go on without PostgreSQL
./run test [pytest …]     всички тестове / every test, on PostgreSQL, Redis and Chromium
    --full                    доказателства в пълен размер / proofs at full size
    --allow-missing           пропуска каквото липсва / skip what the machine lacks, and say so
./run weaknesses          известни слабости на библиотеките / known weaknesses of the locked libraries
    --osv ФАЙЛ.zip            базата на OSV за PyPI / OSV's database of PyPI; else VAR_DIR/osv/all.zip
./run compile-locks       нови заключени версии (изисква uv) / lock the versions again (needs uv)
./run --help              тази помощ / this help

Променливи / variables: docs/operations.md
"""


# With one of these a command works on what they name, else on the demonstration.
OWN = ("DEMO", "SECRET_KEY", "SECRET_KEY_FILE", "DATABASE_URL", "DATABASE_URL_FILE")


def main(arguments: list[str]) -> int:
    try:
        return _dispatch(arguments)
    except Trouble as trouble:
        complain(trouble)
    except OSError as error:
        complain(doctor.explain(error))
    except Stopped:
        return 0
    except KeyboardInterrupt:
        return 130
    return 1


def _dispatch(arguments: list[str]) -> int:
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command in {"-h", "--help", "help"}:
        print(HELP, end="")
        return 0
    if command == "manage":
        return _manage(rest)
    if command == "check":
        return checks.run(rest)
    if command == "test":
        return testing.run(rest)
    if command == "weaknesses":
        return _weaknesses(rest)
    if command == "compile-locks":
        return environment.compile_locks()
    return _demo(arguments)


def _demo(arguments: list[str]) -> int:
    unknown = [word for word in arguments if word != "--demo-db"]
    if unknown:
        print(HELP, end="", file=sys.stderr)
        raise Trouble(f"Няма команда „{unknown[0]}“.", f"There is no command {unknown[0]!r}.")
    host = os.environ.get("GRANIAN_HOST") or "127.0.0.1"
    port = doctor.port_number(os.environ.get("PORT") or "8000")
    demo.run(demo.Options(host, port, "--demo-db" in arguments))
    return 0


def _weaknesses(arguments: list[str]) -> int:
    """In the application's environment: only there is the library that knows how versions are ordered."""
    environment.ensure("base")
    os.chdir(place.ROOT)
    os.execve(place.PYTHON, [str(place.PYTHON), "-m", "ops.weaknesses", *arguments], dict(os.environ))  # noqa: S606


def _manage(arguments: list[str]) -> int:
    """Hand over to Django; without settings in the environment, on the local demonstration."""
    environment.ensure("base")
    env = dict(os.environ)
    local = not any(env.get(name) for name in OWN)
    if local and not doctor.holds_real_people(place.var_dir() / "db.sqlite3"):
        env["DEMO"] = "1"
        # What a command queues is done by the worker of the demonstration that runs from here.
        env.update(demo.running().get("env", {}))
    command = [str(place.PYTHON), str(place.ROOT / "manage.py"), *arguments]
    os.chdir(env.get("DV_CWD") or place.ROOT)
    os.execve(command[0], command, env)  # noqa: S606


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
