"""People the pages are asked for by."""

from __future__ import annotations

from django.utils import timezone

from clair_portal.accounts.models import Person, Posting, Role, User
from clair_portal.accounts.reader import Reader, reader_of
from clair_portal.network.models import Organisation


def person(name: str, code: str, role: str) -> Reader:
    """The reader bench-`name`, from now on posted to that organisation alone."""
    user, made = User.objects.get_or_create(email=f"bench-{name}@example.org", defaults={"sample": True})
    if made:
        Person.objects.create(user=user, name=name, email=user.email)
    someone = Person.objects.get(user=user)
    Posting.objects.filter(person=someone).delete()
    Posting.objects.create(
        person=someone, organisation=Organisation.objects.get(code=code), role=Role.objects.get(code=role),
        starts_on="2020-04-01",
    )  # fmt: skip
    found = reader_of(user.pk, timezone.localdate())
    assert found is not None
    return found
