"""Tables that hold for every kind of case."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Case as Choose
from django.db.models import Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Case
from clair_portal.casework.presentation import state_words
from clair_portal.casework.queries import CaseQuerySet
from clair_portal.casework.workflow import WORKFLOWS
from clair_portal.network.models import Organisation
from clair_portal.reports.dimensions import Median, of_months, of_organisations, of_words
from clair_portal.reports.tables import Dimension, Head, Measure, Question, Record, Table, count, declare
from clair_portal.walls.roles import HEADQUARTERS, OFFICE


def filed(reader: Reader, year: FiscalYear) -> QuerySet[Case]:
    """Cases the reader sees that were filed in the fiscal year, as dated in Tokyo: one row a matter, as in lists.

    With `asked_at`, when the matter was filed (a part is opened later), and `finished_at`, when what was asked for was
    carried through: None for what is open, and for what was declined or withdrawn.
    """
    seen, office = Case.objects.visible_to(reader.scope), reader.scope.role == OFFICE
    found = _once(seen) if office else seen.listed_for(reader.scope)
    ends = (When(kind=kind, state__in=workflow.finished, then=F("closed_at")) for kind, workflow in WORKFLOWS.items())
    found = found.annotate(
        asked_at=Coalesce("parent__filed_at", "filed_at") if office else F("filed_at"), finished_at=Choose(*ends)
    )
    return found.filter(asked_at__gte=year.starts_at, asked_at__lt=year.ends_at)


def _once(seen: CaseQuerySet) -> CaseQuerySet:
    """What an office was asked for: its newest part of a matter of several offices, any other matter itself.

    After a matter was reopened an office still sees the part it had before.
    """
    newer = seen.filter(parent=OuterRef("parent"), pk__gt=OuterRef("pk"))
    return seen.filter(Q(parent=None, split=False) | Q(parent__split=True) & ~Exists(newer))


def record(case: Case, reader: Reader) -> Record:
    label, address = f"{case.number} {case.title}", f"/desk/cases/{case.pk}/"
    return Record(label, address, (str(case.applicant), state_words(case, reader)))


def branches(reader: Reader) -> QuerySet[Organisation]:
    """For headquarters every branch has its row, also one that filed nothing; others see those of their own cases."""
    return Organisation.objects.branches() if reader.scope.role == HEADQUARTERS else Organisation.objects.none()


def kinds(question: Question) -> Sequence[Head]:
    """Only offices count parts."""
    parts = {workflow.part for workflow in WORKFLOWS.values() if question.reader.scope.role != OFFICE}
    return [Head(kind, str(workflow.label)) for kind, workflow in WORKFLOWS.items() if kind not in parts]


_LISTED: dict[str, Any] = {
    "source": filed,
    "record": record,
    "record_heads": (_("Requester"), _("State")),
    "related": ("applicant",),
}
declare(
    Table(
        key="cases.by_branch",
        title=_("Cases by branch"),
        rows=of_organisations(_("Branch"), "branch_id", branches),
        columns=of_words(_("Who has the ball"), "holder", Holder.choices),
        measures=(count(title=_("Cases")),),
        chart="stacked",
        note=_("Cases filed in the fiscal year, by where they stand today."),
        order=10,
        **_LISTED,
    ),
    Table(
        key="cases.by_month",
        title=_("Cases by month"),
        rows=of_months(_("Month"), "asked_at"),
        measures=(
            count(title=_("Cases")),
            Measure("share", _("Share"), share_of="count"),
            Measure(
                "closing", _("Days until closed (median)"), Median(F("finished_at") - F("asked_at")),
                number="days", missing="dash", opens=False,
            ),
        ),
        chart="line",
        note=_("Cases by the month they were filed in, as dated in Tokyo. Days until closed are those from filing of cases "
               "that were carried through, not of declined or withdrawn ones."),
        order=20,
        **_LISTED,
    ),
    Table(
        key="cases.by_kind",
        title=_("Cases by kind"),
        rows=Dimension(_("Kind"), "kind", kinds),
        columns=of_months(_("Month"), "asked_at"),
        measures=(count(title=_("Cases")),),
        chart="bar",
        order=30,
        **_LISTED,
    ),
)  # fmt: skip
