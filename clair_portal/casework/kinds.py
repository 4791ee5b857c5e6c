"""What a pillar gives the case pages for its kind: the facts to show and the forms some moves need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.reader import Reader
from clair_portal.casework.models import Case
from clair_portal.casework.queries import CaseQuerySet
from clair_portal.casework.workflow import Transition
from clair_portal.outbox.services import Post
from clair_portal.ui.fields import CountedField
from clair_portal.walls.scope import Scope


class MoveForm(forms.Form):
    """The decision form of a move: a reason, if the move wants one, and what a pillar's form adds."""

    guards: ClassVar[dict[str, str]] = {}  # words: the field that says which of them the page showed
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = CountedField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)

    def __init__(
        self, *args: Any, case: Case, move: Transition, actor: Reader, now: dt.datetime, **kwargs: Any
    ) -> None:
        self.case, self.move, self.actor, self.now = case, move, actor, now
        super().__init__(*args, **kwargs)
        self.initial.setdefault("version", case.version)
        if not move.reason:
            del self.fields["reason"]

    def given(self) -> dict[str, Any]:
        """What the move's effect gets, by name."""
        return {}

    def more_posts(self) -> list[Post]:
        """Posts that will be told and are not on the case yet (the office a case is about to be referred to)."""
        return []

    def more_words(self) -> dict[str, Any]:
        """What sentences about the move say besides number, title, requester and actor."""
        return {}

    def proposals(self) -> list[dict[str, Any]]:
        """What is proposed and why, shown above the form."""
        return []


Days = tuple[dt.date | None, dt.date | None]


@dataclass(frozen=True)
class CaseKind:
    """`facts`: label and value pairs for the case page. `body`: template of the pillar's part, with `detail` and `more`.

    `copy_url`: name of the page that makes a new draft from a case that has ended.
    `remarks`: what this reader should look at before deciding, on the page of the case and on the decision.
    `days`: the first and the last day a visit is asked for, where one is.
    `asked_by`: who asked, where it is no organisation of the portal: name and country code of a body abroad.
    `texts`: what else than its title a case is found by.
    `read`: what the query of the page reads along with the case (cases, scope), so that the pillar asks less afterwards.
    """

    kind: str
    body: str
    detail: Callable[[Case], Any]
    facts: Callable[[Case, Any], list[tuple[str, str]]]
    edit_url: str
    forms: Mapping[str, type[MoveForm]] = field(default_factory=dict)
    more: Callable[[Case, Any, Reader], dict[str, Any]] = lambda case, detail, reader: {}
    copy_url: str = ""
    remarks: Callable[[Case, Any, Reader], list[str]] = lambda case, detail, reader: []
    days: Callable[[Case, Any], Days] = lambda case, detail: (None, None)
    asked_by: Callable[[Case, Any], tuple[str, str] | None] = lambda case, detail: None
    read: Callable[[Any, Scope], Any] = lambda cases, scope: cases
    texts: Callable[[Any], Iterable[str]] = lambda detail: ()

    def form_for(self, move: Transition) -> type[MoveForm]:
        return self.forms.get(move.form, MoveForm)


KINDS: dict[str, CaseKind] = {}


def read_along(cases: CaseQuerySet, scope: Scope) -> CaseQuerySet:
    """The query of a case page, with what the pillars read along; each pillar's part once."""
    for read in dict.fromkeys(kind.read for kind in KINDS.values()):
        cases = read(cases, scope)
    return cases


def register(kind: CaseKind) -> None:
    KINDS[kind.kind] = kind
