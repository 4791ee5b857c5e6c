"""Taking files in and handing them out."""

from __future__ import annotations

import hashlib
import logging
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from clair_portal.documents.models import Check, StoredFile
from clair_portal.documents.scanning import scan
from clair_portal.documents.sniffing import Refused, safe_name, sniff
from clair_portal.walls.counting import counted
from clair_portal.walls.scope import current_scope

DAY = 24 * 3600
log = logging.getLogger("portal.documents")


@dataclass(frozen=True)
class Received:
    """A file that passed: what a StoredFile row needs."""

    name: str
    media_type: str
    size: int
    sha256: str
    key: str
    check_state: Check

    def fields(self) -> dict[str, object]:
        return dict(vars(self))


def inspect(upload: UploadedFile) -> tuple[str, bytes, str, Check]:
    """Name, content as stored, media type and virus check of an upload. Raises Refused with a sentence; stores nothing."""
    name = safe_name(upload.name or "")
    if (upload.size or 0) > settings.DOCUMENT_MAX_BYTES:
        most = settings.DOCUMENT_MAX_BYTES // (1024 * 1024)
        raise Refused(_("The file is larger than %(most)s MB."), most=most)
    upload.seek(0)
    sniffed = sniff(name, upload.read())
    verdict = scan(sniffed.content)
    if verdict == Check.INFECTED:
        raise Refused(_("The virus check refused this file."))
    return name, sniffed.content, sniffed.media_type, verdict


def receive(upload: UploadedFile) -> Received:
    """Checks an upload and puts it into the private storage under a random name. Raises Refused.

    The key belongs into a row of a StoredFile: what no such row names is removed after a day (keeping.sweep_orphans).
    """
    _within_the_days_share(upload.size or 0)
    name, content, media_type, verdict = inspect(upload)
    token = secrets.token_hex(16)
    key = storages["documents"].save(f"{token[:2]}/{token}", ContentFile(content))
    return Received(name, media_type, len(content), hashlib.sha256(content).hexdigest(), key, verdict)


def _within_the_days_share(size: int) -> None:
    """One person cannot fill the storage: so much a day (Tokyo), counted in the cache as other limits are."""
    scope = current_scope()
    if scope is None or scope.person is None:
        return
    key = f"documents.sent.{scope.person}.{timezone.localdate():%Y%m%d}"
    if not counted(key, size, settings.DOCUMENT_DAILY_BYTES, DAY):
        most = settings.DOCUMENT_DAILY_BYTES // (1024 * 1024)
        raise Refused(_("You have sent %(most)s MB of files today, which is the most for one day."), most=most)


def scan_again(file: StoredFile) -> bool:
    """For files in quarantine, once the scanner answers again. True: the state changed."""
    with storages["documents"].open(file.key) as stored:
        verdict = scan(stored.read())
    if verdict == Check.QUARANTINED:
        return False
    file.check_state = verdict
    file.save(update_fields=["check_state"])
    if verdict == Check.INFECTED:
        transaction.on_commit(lambda: storages["documents"].delete(file.key))
    return True


def hand_out(file: StoredFile) -> FileResponse:
    """The download of a file the caller has found through visible_to(): attached, never shown in the page's origin.

    Raises PermissionDenied for a file that still waits for the virus check, or that it refused; Http404 for one whose
    content is gone from the storage, which is logged.
    """
    if not file.may_be_read:
        raise PermissionDenied(_("This file still waits for the virus check. Try again in a few minutes."))
    if not storages["documents"].exists(file.key):
        log.error("the content of a file is gone: %s", file.key)
        raise Http404
    return attached(file.key, file.name, file.media_type)


def attached(key: str, name: str, media_type: str) -> FileResponse:
    """The download of what the portal keeps under `key`, called `name`. Raises Http404 where it is gone."""
    if not storages["documents"].exists(key):
        raise Http404
    response = FileResponse(
        storages["documents"].open(key), as_attachment=True, filename=name, content_type=media_type or None
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def made_now(content: bytes, name: str, media_type: str) -> HttpResponse:
    """The download of a file that was made for this request alone and is kept nowhere."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["Cache-Control"] = "private, no-store"
    return response
