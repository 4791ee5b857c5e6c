from __future__ import annotations

from django.urls import path

from clair_portal.reports import brief_pages, snapshot_pages, views

urlpatterns = [
    path("reports/<uuid:pk>/file/", views.report_file, name="report_file"),
    path("visits/<int:pk>/ja.pdf", views.visit_pdf, {"hosts": False}, name="visit_pdf_ja"),
    path("visits/<int:pk>/hosts.pdf", views.visit_pdf, {"hosts": True}, name="visit_pdf_hosts"),
    path("cases/<int:pk>/pdf/", views.case_pdf, name="case_pdf"),
    path("organisations/<int:pk>/brief/", brief_pages.brief_page, name="organisation_brief"),
    path("organisations/<int:pk>/brief.pdf", brief_pages.brief_pdf, name="organisation_brief_pdf"),
    path("statistics/", views.statistics, name="statistics"),
    path("statistics/reports/<str:key>/", views.statistics_collection, name="statistics_collection"),
    path("statistics/reports/<str:key>/file/", views.statistics_collection_file, name="statistics_collection_file"),
    path("statistics/reports/<str:key>/counts/", snapshot_pages.snapshots_page, name="snapshots"),
    path("statistics/reports/<str:key>/counts/new/", snapshot_pages.freeze, name="snapshot_new"),
    path("statistics/counts/<uuid:pk>/", snapshot_pages.snapshot_page, name="snapshot"),
    path("statistics/counts/<uuid:pk>/beside.xlsx", snapshot_pages.beside_file, name="snapshot_beside"),
    path("statistics/counts/<uuid:pk>/publish/", snapshot_pages.publish, name="snapshot_publish"),
    path(
        "statistics/counts/<uuid:pk>/<slug:language>.<slug:format_name>",
        snapshot_pages.snapshot_file,
        name="snapshot_file",
    ),
    path("statistics/<str:key>/", views.statistics_table, name="statistics_table"),
    path("statistics/<str:key>/file/", views.statistics_file, name="statistics_file"),
    path("statistics/<str:key>/records/", views.statistics_records, name="statistics_records"),
]
