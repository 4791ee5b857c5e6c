"""Hosts for the search over everything."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode

from clair_portal.accounts.reader import Reader
from clair_portal.casework.search import Found, Item
from clair_portal.contacts.models import Host


def hosts(reader: Reader, text: str, shown: int) -> Found:
    if not reader.can("contacts.read"):
        return Found([])
    found = (
        Host.objects.visible_to(reader.scope).going_on().named(text).select_related("country").order_by("name", "pk")
    )
    rows = list(found[: shown + 1])
    items = [
        Item(
            row.name,
            reverse("host", args=[row.pk]),
            " ".join(filter(None, [row.local_name, row.city, str(row.country)])),
        )
        for row in rows[:shown]
    ]
    return Found(items, f"{reverse('hosts')}?{urlencode({'q': text})}" if len(rows) > shown else "")
