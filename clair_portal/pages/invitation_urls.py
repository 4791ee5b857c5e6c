"""Under /desk/invitations/."""

from __future__ import annotations

from django.urls import URLPattern, path

from clair_portal.pages.views import invitations

urlpatterns: list[URLPattern] = [
    path("", invitations.invitations, name="invitations"),
    path("new/", invitations.new, name="invitation_new"),
    path("bulk/", invitations.bulk, name="invitation_bulk"),
    path("bulk/confirm/", invitations.bulk_confirm, name="invitation_bulk_confirm"),
    path("bulk/sheet.xlsx", invitations.sheet, name="invitation_sheet"),
    path("<uuid:pk>/", invitations.invitation, name="invitation"),
    path("<uuid:pk>/revoke/", invitations.revoke, name="invitation_revoke"),
    path("<uuid:pk>/again/", invitations.again, name="invitation_again"),
]
