from __future__ import annotations

import datetime as dt

from clair_portal.casework.models import CaseFile
from clair_portal.documents.models import Check
from clair_portal.documents.services import scan_again


def scan_waiting(now: dt.datetime) -> None:
    """Schedule: papers that wait for the scanner are scanned once it answers again."""
    for paper in CaseFile.objects.filter(check_state=Check.QUARANTINED).order_by("uploaded_at")[:20]:
        if not scan_again(paper):
            return
