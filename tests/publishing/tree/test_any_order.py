"""Whatever editors and hosts do, in any order and at any time: the files are what a full rebuild would write, byte for byte.

Sequences of twenty steps, as many in each language as SEQUENCES says. The relay takes
its turns somewhere among the steps and once after them; then every page is rendered anew and compared with its three files.
Left out, because the rebuilds have to be quick: the other languages, and the pages of ties, JET, statistics and the API
reference (FEW names those that are there), and the search, which follows pages in tests of its own. Steps go through the services where public texts are decided, and straight to the
table (a bulk update, a deletion) for offices, their sources and the speakers of events.
"""

from __future__ import annotations

import datetime as dt
import shutil
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
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

from clair_portal.gatherings import calling, services
from clair_portal.gatherings.models import Call, Event, Speaker
from clair_portal.gatherings.rules import Refused
from clair_portal.network.models import Claim, Organisation
from clair_portal.outbox.handlers import do
from clair_portal.publishing.models import Change, Page, Publication
from clair_portal.publishing.services import NotReady, change, prepare, release, withdraw
from clair_portal.publishing.tree import changes, families, work, write
from clair_portal.publishing.tree.families import MOMENTS
from clair_portal.publishing.tree.render import render
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import reader

STEPS = 20
SEQUENCES = {"en": 10}
TOKYO = ZoneInfo("Asia/Tokyo")
BEGIN = dt.datetime(2027, 1, 30, 3, 0, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
WINDOWS = (0.5, 3, 20, 40, 24 * 400)  # hours until something begins, opens or closes


@dataclass
class World:
    """One sequence: the clock, up to when the relay looked at it, and who acts."""

    cast: SimpleNamespace
    clock: SimpleNamespace
    looked: dt.datetime

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

    # --- Offices -------------------------------------------------------------------------------------------------------
    def rename_office(self, n: int) -> None:
        Organisation.objects.filter(kind="office").update(website=f"https://example.org/{n}", name_ja=f"事務所{n % 4}")

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
        for pk in list(Page.objects.undone(self.clock.now).order_by("due_at", "path").values_list("pk", flat=True)):
            do("page", pk, self.clock.now)


ACTIONS = [name for name in vars(World) if not name.startswith("_") and name not in ("cast", "clock", "looked")]
SEQUENCE = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 11)), min_size=STEPS, max_size=STEPS)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    moving = SimpleNamespace(now=BEGIN)
    monkeypatch.setattr("django.utils.timezone.now", lambda: moving.now)
    return moving


@pytest.mark.parametrize("language", list(SEQUENCES))
def test_after_any_sequence_the_tree_is_what_a_full_rebuild_writes(
    tree: Path, few: None, cast: SimpleNamespace, clock: SimpleNamespace, tmp_path: Path, settings: Any, language: str,
    monkeypatch: pytest.MonkeyPatch, record_property: Callable[..., None],
) -> None:  # fmt: skip
    assert {"gatherings_event", "gatherings_call"} <= set(MOMENTS)
    settings.LANGUAGES = [(language, language)]
    for hooks in ("AFTER_PUBLISH", "AFTER_REMOVAL"):
        monkeypatch.setattr(families, hooks, [])
    Change.objects.all().delete()
    work.publish_all(clock.now)
    Change.objects.all().delete()
    seen = SimpleNamespace(sequences=0, pages=0)

    @profile(max_examples=SEQUENCES[language], deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(steps=SEQUENCE)
    def any_order(steps: list[tuple[str, int]]) -> None:
        own = tmp_path / uuid.uuid4().hex
        shutil.copytree(tree, own)
        settings.PUBLISHED_TREE, clock.now = str(own), BEGIN
        with transaction.atomic():
            seen.pages += one_sequence(World(cast, clock, BEGIN), steps, own)
            transaction.set_rollback(True)
        seen.sequences += 1
        shutil.rmtree(own)

    any_order()
    assert seen.sequences >= SEQUENCES[language]
    record_property("counted", f"{seen.sequences} sequences of {STEPS} steps: {seen.pages} pages equal a full rebuild")


def one_sequence(world: World, steps: list[tuple[str, int]], own: Path) -> int:
    """How many pages were compared."""
    for name, n in steps:
        _step(world, name, n)
    world.turn()
    world.turn()  # what the pages themselves changed: sitemaps name those that appeared
    world.clock.now += changes.PATIENCE["publishing_page"]
    world.turn()
    return compared(own)


def _step(world: World, name: str, n: int) -> None:
    """A refused step changes nothing, as in a request."""
    with suppress(NotReady, Refused), transaction.atomic():
        getattr(world, name)(n)


def compared(own: Path) -> int:
    """Renders every page anew and compares it with its files; no other file may be there."""
    rebuilt: dict[str, Any] = {}
    with acting(SYSTEM_SCOPE):
        paths = [each.path for each in families.every_address()]
    for path in paths:
        answer = render(path)
        if answer.status == 404:
            continue
        target = write.file_of(path)
        name = target if answer.status == 200 else target.with_name(write.GONE)
        for ending, content in write.packed(answer.body).items():
            rebuilt[str(name.relative_to(own)) + ending] = content
    files = {str(file.relative_to(own)): file.read_bytes() for file in own.rglob("*") if file.is_file()}
    assert sorted(files) == sorted(rebuilt)
    assert [name for name in rebuilt if files[name] != rebuilt[name]] == []
    return len(paths)
