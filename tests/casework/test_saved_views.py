"""Saved views of a list: private, shared, the first thing one or a role sees; they open whatever became of their values."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from clair_portal.accounts import handover
from clair_portal.accounts.models import Posting
from clair_portal.casework import saved_views
from clair_portal.casework.case_list import CASES
from clair_portal.casework.models import SavedView
from clair_portal.walls.scope import acting
from tests.casework.travel import case_in
from tests.cast import NOW, reader
from tests.conftest import WebClient

Browse = type[WebClient]
MINE = "show=mine"


def saved(cast: SimpleNamespace, who: str = "otaru", name: str = "急ぎ", query: str = MINE, **values: Any) -> SavedView:
    actor = reader(cast, who)
    with acting(actor.scope):
        return saved_views.save(CASES, name=name, query=query, actor=actor, now=NOW, **values)


def names_seen(cast: SimpleNamespace, who: str) -> list[str]:
    actor = reader(cast, who)
    with acting(actor.scope):
        return [view.name for view in saved_views.views_of(CASES, actor.scope)]


def test_what_the_list_shows_is_saved_from_the_page_and_opens_again(cast: SimpleNamespace, browse: Browse) -> None:
    client = browse("otaru")
    sent = {"name": "急ぎ", "query": "show=mine&sort=-due&nonsense=1"}
    answer = client.post("/desk/views/cases/", sent)
    assert answer["Location"] == "/desk/cases/?show=mine&sort=-due"
    page = client.get("/desk/cases/?show=mine&sort=-due").content.decode()
    assert '<a href="?show=mine&amp;sort=-due" aria-current="page">急ぎ</a>' in page
    assert SavedView.objects.get().query == "show=mine&sort=-due"


def test_the_same_name_again_replaces_the_view(cast: SimpleNamespace) -> None:
    saved(cast)
    saved(cast, query="show=ended")
    assert [(view.name, view.query) for view in SavedView.objects.all()] == [("急ぎ", "show=ended")]


def test_a_private_view_is_ones_own_and_a_shared_one_the_organisations(cast: SimpleNamespace) -> None:
    saved(cast, name="private")
    saved(cast, name="shared", shared=True)
    assert names_seen(cast, "otaru") == ["private", "shared"]
    assert names_seen(cast, "otaru_administrator") == ["shared"]
    for other in ("hokkaido", "sapporo", "hq_officer"):
        assert names_seen(cast, other) == []


def test_the_list_opens_with_ones_own_first_view_and_everything_stays_one_click_away(
    cast: SimpleNamespace, browse: Browse
) -> None:
    saved(cast, first=True)
    client = browse("otaru")
    assert client.get("/desk/cases/")["Location"] == "/desk/cases/?show=mine"
    assert client.get("/desk/cases/?all=1").status_code == 200
    saved(cast, name="other", query="show=ended", first=True)
    assert client.get("/desk/cases/")["Location"] == "/desk/cases/?show=ended"
    assert SavedView.objects.filter(first=True).count() == 1


def test_an_administrator_chooses_what_a_role_sees_first(cast: SimpleNamespace, browse: Browse) -> None:
    role = Posting.objects.get(person=cast.people["otaru"]).role_id
    saved(cast, "otaru_administrator", name="担当者の初めの表示", first_for=role)
    assert browse("otaru").get("/desk/cases/")["Location"] == "/desk/cases/?show=mine"
    assert browse("otaru_administrator").get("/desk/cases/").status_code == 200
    assert browse("hokkaido").get("/desk/cases/").status_code == 200
    with translation.override("en"), pytest.raises(saved_views.Refused, match="Only an administrator chooses"):
        saved(cast, first_for=role)


def test_what_an_administrator_chose_for_a_role_outlives_what_its_owner_does(cast: SimpleNamespace) -> None:
    role = Posting.objects.get(person=cast.people["otaru"]).role_id
    view, owner, administrator = saved(cast), reader(cast, "otaru"), reader(cast, "otaru_administrator")
    SavedView.objects.filter(pk=view.pk).update(shared=True)
    view.refresh_from_db()
    with acting(administrator.scope):
        saved_views.change(view, name="急ぎ", shared=True, first=False, first_for=role, actor=administrator)
    with acting(owner.scope):
        saved_views.change(view, name="大急ぎ", shared=False, first=True, first_for="", actor=owner)
    saved(cast, name="大急ぎ", query="show=ended")
    kept = SavedView.objects.get()
    assert (kept.name, kept.query, kept.shared, kept.first, kept.first_for) == (
        "大急ぎ",
        "show=ended",
        True,
        True,
        role,
    )


def test_a_view_whose_values_are_gone_still_opens(cast: SimpleNamespace, browse: Browse) -> None:
    view = saved(cast)
    SavedView.objects.filter(pk=view.pk).update(query="state=closed_long_ago&show=mine", first=True)
    assert browse("otaru").get("/desk/cases/")["Location"] == "/desk/cases/?show=mine"


def test_a_shared_view_of_somebody_who_left_stays_and_an_administrator_deletes_it(
    cast: SimpleNamespace, browse: Browse
) -> None:
    view = saved(cast, shared=True)
    Posting.objects.filter(person=cast.people["otaru"]).update(ends_on=NOW.date() - dt.timedelta(days=1))
    page = browse("otaru_administrator").get("/desk/views/cases/").content.decode()
    assert "急ぎ" in page
    assert f"/desk/views/{view.pk}/change/" in page
    browse("otaru_administrator").post(f"/desk/views/{view.pk}/change/", {"delete": "1"})
    assert SavedView.objects.count() == 0


def test_a_colleague_neither_finds_a_private_view_nor_changes_a_shared_one(
    cast: SimpleNamespace, browse: Browse
) -> None:
    private = saved(cast, "otaru_administrator", name="private")
    shared = saved(cast, "otaru_administrator", name="shared", shared=True)
    client = browse("otaru")
    assert client.post(f"/desk/views/{private.pk}/change/", {"delete": "1"}).status_code == 404
    client.post(f"/desk/views/{shared.pk}/change/", {"delete": "1"})
    page = client.get("/desk/views/cases/").content.decode()
    assert "この表示を変更できるのは、保存した本人か管理者です。" in page
    assert SavedView.objects.count() == 2


def test_a_name_that_is_missing_or_too_long_is_said_and_nothing_typed_is_lost(
    cast: SimpleNamespace, browse: Browse
) -> None:
    client = browse("otaru")
    answer = client.post("/desk/views/cases/", {"name": "あ" * 61, "query": MINE, "shared": "on"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "名称を60文字以内で入力してください。" in page
    assert "あ" * 61 in page
    assert f'name="query" value="{MINE}"' in page
    assert client.get("/desk/views/none/").status_code == 404


def test_two_views_of_one_name_are_refused(cast: SimpleNamespace) -> None:
    saved(cast, name="one")
    two = saved(cast, name="two")
    actor = reader(cast, "otaru")
    said = "A view of this list has that name already."
    with translation.override("en"), acting(actor.scope), pytest.raises(saved_views.Refused, match=said):
        saved_views.change(two, name="one", shared=False, first=False, first_for="", actor=actor)


def test_the_successor_of_a_post_gets_the_views(cast: SimpleNamespace) -> None:
    saved(cast, name="急ぎ", first=True)
    saved(cast, "otaru_administrator", name="急ぎ")
    giver, taker = (Posting.objects.get(person=cast.people[who]) for who in ("otaru", "otaru_administrator"))
    actor = reader(cast, "otaru_administrator")
    with translation.override("en"), acting(actor.scope):
        assert ("Saved views", 1) in handover.counts(from_posting=giver, to_posting=taker, actor=actor, now=NOW)
        assert handover.waiting_at([giver], actor=actor, now=NOW)[giver.pk] == [("Saved views", 1)]
        handover.hand_over(from_posting=giver, to_posting=taker, actor=actor, now=NOW)
    assert names_seen(cast, "otaru_administrator") == ["急ぎ", "急ぎ (岩倉 はる)"]
    assert SavedView.objects.filter(first=True).count() == 0


def test_a_successor_of_several_gets_them_all_under_names_of_their_own(cast: SimpleNamespace) -> None:
    """Also where the new name would be one that is there already, or longer than a name may be."""
    giver, taker = (Posting.objects.get(person=cast.people[who]) for who in ("otaru", "otaru_administrator"))
    name = giver.person.name
    for who, names in (("otaru", ("急ぎ", "長" * 60)), ("otaru_administrator", ("急ぎ", f"急ぎ ({name})", "長" * 60))):
        for each in names:
            saved(cast, who, name=each)
    actor = reader(cast, "otaru_administrator")
    with acting(actor.scope):
        assert saved_views.hand_over(giver, taker, actor, NOW) == 2
    assert names_seen(cast, "otaru_administrator") == sorted(
        ["急ぎ", f"急ぎ ({name})", f"急ぎ ({name} 2)", "長" * 60, "長" * (57 - len(name)) + f" ({name})"]
    )


def test_views_are_read_once_however_many_there_are(cast: SimpleNamespace, browse: Browse) -> None:
    client = browse("otaru")

    def statements(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        return len(asked)

    saved(cast, name="1")
    client.get("/desk/cases/?all=1")  # what the process keeps is read
    one = statements("/desk/cases/?all=1"), statements("/desk/views/cases/")
    for number in range(2, 12):
        saved(cast, name=str(number), query=f"show=mine&year=20{number + 10}")
    assert (statements("/desk/cases/?all=1"), statements("/desk/views/cases/")) == one


@pytest.mark.parametrize("path", ["/desk/cases/", "/desk/projects/", "/desk/research/library/", "/desk/tasks/"])
def test_every_list_offers_to_save_what_it_shows(cast: SimpleNamespace, browse: Browse, path: str) -> None:
    case_in(cast, "in_progress")
    assert "この表示を保存" in browse("otaru").get(path).content.decode()
