"""The second wall of texts: the offices read and translate, headquarters writes and releases, the public reads what stands."""

from __future__ import annotations

from clair_portal.walls.row_security import ALL, PERSON, Rows, definer_function, protect

_MY_POSTING = "(select nullif(current_setting('app.posting', true), '')::bigint)"
_LINGUIST = f"""exists (select from publishing_linguist l where l.posting_id = {_MY_POSTING} and l.language = {{language}}
 and (l.translates or l.reviews))"""
_OF_LANGUAGE = _LINGUIST.format(language="publishing_translation.language")
_OF_TRANSLATION = f"""exists (select from publishing_translation t where t.id = translation_id
 and {_LINGUIST.format(language="t.language")})"""
_BY_ME = f"(made_by = {PERSON} or approved_by = {PERSON})"
for _table in ("item", "sourceversion", "segment", "linguist", "term"):
    protect(f"publishing_{_table}", office=Rows("true"), headquarters=ALL, system=ALL)
protect(
    "publishing_translation",
    office=Rows(
        select="true", insert=_OF_LANGUAGE, update=_OF_LANGUAGE,
        columns=(
            "handed_in_at", "handed_in_by", "handed_in_posting", "handed_in_as", "returned_why", "returned_as", "changed_at",
        ),
    ),
    headquarters=ALL,
    system=ALL,
)  # fmt: skip
protect(
    "publishing_translatedsegment",
    office=Rows(
        select="true", insert=f"{_OF_TRANSLATION} and approved_by is null", update=_OF_TRANSLATION,
        check=f"{_OF_TRANSLATION} and {_BY_ME}",
        columns=(
            "text", "source_text", "source_digest", "source_version", "machine", "made_by", "made_as", "made_at", "approved_by",
            "approved_as", "approved_at", "warned", "note", "version", "pairs",
        ),
    ),
    headquarters=ALL,
    system=ALL,
)  # fmt: skip
READABLE_TEXT = (
    "id", "item_id", "kind", "slug", "language", "source_language", "source_version", "source_on", "title", "summary", "blocks",
    "proof", "place", "machine", "published_on", "released_on", "sample", "withdrawn_at",
)  # fmt: skip
_STANDING = Rows(select="withdrawn_at is null", readable=READABLE_TEXT)
protect(
    "publishing_publishedtext",
    public=_STANDING,
    login=_STANDING,
    member=_STANDING,
    office=Rows("true"),
    headquarters=ALL,
    system=ALL,
)
_LEADS_ON = Rows(
    "exists (select from publishing_publishedtext p where p.item_id = publishing_oldslug.item_id and p.withdrawn_at is null)"
)
protect(
    "publishing_oldslug",
    public=_LEADS_ON,
    login=_LEADS_ON,
    member=_LEADS_ON,
    office=Rows("true"),
    headquarters=ALL,
    system=ALL,
)
# The public sees no text that was withdrawn, but where it stood: its address now, whichever of its addresses is asked for.
definer_function(
    "publishing_withdrawn_at(text, text)",
    """create or replace function publishing_withdrawn_at(of_kind text, named text) returns text
language sql stable security definer set search_path = public, pg_temp as $$
select p.slug from publishing_publishedtext p where p.kind = of_kind and p.withdrawn_at is not null and (p.slug = named
  or exists (select from publishing_oldslug o where o.kind = of_kind and o.slug = named and o.item_id = p.item_id))
 order by p.slug = named desc limit 1 $$""",
    *("portal_public", "portal_login", "portal_member", "portal_office", "portal_headquarters", "portal_system"),
)
# A note changes nothing of a sentence, so it needs nobody's signature: whoever translates or reviews the language writes it.
definer_function(
    "publishing_note_sentence(bigint, text)",
    f"""create or replace function publishing_note_sentence(sentence bigint, words text) returns boolean
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  update publishing_translatedsegment s set note = words, version = s.version + 1 from publishing_translation t
    where s.id = sentence and t.id = s.translation_id and {_LINGUIST.format(language="t.language")};
  return found;
end $$""",  # noqa: S608 - only our own predicate is put in
    *("portal_office", "portal_headquarters"),
)
# What no policy can say: a text that once came from a machine says so for ever.
definer_function(
    "publishing_machine_stays()",
    """create or replace function publishing_machine_stays() returns trigger language plpgsql security definer
set search_path = public, pg_temp as $$
begin
  if old.machine and not new.machine then
    raise insufficient_privilege using message = 'the mark of machine translation stays';
  end if;
  return new;
end $$""",
    *("portal_office", "portal_headquarters", "portal_system"),
)
