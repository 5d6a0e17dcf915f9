"""The worked example of the format, as it is published: a problem with a promise, and its best plan."""

PROBLEM = """
{
  "format": "hvsp/1",
  "time_unit": "minute",
  "places": {"xy_km": [[0.0, 0.0], [3.2, 1.1]]},
  "travel": {"rule": {"detour": 1.3, "same_place": 5, "modes": {"car": {"kmh": 45, "fixed": 3},
    "bus": {"kmh": 22, "fixed": 10}, "foot": {"kmh": 5, "fixed": 0}}}},
  "weights": {"priority": {"1": 300, "2": 500, "3": 800, "4": 1600}, "travel": 1, "day_waited": 4,
    "continuity": 40, "preferred": 20, "kth_visit_in_week": 2, "over_wish": 10, "first_visit": 0, "scarcity": {}},
  "volunteers": [
    {"id": "v1", "home": 0, "mode": "car", "skills": ["ASP_HEAT"], "languages": ["bg"],
     "max_visits_per_week": 4, "wish_per_week": 3, "done": {"0": 0}, "max_leg": 50, "max_travel_per_shift": 120,
     "shifts": [{"id": "v1-mon", "start": 840, "end": 1020, "week": 0, "day": 0}]}
  ],
  "requests": [
    {"id": "r0", "place": 1, "skills": ["ASP_HEAT"], "language": "bg", "duration": 60, "windows": [[780, 1080]],
     "priority": 2, "released_day": 0, "team": 1, "preferred": [], "blocked": [], "earlier": null},
    {"id": "r1", "place": 1, "skills": ["ASP_HEAT"], "language": "bg", "duration": 60, "windows": [[780, 1080]],
     "priority": 2, "released_day": 0, "team": 1, "preferred": [], "blocked": [], "earlier": null}
  ],
  "promises": [{"request": "r0", "volunteers": ["v1"], "shifts": ["v1-mon"], "start": 860}]
}
"""

PLAN = """
{
  "format": "hvsp-plan/1",
  "visits": [{"request": "r0", "volunteers": ["v1"], "shifts": ["v1-mon"], "start": 860},
    {"request": "r1", "volunteers": ["v1"], "shifts": ["v1-mon"], "start": 920}],
  "unserved": [], "promise_conflicts": [],
  "objective": {"total": 980, "served": 1000, "travel": -18, "waiting": 0, "continuity": 0, "preferred": 0,
    "fairness": -2, "scarcity": 0},
  "bound": 980, "gap": 0.0, "status": "optimal", "seconds": 0.04, "seed": 1
}
"""
