"""Under /desk/: changes of staff and handover packs."""

from __future__ import annotations

from django.urls import URLPattern, path

from clair_portal.staffing.views import changes, handovers

urlpatterns: list[URLPattern] = [
    path("staff-changes/", changes.changes, name="staff_changes"),
    path("staff-changes/sheet.xlsx", changes.template, name="staff_change_sheet"),
    path("staff-changes/terms/", changes.terms, name="posting_terms"),
    path("staff-changes/<uuid:pk>/", changes.change, name="staff_change"),
    path("staff-changes/<uuid:pk>/take-back/", changes.take_back, name="staff_change_take_back"),
    path("staff-changes/<uuid:pk>/throw-away/", changes.throw_away, name="staff_change_throw_away"),
    path("handovers/", handovers.handovers, name="handovers"),
    path("handovers/<int:pk>/", handovers.handover, name="handover"),
    path("handovers/<int:pk>/notes/", handovers.notes, name="handover_notes"),
    path("handovers/<int:pk>/sign/", handovers.sign, name="handover_sign"),
    path("handovers/<int:pk>/pack.pdf", handovers.pdf_file, name="handover_pdf"),
]
