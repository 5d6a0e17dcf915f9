"""How fast messages leave: `python -m benchmarks.messages throughput|rate|fairness|killed [options]`.

Each command starts an installation of its own (`benchmarks.message_house`), queues messages as the application
does, lets real workers send them to a gateway that answers after 50 ms, and judges by the rows and by what the gateway
was given. Answers 1 where a promise is not kept.
"""

from __future__ import annotations

import argparse
import itertools
import signal
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from benchmarks.measure import circumstances
from benchmarks.message_house import House
from ops import guard

IN_TIME = timedelta(seconds=10)
PATIENCE_SECONDS = 300.0


def main() -> int:
    options = _options()
    print(circumstances(["django", "celery", "httpx", "psycopg"], [0]), flush=True)
    with House(gateway_seconds=options.gateway, workers=options.workers) as house:
        import django

        django.setup()
        kept: bool = options.measure(house, options)
    print("kept" if kept else "NOT KEPT")
    return 0 if kept else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gateway", type=float, default=0.05, help="seconds the gateway takes")
    parser.add_argument("--workers", type=int, default=2, help="processes of the worker")
    commands = parser.add_subparsers(required=True)
    throughput_ = commands.add_parser("throughput", help="a full outbox, emptied")
    throughput_.add_argument("--messages", type=int, default=6000)
    throughput_.set_defaults(measure=throughput, least=200.0)
    rate_ = commands.add_parser("rate", help="so many a second, and how soon they were handed over")
    rate_.add_argument("--a-second", type=float, default=50.0)
    rate_.add_argument("--seconds", type=float, default=60.0)
    rate_.add_argument("--share", type=_share, default=0.99, help="handed over within ten seconds, at least: 0.995")
    rate_.set_defaults(measure=rate)
    fair = commands.add_parser("fairness", help="one of five municipalities at ten times its rate")
    fair.add_argument("--a-second", type=float, default=4.0, help="of each municipality")
    fair.add_argument("--seconds", type=float, default=20.0, help="of each of six stretches")
    fair.set_defaults(measure=fairness)
    killed_ = commands.add_parser("killed", help="workers killed while they send: how long anything is stuck")
    killed_.add_argument("--messages", type=int, default=2000)
    killed_.add_argument("--kills", type=int, default=3)
    killed_.set_defaults(measure=killed)
    return parser.parse_args()


def throughput(house: House, options: argparse.Namespace) -> bool:
    """A full outbox is emptied at so many a second, counted from the commit that filled it."""
    from benchmarks import message_rows as rows

    people = rows.people(["PER36", "SOF01", "VAR06", "BGS04"], options.messages)
    filled = rows.fill(people)
    _until(rows.all_sent, "the outbox is not empty")
    took = (rows.last_sent() - filled).total_seconds()
    a_second = options.messages / took
    print(f"{options.messages} messages in {took:.1f} s: {a_second:.0f} a second")
    return a_second >= options.least and _each_once(house, options.messages)


def rate(house: House, options: argparse.Namespace) -> bool:
    """Messages come one by one; those handed over within ten seconds are counted."""
    from benchmarks import message_rows as rows

    people = rows.people(["PER36", "SOF01", "VAR06", "BGS04"], 400)
    names = _steadily(options.a_second, options.seconds, lambda number: rows.tell(people[number % 400], number))
    _until(rows.all_sent, "the outbox is not empty")
    waits = rows.waits()
    share = sum(wait <= IN_TIME.total_seconds() for wait in waits) / len(waits)
    print(
        f"{len(waits)} messages at {options.a_second:g}/s: {share:.2%} within 10 s, median {_middle(waits):.2f} s, "
        f"99 % within {_part(waits, 0.99):.2f} s, longest {max(waits):.2f} s"
    )
    return share >= options.share and _each_once(house, len(names))


def fairness(house: House, options: argparse.Namespace) -> bool:
    """Stretches in which all are equal take turns with stretches in which the first sends ten times as much."""
    from benchmarks import message_rows as rows

    codes = ["PER36", "SOF01", "VAR06", "BGS04", "PDV01"]
    people = {code: rows.people([code], 200) for code in codes}
    waits: dict[bool, list[float]] = {False: [], True: []}
    numbers = itertools.count()
    for stretch in range(6):
        flood = stretch % 2 == 1
        # In one second: ten of the first for one of each other.
        turns = [codes[0]] * (10 if flood else 1) + codes[1:]

        def tell(_number: int, turns: Sequence[str] = turns) -> Any:
            number = next(numbers)
            code = turns[number % len(turns)]
            return rows.tell(people[code][number % 200], number)

        named = _steadily(options.a_second * len(turns), options.seconds, tell)
        _until(rows.all_sent, "the outbox is not empty")
        waits[flood] += rows.waits(named, without=codes[0])
    ratio = statistics.fmean(waits[True]) / statistics.fmean(waits[False])
    for flood, name in ((False, "all equal"), (True, "one at ten times its rate")):
        their = waits[flood]
        print(
            f"{name}: {len(their)} of the others, mean {statistics.fmean(their):.3f} s, 99 % {_part(their, 0.99):.3f} s"
        )
    print(f"the others waited {ratio:.2f} times as long")
    return ratio <= 1.2


def killed(house: House, options: argparse.Namespace) -> bool:
    """Workers are killed while they send: how long after the last kill anything still waited or was claimed."""
    from benchmarks import message_rows as rows

    people = rows.people(["PER36", "SOF01"], options.messages)
    worker = house.worker
    rows.fill(people)
    for _kill in range(options.kills):
        time.sleep(1.5)
        guard.signal_group(worker.pid, signal.SIGKILL)
        worker.wait()
        worker = house.start_worker()
    since = time.monotonic()
    _until(rows.none_moving, "something is stuck")
    print(f"{options.kills} kills: the last row moved {time.monotonic() - since:.0f} s after the last; {rows.states()}")
    return time.monotonic() - since <= 60 and max(house.arrived().values()) == 1


def _steadily(a_second: float, seconds: float, do: Callable[[int], Any]) -> list[Any]:
    """Call so often, whether or not an earlier call was late; what each answered."""
    began, answers = time.monotonic(), []
    for number in range(round(a_second * seconds)):
        time.sleep(max(0.0, began + number / a_second - time.monotonic()))
        answers.append(do(number))
    late = time.monotonic() - began - seconds
    if late > 1:
        print(f"(queueing itself was {late:.1f} s late: {len(answers) / (seconds + late):.1f} a second)")
    return answers


def _each_once(house: House, wanted: int) -> bool:
    arrived = house.arrived()
    print(f"the gateway has {len(arrived)} messages, the most given of one: {max(arrived.values())}")
    return len(arrived) == wanted and set(arrived.values()) == {1}


def _until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > deadline:
            sys.exit(what)
        time.sleep(0.25)


def _middle(values: Sequence[float]) -> float:
    return statistics.median(values)


def _share(typed: str) -> float:
    if not 0 < float(typed) <= 1:
        raise argparse.ArgumentTypeError(f"{typed} is no share: write 0.995 for 99.5 %")
    return float(typed)


def _part(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    sys.exit(main())
