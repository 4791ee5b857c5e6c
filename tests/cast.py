"""One cast for all tests: the same people and places everywhere, so that a reader knows them after one file."""

from __future__ import annotations

import datetime as dt
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
# key: name, Latin name, place, role, language
PEOPLE = {
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
    for code, (rights, kinds) in ROLES.items():
        Role.objects.update_or_create(
            code=code, defaults={"name_ja": code, "name_en": code, "rights": rights, "kinds": kinds}
        )
    for key, (name, latin, place, role, language) in PEOPLE.items():
        make_person(cast, key, name, latin, place, role, language, password)
    return cast


def _make_places(cast: SimpleNamespace) -> None:
    for key, (kind, code, ja, en, branch, zone, calendar) in PLACES.items():
        cast.places[key] = Organisation.objects.create(
            kind=kind,
            code=code,
            name_ja=ja,
            name_en=en,
            branch=cast.places.get(branch),
            time_zone=zone,
            calendar=calendar,
        )
    for code, alpha3, ja, en, office in (
        ("GB", "GBR", "イギリス", "United Kingdom", "london"),
        ("US", "USA", "アメリカ", "United States", "newyork"),
        ("FR", "FRA", "フランス", "France", "paris"),
        ("MN", "MNG", "モンゴル", "Mongolia", None),
    ):
        country = Country.objects.create(code=code, alpha3=alpha3, name_ja=ja, name_en=en)
        if office:
            Jurisdiction.objects.create(office=cast.places[office], country=country, source="test")


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
    user = User(email=f"{key}@example.org", sample=True)
    user.set_password(password) if password else user.set_unusable_password()
    user.save()
    person = Person.objects.create(user=user, name=name, name_latin=latin, language=language, email=user.email)
    cast.users[key], cast.people[key] = user, person
    if place and role:
        ends_on = dt.date(2026, 3, 31) if key == "leaver" else None
        starts_on = dt.date(2024, 4, 1) if key == "leaver" else dt.date(2026, 4, 1)
        Posting.objects.create(
            person=person, organisation=cast.places[place], role_id=role, starts_on=starts_on, ends_on=ends_on
        )


def reader(cast: SimpleNamespace, key: str, on: dt.date = TODAY) -> Reader:
    """The person as a view sees them."""
    found = reader_of(cast.users[key].pk, on)
    assert found is not None
    return found
