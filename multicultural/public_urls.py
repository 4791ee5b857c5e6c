from __future__ import annotations

from django.urls import URLPattern, path

from multicultural.views import guide, residents

urlpatterns: list[URLPattern] = [
    path("multicultural/", guide.landing, name="multicultural"),
    path("multicultural/residents/", residents.residents, name="residents"),
    path("multicultural/residents/nationalities.csv", residents.nationalities_file, name="residents_nationalities"),
    path("multicultural/residents/prefectures.csv", residents.prefectures_file, name="residents_prefectures"),
    path("multicultural/residents/municipalities.csv", residents.municipalities_file, name="residents_municipalities"),
    path("multicultural/residents/<str:code>/", residents.prefecture, name="residents_prefecture"),
    path(
        "multicultural/residents/<str:code>/nationalities.csv", residents.prefecture_file, name="residents_prefecture_nationalities"
    ),
    path(
        "multicultural/residents/<str:code>/municipalities.csv", residents.municipalities_file,
        name="residents_prefecture_municipalities",
    ),
    path("multicultural/guide/", guide.guide, name="guide"),
    path("multicultural/guide/<int:order>/", guide.chapter, name="guide_chapter"),
    path("multicultural/languages/", guide.languages, name="service_languages"),
]  # fmt: skip
