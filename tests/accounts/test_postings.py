from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from clair_portal.accounts import handover
from clair_portal.accounts.models import Person, Posting
from clair_portal.audit.models import Entry


def posting(cast, who: str) -> Posting:
    return Posting.objects.get(person=cast.people[who])


def test_administrator_sees_the_people_of_the_organisation(browse):
    page = browse("otaru_administrator").get("/desk/postings/").content.decode()
    assert "岩倉 はる" in page
    assert "五十嵐 透" not in page


def test_headquarters_looks_at_any_organisation(browse):
    client = browse("hq_approver")
    assert "早川 みお" in client.get("/desk/postings/").content.decode()
    assert "五十嵐 透" in client.get("/desk/postings/?organisation=012025").content.decode()


def test_member_without_the_right_is_told_so(browse, cast):
    pk = posting(cast, "otaru_administrator").pk
    assert browse("otaru").get("/desk/postings/").status_code == 403
    assert browse("otaru").post(f"/desk/postings/{pk}/end/", {"ends_on": "2026-12-31"}).status_code == 403


def test_posting_ends_on_the_day_given_and_is_logged(browse, cast):
    row = posting(cast, "otaru")
    answer = browse("otaru_administrator").post(f"/desk/postings/{row.pk}/end/", {"ends_on": "令和9年3月31日"})
    assert answer["Location"] == "/desk/postings/"
    row.refresh_from_db()
    assert row.ends_on == dt.date(2027, 3, 31)
    assert Entry.objects.get(event="accounts.posting.ended").params["day"] == "2027-03-31"


@pytest.mark.parametrize("day", ["2026-03-31", "31.2.2027", "", "12-31"])
def test_impossible_last_days_are_said_beside_the_field_and_nothing_is_written(browse, cast, day):
    row = posting(cast, "otaru")
    answer = browse("otaru_administrator").post(f"/desk/postings/{row.pk}/end/", {"ends_on": day})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"ends_on"}
    row.refresh_from_db()
    assert row.ends_on is None
    assert Entry.objects.count() == 0


def test_overlap_with_another_posting_is_said_beside_the_field(browse, cast):
    first = posting(cast, "otaru")
    Posting.objects.filter(pk=first.pk).update(ends_on=dt.date(2027, 3, 31))
    Posting.objects.create(
        person=first.person, organisation=first.organisation, role_id=first.role_id, starts_on=dt.date(2027, 4, 1)
    )
    answer = browse("otaru_administrator").post(f"/desk/postings/{first.pk}/end/", {"ends_on": "2027-06-30"})
    assert answer.status_code == 422
    assert len(answer.context["form"].errors["ends_on"]) == 1
    first.refresh_from_db()
    assert first.ends_on == dt.date(2027, 3, 31)


def test_posting_of_another_organisation_cannot_be_ended(browse, cast):
    row = posting(cast, "hokkaido")
    assert (
        browse("otaru_administrator").post(f"/desk/postings/{row.pk}/end/", {"ends_on": "2027-03-31"}).status_code
        == 404
    )
    assert browse("london_local").post(f"/desk/postings/{row.pk}/end/", {"ends_on": "2027-03-31"}).status_code == 404
    row.refresh_from_db()
    assert row.ends_on is None


# --- successor ------------------------------------------------------------------------------------------------------


@pytest.fixture
def telephones(monkeypatch):
    """Stands for open work: telephone numbers of the posting's person move."""

    def move(from_posting, to_posting, actor, now):
        Person.objects.filter(pk=actor.person).update(telephone=f"to {to_posting.pk}")
        return 7

    monkeypatch.setattr(handover, "KINDS", {})
    handover.register("test.telephones", move, label="telephones")


def test_counts_are_shown_without_moving_anything_then_all_moves_at_once(browse, cast, telephones):
    old, new = posting(cast, "otaru"), posting(cast, "otaru_administrator")
    client, address = browse("otaru_administrator"), f"/desk/postings/{old.pk}/successor/"
    assert client.get(address).status_code == 200
    page = client.get(address, {"to": new.pk})
    assert page.context["counts"] == [("telephones", 7)]
    administrator = cast.people["otaru_administrator"]
    administrator.refresh_from_db()
    assert administrator.telephone == ""
    assert Entry.objects.count() == 0
    assert client.post(address, {"to": new.pk})["Location"] == "/desk/postings/"
    administrator.refresh_from_db()
    assert administrator.telephone == f"to {new.pk}"
    assert Entry.objects.get(event="accounts.posting.handed_over").params["count"] == 7


