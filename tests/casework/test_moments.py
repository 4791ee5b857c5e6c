"""A public report does not tell when a request was filed: nothing shows a day for it, and only such a case may be without one."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import translation

from clair_portal.casework.api_serializers import CaseSerializer
from clair_portal.casework.case_list import CASES, COLUMNS
from clair_portal.casework.listing import asked_of
from clair_portal.casework.models import Case
from clair_portal.casework.moments import NOT_KNOWN, known
from clair_portal.casework.presentation import rows_of
from clair_portal.reports import case_file
from clair_portal.reports.case_file import _moment
from clair_portal.walls.scope import acting
from offices.models import SupportRequest
from tests.cast import NOW, reader

DATED = dict.fromkeys(("created_at", "filed_at", "moved_at", "closed_at"), NOW)
UNDATED = dict.fromkeys(DATED, NOT_KNOWN)


def report(cast: SimpleNamespace, number: str, **more: Any) -> Case:
    return Case.objects.create(
        kind="offices.support", title=number, number=number, applicant=cast.places["otaru"], branch=cast.places["hokkaido"],
        state="closed", holder="nobody", **{"origin": "public_report", **more},
    )  # fmt: skip


@pytest.fixture
def undated(cast: SimpleNamespace) -> Case:
    return report(cast, "公-0099", **UNDATED)


def test_a_list_says_not_known_and_its_file_is_empty_there(cast: SimpleNamespace, undated: Case) -> None:
    report(cast, "公-0001", fiscal_year=2024, **DATED)
    actor = reader(cast, "hq_officer")
    with acting(actor.scope), translation.override("en"):
        rows = {row.case.number: row for row in rows_of(Case.objects.for_list(), actor, NOW)}
        days = [column for column in COLUMNS if column.key in ("filed", "moved", "closed")]
        assert [str(column.html(rows["公-0099"])) for column in days] == ["not known"] * 3  # type: ignore[misc]
        assert [column.value(rows["公-0099"]) for column in days] == [None] * 3  # type: ignore[misc]
        assert "2026-11-24" in str(days[0].html(rows["公-0001"]))  # type: ignore[misc]
        newest_first = asked_of(CASES, QueryDict("sort=-filed"), actor).page().rows
        assert [case.number for case in newest_first] == ["公-0001", "公-0099"]


def test_no_page_names_a_year_for_it(undated: Case, browse: Callable[..., Any]) -> None:
    client = browse("hq_officer", accept_language="en")
    page = client.get("/desk/cases/?columns=case&columns=filed&columns=moved&columns=closed").text
    assert page.count("不明") >= 3
    for shown in (page, client.get(f"/desk/cases/{undated.pk}/").text, client.get("/desk/search/?q=公-0099").text):
        assert "1970" not in shown


def test_programs_get_null_and_the_pdf_says_it(cast: SimpleNamespace, undated: Case) -> None:
    fields = CaseSerializer().fields
    assert [fields[name].get_attribute(undated) for name in DATED] == [None] * 4
    with translation.override("en"):
        actor = reader(cast, "hq_officer")
        SupportRequest.objects.create(case=undated)
        with acting(actor.scope):
            paper = dict(case_file.content(actor, case_file.params_of(undated))["blocks"][0]["rows"])
        assert (paper["Filed"], paper["Closed on"]) == ("not known", "not known")
        assert [_moment(each) for each in (None, NOW)] == ["–", "24 Nov 2026 10:00"]
    assert (known(NOW), known(None)) == (NOW, None)


@pytest.mark.parametrize("wrong", [{"origin": "portal"}, {"origin": "foreign_form"}])
def test_nothing_else_may_be_without_a_day(cast: SimpleNamespace, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="case_day_not_known_only_of_a_report"), transaction.atomic():
        report(cast, "公-0098", **{**UNDATED, **wrong})
