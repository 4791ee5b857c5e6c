from __future__ import annotations

from django.urls import path

from clair_portal.casework import (
    bulk_pages,
    kind_pages,
    list_pages,
    overview_pages,
    search_pages,
    view_pages,
    views,
    work_pages,
)

urlpatterns = [
    path("overview/", overview_pages.overview_page, name="overview"),
    path("search/", search_pages.search_page, name="search"),
    path("cases/", list_pages.case_list, name="cases"),
    path("tasks/", list_pages.task_list, name="tasks"),
    path("tasks/file/", list_pages.task_list_file, name="tasks_file"),
    path("cases/file/", list_pages.case_list_file, name="cases_file"),
    path("many/<uuid:pk>/", bulk_pages.bulk_done, name="bulk_done"),
    path("many/<str:key>/", bulk_pages.bulk_page, name="bulk"),
    path("views/<str:key>/", view_pages.views, name="saved_views"),
    path("views/<uuid:pk>/change/", view_pages.change_view, name="saved_view"),
    path("cases/<int:pk>/", views.case_page, name="case"),
    path("cases/<int:pk>/move/<slug:key>/", views.move, name="case_move"),
    path("cases/<int:pk>/take/", views.take, name="case_take"),
    path("cases/<int:pk>/notes/", views.note, name="case_note"),
    path("cases/<int:pk>/files/", views.file, name="case_file"),
    path("cases/<int:pk>/emergency/", views.emergency, name="case_emergency"),
    path("cases/<int:pk>/tasks/", work_pages.new_task, name="task_new"),
    path("tasks/<int:pk>/done/", work_pages.task_done, name="task_done"),
    path("cases/<int:pk>/deadline/", work_pages.extension, name="case_extension"),
    path("help/workflows/", kind_pages.workflows, name="workflows"),
    path("kinds/<str:kind>/", kind_pages.kind_versions, name="kind_versions"),
    path("files/<uuid:pk>/", views.download, name="file"),
]
