"""Paper of an approval. How it is printed is registered further up; this app says what is on it."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable, Sequence

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import translation
from django.utils.translation import gettext as _

from clair_portal.approvals.drawing import Stamp
from clair_portal.approvals.models import Approval, ApprovalDocument
from clair_portal.documents.models import Check

# approval, stamps (none for the document that is frozen), language, time printed on it
Printer = Callable[[Approval, Sequence[Stamp], str, dt.datetime], bytes]
PRINTERS: list[Printer] = []


def register(printer: Printer) -> None:
    """Called in ready(), once."""
    PRINTERS[:] = [printer]


def printed(approval: Approval, stamps: Sequence[Stamp], language: str, at: dt.datetime) -> bytes:
    """PDF of what was frozen, with these stamps."""
    with translation.override(language):
        return PRINTERS[0](approval, stamps, language, at)


def sha256(document: bytes) -> str:
    return hashlib.sha256(document).hexdigest()


def keep(approval: Approval, document: bytes, now: dt.datetime) -> ApprovalDocument:
    """Puts the frozen document into the private storage. Nothing in it came from outside, so no scanner is asked."""
    token = secrets.token_hex(16)
    key = storages["documents"].save(f"{token[:2]}/{token}", ContentFile(document))
    with translation.override(approval.language):
        name = f"{_('Document for approval')} {approval.title[:60].replace('/', ' ')}.pdf"
    row = ApprovalDocument(
        approval=approval, name=name, media_type="application/pdf", size=len(document), key=key, check_state=Check.CLEAN,
        sha256=sha256(document), uploaded_at=now, uploaded_by=approval.drafted_by,
    )  # fmt: skip
    row.save(force_insert=True)
    return row


def is_as_kept(document: ApprovalDocument) -> bool:
    """Whether the stored file still has the hash it was kept with."""
    with storages["documents"].open(document.key) as stored:
        return sha256(stored.read()) == document.sha256
