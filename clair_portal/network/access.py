"""The network is public knowledge: everybody reads it; headquarters keeps it."""

from __future__ import annotations

from clair_portal.walls.row_security import Rows, definer_function, leave_open, protect

_READERS = dict.fromkeys(("web", "worker", "public", "login", "member", "office", "headquarters", "system"), "select")
_KEEPER = {**_READERS, "headquarters": "select, insert, update, delete"}

leave_open("network_organisation", "names and addresses of public bodies", **_KEEPER)
leave_open("network_jurisdiction", "which office serves which country is published", **_KEEPER)
leave_open("network_succession", "mergers are public", **_KEEPER)
leave_open("network_claim", "published claims with their sources", **_KEEPER)
leave_open("network_country", "ISO 3166", **_READERS)
leave_open("network_language", "names of languages", **_READERS)
leave_open("calendars_era", "published by the state", **_KEEPER)
leave_open("calendars_holiday", "public holidays", **{**_KEEPER, "office": "select, insert, update, delete"})
protect("network_organisationevent", headquarters=Rows("true"), system=Rows("true"))
# Offices name partners that no list has yet. Nothing else about the network is theirs to write.
definer_function(
    "network_add_body_abroad(text, text, text, text, text, text)",
    """create or replace function network_add_body_abroad(ja text, en text, country text, zone text, said text, found_by text)
returns bigint language plpgsql security definer set search_path = public, pg_temp as $$
declare made bigint;
begin
  if country = 'JP' or coalesce(ja, en, '') = '' then raise exception 'a body abroad has a name and a country other than Japan'; end if;
  insert into network_organisation (kind, name, name_ja, name_en, kana, romaji, variants, local_name, county, country_id, time_zone,
      calendar, working_languages, address, telephone, email, website, source, sample, search_text)
    values ('foreign_local_government', coalesce(en, ja), ja, en, '', '', '{}', '', '', country, zone, 'HQ', '{en}', '', '', '', '',
      said, false, found_by) returning id into made;
  update network_organisation set code = country || '-' || made where id = made;
  return made;
end $$""",
    "portal_office",
    "portal_headquarters",
    "portal_system",
)
