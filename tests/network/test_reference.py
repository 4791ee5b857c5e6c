from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command

from clair_portal.accounts.models import Person, Role
from clair_portal.calendars.models import Era, Holiday
from clair_portal.language.codes import check_digit
from clair_portal.network.enums import Kind
from clair_portal.network.models import Claim, Country, Jurisdiction, Language, Organisation
from clair_portal.walls.roles import HEADQUARTERS
from clair_portal.walls.scope import Scope, acting

pytestmark = pytest.mark.django_db


def load() -> str:
    said = StringIO()
    call_command("load_reference", stdout=said)
    return said.getvalue()


def test_an_empty_database_receives_everything(reference: str) -> None:
    assert "organisations: 1801 added, 0 changed" in reference
    assert "jurisdictions: 37 added, 0 changed" in reference
    assert Organisation.objects.filter(kind=Kind.PREFECTURE).count() == 47
    assert Organisation.objects.filter(kind=Kind.DESIGNATED_CITY).count() == 20
    municipalities = [Kind.DESIGNATED_CITY, Kind.CITY, Kind.SPECIAL_WARD, Kind.TOWN, Kind.VILLAGE]
    assert Organisation.objects.filter(kind__in=municipalities).count() == 1741
    assert Organisation.objects.filter(kind=Kind.SPECIAL_WARD).count() == 23
    assert set(Organisation.objects.offices().values_list("code", flat=True)) == {
        "NYC", "LON", "PAR", "SIN", "SEL", "SYD", "BJS",
    }  # fmt: skip
    assert Organisation.objects.filter(kind=Kind.DIVISION, parent__code="HQ").count() == 5
    assert Country.objects.count() == 249
    assert Country.objects.filter(jurisdictions__isnull=False).distinct().count() == 37
    assert Era.objects.count() == 5
    assert Holiday.objects.filter(calendar="LON", date="2026-12-25").exists()


def test_there_are_17_language_versions(reference: str) -> None:
    versions = set(Language.objects.filter(version=True).values_list("code", flat=True))
    assert versions == {
        "ja", "ja-simple", "en", "zh-hans", "zh-hant", "ko", "vi", "ne", "id", "my", "fil", "pt", "es", "th", "fr", "de", "ru",
    }  # fmt: skip


def test_every_code_of_a_local_government_has_its_check_digit(reference: str) -> None:
    codes = Organisation.objects.filter(country="JP", code__regex=r"^\d{6}$").values_list("code", flat=True)
    assert len(codes) == 1788
    assert [code for code in codes if code[5] != check_digit(code[:5])] == []


def test_every_municipality_has_its_prefecture_as_branch_and_a_designated_city_none(reference: str) -> None:
    others = [Kind.CITY, Kind.SPECIAL_WARD, Kind.TOWN, Kind.VILLAGE]
    rows = list(Organisation.objects.filter(kind__in=others).select_related("branch"))
    assert len(rows) == 1721
    assert all(
        row.branch and row.branch.kind == Kind.PREFECTURE and row.branch.code[:2] == row.code[:2] for row in rows
    )
    assert Organisation.objects.filter(kind=Kind.DESIGNATED_CITY).exclude(branch=None).count() == 0
    assert Organisation.objects.get(code="012033").branch.name_ja == "北海道"
    assert Organisation.objects.get(code="011002").parent.name_ja == "北海道"


def test_headquarters_says_where_its_address_is_from(reference: str) -> None:
    headquarters = Organisation.objects.headquarters()
    assert headquarters.name_ja == "自治体国際化協会 東京本部"
    assert headquarters.name_en == "CLAIR Tokyo headquarters"
    assert headquarters.telephone == "03-5213-1730"
    assert headquarters.source == "CLAIR brochure, undated"


def test_an_office_has_its_clock_its_calendar_and_its_local_name(reference: str) -> None:
    london = Organisation.objects.get(code="LON")
    assert (london.time_zone, london.calendar, london.country_id) == ("Europe/London", "LON", "GB")
    assert london.local_name == "Japan Local Government Centre"
    assert london.working_languages == ["en", "ja"]
    assert london.address == ""


