"""What a volunteer may know of a person, and how long.

Before they accept: the village, the service, the minutes. Once they sit in the visit: name, address, telephone and what
to mind. From seven days after it: the village again. Messages and calendars hold the village only, at all times.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from requests.models import Visit
from requests.states import VISIT_LIVE

AFTER_THE_VISIT = timedelta(days=7)


def person_is_open(visit: Visit, now: datetime) -> bool:
    """Whether who sits in this visit sees the person: while it is to be made, and no later than a week after it."""
    return visit.state in VISIT_LIVE and now < visit.end + AFTER_THE_VISIT
