from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    SENT = "sent", pgettext_lazy("of a sheet", "being checked")
    REFUSED = "refused", pgettext_lazy("of a sheet", "could not be read")
    CHECKED = "checked", pgettext_lazy("of a sheet", "checked, nothing changed yet")
    APPLIED = "applied", pgettext_lazy("of a sheet", "changes made")


class Finding(models.TextChoices):
    CHANGE = "change", _("change")
    CONFLICT = "conflict", _("changed by somebody else since")
    ERROR = "error", _("error")
