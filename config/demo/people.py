"""Invented people: names, homes, hours, certifications. Nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from pathlib import Path
from random import Random

from places.models import Settlement
from requests.states import Need
from volunteers.states import Transport

NOTES = (
    "до чешмата, синя порта",
    "зад църквата, втората къща",
    "над магазина, вторият етаж",
    "до училището, зелена ограда",
    "на мегдана, срещу пощата",
    "последната къща по пътя към гарата",
    "има куче, вързано е",
    "звънецът не работи, чукайте",
)


def _words() -> dict[str, list[str]]:
    lines = (Path(__file__).parent / "names.txt").read_text(encoding="utf-8").splitlines()
    return {key: words.split() for key, _colon, words in (line.partition(":") for line in lines)}


_WORDS = _words()
WOMEN, MEN, FAMILIES, WORDS = (_WORDS[key] for key in ("women", "men", "families", "words"))
# Keys of volunteers.states.LANGUAGES, each with the share of volunteers who speak it.
MORE_LANGUAGES = (("ru", 0.2), ("en", 0.25), ("rom", 0.08), ("tr", 0.05))
GROUPS = ("SOCIAL", "PENSION", "HEALTH", "TAX", "IDENTITY", "REGISTRY", "WORK", "ROAD")


@dataclass(frozen=True)
class Named:
    first: str
    middle: str
    last: str


def name(rng: Random, *, woman: bool) -> Named:
    """A first, a father's and a family name."""
    first = rng.choice(WOMEN if woman else MEN)
    middle, last = rng.choice(MEN), rng.choice(FAMILIES)
    ending = "а" if woman else ""
    return Named(first, _of_father(middle) + ending, last + ending)


def _of_father(father: str) -> str:
    return father[:-1] + "ев" if father.endswith(("й", "и")) else father.removesuffix("о").removesuffix("а") + "ов"


def shares(settlements: list[Settlement], total: int) -> list[Settlement]:
    """`total` homes spread over all settlements by population, at least one in each."""
    people = sum(place.population or 1 for place in settlements)
    counts = {place.pk: max(1, round(total * (place.population or 1) / people)) for place in settlements}
    largest = max(settlements, key=lambda place: place.population or 0)
    counts[largest.pk] += total - sum(counts.values())
    return [place for place in settlements for _home in range(counts[place.pk])]


def phone(number: int) -> str:
    """A number of the range that is written only in examples: 0888 000 xxx and on."""
    return f"+35988800{number:04d}"


def needs(rng: Random) -> list[str]:
    return sorted(rng.sample([str(value) for value in Need.values], k=rng.choice((0, 1, 1, 2))))


def transport(rng: Random) -> str:
    return rng.choices([Transport.CAR, Transport.BUS, Transport.FOOT], weights=[6, 3, 1])[0]


def languages(rng: Random) -> list[str]:
    """Bulgarian always; now and then another that is spoken in the region."""
    return ["bg", *(code for code, share in MORE_LANGUAGES if rng.random() < share)]


def weekly_hours(rng: Random) -> list[tuple[int, time, time]]:
    """Two to four weekdays, mornings, afternoons or whole days, now and then a Saturday."""
    days = sorted(rng.sample(range(5), k=rng.choice((2, 3, 3, 4)))) + ([5] if rng.random() < 0.3 else [])
    spans = [(time(9), time(13)), (time(13), time(18)), (time(9), time(18)), (time(10), time(16))]
    return [(day, *rng.choices(spans, weights=[2, 2, 4, 2])[0]) for day in days]


def certified(rng: Random) -> list[str]:
    """Two to five groups; the everyday ones come first."""
    return sorted({*rng.sample(GROUPS[:4], k=rng.choice((2, 2, 3))), *rng.sample(GROUPS[4:], k=rng.choice((0, 1, 2)))})
