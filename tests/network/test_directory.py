from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from clair_portal.accounts.models import Person, Posting
from clair_portal.audit.models import Reading
from clair_portal.network.enums import Kind
from clair_portal.network.models import Claim, Jurisdiction, Organisation
from tests.conftest import WebClient

pytestmark = pytest.mark.django_db
Browse = Callable[..., WebClient]
EVERY_SIDE = ["hq_officer", "hokkaido", "otaru", "osaka", "london", "newyork"]


def text(client: WebClient, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def page_of(cast: SimpleNamespace, place: str) -> str:
    return f"/desk/directory/organisations/{cast.places[place].pk}/"


def person_of(cast: SimpleNamespace, person: str) -> str:
    return f"/desk/directory/people/{cast.people[person].pk}/"


def test_a_stranger_is_sent_to_the_sign_in(browse: Browse) -> None:
    answer = browse(None).get("/desk/directory/?q=otaru")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/accounts/login/?next=%2Fdesk%2Fdirectory%2F%3Fq%3Dotaru"


@pytest.mark.parametrize("person", EVERY_SIDE)
def test_every_side_finds_organisations(browse: Browse, cast: SimpleNamespace, person: str) -> None:
    assert page_of(cast, "sapporo") in text(browse(person), "/desk/directory/?q=札幌")
    assert page_of(cast, "sapporo") in text(browse(person), "/desk/directory/?q=ＳＡＰＰＯＲＯ")


def test_headquarters_and_offices_come_first_where_nothing_is_searched(browse: Browse, cast: SimpleNamespace) -> None:
    table = text(browse("otaru"), "/desk/directory/").split("<tbody>")[1]
    order = [table.index(page_of(cast, place)) for place in ("hq", "london", "newyork", "paris", "hokkaido", "sapporo")]
    assert order == sorted(order)


def test_names_that_begin_with_the_words_come_first(browse: Browse, cast: SimpleNamespace) -> None:
    Organisation.objects.create(kind=Kind.TOWN, code="010000", name_ja="東大阪町", name_en="East")
    table = text(browse("otaru"), "/desk/directory/?q=大阪").split("<tbody>")[1]
    assert table.index(page_of(cast, "osaka")) < table.index("東大阪町")


def test_kinds_prefectures_and_countries_are_in_the_address(browse: Browse, cast: SimpleNamespace) -> None:
    Organisation.objects.filter(pk=cast.places["otaru"].pk).update(parent=cast.places["hokkaido"])
    hq = browse("hq_officer")
    table = lambda address: text(hq, address).split("<tbody>")[1]  # noqa: E731
    assert "ロンドン事務所" in table("/desk/directory/?kind=office")
    assert "小樽市" not in table("/desk/directory/?kind=office")
    assert "小樽市" in table("/desk/directory/?prefecture=010006")
    assert "大阪市" not in table("/desk/directory/?prefecture=010006")
    assert "ロンドン事務所" in table("/desk/directory/?country=GB")
    assert "パリ事務所" not in table("/desk/directory/?country=GB")


def test_a_value_nobody_knows_is_left_out_and_the_list_still_opens(browse: Browse) -> None:
    assert "小樽市" in text(browse("hq_officer"), "/desk/directory/?kind=planet&page=x&show=none")
    assert "小樽市" in text(browse("hq_officer"), f"/desk/directory/?page={'9' * 5000}")


def test_where_only_people_match_people_are_shown(browse: Browse, cast: SimpleNamespace) -> None:
    found = text(browse("hq_officer"), "/desk/directory/?q=iwakura")
    assert person_of(cast, "otaru") in found


def test_a_member_finds_people_near_it_and_no_others(browse: Browse, cast: SimpleNamespace) -> None:
    found = text(browse("otaru"), "/desk/directory/?show=people")
    near = ("otaru", "otaru_administrator", "hokkaido", "hq_officer", "london")
    assert all(person_of(cast, key) in found for key in near)
    assert person_of(cast, "osaka") not in found
    assert person_of(cast, "hakodate") not in found


def test_people_of_one_kind_of_organisation(browse: Browse, cast: SimpleNamespace) -> None:
    found = text(browse("hq_officer"), "/desk/directory/?show=people&kind=office")
    assert person_of(cast, "london") in found
    assert person_of(cast, "otaru") not in found


def _many(cast: SimpleNamespace, number: int) -> None:
    for place in range(number):
        town = Organisation.objects.create(
            kind=Kind.TOWN, code=f"T{place:03}", name_ja=f"星見町{place}", name_en=f"Hoshimi {place}",
            branch=cast.places["hokkaido"], parent=cast.places["hokkaido"],
        )  # fmt: skip
        person = Person.objects.create(name=f"星見 {place}", name_latin=f"Hoshimi Person {place}")
        Posting.objects.create(
            person=person, organisation=town, role_id="member_officer", starts_on=dt.date(2026, 4, 1)
        )


@pytest.mark.parametrize("show", ["organisations", "people"])
@pytest.mark.parametrize("person", ["hq_officer", "hokkaido"])
def test_a_list_asks_the_database_as_often_for_one_row_as_for_thirty(
    browse: Browse, cast: SimpleNamespace, queries_of: Callable[[WebClient, str], list[str]], show: str, person: str
) -> None:
    client, address = browse(person), f"/desk/directory/?q=hoshimi&show={show}"
    _many(cast, 1)
    one = queries_of(client, address)
    Organisation.objects.filter(code="T000").update(code="T999")
    _many(cast, 30)
    thirty = queries_of(client, address)
    assert len(one) == len(thirty) <= 8


def test_fifty_stand_on_a_page_and_the_rest_on_the_next(browse: Browse, cast: SimpleNamespace) -> None:
    _many(cast, 60)
    hq = browse("hq_officer")
    first = text(hq, "/desk/directory/?q=hoshimi&show=organisations")
    second = text(hq, "/desk/directory/?q=hoshimi&show=organisations&page=2")
    assert (first.count("星見町"), second.count("星見町")) == (50, 10)
    assert "page=2" in first
    assert "60" in first


@pytest.mark.parametrize("person", EVERY_SIDE)
@pytest.mark.parametrize("place", ["hq", "hokkaido", "otaru", "sapporo", "london"])
def test_every_side_opens_every_organisation(browse: Browse, cast: SimpleNamespace, person: str, place: str) -> None:
    assert "<h1>" in text(browse(person), page_of(cast, place))


def test_a_branch_lists_its_municipalities(browse: Browse, cast: SimpleNamespace) -> None:
    found = text(browse("otaru"), page_of(cast, "hokkaido"))
    assert page_of(cast, "otaru") in found
    assert page_of(cast, "hakodate") in found
    assert page_of(cast, "sapporo") not in found


def test_an_office_shows_its_countries_on_the_day_asked_for(browse: Browse, cast: SimpleNamespace) -> None:
    Jurisdiction.objects.filter(country="GB").update(starts_on=dt.date(2020, 4, 1))
    client = browse("newyork")
    now = text(client, f"{page_of(cast, 'london')}?on=R2.4.1")
    before = text(client, f"{page_of(cast, 'london')}?on=2020-03-31")
    assert "Countries on 1 Apr 2020" in now
    assert "Headquarters answered" in before
    wrong = text(client, f"{page_of(cast, 'london')}?on=soon")
    assert "could not be read as a date" in wrong


def test_disputed_claims_stand_side_by_side_with_their_sources(browse: Browse, cast: SimpleNamespace) -> None:
    for value, source in (("1988", "own page"), ("1989", "headquarters page")):
        Claim.objects.create(
            subject="Office New York", organisation=cast.places["newyork"], claim="opened", value=value, source=source
        )
    found = text(browse("newyork"), page_of(cast, "newyork"))
    assert "sources differ" in found
    assert all(word in found for word in ("1988", "own page", "1989", "headquarters page"))


def test_former_postings_stay_readable_for_those_who_may_see_them(browse: Browse, cast: SimpleNamespace) -> None:
    assert person_of(cast, "leaver") in text(browse("hq_officer"), page_of(cast, "osaka"))
    assert person_of(cast, "leaver") not in text(browse("otaru"), page_of(cast, "osaka"))


def test_history_is_for_headquarters_only(browse: Browse, cast: SimpleNamespace) -> None:
    otaru = cast.places["otaru"]
    otaru.kana = "おたるし"
    otaru.save()
    assert "history" in text(browse("hq_officer"), page_of(cast, "otaru"))
    assert 'id="history"' not in text(browse("otaru"), page_of(cast, "otaru"))
    assert 'id="history"' not in text(browse("london"), page_of(cast, "otaru"))


def test_opening_a_person_is_recorded_and_shown_to_that_person(browse: Browse, cast: SimpleNamespace) -> None:
    text(browse("hq_officer"), person_of(cast, "otaru"))
    reading = Reading.objects.get()
    assert (reading.subject, reading.person) == (cast.people["otaru"].pk, cast.people["hq_officer"].pk)
    assert reading.reader == {"ja": "早川 みお(東京本部)", "en": "Mio Hayakawa (Tokyo headquarters)"}
    assert "早川 みお(東京本部)" in text(browse("otaru"), person_of(cast, "otaru"))


def test_looking_at_oneself_is_not_recorded(browse: Browse, cast: SimpleNamespace) -> None:
    text(browse("otaru"), person_of(cast, "otaru"))
    assert not Reading.objects.exists()


def test_nobody_else_sees_who_saw_a_person(browse: Browse, cast: SimpleNamespace) -> None:
    text(browse("london"), person_of(cast, "otaru"))
    assert 'id="readings"' not in text(browse("hq_officer"), person_of(cast, "otaru"))


def test_a_person_one_may_not_see_is_not_found_and_nothing_is_recorded(browse: Browse, cast: SimpleNamespace) -> None:
    assert browse("otaru").get(person_of(cast, "osaka")).status_code == 404
    assert not Reading.objects.exists()


def test_somebody_without_a_posting_sees_nothing(browse: Browse) -> None:
    assert browse("nobody").get("/desk/directory/").status_code == 403
