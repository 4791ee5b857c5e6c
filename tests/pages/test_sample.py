"""The sample data of the demo: loaded once, and a demo of an earlier release starts again with it."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.core.management import call_command
from django.utils import timezone

from clair_portal.accounts.models import Person, User
from clair_portal.approvals.models import Approval
from clair_portal.casework.models import Case
from clair_portal.pages import sample
from clair_portal.reports.models import Snapshot


@pytest.mark.django_db
def test_a_demo_of_an_earlier_release_gets_its_new_people_and_keeps_what_was_done() -> None:
    call_command("load_reference", verbosity=0)
    assert sample.load(timezone.now()) == len(sample.PEOPLE)
    cases, counts = Case.objects.count(), Snapshot.objects.count()
    assert (cases > 30, counts, Approval.objects.count()) == (True, 2, 1)
    for model in (User, EmailAddress, Person):
        model.objects.filter(email="hq.director@sample.example").update(email="before@sample.example")
    assert sample.load(timezone.now()) == 1
    assert (Case.objects.count(), Snapshot.objects.count(), Approval.objects.count()) == (cases, 2, 1)
    assert sample.load(timezone.now()) == 0
