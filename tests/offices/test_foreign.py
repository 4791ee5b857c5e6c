"""A local government abroad asks an office through the public form, without an account, and follows it by a link."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, connection
from django.utils import timezone, translation

from clair_portal.accounts.models import SignedLink
from clair_portal.audit.models import Entry
from clair_portal.calendars.models import Holiday
from clair_portal.casework.models import Case, CaseFile, Note, Referral
from clair_portal.casework.services import add_note, perform
from clair_portal.outbox.delivery import deliver
from clair_portal.outbox.models import Email, Message, Notification, Reminder
from clair_portal.outbox.notices import rendered
from clair_portal.reports import case_file
from clair_portal.walls.scope import PUBLIC_SCOPE, SYSTEM_SCOPE, acting
from offices.foreign.landing import correspondent
from offices.models import ForeignLetter, ForeignPaper, ForeignRequest
from offices.work.services import log_work
from tests.cast import reader
from tests.conftest import WebClient
from tests.documents.files import with_part
from tests.offices.foreign_travel import FILLED_IN, FORM, a_turn, arrived, confirmed, link_in, mails, send, stranger
from tests.offices.test_annual_report import grid

pytestmark = pytest.mark.usefixtures("cast", "no_throttle")
Browse = Callable[..., WebClient]


@pytest.fixture
def no_throttle(db: None) -> None:
    cache.clear()


def paper(name: str = "plan.txt", content: bytes = b"flood walls\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def hostile() -> SimpleUploadedFile:
    """A Word file with a macro."""
    return paper("plan.docx", with_part("word/vbaProject.bin"))


def move(cast: SimpleNamespace, case: Case, key: str, who: str = "london", **given: object) -> Case:
    actor = reader(cast, who)
    with acting(actor.scope):
        perform(case, key, actor=actor, now=timezone.now(), **{"reason": "because", **given})  # type: ignore[arg-type]
    return Case.objects.get(pk=case.pk)


def moved_on(cast: SimpleNamespace, case: Case, day: int, *keys: str, month: int = 11) -> Case:
    """Moves by London, one after the other, on a day of 2026."""
    actor = reader(cast, "london")
    for key in keys:
        with acting(actor.scope):
            partner = {"partner": cast.places["otaru"]} if key == "introduce" else {}
            perform(case, key, actor=actor, now=on(day, month), reason="because", **partner)
    return Case.objects.get(pk=case.pk)


def on(day: int, month: int = 11) -> dt.datetime:
    return dt.datetime(2026, month, day, 10, tzinfo=ZoneInfo("Europe/London"))


def told_of(case: Case) -> set[str]:
    for message in Message.objects.filter(state="queued"):
        deliver(message.pk, timezone.now())
    return set(Notification.objects.values_list("event", flat=True))


# --- Asking ------------------------------------------------------------------------------------------------------------------
def test_office_page_and_home_lead_to_the_form_which_offers_only_the_countries_of_today() -> None:
    assert FORM in stranger().get("/en/offices/lon/").text
    assert FORM in stranger().get("/en/offices/").text
    page = stranger().get(FORM).text
    assert 'value="GB"' in page
    assert 'value="US"' not in page


def test_unconfirmed_request_is_no_case_and_nobody_reads_it(browse: Browse) -> None:
    assert send().url == "/en/forms/requests/sent/"
    a_turn()
    assert Case.objects.count() == 0
    assert ForeignRequest.objects.get().case is None
    assert [mail.subject for mail in mails()] == ["Please confirm your request: Flood walls"]


def test_opening_the_link_confirms_nothing_and_the_button_does() -> None:
    send()
    a_turn()
    link = link_in(mails()[0])
    assert stranger().get(link).status_code == 200
    a_turn()
    assert Case.objects.count() == 0
    assert "your address is confirmed" in stranger().post(link).text
    assert stranger().post(link).status_code == 200  # a second time changes nothing
    a_turn()
    assert Case.objects.count() == 1


def test_confirmed_request_is_a_case_of_the_office_with_number_and_notices(
    cast: SimpleNamespace, browse: Browse
) -> None:
    case, _link = confirmed()
    assert (case.origin, case.state, case.holding, case.countries) == (
        "foreign_form",
        "received",
        cast.places["london"],
        ["GB"],
    )
    assert re.fullmatch(r"R8-外-\d{4}", case.number or "")
    assert Referral.objects.get(case=case).office == cast.places["london"]
    assert told_of(case) == {"offices.foreign.received"}
    page = browse("london").get(f"/desk/cases/{case.pk}/").text
    assert "York City Council" in page
    assert "flood walls" in page


def test_other_offices_and_members_do_not_see_it_and_headquarters_does(browse: Browse) -> None:
    case, _link = confirmed()
    seen = {
        who: browse(who).get(f"/desk/cases/{case.pk}/").status_code
        for who in ("newyork", "otaru", "hokkaido", "hq_officer")
    }
    assert seen == {"newyork": 404, "otaru": 404, "hokkaido": 404, "hq_officer": 200}


def test_kind_that_a_setting_sends_to_headquarters_begins_there(
    settings: SimpleNamespace, cast: SimpleNamespace
) -> None:
    settings.FOREIGN_KINDS_TO_HEADQUARTERS = ("study_visit",)
    case, _link = confirmed()
    assert (case.state, case.holding) == ("at_headquarters", cast.places["hq"])


def test_bad_input_is_said_at_the_top_and_beside_the_field_and_nothing_typed_is_lost() -> None:
    answer = send(email="ann at york", consent="", starts_on="2027-05-20")
    assert answer.status_code == 422
    page = answer.text
    assert 'href="#id_email"' in page
    assert page.count("The last day must not be before the first day.") == 2
    assert "York City Council" in page
    assert "keeps its flood walls." in page
    assert ForeignRequest.objects.count() == 0


def test_country_of_another_office_is_refused() -> None:
    assert send(country="US").status_code == 422


def test_hostile_paper_is_refused_with_a_sentence_and_nothing_is_kept() -> None:
    answer = send(papers=[hostile()])
    assert answer.status_code == 422
    assert answer.text.count("Browsers do not keep papers: choose them again before you send.") == 1
    assert "York City Council" in answer.text
    assert ForeignRequest.objects.count() == 0


def test_more_papers_or_larger_ones_than_allowed_are_refused(settings: SimpleNamespace) -> None:
    assert "Add at most 3 papers." in send(papers=[paper(f"{n}.txt") for n in range(4)]).text
    settings.FOREIGN_PAPER_BYTES = 5
    assert "plan.txt is larger than" in send(papers=[paper()]).text


def test_papers_of_the_form_hang_on_the_case() -> None:
    case, _link = confirmed(papers=[paper()])
    kept = CaseFile.objects.get(case=case)
    assert (kept.name, kept.side, kept.shared) == ("plan.txt", "applicant", True)
    assert ForeignPaper.objects.count() == 0


def test_too_many_requests_of_one_address_of_the_net_are_refused(settings: SimpleNamespace) -> None:
    settings.STRANGER_SENDS_AN_HOUR = 1
    assert send().status_code == 302
    answer = send(email="other@york.example.org")
    assert answer.status_code == 422
    assert "Wait an hour" in answer.text
    assert ForeignRequest.objects.count() == 1


def test_one_mail_address_has_at_most_five_waiting_requests() -> None:
    assert [send().status_code for _turn in range(6)] == [302] * 5 + [422]


def test_unconfirmed_request_is_deleted_after_the_time_and_its_link_opens_nothing(settings: SimpleNamespace) -> None:
    send(papers=[paper()])
    a_turn()
    link = link_in(mails()[0])
    a_turn(timezone.now() + dt.timedelta(hours=73))
    assert (ForeignRequest.objects.count(), ForeignPaper.objects.count()) == (0, 0)
    assert stranger().post(link).status_code == 404


def test_form_in_japanese_gets_its_mails_in_japanese() -> None:
    send("/ja/forms/offices/lon/")
    a_turn()
    assert mails()[0].subject == "依頼をご確認ください:Flood walls"
    assert "/ja/requests/confirm/" in mails()[0].body


# --- Following -----------------------------------------------------------------------------------------------------------------
def test_link_shows_the_public_label_and_shared_messages_only(cast: SimpleNamespace) -> None:
    case, link = confirmed()
    case = move(cast, case, "take_up")
    actor = reader(cast, "london")
    with acting(actor.scope):
        add_note(case, body="for us only", shared=False, actor=actor, now=timezone.now())
        add_note(case, body="for everybody", shared=True, actor=actor, now=timezone.now())
    page = stranger().get(link).text
    assert "The office is working on it" in page
    assert "for everybody" in page
    assert "for us only" not in page


def test_each_use_of_the_link_is_in_the_log() -> None:
    _case, link = confirmed()
    before = Entry.objects.filter(event="accounts.signed_link.used").count()
    stranger().get(link)
    stranger().get(link)
    assert Entry.objects.filter(event="accounts.signed_link.used").count() == before + 2


def test_state_and_shared_messages_go_out_by_mail_once(cast: SimpleNamespace) -> None:
    case, _link = confirmed()
    case = move(cast, case, "take_up")
    move(cast, case, "ask_abroad", reason="Which city?")
    a_turn()
    a_turn()
    last = mails()[-1]
    assert len(mails()) == 3
    assert "State: The office has a question for you" in last.body
    assert "Which city?" in last.body
    assert stranger().get(link_in(last)).status_code == 200


def test_reply_with_a_paper_answers_the_question_and_the_office_goes_on(cast: SimpleNamespace) -> None:
    case, link = confirmed()
    case = move(cast, case, "ask_abroad", reason="Which city?")
    assert stranger().post(link, {"body": "Sapporo.", "papers": [paper()]}).status_code == 302
    assert "Your message is on its way" in stranger().get(link).text
    a_turn()
    case.refresh_from_db()
    assert (case.state, case.holding) == ("in_progress", cast.places["london"])
    assert Note.objects.get(body="Sapporo.").signature["en"] == "Ann Smith (York City Council)"
    assert CaseFile.objects.get(case=case).name == "plan.txt"
    assert ForeignLetter.objects.count() == 0
    assert "offices.foreign.replied" in told_of(case)


def test_empty_reply_and_hostile_paper_are_refused_with_what_was_typed() -> None:
    _case, link = confirmed()
    assert stranger().post(link, {"body": ""}).status_code == 422
    answer = stranger().post(link, {"body": "Sapporo.", "papers": [hostile()]})
    assert answer.status_code == 422
    assert "Sapporo." in answer.text
    assert answer.text.count("Browsers do not keep papers: choose them again before you send.") == 1
    assert "Browsers do not keep papers" not in stranger().get(link).text
    assert ForeignLetter.objects.count() == 0


def test_withdrawal_through_the_link_ends_the_case_with_the_reason() -> None:
    case, link = confirmed()
    assert stranger().get(f"{link}withdraw/").status_code == 200
    assert stranger().post(f"{link}withdraw/", {"reason": "No budget."}).status_code == 302
    a_turn()
    case.refresh_from_db()
    assert case.state == "withdrawn"
    assert Note.objects.filter(case=case, body="No budget.").exists()
    assert "nothing to withdraw" in stranger().get(f"{link}withdraw/").text


def test_paper_of_the_office_is_read_through_the_link_and_one_of_another_case_is_not(cast: SimpleNamespace) -> None:
    case, link = confirmed(papers=[paper()])
    _other, other_link = confirmed(email="leeds@example.org", government="Leeds")
    kept = CaseFile.objects.get(case=case)
    answer = stranger().get(f"{link}papers/{kept.pk}/")
    assert b"".join(answer.streaming_content) == b"flood walls\n"
    assert stranger().get(f"{other_link}papers/{kept.pk}/").status_code == 404


def test_link_of_another_case_shows_that_case_only() -> None:
    _case, _link = confirmed()
    _other, other_link = confirmed(email="leeds@example.org", government="Leeds City Council", subject="Trams")
    page = stranger().get(other_link).text
    assert "Trams" in page
    assert "York" not in page


def test_forged_expired_and_revoked_links_open_nothing() -> None:
    _case, link = confirmed()
    assert stranger().get("/en/requests/follow/" + "x" * 43 + "/").status_code == 404
    confirming = link_in(mails()[0]).replace("confirm", "follow")
    assert stranger().get(confirming).status_code == 404  # another purpose
    SignedLink.objects.update(expires_at=timezone.now() - dt.timedelta(seconds=1))
    assert stranger().get(link).status_code == 410
    SignedLink.objects.update(expires_at=timezone.now() + dt.timedelta(days=1), revoked_at=timezone.now())
    assert stranger().get(link).status_code == 410
    assert stranger().post(link, {"body": "Sapporo."}).status_code == 410
    assert ForeignLetter.objects.count() == 0


def test_office_takes_the_links_back_on_the_case_page_and_another_office_cannot(browse: Browse) -> None:
    case, link = confirmed()
    asked = ForeignRequest.objects.get(case=case)
    assert f"/desk/foreign/{asked.pk}/links/" in browse("london").get(f"/desk/cases/{case.pk}/").text
    assert browse("newyork").post(f"/desk/foreign/{asked.pk}/links/").status_code == 404
    assert stranger().get(link).status_code == 200
    assert browse("london").post(f"/desk/foreign/{asked.pk}/links/").status_code == 302
    assert stranger().get(link).status_code == 410


def test_new_link_is_mailed_to_the_known_address_and_the_answer_is_the_same_for_every_address() -> None:
    confirmed()
    SignedLink.objects.update(created_at=timezone.now() - dt.timedelta(hours=1))
    known = stranger().post("/en/forms/requests/", {"email": "Ann@York.example.org"})
    unknown = stranger().post("/en/forms/requests/", {"email": "nobody@example.org"})
    body = re.compile(r"<main.*</main>", re.DOTALL)
    assert body.findall(known.text) == body.findall(unknown.text)
    assert (known.status_code, unknown.status_code) == (200, 200)
    a_turn()
    assert mails("nobody@example.org") == []
    assert stranger().get(link_in(mails()[-1])).status_code == 200
    assert "Somebody asked for a new link" in mails()[-1].body


def test_new_links_are_mailed_at_most_every_ten_minutes() -> None:
    confirmed()
    before = len(mails())
    stranger().post("/en/forms/requests/", {"email": FILLED_IN["email"]})
    a_turn()
    assert len(mails()) == before


# --- Working -------------------------------------------------------------------------------------------------------------------
MOVES = [
    ("received", "take_up", "in_progress", "london"),
    ("received", "decline", "declined", "london"),
    ("received", "pass_on", "at_headquarters", "london"),
    ("in_progress", "answer", "answered", "london"),
    ("answered", "go_on", "in_progress", "london"),
    ("answered", "close", "closed", "london"),
    ("at_headquarters", "give_back", "in_progress", "hq_officer"),
    ("at_headquarters", "decline_at_headquarters", "declined", "hq_officer"),
    ("closed", "reopen", "in_progress", "london"),
    ("withdrawn", "reopen", "in_progress", "london"),
]
WAYS: dict[str, list[str]] = {
    "received": [], "in_progress": ["take_up"], "answered": ["take_up", "answer"], "at_headquarters": ["pass_on"],
    "closed": ["take_up", "answer", "close"], "withdrawn": ["take_up"],
}  # fmt: skip


@pytest.mark.parametrize(("start", "key", "end", "who"), MOVES)
def test_move_leads_where_the_workflow_says(cast: SimpleNamespace, start: str, key: str, end: str, who: str) -> None:
    case, link = confirmed()
    for way in WAYS[start]:
        case = move(cast, case, way)
    if start == "withdrawn":
        stranger().post(f"{link}withdraw/", {"reason": "No budget."})
        a_turn()
        case.refresh_from_db()
    assert case.state == start
    assert move(cast, case, key, who).state == end


def test_japanese_local_government_is_told_who_asks_and_does_not_see_the_case(
    cast: SimpleNamespace, browse: Browse
) -> None:
    case, _link = confirmed()
    case = move(cast, move(cast, case, "take_up"), "introduce", partner=cast.places["otaru"])
    assert case.state == "with_partner"
    told_of(case)
    notice = Notification.objects.get(event="offices.foreign.partner_asked", person=cast.people["otaru"].pk)
    assert notice.params["government"] == "York City Council"
    assert browse("otaru").get("/desk/notifications/").status_code == 200
    assert browse("otaru").get(f"/desk/cases/{case.pk}/").status_code == 404


def test_japanese_local_government_reads_the_whole_request_in_its_own_language(cast: SimpleNamespace) -> None:
    """The notice is all it has. What is asked for may have 8000 letters."""
    text = "Flood walls. " * 600 + "Could you show us yours?"
    case, _link = confirmed(text=text)
    case = move(cast, move(cast, case, "take_up"), "introduce", partner=cast.places["otaru"])
    told_of(case)
    notice = Notification.objects.get(event="offices.foreign.partner_asked", person=cast.people["otaru"].pk)
    with translation.override("ja"):
        said = rendered(notice.event, notice.params)[1]
    assert text in said
    assert "York City Council(イギリス)" in said
    assert text in Email.objects.get(event="offices.foreign.partner_asked", person=cast.people["otaru"].pk).body


def test_a_title_that_is_too_long_says_that_it_goes_on() -> None:
    case, _link = confirmed(government="York City Council " * 8, subject="Flood walls " * 12)
    assert (len(case.title), case.title[-7:]) == (200, "Flood …")


def test_partner_is_found_by_name_and_must_be_a_local_government(cast: SimpleNamespace, browse: Browse) -> None:
    case, _link = confirmed()
    case = move(cast, case, "take_up")
    address, client = f"/desk/cases/{case.pk}/move/introduce/", browse("london")
    refused = client.post(address, {"version": case.version, "partner": "PAR"})
    assert refused.status_code == 422
    assert "local government of Japan" in refused.text or "実在する日本の自治体" in refused.text
    assert client.post(address, {"version": case.version, "partner": "小樽市"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "with_partner"


@pytest.mark.parametrize(
    ("before", "kept", "due"),
    [
        ([], None, dt.date(2027, 1, 7)),  # five days to take it up say nothing of the work
        (["take_up"], 18, dt.date(2027, 1, 5)),
        (["take_up", "introduce"], None, dt.date(2027, 1, 7)),
    ],
    ids=["before it is taken up", "in the middle of the work", "while a Japanese local government is asked"],
)
def test_the_work_has_its_own_twenty_days_after_a_question(
    cast: SimpleNamespace, before: list[str], kept: int | None, due: dt.date
) -> None:
    """Arrived on Tuesday the 24th, asked on the 26th, answered on Thursday the 10th of December."""
    Holiday.objects.all().delete()
    case = moved_on(cast, arrived(on(24)), 24, *before)
    case = moved_on(cast, case, 26, "ask_abroad")
    assert case.clock_left == kept
    with acting(SYSTEM_SCOPE):
        abroad = correspondent(ForeignRequest.objects.get(case=case))
        perform(case, "reply", actor=abroad, now=on(10, 12), reason="In May.")
    case.refresh_from_db()
    assert (case.state, case.clock_left) == ("in_progress", None)
    assert case.due_at == dt.datetime.combine(due, dt.time(17), ZoneInfo("Europe/London"))


def test_case_that_waits_for_the_sender_does_not_wait_for_the_office(cast: SimpleNamespace, browse: Browse) -> None:
    case, _link = confirmed()
    move(cast, case, "ask_abroad")
    scope = reader(cast, "london").scope
    with acting(scope):
        assert Case.objects.visible_to(scope).held_by(scope).count() == 0
        assert Case.objects.visible_to(scope).held_by_others(scope).count() == 1


@pytest.mark.parametrize("key", ["take_up", "pass_on", "ask_abroad", "decline"])
def test_decision_pages_open_and_say_that_a_mail_goes_out(browse: Browse, key: str) -> None:
    case, _link = confirmed()
    assert browse("london").get(f"/desk/cases/{case.pk}/move/{key}/").status_code == 200


def test_whoever_asked_reads_nothing_of_the_work_that_is_logged(cast: SimpleNamespace) -> None:
    case, link = confirmed()
    case, actor = move(cast, case, "take_up"), reader(cast, "london")
    a_turn()
    sent = len(mails())
    with acting(actor.scope):
        log_work(
            case, kind="enquiry", day=timezone.localdate(), hours=Decimal(2), summary="Rang the river bureau", shared=True,
            actor=actor, now=timezone.now(),
        )  # fmt: skip
    told_of(case)
    a_turn()
    assert len(mails()) == sent
    assert "Rang the river bureau" not in stranger().get(link).text


def test_annual_report_counts_it_by_kind_of_requester_and_by_state(cast: SimpleNamespace) -> None:
    case, _link = confirmed()
    move(cast, case, "take_up")
    by_requester, by_state = grid(cast, "offices.by_requester"), grid(cast, "offices.foreign")
    london = cast.places["london"].pk
    assert by_requester.cell(london, "office").value == 1
    assert by_state.cell(london, "in_progress").value == 1


def test_a_letter_that_cannot_land_stops_no_other() -> None:
    case, link = confirmed()
    asked = ForeignRequest.objects.get(case=case)
    ForeignLetter.objects.create(request=asked, kind="withdrawal", body="")  # nothing that the pages send
    stranger().post(link, {"body": "May is best."})
    a_turn()
    assert Note.objects.filter(case=case, body="May is best.").exists()
    assert ForeignLetter.objects.count() == 1


def test_lists_of_the_office_and_of_headquarters_and_the_printed_case_hold_it(
    cast: SimpleNamespace, browse: Browse
) -> None:
    case, _link = confirmed()
    for who in ("london", "hq_officer"):
        assert "York City Council: Flood walls" in browse(who).get("/desk/cases/").text
        assert "York City Council: Flood walls" in browse(who).get("/desk/cases/?q=flood").text
        actor = reader(cast, who)
        with acting(actor.scope), translation.override("en"):
            printed = str(case_file.content(actor, case_file.params_of(case)))
        assert "We would like to see how a Japanese city keeps its flood walls." in printed
        assert "Ann Smith" in printed


def test_mail_of_a_withdrawn_request_says_so_and_a_message_after_the_end_is_kept(cast: SimpleNamespace) -> None:
    case, link = confirmed()
    stranger().post(f"{link}withdraw/", {"reason": "No budget."})
    a_turn()
    assert "State: You withdrew it" in mails()[-1].body
    stranger().post(link, {"body": "Perhaps next year."})
    a_turn()
    case.refresh_from_db()
    assert case.state == "withdrawn"
    assert Note.objects.filter(case=case, body="Perhaps next year.").exists()


@pytest.mark.second_wall
@pytest.mark.parametrize("who", [None, "otaru", "london", "hq_officer"])
@pytest.mark.parametrize("table", ["offices_foreignrequest", "offices_foreignletter", "offices_foreignpaper"])
def test_nobody_writes_the_box_past_its_functions(cast: SimpleNamespace, who: str | None, table: str) -> None:
    scope = reader(cast, who).scope if who else PUBLIC_SCOPE
    for statement in (
        f"insert into {table} (id) values (gen_random_uuid())",
        f"delete from {table}",
        f"update {table} set id = id",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), acting(scope), connection.cursor() as cursor:
            cursor.execute(statement)


def test_overdue_answer_from_abroad_is_told_to_the_office(cast: SimpleNamespace) -> None:
    case, _link = confirmed()
    move(cast, case, "ask_abroad")
    addressed = Reminder.objects.filter(dropped_at=None, event="casework.deadline.passed").values_list(
        "addressed", flat=True
    )
    assert {"organisation": cast.places["london"].pk, "right": "cases.work"} in addressed[0]
