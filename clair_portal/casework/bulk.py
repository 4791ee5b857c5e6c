"""One action on many rows of a list: looked at first, done as a whole or not at all, taken back once.

What can be done is declared beside the list (`offer`), also by apps above this one. What a page showed is compared with the
locked rows before anything is done: somebody who was quicker is never overwritten unseen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.casework.keyset import key_of
from clair_portal.casework.listing import LISTINGS, Listing
from clair_portal.casework.models import BulkAction
from clair_portal.language.words import listed

MOST = 500
UNDONE_WITHIN = dt.timedelta(minutes=30)
Values = dict[str, Any]


class Refused(Exception):
    """With the sentence that is shown. Nothing was done."""


@dataclass(frozen=True)
class Line:
    """One row of what will happen. `why_not`: it is left out, and why; `says`: more than the action's name says.

    `state`: what of the row this was said of; when it has become another one, nothing is done.
    """

    row: Any
    why_not: str = ""
    says: str = ""
    state: str = ""

    @property
    def seen(self) -> str:
        return f"{self.row.pk}~{self.state}"


@dataclass(frozen=True)
class Kind:
    """An action. `label`: of the button. `offered`: to whom. `form`: asks for what it needs (data, reader).

    `look`: what will happen to each row. `do`: does it to the rows and answers for each with what taking back needs.
    `undo`: takes it back (rows with what was kept) and answers with those rows that are no longer as it left them.
    `tell`: once, after it was done (what was done, values, reader).
    """

    label: Promise | str
    look: Callable[[Sequence[Any], Values, Reader], Iterable[Line]]
    do: Callable[[Sequence[Any], Values, Reader, dt.datetime], Iterable[Values]]
    undo: Callable[[Sequence[tuple[Any, Values]], Reader, dt.datetime], Iterable[Any]]
    form: Callable[[Mapping[str, Any] | None, Reader], forms.Form] | None = None
    tell: Callable[[BulkAction, Values, Reader], None] = lambda made, values, reader: None
    offered: Callable[[Reader], bool] = lambda reader: True


@dataclass(frozen=True)
class Named:
    """How pages name a row: its number or nothing, its words, its address."""

    number: str
    words: str
    address: str


KINDS: dict[str, dict[str, Kind]] = {}
NAMES: dict[str, Callable[[Any], Named]] = {}


def name_rows_of(listing: str, named: Callable[[Any], Named]) -> None:
    """Called in ready(), once for each list that has actions."""
    NAMES[listing] = named


def offer(listing: str, key: str, kind: Kind) -> None:
    """Called in ready(): an action on rows of that list."""
    KINDS.setdefault(listing, {})[key] = kind


def kinds_for(listing: Listing, reader: Reader) -> dict[str, Kind]:
    """What this reader can do with many rows of the list."""
    return {key: kind for key, kind in KINDS.get(listing.key, {}).items() if kind.offered(reader)}


# --- Which rows -----------------------------------------------------------------------------------------------------------
def rows_named(listing: Listing, keys: Iterable[str], reader: Reader) -> QuerySet[Any]:
    """Those of the reader's rows with one of the keys, in order of keys; what is no key names nothing."""
    found = listing.source(reader)
    known = [key for text in keys if (key := key_of(found, text)) is not None]
    return found.filter(pk__in=known).order_by("pk")


# --- The way --------------------------------------------------------------------------------------------------------------
def preview(kind: Kind, rows: Sequence[Any], values: Values, reader: Reader) -> list[Line]:
    """What would happen to each. Raises Refused where nothing or too much was chosen."""
    if not rows:
        raise Refused(_("Tick the rows you mean first."))
    if len(rows) > MOST:
        raise Refused(_("At most %(count)s rows at once. Narrow the list first.") % {"count": MOST})
    return list(kind.look(rows, values, reader))


@transaction.atomic
def carry_out(
    listing: Listing, key: str, seen: Iterable[str], *, values: Values, actor: Reader, now: dt.datetime
) -> BulkAction:
    """Does it to the rows the page said (`Line.seen`), all of them, or Refused: one of them is not as it was then."""
    kind, seen = KINDS[listing.key][key], set(seen)
    wanted = rows_named(listing, (each.partition("~")[0] for each in seen), actor)
    rows = list(wanted.select_for_update(of=("self",))[: MOST + 1])
    fit = [line for line in preview(kind, rows, values, actor) if not line.why_not] if rows else []
    if not fit or {line.seen for line in fit} != seen:
        raise Refused(_("Some of these changed while you looked at them, so nothing was done. Look at them again."))
    kept = kind.do([line.row for line in fit], values, actor, now)
    done = [{"row": str(line.row.pk), **each} for line, each in zip(fit, kept, strict=True)]
    assert actor.scope.posting is not None  # whoever sees a list holds one
    made = BulkAction(
        listing=listing.key, action=key, organisation_id=actor.scope.organisation, posting_id=actor.scope.posting,
        signature=actor.signature, done_at=now, rows=done,
    )  # fmt: skip
    made.save(force_insert=True)
    record("casework.bulk.done", made, actor=actor.signature, action=str(kind.label), count=len(done))
    kind.tell(made, values, actor)
    return made


# --- Taken back -----------------------------------------------------------------------------------------------------------
def lately(listing: Listing, reader: Reader, now: dt.datetime) -> list[BulkAction]:
    """What the reader did to many rows of this list and can still take back, or took back; the latest first."""
    own = BulkAction.objects.visible_to(reader.scope).filter(listing=listing.key, done_at__gte=now - UNDONE_WITHIN)
    return list(own.order_by("-done_at"))


def may_undo(made: BulkAction, now: dt.datetime) -> str:
    """Nothing, or the sentence why not."""
    if made.undone_at:
        return _("This was taken back already.")
    return "" if now - made.done_at <= UNDONE_WITHIN else _("It can be taken back within 30 minutes only.")


@transaction.atomic
def undo(made: BulkAction, *, actor: Reader, now: dt.datetime) -> int:
    """Takes the whole back, once. Raises Refused: too late, done already, or a row is no longer as this left it."""
    locked = BulkAction.objects.visible_to(actor.scope).select_for_update().get(pk=made.pk)
    if refusal := may_undo(locked, now):
        raise Refused(refusal)
    listing, kind = LISTINGS[locked.listing], KINDS[locked.listing][locked.action]
    kept = {each["row"]: each for each in locked.rows}
    rows = list(rows_named(listing, kept, actor).select_for_update(of=("self",)))
    changed = [] if len(rows) < len(kept) else list(kind.undo([(row, kept[str(row.pk)]) for row in rows], actor, now))
    if changed or len(rows) < len(kept):
        raise Refused(_went_on(listing, changed))
    locked.undone_at = now
    locked.save(update_fields=["undone_at"])
    record("casework.bulk.undone", locked, actor=actor.signature, action=str(kind.label), count=len(kept))
    return len(kept)


def _went_on(listing: Listing, changed: Sequence[Any]) -> str:
    if not changed:
        return _("Some of these rows are no longer yours to see, so nothing was taken back.")
    names = [NAMES[listing.key](row) for row in changed[:5]]
    said = _("Somebody went on working with %(cases)s, so nothing was taken back.")
    return said % {"cases": listed(name.number or name.words for name in names)}
