"""The addresses the page frames name, each answering with nothing."""

from __future__ import annotations

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.urls import path

from clair_portal.ui.views import components


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns = [
    path("desk/", nothing, name="desk"),
    path("desk/notifications/", nothing, name="notifications"),
    path("desk/settings/", nothing, name="settings"),
    path("desk/sessions/", nothing, name="usersessions_list"),
    path("desk/posting/", nothing, name="switch_posting"),
    path("desk/directory/", nothing, name="directory"),
    path("desk/search/", nothing, name="search"),
    path("desk/components/", components, name="components"),
    path("desk/requests/", nothing, name="requests"),
    path("desk/requests/old/", nothing, name="old_requests"),
    path("language/", nothing, name="switch_language"),
    path("accounts/login/", nothing, name="account_login"),
    path("accounts/logout/", nothing, name="account_logout"),
    *i18n_patterns(path("", nothing, name="home"), path("search/", nothing, name="public_search")),
]
