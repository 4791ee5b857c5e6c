"""The directory of organisations and people, under /desk/directory/."""

from __future__ import annotations

from django.urls import path

from clair_portal.accounts.views import directory as views
from clair_portal.accounts.views import directory_edit as edit
from clair_portal.accounts.views import succession

urlpatterns = [
    path("", views.directory, name="directory"),
    path("organisations/new/", edit.organisation_add, name="organisation_add"),
    path("organisations/<int:pk>/", views.organisation, name="organisation"),
    path("organisations/<int:pk>/edit/", edit.organisation_edit, name="organisation_edit"),
    path("organisations/<int:pk>/succession/", edit.succession_add, name="succession_add"),
    path("successions/<int:pk>/work/", succession.work, name="succession_work"),
    path("organisations/<int:pk>/jurisdiction/", edit.jurisdiction_edit, name="jurisdiction_edit"),
    path("holidays/<slug:calendar>/", edit.holidays, name="holidays"),
    path("people/<int:pk>/", views.person, name="person"),
]
