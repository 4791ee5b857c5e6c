"""Sentences of the log about texts, and what translators and reviewers are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from clair_portal.network.enums import Kind
from clair_portal.network.models import Organisation
from clair_portal.outbox.notices import Notice
from clair_portal.outbox.services import Post, tell
from clair_portal.publishing.content.names import language_names

if TYPE_CHECKING:
    from clair_portal.accounts.models import Posting
    from clair_portal.accounts.reader import Reader
    from clair_portal.publishing.models import Item, Translation

SENTENCES = {
    "publishing.item.created": _("%(actor)s began the text “%(title)s” (%(slug)s)."),
    "publishing.item.renamed": _("%(actor)s moved the text “%(title)s” from %(former)s to %(slug)s."),
    "publishing.source.changed": _(
        "%(actor)s changed “%(title)s”: version %(number)s, %(sentences)s sentences differ."
    ),
    "publishing.source.retouched": _(
        "%(actor)s changed “%(title)s” without changing what it says: version %(number)s, %(sentences)s sentences. "
        "Translations hold."
    ),
    "publishing.translation.assigned": _("%(actor)s gave the translation of “%(title)s” (%(language)s) to %(who)s."),
    "publishing.translation.handed_in": _("%(actor)s handed in the translation of “%(title)s” (%(language)s)."),
    "publishing.translation.sent_back": _(
        "%(actor)s sent the translation of “%(title)s” (%(language)s) back. Reason: %(reason)s"
    ),
    "publishing.translation.approved": _(
        "%(actor)s approved %(sentences)s sentences of “%(title)s” (%(language)s), %(machine)s of them machine translation."
    ),
    "publishing.translation.imported": _(
        "%(actor)s took %(sentences)s sentences of “%(title)s” (%(language)s) from the sheet %(file)s."
    ),
    "publishing.text.released": _(
        "%(actor)s released “%(title)s” (%(language)s) to the public: version %(number)s of the source."
    ),
    "publishing.text.withdrawn": _(
        "%(actor)s took “%(title)s” (%(language)s) off the public pages. Reason: %(reason)s"
    ),
    "publishing.term.added": _("%(actor)s added “%(term)s” to the glossary."),
    "publishing.term.changed": _("%(actor)s changed “%(term)s” in the glossary (%(languages)s)."),
    "publishing.term.retired": _("%(actor)s retired “%(term)s” from the glossary. Reason: %(reason)s"),
    "publishing.term.restored": _("%(actor)s brought “%(term)s” back into the glossary."),
    "publishing.linguist.changed": _("%(actor)s changed who translates and reviews (%(language)s): %(who)s."),
}
TO_TRANSLATE, TO_REVIEW, CAME_BACK = (
    "publishing.translation.asked", "publishing.translation.to_review", "publishing.translation.returned",
)  # fmt: skip
CHANGED, READY = "publishing.translation.source_changed", "publishing.translation.ready"
DUE_SOON, LATE = "publishing.translation.due_soon", "publishing.translation.late"
REVIEW_SOON, REVIEW_LATE = "publishing.translation.review_soon", "publishing.translation.review_late"
NOTICES = {
    TO_TRANSLATE: Notice(
        _("To translate: %(title)s (%(language)s)"),
        _("“%(title)s” is to be translated (%(language)s). By: %(due)s"),
    ),
    CHANGED: Notice(
        _("The source has changed: %(title)s (%(language)s)"),
        _("%(sentences)s sentences of “%(title)s” have changed since the translation (%(language)s)."),
    ),
    TO_REVIEW: Notice(
        _("To review: %(title)s (%(language)s)"),
        _("%(actor)s handed in the translation of “%(title)s” (%(language)s). It waits for your review."),
    ),
    CAME_BACK: Notice(
        _("Came back to you: %(title)s (%(language)s)"),
        _("%(actor)s sent the translation of “%(title)s” (%(language)s) back.\n\nReason: %(reason)s"),
    ),
    DUE_SOON: Notice(
        _("To be translated by %(due)s: %(title)s (%(language)s)"),
        _("“%(title)s” (%(language)s) is to be translated by %(due)s. It is not handed in yet."),
    ),
    LATE: Notice(
        _("Late: %(title)s (%(language)s)"),
        _("“%(title)s” (%(language)s) was to be translated by %(due)s. It is not handed in yet."),
    ),
    REVIEW_SOON: Notice(
        _("To be reviewed by %(due)s: %(title)s (%(language)s)"),
        _("The translation of “%(title)s” (%(language)s) is to be reviewed by %(due)s. It waits for you."),
    ),
    REVIEW_LATE: Notice(
        _("The review is late: %(title)s (%(language)s)"),
        _("The translation of “%(title)s” (%(language)s) was to be reviewed by %(due)s. It still waits."),
    ),
    READY: Notice(
        _("Approved, can be released: %(title)s (%(language)s)"),
        _("Every sentence of “%(title)s” (%(language)s) is approved. Headquarters can release it."),
    ),
}


def path_of(translation: Translation) -> str:
    return f"/desk/translations/{translation.item_id}/{translation.language}/"


def said(item: Item, language: str) -> dict[str, Any]:
    return {"title": item.title, "language": language_names(language)}


def to_posting(posting: Posting | None) -> list[Post]:
    return [Post(posting.organisation_id, "", posting=posting.pk)] if posting else []


def at_headquarters(right: str) -> list[Post]:
    """Everybody at headquarters who has the right."""
    keys = Organisation.objects.filter(kind=Kind.HEADQUARTERS).values_list("pk", flat=True)
    return [Post(each, right) for each in keys]


def tell_one(
    event: str, translation: Translation, to: list[Post], *, occasion: str, actor: Reader | None, **more: Any
) -> None:
    if not to:
        return
    words = {
        **said(translation.item, translation.language),
        "actor": actor.signature if actor else {"ja": "ポータル", "en": "The portal"},
        **more,
    }
    but_not = actor.person if actor else None
    tell(event, translation, posts=to, params=words, path=path_of(translation), occasion=occasion, but_not=but_not)


def tell_source_changed(item: Item, *, sentences: int, occasion: str, actor: Reader | None) -> None:
    """The translators of every language version that was begun."""
    for each in item.translations.exclude(translator=None).select_related("item", "translator"):
        tell_one(
            CHANGED,
            each,
            to_posting(each.translator),
            occasion=f"{occasion} {each.language}",
            actor=actor,
            sentences=sentences,
        )