@pytest.mark.parametrize(
    ("country", "day", "office"),
    [
        ("LK", dt.date(2018, 6, 30), None),
        ("LK", dt.date(2018, 7, 1), "SIN"),
        ("JM", dt.date(2021, 7, 31), None),
        ("JM", dt.date(2021, 8, 1), "NYC"),
        ("TT", dt.date(2021, 7, 31), None),
        ("TT", dt.date(2021, 8, 1), "NYC"),
        ("GB", dt.date(1995, 1, 1), "LON"),
        ("BR", dt.date(2026, 11, 24), None),
    ],
)
def test_a_country_has_the_office_of_the_day(reference: str, country: str, day: dt.date, office: str | None) -> None:
    found = Jurisdiction.objects.office_for(country, day)
    assert (found.code if found else None) == office


def test_new_york_and_london_opened_in_two_years_each_with_its_sources(reference: str) -> None:
    opened = Claim.objects.filter(claim="opened")
    assert set(opened.filter(organisation__code="NYC").values_list("value", flat=True)) == {"1988", "1989"}
    assert set(opened.filter(organisation__code="LON").values_list("value", flat=True)) == {"1988", "1989"}
    assert not opened.filter(source="").exists()


def test_what_a_source_calls_unknown_stays_unknown(reference: str) -> None:
    assert Claim.objects.get(subject="CLAIR", claim="budget").value == "unknown"
    assert Claim.objects.get(subject="CLAIR", claim="number of staff").unknown


def test_roles_have_names_in_two_languages_and_their_rights(reference: str) -> None:
    assert Role.objects.count() == 8
    officer = Role.objects.get(code="hq_officer")
    assert (officer.name_ja, officer.name_en) == ("本部担当者", "Headquarters officer")
    assert officer.rights == [
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
    ]
    assert Role.objects.get(code="branch_officer").kinds == ["designated_city", "prefecture"]
    assert Role.objects.get(code="office_administrator").name_ja == "所長"


def test_a_second_load_changes_nothing(reference: str) -> None:
    said = load()
    assert "organisations: 0 added, 0 changed" in said
    assert "claims: 0 added" in said
    assert "roles: 0 added" in said


def test_a_row_a_person_changed_stays_as_it_is(reference: str) -> None:
    person = Person.objects.create(name="早川 みお")
    headquarters = Organisation.objects.headquarters()
    with acting(Scope(HEADQUARTERS, person.pk, None, (headquarters.pk,))):
        otaru = Organisation.objects.get(code="012033")
        otaru.website = "https://otaru.example.org/"
        otaru.save()
    load()
    assert Organisation.objects.get(code="012033").website == "https://otaru.example.org/"


def test_a_row_nobody_changed_follows_the_files(reference: str) -> None:
    Organisation.objects.filter(code="012025").update(kana="まちがい", address="東雲町4-13")
    assert "organisations: 0 added, 1 changed" in load()
    hakodate = Organisation.objects.get(code="012025")
    assert hakodate.kana == "はこだてし"
    assert hakodate.address == "東雲町4-13"


def test_a_search_text_that_is_wrong_is_mended_even_where_a_person_changed_the_row(reference: str) -> None:
    Organisation.objects.filter(code="012033").update(search_text="")
    load()
    assert Organisation.objects.named("おたる").get().code == "012033"


def test_a_jurisdiction_that_was_ended_does_not_come_back(reference: str) -> None:
    Jurisdiction.objects.filter(country="LK").update(ends_on=dt.date(2026, 3, 31))
    load()
    assert Jurisdiction.objects.filter(country="LK").count() == 1
    assert Jurisdiction.objects.office_for("LK", dt.date(2026, 4, 1)) is None


def test_the_rights_of_a_role_stay_as_headquarters_set_them(reference: str) -> None:
    Role.objects.filter(code="local_staff").update(rights=[])
    load()
    assert Role.objects.get(code="local_staff").rights == []
