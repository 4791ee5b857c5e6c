"""The contact book as a declared list."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Max
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clair_portal.accounts.reader import Reader
from clair_portal.calendars.eras import in_words
from clair_portal.casework.enums import Topic
from clair_portal.casework.listing import Column, Filter, Listing, Options, SheetColumn, declare
from clair_portal.contacts.models import Host, HostUse
from clair_portal.contacts.queries import HostQuerySet
from clair_portal.language.words import listed
from clair_portal.network.models import Country


def source(reader: Reader) -> HostQuerySet:
    """Without those merged into another."""
    return Host.objects.visible_to(reader.scope).going_on().select_related("country")


def _countries(reader: Reader, known: object) -> Options:
    there = Host.objects.visible_to(reader.scope).values("country")
    return [(country.code, str(country)) for country in Country.objects.filter(pk__in=there).order_by("name", "code")]


FILTERS = (
    Filter("q", _("Name, city, or what it is good for"), lambda rows, values, reader: rows.named(values[0]), look="text"),
    Filter("country", _("Country"), lambda rows, values, reader: rows.filter(country=values[0]), _countries, look="select"),
    Filter("topic", pgettext_lazy("of exchange", "Field"),
           lambda rows, values, reader: rows.filter(topics__overlap=values), lambda reader, known: Topic.choices, look="select"),
)  # fmt: skip


def _name(host: Host) -> SafeString:
    local = format_html('<br><span class="muted">{}</span>', host.local_name) if host.local_name else ""
    return format_html('<a href="/desk/hosts/{}/">{}</a>{}', host.pk, host.name, local)


def _last_used(hosts: Sequence[Host], reader: Reader, known: object) -> dict[int, str]:
    uses = HostUse.objects.visible_to(reader.scope).filter(host__in=[host.pk for host in hosts]).order_by()
    return {row["host"]: in_words(row["day"]) for row in uses.values("host").annotate(day=Max("day"))}


COLUMNS = (
    Column("host", _("Host"), html=_name, sort="name", head=True, sheet=(
        SheetColumn(_("Host"), lambda host: host.name, 36), SheetColumn(_("Local name"), lambda host: host.local_name, 28),
    )),
    Column("country", _("Country"), lambda host: str(host.country), width=16),
    Column("city", _("City"), lambda host: host.city, width=18),
    Column("good_for", _("Good for"), lambda host: host.good_for, width=50),
    Column("topics", pgettext_lazy("of exchange", "Field"), lambda host: listed(host.topic_names), shown=False, width=26),
    Column("last", _("Last used"), gather=_last_used, width=18),
    Column("website", _("Website"), lambda host: host.website, shown=False, width=36),
    Column("telephone", _("Telephone"), lambda host: host.telephone, shown=False, width=18),
    Column("notes", _("Notes"), lambda host: host.notes, shown=False, width=50),
)  # fmt: skip

HOSTS = declare(
    Listing(
        key="hosts", path="/desk/hosts/", title=_("Contact book"), columns=COLUMNS, filters=FILTERS, source=source,
        rows=lambda hosts, reader, now: list(hosts), order="host",
    )
)  # fmt: skip
