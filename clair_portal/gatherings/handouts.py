"""Adding and removing materials of an event."""

from __future__ import annotations

import datetime as dt

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from clair_portal.accounts.reader import Reader
from clair_portal.audit.services import record
from clair_portal.documents.services import receive
from clair_portal.gatherings.models import Event, Material
from clair_portal.gatherings.rules import must_host


@transaction.atomic
def add_material(event: Event, *, upload: UploadedFile, audience: str, actor: Reader, now: dt.datetime) -> Material:
    """Checked for viruses and stored. Raises documents.Refused with a sentence."""
    must_host(event, actor)
    kept = receive(upload)
    material = Material(event=event, audience=audience, uploaded_at=now, uploaded_by=actor.person, **kept.fields())
    material.save(force_insert=True)
    record("gatherings.material.added", event, actor=actor.signature, title=event.titles, name=material.name)
    return material


@transaction.atomic
def remove_material(material: Material, *, actor: Reader) -> None:
    """The content goes with the next sweep of files that no row names."""
    must_host(material.event, actor)
    event, name = material.event, material.name
    material.delete()
    record("gatherings.material.removed", event, actor=actor.signature, title=event.titles, name=name)
