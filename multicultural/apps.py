from __future__ import annotations

from django.apps import AppConfig


class MulticulturalConfig(AppConfig):
    name = "multicultural"
    label = "multicultural"
