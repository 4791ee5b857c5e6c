"""Sample data of the demo: invented people at real organisations, and requests that were really filed and moved.

Everything here is a sample and says so; nothing of it exists outside DEMO=1.
"""

from __future__ import annotations

import datetime as dt
import functools

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from clair_portal.accounts.models import Person, Posting, Role, User
from clair_portal.network.models import Organisation
from clair_portal.pages import (
    sample_approvals,
    sample_calls,
    sample_cases,
    sample_counts,
    sample_events,
    sample_foreign,
    sample_lists,
    sample_projects,
    sample_research,
    sample_staff,
    sample_texts,
)
from clair_portal.pages.sample_people import PASSWORD, PEOPLE, SamplePerson

PARTS = (
    sample_cases.load,
    sample_projects.load,
    sample_research.load,
    sample_foreign.load,
    sample_approvals.load,
    sample_counts.load,
    sample_events.load,
    sample_lists.load,
    sample_calls.load,
    sample_staff.load,
    sample_texts.load,
)  # in this order: a later one finds what earlier ones made


@transaction.atomic
def load(now: dt.datetime) -> int:
    """Makes the sample; returns how many people were made. One of an earlier release gets its new people only: what was
    done with it since stays."""
    first = not User.objects.filter(sample=True).exists()
    made = sum(_person(sample, now) for sample in PEOPLE)
    if first:
        for part in PARTS:
            part(now)
    return made


@functools.cache
def _hash() -> str:
    """One slow hash for all sample people."""
    return make_password(PASSWORD)


def _person(sample: SamplePerson, now: dt.datetime) -> bool:
    if User.objects.filter(email=sample.email).exists():
        return False
    user = User.objects.create(email=sample.email, password=_hash(), sample=True)
    EmailAddress.objects.create(user=user, email=sample.email, verified=True, primary=True)
    person = Person.objects.create(
        user=user, name=sample.name, name_latin=sample.latin, kana=sample.kana, email=sample.email, language=sample.language,
        time_zone=sample.zone,
    )  # fmt: skip
    Posting.objects.create(
        person=person, organisation=Organisation.objects.get(code=sample.code), role=Role.objects.get(code=sample.role),
        title=sample.title, starts_on=dt.date(timezone.localdate(now).year - 1, 4, 1),
    )  # fmt: skip
    return True
