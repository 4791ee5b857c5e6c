"""Public pages stand as files, are written again when what they show changes, and go when it goes."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import brotli
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from clair_portal.gatherings.models import Call, Event, Speaker
from clair_portal.gatherings.services import release_event
from clair_portal.network.models import Claim, Organisation
from clair_portal.publishing.content import releasing
from clair_portal.publishing.content import services as content
from clair_portal.publishing.models import Item, Page, Publication, PublishedText, Run
from clair_portal.publishing.tree import changes, families, release, whole, work, write
from clair_portal.publishing.tree.families import FAMILIES
from clair_portal.publishing.tree.render import render
from clair_portal.walls.scope import SYSTEM_SCOPE, acting
from tests.cast import reader
from tests.gatherings.calling import a_call
from tests.gatherings.planning import a_place, opened
from tests.pages.test_public_pages import publish
from tests.publishing.content import along

Turn = Callable[[], list[str]]
TABLE = re.compile(r'(?:from|join) "([a-z_]+)"', re.IGNORECASE)
NOT_SHOWN = {"django_session"}


def plain(tree: Path) -> dict[str, bytes]:
    """Address → what stands there."""
    return {
        str(file.relative_to(tree)): file.read_bytes()
        for file in sorted(tree.rglob("*"))
        if file.is_file() and file.suffix not in (".gz", ".br")
    }


@pytest.fixture
def filled(cast: SimpleNamespace) -> SimpleNamespace:
    """A story, a result, an event with everything it can have, a call."""
    publish("harbours", office=cast.places["london"], organisations=["012033"])
    publish("survey", kind="research_result")
    event = opened(cast, place=a_place(cast))
    a_call(cast, event=event)
    Claim.objects.create(subject="Office London", organisation=cast.places["london"], claim="opened", value="1988")
    return cast


def test_every_page_is_a_file_with_two_packed_ones(tree: Path, filled: SimpleNamespace, client: Client) -> None:
    run = whole.publish_all(timezone.now())
    page = tree / "ja" / "stories" / "harbours" / "index.html"
    assert "題名harbours" in page.read_text()
    assert gzip.decompress(page.with_name("index.html.gz").read_bytes()) == page.read_bytes()
    assert brotli.decompress(page.with_name("index.html.br").read_bytes()) == page.read_bytes()
    assert page.stat().st_mode & 0o777 == 0o644
    assert run.pages == len(plain(tree))
    assert (tree / "en" / "feed.atom").read_bytes().startswith(b"<?xml")
    assert client.get("/ja/stories/harbours/").content == page.read_bytes()


def test_the_tables_a_page_reads_are_declared(tree: Path, filled: SimpleNamespace) -> None:
    """Otherwise its file would stay as it is when they change."""
    with acting(SYSTEM_SCOPE):
        pages = [(each.path, each.family) for each in families.every_address() if each.language in ("ja", "")]
    undeclared = {}
    for path, name in pages:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert render(path).status == 200, path
        read = {table for query in asked for table in TABLE.findall(query["sql"])} - NOT_SHOWN
        known = FAMILIES[name].tables | {key.split(":")[0] for keys in families.ALSO.values() for key in keys}
        known |= {table for table, rows in families.ROWS.items() if {row.of for row in rows} & known}
        if missing := read - known:
            undeclared[name] = sorted(missing)
    assert undeclared == {}
    assert {"home", "story", "office", "public_event", "public_call", "ties"} <= {name for _path, name in pages}


def test_two_versions_of_one_second_and_size_are_told_apart(tree: Path) -> None:
    """By size and second, as the web server does: with one ETag for both a reader would keep the older one."""
    seen = set()
    for text in (b"<p>1</p>", b"<p>2</p>", b"<p>3</p>"):
        write.put("/ja/twice/", text)
        seen.add(int((tree / "ja" / "twice" / "index.html").stat().st_mtime))
    assert len(seen) == 3


# --- What changed ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def standing(tree: Path, few: None, filled: SimpleNamespace, turn: Turn) -> Path:
    """The whole tree once; what lies in the table of changes is taken."""
    turn()
    whole.publish_all(timezone.now())
    turn()
    Page.objects.filter(state="queued").update(state="done")  # sitemaps, which wait for the last page
    assert turn() == []
    return tree


def test_a_corrected_story_renders_its_page_and_the_lists_that_name_it_and_no_other_story(
    standing: Path, turn: Turn
) -> None:
    publish("farms")
    turn()
    Publication.objects.filter(slug="harbours").update(title_ja="港", body_ja="直した本文。")
    assert turn() == [
        "/en/stories/harbours/", "/ja/stories/harbours/",
        "/en/", "/en/feed.atom", "/en/offices/lon/", "/en/stories/",
        "/ja/", "/ja/feed.atom", "/ja/offices/lon/", "/ja/stories/",
    ]  # fmt: skip
    assert "直した本文。" in (standing / "ja/stories/harbours/index.html").read_text()


def test_what_changed_before_everything_is_published_is_not_rendered_a_second_time(standing: Path, turn: Turn) -> None:
    Publication.objects.filter(slug="harbours").update(title_ja="港")
    whole.publish_all(timezone.now())
    assert "港" in (standing / "ja/stories/index.html").read_text()
    assert turn() == []


def test_a_story_that_changes_its_office_or_kind_leaves_the_old_list_and_enters_the_new(
    standing: Path, cast: SimpleNamespace, turn: Turn
) -> None:
    story = Publication.objects.filter(slug="harbours")
    story.update(office=cast.places["paris"])
    assert {"/ja/offices/lon/", "/ja/offices/par/"} <= set(turn())
    assert "題名harbours" not in (standing / "ja/offices/lon/index.html").read_text()
    assert "題名harbours" in (standing / "ja/offices/par/index.html").read_text()
    story.update(kind="research_result")
    assert {"/ja/stories/", "/ja/research/"} <= set(turn())
    assert "題名harbours" not in (standing / "ja/stories/index.html").read_text()
    assert "題名harbours" in (standing / "ja/research/index.html").read_text()


def test_a_translation_that_is_released_or_withdrawn_shows_on_the_page_of_the_office(
    standing: Path, filled: SimpleNamespace, turn: Turn, settings: Any
) -> None:
    settings.LANGUAGES = [*settings.LANGUAGES, ("ko", "한국어")]
    whole.publish_all(timezone.now())
    turn()
    item = Item.objects.create(kind="story", language="ja", slug="harbours", title="港")
    text = PublishedText.objects.create(
        item=item, kind="story", slug="harbours", language="ko", source_language="ja", source_version=1, title="항구",
        source_on=timezone.localdate(), published_on=timezone.localdate(), released_on=timezone.localdate(),
    )  # fmt: skip
    shown = set(turn())
    assert {"/ko/stories/harbours/", "/ko/offices/lon/", "/ko/stories/"} <= shown
    assert shown & {"/ko/offices/par/", "/ko/research/"} == set()
    assert "항구" in (standing / "ko/offices/lon/index.html").read_text()
    PublishedText.objects.filter(pk=text.pk).update(withdrawn_at=timezone.now())
    turn()
    assert "항구" not in (standing / "ko/offices/lon/index.html").read_text()


def test_a_draft_is_nobodys_change(standing: Path, turn: Turn) -> None:
    draft = publish("secret", state="draft", published_on=None)
    Publication.objects.filter(pk=draft.pk).update(title_ja="別の題")
    Publication.objects.filter(slug="harbours").update(consent="by telephone")
    assert turn() == []
    assert not (standing / "ja/stories/secret").exists()


def test_a_new_story_appears_and_a_deleted_one_goes_with_its_folder(standing: Path, turn: Turn) -> None:
    story = publish("farms")
    turn()
    assert (standing / "ja/stories/farms/index.html.br").exists()
    story.delete()
    turn()
    assert not (standing / "ja/stories/farms").exists()
    assert not Page.objects.filter(path="/ja/stories/farms/").exists()


def test_a_withdrawn_story_leaves_a_sentence_in_each_language_and_no_text(standing: Path, turn: Turn) -> None:
    Publication.objects.filter(slug="harbours").update(state="withdrawn")
    turn()
    folder = standing / "ja/stories/harbours"
    assert sorted(file.name for file in folder.iterdir()) == ["index.gone", "index.gone.br", "index.gone.gz"]
    assert "このページの公開は終わりました" in (folder / "index.gone").read_text()
    assert "題名harbours" not in (folder / "index.gone").read_text()
    Publication.objects.filter(slug="harbours").update(state="published")
    turn()
    assert sorted(file.name for file in folder.iterdir()) == ["index.html", "index.html.br", "index.html.gz"]


def test_an_event_that_was_taken_off_leaves_a_sentence_and_no_file_for_calendars(
    standing: Path, cast: SimpleNamespace, turn: Turn
) -> None:
    event, actor = Event.objects.get(), reader(cast, "london")
    folder, file = standing / f"en/events/{event.pk}", standing / f"en/events/{event.pk}.ics"
    assert file.exists()
    with acting(actor.scope):
        release_event(event, released=False, actor=actor, now=timezone.now())
    turn()
    assert sorted(each.name for each in folder.iterdir()) == ["index.gone", "index.gone.br", "index.gone.gz"]
    assert "This page was taken off the site." in (folder / "index.gone").read_text()
    assert not file.exists()
    with acting(SYSTEM_SCOPE):
        assert f"/en/events/{event.pk}/" in {each.path for each in families.every_address(["public_event"])}
    with acting(actor.scope):
        release_event(event, released=True, actor=actor, now=timezone.now())
    turn()
    assert sorted(each.name for each in folder.iterdir()) == ["index.html", "index.html.br", "index.html.gz"]
    assert file.exists()


def test_changes_by_bulk_and_by_sql_are_noted_in_their_transaction(standing: Path, turn: Turn) -> None:
    with connection.cursor() as cursor:
        cursor.execute("update network_organisation set name_ja = '倫敦事務所' where code = 'LON'")
    assert "/ja/offices/lon/" in turn()
    assert "倫敦事務所" in (standing / "ja/offices/lon/index.html").read_text()
    Organisation.objects.filter(code="LON").update(name_ja="倫敦事務所")
    assert turn() == []


def test_the_speaker_of_an_event_renders_that_event_only(standing: Path, cast: SimpleNamespace, turn: Turn) -> None:
    other = opened(cast, title_ja="別の催し")
    turn()
    Speaker.objects.create(event=other, name="見本花子")
    assert turn() == [f"/{code}/events/{other.pk}{end}" for code in ("en", "ja") for end in (".ics", "/")]


def test_hooks_hear_of_pages_that_are_written_and_of_those_that_go(
    standing: Path, turn: Turn, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[tuple[str, ...]] = []
    monkeypatch.setattr(families, "AFTER_PUBLISH", [lambda *said: heard.append(said[:2])])
    monkeypatch.setattr(families, "AFTER_REMOVAL", [lambda *said: heard.append(("gone", *said))])
    publish("farms")
    turn()
    assert ("/ja/stories/farms/", "ja") in heard
    assert ("/ja/offices/lon/", "ja") not in heard  # rendered, and the same as before
    heard.clear()
    Publication.objects.filter(slug="farms").update(state="withdrawn")
    turn()
    assert ("gone", "/en/stories/farms/", "en") in heard
    assert ("/ja/stories/", "ja") in heard


# --- Time -----------------------------------------------------------------------------------------------------------------
def test_midnight_in_tokyo_renders_what_depends_on_the_day(standing: Path, turn: Turn) -> None:
    evening = dt.datetime(2026, 12, 1, 14, 59, 59, tzinfo=dt.UTC)
    with acting(SYSTEM_SCOPE):
        changes.note_time(evening, evening + dt.timedelta(seconds=1))
    rendered = turn()
    assert "/ja/offices/" in rendered
    assert "/ja/stories/harbours/" not in rendered
    with acting(SYSTEM_SCOPE):
        changes.note_time(evening + dt.timedelta(seconds=1), evening + dt.timedelta(hours=2))
    assert turn() == []


def test_a_call_that_closes_renders_its_page_and_the_lists(standing: Path, turn: Turn) -> None:
    call = Call.objects.get()
    with acting(SYSTEM_SCOPE):
        changes.note_time(call.closes_at, call.closes_at + dt.timedelta(seconds=1))
    rendered = turn()
    assert f"/ja/calls/{call.pk}/" in rendered
    assert "/ja/events/" in rendered
    assert "/ja/stories/" not in rendered


# --- Commands -------------------------------------------------------------------------------------------------------------
def said(*words: str) -> str:
    out = StringIO()
    call_command("publish", *words, stdout=out)
    return out.getvalue()


def test_the_command_publishes_one_page_or_all_and_goes_on_where_it_stopped(
    tree: Path, filled: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said("/ja/offices/").startswith("/ja/offices/: 200, ")
    assert list(plain(tree)) == ["ja/offices/index.html"]
    with pytest.raises(KeyboardInterrupt):
        whole.publish_all(timezone.now(), progress=_stops_at(10))
    assert len(plain(tree)) == 11
    rest = said("--all")
    total = len(plain(tree))
    assert f"{total - 10} of {total - 10}" in rest
    assert f"{total} pages stand in {tree}" in rest


def test_a_run_that_another_release_began_is_not_gone_on_with(
    tree: Path, filled: SimpleNamespace, settings: Any
) -> None:
    """Its pages were made by the older templates."""
    with pytest.raises(KeyboardInterrupt):
        whole.publish_all(timezone.now(), progress=_stops_at(10))
    old = Run.objects.get()
    settings.OPEN_DATA_LICENCE = "CC BY 4.0"  # stands on pages, as a new template would
    total = Page.objects.count()
    assert f"{total} of {total}" in said("--all")
    old.refresh_from_db()
    assert old.ended_at is not None
    new = Run.objects.exclude(pk=old.pk).get()
    assert (new.release != old.release, new.pages) == (True, Page.objects.count())


def test_the_digest_of_a_release_tells_its_files(tmp_path: Path, settings: Any) -> None:
    settings.BASE_DIR = tmp_path
    page = tmp_path / "templates" / "page.html"
    page.parent.mkdir()
    digests = []
    for text in ("before", "after", "before"):
        page.write_text(text)
        release._files.cache_clear()
        digests.append(release.digest())
    release._files.cache_clear()
    assert (digests[0] == digests[2], digests[0] == digests[1]) == (True, False)


def _stops_at(number: int) -> Callable[[int, int], None]:
    def progress(done: int, total: int) -> None:
        if done == number:
            raise KeyboardInterrupt

    return progress


def test_the_command_says_what_is_wrong(tree: Path, settings: Any) -> None:
    with pytest.raises(CommandError, match=r"No public page has the address /ja/nothing/\."):
        said("/ja/nothing/")
    with pytest.raises(CommandError, match="Name addresses, or give --all"):
        said()
    settings.PUBLISHED_TREE = ""
    with pytest.raises(CommandError, match="PUBLISHED_TREE names no folder"):
        said("--all")


# --- News releases --------------------------------------------------------------------------------------------------------
def test_a_release_its_list_and_the_front_page_follow_release_edit_rename_and_withdrawal(
    standing: Path, cast: SimpleNamespace, turn: Turn
) -> None:
    hq, now = reader(cast, "hq_officer"), timezone.now()
    page, moved = (standing / f"ja/releases/{slug}" for slug in ("spring-call", "summer-call"))
    lists = [standing / "ja/releases/index.html", standing / "ja/index.html", standing / "ja/feed.atom"]

    def named(words: str) -> list[bool]:
        return [words in file.read_text() for file in lists]

    text = along.item(cast)
    with acting(hq.scope):
        releasing.release(text, "ja", actor=hq, now=now)
    turn()
    assert named(along.TITLE) == [True] * 3
    assert "定員は20名です。" in (page / "index.html").read_text()
    along.edit(cast, text, "定員は30名です。", title="夏の募集")
    turn()
    assert "定員は20名です。" in (page / "index.html").read_text()  # until it is released
    with acting(hq.scope):
        releasing.release(text, "ja", actor=hq, now=now)
    turn()
    assert "定員は30名です。" in (page / "index.html").read_text()
    assert (named("夏の募集"), named(along.TITLE)) == ([True] * 3, [False] * 3)
    with acting(hq.scope):
        content.rename(text, slug="summer-call", actor=hq, now=now)
    turn()
    assert "定員は30名です。" in (moved / "index.html").read_text()
    assert not page.exists()  # the portal answers: it leads on
    assert named("/ja/releases/summer-call/") == [True] * 3
    with acting(hq.scope):
        releasing.withdraw(text, "ja", reason="wrong", actor=hq, now=now)
    turn()
    assert ((moved / "index.gone").exists(), (moved / "index.html").exists()) == (True, False)
    assert named("夏の募集") == [False] * 3


# --- What search engines read ---------------------------------------------------------------------------------------------
def test_sitemaps_name_every_page_with_its_versions(standing: Path, turn: Turn, settings: Any, client: Client) -> None:
    text = (standing / "ja/sitemap.xml").read_text()
    assert client.get("/ja/sitemap.xml").content.decode() == text
    assert (
        "<url><loc>http://localhost:8000/ja/offices/</loc>"
        '<xhtml:link rel="alternate" hreflang="en" href="http://localhost:8000/en/offices/"/>'
        '<xhtml:link rel="alternate" hreflang="ja" href="http://localhost:8000/ja/offices/"/></url>'
    ) in text
    assert "feed.atom" not in text
    assert "<loc>http://localhost:8000/ja/sitemap.xml</loc>" in (standing / "sitemap.xml").read_text()
    robots = (standing / "robots.txt").read_text()
    assert "Sitemap: http://localhost:8000/sitemap.xml" in robots
    assert "Disallow: /*/forms/\nDisallow: /*/requests/\n" in robots
    assert (standing / "favicon.ico").read_bytes()[:4] == b"\0\0\1\0"


def test_sitemaps_name_a_page_with_the_text_of_another_language_only_there(standing: Path, turn: Turn) -> None:
    """The story is written in Japanese; its English page shows that, until there is an English text."""

    def named(language: str) -> list[str]:
        found = re.findall("<url>.*?</url>", (standing / f"{language}/sitemap.xml").read_text())
        return re.findall(r'hreflang="(\w+)"', "".join(each for each in found if "/stories/harbours/" in each))

    assert (named("ja"), named("en")) == (["ja"], [])
    Publication.objects.filter(slug="harbours").update(title_en="Harbours", body_en="English.")
    for _once in range(2):  # the page, then its sitemaps, which wait for others
        turn()
        Page.objects.filter(state="queued").update(due_at=timezone.now())
    turn()
    assert (named("ja"), named("en")) == (["en", "ja"], ["en", "ja"])


def test_more_pages_than_a_sitemap_may_hold_fill_several(
    standing: Path, cast: SimpleNamespace, turn: Turn, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A further one appears with the page it is needed for, and goes with it."""
    named = re.findall("<loc>(.*?)</loc>", (standing / "ja/sitemap.xml").read_text())
    assert not (standing / "ja/sitemap-2.xml").exists()
    monkeypatch.setattr("clair_portal.pages.views.crawling.MOST", len(named))
    publish("one-more")
    for _once in range(3):  # the page, its sitemaps, which wait for others, and what these changed
        turn()
        Page.objects.filter(state="queued").update(due_at=timezone.now())
    held = [(standing / f"ja/{name}.xml").read_text().count("<loc>") for name in ("sitemap", "sitemap-2")]
    assert held == [len(named), 1]
    assert client.get("/ja/sitemap-2.xml").content == (standing / "ja/sitemap-2.xml").read_bytes()
    assert client.get("/ja/sitemap-3.xml").status_code == 404
    index = (standing / "sitemap.xml").read_text()
    assert re.findall("<loc>http://localhost:8000/ja/(.*?)</loc>", index) == ["sitemap.xml", "sitemap-2.xml"]
    with acting(SYSTEM_SCOPE):
        Publication.objects.filter(slug="one-more").update(state="withdrawn")
    for _once in range(3):
        turn()
        Page.objects.filter(state="queued").update(due_at=timezone.now())
    assert not (standing / "ja/sitemap-2.xml").exists()
    assert "sitemap-2" not in (standing / "sitemap.xml").read_text()


def test_plain_japanese_has_a_sitemap_and_is_no_alternate(tree: Path, cast: SimpleNamespace, settings: Any) -> None:
    settings.LANGUAGES = [("ja", "日本語"), ("ja-simple", "やさしい日本語")]
    for path in ("/ja/offices/", "/ja-simple/offices/", "/ja-simple/sitemap.xml"):
        work.publish_now(path, timezone.now())
    text = (tree / "ja-simple/sitemap.xml").read_text()
    assert "<loc>http://localhost:8000/ja-simple/offices/</loc>" in text
    assert 'hreflang="ja"' in text
    assert 'hreflang="ja-simple"' not in text
