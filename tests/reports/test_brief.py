"""The brief of an organisation: one page of what was done for it, in the reader's part, and the same on paper."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from pypdf import PdfReader

from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Case
from clair_portal.casework.services import take_on
from clair_portal.network.models import Organisation
from clair_portal.reports import brief
from clair_portal.walls.scope import acting
from offices.work.services import log_work
from tests.casework.travel import case_in
from tests.cast import NOW, reader
from tests.questions import questions
from tests.reports.test_pdf import words

Browse = Callable[..., Any]


@pytest.fixture
def helped(cast: SimpleNamespace) -> SimpleNamespace:
    """Otaru: one request closed with a report of London, one in progress there, one in triage."""
    for state in ("closed", "in_progress", "triage"):
        case = case_in(cast, state)
        if state == "in_progress":
            actor = reader(cast, "london")
            with acting(actor.scope):
                take_on(case, Holder.OFFICE, actor=actor, now=NOW)
                for shared, hours in ((True, "2"), (False, "1.5")):
                    log_work(case, kind="enquiry", day=dt.date(2026, 11, 20), hours=Decimal(hours), summary="Asked",
                             shared=shared, actor=actor, now=NOW)  # fmt: skip
    return cast


def sections(cast: SimpleNamespace, who: str, of: str = "otaru") -> dict[str, list[list[str]]]:
    actor = reader(cast, who)
    with translation.override("en"), acting(actor.scope):
        found = brief.sections(brief.asked(cast.places[of], actor, NOW))
        return {str(section.title): [[cell.text for cell in row] for row in section.rows] for section in found}


def test_headquarters_reads_years_kinds_offices_hours_and_reports(helped: SimpleNamespace) -> None:
    found = sections(helped, "hq_officer")
    assert found["Requests by year"] == [["FY2026 (Reiwa 8)", "3", "2"]]
    assert found["Kinds of support"] == [["introducing places to visit, making appointments", "3", "0", "3"]]
    assert [row[:3] for row in found["Open requests"]] == [
        ["R8-支-0003", "Canals and warehouses", "HQ triage"], ["R8-支-0002", "Canals and warehouses", "In progress"],
    ]  # fmt: skip
    assert found["Offices"] == [["London office", "2"]]
    assert found["Hours of work"] == [["London office", "3.5", "0.0", "3.5"]]
    assert [row[1:3] for row in found["Reports"]] == [["R8-支-0001 Canals and warehouses", "London office"]]
    assert found["People in charge"] == [["Yu Saeki", "London office", "1"]]


def test_an_office_reads_its_own_part(helped: SimpleNamespace) -> None:
    assert sections(helped, "london")["Requests by year"] == [["FY2026 (Reiwa 8)", "2", "1"]]
    assert all(rows == [] for rows in sections(helped, "newyork").values())


def test_the_town_and_its_branch_read_it_without_internal_work(helped: SimpleNamespace) -> None:
    for who in ("otaru", "hokkaido"):
        assert sections(helped, who)["Hours of work"] == [["London office", "2.0", "0.0", "2.0"]], who


def test_a_branch_has_what_its_municipalities_filed(helped: SimpleNamespace) -> None:
    assert sections(helped, "hq_officer", of="hokkaido")["Requests by year"] == [["FY2026 (Reiwa 8)", "3", "2"]]
    assert sections(helped, "hq_officer", of="sapporo")["Requests by year"] == []


@pytest.mark.parametrize(
    ("who", "of", "status"),
    [
        ("hq_officer", "otaru", 200), ("london", "otaru", 200), ("otaru", "otaru", 200), ("hokkaido", "otaru", 200),
        ("sapporo", "otaru", 404), ("hakodate", "otaru", 404), ("otaru", "hokkaido", 404), ("hq_officer", "london", 404),
    ],
)  # fmt: skip
def test_who_has_a_brief(helped: SimpleNamespace, browse: Browse, who: str, of: str, status: int) -> None:
    pk = helped.places[of].pk
    assert browse(who).get(f"/desk/organisations/{pk}/brief/").status_code == status
    linked = f"/desk/organisations/{pk}/brief/" in browse(who).get(reverse("organisation", args=[pk])).content.decode()
    assert linked == (status == 200)


def test_the_numbers_of_the_page_open_the_list(helped: SimpleNamespace, browse: Browse) -> None:
    client, pk = browse("london_local"), helped.places["otaru"].pk
    page = client.get(f"/desk/organisations/{pk}/brief/").content.decode()
    assert f'href="/desk/cases/?applicant={pk}&amp;year=2026">2</a>' in page
    opened = client.get(f"/desk/cases/?applicant={pk}&year=2026").content.decode()
    assert "2 in the list" in opened
    assert "Requester: Otaru" in opened


def test_the_numbers_of_a_body_without_a_code_open_its_own_requests(helped: SimpleNamespace, browse: Browse) -> None:
    """Its name is a part of that of another one."""
    garden = Organisation.objects.create(kind="association", name_ja="園芸協会", name_en="Gardeners")
    other = Organisation.objects.create(kind="association", name_ja="北海道園芸協会", name_en="Gardeners of Hokkaido")
    cases = list(Case.objects.order_by("pk"))
    for case, body in zip(cases, (garden, other, other), strict=True):
        Case.objects.filter(pk=case.pk).update(applicant=body)
    client = browse("london_local")
    page = client.get(f"/desk/organisations/{garden.pk}/brief/").content.decode()
    links = re.findall(r'<a href="(/desk/cases/\?[^"]*)"[^>]*>(\d+)', page)
    assert [number for _address, number in links] == ["1", "1"]  # of the year, and of the office; nothing is open
    for address, number in links:
        opened = client.get(address.replace("&amp;", "&")).content.decode()
        assert f"<b>{number} in the list</b>" in opened, address


def test_a_branch_without_a_code_has_numbers_without_a_list(helped: SimpleNamespace) -> None:
    Organisation.objects.filter(pk=helped.places["hokkaido"].pk).update(code=None)
    helped.places["hokkaido"].refresh_from_db()
    for who, urls in (
        ("hq_officer", {""}),
        ("hokkaido", {"/desk/cases/?year=2026", "/desk/cases/?show=open&year=2026"}),
    ):
        actor = reader(helped, who)
        with translation.override("en"), acting(actor.scope):
            (row,) = brief.by_year(brief.asked(helped.places["hokkaido"], actor, NOW)).rows
        assert {cell.url for cell in row[1:]} == urls, who


@pytest.mark.parametrize(
    ("who", "named"), [("otaru", True), ("hokkaido", True), ("sapporo", False), ("hakodate", False)]
)
def test_a_list_is_narrowed_by_a_body_whose_brief_one_may_read(
    helped: SimpleNamespace, browse: Browse, who: str, named: bool
) -> None:
    pk = helped.places["otaru"].pk
    assert ("小樽市" in chips(browse(who), f"applicant={pk}")) == named
    for odd in ("x", "0", "9" * 30):
        assert chips(browse(who), f"applicant={odd}") == ""


def chips(client: Any, query: str) -> str:
    """What the list says it is narrowed by."""
    return " ".join(str(chip["label"]) for chip in client.get(f"/desk/cases/?{query}").context["chips"])


def test_the_brief_on_paper_says_the_same(helped: SimpleNamespace, browse: Browse) -> None:
    response = browse("london_local").get(f"/desk/organisations/{helped.places['otaru'].pk}/brief.pdf")
    assert response["Content-Type"] == "application/pdf"
    text = words(PdfReader(io.BytesIO(response.content)))
    for said in (
        "Brief: Otaru",
        "as London office sees them",
        "FY2026 (Reiwa 8)",
        "R8-支-0002",
        "Hours of work",
        "3.5",
    ):
        assert said in text, said


def test_the_brief_asks_the_same_for_few_and_many_requests(helped: SimpleNamespace, browse: Browse) -> None:
    path = f"/desk/organisations/{helped.places['otaru'].pk}/brief/"
    before = len(questions(browse("hq_officer"), path))
    for _ in range(8):
        case_in(helped, "in_progress")
    assert len(questions(browse("hq_officer"), path)) == before
    assert before <= 16
