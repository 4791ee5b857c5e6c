from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SupportKind(TextChoices):
    """What an office can be asked for. Source: the kinds seen in the offices' own reports (docs/data-sources.md)."""

    APPOINTMENT = "appointment", _("introducing places to visit, making appointments")
    BRIEFING = "briefing", _("briefing, information service")
    EXCHANGE_OF_VIEWS = "exchange_of_views", _("exchange of views")
    ACCOMPANIMENT = "accompaniment", _("accompaniment")
    FACILITIES = "facilities", _("lending of facilities, satellite desk")
    PEOPLE_ON_SITE = "people_on_site", _("people on site (interpreters and others)")
    PLANNING = "planning", _("planning help and advice before the trip")
    PROMOTION = "promotion", _("exhibition, booth, test marketing")
    TRADE = "trade", _("trade talks, retail fairs")
    ATTENDANCE = "attendance", _("attendance at conferences and fairs")
    MISSION = "mission", _("youth, school and sports missions")
    SISTER_TIES = "sister_ties", _("sister-city search, mediation, anniversaries")
    PARTNER_REQUEST = "partner_request", _("request from a partner city abroad")
    MARKET_RESEARCH = "market_research", _("market research")


class Interpreter(TextChoices):
    NOT_NEEDED = "not_needed", _("not needed")
    OWN = "own", _("we bring or hire our own")
    WANTED = "wanted", _("we would like the office to introduce one")
    OPEN = "open", _("not decided yet")


class CostItem(TextChoices):
    INTERPRETER = "interpreter", _("interpreter")
    TRANSPORT = "transport", _("transport on site")
    VENUE = "venue", _("venue and equipment")
    GIFTS = "gifts", _("gifts and hospitality")
    OTHER = "other", _("other costs")


class CostBearer(TextChoices):
    REQUESTER = "requester", _("requester")
    OFFICE = "office", _("overseas office")
    HOST = "host", _("host")
    OPEN = "open", _("to be agreed")


class PreconditionCheck(TextChoices):
    """What a precondition looks at."""

    ASK = "ask", _("question in the form")
    NOTE = "note", _("advice")
    WEEKEND = "weekend", _("a day on a weekend")
    HOLIDAY = "holiday", _("a holiday of the country")
    FIXED_DATES = "fixed_dates", _("dates that cannot be moved")
    TOPICS = "topics", _("more questions than the number")
    QUESTION_SHEET = "question_sheet", _("no question sheet")
    NOTICE = "notice", _("fewer days ahead than the number")
    FIELDS = "fields", _("more chosen fields of exchange than the number")
    LUNCH = "lunch", _("an entry of the itinerary in the lunch hours")


class WorkKind(TextChoices):
    """What an office did for a request."""

    APPOINTMENT = "appointment", _("appointment made")
    BRIEFING = "briefing", _("briefing")
    ACCOMPANIMENT = "accompaniment", _("accompaniment")
    ENQUIRY = "enquiry", _("enquiry")
    FACILITY = "facility", _("facility lent")
    OTHER = "other", _("other work")


class Outcome(TextChoices):
    ACHIEVED = "achieved", _("as wished")
    PARTLY = "partly", _("in part")
    NOT_ACHIEVED = "not_achieved", _("not possible")


class ForeignKind(TextChoices):
    """What a local government abroad asks for. Source: tasks of the offices (docs/data-sources.md, activity support)."""

    INFORMATION = "information", _("information on Japanese local government")
    INTRODUCTION = "introduction", _("introduction to a Japanese local government")
    SISTER_TIES = "sister_ties", _("search for a sister city in Japan")
    STUDY_VISIT = "study_visit", _("study visit to Japan")
    SPEAKER = "speaker", _("speaker or participant for an event")
    OTHER = "other", _("something else")


class LetterKind(TextChoices):
    REPLY = "reply", _("message")
    WITHDRAWAL = "withdrawal", _("withdrawal")
    LINK = "link", _("a new link is asked for")
