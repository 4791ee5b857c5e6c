"""The second wall: everybody reads what is released, a host reads and writes its own, headquarters reads all."""

from __future__ import annotations

from clair_portal.walls.row_security import ALL, ORGANISATIONS, PERSON, Rows, definer_function, protect

MINE = f"organisation_id = {ORGANISATIONS}"
SEEN = "exists (select from gatherings_event e where e.id = event_id)"
OF_MINE = f"exists (select from gatherings_event e where e.id = event_id and e.organisation_id = {ORGANISATIONS})"
_RELEASED = "released_at is not null"
_FOR_THE_PUBLIC = (
    "id", "title_ja", "title_en", "summary_ja", "summary_en", "series_id", "edition", "organisation_id", "kind", "begins_at",
    "ends_at", "zone", "online", "capacity", "for_public", "register_until", "state", "released_at", "sample", "changed_at",
)  # fmt: skip
_WRITTEN = (
    "title_ja", "title_en", "summary_ja", "summary_en", "series_id", "edition", "posting_id", "kind", "begins_at", "ends_at",
    "zone", "online", "capacity", "for_public", "register_until", "state", "released_at", "withdrawn_at",
    "questionnaire_at", "version", "changed_at",
)  # fmt: skip
_PUBLIC = Rows(select=_RELEASED, readable=_FOR_THE_PUBLIC)
protect(
    "gatherings_event",
    public=_PUBLIC,
    login=_PUBLIC,
    member=Rows(select=_RELEASED),
    office=Rows(select=f"{_RELEASED} or {MINE}", insert=MINE, update=MINE, columns=_WRITTEN),
    headquarters=Rows(select="true", insert=MINE, update=MINE, columns=_WRITTEN),
    system=ALL,
)
# The public reads no withdrawn event, yet its address has to say that it is gone.
definer_function(
    "gatherings_event_withdrawn(uuid)",
    """create or replace function gatherings_event_withdrawn(named uuid) returns boolean language sql stable
security definer set search_path = public, pg_temp as $$
select exists (select from gatherings_event e where e.id = named and e.released_at is null and e.withdrawn_at is not null) $$""",
    *("portal_public", "portal_login", "portal_member", "portal_office", "portal_headquarters", "portal_system"),
)
_SERIES = ("title_ja", "title_en", "summary_ja", "summary_en")
_OF_RELEASED = Rows(select="exists (select from gatherings_event e where e.series_id = gatherings_series.id)")
_OWN_SERIES = Rows(select="true", insert=MINE, update=MINE, columns=_SERIES)
protect(
    "gatherings_series",
    public=_OF_RELEASED,
    login=_OF_RELEASED,
    member=Rows(select="true"),
    office=_OWN_SERIES,
    headquarters=_OWN_SERIES,
    system=ALL,
)
_BOOKED = Rows(select="exists (select from gatherings_booking b where b.place_id = gatherings_place.id)")
_OWN_PLACE = Rows(select="true", insert=MINE, update=MINE, columns=("name_ja", "name_en", "address", "seats", "access"))
protect(
    "gatherings_place",
    public=_BOOKED,
    login=_BOOKED,
    member=Rows(select="true"),
    office=_OWN_PLACE,
    headquarters=_OWN_PLACE,
    system=ALL,
)
_OF_SEEN = Rows(select=SEEN)
OF_HOST = Rows(select=SEEN, insert=OF_MINE, delete=OF_MINE)  # what a host writes about its event
protect(
    "gatherings_booking",
    public=_OF_SEEN,
    login=_OF_SEEN,
    member=_OF_SEEN,
    office=OF_HOST,
    headquarters=OF_HOST,
    system=ALL,
)
_OWN_PLACE_OR_HOST = f"person = {PERSON} or {OF_MINE}"
_OF_REGISTRATION = Rows(select=_OWN_PLACE_OR_HOST, update=OF_MINE, columns=("attended_at", "moved_from"))
protect(
    "gatherings_registration",
    member=Rows(select=f"person = {PERSON}"),
    office=_OF_REGISTRATION,
    headquarters=_OF_REGISTRATION,
    system=ALL,
)
for _table in ("gatherings_speaker", "gatherings_partner", "gatherings_question"):
    protect(_table, public=_OF_SEEN, login=_OF_SEEN, member=_OF_SEEN, office=OF_HOST, headquarters=OF_HOST, system=ALL)
_ITEM = Rows(
    select=SEEN, insert=OF_MINE, update=OF_MINE, delete=OF_MINE, columns=("speaker_id",)
)  # a speaker who is removed
protect(
    "gatherings_programmeitem",
    public=_OF_SEEN,
    login=_OF_SEEN,
    member=_OF_SEEN,
    office=_ITEM,
    headquarters=_ITEM,
    system=ALL,
)
_ANSWERS = Rows(select=OF_MINE)  # written by a function only (queue_access.py)
protect("gatherings_answersheet", office=_ANSWERS, headquarters=_ANSWERS, system=ALL)
_SHOWN = f"audience = 'public' and {SEEN}"
_WITH_A_PLACE = f"""{SEEN} and exists (select from gatherings_registration r where r.event_id = gatherings_material.event_id
 and r.person = {PERSON} and r.state = 'in')"""
_HANDOUT = Rows(select=f"({_SHOWN}) or ({_WITH_A_PLACE}) or {OF_MINE}", insert=OF_MINE, delete=OF_MINE)
protect(
    "gatherings_material",
    public=Rows(select=_SHOWN),
    login=Rows(select=_SHOWN),
    member=Rows(select=f"({_SHOWN}) or ({_WITH_A_PLACE})"),
    office=_HANDOUT,
    headquarters=_HANDOUT,
    system=ALL,
)
