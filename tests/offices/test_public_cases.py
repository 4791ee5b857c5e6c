"""Real cases of the offices' public reports: closed, with their source, counted in their year, found when a new one is like them."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import translation

from clair_portal.calendars.fiscal import FiscalYear
from clair_portal.casework.models import Case, Referral
from clair_portal.casework.moments import NOT_KNOWN
from clair_portal.casework.presentation import why_of
from clair_portal.casework.similar import similar_to
from clair_portal.network.models import Claim, Organisation
from clair_portal.reports.tables import TABLES, TOTAL, count_cells
from clair_portal.walls.roles import OFFICE
from clair_portal.walls.scope import SYSTEM_SCOPE, Scope, acting
from offices.models import SupportRequest
from offices.reference import public_cases

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def reference(db: None) -> None:
    call_command("load_reference", verbosity=0)


def test_twenty_cases_are_loaded_once_with_their_sources() -> None:
    assert public_cases.load_cases() == "0 added"
    cases = Case.objects.filter(origin="public_report")
    assert (cases.count(), cases.filter(state="closed").count()) == (20, 20)
    assert all(case.source.startswith("https://") for case in cases)
    assert cases.filter(fiscal_year=None).count() == 3
    matsue = cases.get(number="公-0020")
    assert (str(matsue.applicant.name_ja), matsue.branch.name_ja, matsue.fiscal_year) == ("松江市", "島根県", 2023)
    assert Referral.objects.get(case=matsue).office.code == "NYC"
    assert SupportRequest.objects.get(case__number="公-0017").party == 26
    assert cases.get(number="公-0003").fiscal_year == 2012  # February 2013


def test_no_report_says_when_a_request_was_filed_or_closed_and_an_invented_day_goes() -> None:
    cases, dates = Case.objects.filter(origin="public_report"), ("filed_at", "closed_at", "moved_at", "created_at")
    assert set(cases.values_list(*dates)) == {(NOT_KNOWN,) * 4}
    cases.filter(number="公-0001").update(**dict.fromkeys(dates, dt.datetime(2012, 11, 19, tzinfo=dt.UTC)))
    public_cases.load_cases()
    assert set(cases.values_list(*dates)) == {(NOT_KNOWN,) * 4}
    first = SupportRequest.objects.get(case__number="公-0001")
    assert (first.starts_on, first.ends_on) == (dt.date(2012, 11, 19), dt.date(2012, 12, 14))


def test_a_public_report_counts_in_its_year_and_in_no_month() -> None:
    everybody: Any = SimpleNamespace(scope=SYSTEM_SCOPE)
    with acting(SYSTEM_SCOPE):
        found = {
            key: count_cells(TABLES[key], everybody, FiscalYear(2012))[TOTAL, TOTAL]
            for key in ("offices.by_kind", "offices.by_month", "cases.by_month")
        }
    assert (found["offices.by_kind"]["requests"], found["offices.by_month"]["requests"]) == (3, 0)
    assert found["cases.by_month"]["count"] == 0


def test_why_the_year_is_known_is_said_in_the_language_of_the_reader() -> None:
    said: dict[str, set[str]] = {}
    for language in ("ja", "en"):
        with translation.override(language):
            found = Referral.objects.filter(case__origin="public_report").select_related("case")
            said[language] = {why_of(each.case, each.why) for each in found}
    assert said["ja"] == {
        "年は報告に書かれています。", "年は、報告に書かれた曜日から求めました。",
        "年は、報告のページにあるほかの記事から求めました。", "報告に年は書かれていません。",
    }  # fmt: skip
    assert "The year follows from what else stands on the page of the report." in said["en"]
    assert len(said["en"]) == 4


def test_bodies_outside_the_network_are_added_with_their_kind() -> None:
    kinds = dict(Organisation.objects.filter(code__startswith="PR-").values_list("name_ja", "kind"))
    assert kinds["那覇港管理組合"] == "port_authority"
    assert kinds["茗溪学園高等学校"] == "school"
    assert kinds["鹿児島県市長会"] == "association"


def test_published_counts_stand_as_claims_and_other_years_stay_empty() -> None:
    counts = Claim.objects.filter(subject__endswith=public_cases.COUNTS)
    london = counts.filter(organisation__code="LON").order_by("claim").values_list("claim", "value", "as_of")
    assert list(london) == [("activity support", "85", "2018"), ("commissioned research", "13", "2018")]
    seoul = counts.filter(organisation__code="SEL").order_by("as_of").values_list("as_of", "value")
    assert list(seoul) == [("2013", "46"), ("2014", "42"), ("2015", "35"), ("2020", "7"), ("2021", "10"), ("2022", "9")]
    assert counts.filter(as_of="2019").count() == 0


# What the office that works there sees: everything it shares a word with, at most three, the most alike first.
SIMILAR = [
    ("中学生の海外研修で事務所を訪問", ["AU"], ["education"], ["公-0009", "公-0008", "公-0011"]),
    ("高校生の研修旅行と事務所訪問", ["AU"], ["education"], ["公-0011", "公-0010", "公-0009"]),
    ("クルーズ船誘致とウォーターフロント", ["AU"], ["transport"], ["公-0012", "公-0005", "公-0004"]),
    ("救急医療と病院の視察", ["AU"], ["health"], ["公-0006"]),
    ("食文化の催しで県産品を紹介", ["AU"], ["agriculture"], ["公-0007"]),
    ("姉妹都市の訪問前ブリーフィング", ["AU"], ["sister_ties"], ["公-0004", "公-0002", "公-0012"]),
    ("スポーツ交流の覚書", ["AU"], ["sports"], ["公-0015", "公-0014", "公-0002"]),
    ("旅行業者向けの観光セミナー", ["AU"], ["tourism"], ["公-0016"]),
    ("都市の広報行事", ["US"], ["tourism"], ["公-0020"]),
    ("貿易協定と経済について市長が学ぶ", ["AU"], ["economy"], ["公-0005", "公-0003", "公-0002"]),
]


def test_a_new_request_finds_the_former_cases_like_it() -> None:
    """One load of the whole network serves all ten. The other office sees none of them."""
    offices = dict(Organisation.objects.filter(code__in=["SYD", "NYC"]).values_list("code", "pk"))
    for title, countries, topics, numbers in SIMILAR:
        own = "NYC" if countries == ["US"] else "SYD"
        for code, office in offices.items():
            scope = Scope(OFFICE, organisations=(office,))
            with acting(scope):
                found = [each.case.number for each in similar_to([title], countries, topics, scope)]
            if code == own:
                assert found == numbers, title
            else:
                assert not {"公-0020" if own == "NYC" else numbers[0]} & set(found), title
