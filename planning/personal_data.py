"""Where personal data rests in this room: nowhere by name. A snapshot holds keys, villages and minutes."""

from core.register import Area, Kind, Rows

KEYS = "keys of requests and volunteers, villages, minutes"

ROWS = [
    Rows(
        "planning.PlanRound", whose="residents, volunteers", why="why somebody was asked", kept="the newest rounds",
        erased="stays: keys of emptied rows, until the round is forgotten", plain={"problem": KEYS, "plan": KEYS},
        codes="state snapshot_hash progress failure",
    ),
    Rows(
        "planning.PlanPart", whose="residents, volunteers", why="a part of a round", kept="until it is joined",
        erased="emptied when it is joined", plain={"problem": KEYS, "plan": KEYS, "answer": KEYS}, codes="state",
    ),
    Rows(
        "planning.PlanAdvice", whose="residents, volunteers", why="what would let the plan serve more",
        kept="until the next", erased="replaced by the next plan", plain={"found": KEYS},
    ),
    Rows(
        "planning.PlanningDesk", whose="nobody by name", why="who plans now", kept="always", erased="holds nobody",
        codes="change_token snapshot_hash",
    ),
]  # fmt: skip

AREAS = [
    Area(
        "problem.json of the solver", Kind.FILE, what=KEYS, whose="residents, volunteers", why="the solver runs apart",
        how="a folder only the service reads, removed afterwards", kept="while it is solved", erased="holds no name",
        written_by=("planning/services/solver.py",),
    ),
]  # fmt: skip
