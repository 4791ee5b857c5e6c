"""Projects for the search over everything."""

from __future__ import annotations

from django.urls import reverse
from django.utils.http import urlencode

from clair_portal.accounts.reader import Reader
from clair_portal.casework.search import Found, Item
from clair_portal.projects.enums import BADGES
from clair_portal.projects.project_list import source


def projects(reader: Reader, text: str, shown: int) -> Found:
    rows = list(source(reader).named(text).order_by("-state_on", "-pk")[: shown + 1])
    items = [
        Item(str(row), reverse("project", args=[row.pk]), str(row.office), BADGES.get(row.state))
        for row in rows[:shown]
    ]
    return Found(items, f"{reverse('projects')}?{urlencode({'q': text})}" if len(rows) > shown else "")
