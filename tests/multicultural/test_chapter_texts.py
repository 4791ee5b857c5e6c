"""The text of a chapter through the whole chain: written, translated, approved, public on its page and as a file, and away again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from clair_portal.publishing.content import releasing, services
from clair_portal.publishing.content.rules import Refused
from clair_portal.publishing.models import Item, OldSlug
from clair_portal.publishing.tree import families
from clair_portal.walls.scope import acting
from tests.cast import NOW, reader
from tests.conftest import WebClient
from tests.publishing.content import along
from tests.publishing.tree.conftest import tree, turn

__all__ = ["tree", "turn"]
Browse = Callable[..., WebClient]
NOT_WRITTEN = "The text of this chapter is not written yet."
SIX = "multicultural/guide/6/"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in set(families.FAMILIES) - {"guide", "guide_chapter"}:
        monkeypatch.delitem(families.FAMILIES, name)


def chapter(cast: SimpleNamespace, number: str = "6") -> Item:
    """Of the guide, translated into English and approved; nothing public."""
    along.linguists(cast, london="translate", newyork="review")
    item = along.item(cast, kind="guide", slug=number)
    return along.approved(cast, along.handed_in(cast, along.translated(cast, item))).item


def release(cast: SimpleNamespace, item: Item, *languages: str) -> None:
    hq = reader(cast, "hq_officer")
    with acting(hq.scope):
        for language in languages:
            releasing.release(item, language, actor=hq, now=NOW)


def withdraw(cast: SimpleNamespace, item: Item, language: str) -> None:
    hq = reader(cast, "hq_officer")
    with acting(hq.scope):
        releasing.withdraw(item, language, reason="Outdated", actor=hq, now=NOW)


def test_a_chapter_shows_its_text_and_is_a_file_until_it_is_withdrawn(
    cast: SimpleNamespace, browse: Browse, tree: Path, few: None, turn: Callable[[], list[str]]
) -> None:
    item = chapter(cast)
    turn()
    assert NOT_WRITTEN in browse(None).get(f"/en/{SIX}").content.decode()
    release(cast, item, "ja", "en")
    assert f"/en/{SIX}" in turn()
    file = tree / "en" / SIX / "index.html"
    page = file.read_text()
    assert page == browse(None).get(f"/en/{SIX}").content.decode()
    assert "The spring call opens" in page
    assert "<p>Please contact your branch. It costs nothing.</p>" in page
    assert "<h3>How to apply</h3>" in page
    assert "This page is a translation of the Japanese version of 24 November 2026." in page
    assert "Approved and published by the headquarters of CLAIR on 24 November 2026." in page
    assert NOT_WRITTEN not in page
    assert "春の募集を始めます" in (tree / "ja" / SIX / "index.html").read_text()
    withdraw(cast, item, "ja")
    assert f"/en/{SIX}" in turn()
    page = file.read_text()
    assert NOT_WRITTEN in page
    assert "The spring call opens" not in page


def test_search_finds_the_text_of_a_chapter_while_it_is_public(
    cast: SimpleNamespace, browse: Browse, tree: Path, few: None, turn: Callable[[], list[str]]
) -> None:
    item = chapter(cast)
    release(cast, item, "ja", "en")
    turn()
    found = browse(None).get("/en/search/", {"q": "spring call"}).content.decode()
    assert f'href="/en/{SIX}"' in found
    withdraw(cast, item, "ja")
    turn()
    assert f'href="/en/{SIX}"' not in browse(None).get("/en/search/", {"q": "spring call"}).content.decode()


def test_the_list_of_chapters_says_which_have_a_text(cast: SimpleNamespace, browse: Browse) -> None:
    item = chapter(cast)
    assert "with text" not in browse(None).get("/en/multicultural/guide/").content.decode()
    release(cast, item, "ja")
    page = browse(None).get("/en/multicultural/guide/").content.decode()
    assert page.count("with text") == 1
    assert "Chapters whose text is not written yet lead to official pages." in page


def test_a_reader_without_their_version_gets_another_and_a_late_one_says_so(
    cast: SimpleNamespace, browse: Browse
) -> None:
    item = chapter(cast)
    release(cast, item, "ja", "en")
    page = browse(None).get(f"/vi/{SIX}").content.decode()
    assert '<h2 lang="en">The spring call opens</h2>' in page
    assert "<h1>Y tế</h1>" in page
    along.edit(cast, item, along.BODY.replace("20名", "30名"))
    release(cast, item, "ja")
    assert "1 of 9 sentences has changed since." in browse(None).get(f"/en/{SIX}").content.decode()


@pytest.mark.parametrize("slug", ["18", "0", "06", "medical-care", ""])
def test_a_text_of_the_guide_stands_in_a_chapter_or_nowhere(cast: SimpleNamespace, slug: str) -> None:
    with pytest.raises(Refused, match="There is no place"):
        along.item(cast, kind="guide", slug=slug)
    assert Item.objects.count() == 0


def test_the_desk_names_the_chapters_that_wait_for_a_text_and_fills_in_the_form(
    cast: SimpleNamespace, browse: Browse
) -> None:
    chapter(cast)
    page = browse("hq_officer").get("/desk/texts/").content.decode()
    assert "/desk/texts/new/?kind=guide&amp;slug=5" in page
    assert "/desk/texts/new/?kind=guide&amp;slug=6" not in page
    assert "kind=guide" not in browse("london").get("/desk/texts/").content.decode()
    form: Any = browse("hq_officer").get("/desk/texts/new/?kind=guide&slug=5").context["form"]
    assert (form["kind"].value(), form["slug"].value()) == ("guide", "5")
    answer = browse("hq_officer").post(
        "/desk/texts/new/", {"kind": "guide", "slug": "6", "language": "ja", "title": "医療", "body": "本文"}
    )
    assert answer.status_code == 422
    assert "アドレス「6」は「春の募集を始めます」が使っています。" in answer.content.decode()


def test_a_chapter_is_moved_only_while_it_is_not_public_and_leaves_its_place_empty(cast: SimpleNamespace) -> None:
    item, hq = chapter(cast), reader(cast, "hq_officer")
    release(cast, item, "ja")
    with acting(hq.scope), pytest.raises(Refused, match="Take it off the public pages before you move it"):
        services.rename(item, slug="7", actor=hq, now=NOW)
    withdraw(cast, item, "ja")
    with acting(hq.scope):
        services.rename(item, slug="7", actor=hq, now=NOW)
    assert not OldSlug.objects.exists()
    assert along.item(cast, kind="guide", slug="6").slug == "6"
