"""The addresses these tests need, for as long as clair_portal.urls does not have them all."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import include, path

from clair_portal.accounts.rules import everybody, signed_in
from clair_portal.accounts.views.settings import switch_language
from clair_portal.pages.views import errors
from clair_portal.ui import navigation

handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = "clair_portal.accounts.views.sign_in.too_many_requests"


@everybody()
def front(request):
    return HttpResponse("front")


@signed_in()
def desk(request):
    return HttpResponse(f"desk {request.reader.name_as_written} {request.reader.chosen.label}")


own = [
    path("", front, name="home"),
    path("language/", switch_language, name="switch_language"),
    path("accounts/", include("clair_portal.accounts.login_urls")),
    path("desk/", desk, name="desk"),
    path("desk/jobs/<uuid:pk>/", desk, name="job"),
    path("desk/invitations/", include("clair_portal.pages.invitation_urls")),
    path("desk/", include("clair_portal.accounts.urls")),
]
elsewhere = {"notifications", "directory"} | {item.url_name for item in navigation._items.values()}
mine = {"desk", "invitations", "postings", "settings"}
urlpatterns = [*own, *(path(f"elsewhere/{name}/", desk, name=name) for name in sorted(elsewhere - mine))]
