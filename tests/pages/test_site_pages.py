"""Pages about CLAIR and about this site: what is known with its source, side by side where sources differ, else "not published"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext

from clair_portal.language.versions import BY_CODE, VERSIONS
from clair_portal.network.models import Claim, Country, Organisation
from exchange.models import Tie
from tests.conftest import WebClient

Browse = Callable[..., WebClient]
FRAME = re.compile(r"set_config|SAVEPOINT|django_session|current_setting")
PAGES = (
    "headquarters/", "branches/", "branches/?q=otaru", "branches/010006/", "branches/011002/", "about/", "contact/",
    "accessibility/", "privacy/", "site-policy/",
)  # fmt: skip


@pytest.fixture
def known(cast: SimpleNamespace) -> SimpleNamespace:
    """What sources say of headquarters, Hokkaido with two municipalities and three ties."""
    hq, hokkaido = cast.places["hq"], cast.places["hokkaido"]
    Organisation.objects.filter(pk=hq.pk).update(telephone="03-5213-1730", source="CLAIR brochure, undated")
    for name in ("otaru", "hakodate", "sapporo"):
        Organisation.objects.filter(pk=cast.places[name].pk).update(parent=hokkaido)
    Organisation.objects.create(kind="division", code="HQ-PLANNING", name_ja="企画調査課", name_en="Planning and Research Division",
                                parent=hq, source="https://example.org/planning")  # fmt: skip
    for claim, value, as_of, source in (
        ("established", "1988", "", "encyclopaedia article (a)"), ("established", "1988", "", "encyclopaedia article (b)"),
        ("established", "1986", "", "trade news"), ("legal form", "governmental agency", "", "encyclopaedia article (a)"),
        ("telephone", "03-5213-1730", "undated brochure", "CLAIR brochure, undated"),
        ("budget", "unknown", "", "encyclopaedia article (b)"),
    ):  # fmt: skip
        Claim.objects.create(subject="CLAIR", organisation=hq, claim=claim, value=value, as_of=as_of, source=source)
    Claim.objects.create(subject="札幌市", organisation=cast.places["sapporo"], claim="designated city since",
                         value="1972-04-01", source="city page")  # fmt: skip
    for key, place, partner in (("1", "hokkaido", "Alberta"), ("2", "otaru", "Dunedin"), ("3", "sapporo", "Portland")):
        Tie.objects.create(
            key=key, organisation=cast.places[place], name_ja="x", name_en="x", prefecture="01", partner=partner,
            country=Country.objects.get(code="US"), source="W", as_of="2026", search_text="x",
        )  # fmt: skip
    return cast


def main_of(page: Any) -> str:
    return re.sub(r"\s+", " ", page.content.decode().split("<main")[1].split("</main>")[0])


def cells(page: Any) -> list[list[str]]:
    """The rows of the tables, as texts."""
    rows = re.findall(r"<tr>(.*?)</tr>", main_of(page).replace("<br>", " | "))
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)] for row in rows
    ]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("place", PAGES)
def test_everybody_reads_it_with_at_most_four_queries_and_no_cookie(
    browse: Browse, known: SimpleNamespace, language: str, place: str
) -> None:
    with CaptureQueriesContext(connection) as captured:
        page = browse(None).get(f"/{language}/{place}")
    own = [query["sql"] for query in captured if not FRAME.search(query["sql"])]
    assert page.status_code == 200
    assert not page.cookies
    assert len(own) <= 4, own
    assert len(re.findall("<h1", page.content.decode())) == 1


def test_headquarters_says_what_is_published_with_its_source_and_what_is_not(
    browse: Browse, known: SimpleNamespace
) -> None:
    page = main_of(browse(None).get("/en/headquarters/"))
    assert '<a class="break" href="tel:03-5213-1730">03-5213-1730</a><br>' in page
    assert "Source: CLAIR brochure, without a date" in page
    lines = dict(re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", page))
    assert [label for label, value in lines.items() if "not published" in value] == [
        "Address", "Website", "Way there", "Opening hours", "Languages",
    ]  # fmt: skip
    assert "Planning and Research Division" in page
    assert '<th scope="row">Budget</th><td data-l="Value"><span>not known</span></td>' in page


def test_what_sources_say_is_told_in_the_language_of_the_page_or_marked(browse: Browse, known: SimpleNamespace) -> None:
    page = main_of(browse(None).get("/ja/about/"))
    assert "<span>政府機関</span>" in page
    assert '<span lang="en">trade news</span>' in page
    assert "百科事典の記事(a)" in page


def test_years_that_differ_stand_side_by_side_each_with_its_sources(browse: Browse, known: SimpleNamespace) -> None:
    rows = cells(browse(None).get("/en/about/"))
    assert [
        "CLAIR was established sources differ",
        "1988",
        "encyclopaedia article (a) | encyclopaedia article (b)",
    ] in rows
    assert ["CLAIR was established", "1986", "trade news"] in rows
    assert ["Legal form", "governmental agency", "–", "encyclopaedia article (a)"] in rows


def test_a_prefecture_names_its_municipalities_and_ties(browse: Browse, known: SimpleNamespace) -> None:
    page = main_of(browse(None).get("/en/branches/010006/"))
    assert "It passes on the requests of 2 municipalities." in page
    assert '<a href="/en/branches/011002/">Sapporo <span class="beside" lang="ja">札幌市</span></a>' in page
    assert '<th scope="row"><span lang="en">Alberta</span></th>' in page
    assert "Municipalities of this prefecture have 2 ties in these lists." in page
    assert "Dunedin" not in page
    assert page.count("not published") == 6  # address, telephone, website, way there, opening hours, languages


def test_a_designated_city_says_since_when_it_is_one(browse: Browse, known: SimpleNamespace) -> None:
    page = main_of(browse(None).get("/en/branches/011002/"))
    assert "This designated city is a branch of CLAIR for itself." in page
    assert '<dt>Designated city since</dt><dd><time datetime="1972-04-01">1 April 1972</time><br>' in page
    assert '<dd><a href="/en/branches/010006/">Hokkaido <span class="beside" lang="ja">北海道</span></a></dd>' in page


def test_an_ended_tie_of_a_branch_says_when_and_is_not_counted_among_those_inside(
    browse: Browse, known: SimpleNamespace
) -> None:
    ended = {
        "ended": "2018-10",
        "ended_source": "https://example.org/end",
        "note": "notice by mail",
        "note_ja": "通知による",
    }
    Tie.objects.filter(key__in=("1", "2")).update(agreed="1980-09", agreed_by="1980-09-30", **ended)
    page = main_of(browse(None).get("/en/branches/010006/"))
    assert "Municipalities of this prefecture have 1 tie in these lists." in page
    assert (
        '<time datetime="1980-09">September 1980</time></span><br><span class="small">Ended: <time datetime="2018-10">'
        in page
    )
    assert '<span class="small muted" lang="en">notice by mail</span>' in page
    assert '<span class="small muted" lang="ja">' in main_of(browse(None).get("/ja-simple/branches/010006/"))


def test_months_and_days_that_sources_state_are_written_in_the_language_of_the_page(
    browse: Browse, known: SimpleNamespace
) -> None:
    Claim.objects.create(subject="Office Paris", organisation=Organisation.objects.get(code="LON"), claim="opened",
                         value="1990-10", as_of="2017-12", source="a page")  # fmt: skip
    for language, month in (("en", "October 1990"), ("de", "Oktober 1990"), ("ja", "1990年10月")):
        page = re.sub(r"<rp>.</rp>|<rt>[^<]*</rt>|</?ruby>", "", main_of(browse(None).get(f"/{language}/about/")))
        assert f'<time datetime="1990-10">{month}</time>' in page, language
    city = main_of(browse(None).get("/de/branches/011002/"))
    assert '<dd><time datetime="1972-04-01">1. April 1972</time><br>' in city
    assert 'lang="en">1. April' not in city


@pytest.mark.parametrize("code", ["012033", "LON", "999999", "abc"])
def test_only_branches_have_a_page_among_the_branches(browse: Browse, known: SimpleNamespace, code: str) -> None:
    assert browse(None).get(f"/en/branches/{code}/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["010006", "011002", "270008", "271004", "271403"]),
        ("小樽", ["010006"]),
        ("otaru", ["010006"]),
        ("札幌", ["011002"]),
        ("osaka", ["270008", "271004"]),
        ("nowhere", []),
        ("🍡", []),
    ],
)
def test_a_branch_is_found_by_its_name_and_by_that_of_a_municipality(
    browse: Browse, known: SimpleNamespace, asked: str, found: list[str]
) -> None:
    page = main_of(browse(None).get("/en/branches/", {"q": asked}))
    assert re.findall(r'href="/en/branches/(\d+)/"', page) == found
    assert ("No branch or municipality has this name" in page) == (not found)


def test_a_name_of_5000_characters_is_refused_with_what_to_do(browse: Browse, known: SimpleNamespace) -> None:
    page = browse(None).get("/en/branches/", {"q": "あ" * 5000})
    assert page.status_code == 422
    assert "Search for at most 100 characters." in page.content.decode()


def test_contact_names_who_is_responsible_and_what_is_not_published(
    browse: Browse, known: SimpleNamespace, settings: Any
) -> None:
    page = main_of(browse(None).get("/en/contact/"))
    support = page.split('aria-labelledby="abroad"')[1].split("</section>")[0]
    assert '<dd>Planning and Research Division <span class="beside" lang="ja">企画調査課</span></dd>' in support
    assert support.count("not published") == 2
    site = page.split('aria-labelledby="site"')[1].split("</section>")[0]
    assert "not published" in site
    settings.SITE_CONTACT = "web@example.org"
    assert '<a href="mailto:web@example.org">' in main_of(browse(None).get("/en/contact/"))


def test_privacy_gives_the_terms_of_the_settings(browse: Browse, known: SimpleNamespace, settings: Any) -> None:
    settings.RETENTION_DAYS = {**settings.RETENTION_DAYS, "registration": 11, "mail": 12}
    page = main_of(browse(None).get("/en/privacy/"))
    assert "Your name and address in a registration are deleted 11 days after the event." in page
    assert "Mails this site sent are deleted after 12 days." in page
    assert "A registration you do not confirm is deleted after 72 hours." in page
    assert "A page with a form sets one cookie for 7 days, which keeps other sites from sending the form" in page
    assert "It ends after 30 minutes without a page, and after 12 hours at the latest." in page


def test_a_licence_nobody_decided_is_not_decided(browse: Browse, known: SimpleNamespace, settings: Any) -> None:
    for place in ("site-policy", "open-data", "open-data/offices"):
        page = main_of(browse(None).get(f"/en/{place}/"))
        assert "has not been decided yet. Ask us before you use them elsewhere." in page, place
        assert '<a href="/en/contact/#site">Contact by topic</a>' in page, place
    settings.OPEN_DATA_LICENCE = "CC BY 4.0"
    page = main_of(browse(None).get("/en/site-policy/"))
    assert "<p>CC BY 4.0</p>" in page
    assert "decided" not in page


def test_the_policy_says_who_checked_each_version_and_the_foot_leads_there(
    browse: Browse, known: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked = replace(BY_CODE["my"], checked_by="見本 花子")
    monkeypatch.setattr(
        "clair_portal.pages.views.site.VERSIONS", tuple(checked if each.code == "my" else each for each in VERSIONS)
    )
    page = main_of(browse(None).get("/en/site-policy/"))
    rows = dict(re.findall(r'<dt><a href="/([a-z-]+)/"[^>]*>[^<]+</a></dt><dd>([^<]+)</dd>', page))
    assert len(rows) == 17
    assert (rows["ja"], rows["en"], rows["my"], rows["de"]) == (
        "written by us",
        "written by us",
        "見本 花子",
        "by nobody yet",
    )
    foot = browse(None).get("/de/").content.decode().split("<footer")[1]
    assert '<a href="/de/site-policy/#t-languages">' in foot


def test_an_office_has_one_address(browse: Browse, known: SimpleNamespace) -> None:
    answer = browse(None).get("/en/offices/LON/")
    assert (answer.status_code, answer["Location"]) == (301, "/en/offices/lon/")


def test_the_foot_of_every_page_leads_to_them(browse: Browse, known: SimpleNamespace) -> None:
    foot = browse(None).get("/en/").content.decode().split("<footer")[1]
    for place in ("about", "contact", "accessibility", "privacy", "site-policy", "api"):
        assert f'href="/en/{place}/"' in foot, place


LANGUAGES = [code for code, _name in settings.LANGUAGES]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_exists_in_every_version(browse: Browse, known: SimpleNamespace, language: str) -> None:
    assert len(LANGUAGES) == 17
    for place in (*PAGES, "", "offices/", "offices/lon/", "releases/", "events/", "calls/", "stories/", "research/"):
        page = browse(None).get(f"/{language}/{place}")
        assert page.status_code == 200, place
        assert f'<html lang="{language}"' in page.content.decode(), place


def test_the_head_says_what_links_to_the_page_show(browse: Browse, known: SimpleNamespace, settings: Any) -> None:
    settings.PORTAL_URL = "https://portal.example.org"
    head = browse(None).get("/zh-hant/about/").content.decode().split("</head>")[0]
    assert '<meta property="og:url" content="https://portal.example.org/zh-hant/about/">' in head
    assert '<meta property="og:locale" content="zh_TW">' in head
    assert sorted(re.findall(r'og:locale:alternate" content="(\w+)"', head)) == [
        "de_DE", "en_GB", "es_ES", "fil_PH", "fr_FR", "id_ID", "ja_JP", "ko_KR", "my_MM", "ne_NP", "pt_BR", "ru_RU", "th_TH",
        "vi_VN", "zh_CN",
    ]  # fmt: skip
    assert re.search(r'<meta property="og:image" content="https://portal.example.org/static/og[^"]*\.png">', head)
    english = browse(None).get("/en/about/").content.decode().split("</head>")[0]
    assert "<title>About CLAIR — CLAIR</title>" in english
    assert '<meta property="og:title" content="About CLAIR">' in english
    assert (
        '<meta name="description" content="CLAIR is the joint body of Japan\'s local governments for their' in english
    )


def test_the_picture_for_links_is_light() -> None:
    assert Path(str(finders.find("og.png"))).stat().st_size <= 30_000
