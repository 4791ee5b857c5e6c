from __future__ import annotations

from django.urls import path

from offices import publishing
from offices.filing import keeping
from offices.filing.support import SUPPORT
from offices.filing.views import Pages
from offices.foreign import views as foreign
from offices.research import views as research
from offices.research.filing import RESEARCH
from offices.work import views as work

urlpatterns = [
    path("preconditions/", keeping.preconditions, name="preconditions"),
    path("preconditions/new/", keeping.precondition_new, name="precondition_new"),
    path("preconditions/<int:pk>/", keeping.precondition_edit, name="precondition_edit"),
    *Pages(SUPPORT).addresses(),
    *Pages(RESEARCH).addresses(),
    path("cases/<int:pk>/result/", research.result_draft, name="research_result_draft"),
    path("research/library/", research.library, name="research_library"),
    path("research/library/file/", research.library_file, name="research_library_file"),
    path("research/library/<int:pk>/", research.shared, name="research_shared"),
    path("research/library/<int:pk>/ask/", research.ask, name="research_ask"),
    path("research/copies/<uuid:pk>/release/", research.release, name="research_release"),
    path("foreign/<uuid:pk>/links/", foreign.revoke, name="foreign_revoke"),
    path("cases/<int:pk>/work/", work.new_work, name="work_new"),
    path("cases/<int:pk>/story/", publishing.tell_the_public, name="tell_the_public"),
    path("work/<int:pk>/", work.edit_work, name="work_edit"),
    path("cases/<int:pk>/report/", work.report_draft, name="report_draft"),
    path("cases/<int:pk>/feedback/", work.feedback, name="feedback"),
]
