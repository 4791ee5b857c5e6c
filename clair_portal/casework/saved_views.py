"""Saved views: what an address asks a list for, under a name. Private, shared with one's organisation, or the first thing
people of a role see there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import chain, count
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext as _

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.casework.listing import Asked, Listing, asked_again, asked_of
from clair_portal.casework.models import SavedView
from clair_portal.walls.scope import Scope

ADMINISTER = "organisation.administer"
MOST = 50  # of one posting
LONGEST = 2000  # characters of an address
LONGEST_NAME = 60
EVERYTHING = "all"  # in an address: the list as it is, without the first view


class Refused(Exception):
    """With the sentence that is shown."""


# --- Reading --------------------------------------------------------------------------------------------------------------
def views_of(listing: Listing, scope: Scope) -> list[SavedView]:
    """One's own, those shared, those of roles; by name."""
    return list(SavedView.objects.visible_to(scope).filter(listing=listing.key).order_by("name", "pk"))


def first_of(views: Sequence[SavedView], reader: Reader) -> SavedView | None:
    """What a list opens with: one's own choice, else that of one's role, else nothing."""
    own = next((view for view in views if view.first and view.posting_id == reader.scope.posting), None)
    role = reader.chosen.role_code if reader.chosen else ""
    if own:
        return own
    return next((view for view in views if view.first_for and view.first_for == role), None)


def _posting(reader: Reader) -> int:
    assert reader.scope.posting is not None  # whoever opens a list holds one
    return reader.scope.posting


def address_of(view: SavedView, asked: Asked) -> str:
    """With what is known today: a value that is gone is left out, the view still opens. `asked`: the list as it is read now."""
    return asked_again(asked, QueryDict(view.query)).address()


def may_change(view: SavedView, reader: Reader) -> bool:
    """One's own; an administrator those that others see as well, also of somebody who has left."""
    own = view.posting_id == reader.scope.posting
    return own or (reader.can(ADMINISTER) and (view.shared or bool(view.first_for)))


# --- Writing --------------------------------------------------------------------------------------------------------------
def save(
    listing: Listing, *, name: str, query: str, shared: bool = False, first: bool = False, first_for: str = "",
    actor: Reader, now: dt.datetime,
) -> SavedView:  # fmt: skip
    """Keeps what is asked for now under a name; the same name again replaces what it asks for, and its readers keep it.

    Raises Refused.
    """
    name = " ".join(name.split())
    _refuse(name, first_for, actor)
    kept = asked_of(listing, QueryDict(query[:LONGEST]), actor).address().removeprefix("?")
    own = SavedView.objects.visible_to(actor.scope).filter(posting=actor.scope.posting, listing=listing.key)
    view = own.filter(name=name).first()
    if view is None and own.count() >= MOST:
        raise Refused(_("You have %(count)s views of this list. Delete one you no longer use.") % {"count": MOST})
    view = view or SavedView(
        listing=listing.key, name=name, posting_id=_posting(actor), created_at=now,
        organisation_id=actor.scope.organisation, signature=actor.signature,
    )  # fmt: skip
    view.query, view.first_for = kept, first_for or view.first_for
    view.shared, view.first = view.shared or shared or bool(view.first_for), view.first or first
    return _store(view)


def change(
    view: SavedView, *, name: str, shared: bool, first: bool, first_for: str, actor: Reader
) -> SavedView:  # fmt: skip
    """Another name, other readers; what a role sees first stays as an administrator chose it. Raises Refused."""
    name = " ".join(name.split())
    if not may_change(view, actor):
        raise Refused(_("Only whoever saved the view, or an administrator, changes it."))
    _refuse(name, first_for, actor)
    view.first_for = first_for if actor.can(ADMINISTER) else view.first_for
    view.name, view.shared = name, shared or bool(view.first_for)
    view.first = first if view.posting_id == actor.scope.posting else view.first
    return _store(view)


def _refuse(name: str, first_for: str, actor: Reader) -> None:
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Refused(_("Write a name of at most 60 characters."))
    if first_for and not actor.can(ADMINISTER):
        raise Refused(_("Only an administrator chooses what people of a role see first."))


def _store(view: SavedView) -> SavedView:
    """Of those first for somebody there is one a list: the newest choice holds."""
    others = SavedView.objects.filter(listing=view.listing).exclude(pk=view.pk)
    try:
        with transaction.atomic():
            if view.first:
                others.filter(posting=view.posting_id, first=True).update(first=False)
            if view.first_for:
                same = others.filter(organisation=view.organisation_id, first_for=view.first_for)
                same.update(first_for="")
            if view._state.adding:
                view.save(force_insert=True)
            else:
                view.save(update_fields=["name", "query", "shared", "first", "first_for"])
    except IntegrityError as error:
        raise Refused(_("A view of this list has that name already. Choose another name.")) from error
    return view


def delete(view: SavedView, *, actor: Reader) -> None:
    if not may_change(view, actor):
        raise Refused(_("Only whoever saved the view, or an administrator, changes it."))
    view.delete()


# --- The change of staff --------------------------------------------------------------------------------------------------
def hand_over(from_posting: Posting, to_posting: Posting, actor: Reader, now: dt.datetime) -> int:
    """The successor gets them all; where both have one of a name, the other says whose it was."""
    taken = set(SavedView.objects.filter(posting=to_posting).values_list("listing", "name"))
    moved = list(SavedView.objects.filter(posting=from_posting).order_by("pk"))
    for view in moved:
        if to_posting.pk != from_posting.pk:
            view.first = False
            view.name = _free_name(view, from_posting.person.name, taken)
            taken.add((view.listing, view.name))
        view.posting = to_posting
        view.save(update_fields=["posting", "name", "first"])
    return len(moved)


def _free_name(view: SavedView, owner: str, taken: set[tuple[str, str]]) -> str:
    """The name as it is, with whose it was, or with a number as well: the first that is free."""
    endings = chain(("", f" ({owner[:17]})"), (f" ({owner[:17]} {number})" for number in count(2)))
    names = (view.name[: LONGEST_NAME - len(ending)] + ending for ending in endings)
    return next(name for name in names if (view.listing, name) not in taken)


def waiting(postings: Sequence[int]) -> Mapping[int, int]:
    counted = SavedView.objects.filter(posting__in=postings).values("posting").annotate(number=Count("pk"))
    return {row["posting"]: row["number"] for row in counted}


# --- For pages ------------------------------------------------------------------------------------------------------------
def links_of(asked: Asked, views: Sequence[SavedView]) -> list[dict[str, Any]]:
    """The tabs above the list."""
    now = asked.address()
    shown = [
        {"label": view.name, "url": url, "current": url == now}
        for view, url in ((view, address_of(view, asked)) for view in views)
    ]
    everything = {"label": _("Everything"), "url": f"?{EVERYTHING}=1", "current": now == "?"}
    return [everything, *shown] if shown else []
