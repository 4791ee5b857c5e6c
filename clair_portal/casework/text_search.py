"""Texts on cases in the search over everything: messages, and what pillars declare (texts.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from clair_portal.accounts.reader import Reader
from clair_portal.audit.sentences import in_language
from clair_portal.casework.posts import path_of
from clair_portal.casework.search import MOST_WORDS, Found, Item
from clair_portal.casework.terms import APPLICANT, BRANCH
from clair_portal.language import folding
from clair_portal.language.marking import Part, around, beginning, parts_of
from clair_portal.walls.roles import MEMBER
from clair_portal.walls.scope import Scope

LOOKED_AT = 100  # rows that hold all terms, to be compared with what was typed


def found(rows: Any, column: str, text: str, scope: Scope, most: int) -> list[Any]:
    """The newest `most` of `rows`, which the reader may see, whose `column` holds every word of `text`, however it is typed."""
    words = text.split()[:MOST_WORDS]
    asked = [_asked(word) for word in words]
    if not all(asked):
        return []
    if scope.role == MEMBER:
        asked.append(
            " | ".join(_quoted(mark + str(body)) for body in scope.organisations for mark in (APPLICANT, BRANCH))
        )
    look = f"select {rows.model._meta.db_table}_found(%s, %s)"
    with connection.cursor() as cursor:
        cursor.execute(look, [" & ".join(f"({each})" for each in asked), LOOKED_AT])
        keys = [key for (key,) in cursor.fetchall()]
    wanted, holding = [folding.fold(word) for word in words], []
    for row in rows.filter(pk__in=keys).order_by("-pk") if keys else ():
        said = folding.fold(getattr(row, column))
        if all(word in said for word in wanted):
            holding.append(row)
    return holding[:most]


def _asked(word: str) -> str:
    """The terms of a word; one of a script with spaces may go on."""
    return " & ".join(
        _quoted(term) + ("" if paired else ":*")
        for run, paired in folding.runs(word)
        for term in folding.query_bigrams(run)
    )


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def section_of(model: Any, column: str, anchor: str = "") -> Callable[[Reader, str, int], Found]:
    """For the search over everything: rows that lead to their case, with who wrote them and where the word stands."""

    def find(reader: Reader, text: str, shown: int) -> Found:
        rows = (
            model.objects.visible_to(reader.scope)
            .select_related("case")
            .defer("terms", "case__search_text", "case__bigrams")
        )
        parts = parts_of([text])
        return Found([_item(row, column, parts, anchor) for row in found(rows, column, text, reader.scope, shown)])

    return find


def _item(row: Any, column: str, parts: list[Part], anchor: str) -> Item:
    case, said, text = row.case, in_language(row.signature), getattr(row, column)
    return Item(
        case.title or _("No subject yet"),
        path_of(case) + anchor,
        " ".join(filter(None, [case.number, said])),
        words=around(text, parts) or beginning(text),
    )
