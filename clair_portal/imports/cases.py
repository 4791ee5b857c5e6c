"""The list of cases as a sheet that can be changed: what they are about, who is in charge, a longer term with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from clair_portal.accounts.models import Posting
from clair_portal.accounts.reader import Reader
from clair_portal.casework import corrections, extension
from clair_portal.casework.case_list import CASES
from clair_portal.casework.corrections import own_side, why_not_correct, why_not_name
from clair_portal.casework.enums import Topic
from clair_portal.casework.models import Assignment, Case
from clair_portal.casework.parts import lock_wholes
from clair_portal.casework.queries import CaseQuerySet
from clair_portal.casework.rules import over
from clair_portal.imports.editing import Context, EditableList, EditColumn, declare, in_each_language, some_of, words_of
from clair_portal.language.words import in_japanese, listed
from clair_portal.network.models import Country
from clair_portal.sheets import cells
from clair_portal.sheets.cells import Parser

DAYS, REASON = "extend_days", "extend_reason"
WORK = ("cases.file", "cases.pass_on", "cases.triage", "cases.work")


class Known:
    """Countries, fields and people, each read once."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.labels: dict[int, str] = {}

    @cached_property
    def countries(self) -> dict[str, tuple[str, str]]:
        rows = Country.objects.values_list("code", "name_ja", "name_en")
        return {code: (ja, en or ja) for code, ja, en in rows}

    @cached_property
    def postings(self) -> list[Posting]:
        """Of the reader's organisation, in force."""
        held = Posting.objects.visible_to(self.reader.scope).in_force(self.reader.today_here)
        chosen = self.reader.chosen
        places = {self.reader.scope.organisation, chosen.division if chosen else None} - {None}
        return list(
            held.filter(organisation__in=places).select_related("person", "role").order_by("person__name", "pk")
        )

    @cached_property
    def people(self) -> dict[int, str]:
        return self.named()

    def named(self) -> dict[int, str]:
        """Postings by the name people know in the language of the page; with the title where two are alike."""
        names = [str(row.person) for row in self.postings]
        return {
            row.pk: name if names.count(name) == 1 else f"{name} ({row.title or row.role}, {row.pk})"
            for row, name in zip(self.postings, names, strict=True)
        }

    def person(self, posting: int) -> str:
        """Also of somebody who has left."""
        if posting in self.people:
            return self.people[posting]
        if posting not in self.labels:
            row = Posting.objects.filter(pk=posting).select_related("person").first()
            self.labels[posting] = str(row.person) if row else ""
        return self.labels[posting]


# --- Reading and writing cells ------------------------------------------------------------------------------------------
def _countries(context: Context) -> Parser:
    place = 0 if in_japanese() else 1
    known = {names[place]: code for code, names in context.known.countries.items()}  # what is shown as examples first
    known |= {words: code for code, names in context.known.countries.items() for words in (*names, code)}
    return cells.some_of(known)


def _country_words(codes: list[str], context: Context) -> str:
    place = 0 if in_japanese() else 1
    return listed(context.known.countries[code][place] for code in codes if code in context.known.countries)


def _title(context: Context) -> Parser:
    return cells.filled(cells.at_most(200), gettext_lazy("Enter the subject."))


def _person(context: Context) -> Parser:
    return cells.one_of(in_each_language(lambda: {label: pk for pk, label in context.known.named().items()}))


def _days(cell: Any) -> int | None:
    days = cells.whole(cell)
    if days is not None and not 1 <= days <= extension.MOST_EXTENDED:
        raise ValueError(_("Extend by 1 to %(most)s business days.") % {"most": extension.MOST_EXTENDED})
    return days


# --- Who may ------------------------------------------------------------------------------------------------------------
def _not_extend(case: Case, reader: Reader) -> str:
    return over(case) or extension.why_not_extend(case, reader)


