from __future__ import annotations

from django.urls import path

from clair_portal.publishing import views
from clair_portal.publishing.tree import views as tree

urlpatterns = [
    path("published/", tree.published, name="published"),
    path("published/everything/", tree.publish_everything, name="publish_everything"),
    path("publications/<int:pk>/", views.edit, name="publication"),
    path("publications/<int:pk>/release/", views.release, name="publication_release"),
    path("publications/<int:pk>/withdraw/", views.withdraw, name="publication_withdraw"),
]
