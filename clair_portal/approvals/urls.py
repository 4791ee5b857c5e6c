from __future__ import annotations

from django.urls import path

from clair_portal.approvals import route_views, views

urlpatterns = [
    path("approvals/", views.approvals, name="approvals"),
    path("approvals/new/<str:kind>/<str:subject_id>/", views.draft, name="approval_draft"),
    path("approvals/routes/", route_views.routes_page, name="approval_routes"),
    path("approvals/routes/new/", route_views.new_route, name="approval_route_new"),
    path("approvals/routes/<int:pk>/", route_views.edit_route, name="approval_route"),
    path("approvals/proxies/new/", route_views.new_authority, name="approval_proxy_new"),
    path("approvals/proxies/<int:pk>/", route_views.edit_authority, name="approval_proxy"),
    path("approvals/<uuid:pk>/", views.approval, name="approval"),
    path("approvals/<uuid:pk>/document/", views.document, name="approval_document"),
    path("approvals/<uuid:pk>/sheet/", views.sheet, name="approval_sheet"),
    path("approvals/<uuid:pk>/take-back/", views.take_back, name="approval_take_back"),
    path("approvals/<uuid:pk>/<uuid:step_pk>/stamp/", views.stamp, name="approval_stamp"),
    path("approvals/<uuid:pk>/<uuid:step_pk>/send-back/", views.send_back, name="approval_send_back"),
    path("approvals/<uuid:pk>/<uuid:step_pk>/seen/", views.seen, name="approval_seen"),
]
