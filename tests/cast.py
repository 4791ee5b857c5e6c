"""One cast for all tests: the same people and places everywhere, so that a reader knows them after one file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import SimpleNamespace

from clair_portal.accounts.models import Person, Posting, Role, User
from clair_portal.accounts.reader import Reader, reader_of
from clair_portal.network.enums import Kind
from clair_portal.network.models import Country, Jurisdiction, Organisation

PASSWORD = "correct horse battery"
TODAY = dt.date(2026, 11, 24)
NOW = dt.datetime(2026, 11, 24, 1, 0, tzinfo=dt.UTC)  # Tuesday 10:00 in Tokyo

MEMBER_KINDS = [Kind.PREFECTURE, Kind.DESIGNATED_CITY, Kind.CITY, Kind.TOWN, Kind.SCHOOL]
ROLES = {
    "member_officer": (["cases.file"], MEMBER_KINDS),
    "branch_officer": (["cases.file", "cases.pass_on"], [Kind.PREFECTURE, Kind.DESIGNATED_CITY]),
    "organisation_administrator": (
        ["cases.file", "cases.pass_on", "cases.manage", "organisation.administer"],
        MEMBER_KINDS,
    ),
    "hq_officer": (
        [
            "approvals.take_part",
            "cases.triage",
            "contacts.read",
            "gatherings.host",
            "network.edit",
            "publications.prepare",
            "publications.release",
            "translations.manage",
            "translations.read",
            "translations.review",
            "translations.translate",
        ],
        [Kind.HEADQUARTERS, Kind.DIVISION],
    ),
    "hq_administrator": (
        [
            "approvals.take_part",
            "approvals.manage",
            "cases.triage",
            "cases.manage",
            "contacts.read",
            "gatherings.host",
            "network.edit",
            "organisation.administer",
            "outbox.manage",
            "log.read",
            "publications.prepare",
            "publications.release",
            "translations.manage",
            "translations.read",
            "translations.review",
            "translations.translate",
        ],
        [Kind.HEADQUARTERS, Kind.DIVISION],
    ),
    "office_officer": (
        [
            "cases.work",
            "contacts.read",
            "gatherings.host",
            "publications.prepare",
            "translations.read",
            "translations.review",
            "translations.translate",
        ],
        [Kind.OFFICE],
    ),
    "office_administrator": (
        [
            "cases.work",
            "cases.manage",
            "contacts.read",
            "gatherings.host",
            "organisation.administer",
            "publications.prepare",
            "translations.read",
            "translations.review",
            "translations.translate",
        ],
        [Kind.OFFICE],
    ),
}
# key: kind, code, Japanese, English, branch, zone, calendar
PLACES = {
    "hq": (Kind.HEADQUARTERS, "HQ", "東京本部", "Tokyo headquarters", None, "Asia/Tokyo", "HQ"),
    "hokkaido": (Kind.PREFECTURE, "010006", "北海道", "Hokkaido", None, "Asia/Tokyo", "HQ"),
    "osaka_prefecture": (Kind.PREFECTURE, "270008", "大阪府", "Osaka Prefecture", None, "Asia/Tokyo", "HQ"),
    "otaru": (Kind.CITY, "012033", "小樽市", "Otaru", "hokkaido", "Asia/Tokyo", "HQ"),
    "hakodate": (Kind.CITY, "012025", "函館市", "Hakodate", "hokkaido", "Asia/Tokyo", "HQ"),
    "sapporo": (Kind.DESIGNATED_CITY, "011002", "札幌市", "Sapporo", None, "Asia/Tokyo", "HQ"),
    "osaka": (Kind.DESIGNATED_CITY, "271004", "大阪市", "Osaka", None, "Asia/Tokyo", "HQ"),
    "sakai": (Kind.DESIGNATED_CITY, "271403", "堺市", "Sakai", None, "Asia/Tokyo", "HQ"),
    "london": (Kind.OFFICE, "LON", "ロンドン事務所", "London office", None, "Europe/London", "LON"),
    "newyork": (Kind.OFFICE, "NYC", "ニューヨーク事務所", "New York office", None, "America/New_York", "NYC"),
    "paris": (Kind.OFFICE, "PAR", "パリ事務所", "Paris office", None, "Europe/Paris", "PAR"),
}
Row = tuple[str, str, str | None, str | None, str]
# key: name, Latin name, place, role, language
PEOPLE: dict[str, Row] = {
    "hq_officer": ("早川 みお", "Mio Hayakawa", "hq", "hq_officer", "ja"),
    "hq_approver": ("高瀬 亮", "Ryo Takase", "hq", "hq_administrator", "ja"),
    "otaru": ("岩倉 はる", "Haru Iwakura", "otaru", "member_officer", "ja"),
    "otaru_administrator": ("西村 圭", "Kei Nishimura", "otaru", "organisation_administrator", "ja"),
    "hakodate": ("五十嵐 透", "Toru Igarashi", "hakodate", "member_officer", "ja"),
    "hokkaido": ("森下 拓", "Taku Morishita", "hokkaido", "branch_officer", "ja"),
    "sapporo": ("藤田 葵", "Aoi Fujita", "sapporo", "branch_officer", "ja"),
    "osaka": ("中川 陸", "Riku Nakagawa", "osaka", "branch_officer", "ja"),
    "london": ("佐伯 悠", "Yu Saeki", "london", "office_officer", "ja"),
    "london_local": ("Alice Brown", "Alice Brown", "london", "office_administrator", "en"),
    "newyork": ("David Chen", "David Chen", "newyork", "office_officer", "en"),
    "leaver": ("去年 いた人", "Last Year", "osaka", "branch_officer", "ja"),
    "nobody": ("所属 なし", "No Posting", None, None, "ja"),
}


def make_cast(password: str | None = None) -> SimpleNamespace:
    """Places, roles, people with postings since April 2026 (the leaver's ended in March), and jurisdictions.

    `password`: given, the people can sign in by form; hashing costs time, so most tests go without.
    """
    cast = SimpleNamespace(places={}, people={}, users={})
    _make_places(cast)
    roles = [
        Role(code=code, name_ja=code, name_en=code, rights=rights, kinds=kinds)
        for code, (rights, kinds) in ROLES.items()
    ]
    names = ["name", "name_ja", "name_en", "rights", "kinds"]
    Role.objects.bulk_create(roles, update_conflicts=True, unique_fields=["code"], update_fields=names)
    _make_people(cast, PEOPLE, password)
    return cast


def _make_places(cast: SimpleNamespace) -> None:
    for branches_first in (True, False):  # a town names the row of its branch
        made = {
            key: Organisation(
                kind=kind, code=code, name_ja=ja, name_en=en, branch=cast.places.get(branch), time_zone=zone, calendar=calendar
            )
            for key, (kind, code, ja, en, branch, zone, calendar) in PLACES.items()
            if (branch is None) == branches_first
        }  # fmt: skip
        for place in made.values():
            place.search_text = place.folded_names()
        Organisation.objects.bulk_create(made.values())
        cast.places |= made
    countries = (
        ("GB", "GBR", "イギリス", "United Kingdom", "london"),
        ("US", "USA", "アメリカ", "United States", "newyork"),
        ("FR", "FRA", "フランス", "France", "paris"),
        ("MN", "MNG", "モンゴル", "Mongolia", None),
    )
    rows = [Country(code=code, alpha3=alpha3, name_ja=ja, name_en=en) for code, alpha3, ja, en, _office in countries]
    Country.objects.bulk_create(rows)
    Jurisdiction.objects.bulk_create(
        Jurisdiction(office=cast.places[office], country=row, source="test")
        for row, (*_names, office) in zip(rows, countries, strict=True)
        if office
    )


def make_person(
    cast: SimpleNamespace,
    key: str,
    name: str,
    latin: str,
    place: str | None,
    role: str | None,
    language: str,
    password: str | None,
) -> None:
    _make_people(cast, {key: (name, latin, place, role, language)}, password)


def _make_people(cast: SimpleNamespace, people: Mapping[str, Row], password: str | None) -> None:
    """One statement for each table: nearly every test begins with it."""
    users = {key: User(email=f"{key}@example.org", sample=True) for key in people}
    for user in users.values():
        user.set_password(password) if password else user.set_unusable_password()
    User.objects.bulk_create(users.values())
    persons = {
        key: Person(user=users[key], name=name, name_latin=latin, language=language, email=users[key].email)
        for key, (name, latin, _place, _role, language) in people.items()
    }
    for person in persons.values():
        person.search_text = person.folded_names()
    Person.objects.bulk_create(persons.values())
    Posting.objects.bulk_create(
        Posting(
            person=persons[key], organisation=cast.places[place], role_id=role,
            starts_on=dt.date(2024 if key == "leaver" else 2026, 4, 1),
            ends_on=dt.date(2026, 3, 31) if key == "leaver" else None,
        )
        for key, (_name, _latin, place, role, _language) in people.items()
        if place and role
    )  # fmt: skip
    cast.users |= users
    cast.people |= persons


def reader(cast: SimpleNamespace, key: str, on: dt.date = TODAY) -> Reader:
    """The person as a view sees them."""
    found = reader_of(cast.users[key].pk, on)
    assert found is not None
    return found
