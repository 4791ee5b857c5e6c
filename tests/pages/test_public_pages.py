"""What everybody reads without an account: released texts and the network, in two languages, light, and the same for all."""

from __future__ import annotations

import datetime as dt
import gzip
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clair_portal.network.models import Claim, Organisation
from clair_portal.publishing.models import Publication
from clair_portal.ui.world_map import project
from tests.cast import TODAY
from tests.conftest import WebClient

Browse = Callable[..., WebClient]
FIRST_VIEW = 30_000  # bytes, compressed, styles and icons included
FRAME = re.compile(r"set_config|SAVEPOINT|django_session|current_setting")
PLACES = (
    "", "offices/", "offices/lon/", "branches/", "stories/", "research/", "stories/harbours/", "stories/?country=GB", "feed.atom",
)  # fmt: skip


def publish(slug: str, **values: Any) -> Publication:
    given = {
        "title_ja": f"題名{slug}", "summary_ja": "要約。", "body_ja": "本文。", "consent": "yes", "consent_on": TODAY,
        "published_on": TODAY, "state": "published", "countries": ["GB"], "topics": ["culture"],
    }  # fmt: skip
    return Publication.objects.create(slug=slug, **given | values)


@pytest.fixture
def stories(cast: SimpleNamespace) -> SimpleNamespace:
    """Two stories and a result: of London and New York, 2026 and 2025, one in Japanese only and one in English only."""
    london, newyork = cast.places["london"], cast.places["newyork"]
    Organisation.objects.filter(pk=london.pk).update(latitude="51.5074", longitude="-0.1278", local_name="JLGC")
    for year, source in (("1988", "article"), ("1989", "interview"), ("1988-06", "page")):
        Claim.objects.create(subject="Office London", organisation=london, claim="opened", value=year, source=source)
    publish("harbours", office=london, organisations=["012033"])
    publish("farms", office=newyork, countries=["US"], topics=["agriculture"], title_ja="", summary_ja="", body_ja="",
            title_en="Farms", body_en="One.\n\nTwo.", published_on=dt.date(2025, 5, 1))  # fmt: skip
    publish("survey", kind="research_result", office=london)
    return cast


def titles(page: Any) -> list[str]:
    return re.findall(r'<h[23] class="t-s"><a [^>]*>([^<]*)</a>', page.content.decode())


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("place", PLACES)
def test_everybody_reads_it_with_at_most_four_queries_and_no_cookie(
    browse: Browse, stories: SimpleNamespace, language: str, place: str
) -> None:
    with CaptureQueriesContext(connection) as captured:
        page = browse(None).get(f"/{language}/{place}")
    own = [query["sql"] for query in captured if not FRAME.search(query["sql"])]
    assert page.status_code == 200
    assert not page.cookies
    assert len(own) <= 4, own


@pytest.mark.parametrize("place", [place for place in PLACES if place != "feed.atom"])
def test_the_first_view_is_light(browse: Browse, stories: SimpleNamespace, place: str) -> None:
    for number in range(PLACES_ON_A_PAGE):
        publish(f"more-{number}", office=stories.places["london"], summary_ja=f"要約{number}の文です。" * 5)
    page = browse(None).get(f"/ja/{place}").content.decode()
    links = set(re.findall(r'(?:href|src)="/static/([^"#]+)', page))
    static = {re.sub(r"\.[0-9a-f]{12}(?=\.)", "", link) for link in links}
    assert {"css/base.css", "css/pages.css"} <= static
    weight = len(gzip.compress(page.encode())) + sum(_compressed(name) for name in static)
    assert weight <= FIRST_VIEW
    assert not re.search(r'(?:src|href)="https?://[^"]*\.(?:js|css|png|svg|woff2)"', page)
    assert "<script" not in page


PLACES_ON_A_PAGE = 25


def _compressed(name: str) -> int:
    found = finders.find(name)
    assert isinstance(found, str), name
    with open(found, "rb") as file:
        return len(gzip.compress(file.read()))


@pytest.mark.parametrize("place", PLACES)
def test_what_did_not_change_is_not_sent_again(browse: Browse, stories: SimpleNamespace, place: str) -> None:
    first = browse(None).get(f"/ja/{place}")
    assert "s-maxage=1" in first["Cache-Control"]
    again = browse(None, if_none_match=first["ETag"]).get(f"/ja/{place}")
    assert (again.status_code, again.content) == (304, b"")
    for kind in ("story", "research_result"):
        publish(f"new-{kind}", kind=kind, office=stories.places["london"])
    Organisation.objects.filter(code="011002").update(name_ja="新札幌市")
    Organisation.objects.filter(code="LON").update(local_name="Changed", telephone="1")
    Publication.objects.filter(slug="harbours").update(title_ja="新しい題名")
    assert browse(None, if_none_match=first["ETag"]).get(f"/ja/{place}").status_code == 200


