"""What the schedule does with calls: closes them, tells every organisation its result once, forgets names in time."""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from clair_portal.audit.services import record
from clair_portal.gatherings.calling import SIDE
from clair_portal.gatherings.enums import CallState, Outcome
from clair_portal.gatherings.models import Application, Call
from clair_portal.gatherings.rules import APPLY, HOST
from clair_portal.network.services import names
from clair_portal.outbox.claiming import database_is_lost
from clair_portal.outbox.services import Post, tell

log = logging.getLogger("portal.gatherings")
AT_ONCE = 200
OFF, MOVED_UP = "off", "moved_up"
RESULTS = (Outcome.SELECTED, Outcome.RESERVE, Outcome.NOT_SELECTED)


def run(now: dt.datetime) -> None:
    """Schedule: one turn. The clock of the database closes what is over; an application that fails is tried again."""
    Call.objects.filter(state=CallState.OPEN, closes_at__lt=Now()).update(state=CallState.CLOSED)
    for application in _untold()[:AT_ONCE]:
        try:
            with transaction.atomic():
                _tell(application)
        except Exception as error:
            if database_is_lost(error):
                raise
            log.exception("application %s could not be told; tried again in the next turn", application.pk)


def forget(now: dt.datetime) -> None:
    """Every night: the people of an application are forgotten after their time; that the organisation applied stays."""
    before = now - dt.timedelta(days=settings.RETENTION_DAYS["registration"])
    Application.objects.filter(call__closes_at__lt=before).exclude(contact="").update(
        contact="", email="", names="", reason=""
    )


def _untold() -> QuerySet[Application]:
    off = Q(call__state=CallState.CANCELLED, state=Outcome.SENT) & ~Q(told=OFF)
    result = Q(call__state=CallState.DECIDED, state__in=RESULTS) & ~Q(told=F("state"))
    return Application.objects.filter(off | result).select_related("call", "organisation").order_by("call", "lot")


def _tell(application: Application) -> None:
    call = application.call
    news = OFF if call.state == CallState.CANCELLED else application.state
    said = MOVED_UP if (application.told, news) == (Outcome.RESERVE, Outcome.SELECTED) else news
    words = {"title": call.titles, "number": str(application.reserve or "")}
    tell(
        f"gatherings.application.{said}", application, posts=[Post(application.organisation_id, APPLY)], params=words,
        path=f"/desk/calls/{call.pk}/", occasion=said,
    )  # fmt: skip
    if said == MOVED_UP:
        who = {"title": call.titles, "organisation": names(application.organisation)}
        tell(
            "gatherings.call.moved_up", application, posts=[Post(call.organisation_id, HOST)], params=who,
            path=f"/desk/calls/{call.pk}/applications/", occasion=said,
        )  # fmt: skip
        record("gatherings.application.moved_up", application, side=SIDE, title=call.titles)
    Application.objects.filter(pk=application.pk).update(told=news)
