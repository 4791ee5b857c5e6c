from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Kind(TextChoices):
    """Kinds of organisation. A branch (支部) is not a body of its own: it is the prefecture or designated city itself."""

    HEADQUARTERS = "headquarters", _("headquarters")
    DIVISION = "division", _("division of headquarters")
    OFFICE = "office", _("overseas office")
    PREFECTURE = "prefecture", _("prefecture")
    DESIGNATED_CITY = "designated_city", _("designated city")
    CITY = "city", _("city")
    SPECIAL_WARD = "special_ward", _("special ward")
    TOWN = "town", _("town")
    VILLAGE = "village", _("village")
    ASSOCIATION = "association", _("association")
    SCHOOL = "school", _("school or board of education")
    UNIVERSITY = "university", _("university")
    ASSEMBLY = "assembly", _("assembly")
    PORT_AUTHORITY = "port_authority", _("port authority")
    MINISTRY = "ministry", _("ministry")
    NGO = "ngo", _("non-governmental organisation")
    FOREIGN_LOCAL_GOVERNMENT = "foreign_local_government", _("local government abroad")


BRANCH_KINDS = frozenset({Kind.PREFECTURE, Kind.DESIGNATED_CITY})
LOCAL_GOVERNMENT_KINDS = BRANCH_KINDS | {Kind.CITY, Kind.SPECIAL_WARD, Kind.TOWN, Kind.VILLAGE}
HEADQUARTERS_KINDS = frozenset({Kind.HEADQUARTERS, Kind.DIVISION})
MEMBER_KINDS = frozenset(Kind) - HEADQUARTERS_KINDS - {Kind.OFFICE}


class SuccessionKind(TextChoices):
    MERGER = "merger", _("merger")
    RENAMING = "renaming", _("renaming")
    CHANGE_OF_STATUS = "change_of_status", _("change of status")
    DIVISION = "division", _("division")


class Topic(TextChoices):
    """Fields of exchange (交流分野), the same words for requests, research, projects and publications."""

    ADMINISTRATION = "administration", _("public administration")
    FINANCE = "finance", _("public finance and taxation")
    EDUCATION = "education", _("education and youth")
    CULTURE = "culture", _("culture and arts")
    SPORTS = "sports", _("sports")
    ECONOMY = "economy", _("industry and trade")
    TOURISM = "tourism", _("tourism")
    AGRICULTURE = "agriculture", _("agriculture and food")
    HEALTH = "health", _("health and welfare")
    ENVIRONMENT = "environment", _("environment and energy")
    DISASTER = "disaster", _("disaster prevention and fire service")
    TRANSPORT = "transport", _("transport and urban development")
    MULTICULTURALISM = "multiculturalism", _("multiculturalism")
    SISTER_TIES = "sister_ties", _("sister and friendship ties")
    OTHER = "other", _("other field")
