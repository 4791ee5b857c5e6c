from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "clair_portal.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from clair_portal.accounts import access, checks  # noqa: F401
