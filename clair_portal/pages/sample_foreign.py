"""Sample requests of the demo from local governments abroad, as if the public form had sent them; all say 見本."""

from __future__ import annotations

import datetime as dt

from clair_portal.casework.models import Case
from clair_portal.network.models import Organisation
from clair_portal.pages.sample_cases import DAY, move
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from offices.foreign.landing import open_case
from offices.models import ForeignRequest


def load(now: dt.datetime) -> None:
    """In London one has just arrived and one is worked on; one London offered to Paris, and one Paris has accepted."""
    _arrived("Sample Borough Council (見本)", "Study visit on flood walls (sample)", ["study_visit"], now - DAY)
    case = _arrived(
        "Sample District (見本)", "Looking for a sister city by the sea (sample)", ["sister_ties"], now - 6 * DAY
    )
    move(case, "take_up", "london", now - 5 * DAY)
    _offered("Sample Association of Towns (見本)", "Town twinning in two countries (sample)", now - 3 * DAY)
    case = _offered("Sample Old Town (見本)", "Water pipes under old streets (sample)", now - 8 * DAY)
    move(case, "accept", "paris", now - 6 * DAY)


def _offered(government: str, subject: str, now: dt.datetime) -> Case:
    """London offers it to Paris the day after it arrived."""
    case = _arrived(government, subject, ["information"], now)
    why, paris = "The towns lie on both sides of the Channel (sample).", Organisation.objects.get(code="PAR")
    move(case, "offer", "london", now + DAY, reason=why, office=paris)
    return case


def _arrived(government: str, subject: str, kinds: list[str], now: dt.datetime) -> Case:
    with acting(SYSTEM_SCOPE):
        request = ForeignRequest.objects.create(
            office=Organisation.objects.get(code="LON"), country_id="GB", government=government, contact="A. Sample",
            email="abroad@example.org", kinds=kinds, subject=subject, language="en", created_at=now, asked_at=now,
            confirmed_at=now, text="This is a sample: nobody has asked for this. We are about 40,000 people by the sea.",
        )  # fmt: skip
        case = open_case(request, now=now)
    Case.objects.filter(pk=case.pk).update(sample=True)
    case.refresh_from_db()
    return case
