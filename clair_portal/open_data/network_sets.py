"""The data sets of the network, which stands below and so cannot declare them itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from clair_portal.network.enums import Kind, SuccessionKind
from clair_portal.network.models import Country, Jurisdiction, Organisation, Succession
from clair_portal.open_data.sets import Column, DataSet, Source, declare
from clair_portal.sheets.writing import Value

OFFICES = Source("Pages of the overseas offices; each row names its source")
CLDR = Source("Unicode CLDR", "Unicode-3.0", "https://cldr.unicode.org/")
LOCAL_GOVERNMENTS = (
    Source("総務省 (Ministry of Internal Affairs and Communications), code list of local governments, through "
           "code4fukui/localgovjp", "CC0", "https://github.com/code4fukui/localgovjp"),
    Source("Japan Government, Gazetteer of Japan (2007): romaji, through piuccio/open-data-jp-municipalities",
           "free with attribution; MIT", "https://github.com/piuccio/open-data-jp-municipalities"),
    Source("nobuf/list-of-cities-in-japan: English names of municipalities", "MIT",
           "https://github.com/nobuf/list-of-cities-in-japan"),
    OFFICES,
)  # fmt: skip
_CODE = _("Six-digit local government code, or the code of an office such as LON.")
_FROM, _UNTIL = _("Empty: since before records."), _("Empty: no end is known.")
_BRANCH = _("The prefecture or designated city that passes on its requests; empty for a branch itself.")
_COUNTRY = _("ISO 3166-1 code")
_JA, _EN = _("Name in Japanese"), _("Name in English")


def _dates() -> tuple[Column, Column]:
    return Column("starts_on", _("From"), "date", _FROM), Column("ends_on", _("Until"), "date", _UNTIL)


def _source() -> Column:
    return Column("source", _("Source"))


# --- Organisations --------------------------------------------------------------------------------------------------------
def _organisations() -> Iterator[tuple[Value, ...]]:
    """Every body with a code, also those that no longer exist. Samples are left out."""
    found = Organisation.objects.filter(sample=False).exclude(code=None).order_by("code")
    rows = found.values_list(
        "code", "kind", "name_ja", "kana", "name_en", "romaji", "parent__kind", "parent__code", "branch__code", "country_id",
        "website", "latitude", "longitude", "starts_on", "ends_on", "source",
    )  # fmt: skip
    for code, kind, name_ja, kana, name_en, romaji, above, parent, *rest in rows:
        prefecture = code if kind == Kind.PREFECTURE else parent if above == Kind.PREFECTURE else None
        yield code, kind, name_ja, kana, name_en, romaji, prefecture, parent, *rest


ORGANISATIONS = DataSet(
    key="organisations",
    title=_("Organisations"),
    description=_("Local governments of Japan, headquarters and overseas offices of CLAIR, with code and names."),
    columns=(
        Column("code", _("Code"), note=_CODE, needed=True),
        Column("kind", _("Kind"), codes=dict(Kind.choices), needed=True),
        Column("name_ja", _JA),
        Column("kana", _("Reading in kana")),
        Column("name_en", _EN),
        Column("romaji", _("Romaji")),
        Column("prefecture", _("Code of the prefecture")),
        Column("parent", _("Code of the body it belongs to")),
        Column("branch", _("Code of the branch"), note=_BRANCH),
        Column("country", _("Country"), note=_COUNTRY),
        Column("website", _("Website")),
        Column("latitude", _("Latitude"), "number", unit=_("degrees (WGS 84)")),
        Column("longitude", _("Longitude"), "number", unit=_("degrees (WGS 84)")),
        *_dates(),
        _source(),
    ),
    rows=_organisations,
    key_columns=("code",),
    sources=LOCAL_GOVERNMENTS,
    reads=("network_organisation",),
    api="api_organisations",
    order=10,
)  # fmt: skip


# --- Offices and their countries --------------------------------------------------------------------------------------------
def _offices() -> Iterator[tuple[Value, ...]]:
    found = Organisation.objects.offices().filter(sample=False).exclude(code=None).order_by("code")
    rows = found.values_list(
        "code", "name_ja", "name_en", "local_name", "country_id", "address", "telephone", "website", "time_zone",
        "working_languages", "latitude", "longitude", "starts_on", "ends_on", "source",
    )  # fmt: skip
    for *first, languages, latitude, longitude, starts_on, ends_on, source in rows:
        yield *first, " ".join(languages), latitude, longitude, starts_on, ends_on, source


OFFICE_SET = DataSet(
    key="offices",
    title=_("Overseas offices"),
    description=_("Overseas offices of CLAIR. What no source gives is empty."),
    columns=(
        Column("code", _("Code"), needed=True),
        Column("name_ja", _JA),
        Column("name_en", _EN),
        Column("local_name", _("Name where it is")),
        Column("country", _("Country"), note=_COUNTRY, needed=True),
        Column("address", _("Address")),
        Column("telephone", _("Telephone")),
        Column("website", _("Website")),
        Column("time_zone", _("Time zone"), note=_("Name in the IANA list, such as Europe/London."), needed=True),
        Column("working_languages", _("Working languages"), note=_("Language codes, with a space between them.")),
        Column("latitude", _("Latitude"), "number", unit=_("degrees (WGS 84)")),
        Column("longitude", _("Longitude"), "number", unit=_("degrees (WGS 84)")),
        *_dates(),
        _source(),
    ),
    rows=_offices,
    key_columns=("code",),
    sources=(OFFICES,),
    reads=("network_organisation",),
    api="api_offices",
    order=20,
)


def _jurisdictions() -> Iterable[tuple[Value, ...]]:
    found = Jurisdiction.objects.exclude(office__code=None).order_by("country_id", "starts_on", "office__code")
    return found.values_list(
        "country_id", "country__name_ja", "country__name_en", "office__code", "office__name_ja", "office__name_en",
        "starts_on", "ends_on", "source",
    )  # fmt: skip


JURISDICTIONS = DataSet(
    key="jurisdictions",
    title=_("Jurisdictions"),
    description=_("Which overseas office is responsible for which country, from when until when. Headquarters answers for all others."),
    columns=(
        Column("country", _("Country"), note=_COUNTRY, needed=True),
        Column("country_ja", _JA),
        Column("country_en", _EN),
        Column("office", _("Code of the office"), needed=True),
        Column("office_ja", _JA),
        Column("office_en", _EN),
        *_dates(),
        _source(),
    ),
    rows=_jurisdictions,
    key_columns=("country", "office", "starts_on"),
    sources=(OFFICES,),
    reads=("network_jurisdiction", "network_organisation"),
    api="api_jurisdictions",
    order=30,
)  # fmt: skip


# --- Countries and mergers ----------------------------------------------------------------------------------------------------
def _countries() -> Iterable[tuple[Value, ...]]:
    names = ("code", "alpha3", "name_ja", "name_en", "short_name_ja", "region_ja", "region_en")
    return Country.objects.order_by("code").values_list(*names)


COUNTRIES = DataSet(
    key="countries",
    title=_("Countries"),
    description=_("Countries and territories of ISO 3166-1 with their names."),
    columns=(
        Column("code", _("Code"), note=_COUNTRY, needed=True),
        Column("alpha3", _("Code of three letters"), needed=True),
        Column("name_ja", _JA, needed=True),
        Column("name_en", _EN, needed=True),
        Column("short_name_ja", _("Short name in Japanese")),
        Column("region_ja", _("Region in Japanese")),
        Column("region_en", _("Region in English")),
    ),
    rows=_countries,
    key_columns=("code",),
    sources=(Source("pycountry: ISO 3166-1", "LGPL-2.1", "https://github.com/pycountry/pycountry"), CLDR),
    reads=("network_country",),
    api="api_countries",
    order=40,
)


def _successions() -> Iterable[tuple[Value, ...]]:
    found = Succession.objects.exclude(predecessor__code=None).exclude(successor__code=None)
    return found.order_by("on", "predecessor__code", "successor__code").values_list(
        "predecessor__code", "predecessor__name_ja", "predecessor__name_en", "successor__code", "successor__name_ja",
        "successor__name_en", "kind", "on", "source",
    )  # fmt: skip


SUCCESSIONS = DataSet(
    key="successions",
    title=_("Mergers and other successions"),
    description=_("Which organisation followed which, and when. Only what was entered in the portal."),
    columns=(
        Column("predecessor", _("Code of the former organisation"), needed=True),
        Column("predecessor_ja", _JA),
        Column("predecessor_en", _EN),
        Column("successor", _("Code of the successor"), needed=True),
        Column("successor_ja", _JA),
        Column("successor_en", _EN),
        Column("kind", _("Kind"), codes=dict(SuccessionKind.choices), needed=True),
        Column("on", _("Day"), "date", needed=True),
        _source(),
    ),
    rows=_successions,
    key_columns=("predecessor", "successor"),
    sources=(Source("Entered by CLAIR; each row names its source"),),
    reads=("network_succession", "network_organisation"),
    order=50,
)


def declare_all() -> None:
    declare(ORGANISATIONS, OFFICE_SET, JURISDICTIONS, COUNTRIES, SUCCESSIONS)
