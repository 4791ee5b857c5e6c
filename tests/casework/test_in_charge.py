"""Who is in charge of a case on each side, and what a successor inherits."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

from clair_portal.accounts.handover import hand_over
from clair_portal.accounts.models import Person, Posting
from clair_portal.casework.models import Assignment, Case
from clair_portal.walls.scope import acting
from offices.services import begin_request
from tests.cast import NOW, reader
from tests.conftest import WebClient


def draft(cast: SimpleNamespace, title: str = "視察") -> Case:
    actor = reader(cast, "otaru")
    with acting(actor.scope):
        return begin_request(title=title, actor=actor, now=NOW)


def test_one_press_puts_me_in_charge(cast: SimpleNamespace, browse: Callable[..., WebClient]) -> None:
    case = draft(cast)
    assert browse("otaru").post(f"/desk/cases/{case.pk}/take/").status_code == 302
    assert browse("otaru_administrator").post(f"/desk/cases/{case.pk}/take/").status_code == 302
    assert [str(row.posting.person) for row in Assignment.objects.all()] == ["Kei Nishimura"]
    page = browse("otaru").get(f"/desk/cases/{case.pk}/").content.decode()
    assert "西村 圭" in page


def test_nobody_is_in_charge_of_a_case_of_somebody_else(
    cast: SimpleNamespace, browse: Callable[..., WebClient]
) -> None:
    case = draft(cast)
    for person in ("hokkaido", "sapporo", "hq_officer", "london"):
        assert browse(person).post(f"/desk/cases/{case.pk}/take/").status_code == 404, person
    assert not Assignment.objects.exists()


def test_a_successor_inherits_all_open_cases_in_one_action(
    cast: SimpleNamespace, browse: Callable[..., WebClient]
) -> None:
    first, second, finished = (draft(cast, title) for title in ("一", "二", "三"))
    for case in (first, second, finished):
        browse("otaru").post(f"/desk/cases/{case.pk}/take/")
    Case.objects.filter(pk=finished.pk).update(holder="nobody", state="withdrawn")
    newcomer = Person.objects.create(name="後任 者", name_latin="Next One")
    before = Posting.objects.get(person=cast.people["otaru"])
    after = Posting.objects.create(
        person=newcomer, organisation=cast.places["otaru"], role_id="member_officer", starts_on=dt.date(2026, 11, 1)
    )
    actor = reader(cast, "otaru_administrator")
    with acting(actor.scope):
        assert hand_over(from_posting=before, to_posting=after, actor=actor, now=NOW) == 2
    held = Assignment.objects.order_by("case__title").values_list("case__title", "posting__person__name_latin")
    assert sorted(held) == [("一", "Next One"), ("三", "Haru Iwakura"), ("二", "Next One")]
