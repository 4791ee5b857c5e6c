"""Projects: begun by an office, told in dated sentences, read by its parties, with the cases each reader may see."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from clair_portal.accounts.reference import LOADERS
from clair_portal.audit.models import Entry
from clair_portal.casework.models import Case
from clair_portal.casework.rules import Conflict, NotAllowed
from clair_portal.contacts.services import plan_visit
from clair_portal.gatherings.models import Event
from clair_portal.network import reference as network
from clair_portal.network.enums import Kind
from clair_portal.network.models import Organisation, Succession
from clair_portal.projects import services
from clair_portal.projects.models import Project, ProjectCase, ProjectEvent, ProjectNote, ProjectParty
from clair_portal.projects.project_list import PROJECTS
from clair_portal.projects.story import cases_of, events_of, story_of
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.casework.travel import case_in, draft
from tests.cast import NOW, reader
from tests.conftest import WebClient
from tests.offices.foreign_travel import arrived

Browse = Callable[..., WebClient]
DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
TYPED = {
    "title_ja": "港まちの交流", "title_en": "Exchange of ports", "strands": ["culture", "staff_exchange"],
    "japanese": "小樽市\n札幌市", "foreign": "Camden, GB\nマンチェスター市、イギリス", "begun": "平", "state": "active", "day": "2024-05-01",
}  # fmt: skip


@pytest.fixture
def project(cast: SimpleNamespace) -> Project:
    """London's, with Otaru; active since April."""
    actor = reader(cast, "london")
    with acting(actor.scope):
        return services.begin_project(
            values={"title_ja": "運河の交流", "title_en": "Canals", "strands": ["culture"]},
            parties=[cast.places["otaru"]], state="active", day=dt.date(2026, 4, 1), actor=actor, now=NOW,
        )  # fmt: skip


def write(cast: SimpleNamespace, project: Project, who: str = "london", **values: Any) -> ProjectNote:
    actor = reader(cast, who)
    with acting(actor.scope):
        return services.write_sentence(project, **{"day": dt.date(2026, 11, 20), **values}, actor=actor, now=NOW)


def stands(project: Project) -> tuple[str, str]:
    project.refresh_from_db()
    return project.state, project.state_on.isoformat()


# --- Beginning ----------------------------------------------------------------------------------------------------------
def test_an_office_begins_a_project_and_names_bodies_that_are_not_in_the_directory(browse: Browse) -> None:
    london = browse("london")
    refused = london.post("/desk/projects/new/", TYPED)
    assert refused.status_code == 422
    assert "年は1998のように西暦4桁で書いてください。" in refused.content.decode()
    assert "港まちの交流" in refused.content.decode()
    answer = london.post("/desk/projects/new/", {**TYPED, "begun": "１９９８"})
    made = Project.objects.get()
    assert answer["Location"] == f"/desk/projects/{made.pk}/"
    assert (made.title_ja, made.title_en, made.begun, made.office.code) == (
        "港まちの交流",
        "Exchange of ports",
        1998,
        "LON",
    )
    parties = ProjectParty.objects.filter(project=made).values_list(
        "organisation__name_ja", "organisation__name_en", "organisation__kind", "organisation__country"
    )
    assert set(parties) == {
        ("小樽市", "Otaru", "city", None),
        ("札幌市", "Sapporo", "designated_city", None),
        (None, "Camden", "foreign_local_government", "GB"),
        ("マンチェスター市", None, "foreign_local_government", "GB"),
    }
    assert [note.text_ja for note in ProjectNote.objects.all()] == ["活動しています。"]
    assert {entry.event for entry in Entry.objects.all()} == {"projects.project.begun", "network.organisation.added"}


def test_a_body_abroad_is_added_once(browse: Browse) -> None:
    london = browse("london")
    for title in ("one", "two"):
        typed = {"title_en": title, "foreign": "Camden, GB", "state": "planned", "day": "2026-11-01"}
        assert london.post("/desk/projects/new/", typed).status_code == 302
    assert Organisation.objects.filter(kind=Kind.FOREIGN_LOCAL_GOVERNMENT).count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title_ja": "", "title_en": " "}, "日本語か英語の題名を書いてください。"),
        ({"japanese": "ない町"}, "「ない町」という団体はありません。"),
        ({"japanese": "大阪"}, "「大阪」に当てはまるもの"),
        ({"foreign": "Camden"}, "「Camden」は名簿にありません。"),
        ({"foreign": "Camden, JP"}, "「Camden, JP」は名簿にありません。"),
        ({"day": "someday"}, "someday"),
        ({"begun": "00199800000"}, "西暦4桁で"),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_lost(browse: Browse, typed: dict[str, str], sentence: str) -> None:
    answer = browse("london").post("/desk/projects/new/", {**TYPED, "begun": "", "source": "残る言葉", **typed})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "残る言葉" in answer.content.decode()
    assert Project.objects.count() == 0


