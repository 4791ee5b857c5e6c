"""The contact book outlives rotations: hosts are found by any form of their name, doubles merged, and every use stays."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import Error, IntegrityError, transaction

from clair_portal.audit.models import Entry, Reading
from clair_portal.casework.models import Case
from clair_portal.contacts.book import merge_hosts, note_use
from clair_portal.contacts.doubles import likely_doubles, likely_pairs
from clair_portal.contacts.models import Host, HostPerson, HostUse, Stop, Visit
from clair_portal.network.models import Language
from clair_portal.walls.scope import acting
from tests.casework.travel import case_in, step
from tests.cast import NOW, reader
from tests.conftest import WebClient

Browse = Callable[..., WebClient]
DAY = dt.date(2026, 11, 20)


def host(cast: SimpleNamespace, name: str, place: str = "london", **values: Any) -> Host:
    return Host.objects.create(**{"name": name, "country_id": "GB", "added_by": cast.places[place], **values})


def names_on(client: WebClient, path: str) -> list[str]:
    """Of the list, or of those to pick for a case."""
    context = client.get(path).context
    return (
        [each.name for each in context["hosts"]]
        if "hosts" in context
        else [row["row"].name for row in context["lines"]]
    )


def shown(client: WebClient, address: str) -> str:
    """What a page lets its form send back."""
    found = re.search(r'name="version" value="([^"]*)"', client.get(address).content.decode())
    assert found
    return found[1]


# --- Who reads and writes -------------------------------------------------------------------------------------------------
def test_offices_and_headquarters_share_the_book_and_members_have_no_part_in_it(
    cast: SimpleNamespace, browse: Browse
) -> None:
    found = host(cast, "Camden Council", city="London")
    for person in ("london", "newyork", "hq_officer"):
        assert names_on(browse(person), "/desk/hosts/?q=camden") == ["Camden Council"], person
        assert browse(person).get(f"/desk/hosts/{found.pk}/").status_code == 200, person
    for person in ("otaru", "hokkaido"):
        assert browse(person).get("/desk/hosts/").status_code == 403
        assert browse(person).get(f"/desk/hosts/{found.pk}/").status_code == 403


def test_headquarters_reads_and_does_not_write(cast: SimpleNamespace, browse: Browse) -> None:
    found = host(cast, "Camden Council")
    officer = browse("hq_officer")
    for page in ("new/", f"{found.pk}/edit/", f"{found.pk}/people/", f"{found.pk}/uses/", f"{found.pk}/merge/"):
        assert officer.get(f"/desk/hosts/{page}").status_code == 403, page
    with (
        pytest.raises(Error, match="permission denied"),
        transaction.atomic(),
        acting(reader(cast, "hq_officer").scope),
    ):
        Host.objects.filter(pk=found.pk).update(city="Hull")


# --- Hosts ------------------------------------------------------------------------------------------------------------------
def test_a_host_is_added_with_people_and_how_it_went(cast: SimpleNamespace, browse: Browse) -> None:
    Language.objects.create(code="fr", endonym="Français", name_ja="フランス語", name_en="French", script="Latn")
    london = browse("london")
    typed = {
        "name": "Port of Ōtaru Friends", "local_name": "大樽港", "country": "GB", "city": "Hull", "good_for": "old warehouses",
        "topics": ["culture", "transport"], "languages": ["fr"], "website": "port.example",
    }  # fmt: skip
    assert london.post("/desk/hosts/new/", typed).status_code == 302
    found = Host.objects.get()
    assert (found.topics, found.languages, found.website) == (["culture", "transport"], ["fr"], "https://port.example")
    london.post(f"/desk/hosts/{found.pk}/people/", {"name": "Ann Host", "title": "Harbour master", "active": "on"})
    person = HostPerson.objects.get()
    london.post(
        f"/desk/hosts/{found.pk}/uses/",
        {"day": "R8/11/20", "went": "4", "remark": "Very open", "person": person.pk},
    )
    page = browse("newyork").get(f"/desk/hosts/{found.pk}/").content.decode()
    for words in ("Ann Host", "Harbour master", "Very open", "London office", "French", "old warehouses", "4 of 5"):
        assert words in page, words
    assert HostUse.objects.get().person == person


@pytest.mark.parametrize("words", ["otaru", "ootaru", "ＨＵＬＬ", "大樽", "warehouses", "port hull"])
def test_a_host_is_found_by_any_form_of_its_name_its_city_or_what_it_is_good_for(
    cast: SimpleNamespace, browse: Browse, words: str
) -> None:
    host(cast, "Port of Ōtaru Friends", local_name="大樽港", city="Hull", good_for="Old warehouses")
    host(cast, "Town of Leeds", city="Leeds")
    assert names_on(browse("newyork"), f"/desk/hosts/?q={words}") == ["Port of Ōtaru Friends"]


def test_the_list_says_when_each_was_last_used_and_a_case_picks_the_last_used_first(
    cast: SimpleNamespace, browse: Browse
) -> None:
    never, long_ago, lately = (host(cast, name) for name in ("Never", "Long ago", "Lately"))
    host(cast, "Paris", country_id="FR")
    for each, day in ((long_ago, dt.date(2020, 1, 1)), (lately, DAY)):
        HostUse.objects.create(host=each, office=cast.places["london"], day=day)
    page = browse("london").get("/desk/hosts/?country=GB")
    assert [(line["row"].name, str(line["cells"][-1].html)) for line in page.context["lines"]] == [
        ("Lately", "令和8年11月20日"), ("Long ago", "令和2年1月1日"), ("Never", ""),
    ]  # fmt: skip
    case = case_in(cast, "in_progress")
    picking = browse("london").get(f"/desk/hosts/?country=GB&case={case.pk}").context["hosts"]
    assert [each.name for each in picking] == ["Lately", "Long ago", "Never"]
    assert never.uses.count() == 0


@pytest.mark.parametrize("field", ["good_for", "notes"])
def test_free_text_of_a_host_has_a_limit_that_is_said_and_nothing_typed_is_lost(
    cast: SimpleNamespace, browse: Browse, field: str
) -> None:
    typed = {"name": "Camden Council", "country": "GB", field: "long " * 400 + "!"}
    answer = browse("london_local").post("/desk/hosts/new/", typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "At most 2000 characters fit here, and these are 2001. Shorten the text." in page
    assert "long " * 400 + "!" in page
    assert Host.objects.count() == 0
    assert browse("london_local").post("/desk/hosts/new/", {**typed, field: "long " * 400}).status_code == 302


def test_a_host_that_is_perhaps_there_already_is_added_only_when_somebody_says_so(
    cast: SimpleNamespace, browse: Browse
) -> None:
    host(cast, "Camden Council")
    typed = {"name": "The Camden Council", "country": "GB", "notes": "kept words"}
    answer = browse("london").post("/desk/hosts/new/", typed)
    assert answer.status_code == 422
    assert "kept words" in answer.content.decode()
    assert "Camden Council" in answer.content.decode()
    assert Host.objects.count() == 1
    assert browse("london").post("/desk/hosts/new/", {**typed, "another": "1"}).status_code == 302
    assert Host.objects.count() == 2


# --- Doubles ----------------------------------------------------------------------------------------------------------------
def test_doubles_share_name_and_country_site_or_the_address_of_a_person(cast: SimpleNamespace) -> None:
    first = host(cast, "Camden Council", website="https://www.camden.example/visits")
    longer = host(cast, "Camden  council (London)")
    same_site = host(cast, "London Borough of C.", website="http://camden.example:8080")
    same_person = host(cast, "Culture Camden", country_id="FR")
    abroad = host(cast, "Camden Council", country_id="US")
    host(cast, "Camdenia Ltd", website="https://not-camden.example")
    HostPerson.objects.create(host=first, name="Ann", email="ann@camden.example")
    HostPerson.objects.create(host=same_person, name="Ann", email="ann@camden.example")
    assert set(likely_doubles(first)) == {longer, same_site, same_person}
    assert likely_doubles(abroad) == []
    assert likely_pairs() == [(first, same_site), (first, same_person)]


def test_doubles_are_found_in_whatever_order_their_words_stand(cast: SimpleNamespace) -> None:
    first, second = host(cast, "Camden Council, London"), host(cast, "The Council of Camden (London)")
    host(cast, "Camden Council of Bristol")
    host(cast, "London Council, Camden", country_id="US")
    assert likely_doubles(first) == [second]
    assert likely_pairs() == [(first, second)]


@pytest.mark.parametrize("name", ["%", "a.b*c", "O'Hara (", "\\", "市"])
def test_odd_names_and_sites_are_compared_as_they_are(cast: SimpleNamespace, name: str) -> None:
    one, two = host(cast, name, website="https://x+y.example"), host(cast, name, website="https://xxy.example")
    other = host(cast, "Town of Hull", website="https://xxxy.example")
    assert likely_doubles(one) == [two]
    assert likely_doubles(other) == []


def test_merged_hosts_move_all_they_have_of_every_office_and_point_on(cast: SimpleNamespace, browse: Browse) -> None:
    case = case_in(cast, "in_progress")
    one, two, older = (
        host(cast, "Camden Council"),
        host(cast, "Camden council (London)", city="London"),
        host(cast, "Old"),
    )
    visit = Visit.objects.create(case=case, office=cast.places["newyork"], title="x", starts_on=DAY, ends_on=DAY)
    Stop.objects.create(
        visit=visit, case=case, office=cast.places["newyork"], day=DAY, begins=dt.time(9), zone="Asia/Tokyo", what="x",
        host=two,
    )  # fmt: skip
    HostPerson.objects.create(host=two, name="Ann")
    HostUse.objects.create(host=two, office=cast.places["newyork"], day=DAY, went=5)
    Host.objects.filter(pk=older.pk).update(merged_into=two)
    answer = browse("london").post(f"/desk/hosts/{two.pk}/merge/", {"into": one.pk})
    assert answer["Location"] == f"/desk/hosts/{one.pk}/"
    two.refresh_from_db(), one.refresh_from_db(), older.refresh_from_db()
    assert (two.merged_into, older.merged_into, one.city) == (one, one, "London")
    assert (one.people.count(), one.uses.count(), Stop.objects.filter(host=one).count()) == (1, 1, 1)
    assert names_on(browse("london"), "/desk/hosts/?q=camden+london") == ["Camden Council"]
    assert f"/desk/hosts/{one.pk}/" in browse("london").get(f"/desk/hosts/{two.pk}/").content.decode()
    assert [entry.params["into"] for entry in Entry.objects.about(two)] == ["Camden Council"]
    assert browse("london").post(f"/desk/hosts/{two.pk}/merge/", {"into": one.pk}).status_code == 422


def test_a_merged_host_cannot_be_merged_again_nor_with_itself(cast: SimpleNamespace) -> None:
    actor = reader(cast, "london")
    one, two = host(cast, "One"), host(cast, "Two")
    with acting(actor.scope):
        merge_hosts(two, into=one, actor=actor, now=NOW)
        for gone, kept in ((two, one), (one, two), (one, one)):
            with pytest.raises(Exception, match="異なる|different"):
                merge_hosts(gone, into=kept, actor=actor, now=NOW)
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), acting(reader(cast, "otaru").scope):
        merge_hosts(two, into=one, actor=reader(cast, "otaru"), now=NOW)


# --- Two at once ------------------------------------------------------------------------------------------------------------
def test_two_offices_that_correct_one_host_keep_what_the_other_wrote(cast: SimpleNamespace, browse: Browse) -> None:
    found = host(cast, "Camden Council", notes="Ask early.\nIn writing.", topics=["transport", "culture"])
    address = f"/desk/hosts/{found.pk}/edit/"
    london, newyork = browse("london_local"), browse("newyork")
    seen = shown(london, address)
    typed = {"name": "Camden Council", "country": "GB", "notes": "Ask early.\r\nIn writing.",
             "topics": ["culture", "transport"], "version": seen}  # fmt: skip
    assert newyork.post(address, {**typed, "telephone": "+44 20 1", "city": "London"}).status_code == 302
    assert london.post(address, {**typed, "good_for": "old warehouses"}).status_code == 302
    found.refresh_from_db()
    assert (found.telephone, found.city, found.good_for) == ("+44 20 1", "London", "old warehouses")
    answer = london.post(address, {**typed, "telephone": "+44 20 2", "good_for": "old warehouses"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "<span>+44 20 1</span>" in page
    assert "<span>+44 20 2</span>" in page
    assert "<span>London</span>" not in page  # touched by nobody here
    found.refresh_from_db()
    assert found.telephone == "+44 20 1"
    knowing = re.search(r'name="version" value="([^"]*)"', page)
    assert knowing
    again = {**typed, "telephone": "+44 20 2", "good_for": "old warehouses", "version": knowing[1]}
    assert london.post(address, again).status_code == 302
    found.refresh_from_db()
    assert (found.telephone, found.city) == ("+44 20 2", "London")


def test_an_address_is_not_given_back_to_somebody_who_is_no_longer_there(cast: SimpleNamespace, browse: Browse) -> None:
    person = HostPerson.objects.create(host=host(cast, "Hull"), name="Ann", email="ann@hull.example", telephone="+44 1")
    london, newyork, address = browse("london"), browse("newyork"), f"/desk/hosts/people/{person.pk}/edit/"
    typed = {"name": "Ann", "email": "ann@hull.example", "telephone": "+44 1", "version": shown(london, address)}
    assert newyork.post(address, typed).status_code == 302
    assert london.post(address, {**typed, "active": "on", "telephone": "+44 2"}).status_code == 422
    person.refresh_from_db()
    assert (person.active, person.telephone) == (False, "")


def test_what_is_sent_from_a_page_opened_before_a_merger_stands_at_the_host_that_goes_on(
    cast: SimpleNamespace, browse: Browse
) -> None:
    gone, kept, london = host(cast, "Camden"), host(cast, "Camden Council", city="London"), browse("london")
    person = HostPerson.objects.create(host=gone, name="Ann")
    seen = shown(london, f"/desk/hosts/{gone.pk}/edit/")
    assert browse("newyork").post(f"/desk/hosts/{gone.pk}/merge/", {"into": kept.pk}).status_code == 302
    noted = london.post(f"/desk/hosts/{gone.pk}/uses/", {"day": "R8/11/20", "person": person.pk, "remark": "Very open"})
    added = london.post(f"/desk/hosts/{gone.pk}/people/", {"name": "Ben", "active": "on"})
    typed = {"name": "Camden", "country": "GB", "telephone": "+44 20 1", "version": seen}
    corrected = london.post(f"/desk/hosts/{gone.pk}/edit/", typed)
    assert [each["Location"] for each in (noted, added, corrected)] == [f"/desk/hosts/{kept.pk}/"] * 3
    page = london.get(f"/desk/hosts/{kept.pk}/").content.decode()
    for words in ("Very open", "Ann", "Ben", "+44 20 1"):
        assert words in page, words
    kept.refresh_from_db()
    assert (kept.name, kept.city) == ("Camden Council", "London")


def test_a_note_that_waits_for_a_merger_stands_at_the_host_that_goes_on(cast: SimpleNamespace) -> None:
    gone, kept, actor = host(cast, "Camden"), host(cast, "Camden Council"), reader(cast, "london")
    with acting(actor.scope):
        merge_hosts(gone, into=kept, actor=actor, now=NOW)
        assert note_use(gone, values={"day": DAY}, actor=actor).host == kept  # `gone` was read before


# --- People -----------------------------------------------------------------------------------------------------------------
def test_who_opens_a_person_is_recorded_and_headquarters_reads_the_record(
    cast: SimpleNamespace, browse: Browse
) -> None:
    person = HostPerson.objects.create(host=host(cast, "Camden Council"), name="Ann", email="ann@camden.example")
    listed = browse("london").get(f"/desk/hosts/{person.host_id}/").content.decode()
    assert "ann@camden.example" not in listed
    assert Reading.objects.count() == 0
    assert "ann@camden.example" in browse("london").get(f"/desk/hosts/people/{person.pk}/").content.decode()
    reading = Reading.objects.get()
    assert (reading.subject_type, reading.subject, reading.person) == (
        "contacts.hostperson", person.pk, cast.people["london"].pk,
    )  # fmt: skip
    assert "佐伯 悠" in browse("hq_officer").get(f"/desk/hosts/people/{person.pk}/").content.decode()
    assert "佐伯 悠" not in browse("newyork").get(f"/desk/hosts/people/{person.pk}/").content.decode().split("<main")[1]


def test_somebody_abroad_with_the_same_key_is_not_taken_for_a_person_of_the_network(cast: SimpleNamespace) -> None:
    own = cast.people["otaru"]
    HostPerson.objects.create(pk=own.pk, host=host(cast, "Camden Council"), name="Ann")
    Reading(subject_type="contacts.hostperson", subject=own.pk, what="x").save(force_insert=True)
    with acting(reader(cast, "otaru").scope):
        assert Reading.objects.count() == 0


def test_of_whoever_is_no_longer_there_the_ways_to_reach_them_are_deleted(
    cast: SimpleNamespace, browse: Browse
) -> None:
    person = HostPerson.objects.create(host=host(cast, "Hull"), name="Ann", email="ann@hull.example", telephone="+44 1")
    typed = {"name": "Ann", "title": "Mayor", "email": "ann@hull.example", "telephone": "+44 1"}
    newyork, address = browse("newyork"), f"/desk/hosts/people/{person.pk}/edit/"
    assert newyork.post(address, {**typed, "version": shown(newyork, address)}).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.title, person.email, person.telephone, person.active) == ("Ann", "Mayor", "", "", False)
    with pytest.raises(IntegrityError, match="hostperson_gone_is_not_reachable"), transaction.atomic():
        HostPerson.objects.update(email="ann@hull.example")


# --- For a case -------------------------------------------------------------------------------------------------------------
@pytest.fixture
def case(cast: SimpleNamespace) -> Case:
    return case_in(cast, "accepted")


def test_a_host_is_picked_from_a_case_those_of_its_field_first(
    cast: SimpleNamespace, browse: Browse, case: Case
) -> None:
    host(cast, "A used one")
    HostUse.objects.create(host=Host.objects.get(), office=cast.places["london"], day=DAY)
    fits, _abroad = host(cast, "Museum", topics=["culture"]), host(cast, "Louvre", country_id="FR", topics=["culture"])
    london = browse("london")
    assert names_on(london, f"/desk/hosts/?case={case.pk}") == ["Museum", "A used one"]
    answer = london.post(f"/desk/hosts/{fits.pk}/uses/", {"case": case.pk, "day": "R8/12/1", "went": ""})
    assert answer["Location"] == f"/desk/cases/{case.pk}/#hosts"
    use = HostUse.objects.get(host=fits)
    assert (use.case, use.office, use.went) == (case, cast.places["london"], None)
    later = {"day": "R8/12/2", "went": "5", "version": shown(london, f"/desk/hosts/uses/{use.pk}/")}
    assert london.post(f"/desk/hosts/uses/{use.pk}/", later).status_code == 302
    assert browse("newyork").post(f"/desk/hosts/uses/{use.pk}/", {"day": "R8/12/2", "went": "1"}).status_code == 404
    use.refresh_from_db()
    assert (use.day, use.went) == (dt.date(2026, 12, 2), 5)


def test_an_office_notes_hosts_only_on_its_own_cases(cast: SimpleNamespace, browse: Browse, case: Case) -> None:
    found = host(cast, "Museum")
    assert (
        browse("newyork").post(f"/desk/hosts/{found.pk}/uses/", {"case": case.pk, "day": "R8/12/1"}).status_code == 404
    )
    with acting(reader(cast, "newyork").scope), pytest.raises(Exception, match="row-level security"):
        with transaction.atomic():
            HostUse(host=found, case=case, office=cast.places["newyork"], day=DAY).save(force_insert=True)
    offices = [cast.places["london"], cast.places["newyork"]]
    whole = step(cast, case_in(cast, "triage"), "hq_officer", "refer", offices=offices, owner=offices[0])
    actor = reader(cast, "london")
    with acting(actor.scope), pytest.raises(Exception, match="事務所|office that works"):
        note_use(found, values={"day": DAY}, case=whole, actor=actor)


@pytest.mark.parametrize("pk", ["x", "", "0", "9" * 30])
def test_a_forged_case_address_opens_nothing(cast: SimpleNamespace, browse: Browse, pk: str) -> None:
    assert browse("london").get(f"/desk/hosts/?case={pk}").status_code == (404 if pk else 200)