def test_a_cache_keeps_nothing_of_somebody_who_is_signed_in(browse: Browse, stories: SimpleNamespace) -> None:
    answer = browse("otaru").get("/ja/stories/")
    assert "private" in answer["Cache-Control"]
    assert "public" not in answer["Cache-Control"]
    assert titles(answer) == titles(browse(None).get("/ja/stories/"))


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("", ["題名harbours", "Farms"]),
        ("?office=LON", ["題名harbours"]),
        ("?country=US", ["Farms"]),
        ("?topic=culture", ["題名harbours"]),
        ("?year=2025", ["Farms"]),
        ("?office=LON&year=2025", []),
        ("?year=nonsense&page=x", ["題名harbours", "Farms"]),
        ("?office=%27%22&country=%F0%9F%8D%A1", []),
        ("?page=2", []),
    ],
)
def test_stories_are_found_by_office_country_field_and_year(
    browse: Browse, stories: SimpleNamespace, question: str, found: list[str]
) -> None:
    page = browse(None).get(f"/ja/stories/{question}")
    assert page.status_code == 200
    assert titles(page) == found


def test_the_filters_offer_what_there_is(browse: Browse, stories: SimpleNamespace) -> None:
    page = browse(None).get("/en/stories/?office=NYC").content.decode()
    assert re.findall(r'<option value="([^"]+)"', page) == [
        "LON", "NYC", "GB", "US", "culture", "agriculture", "2026", "2025",
    ]  # fmt: skip
    assert '<option value="NYC" selected>New York office</option>' in page


def test_a_long_list_goes_by_pages_of_twenty(browse: Browse, stories: SimpleNamespace) -> None:
    for number in range(41):
        publish(f"n{number:02}", published_on=dt.date(2026, 1, 1))
    seen, address = [], "/ja/stories/?year=2026"
    while address:
        page = browse(None).get(address)
        seen += titles(page)
        following = re.search(r'href="(\?[^"]*)"[^>]*rel="next"|rel="next"[^>]*href="(\?[^"]*)"', page.content.decode())
        address = "/ja/stories/" + (following[1] or following[2]).replace("&amp;", "&") if following else ""
    assert len(seen) == len(set(seen)) == 42


@pytest.mark.parametrize(
    ("address", "words", "absent"),
    [
        ("/ja/stories/harbours/", ["<h1>題名harbours</h1>", "小樽市", "ロンドン事務所"], ["のみです", "lang=\"en\""]),
        ("/en/stories/harbours/", ['<h1 lang="ja">題名harbours</h1>', "This page exists in Japanese only.", "Otaru"], []),
        ("/ja/stories/farms/", ['<h1 lang="en">Farms</h1>', "このページは英語だけです。", "<p>Two.</p>"], []),
        ("/en/stories/", ["in Japanese only"], []),
    ],
)  # fmt: skip
def test_a_page_says_honestly_in_which_language_it_exists(
    browse: Browse, stories: SimpleNamespace, address: str, words: list[str], absent: list[str]
) -> None:
    page = browse(None).get(address).content.decode().split("<main")[1].split("</main>")[0]
    for each in words:
        assert each in page
    for each in absent:
        assert each not in page


def test_the_switch_of_the_language_keeps_page_and_filter(browse: Browse, stories: SimpleNamespace) -> None:
    page = browse(None).get("/ja/stories/?office=LON&page=2").content.decode()
    assert 'href="/en/stories/?office=LON&amp;page=2" lang="en" hreflang="en"' in page


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("/ja/stories/?office=LON", "/ja/stories/"),
        ("/ja/stories/?page=2", "/ja/stories/?page=2"),
        ("/ja/stories/harbours/", "/ja/stories/harbours/"),
    ],
)
def test_every_page_names_its_own_address_and_its_other_language(
    browse: Browse, stories: SimpleNamespace, settings: Any, address: str, canonical: str
) -> None:
    settings.PORTAL_URL = "https://portal.example.org"
    page = browse(None).get(address).content.decode()
    assert f'<link rel="canonical" href="https://portal.example.org{canonical}">' in page
    named = '<link rel="alternate" hreflang="en" href="https://portal.example.org/en/stories/' in page
    assert named is ("harbours" not in address)  # which is written in Japanese only


def test_a_page_with_a_text_of_another_language_says_so_and_is_nobodys_alternate(
    browse: Browse, stories: SimpleNamespace
) -> None:
    publish("both", title_en="Both", body_en="English.")
    pages = {
        language: browse(None).get(f"/{language}/stories/both/").content.decode() for language in ("ja", "en", "ko")
    }
    alternates = {
        language: re.findall(r'<link rel="alternate" hreflang="([^"]+)"', page) for language, page in pages.items()
    }
    assert alternates == {"ja": ["ja", "en"], "en": ["ja", "en"], "ko": []}
    told = {
        language: re.findall(r'<meta name="dc.language" content="([^"]+)">', page) for language, page in pages.items()
    }
    assert told == {"ja": [], "en": [], "ko": ["en"]}


