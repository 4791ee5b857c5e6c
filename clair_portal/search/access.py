"""The index holds what is published and nothing else; the worker fills it, everybody reads it."""

from __future__ import annotations

from clair_portal.walls.row_security import ALL, Rows, definer_function, leave_open, protect

_READERS = dict.fromkeys(("web", "worker", "public", "login", "member", "office", "headquarters"), "select")
_FILLED = {**_READERS, "system": "select, insert, update, delete"}
leave_open("search_document", "copies of published pages and of public records", **_FILLED)
leave_open("search_term", "how often a term stands in published pages", **_FILLED)
protect("search_miss", headquarters=Rows("true"), system=ALL)
# A reader writes down that nothing was found and may read nothing of it. At most 5,000 new rows a day.
definer_function(
    "search_missed(text, text, text, date, integer)",
    """create or replace function search_missed(of_digest text, of_word text, said_in text, today date, needed integer)
returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from search_miss m where m.digest = of_digest and m.language = said_in and m.day = today)
    and (select count(*) from search_miss m where m.day = today) >= 5000 then return; end if;
  insert into search_miss (digest, word, language, day, times) values (of_digest, '', said_in, today, 1)
    on conflict (digest, language, day) do update set times = search_miss.times + 1;
  if (select sum(m.times) from search_miss m where m.digest = of_digest and m.language = said_in) >= needed then
    update search_miss m set word = of_word where m.digest = of_digest and m.language = said_in and m.word = '';
  end if;
end $$""",
    *("portal_public", "portal_login", "portal_member", "portal_office", "portal_headquarters", "portal_system"),
)
