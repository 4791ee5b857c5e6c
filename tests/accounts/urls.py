"""clair_portal.urls with what it does not have yet; without a use as soon as it has both."""

from __future__ import annotations

from django.urls import path

from clair_portal import urls
from clair_portal.accounts.views.settings import switch_language

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500
handler429 = "clair_portal.accounts.views.sign_in.too_many_requests"
urlpatterns = [path("language/", switch_language, name="switch_language"), *urls.urlpatterns]
