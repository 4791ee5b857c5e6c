from __future__ import annotations

from clair_portal.walls.row_security import ALL, ORGANISATIONS, Rows, definer_function, leave_open, protect

READABLE = (
    "id", "kind", "slug", "office_id", "countries", "topics", "organisations", "title_ja", "title_en", "summary_ja", "summary_en",
    "body_ja", "body_en", "state", "published_on", "version", "sample", "changed_at",
)  # fmt: skip
PAGES_READABLE = ("id", "path", "language", "address", "family", "status", "text_language")
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

# What stands in the tree is public; what went wrong with it is for those who keep it.
_STANDING = f"select ({', '.join(PAGES_READABLE)})"
_KEPT = "select, insert, update, delete"
leave_open(
    "publishing_page", "addresses of public pages", public=_STANDING, login=_STANDING, member=_STANDING, office=_STANDING,
    headquarters="select", system=_KEPT,
)  # fmt: skip
leave_open("publishing_run", "when public pages were published and compared", headquarters="select", system=_KEPT)
leave_open("publishing_change", "keys of rows that public pages show", system=_KEPT)