def test_a_project_without_a_title_is_refused_by_the_database(cast: SimpleNamespace) -> None:
    for titles in ({}, {"title_ja": ""}, {"title_ja": "", "title_en": ""}):
        with pytest.raises(IntegrityError, match="project_has_a_title"), transaction.atomic():
            Project.objects.create(office=cast.places["london"], state_on=dt.date(2026, 4, 1), **titles)


# --- How it stands ------------------------------------------------------------------------------------------------------
def test_the_state_changes_with_a_dated_sentence_in_one_form(browse: Browse, project: Project) -> None:
    london = browse("london")
    page = london.get(f"/desk/projects/{project.pk}/").content.decode()
    assert 'name="state" value="dormant"' in page
    answer = london.post(f"/desk/projects/{project.pk}/sentences/", {"state": "dormant", "day": "2026-11-20"})
    assert answer.status_code == 302
    assert stands(project) == ("dormant", "2026-11-20")
    note = ProjectNote.objects.first()
    assert note is not None
    assert (note.text_ja, note.text_en, note.state) == ("休止しました。", "It is dormant.", "dormant")
    assert Entry.objects.filter(event="projects.state.changed").count() == 1


def test_neither_words_nor_another_state_says_nothing(browse: Browse, project: Project) -> None:
    answer = browse("london").post(
        f"/desk/projects/{project.pk}/sentences/", {"state": "active", "day": "2026-11-20", "source": "残る言葉"}
    )
    assert answer.status_code == 422
    assert "できごとを書くか、別の状況を選んでください。" in answer.content.decode()
    assert "残る言葉" in answer.content.decode()
    assert ProjectNote.objects.count() == 1


def test_a_sentence_alone_leaves_the_state(cast: SimpleNamespace, project: Project) -> None:
    note = write(cast, project, text_en="A delegation came.", state="active")
    assert note.state == ""
    assert stands(project) == ("active", "2026-04-01")


def test_a_sentence_of_an_earlier_day_does_not_change_how_it_stands(cast: SimpleNamespace, project: Project) -> None:
    write(cast, project, state="dormant")
    write(cast, project, state="planned", day=dt.date(2020, 1, 1))
    assert stands(project) == ("dormant", "2026-11-20")


def test_a_state_of_a_day_to_come_counts_when_the_day_has_come(
    browse: Browse, cast: SimpleNamespace, project: Project
) -> None:
    coming = timezone.localdate() + 100 * DAY
    london, address = browse("london_local"), f"/desk/projects/{project.pk}/"
    typed = {"state": "ended", "seen": "active", "text": "The budget ends.", "day": coming.isoformat()}
    answer = london.post(f"{address}sentences/", typed, follow=True)
    assert "Written down. From " in answer.content.decode()
    assert "the project counts as: ended." in answer.content.decode()
    assert stands(project) == ("active", "2026-04-01")
    london.post(f"{address}sentences/", {"state": "dormant", "seen": "active", "day": "2026-11-20"})
    assert stands(project) == ("dormant", "2026-11-20")
    midnight = dt.datetime.combine(coming, dt.time(), zoneinfo.ZoneInfo("Europe/London"))
    for now, state in ((midnight - HOUR, "dormant"), (midnight, "ended"), (midnight + HOUR, "ended")):
        with acting(SYSTEM_SCOPE):
            services.follow_the_calendar(now)
        assert stands(project)[0] == state, now
    assert stands(project) == ("ended", coming.isoformat())


def test_a_project_that_ended_before_its_day_is_put_right(cast: SimpleNamespace, project: Project) -> None:
    write(cast, project, state="ended", day=dt.date(2027, 3, 31))
    Project.objects.filter(pk=project.pk).update(state="ended", state_on=dt.date(2027, 3, 31))
    with acting(SYSTEM_SCOPE):
        services.follow_the_calendar(NOW)
    assert stands(project) == ("active", "2026-04-01")


