"""Who translates and reviews which language, and who does one translation by when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.publishing.content import notifications, rules
from clair_portal.publishing.content.names import day_names, language_names
from clair_portal.publishing.content.reminding import set_reminders
from clair_portal.publishing.content.rules import Refused
from clair_portal.publishing.content.translating import begin, work_of
from clair_portal.publishing.models import Item, Linguist, Translation


@transaction.atomic
def permit(
    posting: Posting, language: str, *, translates: bool, reviews: bool, actor: Reader, now: dt.datetime
) -> None:
    """Says what a posting may do with a language; neither takes it away. Raises Refused."""
    rules.need(rules.MANAGE, actor)
    rules.known_language(language)
    rights = posting.role.rights
    if (translates and rules.TRANSLATE not in rights) or (reviews and rules.REVIEW not in rights):
        raise Refused(_("The role of this post does not allow it. Give the role the right first."))
    if not translates and not reviews:
        Linguist.objects.filter(posting=posting, language=language).delete()
    else:
        values = {"translates": translates, "reviews": reviews, "signature": actor.signature}
        Linguist.objects.update_or_create(posting=posting, language=language, defaults=values)
    record(
        "publishing.linguist.changed", posting, actor=actor.signature, language=language_names(language),
        who=str(posting.person),
    )  # fmt: skip


@transaction.atomic
def assign(
    translation: Translation, *, translator: Posting | None, reviewer: Posting | None, due_on: dt.date | None,
    review_due_on: dt.date | None, actor: Reader, now: dt.datetime,
) -> None:  # fmt: skip
    """Asks somebody to translate and somebody else to review, by when. Raises Refused: the same person, or not of the language."""
    rules.need(rules.MANAGE, actor)
    language = translation.language
    if translator is not None and not _is(translator, language, translates=True):
        raise Refused(_("%(who)s does not translate into this language.") % {"who": translator.person})
    if reviewer is not None and not _is(reviewer, language, reviews=True):
        raise Refused(_("%(who)s does not review this language.") % {"who": reviewer.person})
    if translator is not None and reviewer is not None and translator.person_id == reviewer.person_id:
        raise Refused(_("Nobody reviews their own translation. Choose two people."))
    if due_on and review_due_on and review_due_on < due_on:
        raise Refused(_("The review is due before the translation. Change one of the two days."))
    before = translation.translator_id
    translation.translator, translation.reviewer = translator, reviewer
    translation.due_on, translation.review_due_on, translation.changed_at = due_on, review_due_on, now
    translation.save(update_fields=["translator", "reviewer", "due_on", "review_due_on", "changed_at"])
    words = notifications.said(translation.item, language)
    who = str(translator.person) if translator else "–"
    entry = record("publishing.translation.assigned", translation.item, actor=actor.signature, who=who, **words)
    if translator is not None and translator.pk != before:
        notifications.tell_one(
            notifications.TO_TRANSLATE, translation, notifications.to_posting(translator), occasion=str(entry.pk),
            actor=actor, due=day_names(due_on) if due_on else "–",
        )  # fmt: skip
    set_reminders(translation, work_of(translation).standing.work, now)


@transaction.atomic
def ask(
    item: Item, *, languages: Collection[str], due_on: dt.date | None, actor: Reader, now: dt.datetime
) -> None:  # fmt: skip
    """Puts translations into the queue; whoever translates the language is reminded of the day. Raises Refused."""
    rules.need(rules.MANAGE, actor)
    for language in languages:
        found = begin(item, language)
        found.due_on = due_on or found.due_on
        found.save(update_fields=["due_on"])
        set_reminders(found, work_of(found).standing.work, now)


def _is(posting: Posting, language: str, **what: bool) -> bool:
    return Linguist.objects.filter(posting=posting, language=language, **what).exists()