def _check(case: Case, changes: dict[str, Any], reader: Reader) -> list[tuple[str, str]]:
    if changes.get(DAYS) and not changes.get(REASON):
        return [(REASON, _("Write the reason, so that the other side knows what to do."))]
    if changes.get(REASON) and not changes.get(DAYS):
        return [(DAYS, _("Write by how many business days the deadline moves, or take the reason out."))]
    if "charge" in changes and not changes["charge"]:
        return [("charge", _("Name somebody. A case that has somebody in charge does not go back to nobody."))]
    return []


# --- Records ------------------------------------------------------------------------------------------------------------
def _records(keys: Sequence[int], reader: Reader, lock: bool) -> CaseQuerySet:
    seen = Case.objects.visible_to(reader.scope).listed_for(reader.scope).filter(pk__in=keys)
    if lock:
        lock_wholes(seen)
    seen = seen.select_related("applicant", "branch", "holding").defer("search_text", "bigrams").order_by("pk")
    return seen.select_for_update(of=("self",)) if lock else seen


def _in_charge(cases: Sequence[Case], reader: Reader) -> Mapping[int, int]:
    own = Assignment.objects.visible_to(reader.scope).filter(
        case__in=[case.pk for case in cases], organisation=reader.scope.organisation
    )
    held = {(row.case_id, row.side): row.posting_id for row in own}
    sides = {case.pk: own_side(case, reader) for case in cases}
    return {pk: held[pk, side] for pk, side in sides.items() if side and (pk, side) in held}


def _write(case: Case, changes: dict[str, Any], *, actor: Reader, now: dt.datetime) -> None:
    if changes.keys() & {"title", "countries", "topics"}:
        values = {name: changes.get(name, getattr(case, name)) for name in ("title", "countries", "topics")}
        corrections.correct(case, **values, actor=actor, now=now)
    if "charge" in changes:
        posting = Posting.objects.visible_to(actor.scope).select_related("person").get(pk=changes["charge"])
        corrections.name_in_charge(case, posting, actor=actor, now=now)
    if changes.get(DAYS):
        extension.extend(case, days=changes[DAYS], reason=changes[REASON], actor=actor, now=now)


COLUMNS = (
    EditColumn("title", gettext_lazy("Subject"), lambda case, charge: case.title, _title, refused=why_not_correct, width=44,
               help=gettext_lazy("At most 200 characters.")),
    EditColumn("countries", gettext_lazy("Countries"), lambda case, charge: case.countries, _countries, _country_words,
               refused=why_not_correct, help=gettext_lazy("Names or codes of two letters, with commas between.")),
    EditColumn("topics", pgettext_lazy("of exchange", "Field"), lambda case, charge: case.topics,
               lambda context: some_of(Topic), lambda values, context: words_of(Topic, values),
               refused=why_not_correct, help=gettext_lazy("As they are called on the page of a request, with commas between.")),
    EditColumn("charge", gettext_lazy("In charge"), lambda case, charge: charge, _person,
               lambda posting, context: context.known.person(posting) if posting else None,
               choices=lambda context: list(context.known.people.values()), refused=why_not_name,
               help=gettext_lazy("Somebody of your own organisation.")),
    EditColumn(DAYS, gettext_lazy("Extend by business days"), lambda case, charge: None, lambda context: _days,
               refused=_not_extend, width=14, number=True,
               help=gettext_lazy("How many business days later the deadline shall be; leave it empty otherwise.")),
    EditColumn(REASON, gettext_lazy("Reason for the extension"), lambda case, charge: None,
               lambda context: cells.at_most(1000, cells.text), refused=_not_extend, width=36,
               help=gettext_lazy("Everybody on the case reads it.")),
)  # fmt: skip
EDITABLE_CASES = declare(
    EditableList(
        listing=CASES,
        version=1,
        columns=COLUMNS,
        offered=lambda reader: any(reader.can(right) for right in WORK),
        name=lambda case: f"{case.number or _('draft')} {case.title}",
        records=_records,
        write=_write,
        know=Known,
        gather=_in_charge,
        stamp=lambda case: case.due_at,
        check=_check,
    )
)
