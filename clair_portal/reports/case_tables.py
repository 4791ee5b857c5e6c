"""Tables that hold for every kind of case."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Case
from clair_portal.casework.presentation import state_words
from clair_portal.casework.workflow import WORKFLOWS
from clair_portal.network.models import Organisation
from clair_portal.reports.dimensions import Median, of_months, of_organisations, of_words
from clair_portal.reports.tables import Measure, Record, Table, count, declare
from clair_portal.walls.roles import HEADQUARTERS


def filed(reader: Reader, year: FiscalYear) -> QuerySet[Case]:
    """Cases the reader sees that were filed in the fiscal year, as dated in Tokyo."""
    return Case.objects.visible_to(reader.scope).filter(filed_at__gte=year.starts_at, filed_at__lt=year.ends_at)


def record(case: Case, reader: Reader) -> Record:
    label, address = f"{case.number} {case.title}", f"/desk/cases/{case.pk}/"
    return Record(label, address, (str(case.applicant), state_words(case, reader)))


def branches(reader: Reader) -> QuerySet[Organisation]:
    """For headquarters every branch has its row, also one that filed nothing; others see those of their own cases."""
    return Organisation.objects.branches() if reader.scope.role == HEADQUARTERS else Organisation.objects.none()


def kinds() -> Iterable[tuple[Any, Any]]:
    return [(kind, workflow.label) for kind, workflow in WORKFLOWS.items()]


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
        rows=of_months(_("Month"), "filed_at"),
        measures=(
            count(title=_("Cases")),
            Measure("share", _("Share"), share_of="count"),
            Measure(
                "closing", _("Days until closed (median)"), Median(F("closed_at") - F("filed_at")),
                number="days", missing="dash", opens=False,
            ),
        ),
        chart="line",
        note=_("Cases by the month they were filed in, as dated in Tokyo."),
        order=20,
        **_LISTED,
    ),
    Table(
        key="cases.by_kind",
        title=_("Cases by kind"),
        rows=of_words(_("Kind"), "kind", kinds),
        columns=of_months(_("Month"), "filed_at"),
        measures=(count(title=_("Cases")),),
        chart="bar",
        order=30,
        **_LISTED,
    ),
)  # fmt: skip
