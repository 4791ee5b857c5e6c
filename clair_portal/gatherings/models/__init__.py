"""What the app keeps, by what it is about."""

from __future__ import annotations

from clair_portal.gatherings.models.calls import Application, Call
from clair_portal.gatherings.models.events import Event, Series
from clair_portal.gatherings.models.materials import Material
from clair_portal.gatherings.models.places import Booking, Place
from clair_portal.gatherings.models.programme import Partner, ProgrammeItem, Speaker
from clair_portal.gatherings.models.questionnaire import AnswerSheet, Question
from clair_portal.gatherings.models.registrations import Registration

__all__ = [
    "AnswerSheet",
    "Application",
    "Booking",
    "Call",
    "Event",
    "Material",
    "Partner",
    "Place",
    "ProgrammeItem",
    "Question",
    "Registration",
    "Series",
    "Speaker",
]
