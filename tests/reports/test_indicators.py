"""What a figure means, without a database."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from core import plain_language
from reports.indicators import DEFINITIONS, Figures, quantile, waited

MONDAY = datetime(2026, 10, 5, 6, tzinfo=UTC)


def test_waiting_is_told_in_days_of_twenty_four_hours_and_never_backwards():
    assert waited(MONDAY, MONDAY + timedelta(hours=60)) == 2.5
    assert waited(MONDAY, MONDAY - timedelta(hours=1)) == 0


@pytest.mark.parametrize(
    ("values", "half", "nine"),
    [([], None, None), ([4.0], 4, 4), ([1.0, 2.0], 1.5, 1.9), ([5.0, 1.0, 3.0], 3, 4.6), (list(range(11)), 5, 9)],
)
def test_the_middle_and_nine_of_ten_lie_between_neighbours_in_proportion(values, half, nine):
    assert quantile(values, 0.5) == (half if half is None else pytest.approx(half))
    assert quantile(values, 0.9) == (nine if nine is None else pytest.approx(nine))


def test_acceptance_counts_only_offers_that_came_to_an_answer():
    assert Figures(offers=9, said_yes=3, said_no=1).acceptance == 0.75
    assert Figures(offers=2).acceptance is None


def test_outcomes_fall_into_settled_stopped_and_the_rest():
    row = Figures(outcomes=Counter(submitted=4, self_done=1, blocked_eid=2, blocked_portal=1, nobody_home=3))
    assert (row.visits, row.settled, row.stopped) == (11, 5, 3)


def test_the_definitions_are_written_as_a_clerk_would_say_them():
    for _name, meaning in DEFINITIONS:
        for sentence in plain_language.sentences(str(meaning)):
            assert plain_language.count(sentence) <= 14, sentence
