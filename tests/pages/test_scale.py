"""Very many invented requests: spread, consistent, without traces, and gone again."""

from __future__ import annotations

import io
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import Count, F, Q

from clair_portal.audit.models import Entry
from clair_portal.casework.models import Case, Note, Referral
from clair_portal.casework.search import keys_of, with_number
from clair_portal.casework.workflow import WORKFLOWS
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from offices.models import SupportRequest
from offices.workflow import KIND
from tests.casework.travel import case_in
from tests.conftest import WebClient


def seed(*arguments: str) -> str:
    out = io.StringIO()
    call_command("seed_scale", *arguments, stdout=out)
    return out.getvalue().splitlines()[-1]


@pytest.fixture
def seeded(cast: SimpleNamespace) -> SimpleNamespace:
    assert seed("--cases", "600") == "600 added"
    return cast


def test_it_fills_up_and_takes_everything_away_again(cast: SimpleNamespace) -> None:
    mine = case_in(cast, "in_progress")
    assert seed("--cases", "40") == "40 added"
    assert seed("--cases", "100") == "60 added"
    assert seed("--cases", "100") == "0 added"
    assert Case.objects.count() == 101
    Note.objects.create(case=Case.objects.latest("pk"), author=cast.places["hq"], side="headquarters", body="x")
    assert seed("--remove") == "100 removed"
    assert list(Case.objects.values_list("pk", flat=True)) == [mine.pk]
    assert (Note.objects.count(), Referral.objects.count(), SupportRequest.objects.count()) == (0, 1, 1)


def test_rows_agree_with_each_other(seeded: SimpleNamespace) -> None:
    cases = Case.objects.all()
    assert cases.aggregate(numbers=Count("number", distinct=True))["numbers"] == 600
    assert SupportRequest.objects.filter(applicant=F("case__applicant"), filed=True).count() == 600
    assert not cases.filter(Q(branch=None) | Q(filed_at=None) | Q(bigrams=[]) | Q(sample=False)).exists()
    assert not cases.filter(closed_at__isnull=False).exclude(holder="nobody").exists()
    assert not cases.filter(state="branch_check", applicant=F("branch")).exists()
    with_office = set(cases.filter(referrals__isnull=False).values_list("state", flat=True))
    assert with_office <= {
        "referred",
        "details_asked",
        "accepted",
        "plan_asked",
        "in_progress",
        "more_asked",
        "reported",
        "closed",
    }
    for case in cases.exclude(holding=None):
        assert str(WORKFLOWS[KIND].state(case.state).holder) == case.holder
    assert cases.values("fiscal_year").distinct().count() >= 12
    assert list(cases.order_by("pk").values_list("filed_at", flat=True)) == sorted(
        cases.values_list("filed_at", flat=True)
    )


def test_they_are_found_by_what_the_portal_itself_writes(seeded: SimpleNamespace) -> None:
    for detail in SupportRequest.objects.select_related("case").order_by("pk")[::40]:
        case = detail.case
        keys = with_number(*keys_of(case.title, None, [detail.purpose]), str(case.number))
        assert (case.search_text, sorted(case.bigrams)) == (keys[0], sorted(keys[1]))


def test_it_leaves_no_log_no_history_and_the_triggers_in_force(seeded: SimpleNamespace) -> None:
    assert Entry.objects.count() == 0
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from casework_caseevent")
        assert cursor.fetchone() == (0,)
        cursor.execute(
            "select count(*) from pg_trigger where tgenabled = 'D' and tgrelid = any (%s::regclass[])",
            [["casework_case", "casework_referral", "offices_supportrequest"]],
        )
        assert cursor.fetchone() == (0,)


def test_they_are_spread_over_places_offices_countries_and_states(seeded: SimpleNamespace) -> None:
    different = {
        name: Case.objects.values(name).distinct().count()
        for name in ("applicant", "branch", "countries", "topics", "state", "fiscal_year")
    }
    least = {"applicant": 3, "branch": 2, "countries": 3, "topics": 12, "state": 8, "fiscal_year": 12}
    assert {name: count for name, count in different.items() if count < least[name]} == {}
    assert Referral.objects.values("office").distinct().count() >= 2
    assert Case.objects.exclude(holder="nobody").count() < 200


def test_pages_show_and_find_them(seeded: SimpleNamespace, browse: Any) -> None:
    client: WebClient = browse("hq_officer")
    assert len(client.get("/desk/cases/").context["lines"]) == 50
    last = Case.objects.latest("pk")
    found = client.get("/desk/cases/", {"q": last.number}).context["lines"]
    assert [line["row"].case.pk for line in found] == [last.pk]
    assert client.get(f"/desk/cases/{last.pk}/").status_code == 200
    by_word = client.get("/desk/cases/", {"q": "図書館の視察"}).context
    assert by_word["total"] == Case.objects.filter(title="図書館の視察(規模見本)").count() > 0


def test_an_office_lists_what_is_referred_to_it(seeded: SimpleNamespace, browse: Any) -> None:
    """Its lists are counted to a hundred."""
    referred = Referral.objects.filter(office=seeded.places["london"])
    london = browse("london")
    assert referred.count() > 100
    assert london.get("/desk/cases/").context["more_than"] == 100
    of_a_year = referred.filter(case__fiscal_year=2025).count()
    assert london.get("/desk/cases/", {"year": "2025"}).context["total"] == of_a_year > 0


def test_the_annual_report_counts_them(seeded: SimpleNamespace, browse: Any) -> None:
    page = browse("hq_officer").get("/desk/statistics/reports/offices.annual/", {"year": "2025"})
    assert page.status_code == 200
    by_office = page.context["shown"]
    assert by_office["grid"].table.key == "offices.by_kind"
    counted = Referral.objects.filter(case__fiscal_year=2025).count()
    assert by_office["grid"].foot[-1].value == counted > 50


def test_only_the_owner_of_the_tables_may(cast: SimpleNamespace) -> None:
    with acting(SYSTEM_SCOPE), pytest.raises(CommandError, match="Run it as the owner of the database"):
        seed("--cases", "10")


def test_it_refuses_outside_the_demo_and_odd_numbers(settings: Any, cast: SimpleNamespace) -> None:
    for odd in ("0", "5000001"):
        with pytest.raises(CommandError, match="Give a number from 1 to 5,000,000"):
            seed("--cases", odd)
    settings.DEMO = False
    for arguments in (["--cases", "10"], ["--remove"]):
        with pytest.raises(CommandError, match="This portal is not a demo"):
            seed(*arguments)
    assert Case.objects.count() == 0
