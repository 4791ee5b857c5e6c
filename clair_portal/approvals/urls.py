from __future__ import annotations

from django.urls import path

from clair_portal.approvals import views

urlpatterns = [
    path("approvals/", views.approvals, name="approvals"),
    path("approvals/new/<str:kind>/<str:subject_id>/", views.draft, name="approval_draft"),
    path("approvals/<uuid:pk>/", views.approval, name="approval"),
    path("approvals/<uuid:pk>/document/", views.document, name="approval_document"),
    path("approvals/<uuid:pk>/sheet/", views.sheet, name="approval_sheet"),
    path("approvals/<uuid:pk>/take-back/", views.take_back, name="approval_take_back"),
    path("approvals/<uuid:pk>/<uuid:step_pk>/stamp/", views.stamp, name="approval_stamp"),
    path("approvals/<uuid:pk>/<uuid:step_pk>/send-back/", views.send_back, name="approval_send_back"),
    path("approvals/<uuid:pk>/<uuid:step_pk>/seen/", views.seen, name="approval_seen"),
]
