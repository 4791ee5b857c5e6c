from __future__ import annotations

from django.urls import path

from clair_portal.projects import views

urlpatterns = [
    path("projects/", views.projects, name="projects"),
    path("projects/file/", views.projects_file, name="projects_file"),
    path("projects/new/", views.new_project, name="project_new"),
    path("projects/<int:pk>/", views.project, name="project"),
    path("projects/<int:pk>/edit/", views.edit_project, name="project_edit"),
    path("projects/<int:pk>/sentences/", views.sentence, name="project_sentence"),
    path("projects/<int:pk>/sentences/<int:note_pk>/", views.correction, name="project_correction"),
    path("projects/<int:pk>/cases/<int:case_pk>/remove/", views.remove_case, name="project_case_remove"),
    path("projects/<int:pk>/events/", views.add_event, name="project_event"),
    path("projects/<int:pk>/events/<uuid:event_pk>/remove/", views.remove_event, name="project_event_remove"),
    path("cases/<int:pk>/project/", views.add_case, name="case_project"),
]
