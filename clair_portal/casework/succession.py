"""Open cases of a body that ended go to its successor; registered in ready() with network.moving."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import connection

from clair_portal.audit.services import Names, record
from clair_portal.casework.models import Case
from clair_portal.network.models import Succession
from clair_portal.network.services import names


def move_cases(succession: Succession, actor: Names, now: dt.datetime) -> int:
    """Requester, branch, holder, referral and people in charge, also of drafts, which headquarters does not see.

    Finished cases keep the body that finished them.
    """
    with connection.cursor() as cursor:
        pair = [succession.predecessor_id, succession.successor_id]
        cursor.execute("select casework_move_to_successor(%s, %s)", pair)
        moved = [key for (key,) in cursor.fetchall()]
    said: dict[str, Any] = {"predecessor": names(succession.predecessor), "successor": names(succession.successor)}
    for key in moved:
        record("casework.case.succeeded", Case(pk=key), actor=actor, **said)
    return len(moved)
