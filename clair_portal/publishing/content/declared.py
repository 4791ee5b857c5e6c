"""What texts in many languages declare to the rest of the portal; called in ready()."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from clair_portal.accounts import reference
from clair_portal.audit import sentences
from clair_portal.outbox import notices
from clair_portal.publishing.content import access, from_publication, glossary, memory, notifications, public
from clair_portal.publishing.content.kinds import ContentKind, register
from clair_portal.publishing.tree import families

KINDS = (
    ContentKind("release", pgettext_lazy("kind of text", "news release"), "release"),
    ContentKind("page", pgettext_lazy("kind of text", "page of the portal")),  # former texts only: no page shows them
    ContentKind("story", pgettext_lazy("kind of text", "story"), "story"),
    ContentKind("research_result", pgettext_lazy("kind of text", "research result"), "research_result"),
)
# A translated story stands on the page of the office the story is from.
_OF_OFFICE = """'of:' || (select lower(o.code) from publishing_publication p join network_organisation o on o.id = p.office_id
where (p.kind, p.slug) = (publishing_publishedtext.kind, publishing_publishedtext.slug))"""


def declare_texts() -> None:
    assert access
    for kind in KINDS:
        register(kind)
    public.declare_pages()
    reference.register("glossary", glossary.load)
    reference.register("texts of publications", from_publication.catch_up)
    reference.register("texts known as a whole", from_publication.mark_whole)
    reference.register("memory of translations", memory.catch_up)
    # Also of those withdrawn: their pages say so, at the address they have now.
    families.rows("publishing_publishedtext", "kind || ':' || slug", shown="true")
    families.rows("publishing_publishedtext", "'of:' || kind")
    families.rows("publishing_publishedtext", _OF_OFFICE)
    sentences.declare(notifications.SENTENCES)
    notices.declare(notifications.NOTICES)
