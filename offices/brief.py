"""What the offices did for an organisation: kinds of support, hours, reports."""

from __future__ import annotations

from decimal import Decimal

from django.db.models import CharField, Count, F, Func, Q, Sum
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clair_portal.calendars.eras import in_words
from clair_portal.calendars.fiscal import FiscalYear, tokyo_date
from clair_portal.casework.posts import path_of
from clair_portal.network.models import Organisation
from clair_portal.reports import layout
from clair_portal.reports.brief import Asked, Cell, Section, declare
from offices.enums import SupportKind
from offices.models import OfficeReport, SupportRequest, WorkEntry

REPORTS = 8


def _on_the_whole(asked: Asked) -> Q:
    """What hangs on the whole, also where the reader's list holds only a part of it."""
    return Q(case__in=asked.cases.values("pk")) | Q(case__in=asked.cases.exclude(parent=None).values("parent"))


def _years(asked: Asked) -> tuple[FiscalYear, FiscalYear]:
    this = FiscalYear.of(asked.now)
    return this, FiscalYear(this.year - 1)


def kinds(asked: Asked) -> Section:
    """Requests by kind of support; one for several kinds stands in several rows."""
    this, last = _years(asked)
    unnested = Func(F("kinds"), function="unnest", output_field=CharField())
    counted = SupportRequest.objects.filter(_on_the_whole(asked)).annotate(kind=unnested).order_by().values("kind").annotate(
        all=Count("case", distinct=True),
        this=Count("case", distinct=True, filter=Q(case__fiscal_year=this.year)),
        last=Count("case", distinct=True, filter=Q(case__fiscal_year=last.year)),
    )  # fmt: skip
    found = {row["kind"]: row for row in counted}
    rows = [
        [Cell(str(kind.label)), *(Cell(f"{found[kind][name]:,}", number=True) for name in ("this", "last", "all"))]
        for kind in SupportKind
        if kind in found
    ]
    heads = [_("Kind of support"), layout.year_label(this), layout.year_label(last), _("All years")]
    return Section(_("Kinds of support"), heads, rows, _("No requests yet."))


def hours(asked: Asked) -> Section:
    """Hours of work of each office on these requests, as far as the reader sees the entries."""
    this, last = _years(asked)
    own = asked.cases.values("pk")
    entries = WorkEntry.objects.visible_to(asked.reader.scope).filter(Q(case__in=own) | Q(case__parent__in=own))
    counted = list(entries.order_by().values("author").annotate(
        all=Sum("hours"), this=Sum("hours", filter=_days_of(this)), last=Sum("hours", filter=_days_of(last)),
    ).order_by("-all", "author"))  # fmt: skip
    offices = Organisation.objects.in_bulk([row["author"] for row in counted])
    rows = [
        [Cell(str(offices[row["author"]])), *(Cell(_hours(row[name]), number=True) for name in ("this", "last", "all"))]
        for row in counted
    ]
    heads = [_("Office"), layout.year_label(this), layout.year_label(last), _("All years")]
    return Section(_("Hours of work"), heads, rows, _("No work was logged that you may see."))


def _days_of(year: FiscalYear) -> Q:
    return Q(day__gte=year.first_day, day__lte=year.last_day)


def _hours(amount: Decimal | None) -> str:
    return number_format(amount or Decimal(0), decimal_pos=1, use_l10n=True)


def reports(asked: Asked) -> Section:
    """The newest reports of the offices."""
    sent = OfficeReport.objects.visible_to(asked.reader.scope).filter(_on_the_whole(asked), sent_at__isnull=False)
    newest = sent.select_related("case", "office").order_by("-sent_at", "-pk")[:REPORTS]
    rows = [
        [Cell(in_words(tokyo_date(each.sent_at))), Cell(f"{each.case.number} {each.case.title}", path_of(each.case) + "#report"),
         Cell(str(each.office)), Cell(each.get_outcome_display())]
        for each in newest
        if each.sent_at
    ]  # fmt: skip
    heads = [_("Sent"), _("Request"), _("Office"), _("Outcome")]
    return Section(pgettext("sent by offices", "Reports"), heads, rows, _("No report yet."), (3, 6, 3, 2))


declare("offices.kinds", kinds, order=20)
declare("offices.hours", hours, order=50)
declare("offices.reports", reports, order=60)
