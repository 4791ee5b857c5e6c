"""Publishing a yearly count as something that is approved (決裁): needed where a route of approval holds for it."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clair_portal.accounts.reader import Reader
from clair_portal.approvals import services
from clair_portal.approvals.kinds import Content, Fact, Kind, Paper, register
from clair_portal.calendars.eras import in_words
from clair_portal.calendars.fiscal import FiscalYear, tokyo_date
from clair_portal.publishing.services import RELEASE
from clair_portal.reports import layout, numbers, snapshots
from clair_portal.reports.collections import COLLECTIONS
from clair_portal.reports.models import Snapshot

PUBLISH = "reports.snapshot.publish"
SUBJECT = "reports.snapshot"


def content(subject_id: str) -> Content | None:
    """What becomes public: the totals of each table, the hash of all numbers, and the files."""
    snapshot = Snapshot.objects.filter(pk=subject_id).first()
    if snapshot is None or snapshot.collection not in COLLECTIONS:
        return None
    year = layout.year_label(FiscalYear(snapshot.year))
    facts = [
        Fact("year", gettext_lazy("Fiscal year"), year),
        Fact("edition", gettext_lazy("Edition"), str(snapshot.edition)),
        Fact("counted", gettext_lazy("Counted on"), in_words(tokyo_date(snapshot.counted_at))),
        Fact("numbers", gettext_lazy("Hash of all numbers (SHA-256)"), snapshot.sha256),
    ]
    for grid in snapshots.grids_in(snapshot):
        totals = [
            f"{leaf.measure.title} {numbers.written(cell)}"
            for leaf, cell in zip(grid.leaves, grid.foot, strict=True) if leaf.is_total
        ]  # fmt: skip
        facts.append(Fact(f"total {grid.table.key}", grid.table.title, ", ".join(totals)))
    return Content(f"{COLLECTIONS[snapshot.collection].title} {year}", tuple(facts), _papers(snapshot))


def _papers(snapshot: Snapshot) -> tuple[Paper, ...]:
    return tuple(
        Paper(name, kept["sha256"], kept["size"], reverse("snapshot_file", args=[snapshot.pk, *name.split(".")]))
        for name, kept in sorted(snapshot.files.items())
    )  # fmt: skip


def may_draft(subject_id: str, reader: Reader) -> str:
    """Empty, or the sentence why not."""
    snapshot = Snapshot.objects.visible_to(reader.scope).filter(pk=subject_id).first()
    if snapshot is None:
        return _("There is no such yearly count for you.")
    if snapshot.published_at:
        return _("This edition is public already.")
    return "" if reader.can(RELEASE) else _("Your posting does not give you the right to do this.")


def objection(snapshot: Snapshot, actor: Reader, now: dt.datetime) -> str:
    """Nothing, or why it may not be published yet; where no route holds nothing is asked for."""
    return services.refusal(PUBLISH, str(snapshot.pk), actor=actor, now=now)


def carried_out(snapshot: Snapshot, actor: Reader, now: dt.datetime) -> None:
    services.carried_out(PUBLISH, str(snapshot.pk), actor=actor, now=now)


register(
    Kind(
        code=PUBLISH, label=gettext_lazy("Publishing the yearly report"), subject_type=SUBJECT, content=content,
        path=lambda subject_id: reverse("snapshot", args=[subject_id]), may_draft=may_draft,
    )
)  # fmt: skip
snapshots.object_with(objection)
snapshots.when_published(carried_out)
