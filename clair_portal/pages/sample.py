"""Sample data of the demo: invented people at real organisations, and requests that were really filed and moved.

Everything here is a sample and says so; nothing of it exists outside DEMO=1.
"""

from __future__ import annotations

import datetime as dt
import functools

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from clair_portal.accounts.models import Person, Posting, Role, User
from clair_portal.accounts.reader import Reader, reader_of
from clair_portal.casework.models import Case
from clair_portal.casework.services import add_file, add_note, perform
from clair_portal.network.models import Organisation
from clair_portal.pages.sample_people import PASSWORD, PEOPLE, SamplePerson
from clair_portal.walls.scope import acting
from offices import services


@transaction.atomic
def load(now: dt.datetime) -> int:
    """Makes what is missing of the sample; returns how many people were made."""
    made = sum(_person(sample, now) for sample in PEOPLE)
    if made:
        _cases(now)
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


def _reader(key: str, now: dt.datetime) -> Reader:
    user = User.objects.get(email=f"{key}@sample.example")
    reader = reader_of(user.pk, timezone.localdate(now))
    assert reader is not None
    return reader


def _move(case: Case, key: str, by: str, now: dt.datetime, **given: object) -> None:
    actor = _reader(by, now)
    with acting(actor.scope):
        perform(case, key, actor=actor, now=now, **given)  # type: ignore[arg-type]


def _cases(now: dt.datetime) -> None:
    """Two requests: Otaru's study visit is with its branch, Sapporo's is being worked on in London."""
    first = _draft("otaru", "運河と倉庫の保存活用に関する視察(見本)", ["GB"], now)
    _move(first, "file", "otaru", now)
    second = _draft("sapporo", "冬季の公共交通に関する視察(見本)", ["GB"], now)
    _move(second, "file_directly", "sapporo", now)
    _move(
        second,
        "refer",
        "hq",
        now,
        offices=[Organisation.objects.get(code="LON")],
        owner=Organisation.objects.get(code="LON"),
    )
    _move(second, "accept", "london", now)
    second.refresh_from_db()
    actor = _reader("london", now)
    with acting(actor.scope):
        body = "訪問先の候補を2か所にしぼりました。日程が決まりしだいお知らせします。"
        add_note(second, body=body, shared=True, actor=actor, now=now)


def _draft(key: str, title: str, countries: list[str], now: dt.datetime) -> Case:
    actor = _reader(key, now)
    first_day = timezone.localdate(now) + dt.timedelta(days=120)
    with acting(actor.scope):
        case = services.begin_request(title=title, actor=actor, now=now)
        values = {
            "title": title, "division": "企画課", "kinds": ["appointment"], "contact": actor.name_as_written,
            "countries": countries, "party": 5,
            "purpose": "先進事例を調べ、市の計画に生かします。", "wanted": "訪問先の紹介とアポイントメントの取付け",
            "starts_on": first_day, "ends_on": first_day + dt.timedelta(days=3),
        }  # fmt: skip
        services.save_draft(case, values=values)
        paper = SimpleUploadedFile("質問票.txt", "1. 建物の所有と管理\n2. 費用の分担\n3. 市民の参加\n".encode())
        add_file(case, paper, actor=actor, now=now)
    return case
