from __future__ import annotations

from clair_portal.walls.row_security import ALL, ORGANISATIONS, Rows, definer_function, protect

READABLE = (
    "id", "kind", "slug", "office_id", "countries", "topics", "organisations", "title_ja", "title_en", "summary_ja", "summary_en",
    "body_ja", "body_en", "state", "published_on", "version", "sample", "changed_at",
)  # fmt: skip
_RELEASED = "state = 'published'"
_OWN = f"office_id = {ORGANISATIONS}"
_PREPARED = (
    "slug", "countries", "topics", "organisations", "title_ja", "title_en", "summary_ja", "summary_en", "body_ja",
    "body_en", "consent", "consent_on", "signature", "version", "changed_at",
)  # fmt: skip
_PUBLIC = Rows(select=_RELEASED, readable=READABLE)
protect(
    "publishing_publication",
    public=_PUBLIC,
    login=_PUBLIC,
    member=_PUBLIC,
    office=Rows(  # an office prepares; what it may not do is release
        select=f"{_RELEASED} or {_OWN}",
        insert=f"{_OWN} and state = 'draft'",
        update=f"{_OWN} and state = 'draft'",
        columns=_PREPARED,
    ),
    headquarters=ALL,
    system=ALL,
)
# The public reads no withdrawn text, yet the address of one has to say that it is gone.
definer_function(
    "publishing_withdrawn(text, text)",
    """create or replace function publishing_withdrawn(of_kind text, named text) returns boolean language sql stable
security definer set search_path = public, pg_temp as $$
select exists (select from publishing_publication p where p.kind = of_kind and p.slug = named and p.state = 'withdrawn') $$""",
    *("portal_public", "portal_login", "portal_member", "portal_office", "portal_headquarters", "portal_system"),
)
