"""Changing the glossary: headquarters adds, changes and retires terms; each change is one entry of the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from clair_portal.audit.services import record
from clair_portal.publishing.content import glossary, rules
from clair_portal.publishing.content.names import language_names
from clair_portal.publishing.content.rules import Actor, Overtaken, Refused
from clair_portal.publishing.models import Term

LONGEST = 200


def may_change(actor: Actor) -> bool:
    return actor is None or actor.can(rules.MANAGE)


@transaction.atomic
def add(*, ja: str, words: Mapping[str, str], note: str = "", source: str = "", actor: Actor, now: dt.datetime) -> Term:
    """A new term. `words`: by language, several with "/" between. Raises Refused: no right, no term, one that is known."""
    rules.need(rules.MANAGE, actor)
    term = Term(ja=_written(ja))
    if known := Term.objects.filter(ja=term.ja).first():
        raise Refused(_known(known))
    _fill(term, words, note, source, actor, now)
    try:
        with transaction.atomic():
            term.save(force_insert=True)
    except IntegrityError as error:  # of two people who add it at the same moment one is first
        raise Refused(_known(term)) from error
    record("publishing.term.added", term, actor=rules.signature(actor), term=term.ja)
    return term


def _written(ja: str) -> str:
    ja = " ".join(ja.split())
    if not ja:
        raise Refused(_("Write the Japanese term."))
    if len(ja) > 120:
        raise Refused(_("A term has at most 120 characters."))
    return ja


def _known(term: Term) -> str:
    if term.retired_at is not None:
        return _("“%(term)s” is in the glossary as a retired term. Bring it back on its page.") % {"term": term.ja}
    return _("“%(term)s” is in the glossary already. Change it on its page.") % {"term": term.ja}


def _fill(
    term: Term, words: Mapping[str, str], note: str, source: str, actor: Actor, now: dt.datetime
) -> list[str]:  # fmt: skip
    """Writes what was typed into the row. Returns the languages in which it is called otherwise than before."""
    new = {rules.known_language(code): _forms(text) for code, text in words.items()}
    new = {code: text for code, text in new.items() if text}
    before, term.words = term.words or {}, new
    term.note, term.source = note.strip()[:300], source.strip()[:200]
    term.found_by, term.changed_at, term.signature = glossary.found_by(term), now, rules.signature(actor)
    return sorted(code for code in before.keys() | new.keys() if before.get(code) != new.get(code))


def _forms(text: str) -> str:
    """What was typed with "/" between, each form once."""
    forms = list(dict.fromkeys(" ".join(form.split()) for form in text.replace("/", "/").split("/")))
    if any(len(form) > LONGEST for form in forms):
        raise Refused(_("A word has at most %(most)s characters.") % {"most": LONGEST})
    return glossary.BETWEEN.join(form for form in forms if form)


@transaction.atomic
def change(
    term: Term, *, words: Mapping[str, str], note: str, source: str, seen: int, actor: Actor, now: dt.datetime
) -> bool:
    """Changes words, note and source; the Japanese term stays. False: nothing differs.

    Raises Refused; Overtaken: somebody changed it since version `seen` was shown.
    """
    locked = _locked(term, seen, actor)
    before = (dict(locked.words), locked.note, locked.source)
    languages = _fill(locked, words, note, source, actor, now)
    if before == (locked.words, locked.note, locked.source):
        return False
    locked.version += 1
    locked.save()
    record(
        "publishing.term.changed", locked, actor=rules.signature(actor), term=locked.ja,
        languages=[language_names(code) for code in languages] or "–",
    )  # fmt: skip
    return True


def _locked(term: Term, seen: int, actor: Actor) -> Term:
    rules.need(rules.MANAGE, actor)
    locked = Term.objects.select_for_update().get(pk=term.pk)
    if locked.version != seen:
        raise Overtaken(_("Somebody else changed this term while you had it open. What you typed is kept."))
    return locked


@transaction.atomic
def retire(term: Term, *, reason: str, seen: int, actor: Actor, now: dt.datetime) -> None:
    """From now on it is shown to nobody who translates. Raises Refused: no reason, or retired already."""
    locked = _locked(term, seen, actor)
    if not reason.strip():
        raise Refused(_("Write the reason; it stays in the log."))
    if locked.retired_at is not None:
        raise Refused(_("It is retired already."))
    locked.retired_at, locked.retired_why = now, reason.strip()[:300]
    _kept(locked, actor, now)
    record(
        "publishing.term.retired", locked, actor=rules.signature(actor), term=locked.ja, reason=locked.retired_why
    )  # fmt: skip


@transaction.atomic
def bring_back(term: Term, *, seen: int, actor: Actor, now: dt.datetime) -> None:
    """Raises Refused: it is in use."""
    locked = _locked(term, seen, actor)
    if locked.retired_at is None:
        raise Refused(_("It is in use."))
    locked.retired_at, locked.retired_why = None, ""
    _kept(locked, actor, now)
    record("publishing.term.restored", locked, actor=rules.signature(actor), term=locked.ja)


def _kept(term: Term, actor: Actor, now: dt.datetime) -> None:
    term.version, term.changed_at, term.signature = term.version + 1, now, rules.signature(actor)
    term.save()
