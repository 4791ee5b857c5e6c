"""What the public search calls the pages of this app and of gatherings, which stands beside the search and may not know it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from clair_portal.search.kinds import Kind, declare


def declare_kinds() -> None:
    declare(
        Kind("office", _("Overseas offices"), ("/offices/",), 70, 15),
        Kind("story", _("Stories"), ("/stories/",), 50, 30),
        Kind("research", _("Research results"), ("/research/",), 50, 40),
        Kind("event", _("Events"), ("/events/",), 45, 50),
        Kind("call", _("Calls for participants"), ("/calls/",), 45, 60),
    )
