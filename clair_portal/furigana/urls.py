from __future__ import annotations

from django.urls import path

from clair_portal.furigana import views

urlpatterns = [
    path("readings/", views.readings, name="readings"),
    path("readings/<int:pk>/remove/", views.remove, name="reading_remove"),
]
