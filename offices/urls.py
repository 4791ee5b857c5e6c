from __future__ import annotations

from django.urls import path

from offices import publishing
from offices.filing import keeping
from offices.filing import views as filing
from offices.work import views as work

urlpatterns = [
    path("preconditions/", keeping.preconditions, name="preconditions"),
    path("preconditions/new/", keeping.precondition_new, name="precondition_new"),
    path("preconditions/<int:pk>/", keeping.precondition_edit, name="precondition_edit"),
    path("support/new/", filing.new_request, name="support_new"),
    path("support/similar/", filing.similar, name="support_similar"),
    path("support/<int:pk>/preview/", filing.preview, name="support_preview"),
    path("support/<int:pk>/", filing.short_address, name="support"),
    path("support/<int:pk>/edit/", filing.task_list, name="support_edit"),
    path("support/<int:pk>/edit/<slug:key>/", filing.step_page, name="support_step"),
    path("support/<int:pk>/check/", filing.check, name="support_check"),
    path("support/<int:pk>/print/", filing.printed, name="support_print"),
    path("support/<int:pk>/copy/", filing.copy, name="support_copy"),
    path("cases/<int:pk>/work/", work.new_work, name="work_new"),
    path("cases/<int:pk>/story/", publishing.tell_the_public, name="tell_the_public"),
    path("work/<int:pk>/", work.edit_work, name="work_edit"),
    path("cases/<int:pk>/report/", work.report_draft, name="report_draft"),
    path("cases/<int:pk>/feedback/", work.feedback, name="feedback"),
]