def test_who_only_adds_a_sentence_does_not_bring_back_the_state_of_an_older_page(
    browse: Browse, project: Project
) -> None:
    first, second, address = browse("london"), browse("london_local"), f"/desk/projects/{project.pk}/"
    assert 'name="seen" value="active"' in first.get(address).content.decode()
    second.post(f"{address}sentences/", {"state": "dormant", "seen": "active", "day": "2026-11-20"})
    typed = {"state": "active", "seen": "active", "text": "視察がありました。", "day": "2026-11-20"}
    assert first.post(f"{address}sentences/", typed).status_code == 302
    assert stands(project) == ("dormant", "2026-11-20")
    assert ProjectNote.objects.get(text_ja="視察がありました。").state == ""


def test_correcting_the_day_of_a_sentence_moves_the_state_with_it(
    browse: Browse, cast: SimpleNamespace, project: Project
) -> None:
    note = write(cast, project, state="ended", text_ja="終わった")
    answer = browse("london").post(
        f"/desk/projects/{project.pk}/sentences/{note.pk}/", {"day": "R8/10/1", "text_ja": "終わりました"}
    )
    assert answer.status_code == 302
    note.refresh_from_db()
    assert (note.text_ja, note.state) == ("終わりました", "ended")
    assert stands(project) == ("ended", "2026-10-01")


def test_only_the_office_that_keeps_it_writes(cast: SimpleNamespace, project: Project) -> None:
    for who in ("newyork", "hq_officer", "otaru"):
        with pytest.raises(NotAllowed):
            write(cast, project, who, text_en="x")
    assert ProjectNote.objects.count() == 1


def test_two_people_who_edit_meet_a_conflict(cast: SimpleNamespace, project: Project) -> None:
    actor = reader(cast, "london")
    with acting(actor.scope):
        common = {"values": {"title_en": "Changed"}, "parties": [cast.places["sapporo"]], "actor": actor, "now": NOW}
        services.change_project(project, version=1, **common)
        with pytest.raises(Conflict):
            services.change_project(project, version=1, **common)
    assert [party.organisation.code for party in ProjectParty.objects.all()] == ["011002"]


def test_the_form_shows_what_is_there_and_saves_it_unchanged(browse: Browse, project: Project) -> None:
    london = browse("london")
    answer = london.get(f"/desk/projects/{project.pk}/edit/")
    form = answer.context["form"]
    with translation.override("ja"):
        typed = {name: form[name].value() or "" for name in form.fields}
    assert typed["japanese"] == "小樽市 012033"
    assert london.post(f"/desk/projects/{project.pk}/edit/", typed).status_code == 302
    project.refresh_from_db()
    assert (project.title_ja, project.title_en, project.strands, project.version) == (
        "運河の交流",
        "Canals",
        ["culture"],
        2,
    )


# --- Cases --------------------------------------------------------------------------------------------------------------
def test_a_case_is_added_from_its_own_page_and_may_belong_to_several(
    browse: Browse, cast: SimpleNamespace, project: Project
) -> None:
    case, london = case_in(cast, "in_progress"), browse("london")
    assert "運河の交流" in london.get(f"/desk/cases/{case.pk}/project/").content.decode()
    for _again in range(2):
        assert london.post(f"/desk/cases/{case.pk}/project/", {"project": project.pk}).status_code == 302
    begun = london.post(f"/desk/projects/new/?case={case.pk}", {**TYPED, "begun": ""})
    assert begun.status_code == 302
    assert ProjectCase.objects.filter(case=case).count() == 2


def test_a_project_begun_with_a_request_from_abroad_names_the_body_that_asked(
    browse: Browse, cast: SimpleNamespace
) -> None:
    case, london = arrived(), browse("london")
    form = london.get(f"/desk/projects/new/?case={case.pk}").context["form"]
    typed = {name: form[name].value() or "" for name in form.fields if name != "strands"}
    assert (typed["japanese"], typed["foreign"]) == ("", "York City Council, GB")
    with translation.override("ja"):
        typed["day"] = form["day"].value()
    assert london.post(f"/desk/projects/new/?case={case.pk}", typed).status_code == 302
    party = ProjectParty.objects.get().organisation
    assert (party.name_en, party.kind, party.country_id) == (
        "York City Council", "foreign_local_government", "GB",
    )  # fmt: skip
    assert ProjectCase.objects.get().case == case
    assert london.post(f"/desk/projects/new/?case={case.pk}", typed).status_code == 302
    assert {party.organisation.name_en for party in ProjectParty.objects.all()} == {"York City Council"}


