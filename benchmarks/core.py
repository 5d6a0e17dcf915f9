"""The common core: what every routing program can say, left over from a problem of the full model."""

from __future__ import annotations

from dataclasses import replace

from matching.format import Problem, Request, Volunteer, Weights
from matching.format.model import HOME_VISIT

LANGUAGE = "bg"
# More visits than any week holds: the format asks for a number.
NO_LIMIT = 10_000


def strip(problem: Problem) -> Problem:
    """The same people, hours, skills, places and prizes, with one window a request and one person a visit.

    Gone are teams, escorts, help by phone, languages, blocked people, all limits but hours and skills, and every
    term of the objective but prizes and travel. Whoever was to be helped by phone is visited at a place of the
    problem. Of several windows each request keeps one, spread over the days.
    """
    places = len(problem.xy_km or problem.lat_lon or ()) or len(next(iter((problem.travel.matrix or {}).values())))
    return replace(
        problem,
        weights=Weights(priority=problem.weights.priority, travel=problem.weights.travel),
        volunteers=tuple(_volunteer(volunteer) for volunteer in problem.volunteers),
        requests=tuple(_request(request, index, places) for index, request in enumerate(problem.requests)),
        promises=(),
    )


def _volunteer(volunteer: Volunteer) -> Volunteer:
    return replace(
        volunteer,
        languages=frozenset((LANGUAGE,)),
        max_visits_per_week=NO_LIMIT,
        wish_per_week=None,
        done={},
        max_leg=None,
        max_travel_per_shift=None,
        idle=False,
    )


def _request(request: Request, index: int, places: int) -> Request:
    return replace(
        request,
        kind=HOME_VISIT,
        place=index % places if request.place is None else request.place,
        end_place=None,
        language=LANGUAGE,
        windows=request.windows[index % len(request.windows) :][:1] if request.windows else (),
        released_day=min((0, request.released_day)),
        team=1,
        preferred=frozenset(),
        blocked=frozenset(),
        earlier=None,
    )
