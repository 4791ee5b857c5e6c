"""Filing page by page: nothing typed is lost, wrong input is named, the answers are checked, warnings never block."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from pypdf import PdfReader

from clair_portal.accounts.models import Posting, Role
from clair_portal.accounts.reference import ROLES
from clair_portal.audit.models import Entry
from clair_portal.calendars.models import Holiday
from clair_portal.casework.models import Assignment, Case, CaseFile, Note, Task
from clair_portal.casework.rules import NotAllowed
from clair_portal.casework.similar import similar_to
from clair_portal.network.models import Country, Jurisdiction, Organisation
from clair_portal.outbox.models import Message
from clair_portal.walls.scope import acting
from offices.models import Precondition, SupportRequest
from offices.services import moved_ahead
from tests.casework.travel import FILLED_IN, case_in, draft, step
from tests.cast import TODAY, reader
from tests.conftest import WebClient

Browse = Callable[..., WebClient]


@pytest.fixture
def case(cast: SimpleNamespace) -> Case:
    return draft(cast)


def page(case: Case, key: str) -> str:
    return f"/desk/support/{case.pk}/edit/{key}/"


def english(browse: Browse, person: str, cast: SimpleNamespace) -> WebClient:
    cast.people[person].language = "en"
    cast.people[person].save()
    return browse(person)


# --- The pages ------------------------------------------------------------------------------------------------------------------
def test_the_first_page_makes_a_draft_with_the_contact_of_last_time(
    cast: SimpleNamespace, browse: Browse, case: Case
) -> None:
    SupportRequest.objects.update(telephone="0134-00-0000")
    answer = browse("otaru").post("/desk/support/new/", {"title": "来年の視察", "kinds": ["briefing"]})
    new = Case.objects.latest("pk")
    assert answer["Location"] == f"/desk/support/{new.pk}/edit/"
    detail = new.support_request
    assert (detail.division, detail.contact, detail.telephone) == ("Planning", "Iwakura", "0134-00-0000")
    assert (new.title, detail.kinds) == ("来年の視察", ["briefing"])


def test_the_task_list_says_how_far_each_page_is(cast: SimpleNamespace, browse: Browse) -> None:
    client = english(browse, "otaru", cast)
    client.post("/desk/support/new/", {"title": "A visit"})
    case = Case.objects.get()
    shown = client.get(f"/desk/support/{case.pk}/edit/").content.decode()
    assert shown.count(">not begun<") == 5
    assert shown.count(">begun<") == 2  # the subject without a kind of support; the contact without a division
    assert client.get(f"/desk/support/{case.pk}/")["Location"] == f"/desk/support/{case.pk}/edit/"
    assert "0 of 7 pages are done" in shown
    after = [" ".join(part.split()) for part in re.findall(r"<li><p><b>(.*?)</p>", shown)]
    assert [part.partition("</b>")[0] for part in after] == ["Hokkaido", "Tokyo headquarters", "the overseas office"]
    assert "Still to be filled in: countries, division in charge, kinds of support" in " ".join(shown.split())


def test_each_page_is_saved_and_leads_to_the_next(browse: Browse, case: Case) -> None:
    client = browse("otaru")
    answer = client.post(page(case, "party"), {"party": "１２", "leader": "市長", "version": case.version})
    assert answer["Location"] == page(case, "purpose")
    answer = client.post(page(case, "party"), {"party": "12", "leader": "市長", "then": "list"})
    assert answer["Location"] == f"/desk/support/{case.pk}/edit/"
    detail = SupportRequest.objects.get()
    assert (detail.party, detail.leader, detail.division) == (12, "市長", "Planning")


def test_costs_are_kept_by_item(browse: Browse, case: Case) -> None:
    typed = {
        "wanted": "x",
        "interpreter": "own",
        "cost_interpreter": "requester",
        "cost_venue": "host",
        "cost_gifts": "",
    }
    assert browse("otaru").post(page(case, "support"), typed).status_code == 302
    detail = SupportRequest.objects.get()
    assert (detail.interpreter, detail.costs) == ("own", {"interpreter": "requester", "venue": "host"})


@pytest.mark.parametrize(
    ("key", "typed", "sentence"),
    [
        (
            "travel",
            {"starts_on": "2027-06-03", "ends_on": "2027-06-01"},
            "The last day must not be before the first day.",
        ),
        ("travel", {"starts_on": "the third of May"}, "third of May"),
        ("party", {"party": "0"}, "Write the number of people in digits, from 1 to 9999."),
        (
            "travel",
            {"countries": "GB", "starts_on": "2027-06-01", "ends_on": "9999-12-31"},
            "The year 9999 lies too far ahead. Check it; the last possible year is 2199.",
        ),
        ("party", {"party": "0000019999999"}, "Write the number of people in digits, from 1 to 9999."),
        ("party", {"party": "a few"}, "Write the number of people in digits, from 1 to 9999."),
        ("who", {"email": "iwakura at otaru"}, "iwakura at otaru"),
        ("purpose", {"purpose": "長い文。" * 250_000}, "At most 4000 characters fit here, and these are 1000000."),
    ],
)
def test_wrong_input_is_named_and_nothing_typed_is_lost(
    cast: SimpleNamespace, browse: Browse, case: Case, key: str, typed: dict[str, str], sentence: str
) -> None:
    answer = english(browse, "otaru", cast).post(page(case, key), typed)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert sentence in shown
    assert all(value in shown for value in typed.values())
    assert Case.objects.get().version == case.version


def test_a_page_kept_with_a_day_that_cannot_be_opens_to_be_corrected(
    cast: SimpleNamespace, browse: Browse, case: Case
) -> None:
    SupportRequest.objects.update(starts_on=dt.date(9999, 12, 30), ends_on=dt.date(9999, 12, 31))
    client = english(browse, "otaru", cast)
    assert "9999-12-31" in client.get(page(case, "travel")).content.decode()
    typed = {"countries": ["GB"], "starts_on": "2027-06-01", "ends_on": "2027-06-03"}
    assert client.post(page(case, "travel"), typed).status_code == 302
    assert SupportRequest.objects.get().ends_on == dt.date(2027, 6, 3)


def test_typing_alone_is_saved_and_the_form_goes_on_from_there(browse: Browse, case: Case) -> None:
    client = browse("otaru")
    kept = client.post(page(case, "purpose"), {"purpose": "半分", "version": case.version}, headers={"X-Autosave": "1"})
    assert kept.status_code == 204
    assert kept["X-Version"].startswith(f"{case.version + 1}-")
    again = client.post(page(case, "purpose"), {"purpose": "全部", "version": kept["X-Version"]})
    assert again.status_code == 302
    assert SupportRequest.objects.get().purpose == "全部"


def opened(client: WebClient, path: str) -> str:
    """What the hidden field says of the draft as this person sees it now."""
    found = re.search(r'name="version" value="([^"]+)"', client.get(path).content.decode())
    assert found is not None
    return found[1]


def test_of_two_people_at_one_page_the_second_sees_both_and_decides(
    cast: SimpleNamespace, browse: Browse, case: Case
) -> None:
    first, second = browse("otaru"), english(browse, "otaru_administrator", cast)
    path = page(case, "purpose")
    seen = opened(second, path)
    first.post(path, {"purpose": "First words", "version": opened(first, path)})
    typed = {"purpose": "Second words", "situation": "", "version": seen}
    answer = second.post(path, typed)
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "<span>First words</span>" in shown
    assert "<span>Second words</span>" in shown
    assert ">Situation in Japan</th>" not in shown  # both left it empty
    assert SupportRequest.objects.get().purpose == "First words"
    newest = re.search(r'name="version" value="([^"]+)"', shown)
    assert newest is not None
    assert second.post(path, {**typed, "version": newest[1]}).status_code == 302
    assert SupportRequest.objects.get().purpose == "Second words"


def test_a_colleague_at_another_page_is_in_nobodys_way(browse: Browse, case: Case) -> None:
    first, second = browse("otaru"), browse("otaru_administrator")
    seen = opened(second, page(case, "party"))
    first.post(page(case, "purpose"), {"purpose": "First words", "version": opened(first, page(case, "purpose"))})
    assert second.post(page(case, "party"), {"party": "7", "version": seen}).status_code == 302
    detail = SupportRequest.objects.get()
    assert (detail.purpose, detail.party) == ("First words", 7)


def test_the_same_words_sent_twice_are_no_conflict(browse: Browse, case: Case) -> None:
    client = browse("otaru")
    typed = {"purpose": "Words", "version": opened(client, page(case, "purpose"))}
    assert client.post(page(case, "purpose"), typed).status_code == 302
    assert client.post(page(case, "purpose"), typed).status_code == 302


def test_a_spoilt_version_overwrites_nothing(browse: Browse, case: Case) -> None:
    answer = browse("otaru").post(page(case, "purpose"), {"purpose": "x", "version": "7 or 1"})
    assert answer.status_code == 422
    assert SupportRequest.objects.get().purpose == "To learn"


def test_a_draft_that_was_filed_in_between_says_so_and_keeps_what_was_typed(
    cast: SimpleNamespace, browse: Browse
) -> None:
    filed = case_in(cast, "branch_check")
    client = english(browse, "otaru", cast)
    for path in (page(filed, "who"), f"/desk/support/{filed.pk}/edit/", f"/desk/support/{filed.pk}/check/"):
        assert client.get(path)["Location"] == f"/desk/cases/{filed.pk}/"
    answer = client.post(page(filed, "who"), {"division": "Typed too late", "email": "no address"})
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert "Not saved: this request was filed in the meantime" in shown
    assert "Typed too late" in shown
    assert "no address" in shown
    assert client.post(page(filed, "who"), {}, headers={"X-Autosave": "1"}).status_code == 409
    assert SupportRequest.objects.get().division == "Planning"


def test_a_filed_request_is_not_printed_as_a_draft(cast: SimpleNamespace, browse: Browse) -> None:
    filed = case_in(cast, "branch_check")
    assert browse("otaru").get(f"/desk/support/{filed.pk}/print/")["Location"] == f"/desk/cases/{filed.pk}/"


def test_no_field_cuts_a_long_paste_without_a_word(browse: Browse, case: Case) -> None:
    client = browse("otaru")
    for key in ("subject", "who", "party", "purpose", "hosts", "support"):
        shown = client.get(page(case, key)).content.decode()
        assert "maxlength" not in shown.replace('maxlength="320"', ""), key  # an address is never that long
        assert 'enctype="multipart/form-data"' in shown, key  # 500 pages are under the limit of a request this way


def test_full_width_letters_of_telephone_and_address_are_read(browse: Browse, case: Case) -> None:
    typed = {"telephone": "０１３４−２２", "email": "ｉｗａｋｕｒａ＠ｅｘａｍｐｌｅ．ｏｒｇ"}
    assert browse("otaru").post(page(case, "who"), typed).status_code == 302
    detail = SupportRequest.objects.get()
    assert (detail.telephone, detail.email) == ("0134-22", "iwakura@example.org")


def test_nobody_else_opens_the_pages_of_a_draft(browse: Browse, case: Case) -> None:
    for person in ("hakodate", "hokkaido", "sapporo", "osaka"):
        for path in (page(case, "who"), f"/desk/support/{case.pk}/check/", f"/desk/support/{case.pk}/print/"):
            assert browse(person).get(path).status_code == 404, (person, path)


# --- Where it goes ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("countries", "sentence"),
    [
        (["GB"], "This request goes to: London office"),
        (["GB", "FR"], "Several offices will share this request: London office, Paris office."),
        (["MN"], "No overseas office is responsible for these countries: headquarters answers itself."),
    ],
)
def test_the_page_says_where_the_request_goes_and_why(
    cast: SimpleNamespace, browse: Browse, case: Case, countries: list[str], sentence: str
) -> None:
    client = english(browse, "otaru", cast)
    key = "elsewhere" if countries == ["MN"] else "countries"
    client.post(page(case, "travel"), {key: countries, "starts_on": "2027-06-01", "ends_on": "2027-06-02"})
    for path in (f"/desk/support/{case.pk}/edit/", f"/desk/support/{case.pk}/check/", page(case, "travel")):
        assert sentence in client.get(path).content.decode(), path


def test_days_typed_are_looked_at_before_they_are_saved(cast: SimpleNamespace, browse: Browse, case: Case) -> None:
    holiday = {"text_ja": "x", "text_en": "A day is a holiday there."}
    Precondition.objects.create(key="calendar.holiday", check_code="holiday", **holiday)
    Holiday.objects.all().delete()
    Holiday.objects.create(calendar="LON", date=dt.date(2027, 5, 31), name_ja="x", name_en="Spring bank holiday")
    client = english(browse, "otaru", cast)
    typed = {"countries": ["GB"], "starts_on": "令和9年5月29日", "ends_on": "2027-06-01"}
    shown = client.post(f"/desk/support/{case.pk}/preview/", typed).content.decode()
    assert "This request goes to: London office" in shown
    assert [text for text in ("Sat 29 May", "Tue 1 Jun") if f">{text}</th>" in shown] == ["Sat 29 May", "Tue 1 Jun"]
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", shown)  # two days before and after the trip as well
    assert cells == ["", "", "closed", "closed", "holiday", "visit", "", ""]
    assert "London office: A day is a holiday there. (United Kingdom: Mon 31 May 2027)" in shown
    assert "The holidays of" not in shown
    assert SupportRequest.objects.get().starts_on == dt.date(2027, 6, 1)


def test_days_of_countries_an_office_looks_after_from_elsewhere_stand_beside_its_own(
    cast: SimpleNamespace, browse: Browse, case: Case
) -> None:
    germany = Country.objects.create(code="DE", alpha3="DEU", name_ja="ドイツ", name_en="Germany")
    for country in (germany.code, "MN"):
        Jurisdiction.objects.create(office=cast.places["london"], country_id=country, source="test")
    Holiday.objects.all().delete()
    for calendar, day in (("LON", 3), ("DE", 6)):
        Holiday.objects.create(calendar=calendar, date=dt.date(2027, 5, day), name_en="x")
    typed = {"countries": ["DE", "MN"], "starts_on": "2027-05-05", "ends_on": "2027-05-06"}
    client = english(browse, "otaru", cast)
    shown = client.post(f"/desk/support/{case.pk}/preview/", typed).content.decode()
    rows = re.findall(r'<tr><th scope="row">([^<]*)</th>(.*?)</tr>', shown)
    assert [(place, re.findall(r"<td[^>]*>([^<]*)</td>", cells)) for place, cells in rows] == [
        ("London office", ["holiday", "", "visit", "visit", "", "closed"]),
        ("Germany", ["", "", "visit", "holiday", "", "closed"]),
    ]
    assert "The holidays of these days are not known here for: Mongolia." in shown


def test_wrong_days_and_no_country_break_no_preview(cast: SimpleNamespace, browse: Browse, case: Case) -> None:
    client = english(browse, "otaru", cast)
    for typed in (
        {},
        {"starts_on": "tomorrow"},
        {"countries": ["GB"], "starts_on": "2027-06-02", "ends_on": "2027-06-01"},
    ):
        answer = client.post(f"/desk/support/{case.pk}/preview/", typed)
        assert answer.status_code == 200
        assert "Where it goes" in answer.content.decode() or "countries" not in typed
    long = {"countries": ["GB"], "starts_on": "2028-06-02", "ends_on": "2029-06-01"}
    assert "<table" not in client.post(f"/desk/support/{case.pk}/preview/", long).content.decode()
    far = {"countries": ["GB"], "starts_on": "2031-06-02", "ends_on": "2031-06-03"}
    assert (
        "The holidays of 2031 are not entered yet"
        in client.post(f"/desk/support/{case.pk}/preview/", far).content.decode()
    )


def test_without_scripts_a_button_saves_and_shows_where_it_goes(browse: Browse, case: Case) -> None:
    typed = {"countries": ["GB"], "starts_on": "2027-06-01", "ends_on": "2027-06-02", "then": "here"}
    assert browse("otaru").post(page(case, "travel"), typed)["Location"] == page(case, "travel")


# --- Check and print ------------------------------------------------------------------------------------------------------------
def test_the_check_page_shows_every_answer_with_a_way_back(cast: SimpleNamespace, browse: Browse, case: Case) -> None:
    shown = english(browse, "otaru", cast).get(f"/desk/support/{case.pk}/check/").content.decode()
    for answer in ("Canals and warehouses", "Planning", "Iwakura", "Tue 1 Jun 2027", "To learn", "Appointments"):
        assert answer in shown
    for key in ("subject", "who", "travel", "party", "purpose", "hosts", "support"):
        assert page(case, key) in shown
    assert f"/desk/cases/{case.pk}/move/file/" in shown


def test_an_unfinished_draft_has_no_way_to_be_sent(cast: SimpleNamespace, browse: Browse, case: Case) -> None:
    SupportRequest.objects.update(purpose="")
    shown = english(browse, "otaru", cast).get(f"/desk/support/{case.pk}/check/").content.decode()
    assert "Still to be filled in: purpose" in shown
    assert "/move/file/" not in shown


def test_the_draft_on_paper_holds_all_answers_and_says_that_it_is_a_draft(browse: Browse, case: Case) -> None:
    answer = browse("otaru").get(f"/desk/support/{case.pk}/print/")
    assert answer["Content-Type"] == "application/pdf"
    sheets = [sheet.extract_text() for sheet in PdfReader(io.BytesIO(answer.content)).pages]
    assert all("下書き" in sheet for sheet in sheets)
    text = "".join(sheets)
    for words in (
        "下書きです。まだ提出していません。",
        "依頼元の決裁欄",
        "この依頼の行き先:ロンドン事務所",
        "Canals and warehouses",
        "Planning",
        "Appointments",
    ):
        assert words in text


# --- A draft that is not needed any more ------------------------------------------------------------------------------------------
def thrown_away(case: Case) -> str:
    return f"/desk/support/{case.pk}/throw-away/"


def test_a_draft_is_thrown_away_with_all_that_hangs_on_it(cast: SimpleNamespace, browse: Browse, case: Case) -> None:
    client = english(browse, "otaru", cast)
    client.post(page(case, "hosts"), {"sheet": SimpleUploadedFile("canals.txt", b"1. Who pays?")})
    client.post(f"/desk/cases/{case.pk}/notes/", {"body": "Is this still wanted?", "shared": "internal"})
    client.post(f"/desk/cases/{case.pk}/tasks/", {"title": "Ask the mayor"})
    client.post(f"/desk/cases/{case.pk}/take/")
    copy = copied_from(case)
    assert thrown_away(case) in client.get(f"/desk/support/{case.pk}/edit/").content.decode()
    shown = client.get(thrown_away(case)).content.decode()
    for words in ("This cannot be undone", "What it is about<br>", "canals.txt</a>", "<dt>Messages</dt><dd>1</dd>",
                  "<dt>Tasks</dt><dd>1</dd>"):  # fmt: skip
        assert words in shown, words
    version = Case.objects.get(pk=case.pk).version
    assert client.post(thrown_away(case), {"version": version})["Location"] == "/desk/"
    assert [
        each.objects.filter(case=case.pk).count() for each in (SupportRequest, CaseFile, Note, Task, Assignment)
    ] == [0] * 5
    assert Case.objects.get() == copy
    assert Case.objects.get().copied_from is None
    entry = Entry.objects.get(event="casework.case.thrown_away")
    assert (entry.subject_id, entry.params) == (str(case.pk), {"title": "Canals and warehouses"})


def copied_from(case: Case) -> Case:
    other = Case.objects.create(kind=case.kind, title="A copy", applicant=case.applicant, state="draft")
    Case.objects.filter(pk=other.pk).update(copied_from=case)
    return other


def test_a_draft_a_colleague_wrote_in_meanwhile_is_not_thrown_away(
    cast: SimpleNamespace, browse: Browse, case: Case
) -> None:
    client = english(browse, "otaru", cast)
    browse("otaru_administrator").post(page(case, "purpose"), {"purpose": "New words"})
    assert client.post(thrown_away(case), {"version": case.version})["Location"] == thrown_away(case)
    assert "Somebody changed this draft in the meantime." in client.get(thrown_away(case)).content.decode()
    assert SupportRequest.objects.get().purpose == "New words"


def test_what_was_typed_into_a_draft_that_was_thrown_away_stands_there_to_be_copied(
    cast: SimpleNamespace, browse: Browse, case: Case
) -> None:
    client = english(browse, "otaru", cast)
    browse("otaru_administrator").post(thrown_away(case), {"version": case.version})
    answer = client.post(page(case, "purpose"), {"purpose": "Long thoughts", "version": "2"})
    shown = answer.content.decode()
    assert answer.status_code == 404
    assert "Not saved: there is no such draft, or it was thrown away" in shown
    assert "Long thoughts" in shown


@pytest.mark.parametrize("person", ["hakodate", "hokkaido", "osaka", "london", "hq_officer"])
def test_nobody_else_throws_a_draft_away(browse: Browse, case: Case, person: str) -> None:
    assert browse(person).post(thrown_away(case), {"version": case.version}).status_code in (403, 404)
    assert Case.objects.count() == 1


def test_a_request_the_branch_returned_is_withdrawn_and_not_thrown_away(cast: SimpleNamespace, browse: Browse) -> None:
    case = step(cast, case_in(cast, "branch_check"), "hokkaido", "send_back")
    client = english(browse, "otaru", cast)
    shown = client.get(f"/desk/support/{case.pk}/edit/").content.decode()
    assert (f"/desk/cases/{case.pk}/move/withdraw/" in shown, thrown_away(case) in shown) == (True, False)
    assert client.post(thrown_away(case), {"version": case.version}).status_code == 302
    shown = client.get(f"/desk/support/{case.pk}/edit/").content.decode()
    assert "This was filed once and has a number, so it can be withdrawn but not thrown away." in shown
    typed = {"version": case.version, "reason": "The mayor is ill"}
    assert client.post(f"/desk/cases/{case.pk}/move/withdraw/", typed).status_code == 302
    case.refresh_from_db()
    assert (case.state, case.holder) == ("withdrawn", "nobody")
    assert case.closed_at is not None
    heard = Message.objects.get(event="offices.request.withdrawn").addressed
    assert {post["organisation"] for post in heard} == {cast.places[name].pk for name in ("otaru", "hokkaido", "hq")}


def test_a_draft_that_was_never_filed_is_not_withdrawn(cast: SimpleNamespace, case: Case) -> None:
    with translation.override("en"), pytest.raises(NotAllowed, match="This way is not meant for this case."):
        step(cast, case, "otaru", "withdraw")


# --- The same as last year --------------------------------------------------------------------------------------------------------
def test_a_former_request_is_copied_with_dates_a_year_later(cast: SimpleNamespace, browse: Browse) -> None:
    former = case_in(cast, "closed")
    SupportRequest.objects.update(answers={"london.level": "local"}, costs={"venue": "host"})
    answer = browse("otaru").post(f"/desk/support/{former.pk}/copy/")
    new = Case.objects.latest("pk")
    assert answer["Location"] == f"/desk/support/{new.pk}/edit/"
    assert (new.state, new.number, new.copied_from, new.countries) == ("draft", None, former, ["GB"])
    detail = new.support_request
    assert (detail.starts_on, detail.ends_on) == (dt.date(2028, 5, 30), dt.date(2028, 6, 1))
    assert (detail.purpose, detail.party) == ("To learn", 5)
    assert (detail.answers, detail.costs) == ({"london.level": "local"}, {"venue": "host"})
    assert browse("hakodate").post(f"/desk/support/{former.pk}/copy/").status_code == 404


@pytest.mark.parametrize(
    ("former", "copied"),
    [
        (dt.date(2026, 11, 25), dt.date(2027, 11, 24)),  # last year's Wednesday is this year's Wednesday
        (dt.date(2023, 6, 1), dt.date(2027, 5, 27)),  # older ones go on until they lie ahead
        (dt.date(2027, 6, 1), dt.date(2028, 5, 30)),
        (None, None),
    ],
)
def test_copied_dates_lie_ahead_on_the_same_weekday(former: dt.date | None, copied: dt.date | None) -> None:
    assert moved_ahead(SupportRequest(starts_on=former), TODAY) == (copied, None)


def test_papers_of_the_former_request_are_listed_and_not_copied(cast: SimpleNamespace, browse: Browse) -> None:
    former = case_in(cast, "closed")
    client = english(browse, "otaru", cast)
    paper = SimpleUploadedFile("programme.txt", b"Monday: canals")
    assert client.post(f"/desk/cases/{former.pk}/files/", {"file": paper}).status_code == 302
    asked = client.get(f"/desk/support/{former.pk}/copy/").content.decode()
    assert "Tue 30 May 2028" in asked
    assert "programme.txt" in asked
    client.post(f"/desk/support/{former.pk}/copy/")
    new = Case.objects.latest("pk")
    shown = client.get(f"/desk/support/{new.pk}/edit/").content.decode()
    assert "Papers of the former request, not copied" in shown
    assert "programme.txt" in shown
    assert not CaseFile.objects.filter(case=new).exists()


def test_the_way_to_copy_stands_on_ended_requests_of_ones_own(cast: SimpleNamespace, browse: Browse) -> None:
    ended, open_one = case_in(cast, "closed"), case_in(cast, "branch_check")
    client = english(browse, "otaru", cast)
    ways = [f"/desk/support/{case.pk}/copy/" for case in (ended, open_one)]
    for path in ("/desk/cases/", "/desk/support/new/", f"/desk/cases/{ended.pk}/"):
        shown = client.get(path).content.decode()
        assert [way in shown for way in ways] == [True, False], path
    for person in ("hq_officer", "hokkaido"):
        assert ways[0] not in browse(person).get("/desk/cases/").content.decode(), person


# --- The question sheet -----------------------------------------------------------------------------------------------------------
def test_a_sheet_of_ones_own_is_marked_and_settles_the_question(
    cast: SimpleNamespace, browse: Browse, case: Case
) -> None:
    client = english(browse, "otaru", cast)
    sheet = SimpleUploadedFile("canals.txt", b"1. Who pays?")
    typed = {"hosts": "Canal trust", "sheet": sheet, "version": opened(client, page(case, "hosts"))}
    assert client.post(page(case, "hosts"), typed).status_code == 302
    detail, paper = SupportRequest.objects.get(), CaseFile.objects.get()
    assert (detail.question_sheet, detail.hosts) == (paper.pk, "Canal trust")
    assert "The question sheet is: canals.txt" in client.get(page(case, "hosts")).content.decode()
    for path in (f"/desk/support/{case.pk}/edit/", f"/desk/support/{case.pk}/check/"):
        assert re.search(r'canals\.txt</a>\s*<span class="tag">question sheet', client.get(path).content.decode()), path
    again = SimpleUploadedFile("canals-2.txt", b"1. Who pays, and when?")
    client.post(page(case, "hosts"), {"hosts": "Canal trust", "sheet": again})
    assert SupportRequest.objects.get().question_sheet == CaseFile.objects.get(name="canals-2.txt").pk
    assert CaseFile.objects.count() == 2


def test_a_refused_sheet_is_named_and_the_text_beside_it_is_kept(
    cast: SimpleNamespace, browse: Browse, case: Case
) -> None:
    client = english(browse, "otaru", cast)
    sheet = SimpleUploadedFile("virus.exe", b"MZ" + b"\0" * 100)
    answer = client.post(page(case, "hosts"), {"hosts": "Canal trust", "sheet": sheet})
    assert answer.status_code == 422
    assert "Canal trust" in answer.content.decode()
    assert SupportRequest.objects.get().question_sheet is None
    assert not CaseFile.objects.exists()


def test_a_sheet_sent_from_an_older_page_is_named_beside_the_one_of_a_colleague(
    cast: SimpleNamespace, browse: Browse, case: Case
) -> None:
    first, second, path = browse("otaru"), english(browse, "otaru_administrator", cast), page(case, "hosts")
    seen = opened(second, path)
    first.post(path, {"sheet": SimpleUploadedFile("canals.txt", b"1. Who pays?"), "version": opened(first, path)})
    answer = second.post(path, {"sheet": SimpleUploadedFile("museums.txt", b"1. Who opens?"), "version": seen})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "<span>canals.txt</span>" in shown
    assert "<span>museums.txt</span>" in shown
    assert "“museums.txt” was not saved. Choose the file again." in shown
    newest = re.search(r'name="version" value="([^"]+)"', shown)
    assert newest is not None
    again = {"sheet": SimpleUploadedFile("museums.txt", b"1. Who opens?"), "version": newest[1]}
    assert second.post(path, again).status_code == 302
    assert SupportRequest.objects.get().question_sheet == CaseFile.objects.get(name="museums.txt").pk


def test_the_same_sheet_sent_twice_is_no_conflict(browse: Browse, case: Case) -> None:
    client, path = browse("otaru"), page(case, "hosts")
    seen = opened(client, path)
    for _twice in range(2):
        sheet = SimpleUploadedFile("canals.txt", b"1. Who pays?")
        assert client.post(path, {"sheet": sheet, "version": seen}).status_code == 302
    assert CaseFile.objects.count() == 1


def test_a_sheet_beside_a_text_that_is_too_long_is_asked_for_again(
    cast: SimpleNamespace, browse: Browse, case: Case
) -> None:
    typed = {"hosts": "x" * 4001, "sheet": SimpleUploadedFile("canals.txt", b"1. Who pays?")}
    shown = english(browse, "otaru", cast).post(page(case, "hosts"), typed).content.decode()
    assert "“canals.txt” was not saved. Choose the file again." in shown
    assert "Browsers do not keep papers" not in shown  # it is said once
    assert not CaseFile.objects.exists()


def test_whoever_works_on_a_request_reads_every_answer(cast: SimpleNamespace, browse: Browse) -> None:
    filed = case_in(cast, "referred")
    Precondition.objects.create(key="london.level", check_code="ask", text_ja="x", text_en="Is it local there?")
    SupportRequest.objects.update(
        leader="The mayor", situation="Empty warehouses", hosts="Canal trust", questions="Who pays?", telephone="0134-22",
        costs={"venue": "host"}, answers={"london.level": "Yes, local"}, interpreter="own", flexible=True,
    )  # fmt: skip
    shown = english(browse, "london", cast).get(f"/desk/cases/{filed.pk}/").content.decode()
    for words in ("The mayor", "Empty warehouses", "Canal trust", "Who pays?", "0134-22", "venue and equipment: host",
                  "Is it local there?", "Yes, local", "we bring or hire our own", "can be moved",
                  "<dt>Fields of exchange</dt><dd>culture and arts</dd>"):  # fmt: skip
        assert words in shown, words


# --- Requests like this one -------------------------------------------------------------------------------------------------------
def test_the_same_country_or_field_comes_first_then_shared_words(cast: SimpleNamespace) -> None:
    made = {}
    for title, countries, topics in (
        ("運河の保存と活用", ["FR"], ["tourism"]),
        ("運河の視察", ["GB"], ["education"]),
        ("運河の保存活用に関する視察", ["US"], ["culture"]),
        ("学校給食", ["GB"], ["culture"]),
    ):
        case = case_in(cast, "branch_check")
        words = {"title": title, "bigrams": [], "countries": countries, "topics": topics}
        Case.objects.filter(pk=case.pk).update(**words)
        case.refresh_from_db()
        from clair_portal.language import folding

        Case.objects.filter(pk=case.pk).update(bigrams=folding.bigrams(title))
        made[title] = case
    scope = reader(cast, "hokkaido").scope
    with acting(scope):
        found = similar_to(["運河の保存活用に関する視察"], ["GB"], ["culture"], scope)
        assert [each.case.title for each in found] == ["運河の視察", "運河の保存活用に関する視察", "運河の保存と活用"]
        assert similar_to([""], ["GB"], [], scope) == []
    other = reader(cast, "osaka").scope
    with acting(other):
        assert similar_to(["運河の保存活用に関する視察"], ["GB"], [], other) == []


def test_former_requests_with_few_words_in_common_take_no_place_from_one_that_is_nearly_the_same(
    cast: SimpleNamespace, browse: Browse, case: Case
) -> None:
    """Country and field come first, but only among requests alike enough to be shown."""
    title = "Canals and old warehouses of harbours"
    Case.objects.filter(pk=case.pk).update(title=title)
    alike = case_in(cast, "branch_check")
    Case.objects.filter(pk=alike.pk).update(countries=[], topics=[])
    for _each in range(3):
        other = case_in(cast, "branch_check")
        Case.objects.filter(pk=other.pk).update(bigrams=["and"])
    client = english(browse, "otaru", cast)
    for shown in (client.get(f"/desk/support/{case.pk}/check/"),
                  client.post(f"/desk/support/similar/?draft={case.pk}", {"title": title, "topics": ["culture"]})):  # fmt: skip
        assert re.findall(r"/desk/cases/(\d+)/\">", shown.content.decode()) == [str(alike.pk)]


def test_a_subject_being_typed_shows_requests_like_it(cast: SimpleNamespace, browse: Browse) -> None:
    there = case_in(cast, "branch_check")
    client = english(browse, "otaru", cast)
    shown = client.post(
        "/desk/support/similar/", {"title": "Canals and old warehouses", "topics": ["culture"]}
    ).content.decode()
    assert f"/desk/cases/{there.pk}/" in shown
    assert "same field" in shown
    assert "Your branch is checking it" in shown
    for title in ("School lunch and farming", ""):
        assert "<a " not in client.post("/desk/support/similar/", {"title": title}).content.decode()
    other = browse("osaka").post("/desk/support/similar/", {"title": "Canals and warehouses"}).content.decode()
    assert "<a " not in other


def test_a_draft_is_not_like_itself_and_brings_its_countries(cast: SimpleNamespace, browse: Browse, case: Case) -> None:
    there = case_in(cast, "branch_check")
    client = english(browse, "otaru", cast)
    typed = {"title": case.title, "topics": ["nonsense"]}
    shown = client.post(f"/desk/support/similar/?draft={case.pk}", typed).content.decode()
    assert re.findall(r"/desk/cases/(\d+)/", shown) == [str(there.pk)]
    assert "same country" in shown
    assert browse("hakodate").post(f"/desk/support/similar/?draft={case.pk}", typed).status_code == 404


# --- Requesters of every kind -----------------------------------------------------------------------------------------------------
MISSING = ("division", "contact", "purpose", "starts_on", "ends_on", "party", "wanted", "kinds")
OTHER_KINDS = ("association", "school", "university", "assembly", "port_authority", "ministry", "ngo")


def filed_by(cast: SimpleNamespace, browse: Browse, kind: str, branch: Organisation | None, move: str) -> Case:
    """Somebody posted at such a body, with the rights a role has in reality, files a request."""
    row = next(role for role in ROLES if role.code == "member_officer")
    Role.objects.filter(code="member_officer").update(kinds=list(row.kinds), rights=list(row.rights))
    body = Organisation.objects.create(kind=kind, name_ja="見本団体", name_en="Sample body", branch=branch)
    Posting.objects.filter(person=cast.people["otaru"]).update(organisation=body)
    client = browse("otaru")
    client.post("/desk/support/new/", {"title": "見本", "kinds": ["briefing"]})
    SupportRequest.objects.update(**{name: FILLED_IN[name] for name in MISSING})
    Case.objects.update(countries=["GB"])
    case = Case.objects.get()
    assert f"/move/{move}/" in client.get(f"/desk/support/{case.pk}/check/").content.decode()
    assert client.post(f"/desk/cases/{case.pk}/move/{move}/", {"version": case.version}).status_code == 302
    return Case.objects.select_related("branch").get()


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_requesters_of_every_kind_file_directly_without_a_branch(
    cast: SimpleNamespace, browse: Browse, kind: str
) -> None:
    case = filed_by(cast, browse, kind, None, "file_directly")
    assert (case.state, case.branch) == ("triage", None)
    assert browse("hq_officer").get(f"/desk/cases/{case.pk}/").status_code == 200
    assert browse("hokkaido").get(f"/desk/cases/{case.pk}/").status_code == 404


@pytest.mark.parametrize("kind", ["school", "assembly", "ngo"])
def test_those_with_a_branch_go_through_it(cast: SimpleNamespace, browse: Browse, kind: str) -> None:
    case = filed_by(cast, browse, kind, cast.places["hokkaido"], "file")
    assert (case.state, case.branch) == ("branch_check", cast.places["hokkaido"])
    assert browse("hokkaido").get(f"/desk/cases/{case.pk}/").status_code == 200
    assert browse("hq_officer").get(f"/desk/cases/{case.pk}/").status_code == 200
    assert browse("osaka").get(f"/desk/cases/{case.pk}/").status_code == 404
