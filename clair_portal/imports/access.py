"""The second wall: a sheet and what was found in it belong to the organisation whose person sent it."""

from __future__ import annotations

from clair_portal.walls.row_security import ALL, ORGANISATIONS, PERSON, Rows, protect

_OURS = f"organisation_id = {ORGANISATIONS}"
_SENT_BY_ME = f"{_OURS} and uploaded_by = {PERSON}"
_SHEET = Rows(
    select=_OURS,
    insert=_SENT_BY_ME,
    update=_SENT_BY_ME,
    columns=("state", "job", "refusal", "rows", "changes", "conflicts", "errors", "overtaken", "remarks", "applied_at"),
)
_OF_MINE = (
    f"{_OURS} and exists (select from imports_import i where i.id = sheet_id and i.organisation_id = "
    f"imports_importrow.organisation_id and i.uploaded_by = {PERSON})"
)
_ROW = Rows(select=_OURS, insert=_OF_MINE, delete=_OF_MINE)
protect("imports_import", member=_SHEET, office=_SHEET, headquarters=_SHEET, system=ALL)
protect("imports_importrow", member=_ROW, office=_ROW, headquarters=_ROW, system=ALL)
