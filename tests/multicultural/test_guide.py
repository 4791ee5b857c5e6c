"""The living guide and the languages of services: chapters and headings as their sources give them, and what is not written."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from clair_portal.network.models import Claim
from multicultural import reading
from multicultural.loading import load
from multicultural.words import CHAPTERS, nationality_name

pytestmark = pytest.mark.django_db
# How the versions of the portal are called that the guide of 2014 named by an older or wider code.
TODAY = {"zh": ("zh-hans", "zh-hant"), "tl": ("fil",)}


def words(address: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", Client().get(address).content.decode()))


def test_the_landing_page_takes_the_numbers_of_a_survey_from_what_its_source_states() -> None:
    load()
    assert "5,016 foreign residents answered a survey about information; 40,000 were asked." in words(
        "/en/multicultural/"
    )
    Claim.objects.filter(subject="Multiculturalism: survey of residents", claim="answered").update(value="6000")
    assert "6.000 Ausländerinnen und Ausländer" in words("/de/multicultural/")
    Claim.objects.filter(subject="Multiculturalism: survey of residents", claim="asked").delete()
    assert "survey about information" not in words("/en/multicultural/")


def test_none_of_the_thirteen_languages_of_the_guide_of_2014_is_lost() -> None:
    of_2014 = reading.languages_of("living-app-2014")
    ours = {code for code, _name in settings.LANGUAGES}
    assert len(of_2014) == 13
    assert [code for code in of_2014 if not set(TODAY.get(code, (code,))) <= ours] == []


def test_the_seventeen_chapters_stand_in_their_order_and_say_what_is_not_written() -> None:
    assert sorted(CHAPTERS) == sorted(reading.chapters()) == list(range(1, 18))
    with translation.override("ja"):
        assert [str(CHAPTERS[order]) for order in range(1, 18)] == [
            chapter.title_ja for chapter in reading.chapters().values()
        ]
    page = words("/en/multicultural/guide/")
    assert page.index("Status of residence") < page.index("Childbirth and childcare") < page.index("Consultation")
    assert "Chapters whose text is not written yet lead to official pages." in page
    for order in range(1, 18):
        assert "The text of this chapter is not written yet." in words(f"/en/multicultural/guide/{order}/")
    assert (
        Client().get("/en/multicultural/guide/18/").status_code
        == Client().get("/en/multicultural/guide/0/").status_code
        == 404
    )


def test_a_chapter_names_headings_of_other_guides_and_official_pages() -> None:
    page = words("/ja/multicultural/guide/6/")
    assert "医療 出入国在留管理庁のガイドブック" in page
    assert (
        'href="http://www.clair.or.jp/tabunka/portal/tools/index.php"'
        in Client().get("/ja/multicultural/guide/6/").content.decode()
    )
    assert sum(map(len, reading.topics().values())) == 32


def test_disaster_topics_and_consultations_stand_in_their_chapters() -> None:
    load()
    assert "aftershocks 余震" in words("/en/multicultural/guide/16/")
    assert sum(len(each["topics"]) for each in reading.disaster_topics()) == 28
    desks = words("/en/multicultural/guide/17/")
    assert "consultations 558,040" in desks
    assert "Portuguese 38.6% fiscal year 2023" in desks
    assert "tax 10.9% fiscal year 2023" in desks
    assert "more than 80%" in words("/en/multicultural/")


def test_which_service_existed_in_which_languages() -> None:
    page = words("/en/multicultural/languages/")
    assert "CLAIR: living information as an app (2014) 13 Japanese · English · Chinese · Korean" in page
    assert "CLAIR: pointing board for shelters (2020) 14 English · Simplified Chinese" in page
    assert len(reading.services()) == 10
    assert "やさしい日本語" in words("/ja/multicultural/languages/")


@pytest.mark.parametrize(("language", "name"), [("ja", "中国"), ("en", "China"), ("de", "China"), ("ne", "चीन")])
def test_nationalities_are_named_in_the_language_of_the_page(language: str, name: str) -> None:
    with translation.override(language):
        assert nationality_name("CN") == name