def test_successor_of_another_organisation_is_refused(browse, cast, telephones):
    old, foreign = posting(cast, "otaru"), posting(cast, "hakodate")
    address = f"/desk/postings/{old.pk}/successor/"
    assert browse("otaru_administrator").post(address, {"to": foreign.pk}).status_code == 422
    assert browse("hq_approver").post(address, {"to": foreign.pk}).status_code == 422
    assert Entry.objects.count() == 0


def test_service_refuses_another_organisation(cast):
    from tests.cast import reader

    with pytest.raises(ValueError, match="same organisation"):
        handover.hand_over(
            from_posting=posting(cast, "otaru"), to_posting=posting(cast, "hakodate"),
            actor=reader(cast, "otaru_administrator"), now=timezone.now(),
        )  # fmt: skip


def test_the_same_kind_is_registered_once(telephones):
    with pytest.raises(ValueError, match="twice"):
        handover.register("test.telephones", lambda *_all: 0, label="again")


def test_posting_that_ends_before_it_begins_is_named_by_the_model_as_well(cast):
    row = posting(cast, "otaru")
    row.ends_on = dt.date(2026, 3, 31)
    with pytest.raises(ValidationError) as error:
        row.full_clean()
    assert set(error.value.message_dict) == {"ends_on"}


def test_what_the_portal_really_registers_can_be_counted_and_handed_over(browse, cast):
    old, new = posting(cast, "otaru"), posting(cast, "otaru_administrator")
    client, address = browse("otaru_administrator"), f"/desk/postings/{old.pk}/successor/"
    page = client.get(address, {"to": new.pk})
    assert page.status_code == 200
    assert len(page.context["counts"]) == len(handover.KINDS) >= 1
    assert client.post(address, {"to": new.pk}).status_code == 302


# --- Signing somebody out ----------------------------------------------------------------------------------------------


def test_administrator_signs_a_colleague_out_of_all_devices(sign_in, people):
    colleague, other = sign_in("otaru"), sign_in("hakodate")
    row = posting(people, "otaru")
    answer = sign_in("otaru_administrator").post(f"/desk/postings/{row.pk}/sign-out/")
    assert answer["Location"] == "/desk/postings/"
    assert colleague.get("/desk/").status_code == 302
    assert other.get("/desk/").status_code == 200
    entry = Entry.objects.get(event="accounts.sessions.ended")
    assert (entry.params["name"], entry.params["count"]) == ("岩倉 はる", 1)
    assert entry.person == people.people["otaru_administrator"].pk


def test_people_of_other_organisations_cannot_be_signed_out(sign_in, people):
    colleague = sign_in("hakodate")
    row = posting(people, "hakodate")
    assert sign_in("otaru_administrator").post(f"/desk/postings/{row.pk}/sign-out/").status_code == 404
    assert colleague.get("/desk/").status_code == 200


def test_somebody_who_left_is_no_longer_ours_to_sign_out(sign_in, people):
    row = posting(people, "leaver")
    assert sign_in("hq_approver").post(f"/desk/postings/{row.pk}/sign-out/").status_code == 404


def test_a_leaver_abroad_is_posted_until_midnight_there(browse, cast, monkeypatch):
    """17:00 in London on the last day is the next day in Tokyo."""
    row = posting(cast, "london")
    Posting.objects.filter(pk=row.pk).update(ends_on=dt.date(2027, 3, 31))
    monkeypatch.setattr("django.utils.timezone.now", lambda: dt.datetime(2027, 3, 31, 16, tzinfo=dt.UTC))
    client = browse("hq_approver")
    shown = client.get("/desk/postings/?organisation=LON").context
    assert row in shown["now"]
    assert row not in shown["past"]
    assert client.post(f"/desk/postings/{row.pk}/sign-out/").status_code == 302
