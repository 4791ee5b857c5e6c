from __future__ import annotations

from clair_portal.walls.row_security import ALL, ORGANISATIONS, PERSON, Rows, protect

_OF_MY_ORGANISATION = f"organisation_id = {ORGANISATIONS}"
_REPORTS = Rows(
    select=f"{_OF_MY_ORGANISATION} and (not personal or person = {PERSON})",
    insert=f"{_OF_MY_ORGANISATION} and person = {PERSON}",
)
protect("reports_report", member=_REPORTS, office=_REPORTS, headquarters=_REPORTS, system=ALL)
