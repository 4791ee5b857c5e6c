from __future__ import annotations

from django.urls import path

from clair_portal.contacts.views import book, visits

urlpatterns = [
    path("hosts/", book.hosts, name="hosts"),
    path("hosts/file/", book.hosts_file, name="hosts_file"),
    path("hosts/new/", book.new_host, name="host_new"),
    path("hosts/doubles/", book.doubles, name="host_doubles"),
    path("hosts/<int:pk>/", book.host, name="host"),
    path("hosts/<int:pk>/edit/", book.edit_host, name="host_edit"),
    path("hosts/<int:pk>/people/", book.new_person, name="host_person_new"),
    path("hosts/<int:pk>/uses/", book.new_use, name="host_use"),
    path("hosts/<int:pk>/merge/", book.merge_host, name="host_merge"),
    path("hosts/people/<int:pk>/", book.person, name="host_person"),
    path("hosts/people/<int:pk>/edit/", book.edit_person, name="host_person_edit"),
    path("hosts/uses/<int:pk>/", book.edit_use, name="host_use_edit"),
    path("cases/<int:pk>/visits/", visits.new_visit, name="visit_new"),
    path("visits/<int:pk>/", visits.visit, name="visit"),
    path("visits/<int:pk>/edit/", visits.edit_visit, name="visit_edit"),
    path("visits/<int:pk>/remove/", visits.remove_visit, name="visit_remove"),
    path("visits/<int:pk>/share/", visits.share, name="visit_share"),
    path("visits/<int:pk>/calendar.ics", visits.calendar, name="visit_calendar"),
    path("visits/<int:pk>/copy/<str:day>/", visits.copy_day, name="visit_day_copy"),
    path("visits/<int:pk>/stops/", visits.new_stop, name="stop_new"),
    path("visits/<int:pk>/stops/<int:stop_pk>/", visits.stop, name="stop"),
    path("visits/<int:pk>/stops/<int:stop_pk>/move/", visits.move_stop, name="stop_move"),
    path("visits/<int:pk>/stops/<int:stop_pk>/remove/", visits.remove_stop, name="stop_remove"),
]
