from __future__ import annotations

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "clair_portal.documents"
    label = "documents"
