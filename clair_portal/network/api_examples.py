"""Answers as they look, for the schema and the reference page. A test holds them against real answers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample

OFFICE: dict[str, Any] = {
    "code": "SYD",
    "names": {"ja": "シドニー事務所", "en": "Sydney office"},
    "local_name": "Japan Local Government Centre",
    "country": "AU",
    "address": "",
    "time_zone": "Australia/Sydney",
    "calendar": "SYD",
    "working_languages": ["en", "ja"],
    "website": "https://www.jlgc.org.au/",
    "latitude": "-33.8688000",
    "longitude": "151.2093000",
    "countries": ["AU", "NZ"],
    "claims": [
        {"claim": "opened", "value": "1994", "as_of": "", "source": "article on CLAIR New York"},
    ],
}
OTARU: dict[str, Any] = {
    "code": "012033",
    "kind": "city",
    "names": {"ja": "小樽市", "en": "Otaru"},
    "kana": "おたるし",
    "romaji": "Otaru-shi",
    "variants": [],
    "county": "",
    "parent": "010006",
    "branch": "010006",
    "country": "JP",
    "website": "https://www.city.otaru.lg.jp/",
    "latitude": "43.1907065",
    "longitude": "140.9944857",
    "starts_on": None,
    "ends_on": None,
    "successions": [],
}
JURISDICTION: dict[str, Any] = {
    "country": "LK",
    "country_names": {"ja": "スリランカ", "en": "Sri Lanka"},
    "office": "SIN",
    "office_names": {"ja": "シンガポール事務所", "en": "Singapore office"},
    "starts_on": "2018-07-01",
    "ends_on": None,
    "source": "https://www.clair.org.sg:443/j/about/",
}
COUNTRY: dict[str, Any] = {
    "code": "GB",
    "alpha3": "GBR",
    "names": {"ja": "イギリス", "en": "United Kingdom"},
    "short_name_ja": "英国",
    "region_ja": "ヨーロッパ",
    "region_en": "Europe",
}
LANGUAGE: dict[str, Any] = {
    "code": "ne",
    "endonym": "नेपाली",
    "names": {"ja": "ネパール語", "en": "Nepali"},
    "script": "Deva",
    "direction": "ltr",
    "version": True,
}
ERROR: dict[str, Any] = {
    "error": {
        "status": 400,
        "code": "bad_request",
        "message": "Some values are not valid.",
        "fields": {"kind": ["“planet” is not a valid choice."]},
        "request_id": "4f1c7a2e9b6d4c0f",
    }
}


def _answer(name: str, value: dict[str, Any]) -> OpenApiExample:
    """Of a list: one row; the schema puts the page around it."""
    return OpenApiExample(name, value=value, response_only=True, status_codes=["200"])


OFFICES = _answer("offices", OFFICE)
ORGANISATIONS = _answer("organisations", OTARU)
ORGANISATION = _answer("organisation", OTARU)
JURISDICTIONS = _answer("jurisdictions", JURISDICTION)
COUNTRIES = _answer("countries", COUNTRY)
LANGUAGES = _answer("languages", LANGUAGE)
