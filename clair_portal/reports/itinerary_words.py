"""Headings of an itinerary in the languages of hosts, and how a day is written there. Other hosts read English headings.

French, Korean and Chinese are what is spoken where the offices in Paris, Seoul and Beijing are; nobody whose first
language it is has read these words yet.
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from clair_portal.contacts.itinerary import written


class Words(NamedTuple):
    itinerary: str
    time: str
    what: str
    place: str
    host: str
    interpreter: str
    telephone: str
    visitors: str
    office: str
    nothing: str


OF_HOSTS = {
    "fr": Words("Programme de visite", "Horaire", "Programme", "Lieu", "Organisme, contact", "Interprète", "Téléphone",
                "Visiteurs", "Organisé par", "Aucune étape pour le moment."),
    "ko": Words("방문 일정표", "시간", "내용", "장소", "방문처, 담당자", "통역", "전화", "방문단", "주관", "아직 일정이 없습니다."),
    "zh-hans": Words("访问日程", "时间", "内容", "地点", "接待单位、联系人", "翻译", "电话", "来访方", "主办", "尚无日程。"),
}  # fmt: skip


def words_in(language: str) -> Words:
    """For hosts who read `language`; Japanese for the party (ja)."""
    if language in OF_HOSTS:
        return OF_HOSTS[language]
    with translation.override("ja" if language.startswith("ja") else "en"):
        return Words(_("Itinerary"), pgettext("clock", "Time"), _("What"), _("Place"), _("Host, person"), _("Interpreter"), _("Telephone"),
                     _("Visitors"), _("Arranged by"), _("No stops yet."))  # fmt: skip


def day_in(day: dt.date, language: str) -> str:
    """mar. 1 juin 2027; as on the page where there are no words for the language."""
    if language in OF_HOSTS:
        with translation.override(language):
            return date_format(day, _FORMS[language])
    with translation.override("ja" if language.startswith("ja") else "en"):
        return written(day)


_FORMS = {"fr": "l j F Y", "ko": "Y년 n월 j일 (l)", "zh-hans": "Y年n月j日 l"}
