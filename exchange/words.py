"""Words for what sources say of international exchange."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clair_portal.language.cldr import later, territory

LABELS: dict[str, Promise] = {
    "activities": _("exchange activities"),
    "activities of prefectures": _("exchange activities of prefectures"),
    "activities of municipalities": _("exchange activities of municipalities"),
    "active local governments": _("local governments with activities"),
    "active prefectures": _("prefectures with activities"),
    "active municipalities": _("municipalities with activities"),
    "partner countries and regions as reported": _("partner countries and regions, as reported"),
    "prefectures spending 50 million yen or more": _("prefectures that spent 50 million yen or more"),
    "administration": _("administration"),
    "education": _("education"),
    "economy": _("economy"),
    "culture": _("culture"),
    "sport": _("sport"),
    "health and welfare": _("health and welfare"),
    "host town": _("host town"),
    **{code: later(territory, code) for code in ("AU", "BR", "CN", "DE", "FR", "KR", "TH", "TW", "US", "VN")},
}
