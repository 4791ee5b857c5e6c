"""Invitations an administrator keeps, declared."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.accounts.models import Invitation
from clair_portal.accounts.reader import Reader
from clair_portal.calendars.eras import in_words
from clair_portal.casework.listing import Column, Filter, Listing, SheetColumn, declare
from clair_portal.network.models import Organisation
from clair_portal.staffing.inviting import RIGHT
from clair_portal.ui.components.marks import badge
from clair_portal.walls.roles import HEADQUARTERS

BADGES = {
    "open": (pgettext_lazy("invitation", "open"), "wait", 2),
    "used": (pgettext_lazy("invitation", "used"), "done", 4),
    "expired": (pgettext_lazy("invitation", "expired"), "late", 0),
    "revoked": (pgettext_lazy("invitation", "revoked"), "stop", 0),
}


def kept_by(reader: Reader) -> QuerySet[Invitation]:
    """Those the reader administers: of the chosen organisation; headquarters all."""
    rows = Invitation.objects.visible_to(reader.scope).select_related("organisation", "role")
    if not reader.can(RIGHT):
        return rows.none()
    return rows if reader.scope.role == HEADQUARTERS else rows.filter(organisation=reader.scope.organisation)


def _words(rows: QuerySet[Invitation], values: list[str], reader: Reader) -> QuerySet[Invitation]:
    said = values[0]
    return rows.filter(Q(email__icontains=said) | Q(name__icontains=said) | Q(name_latin__icontains=said))


def _in_state(rows: QuerySet[Invitation], values: list[str], reader: Reader) -> QuerySet[Invitation]:
    now = timezone.now()
    waiting = Q(used_at=None, revoked_at=None)
    states = {
        "open": waiting & Q(expires_at__gt=now), "expired": waiting & Q(expires_at__lte=now),
        "used": Q(used_at__isnull=False), "revoked": Q(used_at=None, revoked_at__isnull=False),
    }  # fmt: skip
    asked = Q(pk__in=[])
    for value in values:
        asked |= states[value]
    return rows.filter(asked)


def _of(rows: QuerySet[Invitation], values: list[str], reader: Reader) -> QuerySet[Invitation]:
    return rows.filter(organisation__in=Organisation.objects.named(values[0]).values("pk"))


FILTERS = (
    Filter("q", _("Name or e-mail address"), _words, look="text"),
    Filter("state", _("State"), _in_state, lambda reader, known: [(key, label) for key, (label, *_rest) in BADGES.items()]),
    Filter("organisation", _("Organisation"), _of, look="text", roles=(HEADQUARTERS,)),
)  # fmt: skip


def _state(row: Invitation) -> SafeString:
    label, tone, fill = BADGES[row.state(timezone.now())]
    return badge(label=label, tone=tone, fill=fill)


def _name(row: Invitation) -> SafeString:
    return format_html(
        '<a href="{}">{}</a><br><span class="muted">{}</span>',
        reverse("invitation", args=[row.pk]),
        row.name,
        row.email,
    )


COLUMNS = (
    Column("name", _("Name"), html=_name, sort="created_at", falling=True, head=True, sheet=(
        SheetColumn(_("Name"), lambda row: row.name, 24), SheetColumn(_("E-mail address"), lambda row: row.email, 32),
    )),
    Column("organisation", _("Organisation"), lambda row: str(row.organisation), width=26),
    Column("role", _("Role"), lambda row: str(row.role), width=24),
    Column("state", _("State"), lambda row: str(BADGES[row.state(timezone.now())][0]), _state),
    Column("until", _("Valid until"), lambda row: row.last_day, lambda row: in_words(row.last_day), sort="expires_at"),
    Column("created", _("Sent on"), lambda row: timezone.localdate(row.created_at),
           lambda row: in_words(timezone.localdate(row.created_at)), shown=False),
)  # fmt: skip

INVITATIONS = declare(
    Listing(
        key="invitations", path="/desk/invitations/", title=_("Invitations"), columns=COLUMNS, filters=FILTERS,
        source=kept_by, rows=lambda found, reader, now: list(found), order="-name",
    )
)  # fmt: skip
