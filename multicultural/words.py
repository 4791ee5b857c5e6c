"""Words of the pillar: statistics, nationalities, statuses of residence, chapters, services, what sources say."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from clair_portal.language.cldr import later, territory
from clair_portal.language.versions import cldr

STATISTICS: dict[str, Promise] = {
    "immigration": _("Statistics on foreign residents"),
    "register": _("Basic resident register"),
}
PUBLISHERS: dict[str, Promise] = {
    "immigration": _("Immigration Services Agency"),
    "register": _("Ministry of Internal Affairs and Communications"),
}
# In the order of the statistic; the first two columns together are all.
STATUSES: dict[str, Promise] = {
    "mid_long_term": _("Mid- to long-term residents"),
    "special_permanent_resident": _("Special permanent residents"),
    "permanent_resident": _("Permanent residents"),
    "engineer_humanities_intl": _("Engineer, specialist in humanities, international services"),
    "technical_intern": _("Technical intern training"),
    "student": _("Student"),
    "specified_skilled": _("Specified skilled worker"),
    "dependent": _("Dependent"),
    "long_term_resident": _("Long-term residents"),
    "spouse_of_japanese": _("Spouse or child of a Japanese national"),
    "designated_activities": _("Designated activities"),
    "other_status": _("Other statuses"),
}
EVERY = pgettext_lazy("nationality", "All")
_NATIONALITIES: dict[str, Promise] = {
    "": EVERY,
    "other": pgettext_lazy("nationality", "Other"),
    "chosen": _("Chosen (registered as such, not a country)"),
}

CHAPTERS: dict[int, Promise] = {
    1: _("Residence management and basic resident register"),
    2: _("Status of residence"),
    3: _("Marriage and divorce"),
    4: _("Other notifications"),
    5: _("Work and training"),
    6: _("Medical care"),
    7: _("Pension"),
    8: _("Childbirth and childcare"),
    9: _("Other welfare"),
    10: _("Education"),
    11: _("Learning Japanese"),
    12: _("Taxes"),
    13: _("Housing and moving"),
    14: _("Transport"),
    15: _("Other daily life"),
    16: _("Emergencies and disasters"),
    17: _("Consultation"),
}
GUIDES: dict[str, Promise] = {
    "ISA": _("Guidebook of the Immigration Services Agency"),
    "MIE": _("Guide of Mie Prefecture"),
    "MATSUMOTO": _("Guide of Matsumoto City"),
}
SERVICES: dict[str, Promise] = {
    "living-app-2014": _("CLAIR: living information as an app (2014)"),
    "disaster-signs-2006": _("CLAIR: signs for shelters (2006)"),
    "disaster-mobile-2006": _("CLAIR: disaster information for mobile phones (2006)"),
    "disaster-voice-2006": _("CLAIR: spoken disaster information (2006)"),
    "disaster-signs-later": _("CLAIR: signs for shelters, later edition"),
    "disaster-sheets-2016": _("CLAIR: signs for shelters on the web (since fiscal year 2016)"),
    "child-allowance": _("CLAIR: forms for child allowance"),
    "pointing-board-2020": _("CLAIR: pointing board for shelters (2020)"),
    "isa-survey-2020": _("Immigration Services Agency: survey of residents (fiscal year 2020)"),
    "safety-tips-2020": _("Safety tips app (2020)"),
}
STAGES: dict[str, Promise] = {
    "situation": _("What is happening"),
    "evacuation": _("Getting to safety"),
    "recovery": _("Life in a shelter and afterwards"),
}
_LANGUAGES: dict[str, Promise] = {"ja-easy": _("Plain Japanese"), "ja-ruby": _("Japanese with readings")}


def nationality_name(code: str) -> str:
    return str(_NATIONALITIES[code]) if code in _NATIONALITIES else territory(code)


def language_name(code: str) -> str:
    """As the language of the page calls it; Tagalog and Filipino have one name."""
    if code in _LANGUAGES:
        return str(_LANGUAGES[code])
    known = cldr(get_language()).languages
    return str(known[{"tl": "fil"}.get(code, code).replace("-", "_")])


LABELS: dict[str, Promise] = {
    "local governments funded": _("local governments that receive a grant for a desk"),
    "consultations": _("consultations"),
    "tax": _("tax"),
    "general procedures": _("procedures in general"),
    "insurance and pension": _("social insurance and pension"),
    "immigration": _("immigration procedures"),
    "interpreting and translation": _("interpreting and translation"),
    "Portuguese": later(language_name, "pt"),
    "Japanese": later(language_name, "ja"),
    "English": later(language_name, "en"),
    "Spanish": later(language_name, "es"),
    "too little information in several languages": _("too little information in several languages"),
    "hard to reach the information needed": _("hard to reach the information needed"),
    "too little in plain Japanese": _("too little in plain Japanese"),
    "no difficulty": _("no difficulty"),
    "does not know the public desks and portals (each one)": _(
        "does not know the public desks and portals (for each of them)"
    ),
}
