"""Pages about CLAIR itself and about this site. They begin with the language."""

from __future__ import annotations

from django.urls import URLPattern, path

from clair_portal.pages.views import site, site_bodies

urlpatterns: list[URLPattern] = [
    path("headquarters/", site_bodies.headquarters, name="headquarters"),
    path("branches/", site_bodies.branches, name="branches"),
    path("branches/<slug:code>/", site_bodies.branch, name="branch"),
    path("about/", site.about, name="about"),
    path("contact/", site.contact, name="contact"),
    path("accessibility/", site.accessibility, name="accessibility"),
    path("privacy/", site.privacy, name="privacy"),
    path("site-policy/", site.site_policy, name="site_policy"),
]
