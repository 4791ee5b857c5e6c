"""What can be done with many cases at once. Moves are not among them: they tell other organisations, which cannot be undone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.casework import services
from clair_portal.casework.bulk import Kind, Line, Named, Values, name_rows_of, offer
from clair_portal.casework.case_list import CASES
from clair_portal.casework.checklist import add_task, remove_task
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Assignment, BulkAction, Case, Task
from clair_portal.casework.rules import sides_of
from clair_portal.casework.work_forms import TaskForm
from clair_portal.outbox.services import Post, tell

Held = dict[int, Assignment]


def named(case: Case) -> Named:
    return Named(case.number or "", case.title or _("No subject yet"), reverse("case", args=[case.pk]))


# --- In charge ------------------------------------------------------------------------------------------------------------
def _side(case: Case, reader: Reader) -> Holder | None:
    """Where the reader would be in charge: on the side that has the ball, if it is theirs."""
    return min(sides_of(case, reader), key=lambda found: (found != case.holder, found), default=None)


def _held(cases: Sequence[Case], reader: Reader) -> Held:
    """Who is in charge on the reader's side, by case; one query."""
    own = Assignment.objects.visible_to(reader.scope).filter(case__in=cases, organisation=reader.scope.organisation)
    sides = {case.pk: _side(case, reader) for case in cases}
    return {each.case_id: each for each in own.select_related("posting__person") if each.side == sides[each.case_id]}


def _look_at_charge(cases: Sequence[Case], reader: Reader, to: int | None, already: str) -> Iterator[Line]:
    held = _held(cases, reader)
    for case in cases:
        now = held.get(case.pk)
        state = f"{case.version}.{now.posting_id if now else ''}"
        instead = _("instead of %(name)s") % {"name": now.posting.person} if now else ""
        yield Line(case, _cannot(case, now, reader, to, already), instead, state)


def _cannot(case: Case, now: Assignment | None, reader: Reader, to: int | None, already: str) -> str:
    if case.holder == Holder.NOBODY:
        return _("It is finished.")
    if _side(case, reader) is None or reader.chosen is None:
        return _("Your organisation has nothing to do on it.")
    return already if now is not None and now.posting_id == to else ""


def _put(cases: Sequence[Case], posting: int, reader: Reader, now: dt.datetime) -> Iterator[Values]:
    before = _held(cases, reader)
    for case in cases:
        side, held = _side(case, reader), before.get(case.pk)
        assert side is not None
        services.put_in_charge(case, side, posting, actor=reader, now=now)
        kept = {"posting": held.posting_id, "since": held.since.isoformat()} if held else {"posting": None}
        yield {**kept, "given": posting, "at": now.isoformat()}


def _give_back(pairs: Sequence[tuple[Case, Values]], reader: Reader, now: dt.datetime) -> Iterator[Case]:
    """Only while it stands as it was put; where nobody was in charge before, nobody is again."""
    held = _held([case for case, _kept in pairs], reader)
    for case, kept in pairs:
        found = held.get(case.pk)
        if found is None or (found.posting_id, found.since.isoformat()) != (kept["given"], kept["at"]):
            yield case
            continue
        if kept["posting"] is None:
            found.delete()
        else:
            found.posting_id, found.since = kept["posting"], dt.datetime.fromisoformat(kept["since"])
            found.save(update_fields=["posting", "since"])
        record("casework.case.given_back", case, actor=reader.signature)


def _look_take(cases: Sequence[Case], values: Values, reader: Reader) -> Iterator[Line]:
    return _look_at_charge(cases, reader, reader.scope.posting, _("You are in charge already."))


def _take(cases: Sequence[Case], values: Values, reader: Reader, now: dt.datetime) -> Iterator[Values]:
    assert reader.scope.posting is not None
    return _put(cases, reader.scope.posting, reader, now)


# --- To a colleague -------------------------------------------------------------------------------------------------------
class ColleagueForm(forms.Form):
    """Somebody with a post at the reader's organisation today."""

    posting = forms.ModelChoiceField(Posting.objects.none(), label=gettext_lazy("Colleague"))

    def __init__(self, data: Mapping[str, Any] | None, reader: Reader) -> None:
        super().__init__(data)
        own = Posting.objects.visible_to(reader.scope).filter(organisation=reader.scope.organisation)
        there = own.in_force(reader.today_here).exclude(person=reader.person)
        self.fields["posting"].queryset = there.select_related("person").order_by("person__name", "pk")  # type: ignore[attr-defined]
        self.fields["posting"].label_from_instance = lambda posting: str(posting.person)  # type: ignore[attr-defined]


def _look_give(cases: Sequence[Case], values: Values, reader: Reader) -> Iterator[Line]:
    to = values.get("posting")
    return _look_at_charge(cases, reader, to.pk if to else None, _("This colleague is in charge already."))


def _give(cases: Sequence[Case], values: Values, reader: Reader, now: dt.datetime) -> Iterator[Values]:
    return _put(cases, values["posting"].pk, reader, now)


def _tell_colleague(made: BulkAction, values: Values, reader: Reader) -> None:
    """One notice, however many cases."""
    posting = values["posting"]
    tell(
        "casework.bulk.given", made, posts=[Post(posting.organisation_id, "", posting=posting.pk)],
        params={"actor": reader.signature, "count": len(made.rows)}, path=f"{CASES.path}?charge={posting.pk}",
        occasion=str(made.pk), but_not=reader.person,
    )  # fmt: skip


# --- Tasks ----------------------------------------------------------------------------------------------------------------
def _look_task(cases: Sequence[Case], values: Values, reader: Reader) -> Iterator[Line]:
    for case in cases:
        yield Line(case, "" if sides_of(case, reader) else _("Your organisation has nothing to do on it."))


def _add(cases: Sequence[Case], values: Values, reader: Reader, now: dt.datetime) -> Iterator[Values]:
    for case in cases:
        made = add_task(case, title=values["title"], due_on=values["due_on"], actor=reader, now=now)
        yield {"task": made.pk}


def _remove(pairs: Sequence[tuple[Case, Values]], reader: Reader, now: dt.datetime) -> Iterable[Case]:
    """A task that was finished meanwhile stays."""
    tasks = Task.objects.visible_to(reader.scope).in_bulk([kept["task"] for _case, kept in pairs])
    return [
        case for case, kept in pairs if kept["task"] not in tasks or not remove_task(tasks[kept["task"]], actor=reader)
    ]  # fmt: skip


name_rows_of(CASES.key, named)
offer(CASES.key, "take", Kind(gettext_lazy("Take charge"), _look_take, _take, _give_back))
offer(
    CASES.key, "give",
    Kind(gettext_lazy("Put a colleague in charge"), _look_give, _give, _give_back, ColleagueForm, _tell_colleague),
)  # fmt: skip
offer(
    CASES.key, "task",
    Kind(gettext_lazy("Add a task"), _look_task, _add, _remove, lambda data, reader: TaskForm(data)),
)  # fmt: skip
