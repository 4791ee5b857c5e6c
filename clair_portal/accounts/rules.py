"""Who may call a view. Every URL declares one of these; a URL without a declaration fails a test.

The rule decides about the view; which rows it shows is decided by visible_to() and by the database.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

log = logging.getLogger("portal.refused")
View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Rule:
    """`audience`: everybody, signed_in or right. `right`: the one needed. `methods`: what the view answers."""

    audience: str
    right: str = ""
    methods: tuple[str, ...] = ("GET", "HEAD")


def everybody(*methods: str) -> Callable[[View], View]:
    return _declare(Rule("everybody", methods=_with_head(methods)))


def signed_in(*methods: str) -> Callable[[View], View]:
    return _declare(Rule("signed_in", methods=_with_head(methods)))


def needs(right: str, *methods: str) -> Callable[[View], View]:
    """The reader's chosen posting must give `right`; else 403 with a sentence that says so."""
    return _declare(Rule("right", right, _with_head(methods)))


def _with_head(methods: tuple[str, ...]) -> tuple[str, ...]:
    chosen = methods or ("GET",)
    return (*chosen, "HEAD") if "GET" in chosen else chosen


def _declare(rule: Rule) -> Callable[[View], View]:
    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if (refused := _refusal(rule, request)) is not None:
                return refused
            return view(request, *args, **kwargs)

        guarded.rule = rule  # type: ignore[attr-defined]
        return guarded

    return decorate


def _note(request: Any, why: str) -> None:
    """One line for the operator, with the request id: many of one person are somebody who tries doors."""
    log.warning("refused: person %s, %s %s: %s", request.reader.person, request.method, request.path, why)


def _refusal(rule: Rule, request: HttpRequest) -> HttpResponseBase | None:
    from django.http import HttpResponseNotAllowed

    if rule.audience != "everybody":
        reader = getattr(request, "reader", None)
        if reader is None:
            return redirect(f"/accounts/login/?{urlencode({'next': request.get_full_path()})}")
        if reader.chosen is None:
            _note(request, "no posting today")
            raise PermissionDenied(_("You have no posting today, so there is nothing here for you to see."))
        if rule.right and not reader.can(rule.right):
            _note(request, f"posting {reader.chosen.id} does not give {rule.right}")
            raise PermissionDenied(_("Your posting does not give you the right to do this."))
    if request.method not in rule.methods:
        return HttpResponseNotAllowed(rule.methods)
    return None
