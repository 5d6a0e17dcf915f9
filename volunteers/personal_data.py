"""Where personal data rests in this room."""

from core.register import Nobodys, Rows

KEPT = "1 year after leaving (per municipality)"

ROWS = [
    Rows(
        "volunteers.Volunteer", whose="the volunteer", why="who helps, with what, when and from where", kept=KEPT,
        erased="emptied; the row stays with its badge number and village, for the statistics",
        sealed={"first_name": "name", "last_name": "name", "note": "what was noted"},
        plain={"languages": "languages spoken"}, codes="status transport says_can_help",
    ),
    Rows(
        "volunteers.Volunteer_preferred_partners", whose="the volunteer", why="who likes to go with whom", kept=KEPT,
        erased="deleted", plain={"from_volunteer": "who, by key", "to_volunteer": "with whom, by key"},
    ),
    Rows(
        "volunteers.Certification", whose="the volunteer", why="what a coordinator vouches for", kept=KEPT,
        erased="stays: codes and dates", plain={"service_group": "what they may help with"},
    ),
    Rows(
        "volunteers.WeeklyHours", whose="the volunteer", why="when they are free", kept=KEPT, erased="deleted",
        plain={"weekday": "hours"},
    ),
    Rows(
        "volunteers.HoursException", whose="the volunteer", why="when they are away", kept=KEPT, erased="deleted",
        plain={"day": "days away"},
    ),
    Rows(
        "volunteers.Lesson", whose="the volunteer", why="what a no taught the plan", kept=KEPT, erased="deleted",
        plain={"minutes": "how far is too far"}, codes="kind",
    ),
]  # fmt: skip

NOBODYS: list[Nobodys] = []
