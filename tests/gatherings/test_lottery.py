"""The lottery of a call: one order for a number and its lots, which anybody gets again with the printed recipe."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from types import SimpleNamespace

import pytest
from django.db import ProgrammingError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from clair_portal.audit.models import Entry
from clair_portal.gatherings import deciding
from clair_portal.gatherings.lottery import digest, drawn, recipe
from clair_portal.gatherings.models import Application, Call
from clair_portal.gatherings.models.calls import SEED
from clair_portal.gatherings.rules import Refused
from clair_portal.walls.scope import acting
from tests.cast import reader
from tests.conftest import WebClient
from tests.gatherings.calling import APPLICANTS, a_call, applied, closed, fresh, stands

SEEDS = st.from_regex(re.compile(SEED), fullmatch=True)
LOTS = st.lists(st.integers(1, 500), min_size=1, max_size=40, unique=True)
NUMBER = "38,915.87"


def draw(cast: SimpleNamespace, call: Call, seed: str = NUMBER, who: str = "london") -> Call:
    actor = reader(cast, who)
    with acting(actor.scope):
        deciding.draw(
            call, seed=seed, source="日本経済新聞", day=dt.date(2026, 11, 24), actor=actor, now=timezone.now()
        )
    return fresh(call)


def in_a_shell(line: str) -> list[tuple[int, str, int]]:
    """Rank, hash and lot as the printed line gives them."""
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True, timeout=30)
    return [(int(rank), found, int(lot)) for rank, found, lot in map(str.split, done.stdout.splitlines())]


# --- The order ----------------------------------------------------------------------------------------------------------
def test_hash_of_a_lot_is_the_one_that_sha256sum_prints() -> None:
    assert digest("38,915.87", 1) == "22697f32e43e61cd21503ad818c561c730e85b7d43735479f9a4a1dd701ad840"


@given(SEEDS, LOTS, st.randoms())
@settings(max_examples=60, deadline=None)
def test_order_does_not_depend_on_the_order_lots_are_given_in(seed: str, lots: list[int], chance: object) -> None:
    mixed = list(lots)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert drawn(seed, mixed) == drawn(seed, lots)


@given(SEEDS, LOTS)
@settings(max_examples=60, deadline=None)
def test_every_lot_appears_once_with_the_ranks_from_one(seed: str, lots: list[int]) -> None:
    found = drawn(seed, lots)
    assert sorted(each.lot for each in found) == sorted(lots)
    assert [each.rank for each in found] == list(range(1, len(lots) + 1))
    assert [each.digest for each in found] == sorted(each.digest for each in found)


@given(SEEDS, LOTS)
@settings(max_examples=60, deadline=None)
def test_a_lot_that_is_withdrawn_changes_nothing_among_the_others(seed: str, lots: list[int]) -> None:
    rest = [each.lot for each in drawn(seed, lots) if each.lot != lots[0]]
    assert [each.lot for each in drawn(seed, lots[1:])] == rest


@given(SEEDS, st.lists(st.integers(1, 99), min_size=1, max_size=5, unique=True))
@settings(max_examples=12, deadline=None)
def test_recipe_gives_the_same_order_in_a_shell_for_any_number(seed: str, lots: list[int]) -> None:
    assert in_a_shell(recipe(seed, lots)) == [(each.rank, each.digest, each.lot) for each in drawn(seed, lots)]


# --- A call -------------------------------------------------------------------------------------------------------------
def drawn_call(cast: SimpleNamespace) -> Call:
    call = a_call(cast)
    for who in APPLICANTS:
        applied(cast, call, who)
    return draw(cast, closed(call))


def test_lottery_re_run_by_the_recipe_printed_on_the_public_page_gives_the_stored_result(
    browse: object, cast: SimpleNamespace
) -> None:
    call = drawn_call(cast)
    page = browse(None).get(f"/en/calls/{call.pk}/").text  # type: ignore[operator]
    printed = re.search(
        r'<pre class="recipe" tabindex="0" lang="en"><code lang="en">(.*?)</code></pre>', page, re.DOTALL
    )
    assert printed
    line = printed[1].replace("&quot;", '"').replace("&#x27;", "'")
    stored = Application.objects.filter(call=call).order_by("rank")
    assert [(rank, lot) for rank, _hash, lot in in_a_shell(line)] == [(each.rank, each.lot) for each in stored]
    assert [each.state for each in stored] == ["selected", "selected", "reserve", "reserve", "reserve"]
    assert [each.reserve for each in stored] == [None, None, 1, 2, 3]
    assert all(found in page for _rank, found, _lot in in_a_shell(line))


def test_a_second_draw_is_refused_and_changes_nothing(cast: SimpleNamespace) -> None:
    call = drawn_call(cast)
    before = stands(call)
    with pytest.raises(Refused, match="This call is decided already; that happens once. Nothing was changed."):
        draw(cast, call, seed="1")
    assert (stands(call), fresh(call).seed) == (before, NUMBER)
    assert Entry.objects.filter(event="gatherings.call.drawn").count() == 1


@pytest.mark.second_wall
@pytest.mark.parametrize("change", [{"seed": "1"}, {"lots": [1]}, {"seed_source": "x"}])
def test_number_lots_and_source_cannot_be_changed_by_the_owner_of_the_database_either(
    cast: SimpleNamespace, change: dict[str, object]
) -> None:
    call = drawn_call(cast)
    with pytest.raises(ProgrammingError, match="a lottery is drawn once"), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(**change)
    with pytest.raises(ProgrammingError, match="lot and rank of a lottery stay"), transaction.atomic():
        Application.objects.filter(call=call, rank=1).update(rank=2)


def test_a_call_is_not_drawn_before_it_closes(browse: object, cast: SimpleNamespace) -> None:
    call = a_call(cast)
    applied(cast, call, "otaru")
    with pytest.raises(Refused, match="A call is decided after it has closed. Nothing was changed."):
        draw(cast, call)
    assert stands(call) == {"Otaru": ("sent", None)}


def test_page_of_the_draw_takes_full_width_digits_and_no_number_that_could_be_known_before(
    browse: object, cast: SimpleNamespace
) -> None:
    call = a_call(cast)
    for who in APPLICANTS:
        applied(cast, call, who)
    closed(call)
    client: WebClient = browse("london_local")  # type: ignore[operator]
    today = timezone.localdate()
    typed = {
        "seed": "３８，９１５．８７",
        "source": "Nikkei",
        "day": (today - dt.timedelta(days=5)).isoformat(),
        "sure": "on",
    }
    page = client.post(f"/desk/calls/{call.pk}/draw/", typed)
    assert page.status_code == 422
    assert "Somebody could have known that number before the call closed." in page.text
    assert "Nikkei" in page.text
    assert client.post(f"/desk/calls/{call.pk}/draw/", typed | {"day": today.isoformat()}).status_code == 302
    found = fresh(call)
    assert (found.seed, found.state, found.lots) == (NUMBER, "decided", [1, 2, 3, 4, 5])


def test_number_that_a_shell_would_read_is_refused(browse: object, cast: SimpleNamespace) -> None:
    call = a_call(cast)
    applied(cast, call, "otaru")
    closed(call)
    client: WebClient = browse("london_local")  # type: ignore[operator]
    typed = {"seed": "1'; rm -rf /", "source": "x", "day": timezone.localdate().isoformat(), "sure": "on"}
    page = client.post(f"/desk/calls/{call.pk}/draw/", typed)
    assert page.status_code == 422
    assert "Write the number in digits or Latin letters" in page.text


def test_public_page_names_no_organisation_and_each_sees_its_own_lot_only(
    browse: object, cast: SimpleNamespace
) -> None:
    call = drawn_call(cast)
    public = browse(None).get(f"/en/calls/{call.pk}/").text  # type: ignore[operator]
    assert not [name for name in ("Otaru", "Hakodate", "Hokkaido", "Sapporo", "Osaka") if name in public]
    own = browse("hakodate").get(f"/desk/calls/{call.pk}/").text  # type: ignore[operator]
    assert re.search(r'<span class="muted">Lot 2</span>|<span class="muted">抽選番号 2</span>', own)
    assert browse("hakodate").get(f"/desk/calls/{call.pk}/applications/").status_code == 403  # type: ignore[operator]
