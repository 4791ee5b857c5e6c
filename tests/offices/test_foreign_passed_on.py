"""A request from abroad goes on: to headquarters, from there to another office, or from office to office."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone, translation

from clair_portal.accounts.models import Person
from clair_portal.audit.models import Entry
from clair_portal.casework.checklist import add_task, take_up_again
from clair_portal.casework.enums import Holder
from clair_portal.casework.models import Assignment, Case, CaseFile, KindVersion, Note, Referral, Task
from clair_portal.casework.rules import Conflict, NotAllowed
from clair_portal.casework.services import add_file, add_note, perform, take_on
from clair_portal.network.models import Organisation
from clair_portal.outbox.delivery import deliver
from clair_portal.outbox.models import Message, Notification, Reminder
from clair_portal.outbox.notices import rendered
from clair_portal.walls.scope import acting
from offices.foreign.workflow import FOREIGN
from offices.models import ForeignRequest
from offices.work.services import log_work
from tests.cast import make_person, reader
from tests.conftest import WebClient
from tests.offices.foreign_travel import a_turn, confirmed, link_in, mails, send, stranger
from tests.offices.test_annual_report import grid
from tests.offices.test_foreign import move, paper

pytestmark = pytest.mark.usefixtures("cast", "no_throttle", "paris")
Browse = Callable[..., WebClient]
READS_ALONG = "Your office passed this case on. It reads along; the office that has it now writes."


@pytest.fixture
def no_throttle(db: None) -> None:
    cache.clear()


@pytest.fixture
def paris(cast: SimpleNamespace) -> None:
    make_person(cast, "paris", "Marie Duval", "Marie Duval", "paris", "office_officer", "en", None)


def to_paris(cast: SimpleNamespace) -> dict[str, Any]:
    return {"office": cast.places["paris"]}


def offered(cast: SimpleNamespace) -> tuple[Case, str]:
    case, link = confirmed()
    return move(cast, case, "offer", reason="France asks.", **to_paris(cast)), link


def referred(cast: SimpleNamespace) -> tuple[Case, str]:
    case, link = confirmed()
    case = move(cast, case, "pass_on", reason="It concerns Japan as a whole.")
    return move(cast, case, "refer", "hq_officer", reason="Paris knows them.", **to_paris(cast)), link


def standing(case: Case) -> dict[str, str]:
    rows = Referral.objects.filter(case=case, standing=True).select_related("office").order_by("pk")
    return {row.office.code or "": row.state for row in rows}


def told() -> dict[str, set[str]]:
    """Event → whose people read it."""
    for message in Message.objects.filter(state="queued"):
        deliver(message.pk, timezone.now())
    people = dict(Person.objects.values_list("pk", "email"))
    found: dict[str, set[str]] = {}
    for notice in Notification.objects.all():
        found.setdefault(notice.event, set()).add(people[notice.person].partition("@")[0])
    return found


def status_of(browse: Browse, case: Case, *people: str) -> dict[str, int]:
    return {who: browse(who).get(f"/desk/cases/{case.pk}/").status_code for who in people}


# --- From office to office ---------------------------------------------------------------------------------------------------
def test_office_offers_it_to_another_which_sees_it_with_its_own_clock(cast: SimpleNamespace, browse: Browse) -> None:
    case, _link = offered(cast)
    assert (case.state, case.holding, case.due_zone) == ("offered", cast.places["paris"], "Europe/Paris")
    assert standing(case) == {"LON": "offered", "PAR": "proposed"}
    seen = status_of(browse, case, "london", "paris", "hq_officer", "newyork", "otaru", "hokkaido")
    assert seen == {"london": 200, "paris": 200, "hq_officer": 200, "newyork": 404, "otaru": 404, "hokkaido": 404}


def test_people_of_the_other_office_are_told_in_their_language(cast: SimpleNamespace) -> None:
    _case, _link = offered(cast)
    assert told()["offices.foreign.offered"] == {"hq_approver", "hq_officer", "london_local", "paris"}
    notice = Notification.objects.get(event="offices.foreign.offered", person=cast.people["paris"].pk)
    with translation.override("en"):
        heading, text = rendered(notice.event, notice.params)
    assert heading == "Request from abroad offered to Paris office: York City Council: Flood walls"
    assert text.endswith("Yu Saeki (London office): France asks.")


def test_screen_shows_before_the_move_who_will_be_told_what(cast: SimpleNamespace, browse: Browse) -> None:
    case, _link = confirmed()
    ForeignRequest.objects.filter(case=case).update(country_id="FR")
    Case.objects.filter(pk=case.pk).update(countries=["FR"])
    page = browse("london_local").get(f"/desk/cases/{case.pk}/move/offer/").text
    assert "Marie Duval" in page
    assert "Request from abroad offered to Paris office: York City Council: Flood walls" in page
    assert "Mio Hayakawa" in page
    assert "海外からの依頼をパリ事務所に打診:York City Council: Flood walls" in page
    assert "Your office reads the request and its shared papers until it ends" in page


def test_office_that_accepts_goes_on_with_it_and_the_first_one_only_reads(
    cast: SimpleNamespace, browse: Browse
) -> None:
    case, _link = offered(cast)
    case = move(cast, case, "accept", "paris")
    assert (case.state, case.holding) == ("in_progress", cast.places["paris"])
    assert standing(case) == {"LON": "reading", "PAR": "accepted"}
    assert told()["offices.foreign.accepted"] == {"hq_approver", "hq_officer", "london", "london_local"}
    page = browse("london_local").get(f"/desk/cases/{case.pk}/").text
    assert READS_ALONG in page
    assert "What you can do now" not in page
    assert "I take charge" not in page
    assert "Add the paper" not in page
    assert "We would like to see how a Japanese city keeps its flood walls." in page
    for key in ("answer", "ask_abroad", "offer", "pass_on", "decline"):
        with pytest.raises(NotAllowed):
            move(cast, case, key, "london")
    assert move(cast, case, "answer", "paris", reason="In May.").state == "answered"


def test_office_returns_an_offer_with_a_reason_and_the_first_one_has_it_again(
    cast: SimpleNamespace, browse: Browse
) -> None:
    case, _link = offered(cast)
    with pytest.raises(NotAllowed, match="Write the reason"):
        move(cast, case, "return_offer", "paris", reason=" ")
    case = move(cast, case, "return_offer", "paris", reason="Not our country.")
    assert (case.state, case.holding) == ("in_progress", cast.places["london"])
    assert standing(case) == {"LON": "accepted"}
    ended = Referral.objects.get(case=case, office=cast.places["paris"])
    assert (ended.state, ended.reason) == ("returned", "Not our country.")
    assert told()["offices.foreign.returned"] == {"hq_approver", "hq_officer", "london", "london_local"}
    assert status_of(browse, case, "paris", "london") == {"paris": 404, "london": 200}
    assert move(cast, case, "answer", "london").state == "answered"


def test_office_takes_its_offer_back_and_the_other_one_is_told_and_sees_it_no_more(
    cast: SimpleNamespace, browse: Browse
) -> None:
    case, _link = offered(cast)
    with pytest.raises(NotAllowed, match="Only the office that passed it on can do this"):
        move(cast, case, "take_back", "paris")
    case = move(cast, case, "take_back", "london")
    assert (case.state, case.holding) == ("in_progress", cast.places["london"])
    assert standing(case) == {"LON": "accepted"}
    assert "paris" in told()["offices.foreign.taken_back"]
    assert status_of(browse, case, "paris") == {"paris": 404}


def reminded(cast: SimpleNamespace) -> dict[str, set[str]]:
    """Event → places whose people will be reminded."""
    keys = {place.pk: key for key, place in cast.places.items()}
    rows = Reminder.objects.filter(dropped_at=None)
    return {row.event: {keys[post["organisation"]] for post in row.addressed} for row in rows}


def test_an_offer_reminds_the_office_that_is_to_answer_it(cast: SimpleNamespace) -> None:
    offered(cast)
    assert reminded(cast) == {"casework.deadline.near": {"paris"}, "casework.deadline.passed": {"paris", "hq"}}


@pytest.mark.parametrize(("key", "who"), [("return_offer", "paris"), ("take_back", "london")])
def test_after_an_offer_the_office_that_has_it_again_is_reminded(cast: SimpleNamespace, key: str, who: str) -> None:
    case, _link = offered(cast)
    move(cast, case, key, who)
    assert reminded(cast) == {"casework.deadline.near": {"london"}, "casework.deadline.passed": {"london", "hq"}}


def test_first_office_does_not_accept_for_the_other_one(cast: SimpleNamespace) -> None:
    case, _link = offered(cast)
    for key in ("accept", "return_offer"):
        with pytest.raises(NotAllowed, match="Only the overseas office can do this"):
            move(cast, case, key, "london")
    assert standing(case) == {"LON": "offered", "PAR": "proposed"}


def test_office_that_got_it_passes_it_on_again_and_both_before_it_read(cast: SimpleNamespace, browse: Browse) -> None:
    case, _link = offered(cast)
    case = move(cast, case, "accept", "paris")
    case = move(cast, case, "offer", "paris", reason="An American matter.", office=cast.places["newyork"])
    with pytest.raises(NotAllowed):
        move(cast, case, "take_back", "london")
    assert standing(case) == {"LON": "reading", "PAR": "offered", "NYC": "proposed"}
    case = move(cast, case, "accept", "newyork")
    assert status_of(browse, case, "london", "paris", "newyork") == {"london": 200, "paris": 200, "newyork": 200}
    back = move(cast, case, "offer", "newyork", reason="London after all.", office=cast.places["london"])
    assert standing(back) == {"PAR": "reading", "NYC": "offered", "LON": "proposed"}


# --- Through headquarters ----------------------------------------------------------------------------------------------------
def test_headquarters_passes_it_to_another_office_and_the_first_one_reads(cast: SimpleNamespace) -> None:
    case, _link = referred(cast)
    assert (case.state, case.holding) == ("passed_to", cast.places["paris"])
    assert standing(case) == {"LON": "reading", "PAR": "proposed"}
    assert told()["offices.foreign.referred"] == {"hq_approver", "london", "london_local", "paris"}
    case = move(cast, case, "accept", "paris")
    assert (case.state, standing(case)) == ("in_progress", {"LON": "reading", "PAR": "accepted"})


def test_office_returns_it_to_headquarters_which_gives_it_back_to_the_first_one(cast: SimpleNamespace) -> None:
    case, _link = referred(cast)
    case = move(cast, case, "return", "paris", reason="Not our country.")
    assert (case.state, case.holding, standing(case)) == ("at_headquarters", cast.places["hq"], {"LON": "reading"})
    case = move(cast, case, "give_back", "hq_officer")
    assert (case.state, case.holding, standing(case)) == ("in_progress", cast.places["london"], {"LON": "accepted"})
    assert move(cast, case, "answer", "london").state == "answered"


def test_headquarters_passes_it_back_by_referring_it_again(cast: SimpleNamespace) -> None:
    case, _link = referred(cast)
    case = move(cast, move(cast, case, "accept", "paris"), "pass_on", "paris")
    case = move(cast, case, "refer", "hq_officer", office=cast.places["london"])
    assert standing(case) == {"PAR": "reading", "LON": "proposed"}


@pytest.mark.parametrize("passed", [offered, referred])
def test_headquarters_calls_it_back_from_the_office(
    cast: SimpleNamespace, passed: Callable[..., tuple[Case, str]], browse: Browse
) -> None:
    case, _link = passed(cast)
    case = move(cast, case, "call_back", "hq_officer")
    assert (case.state, standing(case)) == ("at_headquarters", {"LON": "reading"})
    assert Referral.objects.get(case=case, office=cast.places["paris"]).state == "revoked"
    assert {"paris", "london"} <= told()["offices.foreign.called_back"]
    assert status_of(browse, case, "paris") == {"paris": 404}


# --- What cannot be ----------------------------------------------------------------------------------------------------------
def refused(browse: Browse, cast: SimpleNamespace, case: Case, **sent: Any) -> str:
    filled = {"version": case.version, "office": cast.places["paris"].pk, "reason": "France asks."} | sent
    answer = browse("london_local").post(f"/desk/cases/{case.pk}/move/offer/", filled)
    assert answer.status_code == 422
    case.refresh_from_db()
    assert (case.state, standing(case)) == ("received", {"LON": "proposed"})
    return answer.text


def test_without_a_reason_nothing_is_passed_on_and_the_choice_is_kept(cast: SimpleNamespace, browse: Browse) -> None:
    case, _link = confirmed()
    page = refused(browse, cast, case, reason="")
    assert 'href="#id_reason"' in page
    assert f'value="{cast.places["paris"].pk}"' in page
    assert "checked" in page


def test_an_office_cannot_pass_it_to_itself(cast: SimpleNamespace, browse: Browse) -> None:
    case, _link = confirmed()
    page = refused(browse, cast, case, office=cast.places["london"].pk)
    assert "London office has this case already. Choose another office." in page
    assert "France asks." in page


def test_an_office_that_has_ended_gets_nothing(cast: SimpleNamespace, browse: Browse) -> None:
    case, _link = confirmed()
    Organisation.objects.filter(pk=cast.places["paris"].pk).update(ends_on=dt.date(2026, 3, 31))
    assert "Paris office does not exist any more. Choose another office." in refused(browse, cast, case)
    assert "Paris office" not in browse("london_local").get(f"/desk/cases/{case.pk}/move/offer/").text


def test_what_is_no_office_gets_nothing(cast: SimpleNamespace, browse: Browse) -> None:
    case, _link = confirmed()
    refused(browse, cast, case, office=cast.places["otaru"].pk)
    with pytest.raises(NotAllowed, match="Choose an overseas office"):
        move(cast, case, "offer", office=cast.places["otaru"])


def test_of_two_people_who_move_it_at_once_one_is_told_and_nothing_is_half_done(
    cast: SimpleNamespace, browse: Browse
) -> None:
    case, _link = confirmed()
    seen = case.version
    move(cast, case, "take_up", "london")
    answer = browse("london_local").post(
        f"/desk/cases/{case.pk}/move/offer/",
        {"version": seen, "office": cast.places["paris"].pk, "reason": "France asks."},
    )
    assert answer.status_code == 422
    assert "Somebody else changed this case while you had it open." in answer.text
    assert standing(case) == {"LON": "accepted"}
    actor = reader(cast, "paris")
    offer = move(cast, Case.objects.get(pk=case.pk), "offer", **to_paris(cast))
    with acting(actor.scope):
        perform(offer, "accept", actor=actor, now=timezone.now(), version=offer.version)
    london = reader(cast, "london")
    with pytest.raises(Conflict), acting(london.scope):
        perform(offer, "take_back", actor=london, now=timezone.now(), reason="x", version=offer.version)
    assert standing(case) == {"LON": "reading", "PAR": "accepted"}


# --- What the first office keeps ----------------------------------------------------------------------------------------------
def test_internal_messages_stay_with_their_office_and_shared_papers_are_read_by_both(cast: SimpleNamespace) -> None:
    case, _link = confirmed(papers=[paper()])
    for who, body in (("london", "London only"), ("hq_officer", "Tokyo only")):
        actor = reader(cast, who)
        with acting(actor.scope):
            add_note(case, body=body, shared=False, actor=actor, now=timezone.now())
    case = move(cast, move(cast, case, "offer", **to_paris(cast)), "accept", "paris")
    actor = reader(cast, "paris")
    with acting(actor.scope):
        add_note(case, body="Paris only", shared=False, actor=actor, now=timezone.now())
        add_file(case, paper("reply.txt"), actor=actor, now=timezone.now())
    for who, bodies in (("london", {"London only"}), ("paris", {"Paris only"}), ("hq_officer", {"Tokyo only"})):
        scope = reader(cast, who).scope
        with acting(scope):
            assert set(Note.objects.visible_to(scope).values_list("body", flat=True)) == bodies, who
            papers = CaseFile.objects.visible_to(scope).values_list("name", flat=True)
            assert set(papers) == {"plan.txt", "reply.txt"}, who


def test_office_that_passed_it_on_writes_nothing_and_is_told_why(cast: SimpleNamespace, browse: Browse) -> None:
    case, _link = offered(cast)
    case = move(cast, case, "accept", "paris")
    client, before = browse("london_local"), Note.objects.count()
    answer = client.post(f"/desk/cases/{case.pk}/notes/", {"body": "They called us.", "shared": "shared"})
    assert answer.status_code == 422
    assert READS_ALONG in answer.text
    assert "They called us." in answer.text
    assert client.post(f"/desk/cases/{case.pk}/take/").status_code == 302
    assert Note.objects.count() == before


def test_links_are_taken_back_by_the_office_that_has_it_only(cast: SimpleNamespace, browse: Browse) -> None:
    case, link = offered(cast)
    a_turn()
    asked = ForeignRequest.objects.get(case=case)
    london, paris = browse("london_local"), browse("paris")
    assert "Take back all links" not in london.get(f"/desk/cases/{case.pk}/").text
    assert london.post(f"/desk/foreign/{asked.pk}/links/").status_code == 302
    assert stranger().get(link).status_code == 200
    assert paris.post(f"/desk/foreign/{asked.pk}/links/").status_code == 302
    assert stranger().get(link).status_code == 410


def test_office_that_offered_it_reads_that_it_can_take_it_back(cast: SimpleNamespace, browse: Browse) -> None:
    case, _link = offered(cast)
    page = browse("london_local").get(f"/desk/cases/{case.pk}/").text
    assert (
        "Your office offered this case to another one, which writes now. Until it answers you can take it back." in page
    )
    assert f"/desk/cases/{case.pk}/move/take_back/" in page
    assert "Write a message" not in page


def test_screen_without_a_proposal_says_the_office_you_choose(cast: SimpleNamespace, browse: Browse) -> None:
    case, _link = confirmed()
    page = browse("london_local").get(f"/desk/cases/{case.pk}/move/offer/").text
    assert "海外からの依頼を選んだ事務所に打診:York City Council: Flood walls" in page


@pytest.mark.second_wall
def test_database_keeps_an_office_that_reads_along_from_changing_anything(cast: SimpleNamespace) -> None:
    case, _link = offered(cast)
    case = move(cast, case, "accept", "paris")
    scope = reader(cast, "london").scope
    with acting(scope), connection.cursor() as cursor:
        for statement in (
            "update casework_case set title = 'x' where id = %s",
            "update casework_referral set state = 'accepted' where case_id = %s",
            "update casework_referral set standing = true where case_id = %s",
        ):
            cursor.execute(statement, [case.pk])
            assert cursor.rowcount == 0, statement
        for call in ("casework_offer(%s, %s, '', now())", "casework_settle(%s, 'revoked', 'accepted', '', now())"):
            given = [case.pk, cast.places["newyork"].pk] if "offer" in call else [case.pk]
            cursor.execute(f"select {call}", given)
            assert cursor.fetchone() == (False,), call
    assert standing(case) == {"LON": "reading", "PAR": "accepted"}


@pytest.mark.second_wall
def test_an_office_that_is_not_on_it_offers_and_settles_nothing(cast: SimpleNamespace) -> None:
    case, _link = offered(cast)
    for who in ("newyork", "london"):
        with acting(reader(cast, who).scope), connection.cursor() as cursor:
            cursor.execute("select casework_settle(%s, 'accepted', 'reading', '', now())", [case.pk])
            assert cursor.fetchone() == (False,), who
    with acting(reader(cast, "newyork").scope), connection.cursor() as cursor:
        cursor.execute("select casework_offer(%s, %s, '', now())", [case.pk, cast.places["newyork"].pk])
        assert cursor.fetchone() == (False,)
        cursor.execute("select count(*) from casework_offices_on(%s)", [case.pk])
        assert cursor.fetchone() == (0,)
        cursor.execute("select casework_end_reading(%s)", [case.pk])
        assert cursor.fetchone() == (False,)
    assert standing(case) == {"LON": "offered", "PAR": "proposed"}


def test_first_office_reads_until_the_request_is_closed_and_is_told_of_the_end(
    cast: SimpleNamespace, browse: Browse
) -> None:
    case, _link = offered(cast)
    for key in ("accept", "answer", "close"):
        assert status_of(browse, case, "london") == {"london": 200}
        case = move(cast, case, key, "paris")
    assert status_of(browse, case, "london", "paris") == {"london": 404, "paris": 200}
    assert {"london", "london_local"} <= told()["offices.foreign.closed"]
    assert "london" not in told()["offices.foreign.answered"]


def test_what_waits_for_the_sender_is_watched_by_the_new_office(cast: SimpleNamespace) -> None:
    case, _link = offered(cast)
    case = move(cast, move(cast, case, "accept", "paris"), "ask_abroad", "paris")
    assert case.holding == cast.places["paris"]
    addressed = Reminder.objects.filter(dropped_at=None, event="casework.deadline.passed").values_list(
        "addressed", flat=True
    )
    assert {"organisation": cast.places["paris"].pk, "right": "cases.work"} in addressed[0]
    assert {"organisation": cast.places["london"].pk, "right": "cases.work"} not in addressed[0]


def test_lists_of_the_new_office_hold_it_and_the_annual_report_counts_it_there(
    cast: SimpleNamespace, browse: Browse
) -> None:
    case, _link = offered(cast)
    case = move(cast, case, "accept", "paris")
    assert "York City Council: Flood walls" in browse("paris").get("/desk/cases/").text
    by_state = grid(cast, "offices.foreign")
    london, paris = cast.places["london"].pk, cast.places["paris"].pk
    assert by_state.cell(paris, "in_progress").value == 1
    assert not by_state.cell(london, "in_progress").value
    assert case.number in browse("hq_officer").get("/desk/cases/?office=PAR").text
    assert case.number not in browse("hq_officer").get("/desk/cases/?office=LON").text


# --- What the stranger reads -------------------------------------------------------------------------------------------------
def test_link_and_mail_say_in_their_language_who_has_it_now(cast: SimpleNamespace) -> None:
    _case, link = offered(cast)
    a_turn()
    assert "State: Your request is now with Paris office" in mails()[-1].body
    assert mails()[-1].body.endswith("Paris office (CLAIR)")
    page = stranger().get(link).text
    assert "Your request is now with Paris office" in page
    assert "France asks." not in page
    assert stranger().get(link_in(mails()[-1])).status_code == 200


def test_form_in_japanese_says_so_in_japanese(cast: SimpleNamespace) -> None:
    send("/ja/forms/offices/lon/")
    a_turn()
    stranger().post(link_in(mails()[0]))
    a_turn()
    move(cast, Case.objects.get(), "offer", **to_paris(cast))
    a_turn()
    assert "現在の担当は「パリ事務所」です" in mails()[-1].body
    assert "現在の担当は「パリ事務所」です" in stranger().get(link_in(mails()[-1])).text


def test_mail_says_who_wrote_and_goes_out_when_only_the_office_has_changed(cast: SimpleNamespace) -> None:
    case, link = confirmed()
    case = move(cast, case, "take_up")
    a_turn()
    case = move(cast, move(cast, case, "offer", **to_paris(cast)), "accept", "paris")
    a_turn()  # in progress before and after; another office has it
    assert "State: The office is working on it" in mails()[-1].body
    assert mails()[-1].body.endswith("Paris office (CLAIR)")
    sent = len(mails())
    move(cast, case, "answer", "paris", reason="In May.")
    a_turn()
    a_turn()
    assert len(mails()) == sent + 1
    assert "Paris office wrote:\n\nIn May." in mails()[-1].body
    assert "Paris office" in stranger().get(link).text


def test_reply_through_the_link_reaches_the_new_office(cast: SimpleNamespace) -> None:
    case, link = offered(cast)
    case = move(cast, move(cast, case, "accept", "paris"), "ask_abroad", "paris")
    stranger().post(link, {"body": "Lyon."})
    a_turn()
    case.refresh_from_db()
    assert (case.state, case.holding) == ("in_progress", cast.places["paris"])
    assert told()["offices.foreign.replied"] == {"paris"}


def test_withdrawal_ends_an_open_offer(cast: SimpleNamespace, browse: Browse) -> None:
    case, link = offered(cast)
    stranger().post(f"{link}withdraw/", {"reason": "No budget."})
    a_turn()
    case.refresh_from_db()
    assert case.state == "withdrawn"
    assert {"london", "paris"} <= told()["offices.foreign.withdrawn"]
    assert status_of(browse, case, "paris", "london") == {"paris": 200, "london": 404}


def test_story_tells_every_step_with_its_reason(cast: SimpleNamespace) -> None:
    case, _link = offered(cast)
    case = move(cast, case, "return_offer", "paris", reason="Not our country.")
    events = list(Entry.objects.about(case).values_list("event", flat=True))
    assert events == ["offices.foreign.received", "offices.foreign.offered", "offices.foreign.returned"]


def test_office_that_passed_it_on_corrects_its_work_no_more_and_is_told_why(
    cast: SimpleNamespace, browse: Browse
) -> None:
    case, _link = confirmed()
    case, actor = move(cast, case, "take_up"), reader(cast, "london_local")
    with acting(actor.scope):
        entry = log_work(
            case, kind="enquiry", day=timezone.localdate(), hours=Decimal(2), summary="Rang the embassy", shared=False,
            actor=actor, now=timezone.now(),
        )  # fmt: skip
    move(cast, move(cast, case, "offer", **to_paris(cast)), "accept", "paris")
    client, address = browse("london_local"), f"/desk/work/{entry.pk}/"
    assert address not in client.get(f"/desk/cases/{case.pk}/").text
    typed = {"kind": "enquiry", "day": "2026-11-20", "hours": "9", "summary": "Kept words", "visibility": "internal"}
    answer = client.post(address, typed)
    assert answer.status_code == 422
    assert READS_ALONG in answer.text
    assert "Kept words" in answer.text
    entry.refresh_from_db()
    assert (entry.summary, entry.hours) == ("Rang the embassy", Decimal(2))


# --- What the first office still had to do ----------------------------------------------------------------------------------
def test_tasks_of_an_office_that_passed_it_on_end_with_a_note_and_nobody_there_is_in_charge(
    cast: SimpleNamespace,
) -> None:
    case, _link = confirmed()
    london = reader(cast, "london")
    with acting(london.scope):
        add_task(case, title="Ring the embassy", actor=london, now=timezone.now())
        take_on(case, Holder.OFFICE, actor=london, now=timezone.now())
    case = move(cast, case, "offer", reason="France asks.", **to_paris(cast))
    assert Task.objects.get(case=case).done_at is None  # it may still come back
    assert Assignment.objects.filter(case=case).count() == 1
    paris = reader(cast, "paris")
    with acting(paris.scope):
        add_task(case, title="Write to York", actor=paris, now=timezone.now())
    move(cast, case, "accept", "paris")
    ended = Task.objects.get(title="Ring the embassy")
    assert ended.done_at is not None
    assert ended.done_by == {
        "ja": "案件を別の事務所に引き継いだため終了", "en": "Ended: the case went on to another office",
    }  # fmt: skip
    assert Task.objects.get(title="Write to York").done_at is None
    assert Assignment.objects.filter(case=case).count() == 0


def test_through_headquarters_it_is_the_same_and_a_task_can_be_taken_up_when_it_comes_back(
    cast: SimpleNamespace,
) -> None:
    case, _link = confirmed()
    london = reader(cast, "london")
    with acting(london.scope):
        add_task(case, title="Ring the embassy", actor=london, now=timezone.now())
    case = move(cast, case, "pass_on", reason="It concerns Japan as a whole.")
    case = move(cast, case, "refer", "hq_officer", reason="Paris knows them.", **to_paris(cast))
    assert Task.objects.get(case=case).done_at is not None
    case = move(cast, case, "return", "paris", reason="Not our country.")
    case = move(cast, case, "give_back", "hq_officer", reason="London after all.")
    with acting(london.scope):
        take_up_again(Task.objects.get(case=case), actor=london)
    assert Task.objects.get(case=case).done_at is None


def test_headquarters_opens_again_what_it_declined_after_the_other_office_returned_it(cast: SimpleNamespace) -> None:
    case, _link = referred(cast)
    case = move(cast, case, "return", "paris", reason="Not our country.")
    case = move(cast, case, "decline_at_headquarters", "hq_officer", reason="Nobody can help.")
    assert (case.state, case.holder) == ("declined", "nobody")
    with pytest.raises(NotAllowed):
        move(cast, case, "reopen_at_headquarters", "london")
    case = move(cast, case, "reopen_at_headquarters", "hq_officer", reason="Osaka can.")
    assert (case.state, case.holding, case.closed_at) == ("at_headquarters", cast.places["hq"], None)
    case = move(cast, case, "give_back", "hq_officer", reason="London after all.")
    assert (case.state, standing(case)) == ("in_progress", {"LON": "accepted"})


# --- Terms ------------------------------------------------------------------------------------------------------------------
def test_terms_are_proposals_until_headquarters_keeps_a_version(cast: SimpleNamespace, browse: Browse) -> None:
    client, page = browse("hq_officer"), "/desk/kinds/offices.foreign/"
    assert "この期限は案です" in client.get(page).text
    assert "この期限は案です" not in client.get("/desk/kinds/offices.support/").text
    terms = {f"term_{state.key}": str(state.business_days or "") for state in FOREIGN.states if not state.ended}
    form = {
        "starts_on": "2026-12-01", "fiscal_zone": "Asia/Tokyo", "remind_before": "1", "escalate_after": "1", "note": "", **terms,
    }  # fmt: skip
    assert client.post(page, form).status_code == 302
    kept = KindVersion.objects.get(kind="offices.foreign")
    assert kept.confirmed_at is not None
    assert kept.confirmed_by == reader(cast, "hq_officer").signature
    shown = client.get(page).text
    assert "この期限は案です" not in shown
    assert kept.confirmed_by["ja"] in shown
