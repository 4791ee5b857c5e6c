"""Pages for local governments abroad; no account is needed."""

from __future__ import annotations

from django.urls import path

from offices.foreign import views

urlpatterns = [
    path("offices/<slug:code>/ask/", views.ask, name="foreign_ask"),
    path("requests/", views.new_link, name="foreign_link"),
    path("requests/sent/", views.sent, name="foreign_sent"),
    path("requests/confirm/<slug:token>/", views.confirm, name="foreign_confirm"),
    path("requests/follow/<slug:token>/", views.case, name="foreign_case"),
    path("requests/follow/<slug:token>/withdraw/", views.withdraw, name="foreign_withdraw"),
    path("requests/follow/<slug:token>/papers/<uuid:pk>/", views.paper, name="foreign_paper"),
]
