"""Every address. Public pages carry their language; staff pages follow the reader's."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from clair_portal.accounts.rules import signed_in
from clair_portal.accounts.views.settings import switch_language
from clair_portal.pages.views import (
    crawling,
    desk,
    display,
    emergencies,
    errors,
    health,
    home,
    notifications,
    offices,
    statistics,
    stories,
)
from clair_portal.pages.views.api_reference import api_reference, api_with_token
from clair_portal.ui.views import components

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = "clair_portal.accounts.views.sign_in.too_many_requests"
handler500 = errors.server_error

public: list[URLPattern | URLResolver] = [
    *(
        path(f"errors/{status}.html", errors.error_file, {"status": status}, name=f"error_file_{status}")
        for status in errors.FILES
    ),
    path("", home.home, name="home"),
    path("api/", api_reference, name="api_reference"),
    path("api/token/", api_with_token, name="api_with_token"),
    path("forms/display/", display.display, name="display"),
    path("sitemap.xml", crawling.sitemap, name="sitemap"),
    path("sitemap-<int:part>.xml", crawling.sitemap_part, name="sitemap_part"),
    path("feed.atom", stories.feed, name="feed"),
    path("offices/", offices.offices, name="offices"),
    path("", include("offices.public_urls")),
    path("offices/<slug:code>/", offices.office, name="office"),
    path("", include("clair_portal.publishing.public_urls")),
    path("", include("clair_portal.pages.public_urls")),
    path("stories/", stories.story_list, {"section": "stories"}, name="stories"),
    path("stories/<slug:slug>/", stories.story, {"section": "stories"}, name="story"),
    path("", include("clair_portal.gatherings.public_urls")),
    path("", include("jet.public_urls")),
    path("", include("multicultural.public_urls")),
    path("", include("exchange.public_urls")),
    path("", include("clair_portal.search.public_urls")),
    path("", include("clair_portal.open_data.public_urls")),
    path("research/", stories.story_list, {"section": "research"}, name="research_results"),
    path("research/<slug:slug>/", stories.story, {"section": "research"}, name="research_result"),
    path("statistics/", statistics.public_statistics, name="public_statistics"),
    path("statistics/<str:key>/<int:year>/", statistics.public_statistics_year, name="public_statistics_year"),
    path(
        "statistics/files/<uuid:pk>/<slug:language>.<slug:format_name>",
        statistics.public_statistics_file,
        name="public_statistics_file",
    ),
]
staff: list[URLPattern | URLResolver] = [
    path("", desk.desk, name="desk"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/<uuid:pk>/", notifications.open_notice, name="notice"),
    path("mails/", notifications.mails, name="mails"),
    path("emergencies/", emergencies.emergencies, name="emergencies"),
    path("mails/<uuid:pk>/again/", notifications.mail_again, name="mail_again"),
    path("jobs/<uuid:pk>/", notifications.job, name="job"),
    path("jobs/<uuid:pk>/cancel/", notifications.job_cancel, name="job_cancel"),
    path("jobs/<uuid:pk>/file/", notifications.job_file, name="job_file"),
    path("components/", signed_in()(components), name="components"),
    path("", include("clair_portal.pages.list_urls")),
    path("directory/", include("clair_portal.accounts.directory_urls")),
    path("invitations/", include("clair_portal.pages.invitation_urls")),
    path("", include("clair_portal.accounts.urls")),
    path("", include("clair_portal.casework.urls")),
    path("", include("clair_portal.gatherings.urls")),
    path("", include("clair_portal.imports.urls")),
    path("", include("clair_portal.contacts.urls")),
    path("", include("clair_portal.projects.urls")),
    path("", include("clair_portal.publishing.urls")),
    path("", include("clair_portal.search.urls")),
    path("", include("clair_portal.furigana.urls")),
    path("", include("clair_portal.approvals.urls")),
    path("", include("clair_portal.reports.urls")),
    path("", include("clair_portal.staffing.urls")),
    path("", include("offices.urls")),
]
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", home.front, name="front"),
    path("preferences.css", display.preferences, name="preferences"),
    path("open-data/", include("clair_portal.open_data.file_urls")),
    path("robots.txt", crawling.robots, name="robots"),
    path("sitemap.xml", crawling.sitemaps, name="sitemaps"),
    path("favicon.ico", crawling.icon, name="icon"),
    path("language/", switch_language, name="switch_language"),
    path("accounts/", include("clair_portal.accounts.login_urls")),
    path("desk/", include(staff)),
    path("api/v1/", include("clair_portal.network.api_urls")),
    path("api/v1/", include("clair_portal.search.api_urls")),
    path("api/v1/", include("clair_portal.open_data.api_urls")),
    path("api/v1/", include("clair_portal.reports.api_urls")),
    path("api/v1/", include("offices.api_urls")),
    *i18n_patterns(*public, prefix_default_language=True),
]