def test_a_project_begun_with_a_request_from_japan_names_the_requester(browse: Browse, cast: SimpleNamespace) -> None:
    case = case_in(cast, "in_progress")
    form = browse("london").get(f"/desk/projects/new/?case={case.pk}").context["form"]
    assert (form["japanese"].value(), form["foreign"].value()) == ("Otaru 012033", None)


def test_the_page_of_a_case_names_its_projects_to_those_who_may_read_them(
    browse: Browse, cast: SimpleNamespace, project: Project
) -> None:
    case = case_in(cast, "in_progress")
    ProjectCase.objects.create(project=project, case=case)
    seen = {
        who: [
            word in browse(who).get(f"/desk/cases/{case.pk}/").content.decode() for word in ("運河の交流", "/project/")
        ]
        for who in ("london", "otaru", "hokkaido", "hq_officer")
    }
    assert seen == {
        "london": [True, True],
        "otaru": [True, False],
        "hokkaido": [False, False],
        "hq_officer": [True, False],
    }


def test_a_part_brings_the_whole(cast: SimpleNamespace, project: Project) -> None:
    whole = case_in(cast, "in_progress")
    part = Case.objects.create(
        kind="offices.part", parent=whole, title="part", applicant=whole.applicant, state="referred", number="P-1",
        filed_at=NOW,
    )  # fmt: skip
    actor = reader(cast, "london")
    with acting(actor.scope):
        services.add_case(project, part, actor=actor, now=NOW)
    assert ProjectCase.objects.get().case_id == whole.pk


def test_a_draft_and_a_case_of_another_office_cannot_join(
    browse: Browse, cast: SimpleNamespace, project: Project
) -> None:
    actor, unfiled = reader(cast, "london"), draft(cast)
    with pytest.raises(NotAllowed), acting(actor.scope):
        services.add_case(project, unfiled, actor=actor, now=NOW)
    other = case_in(cast, "triage")
    assert browse("london").post(f"/desk/cases/{other.pk}/project/", {"project": project.pk}).status_code == 404
    assert ProjectCase.objects.count() == 0


def test_another_offices_project_cannot_be_chosen(browse: Browse, cast: SimpleNamespace) -> None:
    theirs = Project.objects.create(title_en="Theirs", office=cast.places["newyork"], state_on=dt.date(2026, 4, 1))
    case = case_in(cast, "in_progress")
    answer = browse("london").post(f"/desk/cases/{case.pk}/project/", {"project": theirs.pk})
    assert answer.status_code == 422
    assert ProjectCase.objects.count() == 0


def test_a_case_is_taken_out_and_stays(browse: Browse, cast: SimpleNamespace, project: Project) -> None:
    case, london = case_in(cast, "in_progress"), browse("london")
    london.post(f"/desk/cases/{case.pk}/project/", {"project": project.pk})
    assert london.post(f"/desk/projects/{project.pk}/cases/{case.pk}/remove/").status_code == 302
    assert ProjectCase.objects.count() == 0
    assert Case.objects.filter(pk=case.pk).exists()


# --- Reading ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "status", "case"),
    [
        ("hq_officer", 200, True),
        ("london", 200, True),
        ("newyork", 200, False),
        ("otaru", 200, True),
        ("hokkaido", 404, False),
        ("sapporo", 404, False),
    ],
)
def test_who_reads_a_project_and_its_case(
    browse: Browse, cast: SimpleNamespace, project: Project, who: str, status: int, case: bool
) -> None:
    browse("london").post(f"/desk/cases/{case_in(cast, 'in_progress').pk}/project/", {"project": project.pk})
    answer = browse(who).get(f"/desk/projects/{project.pk}/")
    assert answer.status_code == status
    assert ("Canals and warehouses" in answer.content.decode()) == case
    assert ("/sentences/" in answer.content.decode()) == (who == "london")


