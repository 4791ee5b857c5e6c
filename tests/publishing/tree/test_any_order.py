"""Whatever editors and hosts do, in any order and at any time: the files are what a full rebuild would write, byte for byte.

A hundred sequences of twenty steps: thirty with each of three versions, ten with all three at once, whose pages name each
other. A sequence begins with a story, a result, an event, a call, a news release and a chapter that stand there. The relay takes its turns somewhere
among the steps and after them. After each a quarter of the pages it left alone are rendered anew and compared with their
files, after the last all of them (in every tenth sequence also those that were just rendered); no other file may be there.
Steps that render nearly everything (a new day, a new name of the office) are rare: they would hide what was forgotten
before. Left out, because a hundred
rebuilds have to be quick: the other versions, all offices but one, all chapters but two, the pages of ties, JET, statistics and the API reference
(FEW names those that are there), and the search, which follows pages in tests of its own. The sequences with all three versions have readings over
their Japanese pages, and correct them. Steps go through the services
where public texts are decided, and straight to the table (a bulk update, a deletion) for offices, their sources and the
speakers of events.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as profile
from hypothesis import strategies as st

from clair_portal.furigana.models import Reading
from clair_portal.furigana.services import remove_reading, set_reading
from clair_portal.gatherings import calling, services
from clair_portal.gatherings.models import Call, Event, Speaker
from clair_portal.gatherings.rules import Refused
from clair_portal.network.models import Claim, Organisation
from clair_portal.outbox.handlers import do
from clair_portal.publishing.content import releasing
from clair_portal.publishing.content import rules as content_rules
from clair_portal.publishing.content import services as content
from clair_portal.publishing.models import Change, Item, Page, Publication
from clair_portal.publishing.services import NotReady, change, prepare, release, withdraw
from clair_portal.publishing.tree import changes, families, whole, write
from clair_portal.publishing.tree.families import MOMENTS
from clair_portal.publishing.tree.render import render
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import reader
from tests.gatherings.planning import opened
from tests.pages.test_public_pages import publish
from tests.publishing.content import along

STEPS = 20
COMPLETE = 10  # every so many sequences all pages are compared
PART = 4  # after a turn among the steps, one in so many
SEQUENCES = {"ja": 30, "en": 30, "my": 30, "ja en my": 10}
WITH_READINGS = "ja en my"
CHAPTERS = 2  # of the guide that are there
TOKYO = ZoneInfo("Asia/Tokyo")
BEGIN = dt.datetime(2027, 1, 30, 3, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
WINDOWS = (0.5, 3, 20, 40, 24 * 400)  # hours until something begins, opens or closes


@dataclass
class World:
    """One sequence: the clock, up to when the relay looked at it, who acts, and which pages the last turn rendered."""

    cast: SimpleNamespace
    clock: SimpleNamespace
    looked: dt.datetime
    rendered: set[str] = field(default_factory=set)

    # --- Publications --------------------------------------------------------------------------------------------------
    def _publication(self, n: int, *states: str) -> Publication | None:
        found = list(Publication.objects.filter(state__in=states).order_by("pk"))
        return found[n % len(found)] if found else None

    def prepare(self, n: int) -> None:
        actor, office = reader(self.cast, "london"), self.cast.places["london"]
        kind = "research_result" if n % 3 == 0 else "story"
        values = {"kind": kind, "title_ja": f"題{n}", "body_ja": "一文。二文。", "countries": ["GB"], "office": office}
        values |= {"title_en": f"Title {n}", "body_en": "One."} if n % 2 else {}
        with acting(actor.scope):
            prepare(values=values, actor=actor, now=self.clock.now)

    def release(self, n: int) -> None:
        if found := self._publication(n, "draft", "withdrawn", "published"):
            actor, day = reader(self.cast, "hq_officer"), timezone.localdate()
            with acting(actor.scope):
                release(found, version=found.version, left_out={}, consent="by mail", consent_on=day, on=day, actor=actor,
                        now=self.clock.now)  # fmt: skip

    def correct(self, n: int) -> None:
        if found := self._publication(n, "draft", "published"):
            actor = reader(self.cast, "hq_officer")
            values = {
                "title_ja": f"直した題{n}",
                "body_ja": f"直した文{n}。",
                "consent": "x",
                "consent_on": dt.date(2026, 1, 1),
            }
            with acting(actor.scope):
                change(found, values=values, version=found.version, actor=actor, now=self.clock.now)

    def withdraw(self, n: int) -> None:
        if found := self._publication(n, "published"):
            actor = reader(self.cast, "hq_officer")
            with acting(actor.scope):
                withdraw(found, reason="wrong", actor=actor, now=self.clock.now)

    def delete(self, n: int) -> None:
        if found := self._publication(n, "draft", "published", "withdrawn"):
            found.delete()

    # --- Texts: news releases and chapters of the guide ------------------------------------------------------------------
    def _text(self, n: int) -> Item | None:
        found = list(Item.objects.filter(kind__in=("release", "guide")).order_by("pk"))
        return found[n % len(found)] if found else None

    def _said(self, act: Callable[..., Any], found: Item, *values: Any, **more: Any) -> None:
        actor = reader(self.cast, "hq_officer")
        with acting(actor.scope):
            act(found, *values, actor=actor, now=self.clock.now, **more)

    def write_text(self, n: int) -> None:
        kind, slug = ("guide", str(n % CHAPTERS + 1)) if n % 3 == 0 else ("release", f"news-{n}")
        found = along.item(
            self.cast, kind=kind, slug=slug, language=("ja", "en")[n % 2], title=f"題{n}", body=f"文{n}。", summary=""
        )
        if n % 4:
            self._said(releasing.release, found, found.language)

    def release_text(self, n: int) -> None:
        if found := self._text(n):
            self._said(releasing.release, found, found.language)

    def edit_text(self, n: int) -> None:
        """Small changes keep translations, others make them old; a release is what shows them."""
        if found := self._text(n):
            along.edit(self.cast, found, f"直した文{n}。", title=f"直した題{n % 5}", summary="", minor=n % 4 == 0)
            if n % 3:
                self._said(releasing.release, found, found.language)

    def translate_text(self, n: int) -> None:
        found = self._text(n)
        language = ("en", "my")[n % 2]
        if found is not None and found.language == "ja":
            along.linguists(self.cast, language, london="translate", newyork="review")
            made = along.begin(self.cast, found, language)
            for each in content.sentences_of(found):
                along.say(self.cast, made, each.key, f"Text {n} {each.digest[:4]}")
            along.approved(self.cast, along.handed_in(self.cast, made))
            self._said(releasing.release, found, language)

    def withdraw_text(self, n: int) -> None:
        if found := self._text(n):
            self._said(releasing.withdraw, found, found.language if n % 3 else "en", reason="wrong")

    def rename_text(self, n: int) -> None:
        if found := self._text(n):
            self._said(content.rename, found, slug=str(n % CHAPTERS + 1) if found.kind == "guide" else f"other-{n % 3}")

    def correct_reading(self, n: int) -> None:
        """Every Japanese page follows, whether it has the word or not."""
        actor, word = reader(self.cast, "hq_approver"), ("題", "文", "事務所", "募集")[n % 4]
        with acting(actor.scope):
            if row := Reading.objects.filter(text=word).first():
                remove_reading(row, actor=actor)
            else:
                set_reading(text=word, reading="あいう"[: n % 3 + 1], source="見本", actor=actor, now=self.clock.now)

    # --- Offices -------------------------------------------------------------------------------------------------------
    def rename_office(self, n: int) -> None:
        Organisation.objects.filter(code="LON").update(website=f"https://example.org/{n}", name_ja=f"事務所{n % 4}")

    def claim(self, n: int) -> None:
        values = {"organisation": self.cast.places["london"], "claim": "opened", "value": str(1988 + n % 3)}
        if n % 4:
            Claim.objects.get_or_create(subject="Office London", source="test", **values)
        else:
            Claim.objects.all().delete()

    # --- Events and calls ----------------------------------------------------------------------------------------------
    def _event(self, n: int) -> Event | None:
        found = list(Event.objects.order_by("created_at", "pk"))
        return found[n % len(found)] if found else None

    def plan_event(self, n: int) -> None:
        actor, begins = reader(self.cast, "london"), self.clock.now + WINDOWS[n % 5] * HOUR
        values = {"title_ja": f"催し{n}", "kind": "seminar", "begins_at": begins, "ends_at": begins + HOUR,
                  "zone": "Europe/London", "register_until": begins - HOUR / 4}  # fmt: skip
        with acting(actor.scope):
            services.plan_event(values=values, place=None, actor=actor, now=self.clock.now)

    def release_event(self, n: int) -> None:
        if found := self._event(n):
            actor = reader(self.cast, "london")
            with acting(actor.scope):
                services.release_event(found, released=n % 4 != 0, actor=actor, now=self.clock.now)

    def move_event(self, n: int) -> None:
        if found := self._event(n):
            actor = reader(self.cast, "london")
            to = ("open", "open", "over", "cancelled")[n % 4]
            with acting(actor.scope):
                services.move_event(found, to=to, actor=actor, now=self.clock.now)

    def speaker(self, n: int) -> None:
        if n % 3 == 0:
            Speaker.objects.all().delete()
        elif found := self._event(n):
            Speaker.objects.create(event=found, name=f"見本{n}")

    def call(self, n: int) -> None:
        actor, opens = reader(self.cast, "london"), self.clock.now + (n % 3 - 1) * HOUR
        values = {"title_ja": f"募集{n}", "places": 2, "most_people": 3, "opens_at": opens, "selection": "approval",
                  "closes_at": opens + 2 * HOUR + WINDOWS[n % 5] * HOUR, "event": self._event(n)}  # fmt: skip
        with acting(actor.scope):
            made = calling.plan_call(values=values, actor=actor, now=self.clock.now)
            if n % 4:
                calling.publish_call(made, actor=actor, now=self.clock.now)

    def cancel_call(self, n: int) -> None:
        if found := Call.objects.order_by("created_at", "pk").first():
            actor = reader(self.cast, "london")
            with acting(actor.scope):
                calling.cancel_call(found, actor=actor, now=self.clock.now)

    # --- Time ----------------------------------------------------------------------------------------------------------
    def to_the_next_moment(self, n: int) -> None:
        """Exactly, or a second later."""
        known = [
            *Event.objects.values_list("begins_at", "ends_at", "register_until"),
            *Call.objects.values_list("opens_at", "closes_at"),
        ]
        coming = sorted({each for row in known for each in row if each and each > self.clock.now})
        if coming:
            self.clock.now = coming[0] + (n % 2) * dt.timedelta(seconds=1)

    def over_midnight(self, n: int) -> None:
        tomorrow = self.clock.now.astimezone(TOKYO).date() + DAY
        self.clock.now = dt.datetime.combine(tomorrow, dt.time(), TOKYO).astimezone(dt.UTC)

    def later(self, n: int) -> None:
        self.clock.now += (HOUR, 7 * HOUR, 366 * DAY)[n % 3]

    def turn(self, n: int = 0) -> None:
        """Of the relay and its workers."""
        with acting(SYSTEM_SCOPE):
            changes.note_time(self.looked, self.clock.now)
        self.looked = self.clock.now
        changes.take(self.clock.now)
        rows = list(Page.objects.undone(self.clock.now).order_by("due_at", "path").values_list("pk", "path"))
        self.rendered = {path for _pk, path in rows}
        for pk, _path in rows:
            do("page", pk, self.clock.now)


RARE = ["rename_office", "claim", "to_the_next_moment", "over_midnight", "later"]
EDITS = ["prepare", "release", "correct", "withdraw", "delete", "plan_event", "release_event", "move_event", "speaker", "call",
         "cancel_call"]  # fmt: skip
TEXTS = ["write_text", "release_text", "edit_text", "translate_text", "withdraw_text", "rename_text"]
ACTIONS = [*EDITS * 2, *TEXTS, *["turn"] * 3, *RARE]


def sequences(actions: list[str]) -> st.SearchStrategy[list[tuple[str, int]]]:
    return st.lists(st.tuples(st.sampled_from(actions), st.integers(0, 11)), min_size=STEPS, max_size=STEPS)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    moving = SimpleNamespace(now=BEGIN)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moving.now)
    return moving


@pytest.mark.parametrize("versions", list(SEQUENCES))
def test_after_any_sequence_the_tree_is_what_a_full_rebuild_writes(
    tree: Path, few: None, cast: SimpleNamespace, clock: SimpleNamespace, tmp_path: Path, settings: Any, versions: str,
    monkeypatch: pytest.MonkeyPatch, record_property: Callable[..., None],
) -> None:  # fmt: skip
    assert {"gatherings_event", "gatherings_call"} <= set(MOMENTS)
    settings.LANGUAGES = [(code, code) for code in versions.split()]
    settings.READINGS = versions == WITH_READINGS
    for hooks in ("AFTER_PUBLISH", "AFTER_REMOVAL"):
        monkeypatch.setattr(families, hooks, [])
    one_office = replace(families.FAMILIES["office"], addresses=lambda: [{"code": "lon"}])
    monkeypatch.setitem(families.FAMILIES, "office", one_office)
    begin_with(cast, clock)
    seen = SimpleNamespace(sequences=0, pages=0)

    @profile(max_examples=SEQUENCES[versions], deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(steps=sequences([*ACTIONS, "correct_reading"] if settings.READINGS else ACTIONS))
    def any_order(steps: list[tuple[str, int]]) -> None:
        own = tmp_path / uuid.uuid4().hex
        shutil.copytree(tree, own, copy_function=os.link)  # files are replaced, never written to
        settings.PUBLISHED_TREE, clock.now = str(own), BEGIN
        with transaction.atomic():
            seen.pages += one_sequence(World(cast, clock, BEGIN), steps, own, all_pages=seen.sequences % COMPLETE == 0)
            transaction.set_rollback(True)
        seen.sequences += 1
        shutil.rmtree(own)

    any_order()
    assert seen.sequences >= SEQUENCES[versions]
    record_property(
        "counted", f"{versions}: {seen.sequences} sequences of {STEPS} steps: {seen.pages} pages equal a full rebuild"
    )


def begin_with(cast: SimpleNamespace, clock: SimpleNamespace) -> None:
    """Something of each kind stands there, so that every step finds something to change."""
    office = cast.places["london"]
    publish("harbours", office=office, title_en="Harbours", body_en="One.")
    publish("survey", office=office, kind="research_result")
    event = opened(cast, begins_at=clock.now + 3 * HOUR, ends_at=clock.now + 5 * HOUR)
    world = World(cast, clock, clock.now)
    world.call(1)
    for number in (1, 6):  # a release in English, the first chapter in Japanese
        world.write_text(number)
    assert Call.objects.filter(event=event).exists()
    Change.objects.all().delete()
    whole.publish_all(clock.now)
    Change.objects.all().delete()


def one_sequence(world: World, steps: list[tuple[str, int]], own: Path, *, all_pages: bool) -> int:
    """How many pages were compared."""
    pages = 0
    for name, n in steps:
        _step(world, name, n)
        if name == "turn":
            pages += compared(own, left_alone(world.rendered | sitemaps())[n % PART :: PART])
    fresh = _last_turns(world)
    pages += compared(own, left_alone(set() if all_pages else fresh))
    with acting(SYSTEM_SCOPE):
        known = {each.path for each in families.every_address()}
    files = list(write.every_file())
    assert {write.path_of(file) for file in files} <= known
    gone = {write.path_of(file) for file in files if file.name.startswith(write.GONE)}
    assert gone.isdisjoint(write.path_of(file) for file in files if not file.name.startswith(write.GONE))
    return pages


def _step(world: World, name: str, n: int) -> None:
    """A refused step changes nothing, as in a request."""
    with suppress(NotReady, Refused, content_rules.Refused), transaction.atomic():
        getattr(world, name)(n)


def _last_turns(world: World) -> set[str]:
    """What they rendered. The second takes what the pages themselves changed: sitemaps name those that appeared."""
    fresh: set[str] = set()
    for pause in (0 * HOUR, 0 * HOUR, changes.PATIENCE["publishing_page"]):
        world.clock.now += pause
        world.turn()
        fresh |= world.rendered
    return fresh


def sitemaps() -> set[str]:
    """They wait until no page appears any more."""
    return set(Page.objects.filter(reads__contains=["publishing_page"]).values_list("path", flat=True))


def left_alone(fresh: set[str]) -> list[str]:
    """All addresses but those."""
    with acting(SYSTEM_SCOPE):
        return sorted({each.path for each in families.every_address()} - fresh)


def compared(own: Path, paths: list[str]) -> int:
    """Renders these pages anew and compares them with their files. Of a withdrawn file with an ending nothing stands."""
    for path in paths:
        answer, target = render(path), write.file_of(path)
        packed = write.packed(answer.body)
        gone = [(target.with_name(write.GONE), 410)] if target.name == write.INDEX else []
        for name, status in ((target, 200), *gone):
            wanted = packed if answer.status == status else dict.fromkeys(packed)
            stand = {ending: name.with_name(name.name + ending) for ending in packed}
            found = {ending: file.read_bytes() if file.exists() else None for ending, file in stand.items()}
            assert found == wanted, f"{path} is not what a rebuild writes as {name.relative_to(own)}"
    return len(paths)
