"""Lists of apps further down that are declared here, because the engine of lists stands above those apps. Under /desk/."""

from __future__ import annotations

from django.urls import URLPattern, path

from clair_portal.accounts.views.directory import directory
from clair_portal.pages import directory_lists, publication_list
from clair_portal.pages.views import invitations

urlpatterns: list[URLPattern] = [
    path("directory/file/", directory_lists.organisations_file, name="organisations_file"),
    path("directory/people/", directory, {"show": "people"}, name="people"),
    path("directory/people/file/", directory_lists.people_file, name="people_file"),
    path("invitations/file/", invitations.invitations_file, name="invitations_file"),
    path("publications/", publication_list.publications, name="publications"),
    path("publications/file/", publication_list.publications_file, name="publications_file"),
]