def test_the_home_page_counts_what_there_is(browse: Browse, stories: SimpleNamespace) -> None:
    page = browse(None).get("/en/").content.decode()
    numbers = re.findall(r'<b class="num">(\d+)</b>([^<]+)', page)
    assert numbers == [
        ("5", "branches: prefectures and designated cities"),
        ("5", "cities, special wards, towns and villages"),
        ("3", "overseas offices"),
        ("3", "countries and areas with a responsible office"),
    ]
    assert "5 branches in Japan and 3 offices abroad" in page


def test_sources_that_contradict_each_other_stand_side_by_side(browse: Browse, stories: SimpleNamespace) -> None:
    home = browse(None).get("/en/").content.decode()
    assert "1988 / 1989" in home
    assert "Sources give different years for the opening of London office: 1988 / 1989. Both are shown." in home
    office = browse(None).get("/en/offices/lon/").content.decode()
    cells = re.findall(r"<td[^>]*><span>(?:<(?:span|time)[^>]*>)*([^<]+)", office)
    assert cells == ["1988", "–", "article", "1989", "–", "interview", "June 1988", "–", "page"]


def test_what_is_not_known_of_an_office_is_said(browse: Browse, stories: SimpleNamespace) -> None:
    page = browse(None).get("/en/offices/lon/").content.decode()
    assert page.count("not published") == 6  # address, telephone, website, way there, opening hours, languages
    assert "Europe/London (UTC+" in page
    assert "United Kingdom" in page


def test_empty_pages_say_what_will_stand_there(browse: Browse) -> None:
    for place in ("", "stories/", "research/", "offices/par/"):
        assert "まだ公開しているものはありません" in browse(None).get(f"/ja/{place}").content.decode(), place


def test_a_part_of_the_network_without_coordinates_is_only_in_the_table(
    browse: Browse, stories: SimpleNamespace
) -> None:
    page = browse(None).get("/en/offices/").content.decode()
    assert page.count('<circle class="pt') == 2  # London and headquarters
    assert page.count('<th scope="row" class="nowrap"><a href="/en/offices/') == 3


def test_the_feed_names_what_is_new(browse: Browse, stories: SimpleNamespace, settings: Any) -> None:
    settings.PORTAL_URL = "https://portal.example.org"
    feed = browse(None).get("/en/feed.atom")
    assert feed["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert re.findall(r"<entry><title>([^<]+)", feed.content.decode()) == ["題名survey", "題名harbours", "Farms"]
    assert "<id>https://portal.example.org/en/research/survey/</id>" in feed.content.decode()


@pytest.mark.parametrize(
    ("latitude", "longitude", "place"),
    [
        (0, 155, (500.0, 241.4)),
        (35.685, 139.74, (461.5, 112.5)),
        (51.5074, -0.1278, (149.0, 63.1)),
        (40.7128, -74.006, (821.1, 96.0)),
        (-33.8688, 151.2093, (490.3, 364.2)),
        (1.3521, 103.8198, (357.9, 236.3)),
        (84, 155, (500.0, 0.0)),
    ],
)
def test_places_on_the_map_are_those_of_equal_earth(
    latitude: float, longitude: float, place: tuple[float, float]
) -> None:
    """Expected: geoEqualEarth().rotate([-155, 0]) of npm d3-geo 3.1.1, 1000 wide, from 84 degrees north."""
    assert project(latitude, longitude) == place


def test_an_office_with_results_only_does_not_call_them_stories(browse: Browse, stories: SimpleNamespace) -> None:
    """No link leads to a list with nothing on it."""
    page = browse(None).get("/en/offices/lon/").text
    assert "<h2>Stories · Research results</h2>" in page
    assert '<a href="/en/stories/?office=LON">All stories of this office</a>' in page
    assert '<a href="/en/research/?office=LON">All research results of this office</a>' in page
    Publication.objects.filter(slug="harbours").delete()
    page = browse(None).get("/en/offices/lon/").text
    assert "<h2>Research results</h2>" in page
    assert "/en/stories/?office=LON" not in page
    assert "<h2>Stories</h2>" in browse(None).get("/en/offices/par/").text


@pytest.mark.parametrize("place", ["stories", "research", "releases"])
def test_behind_the_last_page_of_a_list_is_a_way_back(browse: Browse, stories: SimpleNamespace, place: str) -> None:
    page = browse(None).get(f"/en/{place}/?page=99").text
    assert "This list has no such page" in page
    assert '<a href="?">Show everything</a>' in page
    assert "Nothing has been published here yet" not in page


LED_TO = {"ja": "ja", "ja-simple": "ja", "en": "en", "ko": "en"}


@pytest.mark.parametrize("place", ["", "jet/"])
def test_readers_of_plain_japanese_go_to_the_japanese_site_of_jet(
    browse: Browse, cast: SimpleNamespace, place: str
) -> None:
    sites = {
        code: re.findall(r"jetprogramme.org/(..)/\"", browse(None).get(f"/{code}/{place}").text) for code in LED_TO
    }
    assert sites == {code: [site] for code, site in LED_TO.items()}
