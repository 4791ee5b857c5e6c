from __future__ import annotations

from django.apps import AppConfig


class JetConfig(AppConfig):
    name = "jet"
    label = "jet"
