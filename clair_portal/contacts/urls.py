from __future__ import annotations

from django.urls import path

from clair_portal.contacts import views

urlpatterns = [
    path("hosts/", views.hosts, name="hosts"),
    path("hosts/new/", views.new_host, name="host_new"),
    path("hosts/<int:pk>/", views.host, name="host"),
    path("hosts/<int:pk>/edit/", views.edit_host, name="host_edit"),
    path("hosts/<int:pk>/people/", views.host_person, name="host_person"),
    path("hosts/<int:pk>/uses/", views.host_use, name="host_use"),
    path("hosts/<int:pk>/merge/", views.merge_host, name="host_merge"),
    path("cases/<int:pk>/visits/", views.new_visit, name="visit_new"),
    path("visits/<int:pk>/", views.visit, name="visit"),
    path("visits/<int:pk>/stops/", views.stop, name="stop_new"),
    path("visits/<int:pk>/stops/<int:stop_pk>/", views.stop, name="stop"),
    path("visits/<int:pk>/stops/<int:stop_pk>/remove/", views.stop_remove, name="stop_remove"),
    path("visits/<int:pk>/share/", views.share, name="visit_share"),
    path("visits/<int:pk>/calendar.ics", views.calendar, name="visit_calendar"),
]
