"""Former cases like the one on the page, for the office that has it: what was done then, and why it is alike."""

from __future__ import annotations

from clair_portal.accounts.reader import Reader
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Case
from clair_portal.casework.panels import Panel, register
from clair_portal.walls.roles import OFFICE
from offices.filing.checks import Like, requests_like
from offices.workflow import KIND, PART_KIND


def gather(case: Case, reader: Reader) -> list[Like] | None:
    """None where nobody is about to work: for other sides, other kinds of cases, and while the office does not have the ball."""
    if reader.scope.role != OFFICE or case.holder != Holder.OFFICE or case.kind not in (KIND, PART_KIND):
        return None
    return requests_like(case.title, case.countries, case.topics, reader, but_not=case.pk)


register(Panel("offices/similar_panel.html", lambda cases, scope: cases, gather))
