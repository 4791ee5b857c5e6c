from __future__ import annotations

from django.apps import AppConfig


class LanguageConfig(AppConfig):
    name = "clair_portal.language"
    label = "language"
