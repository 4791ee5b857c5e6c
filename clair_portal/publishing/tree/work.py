"""Bringing pages to their files: marking what waits, rendering and writing one page."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
import re
import uuid
from collections.abc import Iterable
from itertools import islice

from django.db import transaction
from django.db.models import Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import Resolver404, resolve
from django.utils import translation

from clair_portal.language.versions import language_in
from clair_portal.outbox.claiming import claim_first, database_is_lost, try_later
from clair_portal.outbox.enums import State
from clair_portal.publishing.models import Page, Run
from clair_portal.publishing.tree import families, write
from clair_portal.publishing.tree.families import FAMILIES, Address
from clair_portal.publishing.tree.render import Answer, render
from clair_portal.walls.scope import SYSTEM_SCOPE, acting

log = logging.getLogger("portal.tree")
MOST_ATTEMPTS = 30  # with pauses up to four hours: the last good page stands meanwhile
AT_ONCE = 500
_TEXT_LANGUAGE = re.compile(rb'<meta name="dc\.language" content="([a-z-]{2,12})">')
EXAMPLES = 50  # addresses a run remembers


class Unknown(LookupError):
    """No public page is declared for this address."""


# --- Which pages there are ------------------------------------------------------------------------------------------------
def register(addresses: Iterable[Address], due_at: dt.datetime) -> int:
    """Rows for pages that have none yet, waiting to be rendered; what a page reads is brought up to date. Returns how many."""
    made = 0
    left = iter(addresses)
    while wanted := {each.path: each for each in islice(left, AT_ONCE)}:
        known = {page.path: page for page in Page.objects.filter(path__in=wanted).only("path", "reads", "family")}
        new = [_row(each, due_at) for path, each in wanted.items() if path not in known]
        made += len(Page.objects.bulk_create(new, ignore_conflicts=True))
        differ = [page for path, page in known.items() if page.reads != list(wanted[path].reads)]
        for page in differ:
            page.reads, page.family = list(wanted[page.path].reads), wanted[page.path].family
        Page.objects.bulk_update(differ, ["reads", "family"])
    return made


def _row(address: Address, due_at: dt.datetime) -> Page:
    return Page(
        path=address.path, language=address.language, address=address.without_language, family=address.family,
        reads=list(address.reads), due_at=due_at,
    )  # fmt: skip


def address_at(path: str) -> Address:
    """The declared page at an address. Raises Unknown."""
    language = language_in(path)
    with translation.override(language or None):
        try:
            found = resolve(path)
        except Resolver404 as error:
            raise Unknown(path) from error
    family = FAMILIES.get(found.url_name or "")
    if family is None:
        raise Unknown(path)
    return families.version(family, language if family.in_languages else "", found.kwargs)


# --- One page -------------------------------------------------------------------------------------------------------------
def publish_next(pk: uuid.UUID, now: dt.datetime) -> bool:
    """Renders one page that waits and writes it: this one, or one that became more urgent while it was on its way; then
    this one goes out again, so that what somebody just saved never stands behind the lists of an earlier change.
    False: somebody else has it, or it failed; then it is tried again.

    The lock on its row orders those who render it: what is written later was read later.
    """
    if not write.is_kept():
        return False
    with acting(SYSTEM_SCOPE):
        told = Page.objects.filter(pk=pk)
        more_urgent = Q(due_at__lt=Subquery(told.values("due_at")))
        page = claim_first(Page.objects.free(now).filter(Q(pk=pk) | more_urgent).order_by("due_at"), now)
        if page is None:
            return False
        if page.pk != pk:
            Page.objects.filter(pk__in=told.select_for_update(skip_locked=True).values("pk")).update(dispatched_at=None)
        return bring(page, now)


def publish_now(path: str, now: dt.datetime) -> Page | None:
    """One page at once, whether it waits or not; None: no page stands there. Raises Unknown, and OSError or NotAPage."""
    with acting(SYSTEM_SCOPE):
        address = address_at(path)
        register([address], now)
        page = Page.objects.select_for_update().get(path=path)
        _write(page, render(path), now)
        return Page.objects.filter(path=path, state=State.DONE).first()


def bring(page: Page, now: dt.datetime) -> bool:
    try:
        answer = render(page.path)
        if answer.status == 410 and page.status == 200:
            with transaction.atomic():
                _withdraw(page)
        with transaction.atomic():
            _write(page, answer, now)
    except Exception as error:
        if database_is_lost(error):
            raise
        log.warning("%s was not published: %s", page.path, error)
        _put_off(page, now, f"{type(error).__name__}: {error}")
        return False
    return True


def _put_off(page: Page, now: dt.datetime, error: str) -> None:
    failing_since = Coalesce("failing_since", Value(now))
    Page.objects.filter(pk=page.pk).update(tried_at=now, failing_since=failing_since)
    try_later(page, now, error, MOST_ATTEMPTS)


def _withdraw(page: Page) -> None:
    """Kept whatever becomes of the sentence that takes the place of the text: nobody reads or finds it from now on."""
    write.drop_text(page.path)
    Page.objects.filter(pk=page.pk).update(status=410)
    if page.path.endswith("/"):
        _tell_removal(page)


def _write(page: Page, answer: Answer, now: dt.datetime) -> None:
    if answer.status == 404:
        _take_away(page)
        return
    digest = hashlib.sha256(answer.body).hexdigest()
    stood = write.stands(page.path, answer.status, answer.body)
    _note_drift(page, stood)
    if not stood:
        (write.put if answer.status == 200 else write.put_gone)(page.path, answer.body)
    told = (answer.status, digest) == (page.status, page.sha256)
    Page.objects.filter(pk=page.pk).update(
        status=answer.status, text_language=_text_language(answer.body), sha256=digest, size=len(answer.body), tried_at=now,
        state=State.DONE, done_at=now, error="", lease_until=None, checking=None,
        written_at=page.written_at if stood else now, failing_since=None, fault_told_at=None,
    )  # fmt: skip
    if not told and page.path.endswith("/"):
        _tell(page, answer)


def _text_language(body: bytes) -> str:
    """What the page says of its text (templates/pages/alternates.html): the language, where it is another one than its own."""
    said = _TEXT_LANGUAGE.search(body)
    return said[1].decode() if said else ""


def _take_away(page: Page) -> None:
    if page.status is not None:
        _note_drift(page, False)
    write.remove(page.path)
    page.delete()
    if page.status == 200 and page.path.endswith("/"):
        _tell_removal(page)


def _tell(page: Page, answer: Answer) -> None:
    for published in families.AFTER_PUBLISH if answer.status == 200 else ():
        published(page.path, page.language, answer.body.decode())
    if answer.status == 410:
        _tell_removal(page)


def _tell_removal(page: Page) -> None:
    for removed in families.AFTER_REMOVAL:
        removed(page.path, page.language)


def _note_drift(page: Page, stood: bool) -> None:
    """A page that nobody changed must say what it said."""
    if page.checking_id is None or stood:
        return
    log.error("%s differed from what the portal says now; it was published again", page.path)
    run = Run.objects.select_for_update().get(pk=page.checking_id)
    run.drifted, run.examples = run.drifted + 1, [*run.examples, page.path][:EXAMPLES]
    run.save(update_fields=["drifted", "examples"])


def failed() -> list[Page]:
    with acting(SYSTEM_SCOPE):
        return list(Page.objects.failed())
