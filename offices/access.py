from __future__ import annotations

from clair_portal.casework.access import MINE, OWN, detail_of_case, papers_of_case, referred
from clair_portal.walls.row_security import ALL, Rows, leave_open, protect

protect("offices_supportrequest", **detail_of_case("offices_supportrequest"))

_WORK = papers_of_case("offices_workentry")
_OWN_ENTRY = f"author_id = {MINE} and {referred('offices_workentry', 'case_id')}"
protect(
    "offices_workentry",
    **_WORK
    | {
        "member": Rows(select=f"{OWN} and shared"),
        "headquarters": Rows(select="filed"),  # hours are counted, so headquarters reads every entry
        "office": Rows(
            select=_WORK["office"].select,
            insert=_WORK["office"].insert,
            update=_OWN_ENTRY,
            columns=("kind", "day", "hours", "summary", "shared"),
        ),
    },
)

_MY_REPORT = f"office_id = {MINE}"
_REPORT_COLUMNS = ("body", "outcome", "signature", "changed_at", "sent_at")
_ON_WHOLE = referred("offices_officereport", "case_id")
protect(
    "offices_officereport",
    member=Rows(select=f"{OWN} and sent_at is not null"),
    office=Rows(
        select=f"{_ON_WHOLE} and ({_MY_REPORT} or sent_at is not null)",
        insert=f"{_MY_REPORT} and {_ON_WHOLE}",
        update=f"{_MY_REPORT} and {_ON_WHOLE}",
        columns=_REPORT_COLUMNS,
    ),
    headquarters=Rows(
        select=f"filed and (sent_at is not null or {_MY_REPORT})",
        insert=f"filed and {_MY_REPORT}",
        update=f"filed and {_MY_REPORT}",
        columns=_REPORT_COLUMNS,
    ),
    system=ALL,
)

_ON_CASE = referred("offices_feedback", "case_id")
protect(
    "offices_feedback",
    member=Rows(select=OWN, insert=f"applicant_id = {MINE} and filed"),
    office=Rows(select=_ON_CASE),
    headquarters=Rows(select="filed"),
    system=ALL,
)

leave_open(
    "offices_precondition",
    "what offices ask requesters to think of; headquarters keeps it",
    **dict.fromkeys(("member", "office", "public", "system"), "select"),
    headquarters="select, insert, update",
)
