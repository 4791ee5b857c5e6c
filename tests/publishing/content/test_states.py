"""Whatever is edited, translated and reviewed: nothing older than its source is called fresh, and nothing fresh is called old.

The oracle keeps every text a sentence ever had and asks: was it translated from a text that stands now, or parted from the one
that stands now by minor changes alone?
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from clair_portal.publishing.content import releasing, services, translating
from clair_portal.publishing.content.cutting import bare
from clair_portal.publishing.content.rules import Refused
from clair_portal.publishing.enums import LanguageState as Is
from clair_portal.publishing.enums import SentenceState
from clair_portal.walls.scope import acting
from tests.cast import NOW, reader
from tests.publishing.content import along

WORDS = ("港を見る。", "港をみる。", "{港|みなと}を見る。", "船が来る。", "船は来る。", "市長が話す。")
STEPS = st.one_of(
    st.tuples(st.just("edit"), st.lists(st.sampled_from(WORDS), max_size=5), st.booleans()),
    st.tuples(st.just("translate"), st.integers(0, 5), st.booleans()),
    st.tuples(st.just("mend"), st.integers(0, 5)),
    st.tuples(st.sampled_from(("hand_in", "approve", "send_back", "release_source", "release", "withdraw"))),
)


@dataclass
class Oracle:
    """`texts`: of each sentence the text in every version and whether that version was minor. `translated`: from which text."""

    texts: dict[UUID, list[tuple[str, bool]]] = field(default_factory=dict)
    translated: dict[UUID, str] = field(default_factory=dict)
    published: dict[UUID, str] | None = None

    def note(self, source: list[Any], minor: bool) -> None:
        self.texts = {each.key: [*self.texts.get(each.key, []), (bare(each.text), minor)] for each in source}

    def fresh(self, key: UUID, basis: str) -> bool:
        """From the newest version back: a text that was translated, before any change that was not minor."""
        history = self.texts[key]
        for place in range(len(history) - 1, -1, -1):
            text, minor = history[place]
            if text == basis:
                return True
            if place and text != history[place - 1][0] and not minor:
                return False
        return False


class Run:
    """One sequence of steps, each by whoever does it; what is refused changes nothing."""

    def __init__(self, cast: SimpleNamespace) -> None:
        self.cast, self.oracle = cast, Oracle()
        self.item = along.item(cast, body="".join(WORDS[:1] + WORDS[3:4]), summary="")
        self.translation = along.begin(cast, self.item)
        self.oracle.note(services.sentences_of(self.item), minor=False)

    def step(self, name: str, *values: Any) -> None:
        try:
            with transaction.atomic():
                getattr(self, f"do_{name}")(*values)
        except Refused:
            pass
        self.item.refresh_from_db()
        self.translation.refresh_from_db()
        self.translation.item = self.item

    def do_edit(self, words: list[str], minor: bool) -> None:
        before = self.item.number
        along.edit(self.cast, self.item, "".join(words), minor=minor, summary="")
        if self.item.number > before:
            self.oracle.note(services.sentences_of(self.item), minor)

    def do_translate(self, place: int, machine: bool) -> None:
        source = services.sentences_of(self.item)
        each = source[place % len(source)]
        along.say(self.cast, self.translation, each.key, f"About {each.digest[:6]}.", machine=machine)
        self.oracle.translated[each.key] = bare(each.text)

    def do_mend(self, place: int) -> None:
        """A change of the translation alone, of a sentence that may be older than its source."""
        rows = [each for each in self.translation.sentences.order_by("pk") if each.key in self.oracle.texts]
        if rows:
            row = rows[place % len(rows)]
            along.say(self.cast, self.translation, row.key, f"{row.text}!", digest=row.source_digest)

    def do_hand_in(self) -> None:
        along.handed_in(self.cast, self.translation)

    def do_approve(self) -> None:
        along.approved(self.cast, self.translation)

    def _as(self, who: str, act: Any, **more: Any) -> None:
        person = reader(self.cast, who)
        with acting(person.scope):
            act(actor=person, now=NOW, **more)

    def do_send_back(self) -> None:
        self._as("newyork", lambda **more: translating.send_back(self.translation, reason="x", **more))

    def do_release_source(self) -> None:
        self._as("hq_officer", lambda **more: releasing.release(self.item, "ja", **more))
        self._note_published()

    def do_release(self) -> None:
        self._as("hq_officer", lambda **more: releasing.release(self.item, "en", **more))
        self._note_published()

    def do_withdraw(self) -> None:
        self._as("hq_officer", lambda **more: releasing.withdraw(self.item, "en", reason="x", **more))
        self.oracle.published = None

    def _note_published(self) -> None:
        """Whatever was frozen just now was frozen with the bases the translations have now."""
        row = self.item.published.filter(language="en", withdrawn_at=None).first()
        if row is not None and row.source_version == self.item.number:
            self.oracle.published = {key: self.oracle.translated[key] for key in self.oracle.texts}

    def check(self) -> None:
        work, oracle = translating.work_of(self.translation), self.oracle
        told = work.standing.sentences
        old = {
            key for key in oracle.texts if key in oracle.translated and not oracle.fresh(key, oracle.translated[key])
        }
        assert {key for key, state in told.items() if state == SentenceState.STALE} == old
        assert {key for key, state in told.items() if state == SentenceState.MISSING} == (
            oracle.texts.keys() - oracle.translated.keys()
        )
        late = self._late()
        assert {
            UUID(key)
            for key in (*work.standing.behind.changed, *work.standing.behind.added, *work.standing.behind.gone)
        } == late
        if work.standing.state in (Is.WAITING, Is.APPROVED, Is.PUBLISHED):
            assert (old, late) == (set(), set())
            assert told.keys() <= oracle.translated.keys()
        if (old and told.keys() & oracle.translated.keys()) or late:
            assert work.standing.state == Is.STALE
        for row in self.translation.sentences.exclude(approved_by=None):
            assert row.approved_by != row.made_by

    def _late(self) -> set[UUID]:
        published, now = self.oracle.published, self.oracle.texts
        if published is None:
            return set()
        changed = {key for key in published.keys() & now.keys() if not self.oracle.fresh(key, published[key])}
        return changed | (published.keys() ^ now.keys())


class Undone(Exception):
    pass


@settings(max_examples=25, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate))
@given(steps=st.lists(STEPS, min_size=1, max_size=20))
def run_sequence(cast: SimpleNamespace, steps: list[tuple[Any, ...]]) -> None:
    try:
        with transaction.atomic():
            run = Run(cast)
            for name, *values in steps:
                run.step(name, *values)
                run.check()
            raise Undone
    except Undone:
        pass


def test_nothing_older_than_its_source_is_ever_called_fresh_and_nothing_fresh_old(cast: SimpleNamespace) -> None:
    along.linguists(cast, london="translate", newyork="review")
    run_sequence(cast)


@pytest.fixture
def spring(cast: SimpleNamespace) -> Any:
    along.linguists(cast, london="translate", newyork="review")
    return along.translated(cast, along.item(cast))


def standing(translation: Any) -> Any:
    translation.refresh_from_db()
    translation.item.refresh_from_db()
    return translating.work_of(translation).standing


def test_the_way_of_a_translation_from_missing_to_public_and_old(cast: SimpleNamespace, spring: Any) -> None:
    other = along.begin(cast, spring.item, "my")
    assert standing(other).state == "missing"
    assert standing(spring).state == "in_translation"
    assert standing(along.handed_in(cast, spring)).state == "waiting"
    assert standing(along.approved(cast, spring)).state == "approved"
    hq = reader(cast, "hq_officer")
    with acting(hq.scope):
        releasing.release(spring.item, "ja", actor=hq, now=NOW)
        releasing.release(spring.item, "en", actor=hq, now=NOW)
    assert standing(spring).state == "published"
    along.edit(cast, spring.item, along.BODY.replace("20名", "30名").replace("費用は無料です。", "費用は千円です。"))
    found = standing(spring)
    assert (found.work, found.state, found.behind.count, found.behind.total) == ("stale", "stale", 2, 9)
    old = [each.text for each in services.sentences_of(spring.item) if found.sentences[each.key] == "stale"]
    assert old == ["定員は30名です。", "費用は千円です。"]


def test_a_change_of_the_translation_alone_makes_nothing_fresh(cast: SimpleNamespace, spring: Any) -> None:
    before = services.sentences_of(spring.item)[3]
    along.edit(cast, spring.item, along.BODY.replace("20名", "30名"))
    along.say(cast, spring, before.key, "There are twenty (20) places.", digest=before.digest)
    row = spring.sentences.get(key=before.key)
    assert (row.text, row.source_version, row.source_text) == ("There are twenty (20) places.", 1, "定員は20名です。")
    assert standing(spring).sentences[before.key] == "stale"
    along.say(cast, spring, before.key, "There are 30 places.")
    assert standing(spring).sentences[before.key] == "written"


def test_a_minor_change_makes_nothing_old_and_says_who_said_so(cast: SimpleNamespace, spring: Any) -> None:
    along.edit(
        cast,
        spring.item,
        along.BODY.replace("支部に連絡してください。", "支部にご連絡ください。"),
        minor=True,
        what="です・ます",
    )
    assert standing(spring).to_translate == 0
    version = services.newest(spring.item)
    assert (version.number, version.minor, version.what) == (2, True, "です・ます")
    assert version.signature == {"ja": "早川 みお(東京本部)", "en": "Mio Hayakawa (Tokyo headquarters)"}


def test_a_sentence_more_is_never_a_minor_change(cast: SimpleNamespace, spring: Any) -> None:
    with pytest.raises(Refused) as refused:
        along.edit(cast, spring.item, along.BODY + "\n- 予算書", minor=True)
    assert str(refused.value) == (
        "A minor change keeps every sentence. Here 1 were added and 0 taken away: save it as an ordinary change."
    )
    assert services.newest(spring.item).number == 1


def test_a_reading_that_is_added_changes_no_translation(cast: SimpleNamespace, spring: Any) -> None:
    along.edit(cast, spring.item, along.BODY.replace("費用", "{費用|ひよう}"))
    assert standing(spring).to_translate == 0
