"""The transition tables: whole, reachable, and drawn as they are."""

from __future__ import annotations

import pytest
from django.conf import settings

from requests.management.commands.draw_states import DRAWN, drawn


def test_the_page_of_states_is_what_the_code_says() -> None:
    assert (settings.BASE_DIR / "docs" / "states.md").read_text(encoding="utf-8") == drawn()


@pytest.mark.parametrize(("name", "states", "moves", "begins"), DRAWN)
def test_every_state_can_be_reached(name, states, moves, begins) -> None:
    reached = set(begins)
    while more := {str(to) for to, sources in moves.items() if reached & set(sources)} - reached:
        reached |= more
    assert reached == set(states.values)


@pytest.mark.parametrize(("name", "states", "moves", "begins"), DRAWN)
def test_no_state_leads_to_itself(name, states, moves, begins) -> None:
    assert not [to for to, sources in moves.items() if to in sources]
