"""Whatever is done in whatever order: no illegal state, no request without a next step, nobody booked twice.

A machine makes up sequences of service calls on a small town and reads all rows after each of them. Every
sequence runs in a transaction that is rolled back, so the town is the same for the next.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from requests.models import HelpRequest
from requests.states import RequestState
from tests import factories as make
from tests.proofs.spine.any_order import AT_LEAST, EVERYWHERE, REACHED, Town
from tests.proofs.spine.invariants import check
from tests.sizes import FULL, size


@pytest.mark.postgres
@pytest.mark.timeout(1800)
@pytest.mark.django_db
def test_no_sequence_of_calls_breaks_what_must_hold() -> None:
    make.municipality(), make.service(), make.service("ASP_OTHER")
    run_state_machine_as_test(
        Town,
        settings=settings(
            max_examples=size(8, 200, "sequences"),
            stateful_step_count=size(16, 50, "calls in a sequence"),
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
            derandomize=not FULL,
            print_blob=True,
        ),
    )
    missed = (EVERYWHERE if FULL else AT_LEAST) - REACHED
    assert not missed, f"the sequences never came here: {sorted(missed)}"


@pytest.mark.django_db
def test_the_control_a_state_written_past_the_services_is_seen() -> None:
    visit = make.visit()
    check()
    HelpRequest.objects.filter(pk=visit.help_request_id).update(state=RequestState.CONFIRMED)
    with pytest.raises(AssertionError):
        check()
