from __future__ import annotations

from dataclasses import replace

from clair_portal.casework.access import MINE, OWN, detail_of_case, papers_of_case, referred, working
from clair_portal.casework.texts import declare_search
from clair_portal.walls.row_security import ALL, Rows, leave_open, protect

protect("offices_supportrequest", **detail_of_case("offices_supportrequest"))

_WORK = papers_of_case("offices_workentry")
_OWN_ENTRY = f"author_id = {MINE} and {working('offices_workentry', 'case_id')}"
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
            columns=("kind", "day", "hours", "summary", "terms", "shared"),
        ),
    },
)

_MY_REPORT = f"office_id = {MINE}"
_REPORT_COLUMNS = ("body", "terms", "outcome", "signature", "changed_at", "sent_at")
_ON_WHOLE = referred("offices_officereport", "case_id")
protect(
    "offices_officereport",
    member=Rows(select=f"{OWN} and sent_at is not null"),
    office=Rows(
        select=f"{_ON_WHOLE} and ({_MY_REPORT} or sent_at is not null)",
        insert=f"{_MY_REPORT} and {_ON_WHOLE}",
        update=f"{_MY_REPORT} and {_ON_WHOLE} and sent_at is null",  # what was sent stays as it was
        check=f"{_MY_REPORT} and {_ON_WHOLE}",
        columns=_REPORT_COLUMNS,
    ),
    headquarters=Rows(
        select=f"filed and (sent_at is not null or {_MY_REPORT})",
        insert=f"filed and {_MY_REPORT}",
        update=f"filed and {_MY_REPORT} and sent_at is null",
        check=f"filed and {_MY_REPORT}",
        columns=_REPORT_COLUMNS,
    ),
    system=ALL,
)

for _table in ("offices_workentry", "offices_officereport"):
    declare_search(_table)

_ON_CASE = referred("offices_feedback", "case_id")
protect(
    "offices_feedback",
    member=Rows(select=OWN, insert=f"applicant_id = {MINE} and filed"),
    office=Rows(select=_ON_CASE),
    headquarters=Rows(select="filed"),
    system=ALL,
)

# Commissioned research: each side writes its own columns; what the office found is a table of its own, because the
# requester reads it only when headquarters has checked it.
_RESEARCH = detail_of_case("offices_researchrequest")
_DRAFTED = (
    "division", "contact", "telephone", "email", "purpose", "not_from_japan", "questions", "situation", "wanted_by",
    "exception_wanted", "letter_id",
)  # fmt: skip
protect(
    "offices_researchrequest",
    **_RESEARCH
    | {
        "member": replace(_RESEARCH["member"], columns=_DRAFTED),
        "office": replace(_RESEARCH["office"], columns=("feasibility",)),
        "headquarters": replace(_RESEARCH["headquarters"], columns=("exception",)),
    },
)
_ON_RESEARCH = referred("offices_researchresult", "case_id")
_COPIED = (
    "exists (select from offices_researchcopy c join offices_sharedresearch s on s.id = c.research_id "
    f"where s.case_id = offices_researchresult.case_id and c.organisation_id = {MINE} and c.released_at is not null)"
)
protect(
    "offices_researchresult",
    member=Rows(select=f"released_at is not null and ({OWN} or {_COPIED})"),
    office=Rows(
        select=f"{_ON_RESEARCH} and ({_MY_REPORT} or sent_at is not null)",
        insert=f"{_MY_REPORT} and {_ON_RESEARCH} and released_at is null",
        update=f"{_MY_REPORT} and {_ON_RESEARCH} and sent_at is null",  # what was sent stays as it was
        check=f"{_MY_REPORT} and {_ON_RESEARCH} and released_at is null",
        columns=("body", "terms", "signature", "written_at", "sent_at"),
    ),
    headquarters=Rows(
        select="filed and sent_at is not null", update="filed and sent_at is not null", columns=("released_at",)
    ),
    system=ALL,
)
declare_search("offices_researchresult")
protect(
    "offices_sharedresearch",
    member=Rows(select="listed"),
    office=Rows(select="listed"),
    headquarters=Rows(select="true", insert="true", update="true"),
    system=ALL,
)
protect(
    "offices_researchcopy",
    member=Rows(
        select=f"organisation_id = {MINE}",
        insert=f"organisation_id = {MINE} and released_at is null "
        "and exists (select from offices_sharedresearch s where s.id = research_id and s.listed)",
    ),
    office=Rows(select="false"),  # its page of a result asks, and finds nothing
    headquarters=Rows(select="true", update="true", columns=("released_at", "released_by")),
    system=ALL,
)

leave_open(
    "offices_precondition",
    "what offices ask requesters to think of; headquarters keeps it",
    **dict.fromkeys(("member", "office", "public", "system"), "select"),
    headquarters="select, insert, update",
)
