from __future__ import annotations

from clair_portal.walls.row_security import ALL, ORGANISATIONS, Rows, protect

READABLE = (
    "id", "kind", "slug", "office_id", "countries", "title_ja", "title_en", "summary_ja", "summary_en", "body_ja", "body_en",
    "state", "published_on", "version", "sample", "changed_at",
)  # fmt: skip
_RELEASED = "state <> 'draft'"
_OWN = f"office_id = {ORGANISATIONS}"
_TEXTS = (
    "slug", "countries", "title_ja", "title_en", "summary_ja", "summary_en", "body_ja", "body_en", "consent",
    "signature", "version", "changed_at",
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
        columns=_TEXTS,
    ),
    headquarters=ALL,
    system=ALL,
)