def test_the_story_runs_over_the_years_with_cases_and_visits(cast: SimpleNamespace, project: Project) -> None:
    case = case_in(cast, "in_progress")
    undated = Case.objects.create(
        kind="offices.support", title="old", number="公-0099", applicant=cast.places["otaru"], branch=cast.places["hokkaido"],
        state="closed", holder="nobody", origin="public_report", filed_at=dt.datetime(1970, 1, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    actor = reader(cast, "london")
    ProjectCase.objects.create(project=project, case=undated)
    with acting(actor.scope):
        services.add_case(project, case, actor=actor, now=NOW)
        values = {"title": "Ports", "starts_on": dt.date(2027, 6, 1), "ends_on": dt.date(2027, 6, 2)}
        plan_visit(case, values=values, actor=actor, now=NOW)
    write(cast, project, text_en="The mayors met.", day=dt.date(2025, 3, 31))
    hq = reader(cast, "hq_officer")
    with acting(hq.scope), translation.override("en"):
        years = story_of(project, cases_of(project, hq, NOW), hq)
    assert [(year.label, [item.text for item in year.items]) for year in years] == [
        ("2027", ["Visit: Ports"]),
        ("2026", [f"{case.number} Canals and warehouses", "It is active."]),
        ("2025", ["The mayors met."]),
        ("Year not stated", ["公-0099 old"]),
    ]


# --- Events -------------------------------------------------------------------------------------------------------------
def an_event(cast: SimpleNamespace, title: str, host: str = "london", *, released: bool = True) -> Event:
    begins = dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC)  # already the new year in Tokyo, not yet in London
    return Event.objects.create(
        title_ja=title, organisation=cast.places[host], begins_at=begins, ends_at=begins + dt.timedelta(minutes=20),
        zone="Europe/London", released_at=NOW if released else None,
    )  # fmt: skip


def test_an_event_joins_the_story_and_is_taken_out_again(
    browse: Browse, cast: SimpleNamespace, project: Project
) -> None:
    event, path = an_event(cast, "運河の夕べ"), f"/desk/projects/{project.pk}/"
    london = browse("london")
    assert f'<option value="{event.pk}">運河の夕べ' in london.get(path).content.decode()
    for _twice in range(2):
        assert london.post(f"{path}events/", {"event": event.pk}).status_code in (302, 422)
    assert ProjectEvent.objects.count() == 1
    actor = reader(cast, "otaru")
    with acting(actor.scope), translation.override("en"):
        years = story_of(project, [], actor, events_of(project, actor))
    assert [(year.label, [(item.text, item.words) for item in year.items]) for year in years] == [
        ("2026", [("Event: 運河の夕べ", "31 Dec 2026"), ("It is active.", "1 Apr 2026")])
    ]
    page = browse("otaru").get(path).content.decode()
    assert f'<a href="/desk/events/{event.pk}/">' in page
    assert f"{path}events/" not in page  # nothing to add or to take out
    assert london.post(f"{path}events/{event.pk}/remove/").status_code == 302
    assert (ProjectEvent.objects.count(), Event.objects.count()) == (0, 1)
    logged = Entry.objects.filter(event__startswith="projects.event.").values_list("event", flat=True)
    assert sorted(logged) == ["projects.event.added", "projects.event.removed"]


def test_an_event_that_is_not_released_is_read_by_its_host_only(
    browse: Browse, cast: SimpleNamespace, project: Project
) -> None:
    event, path = an_event(cast, "準備中の催し", released=False), f"/desk/projects/{project.pk}/"
    assert browse("london").post(f"{path}events/", {"event": event.pk}).status_code == 302
    for who, sees in {"london": True, "hq_officer": True, "newyork": False, "otaru": False}.items():
        assert ("準備中の催し" in browse(who).get(path).content.decode().partition("<main")[2]) == sees, who


def test_another_offices_event_that_is_not_released_and_another_offices_project_are_refused(
    browse: Browse, cast: SimpleNamespace, project: Project
) -> None:
    hidden, path = an_event(cast, "見えない催し", "newyork", released=False), f"/desk/projects/{project.pk}/events/"
    answer = browse("london").post(path, {"event": hidden.pk})
    assert answer.status_code == 422
    assert "見えない催し" not in answer.content.decode()
    assert browse("newyork").post(path, {"event": hidden.pk}).status_code == 404
    actor = reader(cast, "newyork")
    with acting(actor.scope), pytest.raises(NotAllowed):
        services.add_event(project, hidden, actor=actor, now=NOW)
    assert ProjectEvent.objects.count() == 0


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Schools", "Canals"]),
        ("state=active", ["Canals"]),
        ("strand=education", ["Schools"]),
        ("country=GB", ["Schools"]),
        ("party=おたる", []),
        ("party=Otaru", ["Canals"]),
        ("q=camden", ["Schools"]),
        ("office=NYC", ["Schools"]),
        ("sort=project", ["Canals", "Schools"]),
    ],
)
def test_the_list_is_narrowed(
    browse: Browse, cast: SimpleNamespace, project: Project, query: str, titles: list[str]
) -> None:
    actor = reader(cast, "newyork")
    camden = Organisation.objects.create(kind="foreign_local_government", code="X", name_en="Camden", country_id="GB")
    with acting(actor.scope):
        services.begin_project(
            values={"title_en": "Schools", "strands": ["education"]}, parties=[camden], state="planned",
            day=dt.date(2026, 10, 1), actor=actor, now=NOW,
        )  # fmt: skip
    answer = browse("hq_officer").get(f"/desk/projects/?{query}")
    assert [line["row"].title_en for line in answer.context["lines"]] == titles


