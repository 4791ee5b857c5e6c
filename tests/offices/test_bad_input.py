"""What arrives too late, twice, too long or out of order: a sentence says what to do, and nothing typed is lost."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.utils import timezone, translation

from clair_portal.casework.models import Case, Note, Referral
from clair_portal.casework.parts import refer_to
from clair_portal.casework.rules import NotAllowed
from clair_portal.walls.scope import acting
from offices.models import Feedback, OfficeReport, ResearchRequest, SupportRequest, WorkEntry
from tests.casework.travel import case_in, draft, step
from tests.cast import NOW, reader
from tests.conftest import WebClient
from tests.offices import research_travel

Browse = Callable[..., WebClient]
CHANGED = "Somebody else changed this case while you had it open. Look at it again."
FIVE_HUNDRED_PAGES = "倉庫と運河の写真。" * 89_000  # 1,000 letters a page and more
WORK = {"kind": "enquiry", "day": "2026-11-20", "hours": "2", "summary": "Kept words", "visibility": "shared"}


@pytest.fixture
def english(cast: SimpleNamespace, browse: Browse) -> Browse:
    def sign_in(person: str) -> WebClient:
        cast.people[person].language = "en"
        cast.people[person].save()
        return browse(person)

    return sign_in


def shown(answer: object, status: int = 422) -> str:
    """The page as text; `status` is part of the expectation."""
    assert answer.status_code == status  # type: ignore[attr-defined]
    text: str = answer.content.decode()  # type: ignore[attr-defined]
    return text


def withdrawn_at_work(cast: SimpleNamespace) -> tuple[Case, int]:
    """A request withdrawn while the office had its page open, and the version on that page."""
    case = case_in(cast, "in_progress")
    return step(cast, case, "otaru", "withdraw"), case.version


# --- An office's reply after withdrawal -------------------------------------------------------------------------------
def test_a_report_after_withdrawal_is_refused_and_stays_on_the_page(cast: SimpleNamespace, english: Browse) -> None:
    case, version = withdrawn_at_work(cast)
    typed = {"version": version, "body": "Both days went well", "outcome": "achieved"}
    page = shown(english("london").post(f"/desk/cases/{case.pk}/move/report/", typed))
    assert CHANGED in page
    assert "Both days went well" in page
    again = shown(english("london").post(f"/desk/cases/{case.pk}/move/report/", {**typed, "version": case.version}))
    assert "The case is in the state “Withdrawn” now, so this is no longer possible." in again
    assert "Both days went well" in again
    assert "This was not done" in again  # nothing that was typed is wrong
    assert "Correct 1 entry" not in again
    assert "To the case as it is now" in again
    assert "Who will be told what" not in again
    assert (Case.objects.get().state, OfficeReport.objects.count()) == ("withdrawn", 0)


def test_work_logged_after_withdrawal_is_refused_and_stays_on_the_page(cast: SimpleNamespace, english: Browse) -> None:
    case, _version = withdrawn_at_work(cast)
    page = shown(english("london").post(f"/desk/cases/{case.pk}/work/", WORK))
    assert "The case is in the state “Withdrawn” now, so this is no longer possible." in page
    assert "Kept words" in page
    assert WorkEntry.objects.count() == 0


def test_a_message_of_the_office_after_withdrawal_still_reaches_the_requester(
    cast: SimpleNamespace, english: Browse
) -> None:
    case, _version = withdrawn_at_work(cast)
    typed = {"body": "The museum will be told", "shared": "shared"}
    assert english("london").post(f"/desk/cases/{case.pk}/notes/", typed).status_code == 302
    assert Note.objects.get().body == "The museum will be told"
    assert "The museum will be told" in english("otaru").get(f"/desk/cases/{case.pk}/").content.decode()


# --- A return to a closed case ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("stale", [True, False], ids=["page from before", "page of now"])
def test_a_closed_case_is_not_returned_and_the_reason_stays(
    cast: SimpleNamespace, english: Browse, stale: bool
) -> None:
    before = case_in(cast, "reported")
    case = step(cast, before, "hq_officer", "close")
    typed = {"version": before.version if stale else case.version, "reason": "No host has time"}
    page = shown(english("london").post(f"/desk/cases/{case.pk}/move/return/", typed))
    assert (CHANGED if stale else "The case is in the state “Closed” now, so this is no longer possible.") in page
    assert "No host has time" in page
    assert (Case.objects.get().state, Referral.objects.get().standing) == ("closed", True)


# --- A referral to the same office twice ------------------------------------------------------------------------------
def test_a_second_referral_to_the_same_office_is_refused(cast: SimpleNamespace, english: Browse) -> None:
    case, london = case_in(cast, "triage"), cast.places["london"].pk
    typed = {"version": case.version, "offices": [london], "owner": london}
    client, address = english("hq_officer"), f"/desk/cases/{case.pk}/move/refer/"
    assert client.post(address, typed).status_code == 302
    page = shown(client.post(address, typed))
    assert CHANGED in page
    assert re.search(rf'value="{london}"[^>]* checked', page)
    assert Referral.objects.filter(case=case).count() == 1


def test_an_office_chosen_twice_on_the_page_is_referred_to_once(cast: SimpleNamespace, english: Browse) -> None:
    case, london = case_in(cast, "triage"), cast.places["london"].pk
    typed = {"version": case.version, "offices": [london, london], "owner": ""}
    assert english("hq_officer").post(f"/desk/cases/{case.pk}/move/refer/", typed).status_code == 302
    assert list(Referral.objects.values_list("case", "office", "owner")) == [(case.pk, london, True)]
    assert Case.objects.get().split is False


def test_an_office_named_twice_by_a_program_is_refused(cast: SimpleNamespace) -> None:
    case, london = case_in(cast, "triage"), cast.places["london"]
    with (
        acting(reader(cast, "hq_officer").scope), translation.override("en"),
        pytest.raises(NotAllowed, match=r"^An office is named twice. Choose each office once.$"),
    ):  # fmt: skip
        refer_to(case, [london, london], owner=london, why={}, now=NOW)
    assert Referral.objects.count() == 0


# --- Two triages at once ----------------------------------------------------------------------------------------------
def test_the_second_of_two_decisions_reads_what_happened_and_keeps_its_words(
    cast: SimpleNamespace, english: Browse
) -> None:
    case = case_in(cast, "triage")
    one = {"version": case.version, "reason": "Which hall?"}
    two = {"version": case.version, "reason": "Outside the scope of support"}
    assert english("hq_officer").post(f"/desk/cases/{case.pk}/move/ask/", one).status_code == 302
    page = shown(english("hq_approver").post(f"/desk/cases/{case.pk}/move/decline/", two))
    assert CHANGED in page
    assert "Outside the scope of support" in page
    assert Case.objects.get().state == "needs_information"


# --- 500 pages pasted -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "who", "path", "field", "typed", "most"),
    [
        ("in_progress", "london", "notes/", "body", {"shared": "shared"}, 10000),
        ("in_progress", "london", "work/", "summary", WORK, 2000),
        ("in_progress", "london", "report/", "body", {"outcome": ""}, 50000),
        ("in_progress", "london", "move/report/", "body", {"outcome": ""}, 50000),
        ("referred", "london", "move/return/", "reason", {}, 4000),
        ("reported", "otaru", "feedback/", "comment", {"score": "4"}, 4000),
    ],
)
def test_five_hundred_pages_are_counted_and_all_of_them_stay(
    cast: SimpleNamespace,
    english: Browse,
    state: str,
    who: str,
    path: str,
    field: str,
    typed: dict[str, str],
    most: int,
) -> None:
    case = case_in(cast, state)
    sent = {**typed, field: FIVE_HUNDRED_PAGES, "version": case.version}
    page = shown(english(who).post(f"/desk/cases/{case.pk}/{path}", sent))
    assert (
        f"At most {most} characters fit here, and these are {len(FIVE_HUNDRED_PAGES)}. Nothing is lost: shorten the text, "
        "or add the rest as a paper."
    ) in page
    assert FIVE_HUNDRED_PAGES in page
    assert (WorkEntry.objects.count(), Note.objects.count(), Feedback.objects.count()) == (0, 0, 0)
    assert Case.objects.get().version == case.version


@pytest.mark.parametrize(
    ("state", "who", "path"),
    [
        ("in_progress", "london", "work/"),
        ("in_progress", "london", "report/"),
        ("in_progress", "london", "move/report/"),
        ("referred", "london", "move/return/"),
        ("reported", "otaru", "feedback/"),
        ("in_progress", "london", ""),
    ],
)
def test_no_long_text_is_cut_by_the_browser_or_by_the_limit_of_a_request(
    cast: SimpleNamespace, browse: Browse, state: str, who: str, path: str
) -> None:
    case = case_in(cast, state)
    page = browse(who).get(f"/desk/cases/{case.pk}/{path}").content.decode()
    areas = [part.split(">")[0] for part in page.split("<textarea")[1:]]
    assert areas
    assert not [area for area in areas if "maxlength" in area]
    forms = [part for part in page.split("<form")[1:] if "<textarea" in part.split("</form>")[0]]
    assert all('enctype="multipart/form-data"' in part.split(">")[0] for part in forms)


# --- A forged case address --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("pk", ["0", "999999", "9" * 30])
@pytest.mark.parametrize("path", ["work/", "report/", "visits/", "notes/", "move/accept/"])
def test_a_forged_case_address_opens_nothing(cast: SimpleNamespace, english: Browse, pk: str, path: str) -> None:
    case_in(cast, "in_progress")
    page = shown(english("london").post(f"/desk/cases/{pk}/{path}", WORK), 404)
    assert "The address may be mistyped, or the page belongs to an organisation whose papers you may not see." in page
    assert WorkEntry.objects.count() == 0


def test_an_office_that_is_not_on_the_case_reads_the_same_as_for_a_forged_one(
    cast: SimpleNamespace, english: Browse
) -> None:
    case, newyork = case_in(cast, "in_progress"), english("newyork")
    own, forged = (newyork.post(f"/desk/cases/{pk}/work/", WORK) for pk in (case.pk, 999999))
    said = [re.sub("[0-9a-f]{16}", "", shown(answer, 404).partition("<main")[2]) for answer in (own, forged)]
    assert said[0] == said[1]


# --- Called back while the office types ---------------------------------------------------------------------------------
def called_back_at_work(cast: SimpleNamespace) -> tuple[Case, int]:
    """A request headquarters called back while the office had its page open, and the version on that page."""
    case = case_in(cast, "in_progress")
    return step(cast, case, "hq_officer", "call_back", reason="Another office knows it"), case.version


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("move/report/", {"body": "Kept words"}),
        ("move/return/", {"reason": "Kept words"}),
        ("work/", WORK),
        ("report/", {"body": "Kept words"}),
        ("notes/", {"body": "Kept words", "shared": "shared"}),
        ("visits/", {"title": "Kept words"}),
        ("deadline/", {"days": "3", "reason": "Kept words"}),
    ],
)
def test_called_back_while_the_office_types_its_words_stand_there_to_be_copied(
    cast: SimpleNamespace, english: Browse, path: str, typed: dict[str, str]
) -> None:
    case, version = called_back_at_work(cast)
    page = shown(english("london").post(f"/desk/cases/{case.pk}/{path}", typed | {"version": version}), 404)
    for words in ("This case was called back from your office.", "Nothing of it was saved.", "Kept words"):
        assert words in page
    assert case.title not in page
    assert WorkEntry.objects.count() == 0


def test_the_correction_of_a_work_entry_is_not_lost_either(cast: SimpleNamespace, english: Browse) -> None:
    case = case_in(cast, "in_progress")
    london = english("london")
    london.post(f"/desk/cases/{case.pk}/work/", WORK)
    entry = WorkEntry.objects.get()
    step(cast, case, "hq_officer", "call_back", reason="Another office knows it")
    page = shown(london.post(f"/desk/work/{entry.pk}/", WORK | {"summary": "Better words"}), 404)
    assert "Better words" in page
    assert case.title not in page


def test_an_office_hears_why_it_no_longer_sees_a_case_and_others_do_not(cast: SimpleNamespace, english: Browse) -> None:
    case = step(cast, case_in(cast, "referred"), "london", "return", reason="Not ours")
    assert "Your office returned this case to headquarters." in shown(
        english("london").get(f"/desk/cases/{case.pk}/work/"), 404
    )
    assert "The address may be mistyped" in shown(english("newyork").get(f"/desk/cases/{case.pk}/work/"), 404)


# --- An expired draft -------------------------------------------------------------------------------------------------
def test_a_draft_whose_trip_is_over_is_not_filed_and_stays_a_draft(cast: SimpleNamespace, english: Browse) -> None:
    case = draft(cast)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    SupportRequest.objects.update(starts_on=yesterday, ends_on=yesterday)
    page = shown(english("otaru").post(f"/desk/cases/{case.pk}/move/file/", {"version": case.version}))
    assert "The last day of the trip has passed. Write other days before you file it." in page
    kept = SupportRequest.objects.get()
    assert (kept.case.state, kept.case.number, kept.wanted) == ("draft", None, "Appointments")


def test_a_research_draft_wanted_by_a_day_that_is_over_is_not_filed_and_stays_a_draft(
    cast: SimpleNamespace, english: Browse
) -> None:
    today = timezone.localdate()
    case = research_travel.draft(cast, wanted_by=today - dt.timedelta(days=1))
    page = shown(english("otaru").post(f"/desk/cases/{case.pk}/move/file/", {"version": case.version}))
    assert "The day by which the result is wanted has passed. Write another day, or leave it empty" in page
    kept = ResearchRequest.objects.get()
    assert (kept.case.state, kept.case.number, kept.questions) == ("draft", None, "Who inspects homes?\nWho pays?")
    ResearchRequest.objects.update(wanted_by=today)  # today can still be met
    assert english("otaru").post(f"/desk/cases/{case.pk}/move/file/", {"version": case.version}).status_code == 302
    assert Case.objects.get(pk=case.pk).state == "branch_check"


# --- Days and numbers that cannot be ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"day": "2099-01-01"}, "This day has not come yet. Write the day on which it was done."),
        ({"day": "2026-02-30"}, "There is no day 30 in month 2 of 2026. Check the day and the month."),
        ({"day": "令和0年1月1日"}, "The years of an era begin with 1. Write 令和元年."),
        ({"hours": "25 and more"}, "Write hours from 0 to 99, with one place at most, for example 1.5."),
        ({"day": "9999-12-31"}, "The year 9999 lies too far ahead. Check it; the last possible year is 2199."),
        ({"hours": "nan"}, "Write hours from 0 to 99, with one place at most, for example 1.5."),
        ({"hours": "Infinity"}, "Write hours from 0 to 99, with one place at most, for example 1.5."),
        ({"hours": "-3"}, "Write hours from 0 to 99, with one place at most, for example 1.5."),
    ],
)
def test_odd_days_and_hours_of_work_are_named_and_kept(
    cast: SimpleNamespace, english: Browse, typed: dict[str, str], sentence: str
) -> None:
    case = case_in(cast, "in_progress")
    page = shown(english("london").post(f"/desk/cases/{case.pk}/work/", {**WORK, **typed}))
    assert sentence in page
    assert "Kept words" in page
    assert all(value in page for value in typed.values())
    assert WorkEntry.objects.count() == 0


@pytest.mark.parametrize("score", ["", "0", "6", "very"])
def test_a_score_that_does_not_exist_is_named_and_the_comment_kept(
    cast: SimpleNamespace, english: Browse, score: str
) -> None:
    case = case_in(cast, "reported")
    typed = {"score": score, "comment": "The interpreter was late."}
    page = shown(english("otaru").post(f"/desk/cases/{case.pk}/feedback/", typed))
    assert "Choose how helpful it was, from 1 to 5." in page
    assert "The interpreter was late." in page
    assert Feedback.objects.count() == 0


def test_feedback_sent_twice_is_kept_once_and_the_second_stays_on_the_page(
    cast: SimpleNamespace, english: Browse
) -> None:
    case, otaru = case_in(cast, "reported"), english("otaru")
    address = f"/desk/cases/{case.pk}/feedback/"
    assert otaru.post(address, {"score": "4", "comment": "First"}).status_code == 302
    page = shown(otaru.post(address, {"score": "1", "comment": "On second thoughts"}))
    assert "Feedback is given once, by the requester, when there is a report." in page
    assert "On second thoughts" in page
    assert Feedback.objects.get().comment == "First"