def test_a_member_lists_what_it_is_a_party_of(browse: Browse, cast: SimpleNamespace, project: Project) -> None:
    for who, number in (("otaru", 1), ("sapporo", 0), ("newyork", 1)):
        assert len(browse(who).get("/desk/projects/").context["lines"]) == number, who


def test_the_list_as_excel_holds_what_is_shown(browse: Browse, project: Project) -> None:
    answer = browse("london").post("/desk/projects/file/?state=active")
    assert answer["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_the_pages_ask_as_much_for_thirty_as_for_one(browse: Browse, cast: SimpleNamespace, project: Project) -> None:
    london = browse("london")
    paths = ("/desk/projects/", f"/desk/projects/{project.pk}/")
    for path in paths:
        london.get(path)

    def asked() -> list[int]:
        found = []
        for path in paths:
            with CaptureQueriesContext(connection) as caught:
                assert london.get(path).status_code == 200
            found.append(len(caught.captured_queries))
        return found

    ProjectCase.objects.create(project=project, case=case_in(cast, "in_progress"))
    ProjectEvent.objects.create(project=project, event=an_event(cast, "first"))
    few = asked()
    for number in range(5):
        ProjectEvent.objects.create(project=project, event=an_event(cast, f"{number}"))
    ProjectCase.objects.create(project=project, case=case_in(cast, "in_progress"))
    for number in range(30):
        write(cast, project, text_en=f"Sentence {number}")
        made = Project.objects.create(title_en=f"{number}", office=cast.places["london"], state_on=dt.date(2026, 4, 1))
        ProjectParty.objects.create(project=made, organisation=cast.places["otaru"])
    assert asked() == few


# --- After a merger, and what comes with the application ----------------------------------------------------------------
def test_the_successor_takes_the_place_in_projects_that_go_on(cast: SimpleNamespace, project: Project) -> None:
    ended = Project.objects.create(
        title_en="Ended", state="ended", office=cast.places["london"], state_on=timezone.localdate()
    )
    ProjectParty.objects.create(project=ended, organisation=cast.places["otaru"])
    merger = Succession.objects.create(
        predecessor=cast.places["otaru"],
        successor=cast.places["sapporo"],
        kind="merger",
        on=dt.date(2026, 10, 1),
        source="test",
    )
    hq = reader(cast, "hq_officer")
    with acting(hq.scope):
        assert services.move_parties(merger, hq.signature, NOW) == 1
    assert ProjectParty.objects.get(project=project).organisation.code == "011002"
    assert ProjectParty.objects.get(project=ended).organisation.code == "012033"


@pytest.mark.django_db
def test_the_three_projects_of_the_source_are_loaded_once_with_their_facts() -> None:
    network.load()
    assert LOADERS["projects"]() == "3 added"
    assert LOADERS["projects"]() == "0 added"
    found = {
        row.title_en: (
            row.office.code, row.state, row.state_on.isoformat(), row.begun, sorted(row.strands),
            sorted(ProjectParty.objects.filter(project=row).values_list("organisation__name_en", flat=True)),
        )
        for row in Project.objects.select_related("office")
    }  # fmt: skip
    assert found == {
        "Toyota City and authorities in Derbyshire": (
            "LON", "active", "2019-09-03", None, ["economy", "education", "staff_exchange", "tourism"],
            ["Derbyshire County Council", "Toyota"],
        ),
        "Kagoshima Prefecture, Camden and Manchester": (
            "LON", "active", "2019-09-03", None, ["culture", "education"],
            ["Kagoshima Prefecture", "London Borough of Camden", "Manchester City Council"],
        ),
        "Tokushima Prefecture and Niedersachsen: environment": (
            "LON", "active", "2019-09-03", None, ["environment", "staff_exchange"],
            ["State of Niedersachsen", "Tokushima Prefecture"],
        ),
    }  # fmt: skip


def test_the_list_is_declared_once() -> None:
    assert PROJECTS.key == "projects"
